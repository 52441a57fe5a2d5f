"""Whose entry a 接龙 item is: the longest known name in front of it, and doubt wherever the name may go on.

There is no separator between a name and what its owner wrote (formats 1.2), so every cut is a guess. Only a cut at a
clear boundary counts as matched; a name glued to something that may belong to it is offered, never taken
(semantics 3.18).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, takewhile
from typing import Literal, NamedTuple
from unicodedata import category

from qunguan.domain.members import ID_KINDS, NAME_KINDS
from qunguan.domain.numerals import UNITS
from qunguan.domain.text import match_key, match_positions
from qunguan.values import frozen

Status = Literal["matched", "new", "ambiguous"]
Reason = Literal["same_name", "same_id", "other_id", "longer_name", "blanks", "near", "sound", "elsewhere", "makes_up"]
"""`elsewhere`: of that very name, in another group only; `makes_up`: theirs without doubt, but for another day. Who
asks for a roster's matches adds these two by themselves. `blanks`: the name but for blanks, 大 宁 and 大宁.
"""

# What people write right behind a name without a blank. A name that goes on with one of these would be rare.
_FILLERS = (
    *("打卡", "签到", "补卡", "接龙", "完成", "报名", "参加", "取消", "请假", "已", "到了"),
    *("要", "加一", "一份", "两份", "今日", "今天", "早安", "晚安"),
)
_JOINING = frozenset("·•・._'’&@#")  # punctuation that stands inside names
_SURE = frozenset("(:,、，。;+[<{!?")  # ends even a name of one character
_ORDINAL = re.compile(r"第\s?\d")
_COUNTED = re.compile(rf"\d{{1,4}}\s?[{UNITS}]")
_TIMES = re.compile(r"x\s?\d{1,3}(?![\d\w])")
_PHONE = re.compile(r"1[3-9]\d{9}(?!\d)")
_FIRST_BLANK = re.compile(r"\s")
_NAME_ENDS = re.compile(
    r"[（(【，,、。；;]|(?<!\d)[：:]|[：:](?!\d\d)|[+＋×✖]\s?\d|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|(?:已|补)?(?:打卡|签到)(?=第|\d|[!！~～]|\Z)"
)
_INNER_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_LEADING = " \t\u3000\xa0\u2005:：,，、"
_MARGIN = 16  # characters read beyond the longest name: what follows it, selectors and tones inside it
_NEAR_SHORTEST, _NEAR_LONGEST = 3, 32
_SHOWN_CANDIDATES = 5


class AliasRow(NamedTuple):
    """One name or id of a member. `key` is `match_key(text)` when the caller has it stored already.

    A tuple, so that a row of a query becomes one at no cost.
    """

    member_id: int
    text: str
    kind: str = "name"
    key: str = ""


@frozen
class Candidate:
    """A member an item may belong to, the alias that says so, and why it is only a candidate."""

    member_id: int
    text: str
    why: Reason


@frozen
class Match:
    """The reading of one item: `name` and `rest` as typed, `member_id` only when matched."""

    status: Status
    member_id: int | None
    name: str
    rest: str
    candidates: tuple[Candidate, ...] = ()


@frozen
class _Hit:
    """A known name in front of an item: the text up to `end` is the name; `sure` if a boundary follows."""

    rows: Sequence[AliasRow]
    end: int
    sure: bool


class Matcher:
    """A roster made ready for matching. `sound` gives a name's pinyin, to offer homophones; without it none are."""

    def __init__(self, aliases: Iterable[AliasRow], sound: Callable[[str], str] | None = None) -> None:
        self._by_key: dict[str, list[AliasRow]] = {}
        self._by_user: dict[str, list[AliasRow]] = {}
        self._identified: set[int] = set()
        self._sound = sound
        longest = 0
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for row in aliases:
            member_id, text, kind, key = row
            if kind in NAME_KINDS:
                key = key or match_key(text)
                if key:
                    longest = max(longest, len(text))
                    self._by_key.setdefault(key, []).append(row)
                    lengths[key[0]].add(len(key))
            elif kind in ID_KINDS:
                self._by_user.setdefault(text, []).append(row)
                if kind == "wxid":
                    self._identified.add(member_id)
        self._reach = longest + _MARGIN
        self._lengths = {head: sorted(found, reverse=True) for head, found in lengths.items()}

    def match(self, item_text: str, user: str = "") -> Match:
        """Whose item this is. `user` is the poster's id, which counts more than any name in the text.

        "new" may carry one near miss as a candidate; "ambiguous" carries everyone it may be.
        """
        hits = list(self._hits(item_text))
        owners = self._by_user.get(user, []) if user else []
        if owners:
            return self._by_identity(item_text, owners, hits)
        sure = next((hit for hit in hits if hit.sure), None)
        if sure is None:
            return self._unsure(item_text, hits)
        name, rest = _cut(item_text, sure.end)
        rows = _narrowed(sure.rows, name)
        doubts = [
            Candidate(row.member_id, row.text, "longer_name")
            for hit in takewhile(lambda hit: not hit.sure, hits)
            for row in hit.rows
            if row.member_id not in _ids(rows)
        ]
        if len(match_key(name)) == 1:  # 大 宁 may be 大宁 as well as 大
            doubts += [one for one in self._across_blanks(item_text)[1] if one.member_id not in _ids(rows)]
        if len(rows) == 1 and not doubts:
            member = rows[0].member_id
            if user and member in self._identified:
                return Match("ambiguous", None, name, rest, (Candidate(member, rows[0].text, "other_id"),))
            return Match("matched", member, name, rest)
        same = [Candidate(row.member_id, row.text, "same_name") for row in rows]
        return Match("ambiguous", None, name, rest, _distinct([*doubts, *same]))

    def _by_identity(self, item: str, owners: Sequence[AliasRow], hits: Sequence[_Hit]) -> Match:
        ids = {row.member_id for row in owners}
        own = next((hit for hit in hits if any(row.member_id in ids for row in hit.rows)), None)
        name, rest = _cut(item, own.end) if own else guess(item)
        if len(ids) == 1:
            return Match("matched", owners[0].member_id, name, rest)
        candidates = _distinct(Candidate(row.member_id, row.text, "same_id") for row in owners)
        return Match("ambiguous", None, name, rest, candidates)

    def _unsure(self, item: str, hits: Sequence[_Hit]) -> Match:
        name, rest = guess(item)
        end, spaced = self._across_blanks(item)
        if spaced:
            name, rest = _cut(item, end)
        if hits or spaced:
            longer = (Candidate(row.member_id, row.text, "longer_name") for hit in hits for row in hit.rows)
            return Match("ambiguous", None, name, rest, _distinct([*spaced, *longer]))
        return Match("new", None, name, rest, self._near(match_key(name)))

    def _hits(self, item: str) -> Iterator[_Hit]:
        """Known names in front of the item, longest first; unsure ones only where the name may well go on."""
        head = item.partition("\n")[0][: self._reach]
        key, places = match_positions(head)
        starts = [0]
        if key.startswith("@"):
            starts.append(2 if key.startswith("@ ") else 1)
        for start in starts:
            for length in self._lengths.get(key[start : start + 1], ()):
                end = start + length
                rows = self._by_key.get(key[start:end]) if end <= len(key) else None
                if rows is None or (end < len(key) and places[end] == places[end - 1]):
                    continue
                close = _skip_emoji(key, start, end)
                sure = close > end or _boundary(key, end, length)
                if sure or _goes_on(key, end, length):
                    yield _Hit(rows, places[close] if close < len(key) else len(head), sure)

    def _across_blanks(self, item: str) -> tuple[int, list[Candidate]]:
        """Where a name ends in the item, and whose it is, when blanks between Chinese characters do not count: the
        longest one, with at least one such blank in the item or in the name as it is known.
        """
        head = item.partition("\n")[0][: self._reach]
        key, places = match_positions(head)
        gaps = {found.start() for found in _INNER_BLANK.finditer(key)}
        if not gaps and not self._spaced:
            return 0, []
        kept = [at for at in range(len(key)) if at not in gaps]
        joined = "".join(key[at] for at in kept)
        for length in range(min(len(joined), self._reach), 1, -1):
            end, form = kept[length - 1] + 1, joined[:length]
            rows = [*self._by_key.get(form, ()), *self._spaced.get(form, ())]
            if rows and form[-1] != " " and (end > length or form in self._spaced) and _boundary(key, end, length):
                place = places[end] if end < len(key) else len(head)
                return place, [Candidate(row.member_id, row.text, "blanks") for row in rows]
        return 0, []

    @cached_property
    def _spaced(self) -> dict[str, list[AliasRow]]:
        """The known names with blanks between Chinese characters, by their keys without them."""
        index: defaultdict[str, list[AliasRow]] = defaultdict(list)
        for key, rows in self._by_key.items():
            if _INNER_BLANK.search(key):
                index[_INNER_BLANK.sub("", key)].extend(rows)
        return dict(index)

    def _near(self, key: str) -> tuple[Candidate, ...]:
        """The one member whose name differs by a single slip, or sounds the same; nobody if there are several."""
        rows = [row for near in self._slips(key) for row in self._by_key[near]]
        why: Reason = "near"
        if not rows and self._sound is not None:
            rows, why = self._by_sound.get(self._sound(key), []) if key else [], "sound"
        if len({row.member_id for row in rows}) != 1:
            return ()
        return (Candidate(rows[0].member_id, rows[0].text, why),)

    def _slips(self, key: str) -> set[str]:
        """The known keys one slip away: a character replaced, left out, added, or swapped with its neighbour."""
        size = len(key)
        if not _NEAR_SHORTEST <= size <= _NEAR_LONGEST:
            return set()
        near = {other for other in self._half_like(key, size) if _one_more(key, other, 1)}
        near.update(other for other in self._half_like(key, size + 1) if _one_more(key, other, 0))
        added = (key[:at] + key[at + 1 :] for at in range(size) if size > _NEAR_SHORTEST)
        swapped = (key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in range(size - 1))
        near.update(form for form in chain(added, swapped) if form in self._by_key)
        return near - {key}

    def _half_like(self, key: str, size: int) -> list[str]:
        """The known keys of a size that begin or end as `key` does: a single slip leaves one of the halves whole."""
        half = size // 2
        halves = self._halves
        return [*halves.get((size, 0, key[:half]), ()), *halves.get((size, 1, key[half - size :]), ())]

    def names_inside(self, text: str) -> Iterator[tuple[str, int]]:
        """(key, member) of every known name of two characters or more that is a part of a text, and not all of it."""
        key = match_key(text)
        for start in range(len(key)):
            for length in self._lengths.get(key[start], ()):
                if 1 < length < len(key) and start + length <= len(key):
                    form = key[start : start + length]
                    for row in self._by_key.get(form, ()):
                        yield form, row.member_id

    @cached_property
    def _halves(self) -> dict[tuple[int, int, str], list[str]]:
        """The known keys by their size and their first (0) or second (1) half; made when a near miss is looked for."""
        index: defaultdict[tuple[int, int, str], list[str]] = defaultdict(list)
        for key in self._by_key:
            size = len(key)
            if _NEAR_SHORTEST <= size <= _NEAR_LONGEST + 1:
                half = size // 2
                index[size, 0, key[:half]].append(key)
                index[size, 1, key[half:]].append(key)
        return dict(index)

    @cached_property
    def _by_sound(self) -> dict[str, list[AliasRow]]:
        index: dict[str, list[AliasRow]] = {}
        if self._sound is not None:
            for key, rows in self._by_key.items():
                index.setdefault(self._sound(key), []).extend(rows)
        index.pop("", None)
        return index


