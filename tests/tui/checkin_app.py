"""The check-in screen on a small community, for its tests and for a look at it."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot
from textual.screen import Screen

from qunguan.domain.checkin_outcomes import BoardRow
from qunguan.domain.clock import Clock
from qunguan.services import checkins, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.checkins import CheckinsScreen
from tests.tui.settled import said
from tests.tui.waiting import until

S = TypeVar("S", bound=Screen[Any])
TODAY = date(2026, 3, 20)
NAMES = ("阿梨", "团团妈,二宝", "Crystal🍀", "陈·伊敏", "张三", "李四", "王小明", "赵敏")


def community(path: Path, clock: Clock, names: tuple[str, ...] = NAMES, *, history: bool = True) -> None:
    """A group whose members have been checking in since the first of March; each later one less often."""
    with Desk(path, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = [desk.write(members.add, name, group_id=1).id for name in names]
        desk.write(checkins.start, "21天早起", who="all", template_id="21day", starts_on=date(2026, 3, 1))
        for place, member_id in enumerate(ids if history else ()):
            for number in range(1, 20):
                if number % (place + 2) or not place:
                    desk.write(checkins.tick, 1, member_id, date(2026, 3, number))
        if history:
            desk.write(checkins.mark, 1, ids[2], date(2026, 3, 16), "frozen", "出差")


async def opened(pilot: Pilot[int]) -> CheckinsScreen:
    """The screen, once its board is drawn."""
    app = pilot.app
    assert isinstance(app, QunguanApp)
    await until(pilot, lambda: app.version)
    await pilot.press("3")
    await until(pilot, lambda: isinstance(app.screen, CheckinsScreen))
    screen = app.screen
    assert isinstance(screen, CheckinsScreen)
    await until(pilot, lambda: screen._seen == app.version and screen.table._pages)
    return screen


async def on_top(pilot: Pilot[int], kind: type[S]) -> S:
    """A screen of this kind, once it is on top and has focused."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    await pilot.pause()
    await asyncio.sleep(0)
    found = pilot.app.screen
    assert isinstance(found, kind)
    return found


def line_of(screen: CheckinsScreen, name: str) -> BoardRow:
    """A member's line as the screen holds it."""
    assert screen.board is not None
    return next(row for row in screen.board.rows if row.name == name)


def text_of(pilot: Pilot[int]) -> str:
    """Everything on the screen."""
    screen = pilot.app.screen
    return "\n".join("".join(segment.text for segment in line) for line in screen._compositor.render_strips())


def toasts(pilot: Pilot[int]) -> list[str]:
    """What was said so far."""
    return list(said(pilot.app))
