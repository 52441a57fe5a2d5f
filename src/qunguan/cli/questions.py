"""`qunguan question list|add|paste|pick|answer|drop|reopen|post`: what members asked, and what became of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from qunguan.cli.command import Context, columns, group_argument, jsonable, known, verbs
from qunguan.cli.parser import day, row_limit, whole
from qunguan.domain.activity_outcomes import QuestionRow, QuestionSettled, QuestionState, Share
from qunguan.domain.content import clock_said, minute_typed
from qunguan.domain.questions import STATES
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.services.desk import Desk

_PAGE = 50
_WORDS = 40  # characters of a question in the list


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of questions."""
    verb = verbs(parser)
    lists = verb("list", listing, _("the questions, newest first, and today's share of them"))
    lists.add_argument("--state", choices=get_args(QuestionState), help=_("only those in this state"))
    lists.add_argument("--limit", type=row_limit, default=_PAGE, metavar="N", help=_("at most so many; 0 is all"))
    group_argument(lists, _("a group by id or name; without it all of them"))
    make = verb("add", add, _("write a question down"), writes=True)
    make.add_argument("text", metavar="TEXT", help=_("the text; - reads it from standard input"))
    make.add_argument("--member", metavar="MEMBER", help=_("who asked"))
    make.add_argument("--day", type=day, metavar="DATE", help=_("the day it was asked; without it today"))
    group_argument(make, _("a group by id or name; without it the one in hand"))
    take = verb("paste", paste, _("take in the questions of a 接龙"), writes=True)
    take.add_argument("file", metavar="FILE", help=_("a text file; - reads standard input"))
    group_argument(take, _("a group by id or name; without it the one in hand"))
    _one(verb("pick", pick, _("pick a question to answer today"), writes=True))
    reply = _one(verb("answer", answer, _("answer a question, with the words or without"), writes=True))
    reply.add_argument("--text", metavar="TEXT", help=_("the answer; - reads it from standard input"))
    _one(verb("drop", drop, _("this one needs no answer"), writes=True))
    _one(verb("reopen", reopen, _("put a question back to those that wait"), writes=True))
    post = _one(verb("post", make_post, _("plan question and answer as a post"), writes=True))
    post.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    post.add_argument("--at", metavar="TIME", help=_("such as 19:30; without it some time that day"))


