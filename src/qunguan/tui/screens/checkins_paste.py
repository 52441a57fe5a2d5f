"""What comes in at the board: a pasted 接龙, or a spreadsheet of check-ins. What is neither stays in its box."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.checkin_outcomes import RecordPreview
from qunguan.domain.errors import BadInput, UserError
from qunguan.domain.jielong import Jielong
from qunguan.domain.text import show
from qunguan.i18n import N_, _
from qunguan.tui.screens.checkins_board import day_text
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.tui.screens.checkins_desk import BoardScreen
    from qunguan.tui.widgets.source_box import SourceBox

_TABLES = (".csv", ".tsv", ".xlsx")
_KINDS = (".txt", ".xml", ".md", *_TABLES)


@frozen
class Chain:
    """A pasted text that is a 接龙, and what recording it would do."""

    raw: str
    jielong: Jielong
    preview: RecordPreview


async def read_source(screen: BoardScreen, source: Path | str) -> Chain | Sheet:
    """The 接龙 with what recording it would do, or the table. Raises UserError, one line, for what is neither."""
    from qunguan.services import checkins

    found = await screen.desk.call(_read, source)
    if not isinstance(found, tuple):
        return found
    raw, jielong = found
    preview = await screen.desk.read(checkins.preview, screen.desk.clock, screen.in_hand.id, jielong, screen.day)
    return Chain(raw, jielong, preview)


def _read(source: Path | str) -> tuple[str, Jielong] | Sheet:
    """A 接龙 with its text, or a table of check-ins; a numbered list without the word may be either."""
    from qunguan.exchange.readers.jielong import parse
    from qunguan.exchange.readers.sheets import read_sheet

    if isinstance(source, Path) and source.suffix.lower() == ".xlsx":
        return read_sheet(source)
    raw = source if isinstance(source, str) else _file_text(source)
    jielong = parse(raw)
    if not jielong.is_jielong or any(note.code == "no_trigger" for note in jielong.notes):
        table = _table(source)
        if table is not None:
            return table
    if not jielong.is_jielong:
        why = _("; ").join(map(str, jielong.notes))
        where = str(source) if isinstance(source, Path) else ""
        raise BadInput("this is not a 接龙", where=where, hint=N_("{why}") if why else "", why=why)
    return raw, jielong


def _table(source: Path | str) -> Sheet | None:
    """The table in a file or in pasted rows; None where neither its name nor its header says that it is one."""
    from qunguan.exchange.readers.history import tells_checkins
    from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text

    if isinstance(source, Path):
        return read_sheet(source) if source.suffix.lower() in _TABLES else None
    try:
        sheet = sheet_from_text(source, _("pasted rows"))
    except BadInput:  # no rows at all: what is wrong is said of the 接龙
        return None
    return sheet if tells_checkins(sheet) else None


def _file_text(path: Path) -> str:
    from qunguan.exchange.readers.decode import decode, read_bytes

    return decode(read_bytes(path), where=str(path)).text


async def paste(screen: BoardScreen, text: str = "") -> None:
    """From paste to board: the box, the preview, one save. A `text` pasted onto the board needs no box."""
    from qunguan.tui.widgets.source_box import as_path

    found: Chain | Sheet | None = None
    if text:
        try:
            found = await read_source(screen, as_path(text, _KINDS) or text)
        except UserError as error:
            screen.say(str(error), "error")
    if found is None:
        found = await screen.ask(_box(screen, text))
    if isinstance(found, Chain):
        await _settle(screen, found)
    elif found is not None:
        from qunguan.tui.screens.checkins_history import take_in

        await take_in(screen, found)


def _box(screen: BoardScreen, text: str) -> SourceBox[Chain | Sheet]:
    from qunguan.tui.widgets.source_box import SourceBox

    title = _("Paste a 接龙 · {challenge} · {day}", challenge=show(screen.in_hand.name), day=day_text(screen.day))
    notes = (
        _("Copy the 接龙 in the chat and paste it here; or type the path of a file with it. Nothing is saved yet."),
        _("A spreadsheet comes in here too: nickname, date[, state], or one column per day."),
    )
    return SourceBox(title, partial(read_source, screen), notes, _KINDS, text)


async def _settle(screen: BoardScreen, chain: Chain) -> None:
    """Ask about what is doubtful, record, and say what came of it."""
    from qunguan.tui.screens.checkins_preview import ChainPreview

    outcome = await screen.ask(ChainPreview(screen, chain))
    if outcome is None:
        return
    await screen.room.changed()
    told = [_("{n} checked in", n=len(outcome.recorded))]
    if outcome.created:
        told.append(_("{n} new members", n=len(outcome.created)))
    if outcome.points:
        told.append(_("{n} points given", n=outcome.points))
    told.append(_("{n} missing", n=len(outcome.missing)))
    if outcome.learnt:
        words = [_("“{text}” is {name}", text=each.text, name=each.name) for each in outcome.learnt]
        told.append(_("Remembered names: {names}", names="、".join(words)))
    keys = _("y copies the board · Y the @-list of who is missing")
    if outcome.saved:
        keys = _("y copies the board · Y the @-list of who is missing · u undoes")
    screen.say(" · ".join(told) + "\n" + keys)
