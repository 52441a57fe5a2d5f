"""Who the rows of a roster are, said so that the same file says the same again once it is applied."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from qunguan.domain.rosters import Reason, RosterEntry, RowNote
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services.members_match import Identities, Known, Person, searched
from qunguan.values import frozen

_PATIENCE = 4
"""How many times a row may say another thing before it is a doubt."""


@frozen
class _Row:
    """As much of a member's row as the search reads."""

    id: int
    name: str
    phone: str


@frozen
class _Alias:
    """As much of an alias's row as the search reads; of `valid_to` only whether it is over."""

    kind: str
    text: str
    key: str
    valid_to: bool = False


def identify(entries: Sequence[RosterEntry], known: Known) -> Identities:
    """Say of each entry which member it is, that it is new, or why that cannot be told.

    Everybody is looked for once more as they are when the file is applied, until the answers stay: what one row tells
    may settle the doubt of another, and a row that says another thing each time is a doubt itself.
    """
    told, unsure = searched(entries, known, {}), dict[int, RowNote]()
    for turn in count(1):
        found = searched(entries, applied(known, entries, told), unsure)
        again = _without_new(entries, found, told.rejected)
        moved = [number for number in range(len(entries)) if _answer(told, number) != _answer(again, number)]
        if not moved:
            return again
        if turn > _PATIENCE:
            reason = Reason(N_("whose row it is depends on other rows of the file, and they disagree"))
            unsure |= {number: RowNote(entries[number].row, reason) for number in moved}
        told = again
    raise AssertionError("every turn after the first few makes a row a doubt")


def applied(known: Known, entries: Sequence[RosterEntry], told: Identities) -> Known:
    """Everybody as the file leaves them; who is new has an id below 0, see `_fresh`."""
    people = dict(known.people)
    for number, entry in enumerate(entries):
        if number not in told.rejected:
            who = told.found.get(number, _fresh(number))
            people[who] = _after(entry, known.people.get(who), who, by_name=number in told.by_name)
    return Known.of(people)


def name_after(entry: RosterEntry, before: str, *, by_name: bool) -> str:
    """What the member is called once the entry is applied."""
    return entry.name if not by_name or match_key(entry.name) == match_key(before) else before


def _fresh(number: int) -> int:
    return -1 - number


def _answer(told: Identities, number: int) -> int | None:
    """The member, 0 for a doubt, None for somebody new."""
    return 0 if number in told.rejected else told.found.get(number)


def _without_new(entries: Sequence[RosterEntry], found: Identities, before: dict[int, RowNote]) -> Identities:
    """The answers in terms of who is known before the file is applied, with the reasons found before, if there are."""
    told = Identities(rejected={number: before.get(number, note) for number, note in found.rejected.items()})
    for number, who in found.found.items():
        if who > 0:
            told.found[number] = who
        elif who != _fresh(number):
            reason = Reason.of(N_("the same member as row {other}"), other=entries[_fresh(who)].row)
            told.rejected[number] = before.get(number, RowNote(entries[number].row, reason))
    told.by_name = found.by_name & told.found.keys()
    return told


def _after(entry: RosterEntry, before: Person | None, who: int, *, by_name: bool) -> Person:
    name = name_after(entry, before.row.name, by_name=by_name) if before else entry.name
    aliases: list[Any] = list(before.aliases) if before else []
    for kind, text in (("wxid", entry.wxid), ("wechat_id", entry.wechat_id), ("remark", entry.remark), ("name", name)):
        if text and not any(one.kind == kind and one.text == text and not one.valid_to for one in aliases):
            key = match_key(text)
            aliases = [
                _Alias(one.kind, one.text, one.key, valid_to=True) if one.kind == kind else one
                for one in aliases
                if (one.kind, one.key) != (kind, key)
            ]
            aliases.append(_Alias(kind, text, key))
    return Person(_Row(who, name, entry.phone or (before.row.phone if before else "") or ""), aliases)
