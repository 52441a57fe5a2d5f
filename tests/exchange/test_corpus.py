"""Generated rosters in every dress: rows in are rows out and rows listed, and nobody's name changes on the way."""

from __future__ import annotations

import csv
import io
import random
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from qunguan.domain.clock import Clock
from qunguan.domain.errors import UserError
from qunguan.domain.rosters import Roster
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_bytes, sheet_from_text
from qunguan.services import members
from qunguan.store.session import Session
from tests.exchange.hurry import hurried

ENCODINGS = ("gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16")
NEWLINES = ("\r\n", "\n", "\r")
HEADERS = (
    ("昵称", "微信号", "手机号", "入群日期"),
    ("*群昵称", "微信号（选填）", "联系电话", "加入时间"),
    ("Name", "WeChat ID", "Phone", "Joined"),
)
DATES = ("2024/3/1", "2024-03-01", "2024年3月1日", "2024.3.1", "45352", "２０２４／３／１", "2024-3-1 9:05", "")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰红建国文新云"


def people(rnd: random.Random, count: int) -> list[list[str]]:
    """Rows of distinct members, some of them in need of quotes."""
    rows = []
    for n in range(count):
        name = "".join(rnd.choice(GIVEN) for _ in range(rnd.randint(2, 4))) + rnd.choice(
            ("", ",二宝", "-早起", "“x”", "/A")
        )
        rows.append([f"{name}{n}", f"wx_{n:04}", rnd.choice(("", f"1380000{n:04}")), rnd.choice(DATES)])
    return rows


def dressed(rnd: random.Random, rows: list[list[str]], header: tuple[str, ...]) -> tuple[bytes, int]:
    """The file, and how many of its rows below the header hold anything."""
    encoding = rnd.choice(ENCODINGS)
    delimiter = "\t" if encoding == "utf-16" else rnd.choice(",,;")
    file = io.StringIO()
    quoting: Any = rnd.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=rnd.choice(NEWLINES))
    if rnd.random() < 0.3:
        writer.writerow(["2024年春季营名单"])
    writer.writerow(header)
    body = 0
    for row in rows:
        ragged = row[: rnd.randint(2, 4)] if rnd.random() < 0.2 else row + [""] * rnd.choice((0, 0, 3))
        writer.writerow(ragged)
        body += 1
        if rnd.random() < 0.1:
            writer.writerow([])
        if rnd.random() < 0.1:
            writer.writerow(ragged)
            body += 1
    if rnd.random() < 0.3:
        writer.writerow(["合计", str(len(rows))])
        body += 1
    return file.getvalue().encode(encoding), body


def in_a_workbook(rnd: random.Random, rows: list[list[str]], header: tuple[str, ...]) -> tuple[bytes, int]:
    """The same as a workbook: days as Excel keeps them, a title over merged cells, blank rows, a row told twice."""
    file = io.BytesIO()
    body, at = 0, 0
    with Workbook(file) as book:
        sheet = book.add_worksheet("成员")
        day = book.add_format({"num_format": "yyyy/m/d"})
        if rnd.random() < 0.5:
            sheet.merge_range(0, 0, 0, 3, "2024年春季营名单")
            at = 1
        sheet.write_row(at, 0, header)
        for row in rows:
            at += 1 + (rnd.random() < 0.1)
            for _told in range(1 + (rnd.random() < 0.1)):
                sheet.write_row(at, 0, row[:3])
                if row[3]:
                    sheet.write_datetime(at, 3, datetime(2024, 3, 1, tzinfo=None), day)  # noqa: DTZ001 - as Excel has it
                body, at = body + 1, at + 1
            at -= 1
        if rnd.random() < 0.3:
            sheet.write_row(at + 1, 0, ["合计", len(rows)])
            body += 1
    return file.getvalue(), body


@pytest.mark.parametrize("files", [60, pytest.param(250, marks=pytest.mark.long)])
@pytest.mark.parametrize("seed", range(8))
def test_every_row_is_accounted_for(desk, seed, files):
    rnd = random.Random(f"{seed}-{files}")
    for number in range(files):
        header = rnd.choice(HEADERS)
        rows = people(rnd, rnd.randint(3, 25))
        as_workbook = number % 6 == 0
        data, body = (in_a_workbook if as_workbook else dressed)(rnd, rows, header)
        found = read_roster(sheet_from_bytes(data, "a.xlsx" if as_workbook else "a.csv"))
        assert [entry.name for entry in found.entries] == [row[0] for row in rows]
        listed = sum(len(entry.rows) for entry in found.entries) + len(found.rejected) + len(found.skipped)
        assert listed == body
        assert not found.rejected
        assert {entry.joined_on for entry in found.entries} <= {"2024-03-01", None}
        if number % 10 == 0:
            desk.rehearse(applied_twice, found, len(rows))


def applied_twice(session: Session, clock: Clock, found: Roster, people_in_it: int) -> None:
    first = members.apply(session, clock, found, 1)
    assert (first.created, first.updated, len(first.rejected)) == (people_in_it, 0, 0)
    again = members.apply(session, clock, found, 1)
    assert (again.created, again.updated, again.unchanged) == (0, 0, people_in_it)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.text("甲乙1-/=,'\"\n \u200b", max_size=5), max_size=5), max_size=12))
def test_whatever_the_cells_every_row_is_an_entry_or_listed(rows):
    file = io.StringIO()
    csv.writer(file).writerows([["昵称", "微信号", "入群日期"], *rows])
    sheet = sheet_from_text(file.getvalue(), "a.csv")
    found = read_roster(sheet)
    numbers = [row for entry in found.entries for row in entry.rows]
    numbers += [note.row for note in (*found.rejected, *found.skipped)]
    assert sorted(numbers) == [row.number for row in sheet.rows[1:]]
    assert all(entry.name for entry in found.entries)


@pytest.mark.parametrize("files", [500, pytest.param(2500, marks=pytest.mark.long)])
def test_mutated_files_are_read_or_refused_never_more(files):
    rnd = random.Random(f"11-{files}")
    for number in range(files):
        if number % 50 == 0:
            good = dressed(rnd, people(rnd, 12), rnd.choice(HEADERS))[0]
        bad = bytearray(good)
        for _ in range(rnd.randint(1, 12)):
            bad[rnd.randrange(len(bad))] = (
                rnd.choice(b'",\n\r\t\0\xff\x80=') if rnd.random() < 0.7 else rnd.randrange(256)
            )
        with hurried(), suppress(UserError):
            read_roster(sheet_from_bytes(bytes(bad), "a.csv"))
