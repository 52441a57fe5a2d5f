"""`qunguan growth [start|tick|untick|case …]`: the owner's ninety days, and the notebook of cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qunguan.cli.command import Context, columns, jsonable, known, verbs
from qunguan.cli.growth_cases import register as register_cases
from qunguan.cli.parser import day
from qunguan.domain.growth import BY, MARKS, STAGES, BoxState, Plan, boxes, headline
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The plan itself, and the verbs that change it."""
    parser.set_defaults(command=show, honours_as_of=True)
    verb = verbs(parser, required=False)
    begin = verb("start", start, _("say on which day the ninety days begin"), writes=True)
    begin.add_argument("day", type=day, metavar="DATE", nargs="?", help=_("without it today"))
    codes = ", ".join(each.code for each in boxes())
    done = verb("tick", tick, _("tick a box by hand, with a word on what you did"), writes=True)
    done.add_argument("box", metavar="BOX", help=codes)
    done.add_argument("--note", metavar="TEXT", required=True, help=_("what you did"))
    done.add_argument("--day", type=day, metavar="DATE", help=_("the day it was; without it today"))
    off = verb("untick", untick, _("take a tick made by hand off"), writes=True)
    off.add_argument("box", metavar="BOX", help=codes)
    out = verb("export", export, _("write the plan to a file"), as_of=True)
    out.add_argument("--to", type=Path, metavar="FILE", required=True, help=_("a file that ends in .md, .html or .txt"))
    register_cases(verb)


def show(context: Context) -> None:
    """Print the plan, today or as of a past day."""
    from qunguan.services import growth

    with context.desk() as desk:
        as_of = context.past(desk)
        found = desk.read(growth.plan, context.clock, as_of)
    context.answer(document(found), lines(found))


def start(context: Context) -> None:
    """Choose the first day. Raises BadInput."""
    from qunguan.services import growth

    with context.desk() as desk:
        found = context.write(desk, growth.start, context.options.day)
    context.answer(document(found), [headline(found), _("Next: qunguan growth shows what is due when")])


def tick(context: Context) -> None:
    """Tick a box by hand. Raises NotFound, BadInput, Refused."""
    from qunguan.services import growth

    options = context.options
    with context.desk() as desk:
        found = context.write(desk, growth.tick, options.box, options.note, options.day)
    told = _("Ticked: {title}", title=_(found.box.title))
    context.answer({"box": _document(found)}, [told])


def untick(context: Context) -> None:
    """Take a tick off. Raises NotFound, Refused."""
    from qunguan.services import growth

    with context.desk() as desk:
        found = context.write(desk, growth.untick, context.options.box)
    context.answer({"box": _document(found)}, [_("Open again: {title}", title=_(found.box.title))])


def export(context: Context) -> None:
    """Write the plan to a file. Raises BadInput for another kind of file, and what writing raises."""
    from qunguan.exchange.writers.documents import suffix_of, write_document
    from qunguan.services import growth_paper

    path: Path = context.options.to
    suffix_of(path)
    with context.desk() as desk:
        made = desk.read(growth_paper.plan_document, context.clock, context.past(desk))
    write_document(path, made)
    context.answer({"path": str(path)}, [_("The plan is in {path}", path=path)])


def document(found: Plan) -> dict[str, Any]:
    """The plan as JSON."""
    return {
        "begins_on": found.begins_on, "chosen": found.chosen, "today": found.today, "day": found.day,
        "stage": found.stage, "left": found.left, "done": len(found.done), "of": len(found.boxes),
        "late": [each.box.code for each in found.late], "boxes": [_document(each) for each in found.boxes],
    }  # fmt: skip


def _document(each: BoxState) -> dict[str, Any]:
    box, told = each.box, each.evidence
    return {
        "code": box.code, "stage": box.stage, "day": each.due, "text": _(box.title), "done_on": each.done_on,
        "evidence": None if told is None else {**jsonable(told), "said": str(told)}, "by": each.by or None,
        "note": each.note, "late": each.late, "what": _(box.note), "why": _(box.why), "source": box.source,
        "stars": box.stars, "months": box.months, "room": box.room,
    }  # fmt: skip


def lines(found: Plan) -> Iterator[str]:
    """The plan for people: its stages, a box a line."""
    yield headline(found)
    for stage, about in STAGES.items():
        yield ""
        yield _(about)
        inside = [each for each in found.boxes if each.box.stage == stage]
        rows = [(MARKS[each.mark], each.box.code, each.due, _(each.box.title), _by(each)) for each in inside]
        yield from columns(("", _("box"), _("due on"), _("to have done"), _("done by")), rows)
    yield ""
    yield _("Next: qunguan growth tick BOX --note TEXT, for what no data can show")


def _by(each: BoxState) -> str:
    if each.done_on is None:
        return _("past its day") if each.late else _(BY[""])
    return f"{each.done_on} {known(str(each.evidence) if each.evidence else each.note)}"
