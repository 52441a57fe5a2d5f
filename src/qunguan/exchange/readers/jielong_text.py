"""Reads the text of a 接龙 as a client shows it or as people type it (semantics 3.18, formats 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qunguan.domain.jielong import Jielong, JielongItem, Note, note
from qunguan.exchange.readers.jielong_notes import list_notes, number_notes, snapshot_notes
from qunguan.exchange.readers.jielong_runs import (
    INVISIBLE,
    Mark,
    Run,
    find_run,
    inline_items,
    is_example,
    mark,
    trim,
)
from qunguan.i18n import N_
from qunguan.values import frozen

_TRIGGER = re.compile(r"[#＃][ \t\u3000\xa0]{0,3}(?:接[龙龍]|group\s?note)", re.IGNORECASE)
_BARE = re.compile(rf"[\s{INVISIBLE}]{{0,9}}接[龙龍](?:[\s:：]|\Z)")
_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_DASHES = re.compile(r"\s{0,9}-(?:\s{1,3}-){2,}\s{0,9}\Z")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_MONEY = re.compile(r"[￥¥$]\s?[0-9]|[0-9]\s?(?:元|块|rmb|[/／](?:斤|份|个|箱|盒|件))", re.IGNORECASE)
_COMPARED = 50  # snapshots in one paste that are compared with the last one
_SENTENCE_ENDS = "。；;！!？?."


def parse_text(text: str) -> Jielong:
    """The 接龙 in `text`, or why there is none. Of several snapshots in one paste the last counts. Never raises."""
    lines, quoted = _without_quotes(_LINE_END.split(text))
    notes = [note("quoted", N_("A quoted 接龙 was left out; only the reply was read."))] if quoted else []
    marks = [mark(line) if line else None for line in lines]
    triggers = _triggers(lines, marks)
    if not triggers:
        return _untriggered(lines, marks, text, notes)
    if any(trim(line) for line in lines[: triggers[0]]):
        notes.append(note("lead", N_("The text before the 接龙 was left out.")))
    recent = triggers[-_COMPARED:]
    ends = [*recent[1:], len(lines)]
    read = [_read(lines[a:b], marks[a:b]) for a, b in zip(recent, ends, strict=True)]
    result = read[-1]
    if not result.is_jielong:
        reason = note("no_items", N_("There is #接龙 but no numbered line after it."))
        return replace(result, notes=(*notes, reason))
    return replace(result, notes=(*notes, *snapshot_notes(read, len(triggers)), *result.notes))


@frozen
class _Found:
    """Where a 接龙 stands in its lines: header before `first`, the items, `rest` lines behind them."""

    header: list[str]
    items: list[JielongItem]
    empty: list[int]
    rest: list[str]


def _without_quotes(lines: list[str]) -> tuple[list[str], bool]:
    """The lines without quoted messages: from 「 at a line's start to the line of `- - - -` under the quote."""
    kept: list[str] = []
    opened: int | None = None
    dropped: int | None = None
    for line in lines:
        if _DASHES.match(line):
            nested = bool(kept) and trim(kept[-1]).endswith("」")
            start = opened if opened is not None else dropped if nested else None
            if start is not None:
                del kept[start:]
                opened, dropped = None, start
                continue
        elif opened is None and trim(line[:16]).startswith("「"):
            opened = len(kept)
        kept.append(line)
    return kept, dropped is not None


def _triggers(lines: Sequence[str], marks: Sequence[Mark | None]) -> list[int]:
    """The lines on which a 接龙 opens: `#接龙` and its kin anywhere in a line, or a first line `接龙`."""
    first = next((index for index, line in enumerate(lines) if trim(line)), None)
    if first is None:
        return []
    upcoming: list[int | None] = [None] * (len(lines) + 1)  # the number of the next marked line
    for index in range(len(lines) - 1, -1, -1):
        found = marks[index]
        upcoming[index] = found.number if found is not None and not found.weak else upcoming[index + 1]
    opened: list[int] = []
    has_items = False
    for index, line in enumerate(lines):
        if marks[index] is not None:
            has_items = True
        elif _TRIGGER.search(line):
            collapsed = bool(inline_items(line)[1])
            if not opened or (has_items and (collapsed or upcoming[index] == 1)):
                opened.append(index)
                has_items = collapsed
    if opened:
        return opened
    return [first] if _BARE.match(lines[first]) else []


