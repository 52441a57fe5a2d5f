"""From a pasted 接龙 to the board: what is doubtful is settled by key, nothing is saved before Enter, and then once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual import events
from textual.widgets import TextArea

from qunguan.domain.checkin_outcomes import RecordPreview
from qunguan.domain.jielong import Note
from qunguan.services import checkins, history, members
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.checkins_lines import counts, keys_line
from qunguan.tui.screens.checkins_preview import ChainPreview
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.import_preview import ImportPreview
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.checkin_app import community, line_of, on_top, opened, text_of, toasts
from tests.tui.test_table_cells import HOSTILE
from tests.tui.waiting import until

CHAIN = """#接龙
早起打卡

1. 阿梨 5:40
2. 张三丰 6:00 读书30页
3. Crystal🍀 5:55
4. 王小名 打卡
5. 新来的小周 13812340001
6. 阿梨 再来一次
"""


@pytest.fixture
def path(tmp_path: Path, clock) -> Path:
    community(tmp_path / "q.db", clock, history=False)
    return tmp_path / "q.db"


@pytest.fixture
def running(path, clock):
    return lambda size=(120, 40): QunguanApp(path, clock).run_test(size=size, notifications=True)


async def pasted(pilot, text: str = CHAIN) -> ChainPreview:
    pilot.app.screen.post_message(events.Paste(text))
    return await on_top(pilot, ChainPreview)


async def sees(pilot, *texts: str) -> None:
    await until(pilot, lambda: all(text in text_of(pilot) for text in texts))


def done(path: Path, clock) -> set[str]:
    with Desk(path, clock) as desk:
        return {row.name for row in desk.read(checkins.board, clock, 1).rows if row.state == "done"}


def names(path: Path, clock):
    with Desk(path, clock) as desk:
        return desk.read(members.alias_rows, 1)


def steps(path: Path, clock) -> int:
    with Desk(path, clock) as desk:
        return len(desk.read(history.recent, 1000))


async def test_what_is_no_jielong_stays_in_the_box_with_the_reason(running):
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("i")
        box = await on_top(pilot, SourceBox)
        await pilot.press("f2")
        await until(pilot, lambda: "还没有粘贴" in text_of(pilot))
        box.query_one(TextArea).text = "今天天气不错"
        await pilot.press("f2", "f2")
        await until(pilot, lambda: "不是接龙" in text_of(pilot))
        assert box.query_one(TextArea).text == "今天天气不错"
        box.query_one(TextArea).text = "/no/such/file.txt"
        await pilot.press("f2")
        await until(pilot, lambda: "/no/such/file.txt：" in text_of(pilot))
        box.query_one(TextArea).text = CHAIN
        await pilot.press("ctrl+s")
        await on_top(pilot, ChainPreview)


async def test_a_file_by_its_path(running, tmp_path):
    (tmp_path / "my chain.txt").write_text(CHAIN, encoding="gb18030")
    async with running() as pilot:
        await opened(pilot)
        await pilot.press("i")
        box = await on_top(pilot, SourceBox)
        box.query_one(TextArea).text = f"'{tmp_path}/my chain.txt'"
        await pilot.press("f2")
        await on_top(pilot, ChainPreview)
        assert "共 6 条" in text_of(pilot)


@pytest.mark.parametrize("key", ["question_mark", "fullwidth_question_mark", "f1"])
async def test_help_lists_the_keys_of_the_settling_and_esc_comes_back_to_it(running, key):
    async with running((80, 24)) as pilot:
        await opened(pilot)
        view = await pasted(pilot)
        assert "? 按键" in text_of(pilot)
        await pilot.press(key)
        await on_top(pilot, TextView)
        await until(pilot, lambda: all(words in text_of(pilot) for words in ("m · F3", "自己找这一行是谁", "Esc")))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is view)


async def test_doubts_come_first_and_are_settled_by_key(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        view = await pasted(pilot)
        assert "歧义 1" in text_of(pilot)
        assert "新成员 2" in text_of(pilot)
        assert "还有 3 条没定" in text_of(pilot)
        assert "13812340001" not in text_of(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "还有 2 条没定" in text_of(pilot))
        await pilot.press("m")
        await on_top(pilot, FindMember)
        await pilot.press(*"wxm", "enter")
        await until(pilot, lambda: pilot.app.screen is view and "还有 1 条没定" in text_of(pilot))
        await pilot.press("n")
        await until(pilot, lambda: "没定" not in text_of(pilot))
        assert done(path, clock) == set()
        before = steps(path, clock)
        await pilot.press(*["enter"] * 10)
        await until(pilot, lambda: pilot.app.screen is screen and screen.board and screen.board.done == 5)
        assert steps(path, clock) == before + 1
        await until(pilot, lambda: any("记了 5 人打卡" in said and "新成员 1 人" in said for said in toasts(pilot)))
        assert done(path, clock) == {"阿梨", "张三", "Crystal🍀", "王小明", "新来的小周"}
        await pilot.press("u")
        await until(pilot, lambda: screen.board and screen.board.done == 0)


async def test_escape_leaves_with_nothing_saved(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        before = steps(path, clock)
        await pasted(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert steps(path, clock) == before


async def test_escape_asks_before_settled_lines_are_thrown_away(running, path, clock):
    async with running() as pilot:
        screen = await opened(pilot)
        before = steps(path, clock)
        await pasted(pilot)
        preview = pilot.app.screen
        await pilot.press("N", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is preview)
        assert preview._decisions
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert steps(path, clock) == before


async def test_what_is_not_settled_is_skipped_and_asked_again(running, path, clock):
    async with running((80, 24)) as pilot:
        screen = await opened(pilot)
        await pasted(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen and screen.board and screen.board.done == 2)
        await pasted(pilot, CHAIN.replace("3. Crystal🍀 5:55\n", ""))
        assert "上次有、这次没有：Crystal" in text_of(pilot)
        assert "已打过 1" in text_of(pilot)
        assert "还有 3 条没定" in text_of(pilot)


async def test_choices_without_letters_and_taking_them_back(running):
    async with running() as pilot:
        await opened(pilot)
        view = await pasted(pilot)
        await pilot.press("right")
        await on_top(pilot, Choose)
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.screen is view and len(view.open_lines) == 2)
        await pilot.press("up", "backspace")
        await until(pilot, lambda: len(view.open_lines) == 3)
        await pilot.press("space", "f6")
        await until(pilot, lambda: "跳过 1" in text_of(pilot))


async def test_full_width_digits_settle_too(running):
    async with running() as pilot:
        await opened(pilot)
        view = await pasted(pilot)
        await pilot.press("１")
        await until(pilot, lambda: len(view.open_lines) == 2)


async def test_namesakes_are_told_apart_and_never_guessed(path, clock, running):
    with Desk(path, clock) as desk:
        desk.write(members.add, "张三", group_id=1, joined_on=date(2026, 3, 5))
    async with running() as pilot:
        screen = await opened(pilot)
        await pasted(pilot, "#接龙\n1. 张三\n2. 李四")
        assert "2026-03-05 入群" in text_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen and line_of(screen, "李四").state == "done")
        assert done(path, clock) == {"李四"}


async def test_the_settling_says_its_day_who_is_taken_and_which_namesake(path, clock, running):
    with Desk(path, clock) as desk:
        twin = desk.write(members.add, "张三", group_id=1).id
    async with running() as pilot:
        await opened(pilot)
        view = await pasted(pilot, "#接龙\n早起第99天\n1. 张三 早\n2. 张三 早起")
        await sees(pilot, "→ 21天早起 · 03-20 周五 · #接龙 早起第99天", "接龙写的是第 99 天")
        assert view.line is not None
        offered = await view._candidates(view.line)
        place = next(n for n, each in enumerate(offered, 1) if each[0] == twin)
        await pilot.press(str(place))
        await sees(pilot, f"张三 #{twin}", "已有第 1 行")
        await until(pilot, lambda: len(view.open_lines) == 1)
        await pilot.press("backspace")  # the cursor stands on the other line
        await until(pilot, lambda: len(view.open_lines) == 2 and view.line == view._preview.lines[0])


async def test_a_learnt_name_is_said_and_goes_with_the_undo(path, clock, running):
    with Desk(path, clock) as desk:
        desk.write(members.add, "大宁", group_id=1)
    async with running() as pilot:
        screen = await opened(pilot)
        await pasted(pilot, "#接龙\n1. 大 宁 起")
        await pilot.press("1")
        await sees(pilot, "保存 1 条打卡")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: any("“大 宁”是大宁" in each.message for each in pilot.app._notifications))
        await pilot.press("u")
        await until(pilot, lambda: "大 宁" not in [row.text for row in names(path, clock)])


def test_no_key_is_broken_by_the_end_of_a_line():
    told = str(keys_line("回车 保存 1 条", "1-9 认领 · n 新人 · ⌫ 撤回 · Esc 离开", 30)).splitlines()
    assert [each.strip() for each in told] == ["回车 保存 1 条   1-9 认领", "n 新人 · ⌫ 撤回 · Esc 离开"]


async def test_another_day_and_who_left_stand_in_lines_of_their_own(path, clock, running):
    with Desk(path, clock) as desk:
        desk.write(members.leave, desk.read(members.resolve, "阿梨"), 1, date(2026, 3, 18))
    async with running() as pilot:
        await opened(pilot)
        await pasted(pilot, CHAIN.replace("早起打卡", "3月18日早起"))
        await until(pilot, lambda: "接龙写的是 3月18日，要记到 03-20" in text_of(pilot))
        assert "阿梨 (2026-03-18) 已退群" in text_of(pilot)


def test_notes_are_joined_without_full_stops_in_between():
    notes = tuple(Note("odd", text) for text in ("按编号读了。", "缺号：3–5", "重号：7"))
    told = str(counts(RecordPreview(date(2026, 3, 20), (), (), (), notes)))
    assert told.splitlines()[-1] == "按编号读了；缺号：3–5，另有 1 处"


async def test_hostile_lines_are_drawn(running):
    body = "\n".join(f"{n}. {' '.join(text.split())[:300] or '空'}" for n, text in enumerate(HOSTILE, 1))
    async with running((80, 24)) as pilot:
        await opened(pilot)
        view = await pasted(pilot, f"#接龙\n[/][red]\n{body}")
        for _line in HOSTILE:
            await pilot.press("n", "down")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is not view or view._busy is False)


def test_the_preview_looks_as_it_should(path, clock, snap_compare):
    async def run(pilot) -> None:
        await opened(pilot)
        await pasted(pilot)
        await pilot.pause()

    assert snap_compare(QunguanApp(path, clock), terminal_size=(120, 40), run_before=run)


WIDE = '昵称,3/1,3/2,3月3日\n阿梨,√,补卡,\n"团团妈,二宝",√,,\n张三,,,√\n没这个人,√,,\n'


async def test_a_spreadsheet_comes_in_by_the_same_door_previewed_and_after_a_backup(running, path, clock):
    before = steps(path, clock)
    async with running() as pilot:
        await opened(pilot)
        pilot.app.screen.post_message(events.Paste(WIDE))
        await on_top(pilot, ImportPreview)
        await sees(pilot, "4 条打卡将记入", "1 行收不进来", "没这个人")
        assert steps(path, clock) == before
        await pilot.press("enter", "enter")
        await until(pilot, lambda: any("导入了 4 条打卡记录" in told for told in toasts(pilot)))
    with Desk(path, clock) as desk:
        assert [each.reason for each in desk.backups()] == ["import"]
        rows = desk.read(checkins.board, clock, 1, date(2026, 3, 2)).rows
        told = {row.name: (row.state, row.total) for row in rows if row.total}
        assert told == {"阿梨": ("makeup", 2), "团团妈,二宝": ("none", 1)}
        desk.write(history.undo)
        assert not any(row.total for row in desk.read(checkins.board, clock, 1).rows)


async def test_columns_nobody_knows_and_a_year_that_is_not_said_are_asked_for(path, clock, tmp_path):
    with Desk(path, clock) as desk:
        desk.write(checkins.start, "天天写", who="all", starts_on=date(2026, 3, 10))
    (tmp_path / "旧账.csv").write_text("谁,3月18日,3月19日\n阿梨,√,√\n", encoding="utf-8-sig")
    async with QunguanApp(path, clock).run_test(size=(80, 24), notifications=True) as pilot:
        screen = await opened(pilot)
        screen.aim(2)
        await screen.load()
        for known in (False, True):
            await pilot.press("i")
            box = await on_top(pilot, SourceBox)
            box.query_one(TextArea).text = str(tmp_path / "旧账.csv")
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(pilot.app.screen, Choose))
            if not known:
                await until(pilot, lambda: "哪一列是“群昵称”" in text_of(pilot))
                await pilot.press("enter")
            await until(pilot, lambda: "是哪一年" in text_of(pilot))
            await pilot.press("enter")
            await on_top(pilot, ImportPreview)
            await sees(pilot, "没有可导入的" if known else "2 条打卡将记入")
            await pilot.press("escape" if known else "enter")
            await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("i")
        await on_top(pilot, SourceBox)
        pilot.app.screen.query_one(TextArea).text = "谁,心情\n阿梨,好\n"
        await pilot.press("f2")
        await until(pilot, lambda: "不是接龙" in text_of(pilot))
    assert done(path, clock) == set()


async def test_a_table_whose_rows_are_numbered_is_no_chain(running):
    async with running() as pilot:
        await opened(pilot)
        pilot.app.screen.post_message(events.Paste("序号,昵称,2026-03-02\n1,阿梨,√\n2,张三,√\n3,李四,√\n"))
        await on_top(pilot, ImportPreview)
        await until(pilot, lambda: "3 条打卡将记入" in text_of(pilot))


async def test_a_chain_known_already_offers_no_undo_and_an_undo_names_the_day(running, path, clock):
    chain = "#接龙\n\n1. 阿梨 5:40\n"
    async with running() as pilot:
        await opened(pilot)
        for said in ("u 撤销", "记了 0 人打卡"):
            await pasted(pilot, chain)
            await pilot.press("f2")
            await until(pilot, lambda: any(said in each for each in toasts(pilot)))  # noqa: B023
        assert "u 撤销" not in next(each for each in toasts(pilot) if "记了 0 人打卡" in each)
        await pilot.press("u")
        await until(pilot, lambda: any("2026-03-20 记了 1 条打卡" in each for each in toasts(pilot)))
    assert done(path, clock) == set()
