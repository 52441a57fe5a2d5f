"""What reach asks the owner: a way to a member, a table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.reach import ContactSheet, channel_typed, channels
from qunguan.exchange.readers import words
from qunguan.exchange.readers.headers import Mapping, NeedsMapping, find, fingerprint
from qunguan.exchange.readers.reach import read_contacts
from qunguan.exchange.readers.sheets import Sheet, read_sheet, sheet_from_text
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.columns import ask_fields
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.reach import ReachScreen

_LISTED = 12


def add(screen: ReachScreen, who: str = "", channel: str = "phone") -> Form:
    """A way to a member; a no is kept as well."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members, reach

        member_id = await screen.desk.read(members.resolve, values["who"])
        agreed = values["agreed"] != "no"
        way = channel_typed(values["channel"])
        made = await screen.desk.write(reach.add, member_id, way, values["value"], agreed=agreed)
        screen.say(_("{name} can be reached by {channel}: {value}", name=made.name, channel=way.name, value=made.shown)
                   if agreed else _("{name} is not written to by {channel} any more", name=made.name,
                                    channel=way.name))  # fmt: skip
        await screen.room.changed()

    ways = tuple((each.id, each.name) for each in channels().values())
    fields = [
        Field("who", _("member"), who, _("id, name or alias")),
        Field("channel", _("channel"), channel, "", ways),
        Field("value", _("number or account")),
        Field("agreed", _("consent"), "yes", "", (("yes", _("yes")), ("no", _("no")))),
    ]
    return Form(_("A way to a member"), fields, save, [_("Only what they gave you themselves, for this.")])


async def take_in(screen: ReachScreen) -> None:
    """A table of contacts, looked at before anything is written; a header nobody knows is asked about once."""
    from qunguan.services import members, reach

    room = screen.room

    async def read(source: Path | str) -> Reading:
        return await _read(room, source)

    notes = [_("A column for each channel (手机号, 邮箱, QQ号 …), or a line for each way (昵称, 渠道, 联系方式)."),
             _("A column 同意 says who does not want to be written to: that is kept and respected.")]  # fmt: skip
    reading: Reading | None = await room.push_screen_wait(SourceBox(_("Ways to members"), read, notes))
    if reading is not None and reading.needs is not None:
        reading = await _explained(room, reading.table, reading.needs)
    if reading is None or reading.sheet is None:
        return
    rows = reading.sheet.rows
    would = await room.desk.rehearse(reach.import_contacts, rows)
    refused = sorted((*reading.sheet.rejected, *would.rejected, *would.unresolved), key=lambda note: note.row)
    details = [_("{changed} change, {already} were known before", changed=would.changed, already=would.already)]
    details += [_("row {row}: {reason}", row=note.row, reason=note.reason) for note in refused[:_LISTED]]
    title = ngettext("Take in {n} new way?", "Take in {n} new ways?", would.added)
    if not await room.push_screen_wait(Confirm(title, details)):
        return
    if reading.mapping is not None:
        await room.desk.write(members.remember_mapping, "reach", fingerprint(reading.mapping.header), reading.mapping)
    done = await room.desk.write(reach.import_contacts, rows)
    screen.say(ngettext("{n} way is new", "{n} ways are new", done.added))
    await room.changed()


@frozen
class Reading:
    """A table as read. `needs` is there when the owner must say what its columns mean; `mapping` is what they said."""

    table: Sheet
    sheet: ContactSheet | None = None
    needs: NeedsMapping | None = None
    mapping: Mapping | None = None


async def _read(room: QunguanApp, source: Path | str) -> Reading:
    """Read a table; a header that was explained before is understood. Raises UserError."""
    from qunguan.services import members

    table = await room.desk.call(sheet_from_text, source) if isinstance(source, str) else (
        await room.desk.call(read_sheet, source)
    )  # fmt: skip
    header = (await room.desk.call(find, table, words.REACH, needed=()))[1].header
    mapping = await room.desk.read(members.recall_mapping, "reach", fingerprint(header))
    try:
        return Reading(table, await room.desk.call(read_contacts, table, mapping))
    except NeedsMapping as needs:
        return Reading(table, needs=needs)


async def _explained(room: QunguanApp, table: Sheet, needs: NeedsMapping) -> Reading | None:
    """Ask whose line it is, which channel, which number."""
    names = {"name": _("member"), "channel": _("channel"), "value": _("number or account")}
    mapping = await ask_fields(room, needs, names, tuple(names), tuple(names))
    if mapping is None:
        return None
    return Reading(table, await room.desk.call(read_contacts, table, mapping), mapping=mapping)
