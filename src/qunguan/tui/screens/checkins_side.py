"""What stands beside the board: the member under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from qunguan.domain.checkin_outcomes import Cell
from qunguan.domain.checkin_trail import DayNote, MemberCheckins
from qunguan.domain.checkins import PRESENT
from qunguan.domain.jielong import mask_phones
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.checkins_board import MARKS, STATES, day_text
from qunguan.tui.text import joined, literal
from qunguan.tui.text import lines as paragraph

_WORDS = 160  # characters of the newest words; the calendar shows all of them


def side(found: MemberCheckins) -> Content:
    """The member's figures, the month of the day, the newest words."""
    row = found.row
    name = joined((row.nick or row.name, "bold"))
    if row.nick and row.nick != row.name:
        name = joined((row.nick, "bold"), (f"（{row.name}）", "$text-muted"))
    figures = [
        joined((_("streak"), "$text-muted"), f" {row.streak}   ", (_("best"), "$text-muted"), f" {row.best}"),
        joined((_("total"), "$text-muted"), f" {row.total}   ", (_("points"), "$text-muted"), f" {found.points}"),
    ]
    first = found.month[0].day
    done = sum(cell.state in PRESENT for cell in found.month)
    days = ngettext("{n} day checked in", "{n} days checked in", done)
    heading = joined((_("{month}/{year}", month=first.month, year=first.year), "$text-muted"), f"   {days}")
    parts = [name, literal(""), *figures, literal(""), heading, month_row(found.month)]
    if found.note is not None:
        parts += [literal(""), *words(found.note)]
    return Content("\n").join(parts)


def month_row(cells: Sequence[Cell]) -> Content:
    """A month as one mark a day."""
    return joined(*((mark(cell), style(cell)) for cell in cells))


def mark(cell: Cell) -> str:
    """The mark of a day: · only where a check-in was missed, nothing while the day is open or to come."""
    return MARKS[cell.state] if cell.state != "none" or cell.missed else " "


def style(cell: Cell) -> str:
    """The colour of a day; the mark alone tells it too."""
    if cell.state in PRESENT:
        return "$text-success" if cell.state == "done" else "$text-warning"
    return "$text-error" if cell.missed else "$text-muted"


def words(note: DayNote) -> list[Content]:
    """A day with what was written, and why it was made up, frozen or excused."""
    state = f" {MARKS[note.state]} {_(STATES[note.state])}" if note.state != "done" else ""
    found = [joined((day_text(note.day), "$text-muted"), (state, "$text-muted"))]
    found += [paragraph(mask_phones(text)[:_WORDS]) for text in (note.text, note.reason) if text]
    return found
