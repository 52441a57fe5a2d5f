"""The stored copy of every member's standing: run, best, total and last day beside the enrolment.

It is what the rows say as of the member's last record inside the terms, written in the transaction that changes a
record. `carried` tells the streak of a later day from it; for any earlier day the rows are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import Records, State, Terms, standing
from qunguan.store.checkin_queries import all_records
from qunguan.store.checkins import enrolment
from qunguan.store.session import Session

COLUMNS = ("run", "best", "total", "last_day")


def terms_of(found: Challenge, enrolled: Row[Any]) -> Terms:
    """What the records of an enrolled member are judged by."""
    return found.terms(enrolled.from_day, enrolled.to_day)


def copy_of(records: Records, terms: Terms) -> dict[str, int | date | None]:
    """The values of COLUMNS that these records say."""
    inside = [day for day in records if terms.first <= day and (terms.last is None or day <= terms.last)]
    if not inside:
        return dict.fromkeys(COLUMNS[:3], 0) | {"last_day": None}
    last = max(inside)
    found = standing(records, terms, last)
    return {"run": found.streak, "best": found.best, "total": found.total, "last_day": last}


def write_copies(
    session: Session, found: Challenge, enrolled: Iterable[Row[Any]], records: Mapping[int, Mapping[date, State]]
) -> int:
    """Bring the stored standing of these enrolments in line with the records; returns how many were not."""
    counted = ((row, copy_of(records.get(row.member_id, {}), terms_of(found, row))) for row in enrolled)
    return session.update_many(
        enrolment,
        [
            {"id": row.id, **copy}
            for row, copy in counted
            if any(getattr(row, name) != value for name, value in copy.items())
        ],
    )


def refresh(session: Session, found: Challenge) -> int:
    """Count everybody in a challenge anew; returns how many stored standings were not what the rows say."""
    enrolled = session.rows(select(enrolment).where(enrolment.c.challenge_id == found.id))
    return write_copies(session, found, enrolled, all_records(session, found.id))
