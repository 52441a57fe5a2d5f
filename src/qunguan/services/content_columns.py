"""The timetable: its places that come again, made, changed and ended (S0-27, S3-07, S3-11).

A change never rewrites past weeks: the place ends and another begins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.content import (
    ContentColumn,
    checked_column,
    column_preset,
    column_presets,
    minute_typed,
)
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import meant, only
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import content_queries as queries
from qunguan.store.content import content_column, post
from qunguan.store.session import Session

_FIELDS = ("group_id", "name", "weekdays", "at_minute", "until_minute", "kind", "sub_kind", "need", "author", "prompt",
           "script", "source", "from_day", "ended_on")  # fmt: skip


def columns(session: Session, group_id: int, day: date | None = None) -> tuple[ContentColumn, ...]:
    """The places of a group's timetable by time of day; with `day` those that had not ended by it."""
    known = session.settled(
        content_column, group_id, lambda: tuple(_column(row) for row in queries.columns(session, group_id))
    )
    return known if day is None else tuple(each for each in known if each.ended_on is None or each.ended_on > day)


def find_column(session: Session, clock: Clock, group_id: int, text: str) -> ContentColumn:
    """The place that is meant, by id ("3", "#3") or name, of those that have not ended. Raises NotFound, Ambiguous."""
    known = columns(session, group_id, clock.today(groups.get(session, group_id).day_rule))
    found = only(meant(known, text), N_("several columns are called {text}"), text)
    if found is None:
        raise NotFound("there is no column {text}", hint="see the list: qunguan content column list",
                       text=show(text[:40]))  # fmt: skip
    return found


def add_column(session: Session, clock: Clock, column: ContentColumn) -> ContentColumn:
    """Give the timetable a place; its id is made. Raises BadInput, NotFound for a group."""
    today = clock.today(groups.get(session, column.group_id).day_rule)
    made = checked_column(column)
    _refuse_twin(session, made, today)
    session.step(N_("Added the column {name}"), name=made.name)
    column_id = session.insert(content_column, **_values(made), created_at=clock.now())
    return _get(session, made.group_id, column_id)


def add_column_preset(session: Session, clock: Clock, group_id: int, text: str) -> ContentColumn:
    """Give the timetable a shipped place from today on. Raises NotFound, BadInput where it is there already."""
    told = column_preset(text)
    today = clock.today(groups.get(session, group_id).day_rule)
    at = minute_typed(told.at)
    assert at is not None
    made = ContentColumn(
        0, group_id, told.name, told.weekdays, at, told.kind, today, minute_typed(told.until), told.sub_kind,
        author=told.author, prompt=told.prompt, source=told.source,
    )  # fmt: skip
    return add_column(session, clock, made)


def column_presets_left(session: Session, clock: Clock, group_id: int) -> tuple[str, ...]:
    """The ids of the shipped places whose names the timetable does not have."""
    known = columns(session, group_id, clock.today(groups.get(session, group_id).day_rule))
    taken = {match_key(each.name) for each in known}
    return tuple(each.id for each in column_presets().values() if match_key(each.name) not in taken)


def edit_column(session: Session, clock: Clock, column: ContentColumn) -> ContentColumn:
    """Write a place as given, from today on; what is planned in it from today on goes with it. Raises as `add_column`.

    One that began before today ends, and another with the new terms begins: past weeks stay as they were.
    """
    before = _get(session, column.group_id, column.id)
    today = clock.today(groups.get(session, column.group_id).day_rule)
    made = checked_column(column)
    _refuse_twin(session, made, today)
    if made == before:
        return before
    session.step(N_("Changed the column {name}"), name=made.name)
    if before.from_day >= today:
        session.update(content_column, before.id, **_values(made))
        return _get(session, made.group_id, before.id)
    session.update(content_column, before.id, ended_on=today)
    begun = _values(replace(made, from_day=today))
    column_id = session.insert(content_column, **begun, created_at=clock.now())
    moved = queries.of_column(session, before.id, today)
    session.update_many(post, [{"id": row.id, "column_id": column_id} for row in moved])
    return _get(session, made.group_id, column_id)


def end_column(session: Session, clock: Clock, group_id: int, column_id: int, day: date | None = None) -> ContentColumn:
    """End a place: `day` (None: today) is its first day without; what was planned in it stays. Raises NotFound,
    Refused where it ended before."""
    found = _get(session, group_id, column_id)
    last = day or clock.today(groups.get(session, group_id).day_rule)
    if found.ended_on is not None and found.ended_on <= last:
        raise Refused("{name} has ended on {day} already", name=show(found.name), day=found.ended_on)
    session.step(N_("Ended the column {name}"), name=found.name)
    session.update(content_column, column_id, ended_on=max(last, found.from_day))
    return _get(session, group_id, column_id)


def _refuse_twin(session: Session, made: ContentColumn, today: date) -> None:
    for each in columns(session, made.group_id, today):
        if each.id != made.id and match_key(each.name) == match_key(made.name):
            raise BadInput("there is already a column {name}", hint="choose another name", name=show(made.name))


def _get(session: Session, group_id: int, column_id: int) -> ContentColumn:
    for each in columns(session, group_id):
        if each.id == column_id:
            return each
    raise NotFound("there is no column {text}", hint="see the list: qunguan content column list", text=f"#{column_id}")


def _values(column: ContentColumn) -> dict[str, Any]:
    return {name: getattr(column, name) for name in _FIELDS}


def _column(row: Any) -> ContentColumn:
    return ContentColumn(id=row.id, **{name: getattr(row, name) for name in _FIELDS})
