"""What products ask the owner: the product itself, its articles, what is in a bundle, topics, claims."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput
from qunguan.domain.money import short_yuan
from qunguan.domain.products import (
    KINDS,
    RUNGS,
    VERDICTS,
    LooseArticle,
    Product,
    ProductPage,
    kind_typed,
    moved_line,
    rung_typed,
)
from qunguan.exchange.readers.cells import date_cell, int_cell, money_cell
from qunguan.i18n import _
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.products import ProductsScreen

_BETWEEN = re.compile(r"[、,，;；]")
_NEW = "new"


def product_form(screen: ProductsScreen, now: Product, articles: Sequence[str] = ()) -> Form:
    """A product to write down (`now.id` 0) or to change; one that is made goes by `articles` too."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import products

        told = replace(
            now, name=values["name"], kind=kind_typed(values["kind"]), rung=rung_typed(values["rung"]),
            price_fen=money_cell(values["price"]) if values["price"] else None, category=values["category"],
            note=values["note"], group_id=screen.group_id if values["where"] == "here" else None,
        )  # fmt: skip
        if now.id:
            made = await screen.desk.write(products.edit, told)
        else:
            made = await screen.desk.write(products.add, told, articles)
            screen.say(_("Added the product {name} (#{id})", name=made.name, id=made.id))
        screen.come_to_product(made.id)
        await screen.room.changed()

    kinds = tuple((code, _(label)) for code, label in KINDS.items())
    rungs = tuple((code, _(label)) for code, label in RUNGS.items())
    fields = [
        Field("name", _("product"), now.name),
        Field("rung", _("rung"), now.rung, "", rungs),
        Field("price", _("price (yuan)"), "" if now.price_fen is None else short_yuan(now.price_fen),
              _("empty: no one price")),
        Field("kind", _("kind"), now.kind, "", kinds),
        Field("category", _("category"), now.category, _("for the attach rate; may stay empty")),
        Field("note", _("note"), now.note, _("what it is, in the words for members")),
        Field("where", _("where"), "here" if now.group_id else "all", "",
              (("all", _("every group")), *((("here", _("this group")),) if screen.group_id else ()))),
    ]  # fmt: skip
    return Form(_("Change {name}", name=now.name) if now.id else _("A product"), fields, save)


async def which_product(screen: ProductsScreen, one: LooseArticle) -> None:
    """Say which product an article is, or make one of it."""
    from qunguan.services import products

    known = await screen.desk.read(products.products, screen.group_id)
    choices = [Choice(_NEW, _("a new product of this name"))]
    choices += [Choice(str(each.id), each.name, _(RUNGS[each.rung])) for each in known]
    title = _("Which product is {item} ({yuan} yuan)?", item=one.item, yuan=short_yuan(one.sold.net_fen))
    told = await screen.app.push_screen_wait(Choose(title, choices))
    if told == _NEW:
        screen.app.push_screen(product_form(screen, Product(0, one.item), [one.item]))
    elif told is not None:
        await screen.desk.write(products.take_articles, int(told), [one.item])
        name = next(each.name for each in known if each.id == int(told))
        screen.say(_("{item} is {name} from now on", item=one.item, name=name))
        await screen.room.changed()


async def articles(screen: ProductsScreen, page: ProductPage, rest: Sequence[LooseArticle]) -> None:
    """By which articles of orders it goes: one more, or one less."""
    from qunguan.services import products

    one = page.row.product

    async def add(item: str) -> None:
        before = await screen.desk.read(products.whose_article, item)
        if before is not None and before.id != one.id:
            title = _("“{item}” counts as {before}: count it as {name} from now on?", item=item, before=before.name,
                      name=one.name)  # fmt: skip
            if not await screen.app.push_screen_wait(Confirm(title)):
                return
        done = await screen.desk.write(products.take_articles, one.id, [item])
        for moved, other in done.moved:
            screen.say(moved_line(moved, one.name, other))

    async def drop(item: str) -> None:
        await screen.desk.write(products.drop_articles, one.id, [item])

    more = [Choice(f"+{one.item}", one.item, _("none yet, {yuan} yuan", yuan=short_yuan(one.sold.net_fen)))
            for one in rest]  # fmt: skip
    title = _("By which articles of orders does {name} go?", name=one.name)
    await _one_more_or_less(screen, one.name, title, page.articles, more, add, drop)


