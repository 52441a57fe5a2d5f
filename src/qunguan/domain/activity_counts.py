"""Counting what chat exports tell: who spoke, when, how often; every event once, however many files tell it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from qunguan.domain.activity import ChatEvent, Media, Speaker
from qunguan.values import frozen

_EMPTY = 0
_FOLD = 29  # keys are hashes; this spreads those that are not


class Keys:
    """A set of 64-bit numbers at 16 bytes each or fewer: a set of Python's takes five times as much."""

    def __init__(self) -> None:
        self._slots = array("q", bytes(8 * 1024))
        self._count = 0
        self._zero = False

    def __len__(self) -> int:
        return self._count + self._zero

    def __contains__(self, key: int) -> bool:
        return self._zero if key == _EMPTY else self._slots[self._place(key)] == key

    def add(self, key: int) -> bool:
        """Whether `key` was not in it before. It is now."""
        if key == _EMPTY:
            new, self._zero = not self._zero, True
            return new
        if 3 * self._count > 2 * len(self._slots):
            self._grow()
        place = self._place(key)
        if self._slots[place] == key:
            return False
        self._slots[place] = key
        self._count += 1
        return True

    def _place(self, key: int) -> int:
        """Where `key` is, or would be."""
        slots = self._slots
        mask = len(slots) - 1
        place = (key ^ key >> _FOLD) & mask
        while slots[place] != key and slots[place] != _EMPTY:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("q", bytes(16 * len(before)))
        for key in before:
            if key != _EMPTY:
                self._slots[self._place(key)] = key


@frozen
class MemberCount:
    """Somebody's messages, under the name shown last."""

    speaker: Speaker
    messages: int


@frozen
class Joined:
    """Who joined when, and by whom, where the line says it."""

    at: datetime | None
    speaker: Speaker
    inviter: Speaker | None


@frozen
class ActivityCounts:
    """What came of counting. Messages exclude recalls and what the app said.

    `system` counts every line that is no speech, `recalled` those of them about messages taken back. Messages without
    a known day are in `undated` and not in `by_day`; those without a known hour are not in `by_hour` (0 to 23).
    """

    messages: int
    system: int
    recalled: int
    leaves: int
    joins: tuple[Joined, ...]
    first: datetime | None
    last: datetime | None
    by_day: dict[date, int]
    by_hour: dict[int, int]
    by_member: tuple[MemberCount, ...]
    by_media: dict[Media, int]
    undated: int
    duplicates_skipped: int


class Tally:
    """Counts events as they pass. Its memory grows with members, days and joins, and by 16 bytes an event."""

    def __init__(self) -> None:
        self._keys = Keys()
        self._sums: Counter[str] = Counter()
        self._days: Counter[date] = Counter()
        self._hours: Counter[int] = Counter()
        self._media: Counter[Media] = Counter()
        self._members: Counter[tuple[str, str]] = Counter()
        self._shown: dict[tuple[str, str], Speaker] = {}
        self._joins: list[Joined] = []
        self._first: datetime | None = None
        self._last: datetime | None = None

    def once(self, events: Iterable[ChatEvent]) -> Iterator[ChatEvent]:
        """The events that were not counted before, counted on their way."""
        for event in events:
            if self.add(event):
                yield event

    def add(self, event: ChatEvent) -> bool:
        """Whether the event is new, and so was counted."""
        if not self._keys.add(event.key):
            self._sums["duplicates"] += event.part == 0
            return False
        if event.at:
            self._first = min(self._first or event.at, event.at)
            self._last = max(self._last or event.at, event.at)
        if event.kind == "message":
            self._message(event)
            return True
        self._sums["system"] += event.count if event.part == 0 else 0
        self._sums[event.kind + " events"] += event.count
        if event.kind == "join" and event.speaker:
            self._joins.append(Joined(event.at, event.speaker, event.inviter))
        return True

    def _message(self, event: ChatEvent) -> None:
        self._sums["messages"] += event.count
        self._media[event.media] += event.count
        if event.at is None:
            self._sums["undated"] += event.count
        else:
            self._days[event.at.date()] += event.count
            if not event.whole_day:
                self._hours[event.at.hour] += event.count
        if event.speaker:
            key = (event.speaker.kind, event.speaker.id)
            self._members[key] += event.count
            if event.speaker.name or key not in self._shown:
                self._shown[key] = event.speaker

    def counts(self) -> ActivityCounts:
        """The sums by now; the most active first, days and hours in order."""
        members = sorted(self._members.items(), key=lambda item: (-item[1], item[0]))
        return ActivityCounts(
            messages=self._sums["messages"],
            system=self._sums["system"],
            recalled=self._sums["recall events"],
            leaves=self._sums["leave events"],
            joins=tuple(self._joins),
            first=self._first,
            last=self._last,
            by_day=dict(sorted(self._days.items())),
            by_hour={hour: self._hours[hour] for hour in range(24)},
            by_member=tuple(MemberCount(self._shown[key], messages) for key, messages in members),
            by_media=dict(self._media.most_common()),
            undated=self._sums["undated"],
            duplicates_skipped=self._sums["duplicates"],
        )
