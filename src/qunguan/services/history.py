"""Undo and redo: any step is taken back by a new step that restores rows and reverses ledger entries.

Nothing is deleted from the past: an undo is a step with a journal of its own, and redo is the undo of that undo.
It works across restarts, because all of it is in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.history import Step, Weight
from qunguan.i18n import N_
from qunguan.services import members, points, rules
from qunguan.store.base import revive
from qunguan.store.checkins import challenge
from qunguan.store.groups import chat_group
from qunguan.store.history import Standing, changes, first_changes, rows_changed, standings
from qunguan.store.incidents import incident, incident_post
from qunguan.store.points import point_entry
from qunguan.store.schema import named
from qunguan.store.session import Session


def recent(session: Session, count: int = 20) -> tuple[Step, ...]:
    """The newest steps that stand, newest first: what undo would take back, one after another."""
    return tuple(found.step for found in standings(session) if not found.undone)[:count]


def weight(session: Session) -> Weight:
    """What undo would touch now. Raises Refused when there is nothing to undo.

    Rows are counted from the ranges of the journal; the group is that of the first row which belongs to one.
    """
    found = next((found for found in standings(session) if not found.undone), None)
    if found is None:
        raise Refused("there is nothing to undo")
    firsts = first_changes(session, found.tail_id)
    group = next(filter(None, (_group_of(session, row) for row in firsts)), None)
    name = session.get(chat_group, group) if group else None
    rows, most = rows_changed(session, found.tail_id), rules.limit(session, "undo.ask_rows")
    large = most is not None and rows > most
    return Weight(found.step, rows, large, group, name.name if name else None, any(map(_of_incident, firsts)))


def _of_incident(row: Row[Any]) -> bool:
    """Whether a changed row starts an incident, closes it, or is what the group was told."""
    if row.tbl == incident.name:
        return row.before is None or "closed_at" in row.before
    return bool(row.tbl == incident_post.name)


def _group_of(session: Session, row: Row[Any]) -> int | None:
    """The group a changed row belongs to, by itself or through its challenge."""
    table = named(row.tbl)
    owner = next((each for each in ("group_id", "challenge_id") if each in table.c), None)
    if owner is None:
        return None
    kept = session.get(table, row.first_id)
    key = kept._mapping[owner] if kept else (row.before or {}).get(owner)
    if owner == "challenge_id" and key is not None:
        held = session.get(challenge, key)
        key = held.group_id if held else None
    return key


def undo(session: Session, clock: Clock, only: int | None = None) -> Step:
    """Take back the newest step that stands. Raises Refused when there is none, or when it is not the step `only`."""
    for found in standings(session):
        if not found.undone:
            if only not in (None, found.step.id):
                raise Refused("something else was done meanwhile", hint="press u again to see what it is")
            _invert(session, clock, found, N_("Undid: {step}"))
            return found.step
    raise Refused("there is nothing to undo")


def redo(session: Session, clock: Clock) -> Step:
    """Do the step that was undone last again. Raises Refused when something new was done since."""
    all_found = standings(session)
    undone = max((found for found in all_found if found.undone), key=lambda found: found.tail_id, default=None)
    newest = all_found[0].step.id if all_found else 0
    if undone is None or newest > undone.tail_id:
        raise Refused("there is nothing to redo")
    _invert(session, clock, undone, N_("Redid: {step}"))
    return undone.step


def _invert(session: Session, clock: Clock, found: Standing, label: str) -> None:
    """Write the step that turns the end of the chain around."""
    session.step(label, undoes=found.tail_id, step=found.step.label)
    people: set[int] = set()
    for (op, table_name), group in groupby(changes(session, found.tail_id), key=lambda row: (row.op, row.tbl)):
        people.update(_inverted(session, op, table_name, list(group)))
    points.reverse_step(session, clock, found.tail_id)
    assert session.step_id  # an undo is a step even if there was nothing left to restore
    members.reindex(session, sorted(people))


def _inverted(session: Session, op: str, table_name: str, rows: list[Row[Any]]) -> set[int]:
    """Turn a run of like changes around; returns the members whose search text may have changed."""
    table = named(table_name)
    person = {"member": "id", "alias": "member_id", "member_tag": "member_id"}.get(table_name)
    images: list[dict[str, Any]] = []
    if op == "insert":
        for row in rows:
            for first, last in _removable(session, table_name, row):
                removed = session.delete_range(table, first, last)
                images.extend(dict(image._mapping) for image in removed)
    elif op == "delete":
        images = [revive(table, row.before) for row in rows]
        session.restore(table, images)
    else:
        for row in rows:
            was = session.get(table, row.first_id) if person else None
            session.update(table, row.first_id, **revive(table, row.before))
            now = session.get(table, row.first_id) if person else None
            images.extend(dict(image._mapping) for image in (was, now) if image is not None)
    return {image[person] for image in images} if person else set()


def _removable(session: Session, table_name: str, row: Row[Any]) -> Iterator[tuple[int, int]]:
    """The ids an insert added that may go. A member the ledger knows stays, in no group and under no alias:
    entries are for ever, and so is whom they are about."""
    first = row.first_id
    if table_name == "member":
        known = select(point_entry.c.member_id).where(point_entry.c.member_id.between(first, row.last_id)).distinct()
        for kept in session.rows(known.order_by(point_entry.c.member_id)):
            yield first, kept.member_id - 1
            first = kept.member_id + 1
    yield first, row.last_id
