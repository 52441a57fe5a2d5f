"""Facts the roster and the ledgers tell: stays, referrals, tags, own fields, levels, points, streaks, camps."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from qunguan.domain.conditions import AtLeast, Column, Fact, Kind, Rank, Value, whole_months
from qunguan.domain.errors import BadInput
from qunguan.domain.level_facts import Book
from qunguan.domain.level_terms import Condition as Bar
from qunguan.domain.level_terms import Metric
from qunguan.services.facts_asked import Asked, age, span_of
from qunguan.store import fact_queries as queries

NOTHING = math.nan
"""An age of what there is none of: every comparison with it is false."""
Reader = Callable[[Asked, Sequence[Fact]], dict[Fact, Column]]


def _stays(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """present, left, outside, joined, gone. Who never was in a group counts as present: nobody said they left."""
    rows = asked.stays
    columns = {
        "present": Column({row[0]: bool(row[1]) for row in rows}, asked.whom.group_id is None),
        "left": Column({row[0]: not row[1] for row in rows}, False),
        "outside": Column({row[0]: False for row in rows}, True),
        "joined": Column({row[0]: _joined(asked.day, *row[1:4]) for row in rows}),
        "gone": Column({row[0]: _since(asked.day, row[4]) for row in rows if not row[1]}, NOTHING),
    }
    return {fact: columns[fact.kind] for fact in facts}


def _joined(day: date, there: int, first: str | None, open_end: int) -> Value:
    if not there:
        return NOTHING
    if first is None:
        return None
    return AtLeast(_since(day, first)) if open_end else _since(day, first)


def _since(day: date, told: str | None) -> int:
    return (day - date.fromisoformat(told)).days if told else 0


def _left_reason(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    gone = {row[0] for row in asked.stays if not row[1]}
    reasons = queries.left_reasons(asked.session, asked.day, asked.whom)
    values: dict[int, Value] = {member_id: reasons.get(member_id) or None for member_id in gone}
    return dict.fromkeys(facts, Column(values, ""))


def _tags(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    return {fact: Column(dict.fromkeys(_tagged(asked, fact.name), True), False) for fact in facts}


def _tagged(asked: Asked, text: str) -> set[int]:
    """`VIP` is the tag of any category, `学员等级:VIP` of that one; a colon may be part of the name, too."""
    found = queries.tagged(asked.session, None, text, asked.whom)
    group, colon, name = text.partition(":")
    return found | queries.tagged(asked.session, group, name, asked.whom) if colon else found


def _channel(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    return dict.fromkeys(facts, Column(queries.channels(asked.session, asked.whom)))


def _fields(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    return {fact: Column(queries.own_field(asked.session, fact.name, asked.whom)) for fact in facts}


def _dates(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    """Days or whole months since or until the date in a field; a field without a date is unknown."""
    found = {}
    for name in {fact.name for fact in facts}:
        told = queries.own_field(asked.session, name, asked.whom)
        days = {text: _day(text) for text in set(told.values())}
        for fact in (each for each in facts if each.name == name):
            spans = {text: _between(fact, asked.day, day) for text, day in days.items()}
            found[fact] = Column({member_id: spans[text] for member_id, text in told.items()})
    return found


def _between(fact: Fact, today: date, day: date | None) -> int | None:
    if day is None:
        return None
    first, last = (day, today) if fact.kind == "since" else (today, day)
    return whole_months(first, last) if fact.unit == "m" else (last - first).days


def _day(text: str) -> date | None:
    from qunguan.exchange.readers.cells import date_cell

    try:
        return date_cell(text)
    except BadInput:
        return None


def _known(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    found = {}
    for fact in facts:
        if fact.name in queries.KNOWN:
            who = queries.with_known(asked.session, fact.name, asked.whom)
        else:
            who = set(queries.own_field(asked.session, fact.name, asked.whom))
        found[fact] = Column(dict.fromkeys(who, True), False)
    return found


def _invites(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    from qunguan.services.earning import referrals

    counted: dict[int, list[date]] = {}
    for each in referrals(asked.session, asked.day, asked.whom.group_id, inviters=asked.whom.ids):
        counted.setdefault(each.inviter_id, []).append(each.counts_on)  # they come in the order of their days
    found = {}
    for fact in facts:
        first, last = span_of(fact, asked.day)
        found[fact] = Column({who: _inside(days, first, last) for who, days in counted.items()}, 0)
    return found


def _inside(days: Sequence[date], first: date | None, last: date) -> int:
    return bisect_right(days, last) - (0 if first is None else bisect_left(days, first))


def _camps(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    days = queries.camp_days(asked.session, asked.day, asked.whom)
    return dict.fromkeys(facts, Column(age(days, asked.day), NOTHING))


def _points(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    from qunguan.services import points

    if asked.whom.ids is None:
        values = {each.member_id: each.balance for each in points.balances(asked.session, asked.clock, asked.day)}
    else:
        values = points.balances_of(asked.session, asked.whom.ids, asked.day)
    return dict.fromkeys(facts, Column(values, 0))


def _level(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    from qunguan.services import levels

    stand = levels.standings(asked.session, asked.clock, asked.whom.ids, asked.day)
    return dict.fromkeys(facts, Column({who: Rank(each.rank, each.level) for who, each in stand.items()}))


def _streaks(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    from qunguan.services.level_facts import facts as dated

    metrics: dict[Kind, Metric] = {"streak": "streak", "best_streak": "best_streak"}
    told = dated(asked.session, frozenset(metrics[fact.kind] for fact in facts), asked.day, asked.whom.ids)
    found = {}
    for fact in facts:
        bar = Bar(metrics[fact.kind], 1)
        found[fact] = Column({who: Book(mine).value(bar, asked.day) for who, mine in told.items()}, 0)
    return found


READERS: Mapping[Kind, Reader] = {
    "present": _stays, "left": _stays, "outside": _stays, "joined": _stays, "gone": _stays, "left_reason": _left_reason,
    "tag": _tags, "channel": _channel, "field": _fields, "since": _dates, "until": _dates, "known": _known,
    "invites": _invites, "camp": _camps, "points": _points, "level": _level, "streak": _streaks,
    "best_streak": _streaks,
}  # fmt: skip
