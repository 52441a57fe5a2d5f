"""`qunguan incident`: start one, tell its stages, see the clocks, log, hand over, close it with its review."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from qunguan.cli import incident_compensation, incident_defence, incident_report
from qunguan.cli import incident_views as views
from qunguan.cli.command import Context, verbs
from qunguan.domain.incident_clock import STAGES, UPDATE, next_update
from qunguan.domain.incidents import SEVERITIES
from qunguan.domain.tasks import HATS
from qunguan.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from datetime import datetime

    from qunguan.domain.groups import Group
    from qunguan.domain.incidents import Incident, IncidentView
    from qunguan.services.desk import Desk

_STAGE_NAMES = " | ".join(STAGES)


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `incident`; those of its amends and its report stand in their own modules."""
    verb = verbs(parser)
    new = verb("start", start, _("start the clocks: T0 is now"), writes=True)
    new.add_argument("title", metavar="TITLE")
    new.add_argument("--severity", default="", metavar="S", help=" | ".join(SEVERITIES))
    new.add_argument("--playbook", default="", metavar="NAME", help=_("by id or name: qunguan incident playbook"))
    new.add_argument("--drill", action="store_true", help=_("only an exercise: no real figure changes"))
    new.add_argument("--group", metavar="GROUP", help=_("without it the current group"))
    _at(new, _("when it was noticed; without it now"))
    tell = verb("tick", tick, _("say that a stage was told, with the text that was posted"), writes=True)
    tell.add_argument("stage", metavar="STAGE", help=_STAGE_NAMES)
    _told(tell)
    more = verb("update", update, _("say that a further notice was posted"), writes=True)
    _told(more)
    for name, command, text in (
        ("check", check, _("tick points of a stage's checklist; without any, show it")),
        ("uncheck", uncheck, _("take ticks off")),
    ):
        point = verb(name, command, text, writes=True)
        point.add_argument("stage", metavar="STAGE", help=_STAGE_NAMES)
        point.add_argument("items", nargs="*", metavar="POINT", help=_("by number, name or words"))
        _which(point)
    line = verb("log", log, _("write a line into the timeline"), writes=True)
    line.add_argument("text", metavar="TEXT", help=_("- reads standard input"))
    _at(line, _("when it happened; without it now"))
    _which(line)
    first = verb("t0", correct, _("correct T0, once"), writes=True)
    first.add_argument("at", metavar="T", help=_("14:05 or 2026-03-20 14:05"))
    _which(first)
    bad = verb("grade", grade, _("say how bad it is; without a word, the guide"), writes=True)
    bad.add_argument("severity", nargs="?", default="", metavar="SEVERITY", help=" | ".join(SEVERITIES))
    _which(bad)
    hat = verb("role", role, _("who wears which hat"), writes=True)
    hat.add_argument("hat", nargs="?", metavar="HAT", help=" | ".join(HATS))
    hat.add_argument("holder", nargs="?", default="", metavar="NAME", help=_("without it the hat is taken off"))
    _which(hat)
    _reading(verb)
    end = verb("close", close, _("close it with its review; what is to be done becomes tasks"), writes=True)
    end.add_argument("--review-file", metavar="F", dest="review_file",
                     help=_("the review, as review-template shows; - reads standard input"))  # fmt: skip
    _which(end)
    incident_compensation.register(verb)
    incident_defence.register(verb)
    incident_report.register(verb)


