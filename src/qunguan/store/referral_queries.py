"""The fission book as it is read: who took the task, who brought whom, what was handed out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.earning import Invited
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member, membership
from qunguan.store.referrals import hand_out, invite, referral_task
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_i, _t, _h, _m = invite.c, referral_task.c, hand_out.c, membership.c
_guest = member.alias("guest")
_STAY = (_m.id, _m.member_id, _m.group_id, _m.joined_on, _m.left_on, _m.inviter_id)


def participants(session: Session, campaign_id: int) -> Rows:
    """Who took the task, in the order they did, with their names."""
    query = select(referral_task, member.c.name).join(member, member.c.id == _t.member_id)
    return session.rows(query.where(_t.campaign_id == campaign_id).order_by(_t.started_at, _t.id))


def invites(session: Session, campaign_id: int, as_of: date) -> Rows:
    """The invitations told, of joinings by the end of a day, in the order of the joinings, with both names."""
    query = (
        select(invite, member.c.name.label("inviter"), _guest.c.name.label("invitee"))
        .join(member, member.c.id == _i.inviter_id)
        .join(_guest, _guest.c.id == _i.invitee_id)
        .where(_i.campaign_id == campaign_id, _i.joined_on <= as_of)
    )
    return session.rows(query.order_by(_i.joined_at, _i.id))


def keys(session: Session, campaign_id: int) -> set[str]:
    """The rows that are in the book."""
    return {row.key for row in session.rows(select(_i.key).where(_i.campaign_id == campaign_id))}


def stays(session: Session, member_ids: Iterable[int]) -> dict[int, list[Invited]]:
    """All stays of these members, in every group."""
    found: dict[int, list[Invited]] = {}
    for row in in_chunks(session, select(*_STAY).where(_m.member_id.in_(IDS)), sorted(set(member_ids))):
        found.setdefault(row.member_id, []).append(Invited._make(row))
    return found


def brought(session: Session, group_id: int, first: date, last: date) -> Rows:
    """The stays of a group that began in some days and have an inviter, as the chats or the roster told."""
    query = select(*_STAY).where(
        _m.group_id == group_id, _m.joined_on.between(first, last), _m.inviter_id.is_not(None)
    )  # fmt: skip
    return session.rows(query.order_by(_m.joined_on, _m.id))


def handed(session: Session, campaign_id: int, as_of: date) -> Rows:
    """What was handed out by the end of a day."""
    query = select(hand_out).where(_h.campaign_id == campaign_id, _h.given_on <= as_of)
    return session.rows(query.order_by(_h.given_at, _h.id))
