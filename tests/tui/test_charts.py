"""Charts: as wide as they may be whatever the labels are, unknown is a gap and never 0, readable without colour."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from qunguan.tui.widgets.chart_grid import Share, heat_map, triangle
from qunguan.tui.widgets.chart_line import Line, line_chart
from qunguan.tui.widgets.charts import Bar, axis_figure, bars, columns, fitted

NAMES = st.text(st.sampled_from("阿梨ab[/]🍀\x1b\u202e "), min_size=1, max_size=20)
VALUES = st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=60)


def rows(content):
    return content.plain.split("\n")


@given(st.lists(st.tuples(NAMES, st.none() | st.floats(0, 1e9), NAMES), min_size=1, max_size=9), st.integers(50, 160))
def test_bars_fill_exactly_the_width(items, width):
    drawn = rows(bars([Bar(*item) for item in items], width))
    assert len(drawn) == len(items)
    assert {cell_len(row) for row in drawn} == {width}
    assert not any("\x1b" in row for row in drawn)


def test_bars_tell_none_from_nothing_and_from_little():
    drawn = rows(bars([Bar("a", 0, "0"), Bar("b", None, "—"), Bar("c", 1, "1"), Bar("d", 100_000, "很多")], 40))
    assert "█" not in drawn[0]
    assert "—" not in drawn[0][:-1]
    assert drawn[1].split() == ["b", "—", "—"]
    assert "▏" in drawn[2]  # the least there is can be seen
    assert drawn[3].count("█") > 20


@given(VALUES, st.integers(20, 150), st.integers(4, 20))
def test_columns_and_lines_fit_where_they_are_drawn(values, width, height):
    labels = [str(place) for place in range(len(values))]
    for drawn in (columns(values, labels, width, height), line_chart([Line("x", values)], labels, width, height)):
        assert len(rows(drawn)) <= height
    assert max(map(cell_len, rows(line_chart([Line("x", values)], labels, width, height)))) <= width


def test_a_line_has_a_gap_where_nothing_is_known():
    drawn = rows(line_chart([Line("x", [5, 5, 5, None, None, None, None, 5, 5, 5])], ["a", "b"], 44, 6))
    dots = drawn[0].split("┤")[1]
    assert dots.strip()
    assert "   " in dots.strip()
    flat = rows(line_chart([Line("x", [None, None])], ["a"], 44, 6))
    assert not any("\u2801" <= mark <= "\u28ff" for row in flat for mark in row)


def test_several_lines_are_told_apart_without_colour():
    drawn = rows(line_chart([Line("消息", [9] * 30), Line("发言人", [3] * 30)], ["1", "30"], 60, 12))
    assert "消息" in drawn[0]
    assert "发言人" in drawn[0]
    assert "╌" in drawn[0]
    whole = next(row for row in drawn[1:] if "\u28ff" >= max(row) > "\u2801")
    dashed = next(row for row in drawn[5:] if "\u28ff" >= max(row) > "\u2801")
    assert " " not in whole.split("┤")[1].strip()
    assert " " in dashed.split("┤")[1].strip()


def test_a_heat_map_tells_unknown_none_and_most():
    drawn = rows(heat_map(["周一", "周日"], [str(hour) for hour in range(24)],
                          [[0] * 23 + [9], [None] * 24], 200))  # fmt: skip
    assert drawn[0].rstrip().endswith("█" * 4)
    assert drawn[0][4:].count(" ") > 60
    assert "·" * 96 in drawn[1]
    assert drawn[2].split() == ["0", "3", "6", "9", "12", "15", "18", "21"]
    assert cell_len(rows(heat_map(["一"], ["0"] * 24, [[1] * 24], 10))[0]) == 2 + 1 + 48


def test_a_triangle_tells_unripe_from_nobody():
    drawn = rows(
        triangle(["D1", "D7"], [("11-01  n=4", (Share(1, 4), Share(None, 4))), ("空", (Share(0, 0), Share(0, 3)))])
    )
    assert drawn[1].split() == ["11-01", "n=4", "25%", "—"]
    assert drawn[2].split() == ["空", "—", "0%"]


def test_axis_figures_are_short():
    assert [axis_figure(value) for value in (0.5, 3, 1234, 12_000, 1_000_000)] == [
        "0.5",
        "3",
        "1,234",
        "1.2万",
        "100万",
    ]
    assert fitted("阿梨阿梨", 5) == "阿梨…"
    assert cell_len(fitted("a🍀b", 9, right=True)) == 9
