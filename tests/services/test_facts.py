"""Facts: every one as counted by hand, as of any day, of a page or of everyone, and unknown where nobody listened."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from qunguan.domain.conditions import NEVER, AtLeast, Fact, Kind, Rank, Value
from qunguan.services import checkins, facts, groups, levels, members, orders, points, rules
from qunguan.services.desk import Desk
from qunguan.store import fact_queries
from qunguan.store.session import Session
from tests.services.segment_kit import TODAY, community, heard, known

WINDOWS = (None, 1, 7, 30, 90)
COUNTED: tuple[Kind, ...] = (
    "messages", "active_days", "checkins", "deeds", "shares", "campaigns", "interactions", "orders", "purchase_days",
    "spent",
)  # fmt: skip
WANTED = frozenset(
    [Fact(kind, days) for kind in COUNTED for days in WINDOWS]
    + [Fact(kind, 90, before=90) for kind in ("spent", "messages", "orders")]
    + [Fact(kind, days) for kind in ("last_message", "last_interaction", "silent") for days in (None, 7, 90)]
    + [Fact(kind) for kind in ("last_checkin", "last_order", "present", "left", "outside", "channel")]
    + [Fact("tag", name=name) for name in ("VIP", "学员等级:VIP", "vip")]
    + [Fact("known", name="宝宝生日"), Fact("bought", name="霜"), Fact("bought", 30, name="大米")]
)


@pytest.mark.parametrize("ago", [0, 25, 100])
@pytest.mark.parametrize("chat_days", [200, 45, None])
def test_every_fact_is_what_a_slow_count_says(desk: Desk, ago: int, chat_days: int | None) -> None:
    people = community(desk, seed=ago, many=100, chat_days=chat_days)
    day = TODAY - timedelta(days=ago)
    columns = desk.read(facts.collect, desk.clock, day, WANTED)
    page = people.ids[::7]
    of_page = desk.read(facts.collect, desk.clock, day, WANTED, page)
    for fact in WANTED:
        for who in people.ids:
            assert columns[fact].of(who) == known(people, who, fact, day), (fact, who)
        for who in page:
            assert of_page[fact].of(who) == columns[fact].of(who), (fact, who)


def _one(desk: Desk, fact: Fact, who: int = 1, group_id: int | None = None) -> Value:
    return desk.read(facts.collect, desk.clock, TODAY, {fact}, [who], group_id)[fact].of(who)


def test_the_number_of_statements_does_not_grow_with_members(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    people = community(desk, seed=1, many=60)
    asked: list[int] = []

    def counting(kept):
        def ask(*args, **options):
            asked.append(1)
            return kept(*args, **options)

        return ask

    for place, name in ((Session, "rows"), (fact_queries, "driver_rows")):
        monkeypatch.setattr(place, name, counting(getattr(place, name)))

    def statements(ids: list[int] | None) -> int:
        asked.clear()
        desk.read(facts.collect, desk.clock, TODAY, WANTED, ids)
        return len(asked)

    assert statements(people.ids[:1]) == statements(people.ids) < 60


def test_a_group_is_asked_alone(desk: Desk) -> None:
    """Its chat, its stays; a member of two groups of which one is silent to us is not known to be silent."""
    people = community(desk, seed=2, many=40)
    other = desk.write(groups.create, "别的群").id
    who = next(each for each in people.ids if _one(desk, Fact("messages", 7), each) == 0)
    desk.write(members.join, who, other, TODAY - timedelta(days=30))
    assert _one(desk, Fact("messages", 7), who) == AtLeast(0)
    assert _one(desk, Fact("messages", 7), who, group_id=1) == 0
    assert _one(desk, Fact("messages", 7), who, group_id=other) == AtLeast(0)
    assert _one(desk, Fact("present"), who, group_id=other) is True
    assert _one(desk, Fact("joined"), who, group_id=other) == 30


def test_silence_is_no_longer_than_what_chats_tell(desk: Desk) -> None:
    """There for a year, of which 40 days are told: silent for at least these; of a newcomer the day is known."""
    who = desk.write(members.add, "阿梨", group_id=1, joined_on=TODAY - timedelta(days=365)).id
    fresh = desk.write(members.add, "新来的", group_id=1, joined_on=TODAY - timedelta(days=10)).id
    assert _one(desk, Fact("silent"), who) is None
    desk.write(heard, 1, TODAY - timedelta(days=39), TODAY)
    for kind in ("silent", "last_interaction", "last_message"):
        assert _one(desk, Fact(kind), who) == AtLeast(40)
        assert _one(desk, Fact(kind, 30), who) == AtLeast(40)
    assert (_one(desk, Fact("silent"), fresh), _one(desk, Fact("last_message"), fresh)) == (10, NEVER)
    other = desk.write(groups.create, "二群").id
    desk.write(members.join, who, other, TODAY - timedelta(days=300))
    assert _one(desk, Fact("silent"), who) is None  # in the other one anything may have been said
    desk.write(heard, other, TODAY - timedelta(days=19), TODAY)
    assert _one(desk, Fact("silent"), who) == AtLeast(20)
    desk.write(heard, 1, TODAY - timedelta(days=400), TODAY)
    desk.write(heard, other, TODAY - timedelta(days=400), TODAY)
    assert _one(desk, Fact("silent"), who) == 365
    assert _one(desk, Fact("last_message"), who) == NEVER


def test_who_left_and_why(desk: Desk) -> None:
    who = desk.write(members.add, "阿梨", group_id=1, joined_on=TODAY - timedelta(days=20)).id
    stay = desk.read(members.card, who).stays[0]
    assert (_one(desk, Fact("joined"), who), _one(desk, Fact("left_reason"), who)) == (20, "")
    assert math.isnan(_one(desk, Fact("gone"), who))  # type: ignore[arg-type]
    desk.write(members.leave, who, stay.group_id, TODAY - timedelta(days=3), "广告太多")
    assert (_one(desk, Fact("gone"), who), _one(desk, Fact("left_reason"), who)) == (3, "广告太多")
    assert math.isnan(_one(desk, Fact("joined"), who))  # type: ignore[arg-type]


def test_dates_in_the_owners_own_fields(desk: Desk) -> None:
    people = community(desk, seed=3, many=60)
    wanted = {Fact("since", name="宝宝生日", unit="m"), Fact("until", name="宝宝生日"), Fact("since", name="宝宝生日")}
    columns = desk.read(facts.collect, desk.clock, TODAY, wanted)
    expected: dict[str | None, tuple[Value, Value, Value]] = {
        None: (None, None, None), "不知道": (None, None, None), "2026-06-01": (-3, 73, -73),
        "2025年9月20日": (6, -181, 181), "2025-10-31": (4, -140, 140),
    }  # fmt: skip
    months, until, since = (Fact("since", name="宝宝生日", unit="m"), Fact("until", name="宝宝生日"),
                            Fact("since", name="宝宝生日"))  # fmt: skip
    for who in people.ids:
        told = people.members[who]["extra"].get("宝宝生日")
        assert tuple(columns[fact].of(who) for fact in (months, until, since)) == expected[told]


def test_refunded_is_the_newest_order_given_back_whole(desk: Desk) -> None:
    people = community(desk, seed=4, many=60)
    for ago in (0, 30):
        day = TODAY - timedelta(days=ago)
        column = desk.read(facts.collect, desk.clock, day, {Fact("refunded")})[Fact("refunded")]
        for who in people.ids:
            own = [each for each in people.orders if each["member_id"] == who and each["counts"]
                   and each["biz_date"] <= day]  # fmt: skip
            newest = own[-1] if own else None
            back = sum(fen for when, fen in newest["back"] if when <= day) if newest else 0
            assert column.of(who) is (newest is not None and back > 0 and back >= newest["amount_fen"])


def test_freight_follows_the_rule(desk: Desk) -> None:
    who = desk.write(members.add, "阿梨", group_id=1).id
    desk.write(orders.add_order, who, 100_000, freight_fen=1_000)
    assert _one(desk, Fact("spent"), who) == 100_000
    desk.write(rules.change, "order.freight", "out")
    assert _one(desk, Fact("spent"), who) == 99_000


def test_points_levels_streaks_referrals_and_camps(desk: Desk) -> None:
    inviter = desk.write(members.add, "阿梨", group_id=1, joined_on=TODAY - timedelta(days=50)).id
    guest = desk.write(members.add, "团团妈").id
    desk.write(members.join, guest, 1, TODAY - timedelta(days=20), inviter_id=inviter)
    desk.write(points.grant, inviter, 30, reason="分享", key="k1")
    desk.write(checkins.start, "早起", who="all", starts_on=TODAY - timedelta(days=4))
    for ago in (4, 2, 1, 0):
        desk.write(checkins.toggle, 1, inviter, TODAY - timedelta(days=ago))
    told = {fact: _one(desk, fact, inviter) for fact in (Fact("points"), Fact("streak"), Fact("best_streak"),
                                                         Fact("camp"), Fact("invites"), Fact("invites", 13),
                                                         Fact("invites", 14), Fact("level"))}  # fmt: skip
    balance = desk.read(points.balance, inviter, TODAY)
    assert list(told.values()) == [balance, 3, 3, 4, 1, 0, 1, None]
    desk.write(levels.use_preset, "card")
    assert _one(desk, Fact("level"), inviter) == Rank(1, "普通")
    assert _one(desk, Fact("last_order"), inviter) == NEVER
