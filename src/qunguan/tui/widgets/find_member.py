"""Find a member by typing: initials, pinyin, Chinese, phone tail; arrows and Enter take one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qunguan.domain.errors import UserError
from qunguan.i18n import _
from qunguan.tui.flow import unless_gone
from qunguan.tui.text import joined
from qunguan.tui.widgets.dialogs import Dialog

Find = Callable[[str], Awaitable[Sequence[tuple[int, str, str]]]]
"""For a text (which may be empty) the members it finds: id, name, and a note that tells namesakes apart."""


class FindMember(Dialog[int]):
    """Gives back the member's id, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),  # at once: the next key is for what comes after
    ]

    def __init__(self, title: str, find: Find) -> None:
        super().__init__(title, _("initials, pinyin, name or phone tail · ↑ ↓ Enter choose · Esc leave"))
        self._find = find
        self._offered: str | None = None
        self._looking = asyncio.Lock()  # who Enter takes is looked for before it, also where a look is under way

    def contents(self) -> ComposeResult:
        """A line to type in and who is found."""
        yield Input(compact=True)
        yield OptionList(markup=False)

    async def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        await self._offer("")

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Search, unless more has been typed meanwhile."""
        if event.value == event.input.value:
            await self._offer(event.value.strip())

    async def action_take(self) -> None:
        """Enter takes the highlighted one of what is typed."""
        await self._offer(self.query_one(Input).value.strip())
        if self not in self.app.screen_stack:
            return
        listing = self.query_one(OptionList)
        if listing.highlighted is None:
            self.wrong(_("nobody is found"))
        else:
            self._take(listing.get_option_at_index(listing.highlighted))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes it too."""
        self._take(event.option)

    async def action_move(self, step: int) -> None:
        """Move the highlight while the cursor stays in the text."""
        await self._offer(self.query_one(Input).value.strip())
        listing = self.query_one(OptionList)
        if listing.option_count:
            listing.highlighted = ((listing.highlighted or 0) + step) % listing.option_count

    def _take(self, option: Option) -> None:
        self.dismiss(int(option.id or 0))

    async def _offer(self, text: str) -> None:
        async with self._looking:
            await self._look(text)

    async def _look(self, text: str) -> None:
        if text == self._offered:
            return
        self._offered = text
        try:
            found = await self._find(text)
        except UserError as error:
            self._offered = None
            self.wrong(str(error))
            return
        if self._offered == text:
            with unless_gone(self):
                self._show(found)

    def _show(self, found: Sequence[tuple[int, str, str]]) -> None:
        listing = self.query_one(OptionList)
        listing.clear_options()
        listing.add_options(Option(joined(name, (f"  {note}", "dim")), id=str(key)) for key, name, note in found)
        listing.highlighted = 0 if found else None
        self.wrong("")
