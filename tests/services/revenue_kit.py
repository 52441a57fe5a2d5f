"""A desk that earns in every way, straight into the tables, and the recount of its raw rows in plain Python."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from qunguan.services import groups, members
from qunguan.services.desk import Desk
from qunguan.store.ads import ad, ad_payment
from qunguan.store.deals import deal, deal_payment
from qunguan.store.members import member, membership
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.plans import plan, subscription, subscription_refund
from tests.conftest import NOW

Row = dict[str, Any]
Moved = tuple[Any, ...]
LAST = NOW.date()
PEOPLE = 60


def earning(desk: Desk, seed: int = 3) -> None:
    """Two groups, people in one, both or none, and half a year of money of every kind, back and forth."""
    desk.write(groups.create, "二群")
    desk.write(members.add_many, [f"会员{who:02}" for who in range(1, PEOPLE + 1)], group_id=1)
    desk.write(lambda session, clock: _put(session, Random(seed)))


def _put(session, dice: Random) -> None:
    session.step("a desk that earns")
    stays = session.rows(membership.select().order_by(membership.c.id))
    channels = ("Tiktok", "tiktok", "门店", "", None)
    session.update_many(member, [{"id": row.member_id, "channel": channels[row.member_id % 5]} for row in stays])
    session.update_many(
        membership, [{"id": row.id, "joined_on": dice.choice((None, ago(400), ago(90), ago(20)))} for row in stays]
    )
    session.insert_many(membership, [
        {"member_id": row.member_id, "group_id": 2, "joined_on": dice.choice((None, ago(300), ago(50)))}
        for row in stays if row.member_id % 3 == 0
    ])  # fmt: skip
    orders, refunds = _orders(dice)
    session.insert_many(shop_order, orders)
    session.insert_many(order_refund, refunds)
    _terms(session, dice, [each for each in orders if each["counts"] and each["member_id"]])
    _fees(session, dice)


def ago(days: int) -> date:
    """So many days before the last one."""
    return LAST - timedelta(days=days)


def _orders(dice: Random) -> tuple[list[Row], list[Row]]:
    orders, refunds = [], []
    for number in range(1, 401):
        who = dice.choice((None, *range(1, PEOPLE + 1), *range(1, 20)))
        day, amount = ago(dice.randrange(180)), dice.choice((0, 1, 990, 5000, 12_345, 99_999))
        freight, counts = min(amount, dice.choice((0, 0, 800))), dice.random() > 0.1
        name = f"路人{number % 7}" if who is None else f"买家{who}"
        orders.append({
            "id": number, "shop": "ktt", "number": str(number), "buyer": name, "buyer_key": name, "member_id": who,
            "matched_by": "unknown" if who is None else "hand", "biz_date": day, "amount_fen": amount,
            "freight_fen": freight, "status": "paid" if counts else "pending", "counts": counts, "created_at": NOW,
        })  # fmt: skip
        left = amount
        while counts and left and dice.random() < 0.4:
            back = dice.choice((left, dice.randint(1, left)))
            left -= back
            refunds.append((number, back, min(LAST, day + timedelta(days=dice.choice((-2, 0, 1, 15, 40, 75))))))
            if dice.random() < 0.2:
                refunds.append((number, -back, refunds[-1][2]))
                left += back
                break
    return orders, [
        {"order_id": number, "amount_fen": back, "biz_date": day, "occurred_at": NOW} for number, back, day in refunds
    ]


def _terms(session, dice: Random, orders: list[Row]) -> None:
    for name, group_id in (("年卡", None), ("季卡", 2)):
        session.insert(plan, name=name, key=name, group_id=group_id, term_days=90, refund_days=7, grace_days=7,
                       created_at=NOW)  # fmt: skip
    paid_by = {each["id"]: each for each in dice.sample(orders, 15)}
    for place, order_id in enumerate([*paid_by, *[None] * 45]):
        by = paid_by.get(order_id, {})
        day, group_id = by.get("biz_date", ago(dice.randrange(180))), dice.choice((None, 1, 2))
        fen = by.get("amount_fen", dice.choice((0, 19_900, 36_500)))
        term = session.insert(
            subscription, plan_id=1 + place % 2, member_id=by.get("member_id", dice.randint(1, PEOPLE)),
            group_id=group_id, starts_on=day, ends_on=day + timedelta(days=89), paid_fen=fen, order_id=order_id,
            biz_date=day, occurred_at=NOW,
        )  # fmt: skip
        if dice.random() < 0.3:  # of what an order paid, the order says what went back
            session.insert(subscription_refund, subscription_id=term, amount_fen=fen // 2, occurred_at=NOW,
                           biz_date=min(LAST, day + timedelta(days=dice.choice((0, 5, 35)))))  # fmt: skip


def _fees(session, dice: Random) -> None:
    for number in range(1, 5):
        session.insert(ad, group_id=1 + number % 2, brand=f"牌子{number % 3}", fit="good", disclosure="广告",
                       price_fen=100, share_bp=500, created_at=NOW)  # fmt: skip
        session.insert(deal, group_id=1 + number % 2, title=f"撮合{number}", kind="match", fee_fen=1, created_at=NOW)
        for _ in range(8):
            fen = dice.choice((50_000, 8_800, -3_000))
            session.insert(ad_payment, ad_id=number, amount_fen=fen, biz_date=ago(dice.randrange(180)), occurred_at=NOW)
            session.insert(deal_payment, deal_id=number, amount_fen=fen + 1, biz_date=ago(dice.randrange(180)),
                           occurred_at=NOW)  # fmt: skip


def recount(path: Path, first: date, last: date, *, freight_out: bool = False) -> list[Moved]:
    """Every fen that moved in these days, from the raw rows: (stream, payer, own group, day, in, back)."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        rows = {name: [dict(row) for row in conn.execute(f"SELECT * FROM {name} ORDER BY id")] for name in (
            "shop_order", "order_refund", "subscription", "subscription_refund", "plan", "ad", "ad_payment", "deal",
            "deal_payment",
        )}  # fmt: skip
    groups_of = {row["id"]: row["group_id"] for row in rows["plan"]}
    term_of = {row["order_id"]: row for row in rows["subscription"] if row["order_id"]}
    found: list[Moved] = []
    for order in rows["shop_order"]:
        if not order["counts"]:
            continue
        term = term_of.get(order["id"])
        payer = ("name", order["buyer_key"]) if order["member_id"] is None else ("member", order["member_id"])
        where = (
            "memberships" if term else "orders",
            payer,
            (term["group_id"] or groups_of[term["plan_id"]]) if term else None,
        )
        worth = order["amount_fen"] - (order["freight_fen"] if freight_out and not term else 0)
        found.append((*where, order["biz_date"], worth, 0))
        gone = kept = 0
        for back in sorted((each for each in rows["order_refund"] if each["order_id"] == order["id"]),
                           key=lambda each: (each["biz_date"], each["id"])):  # fmt: skip
            gone += back["amount_fen"]
            now = gone if gone < worth else worth
            found.append((*where, max(back["biz_date"], order["biz_date"]), 0, now - kept))
            kept = now
    terms = {row["id"]: row for row in rows["subscription"] if not row["order_id"]}
    for term in terms.values():
        where = ("memberships", ("member", term["member_id"]), term["group_id"] or groups_of[term["plan_id"]])
        found.append((*where, term["biz_date"], term["paid_fen"], 0))
        found += [(*where, back["biz_date"], 0, back["amount_fen"]) for back in rows["subscription_refund"]
                  if back["subscription_id"] == term["id"]]  # fmt: skip
    for stream, book, name in (("ads", "ad", "brand"), ("deals", "deal", "id")):
        books = {row["id"]: row for row in rows[book]}
        for paid in rows[f"{book}_payment"]:
            of = books[paid[f"{book}_id"]]
            fen = paid["amount_fen"]
            found.append((stream, (stream, of[name]), of["group_id"], paid["biz_date"], max(fen, 0), max(-fen, 0)))
    return [each for each in found if first.isoformat() <= each[3] <= last.isoformat()]
