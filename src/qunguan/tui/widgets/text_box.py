"""A text of several lines to be written: letters, statements, notes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from qunguan.domain.errors import UserError
from qunguan.domain.scripts import Unfilled, blanks
from qunguan.i18n import _
from qunguan.tui.text import literal, pasted
from qunguan.tui.widgets.dialogs import Dialog


class TextBox(Dialog[str]):
    """Enter is a new line; F2 or Ctrl+S saves. `save` may raise a UserError: it is said, and the text stays. Where it
    is Unfilled, the first open place is selected: what is typed then stands in its stead.
    """

    WIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+s", "save", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        text: str,
        save: Callable[[str], Awaitable[None]],
        notes: Sequence[str] = (),
        keys: str = "",
    ) -> None:
        """`keys` says which keys do what, where saving is something else."""
        super().__init__(title, keys or _("Enter new line · F2 (or Ctrl+S) save · Esc leave"))
        self._text, self._save, self._notes = pasted(text), save, notes
        self._busy = False

    def contents(self) -> ComposeResult:
        """Where to write."""
        for note in self._notes:
            yield Static(literal(note), classes="muted")
        yield TextArea(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")

    async def action_save(self) -> None:
        """Save once, however often it is pressed."""
        if self._busy:
            return
        self._busy = True
        text = self.query_one(TextArea).text
        try:
            await self._save(text)
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
            if isinstance(error, Unfilled):
                self._select(text)
        else:
            self.dismiss(text)

    def _select(self, text: str) -> None:
        from textual.widgets.text_area import Selection

        for blank in blanks(text)[:1]:
            area = self.query_one(TextArea)
            area.selection = Selection(_place(text, blank.start), _place(text, blank.end))
            self.set_focus(area)


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a code point, both from 0."""
    before = text[:at]
    return before.count("\n"), at - before.rfind("\n") - 1
