"""Levels: who stands where and why, who moved, whose level is about to be lost, what levels give, what they ask for."""

from __future__ import annotations

from array import array
from collections.abc import Container, Sequence
from typing import cast

from textual.content import Content

from qunguan.domain.level_views import Benefit, Ladder, LevelCard, LevelLine, Move, Survey
from qunguan.domain.text import match_key
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import levels_lines as drawing
from qunguan.tui.screens.listing import IdPages, Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView

_OF_MEMBER = {"open", "why", "lock", "use", "copy"}
_OF_LINE = {"remove", *_OF_MEMBER}


class LevelsScreen(ListScreen):
    """Everyone on the ladder; `f` shows who moved, whose level is about to be lost, then the benefits."""

    noun = "levels"
    KEEPS = ("_view",)
    BINDINGS = bindings("levels")
    SEARCH_HINT = N_("name, pinyin, initials, phone tail · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "ladder"
        self._survey: Survey | None = None
        self._moves: tuple[Move, ...] = ()
        self._benefits: tuple[Benefit, ...] = ()
        self._keys: Container[int] = ()  # of the list that is shown

    # -- what is shown

    async def load(self) -> None:
        """Replay the ladder of today."""
        from qunguan.services import levels

        self._survey = found = await self.desk.read(levels.survey, self.room.clock)
        self._benefits = () if found is None else await self.desk.read(levels.all_benefits, found.ladder.id)
        moves = () if found is None else (*found.moves.rises, *found.moves.falls)
        self._moves = tuple(sorted(moves, key=lambda move: move.day, reverse=True))
        await self.show()

    async def listing(self) -> Listing:
        """One of the lists, as far as the search finds its lines."""
        found = self._survey
        headline = drawing.headline(found, self._view, self.search)
        empty = drawing.empty_text(found, self._view)
        if found is None:
            self._keys = ()
            return Listing((), Lines((), lambda one: 0, lambda one: ()), headline, empty)
        if self._view == "benefits":
            given = [each for each in self._benefits if match_key(self.search) in match_key(each.name)]
            self._keys = {each.id for each in given}
            shelf = Lines(given, lambda one: one.id, lambda one: drawing.benefit_cells(one, found.terms))
            return Listing(drawing.benefit_columns(), shelf, headline, empty)
        ids = await self._ids(found)
        self._keys = there = set(ids)
        if self._view == "ladder":
            pages = IdPages(ids, self._lines, drawing.ladder_row)
            return Listing(drawing.ladder_columns(), pages, headline, empty)
        if self._view == "soon":
            falling = [each for each in found.risks if each.member_id in there]
            self._keys = {each.member_id for each in falling}
            risks = Lines(falling, lambda one: one.member_id, drawing.risk_cells)
            return Listing(drawing.risk_columns(), risks, headline, empty)
        moved = [each for each in enumerate(self._moves) if each[1].member_id in there]
        self._keys = {place for place, _move in moved}
        moves = Lines(moved, lambda one: one[0], lambda one: drawing.move_cells(one[1]))
        return Listing(drawing.move_columns(), moves, headline, empty)

    async def _ids(self, found: Survey) -> array[int]:
        """The members the search finds, the highest level first, then by name; all while nothing is searched."""
        from qunguan.services import members

        ids = await self.desk.read(members.view_ids, search=self.search, sort="" if self.search.strip() else "name")
        there = [one for one in ids if one in found.ranks]
        return array("q", there if self.search.strip() else sorted(there, key=lambda one: -found.ranks[one]))

    async def _lines(self, ids: Sequence[int]) -> Sequence[LevelLine]:
        from qunguan.services import levels

        return await self.desk.read(levels.lines, self.room.clock, ids, self._ladder.id)

    async def beside(self, key: int) -> Content:
        """The member's level, or the benefit."""
        if self._view == "benefits":
            return drawing.benefit_side(self._benefit(key), self._now.terms)
        return drawing.side(await self._card(self._member(key)))

    # -- what is in hand

    @property
    def _now(self) -> Survey:
        """The survey, where there is a ladder."""
        assert self._survey is not None
        return self._survey

    @property
    def _ladder(self) -> Ladder:
        """The ladder that is shown."""
        return self._now.ladder

    def _benefit(self, key: int) -> Benefit:
        return next(each for each in self._benefits if each.id == key)

    @property
    def key(self) -> int | None:
        """The key of the line under the cursor; None while another list is on its way."""
        found = super().key
        return found if found in self._keys else None

    def _member(self, key: int) -> int:
        return self._moves[key].member_id if self._view == "moves" else key

    @property
    def _member_id(self) -> int:
        """The member under the cursor."""
        return self._member(cast("int", self.key))

    async def _card(self, member_id: int | None = None) -> LevelCard:
        """The level of a member, of the one under the cursor unless told."""
        from qunguan.services import levels

        who = self._member_id if member_id is None else member_id
        return await self.desk.read(levels.member, self.room.clock, who, None, f"#{self._ladder.id}")

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without a ladder there is one to choose; some actions are for a member, some need a line."""
        if self._survey is None:
            return "" if verb == "choose" else _("there is no ladder yet: c takes one")
        if verb in _OF_MEMBER and self._view == "benefits":
            return _("this is for a member: f shows everyone")
        if verb in _OF_LINE and self.key is None:
            return _("the list is empty: f shows the others")
        if verb == "edit" and self._view == "benefits" and self.key is None:
            return _("the list is empty: a adds a benefit")
        return ""

    async def do_filter(self) -> None:
        """Everyone, who moved, whose level is about to be lost, benefits."""
        await self._turn(drawing.next_view(self._view))

    async def leave(self) -> None:
        """Esc: clear the search, then back to everyone."""
        if not self.search and self._view != "ladder":
            await self._turn("ladder")
        await super().leave()

    async def _turn(self, view: drawing.View) -> None:
        self._view, self._keys = view, ()
        await self.show(keep=False)

    async def do_open(self) -> None:
        """The member's level: the way there, what is missing, benefits."""
        card = await self._card()
        told = [*drawing.card_head(card), Content(""), *drawing.path_lines(card)]
        await self.app.push_screen(TextView(_("{ladder} on {day}", ladder=card.ladder, day=card.day), told))

    async def do_why(self) -> None:
        """Why the member is on this level: rule, numbers, source; then what the ladder asks for."""
        from qunguan.services import levels

        found = self._ladder
        lines = await self.desk.read(levels.why_member, self.room.clock, self._member_id, None, f"#{found.id}")
        told = [*(literal(str(line)) for line in lines), Content(""), *drawing.terms_lines(self._now.terms)]
        await self.app.push_screen(TextView(_("Why this level?"), told))

    async def do_choose(self) -> None:
        """Choose a ladder, take a preset, or start one's own."""
        from qunguan.tui.screens.levels_terms import choose_ladder

        begin(self, choose_ladder(self))

    async def do_edit(self) -> None:
        """Change the terms, with who would move; in the list of benefits, the benefit."""
        if self._view == "benefits":
            from qunguan.tui.screens.levels_forms import benefit_form

            found = self._benefit(cast("int", self.key))
            self.app.push_screen(benefit_form(self, self._ladder.id, self._now.terms, found, found.rank))
            return
        from qunguan.tui.screens.levels_terms import edit_terms

        begin(self, edit_terms(self, self._ladder))

    async def do_lock(self) -> None:
        """Set the member's level by hand."""
        from qunguan.tui.screens.levels_forms import lock_form

        self.app.push_screen(lock_form(self, await self._card(), self._ladder.id, self._now.terms))

    async def do_remove(self) -> None:
        """Take a level set by hand off; close the benefit."""
        from qunguan.tui.screens import levels_forms as forms

        if self._view == "benefits":
            begin(self, forms.close(self, self._benefit(cast("int", self.key)), self._now.terms))
        else:
            begin(self, forms.unlock(self, await self._card(), self._ladder.id))

    async def do_use(self) -> None:
        """Note that the member used a benefit."""
        from qunguan.tui.screens.levels_forms import use

        begin(self, use(self, await self._card()))

    async def do_add(self) -> None:
        """Give a level a benefit; at first that of the line under the cursor."""
        from qunguan.tui.screens.levels_forms import benefit_form

        rank = 1
        if self.key is not None:
            rank = self._benefit(self.key).rank if self._view == "benefits" else (await self._card()).now.rank
        self.app.push_screen(benefit_form(self, self._ladder.id, self._now.terms, None, rank))

    async def do_copy(self) -> None:
        """A private text to the member."""
        from qunguan.exchange.writers.levels import member_text

        card = await self._card()
        await copy_out(self.room, member_text(card), f"level-{card.member_id}")

    async def do_export(self) -> None:
        """Write the members with their levels to a file."""
        from qunguan.exchange.writers.levels import levels_table

        found = self._now

        async def made() -> Table:
            return levels_table(await self._lines(await self._ids(found)), found.ladder.name)

        export(self.room, _("Export the levels"), f"levels-{self.room.today}", made)


SCREEN = LevelsScreen
