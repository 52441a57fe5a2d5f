"""What reach asks the owner: a way to a member, a table of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.domain.reach import channel_typed, channels
from qunguan.exchange.readers import words
from qunguan.exchange.readers.reach import read_contacts
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.table_in import TableKind, ask_table, remember
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

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
    from qunguan.services import reach

    room = screen.room

    notes = [_("A column for each channel (手机号, 邮箱, QQ号 …), or a line for each way (昵称, 渠道, 联系方式)."),
             _("A column 同意 says who does not want to be written to: that is kept and respected.")]  # fmt: skip
    labels = {"name": N_("member"), "channel": N_("channel"), "value": N_("number or account")}
    kind = TableKind("reach", words.REACH, read_contacts, labels, tuple(labels))
    taken = await ask_table(room, _("Ways to members"), notes, kind)
    if taken is None:
        return
    rows = taken.found.rows
    would = await room.desk.rehearse(reach.import_contacts, rows)
    refused = sorted((*taken.found.rejected, *would.rejected, *would.unresolved), key=lambda note: note.row)
    details = [_("{changed} change, {already} were known before", changed=would.changed, already=would.already)]
    details += map(str, refused[:_LISTED])
    title = ngettext("Take in {n} new way?", "Take in {n} new ways?", would.added)
    if not await room.push_screen_wait(Confirm(title, details)):
        return
    await remember(room, kind, taken)
    done = await room.desk.write(reach.import_contacts, rows)
    screen.say(ngettext("{n} way is new", "{n} ways are new", done.added))
    await room.changed()
