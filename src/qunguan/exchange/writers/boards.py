"""A board and a missing list as text for the group: ready to paste, short enough for one message."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.checkin_outcomes import Board, BoardRow, Person, Rate
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
    """Who has not checked in yet, as @-names under a warm line, in at most `limit` characters."""
    return _mentions(board.missing, show(board.challenge.name), board.day_no, board.challenge.cadence.unit, limit)


def _mentions(people: Sequence[Person], name: str, number: int, unit: str, limit: int) -> str:
    title = f"{name} · {_number(number, unit)}"
    if not people:
        return "\n".join([title, _("Everybody has checked in today. Well done!")])[:limit]
    warm = ngettext(
        "{n} friend has not checked in yet. There is still time, we are waiting for you:",
        "{n} friends have not checked in yet. There is still time, we are waiting for you:",
        len(people),
    )
    names = [f"@{show(person.nick or person.name)}" for person in people]
    return fit_text(names, limit, head=[title, warm, ""], more=_others, separator=" ")


def rate_text(rate: Rate | None) -> str:
    """A share as people read it, `—` where nothing is known."""
    return "—" if rate is None else f"{rate.value:.0%}"


def _head(board: Board) -> list[str]:
    lines = [f"{show(board.challenge.name)} · {_number(board.day_no, board.challenge.cadence.unit)}（{board.day}）"]
    if board.rate is not None:
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
