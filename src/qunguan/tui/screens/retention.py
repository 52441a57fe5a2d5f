"""Retention: who came back, cohort by cohort; on that very day, or then or later (semantics 3.6)."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.retention import Cohort, CohortLine, Kind, Retention
from qunguan.exchange.writers.retention import KINDS, retention_table, retention_text, why_lines
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import retention_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import TextView


class RetentionScreen(PastDayScreen):
    """The cohorts of the group in hand, newest first. `f` turns the kind, `s` days and weeks, `[` and `]` the day."""

    noun = "retention"
    OF_GROUP = True
    KEEPS = ("_kind", "_cohort", "past_day")
    BINDINGS = bindings("retention")

    def __init__(self) -> None:
        super().__init__()
        self._kind, self._cohort = Kind.CLASSIC, Cohort.WEEK
        self._shown: Retention | None = None

    # -- what is shown

    async def listing(self) -> Listing:
        """The cohorts, newest first."""
        from qunguan.services import retention

        found = await self.desk.read(
            retention.retention, self.room.clock, self.group.id, self._kind, self._cohort, self.past_day
        )
        self._shown = found
        source = Lines(found.cohorts[::-1], lambda one: one.start.toordinal(), lambda one: drawing.cells(found, one))
        return Listing(drawing.columns(found), source, drawing.headline(found), drawing.empty_text(found))

    async def beside(self, key: int) -> Content:
        """All cohorts together, both kinds side by side, and what to mind."""
        return drawing.side(self.found, self._line(key))

    @property
    def found(self) -> Retention:
        """What is shown."""
        assert self._shown is not None
        return self._shown

    def _line(self, key: int | None) -> CohortLine | None:
        return next((one for one in self.found.cohorts if one.start.toordinal() == key), None)

    # -- actions

    def blocked(self, verb: str) -> str:
        """The day after today is not there yet."""
        if told := super().blocked(verb):
            return told
        if verb == "open" and self.key is None:
            return _("there is no cohort: give members the day they joined, in the roster (2)")
        return ""

    async def do_filter(self) -> None:
        """Active on that very day, or then or later."""
        self._kind = Kind.ROLLING if self._kind is Kind.CLASSIC else Kind.CLASSIC
        await self.show()

    async def do_sort(self) -> None:
        """Cohorts by day or by week."""
        self._cohort = Cohort.DAY if self._cohort is Cohort.WEEK else Cohort.WEEK
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Who joined then, and who stayed."""
        begin(self, self._who())

    async def _who(self) -> None:
        from qunguan.services import members, retention

        line = self._line(self.key)
        assert line is not None
        choices = [
            Choice(each, each, drawing.share(self.found, line, each, rate))
            for each, rate in drawing.rates(self.found, line).items()
        ]
        chosen = await self.app.push_screen_wait(Choose(drawing.cohort_text(self.found, line), choices))
        if chosen is None:
            return
        why = await self.desk.read(
            retention.why_cell, self.room.clock, self.group.id, line.start, int(chosen[1:]), kind=self._kind,
            cohort=self._cohort, weekly=chosen.startswith("W"), as_of=self.past_day,
        )  # fmt: skip
        names = await self.desk.read(members.names, [*why.kept, *why.lost, *why.waiting, *why.untold])
        told = [literal(each) for each in why_lines(why, names)]
        await self.app.push_screen(TextView(f"{drawing.cohort_text(self.found, line)} · {chosen}", told))

    async def do_copy(self) -> None:
        """The figures as text."""
        await copy_out(self.room, retention_text(self.found, self.group.name), f"retention-{self.found.as_of}")

    async def do_export(self) -> None:
        """Every cohort to a file."""
        table = retention_table(self.found)

        async def made() -> Table:
            return table

        export(self.room, _("Export the figures"), f"retention-{self.found.as_of}", made)

    async def do_why(self) -> None:
        """What counts as active, who is in a cohort, what is not ripe."""
        told = [literal(each) for each in drawing.why(self.found)]
        await self.app.push_screen(TextView(_("Retention: {kind}", kind=_(KINDS[self.found.kind])), told))


SCREEN = RetentionScreen
