"""Counts that chats tell: messages, interactions, active days. Unknown where no chat is.

A chat covers the days between the first and the last event of its imports; a covered day without messages has none.
A window is known when enough of its days are covered (the rule segment.coverage); else what is counted is a lower
bound: five messages told are at least five, none told is unknown. A member is heard when every group they were in
during the window is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qunguan.domain.conditions import AtLeast, Column, Fact, Value
from qunguan.domain.presence import Stretch, heard
from qunguan.services import groups, presence, rules
from qunguan.services.facts_asked import Asked, span_of
from qunguan.store import fact_queries as queries
from qunguan.store.activity import chat_import
from qunguan.store.session import Session

RULE = "segment.coverage"
_DOING: tuple[queries.Source, ...] = ("checkins", "deeds")
ALL: tuple[queries.Source, ...] = ("messages", *_DOING)
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
    found = queries.active_days(asked.session, ALL, _spans(asked, facts), asked.whom)
    return _with_coverage(asked, facts, found)


def _spans(asked: Asked, facts: Sequence[Fact]) -> list[queries.Span]:
    return [span_of(fact, asked.day) for fact in facts]


def _unheard(asked: Asked, spans: Sequence[queries.Span]) -> list[Unheard]:
    """For each window whose it is that no chat covers enough of."""
    pct, chats = int(rules.value(asked.session, RULE)), coverages(asked)
    found: list[Unheard] = []
    for first, last in spans:
        deaf = [group_id for group_id, chat in chats.items() if not _known(chat, first, last, pct)]
        if len(deaf) == len(chats):
            found.append(None)
        else:
            found.append({row[0] for row in queries.seats(asked.session, deaf, (first, last), asked.whom)})
    return found


def coverages(asked: Asked) -> dict[int, Sequence[Stretch]]:
    """Group → the days its chats tell of: of the group that is asked for, or of all of them."""
    every = [each.id for each in groups.all_groups(asked.session, archived=True)]
    ids = every if asked.whom.group_id is None else [asked.whom.group_id]
    return {group_id: _coverage(asked.session, group_id) for group_id in ids}


def _coverage(session: Session, group_id: int) -> Sequence[Stretch]:
    return session.settled(chat_import, ("coverage", group_id), lambda: presence.coverage(session, group_id))


def _known(stretches: Sequence[Stretch], first: date | None, last: date, pct: int) -> bool:
    if not stretches:
        return False
    return heard(stretches, stretches[0].first if first is None else first, last, pct)  # "ever" is since it is known


def _with_coverage(asked: Asked, facts: Sequence[Fact], told: Sequence[Mapping[int, int]]) -> dict[Fact, Column]:
    unheard = _unheard(asked, _spans(asked, facts))
    return {fact: _bounded(values, deaf) for fact, values, deaf in zip(facts, told, unheard, strict=True)}


def _bounded(values: Mapping[int, int], deaf: Unheard) -> Column:
    if deaf is None:
        return Column({member_id: AtLeast(many) for member_id, many in values.items()}, AtLeast(0))
    bounds: dict[int, Value] = {member_id: AtLeast(values.get(member_id, 0)) for member_id in deaf}
    return Column({**values, **bounds}, 0)
