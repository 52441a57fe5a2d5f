"""Text back to a file, in the encoding it came in, so that the program it belongs to still opens it."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from qunguan.exchange.readers.decode import Encoding
from qunguan.exchange.writers.atomic import atomic_write

_MARKED: dict[Encoding, tuple[bytes, str]] = {
    "utf-8-sig": (BOM_UTF8, "utf-8"),
    "utf-16-le": (BOM_UTF16_LE, "utf-16-le"),
    "utf-16-be": (BOM_UTF16_BE, "utf-16-be"),
}


def write_text(path: Path, text: str, encoding: Encoding) -> None:
    """Put `text` at `path`, whole or not at all, with the BOM its encoding has. Raises `BadInput` and `NotFound`."""
    mark, codec = _MARKED.get(encoding, (b"", encoding))
    atomic_write(path, mark + text.encode(codec))
