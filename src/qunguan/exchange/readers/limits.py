"""How large a foreign file may be. Beyond these a file is refused with a sentence, never read into the ground."""

from __future__ import annotations

from qunguan.domain.errors import BadInput
from qunguan.i18n import N_
from qunguan.values import frozen


@frozen
class Limits:
    """Caps on a foreign file (quality 2.2.10); a test or a patient owner may pass others."""

    file_bytes: int = 50 * 1024 * 1024
    rows: int = 200_000
    columns: int = 200
    field_chars: int = 10_000
    field_newlines: int = 50
    xlsx_parts: int = 2_000
    xlsx_bytes: int = 200 * 1024 * 1024  # unpacked
    xlsx_ratio: int = 200
    empty_rows: int = 1_000
    seconds: float = 25.0


LIMITS = Limits()


def too_large(where: str, limits: Limits) -> BadInput:
    """The refusal of a table beyond the row or column cap."""
    return BadInput(
        "the table is larger than {rows} rows and {columns} columns",
        where=where,
        hint="Split it into several files and import them one after the other.",
        rows=limits.rows,
        columns=limits.columns,
    )


def long_cell(where: str, limits: Limits) -> BadInput:
    """The refusal of a cell that cannot be a name, a number or a note."""
    hint = N_("Shorten the cell, or look for a missing quotation mark above it.")
    return BadInput("a cell holds more than {limit} characters", where=where, hint=hint, limit=limits.field_chars)
