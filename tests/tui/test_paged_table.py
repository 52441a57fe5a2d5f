from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.pilot import Pilot

from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable, Row
from qunguan.tui.widgets.row_pages import MAX_PAGES, PAGE
from tests.tui.tables import COLUMNS, FindingSource, ListSource, TableApp
from tests.tui.test_table_cells import HOSTILE

MANY = range(100_000)


async def settle(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Let the loop run until `condition()`, at most a few seconds."""
    for _ in range(2000):
        if condition():
            await pilot.pause()
            return
        await asyncio.sleep(0.001)
    raise AssertionError("not reached")


async def test_rows_stand_under_right_aligned_headings_with_the_cursor_marked():
    app = TableApp(sort=(2, True))
    async with app.run_test(size=(40, 6)) as pilot:
        await app.table.set_source(ListSource([7, 8, 9]))
        await pilot.pause()
        lines = app.screen_lines()
        assert lines[0] == "  编号      群昵称                积分▾"
        assert lines[1] == "▸ #7        成员7                     0"
        assert lines[2] == "  #8        成员8                     1"
        assert lines[4] == ""
        assert app.said == [("at", 0, 7)]


async def test_keys_move_the_cursor_and_say_where_it_is():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(MANY))
        await pilot.press("down", "j", "up", "k", "k", "pagedown", "end", "home", "enter")
        assert [entry[1] for entry in app.said] == [0, 1, 2, 1, 0, 10, 99_999, 0, 0]
        assert app.said[-1] == ("chosen", 0, 0)
        assert app.table.current == Row(0, ("#0", "成员0", "0"))


async def test_end_and_home_over_a_hundred_thousand_rows_ask_for_few_pages():
    app, source = TableApp(), ListSource(MANY)
    async with app.run_test(size=(60, 30)) as pilot:
        await app.table.set_source(source)
        await pilot.press("end")
        assert app.screen_lines()[-1].startswith("▸ #99999")
        await pilot.press("home")
        assert app.screen_lines()[1].startswith("▸ #0")
        assert len(source.asked) <= 3


async def test_a_held_down_arrow_never_meets_a_row_that_is_not_here():
    app, source = TableApp(), ListSource(MANY)
    async with app.run_test(size=(60, 20)) as pilot:
        table = app.table
        await table.set_source(source)
        await pilot.pause()
        for _ in range(1000):
            await table.move_to(table.cursor_row + 1)
            assert table.current is not None
            assert not app.pages.want(table.top, table.top + table.page_lines)
            await asyncio.sleep(0)
        await pilot.pause()
        assert len(source.asked) == len(set(source.asked)) <= 1000 // PAGE + 3
        assert app.screen_lines()[-1].startswith("▸ #1000")


async def test_memory_is_what_is_seen_not_what_there_is():
    app = TableApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await app.table.set_source(ListSource(MANY))
        for index in range(0, 100_000, 3000):
            await app.table.move_to(index)
        await pilot.pause()
        assert len(app.pages._pages) <= MAX_PAGES
        assert len(app.table._strips) <= 1024


async def test_rows_that_are_late_are_placeholders_until_they_come():
    app, gate = TableApp(), asyncio.Event()
    gate.set()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(MANY, gate=gate))
        await pilot.pause()
        gate.clear()
        await app.table.move_to(50_000)
        await pilot.pause()
        lines = app.screen_lines()
        assert set(lines[1:-1]) == {"  …"}
        assert lines[-1] == "▸ …"
        assert app.table.current is None
        await pilot.press("enter")
        assert app.said == [("at", 0, 0)], "nothing is chosen before it is known"
        gate.set()
        await settle(pilot, lambda: app.table.current is not None)
        assert app.screen_lines()[-1].startswith("▸ #50000")
        assert app.said[-1] == ("at", 50_000, 50_000)


async def test_a_jump_is_painted_once_with_its_rows(monkeypatch):
    app = TableApp()
    painted: dict[int, list[str]] = {}
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        draw = table.draw_line

        def noted(index: int, width: int) -> list[Segment]:
            segments = draw(index, width)
            painted.setdefault(index, []).append("".join(segment.text for segment in segments))
            return segments

        monkeypatch.setattr(table, "draw_line", noted)
        await pilot.press("end")
        await settle(pilot, lambda: 99_999 in painted)
        assert sorted(painted) == list(range(99_989, 100_000))
        assert all(len(lines) == 1 and "…" not in lines[0] for lines in painted.values())


async def test_rows_of_an_outdated_source_are_dropped():
    app, gate = TableApp(), asyncio.Event()
    async with app.run_test(size=(60, 6)) as pilot:
        slow, quick = ListSource(MANY, "旧", gate), ListSource(range(5), "新")
        first = asyncio.create_task(app.table.set_source(slow))
        await settle(pilot, lambda: slow.asked)
        await app.table.set_source(quick)
        gate.set()
        await first
        await pilot.pause()
        assert app.table.line_count == 5
        assert "新0" in app.screen_lines()[1]


async def test_the_row_with_the_cursor_is_told_again_where_it_comes_late():
    """What is beside the list was emptied meanwhile."""
    app, gate = TableApp(), asyncio.Event()
    async with app.run_test(size=(60, 6)) as pilot:
        await app.table.set_source(ListSource(range(5)))
        await settle(pilot, lambda: app.said == [("at", 0, 0)])
        await app.table.set_source(ListSource(range(5), gate=gate))
        assert app.table.current is None
        gate.set()
        await settle(pilot, lambda: app.said == [("at", 0, 0)] * 2)


async def test_rows_under_way_when_they_changed_are_fetched_again():
    app, gate = TableApp(), asyncio.Event()
    async with app.run_test(size=(60, 6)) as pilot:
        source = ListSource(range(5), "旧", gate)
        await app.table.set_source(source)
        source.label = "新"
        refreshed = asyncio.create_task(app.table.refresh_rows({3}))
        await settle(pilot, lambda: source.asked == [0, 0])
        gate.set()
        await refreshed
        await settle(pilot, lambda: "新0" in app.screen_lines()[1])
        assert "新3" in app.screen_lines()[4]


@pytest.mark.parametrize("kind", [ListSource, FindingSource])
async def test_the_cursor_stays_on_its_row_and_its_line_over_a_reload(kind):
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(kind(range(100)))
        await app.table.move_to(40)
        await app.table.move_to(37)
        line = 37 - app.table.top
        await app.table.set_source(kind([*range(500, 520), *range(100)]))
        await pilot.pause()
        assert app.row.key == 37
        assert app.table.cursor_row == 57
        assert app.table.cursor_row - app.table.top == line
        assert app.said[-1] == ("at", 57, 37)


async def test_a_source_that_can_find_keeps_a_row_that_moved_far():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(FindingSource(MANY))
        await app.table.move_to(3)
        await app.table.set_source(FindingSource(range(99_999, -1, -1)))
        await pilot.pause()
        assert (app.table.cursor_row, app.row.key) == (99_996, 3)
        assert "▸ #3" in "\n".join(app.screen_lines())


async def test_a_row_that_is_gone_leaves_the_cursor_in_its_place_and_keep_false_goes_to_the_top():
    app = TableApp()
    async with app.run_test(size=(60, 12)):
        await app.table.set_source(FindingSource(range(100)))
        await app.table.move_to(99)
        await app.table.set_source(FindingSource(range(50)))
        assert (app.table.cursor_row, app.row.key) == (49, 49)
        await app.table.set_source(FindingSource(range(60)), keep=False)
        assert (app.table.cursor_row, app.table.top) == (0, 0)


async def test_changed_rows_are_fetched_and_painted_and_the_old_ones_stay_until_then():
    app, gate = TableApp(), asyncio.Event()
    gate.set()
    async with app.run_test(size=(60, 12)) as pilot:
        source = ListSource(MANY, "旧", gate)
        await app.table.set_source(source)
        await pilot.pause()
        gate.clear()
        source.label = "新"
        await app.table.refresh_rows({2})
        assert "旧2" in app.screen_lines()[3]
        gate.set()
        await settle(pilot, lambda: "新2" in app.screen_lines()[3])
        assert source.asked == [0, 0], "only the page with the changed row"
        assert app.row.cells[1] == "新0"


async def test_ticks_are_drawn_and_repaint_only_their_lines():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(range(20)))
        await pilot.pause()
        app.screen_lines()
        kept = dict(app.table._strips)
        app.table.marked = {0, 2}
        assert [line[:2] for line in app.screen_lines()[1:4]] == ["▸✓", "  ", " ✓"]
        assert {index for index, strip in app.table._strips.items() if kept.get(index) is not strip} == {0, 2}
        app.table.marked = {2}
        assert app.screen_lines()[1][:2] == "▸ "


async def test_what_an_empty_list_says_is_whole_however_narrow_the_list_is():
    said = "问问大家会什么、需要什么：a 记一条，i 导入表格（昵称、技能、需求）。谁能帮谁，这里会自己配好。"
    app = TableApp(empty=said)
    async with app.run_test(size=(40, 14)) as pilot:
        await app.table.set_source(ListSource([]))
        await pilot.pause()
        drawn = "".join(line.strip() for line in app.screen_lines()[1:])
        assert drawn.replace(" ", "") == said.replace(" ", "")


async def test_an_empty_list_teaches_and_says_that_no_row_has_the_cursor():
    app = TableApp(empty="还没有成员\n按 i 粘贴名单")
    async with app.run_test(size=(40, 12)) as pilot:
        assert not any(app.screen_lines()[1:]), "before there is a source it says nothing"
        await app.table.set_source(ListSource([1]))
        await app.table.set_source(ListSource([]))
        await pilot.press("down", "end", "pagedown", "enter")
        lines = app.screen_lines()
        at = lines.index(" " * 14 + "还没有成员")
        assert lines[at + 1] == " " * 13 + "按 i 粘贴名单"
        assert app.said[-1] == ("at", -1, None)
        assert app.table.current is None


async def test_a_resize_drops_columns_and_keeps_the_cursor_in_view():
    app = TableApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await app.table.set_source(ListSource(MANY))
        await app.table.move_to(25)
        await pilot.resize_terminal(26, 8)
        await settle(pilot, lambda: "积分" not in app.screen_lines()[0])
        lines = app.screen_lines()
        assert lines[-1].startswith("▸ #25")
        assert {cell_len(strip.text) for strip in app.table.render_lines(app.table.size.region)} == {26}
        await pilot.resize_terminal(120, 30)
        await settle(pilot, lambda: "积分" in app.screen_lines()[0])


async def test_a_table_wider_than_the_view_scrolls_sideways():
    app = TableApp()
    async with app.run_test(size=(30, 8)) as pilot:
        await app.table.set_source(ListSource([1]))
        await pilot.press("right")
        assert app.table.scroll_offset.x == 0
        app.table.configure(columns=(Column("a", width=30), Column("b", width=30)))
        await app.table.set_source(WideSource())
        await pilot.press("right")
        assert app.table.scroll_offset.x == 8
        await pilot.press(*["right"] * 9)
        assert app.table.scroll_offset.x == app.table.max_scroll_x == 2 + 30 + 2 + 30 - 29
        assert "末" in app.screen_lines()[1]
        await pilot.press(*["left"] * 9)
        assert app.screen_lines()[1].startswith("▸ 首")


class WideSource(ListSource):
    def __init__(self) -> None:
        super().__init__([1])

    async def fetch(self, start: int, size: int) -> list[Row]:
        return [Row(1, ("首", Cell("." * 28 + "末", "dim")))]


async def test_a_click_moves_the_cursor_and_a_click_on_it_chooses():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(range(5)))
        await pilot.click(PagedTable, offset=(5, 3))
        await pilot.click(PagedTable, offset=(5, 3))
        await pilot.click(PagedTable, offset=(5, 0))
        await pilot.click(PagedTable, offset=(5, 9))
        assert app.said == [("at", 0, 0), ("at", 2, 2), ("chosen", 2, 2)]


async def test_a_source_that_fails_is_told_and_the_table_lives_on():
    app, source = TableApp(), ListSource(MANY)
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(source)
        source.error = OSError("disk gone")
        await pilot.press("end")
        assert ("failed", source.error) in app.said
        source.error = None
        await pilot.press("up")
        await settle(pilot, lambda: app.table.current is not None)
        assert app.row.key == 99_998


async def test_what_is_under_way_when_the_table_goes_is_let_go():
    app, gate = TableApp(), asyncio.Event()
    async with app.run_test(size=(60, 12)):
        await app.table.set_source(ListSource(MANY, gate=gate))
        under_way = list(app.pages._coming.values())
        await app.table.remove()
        await asyncio.wait(under_way)
        assert all(task.cancelled() for task in under_way)


async def test_the_wheel_moves_the_view_and_the_next_key_brings_it_back_to_the_cursor():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(MANY))
        app.table.scroll_to(y=5000)
        await settle(pilot, lambda: "#5000" in app.screen_lines()[1])
        assert app.row.key == 0, "Enter still means the row with the cursor"
        await pilot.press("down")
        assert app.screen_lines()[1].startswith("▸ #1")


async def test_hostile_cells_keep_the_lines_straight_and_bring_no_controls():
    app = TableApp(zebra=True)
    async with app.run_test(size=(60, 30)) as pilot:
        await app.table.set_source(HostileSource())
        await pilot.pause()
        for strip in app.table.render_lines(app.table.size.region):
            assert cell_len(strip.text) == app.table.size.width
            assert not any(unicodedata.category(ch) in ("Cc", "Cs", "Cf") for ch in strip.text)
            assert not any(segment.style and segment.style.meta for segment in strip)
        assert "[@click=app.quit]点我[/]" in "\n".join(app.screen_lines())


class HostileSource(ListSource):
    def __init__(self) -> None:
        super().__init__(range(len(HOSTILE)))

    async def fetch(self, start: int, size: int) -> list[Row]:
        return [Row(i, (Cell(text, "good"), text, Cell(text, "dim"))) for i, text in enumerate(HOSTILE)]


async def test_cell_styles_colour_their_cells_but_not_the_cursor_row():
    app = TableApp()
    async with app.run_test(size=(60, 30)) as pilot:
        await app.table.set_source(HostileSource())
        await pilot.pause()
        cursor, other = app.table.render_lines(app.table.size.region)[1:3]
        assert len({segment.style for segment in cursor if segment.text}) == 1
        colours = {segment.style.color for segment in other if segment.style}
        assert len(colours) == 3
        assert len({segment.style.bgcolor for segment in other if segment.style}) == 1


def test_columns_of_the_test_table_fit_eighty():
    assert sum(column.least for column in COLUMNS) < 80
