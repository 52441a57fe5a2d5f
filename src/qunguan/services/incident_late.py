"""What an alert asks of incidents: how many stages the group waited for too long (S4-18 to S4-20)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qunguan.domain.alerts import Reading, Series
from qunguan.domain.incident_clock import STAGES
from qunguan.services.incident_running import limits
from qunguan.store import incident_queries as queries

if TYPE_CHECKING:
    from qunguan.services.alert_metrics import Asked


def stages_late(asked: Asked) -> Series:
    """Stages that were due on a day and were told late or not at all; before the first incident nobody knows."""
    found = asked.found
    rule, times, now = found.group.day_rule, limits(found.session), found.clock.now()
    late: Counter[object] = Counter()
    told = queries.stages_told(found.session, found.group_id)
    for row in told:
        for name in STAGES:
            due = row.t0 + times.of(name)
            if due < (getattr(row, name) or row.closed_at or now):
                late[rule.biz_date(due)] += 1
    begun = rule.biz_date(told[0].t0) if told else None
    return {day: Reading(late[day]) for day in asked.days if begun is not None and day >= begun}
