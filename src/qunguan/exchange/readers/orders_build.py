"""One order from the rows that speak of it: what they agree on, its money, its day, its identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime, time
from typing import TypeVar, cast

from qunguan.domain import text as texts
from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.orders import MAX_FEN, OrderEntry, OrderStatus, Shop
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers import words
from qunguan.exchange.readers.cells import phone_cell
from qunguan.exchange.readers.orders_articles import articles
from qunguan.exchange.readers.orders_cells import Cells
from qunguan.exchange.readers.orders_groups import Group
from qunguan.exchange.readers.orders_status import status_cell
from qunguan.exchange.readers.persons import plain_name
from qunguan.i18n import N_
from qunguan.values import frozen

T = TypeVar("T")

_MIDNIGHT = time()
UNTOLD = "\0"
"""The series of an order whose list nothing tells: the sheet gives it one when all of it is read."""


@frozen
class Terms:
    """What holds for all orders of a sheet.

    `again`: numbers begin again with every list. `title` is the list's name, `series` the one the owner gave, `day` the
    day of orders in a sheet without days, `told` the status words the owner explained. `lacks` as in `OrderSheet`.
    """

    shop: Shop
    again: bool
    lacks: tuple[str, ...]
    title: str = ""
    series: str | None = None
    day: date | None = None
    told: Mapping[str, OrderStatus] = field(default_factory=dict)


def order(group: Group, terms: Terms) -> tuple[OrderEntry, list[RowNote]]:
    """The order in `group`, and notes. Raises `BadInput` where rows disagree or a cell is not what it should be."""
    notes: list[RowNote] = []
    shop, buyer = _shop(group, terms), _buyer(group)
    freight = _money(group, "freight") or 0
    told = _amount(group, freight)
    status, status_text = _status(group, terms, shop, told)
    amount, refund = told or 0, _money(group, "refund") or 0
    if told is not None and refund > amount:
        raise BadInput(
            "more went back than was paid: {refund} of {amount} yuan", refund=yuan(refund), amount=yuan(amount)
        )
    if told is not None and freight > amount:
        problem = N_("the freight is more than what was paid; all that was paid is taken for freight")
        notes.append(RowNote(group[0].row.number, Reason(problem)))
    paid, ordered = _agreed(group, "paid_at", Cells.moment), _agreed(group, "ordered_at", Cells.moment)
    series, also = _identity(group, ordered or paid, buyer, terms)
    lines, about = articles(group, told)
    entry = OrderEntry(
        shop=shop,
        series=series,
        number=group[0].number(),
        buyer=buyer,
        rows=tuple(cells.row.number for cells in group),
        amount_fen=amount,
        status=status,
        status_text=status_text,
        paid_at=_paid(status, paid, ordered, terms),
        freight_fen=min(freight, amount),
        refund_fen=amount if status == "refunded" and not refund else refund,
        phone=_phone(group, notes),
        member_ref=next(filter(None, (cells.code("member_ref") for cells in group)), ""),
        lines=lines,
        note=_note(group),
        also=also,
    )
    return entry, [*notes, *about]


def _agreed(group: Group, name: str, read: Callable[[Cells, str], T | None]) -> T | None:
    """What the rows say of `name`, empty cells aside. Raises `BadInput` where they contradict each other."""
    found: T | None = None
    by = 0
    for cells in group:
        value = read(cells, name)
        if value is None:
            continue
        if found is not None and value != found:
            raise BadInput(
                "rows {one} and {other} tell the same order differently: {column}",
                hint="Leave the row in that is right.",
                one=by, other=cells.row.number, column=cells.head(name),
            )  # fmt: skip
        found, by = value, by or cells.row.number
    return found


def _text(cells: Cells, name: str) -> str | None:
    return cells.text(name) or None


def _money(group: Group, name: str) -> int | None:
    return _agreed(group, name, Cells.money)


def _buyer(group: Group) -> str:
    """Who bought: the nickname there, or else who receives the goods."""
    name = next((name for name in ("buyer", "receiver") if any(cells.given(name) for cells in group)), "buyer")
    told = _agreed(group, name, lambda cells, name: cells.given(name) or None)
    return plain_name(told or "", group[0].head(name), [])


def _shop(group: Group, terms: Terms) -> Shop:
    """The sheet's shop; in a list of our own the one each row names."""
    told = words.plain(_agreed(group, "shop", _text) or "")
    named = next((shop for shop, names in words.SHOP_NAMES.items() if told in names), None)
    if told and named is None:
        raise BadInput("“{value}” is no shop known here", value=told[:40])
    return cast("Shop", named) if named else terms.shop


