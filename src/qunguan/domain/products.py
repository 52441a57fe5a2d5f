"""Products: what is offered and on which rung of the ladder, what was sold of it, and what is claimed (S3-25 to S3-29).

Money is integer fen, net of what went back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeVar

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.money import short_yuan, yuan
from qunguan.domain.names import meant, only, typed_name
from qunguan.domain.orders import MAX_FEN, Rate
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean_lines, match_key, show
from qunguan.i18n import N_, _
from qunguan.late import pattern
from qunguan.values import frozen, names

Kind = Literal["goods", "bundle", "service", "camp"]
Rung = Literal["free", "trial", "course", "personal", "other"]
KINDS: Final[Mapping[Kind, str]] = {
    "goods": N_("goods"), "bundle": N_("bundle"), "service": N_("service"), "camp": N_("camp"),
}  # fmt: skip
RUNGS: Final[Mapping[Rung, str]] = {
    "free": N_("free"), "trial": N_("trial"), "course": N_("course"), "personal": N_("one-to-one"),
    "other": N_("no rung"),
}  # fmt: skip
"""The rungs in their order (S3-27, S3-28), and what stands beside them: message IDs."""
LADDER: Final[tuple[Rung, ...]] = ("free", "trial", "course", "personal")

C = TypeVar("C", bound=str)
Verdict = Literal["plausible", "doubtful", "implausible", "unknown"]
VERDICTS: Final[Mapping[Verdict, str]] = {
    "plausible": N_("plausible"), "doubtful": N_("doubtful"), "implausible": N_("implausible"),
    "unknown": N_("cannot be told"),
}  # fmt: skip
NAME_LIMIT: Final = 200
MOST_PIECES: Final = 10_000
MOST_MEMBERS: Final = 100_000_000
_PIECES = pattern(r"(.+?)\s*[*×xX＊]\s*(\d{1,6})")

_KIND_WORDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "goods": ("商品", "实物"), "bundle": ("套装", "组合", "礼包"), "service": ("服务",), "camp": ("训练营", "营", "课"),
}  # fmt: skip
_RUNG_WORDS: Final[Mapping[Rung, tuple[str, ...]]] = {
    "free": ("免费",), "trial": ("低价", "体验", "低价体验", "体验课"), "course": ("系统课", "正价", "正价课"),
    "personal": ("一对一", "1对1", "1v1"), "other": ("其他", "其它", "梯子外"),
}  # fmt: skip


@frozen
class Product:
    """One thing that is offered. `price_fen` None: there is no one price. `group_id` None: it is for every group.

    `category` is what kind of thing its articles are for the attach rate (S4-17), "" their own. `retired_on` is its
    first day without.
    """

    id: int
    name: str
    kind: Kind = "goods"
    rung: Rung = "other"
    category: str = ""
    price_fen: int | None = None
    group_id: int | None = None
    note: str = ""
    retired_on: date | None = None

    def offered(self, day: date) -> bool:
        """Whether it is offered on that day."""
        return self.retired_on is None or day < self.retired_on


@frozen
class Part:
    """What is in a bundle: a product, and how many of it."""

    product: Product
    quantity: int


@frozen
class Sold:
    """What went out under a product up to a day: pieces, net money, different buyers, and orders.

    Buyers are members, or names where nobody is matched.
    """

    pieces: int = 0
    net_fen: int = 0
    buyers: int = 0
    orders: int = 0
    last_day: date | None = None


@frozen
class ProductRow:
    """A product with what was sold of it. `in_bundles` pieces more went out in bundles."""

    product: Product
    sold: Sold
    in_bundles: int = 0


@frozen
class LooseArticle:
    """An article of orders that is no product yet, with what was sold of it."""

    id: int
    item: str
    sold: Sold


@frozen
class Claim:
    """What somebody says was sold: an amount, in a group of so many members. `price_fen` is the product's own."""

    id: int
    product_id: int
    said: str
    amount_fen: int
    members: int
    day: date


@frozen
class Judged:
    """A claim looked at: buyers are amount ÷ price, the share is of the members it is said of. `why` are sentences."""

    claim: Claim
    buyers: int | None
    share: float | None
    verdict: Verdict
    why: tuple[Reason, ...]


@frozen
class ProductPage:
    """All that is known of one product; `bundles` are those it is a part of."""

    row: ProductRow
    articles: tuple[str, ...]
    parts: tuple[Part, ...]
    bundles: tuple[str, ...]
    topics: tuple[str, ...]
    claims: tuple[Judged, ...]

    @property
    def apart_fen(self) -> int | None:
        """What the parts of a bundle cost one by one; None where one of them has no price."""
        prices = [part.product.price_fen for part in self.parts]
        if not prices or None in prices:
            return None
        return sum((part.product.price_fen or 0) * part.quantity for part in self.parts)


