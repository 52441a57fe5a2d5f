"""Levels from what is on file: facts, ladders, previews, locks, benefits, and taking steps back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from qunguan.domain.cadence import Cadence
from qunguan.domain.checkins import STATES, standing
from qunguan.domain.checkins import Terms as CheckinTerms
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.level_files import presets
from qunguan.domain.levels import Condition, Level, Terms
from qunguan.i18n import set_language
from qunguan.services import checkins, history, level_column, levels, members, points, rules
from qunguan.services.level_facts import _runs, facts
from qunguan.store.orders import order_refund, shop_order
from tests.services.checkin_kit import TODAY, challenge, day, go, people, tick_days

YUAN = 100


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def bought(session, clock, member_id, fen, when, *, refund=0, refunded_on=None, freight=0, counts=True):
    """One order on the book, with what went back of it."""
    session.step("an order")
    number = str(session.scalar(shop_order.select().with_only_columns(shop_order.c.id).order_by(-shop_order.c.id)) or 0)
    order_id = session.insert(
        shop_order, shop="hand", number=number + "x", buyer="b", buyer_key="b", member_id=member_id, matched_by="id",
        biz_date=when, amount_fen=fen, freight_fen=freight, status="paid", counts=counts, created_at=clock.now(),
    )  # fmt: skip
    if refund:
        session.insert(order_refund, order_id=order_id, amount_fen=refund, biz_date=refunded_on or when,
                       occurred_at=clock.now())  # fmt: skip
    return order_id


def by_spend(*bars: int, days: int | None = None, **more) -> Terms:
    levels_above = [Level(f"L{n}", ((Condition("spend", bar, days),),)) for n, bar in enumerate(bars, 2)]
    return Terms((Level("L1"), *levels_above), **more)


def ladder(desk, terms: Terms, from_day: date | None = None, name: str = "梯子"):
    return desk.write(levels.create, name, terms, from_day=from_day, reason="开始")


def rank(desk, member_id: int, as_of: date | None = None) -> int:
    return int(desk.read(levels.standings, desk.clock, [member_id], as_of)[member_id].rank)


# --- what members are judged by ---------------------------------------------------------------------------------------


def test_the_bar_of_a_thousand_yuan_is_reached_with_a_thousand_and_not_with_a_fen_less(desk):
    a, b = people(desk, "阿梨", "二宝")
    ladder(desk, by_spend(1000 * YUAN))
    desk.write(bought, a, 99_999, TODAY)
    desk.write(bought, b, 100_000, TODAY)
    assert (rank(desk, a), rank(desk, b)) == (1, 2)


def test_what_was_spent_is_net_never_below_nothing_and_counts_orders_that_stand(desk):
    (a,) = people(desk, "阿梨")
    desk.write(bought, a, 5000, day(1), refund=2000, refunded_on=day(5), freight=1000)
    desk.write(bought, a, 3000, day(2), refund=3000, refunded_on=day(6), freight=500)
    desk.write(bought, a, 800, day(3), counts=False)
    wanted = frozenset({"spend", "orders"})

    def sums(when):
        told = desk.read(facts, wanted, when, [a])[a]
        return sum(told["spend"].amounts), sum(told["orders"].amounts)

    assert sums(day(2)) == (8000, 2)
    assert sums(day(5)) == (6000, 2)
    assert sums(day(6)) == (3000, 1)
    desk.write(rules.change, "order.freight", "out")
    assert sums(day(2)) == (6500, 2)
    assert sums(day(6)) == (2000, 1)
    assert desk.read(facts, wanted, day(6), None)[a] == desk.read(facts, wanted, day(6), [a])[a]


def test_growth_points_are_what_rules_gave_less_what_was_taken_back_whatever_was_spent(desk):
    (a,) = people(desk, "阿梨")
    one = (challenge(desk, points=10, tiers={}), a)
    tick_days(desk, one, range(10, 15))
    go(desk, day(15))
    desk.write(points.grant, a, 500, reason="手工")
    desk.write(points.spend, a, 300, reason="兑换")
    go(desk, day(16))
    desk.write(checkins.untick, *one, day(12))
    told = desk.read(facts, frozenset({"growth"}), TODAY, [a])[a]["growth"]
    assert sum(told.amounts) == 40
    assert (told.days[-1], told.amounts[-1], told.origins[-1]) == (day(16), -10, day(12))
    go(desk, day(17))
    desk.write(checkins.tick, *one, day(12))
    everyone = desk.read(facts, frozenset({"growth"}), TODAY, None)[a]["growth"]
    assert everyone == desk.read(facts, frozenset({"growth"}), TODAY, [a])[a]["growth"]
    assert sum(everyone.amounts) == 50


def test_streaks_and_check_ins_are_those_of_the_challenges(desk):
    a, b = people(desk, "阿梨", "二宝")
    one = challenge(desk)
    tick_days(desk, (one, a), [1, 2, 3, 6, 7])
    tick_days(desk, (one, b), [19, 20])
    terms = Terms((Level("L1"), Level("L2", ((Condition("best_streak", 3), Condition("checkins", 5)),)),
                   Level("L3", ((Condition("streak", 2), Condition("checkins", 2, 5)),))))  # fmt: skip
    ladder(desk, terms, day(1))
    path = [(each.from_day, each.rank) for _name, each in desk.read(levels.member, desk.clock, a).path]
    assert path == [(day(2), 3), (day(1), 1)]
    assert (rank(desk, b, day(19)), rank(desk, b)) == (1, 3)


records = st.dictionaries(st.integers(0, 29).map(lambda n: day(1) + timedelta(days=n)), st.sampled_from(STATES))
terms_of_days = st.builds(
    CheckinTerms,
    st.sampled_from(["daily", "weekdays:135", "weekly:2"]).map(Cadence.parse),
    st.integers(0, 9).map(lambda n: day(1) + timedelta(days=n)),
    st.one_of(st.none(), st.integers(10, 29).map(lambda n: day(1) + timedelta(days=n))),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(records, terms_of_days)
def test_the_steps_of_a_streak_are_what_the_board_shows_on_each_day(told, terms):
    last = day(1) + timedelta(days=40)
    run, best = _runs(told, terms, last)

    def at(steps, when):
        return next((value for since, value in reversed(steps) if since <= when), 0)

    for n in range(40):
        when = day(1) + timedelta(days=n)
        shown = standing(told, terms, when)
        assert (at(run, when), at(best, when)) == (shown.streak, shown.best), when


def test_everyone_is_read_in_as_many_statements_as_one(desk):
    several = people(desk, *(f"成员{n}" for n in range(12)))
    for member_id in several:
        desk.write(bought, member_id, 20_000, day(3), refund=100)
    desk.write(levels.use_preset, "card", from_day=day(1))
    ran: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda _c, _u, statement, *_rest: ran.append(statement))

    def statements(ids):
        ran.clear()
        desk.read(levels.standings, desk.clock, ids)
        return len(ran)

    assert statements(several) == statements(several[:1])
    assert statements(None) <= statements(several) + 1


# --- ladders and their versions ---------------------------------------------------------------------------------------


def test_both_presets_can_be_taken_and_say_where_they_come_from(desk):
    card = desk.write(levels.use_preset, "card")
    medal = desk.write(levels.use_preset, "青铜白银")
    assert [level.name for level in card.terms(TODAY).levels] == ["普通", "银卡", "金卡", "钻石"]
    assert [level.name for level in medal.terms(TODAY).levels] == ["青铜", "白银", "黄金", "钻石"]
    assert desk.read(levels.current).id == medal.id
    assert all("own choice" in draft.source for draft in presets().values())
    assert [each.name for each in desk.read(levels.all_benefits, card.id)][:2] == ["积分", "9.8折"]
    desk.write(levels.choose, card.id)
    assert [each.current for each in desk.read(levels.all_ladders)] == [True, False]
    with pytest.raises(BadInput, match="already a ladder"):
        desk.write(levels.use_preset, "card")
    with pytest.raises(NotFound, match="no preset"):
        desk.write(levels.use_preset, "gold")


def test_a_preview_names_who_would_move_and_what_they_would_lose_and_then_it_happens(desk):
    a, b, c = people(desk, "阿梨", "二宝", "大宝")
    for member_id, yuan in ((a, 1200), (b, 6000), (c, 100)):
        desk.write(bought, member_id, yuan * YUAN, day(10))
    shipped = presets()["card"]
    first = desk.read(levels.preview, desk.clock, shipped.terms, name="卡", benefits=shipped.benefits)
    assert [(move.name, move.from_level, move.to_level) for move in first.rises] == [
        ("二宝", "普通", "金卡"),
        ("阿梨", "普通", "银卡"),
    ]
    assert [each.members for each in first.levels] == [1, 1, 1, 0]
    made = desk.write(levels.use_preset, "card", from_day=day(1))
    harder = replace(made.terms(TODAY), levels=(
        Level("普通"), Level("银卡", ((Condition("spend", 2000 * YUAN),),)), *made.terms(TODAY).levels[2:],
    ))  # fmt: skip
    found = desk.read(levels.preview, desk.clock, harder, made.id)
    assert [(move.name, move.to_level, move.lost) for move in found.falls] == [("阿梨", "普通", ("9.8折",))]
    assert found.rises == ()
    desk.write(levels.save_version, made.id, harder, reason="收紧")
    after = desk.read(levels.overview, desk.clock)
    assert [(move.name, move.day, move.cause) for move in after.moves.falls] == [("阿梨", TODAY, "rule")]
    assert [each.members for each in after.levels] == [each.members for each in found.levels]
    assert rank(desk, a, day(15)) == 2


def test_a_version_needs_a_reason_and_a_day_that_is_not_past_and_says_nothing_twice(desk):
    made = ladder(desk, by_spend(100))
    with pytest.raises(BadInput, match="reason is empty"):
        desk.write(levels.save_version, made.id, by_spend(200), reason=" ")
    with pytest.raises(Refused, match="is past"):
        desk.write(levels.save_version, made.id, by_spend(200), from_day=day(19), reason="x")
    with pytest.raises(BadInput, match="check the year"):
        desk.write(levels.save_version, made.id, by_spend(200), from_day=date(2062, 3, 20), reason="x")
    assert len(desk.write(levels.save_version, made.id, by_spend(100), reason="一样").versions) == 1


def test_new_names_move_nobody(desk):
    (a,) = people(desk, "阿梨")
    desk.write(bought, a, 1000, day(1))
    made = ladder(desk, by_spend(1000, days=5), day(1))
    renamed = replace(by_spend(1000, days=5), levels=(Level("青铜"), Level("白银", made.terms(TODAY).levels[1].any_of)))
    desk.write(levels.save_version, made.id, renamed, reason="改名")
    now = desk.read(levels.standings, desk.clock, [a])[a]
    assert (now.level, now.since) == ("白银", day(1))
    assert desk.read(levels.preview, desk.clock, renamed, made.id).falls == ()


def test_the_downgrade_on_the_day_after_a_hold_ends_is_listed_and_announced_before(desk):
    (a,) = people(desk, "阿梨")
    desk.write(bought, a, 1000, day(1))
    ladder(desk, by_spend(1000, days=5, hold_days=20), day(1))
    (risk,) = desk.read(levels.soon, desk.clock)
    assert (risk.name, risk.last_day, risk.level, risk.to_level, risk.cause) == ("阿梨", day(21), "L2", "L1", "review")
    assert [(each.value, each.needed) for each in risk.why] == [(0, 1000)]
    assert desk.read(levels.soon, desk.clock, 0) == ()
    go(desk, day(21))
    assert rank(desk, a) == 2
    assert len(desk.read(levels.soon, desk.clock, 0)) == 1
    go(desk, day(22))
    assert rank(desk, a) == 1
    (fall,) = desk.read(levels.changes, desk.clock, day(22), day(22)).falls
    assert (fall.name, fall.from_level, fall.to_level, fall.day) == ("阿梨", "L2", "L1", day(22))
    assert rank(desk, a, day(21)) == 2


def test_a_survey_says_in_one_replay_what_the_others_say(desk):
    assert desk.read(levels.survey, desk.clock) is None
    a, b, c = people(desk, "阿梨", "二宝", "沉沉")
    desk.write(bought, a, 1000, day(1))
    desk.write(bought, b, 5000, day(3))
    made = ladder(desk, by_spend(1000, 5000, days=5, hold_days=20), day(1))
    desk.write(levels.lock, made.id, c, 2, reason="帮忙")
    desk.write(levels.save_version, made.id, by_spend(10, days=5), from_day=TODAY + timedelta(days=9), reason="放宽")
    for when in (day(18), day(22), day(24)):
        go(desk, when)
        found = desk.read(levels.survey, desk.clock)
        told = desk.read(levels.overview, desk.clock)
        assert (found.levels, found.moves, found.day) == (told.levels, told.moves, told.day)
        assert found.risks == desk.read(levels.soon, desk.clock)
        stand = desk.read(levels.standings, desk.clock)
        assert found.ranks == {who: each.rank for who, each in stand.items()}
        assert (found.back, found.ahead) == (30, 30)


def test_a_survey_before_the_first_day_has_nobody(desk):
    people(desk, "阿梨")
    ladder(desk, by_spend(1000), TODAY + timedelta(days=3))
    found = desk.read(levels.survey, desk.clock)
    assert (dict(found.ranks), found.risks, found.moves.rises) == ({}, (), ())
    assert desk.read(levels.lines, desk.clock, [1]) == ()


def test_lines_are_the_cards_of_a_page_in_the_order_asked(desk):
    a, b = people(desk, "阿梨", "二宝")
    assert desk.read(levels.lines, desk.clock, [a]) == ()
    desk.write(bought, a, 1200, day(2))
    ladder(desk, by_spend(1000, 5000), day(1))
    lines = desk.read(levels.lines, desk.clock, [b, 999, a])
    assert [line.name for line in lines] == ["二宝", "阿梨"]
    for line in lines:
        card = desk.read(levels.member, desk.clock, line.stands.member_id)
        assert (line.stands, line.next) == (card.now, card.next)


def test_nobody_is_on_a_level_since_before_they_came(desk):
    ladder(desk, by_spend(1000), day(1))
    (old,) = people(desk, "阿梨")
    new, rich = (desk.write(members.add, name, group_id=1, joined_on=day(18)).id for name in ("小鹿", "大熊"))
    desk.write(bought, rich, 1200, day(2))
    since = [desk.read(levels.member, desk.clock, each).now.since for each in (old, new, rich)]
    assert since == [day(1), day(18), day(2)]
    assert [line.stands.since for line in desk.read(levels.lines, desk.clock, [old, new, rich])] == since
    assert desk.read(levels.member, desk.clock, new, day(10)).now.since == day(10)


def test_a_column_of_levels_is_for_whom_there_is_a_ladder(desk):
    a, b = people(desk, "阿梨", "二宝")
    assert not desk.read(level_column.has_ladder)
    assert desk.read(level_column.level_names, desk.clock, [a]) == {}
    desk.write(bought, a, 1200, day(2))
    ladder(desk, by_spend(1000), day(1))
    assert desk.read(level_column.has_ladder)
    assert desk.read(level_column.level_names, desk.clock, [a, b]) == {a: "L2", b: "L1"}


def test_a_preview_of_a_ladder_that_began_before_is_what_stands_after_saving_it(desk):
    (a,) = people(desk, "阿梨")
    desk.write(bought, a, 1000, day(2))
    terms = by_spend(1000, days=5)
    assert desk.read(levels.preview, desk.clock, terms, name="n").rises == ()
    found = desk.read(levels.preview, desk.clock, terms, name="n", first=day(1))
    assert [move.name for move in found.rises] == ["阿梨"]
    ladder(desk, terms, day(1))
    assert desk.read(levels.counts, desk.clock) == found.levels


def test_who_left_is_not_counted(desk):
    _a, b = people(desk, "阿梨", "二宝")
    ladder(desk, by_spend(1000), day(1))
    desk.write(members.leave, b, 1, day(18))
    assert [each.members for each in desk.read(levels.counts, desk.clock)] == [1, 0]
    assert [each.members for each in desk.read(levels.counts, desk.clock, day(17))] == [2, 0]


def test_before_a_ladder_and_before_its_first_day_nobody_stands_anywhere(desk):
    (a,) = people(desk, "阿梨")
    assert desk.read(levels.standings, desk.clock) == {}
    assert desk.read(levels.soon, desk.clock) == ()
    with pytest.raises(NotFound, match="no levels yet"):
        desk.read(levels.overview, desk.clock)
    ladder(desk, by_spend(1000))
    assert desk.read(levels.standings, desk.clock, None, day(1)) == {}
    with pytest.raises(Refused, match="begins on"):
        desk.read(levels.member, desk.clock, a, day(1))


def test_a_member_is_told_what_is_missing_and_why_they_stand_where_they_do(desk):
    (a,) = people(desk, "阿梨")
    desk.write(levels.use_preset, "card", from_day=day(1))
    desk.write(bought, a, 1200 * YUAN, day(5))
    card = desk.read(levels.member, desk.clock, a)
    assert (card.now.level, card.now.since, card.now.standing.until) == ("银卡", day(5), day(5) + timedelta(days=365))
    assert [[(m.condition.metric, m.missing) for m in way] for way in card.next.ways] == [
        [("spend", 3800 * YUAN)],
        [("orders", 19)],
    ]
    lines = [str(line) for line in desk.read(levels.why_member, desk.clock, a)]
    assert lines[0] == "银卡 on the ladder 银卡金卡, since 2026-03-05"
    assert "asked: 1000 yuan spent in 365 days, there was: 1200 yuan" in lines
    assert any("S1-23" in line for line in lines)


# --- locks ------------------------------------------------------------------------------------------------------------


def test_a_lock_wins_with_its_reason_ends_and_is_remembered(desk):
    (a,) = people(desk, "阿梨")
    made = ladder(desk, by_spend(1000, 2000), day(1))
    assert desk.write(levels.lock, made.id, a, 3, reason="老朋友").level == "L3"
    go(desk, day(22))
    assert desk.write(levels.lock, made.id, a, 2, reason="降一点", until=day(25)).rank == 2
    assert (rank(desk, a, day(21)), rank(desk, a)) == (3, 2)
    go(desk, day(26))
    assert rank(desk, a) == 1
    told = [(each.from_day, each.rank, each.cause) for _n, each in desk.read(levels.member, desk.clock, a).path]
    assert told[:3] == [(day(26), 1, "unlock"), (day(22), 2, "lock"), (day(20), 3, "lock")]
    with pytest.raises(Refused, match="not set by hand"):
        desk.write(levels.unlock, made.id, a)


def test_unlocking_today_what_was_locked_today_leaves_nothing(desk):
    (a,) = people(desk, "阿梨")
    made = ladder(desk, by_spend(1000), day(1))
    desk.write(levels.lock, made.id, a, 2, reason="x")
    assert desk.write(levels.unlock, made.id, a).rank == 1
    assert len(desk.read(levels.member, desk.clock, a).path) == 1
    for reason, target, until in (("", 2, None), ("x", 3, None), ("x", 2, day(19))):
        with pytest.raises(BadInput):
            desk.write(levels.lock, made.id, a, target, reason=reason, until=until)


# --- benefits ---------------------------------------------------------------------------------------------------------


def test_a_benefit_is_used_up_and_begins_anew_next_month(desk):
    (a,) = people(desk, "阿梨")
    made = ladder(desk, by_spend(1000), day(1))
    gift = desk.write(levels.add_benefit, made.id, 2, "试用", quota=2, period="month")
    with pytest.raises(Refused, match="does not have"):
        desk.write(levels.use_benefit, a, gift.id)
    desk.write(bought, a, 1000, day(10))
    assert desk.write(levels.use_benefit, a, gift.id, quantity=2, day=day(12)).left == 0
    with pytest.raises(Refused, match="has 0 of 试用 left") as error:
        desk.write(levels.use_benefit, a, gift.id)
    assert "next month" in str(error.value)
    assert [(each.used, each.left) for each in desk.read(levels.benefits_of, desk.clock, a, made.id)] == [(2, 0)]
    go(desk, date(2026, 4, 1))
    assert desk.write(levels.use_benefit, a, gift.id).left == 1
    desk.write(levels.close_benefit, gift.id)
    with pytest.raises(Refused, match="does not have"):
        desk.write(levels.use_benefit, a, gift.id)


def test_a_higher_level_has_the_benefits_below_it_and_its_own_instead_of_theirs(desk):
    (a,) = people(desk, "阿梨")
    made = ladder(desk, by_spend(1000, 2000), day(1))
    low = desk.write(levels.add_benefit, made.id, 2, "试用", quota=2, period="year")
    other = desk.write(levels.add_benefit, made.id, 2, "包邮")
    high = desk.write(levels.add_benefit, made.id, 3, "试用", quota=3, period="year")
    desk.write(bought, a, 1000, day(1))
    desk.write(levels.use_benefit, a, low.id, quantity=2, day=day(2))
    desk.write(bought, a, 1000, day(3))
    had = desk.read(levels.benefits_of, desk.clock, a, made.id)
    assert [(each.benefit.id, each.left) for each in had] == [(other.id, None), (high.id, 1)]
    assert desk.read(levels.benefit_named, desk.clock, made.id, a, "试用") == high.id
    assert desk.read(levels.benefit_named, desk.clock, made.id, a, f"#{low.id}") == low.id
    with pytest.raises(BadInput, match="already"):
        desk.write(levels.add_benefit, made.id, 3, "试用")
    changed = desk.write(levels.edit_benefit, replace(high, quota=5, note="加量"))
    assert (changed.quota, changed.note) == (5, "加量")


# --- one step, taken back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "writing",
    [
        lambda desk, made, a: desk.write(levels.use_preset, "medal"),
        lambda desk, made, a: desk.write(levels.save_version, made.id, by_spend(5), reason="松一点"),
        lambda desk, made, a: desk.write(levels.lock, made.id, a, 2, reason="x"),
        lambda desk, made, a: desk.write(levels.rename, made.id, "新名字"),
        lambda desk, made, a: desk.write(levels.add_benefit, made.id, 1, "红包"),
        lambda desk, made, a: desk.write(levels.use_benefit, a, 1),
        lambda desk, made, a: desk.write(levels.close_benefit, 1),
    ],
)
def test_every_step_is_undone_and_redone_whole(desk, writing):
    (a,) = people(desk, "阿梨")
    desk.write(bought, a, 50, day(1))
    made = ladder(desk, by_spend(100), day(1))
    desk.write(levels.add_benefit, made.id, 1, "积分卡", quota=1)

    def state():
        known = desk.read(levels.all_ladders)
        own = [desk.read(levels.all_benefits, each.id) for each in known]
        left = desk.read(levels.benefits_of, desk.clock, a, made.id)
        return known, own, left, desk.read(levels.standings, desk.clock)

    before = state()
    writing(desk, made, a)
    after = state()
    assert after != before
    desk.write(history.undo)
    assert state() == before
    desk.write(history.redo)
    assert state() == after
