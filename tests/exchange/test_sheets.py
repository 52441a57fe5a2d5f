"""Tables come as rows of texts with the row numbers Excel shows, whatever file they were in."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers.limits import Limits
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_bytes, sheet_from_text


def cells(sheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in sheet.rows]


def workbook(*sheets) -> bytes:
    """XLSX bytes of (title, rows) sheets."""
    book = Workbook(write_only=True)
    for title, rows in sheets:
        ws = book.create_sheet(title)
        for row in rows:
            ws.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found_although_names_hold_others(delimiter):
    text = f'昵称{delimiter}手机号\n"团团妈,二宝;三宝"{delimiter}138\n阿梨{delimiter}139\n'
    sheet = sheet_from_text(text)
    assert sheet.rows[1].cells == ("团团妈,二宝;三宝", "138")
    assert sheet.format == ("tsv" if delimiter == "\t" else "csv")


def test_utf_16_tab_text_from_excel_is_a_table():
    sheet = sheet_from_bytes("昵称\t手机号\r\n团团妈,二宝\t138\r\n".encode("utf-16"), "a.txt")
    assert (sheet.format, sheet.encoding) == ("tsv", "utf-16-le")
    assert sheet.rows[1].cells == ("团团妈,二宝", "138")


def test_a_separator_line_is_obeyed():
    assert cells(sheet_from_text("sep=;\n昵称;a\n甲;1,5\n")) == [(2, ("昵称", "a")), (3, ("甲", "1,5"))]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_excel_numbers_them(newline):
    text = newline.join(["成员名单", "", "昵称,备注", '甲,"一行', '两行"', "乙,,", ""])
    assert [(number, row[0]) for number, row in cells(sheet_from_text(text))] == [
        (1, "成员名单"),
        (3, "昵称"),
        (4, "甲"),
        (5, "乙"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('昵称,备注\n甲,好\n乙,"没关上\n丙,好\n', 3),
        ('昵称,备注\n"甲\n乙",好\n丙,"没关上', 4),
        ('昵称\n"', 2),
        ('昵称\n甲\n"' + "乙\n" * 60 + '"\n丙\n', 3),
        ('昵称\n"' + "长" * 140_000 + '"\n', 2),
    ],
)
def test_an_unterminated_quote_is_refused_with_its_line(text, line):
    with pytest.raises(BadInput) as refusal:
        sheet_from_text(text, "a.csv")
    assert refusal.value.where == f"a.csv:{line}"


def test_a_quote_inside_a_cell_is_only_a_quote():
    assert sheet_from_text('昵称,备注\n5"管,="0012"\n').rows[1].cells == ('5"管', '="0012"')


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("昵称\n" + "甲\n" * 5, Limits(rows=5)),
        ("昵称" + ",x" * 5 + "\n", Limits(columns=5)),
        ("昵称\n" + "长" * 11 + "\n", Limits(field_chars=10)),
        ("", Limits()),
        ("\n\n,,\n", Limits()),
        ("<html><table><tr><td>昵称</td></tr></table>", Limits()),
        ('{\n "title": "成员",\n "columns": []\n}', Limits()),
        ('[{"昵称": "阿梨"}]', Limits()),
    ],
)
def test_too_large_empty_and_web_tables_are_refused(text, limits):
    with pytest.raises(BadInput):
        sheet_from_text(text, limits=limits)


def test_empty_columns_at_the_end_do_not_count():
    assert sheet_from_text("昵称" + "," * 300 + "\n甲\n", limits=Limits(columns=5)).rows[0].cells == ("昵称",)


def test_typed_cells_of_a_workbook_are_plain_texts():
    moment = datetime(2024, 3, 9, 9, 5)  # noqa: DTZ001 - a cell has no zone
    row = [13800000001, 1.38e10, 0.1 + 0.2, True, date(2024, 3, 9), moment, time(6, 30), None, "x"]
    sheet = sheet_from_bytes(workbook(("表", [row])), "a.xlsx")
    assert sheet.rows[0].cells == (
        "13800000001",
        "13800000000",
        "0.3",
        "TRUE",
        "2024-03-09",
        "2024-03-09 09:05:00",
        "06:30:00",
        "",
        "x",
    )


def test_the_first_sheet_with_content_is_read_unless_one_is_named():
    data = workbook(("空", []), ("成员", [["昵称"], ["甲"]]), ("别的", [["昵称"], ["乙"]]))
    sheet = sheet_from_bytes(data, "a.xlsx")
    assert (sheet.title, sheet.rows[1].cells) == ("成员", ("甲",))
    assert sheet.notes[0].values == (("title", "成员"),)
    assert sheet_from_bytes(data, "a.xlsx", sheet="别的").rows[1].cells == ("乙",)
    with pytest.raises(NotFound) as refusal:
        sheet_from_bytes(data, "a.xlsx", sheet="没有")
    assert "别的" in refusal.value.values["titles"]


def test_a_hidden_sheet_is_not_the_first():
    book = Workbook(write_only=True)
    hidden = book.create_sheet("旧")
    hidden.append(["旧"])
    hidden.sheet_state = "hidden"
    book.create_sheet("成员").append(["昵称"])
    file = io.BytesIO()
    book.save(file)
    assert sheet_from_bytes(file.getvalue(), "a.xlsx").title == "成员"


def test_the_content_decides_not_the_suffix(tmp_path: Path):
    path = tmp_path / "roster.csv"
    path.write_bytes(workbook(("成员", [["昵称"], ["甲"]])))
    assert read_sheet(path).format == "xlsx"


def test_a_head_over_two_rows_is_one():
    rows = [
        ["花名册"],
        ["昵称", "联系方式", None, "入群", None],
        [None, "手机号", "微信", "日期", "来源"],
        ["阿梨", "13800000001", None, "2024-03-09", "朋友"],
    ]
    sheet = sheet_from_bytes(workbook(("成员", rows)), "花名册.xlsx")
    assert cells(sheet)[1:] == [
        (3, ("昵称", "手机号", "微信", "日期", "来源")),
        (4, ("阿梨", "13800000001", "", "2024-03-09", "朋友")),
    ]
    assert sheet.notes == (Reason.of("rows {upper} and {lower} were read as one head", upper=2, lower=3),)


@pytest.mark.parametrize(
    "text",
    [
        "昵称,手机号\n阿梨,138\n",
        "昵称,手机号\n阿梨,,来源\n",  # a person, with a cell too many
        "花名册\n昵称,手机号\n阿梨,138\n",
        "昵称\n\n,手机号\n阿梨,138\n",  # a blank row between them
        "昵称,3月1日,3月2日\n,打卡,请假\n",
    ],
)
def test_a_head_and_what_else_stands_near_it_are_not_one_head(text):
    sheet = sheet_from_text(text)
    assert len(sheet.rows) == len([line for line in text.splitlines() if line])
    assert sheet.notes == ()
