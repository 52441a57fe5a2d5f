"""A report of a group made of its figures and facts: the reasons, what it suggests by which rule, what to keep."""

from __future__ import annotations

from qunguan.domain.alerts import Alert
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.report_causes import causes, unexplained
from qunguan.domain.reports import Fact, Figure, Planned, Report, Suggestion
from qunguan.services import alerts
from qunguan.services.report_asked import Asked

_OF_MONEY = ("ltv", "repurchase", "live", "coupon_open")


def advised(
    asked: Asked, outcomes: tuple[Figure, ...], leading: tuple[Figure, ...], told: tuple[Fact, ...],
    planned: tuple[Planned, ...], more: int, others: tuple[Suggestion, ...] = (), **parts: object,
) -> Report:  # fmt: skip
    """A report of these figures and facts, with its reasons and what it suggests or tells to keep."""
    figures = outcomes + leading
    group, period, money = asked.group, asked.period, asked.kind == "money"
    ground = Ground(
        figures, _alerts(asked), () if money else asked.hats, asked.goals,
        period.days, len(asked.known_days(period.first, period.until)), asked.has_chats and not money,
        None if money else sum(each.kind == "post" for each in planned), others,
    )  # fmt: skip
    suggested = advice(ground, asked.states)
    found = causes(told, figures, *asked.notable)
    return Report(
        asked.kind, group.id, group.name, period, asked.before, outcomes, leading,
        tuple(each for each in told if not each.before), found, unexplained(figures, found, *asked.notable), suggested,
        () if suggested else kept(figures), planned, more, **parts,  # type: ignore[arg-type]
    )  # fmt: skip


def _alerts(asked: Asked) -> tuple[Alert, ...]:
    """What fires at the end of the period; of the money report only what is about money."""
    found = alerts.alerts(asked.session, asked.clock, asked.group.id, asked.period.until, passed=False)
    return tuple(each for each in found if asked.kind != "money" or each.rule in _OF_MONEY)
