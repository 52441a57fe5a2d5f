"""Orders by hand: one entered, one refunded or cancelled, and buyers told who they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.members import NAME_KINDS
from qunguan.domain.money import yuan
from qunguan.domain.names import typed_name
from qunguan.domain.orders import MAX_FEN, OrderChange, OrderLine, Settled, Unmatched
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, order_points, order_scope
from qunguan.services.members_edit import add, get
from qunguan.services.members_index import reindex
from qunguan.services.order_match import Buyer, Matching, full_phone, gathered
from qunguan.store import order_queries as queries
from qunguan.store.members import alias
from qunguan.store.orders import order_line, order_refund, shop_order
from qunguan.store.session import Session

Who = int | Literal["new", "nobody"]


def add_order(
    session: Session,
    clock: Clock,
    member_id: int,
    amount_fen: int,
    *,
    day: date | None = None,
    lines: Sequence[OrderLine] = (),
    number: str = "",
    freight_fen: int = 0,
    note: str = "",
    award: bool = True,
) -> OrderChange:
    """Enter a paid order of a member by hand; `amount_fen` with the freight in it, `day` None is today.

    Raises NotFound for the member, BadInput for a sum or day that cannot be, Refused for a number used before.
    """
    person = get(session, member_id)
    today = clock.today(groups.day_rule(session))
    paid_on = day or today
    _checked_sum(amount_fen)
    if not 0 <= freight_fen <= amount_fen:
        raise BadInput("the freight is more than was paid")
    if paid_on > today:
        raise BadInput("{day} has not come yet", hint="book it on the day, today is {today}", day=paid_on, today=today)
    number = clean(number) or queries.next_number(session)
    if any(queries.by_number(session, [("hand", number)])):
        raise Refused("there is already an order {number} by hand", number=number)
    session.step(N_("Entered an order of {name}"), name=person.name)
    terms = order_points.terms(session, today, award=award)
    order_id = session.insert(
        shop_order, shop="hand", series="", number=number, buyer=person.name, buyer_key=match_key(person.name),
        phone=None, member_id=member_id, matched_by="hand", paid_at=None, biz_date=paid_on, amount_fen=amount_fen,
        freight_fen=freight_fen, status="paid", status_text="", counts=True, told_fen=0,
        **terms.frozen(amount_fen, freight_fen, paid_on), note=clean(note, NOTE_LIMIT), created_at=clock.now(),
    )  # fmt: skip
    session.insert_many(
        order_line,
        (
            {"order_id": order_id, "item": clean(line.item, NOTE_LIMIT), "sku": clean(line.sku),
             "quantity": line.quantity, "amount_fen": line.amount_fen}
            for line in lines
        ),
    )  # fmt: skip
    points = order_points.settle(session, clock, [order_id], fresh={order_id})
    return _change(session, order_id, points)


def refund_order(
    session: Session,
    clock: Clock,
    order_id: int,
    amount_fen: int | None = None,
    *,
    day: date | None = None,
    reason: str = "",
) -> OrderChange:
    """Give money of an order back, all that is left for None, on `day` (None: today); its points follow.

    Raises NotFound, BadInput for a sum or day that cannot be, Refused when so much is not left.
    """
    row = _counting(session, order_id)
    today = clock.today(groups.day_rule(session))
    back_on = day or today
    left = row.amount_fen - row.refunded_fen
    back = left if amount_fen is None else _checked_sum(amount_fen)
    if not row.biz_date <= back_on <= today:
        raise BadInput(
            "money cannot have gone back on {day}", hint="use a day from {paid} to {today}",
            day=back_on, paid=row.biz_date, today=today,
        )  # fmt: skip
    if not 0 < back <= left:
        raise Refused("only {left} yuan of the order are left to give back", left=yuan(left))
    session.step(N_("Gave {yuan} yuan of the order {number} back"), yuan=yuan(back), number=row.number)
    _give_back(session, clock, order_id, back, back_on, reason)
    if back == left:
        session.update(shop_order, order_id, status="refunded")
    return _change(session, order_id, order_points.settle(session, clock, [order_id]))


def cancel_order(session: Session, clock: Clock, order_id: int, *, reason: str = "") -> OrderChange:
    """Cancel an order: what is left of it goes back today. Raises NotFound, Refused when it is cancelled already."""
    row = _order(session, order_id)
    if row.status in ("cancelled", "refunded"):
        raise Refused("the order {number} is cancelled or refunded already", number=show(row.number))
    session.step(N_("Cancelled the order {number}"), number=row.number)
    if row.counts and row.amount_fen > row.refunded_fen:
        today = max(clock.today(groups.day_rule(session)), row.biz_date)
        _give_back(session, clock, order_id, row.amount_fen - row.refunded_fen, today, reason)
    session.update(shop_order, order_id, status="cancelled")
    return _change(session, order_id, order_points.settle(session, clock, [order_id]))


def waiting(session: Session, clock: Clock) -> tuple[Unmatched, ...]:
    """The buyers whose orders wait for the owner, newest first, each with whom it may be by what is known now."""
    rows = queries.waiting_orders(session, clock.today(groups.day_rule(session)))
    buyers = [Buyer(row.shop, row.buyer, row.phone or "") for row in rows]
    matching = Matching(session, buyers)
    return gathered(
        session,
        [
            (row.buyer, row.phone or "", matching.find(buyer, row.biz_date), _net(row))
            for row, buyer in zip(rows, buyers, strict=True)
        ],
    )


def settle(session: Session, clock: Clock, buyer: str, who: Who, *, phone: str | None = None) -> Settled:
    """Say who a buyer is: a member, "new" for one to be made, "nobody" for one to be left out.

    Their waiting orders move, and those with points take them along; where none waits, all orders of that name (with
    that `phone`, if one is given). The name is kept as a former one of the member, and the next import knows it.
    Raises NotFound for a buyer without orders or for the member, BadInput when the name cannot be a member's.
    """
    key = match_key(buyer)
    ids = queries.of_buyer(session, key, phone, waiting=True) or queries.of_buyer(session, key, phone, waiting=False)
    if not ids:
        hint = N_("see who waits: qunguan order waiting")
        raise NotFound("there is no order of {buyer}", hint=hint, buyer=show(buyer[:40]))
    return assign(session, clock, ids, who)


def assign(session: Session, clock: Clock, order_ids: Iterable[int], who: Who) -> Settled:
    """As `settle`, for these orders, which should be of one buyer. Raises NotFound."""
    rows = queries.by_ids(session, order_ids)
    if not rows:
        raise NotFound("there is no such order", hint="see the list of orders")
    buyer = next(iter(rows.values())).buyer
    session.step(N_("Settled the buyer {name}"), name=buyer)
    member_id = None if who == "nobody" else _created(session, clock, rows.values()) if who == "new" else who
    name = get(session, member_id).name if member_id is not None else ""
    by = "nobody" if member_id is None else "hand"
    former = {
        row.id: row.member_id for row in rows.values() if row.member_id is not None and row.member_id != member_id
    }
    moved = session.update_many(
        shop_order, ({"id": order_id, "member_id": member_id, "matched_by": by} for order_id in rows)
    )
    if member_id is not None:
        _remember(session, clock, member_id, buyer)
    fresh = {row.id for row in rows.values() if row.member_id != member_id}
    points = order_points.settle(session, clock, rows, fresh=fresh, former=former)
    return Settled(buyer, member_id, name, moved, points)


def _created(session: Session, clock: Clock, rows: Iterable[Any]) -> int:
    phones = {row.phone for row in rows if row.phone and full_phone(row.phone)}
    name = next(iter(rows)).buyer
    return add(session, clock, typed_name(name), phone=phones.pop() if len(phones) == 1 else "").id


def _remember(session: Session, clock: Clock, member_id: int, buyer: str) -> None:
    """Keep the buyer's name as one the member had, so that it takes the place of no present one."""
    name, key = clean(buyer, NAME_LIMIT), match_key(buyer)
    own = queries.named(session, [key])
    if not key or any(row.member_id == member_id and row.kind in NAME_KINDS for row in own):
        return
    today = clock.today(groups.day_rule(session))
    session.insert(alias, member_id=member_id, kind="nick", text=name, key=key, valid_from=None, valid_to=today)
    reindex(session, [member_id])


