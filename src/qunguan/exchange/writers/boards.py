"""A board and a missing list as text for the group: ready to paste, short enough for one message."""

from __future__ import annotations

from qunguan.domain.checkin_outcomes import Board, BoardRow, Rate
from qunguan.domain.text import show
from qunguan.exchange.writers.text import Ranked, fit_text, ranked_lines
from qunguan.i18n import _, ngettext


def board_text(board: Board, limit: int) -> str:
    """The board of a day in at most `limit` characters: day, rate, ranks by streak with honest ties.

    Only who has a streak or a record that day is ranked; nobody is shamed by a 0.
    """
    ranked = [row for row in board.rows if row.streak or row.state != "none"]
    lines = ranked_lines(Ranked(_called(row), row.streak, _said(row, board)) for row in ranked)
    return fit_text(lines, limit, head=[*_head(board), ""], foot=_foot(board), more=_others)


def missing_text(board: Board, limit: int) -> str:
    """Who has not checked in, as @-names under a warm line, in at most `limit` characters.

    Of a day that is over it says until when it can be made up, or that it no longer can; where nobody has a record it
    calls nobody: the day was not told.
    """
    title = f"{show(board.challenge.name)} · {_number(board.day_no, board.challenge.cadence.unit)}"
    if board.over:
        title += f"（{board.day}）"
    if not board.missing:
        done = (
            _("Everybody checked in on that day. Well done!")
            if board.over
            else _("Everybody has checked in today. Well done!")
        )
        return "\n".join([title, done])[:limit]
    if board.over and not board.recorded:
        return "\n".join([title, _("Nobody's check-in of this day has been entered.")])[:limit]
    names = [f"@{show(person.nick or person.name)}" for person in board.missing]
    return fit_text(names, limit, head=[title, _warm(board), ""], more=_others, separator=" ")


def _warm(board: Board) -> str:
    """The line above the names: what they can still do."""
    n = len(board.missing)
    if not board.over:
        return ngettext(
            "{n} friend has not checked in yet. There is still time, we are waiting for you:",
            "{n} friends have not checked in yet. There is still time, we are waiting for you:",
            n,
        )
    if board.make_up_until is not None:
        return ngettext(
            "{n} friend did not check in on that day. It can be made up until {day}:",
            "{n} friends did not check in on that day. It can be made up until {day}:",
            n,
            day=board.make_up_until,
        )
    return ngettext(
        "{n} friend did not check in on that day, and it can no longer be made up:",
        "{n} friends did not check in on that day, and it can no longer be made up:",
        n,
    )


def rate_text(rate: Rate | None) -> str:
    """A share as people read it, `—` where nothing is known."""
    return "—" if rate is None else f"{rate.value:.0%}"


def _head(board: Board) -> list[str]:
    lines = [f"{show(board.challenge.name)} · {_number(board.day_no, board.challenge.cadence.unit)}（{board.day}）"]
    if board.due and not board.recorded:
        lines.append(_("Nobody's check-in of this day has been entered."))
    elif board.rate is not None:
        told = _("Checked in {done} / {due}, {rate}", done=board.done, due=board.due, rate=rate_text(board.rate))
        if board.previous_rate is not None:
            told += _(" (last time {rate})", rate=rate_text(board.previous_rate))
        lines.append(told)
    return lines


def _foot(board: Board) -> list[str]:
    foot = []
    if board.habit_count:
        unit = board.challenge.cadence.unit
        text = (
            _("{n} people with {bar} days in a row or more")
            if unit == "day"
            else _("{n} people with {bar} weeks in a row or more")
        )
        foot.append(text.format(n=board.habit_count, bar=board.habit_bar))
    if board.prompt:
        foot.append(show(board.prompt))
    return ["", *foot] if foot else []


def _number(number: int, unit: str) -> str:
    return _("day {n}", n=number) if unit == "day" else _("week {n}", n=number)


def _called(row: BoardRow) -> str:
    return row.nick or row.name


def _said(row: BoardRow, board: Board) -> str:
    if board.challenge.cadence.unit == "week":
        return ngettext("{n} week in a row", "{n} weeks in a row", row.streak)
    return ngettext("{n} day in a row", "{n} days in a row", row.streak)


def _others(count: int) -> str:
    return ngettext("…and {n} other", "…and {n} others", count)
