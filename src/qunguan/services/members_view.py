"""The roster as it is looked at: the ids of a sorted and filtered view, the lines of a page, a card, birthdays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.members import (
    BirthdayDue,
    DatedAlias,
    MemberCard,
    MemberListing,
    MemberRow,
    Stay,
    masked_phone,
    next_birthday,
)
from qunguan.services import groups
from qunguan.services.members_edit import as_member, get
from qunguan.services.members_find import names
from qunguan.store import search as index
from qunguan.store.member_queries import (
    ALIASES,
    IDS,
    LINES,
    SORTS,
    STAYS,
    TAGS,
    among,
    id_array,
    in_chunks,
    inside,
    is_present,
    is_somebody,
    ordered,
    was_in,
)
from qunguan.store.members import member
from qunguan.store.session import Session

_HITS = 10_000  # more than anybody scrolls through; a search that finds more is not a search yet
_Rows = dict[int, list[Row[Any]]]


def view_ids(
    session: Session,
    *,
    group_id: int | None = None,
    search: str = "",
    sort: str = "",
    descending: bool = False,
    present: bool | None = True,
    as_of: date | None = None,
    most: int = _HITS,
    first: int | None = None,
) -> array[int]:
    """Ids of the roster in view order, eight bytes each, so that any page of it can be read at once.

    `sort` is one of SORTS, or "" for best hit first in a search and by name without one. `present` True keeps those who
    are there (on the day `as_of`, if given), False those who left, None both; of one group or, for None, of all.
    Only the first `most` hits of a search are looked at; without a search, `first` cuts the view off there: at a
    million members the head of it takes a millisecond, all of it a second. Raises BadInput for an unknown order.
    """
    if sort not in ("", *SORTS):
        raise BadInput("there is no order {sort}", hint="use one of: {known}", sort=sort[:40], known=", ".join(SORTS))
    statement = ordered(group_id, sort or "name", descending)
    if group_id is not None and as_of is None and not search.strip() and first is None:
        return among(id_array(session, statement), inside(session, group_id, present))
    if group_id is not None and present is not True:
        statement = statement.where(was_in(group_id))
    if present is not None:
        there = is_present(group_id, as_of)
        statement = statement.where(there if present else ~there)
    elif group_id is None:
        statement = statement.where(is_somebody())
    if not search.strip():
        return id_array(session, statement.limit(first))
    hits = index.find(session.conn, search, most)
    if not hits:
        return array("q")
    if not sort:
        statement = statement.order_by(None)  # the hits have their own order
    found = id_array(session, statement.where(member.c.id.in_(IDS)).params(ids=hits))
    if sort:
        return found
    kept = set(found)
    return array("q", (hit for hit in hits if hit in kept))


def rows_by_ids(session: Session, ids: Sequence[int], *, group_id: int | None = None) -> tuple[MemberRow, ...]:
    """The roster lines of these members in the order given; ids of nobody are left out.

    The dates are those of the present or last stay, in the group if one is given.
    """
    people = {row.id: row for row in in_chunks(session, LINES, ids)}
    aliases, tags = _by_member(session, ALIASES, ids), _by_member(session, TAGS, ids)
    stays = _by_member(session, STAYS, ids)
    return tuple(
        _row(people[n], aliases.get(n, ()), tags.get(n, ()), stays.get(n, ()), group_id) for n in ids if n in people
    )


def list_members(
    session: Session,
    *,
    search: str | None = None,
    group_id: int | None = None,
    present_only: bool = False,
    as_of: date | None = None,
) -> tuple[MemberListing, ...]:
    """The members with all their names, by name, or best hit first in a search.

    Those who left are included unless `present_only`; `as_of` (a past day) lists those who were there on that day.
    """
    present = True if present_only or as_of is not None else None
    ids = view_ids(session, group_id=group_id, search=search or "", present=present, as_of=as_of)
    aliases, tags = _by_member(session, ALIASES, ids), _by_member(session, TAGS, ids)
    stays = _by_member(session, STAYS, ids)
    known = names(session, list(ids))
    listings = []
    for member_id in ids:
        stay = _stay_shown(stays.get(member_id, ()), group_id)
        other = dict.fromkeys(row.text for row in aliases.get(member_id, ()) if row.text != known[member_id])
        carried = tuple((row.category, row.name) for row in tags.get(member_id, ()))
        joined, left = (stay.joined_on, stay.left_on) if stay else (None, None)
        listings.append(MemberListing(member_id, known[member_id], tuple(other), joined, left, carried))
    return tuple(listings)


def card(session: Session, member_id: int) -> MemberCard:
    """Everything the roster knows of one member. Raises NotFound."""
    person = get(session, member_id)
    stays = list(in_chunks(session, STAYS, [member_id]))
    inviters = names(session, [row.inviter_id for row in stays if row.inviter_id is not None])
    return MemberCard(
        person,
        tuple(
            DatedAlias(row.kind, row.text, row.valid_from, row.valid_to)
            for row in in_chunks(session, ALIASES, [member_id])
        ),
        tuple(
            Stay(
                row.id,
                row.group_id,
                row.group_name,
                row.joined_on,
                row.left_on,
                row.left_reason or "",
                row.role or "",
                row.inviter_id,
                inviters.get(row.inviter_id, ""),
            )
            for row in stays
        ),
        tuple((row.category, row.name) for row in in_chunks(session, TAGS, [member_id])),
    )


def birthdays(session: Session, clock: Clock, days: int = 7, group_id: int | None = None) -> tuple[BirthdayDue, ...]:
    """Whose birthday falls in the `days` days from today on, today included, of those present; the nearest first."""
    today = clock.today(groups.day_rule(session, group_id))
    end = today + timedelta(days=days)
    born = select(member).where(member.c.birth_month.is_not(None), is_present(group_id))
    due = []
    for row in session.rows(born):
        person = as_member(row)
        assert person.birthday is not None
        day = next_birthday(person.birthday, today)
        if day < end:
            due.append(BirthdayDue(person.id, person.name, day, person.birthday))
    return tuple(sorted(due, key=attrgetter("day", "name", "member_id")))


def _by_member(session: Session, statement: Any, ids: Iterable[int]) -> _Rows:
    rows = in_chunks(session, statement, ids)
    return {member_id: list(own) for member_id, own in groupby(rows, key=attrgetter("member_id"))}


def _stay_shown(stays: Sequence[Row[Any]], group_id: int | None) -> Row[Any] | None:
    """The present stay or else the last one, in the group if one is given."""
    here = [stay for stay in stays if group_id in (None, stay.group_id)]
    return next((stay for stay in here if stay.left_on is None), here[-1] if here else None)


def _row(
    person: Row[Any],
    aliases: Sequence[Row[Any]],
    tags: Sequence[Row[Any]],
    stays: Sequence[Row[Any]],
    group_id: int | None,
) -> MemberRow:
    stay = _stay_shown(stays, group_id)
    nicks = [row.text for row in aliases if row.kind == "nick" and row.valid_to is None]
    return MemberRow(
        person.id,
        person.name,
        nicks[-1] if nicks else "",
        tuple(dict.fromkeys(row.group_name for row in stays if row.left_on is None)),
        stay.joined_on if stay else None,
        stay.left_on if stay else None,
        masked_phone(person.phone or ""),
        tuple((row.category, row.name) for row in tags),
        person.channel or "",
    )
