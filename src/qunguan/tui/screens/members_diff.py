"""Today's member list against the roster: joined, left, renamed, each accepted by key (field U4, S4-30)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from qunguan.domain.members_roster_diff import LEFT_REASONS, DiffApplied, DiffEntry, RosterDiff
from qunguan.domain.rosters import Roster
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.columns import ask_fields
from qunguan.tui.screens.table_in import recalled
from qunguan.tui.text import literal, notice
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable, Row
from qunguan.tui.widgets.source_box import SourceBox, WorkDialog
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import NeedsMapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.tui.app import QunguanApp

_KINDS: dict[str, tuple[str, CellStyle]] = {
    "joined": (N_("joined"), "good"),
    "left": (N_("left"), "bad"),
    "renamed": (N_("renamed"), "warn"),
    "suggested": (N_("renamed?"), "warn"),
    "unclear": (N_("not clear"), "dim"),
}
_TICKABLE = {"joined", "left", "renamed", "suggested"}


@frozen
class Reading:
    """A list as read. `needs` is there when the owner must say what its columns mean; else there is a `roster`."""

    roster: Roster | None = None
    sheet: Sheet | None = None
    needs: NeedsMapping | None = None


async def compare(room: QunguanApp, group_id: int) -> bool:
    """Ask for today's list, show what it says, take over what is ticked. Must run in a worker."""
    from qunguan.services import member_changes

    async def read(source: Path | str) -> Reading:
        return await _read(room, source)

    notes = [_("The names of everybody in the group, one a line, as copied from the member list;"),
             _("or a roster file (WeCom, WeChatMsg, your own sheet).")]  # fmt: skip
    reading: Reading | None = await room.push_screen_wait(SourceBox(_("Compare with today's list"), read, notes))
    if reading is None:
        return False
    roster = reading.roster
    if reading.needs is not None and reading.sheet is not None:
        from qunguan.exchange.readers.rosters import read_roster

        mapping = await ask_fields(room, reading.needs)
        if mapping is None:
            return False
        roster = await room.desk.call(read_roster, reading.sheet, mapping)
    assert roster is not None
    found = await room.desk.read(member_changes.diff, room.clock, roster, group_id)
    done = await room.push_screen_wait(DiffBox(roster, found))
    return done is not None


async def _read(room: QunguanApp, source: Path | str) -> Reading:
    """A list of names, or a table whose header is understood or was explained before. Raises UserError."""
    from qunguan.exchange.readers.headers import NeedsMapping
    from qunguan.exchange.readers.name_lines import list_from, read_list
    from qunguan.exchange.readers.rosters import read_roster, vocabulary

    table = await room.desk.call(read_list, str(source)) if isinstance(source, Path) else list_from(source)
    if isinstance(table, Roster):
        return Reading(table)
    mapping = await recalled(room, "roster", table, vocabulary(table))
    try:
        return Reading(await room.desk.call(read_roster, table, mapping))
    except NeedsMapping as needs:
        return Reading(sheet=table, needs=needs)


