"""Who gets what, the largest first: what is out of line is seen."""

from __future__ import annotations

import pytest

from qunguan.domain.incident_compensation import Amends, CompensationLine
from qunguan.domain.incident_shares import left_line, share_lines, shares
from qunguan.i18n import set_language


def line(row: int, told: Amends, *, given: bool = False, left: bool = False) -> CompensationLine:
    return CompensationLine(row, row, f"成员{row}", told, given, left)


MONEY = [line(row, Amends("money", None, 1250), given=row == 1) for row in range(1, 9)]
SLIP = line(9, Amends("money", None, 123456, "转账"))


def test_a_slip_of_the_pen_leads_and_the_rest_is_counted():
    (told,) = shares([*MONEY, SLIP])
    assert told.lines[0] == SLIP
    assert (told.more, told.given, told.total) == (4, 1, 8 * 1250 + 123456)
    assert [each.row for each in told.lines[1:]] == [1, 2, 3, 4], "alike in size: as the list has them"


def test_each_kind_has_its_own_largest():
    found = [*MONEY, line(20, Amends("points", 5), given=True), line(21, Amends("points", 5000)),
             line(22, Amends("coupon", None, None, "满50减10"), left=True)]  # fmt: skip
    assert [(share.kind, share.lines[0].row) for share in shares(found)] == [
        ("points", 21), ("coupon", 22), ("money", 1),
    ]  # fmt: skip


@pytest.fixture
def chinese():
    set_language("zh")
    yield
    set_language(None)


@pytest.mark.usefixtures("chinese")
def test_as_people_read_it():
    gone = line(10, Amends("coupon", None, None, "满50减10"), left=True)
    assert share_lines([*MONEY, SLIP, gone]) == [
        "券 1 份，兑现 0 份",
        "  ○ 成员10  券 满50减10（已退群）",
        "现金 9 份，兑现 1 份，合计 ¥1334.56",
        "  ○ 成员9  现金 ¥1234.56 转账",
        "  ✓ 成员1  现金 ¥12.50",
        *(f"  ○ 成员{row}  现金 ¥12.50" for row in (2, 3, 4)),
        "  … 另有 4 份",
    ]
    assert left_line([*MONEY, gone]) == "其中 1 位已退群：成员10"
    assert left_line(MONEY) == ""
    many = [line(row, Amends("points", 1), left=True) for row in range(7)]
    assert left_line(many).endswith("成员4 …")
    assert share_lines([]) == []
