"""Points of two entries of one person after any past: what was given, taken back and given again goes over once."""

from __future__ import annotations

from sqlalchemy import select

from qunguan.services import checkins, history, members, points, points_views
from qunguan.services.desk import Desk
from qunguan.services.members_merge import merge
from qunguan.store.members import member
from tests.services.checkin_kit import TODAY, challenge, day, people
from tests.services.test_members_merge import balance


def test_an_award_that_others_paid_for_meanwhile_comes_back_once(desk: Desk) -> None:
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk, points=5)
    desk.write(checkins.tick, early, kept, day(18))
    desk.write(points.spend, kept, 5)
    desk.write(checkins.untick, early, kept, day(18))  # the 5 are owed
    desk.write(checkins.tick, early, kept, day(19))  # and paid
    desk.write(checkins.tick, early, gone, day(18))
    assert (balance(desk, kept), balance(desk, gone)) == (0, 5)
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (5, 0)


def test_points_left_by_an_award_that_was_taken_back_are_no_award(desk: Desk) -> None:
    """It was given again while something was owed, and taken back from what had been owed."""
    kept, gone = people(desk, "李雷", "小雷")
    early = challenge(desk, points=5)
    desk.write(checkins.toggle, early, kept, day(18))
    desk.write(checkins.toggle, early, kept, day(18))
    gift = desk.write(points.grant, gone, 40).entry_id
    desk.write(checkins.toggle, early, gone, day(18))
    desk.write(checkins.toggle, early, gone, day(18))
    desk.write(points.spend, gone, 23)
    desk.write(points.reverse, gift)
    desk.write(checkins.toggle, early, gone, day(18))
    desk.write(history.undo)
    desk.write(history.undo)
    assert (balance(desk, kept), balance(desk, gone)) == (0, 17)
    desk.write(merge, kept, gone)
    assert (balance(desk, kept), balance(desk, gone)) == (17, 0)
    desk.write(checkins.tick, early, kept, day(18))
    assert balance(desk, kept) == 22


def test_nobody_is_listed_without_points(desk: Desk) -> None:
    """The row of somebody who was merged, or whose joining was undone, stays for the ledger's sake."""
    kept, gone = people(desk, "李雷", "小雷")
    desk.write(points.grant, gone, 40)
    desk.write(merge, kept, gone)
    desk.write(members.add, "秋秋", group_id=1)
    desk.write(points.grant, gone + 1, 40)
    desk.write(history.undo)
    desk.write(history.undo)
    assert desk.read(lambda session: len(session.rows(select(member.c.id)))) == 3
    assert [(one.name, one.balance) for one in desk.read(points.balances, desk.clock)] == [("李雷", 40)]
    assert list(desk.read(points_views.balance_ids, TODAY)) == [kept]
