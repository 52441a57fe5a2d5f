"""How invitations come in: one by one, from a table, from lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.campaigns import Campaign
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.source_box import SourceBox

if TYPE_CHECKING:
    from qunguan.exchange.readers.invites import InviteSheet
    from qunguan.tui.screens.referrals import ReferralsScreen

_LISTED = 12


def one(screen: ReferralsScreen, drive: Campaign) -> Form:
    """One invitation; without an invitee it notes who took the task."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import referrals

        day = date_cell(values["day"]) if values["day"] else None
        if values["invitee"]:
            await screen.desk.write(referrals.add, drive.id, values["inviter"], values["invitee"], day)
            screen.say(_("{inviter} brought {invitee}", inviter=values["inviter"], invitee=values["invitee"]))
        else:
            n = await screen.desk.write(referrals.take, drive.id, [values["inviter"]], day)
            screen.say(_("{n} more took the task of {name}", n=n, name=drive.name))
        await screen.room.changed()

    fields = [
        Field("inviter", _("inviter"), "", _("id, name or alias")),
        Field("invitee", _("invitee"), "", _("empty: only notes who took the task; a new name joins the roster")),
        Field("day", _("day"), "", _("empty: today"), day="near"),
    ]
    return Form(_("Note an invitation of {name}", name=drive.name), fields, save)


async def import_invites(screen: ReferralsScreen, drive: Campaign) -> None:
    """Who brought whom, looked at before anything is written."""
    from qunguan.services import referrals

    group = screen.room.group
    zone = group.timezone if group else "Asia/Shanghai"

    async def read(source: Path | str) -> InviteSheet:
        return await screen.desk.call(_read, source, zone)

    notes = [_("A table with the columns 邀请人, 被邀请人, 时间, or lines like 阿梨 邀请 小满.")]
    found = await screen.app.push_screen_wait(SourceBox(_("Who brought whom"), read, notes))
    if found is None:
        return
    would = await screen.desk.rehearse(referrals.import_invites, drive.id, found.rows)
    rejected = (*found.rejected, *would.rejected)
    details = [_("{n} were in the book before", n=would.already)]
    if would.created:
        details.append(_("join the roster: {names}", names=_(", ").join(would.created[:_LISTED])))
    details += map(str, rejected[:_LISTED])
    if not await screen.app.push_screen_wait(Confirm(_("Note {n} invitations?", n=would.added), details)):
        return
    done = await screen.desk.write(referrals.import_invites, drive.id, found.rows)
    screen.say(_("{n} invitations noted", n=done.added))
    await screen.room.changed()


def _read(source: Path | str, zone: str) -> InviteSheet:
    """The invitations of a file or a text. Raises UserError."""
    from qunguan.exchange.readers.decode import read_bytes
    from qunguan.exchange.readers.invites import invites_of

    if isinstance(source, str):
        return invites_of(source.encode(), "", zone)
    return invites_of(read_bytes(str(source)), source.name, zone)
