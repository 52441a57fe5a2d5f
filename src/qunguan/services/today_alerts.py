"""The agenda's lines about alerts: what fires and what nobody has closed."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.alert_words import SUGGESTIONS, TITLES, said
from qunguan.domain.alerts import place, shipped
from qunguan.domain.clock import Clock
from qunguan.domain.rosters import Reason
from qunguan.domain.today import Evidence, Line, Said, Target
from qunguan.i18n import N_
from qunguan.services.alert_state import alerts
from qunguan.store.session import Session


def lines(session: Session, clock: Clock, *, named: bool) -> Iterator[Line]:
    """A line for each alert that fires and is not closed; `named` says the group's name with it.

    Alerts whose matter has a line of its own on Today (the size of a group, points about to expire) are left out.
    """
    for alert in alerts(session, clock, passed=False):
        known = shipped()[alert.rule]
        if not known.today:
            continue
        values = {"alert": Reason.of(TITLES[alert.rule]), "said": said(alert)}
        advice = Said("{advice}", {"advice": Reason.of(SUGGESTIONS[alert.rule])})
        yield Line(
            kind="alarm" if alert.severity == "alarm" else "alert",
            key=f"alert:{alert.rule}:{alert.group_id}",
            text=Said(N_("{alert}: {said}"), values),
            target=Target("alerts", place(alert.rule)),
            evidence=(
                Evidence(Said(N_("{said}, since {day}"), {"said": said(alert), "day": alert.since}), alert.source,
                         known.threshold, alert.threshold),
                Evidence(advice, alert.source),
            ),
            group_id=alert.group_id,
            group=alert.group if named else "",
        )  # fmt: skip
