"""`qunguan plan`: what is sold as a membership — its length, prices, early places and benefits."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.cli import plan_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.domain.money import short_yuan
from qunguan.domain.plans import Benefit, Plan, PriceStep
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `plan`."""
    verb = verbs(parser)
    new = verb("add", add, _("make a plan; without --days and --until a year from the day somebody joins"), writes=True)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--price", type=money, metavar="YUAN", help=_("what joining costs from today on"))
    new.add_argument("--benefit", action="append", default=[], metavar="NAME=N",
                     help=_("a benefit and how often in one term; may be repeated"))  # fmt: skip
    new.add_argument("--scarce", action="append", default=[], metavar="NAME=N", help=_("the same, a scarce one"))
    _settings(new)
    change = verb("edit", edit, _("change a plan; terms that were sold keep their days"), writes=True)
    _plan(change)
    change.add_argument("--name", metavar="NAME")
    _settings(change)
    lists = verb("list", listing, _("the plans with price, places left and members"), as_of=True)
    lists.add_argument("--all", action="store_true", help=_("those off sale too"))
    _plan(verb("show", show, _("one plan with its prices, benefits, gifts owed and renewal rate"), as_of=True))
    step = verb("price", price, _("what a plan costs from a day on, or for the first so many"), writes=True)
    _plan(step)
    step.add_argument("price", type=money, nargs="?", metavar="YUAN")
    step.add_argument("--from", type=day, dest="from_day", metavar="DATE", help=_("without it today"))
    step.add_argument("--places", type=whole, metavar="N", help=_("only for so many who join; then the next price"))
    step.add_argument("--remove", type=whole, metavar="NO", help=_("take out the step with this number"))
    brings = verb("benefit", benefit, _("give a plan a benefit, change it or take it out"), writes=True)
    _plan(brings)
    brings.add_argument("benefit", metavar="BENEFIT")
    brings.add_argument("--quota", type=whole, metavar="N", help=_("how often in one term; without it uncounted"))
    brings.add_argument("--scarce", action="store_true", help=_("scarce, not basic"))
    brings.add_argument("--remove", action="store_true", help=_("take it out; what was used stays"))
    stop = verb("retire", retire, _("take a plan off sale; what was sold runs on"), writes=True)
    _plan(stop)
    stop.add_argument("--back", action="store_true", help=_("put it back on sale"))


def _plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", help=_("name or number of a plan"))


def _settings(parser: argparse.ArgumentParser) -> None:
    term = parser.add_mutually_exclusive_group()
    term.add_argument("--days", type=whole, metavar="N", dest="term_days", help=_("so many days from joining"))
    term.add_argument("--until", type=day, metavar="DATE", dest="ends_on", help=_("the same last day for everybody"))
    parser.add_argument("--early", type=whole, metavar="N", dest="early_places", help=_("early places"))
    parser.add_argument("--gift", metavar="TEXT", dest="early_gift", help=_("what the early ones get"))
    parser.add_argument("--refund-days", type=whole, metavar="N", help=_("days it is paid back without asking why"))
    parser.add_argument("--grace-days", type=whole, metavar="N", help=_("days of grace after the end"))
    parser.add_argument("--group", metavar="GROUP", help=_("of one group only; - makes it of all"))
    parser.add_argument("--note", metavar="TEXT")


def money(text: str) -> int:
    """A sum in yuan as an argument, in fen. Raises BadInput."""
    from qunguan.exchange.readers.cells import money_cell

    return money_cell(text)


def add(context: Context) -> None:
    """Make a plan. Raises BadInput, Refused."""
    from qunguan.services import groups, plans

    options = context.options
    with context.desk() as desk:
        today = context.clock.today(desk.read(groups.day_rule))
        steps = () if options.price is None else (PriceStep(0, today, None, options.price),)
        brought = (
            *(_counted(each, False) for each in options.benefit),
            *(_counted(each, True) for each in options.scarce),
        )
        draft = _changed(context, desk, desk.read(plans.draft, options.name))
        made = context.write(desk, plans.add, replace(draft, prices=steps, benefits=brought))
    lines = [_("Made {name} (#{id})", name=made.name, id=made.id)]
    if not steps:
        lines.append(_("Next: qunguan plan price {id} YUAN", id=made.id))
    if made.ends_on is not None and made.ends_on < today:
        lines.append(_("Mind: {why}", why=_("{day} is past: nobody can join {name} any more", day=made.ends_on,
                                            name=made.name)))  # fmt: skip
    context.answer({"plan": views.plan(made)}, [*lines, _("Next: qunguan membership sell MEMBER {id}", id=made.id)])


