"""Today on the screen: what is there, what each key does with it, what an empty day and a hostile name look like."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from textual.widgets import Static

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.domain.members import Birthday
from qunguan.domain.today import Agenda, Line, Said, Target
from qunguan.services import checkins, groups, history, members, points
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.today import TodayScreen
from qunguan.tui.screens.today_lines import Rows, headline, yesterday_parts
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.headline import Headline
from tests.tui.waiting import until

TODAY = date(2026, 3, 20)
WIDE, NARROW = (120, 40), (80, 24)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """A group with a challenge, one that ended, a birthday, points about to expire."""
    place = tmp_path / "qunguan.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("阿梨", "小满", "老周"):
            desk.write(members.add, name, group_id=1)
        desk.write(members.add, "寿星", group_id=1, birthday=Birthday(3, 20))
        desk.write(checkins.start, "21天早起", who="all", starts_on=date(2026, 3, 12), template_id="21day")
        desk.write(checkins.start, "7天打卡", who=[1, 2], starts_on=date(2026, 3, 10), days=7)
        for day in (17, 18, 19):
            for member in (1, 2):
                desk.write(checkins.mark, 1, member, date(2026, 3, day), "done")
        desk.write(points.grant, 1, 20, expires_on=date(2026, 4, 1))
    return place


@pytest.fixture
def bare(tmp_path: Path, clock: Clock) -> Path:
    """A group and nothing else."""
    place = tmp_path / "bare.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return place


def today(app: QunguanApp):
    screen = app.get_screen("today")
    assert isinstance(screen, TodayScreen)
    return screen


async def filled(pilot):
    screen = today(pilot.app)
    await until(pilot, lambda: screen.view and screen._as_of and screen.view.table._pages is not None)
    await until(pilot, lambda: screen._cared and not said(screen, "#hello").endswith("…"))  # what takes longer is there
    return screen


def texts(screen: TodayScreen) -> list[str]:
    assert screen.view is not None
    return [str(row.cells[2]) for row in screen.view._rows._rows]


def said(screen: TodayScreen, wanted: str) -> str:
    return str(screen.query_one(wanted, Static).content)


def summary(screen: TodayScreen) -> str:
    """The line about the day before."""
    return str(screen.query_one(Headline).render())


async def onto(pilot, kind: str):
    """Put the cursor on the line of a kind, by the arrow key."""
    screen = await filled(pilot)
    for _ in range(screen.view.table.line_count):
        if screen.line.kind == kind:
            return screen
        await pilot.press("down")
    raise AssertionError(f"no line of kind {kind}")


async def test_the_frame_is_there_before_the_database(path, clock):
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE) as pilot:
        assert said(today(app), "#hello") in ("正在打开…", "晚上好！ 今天有 4 件事。")
        screen = await filled(pilot)
        assert said(screen, "#hello") == "晚上好！ 今天有 4 件事。"
        assert summary(screen).startswith("昨天  21天早起 50% (2/4) · ")
        assert "去哪里" in "".join(strip.text for strip in screen._compositor.render_strips())
        assert texts(screen) == [
            "21天早起 · 第 9 天：还没粘贴今天的接龙",
            "今天生日：寿星",
            "7天打卡：3月16日结束，还没结营；完成率 0% (0/2)",
            "1 人共 20 分快到期，最早4月1日",
        ]
        assert app.focused is screen.view.table


async def test_a_summary_too_long_for_two_lines_loses_whole_parts(path, clock):
    async with QunguanApp(path, clock).run_test(size=NARROW) as pilot:
        screen = await filled(pilot)
        line = screen.query_one(Headline)
        parts = [literal(f"挑战{n}号 50% (2/4)") for n in range(9)]
        line.tell(parts)
        await pilot.pause()
        assert [each.split(" · ") for each in summary(screen).splitlines()] == [
            [str(part) for part in parts[start : start + 4]] for start in (0, 4)
        ]
        assert line.size.height == 2
        line.tell(parts[:2])
        await pilot.pause()
        assert line.size.height == 1


async def test_the_ready_text_stands_beside_the_line_as_it_is_copied(path, clock, copied):
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await filled(pilot)
        assert screen.query_one(".side").display
        await pilot.press("down")
        await until(pilot, lambda: "🎂" in said(screen, "#ready"))
        await pilot.press("y")
        await until(pilot, lambda: copied)
        assert copied[0].startswith("🎂 3月20日是个好日子，生日快乐！\n@寿星\n")
        assert said(screen, "#ready").replace("\n", "") == copied[0].replace("\n", "")
        out = path.parent / "out" / "2026-03-20-birthday-1.txt"
        await until(pilot, out.exists)
        assert out.read_text(encoding="utf-8") == copied[0]


async def test_at_80_columns_the_text_is_in_the_answer_to_why(path, clock):
    app = QunguanApp(path, clock)
    async with app.run_test(size=NARROW) as pilot:
        screen = await filled(pilot)
        assert not screen.query_one(".side").display
        await pilot.press("down", "ｗ")
        await until(pilot, lambda: isinstance(app.screen, TextView))
        told = "\n".join(str(each.content) for each in app.screen.query(Static))
        assert "出处：生日祝福和节日问候（五份社群资料 S1-27） · 节日、纪念日" in told
        assert "（五份社群资料 S0-22） · today.birthday_days" in told
        assert "距生日的天数 <= 3" in told
        assert "@寿星" in told
        assert app.screen.query_one(".keys").region.bottom < app.screen.query_one(".box").region.bottom
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


@pytest.mark.parametrize(("kind", "noun"), [("checkin", "checkins"), ("birthday", "members"), ("expiring", "points")])
async def test_enter_leads_to_what_the_line_is_about(path, clock, monkeypatch, kind, noun):
    went: list[object] = []
    monkeypatch.setattr(QunguanApp, "go", lambda _app, *where: went.append(where))
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE) as pilot:
        screen = await onto(pilot, kind)
        await pilot.press("enter")
        await until(pilot, lambda: went)
        assert went == [(noun, screen.line.target.subject, screen.line.target.day)]


async def test_closing_asks_and_is_undone(path, clock):
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await onto(pilot, "ended")
        await pilot.press("enter", "enter")  # the second one answers no
        await until(pilot, lambda: app.screen is screen)
        assert screen.view.table.line_count == 4
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: screen.view.table.line_count == 3)
        await pilot.press("ｕ")
        await until(pilot, lambda: screen.view.table.line_count == 4)


async def test_a_backup_is_made_once_however_often_enter_is_pressed(path):
    app = QunguanApp(path, Clock(datetime(2026, 3, 28, 12, tzinfo=UTC)))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await onto(pilot, "backup")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: any("已备份并校验" in text for text in texts(screen)))
        await pilot.pause()
        assert app.screen is screen
        assert len(await app.desk.backups()) == 1
        assert not await app.desk.read(lambda session: [s for s in history.recent(session) if "backup" in str(s)])
        await today(app).load()
        assert all(line.kind != "backup" for line in today(app)._lines)


async def test_a_backup_that_fails_is_said_and_nothing_ends(path, monkeypatch):
    app = QunguanApp(path, Clock(datetime(2026, 3, 28, 12, tzinfo=UTC)))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await onto(pilot, "backup")

        async def full() -> None:
            raise StoreError("{detail}", detail="磁盘满了")

        monkeypatch.setattr(app.desk, "backup", full)
        await pilot.press("enter")
        await until(pilot, lambda: any("磁盘满了" in each.message for each in app._notifications))
        assert app.screen is screen


async def test_a_line_without_a_text_says_so(path, copied):
    app = QunguanApp(path, Clock(datetime(2026, 3, 28, 12, tzinfo=UTC)))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        screen = await onto(pilot, "backup")
        await pilot.press("y")
        await until(pilot, lambda: any("没有要发的文字" in each.message for each in app._notifications))
        assert not copied
        assert said(screen, "#ready") == ""


async def test_an_empty_day_teaches_and_every_key_says_why_not(bare, clock):
    app = QunguanApp(bare, clock)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        screen = await filled(pilot)
        assert said(screen, "#hello") == "晚上好！ 今天没有要赶的事。"
        assert "按 3 到打卡" in screen.view.table.empty_text()
        for key in ("enter", "y", "w", "ｙ"):
            await pilot.press(key)
        await pilot.pause()
        assert app.screen is screen


async def test_what_is_written_elsewhere_is_seen(path, clock):
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE) as pilot:
        screen = await filled(pilot)
        await app.desk.write(checkins.tick, 1, 1, TODAY)
        await app.changed()
        await until(pilot, lambda: "已打卡 1 / 4" in texts(screen)[0])
        assert texts(screen)[0].endswith("██░░░░░░  25 %")


async def test_after_midnight_it_is_another_day(path, clock):
    app = QunguanApp(path, clock)
    async with app.run_test(size=WIDE) as pilot:
        screen = await filled(pilot)
        app.clock = app.desk.clock = Clock(datetime(2026, 3, 20, 16, 1, tzinfo=UTC))
        await screen._look_at_clock()
        assert "第 10 天" in texts(screen)[0]


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x", "\x1b[31m红", "\u202e反", "\u200b" * 10_000 + "零"])
async def test_hostile_names_are_drawn_as_they_are(bare, clock, monkeypatch, name):
    from qunguan.services import today as service

    text = Said("{challenge}, day {number}: {done} / {due}", {"challenge": name, "number": 1, "done": 1, "due": 2})
    line = Line("checkin", "checkin:1", text, Target("checkins", 1), (), ready_text=name)
    monkeypatch.setattr(service, "agenda", lambda *_: Agenda((line,), None, 8))
    app = QunguanApp(bare, clock)
    async with app.run_test(size=WIDE) as pilot:
        screen = await filled(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, TextView))
        assert "\x1b" not in said(screen, "#ready")
        assert "\u202e" not in said(screen, "#ready")
        assert app.return_code is None


def test_lines_of_other_groups_carry_their_name():
    line = Line("checkin", "checkin:1", Said("x"), Target("checkins", 1), (), group_id=2, group="宝妈群")
    (own,), (other,) = Rows([line], {}, 2)._rows, Rows([line], {}, 1)._rows
    assert (own.cells[2], other.cells[2]) == ("x", "【宝妈群】x")


def test_what_is_not_known_is_a_dash():
    from qunguan.domain.today import Yesterday

    assert [*map(str, yesterday_parts(Yesterday()))] == ["昨天  打卡 —", "新进 —", "退群 —", "积分 —"]
    assert yesterday_parts(None) == []
    assert str(headline(Agenda((), None, 3))).startswith("夜深了")


def test_key_view(path, clock, snap_compare):
    async def ready(pilot) -> None:
        await filled(pilot)

    assert snap_compare(QunguanApp(path, clock), terminal_size=WIDE, run_before=ready)


def test_the_first_frame_needs_neither_the_store_nor_the_rules():
    code = "import qunguan.tui.screens.today, sys; print({'sqlalchemy', 'tomllib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
