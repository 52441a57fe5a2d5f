"""A leaderboard in words: for the group, for one member in private, and as a table."""

from __future__ import annotations

from qunguan.domain.boards import BY, COUNTS, PAST, PERIODS, VALUES, BoardLine, Leaderboard, Unit
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.exchange.writers.text import Ranked, and_more, fit_text, ranked_lines
from qunguan.i18n import N_, _, ngettext

_UNITS: dict[Unit, tuple[str, str]] = {
    "point": (N_("{n} point"), N_("{n} points")),
    "checkin": (N_("{n} check-in"), N_("{n} check-ins")),
    "day": (N_("{n} day in a row"), N_("{n} days in a row")),
    "week": (N_("{n} week in a row"), N_("{n} weeks in a row")),
    "referral": (N_("{n} friend invited"), N_("{n} friends invited")),
}


def board_title(board: Leaderboard) -> str:
    """What the board is: 早起读书群 · 本周 · 积分榜."""
    return " · ".join(filter(None, (show(board.scope), period_text(board), _(BY[board.by]))))


def value_text(board: Leaderboard, value: int) -> str:
    """A value with what it counts: 35 分, 连续 9 天."""
    one, many = _UNITS[board.unit]
    return ngettext(one, many, value)


def leaderboard_text(board: Leaderboard, limit: int, top: int | None = None) -> str:
    """The board for the group in at most `limit` characters: the first `top` ranks (None: all), ties whole.

    In quiet mode only the ranks it allows are shown, and nobody below learns their place in public (C20).
    """
    lines = board.public(top)
    head = [board_title(board), days_text(board), ""]
    if not lines:
        invite = _("Nobody is on the board.") if board.over else _("Nobody is on the board yet. Who makes the start?")
        return fit_text([], limit, head=head[:2], foot=["", invite])
    ranked = ranked_lines(Ranked(line.nick or line.name, line.value, value_text(board, line.value)) for line in lines)
    foot = []
    if board.quiet_top is not None:
        foot = ["", _("Everybody else: ask me, and I tell you your place in private.")]
    elif len(lines) < len(board.lines):
        foot = ["", _("and {n} more on the board", n=len(board.lines) - len(lines))]
    return fit_text(ranked, limit, head=head, foot=foot, more=and_more)


def own_rank_text(board: Leaderboard, member_id: int, name: str = "") -> str:
    """A private message with one member's own place and what is missing to the next; warm to who has none.

    `name` is who it is for where they are not on the board.
    """
    line = board.of(member_id)
    title = f"{days_text(board) if board.over else period_text(board)} · {_(BY[board.by])}"
    if line is None:
        called = show(name) or _("Friend")
        if board.over:
            return _(
                "{name}, you were not on the board ({title}). The next one can be yours!", name=called, title=title
            )
        return _("{name}, you are not on the board yet ({title}). The next one can be yours!", name=called, title=title)
    values = {"name": show(line.nick or line.name), "title": title, "rank": line.rank}
    text = _("{name}, your place ({title}): number {rank}, {value}.", value=value_text(board, line.value), **values)
    return "\n".join([text, _onward(line, over=board.over)])


def leaderboard_table(board: Leaderboard, *, public: bool = False) -> Table:
    """The board as a table, ties sharing their rank; with `public` only what the quiet mode shows."""
    columns = (
        Column("rank", _("rank"), "int"),
        Column("member_id", _("id"), "int"),
        Column("name", _("nickname")),
        Column("value", _(VALUES[board.by]), "int"),
        Column("behind", _("to the next rank"), "int"),
    )
    lines = board.public() if public else board.lines
    rows = [(line.rank, line.member_id, line.nick or line.name, line.value, line.behind) for line in lines]
    return Table(f"{board_title(board)} ({days_text(board)})", columns, rows)


def counted_text(board: Leaderboard) -> str:
    """How the figure is counted, in one line."""
    return _(COUNTS[board.by])


def _onward(line: BoardLine, *, over: bool) -> str:
    if line.rank == 1:
        return _("Nobody is ahead of you. Well done!")
    if over:
        return _("{n} were missing to the one before you.", n=line.behind)
    return _("{n} more and you have caught up with the one before you. You can do it!", n=line.behind)


def period_text(board: Leaderboard) -> str:
    """What the period is called: 本周, and 当周 once it is over."""
    if board.period == "challenge":
        return _("Whole challenge")
    return _(PAST[board.period] if board.over else PERIODS[board.period])


def days_text(board: Leaderboard) -> str:
    """The days that count: 2026-03-16 – 2026-03-20."""
    if board.first is None:
        return _("to {last}", last=board.last)
    return str(board.last) if board.first == board.last else f"{board.first} – {board.last}"
