"""Check-ins and the board of a day as tables; the check-ins are read back by our own import."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.checkin_outcomes import Board
from qunguan.domain.checkins import Mark
from qunguan.domain.exports import CheckinLine
from qunguan.exchange.writers.tables import Column, Table
from qunguan.exchange.writers.text import ranks
from qunguan.i18n import N_, _

STATE_WORDS: dict[Mark, str] = {
    "done": N_("done"),
    "makeup": N_("makeup"),
    "frozen": N_("frozen"),
    "excused": N_("excused"),
    "none": "",
}
"""The words our import knows, in both languages."""


def checkins_table(lines: Sequence[CheckinLine], title: str) -> Table:
    """One row a record."""
    columns = (
        Column("member_id", _("id"), "int"),
        Column("name", _("nickname")),
        Column("day", _("date"), "date"),
        Column("state", _("state")),
        Column("note", _("note")),
    )
    rows = [
        (line.member_id, line.name, line.day, _(STATE_WORDS[line.state]), line.text or line.reason) for line in lines
    ]
    return Table(title, columns, rows)


def board_table(board: Board) -> Table:
    """The board of a day, best first, ties sharing their rank."""
    columns = (
        Column("rank", _("rank"), "int"),
        Column("member_id", _("id"), "int"),
        Column("name", _("nickname")),
        Column("state", _("state")),
        Column("streak", _("streak"), "int"),
        Column("best", _("best"), "int"),
        Column("total", _("total"), "int"),
    )
    rows = [
        (
            place,
            row.member_id,
            row.name,
            _(STATE_WORDS[row.state]) if row.state != "none" else "",
            row.streak,
            row.best,
            row.total,
        )
        for place, row in zip(ranks(row.streak for row in board.rows), board.rows, strict=True)
    ]
    return Table(f"{board.challenge.name} {board.day}", columns, rows)
