"""Alerts by key: what fires and why, what is said to it, the suggested thing, past days, every rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import alerts, groups
from qunguan.services.desk import Desk
from qunguan.tui.screens.alerts import AlertsScreen
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.services.chat_kit import ago, crowd, leave, tell
from tests.tui.desk_app import Room, pictured, room


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Four quiet days, and more than a tenth of the group gone in a week."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起[/]读书群")
        leave(desk, crowd(desk, 30)[:4], ago(2))
        for back in (4, 3, 2, 1):
            tell(desk, ago(back), ago(back), {("路人", ago(back)): 10})
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("alerts")
    await here.sees("条预警", "13.3 %")


def state(path: Path, clock: Clock, rule: str) -> str:
    with Desk(path, clock) as desk:
        return next(one.state for one in desk.read(alerts.alerts, clock, 1) if one.rule == rule)


async def onto(here: Room, rule: str) -> None:
    """Put the cursor on the line of an alert."""
    for _each in range(12):
        if getattr(here.app.screen, "rule_id", "") == rule:
            return
        await here.press("down")
    raise AssertionError(here.text)


def state_of(here: Room) -> str | None:
    """The state of the alert under the cursor."""
    alert = here.on(AlertsScreen)._alert()
    return alert.state if alert else None


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_fires_is_seen_with_its_numbers_and_why(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await onto(here, "exits")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("13.3 %", "S4-30")
        await here.press("escape")
        await here.closed()
        await here.press("f", "f")
        await here.sees("条规则", "还没有数据来源")
        await here.press("space")
        await here.told("这里没有预警")


async def test_it_is_seen_handled_and_settled_and_undone(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await onto(here, "quiet")
        await here.press("space")
        await here.until(lambda: state_of(here) == "known")
        await here.press("e")
        await here.opened(Form)
        await here.write("明天开话题日")
        await here.press("enter")
        await here.closed()
        await here.sees("明天开话题日")
        await here.press("delete")
        await here.opened(Form)
        await here.press("f2")
        await here.closed()
        await here.until(
            lambda: "quiet" not in [one.rule for one in here.on(AlertsScreen)._alerts if one.state != "closed"]
        )
        assert state(path, clock, "quiet") == "closed"
        await here.press("u")
        await here.until(lambda: any(one.state == "handling" for one in here.on(AlertsScreen)._alerts))


async def test_enter_does_what_is_suggested(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await onto(here, "quiet")
        await here.press("enter")
        await here.told("复制")
        await here.until(lambda: state_of(here) == "handling")
        await here.press("up", "up", "up")
        await onto(here, "exits")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("推广先停")
        await here.press("y")
        await here.closed()
        await here.until(lambda: state_of(here) == "handling")


async def test_a_past_day_is_only_looked_at(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("[")
        await here.sees(f"截至 {ago(0) - timedelta(days=1)}")
        await here.press("space")
        await here.told("这是过去的一天")
        await here.press(".")
        await here.sees(f"截至 {ago(0)}")


async def test_nothing_fires_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    async with room(tmp_path / "q.db", clock, "4") as here:
        await here.turn_to("alerts")
        await here.sees("没有预警，挺好")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await onto(here, "exits")
        await here.sees("13.3 %", "怎么办")

    assert pictured(snap_compare, path, clock, arrive)
