"""What every screen with a search line is: nothing is done to a row of a list that is not the one asked for."""

from __future__ import annotations

from qunguan.tui.screens.base import NounScreen
from qunguan.tui.widgets.search_box import SearchBox


class SearchedScreen(NounScreen):
    """A noun whose list is searched as you type. The list comes a moment after the letters; actions wait for it."""

    async def action_do(self, verb: str) -> None:
        """Carry out an action on the list that belongs to what stands in the search line."""
        for box in self.query(SearchBox):
            await box.answered()
        if self.is_attached:  # the program may have been left meanwhile
            await super().action_do(verb)
