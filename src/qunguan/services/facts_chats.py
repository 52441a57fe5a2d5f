"""Facts that chats tell: messages, interactions, when somebody was last heard. Unknown where no chat is.

A chat covers the days between the first and the last event of its imports; a covered day without messages has none.
A window is known when enough of its days are covered (the rule segment.coverage); else what is counted is a lower
bound: five messages told are at least five, none told is unknown. A member is heard when every group they were in
during the window is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from qunguan.domain.conditions import NEVER, AtLeast, Column, Fact, Value
from qunguan.domain.presence import Stretch, covered
from qunguan.services import groups, presence, rules
from qunguan.services.facts_asked import Asked, age, span_of
from qunguan.store import fact_queries as queries
from qunguan.store.activity import chat_import
from qunguan.store.session import Session

RULE = "segment.coverage"
_DOING: tuple[queries.Source, ...] = ("checkins", "deeds")
_ALL: tuple[queries.Source, ...] = ("messages", *_DOING)
Unheard = set[int] | None
"""Whose window no chat covers; None is everyone's."""


def messages(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """How many messages in each window."""
    return _with_coverage(asked, facts, queries.sums(asked.session, "messages", _spans(asked, facts), asked.whom))


def interactions(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Messages, check-ins and deeds in each window."""
    spans = _spans(asked, facts)
    told = queries.sums(asked.session, "messages", spans, asked.whom)
    for source in _DOING:
        for column, more in zip(told, queries.sums(asked.session, source, spans, asked.whom), strict=True):
            for member_id, many in more.items():
                column[member_id] = column.get(member_id, 0) + many
    return _with_coverage(asked, facts, told)


def active(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days with an interaction in each window."""
    found = queries.active_days(asked.session, _ALL, _spans(asked, facts), asked.whom)
    return _with_coverage(asked, facts, found)


def last_spoken(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days since the last message."""
    return _ages(asked, facts, queries.last_days(asked.session, "messages", asked.day, asked.whom))


def last_interaction(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days since the last message, check-in or deed."""
    return _ages(asked, facts, _interacted(asked))


def silent(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days without an interaction: of a newcomer not more than they are there."""
    joined = {row[0]: row[2] for row in asked.stays if row[2]}
    days = _interacted(asked)
    later = {member_id: max(day, days.get(member_id, "")) for member_id, day in joined.items()}
    return _ages(asked, facts, {**days, **later})


def _interacted(asked: Asked) -> dict[int, str]:
    days: dict[int, str] = {}
    for source in _ALL:
        for member_id, day in queries.last_days(asked.session, source, asked.day, asked.whom).items():
            if day > days.get(member_id, ""):
                days[member_id] = day
    return days


def _spans(asked: Asked, facts: Sequence[Fact]) -> list[queries.Span]:
    return [span_of(fact, asked.day) for fact in facts]


def _unheard(asked: Asked, spans: Sequence[queries.Span]) -> list[Unheard]:
    """For each window whose it is that no chat covers enough of."""
    pct = int(rules.value(asked.session, RULE))
    every = [each.id for each in groups.all_groups(asked.session, archived=True)]
    ids = every if asked.whom.group_id is None else [asked.whom.group_id]
    chats = {group_id: _coverage(asked.session, group_id) for group_id in ids}
    found: list[Unheard] = []
    for first, last in spans:
        deaf = [group_id for group_id, told in chats.items() if not _known(told, first, last, pct)]
        if len(deaf) == len(chats):
            found.append(None)
        else:
            found.append(queries.present_in(asked.session, deaf, (first, last), asked.whom) if deaf else set())
    return found


def _coverage(session: Session, group_id: int) -> Sequence[Stretch]:
    return session.settled(chat_import, ("coverage", group_id), lambda: presence.coverage(session, group_id))


def _known(stretches: Sequence[Stretch], first: date | None, last: date, pct: int) -> bool:
    if not stretches:
        return False
    begin = stretches[0].first if first is None else first  # "ever" is since the chat is known
    return begin <= last and len(covered(stretches, begin, last)) * 100 >= pct * ((last - begin).days + 1)


def _with_coverage(asked: Asked, facts: Sequence[Fact], told: Sequence[Mapping[int, int]]) -> dict[Fact, Column]:
    unheard = _unheard(asked, _spans(asked, facts))
    return {fact: _bounded(values, deaf) for fact, values, deaf in zip(facts, told, unheard, strict=True)}


def _bounded(values: Mapping[int, int], deaf: Unheard) -> Column:
    if deaf is None:
        return Column({member_id: AtLeast(many) for member_id, many in values.items()}, AtLeast(0))
    bounds: dict[int, Value] = {member_id: AtLeast(values.get(member_id, 0)) for member_id in deaf}
    return Column({**values, **bounds}, 0)


def _ages(asked: Asked, facts: Sequence[Fact], days: Mapping[int, str]) -> dict[Fact, Column]:
    """Ages: what happened less than `fact.days` ago is known; what is longer ago only if those days are covered."""
    ages = age(days, asked.day)
    unheard = _unheard(asked, [span_of(fact, asked.day) for fact in facts])
    return {fact: _aged(ages, fact.days, deaf) for fact, deaf in zip(facts, unheard, strict=True)}


def _aged(ages: Mapping[int, int], days: int | None, deaf: Unheard) -> Column:
    if deaf is not None and not deaf:
        return Column(ages, NEVER)
    recent = {member_id: since for member_id, since in ages.items() if days is not None and since < days}
    if deaf is None:
        return Column(recent)
    return Column({**ages, **_nothing(deaf - recent.keys())}, NEVER)


def _nothing(ids: Collection[int]) -> dict[int, Value]:
    return dict.fromkeys(ids)