@frozen
class ArticlesTaken:
    """Articles that are a product now: new ones, those that were another product's (article, product), known ones."""

    added: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    already: tuple[str, ...]


@frozen
class LadderRow:
    """A rung: its products, the members who came to it in order, and everybody who bought there in these days.

    `step` is of the rung before that is known, `cumulative` of the first; `median_days` lie between the rung before and
    this one. All are None where nothing tells who was there.
    """

    rung: Rung
    products: tuple[str, ...]
    buyers: int | None
    everybody: int | None
    step: Rate | None
    cumulative: Rate | None
    median_days: float | None


@frozen
class Ladder:
    """How far members climb whose first rung fell in first..last, the rest within `window_days` of it (semantics 3.12).

    `open` of them still have time.
    """

    as_of: date
    first: date
    last: date
    window_days: int
    group: str
    rows: tuple[LadderRow, ...]
    open: int


def checked(product: Product) -> Product:
    """The product as it is stored. Raises BadInput that names the field."""
    for field, known in (("kind", KINDS), ("rung", RUNGS)):
        if getattr(product, field) not in known:
            raise BadInput("{value} is not a choice", where=field, hint="choose one of: {choices}",
                           value=show(str(getattr(product, field))[:40]), choices=", ".join(known))  # fmt: skip
    if product.price_fen is not None and not 0 <= product.price_fen <= MAX_FEN:
        raise BadInput("the amount cannot be: {yuan}", where="price", yuan=yuan(product.price_fen))
    if product.rung == "free" and product.price_fen:
        raise BadInput("what is free has no price", hint="leave the price out, or choose another rung")
    made = {name: getattr(product, name) for name in names(Product)}
    made["name"] = typed_name(product.name, where="name", limit=NAME_LIMIT)
    made["category"] = typed_name(product.category, where="category") if product.category.strip() else ""
    made["note"] = clean_lines(product.note, NOTE_LIMIT)
    return Product(**made)


def kind_typed(text: str) -> Kind:
    """The kind that is meant, by its code or a word for it. Raises BadInput."""
    return _typed(text, KINDS, _KIND_WORDS)


def rung_typed(text: str) -> Rung:
    """The rung that is meant, by its code or a word for it. Raises BadInput."""
    return _typed(text, RUNGS, _RUNG_WORDS)


def _typed(text: str, labels: Mapping[C, str], also: Mapping[C, tuple[str, ...]]) -> C:
    wanted = match_key(text)
    for code, label in labels.items():
        if wanted in {match_key(str(each)) for each in (code, label, _(label), *also[code])}:
            return code
    raise BadInput("{value} is not a choice", hint="choose one of: {choices}", value=show(text[:40]),
                   choices=", ".join(f"{code} ({_(label)})" for code, label in labels.items()))  # fmt: skip


def pieces_typed(text: str) -> tuple[str, int]:
    """A part of a bundle as it is typed: 书签*2 is two of it, 书签 one. Raises BadInput."""
    found = _PIECES().fullmatch(text.strip())
    name, quantity = (found[1], int(found[2])) if found else (text.strip(), 1)
    if not 1 <= quantity <= MOST_PIECES:
        raise BadInput("{value} is out of range", hint="use {least} to {most}", value=quantity, least=1,
                       most=MOST_PIECES)  # fmt: skip
    return name, quantity


def checked_claim(amount_fen: int, members: int) -> None:
    """Whether such a claim can be kept. Raises BadInput."""
    if not 0 < amount_fen <= MAX_FEN:
        raise BadInput("the amount cannot be: {yuan}", yuan=yuan(amount_fen))
    if not 1 <= members <= MOST_MEMBERS:
        raise BadInput("{value} is out of range", where="members", hint="use {least} to {most}", value=members, least=1,
                       most=MOST_MEMBERS)  # fmt: skip


def found(products: Sequence[Product], text: str) -> Product:
    """The product that is meant by name, id, or a part of the name that only one has. Raises NotFound, Ambiguous."""
    key = match_key(text)
    like = meant(products, text) or [each for each in products if key and key in match_key(each.name)]
    one = only(like, N_("several products are called like {text}"), text)
    if one is None:
        raise NotFound(
            "there is no product {text}", hint="see the catalogue: qunguan product list", text=show(text[:40])
        )
    return one


