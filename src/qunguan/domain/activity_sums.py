"""What the messages of one chat come to, by person and day, by hour, by day: sums that grow with days, not messages.

A chat's clock is China's (`at` of an event); the day of a person is the business day of the group they speak in.
"""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from qunguan.domain.activity import ChatEvent, Chunk, IdKind, Speaker
from qunguan.domain.activity_people import JoinTold, Key, LeaveTold, Told, speaker_key
from qunguan.domain.clock import DEFAULT_ZONE, DayRule
from qunguan.domain.questions import is_question
from qunguan.values import frozen

QUESTIONS_KEPT = 20_000
"""Questions of one import, the newest: three are answered a day, so no queue outlives them."""

_CHINA = ZoneInfo(DEFAULT_ZONE)
MESSAGES, SYSTEM, RECALLED, JOINS, LEAVES = range(5)
"""Places in the sums of a day and of all."""

_DAY_BITS = 22  # of a day's ordinal, below the number of a person
_DAY = (1 << _DAY_BITS) - 1
_Pairs = dict[int, int]  # person and day as one number → how many


class BizDays:
    """The business day of a moment on China's wall clock, as the group counts days (semantics 3.1)."""

    def __init__(self, rule: DayRule) -> None:
        self._rule = rule
        self._china = rule.zone == DEFAULT_ZONE
        self._later = timedelta(hours=rule.day_start)
        self.plain = self._china and not self._later
        """Whether it is the day of the chat's clock."""
        self._minute: datetime | None = None
        self._day = date.min

    def of(self, event: ChatEvent, wall: date | None) -> date | None:
        """None where the file does not tell; a date without a clock is that date. `wall` is the day of its clock."""
        return wall if event.at is None or event.whole_day else self.at(event.at)

    def at(self, at: datetime) -> date:
        """Of a moment whose clock is known."""
        if self._china:
            return (at - self._later).date()
        minute = at.replace(second=0)
        if minute != self._minute:
            self._minute, self._day = minute, self._rule.biz_date(minute.replace(tzinfo=_CHINA))
        return self._day


def moment(at: datetime) -> datetime:
    """The aware moment of a chat's wall clock."""
    return at.replace(tzinfo=_CHINA)


def china_time(at: datetime | None) -> datetime | None:
    """China's wall clock of an aware moment."""
    return at.astimezone(_CHINA).replace(tzinfo=None) if at is not None else None


