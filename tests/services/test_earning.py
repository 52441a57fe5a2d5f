"""Bonus days, deeds and referrals: what they book, once, within the caps, and how undo takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from qunguan.domain.earning import Invited, referral_of
from qunguan.domain.errors import BadInput, NotFound
from qunguan.i18n import set_language
from qunguan.services import checkins, earning, groups, history, members, points, rules
from qunguan.services.desk import Desk
from qunguan.store.members import membership
from qunguan.store.points import point_entry
from tests.services.checkin_kit import balance, challenge, day, go, people, steps, tick_days
from tests.services.ledger import memory_engine, rig

MEMBER_DAY = "monthly:8"


def add(desk: Desk, name: str = "会员日", recurs: str = MEMBER_DAY, **terms):
    return desk.write(earning.add_bonus_day, name, recurs, **terms)


def entries(desk: Desk, source_type: str) -> list[tuple[int, int, int, date]]:
    """(amount, base, multiplier, day) of what was earned."""
    query = select(point_entry).where(point_entry.c.source_type == source_type, point_entry.c.kind == "EARN")
    rows = desk.read(lambda session: session.rows(query.order_by(point_entry.c.id)))
    return [(row.amount, row.base, row.multiplier_pct, row.biz_date) for row in rows]


def join(desk: Desk, name: str, inviter: int | None, joined: date, left: date | None = None) -> int:
    """Somebody in the group since a day; returns the member."""
    member_id = desk.write(members.add, name).id
    desk.write(members.join, member_id, 1, joined, inviter_id=inviter)
    if left:
        desk.write(members.leave, member_id, 1, left)
    return member_id


# -- days


def test_a_check_in_on_a_member_day_counts_double_and_stays_as_booked(desk):
    """S0-21."""
    (ali,) = people(desk, "阿梨")
    early = challenge(desk, tiers={})
    tick_days(desk, (early, ali), [7])
    bonus = add(desk)
    tick_days(desk, (early, ali), [8, 9])
    assert entries(desk, "checkin") == [(5, 5, 100, day(7)), (10, 5, 200, day(8)), (5, 5, 100, day(9))]
    desk.write(earning.remove_bonus_day, bonus.id)
    desk.write(checkins.untick, early, ali, day(8))
    assert balance(desk, ali) == 10
    desk.write(checkins.tick, early, ali, day(8))
    assert balance(desk, ali) == 20, "what was booked comes back as it was booked"


def test_a_streak_reached_on_a_member_day_counts_double(desk):
    (ali,) = people(desk, "阿梨")
    early = challenge(desk, tiers={7: 20}, points=0)
    add(desk)
    tick_days(desk, (early, ali), range(2, 9))
    assert entries(desk, "streak") == [(40, 20, 200, day(8))]


def test_a_make_up_on_a_member_day_is_not_doubled(desk):
    """Semantics 3.2: a make-up never earns what goes by time."""
    (ali,) = people(desk, "阿梨")
    early = challenge(desk, tiers={7: 20})
    add(desk)
    tick_days(desk, (early, ali), [1, 2, 3, 4, 6, 7])
    go(desk, day(8))
    desk.write(checkins.mark, early, ali, day(5), "makeup", reason="出差")
    assert entries(desk, "streak") == [(20, 20, 100, day(8))]
    assert entries(desk, "checkin")[-1] == (5, 5, 100, day(8))


def test_several_days_stack_by_the_rule_and_say_why(desk):
    add(desk)
    add(desk, "女神节", "3-8", multiplier_pct=150)
    add(desk, "订单日", "3-8", multiplier_pct=500, applies=["order.points"])
    days = [day(7), day(8)]
    assert desk.read(earning.multipliers, "checkin.points", days) == {day(7): 100, day(8): 200}
    assert desk.read(earning.multiplier, "order.points", day(8)) == 500
    desk.write(rules.change, "points.stacking", "product")
    assert desk.read(earning.multiplier, "checkin.points", day(8)) == 300
    why = desk.read(earning.why_multiplier, "checkin.points", day(8))
    assert [each.name for each in why.parts] == ["会员日", "女神节"]
    set_language("en")
    lines = [str(line) for line in earning.why_lines(why)]
    set_language(None)
    assert lines[-1] == "they multiply each other: ×3 (how points are earned, spent and lost)"
    assert len(earning.why_lines(desk.read(earning.why_multiplier, "checkin.points", day(7)))) == 1


def test_shipped_days_hold_once_they_are_added(desk):
    assert desk.read(earning.multiplier, "checkin.points", day(8)) == 100
    before = len(desk.read(earning.presets_left))
    made = desk.write(earning.add_preset, "会员日")
    assert (made.multiplier_pct, made.source, made.preset) == (200, "S0-21", "member_day")
    assert desk.read(earning.multiplier, "checkin.points", day(8)) == 200
    assert len(desk.read(earning.presets_left)) == before - 1
    with pytest.raises(BadInput):
        desk.write(earning.add_preset, "member_day")
    with pytest.raises(NotFound):
        desk.write(earning.add_preset, "光棍节前夜")


def test_a_bonus_day_is_changed_switched_and_removed_and_all_of_it_undone(desk):
    made = add(desk, applies=["checkin.points"], perk="试用装", from_day=day(1))
    assert desk.read(earning.find_bonus_day, "会员日") == made == desk.read(earning.find_bonus_day, f"#{made.id}")
    changed = desk.write(earning.edit_bonus_day, replace(made, multiplier_pct=300, name="大会员日"))
    assert desk.read(earning.bonus_days) == (changed,)
    off = desk.write(earning.switch_bonus_day, made.id, enabled=False)
    assert not off.enabled
    assert desk.read(earning.multiplier, "checkin.points", day(8)) == 100
    desk.write(earning.remove_bonus_day, made.id)
    for expected in (off, changed, made):
        desk.write(history.undo)
        assert desk.read(earning.bonus_days) == (expected,)
    desk.write(history.undo)
    assert desk.read(earning.bonus_days) == ()
    desk.write(history.redo)
    assert desk.read(earning.bonus_days) == (made,)


def test_bonus_days_that_cannot_be(desk):
    add(desk)
    before = steps(desk)
    for name, recurs, terms in (
        ("会员日", "3-9", {}), ("", "3-9", {}), ("甲", "每月40日", {}), ("甲", "3-9", {"multiplier_pct": 50}),
        ("甲", "3-9", {"applies": ["x"]}), ("甲", "3-9", {"from_day": day(3), "to_day": day(2)}),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            add(desk, name, recurs, **terms)
    assert steps(desk) == before
    for missing in (earning.remove_bonus_day, lambda *args: earning.switch_bonus_day(*args, enabled=True)):
        with pytest.raises(NotFound):
            desk.write(missing, 99)


def test_what_is_coming_is_told_nearest_first(desk):
    add(desk)
    add(desk, "明天", "3-21")
    add(desk, "今天", "3-20")
    add(desk, "很久以后", "12-1")
    assert [(each.day, each.bonus.name) for each in desk.read(earning.coming, desk.clock)] == [
        (day(20), "今天"), (day(21), "明天"), (date(2026, 4, 8), "会员日"),
    ]  # fmt: skip


# -- deeds


def test_a_good_share_earns_once_and_is_undone_and_redone(desk):
    """S3-17."""
    ali, bao = people(desk, "阿梨", "阿宝")
    done = desk.write(earning.record_deed, "share", [ali, bao, ali], note="  拆书笔记 ")
    assert [(each.deed.name, each.amount, each.deed.note) for each in done] == [
        ("阿梨", 10, "拆书笔记"), ("阿宝", 10, "拆书笔记"),
    ]  # fmt: skip
    desk.write(history.undo)
    assert (balance(desk, ali), desk.read(earning.deeds)) == (0, ())
    desk.write(history.redo)
    assert balance(desk, ali) == 10
    assert [each.id for each in desk.read(earning.deeds, member_id=ali)] == [done[0].deed.id]


def test_a_removed_deed_takes_its_points_back(desk):
    (ali,) = people(desk, "阿梨")
    first = desk.write(earning.record_deed, "share", [ali])[0].deed
    desk.write(earning.record_deed, "campaign", [ali], amount=30, day=day(8))
    assert desk.write(earning.remove_deed, first.id).amount == 0
    assert balance(desk, ali) == 30
    assert [each.kind for each in desk.read(earning.deeds)] == ["campaign"]
    desk.write(history.undo)
    assert balance(desk, ali) == 40
    assert len(desk.read(earning.deeds, kind="share", first=day(20), last=day(20))) == 1
    with pytest.raises(NotFound):
        desk.write(earning.remove_deed, 99)


def test_deeds_are_multiplied_capped_and_silent_while_their_rule_is_off(desk):
    (ali,) = people(desk, "阿梨")
    add(desk)
    done = desk.write(earning.record_deed, "campaign", [ali], day=day(8))[0]
    assert (done.amount, done.multiplier_pct) == (40, 200)
    capped = desk.write(earning.record_deed, "campaign", [ali], day=day(8), amount=50)[0]
    assert (capped.amount, capped.cut) == (60, 40), "a rule gives 100 a day at most (C20)"
    desk.write(rules.switch, "earning.share_points", enabled=False)
    assert desk.write(earning.record_deed, "share", [ali])[0].amount == 0
    assert len(desk.read(earning.deeds)) == 3


def test_deeds_that_cannot_be(desk):
    (ali,) = people(desk, "阿梨")
    before = steps(desk)
    with pytest.raises(BadInput):
        desk.write(earning.record_deed, "share", [])
    with pytest.raises(BadInput):
        desk.write(earning.record_deed, "share", [ali], day=day(21))
    with pytest.raises(BadInput):
        desk.write(earning.record_deed, "share", [ali], amount=-5)
    with pytest.raises(NotFound):
        desk.write(earning.record_deed, "share", [ali, 99])
    assert steps(desk) == before


# -- referrals


def test_an_invitation_counts_when_the_invited_stayed(desk):
    (ali,) = people(desk, "阿梨")
    join(desk, "留下", ali, day(1))
    join(desk, "走了", ali, day(1), left=day(4))
    join(desk, "还早", ali, day(15))
    found = desk.read(earning.referrals_due, desk.clock)
    assert [(line.inviter, line.invitee, line.referral.counts_on, line.points) for line in found.due] == [
        ("阿梨", "留下", day(8), 20)
    ]
    done = desk.write(earning.reward_referrals)
    assert (done.amount, done.cut, len(done.due)) == (20, 0, 1)
    assert entries(desk, "referral") == [(20, 20, 100, day(8))]
    before = steps(desk)
    assert desk.write(earning.reward_referrals).due == ()
    assert steps(desk) == before, "nothing due, nothing done"
    go(desk, day(22))
    assert [line.invitee for line in desk.read(earning.referrals_due, desk.clock).due] == ["还早"]
    assert len(desk.read(earning.referrals, day(7))) == 0
    assert len(desk.read(earning.referrals, day(8), 1)) == 1


def test_undone_rewards_are_due_again_and_reversed_ones_are_not(desk):
    (ali,) = people(desk, "阿梨")
    join(desk, "留下", ali, day(1))
    desk.write(earning.reward_referrals)
    desk.write(history.undo)
    assert balance(desk, ali) == 0
    assert len(desk.read(earning.referrals_due, desk.clock).due) == 1
    desk.write(history.redo)
    assert balance(desk, ali) == 20
    booked = desk.read(lambda session: session.first(select(point_entry.c.id)))
    desk.write(points.reverse, booked.id, reason="自己的小号")
    assert desk.read(earning.referrals_due, desk.clock).due == ()


def test_a_reward_whose_ground_is_gone_is_taken_back(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    first, second = join(desk, "甲", ali, day(1)), join(desk, "乙", ali, day(1))
    desk.write(earning.reward_referrals)
    assert balance(desk, ali) == 40
    _correct(desk, first, inviter_id=bao)
    _correct(desk, second, left_on=day(3))
    found = desk.read(earning.referrals_due, desk.clock)
    assert [(each.inviter, each.points) for each in found.lost] == [("阿梨", 20), ("阿梨", 20)]
    assert [each.inviter for each in found.due] == ["阿宝"]
    desk.write(earning.reward_referrals)
    assert (balance(desk, ali), balance(desk, bao)) == (0, 20)
    assert desk.read(earning.referrals_due, desk.clock).lost == ()


def test_a_rule_changed_later_takes_nothing_back(desk):
    (ali,) = people(desk, "阿梨")
    join(desk, "甲", ali, day(1), left=day(10))
    desk.write(earning.reward_referrals)
    go(desk, day(21))
    desk.write(rules.change, "earning.referral_days", 30)
    assert desk.read(earning.referrals, day(21)) == ()
    assert desk.read(earning.referrals_due, desk.clock).lost == ()
    assert balance(desk, ali) == 20


def test_referrals_the_caps_swallow_are_not_asked_for_again(desk):
    (ali,) = people(desk, "阿梨")
    desk.write(rules.change, "earning.referral_points", 60)
    for name in ("甲", "乙", "丙"):
        join(desk, name, ali, day(1))
    done = desk.write(earning.reward_referrals)
    assert (done.amount, done.cut) == (100, 80)
    assert desk.read(earning.referrals_due, desk.clock).due == ()
    desk.write(rules.change, "earning.referral_points", 0)
    join(desk, "丁", ali, day(1))
    assert desk.read(earning.referrals_due, desk.clock).due == ()


def test_older_invitations_can_be_left_out(desk):
    (ali,) = people(desk, "阿梨")
    join(desk, "甲", ali, date(2025, 1, 1))
    join(desk, "乙", ali, day(1))
    assert [each.invitee for each in desk.read(earning.referrals_due, desk.clock, since=day(1)).due] == ["乙"]


def test_many_referrals_cost_a_handful_of_statements():
    engine = memory_engine()
    counts = []
    for size in (20, 200):
        with rig(engine, members=size) as ledger:
            ledger.call(groups.create, "群")
            ledger.today = 60
            ledger.conn.exec_driver_sql(
                "INSERT INTO membership (member_id, group_id, joined_on, inviter_id) "
                "SELECT id, 1, '2026-01-05', 1 FROM member WHERE id > 1"
            )
            statements: list[str] = []
            note = partial(_noted, statements)
            event.listen(ledger.conn, "before_cursor_execute", note)
            done = ledger.call(earning.reward_referrals)
            assert len(done.due) == size - 1
            counts.append(len(statements))
    engine.dispose()
    assert counts[0] == counts[1]


STAYS = st.lists(
    st.tuples(
        st.integers(1, 4),  # member
        st.one_of(st.none(), st.integers(0, 30)),  # joined
        st.one_of(st.none(), st.integers(0, 20)),  # stays so long
        st.one_of(st.none(), st.integers(1, 4)),  # inviter
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(STAYS, st.integers(0, 14), st.integers(0, 50))
def test_referrals_equal_a_naive_recount(stays, days, on):
    engine = ENGINE
    with rig(engine, members=4) as ledger:
        first = date(2026, 1, 1)
        rows = []
        for place, (who, joined, length, inviter) in enumerate(stays):
            began = None if joined is None else first + timedelta(days=joined)
            left = None if length is None or began is None else began + timedelta(days=length)
            rows.append(Invited(place + 1, who, place + 1, began, left, inviter))
        for row in rows:
            ledger.call(groups.create, f"群{row.group_id}")
            values = (row.id, row.member_id, row.group_id, row.joined_on, row.left_on, row.inviter_id)
            ledger.conn.exec_driver_sql(
                "INSERT INTO membership (id, member_id, group_id, joined_on, left_on, inviter_id) VALUES (?,?,?,?,?,?)",
                tuple(value.isoformat() if isinstance(value, date) else value for value in values),
            )
        ledger.rule("earning.referral_days", days)
        as_of = first + timedelta(days=on)
        expected = set()
        for who in range(1, 5):
            own = [row for row in rows if row.member_id == who]
            dated = [(row, row.joined_on) for row in own if row.joined_on]
            if not dated or len(dated) < len(own):
                continue
            start = min(joined for _row, joined in dated)
            head = min((row for row, joined in dated if joined == start), key=lambda row: row.id)
            settle = start + timedelta(days=days)
            there = any(joined <= settle and (not row.left_on or settle < row.left_on) for row, joined in dated)
            if head.inviter_id and head.inviter_id != who and there and settle <= as_of:
                expected.add((head.id, head.inviter_id, who, settle))
        found = earning.referrals(ledger.session(), as_of)
        assert {(each.stay_id, each.inviter_id, each.invitee_id, each.counts_on) for each in found} == expected
        assert all(referral_of([row for row in rows if row.member_id == each.invitee_id], days) for each in found)


ENGINE = memory_engine()


def _noted(statements: list[str], *args: object) -> None:
    statements.append(str(args[2]))


def _correct(desk: Desk, member_id: int, **values: object) -> None:
    def change(session, clock):
        session.step("更正")
        row = session.first(select(membership.c.id).where(membership.c.member_id == member_id))
        session.update(membership, row.id, **values)

    desk.write(change)


def test_every_invitation_says_how_far_it_has_come_and_why(desk):
    (ali,) = people(desk, "阿梨")
    join(desk, "早来的", ali, day(1))
    join(desk, "刚来的", ali, day(18))
    join(desk, "走了的", ali, day(2), day(5))
    old = join(desk, "回来的", None, day(1), day(3))
    desk.write(members.join, old, 1, day(4), inviter_id=ali)

    def told() -> list[tuple[str, str, int]]:
        return [(each.invitee, each.state, each.points) for each in desk.read(earning.invitations, desk.clock)]

    assert told() == [
        ("早来的", "due", 20), ("刚来的", "waiting", 0), ("回来的", "known", 0), ("走了的", "left", 0),
    ]  # fmt: skip
    desk.write(earning.reward_referrals)
    assert ("早来的", "rewarded", 20) in told()
    stay = desk.read(earning.invitations, desk.clock)[-1]
    assert (stay.inviter, stay.joined_on, stay.counts_on) == ("阿梨", day(1), day(8))
    desk.write(rules.change, "earning.referral_points", 0)
    join(desk, "白来的", ali, day(1))
    assert ("白来的", "off", 0) in told()


def test_invitations_tell_the_same_as_rewarding_does(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    desk.write(rules.change, "earning.referral_points", 60)
    for name, inviter in (("甲", ali), ("乙", ali), ("丙", ali), ("丁", bao)):
        join(desk, name, inviter, day(1))
    due = {(line.inviter, line.invitee) for line in desk.read(earning.referrals_due, desk.clock).due}
    found = desk.read(earning.invitations, desk.clock)
    assert {(each.inviter, each.invitee) for each in found if each.state == "due"} == due
    desk.write(earning.reward_referrals)
    states = sorted(each.state for each in desk.read(earning.invitations, desk.clock))
    assert states == ["cut", "rewarded", "rewarded", "rewarded"]
    desk.write(history.undo)
    assert {each.state for each in desk.read(earning.invitations, desk.clock)} == {"due"}


def test_a_deed_says_why_it_earned_what_it_did(desk):
    (ali,) = people(desk, "阿梨")
    add(desk, recurs="once:2026-03-20")
    done, *_ = desk.write(earning.record_deed, "share", [ali], note="长文")
    set_language("en")
    try:
        lines = [str(line) for line in desk.read(earning.why_deed, done.deed)]
        assert lines == [
            "Points for a good share: 10 points (S3-07, S3-17)", "a bonus day multiplied it: ×2",
            "booked on 2026-03-20: 20 points",
        ]  # fmt: skip
        (cut, *_) = desk.write(earning.record_deed, "share", [ali], note="很长", amount=90)
        assert "a cap of the day cut the rest off" in [str(line) for line in desk.read(earning.why_deed, cut.deed)]
        (none, *_) = desk.write(earning.record_deed, "share", [ali], note="更长")
        assert "nothing was booked" in str(desk.read(earning.why_deed, none.deed)[-1])
    finally:
        set_language(None)
