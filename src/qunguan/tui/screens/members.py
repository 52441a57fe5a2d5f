"""Members: what can be done with people; the roster itself is `members_roster`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar

from textual.binding import BindingType

from qunguan.domain.errors import NotFound, UserError
from qunguan.i18n import _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import run
from qunguan.tui.screens.members_roster import RosterScreen
from qunguan.tui.screens.members_rows import FILTERS, ORDERS, capacity_lines
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import PagedTable

_ON_ONE = ("open", "mark", "edit", "tag", "copy", "remove", "rejoin", "erase", "merge", "split")


class MembersScreen(RosterScreen):
    """The roster with its actions."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("members")

    def __init__(self) -> None:
        super().__init__()
        self._asking = asyncio.Lock()
        self._asked = False
        self._sent: tuple[int, str] | None = None  # whose card another room asks for, and that room

    # -- what can be done

    def blocked(self, verb: str) -> str:
        """Actions on a member need one; those on a group need one too."""
        if verb in _ON_ONE and not self.table.line_count:
            return _("nobody is here: i imports a roster, a adds a member")
        if verb in ("remove", "rejoin", "why", "import", "diff") and self.room.group is None:
            return _("no group is in hand: g chooses one")
        if verb == "export" and not self.table.line_count:
            return _("there is nobody to write to a file")
        return ""

    def flow(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Carry on a chain of dialogs beside the screen; what goes wrong is said.

        What is pressed while the last chain writes its answer comes after it.
        """
        if self._asking.locked() and not self._asked:
            return
        self._asked = False
        self.room.keys.began(run(self, partial(self._told, work), group="flow"))

    def on_screen_suspend(self) -> None:
        """A dialog is there."""
        self._asked, self._sent = True, None

    def send(self, member_id: int, noun: str) -> None:
        """Show this member's card as soon as the roster is there; closed, it leads back to the room of `noun`."""
        self._sent = member_id, noun
        self.wish("open")

    async def _told(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            async with self._asking:
                await work()
        except UserError as error:
            self.say(str(error), "error")

    async def on_paged_table_row_selected(self, _message: PagedTable.RowSelected) -> None:
        """Enter, or a click on the line with the cursor."""
        await self.action_do("open")

    async def leave(self) -> None:
        """Esc: out of the search, which ends; then the marks."""
        if self.box.value:
            self.box.value = ""
        elif not self.box.has_focus and self.table.marked:
            self._mark(frozenset())
        self.set_focus(self.table)  # at once: the next key may open the search again
        await self.box.answered()  # an arrow moves in the whole list

    async def do_search(self) -> None:
        """Into the search line."""
        self.set_focus(self.box)  # at once: what is typed ahead belongs to the search

    async def do_open(self) -> None:
        """The card of the member under the cursor, or of the one another room asks for."""
        sent, self._sent = self._sent, None
        self.flow(partial(self._card, *(sent or (self._current(), ""))))

    async def _card(self, member_id: int, noun: str) -> None:
        from qunguan.services import profiles
        from qunguan.tui.screens.members_card import CardView

        again = True
        while again:
            view = CardView(await self.desk.read(profiles.page, self.desk.clock, member_id))
            await self.room.push_screen_wait(view)
            if not view.verb:
                if noun:
                    self.room.go(noun)
                return
            again = await self._on_card(view.verb, member_id)

    async def _on_card(self, verb: str, member_id: int) -> bool:
        """Carry out a key of the card on its member. Returns whether the card is shown again."""
        try:
            if verb == "edit":
                await self._edit_one(member_id)
            elif verb == "tag":
                await self._tag([member_id])
            elif verb == "remove":
                await self._leave([member_id])
            elif verb == "rejoin":
                await self._rejoin_one(member_id)
            else:
                return not await self._erase_one(member_id)
        except UserError as error:
            self.say(str(error), "error")
        return True

    async def do_add(self) -> None:
        """Ask for a new member."""
        self.flow(self._add)

    async def _add(self) -> None:
        from qunguan.tui.screens import members_change as change

        member_id = await change.add(self.room)
        if member_id is not None:
            self._aimed = member_id
            await self.room.changed()

    async def do_edit(self) -> None:
        """Change the member under the cursor."""
        self.flow(lambda: self._edit_one(self._current()))

    async def _edit_one(self, member_id: int) -> None:
        from qunguan.tui.screens import members_change as change

        if await change.edit(self.room, member_id):
            await self.room.changed()

    async def do_tag(self) -> None:
        """Tag the marked members, or the one under the cursor."""
        self.flow(lambda: self._tag(self.chosen()))

    async def _tag(self, ids: list[int]) -> None:
        from qunguan.tui.screens import members_change as change

        if said := await change.tag(self.room, ids):
            self.say(said)
            await self.room.changed()

    async def do_mark(self) -> None:
        """Mark or unmark the member and go on to the next."""
        self._mark(self.table.marked ^ {self._current()})
        await self.table.action_move(1)

    def _mark(self, marked: frozenset[int]) -> None:
        self.table.marked = marked
        if self._source is not None:
            self._tell(self._source.ids, bool(self.box.value.strip()))

    async def do_filter(self) -> None:
        """The next of present, left, all."""
        self._filter = next_of(FILTERS, self._filter)
        await self._show(self.box.value, keep=True)

    async def do_sort(self) -> None:
        """The next order."""
        self._order = (self._order + 1) % len(ORDERS)
        await self._show(self.box.value, keep=True)

    async def do_import(self) -> None:
        """The roster import."""
        self.flow(self._import)

    async def _import(self) -> None:
        from qunguan.tui.screens.members_import import import_roster

        if self.group_id is not None and await import_roster(self.room, self.group_id):
            await self.room.changed()

    async def do_diff(self) -> None:
        """Today's member list against the roster."""
        self.flow(self._diff)

    async def _diff(self) -> None:
        from qunguan.tui.screens.members_diff import compare

        if self.group_id is not None and await compare(self.room, self.group_id):
            await self.room.changed()

    async def do_merge(self) -> None:
        """Two entries are one person."""
        self.flow(self._merge)

    async def _merge(self) -> None:
        from qunguan.tui.screens.members_one_or_two import merge

        kept = await merge(self, self.chosen())
        if kept is not None:
            self._mark(frozenset())
            self._aimed = kept
            await self.room.changed()

    async def do_split(self) -> None:
        """One entry is two people."""
        self.flow(self._split)

    async def _split(self) -> None:
        from qunguan.tui.screens.members_one_or_two import split

        made = await split(self, self._current())
        if made is not None:
            self._aimed = made
            await self.room.changed()

    async def do_export(self) -> None:
        """Write the marked members, or everybody shown, to a file."""
        self.flow(self._export)

    async def _export(self) -> None:
        from qunguan.tui.screens import members_change as change

        ids = sorted(self.table.marked) or (list(self._source.ids) if self._source else [])
        what = ngettext("One member", "{n} members, those marked or else those shown", len(ids))
        path = await change.export(self.room, ids, what)
        if path is not None:
            self.say(_("Written: {path}", path=path.absolute()))

    async def do_copy(self) -> None:
        """The private text for the member, for the clipboard."""
        from qunguan.services import profiles
        from qunguan.tui.screens.members_card import copy_private

        await copy_private(self.room, await self.desk.read(profiles.page, self.desk.clock, self._current()))

    async def do_remove(self) -> None:
        """Note that the marked members, or the one under the cursor, left the group."""
        self.flow(lambda: self._leave(self.chosen()))

    async def _leave(self, ids: list[int]) -> None:
        from qunguan.tui.screens import members_change as change

        if await change.leave(self.room, ids):
            self._mark(frozenset())
            await self.room.changed()

    async def do_rejoin(self) -> None:
        """Note that the member is back."""
        self.flow(lambda: self._rejoin_one(self._current()))

    async def _rejoin_one(self, member_id: int) -> None:
        from qunguan.tui.screens import members_change as change

        if await change.rejoin(self.room, member_id):
            await self.room.changed()

    async def do_erase(self) -> None:
        """Forget the member for good."""
        self.flow(self._erase)

    async def _erase(self) -> None:
        await self._erase_one(self._current())

    async def _erase_one(self, member_id: int) -> bool:
        from qunguan.tui.screens import members_change as change

        if not await change.erase(self.room, member_id):
            return False
        self._mark(self.table.marked - {member_id})
        self.say(_("Forgotten: #{id}", id=member_id))
        await self.room.changed()
        return True

    async def do_why(self) -> None:
        """How full the group is, and by which rule."""
        from qunguan.services import rules
        from qunguan.tui.widgets.dialogs import TextView

        states = [await self.desk.read(rules.state, f"group.{name}") for name in ("capacity_soft", "capacity_hard")]
        self.app.push_screen(TextView(_("How full the group is"), capacity_lines(self._capacity, states)))

    def _current(self) -> int:
        """The member under the cursor."""
        if self.table.current is None:
            raise NotFound("there is nobody under the cursor")
        return self.table.current.key


SCREEN = MembersScreen
