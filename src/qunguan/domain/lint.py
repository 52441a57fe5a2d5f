"""What is doubtful in a text for the group: risky words, urgency that may not be true, ads that do not say so, rewards
behind links (C28 to C30). The vocabulary is presets/lint.toml.

Texts are looked through in simplified characters, lower case and half width, without blanks and without the signs that
are put between the letters of a word to hide it; positions are code points of the text as it was given.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.numerals import numeral
from qunguan.domain.rosters import Reason
from qunguan.domain.simplified import simplified
from qunguan.domain.text import match_positions
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "lint.toml"

Level = Literal["error", "forbidden", "warn", "note"]
LEVELS: Final[Mapping[Level, str]] = {
    "error": N_("not true"),
    "forbidden": N_("forbidden"),
    "warn": N_("risky"),
    "note": N_("to be checked"),
}
"""What a finding may be, the gravest first, with the message ID of each: what the facts contradict, what a law or a
platform forbids, what is hard to prove, what is true or not.
"""
GRAVE: Final = frozenset({"error", "forbidden"})
"""Levels that should be put right before the text goes out."""

_LINK = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff\uff00-\uffef]+", re.IGNORECASE)
_WEDGE = re.compile(r"(?<=[\u4e00-\u9fff])[ ·・*_|~^'\"`+=.\-]+(?=[\u4e00-\u9fff])")
_BLANK = re.compile(r"(?<![0-9a-z]) | (?![0-9a-z])")
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
_FALSE_STOCK = N_("It says {said}, but {stock} are left")
_FALSE_END = N_("It says {said}, but it ends {ends}")
_OVER = N_("It says {said}, but it ended {ends}")


@frozen
class Facts:
    """What is known of the matter a text is about; None is not known.

    `stock` is how many are left; `deadline` when it ends and `now` are both on the group's clock. `sponsor` names who
    pays for the text, "" nobody. `crisis` says that it is a statement of a bad day: it may neither go cold nor blame.
    """

    stock: int | None = None
    deadline: datetime | None = None
    now: datetime | None = None
    sponsor: str = ""
    crisis: bool = False


@frozen
class Finding:
    """A doubtful place: code points `start` to before `end` of the text, which are `text`; where something is lacking,
    nothing at 0. `rule` is its name in presets/lint.toml; `str(why)` says it in the language in force.
    """

    level: Level
    text: str
    start: int
    end: int
    rule: str
    why: Reason
    source: str


@frozen
class _Word:
    """A rule about single words. `asks` is the fact that tells whether what it found is true; `crisis` that it is for
    statements of a bad day only.
    """

    id: str
    level: Level
    source: str
    why: str
    find: re.Pattern[str]
    but: re.Pattern[str] | None
    asks: Literal["", "stock", "deadline", "either"] = ""
    crisis: bool = False


@frozen
class _Read:
    """A text as it is looked through: `plain`, and for each of its characters the place in `text`."""

    text: str
    plain: str
    places: tuple[int, ...]
    links: tuple[tuple[int, int], ...] = field(default=())

    def span(self, found: re.Match[str]) -> tuple[int, int]:
        """The code points of the text a match stands for."""
        return self.places[found.start()], self.places[found.end() - 1] + 1

    def linked(self, start: int) -> bool:
        """Whether a place is inside an address."""
        return any(first <= start < last for first, last in self.links)


def findings(text: str, facts: Facts | None = None) -> tuple[Finding, ...]:
    """Everything doubtful in a text for the group, in the order of the text; where two places overlap, the graver one,
    then the longer one.

    With facts, urgency is checked: what is true is not told, what is not is an error (C30); a sponsor has to be named
    (C28).
    """
    read, known = _read(text), facts or Facts()
    words = (word for word in _words() if known.crisis or not word.crisis)
    found = [one for word in words for one in _of_word(read, word, known)]
    ranks = {level: rank for rank, level in enumerate(LEVELS)}
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (ranks[one.level], one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    kept += _unnamed(read, known)
    kept += _linked(read)
    return tuple(sorted(kept, key=lambda one: (one.start, one.end)))


def worst(found: tuple[Finding, ...]) -> Level | None:
    """The gravest level among them, None without any."""
    return next((level for level in LEVELS if any(one.level == level for one in found)), None)


@cache
def _preset() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))


@cache
def _words() -> tuple[_Word, ...]:
    """The rules about words, their vocabulary compiled; the longest word first."""
    made = []
    for rule_id, told in _preset()["word"].items():
        literal = sorted(told.get("words", ()), key=lambda word: (-len(word), word))
        find = re.compile("|".join([*told.get("patterns", ()), *map(re.escape, literal)]))
        but = re.compile("|".join(told["but"])) if told.get("but") else None
        asks, crisis = told.get("asks", ""), told.get("crisis", False)
        made.append(_Word(rule_id, told["level"], told["source"], told["why"], find, but, asks, crisis))
    return tuple(made)


def _read(text: str) -> _Read:
    """The text in the form the vocabulary is written in. A line end stays: no word goes on behind it."""
    plain: list[str] = []
    places: list[int] = []
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        key, own = match_positions(body)
        gone = {place for wedge in (_WEDGE, _BLANK) for one in wedge.finditer(key) for place in range(*one.span())}
        for place, ch in enumerate(key):
            if place not in gone:
                plain.append(ch)
                places.append(at + own[place])
        plain.append("\n")
        places.append(at + len(body))
        at += len(line)
    return _Read(text, simplified("".join(plain)), tuple(places), tuple(one.span() for one in _LINK.finditer(text)))


def _of_word(read: _Read, word: _Word, facts: Facts) -> Iterator[Finding]:
    spared = [one.span() for one in word.but.finditer(read.plain)] if word.but else []
    for one in word.find.finditer(read.plain):
        start, end = read.span(one)
        if read.linked(start) or _inside(one.span(), spared):
            continue
        said = read.text[start:end]
        false = _judged(word, one, said, facts)
        if false is None:
            yield Finding(word.level, said, start, end, word.id, Reason.of(word.why), word.source)
        elif false:
            yield Finding("error", said, start, end, word.id, false[0], word.source)


def _inside(span: tuple[int, int], spared: list[tuple[int, int]]) -> bool:
    """Whether one of the spared places, which are in order, holds the span."""
    place = bisect_left(spared, (span[0] + 1,)) - 1
    return place >= 0 and span[1] <= spared[place][1]


def _judged(word: _Word, one: re.Match[str], said: str, facts: Facts) -> tuple[Reason, ...] | None:
    """What the facts say to it: nothing is wrong (), this is wrong (one reason), None nobody knows."""
    if not word.asks:
        return None
    deadline, now = facts.deadline, facts.now
    over = deadline is not None and now is not None and deadline <= now
    if over and word.asks != "stock":
        return (Reason.of(_OVER, said=said, ends=_when(deadline)),)
    if word.asks == "stock":
        if facts.stock is None:
            return None
        return () if numeral(one["n"]) == facts.stock else (Reason.of(_FALSE_STOCK, said=said, stock=facts.stock),)
    if word.asks == "either":
        return None if facts.stock is None and deadline is None else ()
    if deadline is None:
        return None
    true = _ends_so(one.groupdict(), deadline, now)
    return None if true is None else () if true else (Reason.of(_FALSE_END, said=said, ends=_when(deadline)),)


def _ends_so(told: Mapping[str, str | None], deadline: datetime, now: datetime | None) -> bool | None:
    """Whether it ends when it says so; None where that hangs on a now that nobody told. Midnight belongs to the day
    before it."""
    last = (deadline - _MOMENT).date()
    month, day = told["month"] or told["month2"], told["day"] or told["day2"]
    if month and day:
        return (int(month), int(day)) in ((last.month, last.day), (deadline.month, deadline.day))
    if now is None:
        return None
    if told["today"]:
        return last == now.date()
    if told["tomorrow"]:
        return last == now.date() + _DAY
    if told["days"]:
        return _days_left(last, now.date()) in (numeral(told["days"]), numeral(told["days"]) - 1)
    hours = numeral(told["hour"] or "")
    return timedelta(hours=hours - 1) < deadline - now <= timedelta(hours=hours)


def _days_left(last: date, today: date) -> int:
    return (last - today).days


def _when(deadline: datetime | None) -> str:
    assert deadline is not None
    return f"{deadline - _MOMENT:%Y-%m-%d}" if not (deadline.hour or deadline.minute) else f"{deadline:%Y-%m-%d %H:%M}"


def _unnamed(read: _Read, facts: Facts) -> Iterator[Finding]:
    """A sponsor the text does not own up to (C28); where the name stands, or at the beginning."""
    rule = _preset()["whole"]["sponsor"]
    if not facts.sponsor or re.search(rule["shown"], read.plain):
        return
    name = _read(facts.sponsor).plain.strip("\n")
    at = read.plain.find(name) if name else -1
    span = (read.places[at], read.places[at + len(name) - 1] + 1) if at >= 0 else (0, 0)
    why = Reason.of(rule["why"], sponsor=facts.sponsor)
    yield Finding(rule["level"], read.text[slice(*span)], *span, "sponsor", why, rule["source"])


def _linked(read: _Read) -> Iterator[Finding]:
    """A link, something to do for it and something to get for that, in one text (C29); told of the first such thing."""
    rule = _preset()["whole"]["link"]
    if not re.search(rule["links"], read.plain) or not re.search(rule["rewards"], read.plain):
        return
    for one in re.finditer(rule["acts"], read.plain):
        start, end = read.span(one)
        if not read.linked(start):
            said = read.text[start:end]
            yield Finding(rule["level"], said, start, end, "link", Reason.of(rule["why"], what=said), rule["source"])
            return
