"""The check-in screen by its keys: ticks, days, the quick bar, marks, months, challenges, text out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from sqlalchemy import select
from textual.widgets import Input, Static

from qunguan.domain.text import is_blank
from qunguan.services import checkins, groups, history, members
from qunguan.services.desk import Desk
from qunguan.store.checkins import challenge, checkin
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.checkins import CheckinsScreen
from qunguan.tui.screens.checkins_month import MonthView
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.quick_bar import QuickBar
from tests.tui.checkin_app import NAMES, TODAY, community, line_of, on_top, opened, text_of, toasts
from tests.tui.test_table_cells import HOSTILE
from tests.tui.waiting import until

WIDE, SMALL = (120, 40), (80, 24)
QUICK_FOOTER = ["Enter", "打卡", "↑", "↓", "选", "Esc", "回到列表", "F1", "帮助"]


def frozen(screen: CheckinsScreen) -> set[str]:
    """Who is drawn as frozen."""
    return {row.name for row in (screen.board.rows if screen.board else ()) if row.state == "frozen"}


@pytest.fixture
def path(tmp_path: Path, clock) -> Path:
    community(tmp_path / "q.db", clock)
    return tmp_path / "q.db"


@pytest.fixture
def running(path, clock):
    return lambda size=WIDE: QunguanApp(path, clock).run_test(size=size, notifications=True)


def stored(path: Path, clock, day: date = TODAY) -> dict[str, str]:
    """What the file says of a day, by name."""
    with Desk(path, clock) as desk:
        board = desk.read(checkins.board, clock, 1, day)
    return {row.name: row.state for row in board.rows}


def wrong(form: Form) -> str:
    """What the form says is wrong."""
    return "".join(str(line.render()) for line in form.query(".wrong").results(Static))


async def test_space_ticks_and_unticks_and_the_figures_follow(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        assert "0 / 8" in text_of(pilot)
        await pilot.press("space")
        await until(pilot, lambda: line_of(screen, "阿梨").state == "done")
        await until(pilot, lambda: "1 / 8" in text_of(pilot) and re.search(r"●\s+20", text_of(pilot)))
        assert screen.table.cursor_row == 0
        assert stored(path, clock)["阿梨"] == "done"
        await pilot.press("space")
        await until(pilot, lambda: line_of(screen, "阿梨").state == "none")
        assert stored(path, clock)["阿梨"] == "none"


async def test_a_tick_repaints_its_own_line_only(running, monkeypatch):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.pause()
        painted: list[tuple[int, ...]] = []
        repaint = screen.table.repaint

        def noted(*rows: int) -> None:
            painted.append(rows)
            repaint(*rows)

        monkeypatch.setattr(screen.table, "repaint", noted)
        monkeypatch.setattr(screen.table, "redraw", lambda: pytest.fail("everything was drawn anew"))
        await pilot.press("space")
        await until(pilot, lambda: line_of(screen, "阿梨").state == "done")
        await pilot.pause()
        assert {row for rows in painted for row in rows} == {0}


async def test_full_width_keys_do_the_same(running):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("left_black_lenticular_bracket")  # 【
        await until(pilot, lambda: screen.day == date(2026, 3, 19))
        await pilot.press("ideographic_full_stop")
        await until(pilot, lambda: screen.day == TODAY)


async def test_days_back_and_forth_and_no_further_than_today(running):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("[", "[")
        await until(pilot, lambda: screen.day == date(2026, 3, 18))
        await until(pilot, lambda: "03-18 周三" in text_of(pilot))
        await pilot.press(".")
        await until(pilot, lambda: screen.day == TODAY)
        await pilot.press("]")
        await until(pilot, lambda: any("2026-03-21" in said for said in toasts(pilot)))
        assert screen.day == TODAY


async def test_a_day_that_is_not_due_says_so(path, clock, running):
    with Desk(path, clock) as desk:
        desk.write(checkins.start, "一三五", who="all", starts_on=date(2026, 3, 2), cadence="weekdays:135")
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("c")
        await on_top(pilot, Choose)
        await pilot.press(*"ysw", "enter")
        await until(pilot, lambda: pilot.app.screen is screen and not screen.answering)
        assert screen.in_hand.name == "一三五"
        await pilot.press("[")
        await until(pilot, lambda: screen.day == date(2026, 3, 19))
        await until(pilot, lambda: "这天不用打卡" in text_of(pilot))
        await pilot.press("space")
        await until(pilot, lambda: "这天不用打卡" in toasts(pilot))


async def test_the_quick_bar_ticks_one_after_the_other(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"zs")
        await until(pilot, lambda: screen.table.line_count == 1)
        await pilot.press("enter", "enter", *"ls", "enter")
        await until(pilot, lambda: "李四   连续" in text_of(pilot))
        assert {name for name, state in stored(path, clock).items() if state == "done"} == {"张三", "李四"}
        assert screen.query_one(QuickBar).value == ""
        await pilot.press(*"zs", "enter")
        await until(pilot, lambda: "已经打过了" in text_of(pilot))
        assert stored(path, clock)["张三"] == "done"
        await pilot.press(*"qqq", "enter")
        await until(pilot, lambda: "没有找到“qqq”" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: screen.table.has_focus and screen.table.line_count == len(NAMES))


async def test_keys_typed_in_one_go_tick_who_was_typed(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("slash")
        bar = screen.query_one(QuickBar)
        for text in ("zs", "wxm", "zm"):
            bar.value = text
            await bar.action_submit()
            await bar.action_submit()
        await until(pilot, lambda: "赵敏   连续" in text_of(pilot))
        done = {name for name, state in stored(path, clock).items() if state == "done"}
        assert done == {"张三", "王小明", "赵敏"}


async def test_the_footer_offers_what_works_in_the_quick_bar_while_it_is_typed_into(running):
    async with running(SMALL) as pilot:
        await opened(pilot)
        before = text_of(pilot).splitlines()[-1]
        await pilot.press("slash", "z")
        await until(pilot, lambda: text_of(pilot).splitlines()[-1].split() == QUICK_FOOTER)
        await pilot.press("escape")
        await until(pilot, lambda: text_of(pilot).splitlines()[-1] == before)


async def test_arrows_choose_in_the_quick_bar(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", "z")
        await until(pilot, lambda: screen.table.line_count == 2)
        await pilot.press("down")
        await until(pilot, lambda: screen.table.cursor_row == 1)
        chosen = screen.name_of(screen.at_cursor)
        await pilot.press("enter")
        await until(pilot, lambda: f"{chosen}   连续" in text_of(pilot))
        assert stored(path, clock)[chosen] == "done"


async def test_a_missed_day_is_made_up_with_its_reason(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        assert screen._source is not None
        await screen.table.move_to(await screen._source.find(line_of(screen, "赵敏").member_id) or 0)
        await pilot.press("m")
        await on_top(pilot, Choose)
        assert "当月补卡还剩 2 次" in text_of(pilot)
        await pilot.press("enter")
        await on_top(pilot, Form)
        await pilot.press(*"ill", "enter", "enter", "enter")
        await until(pilot, lambda: pilot.app.screen is screen and line_of(screen, "赵敏").streak == 10)
    with Desk(path, clock) as desk:
        rows = desk.read(lambda session: session.rows(select(checkin).where(checkin.c.state == "makeup")))
        assert [(row.day, row.reason) for row in rows] == [(date(2026, 3, 18), "ill")]


async def test_nothing_to_make_up_says_so(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("m")
        await until(pilot, lambda: any("没有可补的卡" in said for said in toasts(pilot)))


async def test_marked_members_are_frozen_over_a_range(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("insert", "insert", "f")
        await on_top(pilot, Choose)
        assert "、".join(screen.name_of(one) for one in screen.table.marked) in text_of(pilot)
        await pilot.press("enter")
        form = await on_top(pilot, Form)
        await pilot.press("tab")
        await pilot.press(*"2026-02-30", "f2")
        await until(pilot, lambda: "2026-02-30" in wrong(form))
        form.query_one("#field-last", Input).value = "2026-03-22"
        await pilot.press("f2")
        await until(pilot, lambda: pilot.app.screen is screen and not screen.table.marked)
    frozen = [name for name, state in stored(path, clock, date(2026, 3, 21)).items() if state == "frozen"]
    assert sorted(frozen) == ["Crystal🍀", "阿梨"]


async def test_delete_asks_with_another_key_and_undo_brings_it_back(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("delete")
        await until(pilot, lambda: any("没有记录" in said for said in toasts(pilot)))
        await pilot.press("[", "delete")
        await on_top(pilot, Confirm)
        assert "删掉 1 条记录：阿梨" in text_of(pilot)
        await pilot.press("delete")
        assert isinstance(pilot.app.screen, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.screen is screen and line_of(screen, "阿梨").state == "none")
        assert stored(path, clock, date(2026, 3, 19))["阿梨"] == "none"
        await pilot.press("u")
        await until(pilot, lambda: line_of(screen, "阿梨").state == "done")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: line_of(screen, "阿梨").state == "none")


async def test_why_counts_the_streak_day_by_day(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("w")
        view = await on_top(pilot, TextView)
        shown = text_of(pilot)
        assert "连续 19" in shown
        assert "还没过完" in shown
        assert any("S0-17" in str(line) for line in view._lines)
        assert any("★" in str(line) for line in view._lines)


async def test_help_lists_the_keys_of_the_month(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("enter")
        view = await on_top(pilot, MonthView)
        await pilot.press("question_mark")
        await on_top(pilot, TextView)
        await until(pilot, lambda: "上个月" in text_of(pilot) and "下个月" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is view)


async def test_enter_opens_the_month_and_arrows_turn_it(running):
    async with running() as pilot:
        screen = await opened(pilot)
        await screen.table.move_to(1)
        await pilot.press("enter")
        view = await on_top(pilot, MonthView)
        await until(pilot, lambda: "16 ❄" in text_of(pilot))
        assert "出差" in text_of(pilot)
        await pilot.press("left")
        await until(pilot, lambda: "2026 年 2 月" in text_of(pilot))
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "2026 年 3 月" in text_of(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not view)


async def test_the_grid_shows_everybody_and_turns_months(running):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("v")
        await until(pilot, lambda: "● ● ● · ● ● ● ·" in text_of(pilot))
        await pilot.press("[")
        await until(pilot, lambda: screen.day == date(2026, 3, 1))
        await pilot.press("]")
        await until(pilot, lambda: screen.day == TODAY)
        await pilot.press("space")
        await until(pilot, lambda: screen.board and line_of(screen, screen.name_of(screen.at_cursor)).state == "done")
        await pilot.press("v")
        await until(pilot, lambda: "连续" in text_of(pilot))


async def test_orders(running):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("space", "s")
        await until(pilot, lambda: screen.sort == "missing")
        await until(pilot, lambda: screen._source and screen._source.key_at(7) == line_of(screen, "阿梨").member_id)
        await pilot.press("s")
        await until(pilot, lambda: screen._source and screen._source.key_at(0) == line_of(screen, "阿梨").member_id)


async def test_a_challenge_from_a_template_is_one_step(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("a")
        await on_top(pilot, Choose)
        await pilot.press("7", "enter")
        form = await on_top(pilot, Form)
        form.query_one("#field-start", Input).value = "2026-13-01"
        await pilot.press("f2")
        await until(pilot, lambda: wrong(form))
        form.query_one("#field-start", Input).value = "2026-03-18"
        form.query_one("#field-name", Input).value = "七天"
        await pilot.press("f2", "f2")
        await on_top(pilot, Choose)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: screen.challenge and screen.challenge.name == "七天")
        assert screen.board is not None
        assert (screen.board.due, screen.board.day_no) == (8, 3)
        await pilot.press("u")
        await until(pilot, lambda: screen.challenge and screen.challenge.name == "21天早起")


async def test_the_challenge_in_hand_is_remembered(running, path, clock):
    with Desk(path, clock) as desk:
        desk.write(checkins.start, "另一个", who="all", starts_on=date(2026, 3, 5))
    for _run in range(2):
        async with running() as pilot:
            screen = await opened(pilot)
            await until(pilot, lambda: screen.challenge is not None)  # noqa: B023
            assert screen.challenge is not None
            if _run:
                assert screen.challenge.name == "21天早起"
                break
            assert screen.challenge.name == "另一个"
            await pilot.press("c")
            await on_top(pilot, Choose)
            await pilot.press(*"21", "enter")
            await until(pilot, lambda: screen.challenge and screen.challenge.name == "21天早起")  # noqa: B023


async def test_enrol_one_by_one(path, clock, running):
    with Desk(path, clock) as desk:
        desk.write(members.add, "新人小林", group_id=1)
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("t")
        await on_top(pilot, Choose)
        await pilot.press(*"ygyg", "enter")
        await on_top(pilot, FindMember)
        await pilot.press(*"xl", "enter")
        await until(pilot, lambda: any("1 人参加了" in said for said in toasts(pilot)))
        await on_top(pilot, FindMember)
        await pilot.press("escape")
        await until(pilot, lambda: screen.table.line_count == len(NAMES) + 1)


async def test_edit_prompt_and_end(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("e")
        await on_top(pilot, Choose)
        await pilot.press("down", "enter")
        form = await on_top(pilot, Form)
        form.query_one("#field-text", Input).value = "[red]今天读什么[/]"
        await pilot.press("enter")
        await until(pilot, lambda: "[red]今天读什么[/]" in text_of(pilot))
        await pilot.press("p")
        await until(pilot, lambda: any("prompt-1-2026-03-20.txt" in said for said in toasts(pilot)))
        await pilot.press("e")
        await on_top(pilot, Choose)
        await pilot.press("down", "down", "enter")
        await on_top(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: screen.challenge and screen.challenge.closed_on == TODAY)
        await pilot.press("e")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        form = await on_top(pilot, Form)
        form.query_one("#field-tiers", Input).value = "3=9, 7=20"
        await pilot.press("f2")
        await until(pilot, lambda: screen.challenge and dict(screen.challenge.tiers) == {3: 9, 7: 20})


async def test_copies_go_to_clipboard_and_file(running, path):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("space", "y")
        await until(pilot, lambda: (path.parent / "out" / "board-1-2026-03-20.txt").exists())
        assert "🥇 阿梨 连续" in (path.parent / "out" / "board-1-2026-03-20.txt").read_text()
        await pilot.press("Y")
        await until(pilot, lambda: (path.parent / "out" / "missing-1-2026-03-20.txt").exists())
        assert "@张三" in (path.parent / "out" / "missing-1-2026-03-20.txt").read_text()
        assert "@张三" in pilot.app.clipboard


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "md"])
async def test_the_board_goes_into_a_file_and_never_over_one(running, path, tmp_path, suffix):
    target = tmp_path / f"board.{suffix}"
    async with running() as pilot:
        screen = await opened(pilot)
        for _turn in range(2):
            await pilot.press("x")
            form = await on_top(pilot, Form)
            assert form.query_one(Input).value == str(path.parent / "out" / "board-2026-03-20.xlsx")
            form.query_one(Input).value = str(target)
            await pilot.press("enter", "enter")
            await until(pilot, lambda: not screen.answering or wrong(form))  # noqa: B023
        assert "已经有同名的文件了" in wrong(form)
    assert target.stat().st_size > 100


async def test_no_group_and_no_challenge_teach(tmp_path, clock):
    with Desk(tmp_path / "e.db", clock, create=True) as desk:
        desk.write(groups.create, "空群")
    async with QunguanApp(tmp_path / "e.db", clock).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        assert "按 a 用模板开一个" in text_of(pilot)
        await pilot.press("space", "m", "y")
        await until(pilot, lambda: "还没有打卡营，按 a 开一个" in toasts(pilot))
        await pilot.press("a")
        await on_top(pilot, Choose)


async def test_nobody_enrolled_teaches(tmp_path, clock):
    with Desk(tmp_path / "e.db", clock, create=True) as desk:
        desk.write(groups.create, "空群")
        desk.write(checkins.start, "没人")
    async with QunguanApp(tmp_path / "e.db", clock).run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        assert "按 t 选人参加" in text_of(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "光标下没有人" in toasts(pilot))


async def test_what_the_service_refuses_is_said_and_the_screen_lives(path, clock, running):
    async with running() as pilot:
        screen = await opened(pilot)
        with Desk(path, clock) as desk:
            desk.write(checkins.close, 1, date(2026, 3, 19))
        await pilot.press("space")
        await until(pilot, lambda: any("2026-03-19" in said for said in toasts(pilot)))
        assert pilot.app.screen is screen


async def test_hostile_names_are_drawn_and_ticked(tmp_path, clock):
    names = tuple(dict.fromkeys(name[:64] for name in HOSTILE if not is_blank(name) and name.isprintable()))
    with Desk(tmp_path / "h.db", clock, create=True) as desk:
        desk.write(groups.create, "[/]")
        ids = desk.write(members.add_many, [*names, "一" * 64], group_id=1)
        desk.write(checkins.start, "[@click=app.quit]x[/]", who="all")
    async with QunguanApp(tmp_path / "h.db", clock).run_test(size=SMALL, notifications=True) as pilot:
        screen = await opened(pilot)
        for number, _member in enumerate(ids, 1):
            await pilot.press("space")
            await until(pilot, lambda: screen.board and screen.board.done == number)  # noqa: B023
            await pilot.press("w")
            await on_top(pilot, TextView)
            await pilot.press("escape")
            await until(pilot, lambda: not screen.answering)
            await pilot.press("enter")
            await on_top(pilot, MonthView)
            await pilot.press("escape", "down")
        await pilot.press("slash", "[", "slash", "]", "enter", "escape", "v", "v")
        await until(pilot, lambda: screen.board and screen.table.line_count == len(ids))


async def test_another_program_is_noticed_without_losing_the_place(path, clock, running):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("down", "down")
        here = screen.at_cursor
        with Desk(path, clock) as desk:
            desk.write(checkins.tick, 1, line_of(screen, "赵敏").member_id, TODAY)
        await until(pilot, lambda: line_of(screen, "赵敏").state == "done")
        assert screen.at_cursor == here


async def test_many_keys_leave_the_file_as_the_screen_says(path, clock, running):
    async with running() as pilot:
        screen = await opened(pilot)
        for _turn in range(3):
            await pilot.press("space", "down", "space", "space", "down")
        await until(pilot, lambda: screen.board and screen.board.done == 3)
        assert screen.board is not None
        shown = {row.name: row.state for row in screen.board.rows}
    assert shown == stored(path, clock)
    with Desk(path, clock) as desk:
        assert desk.read(lambda session: session.rows(select(challenge)))
        assert desk.read(history.recent, 5)


def test_the_board_looks_as_it_should(path, clock, snap_compare):
    async def run(pilot) -> None:
        await opened(pilot)
        await pilot.press("space", "down", "down", "space")
        await pilot.pause()

    assert snap_compare(QunguanApp(path, clock), terminal_size=WIDE, run_before=run)


def test_the_small_board_looks_as_it_should(path, clock, snap_compare):
    async def run(pilot) -> None:
        await opened(pilot)
        await pilot.press("slash", *"zs", "enter")
        await pilot.pause()

    assert snap_compare(QunguanApp(path, clock), terminal_size=SMALL, run_before=run)


async def test_the_side_panel_is_filled_when_the_window_grows(running):
    async with running(SMALL) as pilot:
        await opened(pilot)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "最佳" in str(pilot.app.screen.query_one("#member", Static).render()))


async def test_freezing_and_excusing_are_told_apart_and_templates_say_their_rhythm(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("f")
        await on_top(pilot, Choose)
        assert "冻结  ❄" in text_of(pilot)
        assert "请假  ○" in text_of(pilot)
        await pilot.press("escape", "a")
        await until(pilot, lambda: "不设结束 · 每周 1 次" in text_of(pilot))
        assert "daily" not in text_of(pilot)


@pytest.mark.parametrize("marks", [(), ("insert", "insert")], ids=["one", "marked"])
async def test_a_freeze_leaves_lines_and_cursor_where_they_are(running, path, clock, marks):
    async with running() as pilot:
        screen = await opened(pilot)
        await pilot.press("s")
        await until(pilot, lambda: screen.sort == "missing")
        await pilot.press("down", *marks)
        await until(pilot, lambda: screen.table.cursor_row == 1 + len(marks))
        here, chosen = screen.at_cursor, {screen.name_of(each) for each in screen.chosen}
        assert len(chosen) == max(1, len(marks))
        await pilot.press("f")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        await on_top(pilot, Form)
        await pilot.press("f2")
        await until(pilot, lambda: frozen(screen) >= chosen)
        await until(pilot, lambda: not screen.answering)
        told = next(each for each in toasts(pilot) if each.endswith(f" · 2026-03-20 · 冻结：改了 {len(chosen)} 天"))
        assert set(told.split(" · ")[0].split("、")) == chosen
        assert (screen.at_cursor, screen.table.cursor_row, screen.table.marked) == (here, 1 + len(marks), frozenset())
        assert screen.board is not None
        assert screen.board.due == 8 - len(chosen)
    assert {name for name, state in stored(path, clock).items() if state == "frozen"} == chosen


async def test_help_stands_in_columns_and_month_days_are_whole(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: "Ins " in text_of(pilot))
        starts = [cell_len(line[: line.index(told)]) for told in ("给这位成员打卡", "看前一天", "勾选多位")
                  for line in text_of(pilot).splitlines() if told in line]  # fmt: skip
        assert len(starts) == 3
        assert len(set(starts)) == 1
        await pilot.press("escape", "s", "v")
        await until(pilot, lambda: "25        30" in text_of(pilot))


async def test_a_tag_without_a_category_is_chosen_beside_its_namesake(running, path, clock):
    with Desk(path, clock) as desk:
        desk.write(members.tag, [1], "宝妈")
        desk.write(members.tag, [2, 3], "宝妈", "来源")
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("a", "enter")
        await on_top(pilot, Form)
        await pilot.press("f2")
        await until(pilot, lambda: "标签 宝妈" in text_of(pilot))
        await pilot.press(*"宝妈", "enter")
        screen = await on_top(pilot, CheckinsScreen)
        await until(pilot, lambda: screen.board and screen.board.challenge.name == "每日签到" and screen.board.due == 1)


async def test_the_rhythm_of_a_challenge_is_chosen_or_typed_in_words(running, path, clock):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("a")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        form = await on_top(pilot, Form)
        line = form.query_one("#field-cadence", Input)
        assert line.value == "每天"
        await pilot.press("f3")
        await on_top(pilot, Choose)
        await until(pilot, lambda: "每周一三五" in text_of(pilot))
        await pilot.press("down", "enter")
        await on_top(pilot, Form)
        assert (line.value, form.focused) == ("工作日", line)
        line.value = "隔三差五"
        await pilot.press("f2")
        await until(pilot, lambda: "可以写：每天、工作日、每周一三五、每周3次" in wrong(form))
        line.value = "周二、周四"
        form.query_one("#field-name", Input).value = "二四读书"
        await pilot.press("f2")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, (Choose, Form)))
    with Desk(path, clock) as desk:
        made = {each.name: str(each.cadence) for each in desk.read(checkins.all_challenges, 1)}
    assert made["二四读书"] == "weekdays:24"


async def test_a_refused_start_keeps_what_was_typed_and_says_why(running, path, clock):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("a")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        form = await on_top(pilot, Form)
        form.query_one("#field-name", Input).value = "晚间打卡"
        form.query_one("#field-cadence", Input).value = "每周4次"
        await pilot.press("f2")
        await on_top(pilot, Choose)
        with Desk(path, clock) as desk:  # somebody else was quicker
            desk.write(checkins.add, "晚间打卡", group_id=1)
        await pilot.press("enter")
        form = await on_top(pilot, Form)
        await until(pilot, lambda: "晚间打卡" in wrong(form))
        values = {line.id: line.value for line in form.query(Input)}
        assert (values["field-name"], values["field-cadence"]) == ("晚间打卡", "每周4次")
        await pilot.press("f2")
        await until(pilot, lambda: "晚间打卡" in wrong(form))
        form.query_one("#field-name", Input).value = "夜读"
        await pilot.press("f2")
        await on_top(pilot, Choose)
        await pilot.press("escape")  # back to the form, nothing lost
        form = await on_top(pilot, Form)
        assert form.query_one("#field-name", Input).value == "夜读"
        await pilot.press("f2")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, (Choose, Form)))
    with Desk(path, clock) as desk:
        made = {each.name: str(each.cadence) for each in desk.read(checkins.all_challenges, 1)}
    assert made == {"21天早起": "daily", "晚间打卡": "daily", "夜读": "weekly:4"}
