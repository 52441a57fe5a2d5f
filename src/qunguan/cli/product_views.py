"""Products and the ladder as the command line prints them: documents with stable keys, and lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.domain.money import short_yuan, yuan
from qunguan.domain.products import (
    KINDS,
    RUNGS,
    VERDICTS,
    Judged,
    Ladder,
    LooseArticle,
    Part,
    Product,
    ProductPage,
    ProductRow,
)
from qunguan.domain.shares import percent
from qunguan.i18n import _, ngettext

_SHOWN = 5  # articles that are no product yet, below the catalogue


def product(one: Product) -> dict[str, Any]:
    """One product."""
    document: dict[str, Any] = jsonable(one)
    return document


def row(one: ProductRow) -> dict[str, Any]:
    """One product with what was sold of it."""
    return {**product(one.product), **jsonable(one.sold), "in_bundles": one.in_bundles}


def article(one: LooseArticle) -> dict[str, Any]:
    """An article that is no product yet."""
    return {"item": one.item, **jsonable(one.sold)}


def price(one: Product) -> str:
    """A price for people: — where there is none, or free."""
    if one.rung == "free":
        return _("free")
    return "—" if one.price_fen is None else yuan(one.price_fen)


def list_lines(rows: Sequence[ProductRow], rest: Sequence[LooseArticle], day: date) -> list[str]:
    """The catalogue for people."""
    table = [
        (each.product.id, each.product.name, _(RUNGS[each.product.rung]), _(KINDS[each.product.kind]),
         price(each.product), each.sold.pieces, each.sold.buyers, yuan(each.sold.net_fen),
         "" if each.product.offered(day) else _("retired"))
        for each in rows
    ]  # fmt: skip
    header = (_("id"), _("product"), _("rung"), _("kind"), _("price"), _("sold"), _("who bought"), _("net"), "")
    lines = columns(header, table, right=(0, 4, 5, 6, 7)) if table else [_("No product yet: qunguan product add NAME")]
    return [*lines, *(["", *article_lines(rest, _SHOWN)] if rest else [])]


def article_lines(rest: Sequence[LooseArticle], most: int | None = None) -> list[str]:
    """The articles that are no product yet, for people."""
    if not rest:
        return [_("Every article of the orders is a product")]
    sums = yuan(sum(each.sold.net_fen for each in rest))
    head = ngettext("{n} article of the orders is no product yet ({sum} yuan):",
                    "{n} articles of the orders are no product yet ({sum} yuan):", len(rest), sum=sums)  # fmt: skip
    table = [(each.item, each.sold.pieces, each.sold.buyers, yuan(each.sold.net_fen)) for each in rest[:most]]
    lines = columns((_("article"), _("sold"), _("who bought"), _("net")), table, right=(1, 2, 3))
    return [head, *lines, _("Next: qunguan product article PRODUCT ITEM, or qunguan product add ITEM")]


def page(found: ProductPage) -> dict[str, Any]:
    """All of one product."""
    return {
        "product": row(found.row),
        "articles": found.articles,
        "parts": parts(found.parts),
        "apart_fen": found.apart_fen,
        "bundles": found.bundles,
        "topics": found.topics,
        "claims": [claim(each) for each in found.claims],
    }


def page_lines(found: ProductPage) -> list[str]:
    """The same for people."""
    one, sold = found.row.product, found.row.sold
    lines = [
        f"#{one.id} {one.name}  {_(RUNGS[one.rung])} · {_(KINDS[one.kind])} · {price(one)}",
        _("{pieces} sold to {buyers}, net {net} yuan", pieces=sold.pieces, buyers=sold.buyers, net=yuan(sold.net_fen)),
    ]
    if found.row.in_bundles:
        lines.append(_("{n} more in bundles: {names}", n=found.row.in_bundles, names="、".join(found.bundles)))
    lines.append(_("goes by: {articles}", articles="、".join(found.articles) or "—"))
    if found.parts:
        lines.append(_("In it: {parts}", parts=parts_said(found.parts)))
    if found.topics:
        lines.append(_("offered after: {topics}", topics="、".join(found.topics)))
    for each in found.claims:
        lines += ["", *claim_lines(each)]
    return [*lines, *(["", *one.note.splitlines()] if one.note else [])]


def parts(found: Sequence[Part]) -> list[dict[str, Any]]:
    """What a bundle holds."""
    return [{"product_id": each.product.id, "name": each.product.name, "quantity": each.quantity} for each in found]


def parts_said(found: Sequence[Part]) -> str:
    """The same in a line."""
    return "、".join(f"{each.product.name}×{each.quantity}" for each in found)


def claim(found: Judged) -> dict[str, Any]:
    """A claim and what is to be thought of it."""
    told: dict[str, Any] = jsonable(found.claim)
    return {**told, "buyers": found.buyers, "share": found.share, "verdict": found.verdict,
            "why": [str(each) for each in found.why]}  # fmt: skip


def claim_lines(found: Judged) -> list[str]:
    """The same for people."""
    one = found.claim
    head = _("claim #{id}, {day}: {yuan} yuan of {members} members — {verdict}", id=one.id, day=one.day,
             yuan=short_yuan(one.amount_fen), members=one.members, verdict=_(VERDICTS[found.verdict]))  # fmt: skip
    return [head, *([f"  “{one.said}”"] if one.said else []), *(f"  {each}" for each in found.why)]


def ladder(found: Ladder) -> dict[str, Any]:
    """The ladder: `n` is what the step rate is of, of the first rung what the cumulative rates are of."""
    return {
        "as_of": found.as_of,
        "from": found.first,
        "to": found.last,
        "window_days": found.window_days,
        "group": found.group or None,
        "open": found.open,
        "rows": [
            {"rung": each.rung, "label": _(RUNGS[each.rung]), "products": each.products, "buyers": each.buyers,
             "everybody": each.everybody, "step_rate": each.step.value if each.step else None,
             "cumulative_rate": each.cumulative.value if each.cumulative else None, "median_days": each.median_days,
             "n": each.step.n if each.step else each.buyers}
            for each in found.rows
        ],
    }  # fmt: skip


def ladder_lines(found: Ladder) -> list[str]:
    """The same for people."""
    table = [
        (_(RUNGS[each.rung]), known(each.buyers), known(each.step),
         percent(each.cumulative.value if each.cumulative else None),
         "—" if each.median_days is None else f"{each.median_days:g}", known(each.everybody),
         "、".join(each.products) or "—")
        for each in found.rows
    ]  # fmt: skip
    header = (_("rung"), _("people"), _("of the rung before"), _("of the first"), _("median days"), _("came any way"),
              _("products"))  # fmt: skip
    lines = [
        _("First rung from {first} to {last}, the rest within {days} days", first=found.first, last=found.last,
          days=found.window_days),
        *columns(header, table, right=(1, 2, 3, 4, 5)),
    ]  # fmt: skip
    if found.open:
        lines.append(_("{n} of them still have time", n=found.open))
    if any(each.buyers is None for each in found.rows):
        lines.append(_("—: no product stands there, or nothing tells who had the free one; the next rung goes on "
                       "without it"))  # fmt: skip
        lines.append(_("Next: qunguan product add NAME --rung RUNG"))
    return lines
