"""`qunguan sop list|show|use|add|step|drop|on|off|start|stop|end`: what is done by the clock, from a day on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.cli import sop_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain import sops as words
from qunguan.domain.content import minute_typed
from qunguan.domain.sops import TRIGGERS, Sop, Step
from qunguan.domain.tasks import HATS, typed_hat
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of SOPs."""
    verb = verbs(parser)
    _group(verb("list", listing, _("the SOPs of a group, and those to begin with")), _("without it all groups"))
    _named(verb("show", show, _("an SOP with its steps, or one to begin with")))
    take = verb("use", use, _("begin with a shipped SOP"), writes=True)
    take.add_argument("preset", metavar="PRESET", help=", ".join(words.presets()))
    _group(take, _("without it the one in hand"))
    take.add_argument("--everywhere", action="store_true", help=_("in every group that does not have it yet"))
    make = verb("add", add, _("write an SOP of your own; steps follow"), writes=True)
    make.add_argument("name", metavar="NAME")
    make.add_argument("--by", metavar="WHAT", required=True, help=", ".join(TRIGGERS))
    _group(make, _("without it the one in hand"))
    _step_options(verb("step", step, _("add a step to an SOP, or change one"), writes=True))
    drop = verb("drop", drop_step, _("take a step out"), writes=True)
    _named(drop)
    drop.add_argument("step", type=whole, metavar="STEP", help=_("its id in sop show"))
    _named(verb("on", switch_on, _("switch an SOP on"), writes=True))
    _named(verb("off", switch_off, _("switch an SOP off"), writes=True))
    begin = verb("start", start, _("start an SOP for a day, for the group or for a member"), writes=True)
    _named(begin)
    begin.add_argument("--day", type=day, metavar="DATE", help=_("the day the steps count from; without it today"))
    begin.add_argument("--member", metavar="MEMBER", help=_("for this member only"))
    stop = verb("stop", stop_run, _("end a run that was started"), writes=True)
    stop.add_argument("run", type=whole, metavar="RUN", help=_("its id in sop show"))
    _named(verb("end", end, _("put an SOP away"), writes=True))


def _step_options(parser: argparse.ArgumentParser) -> None:
    _named(parser)
    parser.add_argument("--id", type=whole, metavar="STEP", help=_("the step to change; without it a new one"))
    parser.add_argument("--title", metavar="TITLE")
    parser.add_argument("--on", metavar="DAY", help=_("a weekday 1 to 7; else the days after the start: 0, 3, -3"))
    parser.add_argument("--at", metavar="TIME", help=_("such as 19:30; without it some time that day"))
    parser.add_argument("--hat", metavar="HAT", help=_("the role: {hats}", hats=", ".join(HATS)))
    parser.add_argument(
        "--text", metavar="TEXT", help=_("the text that goes out with it; - reads it from standard input")
    )
    parser.add_argument("--script", metavar="NAME", help=_("a script of the library in place of a text"))
    parser.add_argument("--private", action="store_true", help=_("it goes to each member apart"))


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sop", metavar="SOP", help=_("its id or name"))
    _group(parser, _("where several groups have an SOP of this name"))


