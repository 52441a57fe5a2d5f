"""A list of what members can do and need: 昵称, 技能, 需求; several in a cell stand as 摄影、剪辑."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from qunguan.domain.relations import KINDS, Kind, NoteRow, NoteSheet
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import text_cell
from qunguan.exchange.readers.data_rows import read_rows, said_in, whose
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_

_SEVERAL: Final = re.compile(r"[、，,；;/|\n]+")


def read_notes(sheet: Sheet, mapping: Mapping | None = None) -> NoteSheet:
    """The skills and needs of a list; one of the two columns is enough. Raises NeedsMapping when neither the people nor
    what they can do or need is recognised.
    """
    known = words.RELATIONS
    top, columns = headers.find_people(sheet, mapping, (known,), known, _needed)
    found, rejected, nobody = read_rows(sheet, top, lambda row: _read(row, columns))
    silent = [RowNote(each.row, Reason(N_("nothing is said of what they can do or need"))) for each in found
              if not each.notes]  # fmt: skip
    skipped = sorted((*nobody, *silent), key=lambda note: note.row)
    return NoteSheet(
        sheet.encoding, tuple(each for each in found if each.notes), rejected, tuple(skipped), sheet.notes
    )  # fmt: skip


def _needed(found: Mapping) -> tuple[str, ...]:
    who = "member" if "member" in found.fields else "name"
    return (who, "need") if "need" in found.fields and "skill" not in found.fields else (who, "skill")


def _read(row: Row, columns: Mapping) -> NoteRow:
    told = partial(said_in, row, columns)
    who = whose(told("member"), told("name"))
    notes: list[tuple[Kind, str]] = [
        (kind, part.strip())
        for kind in KINDS
        for part in _SEVERAL.split(text_cell(told(kind)))
        if not is_blank(part)
    ]  # fmt: skip
    return NoteRow(row.number, who, tuple(dict.fromkeys(notes)))
