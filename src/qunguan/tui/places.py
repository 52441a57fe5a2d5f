"""Where the owner was in a room that is closed when it was left for long: widgets cost memory, places do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widgets import Input

from qunguan.tui.widgets.paged_table import PagedTable, Spot
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.tui.screens.base import NounScreen


@frozen
class Place:
    """What was looked at (attributes of the screen by name) and where the cursor of each of its lists stood."""

    looks: Mapping[str, object]
    spots: tuple[Spot, ...]

    def look(self, screen: NounScreen) -> None:
        """A screen made anew, before it is composed: look at the same."""
        for name, value in self.looks.items():
            setattr(screen, name, value)

    def stand(self, screen: NounScreen) -> None:
        """Composed, but not filled: its lists begin where they were left."""
        for table, spot in zip(screen.query(PagedTable), self.spots, strict=False):
            table.come_to(spot)


def at_rest(screen: NounScreen) -> bool:
    """Whether closing the screen loses nothing: it may be, is filled, nothing is under way, half typed or marked."""
    return not (
        screen.KEEPS is None
        or not screen.filled
        or isinstance(screen.focused, Input)
        or any(worker.node is screen and not worker.is_finished for worker in screen.app.workers)
        or any(line.value for line in screen.query(Input))
        or any(table.marked for table in screen.query(PagedTable))
    )


def place_of(screen: NounScreen) -> Place:
    """Where the owner is in this screen."""
    looks = {name: getattr(screen, name) for name in screen.KEEPS or ()}
    return Place(looks, tuple(table.spot for table in screen.query(PagedTable)))
