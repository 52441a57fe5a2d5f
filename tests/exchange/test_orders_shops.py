"""What the shops export is read order by order: every shape of theirs, every sum to the fen."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from qunguan.domain.errors import BadInput
from qunguan.domain.orders import OrderLine, OrderSheet
from qunguan.domain.rosters import RowNote
from qunguan.exchange.readers.orders import read_orders
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_bytes, sheet_from_text

ORDERS = Path(__file__).parent.parent / "fixtures" / "orders"
EXPECTED = json.loads((ORDERS / "shop_orders_expected_small.json").read_text(encoding="utf-8"))

FULL = "跟团号,下单人,团员备注,支付时间,团长备注,商品,订单金额,退款金额,订单状态,自提点,收货人,联系电话,详细地址\n"
ACROSS = "跟团号,下单人,支付时间,商品,订单金额,订单退款,订单状态,收货人,联系电话,详细地址\n"
PACKING = "跟团号,商品,规格,数量,商品成本价,收货人,联系电话,省,市,区,详细地址,快递公司,快递单号\n"
PER_SKU = (
    "下单序号,接龙号,收货人,联系电话,商品名称,商品编码,规格,数量,商品金额,订单总金额,下单时间,省,市,收货地址,团长ID\n"
)
PER_ORDER = "微信昵称,接龙号,商品合计,订单总金额\n"
YOUZAN = (
    "订单号,订单状态,买家昵称,买家姓名,买家手机号,订单创建时间,买家付款时间,交易成功时间,全部商品名称,商品种类数,"
    "订单商品总件数,商品金额合计,运费,店铺优惠合计\n"
)


at = datetime.fromisoformat


def orders(text: str, **how: Any) -> OrderSheet:
    return read_orders(sheet_from_text(text, "单.csv"), **how)


def workbook(rows: Iterable[Iterable[Any]], *, title: str = "Sheet", merged: Iterable[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for span in merged:
        sheet.merge_cells(span)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def problems(notes: Iterable[RowNote]) -> list[tuple[int, str]]:
    """(row, message ID) of each note."""
    return [(n.row, getattr(dict(n.reason.values).get("problem"), "what", n.reason.what)) for n in notes]


@pytest.mark.parametrize("shop", ["ktt", "youzan", "qunjielong"])
def test_the_sums_of_a_shop_are_what_an_independent_count_says(shop):
    expected = EXPECTED[shop]
    found = read_orders(read_sheet(ORDERS / expected["file"]))
    counted = [entry for entry in found.entries if entry.status == "paid"]
    assert (found.format, found.rejected) == (shop, ())
    assert len(found.entries) == expected.get("rows", expected.get("orders"))
    assert len(counted) == expected.get("valid_orders", expected.get("orders"))
    assert sum(entry.amount_fen - entry.refund_fen for entry in counted) == expected["net_cents_valid"]
    assert sum(entry.amount_fen for entry in found.entries) == expected.get("gross_cents_all_rows", 579257)
    buyers: dict[str, dict[str, Any]] = defaultdict(lambda: {"orders": 0, "monetary_cents": 0, "last_day": ""})
    for entry in counted:
        assert entry.paid_at
        told = buyers[entry.buyer]
        told["orders"] += 1
        told["monetary_cents"] += entry.amount_fen - entry.refund_fen
        told["last_day"] = max(told["last_day"], entry.paid_at.date().isoformat())
    for told in buyers.values():
        told["recency_days"] = (date.fromisoformat(expected["rfm_asof"]) - date.fromisoformat(told["last_day"])).days
    assert buyers == expected["rfm"]


def test_every_sku_row_of_the_fixture_is_a_line_and_no_total_counts_twice():
    found = read_orders(read_sheet(ORDERS / "qunjielong_orders_small.xlsx"))
    assert sum(len(entry.lines) for entry in found.entries) == EXPECTED["qunjielong"]["sku_rows"]
    assert sorted(row for entry in found.entries for row in entry.rows) == list(range(2, 218))
    assert found.lacks == ("status", "refund", "freight")
    assert problems(found.notes) == [(1, "the sheet has no status: all its orders are taken as paid")]
    for entry in found.entries:
        assert sum(line.amount_fen or 0 for line in entry.lines) == entry.amount_fen


def test_kuaituantuan_full():
    found = orders(
        FULL
        + "1,阿梨,少放辣,2024-03-01 09:05:07,,苹果(红)*2;梨*1,￥31.50,0,已支付,桂花里,李女士,138****0001,桂花里3栋\n"
        + '2,小明,,2024/3/1 9:06,,"苹果*1\n梨*3",20元,"5.00",已发货,桂花里,小明,13800000002,\n'
        + "3,小红,,2024年3月1日 9:07,,梨*1,10,10.00,已退款,,小红,,\n"
        + "4,小刚,,,,梨*1,10,,待支付,,小刚,,\n"
        + "5,小刚,,,,梨*1,10,,已取消,,小刚,,\n"
        + "合计,,,,,,81.50,15.00,,,,,\n"
    )
    assert (found.format, found.rejected, problems(found.notes)) == ("ktt", (), [(7, "a total, not an order")])
    assert [(e.number, e.status, e.amount_fen, e.refund_fen) for e in found.entries] == [
        ("1", "paid", 3150, 0),
        ("2", "paid", 2000, 500),
        ("3", "refunded", 1000, 1000),
        ("4", "pending", 1000, 0),
        ("5", "cancelled", 1000, 0),
    ]
    first, second, third = found.entries[:3]
    assert (first.buyer, first.phone, first.note, first.status_text) == ("阿梨", "138****0001", "少放辣", "已支付")
    assert (first.paid_at, third.paid_at) == (at("2024-03-01 09:05:07"), at("2024-03-01 09:07"))
    assert first.lines == (OrderLine("苹果", "红", 2), OrderLine("梨", "", 1))
    assert second.lines == (OrderLine("苹果", "", 1), OrderLine("梨", "", 3))


def test_one_order_has_one_identity_in_every_shape_and_window_of_export():
    rows = [f"{n},客{n},2024-03-01 09:05:{n:02},梨*1,10,0,已支付,客{n},,\n" for n in range(1, 30)]
    full = "".join(f"{n},客{n},,2024-03-01 09:05:{n:02},,梨*1,10,0,已支付,,客{n},,\n" for n in range(1, 30))
    early, whole, late = (orders(ACROSS + "".join(part)) for part in (rows[:10], rows, reversed(rows[5:])))
    identities = {(e.shop, e.series, e.number) for e in whole.entries}
    assert len(identities) == 29
    for part in (early, late, orders(FULL + full)):
        assert {(e.shop, e.series, e.number) for e in part.entries} <= identities


def test_equal_numbers_of_two_lists_are_two_orders_in_one_sheet_or_two():
    one = "1,阿梨,2024-03-01 09:05:07,梨*1,10,0,已支付,阿梨,,\n"
    other = "1,阿梨,2024-03-08 09:05:07,梨*1,10,0,已支付,阿梨,,\n"
    found = orders(ACROSS + one + other)
    assert len({(e.series, e.number) for e in found.entries}) == 2
    assert orders(ACROSS + other).entries == tuple(replace(e, rows=(2,)) for e in found.entries[1:])


def test_an_order_that_is_paid_later_says_what_it_was_known_by():
    unpaid = orders(FULL + "7,阿梨,,,,梨*1,10,,待支付,,李女士,,\n").entries[0]
    paid = orders(FULL + "7,阿梨,,2024-03-01 09:05:07,,梨*1,10,,已支付,,李女士,,\n").entries[0]
    packed = orders(PACKING + "7,梨,,1,3.5,李女士,,,,,,,\n").entries[0]
    assert unpaid.series in paid.also
    assert packed.series in paid.also
    assert paid.series == "2024-03-01 09:05:07"


def test_the_owner_names_the_list():
    text = FULL + "7,阿梨,,2024-03-01 09:05:07,,梨*1,10,,已支付,,,,\n"
    named = orders(text, series=" 三月一日水果 ").entries[0]
    assert (named.series, named.number) == ("三月一日水果", "7")
    assert orders(text).entries[0].series in named.also


def test_a_packing_list_gives_goods_and_says_what_it_cannot_give():
    found = orders(
        PACKING
        + "1,苹果,红,2,3.50,李女士,13800000001,浙江,杭州,西湖,桂花里,顺丰,SF1\n"
        + "1,梨,,1,2.00,李女士,13800000001,浙江,杭州,西湖,桂花里,顺丰,SF1\n"
        + "2,梨,,3件,2.00,小明,13800000002,,,,,,\n"
    )
    assert (found.format, found.rejected) == ("ktt", ())
    assert found.lacks == ("buyer", "amount", "paid_at", "status", "refund", "freight")
    assert [row for row, _what in problems(found.notes)] == [1, 1, 1]
    first, second = found.entries
    assert (first.rows, first.buyer, first.phone, first.status) == ((2, 3), "李女士", "13800000001", "pending")
    assert first.lines == (OrderLine("苹果", "红", 2), OrderLine("梨", "", 1))
    assert (first.amount_fen, first.paid_at) == (0, None)
    assert second.lines == (OrderLine("梨", "", 3),)


def test_a_packing_list_whose_kinds_of_goods_do_not_add_up_says_so():
    head = "跟团号,商品,规格,数量,商品种类数,收货人\n"
    found = orders(head + "1,苹果,红,2,2,李女士\n1,梨,,1,2,李女士\n2,梨,,1,2,小明\n")
    kinds = "the sheet counts {kinds} kinds of goods and lists {listed}"
    assert [note.row for note in found.notes if note.reason.what == kinds] == [4]


def test_qunjielong_per_sku_repeats_the_total():
    found = orders(
        PER_SKU
        + "1,1,李女士,13800000001,苹果,A1,红,2,20.00,33.50,2024-03-01 09:05:07,浙,杭,桂花里,T1\n"
        + "1,1,李女士,13800000001,梨,A2,,1,13.50,33.50,2024-03-01 09:05:07,浙,杭,桂花里,T1\n"
        + "2,2,小明,,梨,A2,,3,13.50,40.50,2024-03-01 09:06:00,,,,T1\n"
        + "3,3,小红,,梨,A2,,1,13.50,10.00,2024-03-01 09:07:00,,,,T1\n"
    )
    assert (found.format, found.rejected) == ("qunjielong", ())
    one, two, three = found.entries
    assert (one.rows, one.buyer, one.amount_fen) == ((2, 3), "李女士", 3350)
    assert one.lines == (OrderLine("苹果", "红", 2, 2000), OrderLine("梨", "", 1, 1350))
    assert two.lines == (OrderLine("梨", "", 3, 4050),)  # 13.50 was the price of one
    assert (three.amount_fen, three.status) == (1000, "paid")
    differs = "the articles come to {sum} yuan, the order to {amount}; the order's own amount is taken"
    assert (5, differs) in problems(found.notes)


def test_rows_that_stand_twice_in_a_file_cost_once():
    row = "1,1,李女士,,苹果,,红,2,20.00,20.00,2024-03-01 09:05:07,,,,\n"
    (order,) = orders(PER_SKU + row + row).entries
    assert (order.amount_fen, order.lines) == (2000, (OrderLine("苹果", "红", 2, 2000),))
    whole = "7,阿梨,,2024-03-01 09:05:07,,梨*1,10,,已支付,,,,\n"
    (order,) = orders(FULL + whole + whole).entries
    assert (order.rows, order.amount_fen, order.lines) == ((2, 3), 1000, (OrderLine("梨"),))


def test_cells_merged_over_the_articles_of_an_order():
    head = PER_SKU.strip().split(",")
    rows: list[list[Any]] = [
        head,
        [1, 1, "李女士", None, "苹果", None, "红", 2, 20, 33.5, at("2024-03-01 09:05:07")],
        [None, None, None, None, "梨", None, None, 1, 13.5],
        [2, 2, "小明", None, "梨", None, None, 1, 13.5, 13.5, at("2024-03-01 09:06")],
    ]
    merged = ["A2:A3", "B2:B3", "C2:C3", "J2:J3", "K2:K3"]
    found = read_orders(sheet_from_bytes(workbook(rows, merged=merged), "单.xlsx"))
    assert [(e.number, e.rows, e.amount_fen, len(e.lines)) for e in found.entries] == [
        ("1", (2, 3), 3350, 2),
        ("2", (4,), 1350, 1),
    ]
    assert found.rejected == ()


def test_qunjielong_per_order():
    text = PER_ORDER + '阿梨,1,"卫衣(黑,L)*2\n帽子(白,均码)*1",258.00\n小明,2,"帽子(白,均码)*1",60\n'
    found = orders(text)
    assert (found.format, found.rejected) == ("qunjielong", ())
    assert found.entries[0].lines == (OrderLine("卫衣", "黑,L", 2), OrderLine("帽子", "白,均码", 1))
    assert [(e.buyer, e.number, e.amount_fen, e.paid_at) for e in found.entries] == [
        ("阿梨", "1", 25800, None),
        ("小明", "2", 6000, None),
    ]
    assert "paid_at" in found.lacks
    assert len([1 for _row, what in problems(found.notes) if "within one list" in what]) == 1
    assert orders(text, day=date(2024, 3, 1)).entries[0].paid_at == at("2024-03-01")


def test_a_list_without_moments_goes_by_its_title_or_by_its_first_order():
    rows = ["阿梨,1,梨*1,10\n", "小明,2,梨*1,10\n", "小红,3,梨*1,10\n"]
    short, longer = (orders(PER_ORDER + "".join(part)) for part in (rows[:2], reversed(rows)))
    assert {e.series for e in short.entries} == {e.series for e in longer.entries}
    other = orders(PER_ORDER + "阿梨,1,苹果*1,10\n")
    assert other.entries[0].series != short.entries[0].series
    titled = [f"接龙标题：{t}\n{PER_ORDER}{rows[0]}" for t in ("三月一日水果", "三月八日水果")]
    assert [orders(text).entries[0].series for text in titled] == ["三月一日水果", "三月八日水果"]
    book = workbook([PER_ORDER.strip().split(","), ["阿梨", 1, "梨*1", 10]], title="春茶团")
    assert read_orders(sheet_from_bytes(book, "单.xlsx")).entries[0].series == "春茶团"
    assert orders(f"订单导出 2024-03-01\n{PER_ORDER}{rows[0]}").entries[0].series not in ("", "订单导出 2024-03-01")


def test_youzan_computes_what_it_does_not_print_and_keeps_long_numbers():
    found = orders(
        YOUZAN
        + "E20240301090507000001\t,交易成功,阿梨🍀,,138****0001,2024-03-01 09:05:00,2024-03-01 09:05:07,,"
        + "苹果(红)(2件);梨(1件),2,3,31.50,6.00,3.00\n"
        + "E20240301090507000002\t,待付款,小明,,,2024-03-01 09:06:00,,,梨(大;小)(1件),1,1,10,0,0\n"
        + "E20240301090507000003\t,交易关闭,,王先生,,2024-03-01 09:06:00,,,梨(1件),1,1,10,0,0\n"
        + "E20240301090507000004\t,待发货,小红,,,2024-03-01 09:06:00,,,梨(1件),1,1,10,20,25\n"
    )
    assert (found.format, found.rejected) == ("youzan", ())
    assert [(e.number[-1], e.buyer, e.status, e.amount_fen, e.freight_fen) for e in found.entries] == [
        ("1", "阿梨🍀", "paid", 3450, 600),
        ("2", "小明", "pending", 1000, 0),
        ("3", "王先生", "cancelled", 1000, 0),
        ("4", "小红", "paid", 500, 500),
    ]
    first, second, *_, last = found.entries
    assert (first.number, first.series, first.also) == ("E20240301090507000001", "", ())
    assert first.lines == (OrderLine("苹果", "红", 2), OrderLine("梨", "", 1))
    assert second.lines == (OrderLine("梨", "大;小", 1),)
    assert (second.paid_at, last.paid_at) == (None, at("2024-03-01 09:06"))
    assert [row for row, _what in problems(found.notes)] == [5]


def test_a_shop_is_known_by_its_columns_under_a_title_and_past_blank_rows():
    text = (
        "桂花里春茶团,,,\n\n导出时间：2024-03-02,,,\n" + FULL + "\n1,阿梨,,2024-03-01 09:05:07,,梨*1,10,0,已支付,,,,\n"
    )
    found = orders(text)
    assert (found.format, found.rejected, found.entries[0].rows) == ("ktt", (), (6,))


def test_a_shop_can_be_named():
    text = "订单号,买家,金额,付款时间,订单状态\nA1,阿梨,10,2024-03-01 09:05:07,交易成功\n"
    assert orders(text).format == "generic"
    assert [(e.shop, e.amount_fen) for e in orders(text, shop="youzan").entries] == [("youzan", 1000)]


@pytest.mark.parametrize("told", ["youzan", "generic"])
def test_a_sheet_of_one_shop_is_not_taken_for_another(told):
    sheet = sheet_from_text(FULL + "1,小明,,2026-03-10 10:00:00,,苹果*1,10.00,0,已支付,,,,\n", "a.csv")
    with pytest.raises(BadInput, match="快团团"):
        read_orders(sheet, shop=told)
