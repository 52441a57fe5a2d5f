"""What imported chats say: the imports, the messages by day, hour and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from qunguan.domain.activity_outcomes import (
    ActivitySummary,
    ImportRow,
    PersonMessages,
)
from qunguan.domain.activity_sums import china_time
from qunguan.services import groups
from qunguan.store import activity_queries as queries
from qunguan.store.session import Session

_STRENGTH = {"wxid": 0, "qq": 1, "email": 2, "uid": 3, "self": 5}  # a name is 4


def imports(session: Session, group_id: int | None = None) -> tuple[ImportRow, ...]:
    """The imports of a group (None: of all), newest first."""
    return tuple(
        ImportRow(
            row.id, row.group_id, row.group_name, row.format, row.name, china_time(row.first_at),
            china_time(row.last_at), row.messages, row.system, row.recalled, row.joins, row.leaves,
            row.duplicates, row.imported_at,
        )
        for row in queries.imports(session, group_id)
    )  # fmt: skip


def summary(
    session: Session, *, group_id: int | None = None, first: date | None = None, last: date | None = None
) -> ActivitySummary:
    """Messages from `first` to `last` (business days, both in it; None: as far as there are any).

    `group_id` None is all groups together.
    """
    covered = _covered(session, group_id, first, last)
    days = queries.by_day(session, group_id, first, last)
    people = _people(queries.people(session, group_id, first, last))
    hours = queries.by_hour(session, group_id, first, last)
    known = bool(covered or days)
    return ActivitySummary(
        sum(days.values()) if known else None,
        len(people) if known else None,
        days,
        {hour: hours.get(hour, 0) for hour in range(24)} if known else {},
        people,
        covered,
    )


def _covered(
    session: Session, group_id: int | None, first: date | None, last: date | None
) -> tuple[tuple[date, date], ...]:
    """The days from the first to the last event of each import, joined where they touch, within the window."""
    found: list[tuple[date, date]] = []
    for row in queries.spans(session, group_id):
        rule = groups.get(session, row.group_id).day_rule
        begin, end = rule.biz_date(row.first_at), rule.biz_date(row.last_at)
        begin, end = max(begin, first or begin), min(end, last or end)
        if begin > end:
            continue
        found.append((begin, end))
    joined: list[tuple[date, date]] = []
    for begin, end in sorted(found):
        if joined and begin.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _people(rows: Sequence[Row[Any]]) -> tuple[PersonMessages, ...]:
    """One line a person, the most talkative first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.who, []).append(row)
    people = []
    for who, ids in found.items():
        best = min(ids, key=lambda row: _STRENGTH.get(row.kind, 4))
        keys = tuple(_shown_key(row) for row in (best, *(row for row in ids if row is not best)))
        messages = sum(row.messages for row in ids)
        name = best.member or best.name or keys[0]
        people.append(PersonMessages(keys[0], name, messages, who if who > 0 else None, best.kind, keys))
    return tuple(sorted(people, key=lambda one: (-one.messages, one.key)))


def _shown_key(row: Row[Any]) -> str:
    """An id as it is; a name as it was shown."""
    return str(row.name or row.key) if row.kind == "name" else str(row.key)
