"""Writing points from the screen: the form of a grant or a spend, and a spreadsheet with its preview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from qunguan.domain.errors import BadInput
from qunguan.domain.points import ImportOutcome
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.text import notice
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.tui.widgets.import_preview import ImportPreview
from qunguan.tui.widgets.source_box import SourceBox

if TYPE_CHECKING:
    from qunguan.exchange.readers.history import PointsHistory
    from qunguan.tui.screens.points import PointsScreen


def posting_form(screen: PointsScreen, members: Sequence[tuple[int, str]], *, spend: bool) -> Form:
    """Grant to, or spend for, these members: all at once is one step. Its key is made now, so that it books once."""
    ids, key = [member_id for member_id, _name in members], uuid4().hex

    async def save(values: dict[str, str]) -> None:
        await _post(screen, ids, values, key, spend=spend)

    day = Field("day", _("date"), hint=_("today, {day}", day=screen.room.today), day="near")
    reason = Field("reason", _("reason"), hint=_("what for; the member sees it") if spend else _("what it is for"))
    fields = [Field("amount", _("points"), hint=_("a whole number, like 50")), reason]
    if not spend:
        fields.append(Field("expires", _("last day to use"), hint=_("empty: they do not expire")))
    return Form(_title(members, spend=spend), [*fields, day], save)


def _title(members: Sequence[tuple[int, str]], *, spend: bool) -> str:
    if len(members) == 1:
        name = members[0][1]
        return _("Spend points of {name}", name=name) if spend else _("Grant points to {name}", name=name)
    n = len(members)
    return _("Spend points of {n} marked members", n=n) if spend else _("Grant points to {n} marked members", n=n)


async def _post(screen: PointsScreen, ids: Sequence[int], values: dict[str, str], key: str, *, spend: bool) -> None:
    from qunguan.services import points

    if not values["amount"]:
        raise BadInput("say how many points", hint="a whole number, like 50")
    if not values["reason"]:
        raise BadInput("say what for", hint="the reason stands in the member's statement")
    amount, day = int_cell(values["amount"]), _day(values["day"])
    if spend:
        done = await screen.desk.write(points.spend_many, ids, amount, reason=values["reason"], key=key, day=day)
    else:
        done = await screen.desk.write(
            points.grant_many, ids, amount, reason=values["reason"], key=key, day=day,
            expires_on=_day(values.get("expires", "")),
        )  # fmt: skip
    if len(done) == 1:
        screen.say(_("Booked {change}: {name} now has {balance}", change=f"{done[0].amount:+d}", name=done[0].name,
                     balance=done[0].balance))  # fmt: skip
    else:
        screen.say(_("Booked {change} for each of {n} members", change=f"{done[0].amount:+d}", n=len(done)))
    screen.unmark()
    await screen.room.changed()


def _day(text: str) -> date | None:
    return date_cell(text) if text else None


async def import_points(screen: PointsScreen) -> None:
    """Ask for a spreadsheet or a paste, show what booking it would do, and book it after a backup on Enter."""
    from qunguan.services import points

    notes = [_("Columns: nickname, date, change[, last day, reason, voucher]. Points spent are negative.")]

    async def read(given: Path | str) -> tuple[PointsHistory, ImportOutcome]:
        history = await screen.desk.call(_read, given)
        return history, await screen.desk.rehearse(points.import_named, history)

    found = await screen.app.push_screen_wait(SourceBox(_("Import points"), read, notes))
    if found is None:
        return
    history, outlook = found

    async def book() -> ImportOutcome:
        await screen.desk.backup("import")
        return await screen.desk.write(points.import_named, history)

    facts = (
        ngettext("{n} change will be booked", "{n} changes will be booked", outlook.booked),
        ngettext("{n} is known already", "{n} are known already", outlook.already),
    )
    title, able = _("Import points: what would happen"), outlook.booked > 0
    done = await screen.app.push_screen_wait(ImportPreview(title, facts, outlook.rejected, book, able=able))
    if done is not None:
        notice(screen.app, _("Imported: {booked} booked, {already} known before, {rejected} rejected",
                             booked=done.booked, already=done.already, rejected=len(done.rejected)))  # fmt: skip
        await screen.room.changed()


def _read(given: Path | str) -> PointsHistory:
    """The history in a file, or in pasted rows."""
    from qunguan.exchange.readers.history import read_points
    from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text

    return read_points(read_sheet(given) if isinstance(given, Path) else sheet_from_text(given, _("pasted rows")))
