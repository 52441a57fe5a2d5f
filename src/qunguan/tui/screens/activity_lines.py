"""How a group's talk is drawn: a picture for each view, the list under it, the figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.activity import FORMAT_NAMES
from qunguan.domain.activity_outcomes import ImportRow
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.insights import DayCount, Hours, People, Person, Share
from qunguan.exchange.writers.activity import CROWDS, known_text, people_of, share_text, shares_of
from qunguan.exchange.writers.insights import UNKNOWN, quantity
from qunguan.i18n import N_, _
from qunguan.tui.text import joined
from qunguan.tui.widgets.chart_grid import heat_map
from qunguan.tui.widgets.chart_line import Line, line_chart
from qunguan.tui.widgets.charts import Draw, columns, fitted
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

View = Literal["days", "weeks", "hours", "people", "imports"]
VIEWS: dict[View, str] = {
    "days": N_("by day"), "weeks": N_("by week"), "hours": N_("by hour and weekday"), "people": N_("by person"),
    "imports": N_("imports"),
}  # fmt: skip
PICTURES: tuple[View, ...] = ("days", "weeks", "hours", "people")
PERIODS = {28: N_("four weeks"), 84: N_("twelve weeks"), 364: N_("one year")}
HEIGHTS: dict[View, str] = {"days": "45%", "weeks": "45%", "hours": "9"}
"""Lines of the picture above the list."""
_BAR, _SHARE_NAME = 16, 22
_DAY = timedelta(days=1)
_CROWD_STYLES: dict[str, CellStyle] = {"top": "", "lost": "bad", "back": "warn", "new": "good"}


@frozen
class TalkLine:
    """A line of the list. `key` is unique over all views; at most one of the things is there."""

    key: int
    cells: tuple[Cell | str, ...]
    day: DayCount | None = None
    person: Person | None = None
    imported: ImportRow | None = None


def row(line: TalkLine) -> Row:
    """The line for a table."""
    return Row(line.key, line.cells)


# -- lists


def day_columns() -> tuple[Column, ...]:
    """Day or week, messages, speakers, a bar."""
    return (
        Column(_("day"), width=15), Column(_("messages"), width=8, right=True),
        Column(_("speakers"), width=8, right=True), Column("", width=_BAR), Column(_("a speaker"), width=8, right=True),
    )  # fmt: skip


def day_lines(days: Sequence[DayCount], *, weekly: bool) -> list[TalkLine]:
    """Newest first; a day nobody told of is a dash."""
    most = max((each.messages or 0 for each in days), default=0)
    return [_day_line(each, most, weekly=weekly) for each in reversed(days)]


def _day_line(one: DayCount, most: int, *, weekly: bool) -> TalkLine:
    name = f"{one.day} {_(WEEKDAYS[one.day.weekday()])}"
    if weekly:
        name = f"{one.day:%m-%d} – {one.day + 6 * _DAY:%m-%d}"
    each = one.messages / one.people if one.messages and one.people else None
    style: CellStyle = "dim" if one.messages is None else ""
    cells = (
        Cell(name, style), Cell(known_text(one.messages), style), Cell(known_text(one.people), style),
        Cell(_bar(one.messages, most), "good"), Cell(quantity(each, "per_day"), "dim"),
    )  # fmt: skip
    return TalkLine(one.day.toordinal() + (10_000_000 if weekly else 0), cells, day=one)


def hour_columns() -> tuple[Column, ...]:
    """Hour, messages, share, a bar, its best weekday."""
    return (
        Column(_("hour"), width=8), Column(_("messages"), width=8, right=True), Column(_("share"), width=7, right=True),
        Column("", width=_BAR), Column(_("liveliest on"), flex=1, minimum=8),
    )  # fmt: skip


def hour_lines(found: Hours) -> list[TalkLine]:
    """The hours of a day in order, the best one marked."""
    by_hour, most = found.by_hour, max(found.by_hour)
    lines = []
    for hour, n in enumerate(by_hour):
        best = hour == found.best_hour
        style: CellStyle = "strong" if best else "" if n else "dim"
        share = quantity(n / found.messages, "share") if found.messages else UNKNOWN
        means = {day: found.grid[day][hour] / told for day, told in enumerate(found.weekdays) if told}
        liveliest = _(WEEKDAYS[max(means, key=lambda day: means[day])]) if n else ""
        mark = f"{hour:02d}:00 {'★' if best else ''}"
        cells = (Cell(mark, style), Cell(f"{n:,}", style), Cell(share, style), Cell(_bar(n, most), "good"), liveliest)
        lines.append(TalkLine(hour, cells))
    return lines


def people_columns() -> tuple[Column, ...]:
    """Which list, who, messages, share, a bar."""
    return (
        Column(_("list"), width=10), Column(_("name"), flex=1, minimum=12), Column(_("messages"), width=7, right=True),
        Column(_("share"), width=7, right=True), Column("", width=_BAR, drop=1),
    )  # fmt: skip


def people_lines(found: People) -> list[TalkLine]:
    """The most active, then who fell silent, who is back, who is new; the owner is marked."""
    most = max((person.messages for person in found.top), default=0)
    lines = []
    for place, (crowd, one) in enumerate(people_of(found)):
        style = _CROWD_STYLES[crowd]
        here = crowd != "lost"  # their messages are of the days before
        share = quantity(one.messages / found.messages, "share") if found.messages and here else ""
        marks = (_("(owner)") if one.owner else "", "?" if one.member_id is None else "",
                 _("(has left)") if one.gone else "")  # fmt: skip
        name = " ".join(filter(None, (one.name, *marks)))
        cells = (
            Cell(_(CROWDS[crowd]), style or "dim"), Cell(name, "strong" if one.owner else "dim" if one.gone else ""),
            f"{one.messages:,}", share, Cell(_bar(one.messages, most), "good" if here else "dim"),
        )  # fmt: skip
        lines.append(TalkLine(100_000_000 + place, cells, person=one))
    return lines


def import_columns() -> tuple[Column, ...]:
    """File, format, days, what was new."""
    return (
        Column(_("file"), flex=2, minimum=14), Column(_("format"), flex=1, minimum=8, drop=1),
        Column(_("which days"), width=23), Column(_("messages"), width=7, right=True),
        Column(_("known before"), width=8, right=True, drop=2),
    )  # fmt: skip


def import_lines(found: Sequence[ImportRow]) -> list[TalkLine]:
    """Newest first."""
    return [
        TalkLine(
            1_000_000_000 + one.id,
            (one.name, Cell(_(FORMAT_NAMES[one.format]), "dim"), import_days(one), f"{one.messages:,}",
             Cell(f"{one.duplicates:,}", "dim")),
            imported=one,
        )
        for one in found
    ]  # fmt: skip


def import_days(one: ImportRow) -> str:
    """The days an import spans."""
    return f"{one.first.date()} – {one.last.date()}" if one.first and one.last else UNKNOWN


def _bar(value: int | None, most: int) -> str:
    if not value or not most:
        return ""
    return "▆" * max(1, round(_BAR * min(value, most) / most))


# -- pictures


def draw_days(days: Sequence[DayCount]) -> Draw:
    """Messages and speakers over the days; gaps where nothing is known."""
    series = (
        Line(_("messages"), [each.messages for each in days]), Line(_("speakers"), [each.people for each in days])
    )  # fmt: skip
    labels = [f"{days[place].day:%m-%d}" for place in sorted({0, len(days) // 3, 2 * len(days) // 3, len(days) - 1})]
    return lambda width, height: line_chart(series, labels, width, height)


def draw_weeks(weeks: Sequence[DayCount]) -> Draw:
    """A column for each week."""
    values = [each.messages for each in weeks]
    labels = [f"{each.day:%m-%d}" for each in weeks]
    return lambda width, height: columns(values, labels, width, height)


def draw_hours(found: Hours) -> Draw:
    """Messages an hour on an average day of each weekday."""
    rows = [_(name) for name in WEEKDAYS]
    values = [[n / days if days else None for n in line] for line, days in zip(found.grid, found.weekdays, strict=True)]
    hours = [str(hour) for hour in range(24)]
    return lambda width, _height: heat_map(rows, hours, values, width)


def draw_shares(found: People) -> Draw:
    """The shares of the window against their lines."""
    told = shares_told(found)
    longest = max((cell_len(share_text(share)) for _name, share in told), default=0)
    return lambda width, _height: Content("\n").join(_share_line(name, share, width, longest) for name, share in told)


def shares_told(found: People) -> list[tuple[str, Share]]:
    """The shares anything can be said of."""
    return [line for line in shares_of(found) if line[1].value is not None or line[1].bars]


def _share_line(name: str, share: Share, width: int, longest: int) -> Content:
    lines = [(bar.value, bar.rule != "alert.top_pct") for bar in share.bars]
    text = f"  {share_text(share):>{longest}}"
    room = max(8, min(40, width - _SHARE_NAME - longest - 4))
    style = "$text-warning" if any(bar.met is False for bar in share.bars) else "$primary"
    return joined(
        (fitted(name, _SHARE_NAME), "$text-muted"), (gauge(share.value, 1.0, lines, room), style), text
    )  # fmt: skip
