"""`qunguan insight ladder`: how far members climb from the free hour to one-to-one."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from qunguan.cli.command import Context, group_argument
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.i18n import _

_MOST_DAYS = 36_600


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verb of the ladder."""
    steps = verb("ladder", ladder, _("how far members climb: free, low-price trial, course, one-to-one"), as_of=True)
    steps.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("the first day of the first rung"))
    steps.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("its last day"))
    steps.add_argument("--window", type=_days, metavar="DAYS", help=_("days from the first rung for all the others"))
    group_argument(steps, _("a group by id or name; without it everybody"))


def _days(text: str) -> int:
    number = whole(text)
    if not 1 <= number <= _MOST_DAYS:
        raise BadInput("{value} is out of range", hint="use {least} to {most}", value=number, least=1, most=_MOST_DAYS)
    return number


def ladder(context: Context) -> None:
    """Print the ladder. Raises BadInput, NotFound."""
    from qunguan.cli import product_views as views
    from qunguan.services import products

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(
            products.ladder, context.clock, context.past(desk, group_id), first=options.first, last=options.last,
            window_days=options.window, group_id=group_id,
        )  # fmt: skip
        whose = context.whose(desk)
    context.answer(views.ladder(found), [whose, *views.ladder_lines(found)])
