"""Ages that chats tell: since the last message, the last interaction, how long somebody is silent.

A group is known so many days back (`domain.presence.heard_back`, the rule segment.coverage). What happened within them
is known to the day; of whoever was heard longer ago, or never, only that it is at least that long: before the first
export anything may have been said. A member of several groups is known as far back as the least known of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qunguan.domain.conditions import NEVER, AtLeast, Column, Fact, Value
from qunguan.domain.presence import heard, heard_back
from qunguan.services import rules
from qunguan.services.facts_asked import Asked, age, back, span_of
from qunguan.services.facts_chats import ALL, RULE, coverages
from qunguan.store import fact_queries as queries


def last_spoken(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days since the last message."""
    days = queries.last_days(asked.session, "messages", asked.day, asked.whom)
    return _columns(asked, facts, age(days, asked.day))


def last_interaction(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days since the last message, check-in or deed."""
    return _columns(asked, facts, age(_interacted(asked), asked.day))


def silent(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days without an interaction: of a newcomer not more than they are there."""
    days = _interacted(asked)
    joined = {row[0]: row[2] for row in asked.stays if row[2] and not row[3]}
    later = {member_id: max(day, days.get(member_id, "")) for member_id, day in joined.items()}
    return _columns(asked, facts, age({**days, **later}, asked.day))


def _interacted(asked: Asked) -> dict[int, str]:
    days: dict[int, str] = {}
    for source in ALL:
        for member_id, day in queries.last_days(asked.session, source, asked.day, asked.whom).items():
            if day > days.get(member_id, ""):
                days[member_id] = day
    return days


def _columns(asked: Asked, facts: Sequence[Fact], ages: Mapping[int, int]) -> dict[Fact, Column]:
    return {fact: _column(asked, fact, ages) for fact in facts}


def _column(asked: Asked, fact: Fact, ages: Mapping[int, int]) -> Column:
    reach = _reach(asked, fact.days)
    most = max(reach.values(), default=0)
    less = _less(asked, fact, reach, most)
    sayings = {days: _said(days, most, fact.days) for days in set(ages.values())}  # few ages, many members
    values: dict[int, Value] = {member_id: sayings[days] for member_id, days in ages.items()}
    for member_id in less.keys() & ages.keys():
        values[member_id] = _said(ages[member_id], less[member_id], fact.days)
    never = {row[0]: row[5] for row in asked.stays if row[0] not in ages}
    since = age({member_id: first for member_id, first in never.items() if first}, asked.day)
    for member_id in never:
        values[member_id] = _unheard(since.get(member_id, NEVER), less.get(member_id, most))
    return Column(values, NEVER if most else None)


def _said(days: int, reach: int, bar: int | None) -> Value:
    """An age as it is known: under the bar for sure, whatever else was said since."""
    if days <= reach or (bar is not None and days < bar):
        return days
    return AtLeast(reach) if reach else None


def _unheard(since: float, reach: int) -> Value:
    """Of somebody who was never heard in the days since they came: never, if all of these are known."""
    if since < reach:
        return NEVER
    return AtLeast(reach) if reach else None


def _reach(asked: Asked, bar: int | None) -> dict[int, int]:
    """Group → how many days back it is known; a bar that is covered well enough is reached."""
    pct = int(rules.value(asked.session, RULE))
    found = {}
    for group_id, chat in coverages(asked).items():
        reached = bar is not None and heard(chat, back(asked.day, bar - 1), asked.day, pct)
        found[group_id] = max(heard_back(chat, asked.day, pct), (bar or 0) if reached else 0)
    return found


def _less(asked: Asked, fact: Fact, reach: Mapping[int, int], most: int) -> dict[int, int]:
    """Whoever was in a group that is known less far back than others, and how far that is."""
    shallow = [group_id for group_id, days in reach.items() if days < most]
    found: dict[int, int] = {}
    for member_id, group_id in queries.seats(asked.session, shallow, span_of(fact, asked.day), asked.whom):
        found[member_id] = min(reach[group_id], found.get(member_id, most))
    return found
