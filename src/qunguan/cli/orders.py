"""`qunguan order`: exports of the shops in, orders by hand, who bought, and what the book adds up to."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from qunguan.cli import order_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, row_limit
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table
from qunguan.domain.errors import BadInput, NotFound
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.orders import OrderSheet
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet

_FORMATS = ("ktt", "youzan", "qunjielong", "generic")
_ID_DIGITS = 18
_PAGE = 200


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `order`."""
    verb = verbs(parser)
    take = verb("import", take_in, _("a shop's export into the book; what is known changes nothing"), writes=True)
    file_argument(take)
    take.add_argument("--format", choices=_FORMATS, help=_("whose export it is; without it its columns tell"))
    map_argument(take)
    take.add_argument("--series", metavar="S", help=_("the name of the list whose numbers start again at 1"))
    take.add_argument("--day", type=day, metavar="DATE", help=_("the day of the orders of a sheet that has none"))
    take.add_argument("--new", choices=("create", "skip"), default="skip",
                      help=_("what becomes of unknown buyers; those like a known one wait: order settle"))  # fmt: skip
    take.add_argument("--points", action=argparse.BooleanOptionalAction, default=True,
                      help=_("whether what is new in it earns points"))  # fmt: skip
    verb("summary", summary, _("orders, buyers, net, repeat purchases and LTV"), as_of=True)
    lists = verb("list", listing, _("the orders, newest first"), as_of=True)
    lists.add_argument("--search", default="", metavar="TEXT", help=_("buyer, member, number or article"))
    lists.add_argument("--member", metavar="MEMBER", help=_("only the orders of a member: id, name or alias"))
    lists.add_argument("--only", choices=("waiting", "refunded"), help=_("only those that wait, or gave money back"))
    lists.add_argument("--limit", type=row_limit, default=_PAGE, metavar="N", help=_("at most so many; 0 is all"))
    _order(verb("show", show, _("one order and why it counts as it does"), as_of=True))
    _hand(verb("add", add, _("enter a paid order by hand"), writes=True))
    back = verb("refund", refund, _("give money of an order back; its points follow"), writes=True)
    _order(back)
    back.add_argument("--amount", type=_money, metavar="YUAN", help=_("without it all that is left"))
    back.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    back.add_argument("--reason", default="", metavar="TEXT")
    stop = verb("cancel", cancel, _("cancel an order; what was paid goes back"), writes=True)
    _order(stop)
    stop.add_argument("--reason", default="", metavar="TEXT")
    verb("waiting", waiting, _("buyers who are nobody's member for sure"))
    tell = verb("settle", settle, _("say who a buyer is; the orders and their points move"), writes=True)
    tell.add_argument("buyer", metavar="BUYER", help=_("the buyer's name there"))
    tell.add_argument("who", metavar="WHO", help=_("a member by id, name or alias, or new, or nobody"))
    tell.add_argument("--phone", metavar="PHONE", help=_("only the orders with this phone"))


def _order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("order", type=_order_id, metavar="ID", help=_("the order's id in the list"))


