"""The agenda's lines of tasks: what is due today by its hour, what is past its hour, what is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.content import clock_said
from qunguan.domain.rules import RuleState
from qunguan.domain.tasks import HATS, Task
from qunguan.domain.today import Duties, Evidence, Line, Names, Said, Target, near
from qunguan.i18n import N_
from qunguan.services import groups, rules, tasks
from qunguan.store.session import Session

_ROOMS = {"sop": "sops", "post": "content", "campaign": "campaigns", "task": "sops"}


def duties(session: Session, clock: Clock, group_id: int | None = None) -> Duties:
    """The tasks of today in every group, by the hour; `group_id` is the group in hand, whose yesterday is told."""
    known = groups.all_groups(session)
    todays: dict[date, set[int]] = {}
    for group in known:
        todays.setdefault(clock.today(group.day_rule), set()).add(group.id)
    lines: list[Line] = []
    for day, here in todays.items():
        found = [task for task in tasks.on_day(session, clock, day) if task.group_id in here]
        lines += _lines(found, day, rules.state(session, "task.grace_minutes"), named=len(known) > 1)
    if group_id is None:
        return Duties(tuple(lines), None)
    before = clock.today(groups.day_rule(session, group_id)) - timedelta(days=1)
    told = tasks.tally(session, clock, before, group_id)
    return Duties(tuple(lines), told if told.planned else None)


def _lines(found: Sequence[Task], today: date, grace: RuleState, *, named: bool) -> Iterator[Line]:
    seen: set[str] = set()
    for task in found:
        key = f"task:{task.key}" if task.key not in seen else f"task:{task.id}"
        seen.add(task.key)
        yield Line(
            kind="overdue" if task.late and task.state == "todo" else "task",
            key=key,
            text=_text(task),
            target=Target(_ROOMS[task.kind], None if task.kind == "task" else task.subject),
            evidence=tuple(_evidence(task, today, grace)),
            group_id=task.group_id,
            group=task.group if named else "",
            count=len(task.people),
            ready_text=task.text,
            does="look" if task.kind == "task" else "go",
            task=task.key,
            at=_at(task, today),
            state=task.state,
            missing=task.missing,
        )


def _text(task: Task) -> Said:
    if not task.people:
        return Said("{title}", {"title": task.title})
    values = {"title": task.title, "n": len(task.people), "names": Names(tuple(one.name for one in task.people))}
    return Said(N_("{title}: {names}") if len(task.people) == 1 else N_("{title} ({n}): {names}"), values)


def _at(task: Task, today: date) -> Said | None:
    """The hour of a task of today, the day of one that was left from before; of one without an hour nothing."""
    if task.on_day < today:
        return near(task.on_day, today)
    hour = clock_said(task.on_minute)
    return Said("{hour}", {"hour": hour}) if hour else None


def _evidence(task: Task, today: date, grace: RuleState) -> Iterator[Evidence]:
    values = {
        "day": near(task.day, today), "hour": clock_said(task.at_minute), "hat": Said(HATS[task.hat]),
        "origin": task.origin or task.title, "to": near(task.on_day, today), "at": clock_said(task.on_minute),
        "reason": task.reason,
    }  # fmt: skip
    yield Evidence(Said(N_("{origin}: due {day} {hour}, as {hat}"), values), task.source)
    if task.moved:
        yield Evidence(Said(N_("moved to {to} {at} {reason}"), values), task.source)
    elif task.reason:
        yield Evidence(Said(N_("left out: {reason}"), values), task.source)
    if task.late and task.on_minute is not None:
        yield Evidence(Said(N_("its hour is past: {to} {at}"), values), grace.rule.source, grace.rule.id, grace.value)
