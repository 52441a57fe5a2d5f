"""`qunguan survey`: question sets, answers out of 问卷星 and other sheets, what they say, tags, who is serious."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Literal

from qunguan.cli import survey_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.parser import whole
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table
from qunguan.domain.errors import NotFound
from qunguan.domain.survey_counts import Voice
from qunguan.domain.surveys import KINDS, PURPOSES, Question, Survey, preset_typed, presets, typed_kind, typed_purpose
from qunguan.domain.text import match_key, show
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.surveys import SurveySheet
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `survey`."""
    verb = verbs(parser)
    sets = verb("preset", preset, _("the shipped question sets; with one of them, a survey of it"), writes=True)
    sets.add_argument("preset", nargs="?", metavar="SET", help=", ".join(presets()))
    sets.add_argument("--name", default="", metavar="NAME", help=_("without it the name of the set"))
    group_argument(sets, _("without it the survey is of no group"))
    make = verb("add", add, _("a survey of your own; questions follow"), writes=True)
    make.add_argument("name", metavar="NAME")
    make.add_argument("--for", dest="purpose", default="other", metavar="PURPOSE", help=", ".join(PURPOSES))
    make.add_argument("--intro", default="", metavar="TEXT", help=_("what is said above the questions"))
    group_argument(make, _("without it the survey is of no group"))
    group_argument(verb("list", listing, _("the surveys")), _("without it of all groups"))
    look = verb("show", show_one, _("the answers, question by question"), as_of=True)
    _named(look)
    look.add_argument("--by", metavar="SCHEME", help=_("crossed with the segments of this scheme"))
    look.add_argument("--people", action="store_true", help=_("who replied, and how serious they are"))
    put = verb("import", take_in, _("answers out of a file: 问卷星 or any table"), writes=True)
    file_argument(put)
    map_argument(put)
    put.add_argument("--of", metavar="NAME", help=_("into this survey; without it the one that asks these questions"))
    put.add_argument("--name", default="", metavar="NAME", help=_("what a new survey is called"))
    put.add_argument("--for", dest="purpose", default="other", metavar="PURPOSE", help=", ".join(PURPOSES))
    group_argument(put, _("without it the current group"))
    _named(verb("apply", apply, _("give the tags of the chosen options"), writes=True))
    _question_options(verb("question", question, _("the questions; add one, change one, take one out"), writes=True))
    _option_options(verb("option", option, _("add or change an option: its tag, its intent"), writes=True))
    text = verb("text", text_out, _("the questions as text to copy"))
    _named(text)
    text.add_argument("--form", action="store_true", help=_("as the text import of 问卷星 wants it"))
    text.add_argument("--result", action="store_true", help=_("what came of it"))
    who = verb("match", match, _("whose the replies are that name nobody for sure; say it"), writes=True)
    _named(who)
    who.add_argument("number", nargs="?", metavar="NO", help=_("the number of the reply"))
    who.add_argument("member", nargs="?", metavar="MEMBER", help=_("id, name or alias; nobody says it is no member's"))
    done = verb("settle", settle, _("note that you spoke with who replied"), writes=True)
    _named(done)
    done.add_argument("numbers", nargs="+", metavar="NO", help=_("the number of the reply"))
    done.add_argument("--not", dest="again", action="store_true", help=_("take the note back"))
    _named(verb("remove", remove, _("take a survey away with its answers"), writes=True))


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help=_("the survey, by name or #id"))


