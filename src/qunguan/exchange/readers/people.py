"""Rows that speak of one person brought together, rows that may speak of two told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from qunguan.domain.rosters import Reason, RosterEntry, RowNote
from qunguan.exchange.readers import words
from qunguan.i18n import N_

_SAME = N_("the same person as in row {row}: {name}")
_IDS = ("wxid", "wechat_id", "phone")


def _same_words(one: RosterEntry, other: RosterEntry) -> bool:
    return replace(one, rows=(), notes=(), warnings=()) == replace(other, rows=(), notes=(), warnings=())


def _folded(known: RosterEntry, twin: RosterEntry) -> RosterEntry:
    return replace(known, rows=(*known.rows, *twin.rows), warnings=(*known.warnings, *twin.warnings))


class People:
    """The people of a file so far. An identical row is folded into its twin, another one about the same person refused.

    The same WeChat ID is the same person. The same name is, unless both rows give an ID or phone and these differ.
    """

    def __init__(self) -> None:
        self._entries: list[RosterEntry] = []
        self._by_id: dict[tuple[str, str], int] = {}
        self._by_name: dict[tuple[str, tuple[tuple[str, str], ...]], dict[tuple[str, ...], int]] = {}
        self._shapes: dict[str, set[tuple[str, ...]]] = {}
        self.doubled: list[RowNote] = []

    def entries(self) -> tuple[RosterEntry, ...]:
        """Everybody, in the order of the file."""
        return tuple(self._entries)

    def add(self, entry: RosterEntry) -> None:
        """Take `entry` in, or fold it, or put its row into `doubled`."""
        twin = self._twin(entry)
        if twin is None:
            self._remember(entry, len(self._entries))
            self._entries.append(entry)
            return
        known = self._entries[twin]
        if _same_words(known, entry):
            self._entries[twin] = _folded(known, entry)
        else:
            self.doubled.append(RowNote(entry.row, Reason.of(_SAME, row=known.row, name=known.name)))

    def _ids(self, entry: RosterEntry) -> dict[str, str]:
        return {field: getattr(entry, field).casefold() for field in _IDS if getattr(entry, field)}

    def _twin(self, entry: RosterEntry) -> int | None:
        ids = self._ids(entry)
        for field in ("wxid", "wechat_id"):
            if field in ids and (field, ids[field]) in self._by_id:
                return self._by_id[field, ids[field]]
        # Rows under one name differ when a field both give differs, so each is kept under all parts of its IDs.
        for shape in self._shapes.get(entry.name, ()):
            common = tuple((field, ids[field]) for field in shape if field in ids)
            twin = self._by_name.get((entry.name, common), {}).get(shape)
            if twin is not None:
                return twin
        return None

    def _remember(self, entry: RosterEntry, index: int) -> None:
        ids = self._ids(entry)
        shape = tuple(ids)
        self._shapes.setdefault(entry.name, set()).add(shape)
        for part in _parts(tuple(ids.items())):
            self._by_name.setdefault((entry.name, part), {}).setdefault(shape, index)
        for field in ("wxid", "wechat_id"):
            if field in ids:
                self._by_id[field, ids[field]] = index


def _parts(items: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
    for size in range(len(items) + 1):
        yield from combinations(items, size)


def merge_followers(found: Iterable[RosterEntry]) -> tuple[tuple[RosterEntry, ...], list[RowNote]]:
    """WeCom lists a customer once for each colleague who added them (formats 12): one entry, its follower names joined.

    A colleague adds nobody twice, so a second row with the same colleague is another person of the same name, or the
    same row again; the first is refused for the owner to look at, the second folded.
    """
    groups: dict[tuple[str, str], list[RosterEntry]] = {}
    doubled: list[RowNote] = []
    for entry in found:
        group = groups.setdefault((entry.name, entry.extra.get("企业", "")), [])
        twin = next((known for known in group if _same_words(known, entry)), None)
        if twin is not None:
            group[group.index(twin)] = _folded(twin, entry)
            continue
        rival = next((known for known in group if _follower(known) == _follower(entry)), None)
        if rival is not None:
            doubled.append(RowNote(entry.row, Reason.of(_SAME, row=rival.row, name=rival.name)))
        else:
            group.append(entry)
    return tuple(_merged(group) for group in groups.values()), doubled


def _follower(entry: RosterEntry) -> str:
    return entry.extra.get("添加人账号") or entry.extra.get("添加人", "")


def _merged(group: list[RosterEntry]) -> RosterEntry:
    first = min(group, key=lambda entry: (entry.joined_on or "9999", entry.row))
    notes = [note for entry in group for note in entry.notes]
    phones = list(dict.fromkeys(entry.phone for entry in group if entry.phone))
    notes += [Reason.of(N_("another phone number left out: {phone}"), phone=phone) for phone in phones[1:]]
    extra: dict[str, str] = {}
    for entry in group:
        for column, text in entry.extra.items():
            joined = extra.get(column)
            if joined is None:
                extra[column] = text
            elif column in words.WECOM_FOLLOWER and text not in joined.split("、"):
                extra[column] = f"{joined}、{text}"
    return replace(
        first,
        rows=tuple(sorted(row for entry in group for row in entry.rows)),
        phone=phones[0] if phones else "",
        note="\n".join(dict.fromkeys(entry.note for entry in group if entry.note)),
        channel=first.channel or next((entry.channel for entry in group if entry.channel), ""),
        tags=tuple(dict.fromkeys(tag for entry in group for tag in entry.tags)),
        extra=extra,
        notes=tuple(notes),
        warnings=tuple(warning for entry in group for warning in entry.warnings),
    )
