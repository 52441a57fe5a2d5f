"""The clocks that run: what the head of every screen needs, in one statement, and next to nothing while none does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.incident_clock import STAGES, Limits, Running
from qunguan.domain.incident_promise import counted_from
from qunguan.services import groups, rules
from qunguan.store import incident_queries as queries
from qunguan.store.session import Session

_RULES = {"tell": "tell", "time": "time", "trust": "trust", "update": "update", "updates_for": "update_for"}


def running(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Running, ...]:
    """The open incidents of a group (None: of all), the oldest first, drills among them."""
    found = [row for row in queries.open_ones(session) if group_id in (None, row.group_id)]
    return tuple(_running(session, row, limits(session)) for row in found)


def limits(session: Session) -> Limits:
    """The times in force (rules incident.*)."""
    minutes = {name: int(rules.value(session, f"incident.{rule}_minutes")) for name, rule in _RULES.items()}
    return Limits(**{name: timedelta(minutes=n) for name, n in minutes.items()})


def _running(session: Session, row: Any, times: Limits) -> Running:
    known = [moment for name, moment in row._mapping.items() if name.startswith("known_") and moment is not None]
    due = tuple((name, row.t0 + times.of(name)) for name in STAGES if getattr(row, name) is None)
    held = max((row.opened_at, *known))
    told_at = row.told_at and promised_from(session, row.group_id, row.told, row.told_at, times)
    return Running(
        row.id, row.group_id, row.title, bool(row.drill), row.t0, held, told_at, due, times
    )  # fmt: skip


def promised_from(session: Session, group_id: int, text: str, posted_at: datetime, times: Limits) -> datetime:
    """From when the next notice of a group counts, by the last one: a promise in it is kept."""
    return counted_from(text, posted_at, times.update, groups.get(session, group_id).day_rule)
