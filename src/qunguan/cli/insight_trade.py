"""`qunguan insight rfm | funnel | trade | channels | channel | articles | article`: who buys, and what it costs."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from qunguan.cli import trade_views as views
from qunguan.cli.command import Context, group_argument, rehearsable, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.i18n import _

_PAGE = 200
_MOST_DAYS = 36_600


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of trade."""
    scores = verb("rfm", rfm, _("every buyer scored: how long ago, how often, how much"), as_of=True)
    scores.add_argument("--method", choices=("fixed", "quintile"), help=_("without it what the rule says"))
    scores.add_argument(
        "--window", type=_days, metavar="DAYS", help=_("so many days of purchases and money; 0 is ever")
    )
    scores.add_argument("--limit", type=_days, default=_PAGE, metavar="N", help=_("at most so many lines; 0 is all"))
    _group(scores)
    steps = verb("funnel", funnel, _("how far members get, step by step"), as_of=True)
    steps.add_argument("name", nargs="?", metavar="NAME", help=_("a shipped funnel; without one they are listed"))
    steps.add_argument("--steps", metavar="A,B,…", help=_("steps of your own, like joined,checkin,order:TEXT"))
    steps.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("the first day of the first step"))
    steps.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("its last day"))
    steps.add_argument("--window", type=_days, metavar="DAYS", help=_("days from the first step for all the others"))
    _group(steps)
    sums = verb("trade", trade, _("conversion, average order, attach rate, LTV, channels"), as_of=True)
    sums.add_argument("--days", type=_days, metavar="N", help=_("so many days back; without it what the rule says"))
    _group(sums)
    _group(verb("channels", channels, _("what the members of each channel cost and leave"), as_of=True))
    child = verbs(verb("channel", channels, _("note what a channel cost, or take it away")))
    cost = child("add", add_cost, _("note what a channel cost"), writes=True)
    cost.add_argument("channel", metavar="CHANNEL")
    cost.add_argument("cost", type=_money, metavar="YUAN")
    cost.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it today"))
    cost.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("without it the same day"))
    cost.add_argument("--note", default="", metavar="TEXT")
    _group(cost)
    gone = child("remove", remove_cost, _("take a cost away"), writes=True)
    gone.add_argument("cost", type=whole, metavar="ID", help=_("its id in the list"))
    kinds = verb("articles", articles, _("what kind of thing an article is, for the attach rate"))
    rehearsable(kinds)
    kinds.add_argument("items", nargs="*", metavar="ITEM", help=_("articles; without any they are listed"))
    kinds.add_argument("--category", metavar="NAME", help=_("what kind they are; without it that is forgotten"))


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it everybody"))


def _days(text: str) -> int:
    number = whole(text)
    if not 0 <= number <= _MOST_DAYS:
        raise BadInput("{value} is out of range", hint="use 0 to {most}", value=number, most=_MOST_DAYS)
    return number


def _money(text: str) -> int:
    from qunguan.exchange.readers.cells import money_cell

    return money_cell(text)


def rfm(context: Context) -> None:
    """Print every buyer's scores: all of them in JSON, at most --limit for people."""
    from qunguan.services import rfm as service
    from qunguan.services.rfm_why import how

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        book = desk.read(service.rfm, context.clock, context.past(desk, group_id), options.method, group_id=group_id,
                         window=options.window)  # fmt: skip
        lines = desk.read(service.lines, book, 0, None if context.json else options.limit or None)
    context.answer(views.rfm(book, lines, how(book)), views.rfm_lines(book, lines, how(book)))


def funnel(context: Context) -> None:
    """Print a funnel, or which there are. Raises BadInput, NotFound."""
    from qunguan.domain import funnels
    from qunguan.services import funnels as service

    options = context.options
    if options.name and options.steps:
        raise BadInput("a shipped funnel has its own steps", hint="give its name or --steps")
    if not options.name and not options.steps:
        shipped = tuple(funnels.presets().values())
        context.answer(views.shipped(shipped), views.shipped_lines(shipped))
        return
    wanted = funnels.parse_steps(options.steps) if options.steps else funnels.preset(options.name)
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(
            service.funnel, context.clock, wanted, context.past(desk, group_id), first=options.first,
            last=options.last, window_days=options.window, group_id=group_id,
        )  # fmt: skip
    context.answer(views.funnel(found), views.funnel_lines(found))


def trade(context: Context) -> None:
    """Print the figures of trade."""
    from qunguan.services import trade as service

    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(service.trade, context.clock, context.past(desk, group_id), group_id=group_id,
                          days=context.options.days)  # fmt: skip
        whose = context.whose(desk)
    context.answer(views.trade(found), [whose, *views.trade_lines(found)])


def channels(context: Context) -> None:
    """Print channels with their costs."""
    from qunguan.services import groups, trade_told
    from qunguan.services import trade as service

    with context.desk() as desk:
        group_id = context.group_id(desk)
        when = context.past(desk, group_id) or context.clock.today(desk.read(groups.day_rule, group_id))
        found = desk.read(service.channels, when, group_id)
        costs = desk.read(trade_told.costs, when, group_id)
        whose = context.whose(desk)
    context.answer(views.channels(found, costs), [whose, *views.channel_lines(found, costs)])


def add_cost(context: Context) -> None:
    """Note a cost."""
    from qunguan.services import trade_told

    options = context.options
    with context.desk() as desk:
        done = context.write(
            desk, trade_told.add_cost, options.channel, options.cost, from_day=options.first, to_day=options.last,
            group_id=context.group_id(desk), note=options.note,
        )  # fmt: skip
    next_step = _("Next: qunguan insight channels tells what each new member cost")
    context.answer(views.cost(done), [views.cost_line(done), next_step])


def remove_cost(context: Context) -> None:
    """Take a cost away."""
    from qunguan.services import trade_told

    with context.desk() as desk:
        done = context.write(desk, trade_told.remove_cost, context.options.cost)
    line = _("Taken away: {cost}. qunguan undo brings it back", cost=views.cost_line(done))
    context.answer(views.cost(done), [line])


def articles(context: Context) -> None:
    """Say what kind articles are, or list what was said."""
    from qunguan.services import trade_told

    options = context.options
    with context.desk() as desk:
        if not options.items:
            told = desk.read(trade_told.articles)
            context.answer({"articles": told}, views.article_lines(told))
            return
        changed = context.write(desk, trade_told.set_category, options.items, options.category or "")
    next_step = _("Next: qunguan insight trade counts kinds, not articles, for the attach rate")
    context.answer({"changed": changed}, [_("{n} articles changed", n=changed), next_step])