def _ids(rows: Iterable[AliasRow]) -> set[int]:
    return {row.member_id for row in rows}


def _one_more(key: str, other: str, skipped: int) -> bool:
    """Whether `other` is `key` with one character instead of the next `skipped` (1: replaced, 0: left out of `key`)."""
    at = next((at for at, (one, two) in enumerate(zip(key, other, strict=False)) if one != two), len(key))
    return key[at + skipped :] == other[at + 1 :]


def guess(item_text: str) -> tuple[str, str]:
    """Name and rest of an item nobody is known for: the first word, cut where a note clearly begins."""
    text = item_text.lstrip()
    if text[:1] in ("@", "＠") and text[1:].strip():
        text = text[1:].lstrip()
    blank = _FIRST_BLANK.search(text)
    word = text[: blank.start()] if blank else text
    end = next((found.start() for found in _NAME_ENDS.finditer(word) if found.start() > 0), len(word))
    return _cut(text, end)


def _cut(text: str, end: int) -> tuple[str, str]:
    name = text[:end].strip()
    if name[:1] in ("@", "＠") and name[1:]:
        name = name[1:].lstrip()
    return name, text[end:].lstrip(_LEADING).strip()


def _skip_emoji(key: str, start: int, end: int) -> int:
    """Behind the emoji that follow a name; a name of nothing but emoji takes no further ones."""
    if _is_emoji(key[start]) and all(_is_emoji(ch) for ch in key[start:end]):
        return end
    while end < len(key) and _is_emoji(key[end]):
        end += 1
    return end


