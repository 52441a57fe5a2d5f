"""`qunguan feedback`: what members ask, complain of, propose and praise, and what was done about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.cli import feedback_views as views
from qunguan.cli.command import Context, columns, jsonable, verbs
from qunguan.cli.parser import row_limit, whole
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table
from qunguan.domain.feedback import KINDS, SEVERITIES, Feedback, FeedbackDraft, typed_kind
from qunguan.domain.feedback_categories import categories
from qunguan.domain.text import show
from qunguan.i18n import N_, _

if TYPE_CHECKING:
    from qunguan.exchange.readers.feedback import FeedbackSheet
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk

_PAGE = 50
_STEPS = {
    "reply": N_("note what was answered"),
    "offer": N_("note what was offered to make it good"),
    "amends": N_("note that what was offered was delivered"),
    "turned": N_("a bad review was turned, or stays; with it the matter is settled"),
    "resolve": N_("the matter is settled"),
    "reopen": N_("open again what was settled"),
}


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `feedback`."""
    verb = verbs(parser)
    make = verb("add", add, _("write down what somebody said"), writes=True)
    make.add_argument("kind", metavar="KIND", help=" | ".join(f"{kind} ({_(label)})" for kind, label in KINDS.items()))
    make.add_argument("text", metavar="TEXT", help=_("the text; - reads it from standard input"))
    who = make.add_mutually_exclusive_group()
    who.add_argument("--member", metavar="MEMBER", help=_("id, name or alias"))
    who.add_argument("--who", default="", metavar="NAME", help=_("what they are called, where they are not a member"))
    make.add_argument("--category", default="", metavar="CATEGORY",
                      help=_("see qunguan feedback categories, or a word of your own"))  # fmt: skip
    make.add_argument("--severity", default="", choices=("", *SEVERITIES), metavar="SEVERITY",
                      help=" | ".join(SEVERITIES))  # fmt: skip
    make.add_argument("--channel", default="", metavar="PLACE", help=_("where it was said: group, private, phone"))
    make.add_argument("--order", type=whole, metavar="ID", help=_("the order it is about"))
    make.add_argument("--incident", metavar="ID", help=_("the incident it belongs to; of a drill it counts nowhere"))
    _at(make, _("when it was said: 14:05 or 2026-03-20 14:05; without it now"))
    _group(make)
    _register_reading(verb)
    for name, text in _STEPS.items():
        _register_step(verb(name, step, _(text), writes=True), name)
    take = verb("import", take_in, _("a sheet of who, when, kind, words and category"), writes=True)
    file_argument(take)
    map_argument(take)
    _group(take)
    up = verb("upgrade", upgrade, _("complaints grow: a task to rewrite the answers (S4-29)"), writes=True)
    _group(up)


def _register_reading(verb: Callable[..., argparse.ArgumentParser]) -> None:
    lists = verb("list", listing, _("what was said, newest first; who waits longest on top with --waiting"))
    lists.add_argument("--kind", metavar="KIND", help=" | ".join(KINDS))
    some = lists.add_mutually_exclusive_group()
    some.add_argument("--open", action="store_true", help=_("only what is not settled"))
    some.add_argument("--waiting", action="store_true", help=_("only who waits for an answer, the longest first"))
    lists.add_argument("--incident", metavar="ID", help=_("only of this incident, a drill's too"))
    lists.add_argument("--limit", type=row_limit, default=_PAGE, metavar="N", help=_("at most so many; 0 is all"))
    lists.add_argument("--to", type=Path, metavar="FILE", help=_("write the list to a file"))
    _group(lists, every=True)
    _one(verb("show", show_one, _("one of them with everything that was done, and texts to answer with")))
    told = verb("counts", counts, _("how much was said, against the window before; how fast it was answered"),
                as_of=True)  # fmt: skip
    told.add_argument("--days", type=whole, metavar="N",
                      help=_("over so many complete days; without it as the rule says"))  # fmt: skip
    _group(told)
    verb("categories", category_list, _("the shipped categories, and the texts that answer them"))


