"""Years of a spreadsheet come along: check-ins long and wide, points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.exports import LedgerLine
from qunguan.domain.rosters import RowNote
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.history import (
    CheckinHistory,
    NeedsYear,
    PointsHistory,
    read_checkin_history,
    read_points,
)
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text
from qunguan.exchange.writers.ledger import ledger_table
from qunguan.exchange.writers.tables import write_table
from qunguan.i18n import set_language


def checkins(text: str, year: int | None = None) -> CheckinHistory:
    return read_checkin_history(sheet_from_text(text, "卡.csv"), year=year)


def points(text: str) -> PointsHistory:
    return read_points(sheet_from_text(text, "分.csv"))


def rows(rejected: Iterable[RowNote]) -> list[int]:
    return [note.row for note in rejected]


def test_a_long_table_with_and_without_states():
    found = checkins(
        "昵称,打卡时间,状态,内容\n阿梨,2024-03-01 06:30,,读了三页\n阿梨,2024/3/2,补卡,\n小明,2024年3月2日,冻结,\n"
        "小明,45354,请假,\n小红,2024-03-01,makeup,\n小红,2024-03-02,未打卡,\n小红,2024-03-03,也许,\n,2024-03-03,,\n"
        "小红,2024-02-30,,\n合计,8,,\n"
    )
    assert found.layout == "long"
    assert [(e.name, e.date, e.state) for e in found.entries] == [
        ("阿梨", date(2024, 3, 1), "done"),
        ("阿梨", date(2024, 3, 2), "makeup"),
        ("小明", date(2024, 3, 2), "frozen"),
        ("小明", date(2024, 3, 3), "excused"),
        ("小红", date(2024, 3, 1), "makeup"),
    ]
    assert (found.entries[0].at, found.entries[0].note) == (time(6, 30), "读了三页")
    assert (rows(found.rejected), rows(found.skipped)) == ([7, 8, 9, 10], [11])


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        ("√", "done"), ("1", "done"), ("✅", "done"), ("打卡", "done"), ("done", "done"), ("●", "done"), ("✔️", "done"),
        ("补卡", "makeup"), ("makeup", "makeup"), ("◐", "makeup"), ("冻结", "frozen"), ("❄️", "frozen"),
        ("请假", "excused"), ("○", "excused"), ("", None), ("×", None), ("·", None), ("未打卡", None), ("0", None),
    ],
)  # fmt: skip
def test_marks_of_a_wide_table(mark, state):
    found = checkins(f"打卡表,,\n昵称,合计,2024-03-01\n阿梨,9,{mark}\n")
    assert [e.state for e in found.entries] == ([state] if state else [])
    assert (found.layout, found.rejected) == ("wide", ())


def test_column_heads_without_a_year_go_on_past_december():
    text = "昵称,12/31,1月1日（周一）,1.2\n阿梨,√,√,√\n"
    assert [e.date for e in checkins(text, 2023).entries] == [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2)]
    with pytest.raises(BadInput) as refusal:
        checkins(text)
    assert refusal.value.where == "卡.csv:1"


def test_column_heads_are_of_the_only_year_in_which_all_of_them_can_be():
    sheet = sheet_from_text("昵称,12/31,1/1,1/2\n阿梨,√,√,√\n", "卡.csv")
    camp = (date(2023, 12, 20), date(2024, 1, 10))
    assert read_checkin_history(sheet, within=camp).entries[0].date == date(2023, 12, 31)
    assert read_checkin_history(sheet, year=2020, within=camp).entries[0].date == date(2020, 12, 31)
    for several_or_none in ((date(2020, 1, 1), date(2024, 1, 10)), (date(2024, 1, 1), date(2024, 12, 31))):
        with pytest.raises(NeedsYear) as refusal:
            read_checkin_history(sheet, within=several_or_none)
        assert (refusal.value.head, refusal.value.where) == ("12/31", "卡.csv:1")
    leap = sheet_from_text("昵称,2月29日\n阿梨,√\n", "卡.csv")
    years = (date(2021, 1, 1), date(2025, 1, 1))
    assert [e.date for e in read_checkin_history(leap, within=years).entries] == [date(2024, 2, 29)]


@pytest.mark.parametrize("head", ["2024-03-01,2024/3/1", "3.1,3月1日", "2月30日,3月1日"])
def test_heads_for_one_day_twice_or_no_day_are_refused(head):
    with pytest.raises(BadInput):
        checkins(f"昵称,{head}\n阿梨,√,√\n", 2024)


def test_a_mark_that_says_nothing_known_is_refused_with_its_column():
    found = checkins("昵称,2024-03-01,2024-03-02\n阿梨,x,√\n,√,√\n")
    assert [(e.name, e.date.day) for e in found.entries] == [("阿梨", 2)]
    assert rows(found.rejected) == [2, 3]
    assert dict(found.rejected[0].reason.values)["column"] == "2024-03-01"


def test_a_table_without_days_is_asked_about():
    with pytest.raises(NeedsMapping):
        checkins("昵称,心情\n阿梨,好\n")
    with pytest.raises(NeedsMapping):
        points("昵称,日期\n阿梨,2024-03-01\n")


def test_points_with_all_columns():
    found = points(
        "昵称,日期,变动,有效期,原因,凭证号\n阿梨,2024-03-01,+5,2024-12-31,打卡,A1\n阿梨,2024-03-02,-3分,,兑换,'002\n"
        '小明,2024-03-01,"1,200",永久,,\n'
    )
    assert [(e.row, e.name, e.date.day, e.change, e.expires_on, e.reason, e.key) for e in found.entries] == [
        (2, "阿梨", 1, 5, date(2024, 12, 31), "打卡", "A1"),
        (3, "阿梨", 2, -3, None, "兑换", "002"),
        (4, "小明", 1, 1200, None, "", ""),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "阿梨,2024-03-01,0,", "阿梨,2024-03-01,1" + "0" * 30 + ",", "阿梨,2024-03-01,1.5,", "阿梨,,5,",
        ",2024-03-01,5,", "阿梨,2024-03-01,,", "阿梨,2024-03-01,5,2024-02-01", "阿梨,2024-02-30,5,",
        "阿梨,2024-03-01,5,永久吧",
    ],
)  # fmt: skip
def test_points_that_cannot_be_booked_are_refused(row):
    found = points(f"昵称,日期,变动,有效期\n{row}\n")
    assert (found.entries, rows(found.rejected)) == ((), [2])


@pytest.fixture(params=["zh", "en"])
def language(request):
    set_language(request.param)
    yield
    set_language(None)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_ledger_that_was_written_out_is_not_booked_a_second_time(language, suffix, tmp_path):
    line = LedgerLine(7, 1, "阿梨", date(2024, 3, 1), "EARN", 5, None, "打卡", "manual:A1", None)
    out = tmp_path / f"积分.{suffix}"
    write_table(out, ledger_table([line], "积分"))
    with pytest.raises(BadInput) as refusal:
        read_points(read_sheet(out))
    assert refusal.value.where == f"积分.{suffix}:1"
