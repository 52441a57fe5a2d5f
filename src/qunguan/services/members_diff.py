"""What one roster entry changes about one member, field by field; nothing known is ever blanked by an empty cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from qunguan.domain.member_import import FieldChange, MemberEdit
from qunguan.domain.members import EMPTY_DAY, Birthday, Member, birthday_text
from qunguan.domain.rosters import CellWarning, Reason, RosterEntry
from qunguan.domain.tags import join_tags
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services.members_edit import as_member, columns
from qunguan.services.members_identify import name_after
from qunguan.services.members_match import Person

NOBODY = Member(0, "")
_NIGHT = timedelta(days=1)  # a group's day may begin hours after midnight


def compare(
    entry: RosterEntry, person: Person | None, today: date, *, by_name: bool = False, inviter_id: int | None = None
) -> MemberEdit:
    """The edit that brings `person` (None: somebody new) in line with `entry`.

    `by_name`: the entry has nothing but a name, so only the way it is written may change; a former name is not taken
    back. `inviter_id` is who invited them into the group, as far as that is known.
    """
    edit = MemberEdit()
    before = as_member(person.row) if person else NOBODY
    name = name_after(entry, before.name, by_name=by_name)
    _compare_columns(edit, entry, before, name)
    for kind, text in (("wxid", entry.wxid), ("wechat_id", entry.wechat_id), ("remark", entry.remark)):
        _compare_alias(edit, kind, text, person, today)
    if "name" in edit.columns:
        _compare_alias(edit, "name", name, person, today, told=True)
    missing = [tag for tag in dict.fromkeys(entry.tags) if person is None or tag not in person.tags]
    if missing:
        edit.tags = missing
        carried = sorted(person.tags) if person else []
        edit.changes.append(FieldChange("tags", join_tags(carried), join_tags([*carried, *missing])))
    _compare_stay(edit, entry, person, inviter_id)
    return edit


def possible(entry: RosterEntry, person: Person | None, heads: Mapping[str, str], today: date) -> RosterEntry:
    """The entry without the days that cannot be: these stay as they were, with a warning for each.

    A day that has not come, one that a program writes for an empty cell, leaving before joining. `heads` is
    field → header, `today` the group's business day.
    """
    return _in_order(_in_time(entry, heads, today), person, heads)


def _in_time(entry: RosterEntry, heads: Mapping[str, str], today: date) -> RosterEntry:
    told = {"joined_on": _day(entry.joined_on), "left_on": _day(entry.left_on)}
    wrong = {name: reason for name, day in told.items() if day and (reason := _out_of_time(day, today))}
    warnings = tuple(
        CellWarning(entry.row, heads.get(name, name), str(told[name]), reason) for name, reason in wrong.items()
    )
    return replace(
        entry,
        joined_on=None if "joined_on" in wrong else entry.joined_on,
        left_on=None if "left_on" in wrong else entry.left_on,
        warnings=(*entry.warnings, *warnings),
    )


def _out_of_time(day: date, today: date) -> Reason | None:
    if day <= EMPTY_DAY:
        return Reason.of(N_("this is what an empty cell becomes in a spreadsheet, no day anybody joined or left"))
    if day > today + _NIGHT:
        return Reason.of(N_("this day has not come yet"))
    return None


def _in_order(entry: RosterEntry, person: Person | None, heads: Mapping[str, str]) -> RosterEntry:
    stay = person.stay if person else None
    joined = _day(entry.joined_on) or (stay.joined_on if stay else None)
    left = _day(entry.left_on) or (stay.left_on if stay and entry.joined_on and not _returns(entry, stay) else None)
    if not joined or not left or joined <= left:
        return entry
    reason = Reason.of(N_("left on {left}, before the day they joined, {joined}"), left=left, joined=joined)
    told = {"joined_on": entry.joined_on, "left_on": entry.left_on}
    warnings = tuple(CellWarning(entry.row, heads.get(name, name), day, reason) for name, day in told.items() if day)
    return replace(entry, joined_on=None, left_on=None, warnings=(*entry.warnings, *warnings))


def _compare_columns(edit: MemberEdit, entry: RosterEntry, before: Member, name: str) -> None:
    after = replace(
        before,
        name=name,
        phone=entry.phone or before.phone,
        birthday=_birthday(entry.birthday, before.birthday),
        channel=entry.channel or before.channel,
        note=entry.note or before.note,
        extra={**before.extra, **{header: text for header, text in entry.extra.items() if text}},
    )
    if after == before:
        return
    edit.columns = columns(after)
    texts: list[tuple[str, str, str]] = [
        (name, getattr(before, name), getattr(after, name)) for name in ("name", "phone", "channel", "note")
    ]
    texts.append(("birthday", birthday_text(before.birthday), birthday_text(after.birthday)))
    texts.extend((header, before.extra.get(header, ""), text) for header, text in after.extra.items())
    edit.changes.extend(FieldChange(name, was, now) for name, was, now in texts if was != now)


def _birthday(told: Birthday | None, known: Birthday | None) -> Birthday | None:
    """The birthday told; a year that was known stays where only the day is told again."""
    if told is None or (known is not None and told == replace(known, year=None)):
        return known
    return told


def _compare_alias(
    edit: MemberEdit, kind: str, text: str, person: Person | None, today: date, *, told: bool = False
) -> None:
    """Open `text` under `kind` and close what held before. `told`: the change is listed already, as the name's."""
    if not text:
        return
    own = [row for row in person.aliases if row.kind == kind] if person else []
    standing = [row for row in own if row.valid_to is None]
    if any(row.text == text for row in standing):
        return
    key = match_key(text)
    same = next((row for row in own if row.key == key), None)
    edit.alias_updates.extend((row.id, row.text, today) for row in standing if row is not same)
    if same is not None:
        edit.alias_updates.append((same.id, text, None))
    else:
        edit.aliases.append((kind, text))
    if not told:
        edit.changes.append(FieldChange(kind, standing[-1].text if standing else "", text))


def _compare_stay(edit: MemberEdit, entry: RosterEntry, person: Person | None, inviter_id: int | None) -> None:
    """The file's days are taken as they are given: the owner's list is what the owner knows."""
    stay = person.stay if person else None
    joined, left = _day(entry.joined_on), _day(entry.left_on)
    told: Mapping[str, Any] = {"joined_on": joined, "left_on": left, "inviter_id": inviter_id}
    if stay is None or _returns(entry, stay):
        edit.stay = dict(told)
        was = {"joined_on": stay.joined_on if stay else None, "left_on": None}
    else:
        was = {name: getattr(stay, name) for name in told}
        new = {name: value if value is not None else was[name] for name, value in told.items()}
        if new == was:
            return
        edit.stay_id, edit.stay = stay.id, new
    for name in ("joined_on", "left_on"):
        if told[name] is not None and told[name] != was[name]:
            edit.changes.append(FieldChange(name, _text(was[name]), _text(told[name])))
    if inviter_id is not None and inviter_id != was.get("inviter_id"):
        edit.changes.append(FieldChange("inviter", "", entry.inviter))


def _returns(entry: RosterEntry, stay: Any) -> bool:
    """Whether the entry tells of a new stay: a day of joining after the one they left on."""
    joined = _day(entry.joined_on)
    return stay.left_on is not None and joined is not None and joined > stay.left_on


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
