"""Reach: who can be written to how if the group goes down, before it does (S4-31, S4-32)."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.defence import Line
from qunguan.domain.reach import Contact, Coverage
from qunguan.domain.sources import cited
from qunguan.domain.text import match_key, show
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin
from qunguan.tui.screens import reach_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Confirm, TextView


class ReachScreen(ListScreen):
    """The channels of the group in hand with their coverage; who has no way; every way, one a line."""

    noun = "reach"
    OF_GROUP = True
    KEEPS = ("_view",)
    BINDINGS = bindings("reach")
    SEARCH_HINT: ClassVar[str] = N_("a member, a channel, a number")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "channels"
        self._found: Coverage | None = None
        self._defence: tuple[Line, ...] = ()
        self._ways: tuple[Contact, ...] = ()

    # -- what is shown

    async def listing(self) -> Listing:
        """The view that is asked for."""
        from qunguan.services import defence, reach

        group = self.group
        self._found = found = await self.desk.read(reach.coverage, self.room.clock, group.id)
        self._defence = await self.desk.read(defence.lines, self.room.clock, group.id)
        self._ways = await self.desk.read(reach.contacts, self.room.clock, group.id)
        view = self._view
        return Listing(drawing.columns(view), self._source(found), drawing.headline(found, view),
                       drawing.empty_text(view, found.members))  # fmt: skip

    def _source(self, found: Coverage) -> Lines[int]:
        """The lines of the view, known by their place among all."""
        wanted = match_key(self.search)

        def some(texts: list[str]) -> list[int]:
            return [place for place, text in enumerate(texts) if wanted in match_key(text)]

        if self._view == "channels":
            covers = found.channels
            places = some([each.name for each in covers]) if found.members else []
            return Lines(places, int, lambda place: drawing.cover_cells(covers[place], found.members))
        if self._view == "lost":
            lost = found.unreachable
            return Lines(some([name for _id, name in lost]), int, lambda place: drawing.lost_cells(lost[place]))
        ways = self._ways
        texts = [f"{one.name} {one.channel} {one.value}" for one in ways]
        return Lines(some(texts), int, lambda place: drawing.contact_cells(ways[place]))

    async def without_group(self) -> None:
        """Nothing to show."""
        self._found, self._ways = None, ()
        await super().without_group()

    async def beside(self, key: int) -> Content:
        """The channel with the three lines, or the ways to the member."""
        found = self._found
        if found is None:
            return Content("")
        if self._view == "channels":
            return drawing.channel_side(found.channels[key], found, self._defence)
        who, name = self._member(key)
        return drawing.contact_side(name, [one for one in self._ways if one.member_id == who])

    def _member(self, key: int) -> tuple[int, str]:
        """The member of a line."""
        assert self._found is not None
        if self._view == "lost":
            return self._found.unreachable[key]
        return self._ways[key].member_id, self._ways[key].name

    # -- actions

    def blocked(self, verb: str) -> str:
        """Everything is about a group; a way can be taken out only where one is chosen."""
        if self._found is None:
            return _("choose a group first: g")
        if verb == "copy" and not self._found.unreachable:
            return _("everybody can be reached: nobody is to be asked")
        if verb == "export" and not self._found.reachable:
            return _("nobody can be reached yet: i takes in a table, a notes one way")
        if verb == "open" and self.key is None:
            return _("no line is chosen")
        if verb in ("refuse", "remove"):
            if self._view != "contacts" or self.key is None:
                return _("choose one way first: f, until every way is listed")
            if verb == "remove" and self._ways[self.key].id is None:
                return _("this one follows from the roster or an account: n notes that it is not to be used")
        return ""

    async def do_open(self) -> None:
        """The ways of the channel; of somebody without one, note it."""
        assert self._found is not None
        assert self.key is not None
        if self._view == "channels":
            place = self.key
            self._view = "contacts"
            wanted = self._found.channels[place].channel
            self.aim(next((at for at, one in enumerate(self._ways) if one.channel == wanted), None))
            await self.show(keep=False)
            return
        await self.do_add()

    async def do_add(self) -> None:
        """Note a way; on a line about somebody, to them."""
        from qunguan.tui.screens.reach_forms import add

        if self._view == "channels" or self.key is None:
            channel = self._found.channels[self.key].channel if self._found and self.key is not None else "phone"
            self.app.push_screen(add(self, channel=channel))
            return
        who, _name = self._member(self.key)
        self.app.push_screen(add(self, f"#{who}"))

    async def do_import(self) -> None:
        """Take in a table."""
        from qunguan.tui.screens.reach_forms import take_in

        begin(self, take_in(self))

    async def do_refuse(self) -> None:
        """They do not want to be written to this way; again: they do."""
        from qunguan.domain.reach import channels
        from qunguan.services import reach

        assert self.key is not None
        one = self._ways[self.key]
        await self.desk.write(reach.add, one.member_id, channels()[one.channel], one.value, agreed=not one.agreed)
        await self.room.changed()

    async def do_remove(self) -> None:
        """Take the way out."""
        assert self.key is not None
        begin(self, self._remove(self._ways[self.key]))

    async def _remove(self, one: Contact) -> None:
        from qunguan.services import reach

        assert one.id is not None
        title = _("Take out {value} of {name}?", value=show(one.shown), name=show(one.name))
        if await self.app.push_screen_wait(Confirm(title, [_("It was told to you on {day}.", day=one.told_on)])):
            await self.desk.write(reach.end, one.id)
            await self.room.changed()

    async def do_export(self) -> None:
        """The reach list as a file: only ways that were not refused."""
        from qunguan.exchange.writers.reach import reach_table
        from qunguan.services import reach
        from qunguan.tui.export import export

        group = self.group
        title = _("Reach list of {group}", group=group.name)

        async def make() -> Table:
            return reach_table(await self.desk.read(reach.reach_list, self.room.clock, group.id), title)

        export(self.room, title, "reach", make)

    async def do_copy(self) -> None:
        """Whom to ask for a way, as a text for the group."""
        assert self._found is not None
        names = " ".join(f"@{show(name)}" for _id, name in self._found.unreachable)
        text = _("{names}\nIf this group is ever gone, how do I find you? Send me a phone number or an address in "
                 "private; it is used for nothing else.", names=names)  # fmt: skip
        await copy_out(self.room, text, "reach-ask")

    async def do_filter(self) -> None:
        """Channels, who has no way, every way."""
        self._view = next_of(drawing.VIEWS, self._view)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """What counts, the target and the three lines."""
        assert self._found is not None
        told = [
            _("Counted are the members present now; a way counts once it is known and was not refused."),
            _("Own ground: what stands when the group's own platform is closed — a number, an app of your own, an "
              "address."),
            _("A phone number of the roster is a way; so are account ids of members who are known."),
            *cited(self._found.source), *cited("S4-32"),
        ]  # fmt: skip
        lines = [*map(literal, told), Content(""), *drawing.defence_lines(self._defence)]
        await self.app.push_screen(TextView(_("Reach"), lines))


SCREEN = ReachScreen
