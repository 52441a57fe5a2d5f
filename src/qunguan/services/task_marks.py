"""What the owner does with tasks: writes one down, ticks it, leaves it out, moves it, opens it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from qunguan.domain import tasks
from qunguan.domain.clock import Clock
from qunguan.domain.content import clock_said
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.names import typed_name
from qunguan.domain.sops import checked_text
from qunguan.domain.tasks import Hat, Person, State, Task
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.task_find import Marks, located
from qunguan.store import tasks as store
from qunguan.store.session import Session
from qunguan.values import frozen

_REASON_LIMIT = 200
_LABELS: dict[State, str] = {
    "done": N_("Done: {task}"),
    "skipped": N_("Skipped: {task}"),
    "postponed": N_("Moved: {task}"),
    "todo": N_("Opened again: {task}"),
}


@frozen
class Later:
    """A time a task can be moved to: in an "hour", in the "evening", "tomorrow"."""

    id: str
    day: date
    minute: int | None


@frozen
class Settled:
    """What was said of a task: the task as it stands now, and of how many people something changed (1 where it is of
    nobody in particular); 0 when it stood so already.
    """

    task: Task
    changed: int


def add(
    session: Session,
    clock: Clock,
    group_id: int,
    title: str,
    day: date,
    *,
    at_minute: int | None = None,
    hat: Hat = "owner",
    text: str = "",
    campaign_id: int | None = None,
    origin: str = "",
) -> Task:
    """Write down a single task. `origin` says what it came of ("alert:complaints", "review:3"). Raises BadInput."""
    groups.get(session, group_id)
    name = typed_name(title, limit=tasks.TITLE_LIMIT)
    session.step(N_("Wrote down the task {task}"), task=name)
    made = session.insert(
        store.task, group_id=group_id, day=day, at_minute=_minute(at_minute), title=name, text=checked_text(text),
        hat=tasks.typed_hat(hat), campaign_id=campaign_id, origin=origin, created_at=clock.now(),
    )  # fmt: skip
    return located(session, clock, f"task:{made}")[0][0]


def remove(session: Session, clock: Clock, key: str) -> Task:
    """Take a single task off. Raises NotFound, and Refused for what comes of an SOP, a post or a campaign."""
    found, marks = located(session, clock, key)
    task = found[0]
    if task.kind != "task" or task.subject is None:
        raise Refused("{task} comes of {origin}: skip it, or change that", task=task.title,
                      origin=task.origin or task.title)  # fmt: skip
    session.step(N_("Took off the task {task}"), task=task.title)
    for mark in marks.values():
        session.delete(store.task_mark, mark.id)
    _forget_in_reviews(session, task.subject)
    session.delete(store.task, task.subject)
    return task


def _forget_in_reviews(session: Session, task_id: int) -> None:
    """A review keeps what was to be done; that there is a task for it is over."""
    from qunguan.store import incident_queries, incidents

    for action_id in incident_queries.actions_of(session, task_id):
        session.update(incidents.incident_action, action_id, task_id=None)


def mark_done(session: Session, clock: Clock, key: str) -> Settled:
    """Tick a task: for everybody it is for; a post then stands in the group. What was skipped is done then, what was
    done stays as it is.
    """
    return _mark(session, clock, key, "done", ("todo", "skipped"))


def skip(session: Session, clock: Clock, key: str, reason: str) -> Settled:
    """Leave a task out, and say why. Raises BadInput without a reason, Refused for what is done."""
    return _mark(session, clock, key, "skipped", ("todo",), reason=_reason(reason, needed=True))


def postpone(
    session: Session, clock: Clock, key: str, to_day: date, to_minute: int | None = None, reason: str = ""
) -> Settled:
    """Move a task to a day, at a time of day or (None) without one. Raises BadInput for a day that is past, Refused for
    what is settled."""
    task = located(session, clock, key)[0][0]
    rule = groups.get(session, task.group_id).day_rule
    if to_day < clock.today(rule) or (to_minute is not None and tasks.due_at(to_day, to_minute, rule) < clock.now()):
        raise BadInput("{day} {time} is past", hint="choose a time to come", day=to_day,
                       time=clock_said(to_minute))  # fmt: skip
    return _mark(session, clock, key, "postponed", ("todo",), reason=_reason(reason), to_day=to_day,
                 to_minute=_minute(to_minute))  # fmt: skip


def offers(session: Session, clock: Clock, key: str) -> tuple[Later, ...]:
    """The usual times a task can be moved to: an hour later than it is due or, past that, than now; tonight where that
    is later still; the next day at its hour.
    """
    task = located(session, clock, key)[0][0]
    rule = groups.get(session, task.group_id).day_rule
    from_then = clock.now()
    if task.on_minute is not None:
        from_then = max(from_then, tasks.due_at(task.on_day, task.on_minute, rule))
    soon = from_then + timedelta(hours=1)
    local, today = rule.local(soon), max(clock.today(rule), task.on_day)
    found = [Later("hour", rule.biz_date(soon), local.hour * 60 + local.minute)]
    evening = int(rules.value(session, "task.evening_hour")) % 24 * 60
    if tasks.due_at(today, evening, rule) > from_then:
        found.append(Later("evening", today, evening))
    return (*found, Later("tomorrow", today + timedelta(days=1), task.on_minute))


def reopen(session: Session, clock: Clock, key: str) -> Settled:
    """Take back what was said of a task, for everybody it is for. One that was moved and then settled is to be done at
    the time it was moved to. Raises Refused for a post whose results were counted.
    """
    found, marks = located(session, clock, key)
    settled = [mark for mark in marks.values() if mark.state != "postponed"] or list(marks.values())
    session.step(_LABELS["todo"], task=found[0].title)
    for mark in settled:
        if mark.to_day is not None and mark.state != "postponed":
            session.update(store.task_mark, mark.id, state="postponed", marked_at=clock.now(), reason="")
        else:
            session.delete(store.task_mark, mark.id)
    posted = found[0].kind == "post" and _of_post(session, clock, found[0], "todo")
    return Settled(located(session, clock, key)[0][0], len(settled) or int(posted))


def _mark(session: Session, clock: Clock, key: str, state: State, open_to: Sequence[State], **values: Any) -> Settled:
    found, marks = located(session, clock, key)
    session.step(_LABELS[state], task=found[0].title)
    able = [task for task in found if task.state in open_to]
    if not able:
        if all(task.state != state for task in found):
            raise Refused("{task} is settled already", hint="open it again first", task=found[0].title)
        return Settled(found[0], 0)
    said = {"reason": "", **values, "state": state}
    if able[0].kind == "post":
        changed = int(_of_post(session, clock, able[0], state, **values))
        if state == "skipped":
            _write(session, clock, able, marks, said)
    else:
        changed = _write(session, clock, able, marks, said)
    return Settled(located(session, clock, key)[0][0], changed)


def _write(session: Session, clock: Clock, able: Sequence[Task], marks: Marks, said: dict[str, Any]) -> int:
    """Put a mark on what can have one; how many changed."""
    new, old = [], []
    for task in able:
        whom: Sequence[Person | None] = task.people if _apart(task) else (None,)
        for person in whom:
            member_id = person.member_id if person else None
            mark = marks.get((task.key, member_id))
            row = {**said, "day": task.day}
            if mark is None:
                new.append({"key": task.key, "group_id": task.group_id, "member_id": member_id,
                            "marked_at": clock.now(), "to_day": None, "to_minute": None, **row})  # fmt: skip
            elif any(getattr(mark, name) != value for name, value in row.items()):
                old.append({"id": mark.id, "marked_at": clock.now(), **row})
    if new:
        session.insert_many(store.task_mark, new)
    return len(new) + (session.update_many(store.task_mark, old) if old else 0)


def _of_post(session: Session, clock: Clock, task: Task, state: State, **values: Any) -> bool:
    """Do to a post what was said of its task: the calendar and the agenda are one. Whether something changed."""
    from qunguan.services import content  # reading the day does without what planning asks

    post_id = task.subject
    assert post_id is not None
    before = content.get(session, post_id)
    if state == "postponed":
        content.move(session, clock, post_id, values["to_day"], values["to_minute"])
    elif state == "skipped":
        content.drop(session, clock, post_id)
    elif before.state == "dropped":
        content.drop(session, clock, post_id, bring_back=True)
    elif before.state == "posted" and state == "todo":
        content.unpost(session, clock, post_id)
    if state == "done":
        content.mark_posted(session, clock, post_id)
    return content.get(session, post_id) != before


def _apart(task: Task) -> bool:
    """Whether each of the people of a task has a mark of their own: newcomers and birthdays do, a run has one mark."""
    return task.kind == "sop" and bool(task.people) and task.key.count(":") == 2


def _minute(minute: int | None) -> int | None:
    if minute is not None and not 0 <= minute < 24 * 60:
        raise BadInput("{text} is not a time of day", hint="write it like 10:00", text=minute)
    return minute


def _reason(text: str, *, needed: bool = False) -> str:
    if not needed and not text.strip():
        return ""
    if not text.strip():
        raise BadInput("say why it is left out", hint="one or two words: --reason TEXT")
    return typed_name(text, limit=_REASON_LIMIT)
