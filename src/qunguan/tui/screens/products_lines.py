"""How products are drawn: a line each, the ladder as meters, and all that is known of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.money import short_yuan
from qunguan.domain.products import (
    KINDS,
    RUNGS,
    VERDICTS,
    Judged,
    Ladder,
    LadderRow,
    LooseArticle,
    Product,
    ProductPage,
    ProductRow,
    Rung,
    Verdict,
)
from qunguan.domain.shares import percent
from qunguan.domain.text import match_key
from qunguan.domain.today import near
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column

View = Literal["offered", "all", "loose"]
VIEWS: Final[dict[View, str]] = {
    "offered": N_("what is offered"), "all": N_("retired ones too"), "loose": N_("articles that are no product yet"),
}  # fmt: skip
_MARKS: Final[dict[Rung, str]] = {"free": "1", "trial": "2", "course": "3", "personal": "4", "other": "·"}
_STYLES: Final[dict[Verdict, str]] = {
    "plausible": "$text-success", "doubtful": "$text-warning", "implausible": "$text-error", "unknown": "$text-muted",
}  # fmt: skip
_METER = 6


def columns() -> tuple[Column, ...]:
    """Rung, product, kind, price, pieces, buyers, money."""
    return (
        Column("", width=1), Column(_("product"), flex=1, minimum=16), Column(_("rung"), width=10, drop=2),
        Column(_("kind"), width=7, drop=1), Column(_("price"), width=8, right=True),
        Column(_("sold"), width=6, right=True), Column(_("people"), width=6, right=True),
        Column(_("net"), width=10, right=True),
    )  # fmt: skip


def cells(row: ProductRow, day: date) -> tuple[Cell | str, ...]:
    """The line of a product; a retired one is dim."""
    one, sold = row.product, row.sold
    offered = one.offered(day)
    style: Literal["", "dim"] = "" if offered else "dim"
    return (
        Cell(_MARKS[one.rung] if offered else "×", style), Cell(one.name, style), Cell(_(RUNGS[one.rung]), "dim"),
        Cell(_(KINDS[one.kind]), "dim"), Cell(price(one), style), Cell(str(sold.pieces or "·"), style),
        Cell(str(sold.buyers or "·"), "dim"), Cell(short_yuan(sold.net_fen), "strong" if sold.net_fen else "dim"),
    )  # fmt: skip


def loose_columns() -> tuple[Column, ...]:
    """Article, pieces, buyers, money, when last."""
    return (
        Column(_("article"), flex=1, minimum=16), Column(_("sold"), width=6, right=True),
        Column(_("people"), width=6, right=True), Column(_("net"), width=10, right=True),
        Column(_("day"), width=8, drop=1),
    )  # fmt: skip


def loose_cells(one: LooseArticle, day: date) -> tuple[Cell | str, ...]:
    """The line of an article."""
    last = str(near(one.sold.last_day, day)) if one.sold.last_day else "—"
    return (
        one.item, str(one.sold.pieces), Cell(str(one.sold.buyers), "dim"),
        Cell(short_yuan(one.sold.net_fen), "strong"), Cell(last, "dim"),
    )  # fmt: skip


def price(one: Product) -> str:
    """A price: — where there is none, or free."""
    return _("free") if one.rung == "free" else "—" if one.price_fen is None else short_yuan(one.price_fen)


def chosen(rows: Sequence[ProductRow], view: View, search: str, day: date) -> list[ProductRow]:
    """The products of a view that the search finds, by name, category or rung."""
    key = match_key(search)
    return [
        row for row in rows
        if (view == "all" or row.product.offered(day))
        and key in match_key(f"{row.product.name} {row.product.category} {_(RUNGS[row.product.rung])}")
    ]  # fmt: skip


def headline(
    view: View, whose: str, rows: Sequence[ProductRow], rest: Sequence[LooseArticle], day: date, today: bool
) -> Content:
    """Which list it is, of whose orders, what it adds up to, and how much of the orders is no product yet."""
    net = sum(row.sold.net_fen for row in rows)
    parts = [
        joined((_(VIEWS[view]), "bold"), f" · {whose}"),
        literal(ngettext("{n} product, net {yuan} yuan", "{n} products, net {yuan} yuan", len(rows),
                         yuan=short_yuan(net))),
    ]  # fmt: skip
    if rest:
        told = ngettext("{n} article is none yet: {yuan} yuan", "{n} articles are none yet: {yuan} yuan", len(rest),
                        yuan=short_yuan(sum(one.sold.net_fen for one in rest)))  # fmt: skip
        parts.append(literal(told, "$text-warning"))
    if not today:
        parts.append(literal(_("as of {day}", day=day), "$text-accent"))
    return Content("   ").join(parts)


def ladder_lines(found: Ladder) -> list[Content]:
    """A meter for each rung: how many came so far, of those on the first; then the days since the rung before."""
    base = next((row.cumulative.n for row in found.rows if row.cumulative), 0)
    room = max(cell_len(_(RUNGS[row.rung])) for row in found.rows)
    told = [literal(_("The ladder, {days} days each", days=found.window_days), "bold")]
    return [*told, *(_rung_line(row, base, room) for row in found.rows)]


def _rung_line(row: LadderRow, base: int, room: int) -> Content:
    name = _(RUNGS[row.rung])
    name += " " * (room - cell_len(name) + 1)
    if row.buyers is None:
        return joined(name, ("—", "$text-muted"))
    wait = "" if row.median_days is None else _("{days} d", days=f"{row.median_days:g}")
    return joined(name, (meter(row.buyers, base, _METER), "$text-accent"), f" {row.buyers:>4} ", (wait, "$text-muted"))


def _rung_told(row: LadderRow) -> list[Content]:
    """Products and figures of a rung, each rate with what it is of."""
    told = [_("{n} people", n=row.buyers)]
    if row.step is not None:
        told.append(_("{percent} of the rung before (n={n})", percent=percent(row.step.value), n=row.step.n))
    if row.cumulative is not None:
        told.append(_("{percent} of the first (n={n})", percent=percent(row.cumulative.value), n=row.cumulative.n))
    if row.median_days is not None:
        told.append(_("{days} days later (median)", days=f"{row.median_days:g}"))
    told.append(_("{n} came any way", n=row.everybody))
    return [joined((_(RUNGS[row.rung]), "bold"), f"  {'、'.join(row.products)}"), literal("  " + " · ".join(told))]


def why_lines(found: Ladder) -> list[Content]:
    """How the ladder is counted, who was counted, what is not known."""
    told = [literal(_("First rung from {first} to {last}, the rest within {days} days", first=found.first,
                      last=found.last, days=found.window_days)), Content("")]  # fmt: skip
    told += [line for row in found.rows if row.buyers is not None for line in _rung_told(row)]
    if found.open:
        told.append(literal(_("{n} of them still have time", n=found.open)))
    if any(row.buyers is None for row in found.rows):
        told.append(literal(_("—: no product stands there, or nothing tells who had the free one; the next rung goes "
                              "on without it"), "$text-muted"))  # fmt: skip
    told += [Content(""), literal(_("Every member once; a rung counts on its first day at or after the rung before. "
                                    "Orders given back whole are none.")),
             literal(_("Money of an order with several articles is divided by their amounts, where the shop tells "
                       "none by the prices here, else by pieces."))]  # fmt: skip
    return told


def side(found: ProductPage, day: date) -> list[Content]:
    """What is known of a product."""
    one, sold = found.row.product, found.row.sold
    told = [
        joined((one.name, "bold")),
        joined((f"{_MARKS[one.rung]} {_(RUNGS[one.rung])} · {_(KINDS[one.kind])} · {price(one)}", "$text-muted")),
    ]
    if not one.offered(day):
        told.append(literal(_("retired on {day}", day=one.retired_on), "$text-warning"))
    told.append(literal(_("{pieces} sold to {buyers}, net {net} yuan", pieces=sold.pieces, buyers=sold.buyers,
                          net=short_yuan(sold.net_fen))))  # fmt: skip
    if found.row.in_bundles:
        told.append(literal(_("{n} more in bundles: {names}", n=found.row.in_bundles, names="、".join(found.bundles))))
    if found.parts:
        told.append(literal(_("In it: {parts}", parts="、".join(
            f"{part.product.name}×{part.quantity}" for part in found.parts))))  # fmt: skip
    if found.apart_fen is not None:
        told.append(literal(_("One by one they are ¥{yuan}", yuan=short_yuan(found.apart_fen)), "$text-muted"))
    told.append(literal(_("goes by: {articles}", articles="、".join(found.articles) or "—"), "$text-muted"))
    if one.category:
        told.append(literal(_("category: {name}", name=one.category), "$text-muted"))
    if found.topics:
        told.append(literal(_("offered after: {topics}", topics="、".join(found.topics)), "$text-accent"))
    told += [lines(one.note)] if one.note else []
    return [*told, *(each for claim in found.claims for each in (Content(""), *claim_lines(claim)))]


def claim_lines(found: Judged) -> list[Content]:
    """A claim, and why it can be or cannot."""
    one = found.claim
    head = _("{day}: {yuan} yuan of {members} members", day=one.day, yuan=short_yuan(one.amount_fen),
             members=one.members)  # fmt: skip
    verdict = (_(VERDICTS[found.verdict]), _STYLES[found.verdict])
    said = [literal(f"“{one.said}”", "$text-muted")] if one.said else []
    return [joined(f"{head} · ", verdict), *said, *(literal(str(each), "$text-muted") for each in found.why)]


def loose_side(one: LooseArticle) -> list[Content]:
    """What an article has brought, and what to do with it."""
    sold = one.sold
    return [
        literal(one.item, "bold"),
        literal(_("{pieces} sold to {buyers}, net {net} yuan", pieces=sold.pieces, buyers=sold.buyers,
                  net=short_yuan(sold.net_fen))),
        Content(""),
        literal(_("Enter says which product it is, a makes one of it."), "$text-muted"),
    ]  # fmt: skip


def empty_text(view: View, any_loose: bool) -> str:
    """What an empty list says."""
    if view == "loose":
        return _("Every article of the orders is a product. f goes on.")
    if any_loose:
        return _("What do you offer?\n\nYour orders know articles already: f shows them, Enter makes products of "
                 "them.\na writes one down: from the free hour (1) over the low-price trial (2) and the course (3) to "
                 "one-to-one (4).")  # fmt: skip
    return _("What do you offer?\n\na writes it down: from the free hour (1) over the low-price trial (2) and the "
             "course (3) to one-to-one (4).\nWith the orders of your shop (import them in Orders) you see how far "
             "people climb.")  # fmt: skip
