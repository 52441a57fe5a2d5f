"""The guided start: three steps that can be skipped, or the sample."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.widgets import TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.services import checkins, groups
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.members_import import PreviewBox
from qunguan.tui.screens.today import TodayScreen
from qunguan.tui.screens.welcome import Begin, FirstGroup
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.desk_app import Room


@asynccontextmanager
async def fresh(path: Path, clock: Clock, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Room]:
    """The program where there is no database."""
    app = QunguanApp(path, clock)
    async with app.run_test(size=size, notifications=True) as pilot:
        found = Room(app, pilot)
        await found.opened(Begin)
        yield found


async def settled(found: Room) -> None:
    """Wait until Today is open and filled."""
    app = found.app
    await found.until(lambda: isinstance(app.screen, TodayScreen))
    await found.until(
        lambda: app.group is not None and isinstance(app.screen, TodayScreen) and app.screen._seen == app.version
    )


async def at_the_last_step(found: Room) -> None:
    """Nothing said so far; the challenge is asked for."""
    await found.press("enter")
    await found.opened(FirstGroup)
    await found.press("escape")
    await found.opened(SourceBox)
    await found.press("escape")
    await found.opened(Choose)


async def test_three_steps_by_keyboard(tmp_path, clock):
    path = tmp_path / "new" / "q.db"
    async with fresh(path, clock, (80, 24)) as found:
        await found.sees("欢迎用群管", "按 d")
        await found.press("enter")
        await found.opened(FirstGroup)
        await found.write("妈妈读书会")
        await found.press("down", "enter")
        await found.opened(SourceBox)
        await found.sees("第 2 步")
        found.app.screen.query_one(TextArea).text = "昵称\n张三\n李四\n"
        await found.press("f2")
        await found.opened(PreviewBox)
        await found.press("enter")
        await found.opened(Choose)
        await found.sees("第 3 步", "21天打卡")
        await found.write("21")
        await found.press("enter")
        await settled(found)
        assert found.app.present == 2
    with Desk(path, clock) as desk:
        group = desk.read(groups.find)
        assert (group.name, group.platform) == ("妈妈读书会", "wecom")
        started = desk.read(checkins.all_challenges)
        assert [each.template for each in started] == ["21day"]
        assert len(desk.read(checkins.missing, clock, started[0].id)) == 2


async def test_what_is_typed_behind_one_step_stands_in_the_next(tmp_path, clock):
    async with fresh(tmp_path / "q.db", clock) as found:
        await found.burst("enter", "q", "u", "n", "enter", "2", "u", "i")
        await found.opened(SourceBox)
        await found.until(lambda: found.top.query_one(TextArea).text == "2ui")
        assert found.app.group is not None
        assert found.app.group.name == "qun"


async def test_skipping_everything_makes_a_group_to_work_in(tmp_path, clock):
    path = tmp_path / "q.db"
    async with fresh(path, clock) as found:
        await found.press("escape")
        await settled(found)
    with Desk(path, clock) as desk:
        assert desk.read(groups.find).name == "我的社群"
        assert not desk.read(checkins.all_challenges)


async def test_each_step_can_be_skipped(tmp_path, clock):
    path = tmp_path / "q.db"
    async with fresh(path, clock) as found:
        await at_the_last_step(found)
        await found.press("escape")
        await settled(found)
    with Desk(path, clock) as desk:
        assert desk.read(groups.find).name == "我的社群"


async def test_a_file_that_fails_at_the_last_step_is_said_and_the_program_goes_on(tmp_path, clock, monkeypatch):
    def busy(*_asked: object, **_how: object) -> None:
        raise StoreError("{detail}", detail="忙")

    async with fresh(tmp_path / "q.db", clock) as found:
        await at_the_last_step(found)
        monkeypatch.setattr(checkins, "start", busy)
        await found.press("enter")
        await found.told("忙")
        await found.until(lambda: isinstance(found.app.screen, TodayScreen))
        await found.press("2")
        await found.until(lambda: found.noun == "members" and found.top.filled)


async def test_a_name_that_cannot_be_one_is_refused_in_the_box(tmp_path, clock):
    path = tmp_path / "q.db"
    async with fresh(path, clock) as found:
        await found.press("enter")
        await found.opened(FirstGroup)
        await found.write("\u200b\u200d")
        await found.press("enter")
        await found.until(lambda: found.wrong)
        assert not path.exists()


async def test_d_opens_the_sample_and_leaves_the_own_place_free(tmp_path, clock):
    path = tmp_path / "q.db"
    async with fresh(path, clock) as found:
        await found.press("d")
        await settled(found)
        assert found.app.present > 100
        assert not path.exists()


async def test_q_leaves_and_nothing_was_written(tmp_path, clock):
    path = tmp_path / "q.db"
    async with fresh(path, clock) as found:
        await found.press("q")
        await found.until(lambda: found.app.return_value == 0)
    assert not path.exists()


async def test_a_place_that_cannot_be_written_is_said_and_asked_again(tmp_path, clock):
    async with fresh(tmp_path / "folder" / "q.db", clock) as found:
        tmp_path.joinpath("folder").write_text("")
        await found.press("escape")
        await found.until(lambda: any(each.severity == "error" for each in found.app._notifications))
        await found.opened(Begin)
        tmp_path.joinpath("folder").unlink()
        await found.press("escape")
        await settled(found)
