"""The report of a bad day: its gauges above, what follows from them, and the whole report of the incident behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain.alert_words import SUGGESTIONS
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import Refused
from qunguan.domain.incident_clock import STAGES
from qunguan.domain.incidents import Incident, IncidentView
from qunguan.domain.insights import Bar
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.reports import Fact, Figure, Period, Planned, Report, Suggestion
from qunguan.domain.rosters import Reason
from qunguan.domain.tasks import HATS
from qunguan.i18n import N_
from qunguan.services import groups, incident_report, incidents
from qunguan.services.campaign_figures import day_over
from qunguan.services.report_asked import Asked, share
from qunguan.store.session import Session

_FIGURES = 2  # the heading and the figures with which the report of an incident begins: they stand above


def of_crisis(session: Session, clock: Clock, found: Incident, day: date | None) -> Report:
    """The report of a bad day or of a drill, by the end of a day (None: now). Raises Refused before it was there."""
    group = groups.get(session, found.group_id)
    if day is not None and day < found.biz_date:
        raise Refused("{name} was not there yet on {day}", name=found.title, day=day)
    at = clock if day is None else day_over(session, clock, day, group.id)
    told = incidents.view(session, at, found.id)
    until = max(group.day_rule.biz_date(told.now), found.biz_date)
    asked = Asked(session, at, group, "crisis", Period(found.biz_date, until, until), None)
    outcomes, leading = (_exits(told), _amends(told)), tuple(_leading(told))
    suggested = advice(Ground(outcomes + leading, others=tuple(_others(told, asked))), asked.states)
    whole = incident_report.document(session, at, found.id, ".md")
    mark = Reason.of(N_("Drill")) if found.drill else None
    return Report(
        "crisis", group.id, group.name, asked.period, None, outcomes, leading,
        tuple(_told(told, group.day_rule)),
        (), (), suggested, () if suggested else kept(outcomes + leading), tuple(_plan(told)), of=found.title,
        extra=whole.blocks[_FIGURES:], mark=mark,
    )  # fmt: skip


def _exits(told: IncidentView) -> Figure:
    gauges = told.gauges
    met = None if gauges.exit_rate is None else gauges.exit_rate <= gauges.exit_limit
    bar = Bar("insight.exit_crisis_pct", gauges.exit_limit, "S4-22", True, met)
    return Figure("crisis_exits", "share", gauges.exit_rate, None, gauges.members_at_t0, None, False, (bar,))


def _amends(told: IncidentView) -> Figure:
    sums = told.gauges.compensation
    return share("amends", [(sums.delivered, sums.promised)], why=(Reason.of(N_("nothing was promised yet")),))


def _leading(told: IncidentView) -> Iterator[Figure]:
    gauges = told.gauges
    yield Figure("crisis_complaints", "count", gauges.complaints_open + gauges.complaints_closed, rising=False)
    late = sum(bool(each.late_seconds) for each in told.stages)
    yield Figure("stages_late", "count", late, rising=False)


def _told(told: IncidentView, rule: DayRule) -> Iterator[Fact]:
    """When the stages were told; the timeline line by line stands below."""
    for each in told.stages:
        if each.done_at is not None:
            moment = f"{rule.local(each.done_at):%m-%d %H:%M}"
            words = (
                N_("{stage} told at {moment}, late") if each.late_seconds else N_("{stage} told at {moment}, in time")
            )
            text = Reason.of(words, stage=Reason.of(STAGES[each.name]), moment=moment)
            yield Fact("told", rule.biz_date(each.done_at), text, name=each.name)


def _others(told: IncidentView, asked: Asked) -> Iterator[Suggestion]:
    """What was left undone, the most pressing first; of a drill, what to drill again."""
    late = sum(bool(each.late_seconds) for each in told.stages)
    state = asked.rule("alert.stages_late")
    exits = told.gauges.exit_rate
    limit = asked.rule("insight.exit_crisis_pct")
    if exits is not None and exits > told.gauges.exit_limit:
        because = Reason.of(
            N_("{n} of {base} left since it began"), n=told.gauges.exits, base=told.gauges.members_at_t0
        )
        do = Reason.of(N_("write to those who left yourself, and promote nothing until it is quiet"))
        yield Suggestion("crisis.exits", "alarm", because, do, limit.rule.id, limit.rule.source)
    open_ = told.gauges.complaints_open
    if open_:
        rule = asked.rule("feedback.settle_hours").rule
        because = Reason.of(N_("complaints that are not settled: {n}"), n=open_)
        do = Reason.of(N_("settle them one by one, the angriest first"))
        yield Suggestion("crisis.complaints", "alarm", because, do, rule.id, rule.source)
    sums = told.gauges.compensation
    if sums.delivered < sums.promised:
        because = Reason.of(N_("{n} of {all} promises are not handed over"), n=sums.promised - sums.delivered,
                            all=sums.promised)  # fmt: skip
        do = Reason.of(N_("hand over what was promised today"))
        yield Suggestion("crisis.amends", "warning", because, do, "", "S4-20")
    if late >= max(int(state.value), 1):
        because = Reason.of(N_("stages told late or never: {n}"), n=late)
        yield Suggestion("crisis.late", "warning", because, Reason.of(SUGGESTIONS["waited"]), state.rule.id,
                         state.rule.source)  # fmt: skip
    if told.review is None:
        because = Reason.of(N_("its review is not written"))
        do = Reason.of(N_("write it while all is fresh: cause, impact, what changes from now on"))
        yield Suggestion("crisis.review", "notice", because, do, "", "S4-22")


def _plan(told: IncidentView) -> Iterator[Planned]:
    for each in told.actions:
        yield Planned("action", each.due_on, each.title, Reason.of(N_("as {hat}"), hat=Reason.of(HATS[each.hat])))
