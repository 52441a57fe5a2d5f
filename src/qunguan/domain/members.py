"""Members: the people, the names they were known by, their places in groups, and when their birthday falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from qunguan.domain import lunar, pinyin
from qunguan.domain.errors import BadInput
from qunguan.domain.numerals import lunar_words
from qunguan.domain.text import clean, match_key, show
from qunguan.i18n import N_, _, language
from qunguan.values import frozen

NAME_KINDS = ("name", "nick", "remark")
"""The kinds of alias a member is called by in a group; the others are account ids and addresses."""
ID_KINDS = ("wxid", "wechat_id", "qq")
"""The kinds of alias that tell two people of the same name apart."""
EMPTY_DAY = date(1970, 1, 1)
"""Up to this day a day of joining is none: spreadsheets write 1900-01-00 and after for an empty cell, others this."""

ALIAS_KINDS: dict[str, str] = {
    "name": N_("name"),
    "nick": N_("group nickname"),
    "remark": N_("remark"),
    "wechat_id": N_("WeChat ID"),
    "wxid": N_("wxid"),
    "qq": N_("QQ"),
    "email": N_("email"),
}
_LUNAR_DAYS, _SOLAR_DAYS = 30, (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SORTED = 12  # characters of a name that decide its place; it is an index, and further ones hardly ever matter
_YEARS = range(1850, 2201)


@frozen
class Birthday:
    """A day of the year, solar or lunar; `leap` is a leap lunar month (闰四月). `year` is of the same calendar."""

    month: int
    day: int
    lunar: bool = False
    leap: bool = False
    year: int | None = None


@frozen
class Member:
    """One person. Texts are "" where nothing is known; `extra` holds the owner's own fields by header."""

    id: int
    name: str
    phone: str = ""
    birthday: Birthday | None = None
    channel: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime | None = None


ROLES: Final[dict[str, str]] = {
    "owner": N_("owner"), "admin": N_("administrator"), "co_creator": N_("co-creation partner"),
}  # fmt: skip
"""The roles in a group the program knows, with the message ID of each; any other word is the owner's own."""


def role_typed(text: str) -> str:
    """The role that is meant, by code or in any of its names (群主); other words stay, cleaned."""
    for role, label in ROLES.items():
        if match_key(text) in {role, match_key(label), match_key(_(label)), *_ROLE_NAMES[role]}:
            return role
    return clean(text.strip())


_ROLE_NAMES: Final = {
    "owner": ("群主",), "admin": ("管理员",), "co_creator": ("共创合伙人", "共创伙伴", "合伙人"),
}  # fmt: skip


def role_said(role: str) -> str:
    """A role as people read it."""
    return _(ROLES[role]) if role in ROLES else role


@frozen
class DatedAlias:
    """A name somebody was known by. `valid_to` None means it still holds; an open start means "since always"."""

    kind: str
    text: str
    valid_from: date | None = None
    valid_to: date | None = None


@frozen
class Stay:
    """One stay in a group. `left_on` is the first day the member is no longer there; None while present."""

    id: int
    group_id: int
    group: str
    joined_on: date | None
    left_on: date | None
    left_reason: str = ""
    role: str = ""
    inviter_id: int | None = None
    inviter: str = ""


@frozen
class MemberCard:
    """Everything the roster knows of one person. Tags are (category, name), aliases and stays in order of time."""

    member: Member
    aliases: tuple[DatedAlias, ...]
    stays: tuple[Stay, ...]
    tags: tuple[tuple[str, str], ...]

    @property
    def present(self) -> bool:
        """Whether the member is in some group now."""
        return any(stay.left_on is None for stay in self.stays)


@frozen
class MemberRow:
    """One line of the roster table. `phone` is masked; `groups` are those the member is in now."""

    id: int
    name: str
    nick: str
    groups: tuple[str, ...]
    joined_on: date | None
    left_on: date | None
    phone: str
    tags: tuple[tuple[str, str], ...]
    channel: str


@frozen
class MemberListing:
    """One member as lists and exports give them: `aliases` are the other names, former ones included."""

    id: int
    name: str
    aliases: tuple[str, ...]
    joined_on: date | None
    left_on: date | None
    tags: tuple[tuple[str, str], ...]


