"""The money view to the fen, against a recount of the raw rows: streams, months, groups, channels, past days, undo."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import date, timedelta

import pytest

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.revenue import ADS, DEALS, NOT_TOLD, STRANGER, end_of, label, month_of, months_to, terms
from qunguan.services import ads, deals, groups, history, members, orders, plans, revenue, rules, trade
from tests.services.revenue_kit import LAST, Moved, ago, earning, recount

MARCH, FEBRUARY = date(2026, 3, 1), date(2026, 2, 1)


def told(each):
    return each.gross_fen, each.refunds_fen, each.orders, each.buyers


def added(rows):
    """Came in, went back, payments, payers: as a row of the view tells it."""
    return (sum(row[4] for row in rows), sum(row[5] for row in rows), sum(row[4] > 0 for row in rows),
            len({row[1] for row in rows if row[4] > 0}))  # fmt: skip


def grouped(rows, key):
    found: defaultdict[object, list[Moved]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return {name: added(own) for name, own in found.items()}


@pytest.mark.parametrize("freight", ["in", "out"])
def test_a_month_closes_to_the_fen(desk, freight):
    """Done means: orders, memberships, ads, fees and refunds, each month and the half year, against the raw rows."""
    earning(desk)
    desk.write(rules.change, "order.freight", freight)
    days = [(day, min(end_of(day), LAST)) for day in months_to(LAST, 6)] + [(ago(200), LAST)]
    for first, last in days:
        rows = recount(desk.path, first, last, freight_out=freight == "out")
        found = desk.read(revenue.revenue, desk.clock, first=first, last=last)
        own = grouped(rows, lambda row: row[0])
        assert {each.key: told(each) for each in found.rows} == {
            stream: own.get(stream, (0, 0, 0, 0)) for stream in ("orders", "memberships", "ads", "deals")
        }
        assert told(found.total) == added(rows)
        assert found.total.net_fen == sum(each.net_fen for each in found.rows)


def test_rows_by_month_group_and_channel_close_too(desk):
    """A member of two groups, and a channel spelled twice, are told once; everybody counts once in the total."""
    earning(desk)
    first = ago(150)
    rows = recount(desk.path, first, LAST)
    with closing(sqlite3.connect(desk.path)) as conn:
        joined = dict(conn.execute(
            "SELECT member_id, group_id FROM (SELECT member_id, group_id, row_number() OVER (PARTITION BY member_id "
            "ORDER BY coalesce(joined_on, '0'), id) AS n FROM membership) WHERE n = 1"
        ))  # fmt: skip
        came = dict(conn.execute("SELECT id, lower(channel) FROM member"))
    names = {1: "早起读书群", 2: "二群", None: NOT_TOLD}

    def group(row):
        return names[row[2] or (joined[row[1][1]] if row[1][0] == "member" else None)]

    def channel(row):
        if row[0] in ("ads", "deals"):
            return {"ads": ADS, "deals": DEALS}[row[0]]
        return STRANGER if row[1][0] == "name" else came[row[1][1]] or NOT_TOLD

    for by, key in (("month", lambda row: row[3][:7]), ("group", group), ("channel", channel)):
        found = desk.read(revenue.revenue, desk.clock, by=by, first=first, last=LAST)
        assert {each.key if by == "group" else each.key.lower(): told(each) for each in found.rows} == grouped(
            rows, key
        ), by
        assert told(found.total) == added(rows)
    assert desk.read(revenue.revenue, desk.clock, by="month", first=date(1990, 1, 1)).rows[0].key == month_of(ago(179))
    for group_id in (1, 2):
        own = [row for row in rows if group(row) == names[group_id]]
        found = desk.read(revenue.revenue, desk.clock, first=first, group_id=group_id)
        assert (found.group, told(found.total)) == (names[group_id], added(own))
        by_month = desk.read(revenue.months, desk.clock, group_id=group_id)
        wanted: defaultdict[tuple[str, str], int] = defaultdict(int)
        for stream, _payer, _own, day, came_in, back in own:
            wanted[day[:7], stream] += came_in - back
        told_months = {(m, s): net for m, nets in by_month.items() for s, net in nets.items()
                       if net and m > month_of(first)}  # fmt: skip
        assert told_months == {key: net for key, net in wanted.items() if net and key[0] > month_of(first)}


def test_a_month_is_unknown_before_the_first_money_and_nothing_after_it(desk):
    who = desk.write(members.add, "阿梨", group_id=1).id
    desk.write(orders.add_order, who, 5_000, day=date(2025, 12, 5))
    desk.write(orders.add_order, who, 7_000, day=date(2026, 3, 5))
    told = desk.read(revenue.months, desk.clock, count=5)
    assert {month: sum(nets.values()) if nets else None for month, nets in told.items()} == {
        "2025-11": None, "2025-12": 5_000, "2026-01": 0, "2026-02": 0, "2026-03": 7_000,
    }  # fmt: skip


def test_a_closed_month_has_one_sum_whatever_days_are_asked_about(desk):
    earning(desk)
    for group_id in (1, 2):
        found: dict[str, tuple[int, ...]] = {}
        for last in (ago(60), ago(30), LAST):
            rows = desk.read(revenue.revenue, desk.clock, by="month", first=ago(150), last=last, group_id=group_id).rows
            for row in rows[1:-1]:  # whole months
                assert told(row) == found.setdefault(row.key, told(row)), (group_id, last, row.key)
        assert found


def test_what_a_row_consists_of_adds_up_to_it(desk):
    earning(desk)
    for by in ("stream", "month", "group", "channel"):
        found = desk.read(revenue.revenue, desk.clock, by=by, first=ago(100))
        for row in found.rows:
            own = desk.read(revenue.entries, desk.clock, by, row.key, first=ago(100))
            paid = desk.read(revenue.payments, own)
            assert sum(each.fen for each in paid) == row.net_fen
            assert sum(each.fen > 0 and each.what != "" for each in paid) <= len(paid)
            assert [each.day for each in paid] == sorted((each.day for each in paid), reverse=True)
            assert all(each.who for each in paid)
    assert desk.read(revenue.entries, desk.clock, "channel", "没有这个渠道") == []


def test_books_of_others_say_the_same(desk):
    earning(desk)
    found = {each.key: each for each in desk.read(revenue.revenue, desk.clock, first=ago(100)).rows}
    for stream, service in (("memberships", plans.sales), ("ads", ads.payments), ("deals", deals.payments)):
        money = desk.read(service, ago(100), LAST)
        assert sum(each.fen for each in money if each.fen > 0) == found[stream].gross_fen, stream
        assert sum(each.fen for each in money) == found[stream].net_fen, stream


def test_an_order_a_month_ago_goes_back_today(desk):
    """What went back is of its own day; a past day knows nothing of it; undo takes it out."""
    who = desk.write(members.add, "老陈", group_id=1, channel="抖音").id
    desk.write(orders.add_order, who, 10_000, day=date(2026, 2, 28))
    number = desk.write(orders.add_order, who, 2_500, day=MARCH).id
    desk.write(orders.refund_order, 1, 4_000, day=MARCH)

    def months(as_of=None):
        found = desk.read(revenue.revenue, desk.clock, as_of, by="month", first=FEBRUARY)
        return [(each.key, *told(each)) for each in found.rows]

    assert months() == [("2026-02", 10_000, 0, 1, 1), ("2026-03", 2_500, 4_000, 1, 1)]
    assert months(date(2026, 2, 28)) == [("2026-02", 10_000, 0, 1, 1)]
    this = desk.read(revenue.revenue, desk.clock)
    assert (this.first, this.last, this.total.net_fen) == (MARCH, LAST, -1_500)
    assert told(desk.read(revenue.revenue, desk.clock, first=FEBRUARY).total) == (12_500, 4_000, 2, 1)
    assert told(desk.read(revenue.revenue, desk.clock, date(2026, 2, 15)).total) == (0, 0, 0, 0)
    desk.write(orders.cancel_order, number)
    desk.write(history.undo)
    desk.write(history.undo)
    assert months()[1] == ("2026-03", 2_500, 0, 1, 1)
    assert desk.read(trade.trade, desk.clock).net_fen == 12_500


def test_an_order_that_paid_for_a_membership_is_told_once(desk):
    who = desk.write(members.add, "老陈", group_id=1).id
    desk.write(orders.add_order, who, 36_500, day=FEBRUARY)
    yearly = desk.write(plans.add, desk.read(plans.draft, "年卡")).id
    desk.write(plans.sell, who, yearly, order_id=1)
    found = desk.read(revenue.revenue, desk.clock, first=FEBRUARY)
    assert [told(each) for each in found.rows] == [(0,) * 4, (36_500, 0, 1, 1), (0,) * 4, (0,) * 4]
    desk.write(plans.refund, who, yearly, late=True, reason="搬走了")
    found = desk.read(revenue.revenue, desk.clock, first=FEBRUARY)
    assert [told(each) for each in found.rows] == [(0,) * 4, (36_500, 36_500, 1, 1), (0,) * 4, (0,) * 4]
    assert desk.read(revenue.revenue, desk.clock, date(2026, 2, 3)).total.net_fen == 36_500


def test_what_cannot_be_asked(desk):
    for days in ({"first": LAST + timedelta(days=1)}, {"first": MARCH, "last": FEBRUARY}):
        with pytest.raises(BadInput):
            desk.read(revenue.revenue, desk.clock, **days)
    with pytest.raises(BadInput):
        desk.read(revenue.revenue, desk.clock, date(2026, 2, 1), first=MARCH)
    with pytest.raises(NotFound):
        desk.read(revenue.revenue, desk.clock, group_id=9)
    empty = desk.read(revenue.revenue, desk.clock, by="month")
    assert [(each.key, *told(each)) for each in empty.rows] == [("2026-03", 0, 0, 0, 0)]
    assert desk.read(revenue.revenue, desk.clock, by="channel").rows == ()
    ancient = desk.write(members.add, "古人", group_id=1).id
    desk.write(orders.add_order, ancient, 100, day=date(1950, 1, 1))
    with pytest.raises(BadInput, match="400"):
        desk.read(revenue.revenue, desk.clock, by="month", first=date(1900, 1, 1))
    assert desk.read(revenue.revenue, desk.clock, first=date(1900, 1, 1)).total.gross_fen == 100


def test_the_only_group_has_all_of_it(desk):
    who = desk.write(members.add, "没进过群的").id
    desk.write(orders.add_order, who, 700)
    assert desk.read(revenue.revenue, desk.clock, group_id=1).total.gross_fen == 700
    assert [each.key for each in desk.read(revenue.revenue, desk.clock, by="group").rows] == ["早起读书群"]
    desk.write(groups.create, "二群")
    assert desk.read(revenue.revenue, desk.clock, group_id=1).total.gross_fen == 0
    assert [each.key for each in desk.read(revenue.revenue, desk.clock, by="group").rows] == [NOT_TOLD]


def test_what_is_counted_is_said(desk):
    found = desk.read(revenue.revenue, desk.clock, by="group")
    assert len(terms(found)) == 5
    assert len(terms(desk.read(revenue.revenue, desk.clock))) == 4
    assert label("channel", STRANGER) != STRANGER
    assert label("channel", "(别的)") == "(别的)"
    assert months_to(date(1, 3, 1), 12)[0] == date(1, 1, 1)
    assert end_of(date(9999, 12, 5)) == date.max
