"""Check-ins and the ledger on their way to a file, each read in one statement."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from qunguan.domain.exports import CheckinLine, LedgerLine
from qunguan.store.checkins import checkin
from qunguan.store.members import member
from qunguan.store.points import point_entry
from qunguan.store.session import Session


def checkins(
    session: Session, challenge_id: int, first: date | None = None, last: date | None = None
) -> tuple[CheckinLine, ...]:
    """The records of a challenge from `first` to `last` (None: from its beginning, to its end), by day and name."""
    query = (
        select(checkin.c.member_id, member.c.name, checkin.c.day, checkin.c.state, checkin.c.text, checkin.c.reason)
        .join_from(checkin, member, member.c.id == checkin.c.member_id)
        .where(checkin.c.challenge_id == challenge_id)
        .order_by(checkin.c.day, member.c.sort_key, member.c.id)
    )
    if first is not None:
        query = query.where(checkin.c.day >= first)
    if last is not None:
        query = query.where(checkin.c.day <= last)
    return tuple(
        CheckinLine(row.member_id, row.name, row.day, row.state, row.text or "", row.reason or "")
        for row in session.rows(query)
    )


def ledger(session: Session, first: date | None = None, last: date | None = None) -> tuple[LedgerLine, ...]:
    """The entries of the ledger with business days from `first` to `last` (None: all), oldest first."""
    entry = point_entry.c
    query = (
        select(point_entry, member.c.name)
        .join_from(point_entry, member, member.c.id == entry.member_id)
        .order_by(entry.biz_date, entry.id)
    )
    if first is not None:
        query = query.where(entry.biz_date >= first)
    if last is not None:
        query = query.where(entry.biz_date <= last)
    return tuple(
        LedgerLine(
            row.id, row.member_id, row.name, row.biz_date, row.kind, row.sign * row.amount, row.expires_on,
            row.reason, f"{row.source_type}:{row.source_id}", row.reverses_id,
        )
        for row in session.rows(query)
    )  # fmt: skip