def _untriggered(lines: list[str], marks: list[Mark | None], text: str, notes: list[Note]) -> Jielong:
    """A list without the word: a 接龙 if it counts 1, 2 … and reads neither like prices nor like prose."""
    result = _read(lines, marks)
    numbers = [item.number for item in result.items]
    reason = None
    if numbers[:2] != [1, 2]:
        reason = _why_not(text, notes)
    elif _most(_MONEY.search(item.text) is not None for item in result.items):
        reason = note("prices", N_("This looks like a price list: there is no #接龙 and most lines name a price."))
    elif _most(item.text.endswith(tuple(_SENTENCE_ENDS)) for item in result.items):
        reason = note("prose", N_("This looks like a numbered text: there is no #接龙 and most lines are sentences."))
    if reason is not None:
        return Jielong(False, notes=(*notes, reason))
    text = N_("There is no #接龙 in the text; it was read as one because its lines are numbered 1, 2 …")
    return replace(result, notes=(*notes, note("no_trigger", text), *result.notes))


def _why_not(text: str, notes: list[Note]) -> Note:
    if not trim(text):
        return note("empty", N_("The text is empty."))
    if notes:
        return note("only_quote", N_("Only a quoted 接龙 is there; paste the 接龙 itself."))
    if _CONTROLS.search(text):
        return note("binary", N_("This is not readable text: another kind of file, or another encoding."))
    return note("not_jielong", N_("There is neither #接龙 nor a list of lines numbered 1, 2 …"))


def _most(answers: Iterable[bool]) -> bool:
    listed = list(answers)
    return sum(listed) * 2 >= len(listed)


def _read(lines: list[str], marks: list[Mark | None]) -> Jielong:
    """One 接龙: `lines` begin with its title and hold no other snapshot."""
    run, others = find_run(lines, marks)
    notes: list[Note] = []
    found = _collapsed(lines, run)
    if found is not None:
        text = N_("The list had been run together into one line and was taken apart again.")
        notes.append(note("collapsed", text))
    elif run is not None:
        found = _listed(lines, run)
        notes += list_notes(lines, run, len(lines) - len(found.rest), others)
    else:
        return Jielong(False)
    title, example = _split_header(found.header)
    tail = trim("\n".join(found.rest)) or None
    notes += number_notes(found.items, found.empty)
    return Jielong(True, title, example, tail, tuple(found.items), tuple(notes))


def _listed(lines: list[str], run: Run) -> _Found:
    items: list[JielongItem] = []
    empty: list[int] = []
    end = _end(lines, run.starts[-1][0])
    stops = [index for index, _head in run.starts[1:]]
    for (start, head), stop in zip(run.starts, [*stops, end], strict=True):
        text = trim("\n".join([lines[start][head.end :], *lines[start + 1 : stop]]))
        if text:
            items.append(JielongItem(head.number, text))
        else:
            empty.append(head.number)
    return _Found(lines[: run.starts[0][0]], items, empty, lines[end:])


def _collapsed(lines: list[str], run: Run | None) -> _Found | None:
    """The list when a single line holds all of it: only looked for where no list over several lines was found."""
    if run is not None and len(run.starts) > 1:
        return None
    places = range(len(lines) - 1, -1, -1) if run is None else (run.starts[0][0],)
    found = ((index, *inline_items(lines[index])) for index in places if lines[index])
    index, before, pairs = next((one for one in found if one[2]), (0, "", []))
    if not pairs and run is None and lines and _TRIGGER.search(lines[0]):
        before, pairs = inline_items(lines[0], least=1)  # only the starter is in it yet
    if not pairs:
        return None
    end = _end(lines, index)
    number, text = pairs[-1]
    pairs[-1] = (number, trim("\n".join([text, *lines[index + 1 : end]])))
    header = [*lines[:index], before] if before else lines[:index]
    items = [JielongItem(number, text) for number, text in pairs if text]
    return _Found(header, items, [number for number, text in pairs if not text], lines[end:])


def _end(lines: Sequence[str], start: int) -> int:
    """The line behind the last item, which starts at `start`: what follows an empty line is the tail."""
    return next((index for index in range(start + 1, len(lines)) if not trim(lines[index])), len(lines))


def _split_header(header: list[str]) -> tuple[str | None, str | None]:
    """Title and example. A list typed under a bare 接龙 has no example of its own: its 例 stays in the title."""
    while header and not trim(header[-1]):
        header = header[:-1]
    typed_by_client = bool(header) and any(_TRIGGER.search(line) for line in header)
    example = None
    if typed_by_client and is_example(header[-1]) and not _TRIGGER.search(header[-1]):
        example = trim(header[-1])
        header = header[:-1]
    return trim("\n".join(header)) or None, example
