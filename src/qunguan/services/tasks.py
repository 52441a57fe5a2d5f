"""Tasks: what is due on a day, as everything above sees it. One door; the rooms are `task_*` (S0-24, S0-28).

Nothing of it is stored but what was said: SOPs, posts, joins and birthdays tell what is due when somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter

from qunguan.domain import tasks
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.groups import Group
from qunguan.domain.tasks import Load, Tally, Task
from qunguan.services import groups, rules
from qunguan.services.task_due import Due
from qunguan.services.task_find import one, short
from qunguan.services.task_marks import Later, Settled, add, mark_done, offers, postpone, remove, reopen, skip
from qunguan.store.session import Session

__all__ = [
    "Later",
    "Settled",
    "add",
    "between",
    "find",
    "mark_done",
    "offers",
    "on_day",
    "postpone",
    "remove",
    "reopen",
    "short",
    "skip",
    "tally",
    "workload",
]


def on_day(session: Session, clock: Clock, day: date, group_id: int | None = None) -> tuple[Task, ...]:
    """Everything of a day, in one group or in all, by its hour: what is due, what was moved to it, and with state
    "postponed" what was moved away. Asked for today, before all that what was left from the last days and is open or
    was settled today: so many days as the rule task.overdue_days says; what comes again every day is not carried over,
    nor a post or a campaign's step that was planned only after its day.
    """
    asked = _groups(session, group_id)
    if not asked:
        return ()
    back = int(rules.limit(session, "task.overdue_days") or 0)
    found = Due(session, clock, asked, day - timedelta(days=back), day).tasks
    rules_of = {group.id: group.day_rule for group in asked if clock.today(group.day_rule) == day}
    older = [task for task in found if task.on_day < day and not task.daily and task.group_id in rules_of]
    older = [task for task in older if task.kind == "task" or not task.belated]
    left = [task for task in older if task.state == "todo" or _said_on(task, rules_of[task.group_id], day)]
    return (*sorted(left, key=lambda task: (task.on_day, task.order)), *_seen(found, day))


def between(session: Session, clock: Clock, first: date, last: date, group_id: int | None = None) -> tuple[Task, ...]:
    """Everything of some days, by day and hour; nothing is carried over."""
    asked = _groups(session, group_id)
    found = Due(session, clock, asked, first, last).tasks if asked else []
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(task for day in days for task in _seen(found, day))


def workload(session: Session, clock: Clock, first: date, last: date, group_id: int | None = None) -> tuple[Load, ...]:
    """What each of the four hats had to do in these days, and what became of it (S0-24, C33)."""
    return tasks.workload(
        between(session, clock, first, last, group_id), clock.today(groups.day_rule(session, group_id))
    )


def tally(session: Session, clock: Clock, day: date, group_id: int) -> Tally:
    """What became of the tasks of a day in a group."""
    return tasks.tally(between(session, clock, day, day, group_id), clock.today(groups.day_rule(session, group_id)))


def find(session: Session, clock: Clock, text: str) -> Task:
    """The task that is meant: by its key, or by what is unique among those of today: the short form `3.12` of a step,
    or a part of its title. Raises NotFound, Ambiguous with those to choose from.
    """
    return one(session, clock, text, lambda day: on_day(session, clock, day))


def _said_on(task: Task, rule: DayRule, day: date) -> bool:
    return task.settled_at is not None and rule.biz_date(task.settled_at) == day


def _seen(found: Sequence[Task], day: date) -> list[Task]:
    """Tasks as a day shows them: those that are due on it now, and those that were moved away from it."""
    here = [(task.order, task) for task in found if task.on_day == day]
    away = [task for task in found if task.day == day != task.on_day]
    stood = [replace(task, on_day=task.day, on_minute=task.at_minute).order for task in away]
    gone = [replace(task, state="postponed", late=False) for task in away]
    return [task for _order, task in sorted([*here, *zip(stood, gone, strict=True)], key=itemgetter(0))]


def _groups(session: Session, group_id: int | None) -> tuple[Group, ...]:
    return groups.all_groups(session) if group_id is None else (groups.get(session, group_id),)
