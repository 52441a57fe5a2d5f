"""What the ledger holds for check-ins: which tiers are paid, what a make-up cost, what a piece of work booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, String, bindparam, func, select

from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.points import point_entry
from qunguan.store.points_queries import reversals
from qunguan.store.session import Session

_e = point_entry.c
_TIERS = select(_e.id, _e.member_id, _e.amount, _e.source_id).where(
    _e.kind == "EARN",
    _e.source_type == "streak",
    _e.source_id.like(bindparam("challenge", type_=String)),
    _e.member_id.in_(IDS),
)
_BOOKED = (
    select(_e.member_id, func.sum(_e.sign * _e.amount).label("total"))
    .where(_e.id > bindparam("entry_id"), _e.kind != "EXPIRE", _e.member_id.in_(IDS))
    .group_by(_e.member_id)
)


def paid_tiers(session: Session, challenge_id: int, ids: Sequence[int]) -> dict[tuple[int, int], set[date]]:
    """(member, tier) → the run starts it was paid for, without what was taken back."""
    earned = list(in_chunks(session, _TIERS, ids, challenge=f"{challenge_id}:%"))
    back = reversals(session, ids) if earned else {}
    paid: dict[tuple[int, int], set[date]] = {}
    for row in earned:
        if _stands(row, back):
            _challenge, run_start, tier = row.source_id.split(":")
            paid.setdefault((row.member_id, int(tier)), set()).add(date.fromisoformat(run_start))
    return paid


def standing_spend(session: Session, member_id: int, key_prefix: str) -> int | None:
    """The member's spend under a key that begins so and has not been given back: its entry id, or None."""
    spent = select(_e.id, _e.amount).where(
        _e.member_id == member_id,
        _e.kind == "SPEND",
        _e.source_type == "manual",
        _e.source_id.startswith(key_prefix, autoescape=True),
    )
    back = reversals(session, [member_id])
    return next((row.id for row in session.rows(spent.order_by(_e.id.desc())) if _stands(row, back)), None)


def booked_since(session: Session, entry_id: int, ids: Iterable[int]) -> dict[int, int]:
    """What the entries after this one changed for each member, signed. Expiries happen by themselves: left out."""
    return {row.member_id: int(row.total) for row in in_chunks(session, _BOOKED, ids, entry_id=entry_id)}


def _stands(row: Row[Any], back: Mapping[int, Sequence[Row[Any]]]) -> bool:
    return _left(row, back) > 0


def _left(row: Row[Any], back: Mapping[int, Sequence[Row[Any]]]) -> int:
    return int(row.amount) - sum(_left(child, back) for child in back.get(row.id, ()))