def split(net_fen: int, weights: Sequence[int]) -> list[int]:
    """A sum divided by weights; the parts add up to it. Weights that are all 0 weigh the same."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts, before, run = [], 0, 0
    for weight in weights:
        run += weight
        upto = net_fen * run // whole
        parts.append(upto - before)
        before = upto
    return parts


def weights(lines: Sequence[tuple[int, int | None, int | None]]) -> list[int]:
    """By what an order's money is divided among its lines, each (pieces, its amount, the product's price): by amounts
    where the shop tells all of them, else by the prices of the catalogue, else by pieces.
    """
    told = [amount for _pieces, amount, _price in lines]
    if None not in told:
        return [each or 0 for each in told]
    priced = [None if price is None else price * pieces for pieces, _amount, price in lines]
    if None not in priced:
        return [each or 0 for each in priced]
    return [pieces for pieces, _amount, _price in lines]


def judge(claim: Claim, price_fen: int | None, book_fen: int, doubtful: int | None, implausible: int | None,
          sources: tuple[str, str]) -> Judged:  # fmt: skip
    """Whether a claim can be: its buyers ÷ members against two rules in per cent (None: switched off; S3-29).

    `book_fen` is what the own orders have of the product; `sources` are those of the two rules.
    """
    own = [Reason.of(N_("your own orders have {yuan} yuan of it"), yuan=short_yuan(book_fen))]
    if not price_fen:
        nothing = Reason.of(N_("without a price nobody can tell how many bought"))
        return Judged(claim, None, None, "unknown", (nothing, *(own if book_fen else ())))
    buyers = (claim.amount_fen * 2 + price_fen) // (2 * price_fen)
    share = buyers / claim.members
    sum_said = Reason.of(
        N_("{amount} ÷ {price} yuan ≈ {buyers} buyers; of {members} members that is {percent} %"),
        amount=short_yuan(claim.amount_fen), price=short_yuan(price_fen), buyers=buyers, members=claim.members,
        percent=f"{100 * share:.0f}",
    )  # fmt: skip
    verdict, doubt = _weighed(buyers, claim.members, doubtful, implausible, sources)
    return Judged(claim, buyers, share, verdict, (sum_said, *doubt, *(own if book_fen else ())))


def _weighed(
    buyers: int, members: int, doubtful: int | None, implausible: int | None, sources: tuple[str, str]
) -> tuple[Verdict, tuple[Reason, ...]]:
    percent = round(100 * buyers / members)
    if buyers > members:
        why = N_("more buyers than members: they bought several times, or it was not only this group")
        return "implausible", (Reason.of(why),)
    if implausible is not None and percent >= implausible:
        why = N_("{percent} % of a group or more does not buy one thing ({source})")
        return "implausible", (Reason.of(why, percent=implausible, source=sources[1]),)
    if doubtful is not None and percent > doubtful:
        why = N_("a very good sale reaches {percent} % ({source}): ask how it was counted")
        return "doubtful", (Reason.of(why, percent=doubtful, source=sources[0]),)
    return "plausible", ()


def moved_line(item: str, name: str, before: str) -> str:
    """That an article of orders went from one product to another, in a line."""
    return _("the article “{item}” now counts as the product “{name}”; before it counted as “{before}”",
             item=item, name=name, before=before)  # fmt: skip


def offer_line(hits: Sequence[tuple[Product, str]]) -> str:
    """What fits after what was talked about, in a line; "" where nothing does (S3-25)."""
    named = "、".join(_("{product} ({topic})", product=product.name, topic=topic) for product, topic in hits)
    return _("Afterwards you can offer: {products}", products=named) if hits else ""


def offer_text(page: ProductPage) -> str:
    """What goes into the group about a product: name, price, what is in it, what it is."""
    one = page.row.product
    price = "" if one.price_fen is None else _("¥{yuan}", yuan=short_yuan(one.price_fen))
    told = [" ".join(filter(None, (f"【{one.name}】", price if one.rung != "free" else _("free"))))]
    if page.parts:
        inside = "、".join(
            part.product.name if part.quantity == 1 else f"{part.product.name}×{part.quantity}" for part in page.parts
        )
        told.append(_("In it: {parts}", parts=inside))
        if page.apart_fen is not None and one.price_fen is not None and page.apart_fen > one.price_fen:
            told.append(_("One by one they are ¥{yuan}", yuan=short_yuan(page.apart_fen)))
    return "\n".join([*told, *([one.note] if one.note else [])])
