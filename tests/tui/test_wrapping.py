"""Chinese paragraphs break where a printer would break them, in every widget."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.widgets import Static

from qunguan.tui.text import lines, literal
from qunguan.tui.wrapping import breaks

STOPS, OPENING = "，。、；：！？）」』》】”…", "（「『《【“"


def wrapped(text: str, width: int) -> list[str]:
    places = [0, *breaks(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(places)]


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("今天天气真好，出去走走吧。", 12, ["今天天气真", "好，出去走走", "吧。"]),
        ("他说「明天见」就走了", 6, ["他说", "「明天", "见」就", "走了"]),
        ("打卡（第一天）完成", 6, ["打卡", "（第一", "天）完", "成"]),
        ("用 qunguan 记打卡", 8, ["用 ", "qunguan ", "记打卡"]),
        ("连续7天，加20分", 8, ["连续7", "天，加20", "分"]),
        ("好！！！", 6, ["好！！", "！"]),
        ("见 https://example.org/a 吧", 12, ["见 ", "https://exam", "ple.org/a 吧"]),
        ("plain words only", 8, ["plain ", "words ", "only"]),
        ("短", 8, ["短"]),
        ("", 8, [""]),
    ],
)
def test_lines_break_where_they_may(text, width, told):
    assert wrapped(text, width) == told


ALPHABET = "打卡营ab1 ，。、）」（「”“😀é\u0301"


@settings(max_examples=150, deadline=None)
@given(st.text(ALPHABET, max_size=60), st.integers(10, 30))
def test_nothing_is_lost_and_no_line_is_too_long(text, width):
    found = wrapped(text, width)
    assert "".join(found) == text
    assert all(cell_len(line.rstrip()) <= width for line in found)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["打", "卡", "营", "天，", "好。", "（群）", "「早」", "21", "ab", " "]), max_size=40))
def test_no_stop_begins_a_line_and_no_bracket_ends_one(pieces):
    found = wrapped("".join(pieces), 11)
    assert all(line[:1] not in STOPS for line in found[1:] if line)
    assert all(line.rstrip()[-1:] not in OPENING for line in found[:-1] if line.strip())


async def test_a_widget_wraps_so():
    text = "一二三四五六七八九十，一二三（四）五六"

    class Page(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(literal(text))
            yield Static(lines(f"前\n{text}"))

    async with Page().run_test(size=(20, 12)) as pilot:
        await pilot.pause()
        drawn = [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]
        expected = ["一二三四五六七八九", "十，一二三（四）五六"]
        assert drawn[:5] == [*expected, "前", *expected]
