"""The shell: opens after the first frame, notices what others write and that a day is over, says what is wrong."""

from __future__ import annotations

import asyncio
import stat
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.css.query import NoMatches
from textual.widgets import TextArea
from textual.widgets._toast import Toast, ToastHolder

from qunguan.domain.actions import ACTIONS, SCREENS, of, rooms
from qunguan.domain.clock import Clock
from qunguan.services import checkins, groups, history, members, rules
from qunguan.services.desk import Desk, DeskThread
from qunguan.store import figure_queries
from qunguan.tui import keys
from qunguan.tui.app import QunguanApp
from qunguan.tui.palette import choices
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Dialog
from tests.conftest import NOW
from tests.services import chat_kit
from tests.tui.waiting import PATIENCE, until


@pytest.fixture
def file(tmp_path: Path, clock: Clock) -> Path:
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        desk.write(members.add, "阿梨", group_id=group.id)
        desk.write(checkins.start, "早起", who="all")
    return path


@asynccontextmanager
async def running(path: Path, size=(120, 40)):
    app = QunguanApp(path, Clock(NOW))
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app, pilot


def on(app: QunguanApp, noun: str) -> bool:
    return getattr(app.screen, "noun", "") == noun


def top(app: QunguanApp) -> str:
    return str(app.screen.query_one("TopBar").render())


async def test_opens_and_visits_every_screen(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        for noun, key, _label in SCREENS:
            await pilot.press(key)
            await until(pilot, partial(on, app, rooms(noun)[0][0]))
            await until(pilot, lambda: "早起读书群 1人" in top(app))


async def test_full_width_digits_and_question_mark_work(file):
    async with running(file, (80, 24)) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("２")
        await until(pilot, lambda: app.screen.noun == "members")
        await pilot.press("fullwidth_question_mark")
        await until(pilot, lambda: not isinstance(app.screen, NounScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, NounScreen))


async def test_what_another_process_writes_is_seen(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        with Desk(file, Clock(NOW)) as other:
            other.write(members.add, "团团", group_id=1)
        await until(pilot, lambda: "2人" in top(app))


async def test_a_new_day_is_noticed(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        before = app.version
        app.clock = Clock(NOW + timedelta(days=1))
        await until(pilot, lambda: app.version > before)


async def test_figures_of_a_new_day_are_kept_beside_the_keys(file):
    def kept(session) -> set[date]:
        return {day for _group, name, day, _found in figure_queries.everything(session) if name.startswith("due")}

    yesterday, tomorrow = (NOW.date() + timedelta(days=n) for n in (-1, 1))
    with Desk(file, Clock(NOW)) as desk:
        chat_kit.tell(desk, yesterday, yesterday, {(1, yesterday): 3})
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        assert tomorrow not in await app.desk.read(kept)
        app.clock = Clock(NOW + timedelta(days=1))
        async with asyncio.timeout(PATIENCE):
            while tomorrow not in await app.desk.read(kept):
                await pilot.pause(0.01)


async def test_actions_wait_until_the_file_is_open_and_say_so(file, monkeypatch):
    opening = asyncio.Event()
    really_open = DeskThread.open

    async def held_up(desk: DeskThread, *, create: bool = False) -> None:
        await opening.wait()
        await really_open(desk, create=create)

    monkeypatch.setattr(DeskThread, "open", held_up)
    async with running(file) as (app, pilot):
        await pilot.press("3")
        await until(pilot, lambda: app.screen.noun == "checkins")
        await pilot.press("u")  # takes back nothing that was not seen
        for key in "iu":
            app._driver.send_message(events.Key(key, key))
        await until(pilot, lambda: len(app._notifications) >= 2)
        assert all("还在打开" in note.message for note in app._notifications)
        opening.set()
        await until(pilot, lambda: app.screen.query_one(TextArea).text == "u")
        await pilot.press("escape")
        await until(pilot, lambda: "早起读书群" in top(app))


async def test_a_file_that_is_not_ours_is_named_and_left_alone(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("my diary" * 100)
    async with running(path) as (app, pilot):
        await until(pilot, lambda: not isinstance(app.screen, NounScreen))
        await pilot.press("escape")
    assert app.return_code == 1
    assert path.read_text() == "my diary" * 100


async def test_a_fault_of_our_own_becomes_a_private_report(file):
    async def broken() -> None:
        async with running(file) as (app, pilot):
            await until(pilot, lambda: app.version > 0)
            apps.append(app)
            app.call_later(lambda: 1 / 0)
            await until(pilot, lambda: app._exception is not None)

    apps: list[QunguanApp] = []
    with pytest.raises(ZeroDivisionError):
        await broken()
    report = file.parent / "qunguan-crash.log"
    assert "ZeroDivisionError" in report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert apps[0].return_code == 1


async def test_undo_and_redo_from_any_screen(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("5", "u")
        await until(pilot, lambda: any("撤销" in note.message for note in app._notifications))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: any("重做" in note.message for note in app._notifications))


@pytest.mark.parametrize("most", [1, 64])
async def test_undo_of_more_rows_than_the_rule_says_asks_first(file, most):
    with Desk(file, Clock(NOW)) as desk:
        desk.write(rules.change, "undo.ask_rows", most)
        desk.write(members.add, "团团妈", group_id=1)  # a member and a membership
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0 and app.group is not None)
        await pilot.press("u")
        if most == 1:
            await until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.is_mounted)
            assert not app._notifications
            await pilot.press("y")
        await until(pilot, lambda: any("团团妈" in note.message for note in app._notifications))
        assert isinstance(app.screen, NounScreen)


async def test_a_second_enter_on_its_way_answers_a_dialog_once_and_nothing_beneath(file):
    asked: list[str | None] = []
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("2")
        await until(pilot, lambda: on(app, "members") and app.screen.table.line_count == 1)
        for times in (1, 2):
            app.push_screen(Choose("?", [Choice("a", "甲")]), asked.append)
            await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.is_current)
            for _press in range(3):
                app._driver.send_message(events.Key("enter", "\r"))
            await until(pilot, lambda: isinstance(app.screen, NounScreen))
            await pilot.press("enter", "enter")
            await pilot.pause()
            assert asked == ["a"] * times
            assert on(app, "members")
        late = events.Key("enter", "\r")
        late.time = app.keys._closed[1] + keys.TWICE
        app._driver.send_message(late)
        await until(pilot, lambda: isinstance(app.screen, CardView))


@pytest.mark.parametrize("turns", [0, 1, 2])
async def test_a_dialog_that_is_left_before_it_was_drawn_ends_nothing(file, turns):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        app.push_screen(Choose("?", [Choice("a", "甲")]))
        for _turn in range(turns):
            await asyncio.sleep(0)
        app.screen.dismiss(None)
        await pilot.press("2")
        await until(pilot, lambda: on(app, "members"))


async def test_the_program_may_be_left_while_a_dialog_opens(file):
    class Late(Dialog[None]):
        async def on_mount(self) -> None:
            while self.app.is_running:
                await asyncio.sleep(0)
            self.query_one("#what-has-gone")

    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        app.push_screen(Late("?", ""))
        await asyncio.sleep(0)
    assert not app.return_code


async def test_a_widget_that_should_be_there_is_a_fault(file):
    class Wrong(Dialog[None]):
        def on_mount(self) -> None:
            self.query_one("#never-there")

    async def shown() -> None:
        async with running(file) as (app, pilot):
            await until(pilot, lambda: app.version > 0)
            app.push_screen(Wrong("?", ""))
            await pilot.pause()

    with pytest.raises(NoMatches):
        await shown()


async def test_undo_of_another_group_asks_first_and_names_it(file):
    with Desk(file, Clock(NOW)) as desk:
        other = desk.write(groups.create, "夜读群")
        desk.write(members.add, "夜猫", group_id=other.id)
        desk.write(groups.set_current, 1)
        assert desk.read(history.weight).group == "夜读群"
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0 and app.group is not None)
        for key in "ny":
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, Confirm) and app.screen.is_mounted)
            assert not app._notifications
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, NounScreen))
        await until(pilot, lambda: any("夜读群" in note.message for note in app._notifications))
        assert all("撤销" in note.message for note in app._notifications)


