"""Silent members: who is due, what speaks for them, a decision for each, wake lists and what came of them."""

from __future__ import annotations

from typing import cast

from textual.content import Content

from qunguan.domain.cleaning import Case, Decision, Queue, Wake
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import cleaning_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView

_DECIDING = {"wake", "slow", "keep", "remove", "leave_alone"}
_OF_WAKE = {"sent", "edit"}


class CleaningScreen(ListScreen):
    """The queue of the group in hand; `f` shows the wake lists, then the decisions; Enter on a list who is on it."""

    noun = "cleaning"
    OF_GROUP = True
    KEEPS = ("_view", "_wake_id")
    BINDINGS = bindings("cleaning")
    SEARCH_HINT = N_("name · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "queue"
        self._queue: Queue | None = None
        self._wakes: tuple[Wake, ...] = ()
        self._cases: tuple[Case, ...] = ()
        self._wake_id: int | None = None  # the list whose members are shown
        self._spans = (0, 0)

    # -- what is shown

    async def load(self) -> None:
        """Read the queue, the wake lists and the decisions, then show."""
        from qunguan.services import cleaning, rules

        clock = self.room.clock
        self._queue = await self.desk.read(cleaning.queue, clock, self.group.id)
        self._wakes = await self.desk.read(cleaning.wakes, clock, self.group.id)
        self._cases = await self.desk.read(cleaning.cases, clock, self.group.id)
        self._spans = (
            int(await self.desk.read(rules.value, "clean.wake_days")),
            int(await self.desk.read(rules.value, "clean.later_days")),
        )
        await super().load()

    def turn_to_wake(self, wake_id: int) -> None:
        """Show who is on this wake list the next time something is read."""
        self._view, self._wake_id, self._seen = "on_wake", wake_id, -1

    @property
    def queue(self) -> Queue:
        """The queue that is shown."""
        assert self._queue is not None
        return self._queue

    async def listing(self) -> Listing:
        """The list of the view, as far as the search finds it."""
        view, search = self._view, self.search
        headline = drawing.headline(view, self.queue, self._wakes, self._cases, search)
        empty = drawing.empty_text(view, self.queue)
        if view == "queue":
            due = [one for one in self.queue.candidates if drawing.finds(search, one.name)]
            queued = Lines(due, lambda one: one.member_id, drawing.queue_cells)
            return Listing(drawing.queue_columns(), queued, headline, empty)
        if view == "wakes":
            lists = [one for one in self._wakes if drawing.finds(search, one.name)]
            source = Lines(lists, lambda one: one.id, lambda one: drawing.wake_cells(one, *self._spans))
            return Listing(drawing.wake_columns(*self._spans), source, headline, empty)
        wake = self.wake
        if view == "on_wake" and wake is not None:
            people = [one for one in wake.members if drawing.finds(search, one.name)]
            on_it = Lines(people, lambda one: one.member_id, drawing.woken_cells)
            return Listing(drawing.woken_columns(), on_it, drawing.wake_headline(wake, self._spans[0]), empty)
        found = [one for one in self._cases if drawing.finds(search, one.name)]
        return Listing(drawing.case_columns(), Lines(found, lambda one: one.id, drawing.case_cells), headline, empty)

    @property
    def wake(self) -> Wake | None:
        """The wake list under the cursor, or the one whose members are shown."""
        wanted = self.key if self._view == "wakes" else self._wake_id if self._view == "on_wake" else None
        return next((one for one in self._wakes if one.id == wanted), None)

    def _case(self, key: int | None) -> Case | None:
        return next((one for one in self._cases if one.id == key), None)

    async def beside(self, key: int) -> Content:
        """Why somebody is due and the three questions; the letter of a list; what came of a decision."""
        from qunguan.services import cleaning

        if self._view == "queue":
            name = next((one.name for one in self.queue.candidates if one.member_id == key), "")
            return drawing.side(name, await self._why(key))
        if self._view == "cases" and (case := self._case(key)):
            return drawing.case_side(case, *self._spans, self.queue.as_of)
        wake = self.wake
        if wake is None:
            return Content("")
        said = [str(line) for line in await self.desk.read(cleaning.why_wake, wake)]
        return drawing.side(wake.name, said, wake.text)

    async def _why(self, member_id: int) -> list[str]:
        from qunguan.services import cleaning

        found = await self.desk.read(cleaning.why_due, self.room.clock, self.group.id, member_id)
        return [str(line) for line in found]

    # -- actions

    @property
    def member_id(self) -> int | None:
        """The member under the cursor."""
        if self._view == "cases":
            case = self._case(self.key)
            return case.member_id if case else None
        return self.key if self._view in ("queue", "on_wake") else None

    def _chosen(self) -> list[int]:
        """The marked members, or the one under the cursor."""
        marked = sorted(self.table.marked) if self._view in ("queue", "on_wake") else []
        return marked or ([self.member_id] if self.member_id is not None else [])

    def blocked(self, verb: str) -> str:
        """Decisions need somebody, letters a list."""
        if verb in _DECIDING | {"mark"} and self.member_id is None:
            return _("put the cursor on somebody: f shows the queue")
        if verb == "mark" and self._view == "cases":
            return _("decide about them one by one here, or mark them in the queue: f")
        if verb in _OF_WAKE | {"copy"} and self.wake is None:
            return _("this is for a wake list: f shows them")
        if verb in {"open", "why"} and self.key is None:
            return _("the list is empty: f shows another one")
        return ""

    async def do_filter(self) -> None:
        """The queue, the wake lists, the decisions."""
        self._view, self.table.marked = drawing.next_view(self._view), ()
        await self.show(keep=False)

    async def leave(self) -> None:
        """Esc: the search, then the marks, then from the members of a list back to the lists."""
        if not self.search and self.table.marked:
            self.table.marked = ()
        elif not self.search and self._view == "on_wake":
            self._view, self._aimed = "wakes", self._wake_id
            await self.show()
        await super().leave()

    async def do_open(self) -> None:
        """Who is on a wake list; else the member's card."""
        if self._view == "wakes":
            self._wake_id, self._view = self.key, "on_wake"
            await self.show(keep=False)
        elif self._view == "queue":
            await self.do_why()
        else:
            open_card(self, cast("int", self.member_id))

    async def do_mark(self) -> None:
        """Tick the member under the cursor, and go on to the next."""
        self.table.marked = self.table.marked ^ {cast("int", self.key)}
        await self.table.action_move(1)

    async def do_wake(self) -> None:
        """Onto a wake list: one that is there, or a new one."""
        from qunguan.tui.screens.cleaning_forms import wake_up

        begin(self, wake_up(self, self.group.id, self._chosen()))

    async def do_slow(self) -> None:
        """To the slow group."""
        await self._decide("slow")

    async def do_keep(self) -> None:
        """They stay, and come up again later."""
        await self._decide("keep")

    async def do_remove(self) -> None:
        """They leave the group."""
        from qunguan.tui.screens.cleaning_forms import ask_reason

        begin(self, ask_reason(self, "remove", self._chosen()))

    async def do_leave_alone(self) -> None:
        """They are not written to any more."""
        from qunguan.tui.screens.cleaning_forms import ask_reason

        begin(self, ask_reason(self, "no_contact", self._chosen()))

    async def _decide(self, decision: Decision) -> None:
        await self.decided(decision, self._chosen())

    async def decided(self, decision: Decision, ids: list[int], reason: str = "") -> None:
        """Write the decision, say what it did, and go on with the list."""
        from qunguan.services import cleaning

        done = await self.desk.write(cleaning.decide, self.group.id, ids, decision, reason=reason)
        self.table.marked = ()
        self.say(drawing.decided_text(done))
        await self.room.changed()

    async def do_sent(self) -> None:
        """The letter went out: to the marked ones, or to everybody it had not gone to."""
        from qunguan.services import cleaning

        wake = cast("Wake", self.wake)
        ids = sorted(self.table.marked) if self._view == "on_wake" and self.table.marked else None
        told = await self.desk.write(cleaning.mark_sent, wake.id, ids)
        self.table.marked = ()
        self.say(ngettext("Written to {n} member of {wake}", "Written to {n} members of {wake}", told, wake=wake.name)
                 if told else _("everybody on {wake} was written to already", wake=wake.name))  # fmt: skip
        await self.room.changed()

    async def do_edit(self) -> None:
        """Change the name and the letter."""
        from qunguan.tui.screens.cleaning_forms import edit_wake

        begin(self, edit_wake(self, cast("Wake", self.wake)))

    async def do_copy(self) -> None:
        """The letter to each: on a list of its own to the marked ones, else to those still waiting."""
        from qunguan.exchange.writers.cleaning import letter_text
        from qunguan.tui.gaps import ask_and_send
        from qunguan.tui.outgoing import send_out

        wake = cast("Wake", self.wake)
        marked = self.table.marked if self._view == "on_wake" else frozenset()
        to = [one for one in wake.members if (one.member_id in marked if marked else one.contacted_on is None)]
        told = letter_text(wake, to or wake.members, self.group.name)
        if told.missing:
            begin(self, ask_and_send(self.room, told.text, told.missing, wake.name, f"wake-{wake.id}"))
        else:
            await send_out(self.room, told.text, f"wake-{wake.id}")

    async def do_export(self) -> None:
        """Write the list to a file."""
        from qunguan.exchange.writers.cleaning import cases_table, queue_table, wake_table

        wake = self.wake
        if self._view == "queue":
            table = queue_table(self.queue.candidates)
        elif wake is not None:
            table = wake_table(wake)
        else:
            table = cases_table(self._cases)

        async def made() -> Table:
            return table

        export(self.room, _("Export the list"), f"cleaning-{self._view}-{self.queue.as_of}", made)

    async def do_why(self) -> None:
        """The rule and the three questions; how a rate is counted."""
        from qunguan.services import cleaning

        wake = self.wake
        if wake is not None:
            said = [str(line) for line in await self.desk.read(cleaning.why_wake, wake)]
            await self.app.push_screen(TextView(wake.name, [literal(line) for line in said]))
            return
        member_id = cast("int", self.member_id)
        from qunguan.services import members

        name = (await self.desk.read(members.names, [member_id]))[member_id]
        await self.app.push_screen(TextView(name, [literal(line) for line in await self._why(member_id)]))


SCREEN = CleaningScreen
