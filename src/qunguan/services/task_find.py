"""Tasks by their keys: `sop:3.12:2026-03-20[:run]`, `post:5`, `campaign:2:warm`, `task:7`, or what people write."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, NotFound
from qunguan.domain.groups import Group
from qunguan.domain.tasks import Mark, Task
from qunguan.domain.text import match_key, show
from qunguan.late import pattern
from qunguan.services import groups
from qunguan.services.campaign_book import find_by_id, tasks_between
from qunguan.services.task_due import Due
from qunguan.store import task_queries as queries
from qunguan.store import tasks as store
from qunguan.store.content import post
from qunguan.store.session import Session

_STEP_KEY = pattern(r"sop:(\d{1,18})\.(\d{1,18}):(\d{4}-\d\d-\d\d)(?::(\d{1,18}))?", re.ASCII)
_CAMPAIGN_KEY = pattern(r"campaign:(\d{1,18}):\w{1,40}", re.ASCII)
_FAR = timedelta(days=100)  # no step of a campaign is further from its days
_ROW_KEY = pattern(r"(post|task):(\d{1,18})", re.ASCII)
Marks = dict[tuple[str, int | None], Mark]


def one(session: Session, clock: Clock, text: str, on_day: Callable[[date], Sequence[Task]]) -> Task:
    """The task that is meant: see `services.tasks.find`. `on_day` tells those of a day."""
    wanted = text.strip()
    if any(known().fullmatch(wanted) for known in (_STEP_KEY, _ROW_KEY, _CAMPAIGN_KEY)):
        return located(session, clock, wanted)[0][0]
    days = {clock.today(group.day_rule) for group in groups.all_groups(session)}
    seen = {task.key: task for day in days for task in on_day(day)}
    like = [task for task in seen.values() if task.day in days and wanted in (task.key, short(task))]
    key = match_key(wanted)
    like = like or [task for task in seen.values() if key and key in match_key(task.title)]
    if len(like) > 1:
        known = tuple(f"{show(task.title)} ({task.key})" for task in like)
        raise Ambiguous("{text} means several tasks", hint="say which one: {candidates}", candidates=known,
                        text=show(wanted[:40]))  # fmt: skip
    if not like:
        raise NotFound("there is no task {text}", hint="see the list: qunguan task list", text=show(wanted[:40]))
    return like[0]


def short(task: Task) -> str:
    """The short form of a key: `3.12` of a step, which means the one of today; of any other the key itself."""
    return task.key.split(":")[1] if task.kind == "sop" else task.key


def located(session: Session, clock: Clock, key: str) -> tuple[list[Task], Marks]:
    """The task with this key, in as many pieces as different things were said of it, open ones first; and its marks."""
    group, day = _place(session, key)
    due = Due(session, clock, [group], day, day)
    found = sorted((task for task in due.tasks if task.key == key), key=lambda task: task.state != "todo")
    if not found:
        raise NotFound("there is no task {text}", hint="see the list: qunguan task list", text=show(key[:60]))
    return found, {(mark.key, mark.member_id): mark for mark in queries.marks_of(session, key)}


def _place(session: Session, key: str) -> tuple[Group, date]:
    """The group and the first day of a task by its key. Raises NotFound."""
    missing = NotFound("there is no task {text}", hint="see the list: qunguan task list", text=show(key[:60]))
    if step := _STEP_KEY().fullmatch(key):
        row = session.get(store.sop, int(step[1]))
        if row is None:
            raise missing
        try:
            return groups.get(session, row.group_id), date.fromisoformat(step[3])
        except ValueError:
            raise missing from None
    if named := _ROW_KEY().fullmatch(key):
        row = session.get(post if named[1] == "post" else store.task, int(named[2]))
        if row is not None:
            return groups.get(session, row.group_id), row.day
    if asked := _CAMPAIGN_KEY().fullmatch(key):
        campaign = find_by_id(session, int(asked[1]))
        days = campaign.from_day - _FAR, campaign.to_day + _FAR
        for one in tasks_between(session, [campaign.group_id], *days):
            if one.key == key:
                return groups.get(session, campaign.group_id), one.day
    raise missing
