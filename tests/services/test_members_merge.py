"""Two entries of one person become one; nothing is lost, nothing counts twice, and undo brings both back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from qunguan.domain.errors import Refused
from qunguan.domain.members import Birthday
from qunguan.domain.members_merge import THINGS
from qunguan.domain.rewards import Reward
from qunguan.services import activity_queue, checkins, history, members, orders, points, rewards
from qunguan.services.activity_identity import resolve
from qunguan.services.desk import Desk
from qunguan.services.members_merge import merge, preview_merge
from qunguan.services.members_merge_rows import columns_seen_to
from qunguan.store.activity import question, speech
from qunguan.store.base import metadata
from qunguan.store.checkins import checkin, enrolment
from qunguan.store.cleaning import clean_case, wake, wake_member
from qunguan.store.members import alias, member, member_merge, membership
from qunguan.store.orders import shop_order
from qunguan.store.rewards import redemption
from tests.conftest import assert_sound
from tests.services.activity_kit import speak, told
from tests.services.checkin_kit import TODAY, challenge, day, people, tick_days
from tests.services.test_history import picture


def balance(desk: Desk, member_id: int, on: date = TODAY) -> int:
    return desk.read(points.balance, member_id, on)


def rows(desk: Desk, table, **where):
    query = select(table).where(*(table.c[name] == value for name, value in where.items())).order_by(table.c.id)
    return desk.read(lambda session: session.rows(query))


def test_every_column_that_points_at_a_member_is_seen_to() -> None:
    """A table that is new must say what a merge does to it."""
    pointing = {
        f"{key.parent.table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is member.c.id
    }
    assert pointing == set(columns_seen_to())


def test_everything_that_moves_has_a_name():
    moving = {column.split(".")[0] for column in columns_seen_to()} - {"point_entry", "member_merge"}
    assert moving <= THINGS.keys()


def test_names_stays_and_fields_become_one(desk: Desk) -> None:
    kept = desk.write(members.add, "李雷", group_id=1, joined_on=day(5), phone="13800000001", note="会做饭").id
    gone = desk.write(
        members.add, "小雷", group_id=1, joined_on=day(1), phone="13900000002", birthday=Birthday(3, 5),
        channel="朋友圈", note="住三栋", extra={"城市": "上海"}, tags=[("", "妈妈")],
    ).id  # fmt: skip
    desk.write(members.set_alias, gone, "wxid", "wxid_lei")
    guest = desk.write(members.add, "小红", group_id=1).id

    def invited(session, clock) -> None:
        session.step("x")
        session.update(membership, 3, inviter_id=gone)

    desk.write(invited)
    before = picture(desk)
    preview = desk.read(preview_merge, desk.clock, kept, gone)
    assert picture(desk) == before
    done = desk.write(merge, kept, gone, "同一个人")
    assert (done.moved, done.dropped, done.conflicts) == (preview.moved, preview.dropped, preview.conflicts)
    assert {one.field for one in done.conflicts} == {"name", "phone", "note"}
    card = desk.read(members.card, kept)
    assert (card.member.phone, card.member.birthday, card.member.channel) == ("13800000001", Birthday(3, 5), "朋友圈")
    assert card.member.extra == {"城市": "上海"}
    assert card.tags == (("", "妈妈"),)
    for text in ("会做饭", "住三栋", "13900000002", "小雷"):
        assert text in card.member.note
    assert {(one.kind, one.text) for one in card.aliases} == {("name", "李雷"), ("nick", "小雷"), ("wxid", "wxid_lei")}
    assert [(stay.joined_on, stay.left_on) for stay in card.stays] == [(day(1), None)]
    assert desk.read(members.card, guest).stays[0].inviter_id == kept
    assert gone not in [row.id for row in desk.read(members.list_members)]
    assert desk.read(members.search, "小雷") == [kept]
    desk.write(history.undo)
    assert picture(desk) == before
    assert desk.read(members.search, "小雷") == [gone]
    desk.write(history.redo)
    assert rows(desk, member_merge)[0].kept_id == kept


def test_checkins_of_one_day_become_the_stronger_one_and_nothing_is_given_twice(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk, tiers={3: 10, 7: 20}, makeup_quota=9, makeup_days=30)
    tick_days(desk, (early, kept), [1, 2, 3, 8])
    tick_days(desk, (early, gone), [1, 2, 3, 4, 5, 6, 7])
    desk.write(checkins.mark, early, kept, day(9), "frozen")
    desk.write(checkins.mark, early, gone, day(9), "makeup")
    both = balance(desk, kept) + balance(desk, gone)
    before = picture(desk)
    desk.write(merge, kept, gone)
    assert balance(desk, gone) == 0
    assert balance(desk, kept) == both
    states = {row.day: row.state for row in rows(desk, checkin, challenge_id=early)}
    assert states == {**{day(n): "done" for n in range(1, 9)}, day(9): "makeup"}
    (enrolled,) = rows(desk, enrolment, challenge_id=early)
    assert (enrolled.member_id, enrolled.total) == (kept, 9)
    desk.write(checkins.untick, early, kept, day(5))
    desk.write(checkins.tick, early, kept, day(5))
    assert balance(desk, kept) == both
    for _ in range(3):
        desk.write(history.undo)
    assert picture(desk) == before


def test_orders_and_what_they_gave_go_over_and_a_refund_takes_it_back(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    order = desk.write(orders.add_order, gone, 100_00).id
    earned = balance(desk, gone)
    assert earned > 0
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (earned, 0)
    assert rows(desk, shop_order)[0].member_id == kept
    desk.write(orders.refund_order, order)
    assert (balance(desk, kept), balance(desk, gone)) == (0, 0)


def test_a_redemption_from_before_can_be_cancelled_after(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    desk.write(points.grant, gone, 100)
    prize = desk.write(rewards.add, Reward(0, "杯子", "goods", 60)).id
    bought = desk.write(rewards.redeem, gone, prize)
    desk.write(merge, kept, gone)
    assert balance(desk, kept) == 40
    (row,) = rows(desk, redemption)
    assert row.member_id == kept
    desk.write(rewards.cancel, row.id)
    assert (balance(desk, kept), balance(desk, gone)) == (100, 0)
    assert bought


def test_debts_go_over_too(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    given = desk.write(points.grant, gone, 50)
    desk.write(points.spend, gone, 50)
    desk.write(points.reverse, given.entry_id)
    desk.write(points.grant, kept, 30)
    assert balance(desk, gone) == -50
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (-20, 0)
    desk.write(points.grant, kept, 5)
    assert balance(desk, kept) == -15
    desk.write(history.undo)
    desk.write(history.undo)
    assert (balance(desk, kept), balance(desk, gone)) == (30, -50)


def test_merged_undone_and_merged_again(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk, tiers={3: 10})
    tick_days(desk, (early, gone), [1, 2, 3])
    total = balance(desk, gone)
    desk.write(merge, kept, gone)
    desk.write(history.undo)
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (total, 0)
    desk.write(checkins.untick, early, kept, day(3))
    assert balance(desk, kept) == total - 15


def test_an_award_that_comes_back_into_a_debt_is_not_given_a_second_time(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk)
    tick_days(desk, (early, gone), [1])
    given = desk.write(points.grant, kept, 40)
    desk.write(merge, kept, gone)
    desk.write(history.undo)
    desk.write(points.spend, kept, 25)
    desk.write(points.reverse, given.entry_id)
    assert (balance(desk, kept), balance(desk, gone)) == (-25, 5)
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (-20, 0)
    assert_sound(desk)


def test_an_award_spent_before_it_goes_over_again_leaves_the_debt_as_it_was(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk)
    tick_days(desk, (early, gone), [1])
    given = desk.write(points.grant, kept, 40)
    desk.write(merge, kept, gone)
    desk.write(history.undo)
    desk.write(points.spend, gone, 5)
    desk.write(points.spend, kept, 25)
    desk.write(points.reverse, given.entry_id)
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (-25, 0)
    assert_sound(desk)


def test_speech_speakers_and_lists_go_over(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    found = desk.write(resolve, 1, [told("wxid", "wxid_l", "小雷", day(1), day(2))], add_new=True)
    speak(desk, found, [(("wxid", "wxid_l"), day(1), 4), (("wxid", "wxid_l"), day(2), 3)])

    def lists(session, clock) -> None:
        session.step("x")
        sent = session.insert(wake, group_id=1, name="三月", sent_on=day(2), created_at=clock.now())
        for who, written in ((kept, day(4)), (gone, day(3))):
            session.insert(wake_member, wake_id=sent, member_id=who, contacted_on=written)
            session.insert(
                clean_case, member_id=who, group_id=1, decision="wake", decided_on=day(2), decided_at=clock.now()
            )

    desk.write(lists)
    desk.write(merge, kept, gone)
    why = desk.read(activity_queue.why_speaker, 1)
    assert (why.member_id, why.member) == (kept, f"李雷 (#{kept})")
    assert [(row.member_id, row.contacted_on) for row in rows(desk, wake_member)] == [(kept, day(3))]
    assert [row.member_id for row in rows(desk, clean_case)] == [kept, kept]
    again = desk.write(resolve, 1, [told("wxid", "wxid_l", "小雷", day(3), day(3))], add_new=True)
    assert again["wxid", "wxid_l"].member_id == kept


def test_what_cannot_be_merged_is_refused(desk: Desk) -> None:
    one, two, three = people(desk, "李雷", "小雷", "大雷")
    with pytest.raises(Refused):
        desk.write(merge, one, one)
    desk.write(merge, one, two)
    with pytest.raises(Refused):
        desk.write(merge, three, two)
    desk.write(merge, three, one)
    assert {(row.gone_id, row.kept_id) for row in rows(desk, member_merge)} == {(two, one), (one, three)}
    assert {row.member_id for row in rows(desk, alias)} == {three}


def test_who_is_forgotten_is_forgotten_with_what_was_merged(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "秘密小雷")
    found = desk.write(resolve, 1, [told("wxid", "wxid_secret", "秘密昵称", day(1), day(2))], add_new=True)
    speak(desk, found, [(("wxid", "wxid_secret"), day(1), 4)])

    def ask(session, clock) -> None:
        session.step("x")
        session.insert(
            question, import_id=1, group_id=1, speaker_id=1, member_id=3, day=day(1), text="秘密地址在哪", state="open"
        )

    desk.write(ask)
    desk.write(merge, kept, gone, "秘密理由")
    desk.write(merge, kept, 3)
    desk.write(members.erase, kept)

    def everything(session) -> str:
        return str([list(session.rows(select(table))) for table in metadata.sorted_tables])

    text = desk.read(everything)
    assert not [word for word in ("秘密", "wxid_secret", "李雷") if word in text]
    assert desk.read(activity_queue.waiting) == ()
    assert rows(desk, speech)[0].messages == 4
