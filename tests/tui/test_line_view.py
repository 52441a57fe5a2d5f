"""One test for each part of Textual that `LineView` replaces: when Textual changes, these say where."""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollTo
from textual.strip import Strip

from qunguan.tui.widgets.paged_table import PagedTable
from tests.tui.tables import ListSource, TableApp

MANY = range(100_000)


def texts(strips: Iterable[Strip]) -> list[str]:
    return [strip.text for strip in strips]


async def test_the_quick_way_of_drawing_draws_what_textuals_own_draws():
    app = TableApp(zebra=True)
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        quick = table.render_lines(table.size.region)
        own = ScrollView.render_lines(table, table.size.region)
        assert texts(quick) == texts(own)
        assert [[s.style for s in a] for a in quick] == [[s.style for s in b] for b in own]
        cropped = table.render_lines(Region(2, 2, 8, 4))
        assert texts(cropped) == [f"#{key}      " for key in range(1, 5)]


async def test_opacity_takes_textuals_own_way():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(MANY))
        await pilot.pause()
        plain = app.table.render_lines(app.table.size.region)
        app.table.styles.opacity = 0.5
        await pilot.pause()
        faded = app.table.render_lines(app.table.size.region)
        assert texts(plain) == texts(faded)
        assert plain[1]._segments[0].style != faded[1]._segments[0].style


async def test_a_terminal_without_colour_gets_none(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.set_source(ListSource(MANY))
        await pilot.pause()
        strips = app.table.render_lines(app.table.size.region)
        colours = {seg.style.color for strip in strips for seg in strip if seg.style and seg.style.color}
        assert all(len(set(colour.get_truecolor())) == 1 for colour in colours), "greys only"
        assert app.screen_lines()[1].startswith("▸ ")


async def test_a_move_in_view_repaints_two_lines_and_keeps_the_rest(monkeypatch):
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        before = table.render_lines(table.size.region)
        asked: list[Region] = []
        monkeypatch.setattr(table, "refresh", lambda *regions: asked.extend(regions))
        await table.move_to(1)
        assert asked == [Region(0, 1, 60, 1), Region(0, 2, 60, 1)]
        after = table.render_lines(table.size.region)
        assert [a is b for a, b in zip(before, after, strict=True)].count(False) == 2


async def test_the_scrollbar_is_repainted_only_when_its_thumb_moves():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        bar = table.vertical_scrollbar
        at = []
        for index in range(400):
            await table.move_to(index)
            at.append(bar.position)
        assert len(set(at)) <= 2
        await table.move_to(99_999)
        assert bar.position == table.max_scroll_y
        await table.move_to(0)
        assert bar.position == 0


async def test_no_way_of_scrolling_is_animated():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        table.vertical_scrollbar.post_message(ScrollTo(y=500, animate=True))
        await pilot.pause()
        assert table.scroll_y == 500
        table.scroll_page_down()
        assert table.scroll_y == 500 + table.size.height


async def test_another_number_of_rows_does_not_lay_out_the_screen():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        layouts = table._layout_updates
        await table.set_source(ListSource(range(50)), keep=False)
        await pilot.pause()
        assert table._layout_updates == layouts
        assert table.virtual_size.height == 51
        assert table.vertical_scrollbar.window_virtual_size == 51
        await pilot.press("end")
        assert table.top == 50 - table.page_lines


async def test_a_theme_and_the_focus_change_the_lines():
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        table = app.table
        await table.set_source(ListSource(MANY))
        await pilot.pause()
        table.focus()
        await pilot.pause()
        focused = table.render_lines(table.size.region)[1]._segments[0].style
        app.set_focus(None)
        await pilot.pause()
        blurred = table.render_lines(table.size.region)[1]._segments[0].style
        assert focused != blurred
        app.theme = "textual-light"
        await pilot.pause()
        assert table.render_lines(table.size.region)[1]._segments[0].style != blurred


def test_a_table_cannot_be_selected_as_text():
    assert not PagedTable.ALLOW_SELECT
