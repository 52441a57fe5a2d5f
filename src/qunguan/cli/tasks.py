"""`qunguan task list|add|done|skip|postpone|reopen|remove|load`: what is due on a day, and what became of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, group_argument, jsonable, known, verbs
from qunguan.cli.parser import day
from qunguan.domain.content import clock_said, minute_typed
from qunguan.domain.tasks import HATS, STATES, Load, Task, typed_hat
from qunguan.i18n import _, labelled, ngettext

if TYPE_CHECKING:
    from qunguan.services.tasks import Settled

_WEEK = 7


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of tasks."""
    verb = verbs(parser)
    lists = verb("list", listing, _("everything of a day by its hour, and what is still open from before"))
    lists.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    lists.add_argument("--hat", metavar="HAT", help=_("only this role: {hats}", hats=", ".join(HATS)))
    group_argument(lists, _("a group by id or name; without it all of them"))
    loads = verb("load", load, _("what each of the four roles had to do in a week"))
    loads.add_argument("--day", type=day, metavar="DATE", help=_("any day of the week; without it this one"))
    group_argument(loads, _("a group by id or name; without it all of them"))
    make = verb("add", add, _("write a task down"), writes=True)
    make.add_argument("title", metavar="TITLE")
    make.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    make.add_argument("--at", metavar="TIME", help=_("such as 19:30; without it some time that day"))
    make.add_argument("--hat", metavar="HAT", default="owner", help=_("the role: {hats}", hats=", ".join(HATS)))
    make.add_argument("--text", metavar="TEXT", default="", help=_("the text that goes out with it"))
    group_argument(make, _("a group by id or name; without it the one in hand"))
    _told(verb, "done", done, _("tick a task: for everybody it is for"))
    _told(verb, "skip", skip, _("leave a task out")).add_argument(
        "--reason", metavar="TEXT", required=True, help=_("why")
    )
    later = _told(verb, "postpone", postpone, _("move a task to another time"))
    later.add_argument("--to", type=day, metavar="DATE", help=_("without it tomorrow"))
    later.add_argument("--at", metavar="TIME", help=_("such as 19:30; without it some time that day"))
    later.add_argument("--reason", metavar="TEXT", default="", help=_("why"))
    _told(verb, "reopen", reopen, _("take back what was said of a task"))
    _told(verb, "remove", remove, _("take off a task that was written down"))


def _told(
    verb: Callable[..., argparse.ArgumentParser], name: str, command: Callable[[Context], None], text: str
) -> argparse.ArgumentParser:
    parser = verb(name, command, text, writes=True)
    parser.add_argument("task", metavar="ID", help=_("its id in the list, or a part of its title"))
    return parser


def listing(context: Context) -> None:
    """Print the tasks of a day."""
    from qunguan.services import groups, tasks

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        today = context.clock.today(desk.read(groups.day_rule, group_id))
        asked = options.day or today
        found = desk.read(tasks.on_day, context.clock, asked, group_id)
    if options.hat:
        hat = typed_hat(options.hat)
        found = tuple(task for task in found if task.hat == hat)
    document = {"day": asked, "tasks": [_document(task) for task in found]}
    context.answer(document, _lines(found, today))


def load(context: Context) -> None:
    """Print the workload of a week by role."""
    from qunguan.services import groups, tasks

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        asked = options.day or context.clock.today(desk.read(groups.day_rule, group_id))
        first = asked - timedelta(days=asked.weekday())
        last = first + timedelta(days=_WEEK - 1)
        found = desk.read(tasks.workload, context.clock, first, last, group_id)
    rows = [_load(each) for each in found]
    head = (
        _("role"),
        _("in all"),
        _("ticked off"),
        _("behind time"),
        _("skipped"),
        _("not done"),
        _("to do"),
        _("moved"),
    )
    context.answer({"from": first, "to": last, "hats": [_load_document(each) for each in found]},
                   [f"{first} – {last}", *columns(head, rows, right=range(1, 8))])  # fmt: skip


def add(context: Context) -> None:
    """Write a task down. Raises BadInput, NotFound."""
    from qunguan.services import groups, tasks

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        made = context.write(
            desk, tasks.add, group.id, options.title, options.day or context.clock.today(group.day_rule),
            at_minute=minute_typed(options.at or ""), hat=typed_hat(options.hat), text=options.text,
        )  # fmt: skip
    line = _("Task {id}: {title}, {when}", id=made.key, title=made.title, when=_when(made))
    context.answer({"task": _document(made)}, [line, _("Next: qunguan task done {id} when it is done", id=made.key)])


