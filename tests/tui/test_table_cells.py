from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from qunguan.tui.widgets.table_cells import Cell, Column, Row, column_widths, fit, header, line_width, row_runs

HOSTILE = [
    "\x1b[31m小明\x1b[0m",
    "\x1b]52;c;cm0=\x07阿梨",
    "[/]",
    "[@click=app.quit]点我[/]",
    "小\u202e明 \u2066x",
    "مرحبا שלום",
    "👨‍👩‍👧 一家",
    "❤️ 1️⃣ 👍🏽 🇨🇳 🏳️‍🌈",
    "z" + "\u0301" * 60,
    "一" * 10_000,
    "\u0301" * 10_000,
    "a\tb\r\nc\x00\x9b",
    "",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [0, 1, 2, 5, 12, 40])
@pytest.mark.parametrize("right", [False, True])
def test_any_text_is_exactly_as_wide_as_its_column_and_has_no_controls(text, width, right):
    drawn = fit(text, width, right)
    assert cell_len(drawn) == width
    assert sum(cell_len(ch) for ch in drawn) == width, "terminals without grapheme clusters must agree"
    bidi = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    assert not any(unicodedata.category(ch) in ("Cc", "Cs") or unicodedata.bidirectional(ch) in bidi for ch in drawn)


@pytest.mark.parametrize(
    ("text", "width", "right", "drawn"),
    [
        ("ab", 4, False, "ab  "),
        ("12", 4, True, "  12"),
        ("abcdef", 4, False, "abc…"),
        ("群昵称", 6, False, "群昵称"),
        ("群昵称", 5, False, "群昵…"),
        ("群昵称", 4, False, "群 …"),
        ("群", 1, False, "…"),
    ],
)
def test_text_is_padded_or_cut_between_characters(text, width, right, drawn):
    assert fit(text, width, right) == drawn


def test_flexible_columns_share_all_of_the_rest_by_weight():
    columns = (Column("#", width=4), Column("a", flex=2), Column("b", flex=1), Column("n", width=6, right=True))
    widths = column_widths(columns, 80)
    assert line_width(widths) == 80
    assert widths[0] == 4
    assert widths[3] == 6
    assert widths[1] - 8 == pytest.approx(2 * (widths[2] - 8), abs=2)


def test_a_narrow_view_leaves_out_the_columns_with_the_highest_drop_first():
    columns = (Column("name", width=20), Column("x", width=20, drop=2), Column("y", width=20, drop=1))
    assert column_widths(columns, 80) == (20, 20, 20)
    assert column_widths(columns, 60) == (20, 0, 20)
    assert column_widths(columns, 30) == (20, 0, 0)
    assert column_widths(columns, 10) == (20, 0, 0), "what may not be dropped stays, and the table scrolls"


def test_headings_stand_over_their_cells_and_the_sorted_one_is_marked():
    columns = (Column("群昵称", width=10), Column("gone", width=5, drop=1), Column("积分", width=8, right=True))
    widths = column_widths(columns, 25)
    assert widths == (10, 0, 8)
    assert header(columns, widths, None) == "  群昵称      " + "    积分"
    assert header(columns, widths, (2, True)) == "  群昵称      " + "   积分▾"
    assert header(columns, widths, (0, False)) == "  群昵称▴     " + "    积分"
    tight = (Column("连续打卡", width=6),)
    assert header(tight, (6,), (0, True)) == "  连续…▾"


def test_neighbouring_cells_of_one_style_are_one_run():
    columns = (Column("a", width=2), Column("b", width=2), Column("c", width=2), Column("d", width=2))
    row = Row(1, ("a", Cell("b"), Cell("c", "done"), Cell("d", "missed")))
    assert row_runs(row, columns, (2, 2, 2, 2)) == [("a   b ", ""), ("  c ", "done"), ("  d ", "missed")]
    assert row_runs(row, columns, (2, 0, 2, 0)) == [("a ", ""), ("  c ", "done")]


def test_a_cell_that_runs_on_takes_the_room_of_the_empty_ones_after_it_and_no_other():
    columns = [Column("", width=1), Column("", width=4), Column("", width=3, drop=1), Column("", width=5)]
    heading = Cell("a long heading", runs_on=True)
    assert row_runs(Row(1, ("", heading, "", "")), columns, (1, 4, 3, 5)) == [("   a long heading  ", "")]
    assert row_runs(Row(1, ("", heading, "", "")), columns, (1, 4, 0, 5)) == [("   a long hea…", "")]
    assert row_runs(Row(1, ("", heading, "", "end")), columns, (1, 4, 3, 5)) == [("   a long h…  end  ", "")]
    assert row_runs(Row(1, ("", "a long heading", "", "")), columns, (1, 4, 3, 5)) == [("   a l…            ", "")]