async def topics(screen: ProductsScreen, page: ProductPage) -> None:
    """After which topics to offer it: one more, or one less."""
    from qunguan.services import products

    one = page.row.product

    async def add(topic: str) -> None:
        await screen.desk.write(products.add_topics, one.id, [topic])

    async def drop(topic: str) -> None:
        await screen.desk.write(products.drop_topics, one.id, [topic])

    title = _("After which topic to offer {name}?", name=one.name)
    await _one_more_or_less(screen, one.name, title, page.topics, (), add, drop)


async def _one_more_or_less(
    screen: ProductsScreen,
    name: str,
    title: str,
    own: Sequence[str],
    more: Sequence[Choice],
    add: Callable[[str], Awaitable[None]],
    drop: Callable[[str], Awaitable[None]],
) -> None:
    there = [Choice(f"-{place}", text, _("take off")) for place, text in enumerate(own)]
    told = await screen.app.push_screen_wait(Choose(title, [*more, *there], _("add this")))
    if told is None:
        return
    if told.startswith("-"):
        gone = own[int(told[1:])]
        if not await screen.app.push_screen_wait(Confirm(_("Take {text} off {name}?", text=gone, name=name))):
            return
        await drop(gone)
    else:
        await add(told[1:])
    await screen.room.changed()


def parts_form(screen: ProductsScreen, page: ProductPage) -> Form:
    """What a bundle holds."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import products

        texts = [text for text in _BETWEEN.split(values["parts"]) if text.strip()]
        inside = await screen.desk.read(products.parts_typed, texts)
        await screen.desk.write(products.set_parts, page.row.product.id, inside)
        await screen.room.changed()

    now = "、".join(f"{part.product.name}*{part.quantity}" for part in page.parts)
    fields = [Field("parts", _("in it"), now, _("products with 、 between; 书签*2 is two of it"))]
    return Form(_("What is in {name}?", name=page.row.product.name), fields, save)


async def claims(screen: ProductsScreen, page: ProductPage) -> None:
    """Note what somebody says was sold of it, or take a claim out."""
    from qunguan.services import products

    if page.claims:
        there = [
            Choice(str(each.claim.id), _("{day}: {yuan} yuan of {members} members", day=each.claim.day,
                   yuan=short_yuan(each.claim.amount_fen), members=each.claim.members),
                   _("{verdict} · take it out", verdict=_(VERDICTS[each.verdict])))
            for each in page.claims
        ]  # fmt: skip
        told = await screen.app.push_screen_wait(Choose(_("Claims"), [Choice(_NEW, _("a new claim")), *there]))
        if told is None:
            return
        if told != _NEW:
            title = _("Take this claim of {name} out?", name=page.row.product.name)
            if await screen.app.push_screen_wait(Confirm(title)):
                await screen.desk.write(products.drop_claim, int(told))
                await screen.room.changed()
            return
    await screen.app.push_screen_wait(_claim_form(screen, page.row.product))


def _claim_form(screen: ProductsScreen, one: Product) -> Form:
    async def save(values: dict[str, str]) -> None:
        from qunguan.services import products

        if not values["amount"] or not values["members"]:
            raise BadInput("say the amount, and of how many members", hint="like 200000 and 1000")
        done = await screen.desk.write(
            products.add_claim, one.id, money_cell(values["amount"]), int_cell(values["members"]), values["said"],
            date_cell(values["day"], serials=False) if values["day"] else None,
        )  # fmt: skip
        grave = done.verdict in ("doubtful", "implausible")
        screen.say(": ".join((_(VERDICTS[done.verdict]), str(done.why[0]))), "warning" if grave else "information")
        await screen.room.changed()

    fields = [
        Field("amount", _("claimed (yuan)"), "", _("like 200000")),
        Field("members", _("members"), "", _("of how many members it is said")),
        Field("said", _("who says so"), "", _("may stay empty")),
        Field("day", _("day"), "", _("today, {day}", day=screen.room.today), day="near"),
    ]
    return Form(_("What is claimed of {name}?", name=one.name), fields, save)
