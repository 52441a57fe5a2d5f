"""Set-based questions about speakers: who is remembered, since when they wait, and what names may be theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, literal, or_, select

from qunguan.store.activity import Side, speaker, speech
from qunguan.store.groups import chat_group
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session

_FIRST, _LAST = func.min(speech.c.day).label("first"), func.max(speech.c.day).label("last")

_SPEAKERS = select(speaker).where(speaker.c.group_id == bindparam("group"), speaker.c.key.in_(IDS))
_ELSEWHERE = (
    select(speaker)
    .where(speaker.c.kind.in_(("uid", "self")), speaker.c.key.in_(IDS), speaker.c.member_id.is_not(None))
    .order_by(speaker.c.id)
)
_NEWEST_DAYS = select(speech.c.speaker_id, _LAST).where(speech.c.speaker_id.in_(IDS)).group_by(speech.c.speaker_id)
_OPEN_DAYS = (
    select(speech.c.speaker_id, _FIRST, _LAST, func.sum(speech.c.messages).label("messages"))
    .where(speech.c.speaker_id.in_(IDS), speech.c.member_id.is_(None))
    .group_by(speech.c.speaker_id)
)
_NAMED = select(alias).where(alias.c.key.in_(IDS)).order_by(alias.c.member_id, alias.c.id)
_STAYS = select(
    membership.c.member_id, membership.c.group_id, membership.c.joined_on, membership.c.left_on
).where(membership.c.member_id.in_(IDS))  # fmt: skip
_STAYS_IN = (
    select(membership)
    .where(membership.c.member_id.in_(IDS), membership.c.group_id == bindparam("group"))
    .order_by(membership.c.member_id, membership.c.joined_on.asc().nulls_first(), membership.c.id)
)
_SPOKE = (
    select(speech.c.member_id, _FIRST, _LAST)
    .where(speech.c.member_id.in_(IDS), speech.c.group_id == bindparam("group"))
    .group_by(speech.c.member_id)
)
_ACCOUNTS = (
    select(alias.c.member_id, alias.c.kind, alias.c.key)
    .where(alias.c.member_id.in_(IDS), alias.c.kind.in_(("wxid", "qq", "email")))
)  # fmt: skip
_REMEMBERED_ACCOUNTS = select(speaker.c.member_id, speaker.c.kind, speaker.c.key).where(
    speaker.c.member_id.in_(IDS), speaker.c.kind == "uid"
)


def speakers(session: Session, group_id: int, keys: Iterable[str]) -> list[Row[Any]]:
    """What is remembered of these speakers in a group."""
    return list(in_chunks(session, _SPEAKERS, keys, group=group_id))


def speakers_elsewhere(session: Session, keys: Iterable[str]) -> list[Row[Any]]:
    """Speakers of any group by what has no alias: accounts of other platforms, and whoever made an export."""
    return list(in_chunks(session, _ELSEWHERE, keys))


def newest_days(session: Session, speaker_ids: Iterable[int]) -> dict[int, Any]:
    """The last day each of these speakers is known to have spoken."""
    found: dict[int, Any] = {}
    for row in in_chunks(session, _NEWEST_DAYS, speaker_ids):
        found[row.speaker_id] = row.last
    return found


def open_days(session: Session, speaker_ids: Iterable[int]) -> dict[int, tuple[Any, Any, int]]:
    """First and last day, and messages, that are nobody's yet, of each of these speakers who has any."""
    found: dict[int, tuple[Any, Any, int]] = {}
    for row in in_chunks(session, _OPEN_DAYS, speaker_ids):
        found[row.speaker_id] = (row.first, row.last, row.messages)
    return found


def open_rows(session: Session, side: Side, speaker_ids: Iterable[int]) -> Iterable[Row[Any]]:
    """The rows (id, speaker_id, day) of these speakers that are nobody's yet."""
    return in_chunks(session, _open_rows(side), speaker_ids)


@cache
def _open_rows(side: Side) -> Select[Any]:
    mine = side.speaker.in_(IDS), side.member.is_(None)
    told = side.table.c
    return select(told.id, side.speaker.label("speaker_id"), told.day).where(*mine).order_by(told.id)


def named(session: Session, keys: Iterable[str]) -> Iterable[Row[Any]]:
    """Every alias with one of these keys, account ids among them."""
    return in_chunks(session, _NAMED, keys)


def stays(session: Session, member_ids: Iterable[int]) -> Iterable[Row[Any]]:
    """Every stay of these members, in any group."""
    return in_chunks(session, _STAYS, member_ids)


def stays_in(session: Session, group_id: int, member_ids: Iterable[int]) -> Iterable[Row[Any]]:
    """The stays of these members in one group, in order of time; one since nobody knows when comes first."""
    return in_chunks(session, _STAYS_IN, member_ids, group=group_id)


