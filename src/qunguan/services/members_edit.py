"""Members one at a time: add, change, leave and come back. Every name that is replaced stays as a dated alias."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.members import (
    ALIAS_KINDS,
    NAME_KINDS,
    Birthday,
    Member,
    checked_birthday,
    role_typed,
    sort_key,
    typed_phone,
)
from qunguan.domain.names import typed_name
from qunguan.domain.text import NAME_LIMIT, clean, clean_lines, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.members_index import reindex
from qunguan.services.members_tags import link_tags
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session


def add(
    session: Session,
    clock: Clock,
    name: str,
    *,
    group_id: int | None = None,
    joined_on: date | None = None,
    phone: str = "",
    birthday: Birthday | None = None,
    channel: str = "",
    note: str = "",
    extra: dict[str, str] | None = None,
    tags: Iterable[tuple[str, str]] = (),
) -> Member:
    """Add a person, and to a group if one is given; `joined_on` None means that nobody knows. Raises BadInput.

    A second member of the same name is allowed: people share names, and ids tell them apart.
    """
    person = Member(0, name, phone, birthday, channel, note, extra or {})
    values = columns(_checked(person))
    if group_id is not None:
        groups.get(session, group_id)
    session.step(N_("Added the member {name}"), name=values["name"])
    member_id = session.insert(member, **values, created_at=clock.now())
    _name_many(session, [member_id], [values["name"]], group_id, joined_on)
    link_tags(session, [(member_id, typed_name(group) if group else "", typed_name(tag)) for group, tag in tags])
    reindex(session, [member_id])
    return get(session, member_id)


def add_many(
    session: Session, clock: Clock, names: Sequence[str], *, group_id: int | None = None, joined_on: date | None = None
) -> range:
    """Add people by their names alone, in bulk; returns their ids in the order of the names. Raises BadInput."""
    checked = [typed_name(name) for name in names]
    if group_id is not None:
        groups.get(session, group_id)
    session.step(N_("Added {count} members"), count=len(checked))
    now = clock.now()
    people = ({**columns(Member(0, name)), "created_at": now} for name in checked)
    ids = session.insert_many(member, people)
    _name_many(session, ids, checked, group_id, joined_on)
    reindex(session, ids)
    return ids


def get(session: Session, member_id: int) -> Member:
    """One member by id. Raises NotFound."""
    row = session.get(member, member_id)
    if row is None:
        raise NotFound("there is no member {text}", hint="see the list of members", text=f"#{member_id}")
    return as_member(row)


def edit(session: Session, clock: Clock, person: Member) -> Member:
    """Write a member as given: take the member as stored, `dataclasses.replace` what changes, hand it back here.

    A new name closes the old one with today's date and keeps it as an alias. Raises BadInput and NotFound.
    """
    before = get(session, person.id)
    values = columns(_checked(person))
    session.step(N_("Changed the member {name}"), name=before.name)
    session.update(member, person.id, **values)
    if values["name"] != before.name:
        set_alias(session, clock, person.id, "name", values["name"])
    reindex(session, [person.id])
    return get(session, person.id)


def set_alias(session: Session, clock: Clock, member_id: int, kind: str, text: str) -> None:
    """Let `text` be what the member is known by under this kind from today on; the one before stays, with its dates.

    "" only closes the present one. A text the member had before is opened again. Raises BadInput.
    """
    if kind not in ALIAS_KINDS:
        raise BadInput("there is no kind of name {kind}", hint="use one of: {known}", kind=show(kind[:40]),
                       known=", ".join(ALIAS_KINDS))  # fmt: skip
    name = typed_name(text) if text else ""
    session.step(N_("Changed the member {name}"), name=get(session, member_id).name)
    today = clock.today(groups.day_rule(session))
    own = select(alias).where(alias.c.member_id == member_id, alias.c.kind == kind).order_by(alias.c.id)
    rows = session.rows(own)
    key = match_key(name)
    for row in rows:
        if row.key == key:
            session.update(alias, row.id, text=name, valid_to=None)
        elif row.valid_to is None:
            session.update(alias, row.id, valid_to=today)
    if name and all(row.key != key for row in rows):
        session.insert(alias, member_id=member_id, kind=kind, text=name, key=key, valid_from=today, valid_to=None)
    reindex(session, [member_id])


def called_in(session: Session, member_id: int, text: str) -> bool:
    """Whether a name is but a part of what the member is called, or what they are called a part of it: 范姐 and
    3栋-1460 范姐.
    """
    key = match_key(text)
    present = select(alias.c.key).where(
        alias.c.member_id == member_id, alias.c.kind.in_(NAME_KINDS), alias.c.valid_to.is_(None)
    )
    return any(key in row.key or row.key in key for row in session.rows(present) if key and row.key)


def also_signs(session: Session, clock: Clock, member_id: int, text: str) -> None:
    """Remember another way a member's name is written: they are found by it, and are called what they were called.

    Nothing changes when they have had the name. Raises BadInput.
    """
    name = typed_name(text)
    key = match_key(name)
    had = select(alias.c.id).where(alias.c.member_id == member_id, alias.c.key == key).limit(1)
    if session.scalar(had) is not None:
        return
    session.step(N_("Changed the member {name}"), name=get(session, member_id).name)
    day = clock.today(groups.day_rule(session))
    session.insert(alias, member_id=member_id, kind="nick", text=name, key=key, valid_from=day, valid_to=day)
    reindex(session, [member_id])


def join(
    session: Session,
    clock: Clock,
    member_id: int,
    group_id: int,
    day: date | None = None,
    *,
    inviter_id: int | None = None,
    role: str = "",
) -> None:
    """Put a member into a group, for the first time or again; `day` None means that nobody knows.

    Raises Refused when they are there, BadInput when the day is before the one they left.
    """
    person, group = get(session, member_id), groups.get(session, group_id)
    last = _last_stay(session, member_id, group_id)
    if last is not None and last.left_on is None:
        raise Refused("{name} is already in {group}", name=show(person.name), group=show(group.name))
    if last is not None and day is not None and day < last.left_on:
        raise BadInput("{day} is before the day they left, {other}", day=day, other=last.left_on)
    session.step(N_("{name} joined {group}"), name=person.name, group=group.name)
    values = {"joined_on": day, "left_on": None, "left_reason": None}
    session.insert(
        membership, member_id=member_id, group_id=group_id, role=clean(role) or None, inviter_id=inviter_id, **values
    )


rejoin = join


def leave(
    session: Session, clock: Clock, member_id: int, group_id: int, day: date | None = None, reason: str = ""
) -> None:
    """Let a member leave a group on `day` (None: today), the first day without them. Nothing they did is lost.

    Raises Refused when they are not there, BadInput when the day is before the one they joined.
    """
    person, group = get(session, member_id), groups.get(session, group_id)
    stay = _last_stay(session, member_id, group_id)
    if stay is None or stay.left_on is not None:
        raise Refused("{name} is not in {group}", name=show(person.name), group=show(group.name))
    left_on = day or clock.today(group.day_rule)
    if stay.joined_on is not None and left_on < stay.joined_on:
        raise BadInput("{day} is before the day they joined, {other}", day=left_on, other=stay.joined_on)
    session.step(N_("{name} left {group}"), name=person.name, group=group.name)
    session.update(membership, stay.id, left_on=left_on, left_reason=clean(reason, 200) or None)


def set_role(session: Session, clock: Clock, member_id: int, group_id: int, role: str) -> str:
    """Give a member a role in a group they are in: owner, admin, or words of one's own; "" takes it off.

    Returns the role as it is stored. Raises NotFound, Refused when they are not there.
    """
    person, group, wanted = get(session, member_id), groups.get(session, group_id), role_typed(role)
    stay = _last_stay(session, member_id, group_id)
    if stay is None or stay.left_on is not None:
        raise Refused("{name} is not in {group}", name=show(person.name), group=show(group.name))
    if wanted != (stay.role or ""):
        session.step(N_("Changed the member {name}"), name=person.name)
        session.update(membership, stay.id, role=wanted or None)
    return wanted


def columns(person: Member) -> dict[str, Any]:
    """The columns of a member row, all but its id and the moment it was made."""
    birthday = person.birthday
    return {
        "name": person.name,
        "sort_key": sort_key(person.name),
        "phone": person.phone or None,
        "birth_year": birthday.year if birthday else None,
        "birth_month": birthday.month if birthday else None,
        "birth_day": birthday.day if birthday else None,
        "birth_lunar": birthday.lunar if birthday else False,
        "birth_leap": birthday.leap if birthday else False,
        "channel": person.channel or None,
        "note": person.note or None,
        "extra": dict(person.extra),
    }


def as_member(row: Any) -> Member:
    """The member a row holds."""
    birthday = None
    if row.birth_month is not None:
        birthday = Birthday(row.birth_month, row.birth_day, row.birth_lunar, row.birth_leap, row.birth_year)
    texts = (row.channel or "", row.note or "", row.extra)
    return Member(row.id, row.name, row.phone or "", birthday, *texts, row.created_at)


def _checked(person: Member) -> Member:
    """The member with every text as it is stored. Raises BadInput."""
    return replace(
        person,
        name=typed_name(person.name),
        phone=typed_phone(person.phone),
        birthday=checked_birthday(person.birthday),
        channel=clean(person.channel),
        note=clean_lines(person.note),
        extra={clean(key): clean(value, 200) for key, value in person.extra.items() if clean(key, NAME_LIMIT)},
    )


def _name_many(
    session: Session, ids: Sequence[int], names: Sequence[str], group_id: int | None, day: date | None
) -> None:
    """The first name of new members as an alias, valid since they joined, and their stay in the group."""
    new = zip(ids, names, strict=True)
    fixed = {"kind": "name", "valid_from": day, "valid_to": None}
    session.insert_many(alias, ({"member_id": n, "text": name, "key": match_key(name), **fixed} for n, name in new))
    if group_id is not None:
        session.insert_many(
            membership, ({"member_id": n, "group_id": group_id, "joined_on": day, "left_on": None} for n in ids)
        )


def _last_stay(session: Session, member_id: int, group_id: int) -> Any:
    """The open stay in the group, or else the newest one, or None."""
    stays = select(membership).where(membership.c.member_id == member_id, membership.c.group_id == group_id)
    order = (membership.c.left_on.is_not(None), membership.c.left_on.desc(), membership.c.id.desc())
    return session.first(stays.order_by(*order).limit(1))
