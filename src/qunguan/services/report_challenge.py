"""The report of a challenge so far, held against the one of the group before it on the same day of its run (S3-45)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Kpis, Rate
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.insights import DAY
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.report_causes import causes, unexplained
from qunguan.domain.reports import Column, Figure, Listing, Period, Planned, Report
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import challenges, checkins, groups
from qunguan.services.report_asked import Asked, rated, share
from qunguan.services.report_facts import facts
from qunguan.store.session import Session

_BEST = 10


def of_challenge(session: Session, clock: Clock, found: Challenge, day: date | None) -> Report:
    """The report of a challenge up to a day (None: the last one that is over). Raises Refused before it began."""
    group = groups.get(session, found.group_id)
    today = clock.today(group.day_rule)
    if found.starts_on > (day or today):
        raise Refused("{name} begins on {day}", name=found.name, day=found.starts_on)
    last = found.last_day or max(found.starts_on, day or today - DAY)
    until = min(last, day or max(today - DAY, found.starts_on))
    period = Period(found.starts_on, last, until)
    earlier = _earlier(session, found)
    asked = Asked(session, clock, group, "challenge", period, _same(earlier, period) if earlier else None)
    against = Reason.of(N_("against {name}"), name=earlier.name) if earlier else None
    told = [checkins.kpis(session, clock, found.id, until)]
    if earlier and asked.before:
        told.append(checkins.kpis(session, clock, earlier.id, asked.before.until))
    ids = [found.id, earlier.id] if earlier else [found.id]
    outcomes = (_rate("completion", told), _rate("habit", told))
    leading = (_enrolled(asked, ids), _checkins(asked, ids))
    return replace(_told(asked, found, outcomes, leading), against=against)


def _told(asked: Asked, found: Challenge, outcomes: tuple[Figure, ...], leading: tuple[Figure, ...]) -> Report:
    figures = outcomes + leading
    happened = [each for each in facts(asked) if not each.kind.startswith("challenge")]
    causing = causes(happened, figures, *asked.notable)
    suggested = advice(Ground(figures), asked.states)
    alone = Asked(asked.session, asked.clock, asked.group, asked.kind, asked.period, None)
    curve = alone.curve_of_checkins(found.id)
    last = found.last_day
    running = last is not None and last > asked.period.until
    plan = (Planned("challenge", last, found.name, Reason.of(N_("it ends"))),) if last and running else ()
    return Report(
        "challenge", asked.group.id, asked.group.name, asked.period, asked.before, outcomes, leading,
        tuple(each for each in happened if not each.before), causing, unexplained(figures, causing, *asked.notable),
        suggested, () if suggested else kept(figures), plan, of=found.name, curves=(curve,) if curve else (),
        listings=_best(asked, found.id),
    )  # fmt: skip


def _earlier(session: Session, found: Challenge) -> Challenge | None:
    """The challenge of the group that began last before this one, and was over when it began."""
    those = [
        each for each in challenges.all_challenges(session, found.group_id)
        if each.id != found.id and each.last_day is not None and each.last_day < found.starts_on
    ]  # fmt: skip
    return max(those, key=lambda each: (each.starts_on, each.id), default=None)


def _same(earlier: Challenge, period: Period) -> Period:
    """As many days of it as are told of this one; all of it where this one is over."""
    last = earlier.last_day
    assert last is not None
    same = earlier.starts_on + (period.days - 1) * DAY
    return Period(earlier.starts_on, last, last if period.over else min(last, same))


def _rate(code: str, told: list[Kpis]) -> Figure:
    """完成率 or 连续7天占比 of both, as `checkins.kpis` counts them."""
    rates: list[Rate | None] = [each.completion if code == "completion" else each.habit for each in told]
    shares = [None if each is None else (each.value, each.n) for each in rates]
    why = Reason.of(N_("who filled every day ÷ who was enrolled on the last one; known once it is over")) \
        if code == "completion" else Reason.of(N_("{days} days in a row or more ÷ enrolled that long"),
                                               days=told[0].habit_bar)  # fmt: skip
    return rated(code, shares, why=(why,))


def _enrolled(asked: Asked, ids: list[int]) -> Figure:
    """How many were enrolled on the last day that is told."""
    found = tuple(
        len(checkins.board(asked.session, asked.clock, each, until).rows)
        for each, (_first, until) in zip(ids, asked.windows, strict=True)
    )
    return asked.pair("enrolled", "count", found)


def _checkins(asked: Asked, ids: list[int]) -> Figure:
    """Checked in ÷ due, of each over its own days."""
    shares = [asked.due(*window, each) for each, window in zip(ids, asked.windows, strict=True)]
    return share("checkin_rate", [each if each[1] else None for each in shares],
                 why=(Reason.of(N_("checked in ÷ due")),))  # fmt: skip


def _best(asked: Asked, challenge_id: int) -> tuple[Listing, ...]:
    """Who kept at it longest."""
    rows = checkins.board(asked.session, asked.clock, challenge_id, asked.period.until).rows[:_BEST]
    columns = (Column("name", N_("member")), Column("streak", N_("streak"), "count"),
               Column("total", N_("check-ins"), "count"))  # fmt: skip
    told = tuple((each.name, each.streak, each.total) for each in rows)
    return (Listing("best", N_("Who kept at it"), columns, told),) if told else ()
