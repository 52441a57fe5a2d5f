"""How large a foreign file may be. Beyond these a file is refused with a sentence, never read into the ground."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
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
