"""The reports of a group by day, week and month: outcomes above, what leads to them below (C32)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.reports import Column, Curve, Figure, Kind, Listing, Period, Report, after, before
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services.campaign_figures import lines_of
from qunguan.services.report_advised import advised
from qunguan.services.report_asked import Asked
from qunguan.services.report_facts import campaigns, facts
from qunguan.services.report_money import bought
from qunguan.services.report_plan import plan
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session


def of_group(session: Session, clock: Clock, group: Group, kind: Kind, period: Period) -> Report:
    """The daily, weekly or monthly report of a group."""
    asked = Asked(session, clock, group, kind, period, before(kind, period))
    outcomes, leading = _FIGURES[kind](asked)
    told = facts(asked)
    coming = after(kind, period)
    planned, more = plan(asked, coming.first, coming.last)
    return advised(
        asked, outcomes, leading, told, planned, more, hats=asked.hats if kind != "daily" else (),
        curves=tuple(_curves(asked)), listings=tuple(_listings(asked)),
    )  # fmt: skip


Figures = tuple[tuple[Figure, ...], tuple[Figure, ...]]


def _of_day(asked: Asked) -> Figures:
    leading = (asked.members(), *asked.came_and_left(), *asked.talk(), asked.checkins(), asked.complaints(),
               asked.posts(), asked.tasks_done())  # fmt: skip
    return bought(asked), leading


def _of_week(asked: Asked) -> Figures:
    card = asked.card_figure
    outcomes = (*bought(asked), card("repeat_rate"), card("ltv_ratio"), card("aov"), card("conversion"))
    leading = (
        asked.members(), *asked.came_and_left(), card("exit_rate") if asked.period.over else asked.exit_rate(),
        card("active_rate"), *asked.talk(), asked.checkins(), card("open_rate"), asked.posts(), asked.complaints(),
        asked.tasks_done(),
    )  # fmt: skip
    return outcomes, leading


def _of_month(asked: Asked) -> Figures:
    outcomes, leading = _of_week(asked)
    return outcomes, tuple(asked.exit_rate() if each.code == "exit_rate" else each for each in leading)


_FIGURES: dict[Kind, Callable[[Asked], Figures]] = {"daily": _of_day, "weekly": _of_week, "monthly": _of_month}


def _curves(asked: Asked) -> Iterator[Curve]:
    if asked.kind == "daily":
        return
    found = [asked.curve_of_talk(), asked.curve_of_checkins(), _members(asked) if asked.kind == "monthly" else None]
    yield from (each for each in found if each is not None)


def _members(asked: Asked) -> Curve | None:
    """Members present day by day."""
    found = [tuple(queries.members(asked.session, asked.group.id, *window).values()) for window in asked.windows]
    return asked.curve("members", "count", found) if any(found[0]) else None  # type: ignore[arg-type]


def _listings(asked: Asked) -> Iterator[Listing]:
    if asked.kind != "daily":
        yield from _campaigns(asked)
        yield from asked.goal_listing()


def _campaigns(asked: Asked) -> Iterator[Listing]:
    """The campaigns that ran in the period with what they brought."""
    period = asked.period
    those = [each for each in campaigns(asked) if each.from_day <= period.until and each.to_day >= period.first]
    rows = []
    for each in lines_of(asked.session, asked.clock, those, period.until):
        told = each.figures
        rows.append((
            each.campaign.name, Reason.of(each.campaign.playbook.name), told.participants, told.buyers,
            told.conversion.value, told.conversion.n, told.revenue_fen, told.cost_fen,
        ))  # fmt: skip
    columns = (
        Column("name", N_("name of the campaign")), Column("form", N_("form")),
        Column("participants", N_("take part"), "count"),
        Column("buyers", N_("bought"), "count"), Column("conversion", N_("conversion"), "share"),
        Column("n", N_("of"), "count"), Column("revenue_fen", N_("revenue"), "fen"),
        Column("cost_fen", N_("cost"), "fen"),
    )  # fmt: skip
    if rows:
        yield Listing("campaigns", N_("Campaigns"), columns, tuple(rows))
