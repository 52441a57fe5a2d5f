"""How the health card is drawn: a line for each figure, beneath it what it counts, beside it the last weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual.content import Content

from qunguan.domain.actions import nouns
from qunguan.domain.alert_words import TITLES
from qunguan.domain.alert_words import said as alert_said
from qunguan.domain.alerts import Alert
from qunguan.domain.goals import Progress, said
from qunguan.domain.insights import FIGURES, DayCount, Figure, Health
from qunguan.domain.sources import cited, spoken
from qunguan.exchange.writers.insights import UNKNOWN, bar_text, change_good, change_text, goal_bar, met_text, quantity
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.goals_lines import mark
from qunguan.tui.screens.listing import WAITING
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.chart_line import Line, line_chart
from qunguan.tui.widgets.charts import Draw, fitted
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

ROOMS = {
    "ltv_ratio": "trade", "repeat_rate": "trade", "aov": "orders", "conversion": "trade", "active_rate": "cleaning",
    "open_rate": "content", "exit_rate": "members", "checkin_rate": "checkins", "new_members": "retention",
    "messages": "activity", "speakers": "activity", "goals": "goals", "alerts": "alerts",
}  # fmt: skip
"""The room each line belongs to."""
_GAUGE = 9
_MARKS = {True: "✓", False: "✗", None: "·"}
_STYLES: dict[bool | None, CellStyle] = {True: "good", False: "bad", None: ""}
_COLOURS = {True: "$text-success", False: "$text-error", None: "$text-muted"}
_ON_COURSE = ("ahead", "on_track", "reached")
_TOLD_GOALS = 6
_GOAL_NAME = 17  # cells
_TOLD_ALERTS = 4


@frozen
class Around:
    """What stands around the card and is read after it; None while it is on the way."""

    days: tuple[DayCount, ...] | None = None
    goals: tuple[Progress, ...] | None = None
    alerts: tuple[Alert, ...] | None = None


@frozen
class CardLine:
    """A line of the list: a figure of the card, or without one the goals or the alerts; `row` names the row's head."""

    code: str
    figure: Figure | None
    row: str = ""

    @property
    def key(self) -> int:
        """What the line is known by."""
        return list(ROOMS).index(self.code)


def card_lines(card: Health) -> list[CardLine]:
    """Outcomes above, what leads to them below, then goals and alerts (C32)."""
    rows = ((_("outcome"), card.outcomes), (_("leading"), card.leading))
    lines = [
        CardLine(each.code, each, "" if place else row) for row, figures in rows for place, each in enumerate(figures)
    ]
    return [*lines, CardLine("goals", None, _("watch")), CardLine("alerts", None)]


def columns() -> tuple[Column, ...]:
    """Row, figure, value, base, gauge, change, the line that applies and the others."""
    return (
        Column("", width=4), Column(_("key figure"), width=12), Column(_("value"), width=8, right=True),
        Column("n", width=6, right=True), Column("", width=_GAUGE, drop=1),
        Column(_("against before"), width=10, right=True), Column(_("bar"), flex=1, minimum=10),
    )  # fmt: skip


def cells(line: CardLine, around: Around) -> tuple[Cell | str, ...]:
    """The line of a figure, or of the goals or the alerts."""
    row = Cell(line.row, "dim")
    if line.figure is None:
        name, (value, told, style) = _("goals") if line.code == "goals" else _("alerts"), _watched(line.code, around)
        return row, Cell(name, "strong"), Cell(value, style), "", "", "", Cell(told, style)
    one = line.figure
    bar = goal_bar(one)
    met = bar.met if bar else None
    unknown: CellStyle = "dim" if one.value is None else "strong"
    return (
        row, Cell(_(FIGURES[one.code]), unknown), Cell(quantity(one.value, one.unit), _STYLES[met] or unknown),
        Cell(f"{one.n:,}" if one.n is not None else "", "dim"), Cell(_gauge(one), _STYLES[met] or "dim"),
        Cell(change_text(one, narrow=True), _STYLES[change_good(one)]), Cell(_bars(one), _STYLES[met] or "dim"),
    )  # fmt: skip


def _gauge(one: Figure) -> str:
    """Shares and ratios with their lines; other figures have no scale."""
    if one.unit not in ("share", "ratio") or (one.value is None and not one.bars):
        return ""
    lines = [(bar.value, bar.applies) for bar in one.bars]
    most = 1.25 * max([one.value or 0, *(line for line, _applies in lines)]) if lines else 1.0
    return gauge(one.value, min(most, 1.0) if one.unit == "share" else most, lines, _GAUGE)


def _bars(one: Figure) -> str:
    """The line that applies with its verdict first, then the others."""
    own = goal_bar(one)
    told = [f"{_MARKS[own.met]} {bar_text(one, own)}"] if own else []
    return " ".join([*told, *(f"┆{bar_text(one, bar)[1:]}" for bar in one.bars if not bar.applies)])


