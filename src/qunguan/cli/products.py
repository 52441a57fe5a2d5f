"""`qunguan product …`: the catalogue, the articles of orders each goes by, bundles, topics, claims."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.cli import product_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.domain.products import KINDS, RUNGS, Product, kind_typed, moved_line, offer_text, rung_typed
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of products."""
    verb = verbs(parser)
    new = verb("add", add, _("put a product into the catalogue"), writes=True)
    new.add_argument("name", metavar="NAME")
    _terms(new)
    new.add_argument("--article", action="append", default=[], metavar="ITEM",
                     help=_("an article of orders that is this product; may stand several times"))  # fmt: skip
    new.add_argument("--part", action="append", default=[], metavar="PRODUCT*N",
                     help=_("what is in the bundle; may stand several times"))  # fmt: skip
    change = _which(verb("edit", edit, _("change a product"), writes=True))
    change.add_argument("--name", metavar="NAME")
    _terms(change)
    change.add_argument("--every-group", action="store_true", help=_("it is for every group again"))
    lists = verb("list", listing, _("the catalogue with what was sold"), as_of=True)
    lists.add_argument("--all", action="store_true", help=_("retired ones too"))
    _figures(lists)
    _figures(_which(verb("show", show_one, _("all that is known of one product"), as_of=True)))
    _figures(verb("unmapped", unmapped, _("articles of orders that are no product yet, with their sums"), as_of=True))
    goes = _which(verb("article", article, _("by which articles of orders a product goes"), writes=True))
    goes.add_argument("items", nargs="+", metavar="ITEM")
    goes.add_argument("--remove", action="store_true", help=_("it goes by them no more"))
    holds = _which(verb("parts", parts, _("what a bundle holds; nothing else is in it"), writes=True))
    holds.add_argument("parts", nargs="*", metavar="PRODUCT*N")
    leads = _which(verb("topic", topic, _("after which topic to offer it"), writes=True))
    leads.add_argument("topics", nargs="+", metavar="TOPIC")
    leads.add_argument("--remove", action="store_true", help=_("it is offered after them no more"))
    offer = verb("suggest", suggest, _("what to offer after a topic, with a text for the group"))
    offer.add_argument("texts", nargs="+", metavar="TEXT", help=_("what is talked about"))
    group_argument(offer, _("a group by id or name; without it the one in hand"))
    said = _which(verb("claim", claim, _("what somebody says was sold of it, and whether that can be"), writes=True))
    said.add_argument("amount", type=_money, metavar="YUAN")
    said.add_argument("--members", type=whole, required=True, metavar="N", help=_("of how many members it is said"))
    said.add_argument("--said", default="", metavar="TEXT", help=_("who says it, and where"))
    said.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    gone = verb("unclaim", unclaim, _("take a claim out"), writes=True)
    gone.add_argument("claim", type=whole, metavar="ID", help=_("its id at the product"))
    _which(verb("retire", retire, _("offer it no more; what was sold stays"), writes=True))
    _which(verb("reopen", reopen, _("offer it again"), writes=True))


