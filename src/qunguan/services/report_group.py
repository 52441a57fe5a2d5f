"""The reports of a group by day, week and month: outcomes above, what leads to them below (C32)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.report_causes import causes, unexplained
from qunguan.domain.reports import Column, Curve, Fact, Figure, Kind, Listing, Period, Planned, Report, after, before
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import alerts, goals
from qunguan.services.campaign_figures import lines_of
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


def advised(
    asked: Asked, outcomes: tuple[Figure, ...], leading: tuple[Figure, ...], told: tuple[Fact, ...],
    planned: tuple[Planned, ...], more: int, **parts: object,
) -> Report:  # fmt: skip
    """A report of these figures and facts, with its reasons and what it suggests or tells to keep."""
    figures = outcomes + leading
    session, clock, group, period = asked.session, asked.clock, asked.group, asked.period
    ground = Ground(
        figures, alerts.alerts(session, clock, group.id, period.until, passed=False), asked.hats, _goals(asked),
        period.days, len(asked.known_days(period.first, period.until)), asked.has_chats,
        sum(each.kind == "post" for each in planned),
    )  # fmt: skip
    suggested = advice(ground, asked.states)
    points, percent = (float(asked.rule(f"report.notable_{each}").value) for each in ("points", "pct"))
    found = causes(told, figures, percent, points)
    return Report(
        asked.kind, group.id, group.name, period, asked.before, outcomes, leading,
        tuple(each for each in told if not each.before), found, unexplained(figures, found, percent, points), suggested,
        () if suggested else kept(figures), planned, more, **parts,  # type: ignore[arg-type]
    )  # fmt: skip


def _goals(asked: Asked) -> tuple[goals.Progress, ...]:
    """The goals that run at the end of the period; a day is too short to say anything of them."""
    if asked.kind == "daily":
        return ()
    until = asked.period.until
    those = goals.all_goals(asked.session, asked.group.id)
    return tuple(goals.progress(asked.session, asked.clock, each, until) for each in those
                 if each.from_day <= until <= each.to_day and each.closed_on is None)  # fmt: skip


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
        Column("name", N_("campaign")), Column("form", N_("form")), Column("participants", N_("take part"), "count"),
        Column("buyers", N_("bought"), "count"), Column("conversion", N_("conversion"), "share"),
        Column("n", N_("of"), "count"), Column("revenue_fen", N_("revenue"), "fen"),
        Column("cost_fen", N_("cost"), "fen"),
    )  # fmt: skip
    if rows:
        yield Listing("campaigns", N_("Campaigns"), columns, tuple(rows))
