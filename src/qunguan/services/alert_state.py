"""Which alerts fire, since when, and where they stand with the owner (semantics 3.13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from qunguan.domain.alerts import (
    DAY,
    Alert,
    AlertRule,
    Firing,
    Note,
    Series,
    Shipped,
    firings,
    shipped,
    state_of,
)
from qunguan.domain.clock import Clock
from qunguan.services import groups, rules
from qunguan.services.alert_metrics import METRICS, Asked
from qunguan.services.alert_terms import InForce, in_force, rule_of
from qunguan.services.insight_slump import campaign_days
from qunguan.services.insight_window import Frame, frame
from qunguan.store import alert_queries as queries
from qunguan.store.session import Session

_ORDER = {"alarm": 0, "warning": 1, "notice": 2}
_PASSED = ("closed", "recovered")


@dataclass
class Reader:
    """Reads the figures of one group for its alerts; a figure several alerts look at is read once."""

    found: Frame
    states: InForce
    back: int
    _read: dict[tuple[str, int, bool], tuple[date, Series]] = field(default_factory=dict)

    def rule(self, alert: Shipped) -> AlertRule:
        """The alert with its numbers in force for this group."""
        return rule_of(alert, self.states, self.found.group)

    @property
    def first(self) -> date:
        """The first day that is traced."""
        return self.found.last - self.back * DAY

    def series(self, rule: AlertRule) -> Series:
        """The readings the alert looks at, for every traced day and as far before it as it looks back."""
        shipped_as, terms = rule.shipped, rule.terms
        window = terms.window if terms.kind not in ("slump", "consecutive") else 1
        key = shipped_as.metric, window, shipped_as.weekly
        first = self.first - terms.reach * DAY
        known = self._read.get(key)
        if known is None or known[0] > first:
            asked = Asked(self.found, first, self.found.last, window, shipped_as.weekly)
            known = first, METRICS[shipped_as.metric](asked)
            self._read[key] = known
        return known[1]

    def events(self, rule: AlertRule) -> Iterable[date]:
        """The campaign days a slump is looked for after."""
        if rule.terms.kind != "slump":
            return ()
        return campaign_days(self.found, self.first - rule.terms.reach * DAY, self.found.last)

    def firings(self, rule: AlertRule) -> Sequence[Firing]:
        """The firings of the traced days, oldest first; none of an alert nothing tells the figure of."""
        if not (rule.enabled and rule.readable):
            return ()
        return firings(rule.terms, self.series(rule), self.first, self.found.last, self.events(rule))


def alerts(
    session: Session,
    clock: Clock,
    group_id: int | None = None,
    as_of: date | None = None,
    *,
    passed: bool = True,
    only: str = "",
) -> tuple[Alert, ...]:
    """The alerts of a group (None: of all groups) as of a day (None: today), those to look at first.

    First what fires, most severe first; then, with `passed`, what the owner closed and what recovered in the last days.
    Only days that are over count, and nothing fires on what is unknown. `only` is one alert by id: the figures of the
    others are not read. Raises NotFound.
    """
    found = []
    for number, reader in enumerate(readers(session, clock, group_id, as_of)):
        notes = _notes(reader)
        for alert in shipped().values():
            if (alert.per_group or not number) and only in ("", alert.id):
                found += _listed(reader, reader.rule(alert), notes)
    wanted = [alert for alert in found if passed or alert.state not in _PASSED]
    return tuple(sorted(wanted, key=lambda alert: (alert.state in _PASSED, _ORDER[alert.severity], alert.since)))


def readers(session: Session, clock: Clock, group_id: int | None, as_of: date | None) -> list[Reader]:
    """A reader for the group, or for each group that is not put away."""
    chosen = [group_id] if group_id is not None else [group.id for group in groups.all_groups(session)]
    states = in_force(session)
    back = int(rules.value(session, "alert.back_days"))
    return [Reader(frame(session, clock, each, as_of), states, back) for each in chosen]


def _notes(reader: Reader) -> dict[tuple[str, int | None], list[Note]]:
    """What was said, by alert and group, in the order it was said."""
    found: dict[tuple[str, int | None], list[Note]] = {}
    for row in queries.notes(reader.found.session, reader.first, reader.found.as_of):
        said = Note(row.state, row.fired_on, row.biz_date, row.note)
        found.setdefault((row.rule, row.group_id), []).append(said)
    return found


def _listed(reader: Reader, rule: AlertRule, notes: dict[tuple[str, int | None], list[Note]]) -> list[Alert]:
    """The newest firing of an alert, when it still fires or recovered in the last days."""
    newest = next(reversed(reader.firings(rule)), None)
    if newest is None or newest.faded:
        return []
    keep = int(reader.states["alert.recovered_days"].value)
    if newest.recovered_on is not None and (reader.found.last - newest.recovered_on).days > keep:
        return []
    group_id = reader.found.group_id if rule.shipped.per_group else None
    return [_alert(reader, rule, newest, notes.get((rule.shipped.id, group_id), ()))]


def _alert(reader: Reader, rule: AlertRule, firing: Firing, notes: Iterable[Note]) -> Alert:
    state, text = state_of(firing, notes)
    group, told = reader.found.group, firing.last
    per_group = rule.shipped.per_group
    return Alert(
        rule.shipped.id, group.id if per_group else None, group.name if per_group else "", rule.shipped.severity, state,
        firing.fired_on, told.value if told.value is not None else 0.0, rule.terms.threshold, rule.terms.op, rule.unit,
        told.first, told.day, told.now, told.before, told.n, rule.source, rule.shipped.action, firing.recovered_on,
        text,
    )  # fmt: skip
