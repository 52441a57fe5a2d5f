"""The care list: each line is there at the edge of its rule and gone one step beyond, and leads where it says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert

from qunguan.domain.level_terms import Condition, Level, Terms
from qunguan.domain.members import Birthday
from qunguan.domain.rewards import Reward
from qunguan.domain.rules import preset
from qunguan.domain.today import Line, ordered
from qunguan.i18n import set_language
from qunguan.services import (
    badge_news,
    badges,
    checkins,
    earning,
    groups,
    history,
    levels,
    members,
    orders,
    points,
    reward_gifts,
    rewards,
    rules,
    today,
)
from qunguan.services.desk import Desk
from qunguan.store.checkins import checkin
from tests.services.checkin_kit import TODAY, challenge, day, go, people, tick_days
from tests.services.order_kit import entry, sheet

YUAN = 100


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def care(desk: Desk, group_id: int | None = 1) -> tuple[Line, ...]:
    return desk.read(today.care, desk.clock, group_id)


def lines(desk, kind: str) -> list[Line]:
    return [line for line in care(desk) if line.kind == kind]


def only(desk, kind: str) -> Line:
    (line,) = lines(desk, kind)
    return line


def ladder(desk, **terms) -> None:
    top = Level("银卡", ((Condition("spend", 200 * YUAN, terms.pop("days", None)),),))
    desk.write(levels.create, "会员", Terms((Level("普通"), top), **terms), from_day=day(1), reason="开始")


def gift(desk: Desk, **more: Any) -> int:
    return desk.write(rewards.add, Reward(0, "生日券", "coupon", 0, occasion="birthday", **more)).id


def born(desk: Desk, name: str, when: date, *, lunar: bool = False) -> int:
    return desk.write(members.add, name, group_id=1, birthday=Birthday(when.month, when.day, lunar=lunar)).id


def test_a_fresh_group_has_nobody_to_care_for(desk):
    assert care(desk) == ()


class TestLevels:
    @pytest.mark.parametrize(("when", "there"), [(20, True), (19, True), (18, False)])
    def test_who_rose_yesterday_or_today_is_congratulated(self, desk, when, there):
        people(desk, "阿梨", "小满")
        ladder(desk)
        desk.write(orders.add_order, 1, 200 * YUAN, day=day(when))
        assert bool(lines(desk, "rise")) is there
        if there:
            line = only(desk, "rise")
            assert str(line.text) == "阿梨 rose to 银卡"
            assert (line.target.screen, line.target.subject) == ("levels", 1)
            assert "@阿梨 is 银卡 now" in line.ready_text
            assert "普通 → 银卡" in str(line.evidence[0].met)
            assert "200 yuan ≥ 200 yuan" in str(line.evidence[0].met)

    def test_each_group_congratulates_its_own(self, desk):
        people(desk, "阿梨")
        other = desk.write(groups.create, "二群").id
        desk.write(members.add, "小满", group_id=other)
        ladder(desk)
        for who in (1, 2):
            desk.write(orders.add_order, who, 300 * YUAN)
        assert [(line.group_id, str(line.text)) for line in lines(desk, "rise")] == [
            (1, "阿梨 rose to 银卡"), (other, "小满 rose to 银卡")]  # fmt: skip
        assert [line.group_id for line in care(desk, other) if line.kind == "rise"] == [other, 1]

    @pytest.mark.parametrize(("ahead", "there"), [(30, True), (31, False)])
    def test_a_level_about_to_be_lost(self, desk, ahead, there):
        people(desk, "阿梨", "小满")
        ladder(desk, hold_days=ahead + 10, days=5)
        desk.write(orders.add_order, 1, 250 * YUAN, day=day(10))
        assert bool(lines(desk, "falling")) is there
        if there:
            line = only(desk, "falling")
            assert str(line.text) == f"阿梨: 银卡 is held through {(TODAY + timedelta(days=30)):%-m/%-d}, then 普通"
            assert line.evidence[0].rule == "level.soon_days"
            assert "200 yuan more and it stays yours." in line.ready_text
            desk.write(rules.switch, "level.soon_days", enabled=False)
            assert not lines(desk, "falling")


class TestBadges:
    @pytest.mark.parametrize(("last", "there"), [(20, True), (19, True), (18, False)])
    def test_new_badges_of_yesterday_and_today(self, desk, last, there):
        people(desk, "阿梨", "小满")
        early = challenge(desk, tiers={})
        desk.write(badges.add_badge, "三连", "best_streak", 3)
        tick_days(desk, (early, 1), range(last - 2, last + 1))
        assert bool(lines(desk, "badge")) is there
        if there:
            assert str(only(desk, "badge").text) == "阿梨 has a new badge: 三连"
            assert "@阿梨 — 三连" in only(desk, "badge").ready_text

    def test_who_left_is_not_congratulated_and_the_rule_can_be_off(self, desk):
        people(desk, "阿梨", "小满")
        badge = desk.write(badges.add_badge, "热心", "hand").id
        for who in (1, 2):
            desk.write(badges.award, badge, [who], reason="谢谢")
        desk.write(members.leave, 2, 1, TODAY)
        assert str(only(desk, "badge").text) == "阿梨 has a new badge: 热心"
        desk.write(rules.switch, "care.congratulate_days", enabled=False)
        assert not lines(desk, "badge")


class TestRewards:
    def test_what_waits_and_what_runs_out(self, desk):
        people(desk, "阿梨", "小满")
        for name, days in (("书", None), ("券", 4)):
            desk.write(rewards.add, Reward(0, name, "goods", 0, code_days=days))
        desk.write(rewards.give, 1, 1, code=lambda: "BOOK2345")
        desk.write(rewards.give, 2, 2, code=lambda: "CODE2345")
        assert str(only(desk, "reward").text) == "书 waits for 阿梨 since today"
        line = only(desk, "code")
        assert str(line.text) == "券 of 小满: the code ends 3/23"
        assert (line.target.screen, line.target.subject) == ("rewards", 2)
        assert "CODE2345" in line.ready_text
        desk.write(rules.change, "care.code_days", 2)
        assert not lines(desk, "code")
        assert str(only(desk, "reward").text) == "2 rewards wait to be handed out, the first since today: 阿梨, 小满"
        desk.write(rules.change, "care.waiting_days", 1)
        assert not lines(desk, "reward")
        go(desk, day(21))
        assert [only(desk, kind).count for kind in ("code", "reward")] == [1, 1]
        desk.write(rewards.fulfil, 1)
        assert not lines(desk, "reward")

    def test_a_code_that_ran_out_is_still_told(self, desk):
        people(desk, "阿梨")
        desk.write(rewards.add, Reward(0, "券", "coupon", 0, code_days=1))
        desk.write(rewards.give, 1, 1)
        go(desk, day(25))
        assert str(only(desk, "code").text) == "券 of 阿梨: the code ends 3/20"


class TestBirthdayGifts:
    def test_given_once_then_the_wish_with_the_code_then_gone(self, desk):
        born(desk, "寿星", day(22))
        reward = gift(desk, code_days=30)
        line = only(desk, "gift")
        assert str(line.text) == "寿星: birthday 3/22, give 生日券"
        assert (line.does, line.target.subject, line.target.day) == ("give", reward, day(22))
        done = desk.write(reward_gifts.give, reward, day(22))
        assert [each.name for each in done.given] == ["寿星"]
        assert desk.write(reward_gifts.give, reward, day(22)).given == (), "a second Enter gives nothing"
        given = only(desk, "gift")
        assert given.key == line.key, "the cursor stays on it"
        assert given.does == "nothing"
        assert done.given[0].code in given.ready_text
        assert "happy birthday" in given.ready_text
        assert not lines(desk, "reward"), "it is told once"
        desk.write(rewards.fulfil, done.given[0].id)
        assert not lines(desk, "gift")

    def test_undo_and_redo_of_a_gift(self, desk):
        born(desk, "寿星", TODAY)
        reward = gift(desk)
        desk.write(reward_gifts.give, reward, TODAY)
        desk.write(history.undo)
        assert only(desk, "gift").does == "give"
        desk.write(history.redo)
        assert only(desk, "gift").does == "nothing"

    def test_a_cancelled_gift_can_be_given_again(self, desk):
        born(desk, "寿星", TODAY)
        reward = gift(desk)
        done = desk.write(reward_gifts.give, reward, TODAY).given[0]
        desk.write(rewards.cancel, done.id)
        assert only(desk, "gift").does == "give"
        assert desk.write(reward_gifts.give, reward, TODAY).given[0].id != done.id

    def test_next_year_it_is_due_again_by_either_calendar(self, desk):
        born(desk, "阳历", day(21))
        born(desk, "农历", date(2000, 2, 4), lunar=True)  # 22 March 2026, 11 March 2027
        reward = gift(desk)
        for when in (day(21), day(22)):
            desk.write(reward_gifts.give, reward, when)
        go(desk, date(2027, 3, 9))
        assert [str(line.text) for line in lines(desk, "gift")] == ["农历: birthday 3/11, give 生日券"]
        go(desk, date(2027, 3, 20))
        assert str(only(desk, "gift").text) == "阳历: birthday tomorrow, give 生日券"

    @pytest.mark.parametrize(("ahead", "there"), [(0, True), (3, True), (4, False)])
    def test_within_the_rules_days(self, desk, ahead, there):
        born(desk, "寿星", TODAY + timedelta(days=ahead))
        gift(desk)
        assert bool(lines(desk, "gift")) is there

    def test_the_last_piece_goes_to_one_and_the_other_is_named_with_the_reason(self, desk):
        for name in ("甲", "乙"):
            born(desk, name, TODAY)
        reward = gift(desk, stock=1)
        done = desk.write(reward_gifts.give, reward, TODAY)
        assert len(done.given) == 1
        ((_name, why),) = done.refused
        assert "nothing is left" in why

    def test_a_reward_that_is_off_the_shelf_or_for_any_time_is_not_offered(self, desk):
        born(desk, "寿星", TODAY)
        desk.write(rewards.add, Reward(0, "书", "goods", 0))
        assert not lines(desk, "gift")
        desk.write(rewards.close, gift(desk))
        assert not lines(desk, "gift")


class TestTheRest:
    def test_bonus_days_of_today_and_tomorrow(self, desk):
        desk.write(earning.add_bonus_day, "会员日", "2026-03-21", perk="满百减十")
        line = only(desk, "ahead")
        assert str(line.text) == "tomorrow: 会员日, ×2"
        assert line.ready_text.splitlines()[:3] == [
            "📣 tomorrow is 会员日!", "Points count ×2 that day.", "满百减十"]  # fmt: skip
        go(desk, day(21))
        assert str(only(desk, "bonus").text) == "today: 会员日, ×2"
        go(desk, day(19))
        assert not lines(desk, "ahead")

    def test_invitations_are_settled_by_the_line(self, desk):
        (ali,) = people(desk, "阿梨")
        friend = desk.write(members.add, "新朋友").id
        desk.write(members.join, friend, 1, day(10), inviter_id=ali)
        line = only(desk, "referral")
        assert str(line.text) == "1 invitation to settle: 阿梨"
        assert line.does == "thank"
        assert str(line.evidence[0].met) == "阿梨 brought 新朋友, who stayed"
        assert "@阿梨 brought 新朋友" in line.ready_text
        desk.write(earning.reward_referrals)
        assert not lines(desk, "referral")
        desk.write(history.undo)
        assert not lines(desk, "referral") or only(desk, "referral").does == "thank"

    def test_buyers_nobody_knows(self, desk):
        people(desk, "阿梨")
        book = sheet(entry(1, "路人甲"), entry(2, "路人甲"), entry(3, "阿梨"))
        desk.write(orders.import_orders, book)
        line = only(desk, "buyers")
        assert str(line.text) == "1 buyer to be named (2 orders): 路人甲"
        assert (line.target.screen, line.target.subject, line.target.day) == ("orders", None, TODAY)

    @pytest.mark.parametrize("name", ["[/]", "‮反", "{n}", "𰻞" * 64])
    def test_hostile_names_stay_names(self, desk, name):
        ali = born(desk, name, TODAY)
        gift(desk)
        ladder(desk)
        desk.write(badges.add_badge, "热心", "spend", 1)
        desk.write(orders.add_order, ali, 300 * YUAN)
        desk.write(rewards.add, Reward(0, "书", "goods", 0))
        desk.write(rewards.give, ali, 2)
        found = care(desk)
        assert {line.kind for line in found} == {"gift", "rise", "badge", "reward"}
        for line in found:
            assert name[-1] in str(line.text)
            assert "‮" not in line.ready_text

    def test_every_line_says_why_with_a_source_and_stands_in_its_place(self, desk):
        ali = born(desk, "阿梨", day(21))
        gift(desk)
        ladder(desk)
        desk.write(badges.add_badge, "首单", "orders", 1)
        desk.write(orders.add_order, ali, 300 * YUAN)
        desk.write(earning.add_bonus_day, "会员日", "2026-03-20")
        found = care(desk)
        assert found == ordered(found, 1)
        assert {line.kind for line in found} == {"gift", "bonus", "rise", "badge"}
        for line in found:
            assert line.evidence
            assert line.ready_text
            for each in line.evidence:
                assert each.source
                assert not each.rule or preset(each.rule).source == each.source

    def test_the_agenda_takes_them_in_their_places(self, desk):
        people(desk, "阿梨")
        desk.write(points.grant, 1, 5, expires_on=day(22))
        desk.write(earning.add_bonus_day, "会员日", "2026-03-20")
        base = desk.read(today.agenda, desk.clock, 1)
        assert [line.kind for line in base.along(care(desk), 1).lines] == ["bonus", "lapsing"]


def test_the_number_of_statements_does_not_grow_with_the_members(desk):
    ladder(desk)
    gift(desk)
    challenge(desk, tiers={})
    desk.write(badges.add_presets)

    def grow(names: range) -> None:
        for n in names:
            desk.write(orders.add_order, born(desk, f"成员{n}", day(21)), 300 * YUAN)

    def statements() -> int:
        ran: list[str] = []

        def count(session):
            def note(*args):
                ran.append(args[2])

            event.listen(session.conn, "before_cursor_execute", note)
            try:
                today.care(session, desk.clock, 1)
            finally:
                event.remove(session.conn, "before_cursor_execute", note)

        desk.read(count)
        return len(ran)

    grow(range(3))
    few = statements()
    grow(range(3, 15))
    assert statements() == few


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ticks=st.sets(st.tuples(st.integers(1, 4), st.integers(1, 20)), max_size=60),
    back=st.integers(0, 3),
    bars=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9)),
)
def test_news_leave_nobody_out(news_desk, ticks, back, bars):
    """What everybody's badges say of the last days is the oracle."""
    since = TODAY - timedelta(days=back)

    def both(session, clock):
        session.step("x")
        rows = [{"member_id": who, "day": day(n), "challenge_id": 1 + n % 2, "state": "done", "source": "hand",
                 "occurred_at": clock.now(), "earns": False} for who, n in sorted(ticks)]  # fmt: skip
        if rows:
            session.conn.execute(insert(checkin), rows)
        checkins.rebuild_cache(session, clock)
        for metric, bar in zip(("best_streak", "streak", "checkins"), bars, strict=True):
            badges.add_badge(session, clock, metric, metric, bar)
            badges.add_badge(session, clock, f"{metric} 2", metric, bar, challenge_id=2)
        badges.add_badge(session, clock, "first", "first", 1)
        every = badges.new_badges(session, since, TODAY)
        return set(badge_news.news(session, since, TODAY)), set(every)

    told, every = news_desk.rehearse(both)
    assert told == every


@pytest.fixture
def news_desk(desk):
    people(desk, "甲", "乙", "丙", "丁")
    challenge(desk, "单日", tiers={}, days=19)
    challenge(desk, "双日", tiers={})
    return desk
