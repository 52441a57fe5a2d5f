"""A file without a group: every room opens, says so, and no key ends the program."""

from __future__ import annotations

from functools import partial

from qunguan.domain.actions import nouns
from qunguan.services.desk import Desk
from tests.tui.desk_app import Room, room


def at(here: Room, noun: str) -> bool:
    """Whether this room is on top and filled."""
    return getattr(here.app.screen, "noun", "") == noun and getattr(here.app.screen, "filled", False)


async def test_every_room_opens_and_takes_keys(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True):
        pass
    async with room(tmp_path / "q.db", clock, "5") as here:
        for noun, _title in nouns():
            here.app.go(noun)
            await here.until(partial(at, here, noun))
            for key in "aeiswf":
                await here.press(key)
                while getattr(here.app.screen, "noun", "") != noun:
                    await here.press("escape")
            assert here.app.is_running


async def test_a_room_about_a_group_says_that_there_is_none(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True):
        pass
    async with room(tmp_path / "q.db", clock, "6") as here:
        await here.sees("先到设置（0）建一个群")
        await here.press("a")
        await here.sees("还没有群")
