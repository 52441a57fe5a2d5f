"""Put somebody into a bucket by hand, up or down a stage, with a reason; until it is taken off (C14)."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.schemes import Bucket, Lock, Scheme
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import members_edit
from qunguan.services.segment_labels import buckets_of, locks_on, placed
from qunguan.services.segment_schemes import find, today
from qunguan.store.segments import scheme_lock
from qunguan.store.session import Session


def lock(
    session: Session, clock: Clock, code: str, member_id: int, bucket: str, *, reason: str, until: date | None = None
) -> Bucket:
    """Keep a member in a bucket from today through `until` (None: until taken off), whatever they do.

    Raises NotFound, BadInput without a reason, for an unknown bucket or a day that is past, Refused for RFM.
    """
    name = members_edit.get(session, member_id).name
    found = find(session, code)
    if found.kind == "rfm":
        raise Refused("{scheme} follows from numbers alone: nobody is put there by hand", scheme=show(found.name))
    now = today(session, clock)
    wanted = found.bucket(bucket, now)
    why = clean(reason, NOTE_LIMIT)
    if not why:
        raise BadInput("the reason is empty", hint="say in a few words why they are put there by hand")
    if until is not None and until < now:
        raise BadInput("{day} is past", hint="use a day to come", day=until)
    session.step(N_("Put {name} into {bucket} of {scheme}"), name=name, bucket=wanted.name, scheme=found.name)
    running = _running(session, found, member_id, now)
    if running is not None and running.from_day == now:
        session.update(scheme_lock, running.id, bucket=wanted.code, to_day=until, reason=why)
    else:
        _end(session, running, now)
        session.insert(scheme_lock, scheme_code=found.code, member_id=member_id, bucket=wanted.code, from_day=now,
                       to_day=until, reason=why, created_at=clock.now())  # fmt: skip
    return wanted


def unlock(session: Session, clock: Clock, code: str, member_id: int) -> Bucket | None:
    """Let a member follow the conditions again from today on; returns the bucket they are in then, None for none.

    Raises Refused when they were not put anywhere by hand.
    """
    name = members_edit.get(session, member_id).name
    found = find(session, code)
    now = today(session, clock)
    running = _running(session, found, member_id, now)
    if running is None:
        raise Refused("{name} is not in a bucket of {scheme} by hand", name=show(name), scheme=show(found.name))
    session.step(N_("Let {name} follow the conditions of {scheme} again"), name=name, scheme=found.name)
    _end(session, running, now)
    here = placed(session, clock, found, now, ids=[member_id]).codes.get(member_id)
    return next((each for each in buckets_of(found, now) if each.code == here), None)


def _running(session: Session, found: Scheme, member_id: int, now: date) -> Lock | None:
    return locks_on(session, now, [member_id]).get((found.code, member_id))


def _end(session: Session, running: Lock | None, now: date) -> None:
    """A lock that began today never was."""
    if running is None:
        return
    if running.from_day == now:
        session.delete(scheme_lock, running.id)
    else:
        session.update(scheme_lock, running.id, to_day=now - timedelta(days=1))
