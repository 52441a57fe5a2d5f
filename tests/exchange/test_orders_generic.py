"""Any other table of orders: by its columns, row by row, and every row that is none is said with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.orders import MAX_FEN, OrderEntry, OrderLine, OrderRow, OrderSheet
from qunguan.domain.rosters import RowNote
from qunguan.exchange.readers import words
from qunguan.exchange.readers.headers import NeedsMapping, find
from qunguan.exchange.readers.orders import read_orders
from qunguan.exchange.readers.orders_items import counted, item_lines
from qunguan.exchange.readers.orders_status import status_words
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text
from qunguan.exchange.writers.orders import orders_table
from qunguan.exchange.writers.tables import write_table
from qunguan.i18n import set_language

HEAD = "订单号,买家,付款时间,金额,退款,状态,商品\n"


at = datetime.fromisoformat


def orders(text: str, **how: Any) -> OrderSheet:
    return read_orders(sheet_from_text(text, "单.csv"), **how)


def one(amount: str = "10", *, paid: str = "2024-03-01 09:05", refund: str = "", status: str = "已支付") -> OrderSheet:
    return orders(f'{HEAD}A1,阿梨,{paid},"{amount}","{refund}",{status},梨\n')


def problems(notes: Iterable[RowNote]) -> list[tuple[int, str]]:
    """(row, message ID) of each note, the innermost one."""
    return [(note.row, innermost(note.reason)) for note in notes]


def innermost(reason: Any) -> str:
    values = dict(reason.values)
    return innermost(values["problem"]) if "problem" in values else reason.what


def test_a_sheet_of_ones_own():
    found = orders(
        "春季订单,,,,,,,,,,\n\n订单编号,客户,会员编号,手机号,付款日期,实付金额,运费,退款金额,订单状态,商品,备注\n"
        '="A001",阿梨,0012,13800000001,2024/3/1,"￥1,234.50",12元,,已完成,苹果x2，梨x1,少放糖\n'
        "A002,小明,,,45352.378553240741,20,0,0,paid,苹果,\n"
    )
    assert (found.format, found.rejected, found.notes, found.lacks) == ("generic", (), (), ())
    first, second = found.entries
    assert first == OrderEntry(
        shop="generic", series="", number="A001", buyer="阿梨", rows=(4,), amount_fen=123450, status="paid",
        status_text="已完成", paid_at=at("2024-03-01"), freight_fen=1200, phone="13800000001", member_ref="0012",
        lines=(OrderLine("苹果", "", 2), OrderLine("梨", "", 1)), note="少放糖",
    )  # fmt: skip
    assert (second.paid_at, second.lines) == (at("2024-03-01 09:05:07"), (OrderLine("苹果"),))


def test_the_owner_says_which_column_is_which():
    text = "流水,谁,啥时候,多少钱\nA1,阿梨,2024-03-01,10\n"
    with pytest.raises(NeedsMapping) as refusal:
        orders(text)
    told = refusal.value.guess
    for column, field in enumerate(("order_no", "buyer", "paid_at", "amount")):
        told = told.told(column, field)
    (entry,) = orders(text, mapping=told).entries
    assert (entry.number, entry.buyer, entry.amount_fen) == ("A1", "阿梨", 1000)
    with pytest.raises(BadInput):
        orders("a,b\n1,2\n", mapping=told)
    with pytest.raises(NeedsMapping):
        orders(text, mapping=told.told(3, ""))
    with pytest.raises(NeedsMapping):
        orders(text, mapping=told.told(0, ""))


@pytest.mark.parametrize("head", ["买家,金额", "订单号,金额", "订单号,买家"])
def test_number_buyer_and_amount_are_asked_for(head):
    with pytest.raises(NeedsMapping):
        orders(f"{head},付款时间\nA1,10,2024-03-01\n")


def test_numbers_that_count_within_a_list_are_told_apart_by_their_moment():
    text = "序号,买家,付款时间,金额\n1,阿梨,2024-03-01 09:05:07,10\n"
    sheet = sheet_from_text(text, "单.csv")
    told = find(sheet, words.ORDERS, ())[1].told(0, "order_no")
    assert read_orders(sheet, told).entries[0].series == "2024-03-01 09:05:07"
    days = read_orders(sheet_from_text(text.replace(" 09:05:07", ""), "单.csv"), told)
    assert days.entries[0].series == "2024-03-01 阿梨"
    named = orders("订单号,买家,付款时间,金额,活动名称\nA1,阿梨,2024-03-01,10,春茶\nA1,阿梨,2024-03-01,10,秋茶\n")
    assert [e.series for e in named.entries] == ["春茶", "秋茶"]


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("￥12.5", 1250), ("¥12.50", 1250), ("12元", 1200), ("1,234.50", 123450), ("29.33", 2933), ("0", 0),
        ("29.330000000000002", 2933), ("18.999999999999996", 1900), ("１２．５", 1250), ('=""12.5""', 1250),
        ("12.50\t", 1250), (str(MAX_FEN // 100), MAX_FEN),
    ],
)  # fmt: skip
def test_money_as_people_and_programs_write_it(amount, fen):
    assert [e.amount_fen for e in one(amount).entries] == [fen]


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        ("12.345", "“{value}” has parts of a fen"), ("-5", "{column}: {value} is less than nothing"),
        ("十元", "“{value}” is not a sum of money"), ("", "there is no amount"), ("#REF!", "there is no amount"),
        ("1000000000.01", "{column}: {value} cannot be one order"), ("9" * 30, "{value} is too large a sum"),
        ("(5)", "“{value}” is not a sum of money"), ("1.2E+05", "“{value}” is not a sum of money"),
    ],
)  # fmt: skip
def test_money_that_cannot_be_is_said(amount, problem):
    found = one(amount)
    assert (found.entries, problems(found.rejected)) == ((), [(2, problem)])


@given(st.integers(0, MAX_FEN))
def test_every_sum_is_exact_however_it_is_written(fen):
    text = f"{Decimal(fen) / 100:.2f}"
    for amount in (text, f"￥{text}", f"{text}元", f"{Decimal(fen) / 100:,.2f}"):
        assert [e.amount_fen for e in one(amount).entries] == [fen]


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_sums_of_binary_fractions_are_the_fen_that_were_meant(parts):
    assert [e.amount_fen for e in one(f"{sum(part / 100 for part in parts):.17f}").entries] == [sum(parts)]


@given(st.decimals(0, 10**6, places=6))
def test_parts_of_a_fen_are_never_rounded_away(amount):
    found = one(str(amount))
    whole = amount * 100 == (amount * 100).to_integral_value()
    noise = abs(amount * 100 - (amount * 100).to_integral_value()) <= Decimal("0.0001")
    assert bool(found.entries) == (whole or noise)


@pytest.mark.parametrize(
    ("paid", "moment"),
    [
        ("2024年3月1日 9:05", at("2024-03-01 09:05")), ("2024/3/1 9:05", at("2024-03-01 09:05")),
        ("2024.3.1", at("2024-03-01")), ("45352", at("2024-03-01")), ("20240301", at("2024-03-01")),
        ("2024-03-01T09:05:07", at("2024-03-01 09:05:07")), ("2024-3-1 下午2:05", at("2024-03-01 14:05")),
    ],
)  # fmt: skip
def test_moments_in_every_dress(paid, moment):
    assert [e.paid_at for e in one(paid=paid).entries] == [moment]


@pytest.mark.parametrize(
    ("paid", "problem"),
    [
        ("", "the order is paid, but the day is not told"), ("昨天", "“{value}” is not a date"),
        ("2024-02-30", "there is no such day as {value}"), ("3/1/24", "“{value}” is not a date"),
        ("1024-03-01", "{column}: {value} cannot be its day"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said(paid, problem):
    assert problems(one(paid=paid).rejected) == [(2, problem)]


def test_a_day_is_asked_only_of_what_was_paid():
    assert [e.paid_at for e in one(paid="", status="待付款").entries] == [None]
    found = orders("订单号,买家,金额,状态\nA1,阿梨,10,已支付\n")
    assert [(e.status, e.paid_at) for e in found.entries] == [("paid", None)]
    assert "paid_at" in found.lacks


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("已支付", "paid"), ("已送达", "paid"), ("交易成功", "paid"), ("部分退款", "paid"), ("Paid", "paid"),
        (" 待 支付 ", "pending"), ("交易关闭", "cancelled"), ("已退款", "refunded"),
        ("已支付; 已发货", "paid"), ("已支付(部分退款)", "paid"), ("已支付/已退款", "refunded"),
    ],
)  # fmt: skip
def test_status_words(word, status):
    assert [e.status for e in one(status=word).entries] == [status]


def test_an_unknown_status_is_refused_by_name_until_the_owner_explains_it():
    found = one(status="已揽收")
    assert problems(found.rejected) == [(2, "“{value}” is no status of an order known here")]
    assert "已揽收" in str(found.rejected[0].reason)
    text = f"{HEAD}A1,阿梨,2024-03-01,10,,已揽收,梨\n"
    assert [e.status for e in orders(text, statuses={"已揽收": "paid"}).entries] == ["paid"]
    assert problems(one(status="").rejected) == [(2, "the status is not told")]


def test_every_status_word_means_one_thing_in_its_shop():
    for shop in ("ktt", "youzan", "qunjielong", "generic", "hand"):
        assert set(status_words(shop).values()) == {"pending", "paid", "refunded", "cancelled"}


def test_refunds():
    assert [e.refund_fen for e in one(refund="3.50").entries] == [350]
    assert [e.refund_fen for e in one(refund="无退款").entries] == [0]
    assert [(e.refund_fen, e.status) for e in one(status="已退款").entries] == [(1000, "refunded")]
    assert [(e.refund_fen, e.status) for e in one(status="已退款", refund="4").entries] == [(400, "refunded")]
    assert problems(one(refund="10.01").rejected) == [(2, "more went back than was paid: {refund} of {amount} yuan")]
    assert problems(one(refund="-1").rejected) == [(2, "{column}: {value} is less than nothing")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",阿梨,2024-03-01,10,,已支付,梨", "there is no order number"),
        ("A1,,2024-03-01,10,,已支付,梨", "there is no name"),
        ("2.40301E+17,阿梨,2024-03-01,10,,已支付,梨", "the spreadsheet has shortened the order number to {value}"),
        (
            "240301090507123000,阿梨,2024-03-01,10,,已支付,梨",
            "the spreadsheet has shortened the order number to {value}",
        ),
        ("A1,团团妈,二宝,2024-03-01,10,,已支付,梨", "the row has more cells than the header"),
    ],
)
def test_rows_that_are_no_orders_are_said(row, problem):
    found = orders(f"{HEAD}{row}\nA2,小明,2024-03-01,10,,已支付,梨\n合计,,,20,,,\n{HEAD}")
    assert problems(found.rejected) == [(2, problem)]
    assert problems(found.notes) == [(4, "a total, not an order"), (5, "the header once more")]
    assert [e.number for e in found.entries] == ["A2"]


def test_rows_that_contradict_each_other_are_all_refused():
    found = orders(
        f"{HEAD}A1,阿梨,2024-03-01,10,,已支付,梨\nA2,小明,2024-03-01,10,,已支付,梨\nA1,阿梨,2024-03-01,12,,已支付,梨\n"
    )
    assert [(row, what) for row, what in problems(found.rejected)] == [
        (2, "rows {one} and {other} tell the same order differently: {column}"),
        (4, "rows {one} and {other} tell the same order differently: {column}"),
    ]
    assert [e.number for e in found.entries] == ["A2"]


def test_a_table_of_articles():
    head = "订单号,买家,付款时间,商品,规格,数量,小计,运费\n"
    found = orders(
        f"{head}A1,阿梨,2024-03-01 9:05,苹果,红,2,20,6\nA1,阿梨,2024-03-01 9:05,梨,,1,13.5,6\n"
        "A2,小明,2024-03-02,梨,,0,5,\nA3,小明,2024-03-02,梨,,1,,\n"
    )
    (entry,) = found.entries
    assert (entry.amount_fen, entry.freight_fen, entry.rows) == (3950, 600, (2, 3))
    assert entry.lines == (OrderLine("苹果", "红", 2, 2000), OrderLine("梨", "", 1, 1350))
    assert [row for row, _what in problems(found.rejected)] == [4, 5]
    assert [row for row, _what in problems(found.notes)] == [1]


def test_a_bad_phone_does_not_cost_the_order():
    found = orders("订单号,买家,付款时间,金额,手机号\nA1,阿梨,2024-03-01,10,1.38E+10\n")
    assert [(e.number, e.phone) for e in found.entries] == [("A1", "")]
    assert (2, "the spreadsheet has shortened the phone number to {value}") in problems(found.notes)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("CD光盘*2", [("CD光盘", "", 2)]),
        ("卫衣(黑,L)*2\n帽子*1", [("卫衣", "黑,L", 2), ("帽子", "", 1)]),
        ("苹果(红)(2件);梨(1件)", [("苹果", "红", 2), ("梨", "", 1)]),
        ("苹果（红富士（大））*3箱", [("苹果", "红富士（大）", 3)]),
        ("苹果x2，梨×1、桃 X 3", [("苹果", "", 2), ("梨", "", 1), ("桃", "", 3)]),
        ("鸡蛋,散养,三十枚", [("鸡蛋,散养,三十枚", "", 1)]),
        ("MaxX2", [("MaxX2", "", 1)]),
        ("梨*0", [("梨*0", "", 1)]),
        ("梨(大*3", [("梨(大", "", 3)]),
        ("(红)*2", [("(红)", "", 2)]),
        ("", []),
        (" ;\n ", []),
    ],
)
def test_what_a_cell_of_goods_lists(text, lines):
    assert [(line.item, line.sku, line.quantity) for line in item_lines(text)] == lines


@given(st.text(alphabet="苹果()（）*xX×件;；,，、\n 12A", max_size=60))
def test_any_cell_of_goods_is_read_without_losing_letters(text):
    for line in item_lines(text):
        assert line.item
        assert line.quantity > 0
    assert sum(line.item.count("苹") + line.sku.count("苹") for line in item_lines(text)) == text.count("苹")


@given(st.text(alphabet="苹果红(大)·", min_size=1, max_size=9), st.integers(1, 10**6 - 1))
def test_a_quantity_is_found_at_the_end(name, quantity):
    line = counted(f"{name}*{quantity}")
    assert line is not None
    assert line.quantity == quantity


def test_no_word_heads_two_fields():
    heads = [word for synonyms in words.ORDERS.values() for word in synonyms]
    assert len(heads) == len(set(heads))
    assert all(words.plain(word) == word for word in heads)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_list_of_orders_comes_back_as_the_same_orders(tmp_path, language, suffix):
    def row(number: str, shop: Any, series: str, status: Any, **more: Any) -> OrderRow:
        values: dict[str, Any] = {
            "amount_fen": 1250,
            "refund_fen": 250,
            "net_fen": 1000,
            "member_id": 3,
            "member": "阿梨",
            "points": 10,
        }
        return OrderRow(
            id=1, shop=shop, series=series, number=number, buyer="=阿梨", matched_by="alias",
            day=at("2024-03-01").date(), status=status, status_text="", items="梨*2", **(values | more),
        )  # fmt: skip

    kept = [
        row("1", "ktt", "2024-03-01 09:05:07", "paid"),
        row("1", "qunjielong", "春茶团", "refunded"),
        row("E2024", "youzan", "", "cancelled", member_id=None, member=""),
        row("h1", "hand", "", "pending"),
        row("A1", "generic", "", "paid"),
    ]
    set_language(language)
    try:
        write_table(tmp_path / f"单{suffix}", orders_table(kept, "订单"))
    finally:
        set_language(None)
    found = read_orders(read_sheet(tmp_path / f"单{suffix}"))
    assert found.rejected == ()
    assert [(e.shop, e.series, e.number, e.buyer, e.amount_fen, e.refund_fen, e.status) for e in found.entries] == [
        (r.shop, r.series, r.number, r.buyer, r.amount_fen, r.refund_fen, r.status) for r in kept
    ]
    assert {e.paid_at for e in found.entries} == {at("2024-03-01")}


def test_one_bad_article_refuses_its_order_and_says_whose_fault_it_is():
    head = "订单号,买家,付款时间,商品,数量,金额\n"
    found = orders(f"{head}A1,阿梨,2024-03-01,苹果,2,20\nA1,阿梨,2024-03-01,梨,0,20\nA1,阿梨,2024-03-01,桃,1,20\n")
    other = "the order cannot be taken because of row {row}"
    assert problems(found.rejected) == [(2, other), (3, "{column}: {value} is no quantity"), (4, other)]
    assert {dict(found.rejected[n].reason.values)["row"] for n in (0, 2)} == {3}


def test_somebody_called_total_is_a_buyer_all_the_same():
    found = orders("微信昵称,接龙号,商品合计,订单总金额\n合计,1,梨*1,10\n合计,,,10\n")
    assert [e.buyer for e in found.entries] == ["合计"]
    assert (3, "a total, not an order") in problems(found.notes)


def test_heads_with_their_unit():
    found = orders("订单编号*,买家,付款时间,实付金额（元）,退款金额(单位：元)\nA1,阿梨,2024-03-01,10,1\n")
    assert [(e.amount_fen, e.refund_fen) for e in found.entries] == [(1000, 100)]


CELLS = {
    "order_no": ("1", "2", "2", "3", "", "合计", "1.2E+20"),
    "buyer": ("阿梨", "小明", "", "\x00", "无", "长" * 65),
    "paid_at": ("2024-03-01 09:05:07", "2024-03-02", "", "昨天"),
    "amount": ("10", "12.5", "", "-1", "一百"),
    "status": ("已支付", "待支付", "已退款", "怪", ""),
    "items": ("梨*2", "苹果(红)*1;梨", "", "无"),
    "quantity": ("1", "2", "0", ""),
}


@given(
    st.sampled_from(("跟团号", "订单号", "接龙号")),
    st.sampled_from(("备注", "数量")),
    st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), min_size=1, max_size=12),
)
def test_every_row_is_an_order_or_is_said(number, last, rows):
    head = f"{number},下单人,支付时间,订单金额,订单状态,商品,{last}\n"
    text = "\n".join(",".join(row).replace("\x00", "\u200b") for row in rows)
    found = orders(head + text + "\n")
    told = [row for entry in found.entries for row in entry.rows]
    told += [note.row for note in found.rejected]
    told += [note.row for note in found.notes if note.reason.what == "a total, not an order"]
    there = [n for n, row in enumerate(text.split("\n"), start=2) if row.strip(", ")]
    assert sorted(told) == there
    assert len({(e.shop, e.series, e.number) for e in found.entries}) == len(found.entries)
    for entry in found.entries:
        assert entry.number
        assert entry.buyer
        assert 0 <= entry.refund_fen <= entry.amount_fen <= MAX_FEN
        assert entry.status != "paid" or entry.paid_at is not None
    assert orders(head + text + "\n").entries == found.entries


def test_an_article_twice_in_an_order_without_a_total_is_counted_and_said():
    head = "订单号,买家,付款时间,商品,数量,小计\n"
    row = "A1,阿梨,2024-03-01,梨,1,5\n"
    found = orders(head + row + row)
    assert [e.amount_fen for e in found.entries] == [1000]
    assert (3, "the same article stands here twice, and both are counted") in problems(found.notes)


def test_states_that_exclude_each_other_are_no_status():
    assert problems(one(status="待支付/已支付").rejected) == [(2, "“{value}” is no status of an order known here")]
