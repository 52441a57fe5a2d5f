"""Keys typed faster than a dialog opens: they are for the dialog, never commands beneath it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events
from textual.widgets import Input, TextArea

from qunguan.services import groups, history
from qunguan.services.desk import Desk
from qunguan.tui import keys
from qunguan.tui.flow import begin
from qunguan.tui.screens.campaigns_wizard import Wizard
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Dialog, Form
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.checkin_app import community
from tests.tui.desk_app import Room, room


@pytest.fixture
def file(tmp_path, clock):
    """A community, and a step that could be taken back by a `u` that goes astray."""
    path = tmp_path / "q.db"
    community(path, clock)
    with Desk(path, clock) as desk:
        desk.write(groups.create, "晚安群")
    return path


def undone(file, clock) -> bool:
    """Whether the newest step of the file is not the one it was made with."""
    with Desk(file, clock) as desk:
        return "晚安群" not in str(desk.read(history.recent)[0].params)


@pytest.mark.parametrize("noun", ["activity", "orders", "members", "surveys"])
async def test_letters_behind_the_key_that_opens_a_box_stand_in_the_box(file, clock, noun):
    async with room(file, clock, "1") as here:
        await here.turn_to(noun)
        await here.until(lambda: here.top.filled)
        await here.burst("i", "u", "q", "a", "b", "c")
        await here.opened(SourceBox)
        await here.until(lambda: here.top.query_one(TextArea).text == "uqabc")
    assert not undone(file, clock)


@pytest.mark.parametrize("noun", ["content", "feedback", "members", "products"])
async def test_letters_behind_the_key_that_opens_a_form_stand_in_its_line(file, clock, noun):
    async with room(file, clock, "1") as here:
        await here.turn_to(noun)
        await here.burst("a", "u", "u", "Q")
        await here.until(lambda: here.app.screen.is_modal and "uuQ" in here.text)
    assert not undone(file, clock)


async def test_a_room_that_is_not_read_yet_loses_no_key(file, clock):
    async with room(file, clock, "1") as here:
        await here.burst("3", "i", "u", "u")
        await here.until(lambda: here.app.screen.is_modal and here.top.query_one(TextArea).text == "uu")
    assert not undone(file, clock)


async def test_between_two_dialogs_keys_wait(file, clock):
    async def two_questions(here: Room) -> None:
        await here.app.push_screen_wait(Confirm("first"))
        await asyncio.sleep(0.05)  # what is read for the second
        await here.app.push_screen_wait(SourceBox("second", _echo))

    async with room(file, clock, "1") as here:
        begin(here.app.screen, two_questions(here))
        await here.sees("first")
        await here.opened(Confirm)
        await here.burst("y", "u", "u")
        await here.sees("second")
        await here.until(lambda: here.top.query_one(TextArea).text == "uu")
    assert not undone(file, clock)


@pytest.mark.parametrize("kind", ["choose", "find"])
async def test_what_is_typed_behind_the_enter_that_chooses_is_for_what_comes_next(file, clock, kind):
    """The list is narrowed by what was typed before the arrow and Enter are carried out."""
    taken: list[object] = []

    async def find(text: str) -> list[tuple[int, str, str]]:
        await asyncio.sleep(0.02)  # the file is read
        return [(place, name, "") for place, name in ((1, "fig"), (2, "pear"), (3, "plum")) if name.startswith(text)]

    async def two_questions(here: Room) -> None:
        fruit = [Choice("1", "fig"), Choice("2", "pear"), Choice("3", "plum")]
        asked: Dialog[Any] = Choose("first", fruit) if kind == "choose" else FindMember("first", find)
        taken.append(await here.app.push_screen_wait(asked))
        await here.app.push_screen_wait(SourceBox("second", _echo))

    async with room(file, clock, "1") as here:
        begin(here.app.screen, two_questions(here))
        await here.sees("first", "fig")
        await here.burst("p", "down", "enter", "u", "u")
        await here.sees("second")
        await here.until(lambda: here.top.query_one(TextArea).text == "uu")
    assert [str(each) for each in taken] == ["3"]
    assert not undone(file, clock)


async def test_what_takes_long_leaves_the_keys_out_and_says_so(file, clock, monkeypatch):
    monkeypatch.setattr(keys, "PATIENCE", 0.05)
    gate = asyncio.Event()

    async def long() -> None:
        await gate.wait()

    async with room(file, clock, "1") as here:
        begin(here.app.screen, long())
        await here.burst("u", "2")
        await here.told("还没忙完")
        assert here.noun == "today"
        await here.press("2")
        await here.until(lambda: here.noun == "members")
        gate.set()
    assert not undone(file, clock)


async def test_a_paste_waits_too(file, clock):
    async with room(file, clock, "1") as here:
        await here.turn_to("orders")
        await here.until(lambda: here.top.filled)
        here.app.post_message(events.Key("i", "i"))
        here.app.post_message(events.Paste("订单号,金额"))
        await here.until(lambda: here.app.screen.is_modal and here.top.query_one(TextArea).text == "订单号,金额")


async def test_a_form_answers_no_key_before_it_stands(file, clock):
    async with room(file, clock, "2") as here:
        await here.burst("a", "小", "满", "f2")
        await here.until(lambda: not isinstance(here.app.screen, Form))
        await here.sees("小满")
    assert undone(file, clock)


async def test_what_is_typed_behind_the_enter_that_saves_is_in_no_line_that_is_saved(file, clock):
    async with room(file, clock, "1") as here:
        await here.turn_to("products")
        await here.press("a")
        await here.opened(Form)
        await here.burst(*"书", *["down"] * 5, *"旧书", "enter", "enter", "a", *"笔")
        await here.until(lambda: here.app.screen.is_modal and here.line.value == "笔")
        await here.press("escape")
        await here.sees("旧书")
        assert "旧书a" not in here.text


async def _echo(source: object) -> object:
    return source


async def test_a_day_typed_behind_the_step_before_it_stands_in_its_line(file, clock):
    async with room(file, clock, "6") as here:
        await here.press("a")
        await here.opened(Wizard)
        await here.burst("enter", "enter", "enter", *"4.2", "down", "down", *"4.3", "f2", *"15")
        await here.sees("5/6", "2026-04-02 20:00 – 2026-04-03")
        assert isinstance(here.top.focused, Input)
        assert here.line.value == "15"


async def test_a_line_that_was_wrong_is_typed_over_right_behind_the_key_that_saves(file, clock):
    async with room(file, clock, "1") as here:
        await here.turn_to("products")
        await here.press("a")
        await here.opened(Form)
        await here.burst(*"书", "down", "down", *"x", "down", "f2", *"12.50", "f2")
        await here.closed()
        await here.sees("书", "12.50")