def _group(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--group", metavar="GROUP", help=_("a group by id or name; {without}", without=text))


def listing(context: Context) -> None:
    """Print the SOPs in use and those that are shipped."""
    from qunguan.services import groups, sops

    with context.desk() as desk:
        group_id = context.group_id(desk)
        today = context.clock.today(desk.read(groups.day_rule, group_id))
        found = desk.read(sops.all_sops, group_id)
        names = {group.id: group.name for group in desk.read(groups.all_groups)}
    taken = {each.preset for each in found}
    left = [each for each in words.presets().values() if each.id not in taken]
    document = {
        "sops": [views.document(each, today) for each in found],
        "presets": [{"id": each.id, "name": each.name, "about": each.about, "by": each.trigger,
                     "source": each.source, "steps": len(each.steps)} for each in words.presets().values()],
    }  # fmt: skip
    context.answer(document, [*views.table(found, names, today), *views.shipped(left)])


def show(context: Context) -> None:
    """Print one SOP, in use or shipped. Raises NotFound, Ambiguous."""
    from qunguan.domain.errors import NotFound
    from qunguan.services import groups, sops

    with context.desk() as desk:
        today = context.clock.today(desk.read(groups.day_rule))
        try:
            found = desk.read(sops.find, context.options.sop, context.group_id(desk))
        except NotFound:
            told = words.preset(context.options.sop)
            context.answer({"preset": views.preset_document(told)}, views.preset_lines(told))
            return
    lines = [f"#{found.id} {found.name} · {_(TRIGGERS[found.trigger])} · {_('on') if found.on else _('off')}"]
    lines += views.step_lines(found.trigger, found.steps_now)
    lines += [
        _("run #{run} for {day} {name}", run=run.id, day=run.anchor_on, name=run.name)
        for run in words.running(found, today)
    ]
    context.answer({"sop": views.document(found, today)}, lines)


def use(context: Context) -> None:
    """Begin with a shipped SOP. Raises NotFound, Refused."""
    from qunguan.services import groups, sops

    options = context.options
    with context.desk() as desk:
        if options.everywhere:
            made = context.write(desk, sops.use_everywhere, options.preset)
        else:
            made = (context.write(desk, sops.use, options.preset, desk.read(groups.find, options.group).id),)
        today = context.clock.today(desk.read(groups.day_rule))
    lines = [ngettext("{name} is in use: {n} step", "{name} is in use: {n} steps", len(each.steps), name=each.name)
             for each in made]  # fmt: skip
    nothing = [_("Every group has it already")]
    context.answer({"sops": [views.document(each, today) for each in made]}, [*(lines or nothing), _next(made)])


def add(context: Context) -> None:
    """Write an SOP of one's own. Raises BadInput, Refused."""
    from qunguan.services import groups, sops

    options = context.options
    with context.desk() as desk:
        made = context.write(desk, sops.add, desk.read(groups.find, options.group).id, options.name, options.by)
    _tell(context, made, _("{name} is written", name=made.name),
          _("Next: qunguan sop step {id} --title TITLE --at TIME", id=made.id))  # fmt: skip


def step(context: Context) -> None:
    """Add or change a step. Raises BadInput, NotFound, Refused."""
    from qunguan.services import sops

    with context.desk() as desk:
        found = _found(context, desk)
        made = context.write(desk, sops.put_step, found.id, _typed_step(context, found))
    _tell(context, made, _counted(made), _("Next: qunguan sop show {id}", id=made.id))


def _typed_step(context: Context, found: Sop) -> Step:
    from qunguan.domain.errors import BadInput, NotFound

    options = context.options
    old = next((each for each in found.steps_now if each.id == options.id), None)
    if options.id and old is None:
        raise NotFound("{name} has no step #{step}", name=found.name, step=options.id)
    if old is None and not options.title:
        raise BadInput("a new step needs a title", hint="--title TITLE")
    base = old or Step(words.typed_day(found.trigger, options.on or ""), None, "", "owner")
    text = sys.stdin.read() if options.text == "-" else options.text
    return replace(
        base, title=options.title or base.title,
        day=base.day if options.on is None else words.typed_day(found.trigger, options.on),
        at_minute=base.at_minute if options.at is None else minute_typed(options.at),
        hat=base.hat if options.hat is None else typed_hat(options.hat),
        text=base.text if text is None else text, script=base.script if options.script is None else options.script,
        private=base.private or options.private,
    )  # fmt: skip


def drop_step(context: Context) -> None:
    """Take a step out. Raises NotFound, Refused."""
    from qunguan.services import sops

    with context.desk() as desk:
        made = context.write(desk, sops.end_step, _found(context, desk).id, context.options.step)
    _tell(context, made, _counted(made), _("Next: qunguan sop show {id}", id=made.id))


def switch_on(context: Context) -> None:
    """Switch an SOP on."""
    _switch(context, enabled=True)


def switch_off(context: Context) -> None:
    """Switch an SOP off."""
    _switch(context, enabled=False)


def _switch(context: Context, *, enabled: bool) -> None:
    from qunguan.services import sops

    with context.desk() as desk:
        made = context.write(desk, sops.switch, _found(context, desk).id, enabled=enabled)
    told = _("{name} is on", name=made.name) if enabled else _("{name} is off", name=made.name)
    _tell(context, made, told, _next((made,)))


def start(context: Context) -> None:
    """Start an SOP. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import members, sops

    options = context.options
    with context.desk() as desk:
        found = _found(context, desk)
        member_id = desk.read(members.resolve, options.member) if options.member else None
        run = context.write(desk, sops.start, found.id, options.day, member_id)
    told = {"id": run.id, "sop": found.name, "day": run.anchor_on, "member": run.name or None}
    context.answer({"run": told}, [_("{name} runs for {day}", name=found.name, day=run.anchor_on), _next(())])


def stop_run(context: Context) -> None:
    """End a run. Raises NotFound."""
    from qunguan.services import sops

    with context.desk() as desk:
        run = context.write(desk, sops.end_run, context.options.run)
    context.answer({"run": {"id": run.id, "day": run.anchor_on, "ended_on": run.ended_on}},
                   [_("Run #{run} is ended", run=run.id), _("Next: qunguan undo takes it back")])  # fmt: skip


def end(context: Context) -> None:
    """Put an SOP away. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import sops

    with context.desk() as desk:
        made = context.write(desk, sops.end, _found(context, desk).id)
    _tell(context, made, _("{name} is put away", name=made.name), _("Next: qunguan undo takes it back"))


def _found(context: Context, desk: Desk) -> Sop:
    from qunguan.services import sops

    return desk.read(sops.find, context.options.sop, context.group_id(desk))


def _counted(made: Sop) -> str:
    return ngettext("{name} has {n} step", "{name} has {n} steps", len(made.steps_now), name=made.name)


def _next(made: Sequence[Sop]) -> str:
    starts = next((each for each in made if each.trigger in words.STARTED), None)
    if starts:
        return _("Next: qunguan sop start {id} --day DATE; qunguan task list tells what is due", id=starts.id)
    return _("Next: qunguan task list tells what is due")


def _tell(context: Context, made: Sop, *lines: str) -> None:
    context.answer({"sop": views.document(made, None)}, lines)
