"""The points screen by key: lists, statements, grants and spends, reversals, imports, 对账, days that are past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from qunguan.domain.clock import Clock
from qunguan.services import groups, members, points, rules
from qunguan.services.desk import Desk
from qunguan.tui.screens.points_statement import StatementScreen
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.import_preview import ImportPreview
from qunguan.tui.widgets.search_box import SearchBox
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)
NAMES = ("阿梨", "团团", "张三", "[/][red]李四", "‮反向", "甲" + "\u200d" * 4 + "乙")


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Members of all kinds: 阿梨 70 of which 20 expire, 团团 30 expired, 张三 owes 15."""
    with Desk(tmp_path / "q.db", Clock(clock.now() - 5 * DAY), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        a, b, c, *_ = [desk.write(members.add, name, group_id=1).id for name in NAMES]
        desk.write(points.grant, b, 30, reason="活动", expires_on=TODAY - DAY)
    with Desk(tmp_path / "q.db", clock) as desk:
        desk.write(points.grant, a, 100, reason="满勤", expires_on=TODAY + 10 * DAY, day=TODAY - 30 * DAY)
        desk.write(points.grant, a, 50, reason="早起", day=TODAY - 20 * DAY)
        desk.write(points.spend, a, 80, reason="换书", day=TODAY - 10 * DAY)
        given = desk.write(points.grant, c, 20, reason="发错了")
        desk.write(points.spend, c, 15, reason="换笔")
        desk.write(points.reverse, given.entry_id)
    return tmp_path / "q.db"


def balance(path: Path, clock: Clock, member_id: int) -> int:
    with Desk(path, clock) as desk:
        return desk.read(points.balance, member_id, TODAY)


def entries(path: Path, clock: Clock) -> int:
    with Desk(path, clock) as desk:
        return len(desk.read(points.ledger_ids))


async def fill(here: Room, *values: str) -> None:
    """Type the lines of a form, Enter after each."""
    await here.opened(Form)
    for value in values:
        if value:
            await here.write(value)
        await here.press("enter")


async def test_the_list_the_headline_and_the_member_beside_it(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.sees("在外 70 分", "1 人有积分", "欠 15 分", "30 天内到期 20 分（1 人）", "可用到 2026-03-30")
        assert here.table.current is not None
        assert here.table.current.key == 1
        await here.press("end")
        await here.until(lambda: here.table.current and here.table.current.key == 3)
        await here.sees("-15")


async def test_in_80_columns_the_panel_folds_away(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4", size=(80, 24)) as here:
        await here.sees("在外 70 分", "阿梨")
        assert "可用到" not in here.text


async def test_an_empty_ledger_teaches(tmp_path: Path, clock: Clock) -> None:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "空群")
    async with room(tmp_path / "q.db", clock, "4", size=(80, 24)) as here:
        await here.sees("在外 0 分", "打卡会自动得分", "导入名单")
        for key in ("enter", "a", "e", "w", "y", "space"):
            await here.press(key)
        await here.told("列表里没有人")
        assert not isinstance(here.app.screen, Form | StatementScreen)


async def test_typing_finds_by_initials_and_escape_shows_all_again(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("／")
        await here.until(lambda: isinstance(here.app.focused, SearchBox))
        await here.press("z", "s")
        await here.until(lambda: here.table.line_count == 1)
        assert "张三" in here.text
        await here.press("q", "q")
        await here.sees("没有找到“zsqq”")
        await here.press("escape")
        await here.until(lambda: here.table.line_count == len(NAMES))
        assert here.app.focused is here.table


async def test_sorting_by_name_keeps_the_cursor_on_its_member(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("end")
        await here.until(lambda: here.table.current and here.table.current.key == 3)
        await here.press("ｓ")
        await here.until(lambda: "名字▴" in here.text)
        assert here.table.current is not None
        assert here.table.current.key == 3


async def test_what_expires_is_listed_and_back(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("f")
        await here.sees("2026-03-30", "10 天")
        assert here.table.line_count == 1
        await here.press("[")
        await here.told("今天往后")
        await here.press("f")
        await here.until(lambda: here.table.line_count == len(NAMES))


async def test_granting_books_once_however_often_enter_is_pressed(path: Path, clock: Clock) -> None:
    before = entries(path, clock)
    async with room(path, clock, "4") as here:
        await here.press("a")
        await fill(here, "５０", "分享笔记", "2026-12-31")
        await here.press("enter", "enter", "enter")
        await here.told("现有 120 分")
        await here.press("escape", "escape")  # an Enter too many opened the statement
        await here.closed()
        await here.sees("在外 120 分")
        await here.press("u")
        await here.sees("在外 70 分")
        await here.press("ctrl+r")
        await here.sees("在外 120 分")
    assert entries(path, clock) == before + 3  # booked once, taken back, restored


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("", "缘由", "", ""), "还没写多少分"),
        (("十个", "缘由", "", ""), "十个"),
        (("0", "缘由", "", ""), "0"),
        (("9" * 31, "缘由", "", ""), "9999"),
        (("5", "", "", ""), "还没写原因"),
        (("5", "缘由", "2026-02-30", ""), "2026-02-30"),
        (("5", "缘由", "2026-03-01", ""), "2026-03-01"),
        (("5", "缘由", "", "2026-03-21"), "2026-03-21"),
    ],
)
async def test_what_is_wrong_stands_in_the_box_and_nothing_is_lost(
    path: Path, clock: Clock, values: tuple[str, ...], said: str
) -> None:
    before = entries(path, clock)
    async with room(path, clock, "4") as here:
        await here.press("a")
        await fill(here, *values)
        await here.until(lambda: said in here.wrong)
        typed = [field.value for field in here.app.screen.query("Input").results()]  # type: ignore[attr-defined]
        assert typed == list(values)
    assert entries(path, clock) == before


async def test_spending_more_than_there_is_is_refused_in_the_box(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("ｅ")
        await fill(here, "71", "兑换", "")
        await here.until(lambda: "70" in here.wrong)
        await here.press("escape", "escape")
        await here.closed()
    assert balance(path, clock, 1) == 70


async def test_marked_members_get_points_in_one_step(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("space", "space")
        await here.until(lambda: len(here.table.marked) == 2)
        await here.press("a")
        await fill(here, "5", "会员日", "", "")
        await here.told("已给 2 人各记 +5 分")
        await here.closed()
        assert here.table.marked == frozenset()
        await here.press("u")
        await here.told("已撤销：2 位成员各加了 5 分")
        await here.sees("在外 70 分")


async def test_the_statement_newest_first_with_what_expires_unposted(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("slash", "t", "t")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.sees("团团 的积分", "到期", "-30", "活动")
        await here.press("delete")
        await here.told("还没入账")
        await here.press("escape")
        await here.closed()


async def test_help_lists_the_keys_of_the_statement(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.press("f1")
        await here.opened(TextView)
        await here.sees("Del", "冲正", "撤销最近一次改动", "关闭对账单")
        await here.press("escape")
        await here.opened(StatementScreen)


async def test_reversing_asks_with_another_key_and_says_what_the_rule_does(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.until(lambda: here.table.line_count == 3)
        await here.press("end", "delete")
        await here.opened(Confirm)
        await here.sees("冲正 阿梨", "+100", "30 分已经花掉")
        await here.press("delete", "enter")
        await here.opened(StatementScreen)
        assert here.table.line_count == 3
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("ｙ")
        await here.told("已冲正：阿梨 现有 -30 分")
        await here.until(lambda: here.table.line_count == 4)
        await here.press("u")
        await here.until(lambda: here.table.line_count == 5)
        await here.sees("余额 70 分")
    assert balance(path, clock, 1) == 70


async def test_waived_points_are_named_before_and_let_go(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk:
        desk.write(rules.change, "points.reverse_policy", "waive")
    async with room(path, clock, "4") as here:
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.until(lambda: here.table.line_count == 3)
        await here.press("end", "delete")
        await here.opened(Confirm)
        await here.sees("不再追回")
        await here.press("y")
        await here.told("现有 50 分")


async def test_a_reversal_that_would_take_nothing_says_so_instead_of_asking(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk:
        desk.write(rules.change, "points.reverse_policy", "waive")
        desk.write(points.spend, 1, 70, reason="换书")
    async with room(path, clock, "4") as here:
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.until(lambda: here.table.line_count == 4)
        for asked in (1, 2):
            await here.press("end", "delete")
            await here.told("一分也没有收回：100 分已经花掉，按规则不追；阿梨 仍有 0 分")
            await here.until(lambda: len(here.app._notifications) == asked)  # noqa: B023
            assert isinstance(here.app.screen, StatementScreen)
        assert here.table.line_count == 4


async def test_the_statement_goes_out_as_a_message_and_as_a_file(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.until(lambda: here.table.line_count == 3)
        await here.press("y")
        await here.told("已复制")
        said = (path.parent / "out" / "points-1.txt").read_text("utf-8")
        await here.press("x")
        await here.opened(Form)
        await here.press("enter")
        await here.told("3 行")
    assert "阿梨，你好呀" in said
    assert "现在一共有 70 分" in said
    assert "其中 20 分 2026-03-30 前有效" in said
    assert "03-10  -80  换书" in said
    assert (path.parent / "out" / f"points-1-{TODAY}.xlsx").is_file()


async def test_the_ledger_is_exported_and_a_wrong_name_is_said_in_the_box(path: Path, clock: Clock) -> None:
    target = path.parent / "ledger.csv"
    async with room(path, clock, "4") as here:
        await here.press("x")
        await here.opened(Form)
        here.app.screen.query_one("Input").value = str(target.with_suffix(".doc"))  # type: ignore[attr-defined]
        await here.press("enter")
        await here.until(lambda: ".csv" in here.wrong)
        here.app.screen.query_one("Input").value = str(target)  # type: ignore[attr-defined]
        await here.press("enter")
        await here.closed()
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "满勤" in target.read_text("utf-8-sig")


async def test_why_goes_lot_by_lot(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("w")
        await here.opened(TextView)
        await here.sees(
            "余额 70 ＝ 各批剩余 70 − 欠 0", "剩 20 分，可用到 2026-03-30", "-80  花掉  换书", "到期日当天还能用"
        )


async def test_reconciling_puts_a_badge_until_something_is_written(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.sees("对账按 r")
        await here.press("r")
        await here.sees("对账 ✓ 7 笔")
        await here.press("a")
        await fill(here, "5", "缘由", "", "")
        await here.closed()
        await here.sees("对账按 r")


async def test_a_ledger_that_does_not_add_up_is_named(path: Path, clock: Clock) -> None:
    with Desk(path, clock) as desk, desk.store.engine.connect() as conn:
        conn.execute(text("DROP TRIGGER IF EXISTS point_alloc_no_update"))
        for name in conn.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).scalars().all():
            conn.execute(text(f'DROP TRIGGER "{name}"'))
        conn.execute(text("UPDATE point_alloc SET amount = amount + 1 WHERE id = 1"))
        conn.commit()
    async with room(path, clock, "4") as here:
        await here.press("r")
        await here.opened(TextView)
        await here.sees("对不上", "阿梨")
        await here.press("escape")
        await here.closed()
        await here.sees("对账 ✗")


async def test_a_past_day_is_looked_at_and_not_written_to(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("]")
        await here.told("已经是今天了")
        await here.press("【")
        await here.sees("截至 2026-03-19", "在外 100 分")
        await here.press("a")
        await here.told("过去的日子只能看")
        await here.press("。")
        await here.sees("在外 70 分")
        assert "截至" not in here.text


PASTE = (
    "昵称,日期,变动,有效期,原因,凭证号\n"
    "阿梨,2026-03-01,10,,补发,k1\n"
    "没这个人,2026-03-01,5,,,\n"
    "团团,2026-03-02,-500,,兑换,\n"
    "团团,2026-03-02,0,,,\n"
)


async def test_a_spreadsheet_is_previewed_then_booked_after_a_backup(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        for booked in (1, 0):
            await here.press("i")
            await here.opened(SourceBox)
            here.app.screen.query_one("TextArea").text = PASTE  # type: ignore[attr-defined]
            await here.press("f2")
            await here.opened(ImportPreview)
            await here.sees(f"{booked} 笔将入账", "3 行收不进来", "没这个人")
            if booked:
                await here.press("enter", "enter")
                await here.told("入账 1 笔")
                await here.press("escape", "escape")  # an Enter too many opened the statement
                await here.closed()
                await here.sees("在外 80 分")
            else:
                await here.press("enter", "escape")
            await here.closed()
        await here.press("u")
        await here.sees("在外 70 分")
    with Desk(path, clock) as desk:
        assert [each.reason for each in desk.backups()] == ["import"]


async def test_a_spreadsheet_that_cannot_be_read_is_said_in_the_box(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.press("i")
        await here.opened(SourceBox)
        here.app.screen.query_one("TextArea").text = "/nowhere/points.xlsx"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.until(lambda: "/nowhere" in here.wrong)
        here.app.screen.query_one("TextArea").text = "甲,乙\n1,2\n"  # type: ignore[attr-defined]
        await here.press("f2")
        await here.until(lambda: here.wrong and "/nowhere" not in here.wrong)
        await here.press("escape")
        await here.closed()


def test_the_screen_as_it_is_drawn(path: Path, clock: Clock, snap_compare: Callable[..., bool]) -> None:
    async def arrive(here: Room) -> None:
        await here.press("4")
        await here.sees("可用到 2026-03-30")
        await here.pilot.pause()

    assert pictured(snap_compare, path, clock, arrive)


async def test_a_statement_that_was_left_before_it_was_read_is_no_trouble(path: Path, clock: Clock) -> None:
    async with room(path, clock, "4") as here:
        await here.until(lambda: here.table.line_count)
        statement = StatementScreen(1, "阿梨")
        here.app.push_screen(statement)
        await here.opened(StatementScreen)
        await here.press("escape")
        await here.closed()
        await here.until(lambda: not statement.query("#standing"))
        await statement.reload()  # its rows come now
        assert here.app.is_running
