"""The role of a member in a group, given by hand: the owner's share of the talk needs to know who that is."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.errors import Refused
from qunguan.domain.members import role_said, role_typed
from qunguan.exchange.writers.card_lines import stay_text
from qunguan.services import history, members
from qunguan.services.desk import Desk
from qunguan.services.members_typed import edit_typed, typed
from qunguan.store import insight_queries


@pytest.fixture
def person(desk: Desk) -> int:
    return desk.write(members.add, "阿梨", group_id=1, joined_on=date(2026, 3, 1)).id


def owners(desk: Desk) -> set[int]:
    return desk.read(insight_queries.owners, 1)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("群主", "owner"),
        ("Owner", "owner"),
        ("管理员", "admin"),
        (" 小管家 ", "小管家"),
        ("", ""),
        ("\x1b[31m", "[31m"),
    ],
)
def test_roles_are_understood_as_people_write_them(text, role):
    assert role_typed(text) == role


def test_the_owner_is_given_and_taken_back(desk, person):
    assert desk.write(members.set_role, person, 1, "群主") == "owner"
    assert owners(desk) == {person}
    assert stay_text(desk.read(members.card, person).stays[0]).endswith(role_said("owner"))
    desk.write(members.set_role, person, 1, "owner")
    desk.write(history.undo)
    assert owners(desk) == set()


def test_the_role_in_the_form(desk, person):
    values = typed(desk.read(members.card, person), 1)
    desk.write(edit_typed, person, {**values, "role": "owner"}, 1)
    assert owners(desk) == {person}
    values = typed(desk.read(members.card, person), 1)
    assert values["role"] == "owner"
    desk.write(edit_typed, person, {**values, "role": ""}, 1)
    assert desk.read(members.card, person).stays[0].role == ""


def test_who_is_not_in_the_group_has_no_role_there(desk, person):
    desk.write(members.leave, person, 1)
    with pytest.raises(Refused):
        desk.write(members.set_role, person, 1, "owner")
