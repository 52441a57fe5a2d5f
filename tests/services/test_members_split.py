"""One entry that is two people: what goes, what stays, and that undo brings it together again."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.members_split import name_for
from qunguan.services import history, members, orders, points
from qunguan.services.activity_identity import resolve
from qunguan.services.desk import Desk
from qunguan.services.members_split import split
from tests.services.activity_kit import speak, state, told
from tests.services.checkin_kit import TODAY, challenge, day, people, tick_days
from tests.services.order_kit import entry, sheet


def test_names_go_with_what_was_said_and_bought_by_them(desk: Desk) -> None:
    (both,) = people(desk, "王姐")
    early = challenge(desk)
    tick_days(desk, (early, both), [1, 2])
    desk.write(members.set_alias, both, "nick", "小王")
    desk.write(members.set_alias, both, "wxid", "wxid_wang")
    told_of = [told("wxid", "wxid_wang", "小王", day(1), day(2)), told("name", "王姐", "", day(1), day(2))]
    found = desk.write(resolve, 1, told_of, add_new=True)
    speak(desk, found, [(("wxid", "wxid_wang"), day(1), 4), (("name", "王姐"), day(2), 3)])
    desk.write(orders.import_orders, sheet(entry(1, "小王"), entry(2, "王姐")))
    earned = desk.read(points.balance, both, TODAY)
    before = state(desk)
    done = desk.write(split, both, ["小王", "wxid_wang"])
    assert (done.name, done.speakers, done.messages, done.orders) == ("小王", 1, 4, 1)
    new = desk.read(members.card, done.member_id)
    assert {(one.kind, one.text) for one in new.aliases} >= {("nick", "小王"), ("wxid", "wxid_wang")}
    assert [stay.group_id for stay in new.stays] == [1]
    assert desk.read(points.balance, both, TODAY) + desk.read(points.balance, done.member_id, TODAY) == earned
    desk.write(history.undo)
    after = state(desk)
    assert {**after, "member": after["member"][:1]} == before  # the ledger knows the other one for good
    desk.write(history.redo)
    again = desk.write(resolve, 1, told_of, add_new=False)
    assert [one.member_id for one in again.values()] == [done.member_id, both]


def test_a_name_both_have_stays_with_both(desk: Desk) -> None:
    (both,) = people(desk, "王姐")
    desk.write(members.set_alias, both, "wxid", "wxid_wang")
    done = desk.write(split, both, ["王姐"], name="王姐二")
    assert [one.text for one in desk.read(members.card, both).aliases if one.kind == "name"] == ["王姐"]
    assert "王姐" in [one.text for one in desk.read(members.card, done.member_id).aliases]


def test_an_account_is_no_name(desk: Desk) -> None:
    (both,) = people(desk, "石红墨")
    desk.write(members.set_alias, both, "wechat_id", "wx_0006")
    desk.write(members.set_alias, both, "nick", "小墨")
    done = desk.write(split, both, ["wx_0006"])
    assert (done.name, done.taken) == ("石红墨（2）", ("wx_0006",))
    assert name_for("石" * 64, [("wxid", "wx_0006")]).endswith("石（2）")
    assert name_for("石红墨", [("wxid", "wx_0006"), ("nick", "小墨")]) == "小墨"


def test_what_cannot_be_split_is_refused(desk: Desk) -> None:
    (both,) = people(desk, "王姐")
    with pytest.raises(BadInput):
        desk.write(split, both, [])
    with pytest.raises(NotFound):
        desk.write(split, both, ["李姐"])
    with pytest.raises(Refused):
        desk.write(split, both, ["王姐"])
