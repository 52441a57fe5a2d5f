"""What is odd about a 接龙, in words for its owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from qunguan.domain.jielong import Jielong, JielongItem, Note, mask_phones, note, plain, series_key
from qunguan.exchange.readers.jielong_runs import Run, trim
from qunguan.i18n import N_

ITEM_LIMIT = 500
"""Items the client allows in one 接龙 (formats 1.1)."""

_EXCERPT = 24


def list_notes(lines: Sequence[str], run: Run, end: int, others: int) -> list[Note]:
    """What the owner should look at in a list over several lines, whose last item ends before line `end`."""
    notes: list[Note] = []
    if others:
        text = N_("Another numbered list in the text was taken for part of the title or the tail.")
        notes.append(note("other_list", text))
    if any(found.folded for _index, found in run.starts):
        notes.append(note("folded", N_("Numbers such as １ ① 1️⃣ were read as 1.")))
    doubtful = [index for index in sorted(run.doubtful) if index < end]
    if doubtful:
        text = N_("{n} lines look like items but were kept in the item above, first: {line}")
        notes.append(note("continuation", text, n=len(doubtful), line=excerpt(lines[doubtful[0]])))
    return notes


def number_notes(items: Sequence[JielongItem], empty: Sequence[int]) -> list[Note]:
    """What the printed numbers tell: gaps, duplicates, disorder, empty places, more than the client allows."""
    notes: list[Note] = []
    numbers = [item.number for item in items]
    known = {*numbers, *empty}
    missing = sorted(set(range(1, max(known, default=0))) - known)
    twice = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if missing:
        notes.append(note("gap", N_("Numbers missing: {numbers}"), numbers=ranges(missing)))
    if twice:
        notes.append(note("duplicate", N_("Numbers used more than once: {numbers}"), numbers=ranges(twice)))
    if any(a > b for a, b in pairwise(numbers)):
        notes.append(note("disorder", N_("The numbers are not in order.")))
    if empty:
        text = N_("Numbers with nothing behind them: {numbers}")
        notes.append(note("placeholder", text, numbers=ranges(sorted(empty))))
    if len(items) > ITEM_LIMIT:
        text = N_("{n} items; the client allows {limit}.")
        notes.append(note("too_many", text, n=len(items), limit=ITEM_LIMIT))
    return notes


def snapshot_notes(read: Sequence[Jielong], count: int) -> list[Note]:
    """What to say of `count` 接龙 in one paste, the latest of them `read`: which one counts, who stood only earlier."""
    if count < 2:
        return []
    last = read[-1]
    notes = [note("several", N_("{n} 接龙 in one paste; the last one was read."), n=count)]
    key = series_key(last.title, last.example, None)  # behind an earlier one may stand more of a chat
    same = [one for one in read[:-1] if series_key(one.title, one.example, None) == key]
    if len(same) < len(read) - 1:
        notes.append(note("other_title", N_("Some of them have another title: paste those on their own.")))
    present = {plain(item.text) for item in last.items}
    earlier = {plain(item.text): item.text for one in same for item in one.items}
    lost = [text for known, text in earlier.items() if known not in present]
    if lost:
        text = N_("{n} entries stood only in an earlier snapshot, first: {line}")
        notes.append(note("vanished", text, n=len(lost), line=excerpt(lost[0])))
    return notes


def excerpt(text: str) -> str:
    """The beginning of the first line, short enough to be shown inside a sentence; phone numbers masked."""
    line = mask_phones(trim(text).split("\n", 1)[0])
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers as short text: 3 5–7 9."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return " ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
