"""The 3T room: started with two keys, told, ticked, made good, reviewed, closed; its clocks over every screen."""

from __future__ import annotations

import pytest

from qunguan.services import groups, incidents, members
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Form
from tests.conftest import NOW
from tests.tui.desk_app import Room, room


@pytest.fixture
def file(tmp_path, clock):
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        for n in range(40):
            desk.write(members.add, f"成员{n:02}", group_id=group.id)
    return path


def top(here: Room) -> str:
    """The top line."""
    return here.lines()[0]


async def started(here: Room) -> None:
    """The two keystrokes."""
    await here.press("!")
    await here.opened(Form)
    await here.press("enter")
    await here.closed()
    await here.until(lambda: here.noun == "incidents" and here.top.filled)


async def test_two_keys_start_the_clocks_from_any_screen(file, clock):
    async with room(file, clock, "2") as here:
        assert "危机" not in top(here)
        await here.burst("！", "enter")
        await here.until(lambda: here.noun == "incidents" and here.top.filled)
        await here.sees("突发情况 20:00", "T0 03-20 20:00")
        await here.press("3")
        await here.until(lambda: here.noun == "checkins")
        assert "15:00" in top(here)
        assert "1:00:00" in top(here)
        await here.press("!")  # now it leads to the room
        await here.until(lambda: here.noun == "incidents")
    with Desk(file, clock) as desk:
        (made,) = desk.read(incidents.all_incidents)
        assert (made.title, made.t0, made.severity, made.drill) == ("突发情况 20:00", NOW, "major", False)