def _order(session: Session, order_id: int) -> Any:
    row = queries.by_ids(session, [order_id]).get(order_id)
    if row is None:
        raise NotFound("there is no order #{order}", hint="see the list of orders", order=order_id)
    return row


def _counting(session: Session, order_id: int) -> Any:
    row = _order(session, order_id)
    if not row.counts:
        raise Refused("the order {number} was never paid: nothing can go back", number=show(row.number))
    return row


def _give_back(session: Session, clock: Clock, order_id: int, fen: int, day: date, reason: str) -> None:
    session.insert(
        order_refund, order_id=order_id, amount_fen=fen, biz_date=day, occurred_at=clock.now(),
        reason=clean(reason, NOTE_LIMIT),
    )  # fmt: skip


def _change(session: Session, order_id: int, points: int) -> OrderChange:
    row = _order(session, order_id)
    net = _net(row, freight_out=order_scope.freight_out(session))
    return OrderChange(order_id, row.member_id, row.buyer, row.amount_fen, row.refunded_fen, net, points)


def _net(row: Any, *, freight_out: bool = False) -> int:
    gross = row.amount_fen - row.freight_fen if freight_out else row.amount_fen
    return max(0, gross - row.refunded_fen) if row.counts else 0


def _checked_sum(fen: int) -> int:
    if not 0 < fen <= MAX_FEN:
        raise BadInput("the amount cannot be: {yuan}", yuan=yuan(fen))
    return fen
