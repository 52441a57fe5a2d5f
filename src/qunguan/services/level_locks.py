"""Locks: a level set by hand, with its reason, until it is taken off."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Row

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.level_views import Ladder, MemberLevel
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import members_edit
from qunguan.services.level_ladders import MOST_AHEAD, get, today
from qunguan.services.level_paths import paths, stands
from qunguan.store import level_queries as queries
from qunguan.store.levels import level_lock
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def lock(
    session: Session, clock: Clock, ladder_id: int, member_id: int, rank: int, *, reason: str, until: date | None = None
) -> MemberLevel:
    """Keep a member on a rank from today through `until` (None: until further notice), whatever they do.

    A lock that runs ends the day before; its days stay in the history. Raises BadInput without a reason or for a day
    that does not fit, NotFound.
    """
    name = members_edit.get(session, member_id).name
    found = get(session, ladder_id)
    now = today(session, clock)
    terms = found.terms(now)
    why = clean(reason, NOTE_LIMIT)
    if not why:
        raise BadInput("the reason is empty", hint="say in a few words why the level is set by hand")
    if not 1 <= rank <= len(terms.levels):
        raise BadInput("{value} is out of range", hint="use {least} to {most}", value=rank, least=1,
                       most=len(terms.levels))  # fmt: skip
    if until is not None and not now <= until <= now + 10 * MOST_AHEAD:
        raise BadInput("a level cannot be set until {day}", hint="use a day to come, within ten years", day=until)
    session.step(N_("Set {name} to {level}"), name=name, level=terms.name(rank))
    running = _running(session, found, member_id, now)
    if running is not None and running.from_day == now:
        session.update(level_lock, running.id, rank=rank, to_day=until, reason=why)
    else:
        _end(session, running, now)
        session.insert(level_lock, ladder_id=ladder_id, member_id=member_id, rank=rank, from_day=now, to_day=until,
                       reason=why)  # fmt: skip
    return _stands_now(session, found, member_id, now)


def unlock(session: Session, clock: Clock, ladder_id: int, member_id: int) -> MemberLevel:
    """Let a member's level follow the terms again from today on. Raises Refused when it is not set by hand."""
    name = members_edit.get(session, member_id).name
    found = get(session, ladder_id)
    now = today(session, clock)
    running = _running(session, found, member_id, now)
    if running is None:
        raise Refused("the level of {name} is not set by hand", name=show(name))
    session.step(N_("Let the level of {name} follow the terms again"), name=name)
    _end(session, running, now)
    return _stands_now(session, found, member_id, now)


def _running(session: Session, found: Ladder, member_id: int, now: date) -> Row[tuple[object, ...]] | None:
    mine = queries.locks(session, found.id, [member_id]).get(member_id, [])
    return next((row for row in mine if row.from_day <= now and (row.to_day is None or now <= row.to_day)), None)


def _end(session: Session, running: Row[tuple[object, ...]] | None, now: date) -> None:
    """A lock that began today never was."""
    if running is None:
        return
    if running.from_day == now:
        session.delete(level_lock, running.id)
    else:
        session.update(level_lock, running.id, to_day=now - _DAY)


def _stands_now(session: Session, found: Ladder, member_id: int, now: date) -> MemberLevel:
    day = max(now, found.first_day)
    told = dict(paths(session, found, day, [member_id]))[member_id]
    return stands(member_id, told, found.terms(day), day)
