"""The 3T room: the clocks, what to say next, what was said, and who gets what (S4-18 to S4-22)."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.clock import DayRule
from qunguan.domain.incident_clock import UPDATE, Running
from qunguan.domain.incident_compensation import Compensation
from qunguan.domain.incidents import IncidentView
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin
from qunguan.tui.screens import incidents_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView

_ANY = frozenset({"start", "drill", "why"})
_WHILE_OPEN = frozenset({"tick", "update", "amends", "log", "edit", "review", "close"})


class IncidentsScreen(ListScreen):
    """One incident at a time: the one that is open, or the newest."""

    noun = "incidents"
    KEEPS: ClassVar[tuple[str, ...] | None] = ("_incident_id", "_amends", "drafts")
    BINDINGS = bindings("incidents")
    DEFAULT_CSS = """
    IncidentsScreen {
        & .clocks { height: auto; padding: 0 1; text-style: bold; }
        & .gauges { height: auto; padding: 0 1; margin: 0 0 1 0; color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._incident_id: int | None = None
        self._amends = False
        self._seen_id: int | None = None
        self._found: IncidentView | None = None
        self._lines: dict[int, drawing.Line] = {}
        self._promises: dict[int, Compensation] = {}
        self.rule = DayRule()
        self.drafts: dict[tuple[int, str], str] = {}
        """What is written and was not yet posted or saved, by incident and stage, or line of its review."""

    # -- what is shown

    def body(self) -> ComposeResult:
        """Above the list its clocks and gauges."""
        inner = super().body()
        yield next(iter(inner))  # the headline
        yield Static("", classes="clocks", markup=False)
        yield Static("", classes="gauges", markup=False)
        yield from inner

    async def listing(self) -> Listing:
        """The steps of the incident, or who gets what."""
        self._found = await self._view()
        found = self._found
        self.ticked()
        gauges = self.query_one(".gauges", Static)
        gauges.display = found is not None
        if found is None:
            from qunguan.services import incidents

            times = await self.desk.read(incidents.limits)
            return Listing((), Lines[int]([], int, lambda _one: ()), Content(""), drawing.empty_text(times))
        gauges.update(drawing.gauges(found.gauges))
        return await self._promised(found) if self._amends else self._steps(found)

    async def _view(self) -> IncidentView | None:
        """The incident that is asked for, else one that is open, else the newest; its clock is that of its group."""
        from qunguan.services import groups, incidents

        known = await self.desk.read(incidents.all_incidents)
        wanted = next((each for each in known if each.id == self._incident_id), None)
        here = self.room.group.id if self.room.group else None
        first = sorted(known, key=lambda each: (not each.open, each.drill, each.group_id != here))
        chosen = wanted or next(iter(first), None)
        if chosen is None:
            return None
        self._incident_id = chosen.id
        group = await self.desk.read(groups.get, chosen.group_id)
        self.rule, self._group = group.day_rule, "" if group.id == here else group.name
        return await self.desk.read(incidents.view, self.room.clock, chosen.id)

    def _steps(self, found: IncidentView) -> Listing:
        told = drawing.steps(found, self.rule)
        self._lines = {line.key: line for line in told}
        if self._seen_id != found.incident.id:
            self._seen_id, self._aimed = found.incident.id, drawing.next_key(told)
        head = drawing.headline(found.incident, self._group, self.rule)
        return Listing(drawing.columns(), Lines(told, lambda line: line.key, drawing.cells), head, "")

    async def _promised(self, found: IncidentView) -> Listing:
        from qunguan.services import incident_compensation

        told = await self.desk.read(incident_compensation.of_incident, found.incident.id)
        self._promises = {one.id: one for one in told}
        head = drawing.headline(found.incident, self._group, self.rule).append(literal(f"  {drawing.waiting(told)}"))
        source = Lines(told, lambda one: one.id, lambda one: drawing.amends_cells(one, self.rule))
        return Listing(drawing.amends_columns(), source, head, drawing.amends_empty())

    async def beside(self, key: int) -> Content:
        """What the line is about."""
        if self._amends:
            one = self._promises.get(key)
            return Content("") if one is None else drawing.amends_side(one)
        line = self._lines.get(key)
        return Content("") if line is None or self._found is None else drawing.side(line, self._found, self.rule)

    def ticked(self) -> None:
        """A second went by."""
        for clocks in self.query(".clocks").results(Static):
            found, watch = self._found, self.room.clocks
            clocks.display = found is not None
            if found is not None:
                now = watch.now if watch else self.room.clock.now()
                clocks.update(drawing.clocks(found, self._clocks_of(found), now, self.rule))

    def _clocks_of(self, found: IncidentView) -> Running | None:
        watch = self.room.clocks
        return next((each for each in watch.running if each.id == found.incident.id), None) if watch else None

    def aim(self, subject: int | None = None, day: object = None) -> None:
        """Show this incident."""
        super().aim(None)
        if subject is not None:
            self._incident_id, self._amends, self._seen_id = subject, False, None

    @property
    def found(self) -> IncidentView:
        """The incident that is shown."""
        assert self._found is not None
        return self._found

    @property
    def line(self) -> drawing.Line | None:
        """The line under the cursor."""
        return None if self.key is None or self._amends else self._lines.get(self.key)

    @property
    def stage(self) -> str:
        """The stage the cursor is at, else the next one to be told."""
        line = self.line
        if line is not None and line.stage:
            return line.stage
        return next((each.name for each in self.found.stages if each.done_at is None), UPDATE)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Most is of an incident, and of one that is open."""
        if verb in ("start", "drill"):
            return "" if self.room.group else _("choose a group first: g")
        if self._found is None:
            return "" if verb in _ANY else _("nothing happened yet: ! starts the clocks, d a drill")
        if verb in _WHILE_OPEN and not self._found.incident.open:
            return _("this one is closed; x writes its report")
        if verb == "close" and self._found.review is None:
            return _("write the review first: r")
        if verb == "tick" and (self.key not in self._promises if self._amends else self._point is None):
            return _("choose a promise") if self._amends else _("choose a point of a checklist; Enter tells a stage")
        return ""

    @property
    def _point(self) -> drawing.Line | None:
        return self.line if self.line is not None and self.line.kind == "check" else None

    async def do_open(self) -> None:
        """Tell the stage; what was told, and a line of the timeline, is read."""
        from qunguan.tui.screens.incidents_forms import edit, tell

        line = self.line
        if line is None or line.kind in ("entry", "action"):
            await self._read(line)
        elif line.kind == "role":
            begin(self, edit(self, self.found, self.rule))
        elif any(each.name == self.stage and each.done_at for each in self.found.stages):
            await self._read(line)
        elif not self.found.incident.open:
            self.say(_("this one is closed; x writes its report"), "warning")
        else:
            begin(self, tell(self, self.found, self.stage))

    async def _read(self, line: drawing.Line | None) -> None:
        if line is not None:
            told = drawing.side(line, self.found, self.rule)
            await self.app.push_screen(TextView(line.text, told.split("\n", allow_blank=True)))

    async def do_tick(self) -> None:
        """Tick the point, or take the tick off; of amends, that they were handed over."""
        from qunguan.services import incident_compensation, incidents

        incident_id, point = self.found.incident.id, self._point
        if self._amends:
            assert self.key is not None
            one = self._promises[self.key]
            service = incident_compensation.take_back if one.delivered_at else incident_compensation.deliver
            await self.desk.write(service, incident_id, [one.id])
        elif point is not None:
            doing = incidents.uncheck if point.thing.done_at else incidents.check
            await self.desk.write(doing, incident_id, point.stage, point.thing.item)
        await self.room.changed()

    async def do_copy(self) -> None:
        """The statement."""
        from qunguan.tui.screens.incidents_forms import copy

        begin(self, copy(self, self.found, self.stage))

    async def do_update(self) -> None:
        """How it goes."""
        from qunguan.tui.screens.incidents_forms import tell

        begin(self, tell(self, self.found, UPDATE))

    async def do_amends(self) -> None:
        """A list of amends."""
        from qunguan.tui.screens.incidents_amends import take_in

        begin(self, take_in(self, self.found.incident))

    async def do_view(self) -> None:
        """The steps, or who gets what."""
        self._amends = not self._amends
        self._lines, self._promises = {}, {}
        await self.show(keep=False)

    async def do_log(self) -> None:
        """A line of the timeline."""
        from qunguan.tui.screens.incidents_forms import note

        begin(self, note(self, self.found.incident))

    async def do_edit(self) -> None:
        """Put right what was said in a hurry."""
        from qunguan.tui.screens.incidents_forms import edit

        begin(self, edit(self, self.found, self.rule))

    async def do_review(self) -> None:
        """Write the review."""
        from qunguan.tui.screens.incidents_review import write

        begin(self, write(self, self.found))

    async def do_close(self) -> None:
        """Close it."""
        from qunguan.tui.screens.incidents_forms import close

        begin(self, close(self, self.found))

    async def do_report(self) -> None:
        """The report."""
        from qunguan.tui.screens.incidents_review import report

        begin(self, report(self, self.found.incident))

    async def do_handover(self) -> None:
        """How it stands, for whoever takes it on."""
        from qunguan.services import incidents

        text = await self.desk.read(incidents.handover, self.room.clock, self.found.incident.id)
        await copy_out(self.room, text, f"incident-{self.found.incident.id}-handover")

    async def do_prev(self) -> None:
        """The incident before this one."""
        await self._turn(1)

    async def do_next(self) -> None:
        """The incident after this one."""
        await self._turn(-1)

    async def _turn(self, step: int) -> None:
        from qunguan.services import incidents

        ids = [each.id for each in await self.desk.read(incidents.all_incidents)]
        place = ids.index(self.found.incident.id) + step
        if not 0 <= place < len(ids):
            self.say(_("there is no earlier one") if step > 0 else _("there is no later one"), "warning")
            return
        await self._show_one(ids[place])

    async def _show_one(self, incident_id: int) -> None:
        self._incident_id, self._amends, self._seen_id = incident_id, False, None
        await self.show(keep=False)

    async def do_list(self) -> None:
        """Choose among all of them."""
        from qunguan.services import incidents
        from qunguan.tui.widgets.choose import Choice, Choose

        known = await self.desk.read(incidents.all_incidents)
        choices = [Choice(str(each.id), each.title, drawing.noted(each)) for each in known]

        async def chosen(incident_id: str | None) -> None:
            if incident_id is not None:
                await self._show_one(int(incident_id))

        self.app.push_screen(Choose(_("Which one?"), choices), chosen)

    async def do_start(self) -> None:
        """Another one."""
        from qunguan.tui.screens.incidents_forms import start

        await start(self.room)

    async def do_drill(self) -> None:
        """A drill."""
        from qunguan.tui.screens.incidents_forms import start

        await start(self.room, drill=True)

    async def do_why(self) -> None:
        """The times, the gauges and how bad is how bad."""
        from qunguan.services import incidents

        times = await self.desk.read(incidents.limits)
        found = self._found
        title = found.incident.title if found else _("3T room")
        await self.app.push_screen(TextView(title, drawing.why(found, times)))


SCREEN = IncidentsScreen
