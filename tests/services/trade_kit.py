"""A random book of orders written straight into the tables, and the same in a data frame."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pandas as pd
from sqlalchemy import select

from qunguan.services import members
from qunguan.store.members import member, membership
from qunguan.store.orders import order_line, order_refund, shop_order
from tests.conftest import NOW

LAST = NOW.date()
ITEMS = ("面膜", "精华", "苹果", "橙子", "杯子")


def random_book(desk, people: int = 300, seed: int = 7, group_id: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(orders, refunds): many one-time buyers, same-day orders, free ones, refunds in part, whole, later, reversed.

    Every tenth member never buys; every seventh has left the group.
    """
    dice = Random(seed)
    orders: list[tuple[int, int, date, int, int, bool]] = []
    refunds: list[tuple[int, int, date]] = []
    lines: list[tuple[int, str]] = []
    for who in range(1, people + 1):
        if who % 10 == 0:
            continue
        day = LAST - timedelta(days=dice.choice((2, 20, 50, 80, 300, 500)))
        for _ in range(dice.choice((1, 1, 1, 2, 3, 5, 12))):
            day = min(LAST, day + timedelta(days=dice.choice((0, 0, 1, 7, 30))))
            number = len(orders) + 1
            amount = dice.choice((0, 999, 5000, 5000, 12345, 99900, 100000, 600000))
            freight = min(amount, dice.choice((0, 0, 800)))
            counts = dice.random() > 0.05
            orders.append((number, who, day, amount, freight, counts))
            lines += [(number, item) for item in dice.sample(ITEMS, dice.choice((1, 1, 2)))]
            if counts and amount and dice.random() < 0.2:
                back = dice.choice((amount, amount // 2))
                refunds.append((number, back, day + timedelta(days=dice.choice((0, 3, 40)))))
                if dice.random() < 0.3:
                    refunds.append((number, -back // 2 or -1, day + timedelta(days=60)))
    desk.write(members.add_many, [f"会员{who:04}" for who in range(1, people + 1)], group_id=group_id)
    desk.write(lambda session, clock: _store(session, orders, refunds, lines))
    columns = ["order", "member", "day", "amount", "freight", "counts"]
    return pd.DataFrame(orders, columns=columns), pd.DataFrame(refunds, columns=["order", "back", "day"])


def _store(session, orders, refunds, lines) -> None:
    put = session.insert_many
    session.step("a random book")
    people = session.rows(select(member.c.id))
    session.update_many(member, [{"id": row.id, "channel": ("抖音", "门店")[row.id % 2]} for row in people])
    stays = session.rows(select(membership.c.id, membership.c.member_id))
    left = LAST - timedelta(days=5)
    session.update_many(
        membership,
        [
            {"id": row.id, "joined_on": LAST - timedelta(days=600), "left_on": None if row.member_id % 7 else left}
            for row in stays
        ],
    )
    paid = {"shop": "ktt", "matched_by": "hand", "created_at": NOW}
    put(shop_order, [
        {**paid, "id": number, "number": str(number), "buyer": f"买家{who:04}", "buyer_key": f"买家{who:04}",
         "member_id": who, "biz_date": day, "amount_fen": amount, "freight_fen": freight,
         "status": "paid" if counts else "pending", "counts": counts}
        for number, who, day, amount, freight, counts in orders
    ])  # fmt: skip
    put(order_line, [{"order_id": number, "item": item, "quantity": 1} for number, item in lines])
    put(order_refund, [
        {"order_id": number, "amount_fen": back, "biz_date": day, "occurred_at": NOW} for number, back, day in refunds
    ])  # fmt: skip


def standing(orders: pd.DataFrame, refunds: pd.DataFrame, day: date, *, freight_out: bool = False) -> pd.DataFrame:
    """The orders that count at the end of a day with their net, by pandas alone."""
    back = refunds[refunds.day <= day].groupby("order").back.sum().rename("back")
    found = orders[orders.counts & (orders.day <= day)].merge(back, left_on="order", right_index=True, how="left")
    found["back"] = found.back.fillna(0).astype(int)
    gross = found.amount - (found.freight if freight_out else 0)
    found["net"] = (gross - found.back).clip(lower=0)
    return found[(found.back <= 0) | (found.net > 0)]
