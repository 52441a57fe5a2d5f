"""`qunguan undo`, `redo` and `history`: steps taken back, done again, and listed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, rehearsable
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.history import Step
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk

MOST = 1000


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """How many steps."""
    default = 20 if noun == "history" else 1
    parser.add_argument("count", nargs="?", type=_count, default=default, metavar="N", help=_("how many steps"))
    if noun != "history":
        rehearsable(parser)
    parser.set_defaults(command={"undo": undo, "redo": redo, "history": listing}[noun])


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST:
        raise argparse.ArgumentTypeError(
            _("{value} is not a number of steps from 1 to {most}", value=text[:40], most=MOST)
        )
    return int(text)


def undo(context: Context) -> None:
    """Take back the newest N steps, newest first; stops where there is nothing left."""
    from qunguan.services import history

    with context.desk() as desk:
        if context.dry_run:
            done = list(desk.read(history.recent, context.options.count))
        else:
            done = _repeat(context, desk, history.undo)
    if not done:
        raise Refused("there is nothing to undo")
    _tell(context, done, _("Undid: {step}"))


def redo(context: Context) -> None:
    """Do the last N undone steps again."""
    from qunguan.services import history

    if context.dry_run and context.options.count > 1:
        raise Refused("only the first redo can be rehearsed", hint="leave the number away")
    with context.desk() as desk:
        done = _repeat(context, desk, history.redo)
    _tell(context, done, _("Redid: {step}"))


def _repeat(context: Context, desk: Desk, service: Callable[[Any, Clock], Step]) -> list[Step]:
    """As many steps as asked for, or as there are; Refused only when there is not even one."""
    done: list[Step] = []
    for _number in range(context.options.count):
        try:
            done.append(context.write(desk, service))
        except Refused:
            if not done:
                raise
            break
    return done


def _tell(context: Context, done: list[Step], line: str) -> None:
    context.answer({"steps": [_document(step) for step in done]}, [line.format(step=step) for step in done])


def listing(context: Context) -> None:
    """Print what undo would take back, newest first."""
    from qunguan.services import groups, history

    with context.desk() as desk:
        steps = desk.read(history.recent, context.options.count)
        rule = desk.read(groups.day_rule)
    rows = [(f"{rule.local(step.at):%Y-%m-%d %H:%M}", str(step)) for step in steps]
    context.answer({"steps": [_document(step) for step in steps]}, columns((_("when"), _("what")), rows))


def _document(step: Step) -> dict[str, object]:
    return {"id": step.id, "at": step.at, "what": str(step)}
