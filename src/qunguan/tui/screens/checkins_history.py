"""Years of a spreadsheet come along: what its columns mean and which year they are of, what it would do, one import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.domain.checkin_outcomes import HistoryOutcome
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.columns import ask_fields
from qunguan.tui.screens.table_in import recalled
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.import_preview import ImportPreview

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.history import CheckinHistory
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.tui.screens.checkins_desk import BoardScreen

_KIND = "checkins"
_FIELDS = {"name": N_("nickname"), "date": N_("date")}
_YEARS = 10  # years offered to choose from


async def take_in(screen: BoardScreen, sheet: Sheet) -> None:
    """Show what importing the table into the challenge in hand would do, and do it after a backup on Enter."""
    from qunguan.services import checkins

    history = await _understood(screen, sheet)
    if history is None:
        return
    challenge = screen.in_hand
    outlook = await screen.desk.rehearse(checkins.import_history, challenge.id, history)

    async def apply() -> HistoryOutcome:
        await screen.desk.backup("import")
        return await screen.desk.write(checkins.import_history, challenge.id, history)

    facts = (
        ngettext("{n} check-in will be recorded", "{n} check-ins will be recorded", outlook.recorded),
        ngettext("{n} was recorded before", "{n} were recorded before", outlook.already),
        _("They earn no points: it is history, taken as told."),
    )
    title = _("Check-ins of a spreadsheet · {challenge}", challenge=challenge.name)
    done = await screen.ask(ImportPreview(title, facts, outlook.rejected, apply, able=outlook.recorded > 0))
    if done is not None:
        screen.say(_("Imported {n} check-ins into {challenge}", n=done.recorded, challenge=challenge.name))
        await screen.room.changed()


async def _understood(screen: BoardScreen, sheet: Sheet) -> CheckinHistory | None:
    """The check-ins of the table, once its columns and its year are known; None for Esc."""
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.headers import NeedsMapping, fingerprint
    from qunguan.exchange.readers.history import NeedsYear, asked_for, read_checkin_history
    from qunguan.services import checkins, members

    mapping: Mapping | None = await recalled(screen.room, _KIND, sheet, words.CHECKINS)
    within = await screen.desk.read(checkins.days_told, screen.desk.clock, screen.in_hand.id)
    told: Mapping | None = None
    year: int | None = None
    while True:
        try:
            found = await screen.desk.call(
                read_checkin_history, sheet, year=year, within=within, mapping=told or mapping
            )
        except NeedsMapping as needs:
            asked = asked_for(needs.header)
            told = await ask_fields(screen.room, needs, {field: _(_FIELDS[field]) for field in asked}, asked, asked)
            if told is None:
                return None
        except NeedsYear as needs:
            year = await _year(screen, needs.head)
            if year is None:
                return None
        else:
            if told is not None:
                await screen.desk.write(members.remember_mapping, _KIND, fingerprint(told.header), told)
            return found


async def _year(screen: BoardScreen, head: str) -> int | None:
    """Which year the first column is of."""
    today = screen.room.today.year
    years = [Choice(str(year), str(year)) for year in range(today, today - _YEARS, -1)]
    chosen = await screen.ask(Choose(_("Which year is the column {head} of?", head=head), years))
    return None if chosen is None else int(chosen)
