"""How goals are drawn: a line each with its meter, and the way day by day against the line it should follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from textual.content import Content

from qunguan.domain.goals import METRICS, STATES, Goal, Measured, Progress, State, expected_on, said
from qunguan.domain.rules import preset
from qunguan.domain.sources import cited
from qunguan.exchange.writers.goals import aim_text, left_text, standing_text
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.chart_line import Line, line_chart
from qunguan.tui.widgets.charts import Draw
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

_METER = 8
_DAY = timedelta(days=1)
_MARKS: dict[State, tuple[str, CellStyle]] = {
    "reached": ("✓", "done"), "ahead": ("●", "good"), "on_track": ("●", "good"), "behind": ("◐", "warn"),
    "missed": ("✗", "bad"), "not_begun": ("○", "dim"), "unknown": ("·", "dim"), "closed": ("○", "dim"),
}  # fmt: skip
_COLOURS = {"done": "$text-success", "good": "$text-success", "warn": "$text-warning", "bad": "$text-error"}
Way = Mapping[date, Measured]
"""What was measured on which days, as far as it was read."""


def mark(state: State) -> tuple[str, str]:
    """The sign of a state and its colour."""
    sign, style = _MARKS[state]
    return sign, _COLOURS.get(style, "$text-muted")


def columns() -> tuple[Column, ...]:
    """What it is, from where to where, where it stands and should, the way behind it, and how long there is still."""
    return (
        Column("", width=1), Column(_("goal"), flex=1, minimum=12), Column(_("figure"), width=12, drop=3),
        Column(_("baseline → target"), width=14), Column(_("now"), width=7, right=True),
        Column(_("by now"), width=8, right=True), Column(_("way"), width=_METER, drop=2),
        Column(_("state"), width=6), Column(_("days left"), width=4, right=True, drop=1),
    )  # fmt: skip


def cells(one: Progress) -> tuple[Cell | str, ...]:
    """The line of a goal."""
    goal = one.goal
    sign, style = _MARKS[one.state]
    left = (goal.to_day - one.as_of).days
    return (
        Cell(sign, style), Cell(goal.name, "dim" if one.state == "closed" else "strong"),
        Cell(_(METRICS[goal.metric][0]), "dim"), _aim(one),
        Cell(_brief(one, one.actual), style), _brief(one, one.wanted if one.kept else one.expected),
        Cell(_way(one), style), Cell(_(STATES[one.state]), style),
        Cell("" if left < 0 or one.state == "closed" else str(left), "dim"),
    )  # fmt: skip


def _aim(one: Progress) -> str:
    wanted = _brief(one, one.wanted)
    return _("hold {wanted}", wanted=wanted) if one.kept else f"{_brief(one, one.baseline)} → {wanted}"


def _way(one: Progress) -> str:
    """The share of the way that lies behind, with the line where it should be by now."""
    goal = one.goal
    whole = (goal.to_day - goal.from_day).days
    due = 1.0 if not whole else min(1.0, max(0.0, (one.as_of - goal.from_day).days / whole))
    return "" if one.done is None else gauge(max(0.0, one.done), 1, [(due, True)], _METER)


def _brief(one: Progress, value: int | None) -> str:
    """A value in a narrow column: money in whole yuan, as `w` says it to the fen."""
    return said(one.goal.unit, value) if value is None or one.goal.unit != "fen" else f"{value / 100:.0f}"


def headline(found: list[Progress], day: date) -> Content:
    """How many goals, and how many of them are behind."""
    running = [one for one in found if one.state != "closed"]
    parts = [literal(ngettext("{n} goal", "{n} goals", len(running)), "bold")]
    counts: dict[State, int] = {}
    for one in running:
        counts[one.state] = counts.get(one.state, 0) + 1
    for state in STATES:
        if state in counts:
            sign, colour = mark(state)
            parts.append(literal(f"{sign} {_(STATES[state])} {counts[state]}", colour))
    if closed := len(found) - len(running):
        parts.append(literal(_("{n} closed", n=closed), "$text-muted"))
    return Content("   ").join([*parts, literal(_("as of {day}", day=day), "$text-muted")])


def side(one: Progress) -> Content:
    """Where it stands and where it should, and how it is counted."""
    sign, colour = mark(one.state)
    told = [
        joined((f"{sign} ", colour), (one.goal.name, "bold")),
        literal(aim_text(one)),
        literal(standing_text(one)),
        literal(f"{one.goal.from_day} – {one.goal.to_day}", "$text-muted"),
        literal(left_text(one), "$text-muted"),
        Content(""),
    ]
    return Content("\n").join([*told, *(literal(str(each), "$text-muted") for each in one.why)])


def why(one: Progress, slack_pct: int) -> list[str]:
    """How it is measured, where it stands and should, when it counts as on track, and the sources."""
    slack = preset("goal.slack_pct")
    return [
        aim_text(one),
        standing_text(one),
        *map(str, one.why),
        *_line_rules(one, slack_pct),
        *cited(one.goal.source),
        *cited(slack.source),
    ]  # fmt: skip


def _line_rules(one: Progress, slack_pct: int) -> list[str]:
    if one.kept:
        return [_("the target was met on {first} already: it is to be held until {last}", first=one.goal.from_day,
                  last=one.goal.to_day)]  # fmt: skip
    return [
        _("by now: the straight line from the baseline on {first} to the target on {last}", first=one.goal.from_day,
          last=one.goal.to_day),
        _("on track: as far as the line says, or up to {pct} % of that way less; so much further is ahead",
          pct=slack_pct),
    ]  # fmt: skip


def draw(one: Progress, way: Way) -> Draw:
    """What was measured and the line it should follow, from the first day of the goal to its last."""
    goal = one.goal
    days = _days(goal)
    scale = 1 if goal.unit == "count" else 100
    should = [_expected(one, day) for day in days]
    series = (
        Line(_("measured"), [None if value is None else value / scale for value in _joined_up(days, way)]),
        Line(_("expected"), [None if value is None else value / scale for value in should]),
    )
    labels = [f"{day:%m-%d}" for day in dict.fromkeys((goal.from_day, goal.to_day))]
    return lambda width, height: line_chart(series, labels, width, height)


def _expected(one: Progress, day: date) -> int | None:
    """What is to be held, or what the straight line says for the day."""
    return one.wanted if one.kept else expected_on(one.goal, one.baseline, one.wanted, day)


def _days(goal: Goal) -> list[date]:
    return [goal.from_day + _DAY * number for number in range((goal.to_day - goal.from_day).days + 1)]


def _joined_up(days: list[date], way: Way) -> list[float | None]:
    """A value for every day: straight between two measured ones next to each other, else only where it was measured."""
    values: dict[date, float | None] = {day: each.value for day, each in way.items()}
    for first, last in pairwise(sorted(way)):
        start, end = values[first], values[last]
        if start is None or end is None:
            continue
        for number in range(1, (last - first).days):
            values[first + _DAY * number] = start + (end - start) * number / (last - first).days
    return [values.get(day) for day in days]


def way_lines(one: Progress, way: Way) -> list[str]:
    """The measured days of the way, newest first: what was measured and what was expected."""
    unit, lines = one.goal.unit, []
    for day in sorted(way, reverse=True):
        measured, wanted = way[day], _expected(one, day)
        base = "" if measured.n is None else f" (n={measured.n})"
        lines.append(_("{day}  measured {actual}{base}, expected {expected}", day=day,
                       actual=said(unit, measured.value), base=base, expected=said(unit, wanted)))  # fmt: skip
    return lines


def empty_text() -> str:
    """What an empty list says."""
    return _("What should be reached, and by when?\n\na sets a goal: a shipped one such as 60 % active in the first "
             "month, or one of your own.\nFrom then on this shows day by day whether you are on the way.")  # fmt: skip
