"""Two schemes at once (C12), and how one member's label changed over time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.scheme_views import Change, Cross
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.services import members_edit
from qunguan.services.segment_labels import buckets_of, placed
from qunguan.services.segment_schemes import find, today
from qunguan.store.session import Session

MOST_DAYS = 400


def cross(
    session: Session, clock: Clock, a: str, b: str, as_of: date | None = None, group_id: int | None = None
) -> Cross:
    """How many are in each pair of buckets; people of either scheme, those in no bucket too. Raises NotFound."""
    one, two = find(session, a), find(session, b)
    day = as_of or today(session, clock)
    rows, columns = (placed(session, clock, each, day, group_id) for each in (one, two))
    people = {**rows.people, **columns.people}
    cells = Counter((rows.codes.get(who, ""), columns.codes.get(who, "")) for who in people)
    return Cross(one, two, day, _in_order(one, day), _in_order(two, day), cells)


def history(
    session: Session, clock: Clock, code: str, member_id: int, days: int = 90, as_of: date | None = None
) -> tuple[Change, ...]:
    """The changes of a member's label over the last days, oldest first; the first is where they stood at the beginning.

    Every day is judged by the terms in force on it and by what was known of it. Raises NotFound.
    """
    members_edit.get(session, member_id)
    found = find(session, code)
    last = as_of or today(session, clock)
    changes: list[Change] = []
    for ago in range(max(1, min(days, MOST_DAYS)) - 1, -1, -1):
        day = last - timedelta(days=ago)
        told = placed(session, clock, found, day, ids=[member_id]).codes.get(member_id)
        now = next((each for each in buckets_of(found, day) if each.code == told), None)
        was = changes[-1].now if changes else None
        if not changes or (was.code if was else None) != (now.code if now else None):
            changes.append(Change(day, was, now))
    return tuple(changes)


def _in_order(scheme: Scheme, day: date) -> tuple[Bucket, ...]:
    return tuple(sorted(buckets_of(scheme, day), key=lambda each: each.rank))