def spoke(session: Session, group_id: int, member_ids: Iterable[int]) -> dict[int, tuple[Any, Any]]:
    """The first and last day these members are known to have spoken in a group."""
    found: dict[int, tuple[Any, Any]] = {}
    for row in in_chunks(session, _SPOKE, member_ids, group=group_id):
        found[row.member_id] = (row.first, row.last)
    return found


def accounts(session: Session, member_ids: Sequence[int]) -> set[tuple[int, str, str]]:
    """(member, kind, key) of the ids these members are known by."""
    found = {(row.member_id, row.kind, row.key) for row in in_chunks(session, _ACCOUNTS, member_ids)}
    return found | {(row.member_id, row.kind, row.key) for row in in_chunks(session, _REMEMBERED_ACCOUNTS, member_ids)}


def with_account(session: Session, group_id: int) -> set[tuple[int, str]]:
    """(member, kind) of everybody of a group who is known by an id of that kind."""
    inside = select(membership.c.member_id).where(membership.c.group_id == group_id)
    aliases = select(alias.c.member_id, alias.c.kind).where(
        alias.c.kind.in_(("wxid", "qq", "email")), alias.c.member_id.in_(inside)
    )
    accounts_only = select(speaker.c.member_id, speaker.c.kind).where(
        speaker.c.group_id == group_id, speaker.c.kind == "uid", speaker.c.member_id.is_not(None)
    )
    return {(row.member_id, row.kind) for statement in (aliases, accounts_only) for row in session.rows(statement)}


def waiting(group_id: int | None) -> Select[Any]:
    """Speakers with messages that are nobody's, and those who wait without any; most messages first.

    Who was set aside is not among them. Columns of `speaker`, then group, messages, first_day, last_day.
    """
    open_rows = (
        select(
            speech.c.speaker_id,
            func.sum(speech.c.messages).label("messages"),
            func.min(speech.c.day).label("first_day"),
            func.max(speech.c.day).label("last_day"),
        )
        .where(speech.c.member_id.is_(None))
        .group_by(speech.c.speaker_id)
        .subquery()
    )
    found = (
        select(
            speaker,
            chat_group.c.name.label("group"),
            func.coalesce(open_rows.c.messages, literal(0)).label("messages"),
            open_rows.c.first_day,
            open_rows.c.last_day,
        )
        .join_from(speaker, chat_group)
        .outerjoin(open_rows, open_rows.c.speaker_id == speaker.c.id)
        .where(
            or_(
                speaker.c.matched_by.in_(("doubtful", "unknown")),
                (speaker.c.matched_by == "dated") & open_rows.c.speaker_id.is_not(None),
            )
        )
        .order_by(func.coalesce(open_rows.c.messages, literal(0)).desc(), speaker.c.id)
    )
    return found if group_id is None else found.where(speaker.c.group_id == group_id)


def settled(group_id: int, by: Sequence[str]) -> Select[Any]:
    """Speakers of a group of whom one of these is said (`matched_by`), those with most messages first.

    Columns of `speaker`, then member, messages, first_day, last_day.
    """
    said_by = (
        select(speech.c.speaker_id, func.sum(speech.c.messages).label("messages"), _FIRST, _LAST)
        .where(speech.c.group_id == group_id)
        .group_by(speech.c.speaker_id)
        .subquery()
    )
    messages = func.coalesce(said_by.c.messages, literal(0))
    return (
        select(
            speaker, member.c.name.label("member"), messages.label("messages"), said_by.c.first.label("first_day"),
            said_by.c.last.label("last_day"),
        )
        .join_from(speaker, said_by, said_by.c.speaker_id == speaker.c.id, isouter=True)
        .outerjoin(member, member.c.id == speaker.c.member_id)
        .where(speaker.c.group_id == group_id, speaker.c.matched_by.in_(by))
        .order_by(messages.desc(), speaker.c.id)
    )  # fmt: skip


SPEAKER_DAYS = (
    select(speech.c.member_id, _FIRST, _LAST, func.sum(speech.c.messages).label("messages"))
    .where(speech.c.speaker_id == bindparam("speaker"))
    .group_by(speech.c.member_id)
    .order_by(_FIRST)
)
"""Whose a speaker's words are, from when to when; the value of its place is `speaker`."""


@cache
def said(side: Side) -> Select[Any]:
    """Every row (all columns, and `whose` it is) of one speaker; the value of its place is `speaker`."""
    whose = side.member.label("whose")
    return select(side.table, whose).where(side.speaker == bindparam("speaker")).order_by(side.table.c.id)
