"""Who brought whom, as trees; and how many of those who are new were brought (S2-19, S4-42, semantics 3.11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from itertools import islice

from qunguan.domain import relation_tree as terms
from qunguan.domain.clock import Clock
from qunguan.domain.earning import first_stay
from qunguan.domain.relation_tree import Forest, TreeLine, Trees
from qunguan.domain.relations import SHARE_DAYS, ReferralShare
from qunguan.services import groups, members, orders, rules
from qunguan.store import earning_queries
from qunguan.store import relation_queries as queries
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def trees(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None, most: int = 20
) -> Trees:
    """The biggest trees of a group (None: of all) as they stood on a day (None: today), with who of them was still here
    and who had bought by then. Who brought somebody is what their first stay says, as referrals have it.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    forest = _forest(session, day, group_id)
    here, bought = queries.present(session, day, group_id), _bought(session, as_of)
    tops = terms.biggest(forest, {}, here, bought, most)
    names = members.names(session, [each.member_id for each in tops])
    shown = terms.biggest(forest, names, here, bought, most)
    inviters = len(forest.children)
    return Trees(day, shown, len(forest.parent), inviters, forest.cut, share(session, clock, group_id, as_of))


def tree(
    session: Session, clock: Clock, member_id: int, group_id: int | None = None, as_of: date | None = None,
    most: int = 500,
) -> tuple[TreeLine, ...]:  # fmt: skip
    """Somebody and all that came by them on a day (None: today), each before those they brought; the first `most`
    lines. Raises NotFound.
    """
    members.get(session, member_id)
    day = as_of or clock.today(groups.day_rule(session, group_id))
    forest = _forest(session, day, group_id)
    walked = list(islice(forest.walk(member_id), most))
    ids = [one for one, _level in walked]
    here = queries.present(session, day, group_id, ids)
    return terms.lines(forest, walked, members.names(session, ids), here, _bought(session, as_of))


def share(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> ReferralShare:
    """How many of those who were new in the last days a member brought: as many days as the rule relations.share_days
    says, up to a day (None: today). Who had been in the group before is not new.
    """
    last = as_of or clock.today(groups.day_rule(session, group_id))
    first = last - (int(rules.value(session, SHARE_DAYS)) - 1) * _DAY
    joined, brought = queries.joined(session, first, last, group_id)
    return ReferralShare(first, last, joined, brought, rules.state(session, SHARE_DAYS).rule.source)


def _forest(session: Session, day: date, group_id: int | None) -> Forest:
    invited = {}
    for stays in earning_queries.invited(session):
        known = [stay for stay in stays if stay.joined_on is None or stay.joined_on <= day]
        if not known:
            continue
        first = first_stay(known)
        if first.inviter_id is not None and first.inviter_id != first.member_id and group_id in (None, first.group_id):
            invited[first.member_id] = (first.inviter_id, first.joined_on)
    return Forest(invited)


def _bought(session: Session, as_of: date | None) -> Collection[int]:
    """Who had bought by a day; of today it is known without counting."""
    return queries.buyers(session) if as_of is None else orders.spendings(session, as_of)
