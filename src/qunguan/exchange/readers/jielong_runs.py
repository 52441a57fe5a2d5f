"""Where the items of a 接龙 are: what looks like a number mark, and which marks make the list.

A header may hold its own numbered list, an item may hold times and lists of its own. The list is therefore found by
the next expected number and by the way the numbers are typed, not by a pattern alone (formats 1.2, 1.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize, numeric

from qunguan.values import frozen

# Typed by hand, an edge may hold marks nobody sees.
INVISIBLE = "\u200b-\u200f\u2060\ufeff"
_BLANK = rf"[\s{INVISIBLE}]"
_EDGES = re.compile(rf"\A{_BLANK}+|{_BLANK}+\Z")

# The client's own set of separators (formats 1.1). The first may be mixed in one list, the rest only as its rule.
_COMMON = ".．,，。｡、)）"
_OTHER = "~:：;；_#@!！&*%％—-"
_LOOSE = ".．,，~:：;；_#@!！&*%％—-"  # before a digit these belong to a time, a price, a date, a range
_DIGITS = "[0-9０-９]{1,3}"
_SIGNS = "\u2460-\u249b\u24eb-\u24f4\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
_KEYCAPS = "(?:[0-9]\ufe0f?\u20e3){1,3}|\U0001f51f"
_MARK = re.compile(
    rf"{_BLANK}*+(?:(?P<digits>{_DIGITS}){_BLANK}*+(?P<sep>[{_COMMON}{_OTHER}])(?P<loose>(?<=[{_LOOSE}])[0-9０-９])?"
    rf"|(?:[（(【\[]{_BLANK}*+(?P<inside>{_DIGITS}){_BLANK}*+[）)】\]]|(?P<sign>[{_SIGNS}])|(?P<caps>{_KEYCAPS}))"
    rf"{_BLANK}*+[.．、]?)"
)
_INLINE = re.compile(rf"(?:\A|(?<={_BLANK}))({_DIGITS})[.．、](?![0-9０-９])")
_INLINE_GLUED = re.compile(rf"(?<![0-9０-９.．])({_DIGITS})[.．、](?![0-9０-９])")
_ADDRESS = re.compile(r"[0-9０-９]{1,4}(?:[栋幢号楼座室班弄#]|单元)")
_EXAMPLE_WORDS = ("例如", "例", "格式如", "格式", "如")


@frozen
class Mark:
    """A line's number: `style` is the separator and a blank if one follows, `end` where the text begins.

    A `weak` mark has a digit right behind the separator (`7.30`, `6:30`, but also `2.3栋502`); a `folded` one was
    not typed in plain digits.
    """

    number: int
    style: str
    end: int
    weak: bool
    folded: bool

    @property
    def common(self) -> bool:
        """Whether the separator is one that lists are usually written with."""
        return self.style[0] in _COMMON


@dataclass(slots=True)
class Run:
    """A list being read: the lines its items start on, and the `doubtful` lines that only look like items.

    `hard`: it began apart from the list before it; `clean`: right after an empty line, 例 or the first line;
    `exampled`: 例 stands above it.
    """

    style: str
    hard: bool
    clean: bool
    exampled: bool
    starts: list[tuple[int, Mark]] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    last: int = 0

    def take(self, index: int, found: Mark) -> None:
        """The line `index`, counted from 0, starts the item `found`."""
        self.starts.append((index, found))
        self.last = max(self.last, found.number)

    def doubt(self, inner: Run) -> None:
        """The inner list was part of an item."""
        self.doubtful += [index for index, _found in inner.starts]


def trim(text: str) -> str:
    """The text without blanks and invisible marks at its edges."""
    return _EDGES.sub("", text)


def mark(line: str) -> Mark | None:
    """The number a line starts with, or None."""
    found = _MARK.match(line)
    if found is None:
        return None
    typed = found["digits"] or found["inside"]
    if typed:
        number = int(typed)
    elif found["sign"]:
        number = int(numeric(found["sign"]))
    else:
        caps = found["caps"]
        number = 10 if caps == "\U0001f51f" else int(re.sub("[^0-9]", "", caps))
    weak = found["loose"] is not None
    end = found.end() - weak
    if number == 0:
        return None
    separator = normalize("NFKC", found["sep"]) if found["sep"] else "①"
    blank = " " if line[end : end + 1].isspace() else ""
    return Mark(number, separator + blank, end, weak, folded=not (typed and typed.isascii()))


def is_example(line: str) -> bool:
    """Whether the line is what the client reads as the example line: 例, 如, 格式 … and a separator (formats 1.1)."""
    line = trim(line)
    word = next((word for word in _EXAMPLE_WORDS if line.startswith(word)), "")
    after = line[len(word) :]
    return bool(word) and after[:1] in tuple(",.:，：、 \t\u3000\xa0") and bool(trim(after[1:]))


def find_run(lines: Sequence[str], marks: Sequence[Mark | None]) -> tuple[Run | None, int]:
    """The list of items among `lines` (with the mark of each line), and how many other lists there are."""
    finder = _Finder(lines, marks)
    for index, found in enumerate(marks):
        if found is not None:
            finder.feed(index, found)
    return finder.chosen()


def inline_items(line: str, least: int = 2) -> tuple[str, list[tuple[int, str]]]:
    """A list collapsed into one line: the text before it and its (number, text) pairs; no pairs if it is none.

    `least` is how many there must be; of pairs that are not even set apart by blanks three.
    """
    for pattern, enough in ((_INLINE, least), (_INLINE_GLUED, 3)):
        spots: list[tuple[int, int]] = []
        for found in pattern.finditer(line):
            if int(found[1]) == len(spots) + 1:
                spots.append(found.span())
        if len(spots) >= enough:
            ends = [start for start, _end in spots[1:]] + [len(line)]
            pairs = zip(spots, ends, strict=True)
            texts = [trim(line[begin:end]) for (_start, begin), end in pairs]
            return trim(line[: spots[0][0]]), list(enumerate(texts, 1))
    return "", []


# What tells the list from others, most telling first: 例 above it, how it begins, the separator the client prints.
_SIGNS_OF_THE_LIST: tuple[Callable[[Run], bool], ...] = (
    lambda run: run.exampled,
    lambda run: run.clean,
    lambda run: run.style[0] == ".",
)


class _Finder:
    """Reads marks in order. Runs stand on a stack: a list inside an item is dropped when the outer list goes on."""

    def __init__(self, lines: Sequence[str], marks: Sequence[Mark | None]) -> None:
        self.lines = lines
        self.marks = marks
        self.stack: list[Run] = []
        self.last_line: dict[tuple[int, str], int] = {}
        self.last_strong: dict[int, int] = {}
        self.last_of_style: dict[str, int] = {}
        self.last_blank: list[int] = []
        for index, found in enumerate(marks):
            blank = index if not trim(lines[index]) else self.last_blank[-1] if index else -1
            self.last_blank.append(blank)
            if found is not None and not found.weak:
                self.last_line[found.number, found.style] = index
                self.last_strong[found.number] = index
                self.last_of_style[found.style] = index

    def feed(self, index: int, found: Mark) -> None:
        """Put the mark of the next line into the list that runs, the one around it, a new one, or nowhere."""
        run = self.stack[-1] if self.stack else None
        if run is None:
            if self._may_start(index, found):
                self._open(index, found, hard=True)
            return
        parent = self.stack[-2] if len(self.stack) > 1 else None
        if parent and self._belongs_to_parent(index, found, run, parent):
            self.stack.pop()
            parent.doubt(run)
            parent.take(index, found)
        elif found.number == run.last + 1 and self._expected(index, found, run):
            run.take(index, found)
        elif found.number == 1 and not found.weak and self._restarts(index, found, run):
            self._open(index, found, hard=self._apart(index, run))
        elif found.number != run.last + 1 and self._out_of_turn(index, found, run):
            run.take(index, found)
        elif not found.weak or found.number == run.last + 1:
            run.doubtful.append(index)

    def chosen(self) -> tuple[Run | None, int]:
        """The list that is meant, and how many others with several items there are."""
        runs = self.stack
        if runs and not runs[-1].hard and len(runs) > 1:
            inner, outer = runs[-1], runs[-2]
            if inner.style[0] in _COMMON and outer.style[0] not in _COMMON:
                runs = [*runs[:-2], inner]
            else:
                outer.doubt(inner)
                runs = runs[:-1]
        if not runs:
            return None, 0
        left = runs
        for speaks_for in _SIGNS_OF_THE_LIST:
            left = [run for run in left if speaks_for(run)] or left
        best = left[-1]
        return best, sum(len(run.starts) > 1 for run in runs if run is not best)

    def _open(self, index: int, found: Mark, *, hard: bool) -> None:
        run = Run(found.style, hard, index < 2 or self._after_gap(index), self._after_example(index))
        run.take(index, found)
        self.stack.append(run)

    def _may_start(self, index: int, found: Mark) -> bool:
        if found.weak:
            one_later = self.last_strong.get(1, -1) > index
            return found.number == 1 and not one_later and self.last_of_style.get(found.style, -1) > index
        return found.number == 1 or (found.common and self.last_strong.get(1, -1) < index)

    def _belongs_to_parent(self, index: int, found: Mark, run: Run, parent: Run) -> bool:
        """Whether the outer list goes on here, so that the inner one was part of an item."""
        if found.weak or found.number != parent.last + 1 or found.style != parent.style or run.exampled:
            return False
        if found.number != run.last + 1:
            return True
        return found.style != run.style and not run.hard

    def _expected(self, index: int, found: Mark, run: Run) -> bool:
        if found.weak:
            later = self.last_strong.get(found.number, -1) > index
            follows = self.last_strong.get(found.number + 1, -1) > index
            address = _ADDRESS.match(self.lines[index], found.end) is not None
            return found.style == run.style and not later and (follows or address)
        if found.style == run.style:
            return True
        better = self.last_line.get((found.number, run.style), -1) > index
        return not better and found.common

    def _restarts(self, index: int, found: Mark, run: Run) -> bool:
        return self._apart(index, run) or found.style != run.style

    def _out_of_turn(self, index: int, found: Mark, run: Run) -> bool:
        """Whether a number that is not the next one is an item: after a gap, late, or a duplicate."""
        if found.weak or found.style[0] != run.style[0]:
            return False
        if found.number > run.last + 1:
            return self.last_line.get((run.last + 1, run.style), -1) < index
        return found.style == run.style

    def _apart(self, index: int, run: Run) -> bool:
        return self.last_blank[index] > run.starts[-1][0] or self._after_gap(index)

    def _after_gap(self, index: int) -> bool:
        return index == 0 or not trim(self.lines[index - 1]) or is_example(self.lines[index - 1])

    def _after_example(self, index: int) -> bool:
        for line in reversed(self.lines[max(0, index - 3) : index]):
            if trim(line):
                return is_example(line)
        return False
