"""Badges: earned by their rules on the day they came true, gone with their ground, given and withheld by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select

from qunguan.domain.badges import presets
from qunguan.domain.checkins import Records, State, standing
from qunguan.domain.errors import BadInput, NotFound
from qunguan.i18n import set_language
from qunguan.services import badges, challenges, checkins, earning, groups, history, members, orders
from qunguan.services.desk import Desk
from qunguan.store.badges import badge_award
from qunguan.store.checkins import checkin, enrolment
from qunguan.store.earning import deed
from qunguan.store.journal import change, step
from tests.services.checkin_kit import TODAY, challenge, day, go, people, steps, tick_days
from tests.services.ledger import memory_engine, rig


def add(desk: Desk, name: str = "七日", metric: str = "best_streak", at_least: int | None = 7, **terms):
    return desk.write(badges.add_badge, name, metric, at_least, **terms)


def held(desk: Desk, on: date = TODAY, **which) -> list[tuple[str, str, date, str]]:
    found = desk.read(badges.holders, on, **which)
    return [(each.badge.name, each.name, each.since, each.by) for each in found]


def test_seven_days_in_a_row_earn_a_badge_on_the_seventh_day_and_for_the_past_at_once(desk):
    """S4-36."""
    ali, bao = people(desk, "阿梨", "阿宝")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 12))
    tick_days(desk, (early, bao), range(2, 8))
    assert held(desk) == []
    add(desk)
    assert held(desk) == [("七日", "阿梨", day(8), "rule")]
    assert held(desk, day(7)) == []
    assert held(desk, day(8)) == [("七日", "阿梨", day(8), "rule")]
    desk.write(checkins.untick, early, ali, day(6))
    assert held(desk) == [], "the ground is gone"
    desk.write(history.undo)
    assert len(held(desk)) == 1


def test_a_badge_for_a_streak_that_runs_is_lost_with_it(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    add(desk, metric="streak", at_least=5)
    assert held(desk, day(9)) == [("七日", "阿梨", day(6), "rule")]
    assert len(held(desk, day(10))) == 1, "the day is still open"
    assert held(desk, day(11)) == []


def test_weeks_are_not_days(desk):
    """C19: a badge for any challenge counts days; weeks only where it is for the weekly challenge."""
    (ali,) = people(desk, "阿梨")
    weekly = challenge(desk, "每周", cadence="weekly:1", tiers={})
    tick_days(desk, (weekly, ali), [3, 10, 17])
    add(desk, at_least=2)
    assert held(desk) == []
    add(desk, "每周两次", at_least=2, challenge_id=weekly)
    assert held(desk) == [("每周两次", "阿梨", day(10), "rule")]


def test_totals_deeds_referrals_and_orders_count_to_their_bar(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    early, late = challenge(desk), challenge(desk, "晚读")
    tick_days(desk, (early, ali), [2, 5])
    tick_days(desk, (late, ali), [5, 9])
    add(desk, "三次", "checkins", 3)
    add(desk, "晚读一次", "checkins", 1, challenge_id=late)
    add(desk, "分享", "shares", 2)
    add(desk, "活动", "campaigns", 1)
    add(desk, "邀请", "referrals", 1)
    for on in (3, 4):
        desk.write(earning.record_deed, "share", [bao], day=day(on))
    desk.write(earning.record_deed, "campaign", [ali], day=day(6))
    new = desk.write(members.add, "新人").id
    desk.write(members.join, new, 1, day(2), inviter_id=bao)
    assert held(desk) == [
        ("三次", "阿梨", day(5), "rule"), ("晚读一次", "阿梨", day(5), "rule"), ("分享", "阿宝", day(4), "rule"),
        ("活动", "阿梨", day(6), "rule"), ("邀请", "阿宝", day(9), "rule"),
    ]  # fmt: skip
    assert [each[0] for each in held(desk, ids=[bao])] == ["分享", "邀请"]


def test_the_first_of_a_challenge_is_known_when_it_is_over_and_ties_share_it(desk):
    ali, bao, cai = people(desk, "阿梨", "阿宝", "阿彩")
    week = challenge(desk, "一周", days=7, starts_on=day(2))
    tick_days(desk, (week, ali), [2, 3, 4, 6])
    tick_days(desk, (week, bao), [3, 4, 5, 8])
    tick_days(desk, (week, cai), [2, 4, 6, 8])
    add(desk, "冠军", "first", 1)
    assert held(desk, day(8)) == []
    assert held(desk, day(9)) == [("冠军", "阿梨", day(9), "rule"), ("冠军", "阿宝", day(9), "rule")]
    assert [each[1] for each in held(desk, ids=[bao, cai])] == ["阿宝"]


def test_money_counts_while_it_was_not_given_back(desk):
    (ali,) = people(desk, "阿梨")
    made = desk.write(orders.add_order, ali, 60_000, day=day(3))
    desk.write(orders.add_order, ali, 50_000, day=day(5))
    add(desk, "千元", "spend", 100_000)
    add(desk, "两单", "orders", 2)
    assert held(desk) == [("千元", "阿梨", day(5), "rule"), ("两单", "阿梨", day(5), "rule")]
    desk.write(orders.refund_order, made.id, 20_000, day=day(8))
    assert [each[0] for each in held(desk)] == ["两单"]
    assert len(held(desk, day(7))) == 2, "on that day it still was"


# -- by hand


def test_a_title_is_given_for_a_time_and_taken_back(desk):
    """S0-25, S3-17."""
    ali, bao = people(desk, "阿梨", "阿宝")
    trier = desk.write(badges.add_preset, "体验官")
    assert (trier.title, trier.metric, trier.source) == (True, "hand", "S0-25")
    done = desk.write(badges.award, trier.id, [ali, bao], reason="第三季", day=day(10), until=day(19))
    assert [(each.name, each.held, each.changed) for each in done] == [("阿梨", True, True), ("阿宝", True, True)]
    assert held(desk, day(9)) == []
    assert held(desk, day(19)) == [("体验官", "阿梨", day(10), "hand"), ("体验官", "阿宝", day(10), "hand")]
    assert held(desk) == []
    desk.write(badges.award, trier.id, [ali], reason="转正")
    assert desk.read(badges.titles_of, [ali, bao], TODAY) == {ali: ("体验官",)}
    again = desk.write(badges.award, trier.id, [ali])
    assert not again[0].changed
    assert desk.write(badges.revoke, trier.id, [ali, bao], reason="忙")[0].changed
    assert held(desk) == []
    desk.write(history.undo)
    assert held(desk) == [("体验官", "阿梨", TODAY, "hand")]
    desk.write(history.redo)
    assert held(desk) == []
    desk.write(badges.award, trier.id, [ali])
    assert len(held(desk)) == 1, "the last word holds"


def test_a_badge_of_a_rule_that_is_revoked_is_withheld_until_it_is_given_again(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    week = add(desk)
    desk.write(badges.revoke, week.id, [ali], reason="代打卡", day=day(15))
    assert held(desk) == []
    assert held(desk, day(14)) == [("七日", "阿梨", day(8), "rule")]
    go(desk, day(25))
    assert held(desk, day(25)) == []
    assert desk.write(badges.award, week.id, [ali])[0].changed
    assert held(desk, day(25)) == [("七日", "阿梨", day(8), "rule")], "the rule stands again, nothing is given by hand"
    assert held(desk, day(24)) == []
    desk.write(history.undo)
    assert held(desk, day(25)) == []


def test_the_same_day_can_take_back_what_it_withheld(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    week = add(desk)
    desk.write(badges.revoke, week.id, [ali])
    desk.write(badges.award, week.id, [ali])
    assert held(desk) == [("七日", "阿梨", day(8), "rule")]


def test_what_is_given_by_hand_before_the_rule_is_kept_when_the_rule_comes_true(desk):
    (ali,) = people(desk, "阿梨")
    week = add(desk)
    desk.write(badges.award, week.id, [ali], day=day(1), reason="上一季")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 9))
    assert held(desk) == [("七日", "阿梨", day(1), "hand")]


def test_hands_that_cannot_be(desk):
    (ali,) = people(desk, "阿梨")
    trier = desk.write(badges.add_preset, "trier")
    before = steps(desk)
    with pytest.raises(BadInput):
        desk.write(badges.award, trier.id, [ali], day=TODAY + timedelta(days=1))
    with pytest.raises(BadInput):
        desk.write(badges.award, trier.id, [ali], until=day(1))
    with pytest.raises(NotFound):
        desk.write(badges.award, trier.id, [99])
    with pytest.raises(NotFound):
        desk.write(badges.revoke, 99, [ali])
    assert not desk.write(badges.revoke, trier.id, [ali])[0].changed
    assert steps(desk) == before
    desk.write(badges.switch_badge, trier.id, enabled=False)
    with pytest.raises(BadInput):
        desk.write(badges.award, trier.id, [ali])


def test_an_erased_member_leaves_no_words_behind(desk):
    ali, bao = people(desk, "阿梨梨", "阿宝")
    trier = desk.write(badges.add_preset, "体验官")
    desk.write(badges.award, trier.id, [ali], reason="秘密一")
    desk.write(badges.award, trier.id, [bao], reason="公开")
    desk.write(badges.revoke, trier.id, [ali], reason="秘密二")
    made = desk.write(earning.record_deed, "share", [ali, bao], note="秘密三")
    desk.write(earning.remove_deed, made[0].deed.id)
    desk.write(members.erase, ali)
    tables = (badge_award, deed, change, step)
    said = repr(desk.read(lambda session: [row for table in tables for row in session.rows(select(table))]))
    assert "公开" in said
    assert not any(text in said for text in ("阿梨梨", "秘密一", "秘密二"))
    assert [each.note for each in desk.read(earning.deeds)] == ["秘密三"], "the other's own"
    assert [each[1] for each in held(desk)] == ["阿宝"]


# -- definitions


def test_shipped_badges_are_added_once_and_by_name(desk):
    made = desk.write(badges.add_presets)
    assert len(made) == len(presets())
    assert desk.write(badges.add_presets) == ()
    assert desk.read(badges.presets_left) == ()
    assert [each.badge.title for each in desk.read(badges.badge_counts, TODAY)][-3:] == [True, True, True]
    desk.write(history.undo)
    assert desk.read(badges.badges) == ()
    with pytest.raises(NotFound):
        desk.write(badges.add_preset, "没有这个")


def test_badges_are_changed_switched_removed_and_all_of_it_undone(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    week = add(desk)
    assert desk.read(badges.find_badge, "七日") == week
    desk.write(badges.edit_badge, replace(week, at_least=9, name="九日"))
    assert held(desk) == []
    desk.write(history.undo)
    desk.write(badges.switch_badge, week.id, enabled=False)
    assert (held(desk), desk.read(badges.badge_counts, TODAY)[0].holders) == ([], 0)
    desk.write(history.undo)
    desk.write(badges.revoke, week.id, [ali], reason="试")
    desk.write(badges.remove_badge, week.id)
    assert desk.read(badges.badges) == ()
    desk.write(history.undo)
    assert held(desk) == []
    desk.write(history.undo)
    assert held(desk) == [("七日", "阿梨", day(8), "rule")]


def test_badges_that_cannot_be(desk):
    add(desk)
    for name, metric, at_least, terms in (
        ("七日", "orders", 1, {}), ("", "orders", 1, {}), ("甲", "karma", 1, {}), ("甲", "orders", None, {}),
        ("甲", "orders", 0, {}), ("甲", "hand", 3, {}), ("甲", "orders", 3, {"challenge_id": 1}),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            add(desk, name, metric, at_least, **terms)
    with pytest.raises(NotFound):
        add(desk, "甲", "first", 1, challenge_id=9)


# -- progress, news, why


def test_what_is_missing_to_the_next_is_told_nearest_first(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 8))
    week = add(desk)
    add(desk, "百次", "checkins", 100)
    add(desk, "分享", "shares", 1)
    add(desk, "三次", "checkins", 3)
    found = desk.read(badges.progress, ali, TODAY)
    assert [(each.badge.name, each.value, each.missing) for each in found] == [
        ("七日", 6, 1), ("百次", 6, 94), ("分享", 0, 1),
    ]  # fmt: skip
    desk.write(badges.award, week.id, [ali])
    assert [each.badge.name for each in desk.read(badges.progress, ali, TODAY)] == ["百次", "分享"]


def test_news_are_what_was_earned_since_a_day(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    add(desk, at_least=3)
    add(desk, "八日", at_least=8)
    found = desk.read(badges.new_badges, day(5), TODAY)
    assert [(each.badge.name, each.since) for each in found] == [("八日", day(9))]
    assert len(desk.read(badges.new_badges, day(4), TODAY)) == 2


def test_every_badge_says_why(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 10))
    week, money, title = add(desk), add(desk, "千元", "spend", 100_000), desk.write(badges.add_preset, "体验官")
    mine = add(desk, "早起三日", at_least=3, challenge_id=early)
    set_language("en")

    def why(badge_id: int) -> list[str]:
        return [str(line) for line in desk.read(badges.why_badge, badge_id, ali, TODAY)]

    assert why(week.id) == ["best streak: 8, it takes 7 (—)", "reached on 2026-03-08"]
    assert why(money.id) == ["spending: ¥0.00, it takes ¥1000.00 (—)", "¥1000.00 missing"]
    assert why(title.id) == ["it is given by hand, and was not"]
    assert why(mine.id)[0] == "best streak in 早起: 8, it takes 3 (—)"
    desk.write(badges.revoke, week.id, [ali], reason="代打卡")
    assert why(week.id)[-1] == "withheld by hand on 2026-03-20: 代打卡"
    desk.write(badges.switch_badge, week.id, enabled=False)
    assert "switched off" in why(week.id)[0]
    set_language(None)


# -- an independent recount

ENGINE = memory_engine()
STATES: list[State] = ["done", "makeup", "frozen"]
RECORDS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 14), st.sampled_from(STATES)),
    max_size=40,
    unique_by=lambda row: row[:2],
)
DEEDS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 14)), max_size=8)


@settings(max_examples=50, deadline=None)
@given(RECORDS, DEEDS, st.integers(1, 6), st.integers(0, 16))
def test_badges_equal_a_naive_recount(records, deeds, bar, on):
    first = date(2026, 1, 1)
    with rig(ENGINE, members=3) as ledger:
        ledger.today = 30
        ledger.call(groups.create, "群")
        early = ledger.call(challenges.add, "早起", starts_on=first, days=15)
        at = ledger.clock.now()
        ledger.conn.execute(
            insert(enrolment), [{"challenge_id": early.id, "member_id": who, "from_day": first} for who in (1, 2, 3)]
        )
        for who, when, state in records:
            row = {"challenge_id": early.id, "member_id": who, "day": first + timedelta(days=when), "state": state}
            ledger.conn.execute(insert(checkin), {**row, "occurred_at": at, "source": "history", "earns": False})
        for who, when in deeds:
            made = {"member_id": who, "kind": "share", "biz_date": first + timedelta(days=when), "points": 0}
            ledger.conn.execute(insert(deed), {**made, "occurred_at": at})
        for metric in ("best_streak", "streak", "checkins", "shares"):
            ledger.call(badges.add_badge, metric, metric, bar)
        session, as_of = ledger.session(), first + timedelta(days=on)
        expected = set()
        for who in (1, 2, 3):
            own: Records = {first + timedelta(days=when): state for member, when, state in records if member == who}
            days = [first + timedelta(days=n) for n in range(on + 1)]

            def measured(until: date, own: Records = own, who: int = who) -> dict[str, int]:
                past = {each: state for each, state in own.items() if each <= until}
                stands = standing(past, early.terms(first), until)
                shares = sum(member == who and first + timedelta(days=when) <= until for member, when in deeds)
                return {
                    "best_streak": stands.best, "streak": stands.streak, "checkins": stands.total, "shares": shares,
                }  # fmt: skip

            told: dict[date, dict[str, int]] = {each: measured(each) for each in days}
            for metric in ("best_streak", "streak", "checkins", "shares"):
                if told[as_of][metric] >= bar:
                    since = as_of
                    while since - timedelta(days=1) in told and told[since - timedelta(days=1)][metric] >= bar:
                        since -= timedelta(days=1)
                    expected.add((metric, who, since))
        found = {(each.badge.name, each.member_id, each.since) for each in badges.holders(session, as_of)}
        assert found == expected
        some = badges.holders(session, as_of, ids=[2])
        assert {(each.badge.name, each.member_id, each.since) for each in some} == {e for e in expected if e[1] == 2}


def test_the_statements_do_not_grow_with_the_members(desk):
    ids = people(desk, *(f"成员{n}" for n in range(40)))
    early = challenge(desk)
    desk.write(badges.add_presets)

    def count(who: list[int]) -> int:
        statements: list[str] = []

        def ask(session) -> None:
            event.listen(session.conn, "before_cursor_execute", lambda *args: statements.append(args[2]))
            badges.holders(session, TODAY, ids=who)

        desk.read(ask)
        return len(statements)

    for member_id in ids[:3]:
        tick_days(desk, (early, member_id), [2])
    assert count(ids[:2]) == count(ids)


def test_the_outlook_of_a_change_names_who_gains_and_who_loses_and_writes_nothing(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    early = challenge(desk)
    tick_days(desk, (early, ali), range(2, 12))
    tick_days(desk, (early, bao), range(2, 8))
    made = add(desk)
    easier = desk.read(badges.outlook, replace(made, at_least=5), TODAY)
    assert [each.name for each in easier.gains] == ["阿宝"]
    assert easier.losses == ()
    assert len(easier.holders) == 2
    off = desk.read(badges.outlook, replace(made, enabled=False), TODAY)
    assert ([each.name for each in off.losses], off.holders) == (["阿梨"], ())
    new = desk.read(badges.outlook, replace(made, id=0, at_least=6), TODAY)
    assert [each.name for each in new.gains] == ["阿梨", "阿宝"]
    assert len(held(desk)) == 1
    desk.write(badges.award, made.id, [bao], reason="好")
    hard = desk.read(badges.outlook, replace(made, at_least=50), TODAY)
    assert [each.name for each in hard.holders] == ["阿宝"], "what was given by hand stays"