def _watched(code: str, around: Around) -> tuple[str, str, CellStyle]:
    """How goals and alerts stand: a figure, in words, and how it is drawn."""
    if code == "goals":
        if around.goals is None:
            return WAITING, "", "dim"
        if not around.goals:
            return UNKNOWN, _("no goal yet: Enter sets one"), "dim"
        good = sum(one.state in _ON_COURSE for one in around.goals)
        behind = sum(one.state in ("behind", "missed") for one in around.goals)
        told = _("{good} on course, {behind} behind", good=good, behind=behind)
        return f"{good}/{len(around.goals)}", told, "warn" if behind else ""
    if around.alerts is None:
        return WAITING, "", "dim"
    n = len(around.alerts)
    names = "、".join(dict.fromkeys(_(TITLES[one.rule]) for one in around.alerts))
    return str(n), names or _("nothing fires"), "warn" if n else "good"


def headline(card: Health, day: date, *, today: bool) -> Content:
    """As of when, how old the group is, and how far its chats are known."""
    told = literal(_("no chats of these days are known: i imports an export"), "$text-warning")
    if card.covered_to is not None:
        told = literal(_("chats known to {day}", day=card.covered_to), "$text-muted")
    parts = [
        literal(_("as of {day}", day=day), "bold" if today else "bold $text-warning"),
        told,
        literal(_("{age} days old", age=card.age_days)),
    ]
    if card.new:
        parts.append(literal(_("first month: its goal applies")))
    return Content("   ").join(parts)


def detail(line: CardLine, around: Around, *, sources: bool = False) -> list[Content]:
    """What a figure counts, over which days, against which lines, and why it is unknown; `sources` names the codes."""
    if line.figure is None:
        return _goal_lines(around.goals) if line.code == "goals" else _alert_lines(around.alerts)
    one = line.figure
    before = quantity(one.before, one.unit)
    span = _("{first} to {last}", first=one.first, last=one.last)
    days = _("all time, to {last}", last=one.last) if one.ever else span
    told = [
        joined((_(FIGURES[one.code]), "bold"), "  ", (quantity(one.value, one.unit), "bold"),
               ("" if one.n is None else f"  n={one.n:,}", "$text-muted")),
        joined((days, "$text-muted"),
               (f"  {_('window before')} {before}  {change_text(one)}", "$text-muted")),
    ]  # fmt: skip
    for bar in sorted(one.bars, key=lambda bar: not bar.applies):
        own = _("the one that applies") if bar.applies else _("for comparison")
        told.append(joined((f"{_MARKS[bar.met]} {bar_text(one, bar)} {met_text(bar.met)}", _COLOURS[bar.met]),
                           (f"  {own}  {'' if sources else spoken(bar.source)}", "$text-muted")))  # fmt: skip
        if sources:
            told += [literal(f"    {each}", "$text-muted") for each in (*cited(bar.source), bar.rule)]
    return [*told, *(literal(f"· {reason}", "" if one.value is not None else "$text-warning") for reason in one.why)]


def leads_to(line: CardLine) -> str:
    """Where Enter goes."""
    return _("Enter → {room}", room=dict(nouns())[ROOMS[line.code]])


def draw_days(days: Sequence[DayCount]) -> Draw:
    """Messages and speakers by day; a day nobody told of is a gap."""
    series = (
        Line(_("messages"), [each.messages for each in days]), Line(_("speakers"), [each.people for each in days])
    )  # fmt: skip
    labels = [f"{days[place].day:%m-%d}" for place in sorted({0, len(days) // 2, len(days) - 1})] if days else []
    return lambda width, height: line_chart(series, labels, width, height)


def side(around: Around) -> Content:
    """Goals in one line each, then what fires."""
    return Content("\n").join([*_goal_lines(around.goals), Content(""), *_alert_lines(around.alerts)])


def _goal_lines(goals: Sequence[Progress] | None) -> list[Content]:
    told = [literal(_("goals"), "bold")]
    if goals is None:
        return [*told, literal(WAITING, "$text-muted")]
    for one in goals[:_TOLD_GOALS]:
        unit = one.goal.unit
        sign, colour = mark(one.state)
        way = f"{said(unit, one.actual)} → {said(unit, one.wanted)}"
        told.append(joined((f"{sign} ", colour), fitted(one.goal.name, _GOAL_NAME),
                           (f" {way}", "$text-muted")))  # fmt: skip
    if len(goals) > _TOLD_GOALS:
        told.append(literal(_("and {n} more", n=len(goals) - _TOLD_GOALS), "$text-muted"))
    return told if goals else [*told, literal(_("no goal yet: Enter sets one"), "$text-muted")]


def _alert_lines(alerts: Sequence[Alert] | None) -> list[Content]:
    if alerts is None:
        return [literal(_("alerts"), "bold"), literal(WAITING, "$text-muted")]
    n = len(alerts)
    style = "$text-warning" if n else "$text-success"
    told = [literal(ngettext("{n} alert fires", "{n} alerts fire", n), f"bold {style}")]
    for one in alerts[:_TOLD_ALERTS]:
        told.append(joined(("! ", "$text-error" if one.severity == "alarm" else style), (_(TITLES[one.rule]), "bold"),
                           (f"  {alert_said(one)}", "$text-muted")))  # fmt: skip
    if n > _TOLD_ALERTS:
        told.append(literal(_("and {n} more", n=n - _TOLD_ALERTS), "$text-muted"))
    return told


WHY = (
    N_("only days that are over count; unknown is —, never 0"),
    N_("what the community brings stands above, what leads to it below (C32)"),
)
"""What holds for the whole card: message IDs."""
