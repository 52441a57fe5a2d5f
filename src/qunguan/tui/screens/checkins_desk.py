"""The check-in screen without its actions: what is in hand, loading, drawing, one dialog after the other."""

from __future__ import annotations

from asyncio import Lock, get_running_loop
from collections.abc import Coroutine, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar
from weakref import finalize

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Static

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Board, BoardRow
from qunguan.domain.errors import UserError
from qunguan.i18n import _
from qunguan.tui.flow import run, unless_gone
from qunguan.tui.screens import checkins_board as drawing
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.screens.checkins_side import side
from qunguan.tui.screens.level_column import level_names
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.headline import Headline
from qunguan.tui.widgets.paged_table import PagedTable
from qunguan.tui.widgets.quick_bar import QuickBar

T = TypeVar("T")
_REST = 0.08  # seconds the cursor rests before the side panel asks the database
_HITS = 500
_ECHO = 0.3  # seconds after a dialog in which an Enter is still the one that closed it, pressed twice
_ALWAYS = ("add", "challenge")
_OF_MEMBER = ("tick", "makeup", "open", "why", "remove", "mark", "excuse")
_OF_DUE_DAY = ("tick", "import")


class BoardScreen(NounScreen):
    """The board. `challenge` is the one in hand, `board` its day as it is drawn; both None before there is one."""

    noun = "checkins"
    KEEPS = ("sort", "_day", "grid")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares it so
    DEFAULT_CSS = """
    BoardScreen {
        & .side, & QuickBar, & .said, & .prompt { display: none; }
        & .said { color: $text-success; }
        &.-wide .side, & .prompt.told, &.quick QuickBar, &.quick .said { display: block; }
        &.grid .side { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.challenge: Challenge | None = None
        self.board: Board | None = None
        self.sort = drawing.SORTS[0]
        self._day: date | None = None  # None follows the clock
        self._source: drawing.BoardSource | None = None
        self._aimed: int | None = None  # the challenge another screen leads to
        self._search = ""  # what the board is narrowed to
        self._opening = False  # a flow has begun and not asked yet
        self._turn, self._loading = Lock(), Lock()
        self._flow_ended = 0.0  # by the clock of the event loop
        self._rest: Timer | None = None

    def body(self) -> ComposeResult:
        """Headline, prompt, quick bar; the board and the member under the cursor."""
        yield Headline()
        yield Static("", classes="line muted prompt", markup=False)
        yield QuickBar(_("initials, pinyin, name or phone tail · Enter ticks · ↑ ↓ choose · Esc done"))
        yield Static("", classes="line said", markup=False)
        with Horizontal(classes="body"):
            yield PagedTable(drawing.columns(None), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="member", markup=False)

    # -- what is in hand

    @property
    def table(self) -> PagedTable:
        """The board's table."""
        return self.query_one(PagedTable)

    @property
    def day(self) -> date:
        """The day on the board; today while there is none."""
        return self.board.day if self.board else self.room.today

    @property
    def in_hand(self) -> Challenge:
        """The challenge; only for actions that are blocked without one."""
        assert self.challenge is not None
        return self.challenge

    @property
    def member_id(self) -> int | None:
        """The member under the cursor."""
        return self.table.current.key if self.board and self.table.current else None

    @property
    def at_cursor(self) -> int:
        """The member under the cursor; only for actions that are blocked without one."""
        assert self.member_id is not None
        return self.member_id

    @property
    def chosen(self) -> list[int]:
        """The marked members, or the one under the cursor."""
        return sorted(self.table.marked) or [self.at_cursor]

    @property
    def grid(self) -> bool:
        """Whether everybody's month is shown in place of the day."""
        return self.has_class("grid")

    @grid.setter
    def grid(self, shown: bool) -> None:
        self.set_class(shown, "grid", update=self.is_mounted)

    def name_of(self, member_id: int) -> str:
        """What the group calls a member of the board."""
        rows = self.board.rows if self.board else ()
        return next((drawing.called(row) for row in rows if row.member_id == member_id), f"#{member_id}")

    def blocked(self, verb: str) -> str:
        """No group, no challenge, nobody under the cursor, nothing due."""
        if self.room.group is None:
            return _("make a group first: press 0")
        if verb in _ALWAYS:
            return ""
        if self.challenge is None or self.board is None:
            return _("there is no challenge yet: a starts one")
        if verb in _OF_MEMBER and self.member_id is None and not self.table.marked:
            return _("nobody is under the cursor")
        if verb in _OF_DUE_DAY and not self.challenge.cadence.due(self.day):
            return _("nothing is due on this day")
        if verb == "copy_prompt" and not self.board.prompt:
            return _("this day has no prompt: e writes one")
        return ""

    # -- dialogs, one after the other

    def begin(self, flow: Coroutine[Any, Any, None]) -> None:
        """Run something that asks the owner on its way, after what is still being written. A key pressed twice
        before its first question asks once."""
        if self._opening:
            flow.close()
            return
        self._opening = True
        worker = run(self, partial(self._in_turn, flow))
        finalize(worker, flow.close)
        self.room.keys.began(worker)

    async def _in_turn(self, flow: Coroutine[Any, Any, None]) -> None:
        async with self._turn:
            try:
                await flow
            except UserError as error:
                self.say(str(error), "error")
            self._opening = False
            self._flow_ended = get_running_loop().time()
        self.offer()

    @property
    def answering(self) -> bool:
        """Whether questions are being asked, or were until a moment ago: a second Enter belongs to them."""
        return self._opening or self._turn.locked() or get_running_loop().time() - self._flow_ended < _ECHO

    async def ask(self, dialog: ModalScreen[T]) -> T | None:
        """The answer to a dialog, None for Esc. Only inside `begin`."""
        self._opening = False
        return await self.app.push_screen_wait(dialog)

    # -- loading and drawing

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Show this challenge (None: the one in hand) on this day (None: today)."""
        super().aim(subject, day)
        self._aimed, self._day = subject, None if day == self.room.today else day

    async def load(self) -> None:
        """Take the challenge in hand, and draw its board."""
        from qunguan.services import checkin_hand, checkins

        async with self._loading:
            if self._aimed is not None:
                await self.desk.write(checkin_hand.take, self._aimed)
                self._aimed = None
            group, clock = self.room.group, self.desk.clock
            found = await self.desk.read(checkin_hand.in_hand, clock, group.id) if group else None
            self.board = await self.desk.read(checkins.board, clock, found.id, self._day) if found else None
            self.challenge = found
            await self.draw()

    async def fresh(self) -> None:
        """Another challenge is in hand: today, nobody marked."""
        self._day, self.table.marked = None, ()
        await self.room.changed()

    async def draw(self, *, keep: bool = True) -> None:
        """Draw headline and table anew; `keep` leaves the cursor on its member."""
        self._tell_headline()
        if self.board is not None and self.grid:
            from qunguan.tui.screens.checkins_month import draw_grid

            self._source = None
            await draw_grid(self, self.board)
        else:
            await self._draw_board(keep)
        self._rest_then_fill()

    async def _draw_board(self, keep: bool) -> None:
        rows = drawing.in_order(self.board.rows, self.sort) if self.board else []
        if self._search:
            rows = await self._hits(rows, self._search)
        mark = drawing.sort_mark(self.sort) if self.board else None
        self.table.configure(sort=mark, empty=self._teach())
        ranked = self.board.rows if self.board else ()
        levels = await level_names(self.desk)
        over = self.day < self.room.today
        self._source = drawing.BoardSource(rows, ranked, self._balances, levels, over=over)
        columns = drawing.columns(self.board, levels=levels is not None)
        await self.table.set_source(self._source, keep=keep, columns=columns)

    async def _balances(self, ids: list[int]) -> dict[int, int]:
        from qunguan.services import checkin_member

        return await self.desk.read(checkin_member.balances_of, ids, self.room.today)

    async def _hits(self, rows: Sequence[BoardRow], text: str) -> list[BoardRow]:
        from qunguan.services import members

        found = await self.desk.read(members.search, text, _HITS)
        places = {member_id: place for place, member_id in enumerate(found)}
        return sorted((row for row in rows if row.member_id in places), key=lambda row: places[row.member_id])

    def _teach(self) -> str:
        if self.room.group is None:
            return _("There is no group yet.\nPress 0 and make one in Settings.")
        if self.board is None:
            return _(
                "There is no challenge yet.\nA challenge counts who checks in day by day: streaks, points, a board.\n"
                "Press a to start one from a template: 7, 21 or 30 days, every day, every week."
            )
        if self._search:
            return _("Nobody here is called {text}.\nt enrols more members.", text=self._search)
        return _(
            "Nobody takes part on this day.\nPress t to enrol members, or i to paste a 接龙: who is in it takes part."
        )

    def _tell_headline(self) -> None:
        line, prompt = self.query_one(Headline), self.query_one(".prompt", Static)
        text = self.board.prompt if self.board else None
        prompt.set_class(bool(text), "told")
        prompt.update(joined((_("prompt"), "bold"), f"  {text or ''}"))
        if self.board is None:
            line.tell([literal(_("Check-ins"))])
        else:
            line.tell(drawing.headline(self.board, self.room.today))

    def on_paged_table_row_highlighted(self, event: PagedTable.RowHighlighted) -> None:
        """The side panel follows the cursor."""
        event.stop()
        self._rest_then_fill()

    def on_resize(self) -> None:
        """The side panel may have come into view."""
        self.call_after_refresh(self._rest_then_fill)

    def _rest_then_fill(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST, self._fill_rested)

    async def _fill_rested(self) -> None:
        with unless_gone(self):
            if self._source is not None and (changed := await self._source.look_again()):
                await self.table.refresh_rows(changed)
            await self._fill_side()

    async def _fill_side(self) -> None:
        from qunguan.services import checkin_member

        panel, member_id, board = self.query_one("#member", Static), self.member_id, self.board
        if board is None or member_id is None:
            panel.update("")
            return
        if not self.query_one(".side").display:
            return
        try:
            found = await self.desk.read(
                checkin_member.beside, self.desk.clock, board.challenge.id, member_id, board.day
            )
        except UserError:  # erased by another program meanwhile: the next load shows it
            panel.update("")
            return
        if member_id == self.member_id:
            panel.update(side(found))

    async def redraw(self, *member_ids: int) -> None:
        """Days of these members were written: draw their lines, where they are, and the headline, and nothing else."""

        board = self.board
        if board is None or self._source is None:
            await self.room.changed()
            return
        rows = await self._rows(board, member_ids)
        if self.board is board:
            self.board = drawing.with_rows(board, rows)
            for row in rows:
                self._source.put(row)
            await self.table.refresh_rows(set(member_ids))
            self.call_after_refresh(self._headline_after)  # the line first: it is what the key was about
            self._rest_then_fill()
        self.drew()

    def _headline_after(self) -> None:
        with unless_gone(self):
            self._tell_headline()

    async def _rows(self, board: Board, member_ids: Sequence[int]) -> list[BoardRow]:
        """The lines of these members as they are now: one by itself, several out of a board read anew."""
        from qunguan.services import checkin_member, checkins

        where = (self.desk.clock, board.challenge.id)
        if len(member_ids) == 1:
            return [await self.desk.read(checkin_member.board_row, *where, member_ids[0], board.day)]
        found, wanted = await self.desk.read(checkins.board, *where, board.day), set(member_ids)
        return [row for row in found.rows if row.member_id in wanted]
