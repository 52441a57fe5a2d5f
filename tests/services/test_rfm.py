"""RFM against pandas: ties, refunds, same-day orders, past days, both methods; labels, why, and the social axes."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from qunguan.services import checkins, earning, members, orders, rfm, rules
from qunguan.services.rfm_social import social
from qunguan.services.rfm_why import why_rfm
from tests.services.order_kit import entry, sheet
from tests.services.trade_kit import LAST, random_book, standing


def oracle(found: pd.DataFrame, day: date, *, since: date | None = None, merge: bool = True) -> pd.DataFrame:
    inside = found if since is None else found[found.day >= since]
    by = inside.groupby("member")
    return pd.DataFrame(
        {"last": by.day.max(), "orders": by.size(), "days": by.day.nunique(), "net": by.net.sum()}
    ).assign(often=lambda each: each.days if merge else each.orders)


def cut(values: pd.Series, bars: list[int]) -> pd.Series:
    return pd.cut(values, [-float("inf"), *bars, float("inf")], labels=[1, 2, 3, 4, 5], right=False).astype(int)


@pytest.mark.parametrize("merge", ["yes", "no"])
@pytest.mark.parametrize("ago", [0, 45, 400])
@pytest.mark.parametrize("freight", ["in", "out"])
def test_fixed_scores_are_those_of_pandas(desk, ago, merge, freight):
    sold, back = random_book(desk)
    desk.write(rules.change, "order.repeat_merge_same_day", merge)
    desk.write(rules.change, "order.freight", freight)
    desk.write(rules.change, "rfm.money_days", 365)
    day = LAST - timedelta(days=ago)
    rows = standing(sold, back, day, freight_out=freight == "out")
    whole = oracle(rows, day, merge=merge == "yes")
    often = oracle(rows, day, since=day - timedelta(days=89), merge=merge == "yes").often
    much = oracle(rows, day, since=day - timedelta(days=364)).net
    book = desk.read(rfm.rfm, desk.clock, day)
    lines = desk.read(rfm.lines, book)
    assert [line.member_id for line in lines] == list(whole.index)
    told = pd.DataFrame([(x.recency_days, x.orders, x.purchase_days, x.net_fen) for x in lines], index=whole.index)
    whole["ago"] = [(day - last).days for last in whole["last"]]
    assert (told.to_numpy() == whole[["ago", "orders", "days", "net"]].to_numpy()).all()
    whole["f"] = often.reindex(whole.index, fill_value=0)
    whole["m"] = much.reindex(whole.index, fill_value=0)
    assert [line.frequency for line in lines] == list(whole.f)
    assert [line.money_fen for line in lines] == list(whole.m)
    assert [line.r for line in lines] == list(cut(-whole.ago, [-90, -60, -30, -7]))
    assert [line.f for line in lines] == list(cut(whole.f, [2, 3, 4, 9]))
    assert [line.m for line in lines] == list(cut(whole.m, [1, 50_000, 100_000, 500_000]))


@pytest.mark.parametrize("window", [None, 200])
def test_fifths_are_those_of_pandas(desk, window):
    sold, back = random_book(desk, 2000)
    day = LAST - timedelta(days=3)
    rows = standing(sold, back, day)
    whole = oracle(rows, day)
    inside = oracle(rows, day, since=None if window is None else day - timedelta(days=window - 1))
    book = desk.read(rfm.rfm, desk.clock, day, "quintile", window=window)
    assert (book.method, book.fallback, len(book)) == ("quintile", None, len(whole))

    def fifths(values: pd.Series) -> list[int]:
        return [1 + 5 * int(rank - 1) // len(values) for rank in values.rank(method="min")]

    ago = pd.Series([-(day - last).days for last in whole["last"]])
    assert [*book.r] == fifths(ago)
    assert [*book.f] == fifths(inside.days.reindex(whole.index, fill_value=0))
    assert [*book.m] == fifths(inside.net.reindex(whole.index, fill_value=0))


def test_fifths_fall_back_and_say_so(desk):
    random_book(desk, 40)
    few = desk.read(rfm.rfm, desk.clock, None, "quintile")
    assert few.method == "fixed"
    assert str(len(few)) in str(few.fallback)
    assert few.r == desk.read(rfm.rfm, desk.clock, None, "fixed").r
    desk.write(rules.change, "rfm.quintile_buyers", 5)
    desk.write(rules.change, "rfm.quintile_values", 99)
    same = desk.read(rfm.rfm, desk.clock, None, "quintile")
    assert same.method == "fixed"
    assert "99" in str(same.fallback)


def buy(desk, *told, create=True):
    desk.write(orders.import_orders, sheet(*told), create=create)


def test_the_vector_of_the_notes(desk):
    buy(desk, entry(1, yuan=600, paid="2025-08-01 10:00"), entry(2, yuan=500, paid="2025-08-01 21:00"))
    day = date(2025, 8, 20)
    (line,) = desk.read(lambda s: rfm.lines(s, rfm.rfm(s, desk.clock, day)))
    assert (line.recency_days, line.frequency, line.money_fen) == (19, 1, 110_000)
    assert (line.r, line.f, line.m) == (4, 1, 4)
    assert (line.orders, line.purchase_days, line.net_fen, line.key) == (2, 1, 110_000, "小明")
    said = [str(each) for each in desk.read(why_rfm, desk.clock, line.member_id, day)]
    assert any("1100.00" in each for each in said)


def test_who_gave_everything_back_never_bought(desk):
    buy(desk, entry(1, "小明", 100), entry(2, "小红", 100))
    who = desk.read(members.resolve, "小明")
    buy(desk, entry(1, "小明", 100, refund=100, status="refunded"))
    other = desk.write(members.add, "路人").id
    day = LAST
    assert len(desk.read(rfm.rfm, desk.clock, day)) == 1
    assert len(desk.read(rfm.rfm, desk.clock, day - timedelta(days=1))) == 2  # it came back today
    found = desk.read(rfm.labels, desk.clock, day, [who, other])
    assert found == {who: "未消费", other: "未消费"}
    assert "未消费" in str(desk.read(why_rfm, desk.clock, who)[0])


def test_labels_of_some_are_those_of_all(desk):
    random_book(desk, 300)
    some = list(range(1, 300, 3))
    for method in ("fixed", "quintile"):
        desk.write(rules.change, "rfm.method", method)
        whole = desk.read(rfm.labels, desk.clock, LAST)
        part = desk.read(rfm.labels, desk.clock, LAST, some)
        assert part == {member_id: whole.get(member_id, "未消费") for member_id in some}
        book = desk.read(rfm.rfm, desk.clock, LAST)
        assert sum(book.counts().values()) == len(book) == len(whole)


def test_of_a_group_are_those_who_are_in_it_then(desk):
    random_book(desk, 100)
    here = {n for n in range(1, 101) if n % 7}
    everybody = set(desk.read(rfm.rfm, desk.clock, LAST).spent.ids)
    assert set(desk.read(rfm.rfm, desk.clock, LAST, group_id=1).spent.ids) == everybody & here
    before = LAST - timedelta(days=6)
    everybody = set(desk.read(rfm.rfm, desk.clock, before).spent.ids)
    assert set(desk.read(rfm.rfm, desk.clock, before, group_id=1).spent.ids) == everybody


def test_buyers_who_wait_are_told_by_name(desk):
    known = desk.write(members.add, "小明").id
    buy(desk, entry(1, "小明", 100), entry(2, "谁呀", 50), entry(3, "谁呀", 30), create=False)
    lines = desk.read(lambda s: rfm.lines(s, rfm.rfm(s, desk.clock, LAST)))
    assert [(x.member_id, x.key, x.orders, x.frequency, x.net_fen) for x in lines] == [
        (known, "小明", 1, 1, 10_000), (None, "谁呀", 2, 1, 8_000),
    ]  # fmt: skip
    desk.write(orders.settle, "谁呀", "nobody")
    assert len(desk.read(rfm.rfm, desk.clock, LAST)) == 1


def test_social_axes(desk):
    ids = [desk.write(members.add, name, group_id=1).id for name in ("甲子", "乙丑", "丙寅")]
    found = desk.write(checkins.start, "早起", who="all", starts_on=LAST - timedelta(days=3))
    desk.write(checkins.toggle, found.id, ids[0], LAST)
    desk.write(earning.record_deed, "share", [ids[0]])
    desk.write(earning.record_deed, "campaign", [ids[1]], day=LAST - timedelta(days=40))
    axes = desk.read(social, desk.clock)
    assert list(axes) == [ids[0]]
    one = axes[ids[0]]
    assert (one.messages, one.checkins, one.deeds, one.shares, one.spread, one.interaction) == (None, 1, 1, 1, 1, 7)
    assert desk.read(social, desk.clock, None, [ids[2]])[ids[2]].interaction == 0


def test_the_number_of_statements_does_not_grow(desk):
    from sqlalchemy import event

    seen = []
    for people in (20, 200):
        said: list[str] = []
        buy(desk, *(entry(n, f"客人{n}", 10) for n in range(people)))
        desk.read(lambda s, said=said: event.listen(s.conn, "before_cursor_execute", lambda *a: said.append(a[2])))
        desk.read(lambda s: rfm.lines(s, rfm.rfm(s, desk.clock, LAST)))
        seen.append(len(said))
    assert seen[0] == seen[1] or seen[1] == 2 * seen[0]


def test_places_begin_with_who_spent_most_and_follow_segment_and_search(desk):
    buy(desk, entry(1, "甲子", 10), entry(2, "乙丑", 2000), entry(3, "丙寅", 30))
    book = desk.read(rfm.rfm, desk.clock)

    def names(*wanted: str) -> list[str]:
        return [line.name or line.key for line in desk.read(rfm.lines_at, book, desk.read(rfm.places, book, *wanted))]

    assert names() == ["乙丑", "丙寅", "甲子"]
    assert names("", "丙") == ["丙寅"]
    newest = [line.name or line.key for line in desk.read(rfm.lines, book) if line.segment == "新客"]
    assert sorted(names("newcomer")) == sorted(newest)
    assert names("champion", "丙") == []
