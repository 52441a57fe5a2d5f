"""A list of amends as owners keep it: names or numbers, four kinds, yuan to the fen, and what is not taken."""

from __future__ import annotations

import pytest

from qunguan.domain.incident_compensation import Amends
from qunguan.exchange.readers import words
from qunguan.exchange.readers.compensation import read_compensation
from qunguan.exchange.readers.headers import NeedsMapping, find, recognise
from qunguan.exchange.readers.sheets import sheet_from_text


def read(text: str):
    return read_compensation(sheet_from_text(text, "赔付.csv"))


def test_the_four_kinds_and_amounts_to_the_fen():
    told = read(
        "昵称,类型,数值,说明,凭证号\n"
        "阿梨,积分,100,,\n张三,现金,￥12.35,微信转账,T-001\n李四,优惠券,5元,AB12,\nTom,实物,,重发一箱橙子,\n"
        "王姐,coupon,,,QX99\n小满,红包,29.330000000000002,,\n"
    )
    assert [row.amends for row in told.rows] == [
        Amends("points", 100),
        Amends("money", None, 1235, "微信转账", "T-001"),
        Amends("coupon", None, 500, "AB12"),
        Amends("goods", None, None, "重发一箱橙子"),
        Amends("coupon", None, None, "", "QX99"),
        Amends("money", None, 2933),
    ]
    assert [row.who for row in told.rows] == ["阿梨", "张三", "李四", "Tom", "王姐", "小满"]
    assert not told.rejected


def test_english_words_numbers_of_members_and_a_column_of_points():
    told = read("member_id,name,kind,amount,state\n7,阿梨,points,20,promised\n#12,,money,3.5,paid\n")
    assert [(row.who, row.given) for row in told.rows] == [("#7", False), ("#12", True)]
    assert [row.amends.fen for row in told.rows] == [None, 350]
    points = read("昵称,积分\n阿梨,50分\n合计,50\n")
    assert [row.amends for row in points.rows] == [Amends("points", 50)]
    assert [note.row for note in points.skipped] == [3]


def amends(text: str) -> list[Amends]:
    told = read(text)
    assert not told.rejected
    return [row.amends for row in told.rows]


@pytest.mark.parametrize("head", ["金额(元)", "金额（元）", "元", "补偿金额", "红包"])
def test_the_everyday_list_is_of_money(head):
    assert amends(f"昵称,{head},备注\n阿梨,12.50,微信转账\n张三,8,\n") == [
        Amends("money", None, 1250, "微信转账"), Amends("money", None, 800),
    ]  # fmt: skip


def test_columns_of_money_and_of_points_are_a_line_each():
    told = read("昵称,金额,积分,状态\n阿梨,5,,已发\n张三,,30,\n李四,2,10,待发\nTom,,,\n")
    assert [(row.row, row.who, row.amends, row.given) for row in told.rows] == [
        (2, "阿梨", Amends("money", None, 500), True),
        (3, "张三", Amends("points", 30), None),
        (4, "李四", Amends("points", 10), False),
        (4, "李四", Amends("money", None, 200), False),
    ]
    assert [note.row for note in told.rejected] == [5]


@pytest.mark.parametrize("head", ["数值", "数量"])
def test_numbers_that_may_be_anything_are_asked_about(head):
    with pytest.raises(NeedsMapping):
        read(f"昵称,{head},备注\n阿梨,12.50,微信转账\n")


def test_a_coupon_and_goods_may_be_words():
    assert amends(
        "昵称,类型,数值,说明\n阿梨,优惠券,满50减10,DUI1\n张三,券,8.5折,\n李四,实物,两箱橙子,\nTom,券,10元,X\n"
    ) == [
        Amends("coupon", None, None, "满50减10 DUI1"),
        Amends("coupon", None, None, "8.5折"),
        Amends("goods", None, None, "两箱橙子"),
        Amends("coupon", None, 1000, "X"),
    ]
    found = read("昵称,类型,数值\n阿梨,券,12.345\n阿梨,现金,满50减10\n")
    assert [note.row for note in found.rejected] == [2, 3]


def test_a_list_of_our_own_goes_by_the_members_number():
    told = read("成员编号,昵称,类型,数值\n3,阿梨,积分,20\n")
    assert told.rows[0].who == "#3"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("阿梨,抽奖,5,,", "抽奖"),
        ("阿梨,,5,,", "—"),
        ("阿梨,现金,,,", ""),
        ("阿梨,现金,12.345,,", "12.345"),
        ("阿梨,积分,1.5,,", "1.5"),
        (",积分,5,,", ""),
        ("阿梨,积分,5,,看情况", "看情况"),
    ],
)
def test_what_is_not_taken_says_its_row_and_why(line, told):
    found = read(f"昵称,类型,数值,说明,状态\n李四,积分,5,,已发\n{line}\n")
    assert [row.row for row in found.rows] == [2]
    assert [(note.row, told in str(note.reason)) for note in found.rejected] == [(3, True)]


def test_a_header_nobody_knows_is_asked_about_and_can_be_told():
    sheet = sheet_from_text("甲,乙,丙\n阿梨,积分,5\n", "a.csv")
    with pytest.raises(NeedsMapping):
        read_compensation(sheet)
    mapping = recognise(sheet.rows[0].cells, words.AMENDS)
    for column, field in enumerate(("name", "kind", "amount")):
        mapping = mapping.told(column, field)
    assert read_compensation(sheet, mapping).rows[0].amends == Amends("points", 5)
    assert find(sheet, words.AMENDS, needed=())[0] == 0
