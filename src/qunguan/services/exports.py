"""Everything that goes out as a file, read in a few statements however much it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.exports import CheckinLine, LedgerLine
from qunguan.domain.members import DatedAlias, MemberCard, Stay
from qunguan.services import members
from qunguan.services.members_edit import as_member
from qunguan.store.checkins import checkin
from qunguan.store.member_queries import ALIASES, MEMBERS, STAYS, TAGS, in_chunks
from qunguan.store.members import member
from qunguan.store.points import point_entry
from qunguan.store.session import Session


def roster(session: Session, group_id: int | None = None, as_of: date | None = None) -> tuple[MemberCard, ...]:
    """Every member in full, by name, those who left included; with `as_of` those who were there on that day.

    With a group, only its members and only their stays in it.
    """
    ids = members.view_ids(session, group_id=group_id, present=None if as_of is None else True, as_of=as_of)
    people = {row.id: as_member(row) for row in in_chunks(session, MEMBERS, ids)}
    aliases, tags, stays = (_by_member(session, statement, ids) for statement in (ALIASES, TAGS, STAYS))
    inviters = members.names(
        session, [row.inviter_id for own in stays.values() for row in own if row.inviter_id is not None]
    )
    return tuple(
        MemberCard(
            people[n],
            tuple(DatedAlias(row.kind, row.text, row.valid_from, row.valid_to) for row in aliases.get(n, ())),
            tuple(_stay(row, inviters) for row in stays.get(n, ()) if group_id in (None, row.group_id)),
            tuple((row.category, row.name) for row in tags.get(n, ())),
        )
        for n in ids
    )


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


def _by_member(session: Session, statement: Any, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    rows = in_chunks(session, statement, ids)
    return {member_id: list(own) for member_id, own in groupby(rows, key=attrgetter("member_id"))}


def _stay(row: Row[Any], inviters: dict[int, str]) -> Stay:
    return Stay(
        row.id, row.group_id, row.group_name, row.joined_on, row.left_on, row.left_reason or "", row.role or "",
        row.inviter_id, inviters.get(row.inviter_id, ""),
    )  # fmt: skip
