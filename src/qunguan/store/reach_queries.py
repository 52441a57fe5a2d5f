"""Questions about ways to members: what was told, what the roster holds, whose accounts are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from qunguan.store.activity import speaker
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.reach import contact
from qunguan.store.session import Session

_PRESENT = (
    select(member.c.id, member.c.name)
    .join(membership, membership.c.member_id == member.c.id)
    .where(membership.c.left_on.is_(None))
    .order_by(member.c.sort_key, member.c.id)
)
# a value told twice, as after a merge: the newest word holds, and of one day the no
_TOLD = (
    select(contact)
    .where(contact.c.member_id.in_(IDS))
    .order_by(contact.c.told_on, contact.c.agreed.desc(), contact.c.id)
)
_PHONES = select(member.c.id, member.c.phone).where(member.c.phone.is_not(None), member.c.id.in_(IDS))
_ACCOUNTS = (
    select(alias.c.member_id, alias.c.kind, alias.c.text)
    .where(
        alias.c.valid_to.is_(None), alias.c.kind.in_(("wechat_id", "wxid", "qq", "email")), alias.c.member_id.in_(IDS)
    )
    .order_by(alias.c.id)
)
_SPEAKERS = (
    select(speaker.c.member_id, speaker.c.kind, speaker.c.key)
    .where(speaker.c.kind.in_(("wxid", "qq", "email")), speaker.c.member_id.in_(IDS))
    .order_by(speaker.c.id)
)


def present(session: Session, group_id: int | None) -> dict[int, str]:
    """Id → name of who is in a group now (None: in any), by name."""
    query = _PRESENT if group_id is None else _PRESENT.where(membership.c.group_id == group_id)
    return {row.id: row.name for row in session.rows(query)}


def told(session: Session, member_ids: Iterable[int], day: date) -> list[Row[Any]]:
    """The contacts of these members that hold on a day, refused ones among them."""
    query = _TOLD.where(contact.c.told_on <= day, or_(contact.c.ended_on.is_(None), contact.c.ended_on > day))
    return list(in_chunks(session, query, member_ids))


def phones(session: Session, member_ids: Iterable[int]) -> list[Row[Any]]:
    """(id, phone) of those of these members the roster has a number of."""
    return list(in_chunks(session, _PHONES, member_ids))


def accounts(session: Session, member_ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(member, kind, account) of these members: ids of the roster, and accounts of chats whose owner is known."""
    wanted = list(member_ids)
    found = [
        (row.member_id, row.kind, text)
        for query, field in ((_ACCOUNTS, "text"), (_SPEAKERS, "key"))
        for row in in_chunks(session, query, wanted)
        for text in [getattr(row, field)]
    ]
    return list(dict.fromkeys(found))


def of_member(session: Session, member_id: int) -> Sequence[Row[Any]]:
    """Every contact that was ever told of a member."""
    return session.rows(select(contact).where(contact.c.member_id == member_id).order_by(contact.c.id))


def told_on(session: Session, member_ids: Iterable[int], day: date) -> set[tuple[int, str, str]]:
    """(member, channel, value) of what was told of these members on a day, whether or not it holds."""
    rows = in_chunks(session, _TOLD.where(contact.c.told_on == day), member_ids)
    return {(row.member_id, row.channel, row.value) for row in rows}
