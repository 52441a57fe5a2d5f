"""The timetable: places that come again, taken from the shipped ones or made, changed and ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from qunguan.domain.content import ContentColumn, clock_said, column_presets, sub_kind_name, weekdays_said
from qunguan.domain.content_mix import MixPreset
from qunguan.domain.errors import UserError
from qunguan.i18n import N_, _
from qunguan.tui.flow import begin, unless_gone
from qunguan.tui.screens.content_forms import column_form
from qunguan.tui.screens.content_lines import kind_said
from qunguan.tui.screens.listing import Lines
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Dialog
from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable

if TYPE_CHECKING:
    from qunguan.tui.screens.content import ContentScreen

_OWN = "+"
_EMPTY = N_(
    "No place yet.\n\na takes a shipped one such as 10:00 news, 15:00 topic, or makes one of your own.\n"
    "Each then waits to be filled, week by week."
)


class ColumnsView(Dialog[None]):
    """The places that have not ended, by time of day."""

    WIDE = True
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,ａ,A,insert", "add", show=False),
        Binding("e,ｅ,E,enter", "edit", show=False, priority=True),
        Binding("delete", "end", show=False),
        Binding("q,ｑ,p,ｐ", "leave", show=False),
    ]
    SHEET = (
        ("a · Insert", N_("A shipped place, or one of your own")),
        ("e · Enter", N_("Change the place from today on")),
        ("Delete", N_("End the place; past weeks keep it")),
        ("Esc · q", N_("Back to the week")),
    )

    def __init__(self, screen: ContentScreen) -> None:
        super().__init__(_("Timetable: places that come again"), _("a add · e change · Delete end · Esc back"))
        self._owner = screen
        self._places: tuple[ContentColumn, ...] = ()
        self._preset: MixPreset | None = None

    def contents(self) -> ComposeResult:
        """The places."""
        columns = (
            Column(_("place"), flex=1, minimum=12), Column(_("days"), width=12), Column(_("at"), width=11),
            Column(_("kind"), width=13), Column(_("sub-kind"), width=10, drop=1),
            Column(_("what to write"), flex=2, drop=2),
        )  # fmt: skip
        yield PagedTable(columns, empty=_(_EMPTY))

    async def on_mount(self) -> None:
        await self._load()

    async def _load(self) -> None:
        from qunguan.services import content

        owner = self._owner
        self._preset = preset = await owner.desk.read(content.mix_in_force)
        self._places = await owner.desk.read(content.columns, owner.group.id, owner.room.today)
        with unless_gone(self):
            table = self.query_one(PagedTable)
            await table.set_source(Lines(self._places, lambda one: one.id, lambda one: _cells(one, preset)))

    def _here(self) -> ContentColumn | None:
        current = self.query_one(PagedTable).current
        return next((one for one in self._places if current and one.id == current.key), None)

    def action_add(self) -> None:
        """A shipped place or one's own."""
        begin(self, self._add())

    async def _add(self) -> None:
        from qunguan.services import content

        owner = self._owner
        left = await owner.desk.read(content.column_presets_left, owner.room.clock, owner.group.id)
        shipped = column_presets()
        choices = [
            Choice(each, shipped[each].name, f"{weekdays_said(shipped[each].weekdays)} {shipped[each].at}")
            for each in left
        ]
        chosen = await self.app.push_screen_wait(
            Choose(_("Which place?"), [*choices, Choice(_OWN, _("one of my own"))])
        )
        if chosen == _OWN:
            blank = ContentColumn(0, owner.group.id, "", "12345", 0, owner.lacking, owner.room.today)
            await self._fill(_("A place of my own"), blank)
        elif chosen is not None:
            made = await owner.desk.write(content.add_column_preset, owner.group.id, chosen)
            owner.say(_("{name} is in the timetable", name=made.name))
            await self._changed()

    def action_edit(self) -> None:
        """Change the place under the cursor."""
        found = self._here()
        if found is None:
            self.wrong(_("no place stands here: a adds one"))
        else:
            begin(self, self._fill(_("Change {name}", name=found.name), found))

    async def _fill(self, title: str, column: ContentColumn) -> None:
        from qunguan.services import content

        async def save(told: ContentColumn) -> None:
            service = content.edit_column if column.id else content.add_column
            made = await self._owner.desk.write(service, replace(told, id=column.id))
            self._owner.say(_("{name} is in the timetable", name=made.name))

        assert self._preset is not None
        if await self.app.push_screen_wait(column_form(title, column, self._preset, save)) is not None:
            await self._changed()

    def action_end(self) -> None:
        """End the place under the cursor; asks first."""
        found = self._here()
        if found is None:
            self.wrong(_("no place stands here: a adds one"))
        else:
            begin(self, self._end(found))

    async def _end(self, found: ContentColumn) -> None:
        from qunguan.services import content

        asked = _("End {name}?", name=found.name)
        if await self.app.push_screen_wait(Confirm(asked, [_("Past weeks keep it; what is planned in it stays.")])):
            try:
                await self._owner.desk.write(content.end_column, found.group_id, found.id)
            except UserError as error:
                self.wrong(str(error))
                return
            await self._changed()

    async def _changed(self) -> None:
        self.wrong("")
        await self._owner.room.changed()
        await self._load()


def _cells(one: ContentColumn, preset: MixPreset) -> tuple[Cell | str, ...]:
    until = "" if one.until_minute is None else f"–{clock_said(one.until_minute)}"
    return (
        Cell(one.name, "strong"), weekdays_said(one.weekdays), f"{clock_said(one.at_minute)}{until}",
        kind_said(preset, one.kind), Cell(sub_kind_name(one.sub_kind), "dim"), Cell(one.prompt.split("\n")[0], "dim"),
    )  # fmt: skip
