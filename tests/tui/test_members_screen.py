"""The roster on the screen: what each key does, what an empty one teaches, what a hostile name looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from qunguan.domain.clock import Clock
from qunguan.domain.members import Birthday
from qunguan.services import checkins, groups, history, members, points
from qunguan.services.desk import Desk
from qunguan.services.members_typed import leave_many
from qunguan.tui.screens.members import MembersScreen
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.headline import Headline
from qunguan.tui.widgets.search_box import SearchBox
from tests.tui.desk_app import Room, pictured, room

KEY = "2"
WIDE, NARROW = (120, 40), (80, 24)
NAMES = ("阿梨", "团团妈", "张三", "赵敏", "Crystal🍀")


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Five members, one of whom left; one has a birthday, tags, points and a streak."""
    place = tmp_path / "qunguan.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群", capacity_soft=3)
        for number, name in enumerate(NAMES):
            desk.write(members.add, name, group_id=1, joined_on=date(2026, 3, 1 + number), phone=f"1380000000{number}")
        desk.write(
            members.add, "李四", group_id=1, joined_on=date(2026, 2, 1), birthday=Birthday(2, 4, lunar=True),
            channel="小红书", note="爱早起\n住上海", tags=[("", "VIP"), ("阶段", "新人")], extra={"城市": "上海"},
        )  # fmt: skip
        desk.write(leave_many, [2], 1, "2026-03-10", "搬家")
        desk.write(checkins.start, "早起", who=[6], starts_on=date(2026, 3, 18))
        for day in (18, 19, 20):
            desk.write(checkins.tick, 1, 6, date(2026, 3, day))
        desk.write(points.grant, 6, 20, reason="分享", expires_on=None)
    return place


@contextmanager
def reopened(path: Path, clock: Clock) -> Iterator[Desk]:
    with Desk(path, clock) as desk:
        yield desk


def names_shown(found: Room) -> list[str]:
    """The names of the roster from top to bottom."""
    pages = found.table._pages
    assert pages
    rows = [pages.row(place) for place in range(found.table.line_count)]
    return [str(getattr(row.cells[0], "text", row.cells[0])) for row in rows if row]


def cursor(found: Room) -> int | None:
    """The member under the cursor."""
    return found.table.current.key if found.table.current else None


def headline(found: Room) -> str:
    return str(found.app.screen.query_one(".headline", Headline).render())


async def on(found: Room, name: str) -> None:
    """Put the cursor on a member."""
    await found.table.move_to(names_shown(found).index(name))
    await found.until(lambda: found.table.current is not None)


async def find_typed(found: Room, text: str, names: list[str]) -> None:
    """Type into the search and wait for exactly these."""
    await found.press("slash")
    box = found.app.screen.query_one(SearchBox)
    assert box.has_focus
    box.value = text
    await found.until(lambda: names_shown(found) == names)


async def test_the_roster_shows_the_group_by_name_and_how_full_it_is(path, clock):
    async with room(path, clock, KEY) as found:
        assert names_shown(found) == ["阿梨", "Crystal🍀", "李四", "张三", "赵敏"]
        await found.until(lambda: "在群 5 人" in headline(found))  # the rows come first
        assert "超过建议人数 S2-22" in headline(found)
        await on(found, "李四")
        await found.sees("李四  #6", "农历二月初四", "还有 2 天", "早起  连续3", "小红书", "VIP")
        assert "138****0000" in found.text
        assert "13800000000" not in found.text


async def test_the_panel_folds_away_in_a_narrow_terminal(path, clock):
    async with room(path, clock, KEY, NARROW) as found:
        assert not found.app.screen.query_one(".side").display
        assert "阿梨" in found.text
        await found.pilot.resize_terminal(*WIDE)
        await found.until(lambda: found.app.screen.query_one(".side").display)
        await found.sees("阿梨  #1")


@pytest.mark.parametrize(
    ("typed", "names"),
    [("zs", ["张三"]), ("zhao", ["赵敏"]), ("李", ["李四"]), ("vip", ["李四"]), ("0004", ["Crystal🍀"]), ("qqqq", [])],
)
async def test_search_answers_while_typing(path, clock, typed, names):
    async with room(path, clock, KEY) as found:
        await find_typed(found, typed, names)


