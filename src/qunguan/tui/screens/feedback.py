"""Feedback: who waits and how long, what was said, what was done about it, and whether complaints grow."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.content import Content

from qunguan.domain.feedback import Feedback, FeedbackChange, FeedbackCounts, Kind
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import feedback_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.widgets.dialogs import TextView

_RULES = ("feedback.reply_minutes", "feedback.urgent_minutes", "feedback.settle_hours", "alert.complaints_pct",
          "alert.complaints_min")  # fmt: skip
_ANYTIME = ("filter", "kind", "search", "why", "export")


def since(one: Feedback) -> datetime:
    """Since when somebody waits, or when they said it: the order of those who wait."""
    return one.waiting_since or one.told_at


class FeedbackScreen(ListScreen):
    """What members of the group in hand said, or of all groups without one. First who waits, the longest on top."""

    noun = "feedback"
    KEEPS = ("_which", "_kind")
    BINDINGS = bindings("feedback")
    SEARCH_HINT: ClassVar[str] = N_("who said it, or words of it")

    def __init__(self) -> None:
        super().__init__()
        self._which: drawing.Which = "waiting"
        self._kind: Kind | None = None
        self._shown: dict[int, Feedback] = {}
        self._told: drawing.Told | None = None
        self._moved: FeedbackChange | None = None
        self._kept: dict[int, datetime] = {}  # answered here while looked at, and since when they had waited

    # -- what is shown

    async def listing(self) -> Listing:
        """Those asked for."""
        from qunguan.services import feedback

        group_id = self.room.group.id if self.room.group else None
        waiting = await self.desk.read(feedback.waiting, self.room.clock, group_id)
        found = await self._with_kept(waiting, group_id)
        if self._which != "waiting":
            found = await self.desk.read(feedback.feedback, group_id, still_open=self._which == "open")
        wanted = match_key(self.search)
        of_kind = [one for one in found if self._kind in (None, one.kind)]
        shown = [one for one in of_kind if wanted in match_key(f"{one.name} {one.text}")]
        self._shown = {one.id: one for one in shown}
        self._told = told = await self._surroundings()
        counts = await self._change(group_id)
        late = sum(drawing.too_long(one, told) for one in waiting)
        head = drawing.headline(len(waiting), late, counts, self._moved, drawing.filters(self._which, self._kind))
        source = Lines(shown, lambda one: one.id, lambda one: drawing.cells(one, told))
        return Listing(drawing.columns(), source, head, drawing.empty_text(await self._anything(group_id)))

    async def _with_kept(self, waiting: tuple[Feedback, ...], group_id: int | None) -> tuple[Feedback, ...]:
        """Who waits, and in their places those who waited until they were answered here: the next key meets nobody
        else."""
        from qunguan.services import feedback

        gone = self._kept.keys() - {one.id for one in waiting}
        kept = await self.desk.read(feedback.among, self.room.clock, sorted(gone), group_id) if gone else ()
        return tuple(sorted((*waiting, *kept), key=lambda one: (self._kept.get(one.id) or since(one), one.id)))

    def keep(self, one: Feedback) -> None:
        """Let one stay in sight among those who wait until another list is asked for."""
        self._kept.setdefault(one.id, since(one))

    async def _surroundings(self) -> drawing.Told:
        from qunguan.services import feedback, groups

        known = await self.desk.read(groups.all_groups, archived=True)
        names = {} if self.room.group else {group.id: group.name for group in known}
        limits = await self.desk.read(feedback.limits)
        rules = {group.id: group.day_rule for group in known}
        return drawing.Told(limits, self.room.clock.now(), self.room.today, rules, names)

    async def _change(self, group_id: int | None) -> FeedbackCounts | None:
        from qunguan.services import feedback

        self._moved = None
        if group_id is None:
            return None
        self._moved = moved = await self.desk.read(feedback.change, self.room.clock, group_id)
        return await self.desk.read(feedback.counts, [group_id], moved.first, self.room.today)

    async def _anything(self, group_id: int | None) -> bool:
        from qunguan.services import feedback

        return bool(self._shown) or bool(await self.desk.read(feedback.feedback, group_id, most=1))

    async def beside(self, key: int) -> Content:
        """What was said and done, and the text to answer with."""
        from qunguan.services import feedback

        one, told = self._shown.get(key), self._told
        if one is None or told is None:
            return Content("")
        ready = await self.desk.read(feedback.answers, self.room.clock, one)
        return drawing.side(one, told, ready[0].text if ready else "")

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without a line there is only something to be written down, into a group."""
        if verb in ("add", "import"):
            return "" if self.room.group else _("choose a group first: g")
        if verb in _ANYTIME:
            return ""
        if self.key not in self._shown:
            return _("nothing is chosen: a writes down what somebody said, f shows another list")
        if verb == "amends" and not self.current.complaint:
            return _("this is no complaint: Enter answers it")
        if verb == "settle" and self.current.kind == "praise":
            return _("praise asks for nothing")
        return ""

    @property
    def current(self) -> Feedback:
        """The one under the cursor."""
        assert self.key is not None
        return self._shown[self.key]

    async def do_open(self) -> None:
        """Answer it."""
        from qunguan.tui.screens.feedback_forms import answer

        begin(self, answer(self, self.current))

    async def do_add(self) -> None:
        """Write one down."""
        from qunguan.tui.screens.feedback_forms import add

        begin(self, add(self))

    async def do_amends(self) -> None:
        """The next step to make it good."""
        from qunguan.tui.screens.feedback_forms import make_good

        begin(self, make_good(self, self.current))

    async def do_settle(self) -> None:
        """Settled, or open again."""
        from qunguan.services import feedback

        one = self.current
        service = feedback.resolve if one.settled_at is None else feedback.reopen
        self.keep(one)
        done = await self.desk.write(service, one.id)
        self.say(_("Settled; u takes it back") if done.settled_at else _("Open again: whoever said it waits"))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The best ready text, its places asked for."""
        from qunguan.services import feedback
        from qunguan.tui.gaps import ask_and_send

        one = self.current
        ready = (await self.desk.read(feedback.answers, self.room.clock, one))[0]
        begin(self, ask_and_send(self.room, ready.text, ready.missing, ready.name, f"feedback-{one.id}"))

    async def do_filter(self) -> None:
        """Who waits, what is open, everything."""
        self._which = drawing.next_which(self._which)
        self._kept.clear()
        await self.show(keep=False)

    async def do_kind(self) -> None:
        """One kind after the other."""
        self._kind = drawing.next_kind(self._kind)
        await self.show(keep=False)

    async def do_import(self) -> None:
        """Take in a sheet."""
        from qunguan.tui.screens.feedback_forms import take_in

        begin(self, take_in(self))

    async def do_export(self) -> None:
        """The list as it is shown."""
        from qunguan.exchange.writers.feedback import feedback_table
        from qunguan.exchange.writers.tables import Table

        async def make() -> Table:
            return feedback_table(list(self._shown.values()), self.room.day_rule)

        export(self.room, _("Write the feedback to a file"), f"{_('Feedback')}-{self.room.today}", make)

    async def do_why(self) -> None:
        """The limits with their sources, and the change of each kind."""
        from qunguan.tui.screens.rule_lines import rule_lines

        told = [*await rule_lines(self.desk, _RULES), *drawing.change_lines(self._moved)]
        await self.app.push_screen(TextView(_("Feedback"), told))


SCREEN = FeedbackScreen
