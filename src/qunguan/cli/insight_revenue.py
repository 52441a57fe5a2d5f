"""`qunguan insight revenue | ltv | cac`: what the community earns, what a buyer leaves, what a member costs."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from qunguan.cli.command import Context, group_argument
from qunguan.cli.insight_trade import channels
from qunguan.cli.parser import day
from qunguan.domain.revenue import BYS
from qunguan.i18n import _


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of money."""
    money = verb("revenue", revenue, _("what came in and went back: orders, memberships, ads, brokering"), as_of=True)
    money.add_argument("--by", choices=tuple(BYS), default="stream", help=_("what the rows are; without it stream"))
    money.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it the first of the month"))
    money.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("without it today, or the day of --as-of"))
    _group(money)
    worth = verb("ltv", ltv, _("what a buyer leaves: by cohort at equal age, ÷ average purchase, ÷ CAC"), as_of=True)
    worth.add_argument("--cohort", choices=("month",), default="month", help=_("by the month of the first purchase"))
    _group(worth)
    _group(verb("cac", channels, _("what the members of each channel cost and leave"), as_of=True))


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it everybody"))


def revenue(context: Context) -> None:
    """Print the takings of some days. Raises BadInput, NotFound."""
    from qunguan.cli import revenue_views as views
    from qunguan.services import revenue as service

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(
            service.revenue, context.clock, context.past(desk, group_id), by=options.by, first=options.first,
            last=options.last, group_id=group_id,
        )  # fmt: skip
    context.answer(views.revenue(found), views.revenue_lines(found))


def ltv(context: Context) -> None:
    """Print what a buyer leaves. Raises NotFound."""
    from qunguan.cli import revenue_views as views
    from qunguan.services import lifetime as service

    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(service.lifetime, context.clock, context.past(desk, group_id), group_id=group_id)
        whose = context.whose(desk)
    context.answer(views.ltv(found), [whose, *views.ltv_lines(found)])