async def test_a_small_headline_leaves_whole_parts_out(path, clock):
    async with room(path, clock, KEY, (60, 24)) as found:
        await found.until(lambda: len(headline(found).split("   ")) > 2)
        parts = headline(found).split("   ")
        assert (parts[0], parts[2]) == ("在群 5 人", "看在群的 5 · 按名字排")
        assert "上限 500" not in parts
        assert found.lines()[3].strip() == headline(found)


async def test_the_footer_offers_what_works_in_the_search_while_it_is_typed_into(path, clock):
    async with room(path, clock, KEY) as found:
        before = found.lines()[-1]
        await found.press("slash")
        await found.until(lambda: found.lines()[-1].strip() == "Enter 名片  ↑ ↓ 选  Esc 回到列表  F1 帮助")
        await found.press("escape")
        await found.until(lambda: found.lines()[-1] == before)


async def test_typing_keys_narrow_and_esc_brings_everybody_back(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("slash", "z")
        await found.until(lambda: len(names_shown(found)) == 2)
        await found.press("s")
        await found.until(lambda: names_shown(found) == ["张三"])
        await found.press("down", "enter")
        await found.opened(CardView)
        await found.press("escape")
        await found.closed()
        await found.press("escape")
        await found.until(lambda: len(names_shown(found)) == 5)
        assert found.table.has_focus


async def test_what_is_typed_ahead_of_the_search_is_searched_for(path, clock):
    async with room(path, clock, KEY) as found:
        await found.burst("/", "z", "s")
        await found.until(lambda: names_shown(found) == ["张三"])
        await found.burst("escape", "escape", "/", "l", "s")
        await found.until(lambda: names_shown(found) == ["李四"])
        assert isinstance(found.app.focused, SearchBox)
        assert found.app.focused.value == "ls"
        await found.burst("escape", "f")
        await found.until(lambda: names_shown(found) == ["团团妈"])
        assert found.table.has_focus


async def test_nothing_found_teaches(path, clock):
    async with room(path, clock, KEY) as found:
        await find_typed(found, "没有这个人", [])
        await found.sees("没找到", "首字母")


async def test_full_width_keys_do_the_same(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("／")
        await found.until(lambda: found.app.screen.query_one(SearchBox).has_focus)
        await found.press("escape", "ｆ")
        await found.until(lambda: names_shown(found) == ["团团妈"])


async def test_the_filter_goes_through_present_left_and_all(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("f")
        await found.until(lambda: names_shown(found) == ["团团妈"])
        await found.sees("→2026-03-10")
        await found.press("f")
        await found.until(lambda: len(names_shown(found)) == 6)
        await found.press("f")
        await found.until(lambda: len(names_shown(found)) == 5)


async def test_the_order_changes_and_the_cursor_stays_on_its_member(path, clock):
    async with room(path, clock, KEY) as found:
        await on(found, "张三")
        await found.press("s")
        await found.until(lambda: names_shown(found)[0] == "Crystal🍀")
        assert cursor(found) == 3
        await found.press("s")
        await found.until(lambda: names_shown(found)[0] == "李四")


async def test_enter_opens_the_card_and_y_copies_it(path, clock, copied):
    async with room(path, clock, KEY) as found:
        await on(found, "李四")
        await found.press("enter")
        await found.opened(CardView)
        await found.sees("城市", "上海", "VIP、阶段:新人", "+20 积分  分享", "2026-03-20", "● 早起", "住上海")
        await found.sees("下次 2026-03-22，还有 2 天")
        await found.press("y")
        await found.told("成员-6.txt")
        assert "⭐ 积分：" in copied[0]
        assert "住上海" not in copied[0]
        assert (path.parent / "out" / "成员-6.txt").read_text(encoding="utf-8") == copied[0]
        await found.opened(CardView)


async def test_marks_go_down_and_tags_are_for_the_marked(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("space", "space", "t")
        await found.opened(Choose)
        assert "2 位成员" in found.text
        await found.write("团购")
        await found.until(lambda: found.app.screen.query_one(OptionList).option_count == 1)
        await found.press("enter")
        await found.closed()
        await found.told("打上标签 团购")
        await found.until(lambda: "团购" in found.text)
        assert found.table.marked == {1, 5}
        await found.press("t")
        await found.opened(Choose)
        await found.sees("✓ 团购", "都有这个标签")
        await found.write("团购")
        await found.press("enter")
        await found.told("摘掉标签 团购：2 人")
        await found.press("escape")
        await found.until(lambda: not found.table.marked)
    with reopened(path, clock) as desk:
        assert {each.name: each.members for each in desk.read(members.tags)} == {"VIP": 1, "新人": 1, "团购": 0}


async def test_a_member_is_added_and_the_cursor_is_on_them(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("a")
        await found.opened(Form)
        await found.write("王小明")
        found.app.screen.query_one("#field-phone", Input).value = "abc"
        await found.press("f2")
        await found.until(lambda: "不是电话号码" in found.wrong)
        found.app.screen.query_one("#field-phone", Input).value = "139 0000 1111"
        await found.press("f2", "f2")
        await found.closed()
        await found.until(lambda: cursor(found) == 7)
        await found.press("u")
        await found.until(lambda: "王小明" not in names_shown(found))
    with reopened(path, clock) as desk:
        assert len(desk.read(members.view_ids, present=None)) == 6


async def test_a_change_of_name_keeps_the_old_one_as_dated_alias(path, clock):
    async with room(path, clock, KEY) as found:
        await on(found, "张三")
        await found.press("e")
        await found.opened(Form)
        found.app.screen.query_one("#field-name", Input).value = "张三丰"
        await found.press("f2")
        await found.closed()
        await found.until(lambda: "张三丰" in names_shown(found))
        await find_typed(found, "张三", ["张三丰"])
        await found.press("enter")
        await found.opened(CardView)
        await found.sees("曾用", "– 2026-03-20")


async def test_leaving_asks_with_day_and_reason_and_another_key(path, clock):
    async with room(path, clock, KEY) as found:
        await on(found, "张三")
        await found.press("delete")
        await found.opened(Form)
        found.app.screen.query_one("#field-day", Input).value = "2026-02-01"
        await found.press("f2")
        await found.until(lambda: "还早" in found.wrong)
        found.app.screen.query_one("#field-day", Input).value = "2026-03-19"
        found.app.screen.query_one("#field-reason", Input).value = "潜水"
        await found.press("f2")
        await found.opened(Confirm)
        await found.press("delete")
        assert isinstance(found.app.screen, Confirm)
        await found.press("y")
        await found.closed()
        await found.until(lambda: "张三" not in names_shown(found))
    with reopened(path, clock) as desk:
        stay = desk.read(members.card, 3).stays[0]
        assert (stay.left_on, stay.left_reason) == (date(2026, 3, 19), "潜水")


async def test_several_leave_at_once_and_no_keeps_them(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("space", "space", "delete")
        await found.opened(Form)
        await found.press("f2")
        await found.opened(Confirm)
        await found.sees("2 位成员", "阿梨 (#1)、Crystal🍀 (#5)")
        await found.press("n")
        await found.closed()
        assert len(names_shown(found)) == 5
        await found.press("delete")
        await found.opened(Form)
        await found.press("f2")
        await found.opened(Confirm)
        await found.press("y")
        await found.until(lambda: names_shown(found) == ["李四", "张三", "赵敏"])
        await found.press("u")
        await found.until(lambda: len(names_shown(found)) == 5)


async def test_who_left_comes_back(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("f")
        await found.until(lambda: names_shown(found) == ["团团妈"])
        await found.press("delete")
        await found.opened(Form)
        await found.press("f2")
        await found.until(lambda: "不在" in found.wrong)
        await found.press("escape")
        await found.closed()
        await found.press("r")
        await found.opened(Form)
        await found.press("enter", "enter")
        await found.closed()
        await found.until(lambda: not names_shown(found))
        await found.press("f")
        await found.until(lambda: len(names_shown(found)) == 6)
    with reopened(path, clock) as desk:
        assert [stay.left_on is None for stay in desk.read(members.card, 2).stays] == [False, True]


async def test_forgetting_takes_the_name_typed(path, clock):
    async with room(path, clock, KEY) as found:
        await on(found, "李四")
        await found.press("enter")
        await found.opened(CardView)
        await found.press("X")
        await found.opened(Form)
        await found.write("张三")
        await found.press("enter")
        await found.until(lambda: "名字对不上" in found.wrong)
        found.app.screen.query_one(Input).value = "李四"
        await found.press("enter")
        await found.closed()
        await found.told("#6")
        await found.until(lambda: "李四" not in names_shown(found))
    assert "李四".encode() not in path.read_bytes()
    with reopened(path, clock) as desk:
        assert desk.read(points.balance, 6, date(2026, 3, 20)) > 0


async def test_the_roster_goes_into_a_file_and_one_that_is_there_asks_once_more(path, clock, tmp_path):
    file = tmp_path / "名单.csv"
    file.write_text("old")
    async with room(path, clock, KEY) as found:
        await found.press("x")
        await found.opened(Form)
        box = found.app.screen.query_one(Input)
        assert box.value == str(path.parent / "out" / "成员-2026-03-20.csv")
        box.value = str(tmp_path / "名单.doc")
        await found.press("enter")
        await found.until(lambda: ".csv" in found.wrong)
        box.value = str(file)
        await found.press("enter")
        await found.until(lambda: "再按一次" in found.wrong)
        assert file.read_text() == "old"
        await found.press("enter")
        await found.closed()
        await found.told("名单.csv")
    text = file.read_text(encoding="utf-8-sig")
    assert [name in text for name in ("阿梨", "李四", "团团妈")] == [True, True, False]
    assert "13800000000" in text


async def test_w_tells_the_rule_the_numbers_and_the_source(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("w")
        await found.opened(TextView)
        await found.sees("S2-22", "S4-05", "300", "3 / 500", "现在在群 5 人")


async def test_an_empty_roster_teaches_and_says_what_cannot_be_done(tmp_path, clock):
    place = tmp_path / "bare.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "新群")
    async with room(place, clock, KEY) as found:
        await found.sees("这里还没有成员", "按 i 导入名单")
        for key in ("enter", "e", "t", "y", "delete", "X", "x"):
            await found.press(key)
            assert isinstance(found.app.screen, MembersScreen)
        await found.told("这里还没有人")


async def test_another_window_s_change_is_noticed_and_the_cursor_stays(path, clock):
    async with room(path, clock, KEY) as found:
        await on(found, "赵敏")
        with reopened(path, clock) as desk:
            desk.write(members.add, "阿一", group_id=1)
        await found.until(lambda: "阿一" in names_shown(found))
        assert cursor(found) == 4


async def test_another_screen_leads_to_a_member_even_one_who_left(path, clock):
    async with room(path, clock, KEY) as found:
        await find_typed(found, "zs", ["张三"])
        found.app.go("today")
        await found.until(lambda: not isinstance(found.app.screen, MembersScreen))
        found.app.go("members", 2)
        await found.until(lambda: isinstance(found.app.screen, MembersScreen) and len(names_shown(found)) == 6)
        await found.until(lambda: cursor(found) == 2)


async def test_a_key_pressed_twice_opens_one_dialog(path, clock):
    async with room(path, clock, KEY) as found:
        await found.press("a", "a")
        await found.opened(Form)
        await found.press("escape")
        await found.closed()
        assert len(found.app.screen_stack) == 1 + (found.app.screen_stack[0] is not found.app.screen)


async def test_everything_that_was_done_is_undone(path, clock):
    with reopened(path, clock) as desk:
        before = [str(step) for step in desk.read(history.recent)]
    async with room(path, clock, KEY) as found:
        await on(found, "赵敏")
        await found.press("e")
        await found.opened(Form)
        found.app.screen.query_one("#field-extra", Input).value = "城市=北京"
        await found.press("f2")
        await found.closed()
        await found.press("u")
        await found.told("撤销")
    with reopened(path, clock) as desk:
        assert [str(step) for step in desk.read(history.recent)] == before
        assert not desk.read(members.get, 4).extra


def test_the_key_view(path, clock, snap_compare):
    async def ready(found):
        await found.press(KEY)
        await found.until(lambda: found.app.screen.query("PagedTable.main") and found.table._pages is not None)
        await on(found, "李四")
        await found.sees("李四  #6", "超过建议人数")

    assert pictured(snap_compare, path, clock, ready)


async def test_a_search_that_finds_very_many_gives_the_best_at_once_and_all_when_typing_rests(path, clock, monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr("qunguan.tui.screens.members_roster.HITS", 1)
    show = MembersScreen._show

    async def noted(screen, text, *, keep, most):
        asked.append(most)
        await show(screen, text, keep=keep, most=most)

    async with room(path, clock, KEY) as found:
        monkeypatch.setattr(MembersScreen, "_show", noted)
        await find_typed(found, "z", ["张三", "赵敏"])
        assert asked == [1, 10_000]
