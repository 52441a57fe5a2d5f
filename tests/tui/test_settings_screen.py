"""The settings screen by key: groups, rules, backups and going back to one, the doctor, undo history, language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.clock import Clock
from qunguan.i18n import set_language
from qunguan.services import archive, groups, history, members, rules
from qunguan.services.desk import Desk
from qunguan.tui.screens.settings import SettingsScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A test that switches the language does not switch it for the next."""
    yield
    set_language(None)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """A group with one member, and a second group with a hostile name."""
    with Desk(tmp_path / "q.db", Clock(clock.now() - 2 * HOUR), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(groups.create, "[/][red]晚睡群")
        desk.write(members.add, "阿梨", group_id=1)
    return tmp_path / "q.db"


async def go_to(here: Room, wanted: str) -> None:
    """Put the cursor on the line with this id."""
    screen = here.app.screen
    assert isinstance(screen, SettingsScreen)
    place = next(n for n, line in enumerate(screen._source.lines) if line.id.startswith(wanted))
    await here.table.move_to(place)
    await here.pilot.pause()


def value(path: Path, clock: Clock, rule_id: str) -> object:
    with Desk(path, clock) as desk:
        state = desk.read(rules.state, rule_id)
        return state.value if state.enabled else None


async def test_everything_stands_in_one_list(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0", size=(120, 240)) as here:
        await here.sees(
            "── 群", "早起读书群", "微信 · 1 / 500 人", "── 规则", "补卡期限（天）", "打卡、连续、补卡、冻结"
        )
        await here.sees(
            "── 备份", "还没有备份：按 b 做一份", "── 文件", "── 撤销", "成员 阿梨", "── 程序", "中文", "0.1.0"
        )


async def test_in_80_columns_it_is_still_one_list(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0", size=(80, 24)) as here:
        await here.sees("早起读书群", "群人数硬上限", "一个群最多")


async def test_a_new_group_and_its_mistakes(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("ａ")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: "名字是空的" in here.wrong)
        await here.write("新人群")
        fields = list(here.app.screen.query("Input").results())
        fields[4].value = "Mars/Base"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.until(lambda: "Mars/Base" in here.wrong)
        assert fields[0].value == "新人群"  # type: ignore[attr-defined]
        fields[4].value = "Asia/Tokyo"  # type: ignore[attr-defined]
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("新人群", "Asia/Tokyo 00:00")
        await here.press("u")
        await here.until(lambda: "Asia/Tokyo" not in here.text)


async def test_the_platform_of_a_group_is_chosen_in_words(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("a")
        await here.opened(Form)
        await here.write("企微群")
        line = here.app.screen.query_one("#field-platform", Input)
        assert line.value == "微信"
        await here.press("f3")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.opened(Form)
        assert line.value == "企业微信"
        line.value = "飞书"
        await here.press("f2")
        await here.until(lambda: "飞书" in here.wrong and "F3" in here.wrong)
        line.value = "企业微信"
        await here.press("f2")
        await here.closed()
    with Desk(path, clock) as desk:
        assert desk.read(groups.find, "企微群").platform == "wecom"


async def test_editing_a_group_shows_in_the_top_line(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "group:1")
        await here.press("enter")
        await here.opened(Form)
        await here.sees("修改群 早起读书群")
        here.app.screen.query("Input").first().value = "早睡读书群"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.closed()
        await here.sees("群管 · 早睡读书群")


async def test_putting_a_group_away_asks_and_comes_back(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "group:2")
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("收起 [/][red]晚睡群？")
        await here.press("delete", "n")
        await here.closed()
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("已收起")
        await go_to(here, "group:2")
        await here.press("delete")
        await here.told("已放回来")
    with Desk(path, clock) as desk:
        assert len(desk.read(groups.all_groups)) == 2


async def test_changing_a_rule_with_a_reason_and_back_to_the_preset(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "rule:checkin.makeup_days")
        await here.press("e")
        await here.opened(Form)
        await here.sees("预设 3 天 · 出处 打卡、连续、补卡、冻结怎么算")
        field = here.app.screen.query("Input").first()
        field.value = "三天"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.until(lambda: "三天" in here.wrong)
        field.value = "7"  # type: ignore[attr-defined]
        await here.press("enter")
        await here.write("假期放宽")
        await here.press("enter")
        await here.closed()
        await here.sees("7 天 *", "其中 1 条你改过")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("checkin.makeup_days", "≤ 7 天", "预设  3 天", "假期放宽", "2026-03-20 20:00")
        await here.press("escape")
        await here.closed()
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("从 7 天 变回 3 天")
        await here.press("y")
        await here.sees("其中 0 条你改过")
    assert value(path, clock, "checkin.makeup_days") == 3


async def test_tiers_and_choices_are_edited_in_their_own_way(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "rule:checkin.streak_tiers")
        await here.press("enter")
        await here.opened(Form)
        field = here.app.screen.query("Input").first()
        field.value = "7:20"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.until(lambda: "7=20" in here.wrong)
        field.value = "7=20、30=100"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.closed()
        await here.sees("7 天 20 分、30 天 100 分 *")
        await go_to(here, "rule:points.reverse_policy")
        await here.press("enter")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.sees("不再追回 *")
    assert value(path, clock, "points.reverse_policy") == "waive"
    assert value(path, clock, "checkin.streak_tiers") == {7: 20, 30: 100}


async def test_space_switches_a_rule(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "rule:group.capacity_soft")
        await here.press("space")
        await here.told("群人数建议上限：关")
        await here.sees("其中 1 条你改过")
    assert value(path, clock, "group.capacity_soft") is None


async def test_what_a_line_cannot_do_is_said(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "heading:")
        for key, said in (
            ("space", "只有规则可以开关"),
            ("enter", "这是标题"),
            ("e", "再修改"),
            ("delete", "没什么可还原"),
            ("w", "从哪里来"),
        ):
            await here.press(key)
            await here.told(said)
        await go_to(here, "rule:points.stacking")
        await here.press("delete")
        await here.told("就是预设的样子")
        await go_to(here, "step:")
        await here.press("enter")
        await here.told("撤销最近一步")


async def test_how_full_a_group_is_and_by_which_rule(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await go_to(here, "group:1")
        await here.press("ｗ")
        await here.opened(TextView)
        await here.sees("群人数硬上限：500", "S4-05")


async def test_a_backup_and_back_to_it(path: Path, clock: Clock) -> None:
    async with room(path, Clock(clock.now() - HOUR), "0", size=(120, 240)) as here:
        await here.press("b")
        await here.told("已备份并校验")
        await here.sees("手动", "1 份备份")
    async with room(path, clock, "0", size=(120, 240)) as here:
        with Desk(path, clock) as desk:
            desk.write(members.add, "团团", group_id=1)
        await go_to(here, "backup:")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("回到 2026-03-20 19:00 的备份", "1 步会丢掉", "成员 团团")
        await here.press("n")
        await here.closed()
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("已恢复")
        await here.sees("恢复前", "2 份备份")
    with Desk(path, clock) as desk:
        assert len(desk.read(members.view_ids)) == 1


async def test_a_restore_names_the_step_its_backup_was_made_for_and_what_comes_back(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk:  # all of one second, as a backup and the import after it are
        desk.write(members.add, "团团", group_id=1)
        desk.backup("import")
        desk.write(members.add, "小满", group_id=1)
        desk.write(history.undo)
        desk.write(members.add, "阿紫", group_id=1)
    async with room(path, clock, "0", size=(120, 240)) as here:
        await go_to(here, "backup:")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("1 步会丢掉", "成员 阿紫", "会先留一份备份")
        assert "会回来" not in here.text
        await here.press("y")
        await here.told("已恢复")
        await here.sees("恢复前", "2 份备份")
        await go_to(here, "backup:")  # the newest: what was there before
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("1 步会回来", "成员 阿紫")
        assert "会丢掉" not in here.text
        await here.press("n")
        await here.closed()
        await go_to(here, "backup:")
        await here.press("down", "enter")
        await here.opened(Confirm)
        await here.sees("那以后没有改动过")


async def test_an_undo_since_a_backup_is_taken_back_by_a_restore(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk:
        desk.backup("import")
        desk.write(history.undo)
    async with room(path, clock, "0", size=(120, 240)) as here:
        await go_to(here, "backup:")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("1 步会回来", "成员 阿梨")


async def test_a_restore_while_another_window_is_open_is_not_asked_about(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as other:
        other.backup()
        async with room(path, clock, "0", size=(120, 240)) as here:
            await go_to(here, "backup:")
            await here.press("enter")
            await here.told("另一个窗口")
            assert not isinstance(here.app.screen, Confirm)
            other.close()
            await here.press("enter")
            await here.opened(Confirm)


async def test_everything_goes_to_one_file(path: Path, clock: Clock, tmp_path: Path) -> None:
    async with room(path, clock, "0") as here:
        await here.press("ｘ")
        await here.opened(Form)
        await here.sees("全部导出成一个文件", "明文", "qunguan-2026-03-20.zip")
        await here.press("f2")
        await here.told("qunguan-2026-03-20.zip")
        await here.closed()
    again = tmp_path / "again.db"
    with Desk(path, clock) as desk:
        there = desk.read(archive.digest)
    assert archive.restore(path.parent / "out" / "qunguan-2026-03-20.zip", again, clock).digest == there


async def test_a_damaged_backup_is_refused_and_the_program_goes_on(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk:
        made = desk.backup()
    made.path.write_bytes(made.path.read_bytes()[:4096])
    async with room(path, clock, "0") as here:
        await go_to(here, "backup:")
        await here.press("enter")
        await here.told("不完整")
        assert not here.app.screen.query(Confirm), "what cannot be done is not asked about"
        await go_to(here, "rule:group.capacity_soft")
        await here.press("space")
        await here.sees("其中 1 条你改过")


async def test_the_doctor_lists_every_check(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("d")
        await here.opened(TextView)
        await here.sees(
            "一切完好", "✓ 连续天数  全部重算一致", "✓ 搜索索引  全部重算一致", "✓ 流水保护", "✓ 数据库引擎  SQLite"
        )
        await here.sees("笔，", "✓ 积分流水")


async def test_the_language_is_remembered_and_the_one_said_for_a_run_counts_for_more(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUNGUAN_LANG", raising=False)
    async with room(path, clock, "0") as here:
        await here.press("l")
        await here.sees("── Rules")
    set_language(None)  # the program ends
    async with room(path, clock, "0") as here:
        await here.sees("── Rules", "Settings]")
        await here.press("1")
        await here.sees("[1 Today]")
    set_language("zh")  # --lang zh
    async with room(path, clock, "0") as here:
        await here.sees("── 规则")
    set_language(None)
    monkeypatch.setenv("QUNGUAN_LANG", "zh")
    async with room(path, clock, "0") as here:
        await here.sees("── 规则")
        await here.press("u")
        await here.until(lambda: here.app._notifications)
        assert "阿梨" in next(iter(here.app._notifications)).message  # undo leaves the language alone


async def test_the_language_is_switched_on_every_screen(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0", size=(120, 240)) as here:
        await here.press("4")
        await here.sees("对账按 r")
        await here.press("0")
        await here.sees("── 规则")
        await here.press("l")
        await here.sees("── Rules", "Days a missed check-in may be made up", "[0 Settings]")
        await here.press("4")
        await here.sees("reconcile: r", "[4 Points]")
        await here.press("0")
        await here.sees("── Rules")
        await go_to(here, "language")
        await here.press("enter")
        await here.sees("── 规则", "[0 设置]")


async def test_undo_history_says_what_u_takes_back(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0", size=(120, 240)) as here:
        await here.sees("成员 阿梨", "03-20 18:00")
        await here.press("u")
        await here.told("已撤销")
        await here.sees("u   新建了群 [/][red]晚睡群")


def test_the_screen_as_it_is_drawn(path: Path, clock: Clock, snap_compare: Callable[..., bool]) -> None:
    async def arrive(here: Room) -> None:
        await here.press("0")
        await here.until(lambda: here.app.screen.query("PagedTable") and here.table.cursor_row == 1)
        await here.until(lambda: here.table.current)
        await here.sees("── 规则", "▸ ●")
        await here.pilot.pause()

    assert pictured(snap_compare, path, clock, arrive, (120, 28))