def _amount(group: Group, freight: int) -> int | None:
    """What was paid in fen: as told, or goods + freight − discount, or the articles' sum; None where none is told."""
    amount = _money(group, "amount")
    if amount is None:
        goods = _money(group, "goods")
        if goods is None:
            parts = [cells.money("item_amount") for cells in group]
            goods = None if None in parts else sum(part for part in parts if part is not None)
        if goods is None:
            if any(group[0].has(name) for name in ("amount", "goods", "item_amount")):
                raise BadInput("there is no amount")
            return None
        amount = goods + freight - (_money(group, "discount") or 0)
    if not 0 <= amount <= MAX_FEN:
        raise BadInput("{yuan} yuan cannot be what an order cost", yuan=yuan(amount))
    return amount


def _status(group: Group, terms: Terms, shop: Shop, amount: int | None) -> tuple[OrderStatus, str]:
    """(status, the shop's word). A sheet without statuses lists paid orders; one without money too proves nothing."""
    if "status" in terms.lacks:
        return ("pending" if amount is None else "paid"), ""
    word = _agreed(group, "status", _text)
    if word is None:
        raise BadInput("the status is not told", hint="Write 已支付, 待支付, 已退款 or 已取消.")
    return status_cell(word, shop, terms.told), word


def _paid(status: OrderStatus, paid: datetime | None, ordered: datetime | None, terms: Terms) -> datetime | None:
    """When it was paid; shops that do not say sell against payment at once."""
    if paid is not None or status in ("pending", "cancelled"):
        return paid
    if ordered is not None:
        return ordered
    if terms.day is not None:
        return datetime.combine(terms.day, _MIDNIGHT)
    if "paid_at" in terms.lacks:
        return None
    raise BadInput("the order is paid, but the day is not told", hint="Fill it in; an order counts from that day.")


def _identity(group: Group, moment: datetime | None, buyer: str, terms: Terms) -> tuple[str, tuple[str, ...]]:
    """(series, other series the order may be known under).

    Where numbers begin again, the moment of the order tells its list: no later, longer or other export of it changes
    that, while titles come back every week. Before there is a moment the buyer stands for it; a sheet that never has
    one goes by its title.
    """
    own = _agreed(group, "series", _text) or ""
    if not terms.again or group[0].has("shop"):
        return (own, ()) if terms.series is None else (terms.series, ())
    names = (buyer, *(cells.text("receiver") for cells in group))
    known = tuple(dict.fromkeys(texts.match_key(name) for name in names if name))
    if moment is not None:
        known = f"{moment.date()} {known[0]}" if moment.time() == _MIDNIGHT else f"{moment}", *known
    elif terms.series is None and "paid_at" in terms.lacks and "amount" not in terms.lacks:
        return own or terms.title or UNTOLD, ()
    return (known[0], known[1:]) if terms.series is None else (terms.series, known)


def _note(group: Group) -> str:
    told = dict.fromkeys(filter(None, (cells.given("note") for cells in group)))
    return texts.clean_lines("\n".join(told)) if told else ""


def _phone(group: Group, notes: list[RowNote]) -> str:
    for cells in group:
        raw = cells.given("phone")
        if not raw:
            continue
        try:
            return phone_cell(raw)
        except BadInput as error:
            problem = Reason.of(N_("{column}: {problem}"), column=cells.head("phone"), problem=error)
            notes.append(RowNote(cells.row.number, problem))
    return ""
