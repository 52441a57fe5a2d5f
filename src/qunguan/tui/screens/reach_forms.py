"""What reach asks the owner: a way to a member, a table of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.reach import ContactSheet, channel_typed, channels
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.source_box import SourceBox

if TYPE_CHECKING:
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
        screen.say(_("{name} can be reached by {channel}: {value}", name=made.name, channel=way.name, value=made.value)
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
    """A table of contacts, looked at before anything is written."""
    from qunguan.services import reach

    async def read(source: Path | str) -> ContactSheet:
        return await screen.desk.call(_read, source)

    notes = [_("A column for each channel (手机号, 邮箱, QQ号 …), or a line for each way (昵称, 渠道, 联系方式)."),
             _("A column 同意 says who does not want to be written to: that is kept and respected.")]  # fmt: skip
    found = await screen.app.push_screen_wait(SourceBox(_("Ways to members"), read, notes))
    if found is None:
        return
    would = await screen.desk.rehearse(reach.import_contacts, found.rows)
    refused = sorted((*found.rejected, *would.rejected, *would.unresolved), key=lambda note: note.row)
    details = [_("{changed} change, {already} were known before", changed=would.changed, already=would.already)]
    details += [_("row {row}: {reason}", row=note.row, reason=note.reason) for note in refused[:_LISTED]]
    title = ngettext("Take in {n} new way?", "Take in {n} new ways?", would.added)
    if not await screen.app.push_screen_wait(Confirm(title, details)):
        return
    done = await screen.desk.write(reach.import_contacts, found.rows)
    screen.say(ngettext("{n} way is new", "{n} ways are new", done.added))
    await screen.room.changed()


def _read(source: Path | str) -> ContactSheet:
    """The contacts of a file or a text. Raises UserError."""
    from qunguan.exchange.readers.reach import read_contacts
    from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text

    return read_contacts(sheet_from_text(source) if isinstance(source, str) else read_sheet(source))