def done(context: Context) -> None:
    """Tick a task. Raises NotFound, Ambiguous."""
    from qunguan.services import tasks

    _settle(context, tasks.mark_done)


def skip(context: Context) -> None:
    """Leave a task out. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import tasks

    _settle(context, tasks.skip, context.options.reason)


def postpone(context: Context) -> None:
    """Move a task. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import groups, tasks

    options = context.options
    with context.desk() as desk:
        task = desk.read(tasks.find, context.clock, options.task)
        tomorrow = context.clock.today(desk.read(groups.get, task.group_id).day_rule) + timedelta(days=1)
        told = context.write(desk, tasks.postpone, task.key, options.to or tomorrow, minute_typed(options.at or ""),
                             options.reason)  # fmt: skip
    _tell(context, told)


def reopen(context: Context) -> None:
    """Take back what was said. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import tasks

    _settle(context, tasks.reopen)


def remove(context: Context) -> None:
    """Take off a task that was written down. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import tasks

    with context.desk() as desk:
        gone = context.write(desk, tasks.remove, desk.read(tasks.find, context.clock, context.options.task).key)
    context.answer({"task": _document(gone)}, [_("Taken off: {title}", title=gone.title),
                                               _("Next: qunguan undo brings it back")])  # fmt: skip


def _settle(context: Context, service: Callable[..., Settled], *args: object) -> None:
    from qunguan.services import tasks

    with context.desk() as desk:
        task = desk.read(tasks.find, context.clock, context.options.task)
        told = context.write(desk, service, task.key, *args)
    _tell(context, told)


def _tell(context: Context, told: Settled) -> None:
    task = told.task
    line = labelled(_(STATES[task.state]), task.title)
    if task.moved and task.state == "todo":
        line = _("Moved to {when}: {title}", when=_when(task), title=task.title)
    if len(task.people) > 1:
        line += ngettext(" ({n} person)", " ({n} people)", len(task.people))
    if not told.changed:
        line += _(" — it was so already")
    context.answer({"task": _document(task), "changed": told.changed},
                   [line, _("Next: qunguan task list tells what is left; qunguan undo takes it back")])  # fmt: skip


def _when(task: Task) -> str:
    return " ".join(filter(None, (task.on_day.isoformat(), clock_said(task.on_minute))))


def _document(task: Task) -> dict[str, Any]:
    return {
        "id": task.key, "kind": task.kind, "group_id": task.group_id, "group": task.group, "title": task.title,
        "hat": task.hat, "day": task.on_day, "at": clock_said(task.on_minute) or None, "due_on": task.day,
        "due_at": clock_said(task.at_minute) or None, "state": task.state, "late": task.late, "reason": task.reason,
        "settled_at": task.settled_at, "origin": task.origin, "source": task.source,
        "people": jsonable(task.people), "text": task.text, "missing": list(task.missing),
    }  # fmt: skip


def _lines(found: Sequence[Task], today: date) -> list[str]:
    from qunguan.services.tasks import short

    if not found:
        return [_("Nothing is due that day. Next: qunguan sop use PRESET, or qunguan task add TITLE")]
    rows = []
    for task in found:
        people = ngettext("{n} person", "{n} people", len(task.people)) if task.people else ""
        state = _("overdue") if task.late and task.state == "todo" else _(STATES[task.state])
        if task.late and task.state == "done":
            state = _("done late")
        here = today == task.day == task.on_day and not task.key.count(":") > 2
        id_ = short(task) if here else task.key  # the short form means the one of today
        rows.append((id_, f"{task.on_day:%m-%d}", clock_said(task.on_minute) or "—", task.title, people,
                     _(HATS[task.hat]), state, known(task.origin)))  # fmt: skip
    head = (_("id"), _("day"), _("time"), _("thing to do"), _("whom"), _("role"), _("state"), _("comes of"))
    return columns(head, rows)


def _load(each: Load) -> tuple[object, ...]:
    told = each.tally
    return _(HATS[each.hat]), told.planned, told.done, told.late, told.skipped, told.missed, told.open, told.moved


def _load_document(each: Load) -> dict[str, Any]:
    return {"hat": each.hat, "planned": each.tally.planned, **jsonable(each.tally)}