@frozen
class TagCount:
    """A tag and how many members carry it. `category` is "" where there is none."""

    category: str
    name: str
    members: int


@frozen
class BirthdayDue:
    """Whose birthday falls on `day`."""

    member_id: int
    name: str
    day: date
    birthday: Birthday


def sort_key(name: str) -> str:
    """Where a name stands in the roster: by pinyin, one Hanzi after the other, names in letters among them.

    Names that begin with a digit, a sign or an emoji come last, as in a phone's contacts. The Hanzi stands behind its
    syllable, so that 李 and 黎 do not mix.
    """
    text = match_key(name)[:_SORTED]
    readings = zip(text, pinyin.syllables(text), strict=True)
    key = "".join(f"{said[0]} {char} " if said else char for char, said in readings)
    return key if "a" <= key[:1] <= "z" else f"~{key}"


def forgotten(member_id: int, name: str) -> bool:
    """Whether nothing is left of a member but the number: they were forgotten on their wish."""
    return name == f"#{member_id}"


def label(member_id: int, name: str) -> str:
    """How a member is offered to choose from: 张三 (#12)."""
    return f"{show(name)} (#{member_id})"


def masked_phone(phone: str) -> str:
    """The phone number as lists show it: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def typed_phone(text: str) -> str:
    """A phone number as it is stored: digits and an optional leading +. Raises BadInput."""
    number = clean(text).replace(" ", "").replace("-", "")
    digits = number.removeprefix("+")
    if number and not (digits.isascii() and digits.isdecimal() and 3 <= len(digits) <= 20):
        raise BadInput("{text} is not a phone number", hint="use digits only", text=show(text[:40]))
    return number


def checked_birthday(birthday: Birthday | None) -> Birthday | None:
    """The birthday when there can be such a day. Raises BadInput."""
    if birthday is None:
        return None
    month, day, year = birthday.month, birthday.day, birthday.year
    fits = 1 <= month <= 12 and (year is None or year in _YEARS) and (birthday.lunar or not birthday.leap)
    most = _LUNAR_DAYS if birthday.lunar else _SOLAR_DAYS[month - 1] if fits else 0
    if fits and year is not None and not birthday.lunar and (month, day) == (2, 29):
        most = 29 if _is_leap(year) else 28
    if not (fits and 1 <= day <= most):
        raise BadInput(
            "there is no such birthday: {birthday}", hint="check month and day", birthday=birthday_text(birthday)
        )
    return birthday


def birthday_text(birthday: Birthday | None) -> str:
    """The birthday as people write it, "" when it is not known."""
    if birthday is None:
        return ""
    month: int | str
    day: int | str
    month, day = birthday.month, birthday.day
    if birthday.lunar and language() == "zh" and 1 <= birthday.month <= 12 and 1 <= birthday.day <= _LUNAR_DAYS:
        month, day = lunar_words(birthday.month, birthday.day)
    if not birthday.lunar:
        text = _("{month}/{day}", month=month, day=day)
    elif birthday.leap:
        text = _("lunar leap month {month}/{day}", month=month, day=day)
    else:
        text = _("lunar {month}/{day}", month=month, day=day)
    return text if birthday.year is None else _("{year}, {day}", year=birthday.year, day=text)


def next_birthday(birthday: Birthday, today: date) -> date:
    """The first day from `today` on when the birthday is kept.

    29 February falls on the 28th in common years. A lunar birthday in a leap month is kept in the ordinary month of
    years without that leap month; the 30th falls on the last day of a month of 29.
    """
    return _next(birthday.month, birthday.day, birthday.lunar, birthday.leap, today)


@lru_cache(maxsize=2048)  # a large community has the same few hundred days again and again
def _next(month: int, day: int, lunar: bool, leap: bool, today: date) -> date:
    years = range(today.year - 1, today.year + 2)
    days = (_lunar_day(year, month, day, leap) if lunar else _solar_day(year, month, day) for year in years)
    return min(found for found in days if found >= today)


def _solar_day(year: int, month: int, day: int) -> date:
    return date(year, month, 28 if (month, day) == (2, 29) and not _is_leap(year) else day)


def _lunar_day(year: int, month: int, day: int, leap: bool) -> date:
    months = lunar.months(year)
    first, days = months[-month if leap and -month in months else month]
    return first + timedelta(days=min(day, days) - 1)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
