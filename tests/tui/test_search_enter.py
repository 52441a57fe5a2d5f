"""Keys after a search that is still on its way act on what it finds, never on what stood there before."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual import events

from qunguan.domain.clock import Clock
from qunguan.services import groups, members, points
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.screens.points_statement import StatementScreen
from qunguan.tui.widgets.search_box import SearchBox
from tests.tui.desk_app import Room, room


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Three members, in the roster and on the board in this order."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name, amount in (("阿梨", 50), ("张三", 20), ("赵敏", 10)):
            desk.write(points.grant, desk.write(members.add, name, group_id=1).id, amount, reason="满勤")
    return tmp_path / "q.db"


def hold(here: Room, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on nothing is read until the event is set."""
    gate, read = asyncio.Event(), here.app.desk.read

    async def slow(*args: Any, **kwargs: Any) -> Any:
        await gate.wait()
        return await read(*args, **kwargs)

    monkeypatch.setattr(here.app.desk, "read", slow)
    return gate


async def typed(here: Room, *keys: str) -> None:
    """Keys as from the terminal. The pilot would wait until they are carried out: here only for turns of the loop."""
    assert here.app._driver is not None
    for key in keys:
        here.app._driver.send_message(events.Key(key, key if len(key) == 1 else None))
    for _ in range(200):
        await asyncio.sleep(0)


async def ahead(here: Room, gate: asyncio.Event, *keys: str) -> None:
    """Keys typed while the search waits; nothing happens to the old list before it is answered."""
    before = here.app.screen
    await typed(here, *keys)
    shown = here.app.screen
    gate.set()
    assert shown is before


async def boards(here: Room) -> None:
    await here.turn_to("boards")
    await here.sees("本周 · 积分榜", "阿梨")


@pytest.mark.parametrize(
    ("keys", "name"),
    [(("z", "h", "a", "o", "enter"), "赵敏"), (("z", "h", "down", "enter"), "赵敏"), (("z", "s", "enter"), "张三"),
     (("z", "s", "backspace", "backspace", "down", "enter"), "张三")],
)  # fmt: skip
async def test_enter_opens_the_member_who_was_typed(path, clock, monkeypatch, keys, name):
    async with room(path, clock, "2") as here:
        await here.press("/")
        gate = hold(here, monkeypatch)
        await ahead(here, gate, *keys)
        await here.opened(CardView)
        await here.sees(f"{name}  #")


async def test_keys_after_the_search_was_left_act_on_the_whole_roster(path, clock, monkeypatch):
    async with room(path, clock, "2") as here:
        await here.press("/", *"zhao")
        await here.until(lambda: here.table.line_count == 1)
        gate = hold(here, monkeypatch)
        await ahead(here, gate, "escape", "down", "enter")
        await here.opened(CardView)
        await here.sees("张三  #")


async def test_nobody_is_opened_where_nobody_is_found(path, clock, monkeypatch):
    async with room(path, clock, "2") as here:
        await here.press("/")
        gate = hold(here, monkeypatch)
        await ahead(here, gate, "q", "q", "enter")
        await here.told("还没有人")
        assert here.noun == "members"


@pytest.mark.parametrize(("keys", "name"), [(("z", "m", "enter"), "赵敏"), (("z", "down", "enter"), "赵敏")])
async def test_enter_opens_the_line_of_the_board_that_was_typed(path, clock, monkeypatch, keys, name):
    async with room(path, clock, "4") as here:
        await boards(here)
        await here.press("/")
        gate = hold(here, monkeypatch)
        await ahead(here, gate, *keys)
        await here.until(lambda: isinstance(here.app.screen, StatementScreen))
        await here.sees(name)


async def test_keys_after_the_search_was_left_act_on_the_whole_board(path, clock, monkeypatch):
    async with room(path, clock, "4") as here:
        await boards(here)
        await here.press("/", *"zm")
        await here.until(lambda: here.table.line_count == 1)
        gate = hold(here, monkeypatch)
        await ahead(here, gate, "escape", "down", "enter")
        await here.until(lambda: isinstance(here.app.screen, StatementScreen))
        await here.sees("张三")


async def test_letters_do_not_wait_for_the_answer(path, clock, monkeypatch):
    async with room(path, clock, "2") as here:
        await here.press("/")
        gate = hold(here, monkeypatch)
        await typed(here, *"zhao")
        text, shown = here.app.screen.query_one(SearchBox).value, here.table.line_count
        gate.set()
        assert (text, shown) == ("zhao", 3)
        await here.until(lambda: here.table.line_count == 1)
