"""How trade is drawn: figures, the steps of a funnel, channels, and the line above each list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.funnels import FunnelResult, Reached
from qunguan.domain.sources import cited
from qunguan.domain.trade import AGES, Channel, ChannelCost, Cohort, Trade
from qunguan.exchange.writers.insights import UNKNOWN, quantity
from qunguan.exchange.writers.trade import TradeFigure, days_text, funnel_notes, rate_text, step_text
from qunguan.i18n import N_, _
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.charts import axis_figure, fitted
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["buyers", "segments", "figures", "funnel", "channels"]
VIEWS: dict[View, str] = {
    "buyers": N_("RFM, buyers"), "segments": N_("RFM, segments"), "figures": N_("figures"), "funnel": N_("funnel"),
    "channels": N_("channels"),
}  # fmt: skip
_BAR = 24
_LONG = 9_999_950  # fen
_BESIDE = (30, 90, 180, 365)  # the ages beside the list; `w` shows all of AGES
_MONTH, _SIZE, _AGE = 5, 4, 6  # cells of the table of months


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(VIEWS, view)


def headline(view: View, whose: str, parts: Sequence[Content | str], day: date, *, today: bool) -> Content:
    """Which list it is, of whose orders, as of when, and what it adds up to."""
    when = literal(_("as of {day}", day=day), "$text-muted" if today else "$text-warning")
    return Content("   ").join([joined((_(VIEWS[view]), "bold"), f" · {whose}"), when, *map(joined, parts)])


# -- figures


def figure_columns() -> tuple[Column, ...]:
    """What it is, the figure, its base and what it counts."""
    return (
        Column(_("key figure"), flex=1, minimum=14), Column(_("value"), width=10, right=True),
        Column("n", width=6, right=True), Column(_("how it is counted"), flex=3, minimum=20),
    )  # fmt: skip


def figure_cells(one: TradeFigure) -> tuple[Cell | str, ...]:
    """The line of a figure."""
    known: CellStyle = "dim" if one.value is None else "strong"
    n = "" if one.n is None else f"{one.n:,}"
    return Cell(one.label, known), Cell(quantity(one.value, one.unit), known), Cell(n, "dim"), Cell(one.terms, "dim")


def figure_lines(one: TradeFigure) -> list[Content]:
    """A figure in full, with where it comes from."""
    base = "" if one.n is None else f"  n={one.n:,}"
    told = [joined((one.label, "bold"), "  ", (quantity(one.value, one.unit), "bold"), (base, "$text-muted"))]
    return [*told, literal(one.terms), *(literal(each, "$text-muted") for each in cited(one.source) if one.source)]


def figure_side(found: Trade, one: TradeFigure) -> Content:
    """The figure in full, then what buyers left by the month of their first purchase, as far as there is room."""
    return Content("\n").join([*figure_lines(one), *month_lines(found, _BESIDE)])


def month_lines(found: Trade, ages: Sequence[int] = AGES) -> list[Content]:
    """What a buyer left so long after the first purchase, for each month of first purchases, newest first."""
    if not found.cohorts:
        return []
    heads = "".join(fitted(str(age), _AGE, right=True) for age in ages)
    places = [AGES.index(age) for age in ages]
    return [
        Content(""),
        literal(_("Yuan per buyer after so many days, by the month they first bought"), "bold"),
        literal(f"{'':{_MONTH}}{fitted('n', _SIZE, right=True)}{heads}", "$text-muted"),
        *(literal(_month(each, places)) for each in reversed(found.cohorts)),
    ]


def _month(one: Cohort, places: Sequence[int]) -> str:
    cells = "".join(fitted(_short(one.ltv_fen[place]), _AGE, right=True) for place in places)
    return f"{one.month:%y-%m}{fitted(str(one.size), _SIZE, right=True)}{cells}"


def _short(fen: float | None) -> str:
    """An amount in whole yuan, in five cells up to 99,999."""
    if fen is None:
        return UNKNOWN
    return f"{fen / 100:.0f}" if fen < _LONG else axis_figure(fen / 100)


# -- funnels


def step_columns() -> tuple[Column, ...]:
    """Step, how many came to it, and of which share."""
    return (
        Column(_("step"), flex=1, minimum=12), Column(_("people"), width=6, right=True), Column("", width=_BAR, drop=1),
        Column(_("of the step before"), width=10, right=True), Column(_("of the first"), width=8, right=True),
        Column(_("median days"), width=8, right=True),
    )  # fmt: skip


def step_cells(found: FunnelResult, one: Reached) -> tuple[Cell | str, ...]:
    """The line of a step; one nobody can know is dim."""
    first = found.steps[0].n or 0
    unknown: CellStyle = "dim" if one.n is None else "strong"
    bar = gauge(one.n, first or 1, (), _BAR) if one.n is not None else UNKNOWN
    head = (Cell(step_text(one.step), unknown), Cell(UNKNOWN if one.n is None else str(one.n), unknown), bar)
    if one is found.steps[0]:
        return *head, "", "100%" if first else UNKNOWN, ""
    shares = (UNKNOWN if each is None else f"{each.value:.1%}" for each in (one.rate, one.cumulative))
    return *head, *shares, days_text(one.median_days)


def step_side(found: FunnelResult, one: Reached | None) -> Content:
    """The step with the bases of its shares, then what the funnel counts."""
    told: list[Content] = []
    if one is not None and one.n is not None and one is not found.steps[0]:
        told = [
            literal(step_text(one.step), "bold"),
            joined((f"{_('of the step before')}  ", "$text-muted"), rate_text(one.rate)),
            joined((f"{_('of the first')}  ", "$text-muted"), rate_text(one.cumulative)),
            joined((f"{_('median days')}  ", "$text-muted"), days_text(one.median_days)),
            Content(""),
        ]
    return Content("\n").join([*told, *(literal(each, "$text-muted") for each in funnel_why(found))])


def funnel_why(found: FunnelResult) -> list[str]:
    """How a funnel counts, and where it comes from."""
    return [
        _("Everybody counts once, from the first day they did the first step"),
        _("a step counts at or after the one before, at most {days} days after the first", days=found.window_days),
        *funnel_notes(found),
        *cited(found.funnel.source),
        *cited("semantics 3.12"),
    ]


# -- channels


def channel_columns() -> tuple[Column, ...]:
    """What a channel cost, who came and stayed, what one costs and leaves."""
    return (
        Column(_("channel"), flex=1, minimum=8), Column(_("cost"), width=10, right=True),
        Column(_("joined"), width=5, right=True), Column(_("stayed"), width=5, right=True),
        Column(_("too new"), width=6, right=True, drop=1), Column("CAC", width=9, right=True),
        Column("LTV", width=9, right=True), Column("LTV/CAC", width=7, right=True),
    )  # fmt: skip


def channel_cells(one: Channel) -> tuple[Cell | str, ...]:
    """The line of a channel."""
    ratio = UNKNOWN if one.ratio is None else f"{one.ratio:.2f}"
    style: CellStyle = "dim" if one.ratio is None else "good" if one.ratio >= 1 else "bad"
    return (
        Cell(one.channel, "strong"), quantity(one.cost_fen, "fen"), str(one.joined), str(one.valid),
        Cell(str(one.pending), "dim"), quantity(one.cac_fen, "fen"), quantity(one.ltv_fen, "fen"), Cell(ratio, style),
    )  # fmt: skip


def cost_text(one: ChannelCost) -> str:
    """One cost: how much, when, for what."""
    return "  ".join(filter(None, (_paid(one), one.note)))


def _paid(one: ChannelCost) -> str:
    days = str(one.from_day) if one.from_day == one.to_day else f"{one.from_day} – {one.to_day}"
    return f"{quantity(one.cost_fen, 'fen')}  {days}"


def channel_side(one: Channel, costs: Sequence[ChannelCost], days: int) -> Content:
    """The costs of a channel, and how its figures are counted."""
    told = [literal(one.channel, "bold")]
    for each in costs:
        told += [literal(_paid(each)), *([literal(f"  {each.note}", "$text-muted")] if each.note else [])]
    return Content("\n").join([*told, Content(""), *(literal(each, "$text-muted") for each in channel_why(days))])


def channel_why(days: int) -> list[str]:
    """Who counts for a channel, and what CAC and LTV are."""
    return [
        _("Who counts: members whose card names the channel and who joined on days that were paid for"),
        _("stayed: still there after {days} days; too new: not there so long yet", days=days),
        _("CAC = cost ÷ those who stayed; LTV = what they left so far ÷ those who stayed"),
        _("a cost that still runs counts up to the day, by days"),
        *cited("S2-17"),
        *cited("semantics 3.8"),
    ]


def empty_text(view: View) -> str:
    """What an empty list says."""
    if view == "channels":
        return _("What does a new member cost?\n\na notes what a channel cost in which days. The channel of a member "
                 "stands\non their card: in the roster (2), e.")  # fmt: skip
    return _("Nobody in this group has bought yet.\n\nBring in the orders of your shop in Revenue (7, i): then this "
             "shows who buys how often,\nwho is drifting off, and what brings a second purchase.")  # fmt: skip
