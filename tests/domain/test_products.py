"""Products: words as they are typed, money divided to the fen, claims at their bars."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.errors import Ambiguous, BadInput, NotFound
from qunguan.domain.products import (
    Claim,
    Part,
    Product,
    ProductPage,
    ProductRow,
    Sold,
    checked,
    found,
    judge,
    kind_typed,
    offer_line,
    offer_text,
    pieces_typed,
    rung_typed,
    split,
    weights,
)

DAY = date(2026, 3, 20)
SOURCES = ("S3-26", "S3-29")


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_what_is_divided_adds_up(net, by):
    parts = split(net, by)
    assert sum(parts) == net
    assert all(part >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, by, strict=True) if not weight and any(by))
    assert split(net, [1] * len(by)) == split(net, [0] * len(by))


@pytest.mark.parametrize(
    ("lines", "by"),
    [
        ([(1, 300, 9), (2, 700, 1)], [300, 700]),
        ([(1, None, 900), (2, 700, 50)], [900, 100]),
        ([(1, None, None), (2, None, 50)], [1, 2]),
        ([(1, 0, None), (2, 0, None)], [0, 0]),
    ],
)
def test_by_what_an_order_is_divided(lines, by):
    assert weights(lines) == by


def test_words_as_they_are_typed():
    assert [rung_typed(each) for each in ("Trial", "体验", "一对一", "1V1", "no rung")] == [
        "trial", "trial", "personal", "personal", "other",
    ]  # fmt: skip
    assert [kind_typed(each) for each in ("训练营", "bundle", "ＧＯＯＤＳ")] == ["camp", "bundle", "goods"]
    assert [pieces_typed(each) for each in ("书签*2", "书签 × 12", "书签", "*2")] == [
        ("书签", 2), ("书签", 12), ("书签", 1), ("*2", 1),
    ]  # fmt: skip
    for wrong in (lambda: rung_typed("[/]"), lambda: kind_typed(""), lambda: pieces_typed("书签*0")):
        with pytest.raises(BadInput):
            wrong()


def test_who_is_meant():
    known = [Product(1, "书单"), Product(2, "书单合集"), Product(3, "2")]
    assert [found(known, text).id for text in ("书单", "合集", "#2", "2", "3")] == [1, 2, 2, 2, 3]
    with pytest.raises(Ambiguous):
        found(known, "书")
    for text in ("", "没有", "9"):
        with pytest.raises((NotFound, Ambiguous)):
            found(known, text)
    assert checked(Product(0, " 书单 ", note="一\r\n二", category=" ")) == Product(0, "书单", note="一\n二")


@pytest.mark.parametrize(
    ("buyers", "verdict"),
    [(250, "plausible"), (254, "plausible"), (256, "doubtful"), (494, "doubtful"), (496, "implausible"),
     (1000, "implausible"), (1001, "implausible")],
)  # fmt: skip
def test_a_claim_at_its_bars(buyers, verdict):
    claim = Claim(1, 1, "", buyers * 10_000, 1000, DAY)
    told = judge(claim, 10_000, 0, 25, 50, SOURCES)
    assert (told.buyers, told.verdict, len(told.why)) == (buyers, verdict, 1 if verdict == "plausible" else 2)
    assert judge(claim, 10_000, 5, None, None, SOURCES).verdict == ("implausible" if buyers > 1000 else "plausible")
    assert judge(claim, 0, 5, 25, 50, SOURCES).verdict == "unknown"


def test_the_offer_for_the_group():
    pack = Product(1, "礼包", "bundle", price_fen=3500, note="新人入门")
    parts = (Part(Product(2, "书单", price_fen=2990), 1), Part(Product(3, "书签", price_fen=500), 2))
    page = ProductPage(ProductRow(pack, Sold()), (), parts, (), (), ())
    assert offer_text(page) == "【礼包】 ¥35\n里面有：书单、书签×2\n单买要 ¥39.90\n新人入门"
    assert offer_line([(pack, "读书")]) == "聊完可以推：礼包（读书）"
    assert offer_line([]) == ""
    loose = ProductPage(page.row, (), (*parts, Part(Product(4, "茶"), 1)), (), (), ())
    assert loose.apart_fen is None
