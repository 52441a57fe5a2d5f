"""The body of Today: yesterday in short, the agenda, and beside it the text that `y` copies."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from qunguan.domain.today import Line, Yesterday
from qunguan.i18n import _
from qunguan.tui.screens.today_lines import Rows, columns, yesterday_parts
from qunguan.tui.text import lines, literal
from qunguan.tui.widgets.headline import Headline
from qunguan.tui.widgets.paged_table import PagedTable


class AgendaView(Vertical):
    """The lines that were told last, the most urgent on top."""

    DEFAULT_CSS = """
    AgendaView {
        & .yesterday { padding: 0 1; margin: 0 0 1 0; }
        & PagedTable { width: 1fr; }
        & #ready { width: 100%; margin: 1 0 0 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}
        self._rows = Rows((), self._numbers)
        self._crises: set[str] = set()

    def compose(self) -> ComposeResult:
        yield Headline(" · ", rows=2, classes="yesterday muted")
        with Horizontal():
            yield PagedTable(columns(), empty=_teach(), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="says", classes="muted", markup=False)
                yield Static("", id="ready", markup=False)

    @property
    def table(self) -> PagedTable:
        """The agenda."""
        return self.query_one(PagedTable)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        row = self.table.current
        return self._rows.line(row.key) if row else None

    def holds(self, key: int) -> bool:
        """Whether the line under the cursor is still the one whose row has this number."""
        return self._rows.line(key) is not None and self._rows.line(key) == self.line

    def sum_up(self, yesterday: Yesterday | None) -> None:
        """Tell of the group's day before."""
        self.query_one(Headline).tell(yesterday_parts(yesterday))

    async def show(self, shown: Sequence[Line], group_id: int | None) -> None:
        """Show these lines; those of other groups than `group_id` carry their group's name.

        Who looked at the top still does: what is more urgent than the line of the cursor must not come in out of sight.
        An incident that was not there takes the cursor.
        """
        self._rows = Rows(shown, self._numbers, group_id)
        table, from_top = self.table, self.table.top == 0
        table.configure(empty=_teach())
        await table.set_source(self._rows)
        crises = {line.key for line in shown if line.kind == "crisis"}
        if crises - self._crises:
            await table.move_to(0)
        self._crises = crises
        if from_top:
            table.show_from(table.top_for(table.cursor_row, 0))
        self.tell_ready()

    def tell_ready(self) -> None:
        """Show the text that `y` copies, as it will be copied."""
        text = self.line.ready_text if self.line else ""
        says = _("y copies:") if text else ""
        if self.line and self.line.missing:
            from qunguan.domain.scripts import place_said

            places = _(", ").join(map(place_said, self.line.missing))
            says = _("y asks for {places} and copies:", places=places)
        self.query_one("#says", Static).update(literal(says))
        self.query_one("#ready", Static).update(lines(text))


def _teach() -> str:
    """What an empty day says."""
    return "\n".join(
        (
            _("Check-ins to post, birthdays, habits to save, points about to expire: each will be a line here."),
            "",
            _("3 Check-ins: a starts a challenge, i pastes a 接龙 · 2 Members: i imports the roster"),
        )
    )
