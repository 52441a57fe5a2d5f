"""Today: the agenda of the morning, worked out when somebody looks. Nothing here writes."""

from __future__ import annotations

from datetime import timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.today import Agenda, Duties, Evidence, Line, Said, Share, Target, Upkeep, Yesterday, ordered, plural
from qunguan.i18n import N_
from qunguan.services import groups, rules, today_checkins, today_people
from qunguan.services.today_view import Rules, View
from qunguan.store import incident_open
from qunguan.store.session import Session
from qunguan.store.today_queries import anything_planned, day_counts

_LINES = (
    today_checkins.due_now,
    today_checkins.slipped,
    today_checkins.last_days,
    today_checkins.ended,
    today_people.birthdays,
    today_people.newcomers,
    today_people.expiring,
    today_people.capacity,
)


def agenda(session: Session, clock: Clock, group_id: int | None = None, upkeep: Upkeep | None = None) -> Agenda:
    """What to post, whom to greet, what is late and what is wrong, in every group, most urgent first.

    `group_id` is the group in hand: its lines come first, and `yesterday` is of it. `upkeep` is what the open file
    tells of itself; without it nothing is said about the file. Texts are ready to send, in the language in force.
    """
    known = groups.all_groups(session)
    in_force = {state.rule.id: state for state in rules.states(session)}
    views = [View(session, clock, group, in_force, named=len(known) > 1) for group in known]
    lines = [line for view in views for build in _LINES for line in build(view)]
    if incident_open.any_open(session):
        from qunguan.services import today_incidents

        lines += today_incidents.lines(session, clock, named=len(known) > 1)
    in_hand = next((view for view in views if view.group.id == group_id), None)
    if upkeep is not None:
        lines += _file_lines(clock, upkeep, views, in_force)
    here = in_hand or (views[0] if views else None)
    local = here.local if here else groups.day_rule(session).local(clock.now())
    return Agenda(ordered(lines, group_id), _yesterday(in_hand) if in_hand else None, local.hour)


def care(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Line, ...]:
    """Whom to congratulate, to give something, to keep: lines for `Agenda.along`. They read more than the agenda does,
    so they are asked for after it. Texts are ready to send, in the language in force.
    """
    from qunguan.services import (
        today_alerts,
        today_care,
        today_feedback,
        today_fees,
        today_questions,
        today_renewals,
        today_surveys,
        today_thanks,
    )

    known = groups.all_groups(session)
    in_force = {state.rule.id: state for state in rules.states(session)}
    found = today_care.Care(session, clock, in_force)
    views = [View(session, clock, group, in_force, named=len(known) > 1) for group in known]
    lines = [line for view in views for build in today_care.FOR_GROUPS for line in build(view, found)]
    lines += [line for for_all in today_care.FOR_ALL for line in for_all(found)]
    lines += today_alerts.lines(session, clock, named=len(known) > 1)
    lines += today_feedback.lines(session, clock, named=len(known) > 1)
    lines += today_fees.lines(session, clock)
    lines += today_questions.lines(session, clock, named=len(known) > 1)
    lines += today_renewals.lines(session, clock)
    lines += today_surveys.lines(session, clock)
    lines += today_thanks.lines(session, clock, group_id)
    return ordered(lines, group_id)


def duties(session: Session, clock: Clock, group_id: int | None = None) -> Duties:
    """The tasks of today in every group, for `Agenda.along`, and what became of yesterday's in the group in hand."""
    if not anything_planned(session):
        return Duties((), None)
    from qunguan.services import today_tasks

    return today_tasks.duties(session, clock, group_id)


def _yesterday(view: View) -> Yesterday:
    """The day before in the group in hand. Counts of a day before the group was kept here are not known."""
    day = view.today - timedelta(days=1)
    shares = []
    for found in view.challenges:
        if found.starts_on <= day and found.is_open(day) and found.cadence.due(day):
            due = [each for each in view.roll(found, day) if each.due]
            shares.append(Share(found.name, sum(each.done for each in due), len(due)))
    counts = day_counts(view.session, view.group.id, day)
    known = view.group.day_rule.biz_date(view.group.created_at) <= day
    joined, left, granted, spent = (
        each if each or known else None for each in (counts.joined, counts.left, counts.granted, counts.spent)
    )
    return Yesterday(tuple(shares), joined, left, granted, spent)


def _file_lines(clock: Clock, upkeep: Upkeep, views: list[View], in_force: Rules) -> list[Line]:
    """What the file says of its opening, and whether a backup is due."""
    lines = [
        Line(
            kind="notice",
            key=f"notice:{place}",
            text=Said("{notice}", {"notice": notice}),
            target=Target("settings"),
            evidence=(Evidence(Said(N_("noticed when the file was opened")), "quality 2.2.4"),),
        )
        for place, notice in enumerate(upkeep.notices)
    ]
    rule = in_force["today.backup_days"]
    since = upkeep.last_backup or min((view.group.created_at for view in views), default=None)
    if not rule.enabled or since is None:
        return lines
    age = clock.now() - since
    if age <= timedelta(days=rule.value):
        return lines
    one, many = N_("The last backup is {n} day old"), N_("The last backup is {n} days old")
    if upkeep.last_backup is None:
        one = many = N_("There is no backup yet, after {n} days")
    met = Evidence(plural(one, many, age.days), rule.rule.source, rule.rule.id, rule.value)
    lines.append(
        Line("backup", "backup", plural(one, many, age.days), Target("settings"), (met,), count=age.days, does="backup")
    )
    return lines