async def test_a_held_key_leaves_two_notices_on_the_screen(file):
    async with running(file, (80, 24)) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("5", *["u"] * 25)
        await until(pilot, lambda: len(app._notifications) == 25)
        newest = [note.message for note in app._notifications][-2:]
        await until(pilot, lambda: [toast._notification.message for toast in app.screen.query(Toast)] == newest)
        assert len(app.screen.query(ToastHolder)) == 2


async def test_the_palette_finds_by_initials_and_does_it(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: not isinstance(app.screen, NounScreen))
        await pilot.press(*"chengyuan", "enter")
        await until(pilot, lambda: getattr(app.screen, "noun", "") == "members")


@pytest.mark.parametrize("typed", ["榜", "fuzhibangdan"])
async def test_the_palette_runs_an_action_of_another_screen_there(file, typed):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("0")
        await until(pilot, lambda: on(app, "settings"))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press(*typed, "enter")
        await until(pilot, lambda: on(app, "checkins"))
        await until(pilot, lambda: any("已复制" in note.message for note in app._notifications))


@pytest.mark.parametrize("here", ["settings", "content"])
def test_the_palette_holds_every_action_once_the_screens_own_first(here):
    found = choices(here)
    assert sorted(choice.id for choice in found) == sorted(action.id for action in ACTIONS)
    assert [choice.id.partition(".")[0] for choice in found if not choice.note] == [
        action.screen for action in (*of(here), *of("app"))
    ]


async def test_a_choice_that_is_not_there_is_said(file):
    async with running(file) as (app, pilot):
        await until(pilot, lambda: app.version > 0)
        await pilot.press("ctrl+p", *"qqq")
        await until(pilot, lambda: "没有叫这个的" in str(app.screen.query_one(".wrong").render()))
        await pilot.press("backspace", "backspace", "backspace")
        await until(pilot, lambda: not str(app.screen.query_one(".wrong").render()))
