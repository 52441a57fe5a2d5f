"""Who brought whom, as tables and as lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qunguan.exchange.readers import invites
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.invites import read_invites
from qunguan.exchange.readers.sheets import sheet_from_text

ZONE = "Asia/Shanghai"
lines_of: Callable[..., Any] = invites.lines_of  # None where no line is an invitation


def test_a_table_with_days_and_times():
    sheet = sheet_from_text(
        "邀请人,被邀请人,进群时间\n阿梨,小满,2026/3/1\n阿梨,团团,2026-03-02 01:30\n合计,2,\n,没有,\n", "a.csv"
    )
    told = read_invites(sheet, ZONE)
    first, second = told.rows
    assert (first.inviter, first.invitee, first.joined_on, first.joined_at) == ("阿梨", "小满", date(2026, 3, 1), None)
    assert (second.joined_on, str(second.joined_at)) == (None, "2026-03-02 01:30:00+08:00")
    assert [note.row for note in told.rejected] == [5]


def test_a_day_that_does_not_exist_is_rejected_with_its_row():
    told = read_invites(sheet_from_text("邀请人,新人,时间\n阿梨,小满,2026-02-30\n阿梨,团团,\n", "a.csv"), ZONE)
    assert ([note.row for note in told.rejected], [row.row for row in told.rows]) == ([2], [3])


def test_a_table_of_other_things_asks_which_column_is_which():
    with pytest.raises(NeedsMapping):
        read_invites(sheet_from_text("甲,乙\n1,2\n", "a.csv"), ZONE)


@pytest.mark.parametrize(
    ("line", "inviter", "invitee", "day"),
    [
        ("阿梨 邀请 小满", "阿梨", "小满", None),
        ("“阿梨”邀请“小满”加入了群聊", "阿梨", "小满", None),
        ("阿梨 -> 小满 2026-03-01", "阿梨", "小满", date(2026, 3, 1)),
        ("团团妈,二宝 邀请了 Crystal🍀 (2026年3月1日)", "团团妈,二宝", "Crystal🍀", date(2026, 3, 1)),
    ],
)
def test_lines(line, inviter, invitee, day):
    (row,) = lines_of(line, ZONE).rows
    assert (row.inviter, row.invitee, row.joined_on) == (inviter, invitee, day)


def test_lines_that_say_nothing_are_rejected_beside_those_that_do():
    told = lines_of("阿梨 邀请 小满\n早上好\n\n阿梨 -> 团团 2026-02-30\n", ZONE)
    assert (len(told.rows), [note.row for note in told.rejected]) == (1, [2, 4])
    assert lines_of("早上好\n晚上好", ZONE) is None
