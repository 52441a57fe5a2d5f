"""A file that may hold broken text: read as every other, or as UTF-8 where only its damage makes that doubtful."""

from __future__ import annotations

from qunguan.domain.errors import BadInput
from qunguan.domain.repair import repaired
from qunguan.exchange.readers.decode import Decoded, decode, read_bytes
from qunguan.exchange.readers.limits import LIMITS, Limits


def read_broken(path: str, limits: Limits = LIMITS) -> Decoded:
    """The text in the file at `path` (`-` is standard input) and its encoding. Raises `NotFound` and `BadInput`.

    ä½ å¥½ saved as UTF-8 is valid GBK too, and `decode` refuses to choose. That it can be repaired settles it.
    """
    data = read_bytes(path, limits)
    try:
        return decode(data, where=path)
    except BadInput:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if "\0" in text or not repaired(text).changes:
            raise
        return Decoded(text, "utf-8")
