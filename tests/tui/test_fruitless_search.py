"""A search that finds nothing says so, and how to see everything again, in every room that searches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qunguan.domain.actions import SCREENS, rooms
from qunguan.services import demo
from qunguan.tui.screens.listing import ListScreen
from tests.tui.desk_app import Room, room

pytestmark = pytest.mark.slow
NOBODY = "qzqzqz"


def searching_rooms(here: Room) -> Iterator[str]:
    for noun in (noun for screen, _key, _label in SCREENS for noun, _name in rooms(screen)):
        found = here.app.noun_screen(noun)
        if isinstance(found, ListScreen) and found.SEARCH_HINT:
            yield noun


async def test_a_search_that_finds_nothing_says_so_in_every_room(tmp_path, clock):
    searched = 0
    async with room(demo.make_copy(tmp_path / "demo.db", clock), clock, "2") as here:
        for noun in searching_rooms(here):
            await here.turn_to(noun)
            await here.until(lambda: here.top.filled)
            await here.press("/")
            await here.write(NOBODY)
            await here.sees(f"没有找到“{NOBODY}”")
            assert here.table.current is None
            await here.press("escape")
            await here.until(lambda: NOBODY not in here.text and not here.top.search)
            searched += 1
    assert searched > 20
