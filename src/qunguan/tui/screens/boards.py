"""Leaderboards: by points, check-ins, streaks or referrals; of a day, a week, a month, a challenge, or ever."""

from __future__ import annotations

from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.boards import BY, BoardLine, By, Leaderboard, Period, period_after, period_before
from qunguan.domain.challenges import Challenge
from qunguan.exchange.writers.leaderboards import leaderboard_table, leaderboard_text, own_rank_text, period_text
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import boards_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import TextView

_OF_MEMBER = {"open", "copy_own"}


class BoardsScreen(ListScreen):
    """One board of the group in hand. `s` turns what it goes by, `f` the period, `[` and `]` go through periods."""

    noun = "boards"
    KEEPS = ("_by", "_period", "_day", "_challenge", "_of_group")
    BINDINGS = bindings("boards")
    SEARCH_HINT = N_("name, pinyin, initials or phone tail · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._by: By = "points"
        self._period: Period = "week"
        self._day: date | None = None  # the last day of an earlier period; None follows the clock
        self._challenge: Challenge | None = None
        self._of_group: int | None = None  # the group the challenge is of
        self._shown: Leaderboard | None = None
        self._counted: dict[tuple[By, Period], Leaderboard] = {}  # as of the day of the board that is shown

    # -- what is shown

    async def listing(self) -> Listing:
        """The board, as far as the search finds it."""
        from qunguan.services import members

        await self._keep_in_hand()
        by, period = self._by, self._period
        counted: dict[tuple[By, Period], Leaderboard] = {}
        board = await self._board(counted, by, period)
        self._shown, self._counted = board, counted
        lines = board.lines
        if self.search:
            group = self.room.group
            found = set(
                await self.desk.read(
                    members.view_ids, group_id=group.id if group else None, search=self.search, present=None
                )
            )
            lines = tuple(line for line in lines if line.member_id in found)
        source = Lines(lines, lambda line: line.member_id, lambda line: drawing.cells(board, line))
        headline = drawing.headline(board, self.search)
        return Listing(drawing.columns(board), source, headline, drawing.empty_text(board))

    async def _keep_in_hand(self) -> None:
        """The challenge is one of the group in hand; a day that is today follows the clock again."""
        from qunguan.services import checkin_hand

        group = self.room.group
        if self._challenge is None or self._of_group != (group.id if group else None):
            self._of_group = group.id if group else None
            self._challenge = await self.desk.read(checkin_hand.in_hand, self.room.clock, group.id) if group else None
        if self._challenge is None and self._period == "challenge":
            self._period = "all"
        if self._day is not None and self._day >= self.room.today:
            self._day = None

    async def _board(self, counted: dict[tuple[By, Period], Leaderboard], by: By, period: Period) -> Leaderboard:
        """A board of the day looked at, counted once."""
        from qunguan.services import boards

        if (by, period) not in counted:
            group = self.room.group
            one = self._challenge if period == "challenge" else None
            counted[by, period] = await self.desk.read(
                boards.leaderboard, self.room.clock, by, period, group_id=group.id if group else None,
                as_of=self._day, challenge_id=one.id if one else None,
            )  # fmt: skip
        return counted[by, period]

    async def beside(self, key: int) -> Content:
        """The member's own places."""
        board, counted = self.board, self._counted
        wanted = drawing.beside_keys(board.by, board.period)
        found = {each: await self._board(counted, *each) for each in wanted}
        line = board.of(key)
        return drawing.side(line, found, board) if line else Content("")

    @property
    def board(self) -> Leaderboard:
        """The board that is shown."""
        assert self._shown is not None
        return self._shown

    def _line(self, key: int | None) -> BoardLine | None:
        return None if key is None else self.board.of(key)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Most periods have one before; a member's actions need one."""
        if verb in _OF_MEMBER and self.key is None:
            return _("nobody is on the board: s shows another figure, f other days")
        day = self._day or self.room.today
        if verb == "prev" and period_before(self._period, day) is None:
            return _("this board has no period before it: f shows days, weeks and months")
        if verb in ("next", "now") and self._day is None:
            return _("this is the newest board already")
        if verb == "challenge" and self._challenge is None:
            return _("the group has no challenge yet: 3 starts one")
        return ""

    async def do_sort(self) -> None:
        """By points, check-ins, streaks, referrals."""
        self._by = drawing.next_by(self._by)
        await self.show(keep=False)

    async def do_filter(self) -> None:
        """Today, the week, the month, the challenge, all time."""
        self._period = drawing.next_period(self._period, challenge=self._challenge is not None)
        self._day = None
        await self.show(keep=False)

    async def do_prev(self) -> None:
        """The period before."""
        self._day = period_before(self._period, self._day or self.room.today)
        await self.show()

    async def do_next(self) -> None:
        """The period after."""
        assert self._day is not None
        self._day = period_after(self._period, self._day, self.room.today)
        await self.show()

    async def do_now(self) -> None:
        """Back to the newest period."""
        self._day = None
        await self.show()

    async def do_challenge(self) -> None:
        """Show the board of a challenge."""
        begin(self, self._choose())

    async def _choose(self) -> None:
        from qunguan.services import checkins

        group = self.room.group
        found = await self.desk.read(checkins.all_challenges, group.id if group else None)
        choices = [Choice(str(each.id), each.name, str(each.starts_on)) for each in found]
        chosen = await self.app.push_screen_wait(Choose(_("The board of which challenge?"), choices))
        if chosen is not None:
            self._challenge = next(each for each in found if each.id == int(chosen))
            self._period, self._day = "challenge", None
            await self.show(keep=False)

    async def do_open(self) -> None:
        """The member's statement where it goes by points, else their card."""
        line = self._line(self.key)
        assert line is not None
        if self.board.by == "points":
            from qunguan.tui.screens.points_statement import StatementScreen

            await self.app.push_screen(StatementScreen(line.member_id, line.name, self._day))
        else:
            open_card(self, line.member_id)

    async def do_copy(self) -> None:
        """The board for the group; in quiet mode its top only."""
        from qunguan.services import rules

        limit = int(await self.desk.read(rules.value, "board.text_limit"))
        await copy_out(self.room, leaderboard_text(self.board, limit), self._stem())

    async def do_copy_own(self) -> None:
        """A private text with the place of the member under the cursor."""
        key = cast("int", self.key)
        await copy_out(self.room, own_rank_text(self.board, key), f"{self._stem()}-{key}")

    async def do_quiet(self) -> None:
        """Quiet mode on or off: it is a rule, and holds for every group."""
        from qunguan.services import boards

        top = await self.desk.write(boards.set_quiet, quiet=self.board.quiet_top is None)
        self.say(
            _("Quiet mode is off: the group sees the whole board (rule board.quiet, in Settings)")
            if top is None
            else _("Quiet mode is on: the group sees ranks 1 to {n} only (rule board.quiet, in Settings)", n=top)
        )
        await self.room.changed()

    async def do_export(self) -> None:
        """Write the whole board to a file."""
        table = leaderboard_table(self.board)

        async def made() -> Table:
            return table

        export(self.room, _("Export the board"), self._stem(), made)

    def _stem(self) -> str:
        return f"board-{self.board.by}-{self.board.period}-{self.board.last}"

    async def do_why(self) -> None:
        """What counts, over which days, how equals are ranked, what the quiet mode hides."""
        from qunguan.services import boards

        reasons = [str(each) for each in boards.why_board(self.board)]
        title = f"{_(BY[self.board.by])} · {period_text(self.board)}"
        lines = drawing.why_lines(self.board, reasons, self._line(self.key))
        await self.app.push_screen(TextView(title, lines))


SCREEN = BoardsScreen