def _hand(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    parser.add_argument("amount", type=_money, metavar="YUAN", help=_("what was paid, freight in it"))
    parser.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    parser.add_argument("--item", action="append", default=[], metavar="TEXT", help=_("an article; may be repeated"))
    parser.add_argument("--freight", type=_money, default=0, metavar="YUAN", help=_("the freight in it"))
    parser.add_argument("--number", default="", metavar="NO", help=_("its number; without it the next one"))
    parser.add_argument("--note", default="", metavar="TEXT")
    parser.add_argument("--points", action=argparse.BooleanOptionalAction, default=True, help=_("whether it earns"))


def _money(text: str) -> int:
    from qunguan.exchange.readers.cells import money_cell

    return money_cell(text)


def _order_id(text: str) -> int:
    number = text.strip().removeprefix("#")
    if not number.isdecimal():
        raise BadInput("{text} is not the id of an order", hint="see the list of orders", text=text[:40])
    if len(number) > _ID_DIGITS:
        raise NotFound("there is no order #{order}", hint="see the list of orders", order=number[:40])
    return int(number)


def take_in(context: Context) -> None:
    """Import an export: a verified backup first when it will change something; twice changes nothing."""
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.orders import NEEDED, read_orders
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.services import orders

    options = context.options
    choices = {"create": options.new == "create", "award": options.points}

    def read(sheet: Sheet, mapping: Mapping | None) -> OrderSheet:
        return read_orders(sheet, mapping, shop=options.format, series=options.series, day=options.day)

    with context.progress(4) as stage, context.desk() as desk:
        stage(_("Reading the file"))
        found = read_table(context, desk, read_sheet(options.file), Kind("orders", words.ORDERS, NEEDED), read)
        stage(_("Comparing with what is there"))
        done = desk.rehearse(orders.import_orders, found, **choices)
        if done.changed and not context.dry_run:
            stage(_("Making a backup"))
            desk.backup("import")
            stage(_("Writing"))
            done = desk.write(orders.import_orders, found, **choices)
    context.answer(views.imported(done, found), views.imported_lines(done, found))


def summary(context: Context) -> None:
    """Print what the book adds up to."""
    from qunguan.services import orders

    with context.desk() as desk:
        found = desk.read(orders.summary, context.clock, context.as_of)
    context.answer(views.summary(found), views.summary_lines(found))


def listing(context: Context) -> None:
    """Print the orders, at most --limit of them."""
    from qunguan.services import members, orders

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member) if options.member else None
        ids = desk.read(
            orders.order_ids, which=options.only or "all", member_id=member_id, search=options.search,
            as_of=context.as_of,
        )  # fmt: skip
        shown = ids[: options.limit] if options.limit else ids
        rows = desk.read(orders.order_rows, shown, context.as_of or _today(context, desk))
    document = {"orders": [views.row(each) for each in rows], "total": len(ids)}
    lines = views.row_lines(rows)
    if len(ids) > len(rows):
        lines.append(_("{shown} of {total} orders: --limit 0 shows all", shown=len(rows), total=len(ids)))
    context.answer(document, lines)


def _today(context: Context, desk: Any) -> Any:
    from qunguan.services import groups

    return context.clock.today(desk.read(groups.day_rule))


def show(context: Context) -> None:
    """Print one order."""
    from qunguan.services import orders

    with context.desk() as desk:
        when = context.as_of or _today(context, desk)
        found = desk.read(orders.order_detail, context.options.order, when)
    context.answer(views.detail(found), views.detail_lines(found))


def add(context: Context) -> None:
    """Enter an order."""
    from qunguan.domain.orders import OrderLine
    from qunguan.services import members, orders

    options = context.options
    with context.desk() as desk:
        done = context.write(
            desk, orders.add_order, desk.read(members.resolve, options.member), options.amount, day=options.day,
            lines=[OrderLine(item) for item in options.item], number=options.number, freight_fen=options.freight,
            note=options.note, award=options.points,
        )  # fmt: skip
    context.answer(views.change(done), views.change_lines(done))


def refund(context: Context) -> None:
    """Give money back."""
    from qunguan.services import orders

    options = context.options
    with context.desk() as desk:
        done = context.write(
            desk, orders.refund_order, options.order, options.amount, day=options.day, reason=options.reason
        )
    context.answer(views.change(done), views.change_lines(done))


def cancel(context: Context) -> None:
    """Cancel an order."""
    from qunguan.services import orders

    with context.desk() as desk:
        done = context.write(desk, orders.cancel_order, context.options.order, reason=context.options.reason)
    context.answer(views.change(done), views.change_lines(done))


def waiting(context: Context) -> None:
    """Print who waits."""
    from qunguan.services import orders

    with context.desk() as desk:
        found = desk.read(orders.waiting, context.clock)
    lines = views.unmatched_lines(found) or [_("Nobody waits: every buyer is told")]
    context.answer({"waiting": views.unmatched(found)}, lines)


def settle(context: Context) -> None:
    """Say who a buyer is."""
    from qunguan.services import members, orders

    options = context.options
    with context.desk() as desk:
        told = options.who in ("new", "nobody")
        who: orders.Who = options.who if told else desk.read(members.resolve, options.who)
        done = context.write(desk, orders.settle, options.buyer, who, phone=options.phone)
    context.answer(views.settled(done), views.settled_lines(done))
