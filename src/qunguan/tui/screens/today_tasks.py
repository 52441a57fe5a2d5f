"""Tasks on Today: ticked, left out with a reason, moved to another time, written down; the week by role."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from qunguan.domain.content import clock_said, minute_typed
from qunguan.domain.tasks import HATS, STATES, Load, Task, typed_hat
from qunguan.domain.today import near
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.domain.today import Line
    from qunguan.services.tasks import Later
    from qunguan.tui.screens.today import TodayScreen

_REASONS = (N_("no time today"), N_("somebody did it already"), N_("not needed any more"), N_("not the right moment"))
_LATER = {"hour": N_("in an hour"), "evening": N_("tonight"), "tomorrow": N_("tomorrow")}
_OWN = "day"
_WEEK = 7


async def tick(screen: TodayScreen, line: Line) -> None:
    """Tick the task, for everybody it is for; ticked again it is to be done again. The line stays where it is."""
    from qunguan.services import tasks

    screen.keep(line)
    if line.settled:
        await screen.desk.write(tasks.reopen, line.task)
    else:
        told = await screen.desk.write(tasks.mark_done, line.task)
        if told.changed > 1:
            screen.say(ngettext("Done for {n} person", "Done for {n} people", told.changed))
    await screen.room.changed()


async def leave_out(screen: TodayScreen, line: Line) -> None:
    """Ask why, and leave the task out."""
    from qunguan.services import tasks

    reasons = [Choice(_(reason), _(reason)) for reason in _REASONS]
    title = _("Why leave it out: {task}?", task=str(line.text))
    chosen = await screen.app.push_screen_wait(Choose(title, reasons, _("as the reason")))
    if chosen is None:
        return
    screen.keep(line)
    reason = next((each.label for each in reasons if each.id == chosen), chosen.removeprefix("+"))
    await screen.desk.write(tasks.skip, line.task, reason)
    screen.say(_("Left out: {task} · u takes it back", task=str(line.text)))
    await screen.room.changed()


async def move(screen: TodayScreen, line: Line) -> None:
    """Ask when, and move the task there."""
    from qunguan.services import tasks

    offered = {each.id: each for each in await screen.desk.read(tasks.offers, screen.room.clock, line.task)}
    choices = [Choice(each.id, _(_LATER[each.id]), _when(each, screen.room.today)) for each in offered.values()]
    title = _("Move to when: {task}?", task=str(line.text))
    own = Choice(_OWN, _("another day or hour"))
    chosen = await screen.app.push_screen_wait(Choose(title, [*choices, own]))
    if chosen in offered:
        later = offered[chosen]
        await _move_to(screen, line, later.day, later.minute)
    elif chosen == _OWN:
        await screen.app.push_screen_wait(_day_form(screen, line, title))


def _day_form(screen: TodayScreen, line: Line, title: str) -> Form:
    async def save(values: dict[str, str]) -> None:
        await _move_to(screen, line, date_cell(values["day"]), minute_typed(values["at"]), values["reason"])

    return Form(title, [
        Field("day", _("day"), str(screen.room.today + timedelta(days=1)), day="near"),
        Field("at", _("time"), "", _("such as 19:30; empty: some time that day")),
        Field("reason", _("reason"), "", _("can be empty")),
    ], save)  # fmt: skip


async def _move_to(screen: TodayScreen, line: Line, day: date, minute: int | None, reason: str = "") -> None:
    from qunguan.services import tasks

    told = await screen.desk.write(tasks.postpone, line.task, day, minute, reason)
    when = f"{near(day, screen.room.today)} {clock_said(told.task.on_minute)}".strip()
    screen.say(_("Moved to {when}: {task} · u takes it back", when=when, task=told.task.title))
    await screen.room.changed()


def _when(later: Later, today: date) -> str:
    return f"{near(later.day, today)} {clock_said(later.minute)}".strip()


async def write_down(screen: TodayScreen) -> None:
    """Ask what, when and in which role, and write the task down."""
    from qunguan.services import tasks

    group = screen.room.group
    if group is None:
        return

    async def save(values: dict[str, str]) -> None:
        made = await screen.desk.write(
            tasks.add, group.id, values["title"], date_cell(values["day"]), at_minute=minute_typed(values["at"]),
            hat=typed_hat(values["hat"]), text=values["text"],
        )  # fmt: skip
        screen.say(_("Written down: {task}", task=made.title))
        await screen.room.changed()

    hats = tuple((hat, _(name)) for hat, name in HATS.items())
    await screen.app.push_screen_wait(Form(_("A task of {group}", group=group.name), [
        Field("title", _("thing to do")),
        Field("day", _("day"), str(screen.room.today), day="near"),
        Field("at", _("time"), "", _("such as 19:30; empty: some time that day")),
        Field("hat", _("role"), "owner", choices=hats),
        Field("text", _("text to send"), "", _("can be empty")),
    ], save))  # fmt: skip


async def look_back(screen: TodayScreen) -> None:
    """What is settled today; the chosen one is opened again."""
    from qunguan.services import tasks

    today = screen.room.today
    found = [task for task in await screen.desk.read(tasks.on_day, screen.room.clock, today) if task.state != "todo"]
    choices = [Choice(task.id, _settled(task), task.reason) for task in found]
    title = _("Settled today: Enter opens one again")
    chosen = await screen.app.push_screen_wait(Choose(title, choices))
    task = next((task for task in found if task.id == chosen), None)
    if task is not None:
        await screen.desk.write(tasks.reopen, task.key)
        screen.say(_("Opened again: {task}", task=task.title))
        await screen.room.changed()


def _settled(task: Task) -> str:
    late = f" · {_('behind time')}" if task.late and task.state == "done" else ""
    hour = clock_said(task.at_minute)
    return f"{_(STATES[task.state])}{late}  {hour} {task.title}".replace("   ", "  ")


async def week(screen: TodayScreen) -> list[str]:
    """The workload of this week by role, for the group in hand or for all."""
    from qunguan.services import tasks

    today = screen.room.today
    first = today - timedelta(days=today.weekday())
    group_id = screen.room.group.id if screen.room.group else None
    loads = await screen.desk.read(
        tasks.workload, screen.room.clock, first, first + timedelta(days=_WEEK - 1), group_id
    )
    return ["", _("This week by role:"), *(_load(each) for each in loads if each.tally.planned or each.tally.moved)]


def _load(each: Load) -> str:
    told = each.tally
    return _("· {hat}: {done} of {planned} done, {late} late, {missed} not done, {skipped} left out, {open} to come",
             hat=_(HATS[each.hat]), done=told.done, planned=told.planned, late=told.late, missed=told.missed,
             skipped=told.skipped, open=told.open)  # fmt: skip
