"""What SOPs ask the owner: a shipped one or one's own, what a step says and when, for which day it is started."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.domain.content import clock_said, minute_typed
from qunguan.domain.sops import TRIGGERS, Sop, Step, presets, running, typed_day
from qunguan.domain.tasks import HATS, typed_hat
from qunguan.domain.today import near
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.sops_lines import step_choice
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.sops import SopsScreen

_OWN, _NEW, _YES, _NO = "+", "+", "yes", "no"
_KNOWN = "{group} {nick} {n} {today} {weekday}"
_DAYS = {
    "weekly": N_("a weekday: 3 or 周三"),
    "join": N_("days after joining: 0 is the day they join"),
    "birthday": N_("days after the birthday: 0, -3, 1"),
    "date": N_("days after the date: 0, -3, 1"),
    "hand": N_("days after the start: 0, -3, 1"),
}


async def take_up(screen: SopsScreen, taken: set[str]) -> None:
    """A shipped SOP the group does not have, or one of one's own."""
    from qunguan.services import sops

    group = screen.group
    choices = [
        Choice(each.id, each.name, f"{_(TRIGGERS[each.trigger])} · {each.about}")
        for each in presets().values() if each.id not in taken
    ]  # fmt: skip
    chosen = await screen.app.push_screen_wait(Choose(_("Which SOP?"), [*choices, Choice(_OWN, _("one of my own"))]))
    if chosen is None:
        return
    if chosen == _OWN:
        await _write_own(screen, group.id)
        return
    made = await screen.desk.write(sops.use, chosen, group.id)
    screen.say(ngettext("{name} is in use: {n} step", "{name} is in use: {n} steps", len(made.steps), name=made.name))
    screen.aim(made.id)
    await screen.room.changed()


async def _write_own(screen: SopsScreen, group_id: int) -> None:
    from qunguan.services import sops

    async def save(values: dict[str, str]) -> None:
        made = await screen.desk.write(sops.add, group_id, values["name"], values["trigger"])
        screen.say(_("{name} is written", name=made.name))
        screen.aim(made.id)
        await screen.room.changed()

    triggers = tuple((trigger, _(name)) for trigger, name in TRIGGERS.items())
    await screen.app.push_screen_wait(Form(_("An SOP of my own"), [
        Field("name", _("name")), Field("trigger", _("set off by"), "daily", choices=triggers),
    ], save))  # fmt: skip


async def rename(screen: SopsScreen, one: Sop) -> None:
    """Give it another name."""
    from qunguan.services import sops

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(sops.rename, one.id, values["name"])
        await screen.room.changed()

    await screen.app.push_screen_wait(
        Form(_("Rename {name}", name=one.name), [Field("name", _("name"), one.name)], save)
    )


async def steps(screen: SopsScreen, one: Sop) -> None:
    """Choose a step and what to do with it, or add one."""
    choices = [Choice(str(step.id), step_choice(one, step), _(HATS[step.hat])) for step in one.steps_now]
    chosen = await screen.app.push_screen_wait(
        Choose(_("The steps of {name}", name=one.name), [*choices, Choice(_NEW, _("a new step"))])
    )
    if chosen == _NEW:
        await _step_form(screen, one, None)
        return
    step = next((each for each in one.steps_now if str(each.id) == chosen), None)
    if step is None:
        return
    does = await screen.app.push_screen_wait(Choose(step.title, [
        Choice("text", _("change its text")), Choice("terms", _("change title, day, hour or role")),
        Choice("end", _("take it out")),
    ]))  # fmt: skip
    if does == "text":
        await _text(screen, one, step)
    elif does == "terms":
        await _step_form(screen, one, step)
    elif does == "end":
        await _take_out(screen, one, step)


