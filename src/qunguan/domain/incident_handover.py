"""The note to hand an incident over with: how it stands, what is due next, who does what, what not to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from qunguan.domain.clock import DayRule
from qunguan.domain.incident_clock import STAGES, lasting
from qunguan.domain.incident_playbooks import Playbook
from qunguan.domain.incidents import SEVERITIES, Gauges, IncidentView, Stage
from qunguan.domain.money import short_yuan
from qunguan.domain.tasks import HATS
from qunguan.i18n import _

_LATEST = 8  # lines of the timeline; all of them are in the report


def note(view: IncidentView, group: str, rule: DayRule, playbook: Playbook) -> str:
    """The note as one text, in the language in force."""
    return "\n".join(_lines(view, group, rule, playbook))


def _lines(view: IncidentView, group: str, rule: DayRule, playbook: Playbook) -> Iterator[str]:
    found = view.incident
    name = _("Drill: {title}", title=found.title) if found.drill else found.title
    yield _("Hand-over of {name} in {group}, {moment}", name=name, group=group, moment=_full(view.now, rule))
    yield _("Severity: {severity}; T0 {t0}", severity=_(SEVERITIES[found.severity]), t0=_full(found.t0, rule))
    for stage in view.stages:
        yield _stage(stage, rule)
        left = [point.text for point in stage.checks if point.done_at is None]
        if left and not found.closed_at:
            yield "  " + _("to be ticked: {points}", points=_("; ").join(left))
    if view.next_update_at:
        yield _("Next word to the group by {moment}", moment=_time(view.next_update_at, rule))
    yield from figure_lines(view.gauges)
    for role in view.roles:
        yield _("{hat}: {name}", hat=_(HATS[role.hat]), name=role.holder)
    yield _("What happened last:")
    for entry in view.timeline[-_LATEST:]:
        first, *_more = entry.text.split("\n")
        yield f"  {_time(entry.at, rule)} {first}"
    yield _("Mind:")
    for line in playbook.avoid:
        yield f"  {line}"


def _stage(stage: Stage, rule: DayRule) -> str:
    name, due = _(STAGES[stage.name]), _time(stage.due_at, rule)
    late = lasting(stage.late_seconds)
    if stage.done_at is None:
        if stage.late_seconds:
            return _("{stage}: not told; it was due at {due}, {late} ago", stage=name, due=due, late=late)
        return _("{stage}: to be told by {due}", stage=name, due=due)
    at = _time(stage.done_at, rule)
    if stage.late_seconds:
        return _("{stage}: told at {at}, {late} late", stage=name, at=at, late=late)
    return _("{stage}: told at {at}, in time", stage=name, at=at)


def figure_lines(gauges: Gauges) -> Iterator[str]:
    """How it goes so far: who left, against the line; complaints; what was promised and handed over."""
    if gauges.exit_rate is None:
        yield _("Left since T0: nobody was in the group then")
    else:
        words = (
            _("Left since T0: {n} of {base} ({rate}), over the line of {limit}")
            if gauges.exit_rate > gauges.exit_limit
            else _("Left since T0: {n} of {base} ({rate}); the line is {limit}")
        )
        yield words.format(n=gauges.exits, base=gauges.members_at_t0, rate=f"{gauges.exit_rate:.1%}",
                           limit=f"{gauges.exit_limit:.0%}")  # fmt: skip
    yield _("Complaints: {open} open, {closed} settled", open=gauges.complaints_open, closed=gauges.complaints_closed)
    amends = gauges.compensation
    yield _("Amends: {delivered} of {promised} handed over", delivered=amends.delivered, promised=amends.promised)
    if amends.promised_fen or amends.promised_points:
        yield "  " + _(
            "money {money} of {all_money} yuan, points {points} of {all_points}",
            money=short_yuan(amends.delivered_fen), all_money=short_yuan(amends.promised_fen),
            points=amends.delivered_points, all_points=amends.promised_points,
        )  # fmt: skip


def _full(moment: datetime, rule: DayRule) -> str:
    return f"{rule.local(moment):%Y-%m-%d %H:%M}"


def _time(moment: datetime, rule: DayRule) -> str:
    return f"{rule.local(moment):%m-%d %H:%M}"
