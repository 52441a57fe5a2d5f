"""Check-ins: the board of a day, ticked by key; pastes, make-ups, freezes, the month, the challenges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input, Static

from qunguan.domain.errors import UserError
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.screens import checkins_board as drawing
from qunguan.tui.screens import checkins_manage, checkins_marks, checkins_out, checkins_paste
from qunguan.tui.screens.checkins_desk import BoardScreen
from qunguan.tui.screens.checkins_month import MonthView, month_after, month_before
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import PagedTable
from qunguan.tui.widgets.quick_bar import QuickBar


class CheckinsScreen(BoardScreen):
    """What the keys do. A flow that asks questions lives in a file of its own."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("checkins")

    # -- the board's own actions

    async def do_tick(self) -> None:
        """Check the member in, or take it back."""
        from qunguan.services import checkins

        member_id = self.at_cursor
        await self.desk.write(checkins.toggle, self.in_hand.id, member_id, self.day)
        await self.redraw(member_id)

    async def do_mark(self) -> None:
        """Mark the member for a freeze of several, and go on to the next."""
        self.table.marked = self.table.marked ^ {self.at_cursor}
        await self.table.action_move(1)

    async def do_prev(self) -> None:
        """The day before; in the grid the month before."""
        await self._go(month_before(self.day) if self.grid else self.day - timedelta(days=1))

    async def do_next(self) -> None:
        """The day after; in the grid the month after, or today where that is earlier."""
        after = month_after(self.day)
        if self.grid and self.day < self.room.today < after:
            after = self.room.today
        await self._go(after if self.grid else self.day + timedelta(days=1))

    async def do_now(self) -> None:
        """Back to today."""
        self._day = None
        await self.load()

    async def _go(self, day: date) -> None:
        first, last = self.in_hand.starts_on, self.in_hand.last_day
        if self.grid:
            day = max(day, first)
        if day < first or (last is not None and day > last):
            self.say(_("{challenge} runs from {first} to {last}", challenge=self.in_hand.name, first=first,
                       last=last or "…"), "warning")  # fmt: skip
        elif day > self.room.today:
            self.say(_("{day} has not come yet", day=day), "warning")
        else:
            self._day = None if day == self.room.today else day
            await self.load()

    async def do_sort(self) -> None:
        """The next order."""
        self.sort = next_of(drawing.SORTS, self.sort)
        await self.draw(keep=False)
        self.say(_(drawing.SORT_NAMES[self.sort]))

    async def do_grid(self) -> None:
        """The month of everyone, or the board."""
        self.grid = not self.grid
        await self.draw()

    # -- actions that ask

    async def do_import(self) -> None:
        """Paste a 接龙."""
        self.begin(checkins_paste.paste(self))

    def on_paste(self, event: events.Paste) -> None:
        """A 接龙 pasted onto the board itself."""
        if event.text.strip() and not self.blocked("import"):
            self.begin(checkins_paste.paste(self, event.text))

    async def do_makeup(self) -> None:
        """Make up a missed day."""
        self.begin(checkins_marks.make_up(self, self.at_cursor))

    async def do_excuse(self) -> None:
        """Freeze or excuse a range of days."""
        self.begin(checkins_marks.away(self, self.chosen))

    async def do_remove(self) -> None:
        """Take the record of the day away."""
        self.begin(checkins_marks.remove(self, self.at_cursor))

    async def do_why(self) -> None:
        """How the streak is counted."""
        self.begin(checkins_marks.why(self, self.at_cursor))

    async def do_challenge(self) -> None:
        """Another challenge."""
        self.begin(checkins_manage.choose(self))

    async def do_add(self) -> None:
        """A new challenge."""
        self.begin(checkins_manage.start(self))

    async def do_edit(self) -> None:
        """Change the challenge."""
        self.begin(checkins_manage.edit(self))

    async def do_enrol(self) -> None:
        """More people into the challenge."""
        self.begin(checkins_manage.enrol(self))

    async def do_copy(self) -> None:
        """The board as text."""
        await checkins_out.copy_board(self)

    async def do_copy_missing(self) -> None:
        """The @-list."""
        await checkins_out.copy_missing(self)

    async def do_copy_prompt(self) -> None:
        """The day's prompt."""
        await checkins_out.copy_prompt(self)

    async def do_export(self) -> None:
        """The board as a file."""
        self.begin(checkins_out.export(self))

    async def do_open(self) -> None:
        """The member's month."""
        self.app.push_screen(MonthView(self, self.at_cursor, self.day))

    async def on_paged_table_row_selected(self, event: PagedTable.RowSelected) -> None:
        """Enter on a line opens its month."""
        event.stop()
        if not self.answering:
            await self.action_do("open")

    # -- the quick bar

    async def do_search(self) -> None:
        """Open the line to type names into."""
        if self.grid:
            await self.do_grid()
        self.add_class("quick")
        self.query_one(".said", Static).update("")
        self.set_focus(self.query_one(QuickBar))  # at once: what is typed ahead belongs to it

    async def leave(self) -> None:
        """Close the quick bar; take the marks away."""
        self.table.marked = ()
        if self.has_class("quick"):
            self.remove_class("quick")
            self.set_focus(self.table)  # at once: the next key may open it again
            self.query_one(QuickBar).value = ""
            await self._narrow("")

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the board, unless more has been typed meanwhile."""
        if event.value == event.input.value:
            await self._narrow(event.value.strip())

    async def on_quick_bar_walked(self, event: QuickBar.Walked) -> None:
        """Arrows move in the list while typing."""
        await self.table.action_move(event.rows)

    async def on_quick_bar_taken(self, event: QuickBar.Taken) -> None:
        """Enter ticks the highlighted one of what was typed, and never unticks."""
        from qunguan.services import checkins

        told = self.query_one(".said", Static)
        if reason := self.blocked("import"):
            told.update(literal(reason, "$text-warning"))
            return
        await self._narrow(event.text)
        member_id = self._source.key_at(self.table.cursor_row) if self._source else None
        if member_id is None:
            told.update(literal(_("nobody here is called {text}", text=event.text), "$text-warning"))
            return
        try:
            outcome = await self.desk.write(checkins.tick, self.in_hand.id, member_id, self.day)
        except UserError as error:
            told.update(literal(str(error), "$text-error"))
            return
        text = _("✓ {name}   streak {n}", name=self.name_of(member_id), n=outcome.streak)
        if not outcome.changed:
            text = _("{name} is ticked already", name=self.name_of(member_id))
        told.update(literal(text))
        await self.redraw(member_id)

    async def _narrow(self, text: str) -> None:
        if text != self._search:
            self._search = text
            try:
                await self.draw(keep=not text)
            except UserError as error:
                self.say(str(error), "error")


SCREEN = CheckinsScreen