async def _step_form(screen: SopsScreen, one: Sop, step: Step | None) -> None:
    from qunguan.services import sops

    old = step or Step(1 if one.trigger == "weekly" else 0, None, "", "owner")

    async def save(values: dict[str, str]) -> None:
        changed = replace(
            old, title=values["title"], day=typed_day(one.trigger, values.get("day", "")),
            at_minute=minute_typed(values["at"]), hat=typed_hat(values["hat"]), private=values["private"] == _YES,
        )  # fmt: skip
        await screen.desk.write(sops.put_step, one.id, changed)
        screen.say(_("The step {step} is set: from today on", step=values["title"]))
        await screen.room.changed()

    hats = tuple((hat, _(name)) for hat, name in HATS.items())
    day = [] if one.trigger == "daily" else [Field("day", _("day"), str(old.day), _(_DAYS[one.trigger]))]
    fields = [
        Field("title", _("thing to do"), old.title), *day,
        Field("at", _("time"), clock_said(old.at_minute), _("such as 19:30; empty: some time that day")),
        Field("hat", _("role"), old.hat, choices=hats),
        Field("private", _("goes to"), _YES if old.private else _NO,
              choices=((_NO, _("the group")), (_YES, _("each member apart")))),
    ]  # fmt: skip
    title = _("Change a step of {name}", name=one.name) if step else _("A new step of {name}", name=one.name)
    done = await screen.app.push_screen_wait(Form(title, fields, save))
    if done is not None and step is None:
        await _first_text(screen, one, done["title"])


async def _first_text(screen: SopsScreen, one: Sop, title: str) -> None:
    """The text of the step that was just made; Esc leaves it without."""
    from qunguan.services import sops

    made = await screen.desk.read(sops.get, one.id)
    newest = max(made.steps_now, key=lambda step: step.id)
    if newest.title == title:
        await _text(screen, made, newest)


async def _text(screen: SopsScreen, one: Sop, step: Step) -> None:
    from qunguan.services import sops

    async def save(text: str) -> None:
        await screen.desk.write(sops.put_step, one.id, replace(step, text=text))
        await screen.room.changed()

    notes = [_("Filled in by themselves: {known}. Other places in braces are yours to fill.", known=_KNOWN)]
    await screen.app.push_screen_wait(TextBox(_("What is sent: {step}", step=step.title), step.text, save, notes))


async def _take_out(screen: SopsScreen, one: Sop, step: Step) -> None:
    from qunguan.services import sops

    details = [step_choice(one, step), _("What was due before stays; u brings it back.")]
    if await screen.app.push_screen_wait(Confirm(_("Take this step out of {name}?", name=one.name), details)):
        await screen.desk.write(sops.end_step, one.id, step.id)
        await screen.room.changed()


async def start(screen: SopsScreen, one: Sop) -> None:
    """Start it for a day, for the group or one member; or end a run that is under way."""
    from qunguan.services import sops

    under_way = running(one, screen.room.today)
    if under_way:
        choices = [Choice(_NEW, _("start it for another day"))]
        choices += [
            Choice(str(run.id), _("end the run for {day}", day=near(run.anchor_on, screen.room.today)), run.name)
            for run in under_way
        ]
        chosen = await screen.app.push_screen_wait(Choose(one.name, choices))
        if chosen is None:
            return
        if chosen != _NEW:
            await screen.desk.write(sops.end_run, int(chosen))
            screen.say(_("The run is ended · u takes it back"))
            await screen.room.changed()
            return
    await screen.app.push_screen_wait(_start_form(screen, one))


def _start_form(screen: SopsScreen, one: Sop) -> Form:
    from qunguan.services import members, sops

    async def save(values: dict[str, str]) -> None:
        day = date_cell(values["day"]) if values["day"] else None
        who = await screen.desk.read(members.resolve, values["member"]) if values["member"] else None
        run = await screen.desk.write(sops.start, one.id, day, who)
        screen.say(_("{name} runs for {day}", name=one.name, day=run.anchor_on))
        await screen.room.changed()

    return Form(_("Start {name}", name=one.name), [
        Field("day", _("for the day"), str(screen.room.today), _("the steps count from it"), day="near"),
        Field("member", _("member"), "", _("empty: for the group")),
    ], save)  # fmt: skip