def _reading(verb: Any) -> None:
    one = verb(
        "show", show, _("one incident: clocks, gauges, timeline; without an id the one that is open, else the newest")
    )
    one.add_argument("incident", nargs="?", metavar="ID", help=_("id or title"))
    shelf = verb("list", listing, _("every incident and drill, the newest first"))
    shelf.add_argument("--group", metavar="GROUP", help=_("without it of all groups"))
    ready = verb("statement", statement, _("the statement of a stage, with what is known filled in"))
    ready.add_argument("stage", metavar="STAGE", help=f"{_STAGE_NAMES} | {UPDATE}")
    ready.add_argument("--set", action="append", default=[], dest="values", metavar="PLACE=WORDS",
                       help=_("what belongs into a place; may be given several times"))  # fmt: skip
    _which(ready)
    _which(verb("handover", handover, _("a note for whoever takes over")))
    plans = verb("playbook", playbook, _("the shipped playbooks, or one of them whole"))
    plans.add_argument("name", nargs="?", metavar="NAME")
    verb("review-template", template, _("an empty review to fill in"))


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", dest="incident", metavar="ID", help=_("id or title; without it the one that is open"))


def _at(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--at", default="", metavar="T", help=text)


def _told(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text-file", metavar="F", dest="text_file", help=_("what was posted; - reads standard input"))
    source.add_argument("--text", metavar="TEXT", help=_("what was posted"))
    parser.add_argument("--place", default="", metavar="PLACE", help=_("where: the group, Moments, an announcement"))
    _at(parser, _("when it was posted; without it now"))
    _which(parser)


def _found(context: Context, desk: Desk) -> tuple[Incident, Group]:
    from qunguan.services import groups, incidents

    found = desk.read(incidents.find, context.options.incident)
    return found, desk.read(groups.get, found.group_id)


def _moment(context: Context, group: Group) -> datetime | None:
    from qunguan.exchange.readers.moments import moment_typed

    return moment_typed(context.options.at, group.day_rule, context.clock.now())


def _body(context: Context) -> str:
    from qunguan.exchange.readers.decode import decode, read_bytes

    options = context.options
    if options.text is not None:
        return str(options.text)
    return decode(read_bytes(options.text_file), where=options.text_file).text


def start(context: Context) -> None:
    """Start an incident. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import groups, incidents

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        made = context.write(
            desk, incidents.start, options.title, group_id=group.id, severity=options.severity,
            at=_moment(context, group), drill=options.drill, playbook=options.playbook,
        )  # fmt: skip
        times = desk.read(incidents.limits)
    rule = group.day_rule
    due = {name: made.t0 + times.of(name) for name in STAGES}
    begun = N_("Drill {title} (#{id}) has begun, T0 {moment}") if made.drill else N_(
        "{title} (#{id}) has begun, T0 {moment}")  # fmt: skip
    lines = [
        _(begun, title=made.title, id=made.id, moment=views.time(made.t0, rule)),
        *(_("{stage} by {moment}", stage=_(STAGES[name]), moment=views.time(at, rule)) for name, at in due.items()),
        _("Next: qunguan incident statement tell"),
    ]  # fmt: skip
    context.answer({"incident": views.head(made), "due": {name: views.moment(at) for name, at in due.items()}}, lines)


def tick(context: Context) -> None:
    """Say that a stage was told. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import incidents

    options = context.options
    with context.desk() as desk:
        found, group = _found(context, desk)
        told = context.write(desk, incidents.tick, found.id, options.stage, _body(context), place=options.place,
                             at=_moment(context, group))  # fmt: skip
        amends = desk.read(incidents.view, context.clock, found.id).gauges.compensation
    waiting = amends.promised - amends.delivered
    if told.name == "trust" and waiting:
        context.note(ngettext("{n} promise of amends waits still", "{n} promises of amends wait still", waiting))
    rule = group.day_rule
    document = {"incident_id": found.id, "stage": views.stage(told), "findings": views.doubts(told.findings)}
    context.answer(document, [views.told_line(told, rule), *views.check_lines(told), *views.doubt_lines(told.findings)])


def update(context: Context) -> None:
    """Say that a further notice was posted. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.domain.lint import Facts, findings
    from qunguan.services import incidents

    with context.desk() as desk:
        found, group = _found(context, desk)
        told = context.write(desk, incidents.update, found.id, _body(context), place=context.options.place,
                             at=_moment(context, group))  # fmt: skip
        times = desk.read(incidents.limits)
    following = next_update(found.t0, told.at, max(told.at, context.clock.now()), times)
    doubts, rule = findings(told.text, Facts(crisis=True)), group.day_rule
    document = {
        "incident_id": found.id, "at": views.moment(told.at), "place": told.place, "text": told.text,
        "next_update_at": views.moment(following), "findings": views.doubts(doubts),
    }  # fmt: skip
    context.answer(
        document, [_("Noted: told at {moment}", moment=views.time(told.at, rule)), *views.doubt_lines(doubts)]
    )


def check(context: Context) -> None:
    """Tick points, or show them. Raises NotFound, BadInput, Ambiguous, Refused."""
    _points(context, done=True)


def uncheck(context: Context) -> None:
    """Take ticks off. Raises as `check`."""
    _points(context, done=False)


def _points(context: Context, *, done: bool) -> None:
    from qunguan.domain.incidents import typed_stage
    from qunguan.services import incidents

    options = context.options
    with context.desk() as desk:
        found, _group = _found(context, desk)
        name = typed_stage(options.stage)
        if options.items:
            whole = context.write(desk, incidents.check_all, found.id, name, options.items, done=done)
        else:
            told = desk.read(incidents.view, context.clock, found.id).stages
            whole = next(each for each in told if each.name == name)
    points = [{"item": each.item, "text": each.text, "done_at": each.done_at} for each in whole.checks]
    context.answer({"incident_id": found.id, "stage": name, "checks": points},
                   [_(STAGES[name]), *views.check_lines(whole)])  # fmt: skip


def log(context: Context) -> None:
    """Write a line into the timeline. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import incidents

    text = sys.stdin.read() if context.options.text == "-" else context.options.text
    with context.desk() as desk:
        found, group = _found(context, desk)
        made = context.write(desk, incidents.log, found.id, text, _moment(context, group))
    rule = group.day_rule
    context.answer({"incident_id": found.id, "at": views.moment(made.at), "kind": made.kind, "text": made.text},
                   [_("Noted at {moment}", moment=views.time(made.at, rule))])  # fmt: skip


def correct(context: Context) -> None:
    """Correct T0. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import incidents

    with context.desk() as desk:
        found, group = _found(context, desk)
        at = _moment(context, group) or found.t0
        done = context.write(desk, incidents.correct_t0, found.id, at)
    rule = group.day_rule
    context.answer({"incident": views.head(done)},
                   [_("T0 of {title} is {moment}", title=done.title, moment=views.time(done.t0, rule))])  # fmt: skip


def grade(context: Context) -> None:
    """Say how bad it is, or show what tells. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.domain.incident_playbooks import guide
    from qunguan.services import incidents

    if not context.options.severity:
        context.answer({"guide": guide()}, views.guide_lines(guide()))
        return
    with context.desk() as desk:
        found, _group = _found(context, desk)
        done = context.write(desk, incidents.grade, found.id, context.options.severity)
    context.answer({"incident": views.head(done)},
                   [_("{title}: {severity}", title=done.title, severity=_(SEVERITIES[done.severity]))])  # fmt: skip


def role(context: Context) -> None:
    """Give a hat to somebody, or show who wears which. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import incidents

    options = context.options
    with context.desk() as desk:
        found, _group = _found(context, desk)
        if options.hat is None:
            now = desk.read(incidents.roles, found.id)
        else:
            now = context.write(desk, incidents.assign, found.id, options.hat, options.holder)
    rows = [{"hat": each.hat, "holder": each.holder, "since": views.moment(each.since)} for each in now]
    context.answer({"incident_id": found.id, "roles": rows},
                   views.role_lines(now) or [_("Nobody wears a hat yet")])  # fmt: skip


def show(context: Context) -> None:
    """Print one incident; without an id the one that is open, else the newest. Raises NotFound, Ambiguous."""
    whole, group = _whole(context)
    context.answer(views.document(whole), views.show_lines(whole, group.day_rule))


def _whole(context: Context) -> tuple[IncidentView, Group]:
    from qunguan.services import incidents

    with context.desk() as desk:
        if context.options.incident is None and not desk.read(incidents.running, context.clock):
            newest = desk.read(incidents.all_incidents)[:1]
            context.options.incident = str(newest[0].id) if newest else None
        found, group = _found(context, desk)
        return desk.read(incidents.view, context.clock, found.id), group


def listing(context: Context) -> None:
    """Print the incidents. Raises NotFound, Ambiguous for a group."""
    from qunguan.services import groups, incidents

    wanted = context.options.group
    with context.desk() as desk:
        group_id = None if wanted is None else desk.read(groups.find, wanted).id
        found = desk.read(incidents.all_incidents, group_id)
        told = [(each, desk.read(groups.get, each.group_id)) for each in found]
    context.answer({"incidents": [views.head(each) for each, group in told]}, views.list_lines(told))


def statement(context: Context) -> None:
    """Print the statement of a stage. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.cli.scripts import place_value, places_said
    from qunguan.domain.lint import Facts, findings
    from qunguan.domain.scripts import fill
    from qunguan.services import incidents

    values = dict(place_value(each) for each in context.options.values)
    with context.desk() as desk:
        found, _group = _found(context, desk)
        ready = desk.read(incidents.statement, context.clock, found.id, context.options.stage)
    filled = fill(ready.text, values)
    doubts = findings(filled.text, Facts(crisis=True))
    document = {"incident_id": found.id, "text": filled.text, "missing": list(filled.missing),
                "findings": views.doubts(doubts)}  # fmt: skip
    context.answer(document, filled.text.splitlines())
    if not context.json:
        if filled.missing:
            context.note(_("Still to be filled: {places}", places=places_said(filled.missing)))
        for line in views.doubt_lines(doubts):
            context.note(line)


def handover(context: Context) -> None:
    """Print the note to hand an incident over with. Raises NotFound, Ambiguous."""
    from qunguan.services import incidents

    with context.desk() as desk:
        found, _group = _found(context, desk)
        text = desk.read(incidents.handover, context.clock, found.id)
    context.answer({"incident_id": found.id, "text": text}, text.splitlines())


def playbook(context: Context) -> None:
    """Print the playbooks, or one. Raises NotFound."""
    from qunguan.domain.incident_playbooks import playbook_named, playbooks

    if context.options.name:
        one = playbook_named(context.options.name)
        context.answer({"playbook": views.playbook(one)}, views.playbook_lines(one))
        return
    found = list(playbooks().values())
    context.answer({"playbooks": [views.playbook(each) for each in found]}, views.shelf_lines(found))


def template(context: Context) -> None:
    """Print an empty review."""
    from qunguan.exchange.readers.incident_review import template as empty

    context.answer({"text": empty()}, empty().splitlines())


def close(context: Context) -> None:
    """Close an incident with its review. Raises BadInput with the line, NotFound, Ambiguous, Refused."""
    from qunguan.exchange.readers.decode import decode, read_bytes
    from qunguan.exchange.readers.incident_review import read_review
    from qunguan.services import incidents

    name = context.options.review_file
    with context.desk() as desk:
        found, group = _found(context, desk)
        review = None
        if name is not None:
            text = decode(read_bytes(name), where=name).text
            review = read_review(text, context.clock.today(group.day_rule), name)
        done = context.write(desk, incidents.close, found.id, review)
        told = () if context.dry_run else desk.read(incidents.view, context.clock, found.id).actions
    lines = [_("Closed: {title}", title=done.title),
             *(_("To do by {day}: {title}", day=each.due_on, title=each.title) for each in told)]  # fmt: skip
    rows = [{"title": each.title, "due_on": each.due_on, "hat": each.hat, "task_id": each.task_id} for each in told]
    context.answer({"incident": views.head(done), "actions": rows}, lines)