def _question_options(parser: argparse.ArgumentParser) -> None:
    _named(parser)
    parser.add_argument("text", nargs="?", default="", metavar="TEXT", help=_("the words of the question"))
    parser.add_argument("--no", type=whole, metavar="NO", help=_("change the question of this number"))
    parser.add_argument("--kind", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--remove", action="store_true", help=_("take it out with its answers"))


def _option_options(parser: argparse.ArgumentParser) -> None:
    _named(parser)
    parser.add_argument("question", type=whole, metavar="NO", help=_("the number of the question"))
    parser.add_argument("text", metavar="OPTION", help=_("the words of the option"))
    parser.add_argument("--tag", metavar="TAG", help=_("who chooses it gets this tag; “” none"))
    parser.add_argument("--intent", type=int, metavar="N", help=_("how serious it says somebody is: 0 to 3"))
    parser.add_argument("--remove", action="store_true", help=_("take it out"))


def _find(context: Context, desk: Desk) -> Survey:
    from qunguan.services import surveys

    return desk.read(surveys.find, context.options.name)


def preset(context: Context) -> None:
    """List the sets, or make a survey of one. Raises NotFound, BadInput."""
    from qunguan.services import surveys

    options = context.options
    if options.preset is None:
        found = list(presets().values())
        context.answer({"presets": list(map(views.preset_document, found))}, views.preset_lines(found))
        return
    chosen = preset_typed(options.preset)
    with context.desk() as desk:
        made = context.write(desk, surveys.add_preset, chosen, options.name, context.group_id(desk))
    name = options.name or chosen.name
    line = _("The survey {name} is there with {n} questions: qunguan survey text {name}", name=name,
             n=len(chosen.questions))  # fmt: skip
    context.answer({"id": made, "name": name, "questions": len(chosen.questions)}, [line])


def add(context: Context) -> None:
    """Make a survey. Raises BadInput."""
    from qunguan.services import surveys

    options = context.options
    purpose = typed_purpose(options.purpose)
    with context.desk() as desk:
        made = context.write(desk, surveys.add, options.name, purpose, context.group_id(desk), options.intro)
    line = _("The survey {name} is there: qunguan survey question {name} TEXT adds a question", name=options.name)
    context.answer({"id": made, "name": options.name}, [line])


def listing(context: Context) -> None:
    """Print the surveys."""
    from qunguan.services import surveys

    with context.desk() as desk:
        found = desk.read(surveys.surveys, context.group_id(desk))
    context.answer({"surveys": list(map(views.survey_document, found))}, views.survey_lines(found))


def show_one(context: Context) -> None:
    """Print the answers. Raises NotFound."""
    from qunguan.services import surveys

    people = context.options.people
    with context.desk() as desk:
        found = _find(context, desk)
        day = context.past(desk, found.group_id)
        told = desk.read(surveys.counted, context.clock, found.id, day, context.options.by)
        voices = desk.read(surveys.voices, context.clock, found.id, day)
    context.answer(views.shown_document(told, voices, people), views.shown_lines(told, voices, people))


def take_in(context: Context) -> None:
    """Import answers. Raises BadInput, NotFound."""
    from qunguan.services import surveys

    options = context.options
    purpose = typed_purpose(options.purpose)
    with context.desk() as desk:
        target = desk.read(surveys.find, options.of) if options.of else None
        group = context.group(desk)
        sheet = _read(context, desk, group.day_rule.zone)
        done = context.write(desk, surveys.take_in, sheet, target.id if target else None, group.id, name=options.name,
                             purpose=purpose)  # fmt: skip
        waits = not context.dry_run or not done.made
        waiting = desk.read(surveys.waiting, context.clock, done.survey_id) if waits else ()
    context.answer(views.taken_document(done, sheet, waiting), views.taken_lines(done, sheet, waiting))


def _read(context: Context, desk: Desk, zone: str) -> SurveySheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.exchange.readers.surveys import read_survey

    def read(sheet: Sheet, mapping: Mapping | None) -> SurveySheet:
        return read_survey(sheet, zone, mapping)

    return read_table(context, desk, read_sheet(context.options.file), Kind("survey", words.SURVEY, ()), read)


def apply(context: Context) -> None:
    """Give the tags. Raises NotFound."""
    from qunguan.services import surveys

    with context.desk() as desk:
        done = context.write(desk, surveys.apply, _find(context, desk).id)
    given = sum(len(each.new) for each in done)
    line = ngettext("{n} tag given", "{n} tags given", given)
    context.answer({"given": given, "tags": list(map(views.tagging_document, done))},
                   [*views.tagging_lines(done), line])  # fmt: skip


def question(context: Context) -> None:
    """List, add, change or take out questions. Raises BadInput, NotFound, Refused."""
    from qunguan.services import surveys

    options = context.options
    kind = typed_kind(options.kind) if options.kind else None
    with context.desk() as desk:
        found = _find(context, desk)
        if options.remove:
            context.write(desk, surveys.remove_question, _asked(desk, found, options.no or 0).id)
        elif options.no is not None:
            asked = _asked(desk, found, options.no)
            context.write(desk, surveys.put_question, found.id, options.text, kind, asked.id)
        elif options.text:
            context.write(desk, surveys.put_question, found.id, options.text, kind)
        asks = desk.read(surveys.questions, found.id)
    context.answer({"survey": found.name, "questions": list(map(views.question_document, asks))},
                   views.questions_lines(asks))  # fmt: skip


def _asked(desk: Desk, found: Survey, number: int) -> Question:
    from qunguan.services import surveys

    for each in desk.read(surveys.questions, found.id):
        if each.position == number:
            return each
    raise NotFound("{name} has no question {no}", hint="see: qunguan survey question NAME", name=show(found.name),
                   no=number)  # fmt: skip


def option(context: Context) -> None:
    """Add, change or take out an option. Raises BadInput, NotFound, Refused."""
    from qunguan.services import surveys

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        asked = _asked(desk, found, options.question)
        if options.remove:
            known = asked.option(options.text)
            if known is None:
                raise NotFound("there is no option {text}", hint="see: qunguan survey question NAME",
                               text=show(options.text[:40]))  # fmt: skip
            context.write(desk, surveys.remove_option, known.id)
        else:
            context.write(desk, surveys.put_option, asked.id, options.text, tag=options.tag, intent=options.intent)
        after = _asked(desk, found, options.question)
    context.answer(views.question_document(after), views.questions_lines([after]))


def text_out(context: Context) -> None:
    """Print the questions, or the result, as text. Raises NotFound."""
    from qunguan.exchange.writers.surveys import form_text, group_text, result_text
    from qunguan.services import surveys

    with context.desk() as desk:
        found = _find(context, desk)
        if context.options.result:
            told = desk.read(surveys.counted, context.clock, found.id)
            text = result_text(found.name, told.people, told.spreads)
        else:
            make = form_text if context.options.form else group_text
            text = make(found.name, found.intro, desk.read(surveys.questions, found.id))
    context.answer({"survey": found.name, "text": text}, text.splitlines())


def match(context: Context) -> None:
    """List whose person is to be told, or tell it. Raises NotFound, Ambiguous."""
    from qunguan.services import members, surveys

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        if options.number is None or options.member is None:
            waits = desk.read(surveys.waiting, context.clock, found.id)
            lines = views.whose_lines(waits) if waits else [_("Nobody is waited for")]
            context.answer({"waiting": list(map(views.whose_document, waits))}, lines)
            return
        reply = _reply(context, desk, found, options.number)
        who: int | Literal["nobody"] = "nobody"
        if match_key(options.member) != "nobody":
            who = desk.read(members.resolve, options.member)
        done = context.write(desk, surveys.match, reply.reply_id, who)
    line = _("{name} is {member}: {n} replies", name=done.name or options.number, member=done.member or _("nobody"),
             n=done.replies)  # fmt: skip
    document = {"name": done.name, "member": done.member_id, "replies": done.replies}
    context.answer(document, [line])


def _reply(context: Context, desk: Desk, found: Survey, number: str) -> Voice:
    from qunguan.services import surveys

    for each in desk.read(surveys.voices, context.clock, found.id):
        if number in (each.number, f"#{each.reply_id}"):
            return each
    raise NotFound("{name} has no reply {no}", hint="see: qunguan survey show NAME --people", name=show(found.name),
                   no=show(number[:40]))  # fmt: skip


def settle(context: Context) -> None:
    """Note that somebody was spoken with. Raises NotFound."""
    from qunguan.services import surveys

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        ids = [_reply(context, desk, found, number).reply_id for number in options.numbers]
        changed = context.write(desk, surveys.settle, ids, done=not options.again)
    context.answer({"changed": changed}, [ngettext("{n} reply noted", "{n} replies noted", changed)])


def remove(context: Context) -> None:
    """Take a survey away. Raises NotFound."""
    from qunguan.services import surveys

    with context.desk() as desk:
        found = _find(context, desk)
        gone = context.write(desk, surveys.remove, found.id)
    line = _("The survey {name} is gone with {n} replies", name=found.name, n=gone)
    context.answer({"id": found.id, "replies": gone}, [line])
