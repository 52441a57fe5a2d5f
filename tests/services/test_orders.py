"""The order book: imports, what came later, who bought, and what it adds up to."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import permutations

import pytest
from sqlalchemy import event

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.orders import OrderLine
from qunguan.exchange.readers.orders import read_orders
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.services import groups, history, members, orders, rules
from qunguan.store.orders import order_refund, shop_order
from tests.conftest import FIXTURES
from tests.services.order_kit import entry, on, sheet

FOLDER = FIXTURES / "orders"
EXPECTED = json.loads((FOLDER / "shop_orders_expected_small.json").read_text(encoding="utf-8"))
TODAY = date(2026, 3, 20)


def shop(name: str):
    return read_orders(read_sheet(FOLDER / EXPECTED[name]["file"]))


def take(desk, *entries, create=False, **more):
    return desk.write(orders.import_orders, sheet(*entries, **more), create=create)


def person(desk, name, **more):
    return desk.write(members.add, name, **more).id


def rows(desk, **more):
    return desk.read(lambda s: orders.order_rows(s, orders.order_ids(s, **more), TODAY))


def refunds(desk):
    return [(r.amount_fen, str(r.biz_date)) for r in desk.read(lambda s: s.rows(order_refund.select()))]


# -- the three shops


@pytest.mark.parametrize("name", ["ktt", "youzan", "qunjielong"])
def test_a_shop_adds_up_as_expected(desk, name):
    expected = EXPECTED[name]
    first = desk.write(orders.import_orders, shop(name), create=True)
    again = desk.write(orders.import_orders, shop(name), create=True)
    assert first.created == first.orders == again.unchanged == expected.get("orders", expected.get("rows"))
    assert (again.created, again.updated, first.net_fen, again.net_fen) == (0, 0, *[expected["net_cents_valid"]] * 2)
    found = desk.read(orders.summary, desk.clock, on(expected["rfm_asof"]))
    assert (found.net_fen, found.buyers) == (expected["net_cents_valid"], len(expected["rfm"]))
    spent = desk.read(orders.spendings, on(expected["rfm_asof"]))
    for buyer, told in expected["rfm"].items():
        own = spent[desk.read(members.resolve, buyer)]
        assert (own.orders, own.net_fen) == (told["orders"], told["monetary_cents"]), buyer
        assert str(own.last_day) == told["last_day"]


@pytest.mark.parametrize("order", list(permutations(("ktt", "youzan", "qunjielong")))[::2])
def test_the_shops_in_any_order_twice(desk, order):
    for name in (*order, *reversed(order)):
        desk.write(orders.import_orders, shop(name), create=True)
    found = desk.read(orders.summary, desk.clock, on("1998-06-30"))
    assert found.net_fen == sum(EXPECTED[name]["net_cents_valid"] for name in order)
    assert found.buyers == len({buyer for name in order for buyer in EXPECTED[name]["rfm"]})
    assert found.orders == sum(told["orders"] for name in order for told in EXPECTED[name]["rfm"].values())


# -- what came later


def test_a_longer_export_changes_only_what_is_new(desk):
    take(desk, entry(1), entry(2, status="pending", paid=None), entry(3))
    done = take(desk, entry(1), entry(2, paid="2026-03-18 09:00"), entry(3, refund=30), entry(4))
    assert (done.created, done.updated, done.unchanged) == (1, 2, 1)
    assert (done.paid_fen, done.refunded_fen, done.net_fen) == (40000, 3000, 37000)
    assert refunds(desk) == [(3000, "2026-03-20")]
    assert {row.number: str(row.day) for row in rows(desk)}["2"] == "2026-03-18"


def test_a_refund_told_at_first_is_as_old_as_the_order(desk):
    take(desk, entry(1, refund=30))
    assert refunds(desk) == [(3000, "2026-03-10")]


def test_refunds_in_parts_then_whole_then_less(desk):
    take(desk, entry(1))
    for told in (30, 30, 80, 50):
        take(desk, entry(1, refund=told))
    assert [fen for fen, _day in refunds(desk)] == [3000, 5000, -3000]
    take(desk, entry(1, status="refunded", refund=50))
    assert rows(desk)[0].net_fen == 0
    found = desk.read(orders.summary, desk.clock, on("2026-03-19"))
    assert (found.orders, found.net_fen) == (1, 10000)
    assert desk.read(orders.summary, desk.clock).orders == 0


def test_first_seen_refunded_or_cancelled_never_counted(desk):
    done = take(desk, entry(1, status="refunded", refund=100), entry(2, status="cancelled"))
    assert (done.paid_fen, done.refunded_fen, done.created) == (0, 0, 2)
    assert take(desk, entry(1)).unchanged == 1  # an older export
    assert desk.read(orders.summary, desk.clock).orders == 0


def test_impossible_orders_are_refused_with_their_row(desk):
    bad = (
        entry(1, refund=200, rows=(7,)), entry(2, paid="2026-03-21 10:00", rows=(3,)), entry(3, freight_fen=20000),
        entry(4), entry(4, yuan=5, rows=(9,)),
    )  # fmt: skip
    done = take(desk, *bad)
    assert (done.created, [note.row for note in done.rejected]) == (1, [2, 3, 7, 9])
    assert all(str(note.reason) for note in done.rejected)


def test_a_sheet_that_lacks_something_forgets_nothing(desk):
    take(desk, entry(1, refund=30, phone="13800000001", note="少冰", freight_fen=500))
    known = take(
        desk, entry(1, yuan=0, paid=None, status="pending", lines=(OrderLine("苹果", "大", 2),)),
        lacks=("amount", "paid_at", "status", "refund", "freight"),
    )  # fmt: skip
    assert (known.updated, known.net_fen) == (1, 7000)
    (row,) = rows(desk)
    detail = desk.read(orders.order_detail, row.id, TODAY)
    assert (row.status, detail.phone, detail.note, detail.freight_fen) == ("paid", "13800000001", "少冰", 500)
    assert detail.lines == (OrderLine("苹果", "大", 2),)
    assert take(desk, entry(1, refund=30, phone="13800000001", note="少冰", freight_fen=500)).unchanged == 1


def test_a_pending_order_is_found_again_under_its_moment(desk):
    take(desk, entry(1, series="小明", status="pending", paid=None))
    done = take(desk, entry(1, series="2026-03-10 10:00:00", also=("小明",)))
    assert (done.created, done.updated) == (0, 1)
    assert take(desk, entry(1, series="2026-03-10 10:00:00", also=("小明",))).unchanged == 1


def test_one_pending_order_becomes_one_paid_order(desk):
    take(desk, entry(1, series="2026-03-09 小明", status="pending", paid=None))
    told = (entry(1, series="2026-03-10 10:00:00"), entry(1, series="2026-03-11 11:00:00", yuan=30, rows=(3,)))
    done = take(desk, *told)
    assert (done.created, done.updated, done.rejected) == (1, 1, ())
    assert take(desk, *told).unchanged == 2


def test_a_day_begins_when_the_group_says(desk):
    from dataclasses import replace

    group = desk.read(groups.find)
    desk.write(groups.update, replace(group, day_start=4))
    take(desk, entry(1, paid="2026-03-10 02:00"), entry(2, paid="2026-03-10 00:00"))
    assert {row.number: str(row.day) for row in rows(desk)} == {"1": "2026-03-09", "2": "2026-03-10"}


def test_undo_and_redo_of_an_import(desk):
    take(desk, entry(1, buyer="小花"), create=True)
    desk.write(history.undo)
    assert desk.read(orders.summary, desk.clock).orders == 0
    desk.write(history.redo)
    assert desk.read(orders.summary, desk.clock).orders == 1


def test_a_large_import_takes_no_more_statements(desk):
    def statements(count, first):
        entries = [entry(first + n, buyer=f"买家{first}甲{n % 50}", paid="2026-03-10 10:00") for n in range(count)]
        seen = []
        engine = desk.store.engine
        event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        take(desk, *entries, create=True)
        return len(seen)

    few = statements(100, 10)
    assert statements(1000, 1000) <= few + 10


# -- who bought


def test_by_id_then_phone_then_the_name_of_that_day(desk):
    one, two, three = person(desk, "小明", phone="13800000001"), person(desk, "阿梨"), person(desk, "旧名")
    desk.write(members.set_alias, two, "wechat_id", "ali_01")
    take(
        desk, entry(1, buyer="谁", member_ref="ali_01"), entry(2, buyer="谁2", phone="13800000001"),
        entry(3, buyer="旧名"), entry(4, buyer="谁3", member_ref=f"#{three}"),
        entry(5, buyer="谁4", member_ref=str(one)),
    )  # fmt: skip
    found = {row.number: (row.member_id, row.matched_by) for row in rows(desk)}
    assert found == {
        "1": (two, "id"),
        "2": (one, "phone"),
        "3": (three, "alias"),
        "4": (three, "id"),
        "5": (None, "unknown"),
    }


def test_namesakes_are_told_apart_by_a_masked_phone_or_wait(desk):
    one, two = person(desk, "小雨", phone="13800000001"), person(desk, "小雨", phone="13900000002")
    done = take(
        desk, entry(1, buyer="小雨", phone="139****0002"), entry(2, buyer="小雨"),
        entry(3, buyer="小雨", phone="13800000001"),
        create=True,
    )  # fmt: skip
    assert {row.number: row.member_id for row in rows(desk)} == {"1": two, "2": None, "3": one}
    (waits,) = done.unmatched
    assert (waits.doubtful, [who for who, _name in waits.candidates]) == (True, [one, two])


def test_a_name_two_people_had_is_whose_it_was_then(desk):
    from dataclasses import replace

    first = person(desk, "团长", joined_on=on("2026-01-01"), group_id=1)
    desk.write(members.edit, replace(desk.read(members.get, first), name="退位的"))
    second = person(desk, "团长", joined_on=on("2026-03-20"), group_id=1)
    take(desk, entry(1, buyer="团长", paid="2026-02-01 10:00"), entry(2, buyer="团长", paid="2026-03-20 10:00"))
    assert {row.number: row.member_id for row in rows(desk)} == {"1": first, "2": second}


def test_another_members_phone_beside_a_known_name_waits(desk):
    person(desk, "小明", phone="13800000001")
    other = person(desk, "阿梨")
    done = take(desk, entry(1, buyer="阿梨", phone="13800000001"))
    assert done.unmatched[0].doubtful
    assert other in {who for who, _name in done.unmatched[0].candidates}


def test_create_makes_members_of_unknown_buyers_only(desk):
    person(desk, "陈伊敏")
    fresh = entry(2, buyer="全新的人", phone="13700000009")
    done = take(desk, entry(1, buyer="陈艺敏"), fresh, entry(3, buyer="全新的人"), create=True)
    assert (done.new_members, [each.buyer for each in done.unmatched]) == (1, ["陈艺敏"])
    assert desk.read(members.get, desk.read(members.resolve, "全新的人")).phone == "13700000009"
    assert take(desk, fresh).unchanged == 1


def test_a_roster_that_comes_later_settles_who_waits(desk):
    take(desk, entry(1, buyer="小花"))
    flower = person(desk, "小花")
    done = take(desk, entry(1, buyer="小花"))
    assert (done.updated, rows(desk)[0].member_id, done.points) == (1, flower, 100)


def test_settling_is_remembered_and_moves_points(desk):
    one, two = person(desk, "阿梨"), person(desk, "团妈")
    take(desk, entry(1, buyer="shop_77"), entry(2, buyer="shop_77", yuan=50, paid="2026-03-11 10:00"))
    assert [each.orders for each in desk.read(orders.waiting, desk.clock)] == [2]
    done = desk.write(orders.settle, "shop_77", one)
    assert (done.orders, done.points) == (2, 150)
    assert take(desk, entry(3, buyer="Shop_77", paid="2026-03-12 10:00")).points == 100
    assert rows(desk)[0].matched_by == "hand"
    moved = desk.write(orders.settle, "shop_77", two)
    assert (moved.orders, moved.points) == (3, 0)
    assert set(desk.read(orders.spendings, TODAY)) == {two}
    left_out = desk.write(orders.settle, "shop_77", "nobody")
    assert (left_out.points, desk.read(orders.spendings, TODAY)) == (-250, {})
    assert take(desk, entry(4, buyer="shop_77")).unmatched == ()
    made = desk.write(orders.settle, "shop_77", "new")
    assert (made.name, made.orders) == ("shop_77", 4)
    for _ in range(2):
        desk.write(history.undo)
    desk.write(history.redo)
    with pytest.raises(NotFound):
        desk.write(orders.settle, "没有这人", one)


# -- by hand


def test_an_order_by_hand_refunded_and_cancelled(desk):
    one = person(desk, "小明")
    done = desk.write(orders.add_order, one, 8850, lines=[OrderLine("书")], day=on("2026-03-18"))
    assert (done.net_fen, done.points) == (8850, 88)
    part = desk.write(orders.refund_order, done.id, 850, reason="缺货")
    assert (part.net_fen, part.points) == (8000, -8)
    with pytest.raises(Refused):
        desk.write(orders.refund_order, done.id, 8001)
    with pytest.raises(BadInput):
        desk.write(orders.refund_order, done.id, 1, day=on("2026-03-17"))
    stopped = desk.write(orders.cancel_order, done.id)
    assert (stopped.net_fen, stopped.points) == (0, -80)
    with pytest.raises(Refused):
        desk.write(orders.cancel_order, done.id)
    desk.write(history.undo)
    assert desk.read(orders.summary, desk.clock).net_fen == 8000
    desk.write(history.redo)


@pytest.mark.parametrize("bad", [{"amount_fen": 0}, {"freight_fen": 999}, {"day": on("2026-03-21")}])
def test_an_impossible_order_by_hand(desk, bad):
    one = person(desk, "小明")
    with pytest.raises(BadInput):
        desk.write(orders.add_order, one, **{"amount_fen": 100, **bad})


# -- looking


def test_freight_out_is_no_spending(desk):
    one = person(desk, "小明")
    desk.write(rules.change, "order.freight", "out")
    done = take(desk, entry(1, freight_fen=1000))
    assert (done.net_fen, done.points) == (9000, 90)
    desk.write(rules.change, "order.freight", "in")
    assert desk.read(orders.spendings, TODAY)[one].net_fen == 10000
    assert desk.read(orders.differences) == []


def test_lists_filter_and_search(desk):
    one = person(desk, "小明")
    take(
        desk,
        entry(1, lines=(OrderLine("赣南脐橙", "5斤"),)),
        entry(2, refund=1),
        entry(3, buyer="路人", paid="2026-03-12 10:00"),
    )

    def numbers(**more):
        return [row.number for row in rows(desk, **more)]

    assert numbers() == ["3", "2", "1"]
    assert (numbers(which="waiting"), numbers(which="refunded"), numbers(member_id=one)) == (["3"], ["2"], ["2", "1"])
    assert (numbers(search="脐橙"), numbers(search="路人"), numbers(search="小明"), numbers(search="%")) == (
        ["1"], ["3"], ["2", "1"], []
    )  # fmt: skip


def test_money_days_add_up_to_spending_on_every_day(desk):
    one = person(desk, "小明")
    take(desk, entry(1), entry(2, yuan=50, paid="2026-03-12 10:00", refund=20))
    take(desk, entry(1, status="refunded"))
    changes = desk.read(orders.money_days, None, TODAY)[one]
    for back in range(12):
        day = TODAY - timedelta(days=back)
        told = [change for change in changes if change.day <= day]
        spent = desk.read(orders.spendings, day).get(one)
        assert (sum(c.fen for c in told), sum(c.orders for c in told)) == (
            (spent.net_fen, spent.orders) if spent else (0, 0)
        )
    assert desk.read(orders.purchase_days, [one], TODAY) == {one: (on("2026-03-12"),)}


def test_why(desk):
    person(desk, "小明")
    desk.write(rules.change, "order.capped", "yes")
    take(desk, entry(1, yuan=300, refund=50))
    (row,) = rows(desk)
    found = desk.read(orders.order_detail, row.id, TODAY)
    assert found.points is not None
    assert (found.points.base, found.points.awarded, found.points.cap_id) == (250, 100, "points.rule_day_cap")
    assert any("S1-26" in str(reason) for reason in found.why)
    with pytest.raises(NotFound):
        desk.read(orders.order_detail, 99, TODAY)


def test_the_doctor_sees_refunds_above_the_amount(desk):
    person(desk, "小明")
    take(desk, entry(1, refund=20))

    def spoil(session, clock):
        session.step("spoilt")
        session.insert(order_refund, order_id=1, amount_fen=9000, biz_date=TODAY, occurred_at=clock.now())
        assert orders.differences(session)

    desk.rehearse(spoil)
    assert desk.read(lambda s: s.get(shop_order, 1)).told_fen == 2000


def test_an_erased_buyer_is_nobody_on_the_orders(desk):
    one = person(desk, "小明")
    take(desk, entry(1, phone="13800000001", note="给妈妈"))
    take(desk, entry(1, phone="13800000001", note="给妈妈", refund=10))
    desk.write(members.erase, one)
    (row,) = rows(desk)
    assert (row.buyer, row.net_fen) == ("—", 9000)
    assert take(desk, entry(1, phone="13800000001", note="给妈妈", refund=10)).unchanged == 1
    assert desk.read(orders.order_detail, row.id, TODAY).phone == ""
    kept = desk.read(lambda s: str(s.conn.exec_driver_sql("SELECT before FROM change").all()))
    assert "13800000001" not in kept
    assert "给妈妈" not in kept


def test_a_spreadsheet_that_lost_the_seconds_brings_the_same_orders(desk):
    person(desk, "小明")
    take(desk, entry(502, series="2026-03-10 22:00:31", paid="2026-03-10 22:00:31"))
    again = take(desk, entry(502, series="2026-03-10 22:00:00", paid="2026-03-10 22:00"))
    assert (again.created, again.points) == (0, 0)
    other = take(desk, entry(502, series="2026-03-10 22:01:00", paid="2026-03-10 22:01"))
    assert other.created == 1