def _register_step(parser: argparse.ArgumentParser, name: str) -> None:
    _one(parser)
    words = name in ("reply", "offer")
    parser.add_argument("--text", required=words, default="", metavar="TEXT",
                        help=_("the text; - reads it from standard input"))  # fmt: skip
    if name == "turned":
        parser.add_argument("--stays", action="store_true", help=_("the review stays as it is"))
    _at(parser, _("when it was done: 14:05 or 2026-03-20 14:05; without it now"))


def _one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("feedback", type=whole, metavar="ID", help=_("its id in the list"))


def _at(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--at", default="", metavar="TIME", help=text)


def _group(parser: argparse.ArgumentParser, *, every: bool = False) -> None:
    text = _("a group by id or name; without it all of them") if every else _(
        "a group by id or name; without it the one in hand")  # fmt: skip
    parser.add_argument("--group", metavar="GROUP", help=text)


def _moment(context: Context, desk: Desk, group_id: int) -> datetime | None:
    from qunguan.exchange.readers.moments import moment_typed
    from qunguan.services import groups

    return moment_typed(context.options.at, desk.read(groups.day_rule, group_id), context.clock.now())


def _words(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _incident(context: Context, desk: Desk) -> int | None:
    from qunguan.services import incidents

    wanted = context.options.incident
    return None if wanted is None else desk.read(incidents.find, wanted).id


def add(context: Context) -> None:
    """Write it down. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import feedback, groups, members

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        draft = FeedbackDraft(
            options.kind, _words(options.text), desk.read(members.resolve, options.member) if options.member else None,
            options.who, options.category, options.severity, options.channel, _moment(context, desk, group.id),
            options.order, _incident(context, desk),
        )  # fmt: skip
        made = context.write(desk, feedback.add, group.id, draft)
        _tell(context, desk, made, _("Next: qunguan feedback reply {id} --text TEXT", id=made.id))


def step(context: Context) -> None:
    """What the verb says was done. Raises NotFound, BadInput, Refused."""
    from qunguan.domain.lint import findings
    from qunguan.services import feedback

    options = context.options
    text = _words(options.text)
    done: dict[str, Callable[..., Feedback]] = {
        "reply": feedback.reply, "offer": feedback.offer, "amends": feedback.make_good, "turned": feedback.turned,
        "resolve": feedback.resolve, "reopen": feedback.reopen,
    }  # fmt: skip
    with context.desk() as desk:
        found = desk.read(feedback.get, options.feedback)
        more = {"stays": options.stays} if options.verb == "turned" else {}
        at = _moment(context, desk, found.group_id)
        made = context.write(desk, done[options.verb], found.id, text, at, **more)
        _tell(context, desk, made, doubts=findings(text) if options.verb in ("reply", "offer") else ())


def _tell(context: Context, desk: Desk, made: Feedback, hint: str = "", *, doubts: Any = ()) -> None:
    from qunguan.cli.lint import document as lint_document
    from qunguan.services import feedback, groups

    limits, now = desk.read(feedback.limits), context.clock.now()
    lines = list(views.one_lines(made, limits, now, desk.read(groups.day_rule, made.group_id)))
    lines += [_("look at this: {text} — {why}", text=show(one.text), why=one.why) for one in doubts]
    document: dict[str, Any] = {"feedback": views.document(made, limits, now)}
    if doubts:
        document["findings"] = lint_document(doubts)
    context.answer(document, [*lines, *filter(None, [hint])])


def listing(context: Context) -> None:
    """Print or write what was said."""
    from qunguan.services import feedback, groups

    options = context.options
    with context.desk() as desk:
        group_id = desk.read(groups.find, options.group).id if options.group else None
        kind = typed_kind(options.kind) if options.kind else None
        waiting = desk.read(feedback.waiting, context.clock, group_id)
        if options.waiting:
            found = tuple(one for one in waiting if kind in (None, one.kind))[: options.limit or None]
        else:
            found = desk.read(feedback.feedback, group_id, kind=kind, incident_id=_incident(context, desk),
                              still_open=options.open, most=options.limit or None)  # fmt: skip
        limits, now = desk.read(feedback.limits), context.clock.now()
        rules = {one.group_id: desk.read(groups.day_rule, one.group_id) for one in found}
        rule = desk.read(groups.day_rule, group_id)
    if options.to is not None:
        from qunguan.cli.table_file import write_out
        from qunguan.exchange.writers.feedback import feedback_table

        write_out(context, feedback_table(found, rule))
        return
    document = {"feedback": [views.document(one, limits, now) for one in found], "waiting": len(waiting)}
    context.answer(document, views.lines(found, limits, now, rules))


def show_one(context: Context) -> None:
    """Print one, with what could be answered. Raises NotFound."""
    from qunguan.services import feedback, groups

    with context.desk() as desk:
        one = desk.read(feedback.get, context.options.feedback)
        limits, now = desk.read(feedback.limits), context.clock.now()
        ready = desk.read(feedback.answers, context.clock, one)
        lines = list(views.one_lines(one, limits, now, desk.read(groups.day_rule, one.group_id)))
    for each in ready[:1]:
        lines += ["", _("Ready to answer with ({script}):", script=each.name), *each.text.splitlines()]
    document = views.document(one, limits, now) | {"answers": [jsonable(each) for each in ready]}
    context.answer({"feedback": document}, lines)


def counts(context: Context) -> None:
    """Print what it comes to. Raises BadInput."""
    from qunguan.services import feedback, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        as_of = context.past(desk, group.id)
        moved = desk.read(feedback.change, context.clock, group.id, context.options.days, as_of)
        told = desk.read(feedback.counts, [group.id], moved.first, moved.last)
        now = context.clock.today(group.day_rule)
        today = 0 if as_of else sum(desk.read(feedback.counts, [group.id], now, now).kinds.values())
        still_open = desk.read(feedback.feedback, group.id, still_open=True)
    context.answer(
        views.counts_document(told, moved, still_open, today), views.counts_lines(told, moved, still_open, today)
    )


def category_list(context: Context) -> None:
    """Print the shipped categories."""
    rows = [(each.id, each.name, _(SEVERITIES[each.severity]), _(", ").join(_(KINDS[kind]) for kind in each.kinds),
             _(", ").join(each.scripts)) for each in categories().values()]  # fmt: skip
    header = (_("id"), _("category"), _("how urgent"), _("kind"), _("ready texts"))
    context.answer({"categories": [jsonable(each) for each in categories().values()]}, columns(header, rows))


def take_in(context: Context) -> None:
    """Import a sheet. Raises BadInput, NotFound."""
    from qunguan.services import feedback, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        told = _read(context, desk, group.day_rule.zone)
        done = context.write(desk, feedback.import_rows, group.id, told.rows)
    refused = (*told.rejected, *done.rejected)
    context.answer(views.taken_document(done, refused), views.taken_lines(done, refused))


def _read(context: Context, desk: Desk, zone: str) -> FeedbackSheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.decode import read_bytes
    from qunguan.exchange.readers.feedback import NEEDED, read_feedback
    from qunguan.exchange.readers.sheets import sheet_from_bytes

    def read(sheet: Sheet, mapping: Mapping | None) -> FeedbackSheet:
        return read_feedback(sheet, zone, mapping)

    sheet = sheet_from_bytes(read_bytes(context.options.file), context.options.file)
    return read_table(context, desk, sheet, Kind("feedback", words.FEEDBACK, NEEDED), read)


def upgrade(context: Context) -> None:
    """Make the task. Raises Refused while the alert does not fire."""
    from qunguan.services import feedback, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        task = context.write(desk, feedback.upgrade_scripts, group.id)
    lines = [f"{task.on_day}  {task.title}", *task.text.splitlines(),
             _("Next: qunguan script list --kind care")]  # fmt: skip
    context.answer({"task": {"key": task.key, "title": task.title, "day": task.on_day, "text": task.text}}, lines)
