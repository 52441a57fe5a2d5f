"""Members as they are typed into a form: texts in, one step out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday, Member, MemberCard, Stay
from qunguan.domain.numerals import lunar_words
from qunguan.domain.tags import split_tags
from qunguan.exchange.readers.birthdays import birthday_cell
from qunguan.exchange.readers.cells import date_cell, phone_cell
from qunguan.i18n import N_
from qunguan.services.members_edit import add, edit, get, join, leave, set_alias, set_role
from qunguan.services.members_tags import add_tag
from qunguan.services.members_view import card
from qunguan.store.members import membership
from qunguan.store.session import Session

ALIASES_TYPED = ("nick", "wechat_id")
_PIECES = re.compile("[;；]")
_LINE_BREAK = " / "


def typed(found: MemberCard, group_id: int | None) -> dict[str, str]:
    """A member as the texts of the form; `edit_typed` reads each of them back."""
    person = found.member
    names = {each.kind: each.text for each in found.aliases if each.valid_to is None}
    stay = _stay(found, group_id)
    return {
        "name": person.name,
        **{kind: names.get(kind, "") for kind in ALIASES_TYPED},
        "phone": person.phone,
        "birthday": typed_birthday(person.birthday),
        "role": stay.role if stay else "",
        "joined_on": stay.joined_on.isoformat() if stay and stay.joined_on else "",
        "channel": person.channel,
        "note": person.note.replace("\n", _LINE_BREAK),
        "extra": "；".join(f"{name}={text}" for name, text in person.extra.items()),
    }


def add_typed(session: Session, clock: Clock, values: Mapping[str, str], group_id: int | None) -> Member:
    """Add a member from the texts of a form, to a group if one is given; one step. Raises BadInput."""
    born, joined = _birthday(values.get("birthday", "")), _date(values.get("joined_on", ""))
    session.step(N_("Added the member {name}"), name=values.get("name", ""))
    person = add(
        session, clock, values.get("name", ""), group_id=group_id, joined_on=joined,
        phone=_phone(values.get("phone", "")), birthday=born, channel=values.get("channel", ""),
        note=values.get("note", ""), tags=split_tags(values.get("tags", "")),
    )  # fmt: skip
    for kind in ALIASES_TYPED:
        if values.get(kind):
            set_alias(session, clock, person.id, kind, values[kind])
    return person


def edit_typed(
    session: Session, clock: Clock, member_id: int, values: Mapping[str, str], group_id: int | None
) -> Member:
    """Write what was changed in the form of `typed`; an emptied text forgets the value. One step. Raises BadInput."""
    found = card(session, member_id)
    before = typed(found, group_id)
    changed = {name: text for name, text in values.items() if text != before.get(name, "")}
    session.step(N_("Changed the member {name}"), name=found.member.name)
    if "phone" in changed:
        changed["phone"] = _phone(changed["phone"])
    person = found.member
    for name in ("name", "phone", "channel"):
        person = replace(person, **{name: changed.get(name, getattr(person, name))})
    if "note" in changed:
        person = replace(person, note=changed["note"].replace(_LINE_BREAK, "\n"))
    if "birthday" in changed:
        person = replace(person, birthday=_birthday(changed["birthday"]))
    if "extra" in changed:
        person = replace(person, extra=_extra(changed["extra"]))
    if person != found.member:
        edit(session, clock, person)
    for kind in ALIASES_TYPED:
        if kind in changed:
            set_alias(session, clock, member_id, kind, changed[kind])
    if "role" in changed and group_id is not None:
        set_role(session, clock, member_id, group_id, changed["role"])
    if "joined_on" in changed:
        _rejoin_date(session, found, group_id, _date(changed["joined_on"]))
    return get(session, member_id)


def leave_many(
    session: Session, clock: Clock, member_ids: Iterable[int], group_id: int, day_text: str = "", reason: str = ""
) -> int:
    """Let members leave a group on a day ("" for today), one step; returns how many. Raises as `leave` does."""
    ids = list(member_ids)
    day = _date(day_text)
    if len(ids) > 1:
        session.step(N_("{count} members left the group"), count=len(ids))
    for member_id in ids:
        leave(session, clock, member_id, group_id, day, reason)
    return len(ids)


def rejoin_typed(session: Session, clock: Clock, member_id: int, group_id: int, day_text: str) -> None:
    """Put a member into a group again from a typed day ("": nobody knows). Raises as `join` does."""
    join(session, clock, member_id, group_id, _date(day_text))


def tag_typed(session: Session, clock: Clock, member_ids: Iterable[int], text: str) -> int:
    """Put the tags in `text` (`VIP、学员等级:VIP`) on members; returns how many got a new one. Raises BadInput."""
    tags = split_tags(text)
    if not tags:
        raise BadInput("a tag needs a name")
    ids = list(member_ids)
    return sum(add_tag(session, clock, ids, name, category) for category, name in tags)


def typed_birthday(birthday: Birthday | None) -> str:
    """A birthday as `birthday_cell` reads it back: 1990年3月5日, 3月5日, 农历闰四月十二."""
    if birthday is None:
        return ""
    year = "" if birthday.year is None else f"{birthday.year}年"
    leap = "闰" if birthday.leap else ""
    if not birthday.lunar:
        return f"{year}{birthday.month}月{birthday.day}日"
    month, day = lunar_words(birthday.month, birthday.day)
    return f"农历{year}{leap}{month}月{day}"


def _stay(found: MemberCard, group_id: int | None) -> Stay | None:
    """The present stay in the group, or else the last one."""
    here = [stay for stay in found.stays if stay.group_id == group_id]
    return next((stay for stay in here if stay.left_on is None), here[-1] if here else None)


def _rejoin_date(session: Session, found: MemberCard, group_id: int | None, day: date | None) -> None:
    stay = _stay(found, group_id)
    if stay is None:
        return
    if day is not None and stay.left_on is not None and day > stay.left_on:
        raise BadInput("{day} is after the day they left, {other}", day=day, other=stay.left_on)
    session.update(membership, stay.id, joined_on=day)


def _phone(text: str) -> str:
    return phone_cell(text) if text.strip() else ""


def _birthday(text: str) -> Birthday | None:
    return birthday_cell(text) if text.strip() else None


def _date(text: str) -> date | None:
    return date_cell(text) if text.strip() else None


def _extra(text: str) -> dict[str, str]:
    """`城市=上海；职业=教师` as fields; a piece without a value is left out."""
    pairs = (piece.partition("=") for piece in _PIECES.split(text))
    return {name.strip(): value.strip() for name, _sign, value in pairs if name.strip() and value.strip()}
