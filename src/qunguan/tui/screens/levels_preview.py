"""What saving a ladder would do, shown before it is saved: the levels before and after, who rises, who falls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from qunguan.domain.errors import UserError
from qunguan.domain.level_views import Preview
from qunguan.i18n import _
from qunguan.tui.flow import run
from qunguan.tui.screens import levels_lines as drawing
from qunguan.tui.screens.listing import Lines
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import Dialog
from qunguan.tui.widgets.line_box import LineBox
from qunguan.tui.widgets.paged_table import PagedTable

Counts = Sequence[tuple[str, int]]


class LadderPreview(Dialog[bool]):
    """Gives back True when it was saved, None for Esc. What saving refuses is said in the box."""

    WIDE = True
    DEFAULT_CSS = """
    LadderPreview {
        & .counts { height: auto; margin: 0 0 1 0; }
        & PagedTable { height: 1fr; margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "look('move', -1)", show=False, priority=True),
        Binding("down", "look('move', 1)", show=False, priority=True),
        Binding("pageup", "look('page', -1)", show=False, priority=True),
        Binding("pagedown", "look('page', 1)", show=False, priority=True),
        Binding("enter", "save", show=False, priority=True),  # at once: the next key is for what comes after
        Binding("ctrl+s,f2", "save", show=False),
    ]

    def __init__(
        self, found: Preview, before: Counts, save: Callable[[str], Awaitable[None]], reason: str = ""
    ) -> None:
        """`before` are the levels as they are now with their members, none where there is no ladder yet."""
        title = _("If {ladder} were saved so on {day}: {rises} rise, {falls} fall", ladder=found.ladder,
                  day=found.day, rises=len(found.rises), falls=len(found.falls))  # fmt: skip
        super().__init__(title, _("↑ ↓ PgUp PgDn look · Enter or F2 save · Esc back"))
        self._found, self._before, self._save, self._reason = found, before, save, reason
        self._busy = False

    def contents(self) -> ComposeResult:
        """The levels before and after, the reason, and who moves."""
        yield Static(self._levels(), classes="counts")
        with Horizontal(classes="field"):
            yield Static(literal(_("reason")), classes="name")
            yield LineBox(self._reason, placeholder=_("a few words for later: why it is so"))
        yield PagedTable(drawing.move_columns(dated=False), empty=_("Nobody moves: all stay on their level."))

    def _levels(self) -> Content:
        """From the highest: the level with its members now, and then."""
        now = [(each.name, each.members) for each in self._found.levels]
        told = []
        for old, new in zip_longest(self._before, now):
            name = new[0] if new else old[0]
            was = "—" if old is None else str(old[1])
            then = "—" if new is None else str(new[1])
            renamed = f" ({old[0]})" if old and new and old[0] != new[0] else ""
            changed = "bold" if was != then and self._before else ""
            numbers = f"{was} → {then}" if self._before else then
            told.append(joined(f"{name}{renamed} ", (numbers, changed)))
        return Content("    ").join(reversed(told))

    async def on_mount(self) -> None:
        table = self.query_one(PagedTable)
        table.can_focus = False
        moves = list(enumerate((*self._found.falls, *self._found.rises)))
        await table.set_source(Lines(moves, lambda one: one[0], lambda one: drawing.move_cells(one[1], dated=False)))
        self.set_focus(self.query_one(Input))

    def action_look(self, how: str, step: int) -> None:
        """Go through the moves while the cursor stays in the reason."""
        table = self.query_one(PagedTable)
        if table.line_count:
            run(self, partial(getattr(table, f"action_{how}"), step), group="look")

    async def action_save(self) -> None:
        """Save once, however often Enter is pressed."""
        if self._busy:
            return
        self._busy = True
        try:
            await self._save(self.query_one(Input).value.strip())
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
        else:
            self.dismiss(True)