def _one(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("question", type=whole, metavar="ID", help=_("its id in the list"))
    return parser


def listing(context: Context) -> None:
    """Print the questions, with today's share of each group asked about."""
    from qunguan.services import groups, questions

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        most = options.limit or None
        found = desk.read(questions.questions, group_id, state=options.state, most=most)
        about = [group for group in desk.read(groups.all_groups) if group_id in (None, group.id)]
        shares = {group: desk.read(questions.share, context.clock, group.id) for group in about}
    document = {
        "questions": [jsonable(one) for one in found],
        "shares": [{"group_id": group.id, "group": group.name, **_share(one)} for group, one in shares.items()],
    }
    told = [line for group, one in shares.items() if one.waiting or one.used for line in [_told(group.name, one)]]
    context.answer(document, [*_lines(found), *told])


def add(context: Context) -> None:
    """Write a question down. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import groups, members, questions

    options = context.options
    text = sys.stdin.read() if options.text == "-" else options.text
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        member_id = desk.read(members.resolve, options.member) if options.member else None
        made = context.write(desk, questions.add, group.id, text, member_id, options.day)
    context.answer({"question": jsonable(made)}, [_("Question #{id} waits: {text}", id=made.id, text=_line(made.text)),
                                                  _("Next: qunguan question pick {id}", id=made.id)])  # fmt: skip


def paste(context: Context) -> None:
    """Take in a 接龙. Raises BadInput, NotFound."""
    from qunguan.exchange.readers.decode import decode, read_bytes
    from qunguan.services import groups, questions

    name = context.options.file
    text = decode(read_bytes(name), where=name).text
    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        done = context.write(desk, questions.paste, group.id, text)
    lines = [ngettext("{n} question is new", "{n} questions are new", done.added)]
    if done.again:
        lines.append(ngettext("{n} was in the queue already", "{n} were in the queue already", done.again))
    if done.bare:
        lines.append(ngettext("{n} line says nothing but a name", "{n} lines say nothing but a name", done.bare))
    context.answer(jsonable(done), [*lines, _("Next: qunguan question list")])


def pick(context: Context) -> None:
    """Pick one for today. Raises NotFound."""
    _settle(context, "picked")


def drop(context: Context) -> None:
    """No answer needed. Raises NotFound."""
    _settle(context, "dropped")


def reopen(context: Context) -> None:
    """Back to those that wait. Raises NotFound."""
    _settle(context, "open")


def answer(context: Context) -> None:
    """Answer one. Raises NotFound, BadInput."""
    from qunguan.services import questions

    given = context.options.text
    if given is None:
        _settle(context, "answered")
        return
    text = sys.stdin.read() if given == "-" else given
    with context.desk() as desk:
        done = context.write(desk, questions.answer, context.options.question, text)
        _tell(context, desk, done)


def make_post(context: Context) -> None:
    """Plan it as a post. Raises NotFound, Refused, BadInput."""
    from qunguan.services import groups, questions

    options = context.options
    with context.desk() as desk:
        group_id = desk.read(questions.get, options.question).group_id
        today = context.clock.today(desk.read(groups.day_rule, group_id))
        made = context.write(desk, questions.make_post, options.question, options.day or today,
                             minute_typed(options.at or ""))  # fmt: skip
    post = made.post
    when = " ".join(filter(None, (post.day.isoformat(), clock_said(post.at_minute))))
    lines = [_("Post #{id} is planned for {when}: {title}", id=post.id, when=when, title=post.title)]
    context.answer(
        {"question_id": options.question, "post_id": post.id, "day": post.day, "title": post.title,
         "text": post.draft.text, "warnings": [str(each) for each in made.warnings]},
        [*lines, *map(str, made.warnings), _("Next: qunguan content list")],
    )  # fmt: skip


def _settle(context: Context, state: QuestionState) -> None:
    from qunguan.services import questions

    with context.desk() as desk:
        done = context.write(desk, questions.settle_question, context.options.question, state)
        _tell(context, desk, done)


def _tell(context: Context, desk: Desk, done: QuestionSettled) -> None:
    from qunguan.services import questions

    one = desk.read(questions.get, done.id)
    share = desk.read(questions.share, context.clock, one.group_id)
    lines = [_("Question #{id}: {state}", id=done.id, state=_(STATES[done.state]))]
    if done.over:
        lines.append(
            _("{n} were taken up today: more than the rule activity.questions_a_day says (S3-38)", n=done.over)
        )
    if done.state == "picked":
        lines.append(_("Next: qunguan question answer {id} --text TEXT", id=done.id))
    if done.state == "answered":
        lines.append(_("Next: qunguan question post {id} makes a post of it", id=done.id))
    context.answer(jsonable(done) | {"question": jsonable(one), "share": _share(share)}, lines)


def _share(share: Share) -> dict[str, Any]:
    return {
        "open": share.open,
        "picked": share.picked,
        "waiting": share.waiting,
        "used": share.used,
        "quota": share.quota,
    }


def _told(group: str, share: Share) -> str:
    if share.quota is None:
        return _("{group}: {n} wait, {used} taken up today", group=group, n=share.waiting, used=share.used)
    return _("{group}: {n} wait, {used} of {quota} taken up today", group=group, n=share.waiting, used=share.used,
             quota=share.quota)  # fmt: skip


def _lines(found: Sequence[QuestionRow]) -> list[str]:
    if not found:
        return [_("No question waits. Next: qunguan question add TEXT, or paste a 接龙; rule activity.keep_questions "
                  "keeps those of chats")]  # fmt: skip
    rows = [(one.id, known(one.day), known(one.name), _(STATES[one.state]), _line(one.text)) for one in found]
    return columns((_("id"), _("day"), _("name"), _("state"), _("question")), rows, right=(0,))


def _line(text: str) -> str:
    return " ".join(text.split())[:_WORDS]
