"""Reports: the kinds and what they are of, the text of one beside them; through the periods, out as text or a file."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from textual.content import Content
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.domain.reports import KINDS, Period, Report, Subject, earlier, later, newest, period
from qunguan.exchange.writers.reports import SUFFIXES, suffix_of, text, write_report
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import FOLDER, copy_out
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens import reports_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Field, Form, TextView

_PERIODS = ("daily", "weekly", "monthly", "money", "member")
_WAITING = "…"


class ReportsScreen(ListScreen):
    """What there is a report of, and beside it the text of the one under the cursor, exactly as it is copied.

    A report of a large community takes a second, so it is made beside the keys and kept until something changes.
    """

    noun = "reports"
    OF_GROUP = True
    KEEPS = ("_days", "_member")
    BINDINGS = bindings("reports")
    HORIZONTAL_BREAKPOINTS = [(0, "-wide")]  # noqa: RUF012 - the text is what it is about: it never folds away
    DEFAULT_CSS = """
    ReportsScreen {
        & .main { width: 28; }
        & .side { width: 1fr; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._subjects: tuple[Subject, ...] = ()
        self._days: dict[str, date] = {}  # kind → a day of the period looked at; without one the newest that is over
        self._member: Subject | None = None
        self._made: dict[tuple[Subject, Period | None], tuple[Report, str]] = {}

    # -- what is shown

    async def listing(self) -> Listing:
        """The kinds of time, then challenges, campaigns and bad days; at the end the member who was chosen."""
        from qunguan.services import reports

        found = await self.desk.read(reports.subjects, self.group.id)
        self._subjects = (*found, self._member or Subject("member"))
        self._made = {}
        source = Lines(list(enumerate(self._subjects)), lambda one: one[0], lambda one: drawing.cells(one[1]))
        return Listing(drawing.columns(), source, drawing.headline(), "")

    @property
    def subject(self) -> Subject:
        """What is under the cursor."""
        return self._subjects[self.key or 0]

    @property
    def period(self) -> Period | None:
        """The period looked at; None for what has none."""
        kind = self.subject.kind
        if kind not in _PERIODS:
            return None
        day = self._days.get(kind)
        return newest(kind, self.room.today) if day is None else period(kind, day, self.room.today)

    async def beside(self, key: int) -> Content:
        """The text; where it is not made yet it comes."""
        asked = self.subject, self.period
        if self._named() == "":
            return literal(_("Press m and choose whose report it is."))
        if asked in self._made:
            return drawing.preview(self._made[asked][1])
        run(self, partial(self._draw, *asked), group="report", exclusive=True)
        return Content(_WAITING)

    async def _draw(self, subject: Subject, found: Period | None) -> None:
        with unless_gone(self):
            try:
                _report, told = await self._report(subject, found)
            except UserError as error:
                told = str(error)
            if (subject, found) == (self.subject, self.period):
                self.query_one("#beside", Static).update(drawing.preview(told))
                self.offer()

    async def _report(self, subject: Subject, found: Period | None) -> tuple[Report, str]:
        """The report with its text, made once until something changes."""
        from qunguan.services import reports, rules

        if (subject, found) not in self._made:
            room = self.room
            made = await self.desk.read(
                reports.report, room.clock, subject.kind, found.first if found else None, of=subject.of,
                group_id=room.group.id if room.group else None,
            )  # fmt: skip
            limit = int(await self.desk.read(rules.value, "board.text_limit"))
            self._made[subject, found] = made, text(made, limit)
        return self._made[subject, found]

    # -- actions

    def _named(self) -> str | None:
        """Whose it is; "" where nobody was chosen, None where nobody has to be."""
        return None if self.subject.kind != "member" else (self.subject.of or "")

    def blocked(self, verb: str) -> str:
        """What has no periods, is the newest, or is nobody's yet."""
        if not self._subjects:
            return _(self.NO_GROUP)
        if verb == "who":
            return ""
        if verb in ("prev", "next", "now") and self.subject.kind not in _PERIODS:
            return _("this one has no periods: it is told up to today")
        if verb == "next" and self._after() is None:
            return _("the next one has not begun")
        if verb in ("open", "copy", "read", "why") and self._named() == "":
            return _("choose a member first: m")
        return ""

    def _after(self) -> Period | None:
        found = self.period
        return None if found is None else later(self.subject.kind, found, self.room.today)

    async def _turn(self, to: Period | None) -> None:
        if to is None:
            self._days.pop(self.subject.kind, None)
        else:
            self._days[self.subject.kind] = to.first
        self.query_one("#beside", Static).update(await self.beside(self.key or 0))
        self.offer()

    async def do_prev(self) -> None:
        """The period before."""
        found = self.period
        assert found is not None
        await self._turn(earlier(self.subject.kind, found, self.room.today))

    async def do_next(self) -> None:
        """The period after, up to the one that runs."""
        await self._turn(self._after())

    async def do_now(self) -> None:
        """The last one that is over."""
        await self._turn(None)

    async def do_copy(self) -> None:
        """The text for one message."""
        _made, told = await self._report(self.subject, self.period)
        await copy_out(self.room, told, self._stem())

    async def do_read(self) -> None:
        """The whole text."""
        made, told = await self._report(self.subject, self.period)
        await self.app.push_screen(TextView(_(KINDS[made.kind]), told.splitlines()))

    async def do_why(self) -> None:
        """How the figures are counted."""
        made, _told = await self._report(self.subject, self.period)
        await self.app.push_screen(TextView(_(KINDS[made.kind]), drawing.why(made)))

    async def do_who(self) -> None:
        """Choose a member; their report is shown."""
        begin(self, self._choose())

    async def _choose(self) -> None:
        from qunguan.services import members
        from qunguan.tui.screens.people import finder
        from qunguan.tui.widgets.find_member import FindMember

        chosen = await self.app.push_screen_wait(FindMember(_("Whose report?"), finder(self)))
        if chosen is not None:
            names = await self.desk.read(members.names, [chosen])
            self._member = Subject("member", chosen, names[chosen])
            self._aimed = len(self._subjects) - 1
            await self.show()

    async def do_open(self) -> None:
        """Ask for a file and write the report there: its end says the form."""
        begin(self, self._write())

    async def _write(self) -> None:
        from qunguan.services import rules

        made, _told = await self._report(self.subject, self.period)
        limit = int(await self.desk.read(rules.value, "board.text_limit"))
        assert self.desk.path is not None
        folder = self.desk.path.parent / FOLDER

        async def save(values: dict[str, str]) -> None:
            path = Path(values["path"]).expanduser()
            suffix_of(path)
            await self.desk.call(_written, path, made, limit, folder)
            self.say(_("The report is in {path}", path=path))

        notes = [_("The end of the name says the format: {suffixes}", suffixes=" ".join(SUFFIXES))]
        fields = [Field("path", _("file"), str(folder / f"{self._stem()}.html"))]
        await self.app.push_screen_wait(Form(_("Write the report"), fields, save, notes))

    def _stem(self) -> str:
        """The beginning of a file's name: weekly-2026-03-09, campaign-2."""
        found = self.period
        of = self.subject.id or None
        return "-".join(str(part) for part in (self.subject.kind, of, found and found.first) if part)


def _written(path: Path, made: Report, limit: int, folder: Path) -> None:
    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_report(path, made, limit)


SCREEN = ReportsScreen
