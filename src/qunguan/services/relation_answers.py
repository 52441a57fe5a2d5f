"""Who answers whom, of the chats whose exports tell it (S2-25, S4-42). Only how often is known, never the words."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain import relation_answers as terms
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.orders import Rate
from qunguan.domain.relation_answers import DAYS, NAMED, SPOKE, Answers, Pair, Talker
from qunguan.services import groups, rules
from qunguan.store import earning_queries, insight_queries, relation_queries
from qunguan.store import relation_answers as queries
from qunguan.store.session import Session

_MOST_DAYS = 3660


def answers(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None, *, days: int | None = None
) -> Answers:
    """Who answered whom in a group (None: in all), in the `days` (None: as the rule says) that end on a day (None:
    today). What a member answers themselves does not count. Raises NotFound for the group, BadInput for no days.
    """
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise BadInput("{n} is no number of days", hint="use 1 to {most}", n=days, most=_MOST_DAYS)
    last = as_of or clock.today(groups.day_rule(session, group_id))
    first = last - timedelta(days=(days or int(rules.value(session, DAYS))) - 1)
    least, named = int(rules.value(session, SPOKE)), int(rules.value(session, NAMED))
    if not queries.tells(session, group_id):
        return Answers(first, last, None, 0, least, (), None, None)
    rows = queries.answered(session, group_id, first, last)
    said = queries.messages(session, group_id, first, last)
    ids = {row.member_id for row in rows} | {row.to_member_id for row in rows} | said.keys()
    known = earning_queries.somebody(session, sorted(one for one in ids if one is not None))
    pairs = [
        Pair(row.member_id, row.to_member_id, row.times, row.last)
        for row in rows
        if row.member_id in known and row.to_member_id in known and row.member_id != row.to_member_id
    ]
    outside = sum(row.times for row in rows if row.member_id not in known or row.to_member_id not in known)
    spoke = {who: n for who, n in said.items() if who is not None and who in known}
    owners = insight_queries.owners(session, group_id) if group_id is not None else set()
    here = relation_queries.present(session, last, group_id, known)
    people = terms.talkers(pairs, spoke, known, here, owners, named=named, least=least)
    return Answers(first, last, sum(said.values()), outside, least, people, *_rates(people, least))


def _rates(people: tuple[Talker, ...], least: int) -> tuple[Rate | None, Rate | None]:
    """(of those who spoke, who was answered; of the answers, those of the owner)."""
    spoke = [one for one in people if one.messages >= least]
    given = sum(one.answers for one in people)
    own = sum(one.answers for one in people if one.owner)
    heard = Rate(sum(bool(one.got) for one in spoke) / len(spoke), len(spoke)) if spoke else None
    return heard, Rate(own / given, given) if given and any(one.owner for one in people) else None