@lru_cache(maxsize=4096)
def _is_emoji(ch: str) -> bool:
    """Whether `match_key` takes the character for decoration at the end of a name."""
    return ch != " " and match_key("x" + ch) == "x"


def _boundary(key: str, end: int, length: int) -> bool:
    """Whether a name of `length` characters clearly ends before `key[end]`."""
    if end == len(key) or key[end] == " ":
        return True
    ch, before = key[end], key[end - 1]
    if _is_emoji(ch):
        return False
    if length == 1 and not _is_emoji(before):
        return ch in _SURE
    if ch in _JOINING:
        return end + 1 == len(key) or key[end + 1] == " "
    if ch.isdigit():
        follows = _COUNTED.match(key, end) or _PHONE.match(key, end)
        return not before.isdigit() and follows is not None
    if ch == "x" and not before.isascii() and _TIMES.match(key, end):
        return True
    if category(ch)[0] in "PS":
        return not (
            ch == "-" and before.isascii() and key[end + 1 : end + 2].isascii() and key[end + 1 : end + 2].isalpha()
        )
    return key.startswith(_FILLERS, end) or _ORDINAL.match(key, end) is not None


def _goes_on(key: str, end: int, length: int) -> bool:
    """Whether what follows without a boundary leaves it open that the name is meant.

    A single character, a Latin word inside a longer one, a number inside a longer one are simply other names.
    """
    before, ch = key[end - 1], key[end]
    if length == 1 or (before.isdigit() and ch.isdigit()):
        return False
    return not (before.isascii() and before.isalpha() and ch.isascii() and ch.isalpha())


def _narrowed(rows: Sequence[AliasRow], name: str) -> list[AliasRow]:
    """One row per member; of several members, those who are written exactly so if there are any."""
    exact = [row for row in rows if row.text == name]
    return list({row.member_id: row for row in (exact or rows)}.values())


def _distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    first: dict[int, Candidate] = {}
    for one in candidates:
        first.setdefault(one.member_id, one)
    return tuple(first.values())[:_SHOWN_CANDIDATES]
