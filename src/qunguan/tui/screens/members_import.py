"""The roster import: paste or file, what the columns mean, what it would change, Enter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.domain.member_import import ChangedMember, FieldChange, NewMember, RosterPreview
from qunguan.domain.rosters import FIELDS, CellWarning, Roster, RowNote
from qunguan.i18n import N_, _, labelled
from qunguan.tui.flow import run
from qunguan.tui.screens.columns import ask_column, ask_fields
from qunguan.tui.screens.table_in import opened, recalled
from qunguan.tui.text import lines, literal, notice
from qunguan.tui.widgets.import_preview import RowsAndReason
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.source_box import SourceBox, WorkDialog
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import Mapping, NeedsMapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.tui.app import QunguanApp

_NOTES_SHOWN = 6
_SAMPLE = 5  # rows whose values are shown when a column's meaning is asked
_FORMATS = {
    "generic": N_("table"),
    "wecom_customers": N_("WeCom customer list"),
    "wechatmsg_contacts": N_("WeChatMsg contacts"),
}
_STYLES: tuple[CellStyle, ...] = ("bad", "bad", "warn", "warn", "good", "dim")
"""How the kinds of rows of a preview are drawn, in their order."""


@frozen
class Reading:
    """A table as read. `needs` is there when the owner must say what its columns mean; else there is a `roster`.

    `mapping` is what the owner said of them now, to be remembered with the import.
    """

    source: str
    sheet: Sheet
    roster: Roster | None = None
    needs: NeedsMapping | None = None
    mapping: Mapping | None = None


async def import_roster(room: QunguanApp, group_id: int, step: str = "") -> bool:
    """Ask for a roster, show what it would do, do it. Must run in a worker. Returns whether it was applied.

    `step` is the title where the import is part of something longer.
    """

    async def read(source: Path | str) -> Reading:
        return await _read(room, source)

    notes = [_("Rows copied from a spreadsheet, or the path of a CSV, XLSX or text file."),
             _("The first line names the columns: nickname, phone, joined on …")]  # fmt: skip
    reading = await room.push_screen_wait(SourceBox(step or _("Import a roster"), read, notes))
    if reading is None:
        return False
    if reading.needs is not None:
        mapping = await ask_fields(room, reading.needs)
        if mapping is None:
            return False
        reading = await _mapped(room, reading, mapping)
    preview = await _previewed(room, reading, group_id)
    return await room.push_screen_wait(PreviewBox(reading, preview, group_id)) or False


async def _read(room: QunguanApp, source: Path | str) -> Reading:
    """Read a table; a header that was explained before is understood. Raises UserError."""
    from qunguan.exchange.readers.headers import NeedsMapping
    from qunguan.exchange.readers.rosters import read_roster, vocabulary

    sheet, name = await opened(room, source), source.name if isinstance(source, Path) else ""
    mapping = await recalled(room, "roster", sheet, vocabulary(sheet))
    try:
        return Reading(name, sheet, await room.desk.call(read_roster, sheet, mapping))
    except NeedsMapping as needs:
        return Reading(name, sheet, needs=needs)


async def _mapped(room: QunguanApp, reading: Reading, mapping: Mapping) -> Reading:
    from qunguan.exchange.readers.rosters import read_roster

    roster = await room.desk.call(read_roster, reading.sheet, mapping)
    return Reading(reading.source, reading.sheet, roster, mapping=mapping)


async def _previewed(room: QunguanApp, reading: Reading, group_id: int) -> RosterPreview:
    from qunguan.services import members

    return await room.desk.read(members.preview, room.clock, cast("Roster", reading.roster), group_id)


class PreviewBox(WorkDialog[bool]):
    """What an import would do: Enter does it, Esc does nothing."""

    WIDE = True
    DEFAULT_CSS = """
    PreviewBox {
        & .counts { text-style: bold; }
        & .notes { color: $text-warning; }
        & PagedTable { margin: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "apply", show=False, priority=True),
        Binding("e,ｅ,E,f4", "columns", show=False),
    ]

    SHEET = (
        ("Enter · F2", N_("Make a backup, then import what is listed")),
        ("e · F4", N_("Say what a column means; remembered for files with the same header")),
        ("↑ ↓ PgUp PgDn", N_("Look through the rows")),
        ("Esc", N_("Leave; nothing is changed")),
    )

    def __init__(self, reading: Reading, preview: RosterPreview, group_id: int) -> None:
        super().__init__(_("Import a roster: what it would do"), "")
        self._reading, self._preview, self._group_id = reading, preview, group_id

    def contents(self) -> ComposeResult:
        """The counts, what concerns the whole file, and row by row."""
        yield Static(classes="counts", markup=False)
        yield Static(classes="muted", markup=False)
        yield Static(classes="notes", markup=False)
        columns = (
            Column(_("row"), width=6, right=True),
            Column("", width=8),
            Column(_("name"), flex=1, minimum=12),
            Column(_("details"), flex=3, minimum=20),
        )
        yield RowsAndReason(columns, empty=_("every row of the file is known already"))

    async def on_mount(self) -> None:
        await self._draw()

    async def _draw(self) -> None:
        found, roster = self._preview, cast("Roster", self._reading.roster)
        self.query_one(".counts", Static).update(literal(_counts(found, roster)))
        self.query_one(".muted", Static).update(literal(_format(roster)))
        notes = self.query_one(".notes", Static)
        notes.update(lines("\n".join(str(note) for note in (*found.notes, *roster.notes)[:_NOTES_SHOWN])))
        notes.display = bool(found.notes or roster.notes)
        keys = _("Enter import · e what a column means · ↑ ↓ look · Esc nothing is changed")
        if not found.new and not found.changed:
            keys = _("nothing to import · e what a column means · Esc close")
        self._keys = f"{keys} · {_('? keys')}"
        self.query_one(".keys", Static).update(literal(self._keys))
        await self.query_one(RowsAndReason).show(PreviewSource(found, roster))

    def action_columns(self) -> None:
        """What a column means, when it was taken for something else."""
        if not self.busy:
            run(self, self._columns, exclusive=True)

    async def _columns(self) -> None:
        from qunguan.exchange.readers.rosters import mapping_of

        room, roster = cast("QunguanApp", self.app), cast("Roster", self._reading.roster)
        known = mapping_of(roster)
        shown = {entry.row for entry in roster.entries[:_SAMPLE]}
        sample = [row.cells for row in self._reading.sheet.rows if row.number in shown]
        told = await ask_column(room, known, sample)
        if told is None or told == known:
            return
        try:
            reading = await _mapped(room, self._reading, told)
        except UserError:
            self.wrong(_("One column has to be the nickname; say first which other one is."))
            return
        self.wrong("")
        self._reading, self._preview = reading, await _previewed(room, reading, self._group_id)
        await self._draw()

    def action_apply(self) -> None:
        """Do it, once."""
        if self._preview.new or self._preview.changed or self._reading.mapping is not None:
            self.start(_("importing…"), self._apply)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Esc: nothing. What is being written is finished."""
        if not self.busy:
            self.dismiss(False)

    async def _apply(self) -> None:
        from qunguan.exchange.readers.headers import fingerprint
        from qunguan.services import members

        room, reading = cast("QunguanApp", self.app), self._reading
        roster = cast("Roster", reading.roster)
        if reading.mapping is not None:
            key = fingerprint(reading.mapping.header)
            await room.desk.write(members.remember_mapping, "roster", key, reading.mapping)
        if not self._preview.new and not self._preview.changed:
            self.dismiss(False)
            return
        await room.desk.backup("import")
        done = await room.desk.write(members.apply, roster, self._group_id, source=reading.source)
        told = _("Imported: {new} new, {changed} changed. u takes it back.", new=done.created, changed=done.updated)
        notice(room, told)
        self.dismiss(True)


class PreviewSource:
    """The rows of a preview, the ones that need a look first; each is made when it is seen."""

    def __init__(self, preview: RosterPreview, roster: Roster) -> None:
        self._parts: tuple[tuple[str, Sequence[Any]], ...] = (
            (N_("rejected"), preview.rejected),
            (N_("bad cell"), preview.warnings),
            (N_("changed"), preview.changed),
            (N_("cleaned"), preview.row_notes),
            (N_("new"), preview.new),
            (N_("passed over"), roster.skipped),
        )
        self._ends = list(accumulate(len(rows) for _kind, rows in self._parts))

    @property
    def count(self) -> int:
        """All that is to be said."""
        return self._ends[-1]

    async def fetch(self, start: int, size: int) -> list[Row]:
        """Rows `start` to `start + size`."""
        return [self._row(place) for place in range(start, min(start + size, self.count))]

    def _row(self, place: int) -> Row:
        part = bisect_right(self._ends, place)
        kind, rows = self._parts[part]
        item = rows[place - (self._ends[part - 1] if part else 0)]
        name, what = _told(item)
        return Row(place, (str(item.row), Cell(_(kind), _STYLES[part]), Cell(name, "strong"), what))


def _told(item: NewMember | ChangedMember | RowNote | CellWarning) -> tuple[str, str]:
    if isinstance(item, RowNote):
        return "", str(item.reason)
    if isinstance(item, CellWarning):
        text = _(
            "{column} left as it was ({value}): {reason}", column=item.column, value=item.value, reason=item.reason
        )
        return item.name, text
    if isinstance(item, NewMember):
        return item.name, ""
    return item.name, " · ".join(_changes(item.changes))


def _changes(changes: Sequence[FieldChange]) -> Iterator[str]:
    for change in changes:
        label = _(FIELDS[change.field]) if change.field in FIELDS else change.field
        yield labelled(label, f"{change.old or '—'} → {change.new or '—'}")


def _counts(found: RosterPreview, roster: Roster) -> str:
    return _(
        "new {new} · changed {changed} · same {same} · rejected {rejected} · bad cells {warnings} · cleaned {cleaned} "
        "· passed over {skipped}",
        new=len(found.new),
        changed=len(found.changed),
        same=found.same,
        rejected=len(found.rejected),
        warnings=len(found.warnings),
        cleaned=len({note.row for note in found.row_notes}),
        skipped=len(roster.skipped),
    )


def _format(roster: Roster) -> str:
    known = "、".join(f"{header} = {_(FIELDS[field])}" for header, field in roster.columns.items())
    kept = "、".join(roster.unmapped)
    kind = _(_FORMATS[roster.format])
    text = _("{format}, {encoding}: {columns}", format=kind, encoding=roster.encoding, columns=known)
    return text + (_("; kept as free fields: {columns}", columns=kept) if kept else "")
