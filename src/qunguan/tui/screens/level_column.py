"""The column of levels in the lists of other nouns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qunguan.services.desk import DeskThread

Levels = Callable[[list[int]], Awaitable[dict[int, str]]]
"""For a page of members what their levels are called."""


async def level_names(desk: DeskThread) -> Levels | None:
    """How the levels of a page are asked for; None while there is no ladder, and the list has no such column."""
    from qunguan.services import level_column

    if not await desk.read(level_column.has_ladder):
        return None

    async def ask(ids: list[int]) -> dict[int, str]:
        return await desk.read(level_column.level_names, desk.clock, ids)

    return ask
