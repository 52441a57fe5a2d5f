"""SOPs: what is done by the clock, for newcomers, on birthdays or on call; which are on, and what comes next."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.scripts import in_words
from qunguan.domain.sops import STARTED, Sop
from qunguan.i18n import _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import sops_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView


class SopsScreen(ListScreen):
    """The SOPs of the group in hand, or of all groups without one; beside them the steps of the one at the cursor."""

    noun = "sops"
    KEEPS = ()
    BINDINGS = bindings("sops")

    def __init__(self) -> None:
        super().__init__()
        self._sops: dict[int, Sop] = {}

    # -- what is shown

    async def listing(self) -> Listing:
        """The SOPs, those that are on first."""
        from qunguan.services import groups, sops

        room = self.room
        known = () if room.group else await self.desk.read(groups.all_groups)
        found = await self.desk.read(sops.all_sops, room.group.id if room.group else None)
        names = {group.id: group.name for group in known}
        shown = sorted(found, key=lambda one: (not one.on, one.id))
        self._sops = {one.id: one for one in shown}
        source = Lines(
            shown, lambda one: one.id, lambda one: drawing.cells(one, room.today, names.get(one.group_id, ""))
        )
        return Listing(drawing.columns(), source, drawing.headline(shown, room.today), drawing.empty_text())

    async def beside(self, key: int) -> Content:
        """The steps."""
        one = self._sops.get(key)
        return Content("") if one is None else drawing.side(one, self.room.today)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without an SOP there is only one thing to do; what runs by itself is not started."""
        if verb == "add":
            return "" if self.room.group else _("choose a group first: g")
        if self.key not in self._sops:
            return _("there is no SOP yet: a takes one up")
        if verb == "start" and self.current.trigger not in STARTED:
            return _("this one runs by itself")
        return ""

    @property
    def current(self) -> Sop:
        """The SOP under the cursor."""
        assert self.key is not None
        return self._sops[self.key]

    async def do_open(self) -> None:
        """The steps: change one, or add one."""
        from qunguan.tui.screens.sops_forms import steps

        begin(self, steps(self, self.current))

    async def do_add(self) -> None:
        """A shipped SOP, or one of one's own."""
        from qunguan.tui.screens.sops_forms import take_up

        begin(self, take_up(self, {one.preset for one in self._sops.values()}))

    async def do_edit(self) -> None:
        """Another name."""
        from qunguan.tui.screens.sops_forms import rename

        begin(self, rename(self, self.current))

    async def do_start(self) -> None:
        """Start it for a day, or end a run."""
        from qunguan.tui.screens.sops_forms import start

        begin(self, start(self, self.current))

    async def do_switch(self) -> None:
        """On or off, from today on."""
        from qunguan.services import sops

        one = self.current
        await self.desk.write(sops.switch, one.id, enabled=not one.on)
        self.say(_("{name} is off", name=one.name) if one.on else _("{name} is on", name=one.name))
        self.aim(one.id)
        await self.room.changed()

    async def do_remove(self) -> None:
        """Put it away."""
        begin(self, self._put_away(self.current))

    async def _put_away(self, one: Sop) -> None:
        from qunguan.services import sops

        details = [
            ngettext("{n} step is not asked for any more.", "{n} steps are not asked for any more.",
                     len(one.steps_now)),
            _("What was due before stays; u brings it back."),
        ]  # fmt: skip
        if await self.app.push_screen_wait(Confirm(_("Put away {name}?", name=one.name), details)):
            await self.desk.write(sops.end, one.id)
            self.say(_("{name} is put away", name=one.name))
            await self.room.changed()

    async def do_copy(self) -> None:
        """The SOP with its texts."""
        one = self.current
        await send_out(self.room, in_words(drawing.as_text(one)), f"sop-{one.id}")

    async def do_why(self) -> None:
        """Where each step comes from."""
        one = self.current
        await self.app.push_screen(TextView(one.name, [literal(line) for line in drawing.why(one)]))


SCREEN = SopsScreen
