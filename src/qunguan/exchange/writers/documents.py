"""A document as a file, in the form its name asks for."""

from __future__ import annotations

from pathlib import Path

from qunguan.domain.documents import Document
from qunguan.domain.errors import BadInput
from qunguan.exchange.writers.atomic import atomic_write
from qunguan.exchange.writers.html import html
from qunguan.exchange.writers.markdown import markdown
from qunguan.exchange.writers.plain import plain
from qunguan.i18n import N_

_WRITERS = {".md": markdown, ".html": html, ".txt": plain}
SUFFIXES = tuple(_WRITERS)


def suffix_of(path: Path) -> str:
    """Which form the name asks for. Raises BadInput for none of SUFFIXES."""
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        hint = N_("End the name with one of {suffixes}.")
        raise BadInput("cannot write this kind of file", where=str(path), hint=hint, suffixes=" ".join(SUFFIXES))
    return suffix


def write_document(path: Path, document: Document) -> None:
    """Write `document` to `path` as its suffix says, whole or not at all. Raises BadInput for another suffix, and what
    `atomic_write` raises.
    """
    atomic_write(path, _WRITERS[suffix_of(path)](document).encode())
