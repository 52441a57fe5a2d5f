"""`qunguan level benefit`: what the levels give, and what was used of it."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from qunguan.cli import level_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, whole
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser) -> None:
    """The verbs of `level benefit`."""
    gives = verbs(parser)
    ladder_argument(gives("list", benefits, _("what each level gives")))
    more = gives("add", add_benefit, _("give a level a benefit"), writes=True)
    more.add_argument("level", metavar="LEVEL", help=_("a level by name or number"))
    more.add_argument("name", metavar="NAME")
    more.add_argument("--quota", type=whole, metavar="N", help=_("how often; without it without limit"))
    more.add_argument("--period", choices=("once", "month", "year"), default="once", help=_("when it begins anew"))
    more.add_argument("--note", default="", metavar="TEXT")
    ladder_argument(more)
    spend = gives("use", use_benefit, _("note that a member used a benefit"), writes=True)
    member_argument(spend)
    spend.add_argument("benefit", metavar="BENEFIT", help=_("id or name"))
    spend.add_argument("--quantity", type=whole, default=1, metavar="N")
    spend.add_argument("--note", default="", metavar="TEXT")
    spend.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    ladder_argument(spend)
    stop = gives("close", close_benefit, _("no longer give a benefit"), writes=True)
    stop.add_argument("benefit", type=whole, metavar="BENEFIT_ID")
    stop.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))


def ladder_argument(parser: argparse.ArgumentParser, *, needed: bool = False) -> None:
    """LADDER where it is needed, else --ladder."""
    if needed:
        parser.add_argument("ladder", metavar="LADDER", help=_("id or name"))
    else:
        parser.add_argument("--ladder", metavar="NAME", help=_("a ladder by id or name; without it the one shown"))


def member_argument(parser: argparse.ArgumentParser) -> None:
    """MEMBER."""
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))


def today(context: Context, desk: Desk) -> date:
    """The business day levels are judged by."""
    from qunguan.services import groups

    return context.clock.today(desk.read(groups.day_rule))


def benefits(context: Context) -> None:
    """Print what each level gives."""
    from qunguan.services import levels

    with context.desk() as desk:
        ladder = desk.read(levels.find, context.options.ladder)
        found = desk.read(levels.all_benefits, ladder.id)
        terms = ladder.terms(today(context, desk))
    document = {"ladder": ladder.name, "benefits": [views.benefit(each, terms) for each in found]}
    context.answer(document, views.benefit_lines(found, terms))


def add_benefit(context: Context) -> None:
    """Give a level a benefit."""
    from qunguan.domain.level_files import rank_named
    from qunguan.services import levels

    options = context.options
    with context.desk() as desk:
        ladder = desk.read(levels.find, options.ladder)
        terms = ladder.terms(today(context, desk))
        rank = rank_named(terms, options.level)
        made = context.write(
            desk, levels.add_benefit, ladder.id, rank, options.name, quota=options.quota, period=options.period,
            note=options.note,
        )  # fmt: skip
    context.answer({"benefit": views.benefit(made, terms)}, views.benefit_lines([made], terms))


def use_benefit(context: Context) -> None:
    """Note a use."""
    from qunguan.services import levels, members

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        ladder = desk.read(levels.find, options.ladder)
        benefit_id = desk.read(levels.benefit_named, context.clock, ladder.id, member_id, options.benefit, options.day)
        done = context.write(
            desk, levels.use_benefit, member_id, benefit_id, quantity=options.quantity, note=options.note,
            day=options.day,
        )  # fmt: skip
    left = _("without limit") if done.left is None else str(done.left)
    line = _("{name} used {benefit} on {day}, left: {left}", name=done.name, benefit=done.benefit.name, day=done.day,
             left=left)  # fmt: skip
    context.answer(views.used(done), [line])


def close_benefit(context: Context) -> None:
    """No longer give a benefit."""
    from qunguan.services import levels

    options = context.options
    with context.desk() as desk:
        closed = context.write(desk, levels.close_benefit, options.benefit, options.day)
    line = _("{benefit} is no longer given from {day}", benefit=closed.name, day=closed.closed_on)
    context.answer({"benefit_id": closed.id, "name": closed.name, "closed_on": closed.closed_on}, [line])
