"""For doctor: whether the stored standings are what the rows say, and to make them so."""

from __future__ import annotations

from sqlalchemy import select

from qunguan.domain.checkin_outcomes import StandingDifference
from qunguan.domain.clock import Clock
from qunguan.i18n import N_
from qunguan.services import challenges
from qunguan.services.checkin_standing import copy_of, refresh, terms_of
from qunguan.store.checkin_queries import all_records
from qunguan.store.checkins import enrolment
from qunguan.store.session import Session


def cache_differences(session: Session) -> tuple[StandingDifference, ...]:
    """Every stored standing that is not what the rows say, column by column."""
    differences = []
    for found in challenges.all_challenges(session):
        records = all_records(session, found.id)
        for row in session.rows(select(enrolment).where(enrolment.c.challenge_id == found.id)):
            counted = copy_of(records.get(row.member_id, {}), terms_of(found, row))
            differences += [
                StandingDifference(found.id, row.member_id, name, str(row._mapping[name]), str(value))
                for name, value in counted.items()
                if row._mapping[name] != value
            ]
    return tuple(differences)


def rebuild_cache(session: Session, clock: Clock) -> int:
    """Count every standing anew from the rows; returns how many were wrong."""
    session.step(N_("Counted the streaks anew"))
    return sum(refresh(session, found) for found in challenges.all_challenges(session))