class DiffBox(WorkDialog[DiffApplied]):
    """What a list says. Space ticks, `r` gives the reason for those who left, Enter takes over what is ticked."""

    WIDE = True
    DEFAULT_CSS = """
    DiffBox {
        & .counts { text-style: bold; }
        & .warns { color: $text-warning; height: auto; }
        & PagedTable { margin: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "apply", show=False, priority=True),
        Binding("space", "tick", show=False),
        Binding("a,ａ,A,f4", "all", show=False),
        Binding("r,ｒ,R,f5", "reason", show=False),
    ]
    SHEET = (
        ("Enter · F2", N_("Take over what is ticked")),
        (N_("Space"), N_("Tick the line, or take the tick off")),
        ("a · F4", N_("Tick everything that is certain, or nothing")),
        ("r · F5", N_("Why they left: one reason for all who are ticked")),
        ("Esc", N_("Leave; nothing is changed")),
    )

    def __init__(self, roster: Roster, found: RosterDiff) -> None:
        keys = _("Enter takes over · Space tick · a all · r reason · Esc nothing is changed")
        super().__init__(_("{group}: today's list against the roster", group=found.group), keys)
        self._roster, self._found, self._reason = roster, found, "unknown"
        kinds = (found.joined, found.left, found.renamed, found.suggested, found.unclear)
        self._entries = [entry for entries in kinds for entry in entries]
        self._ticked = set() if found.partial else {entry.key for entry in found.changes}

    def contents(self) -> ComposeResult:
        """The counts, what to mind, the differences."""
        yield Static(classes="counts", markup=False)
        yield Static(classes="warns", markup=False)
        columns = (Column("", width=8), Column(_("name"), flex=2, minimum=16), Column(_("because"), flex=2, minimum=16))
        yield PagedTable(columns, empty=_("The list and the roster say the same."))

    async def on_mount(self) -> None:
        await self.query_one(PagedTable).set_source(_Entries(self._entries))
        self._draw()

    def _draw(self) -> None:
        found = self._found
        sizes = {"joined": len(found.joined), "left": len(found.left), "renamed": len(found.renamed)}
        counts = _("{listed} in the list · {present} in the group · joined {joined} · left {left} · renamed {renamed}",
                   listed=found.listed, present=found.present, **sizes)  # fmt: skip
        why = _(LEFT_REASONS[self._reason])
        said = [_("ticked {n} · they left because: {reason}", n=len(self._ticked), reason=why)]
        if found.partial:
            said.append(_("The list has far fewer people than the group: nothing is ticked. Is it the whole list?"))
        if found.rejected:
            said.append(ngettext("{n} line was not understood", "{n} lines were not understood", len(found.rejected)))
        self.query_one(".counts", Static).update(literal(counts))
        self.query_one(".warns", Static).update(literal(" ".join(said)))
        self.query_one(PagedTable).marked = (
            place for place, entry in enumerate(self._entries) if entry.key in self._ticked
        )

    async def action_tick(self) -> None:
        """Tick the line under the cursor; one who was renamed has neither left nor joined."""
        table = self.query_one(PagedTable)
        if table.current is None:
            return
        entry = self._entries[table.current.key]
        if entry.kind not in _TICKABLE:
            self.wrong(_("nobody can tell who this is: settle it in the roster"))
            return
        self._ticked ^= {entry.key}
        if entry.key in self._ticked:
            self._ticked -= _against(entry, self._entries)
        self._draw()
        await table.action_move(1)

    def action_all(self) -> None:
        """Everything that is certain, or nothing."""
        certain = {entry.key for entry in self._found.changes}
        self._ticked = set() if certain <= self._ticked else certain
        self._draw()

    def action_reason(self) -> None:
        """Why those who are ticked left."""

        def chosen(reason: str | None) -> None:
            if reason is not None:
                self._reason = reason
                self._draw()

        choices = [Choice(code, _(words)) for code, words in LEFT_REASONS.items()]
        self.app.push_screen(Choose(_("Why did they leave?"), choices), chosen)

    def action_apply(self) -> None:
        """Take over what is ticked, once, after a backup."""
        if not self._ticked:
            self.wrong(_("nothing is ticked: Space ticks a line, a all of them"))
            return

        async def applied() -> None:
            """Back up, then write what is ticked."""
            from qunguan.services import member_changes

            room = cast("QunguanApp", self.app)
            await room.desk.backup("import")
            done = await room.desk.write(
                member_changes.apply_diff, self._roster, self._found.group_id, sorted(self._ticked),
                reason=self._reason,
            )  # fmt: skip
            notice(room, _("joined {joined}, left {left}, renamed {renamed} (u takes it back)", joined=done.joined,
                           left=done.left, renamed=done.renamed))  # fmt: skip
            self.dismiss(done)

        self.start(_("writing…"), applied)

    def action_leave(self) -> None:
        """Esc: nothing. What is being written is finished."""
        if not self.busy:
            self.dismiss(None)


def _against(entry: DiffEntry, entries: Iterable[DiffEntry]) -> set[str]:
    """What cannot be true together with this entry: a pair and its two halves."""
    if entry.kind == "suggested":
        return set(entry.other_key.split(","))
    return {other.key for other in entries if entry.key in other.other_key.split(",")}


class _Entries:
    """The differences, a line each."""

    def __init__(self, entries: list[DiffEntry]) -> None:
        self._entries = entries

    @property
    def count(self) -> int:
        """How many."""
        return len(self._entries)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        shown = enumerate(self._entries[start : start + size], start)
        return [Row(place, _cells(entry)) for place, entry in shown]


def _cells(entry: DiffEntry) -> tuple[Cell | str, ...]:
    words, style = _KINDS[entry.kind]
    name = entry.name if entry.was in ("", entry.name) else f"{entry.was} → {entry.name}"
    return Cell(_(words), style), name, Cell(str(entry.evidence), "dim")