@dataclass(slots=True)
class _Person:
    """Somebody as the events so far told of them."""

    kind: IdKind
    id: str
    name: str = ""
    names: dict[str, list[date | None]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def seen(self, name: str, day: date | None) -> None:
        """They were shown under this name on that day."""
        if name:
            self.name = name
            days = self.names.setdefault(name, [day, day])
            if day is not None:
                days[0], days[1] = min(days[0] or day, day), max(days[1] or day, day)
        if day is not None:
            self.first, self.last = min(self.first or day, day), max(self.last or day, day)

    def told(self, messages: int) -> Told:
        """All of it."""
        names = tuple((name, days[0], days[1]) for name, days in self.names.items())
        return Told(self.kind, self.id, self.name, names, self.first, self.last, messages)


class People:
    """Everybody a chat tells of, numbered in the order they appear."""

    def __init__(self) -> None:
        self._places: dict[Speaker, int] = {}
        self._by_key: dict[Key, int] = {}
        self._people: list[_Person] = []

    def place(self, speaker: Speaker, day: date | None) -> int:
        """The number of a speaker, who was shown on that day."""
        place = self._places.get(speaker)
        if place is None:
            key = speaker_key(speaker.kind, speaker.id or speaker.name)
            place = self._by_key.setdefault(key, len(self._people))
            if place == len(self._people):
                self._people.append(_Person(speaker.kind, speaker.id))
            self._places[speaker] = place
        person = self._people[place]
        if day != person.last or speaker.name != person.name or day is None:
            person.seen(speaker.name, day)
        return place

    def quoted(self, speaker: Speaker) -> int:
        """The number of somebody who is answered: that they were answered does not say that they were there."""
        place = self._places.get(speaker)
        if place is None:
            key = speaker_key(speaker.kind, speaker.id or speaker.name)
            place = self._places[speaker] = self._by_key.setdefault(key, len(self._people))
            if place == len(self._people):
                self._people.append(_Person(speaker.kind, speaker.id))
        return place

    def places(self, all_of_them: Sequence[Speaker], each: Sequence[Speaker], day: date) -> list[int]:
        """The numbers of `each`, the speakers of one day in the order they appear in `all_of_them`."""
        places = [self.place(speaker, day) for speaker in each]
        if len(set(places)) < len(places):  # somebody under two names: the last one is theirs
            for speaker in reversed(dict.fromkeys(reversed(all_of_them))):
                self.place(speaker, day)
        return places

    def key(self, place: int) -> Key:
        """What a speaker is remembered by."""
        person = self._people[place]
        return speaker_key(person.kind, person.id or person.name)

    def bare(self, place: int, days: Sequence[date]) -> Told:
        """Somebody of whom no more is known than that they were answered on some days."""
        person = self._people[place]
        return Told(person.kind, person.id, "", (), min(days), max(days))

    def told(self, messages: Counter[int]) -> list[Told]:
        """Those with a count, be it 0."""
        return [self._people[place].told(n) for place, n in sorted(messages.items())]


class Answers(NamedTuple):
    """How often somebody answered somebody on a business day, both by their numbers among the people."""

    who: int
    whom: int
    day: date
    times: int


@frozen
class Asked:
    """A question somebody asked; `who` is their number among the people."""

    who: int | None
    at: datetime | None
    day: date | None
    text: str


class Sums:
    """What events come to. `keys` are theirs by wall day, `alike` what tells them again in another tool's export.

    `days` and `hours` go by the wall clock, None where no day is known.
    """

    def __init__(self, people: People, *, questions: bool = False) -> None:
        self._people = people
        self._questions = questions
        self._messages: dict[int, dict[int, int]] = {}  # by day and person: what is counted now is always near
        self._mentions: _Pairs = {}
        self._replies: _Pairs = {}
        self._answers: dict[tuple[int, int, int], int] = {}  # by who, whom and day
        self.hours: dict[date | None, list[int]] = {}
        self.days: dict[date | None, list[int]] = {}
        self.lines = 0
        self.keys: dict[date | None, array[int]] = {}
        self.alike: dict[date | None, array[int]] = {}
        self.joins: list[JoinTold] = []
        self.leaves: list[LeaveTold] = []
        self.asked: deque[Asked] = deque(maxlen=QUESTIONS_KEPT)
        self._others: set[int] = set()
        self._wall: date | None = None
        self._own_keys, self._own_alike = array("q"), array("I")
        self._own_sums, self._own_hours = [0] * 5, [0] * 24
        self._day: date | None = None
        self._base = 0
        self._own_people: dict[int, int] = {}

    @property
    def total(self) -> list[int]:
        """The sums of all days and of no day."""
        return [sum(column) for column in zip([0] * 5, *self.days.values(), strict=True)]

    @property
    def undated(self) -> int:
        """Messages of no known day."""
        return self.days[None][MESSAGES] if None in self.days else 0

    def spoken(self) -> Iterator[tuple[int, date, int, int, int]]:
        """Who, on which business day, and how many messages; of them those that call somebody, and answers.

        In order of persons, then of days: so most of their rows come to stand beside one another.
        """
        dates = {day: date.fromordinal(day) for day in self._messages}
        for pair in sorted(who << _DAY_BITS | day for day, people in self._messages.items() for who in people):
            who, day = pair >> _DAY_BITS, pair & _DAY
            messages, mentions, replies = (
                self._messages[day][who],
                self._mentions.get(pair, 0),
                self._replies.get(pair, 0),
            )
            yield who, dates[day], messages, mentions, replies

    def answers(self) -> list[Answers]:
        """Who answered whom on which day, in order; nobody is told of who answered themselves."""
        found = sorted(self._answers.items())
        return [Answers(who, whom, date.fromordinal(day), n) for (who, whom, day), n in found]

    def quoted(self) -> list[Told]:
        """Those who are answered and of whom the file tells nothing else."""
        others = self._others | self.speakers().keys()
        days: dict[int, list[date]] = {}
        for one in self.answers():
            if one.whom not in others:
                days.setdefault(one.whom, []).append(one.day)
        return [self._people.bare(place, each) for place, each in sorted(days.items())]

    def speakers(self) -> Counter[int]:
        """Who spoke, and how much on known days."""
        sums: Counter[int] = Counter()
        for people in self._messages.values():
            sums.update(people)
        return sums

    def add(self, event: ChatEvent, wall: date | None, day: date | None, alike: int | None) -> None:
        """Count one event of a wall day and a business day; `alike` has 32 bits."""
        if wall != self._wall or not self.keys:
            self._turn_to(wall)
        self._own_keys.append(event.key)
        if alike is not None:
            self._own_alike.append(alike)
        if event.kind == "message":
            self.lines += 1
            self._message(event, day)
        else:
            self.lines += event.part == 0
            self._line(event, day)

    def add_run(self, run: Chunk, wall: date, day: date, alike: array[int]) -> None:
        """Count messages of one wall day and one business day."""
        if wall != self._wall or not self.keys:
            self._turn_to(wall)
        self._own_keys.extend(run.key)
        self._own_alike.extend(alike)
        self.lines += len(run)
        self._own_sums[MESSAGES] += len(run)
        for hour, count in Counter([at.hour for at in run.at]).items():
            self._own_hours[hour] += count
        self._turn_to_day(day)
        said = Counter(run.speaker)
        who = dict(zip(said, self._people.places(run.speaker, list(said), day), strict=True))
        for speaker, count in said.items():
            _count(self._own_people, who[speaker], count)
        if any(run.mentions):
            callers = [who[one] for one, names in zip(run.speaker, run.mentions, strict=True) if names]
            self._add_pairs(self._mentions, callers)
        if run.reply_to.count(None) < len(run):
            answers = [who[one] for one, to in zip(run.speaker, run.reply_to, strict=True) if to is not None]
            self._add_pairs(self._replies, answers)
            for one, to in zip(run.speaker, run.answered, strict=False):
                if to is not None:
                    self._answer(who[one], to, 1)
        if self._questions:
            for at, one, media, text in zip(run.at, run.speaker, run.media, run.text, strict=True):
                if media == "text" and is_question(text):
                    self.asked.append(Asked(who[one], at, day, text))

    def _add_pairs(self, sums: _Pairs, people: list[int]) -> None:
        for who, count in Counter(people).items():
            _count(sums, who << _DAY_BITS | self._base, count)

    def _answer(self, who: int, answered: Speaker, count: int) -> None:
        whom = self._people.quoted(answered)
        if whom != who:
            of = (who, whom, self._base)
            self._answers[of] = self._answers.get(of, 0) + count

    def _turn_to_day(self, day: date) -> None:
        if day != self._day:
            self._day, self._base = day, day.toordinal()
            self._own_people = self._messages.setdefault(self._base, {})

    def _turn_to(self, wall: date | None) -> None:
        self._wall = wall
        self._own_keys = self.keys.setdefault(wall, array("q"))
        self._own_alike = self.alike.setdefault(wall, array("I"))
        self._own_sums = self.days.setdefault(wall, [0] * 5)
        self._own_hours = self.hours.setdefault(wall, [0] * 24)

    def _message(self, event: ChatEvent, day: date | None) -> None:
        count = event.count
        self._own_sums[MESSAGES] += count
        who = self._people.place(event.speaker, day) if event.speaker is not None else None
        if event.at is not None and not event.whole_day:
            self._own_hours[event.at.hour] += count
        if day is None:
            self._others.update(() if who is None else (who,))
        elif who is not None:
            self._turn_to_day(day)
            self._own_people[who] = self._own_people.get(who, 0) + count
            if event.mentions:
                _count(self._mentions, who << _DAY_BITS | self._base, count)
            if event.reply_to is not None:
                _count(self._replies, who << _DAY_BITS | self._base, count)
            if event.answered is not None:
                self._answer(who, event.answered, count)
        if self._questions and event.media == "text" and is_question(event.text):
            self.asked.append(Asked(who, event.at, day, event.text))

    def _line(self, event: ChatEvent, day: date | None) -> None:
        if event.part == 0:
            self._own_sums[SYSTEM] += event.count
        if event.kind == "recall":
            self._own_sums[RECALLED] += event.count
        elif event.kind in ("join", "leave") and event.speaker:
            who = self._told_of(event.speaker, day)
            if event.kind == "join":
                self._own_sums[JOINS] += 1
                inviter = self._told_of(event.inviter, day) if event.inviter else None
                self.joins.append(JoinTold(event.at, day, who, inviter))
            else:
                self._own_sums[LEAVES] += event.count
                self.leaves.append(LeaveTold(event.at, day, who))

    def _told_of(self, speaker: Speaker, day: date | None) -> Key:
        place = self._people.place(speaker, day)
        self._others.add(place)
        return self._people.key(place)

    def absorb(self, other: Sums) -> None:
        """Count what another one counted of the same people."""
        for day, people in other._messages.items():
            mine = self._messages.setdefault(day, {})
            for who, count in people.items():
                _count(mine, who, count)
        for ours, theirs in ((self._mentions, other._mentions), (self._replies, other._replies)):
            for pair, count in theirs.items():
                _count(ours, pair, count)
        for of, count in other._answers.items():
            self._answers[of] = self._answers.get(of, 0) + count
        for wall, keys in other.keys.items():
            self._turn_to(wall)
            self._own_keys.extend(keys)
            self._own_alike.extend(other.alike[wall])
            self._own_sums[:] = map(sum, zip(self._own_sums, other.days[wall], strict=True))
            self._own_hours[:] = map(sum, zip(self._own_hours, other.hours[wall], strict=True))
        self.lines += other.lines
        self.joins += other.joins
        self.leaves += other.leaves
        self.asked.extend(other.asked)
        self._others |= other._others

    def key(self, place: int) -> Key:
        """What somebody is remembered by."""
        return self._people.key(place)

    def told(self) -> list[Told]:
        """Everybody who is in these sums, as the whole file told of them."""
        messages = Counter(dict.fromkeys(self._others, 0))
        messages.update(self.speakers())
        return self._people.told(messages)


def _count(sums: dict[int, int], key: int, count: int) -> None:
    sums[key] = sums.get(key, 0) + count
