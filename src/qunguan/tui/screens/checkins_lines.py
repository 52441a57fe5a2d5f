"""How the lines of a pasted 接龙 are drawn before they are saved: their status, their order, what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.checkin_outcomes import LineStatus, PreviewLine, RecordPreview
from qunguan.domain.jielong import mask_phones
from qunguan.domain.matching import Reason
from qunguan.i18n import N_, _
from qunguan.tui.text import joined
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

STATUSES: dict[LineStatus, str] = {
    "matched": N_("matched"),
    "new": N_("new member"),
    "ambiguous": N_("ambiguous"),
    "duplicate": N_("twice"),
    "already": N_("already"),
    "skipped": N_("skipped"),
}
DOUBTFUL: tuple[LineStatus, ...] = ("ambiguous", "new")
REASONS: dict[Reason, str] = {
    "same_name": N_("same name"),
    "same_id": N_("same account"),
    "other_id": N_("this name, another account"),
    "longer_name": N_("the name may go on"),
    "blanks": N_("the same but for blanks"),
    "near": N_("one slip apart"),
    "sound": N_("sounds the same"),
    "elsewhere": N_("in another group of yours"),
    "makes_up": N_("makes up another day: taken, it counts for this one"),
}
_STYLES: dict[LineStatus, CellStyle] = {"matched": "good", "new": "warn", "ambiguous": "warn"}
_WARNINGS = ("another_challenge", "another_day", "another_number", "left")
"""Codes of the notes that each get a line of their own."""
_NOTES = 2  # other notes shown; the rest are counted
_NAMED = 6  # people named who vanished


def columns() -> tuple[Column, ...]:
    """The columns of the lines."""
    return (
        Column("#", width=4, right=True),
        Column(_("line"), width=8),
        Column(_("who"), flex=2, minimum=12),
        Column(_("as pasted"), flex=3, minimum=16, drop=1),
    )


def doubtful_first(line: PreviewLine) -> tuple[int, int]:
    """Where a line stands: ambiguous, new, then all others as they were pasted."""
    return (DOUBTFUL.index(line.status) if line.status in DOUBTFUL else len(DOUBTFUL), line.index)


def on_one_line(line: PreviewLine) -> str:
    """What was pasted, phone numbers masked."""
    return mask_phones(" ".join(line.text.split()))


def row(line: PreviewLine, *, settled: bool) -> Row:
    """A line; ✓ for what the owner has settled, ? for what is open."""
    mark = " ✓" if settled else " ?" if line.status in DOUBTFUL else ""
    style: CellStyle = "good" if settled else _STYLES.get(line.status, "dim")
    status = Cell(_(STATUSES[line.status]) + mark, style)
    name = line.name or "—"
    if settled and line.member_id is not None:  # which of the namesakes
        name = f"{name} #{line.member_id}"
    return Row(line.index, (str(line.number), status, name, Cell(on_one_line(line), "dim")))


def counts(preview: RecordPreview) -> Content:
    """How many lines there are of each kind, who is not in it, who vanished, what was odd about the text."""
    counted = Counter(line.status for line in preview.lines)
    kinds = [
        f"{_(label)} {counted[status]}"
        for status, label in STATUSES.items()
        if counted[status] or status in ("matched", *DOUBTFUL)
    ]
    kinds.append(_("not in it {n}", n=len(preview.missing)))
    told = [joined((_("{n} lines", n=len(preview.lines)), "bold"), "  " + " · ".join(kinds))]
    if preview.vanished:
        names = "、".join(person.nick or person.name for person in preview.vanished[:_NAMED])
        gone = _("gone since the last paste: {names}", names=names)
        if len(preview.vanished) > _NAMED:
            gone += _(" and {n} more people", n=len(preview.vanished) - _NAMED)
        told.append(joined((gone, "$text-warning")))
    told += [joined((str(note), "$text-warning")) for note in preview.notes if note.code in _WARNINGS]
    odd = [str(note).removesuffix("。").removesuffix(".") for note in preview.notes if note.code not in _WARNINGS]
    if odd:
        text = "；".join(odd[:_NOTES])
        if len(odd) > _NOTES:
            text += _(" and {n} more", n=len(odd) - _NOTES)
        told.append(joined((text, "$text-muted")))
    return Content("\n").join(told)


def signed_elsewhere(preview: RecordPreview, line: PreviewLine) -> dict[int, str]:
    """What to say behind a member who has another line already."""
    others = [one for one in preview.lines if one.member_id is not None and one.index != line.index]
    return {one.member_id: "  " + _("has line {n} already", n=one.number) for one in reversed(others) if one.member_id}


def keys_line(first: str, keys: str, width: int) -> Content:
    """What Enter does, and the other keys; a line ends between two of them, never inside one."""
    lines, used = [joined((first, "bold $foreground"))], cell_len(first)
    for number, key in enumerate(keys.split(" · ")):
        before = " · " if number else "   "
        if used + cell_len(before + key) > width:
            lines.append(joined(key))
            used = cell_len(key)
        else:
            lines[-1] = joined(lines[-1], before, key)
            used += cell_len(before + key)
    return Content("\n").join(lines)


class Lines:
    """The lines of the preview, all of them here."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._places = {each.key: place for place, each in enumerate(rows)}

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> Sequence[Row]:
        """The lines of a page."""
        return self._rows[start : start + size]

    async def find(self, key: int) -> int | None:
        """Where a line is."""
        return self._places.get(key)
