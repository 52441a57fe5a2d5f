"""How leaderboards are drawn: the list, the line above it, and a member's own places beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from qunguan.domain.boards import BY, VALUES, BoardLine, By, Leaderboard, Period
from qunguan.exchange.writers.leaderboards import board_title, days_text, period_text, value_text
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

BAR = 16
_LABEL, _RANK = 11, 13  # cells of a place beside the list
_WITHOUT_CHALLENGE: tuple[Period, ...] = ("today", "week", "month", "all")
Places = Mapping[tuple[By, Period], Leaderboard]
"""Boards by what they go by and their period."""


def next_by(by: By) -> By:
    """What `s` shows after this."""
    return next_of(BY, by)


def next_period(period: Period, *, challenge: bool) -> Period:
    """What `f` shows after this; the challenge only where there is one."""
    own: tuple[Period, ...] = ("challenge",) if challenge else ()
    names: list[Period] = ["today", "week", "month", *own, "all"]
    return next_of(names, period) if period in names else "week"


def beside_keys(by: By, period: Period) -> tuple[tuple[By, Period], ...]:
    """The boards a member's own places come from: every figure in this period, then this figure in every period."""
    here: list[tuple[By, Period]] = [(each, period) for each in BY]
    ever: list[tuple[By, Period]] = [(by, each) for each in _WITHOUT_CHALLENGE if each != period]
    return (*here, *ever)


def headline(board: Leaderboard, search: str) -> Content:
    """Which board it is, its days, how many are on it, and whether the group sees the top only."""
    parts = [
        literal(board_title(board), "bold"),
        literal(days_text(board)),
        literal(ngettext("{n} on the board", "{n} on the board", len(board.lines))),
    ]
    if board.quiet_top is not None:
        parts.append(literal(_("quiet: the group sees ranks 1 to {n}", n=board.quiet_top), "$text-warning"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def columns(board: Leaderboard) -> tuple[Column, ...]:
    """Rank, member, the figure, a bar, what is missing to the next rank."""
    return (
        Column(_("rank"), width=8, right=True),
        Column(_("member"), flex=1, minimum=14),
        Column(_(VALUES[board.by]), width=10, right=True),
        Column("", width=BAR, drop=2),
        Column(_("to the next rank"), width=10, right=True, drop=1),
    )


def cells(board: Leaderboard, line: BoardLine) -> tuple[Cell | str, ...]:
    """The line of a member; who the group does not see in quiet mode is dim."""
    hidden = board.quiet_top is not None and line.rank > board.quiet_top
    style: CellStyle = "dim" if hidden else "strong" if line.rank <= 3 else ""
    top = board.lines[0].value
    return (
        Cell(_rank(line), style), Cell(line.nick or line.name, style), Cell(str(line.value), style),
        Cell("▆" * max(1, round(BAR * line.value / top)), "dim" if hidden else "good"),
        Cell(f"−{line.behind}" if line.behind else "·", "dim"),
    )  # fmt: skip


def side(line: BoardLine, found: Places, board: Leaderboard) -> Content:
    """A member's own places: by every figure in this period, and by this figure in the others."""
    by, period = board.by, board.period
    told = [literal(line.nick or line.name, "bold")]
    if line.nick and line.nick != line.name:
        told.append(literal(f"{line.name}  #{line.member_id}", "dim"))
    told += [Content(""), literal(period_text(board), "$text-muted")]
    told += [_place(_(BY[each]), found[each, period], line.member_id) for each in BY]
    told += [Content(""), literal(_(BY[by]), "$text-muted")]
    told += [
        _place(period_text(found[by, each]), found[by, each], line.member_id)
        for each in _WITHOUT_CHALLENGE
        if each != period
    ]  # fmt: skip
    return Content("\n").join(told)


def _place(label: str, board: Leaderboard, member_id: int) -> Content:
    line = board.of(member_id)
    name = (_padded(label, _LABEL), "$text-muted")
    if line is None:
        return joined(name, ("—", "dim"))
    rank = f"{_rank(line)} / {len(board.lines)}"
    return joined(name, (_padded(rank, _RANK), "bold"), value_text(board, line.value))


def _rank(line: BoardLine) -> str:
    return _("tied {rank}", rank=line.rank) if line.tied else str(line.rank)


def _padded(text: str, cells: int) -> str:
    return text + " " * max(1, cells - literal(text).cell_length)


def why_lines(board: Leaderboard, reasons: Sequence[str], line: BoardLine | None) -> list[Content]:
    """How the board is counted, then where the member under the cursor stands on it."""
    told = [literal(reason) for reason in reasons]
    if line is not None:
        told += [Content(""), _place(line.nick or line.name, board, line.member_id)]
        if line.behind:
            told.append(literal(_("{n} more and they have caught up with the rank before", n=line.behind), "dim"))
    return told


def empty_text(board: Leaderboard) -> str:
    """What an empty board says: what it is for, and which key to press."""
    if board.by == "referrals":
        return _(
            "Who brought friends that stayed stands here: say who invited whom in the roster (2).\n"
            "s shows another figure, f other days."
        )
    return _(
        "Nobody has anything on these days yet: check-ins (3) and points (4) fill the board by themselves.\n"
        "s shows another figure, f other days."
    )
