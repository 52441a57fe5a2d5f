"""The sums of buyers follow every write by themselves, and RFM of today says from them what it says from the rows."""

from __future__ import annotations

import random
from dataclasses import fields
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from qunguan.domain.errors import UserError
from qunguan.services import buyers, doctor, history, members, orders, rfm, rules
from qunguan.services.members_merge import merge as merge_members
from qunguan.store import buyer_queries
from qunguan.store.buyers import buyer
from qunguan.store.orders import shop_order
from tests.services.order_kit import entry, sheet
from tests.services.trade_kit import LAST, random_book

AFTER = LAST + timedelta(days=200)  # everything of the book is over by then


def sums(desk):
    return [tuple(row) for row in desk.read(lambda session: session.rows(select(buyer).order_by(buyer.c.id)))]


def columns(book):
    own = [getattr(book, each.name) for each in fields(book) if each.name != "spent"]
    return own + [getattr(book.spent, each.name) for each in fields(book.spent)]


def same_from_rows(desk, monkeypatch, day, *asked, **how):
    """The book of a day from the sums, after it was seen to be the same from the rows."""
    assert desk.read(buyer_queries.tell_of, day)
    book = desk.read(rfm.book_of, day, *asked, **how)
    with monkeypatch.context() as patch:
        patch.setattr(buyer_queries, "tell_of", lambda session, day: False)
        assert columns(desk.read(rfm.book_of, day, *asked, **how)) == columns(book)
    return book


@pytest.mark.parametrize("merge", ["yes", "no"])
@pytest.mark.parametrize("freight", ["in", "out"])
def test_books_from_the_sums_are_those_from_the_rows(desk, monkeypatch, merge, freight):
    random_book(desk, 400)
    desk.write(rules.change, "order.repeat_merge_same_day", merge)
    desk.write(rules.change, "order.freight", freight)
    assert desk.read(buyers.differences) == ()
    for window in (None, 220, 300):
        for method in ("fixed", "quintile"):
            assert len(same_from_rows(desk, monkeypatch, AFTER, method, window=window)) > 100
            same_from_rows(desk, monkeypatch, AFTER, method, 1, window)
            same_from_rows(desk, monkeypatch, AFTER, method, window=window, ids=[*range(3, 300, 2)])


def test_what_is_not_over_yet_is_read_from_the_rows(desk):
    desk.write(orders.import_orders, sheet(entry(1), entry(2, paid="2026-03-12 10:00")), create=True)
    assert desk.read(buyer_queries.tell_of, date(2026, 3, 12))
    assert not desk.read(buyer_queries.tell_of, date(2026, 3, 11))
    assert [*desk.read(rfm.book_of, date(2026, 3, 11), "fixed").spent.orders] == [1]
    desk.write(orders.refund_order, 1, 2_000, day=date(2026, 3, 14))
    assert not desk.read(buyer_queries.tell_of, date(2026, 3, 13))
    assert [*desk.read(rfm.book_of, date(2026, 3, 13), "fixed").spent.fen] == [20_000]
    assert [*desk.read(rfm.book_of, date(2026, 3, 14), "fixed").spent.fen] == [18_000]


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_follow_every_write(desk, monkeypatch, seed):
    dice = random.Random(seed)
    names = [f"买家{number}" for number in range(8)]
    desk.write(members.add_many, names[:4])
    day = date(2026, 3, 1)

    def known(column):
        return desk.read(lambda session: [row[0] for row in session.rows(select(column).order_by(column))])

    def some_order():
        return dice.choice(known(shop_order.c.id) or [1])

    def who():
        return dice.choice(desk.read(members.view_ids) or [1])

    def imported():
        told = [
            entry(number, dice.choice(names), dice.choice((0, 30, 100, 700)), f"2026-03-{dice.randint(1, 9):02} 10:00",
                  refund=dice.choice((0, 0, 10, 30)) if dice.random() < 0.3 else 0,
                  status=dice.choice(("paid", "paid", "pending", "cancelled")))
            for number in dice.sample(range(30), 4)
        ]  # fmt: skip
        desk.write(orders.import_orders, sheet(*told), create=dice.random() < 0.3)

    writes = [
        imported,
        imported,
        lambda: desk.write(orders.add_order, who(), 5_000, day=day, freight_fen=800),
        lambda: desk.write(orders.refund_order, some_order(), dice.choice((None, 500, 4_200)), day=day),
        lambda: desk.write(orders.cancel_order, some_order()),
        lambda: desk.write(orders.settle, dice.choice(names), dice.choice(["nobody", "new", who()])),
        lambda: desk.write(orders.assign, [some_order()], who()),
        lambda: desk.write(merge_members, who(), who()),
        lambda: desk.write(rules.change, "order.freight", dice.choice(("in", "out"))),
        lambda: desk.write(history.undo),
        lambda: desk.write(history.undo),
        lambda: desk.write(history.redo),
    ]
    done = 0
    for _turn in range(60):
        try:
            dice.choice(writes)()
        except UserError:  # an order that has no more to give back, a merge with oneself: nothing was written
            continue
        done += 1
        assert desk.read(buyers.differences) == ()
        if done % 10 == 0:
            same_from_rows(desk, monkeypatch, AFTER, "fixed", window=250)
    assert done > 25


def test_undo_and_redo_move_the_sums(desk):
    desk.write(orders.import_orders, sheet(entry(1), entry(2, "小红", 50)), create=True)
    before = sums(desk)
    assert [row[3:] for row in before] == [(1, 1, 10_000), (1, 1, 5_000)]
    desk.write(orders.refund_order, 1, day=date(2026, 3, 12))
    assert sums(desk) == before[1:]  # all of it went back: no buyer
    desk.write(history.undo)
    assert sums(desk) == before
    desk.write(history.undo)
    assert sums(desk) == []
    desk.write(history.redo)
    assert sums(desk) == before


def test_doctor_names_a_damaged_sum_and_rebuild_mends_it(desk):
    desk.write(orders.import_orders, sheet(entry(1), entry(2, "小红", 50)), create=True)
    sound = sums(desk)
    damages = (
        update(buyer).where(buyer.c.id == 1).values(net_fen=1),
        update(buyer).where(buyer.c.id == 1).values(first_on=date(2020, 1, 1)),
        delete(buyer).where(buyer.c.id == 1),
        text("INSERT INTO buyer VALUES (99, '2026-03-01', '2026-03-01', 1, 1, 5)"),
    )
    for damage in damages:
        desk.write(lambda session, clock, damage=damage: session.conn.execute(damage))
        (found,) = (each for each in desk.read(doctor.check) if not each.ok)
        assert found.name == "orders"
        assert "buyer: " in found.detail
        desk.write(lambda session, clock: buyers.rebuild(session))
        assert sums(desk) == sound
