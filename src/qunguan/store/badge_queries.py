"""Set-based questions about badges: their rules, the owner's word, deeds by day, how ended challenges stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from qunguan.domain.badges import Ruling
from qunguan.store.badges import badge, badge_award
from qunguan.store.checkins import enrolment
from qunguan.store.earning import deed
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.session import Session

_BADGES = select(badge).order_by(badge.c.title, badge.c.id)
_RULINGS = select(badge_award).order_by(badge_award.c.id)
_DEEDS = (
    select(deed.c.member_id, deed.c.biz_date)
    .where(deed.c.kind == bindparam("kind"), deed.c.biz_date <= bindparam("day"))
    .order_by(deed.c.biz_date, deed.c.id)
)
_STOOD = select(enrolment.c.challenge_id, enrolment.c.member_id, enrolment.c.total, enrolment.c.best).where(
    enrolment.c.challenge_id.in_(IDS), enrolment.c.total > 0
)


def _of(
    session: Session, query: Select[Any], column: Any, ids: Iterable[int] | None, **params: Any
) -> Iterator[Row[Any]]:
    """The rows of these members, or of everyone."""
    if ids is None:
        return iter(session.rows(query, params))
    return in_chunks(session, query.where(column.in_(IDS)), ids, **params)


def badge_rows(session: Session) -> Sequence[Row[Any]]:
    """Every badge, titles last."""
    return session.rows(_BADGES)


def rulings(session: Session, ids: Iterable[int] | None = None) -> dict[tuple[int, int], list[Ruling]]:
    """(badge, member) → what the owner said by hand, oldest first."""
    found: dict[tuple[int, int], list[Ruling]] = {}
    for row in _of(session, _RULINGS, badge_award.c.member_id, ids):
        said = Ruling(row.id, row.badge_id, row.member_id, row.kind == "given", row.from_day, row.to_day, row.reason)
        found.setdefault((row.badge_id, row.member_id), []).append(said)
    return found


def deed_days(session: Session, kind: str, day: date, ids: Iterable[int] | None = None) -> dict[int, list[date]]:
    """Member → the days of their deeds of a kind up to a day, in order."""
    found: dict[int, list[date]] = {}
    for row in _of(session, _DEEDS, deed.c.member_id, ids, kind=kind, day=day):
        found.setdefault(row.member_id, []).append(row.biz_date)
    return found


def stood(session: Session, challenge_ids: Iterable[int]) -> dict[int, list[tuple[int, int, int]]]:
    """Challenge → (member, check-ins, best streak) as of the last record: how an ended challenge came out."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for row in in_chunks(session, _STOOD, challenge_ids):
        found.setdefault(row.challenge_id, []).append((row.member_id, row.total, row.best))
    return found