def _which(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("product", metavar="PRODUCT", help=_("id or name"))
    return parser


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--price", type=_money, metavar="YUAN")
    parser.add_argument("--kind", type=kind_typed, metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--rung", type=rung_typed, metavar="RUNG", help=", ".join(RUNGS))
    parser.add_argument("--category", metavar="NAME", help=_("what kind of thing it is, for the attach rate"))
    parser.add_argument("--note", metavar="TEXT", help=_("what it is, in the words for members"))
    group_argument(parser, _("a group by id or name; without it the product is for every group"))


def _figures(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it everybody"))


def _money(text: str) -> int:
    from qunguan.exchange.readers.cells import money_cell

    return money_cell(text)


def _changed(context: Context, desk: Desk, before: Product) -> Product:
    """The product with what the options say put over it."""
    told = vars(context.options)
    wanted = {"name": "name", "price": "price_fen", "kind": "kind", "rung": "rung", "category": "category",
              "note": "note"}  # fmt: skip
    values = {field: told[option] for option, field in wanted.items() if told.get(option) is not None}
    if told.get("every_group"):
        values["group_id"] = None
    elif context.options.group:
        values["group_id"] = context.group_id(desk)
    return replace(before, **values)


def _find(context: Context, desk: Desk) -> Product:
    from qunguan.services import products

    return desk.read(products.find, context.options.product)


def add(context: Context) -> None:
    """Put a product into the catalogue, a bundle with its parts. Raises BadInput, NotFound, Refused."""
    from qunguan.services import products

    options = context.options
    if options.part and options.kind not in (None, "bundle"):
        raise BadInput("only a bundle has parts", hint="leave --kind out, or say --kind bundle")
    with context.desk() as desk:
        blank = Product(0, options.name, kind="bundle" if options.part else "goods")
        inside = desk.read(products.parts_typed, options.part)
        made = context.write(desk, products.add, _changed(context, desk, blank), options.article, inside)
    lines = [_("Added the product {name} (#{id})", name=made.name, id=made.id),
             _("Next: qunguan product show {id}; qunguan product unmapped lists what of the orders is none yet",
               id=made.id)]  # fmt: skip
    context.answer({"product": views.product(made)}, lines)


def edit(context: Context) -> None:
    """Change a product. Raises BadInput, NotFound, Refused."""
    from qunguan.services import products

    with context.desk() as desk:
        made = context.write(desk, products.edit, _changed(context, desk, _find(context, desk)))
    context.answer({"product": views.product(made)}, [_("{name} is changed", name=made.name)])


def listing(context: Context) -> None:
    """Print the catalogue, and how much of the orders is no product yet."""
    from qunguan.services import groups, products

    with context.desk() as desk:
        group_id = context.group_id(desk)
        when = context.past(desk, group_id) or context.clock.today(desk.read(groups.day_rule, group_id))
        rows = desk.read(products.catalogue, context.clock, when, group_id=group_id, retired=context.options.all)
        rest = desk.read(products.loose, context.clock, when, group_id=group_id)
        whose = context.whose(desk)
    document = {"as_of": when, "products": [views.row(each) for each in rows],
                "unmapped": [views.article(each) for each in rest]}  # fmt: skip
    context.answer(document, [whose, *views.list_lines(rows, rest, when)])


def show_one(context: Context) -> None:
    """Print one product. Raises NotFound."""
    from qunguan.services import products

    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(products.page, context.clock, _find(context, desk).id, context.past(desk, group_id),
                          group_id=group_id)  # fmt: skip
    context.answer(views.page(found), views.page_lines(found))


def unmapped(context: Context) -> None:
    """Print the articles that are no product yet."""
    from qunguan.services import products

    with context.desk() as desk:
        group_id = context.group_id(desk)
        rest = desk.read(products.loose, context.clock, context.past(desk, group_id), group_id=group_id)
    context.answer({"unmapped": [views.article(each) for each in rest]}, views.article_lines(rest))


def article(context: Context) -> None:
    """Say by which articles a product goes. Raises BadInput, NotFound."""
    from qunguan.services import products

    options = context.options
    with context.desk() as desk:
        one = _find(context, desk)
        if options.remove:
            gone = context.write(desk, products.drop_articles, one.id, options.items)
            line = _("{name} does not go by {items} any more", name=one.name, items="、".join(gone))
            context.answer({"product_id": one.id, "removed": gone}, [line])
            return
        done = context.write(desk, products.take_articles, one.id, options.items)
    own = (*done.added, *done.already)
    lines = [_("{name} goes by {items}", name=one.name, items="、".join(own))] if own else []
    lines += [moved_line(item, one.name, before) for item, before in done.moved]
    moved = [{"item": item, "from": before} for item, before in done.moved]
    context.answer({"product_id": one.id, "added": done.added, "moved": moved, "already": done.already}, lines)


def parts(context: Context) -> None:
    """Say what a bundle holds. Raises BadInput, NotFound, Refused."""
    from qunguan.services import products

    with context.desk() as desk:
        one = _find(context, desk)
        inside = desk.read(products.parts_typed, context.options.parts)
        made = context.write(desk, products.set_parts, one.id, inside)
    told = views.parts_said(made)
    line = _("In {name}: {parts}", name=one.name, parts=told) if made else _("{name} is empty now", name=one.name)
    context.answer({"product_id": one.id, "parts": views.parts(made)}, [line])


def topic(context: Context) -> None:
    """Say after which topics to offer it. Raises BadInput, NotFound."""
    from qunguan.services import products

    options = context.options
    with context.desk() as desk:
        one = _find(context, desk)
        service = products.drop_topics if options.remove else products.add_topics
        done = context.write(desk, service, one.id, options.topics)
    said = _("{name} is offered after {topics} no more") if options.remove else _("After {topics}: {name}")
    context.answer({"product_id": one.id, "topics": done},
                   [said.format(name=one.name, topics="、".join(done))])  # fmt: skip


def suggest(context: Context) -> None:
    """Print what to offer after a topic, each with its text. Raises NotFound."""
    from qunguan.services import groups, products

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        today = context.clock.today(group.day_rule)
        hits = desk.read(products.suggested, group.id, options.texts, today)
        pages = [desk.read(products.page, context.clock, one.id, group_id=group.id) for one, _topic in hits]
    texts = [offer_text(page) for page in pages]
    document = [{"product": views.product(one), "topic": about, "text": text}
                for (one, about), text in zip(hits, texts, strict=True)]  # fmt: skip
    lines = [line for (_one, about), text in zip(hits, texts, strict=True)
             for line in (_("After the topic {topic}:", topic=about), *text.splitlines(), "")]  # fmt: skip
    nothing = _("No product belongs to this. Next: qunguan product topic PRODUCT TOPIC")
    context.answer({"suggested": document}, lines[:-1] or [nothing])


def claim(context: Context) -> None:
    """Note a claim and look at it. Raises BadInput, NotFound."""
    from qunguan.services import products

    options = context.options
    with context.desk() as desk:
        one = _find(context, desk)
        done = context.write(desk, products.add_claim, one.id, options.amount, options.members, options.said,
                             options.day)  # fmt: skip
    context.answer({"claim": views.claim(done)}, views.claim_lines(done))


def unclaim(context: Context) -> None:
    """Take a claim out. Raises NotFound."""
    from qunguan.services import products

    with context.desk() as desk:
        gone = context.write(desk, products.drop_claim, context.options.claim)
    context.answer({"claim_id": gone.id, "product_id": gone.product_id}, [_("The claim #{id} is out", id=gone.id)])


def retire(context: Context) -> None:
    """Offer it no more. Raises NotFound."""
    from qunguan.services import products

    with context.desk() as desk:
        made = context.write(desk, products.retire, _find(context, desk).id)
    context.answer({"product": views.product(made)}, [_("{name} is not offered any more", name=made.name)])


def reopen(context: Context) -> None:
    """Offer it again. Raises NotFound."""
    from qunguan.services import products

    with context.desk() as desk:
        made = context.write(desk, products.reopen, _find(context, desk).id)
    context.answer({"product": views.product(made)}, [_("{name} is offered again", name=made.name)])
