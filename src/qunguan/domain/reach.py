"""Ways to a member besides the group, and how many could be reached if the group went down (S4-31, S4-32)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.members import masked_phone
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import clean, is_blank, match_key, show
from qunguan.values import frozen

_PRESET: Final = Path(__file__).parents[1] / "presets" / "channels.toml"
TARGET: Final = "reach.target"
PHONE: Final = "phone"
VALUE_LIMIT: Final = 200
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_DIGITS = re.compile(r"[1-9]\d{4,11}", re.ASCII)
_PHONE = re.compile(r"\+?\d{5,20}", re.ASCII)

Origin = Literal["told", "roster", "account"]


@frozen
class Channel:
    """A way to a member. `falls_with` are the platforms whose ban takes it along, `aliases` the kinds of account ids
    that are one, `words` what heads its column; `form` says what a value looks like.
    """

    id: str
    name: str
    form: Literal["phone", "email", "digits", "text"]
    falls_with: tuple[str, ...]
    aliases: tuple[str, ...]
    words: tuple[str, ...]
    advice: str

    def stands_without(self, platform: str) -> bool:
        """Whether it still works when that platform is closed to us."""
        return platform not in self.falls_with


@frozen
class Contact:
    """One way to one member. `id` is None for one that follows from the roster or from an account; `agreed` False:
    they do not want to be written to this way.
    """

    id: int | None
    member_id: int
    name: str
    channel: str
    value: str
    agreed: bool
    origin: Origin
    told_on: date | None = None

    @property
    def shown(self) -> str:
        """The value as lists show it: a phone number masked."""
        return masked_phone(self.value) if self.channel == PHONE else self.value


@frozen
class ContactRow:
    """A line of a list of contacts: who as it is written there, and the ways to them."""

    row: int
    who: str
    ways: tuple[tuple[str, str], ...]
    agreed: bool = True


@frozen
class ContactSheet:
    """A list as read; every row below the header is in `rows`, `rejected` or `skipped`."""

    encoding: str
    rows: tuple[ContactRow, ...]
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    notes: tuple[Reason, ...] = ()


@frozen
class ReachOutcome:
    """What an import did, counted in ways: new, changed in consent, known already; and the rows that were not taken."""

    added: int
    changed: int
    already: int
    unresolved: tuple[RowNote, ...]
    rejected: tuple[RowNote, ...]


@frozen
class Cover:
    """How many members of a group a channel reaches; `refused` may not be written to by it. `rate` is 0 to 1, None of
    an empty group; `outside`: it stands when the group's own platform is closed to us.
    """

    channel: str
    name: str
    n: int
    rate: float | None
    refused: int
    outside: bool
    advice: str


@frozen
class Coverage:
    """Who of a group can be reached how. `reachable` have any way besides the group, `backup` one that stands without
    the group's platform; `unreachable` have none: (id, name). `left_alone` asked not to be written to and are counted
    nowhere else. `target` is in per cent, None while its rule is off.
    """

    group_id: int
    group: str
    platform: str
    members: int
    channels: tuple[Cover, ...]
    reachable: int
    backup: int
    unreachable: tuple[tuple[int, str], ...]
    left_alone: int
    target: int | None
    source: str

    @property
    def backup_rate(self) -> float | None:
        """The share of members with a backup way."""
        return self.backup / self.members if self.members else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without members or target."""
        return None if self.target is None or not self.members else 100 * self.backup >= self.target * self.members


@frozen
class ReachLine:
    """A member and the ways to them that may be used: channel → values."""

    member_id: int
    name: str
    ways: Mapping[str, tuple[str, ...]]


@cache
def channels() -> Mapping[str, Channel]:
    """Every shipped channel by id, those that stand alone first."""
    told: dict[str, dict[str, Any]] = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        name: Channel(name, each["name"], each["form"], tuple(each["falls_with"]), tuple(each["aliases"]),
                      tuple(each["words"]), each["advice"])
        for name, each in told.items()
    }  # fmt: skip


def channel_typed(text: str) -> Channel:
    """The channel that is meant, by id, name or what heads its column. Raises BadInput."""
    key = match_key(text)
    for each in channels().values():
        if key in {match_key(word) for word in (each.id, each.name, *each.words)}:
            return each
    known = " / ".join(f"{each.id} {each.name}" for each in channels().values())
    raise BadInput("there is no channel {text}", hint="choose one of: {known}", text=show(text[:40]), known=known)


def checked_value(channel: Channel, text: str) -> str:
    """A number, address or account as it is stored. Raises BadInput for one that nothing can be sent to."""
    value = clean(text.strip(), VALUE_LIMIT)
    if is_blank(value):
        raise BadInput("there is nothing to write to", hint="give the number, address or account")
    form = {"phone": _PHONE, "email": _EMAIL, "digits": _DIGITS}.get(channel.form)
    if form is not None and not form.fullmatch(value):
        raise BadInput("“{value}” cannot be written to by {channel}", hint="check the number or address",
                       value=show(value[:40]), channel=channel.name)  # fmt: skip
    return value


def usable(channel: Channel, text: str) -> bool:
    """Whether a value that other nouns hold can be written to: a masked phone number cannot."""
    form = {"phone": _PHONE, "email": _EMAIL, "digits": _DIGITS}.get(channel.form)
    return bool(text) and (form is None or form.fullmatch(text) is not None)


def coverage(
    group: tuple[int, str, str], members: Mapping[int, str], ways: Iterable[Contact], left_alone: frozenset[int],
    target: int | None, source: str,
) -> Coverage:  # fmt: skip
    """Count who of `members` (id → name) can be reached how; `group` is its id, name and platform."""
    group_id, name, platform = group
    agreed: dict[str, set[int]] = {each: set() for each in channels()}
    refused: dict[str, set[int]] = {each: set() for each in channels()}
    for way in ways:
        if way.member_id in members and way.channel in agreed:
            (agreed if way.agreed else refused)[way.channel].add(way.member_id)
    quiet = left_alone & members.keys()
    covers, any_way, backup = [], set[int](), set[int]()
    for each in channels().values():
        there, outside = agreed[each.id] - quiet, each.stands_without(platform)
        any_way |= there
        backup |= there if outside else set()
        rate = len(there) / len(members) if members else None
        covers.append(Cover(each.id, each.name, len(there), rate, len(refused[each.id] - agreed[each.id]), outside,
                            each.advice))  # fmt: skip
    lost = tuple((who, called) for who, called in members.items() if who not in any_way and who not in quiet)
    return Coverage(group_id, name, platform, len(members), tuple(covers), len(any_way), len(backup), lost, len(quiet),
                    target, source)  # fmt: skip
