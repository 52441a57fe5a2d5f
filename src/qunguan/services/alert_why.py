"""Why an alert fires or does not: the numbers, the rule, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain.alert_words import SUGGESTIONS, quantity
from qunguan.domain.alerts import DAY, AlertRule, Verdict, find, judge
from qunguan.domain.clock import Clock
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.i18n import N_
from qunguan.services.alert_state import Reader, readers
from qunguan.store.session import Session

_TOLD_DAYS = 7
_FINDINGS = {
    "met": N_("{day}: {value} {op} {threshold}, it fires"),
    "not met": N_("{day}: {value}, not {op} {threshold}"),
    "unknown": N_("{day}: unknown, and nothing fires on an unknown"),
    "small": N_("{day}: {value}, but the base is too small to say ({n})"),
    "new": N_("{day}: {value}, nothing before"),
    "no event": N_("{day}: no campaign before it"),
}


def why_alert(
    session: Session, clock: Clock, rule: str, group_id: int | None = None, as_of: date | None = None
) -> tuple[Reason, ...]:
    """The verdicts of the last days with their numbers, newest first, for each group. Raises NotFound."""
    alert = find(rule)
    found: list[Reason] = []
    for number, reader in enumerate(readers(session, clock, group_id, as_of)):
        if alert.per_group or not number:
            found += _why(reader, reader.rule(alert), named=alert.per_group and group_id is None)
    return tuple(found)


def _why(reader: Reader, rule: AlertRule, *, named: bool) -> Iterator[Reason]:
    if named:
        yield Reason.of(N_("{group}:"), group=reader.found.group.name)
    bar = quantity(rule.terms.threshold, rule.unit)
    yield Reason.of(N_("rule {rule}: {op} {threshold} ({source})"), rule=rule.shipped.threshold, op=rule.terms.op,
                    threshold=bar, source=Brief(rule.source))  # fmt: skip
    if not rule.enabled:
        yield Reason.of(N_("it is switched off"))
    elif not rule.readable:
        yield Reason.of(N_("nothing in the file tells this figure yet"))
    else:
        for verdict in _verdicts(reader, rule):
            yield _said(verdict, rule, bar)
    yield Reason.of(SUGGESTIONS[rule.shipped.id])


def _verdicts(reader: Reader, rule: AlertRule) -> list[Verdict]:
    """The last days, newest first; of a weekly figure the last weeks."""
    series, events = reader.series(rule), tuple(reader.events(rule))
    last = reader.found.last
    days = [last - back * DAY for back in range(reader.back)]
    if rule.shipped.weekly:
        days = [day for day in days if day.weekday() == 6]
    return [judge(rule.terms, series, day, events) for day in days[:_TOLD_DAYS]]


def _said(verdict: Verdict, rule: AlertRule, bar: str) -> Reason:
    unit = "count" if verdict.before == 0 else rule.unit  # what is new has no percentage
    return Reason.of(
        _FINDINGS[verdict.finding], day=verdict.day, value=quantity(verdict.value, unit), op=rule.terms.op,
        threshold=bar, n="—" if verdict.n is None else verdict.n,
    )  # fmt: skip