def _counted(text: str, scarce: bool) -> Benefit:
    name, mark, number = text.replace("＝", "=").partition("=")
    return Benefit(0, name, scarce, whole(number) if mark else None)


def edit(context: Context) -> None:
    """Change a plan. Raises NotFound, BadInput, Refused."""
    from qunguan.services import plans

    with context.desk() as desk:
        found = desk.read(plans.find, context.options.plan)
        made = context.write(desk, plans.edit, _changed(context, desk, found))
    context.answer({"plan": views.plan(made)}, [_("{name} is changed", name=made.name)])


def _changed(context: Context, desk: Desk, before: Plan) -> Plan:
    """The plan with what the options say put over it."""
    from qunguan.services import groups

    told = vars(context.options)
    fields = ("name", "term_days", "ends_on", "early_places", "early_gift", "refund_days", "grace_days", "note")
    values = {name: told[name] for name in fields if told.get(name) is not None}
    if "ends_on" in values:
        values["term_days"] = None
    elif "term_days" in values:
        values["ends_on"] = None
    if told["group"] is not None:
        values["group_id"] = None if told["group"] == "-" else desk.read(groups.find, told["group"]).id
    return replace(before, **values)


def listing(context: Context) -> None:
    """Print the plans."""
    from qunguan.services import plans

    with context.desk() as desk:
        found = desk.read(plans.rows, context.clock, context.past(desk), retired=context.options.all)
    context.answer({"plans": [views.plan_row(each) for each in found]}, views.plan_lines(found))


def show(context: Context) -> None:
    """Print one plan. Raises NotFound."""
    from qunguan.services import groups, plans

    with context.desk() as desk:
        past = context.past(desk)
        one = desk.read(plans.find, context.options.plan)
        row = desk.read(plans.plan_row, context.clock, one, past)
        day_on = past or context.clock.today(desk.read(groups.day_rule))
        rate = desk.read(plans.rate, context.clock, views.BEGINNING, day_on, past, plan_id=one.id)
    context.answer({"plan": views.plan_row(row), "renewal_rate": views.rate(rate)}, views.plan_page(row, rate))


def price(context: Context) -> None:
    """Set or take out a price step. Raises NotFound, BadInput."""
    from qunguan.services import plans

    options = context.options
    if (options.price is None) == (options.remove is None):
        raise BadInput("say a price, or which one goes", hint="qunguan plan price PLAN 299, or --remove NO")
    with context.desk() as desk:
        one = desk.read(plans.find, options.plan)
        if options.remove is not None:
            made = context.write(desk, plans.drop_price, one.id, options.remove)
        else:
            made = context.write(desk, plans.set_price, one.id, options.price, from_day=options.from_day,
                                 places=options.places)  # fmt: skip
    context.answer({"plan": views.plan(made)}, [_("The prices of {name}:", name=made.name), *views.price_lines(made)])


def benefit(context: Context) -> None:
    """Give a benefit, change it, take it out. Raises NotFound, BadInput."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        one = desk.read(plans.find, options.plan)
        if options.remove:
            made = context.write(desk, plans.retire_benefit, one.id, options.benefit)
        else:
            made = context.write(desk, plans.set_benefit, one.id, options.benefit, scarce=options.scarce,
                                 quota=options.quota)  # fmt: skip
    lines = [_("What {name} brings:", name=made.name), *views.benefit_lines(made)]
    context.answer({"plan": views.plan(made)}, lines)


def retire(context: Context) -> None:
    """Take a plan off sale, or put it back. Raises NotFound."""
    from qunguan.services import plans

    with context.desk() as desk:
        one = desk.read(plans.find, context.options.plan)
        made = context.write(desk, plans.retire, one.id, back=context.options.back)
    told = _("{name} is off sale", name=made.name) if made.retired_on else _("{name} is on sale", name=made.name)
    context.answer({"plan": views.plan(made)}, [told])


def paid_text(fen: int) -> str:
    """A sum as the answers say it: ¥299."""
    return f"¥{short_yuan(fen)}"
