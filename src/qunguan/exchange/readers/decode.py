"""Bytes of a foreign file, and the text they mean: BOM, then strict UTF-8, then strict gb18030, else refused.

gb18030 accepts almost any bytes, so its reading must also look like Chinese: a known header word, or characters of
everyday use. Nothing is ever decoded with replacement characters.
"""

from __future__ import annotations

import re
import stat
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.everyday import everyday
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers.limits import LIMITS, Limits
from qunguan.i18n import N_
from qunguan.values import frozen

Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"]

SAVE_AS = N_("Save it again as .xlsx, or as “CSV UTF-8”, and try once more.")
_HEAD = 4096  # characters searched for a known header word
_EVERYDAY = 0.8  # share of everyday characters a gb18030 reading needs; Big5 bytes give about a half

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", N_("an old Excel or Word file (.xls, .doc), or one with a password")),
    (b"PK\x03\x04", N_("a ZIP archive or an Office file")),
    (b"PK\x05\x06", N_("an empty ZIP archive")),
    (b"%PDF", N_("a PDF")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"RIFF", N_("a picture, sound or film")),
    (b"\x1f\x8b", N_("a compressed archive")),
    (b"7z\xbc\xaf", N_("a compressed archive")),
    (b"Rar!", N_("a compressed archive")),
    (b"SQLite format 3\0", N_("a database")),
    (b"\x7fELF", N_("a program")),
)
_TWO_BYTES = re.compile("[\u0080-\u07ff]")
_LATIN_WORD = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][A-Za-z]")
_FOREIGN_RUN = re.compile("[^\x00-\x7f]+")


@frozen
class Decoded:
    """Text without its BOM, and the encoding it was written in."""

    text: str
    encoding: Encoding


def read_bytes(path: str | Path, limits: Limits = LIMITS) -> bytes:
    """Everything in the file at `path`; `-` is standard input.

    Raises `NotFound` for a path that is not there and `BadInput` for one that is no ordinary file, cannot be read,
    is empty or above `limits.file_bytes`.
    """
    where = str(path)
    data = sys.stdin.buffer.read(limits.file_bytes + 1) if where == "-" else _read_file(where, limits)
    if not data:
        raise BadInput("the file is empty", where=where, hint="Check that it is the right one and was saved.")
    if len(data) > limits.file_bytes:
        raise BadInput(
            "the file is larger than {limit} MB",
            where=where,
            hint="Split it into several files and import them one after the other.",
            limit=limits.file_bytes // 1024**2,
        )
    return data


def _read_file(where: str, limits: Limits) -> bytes:
    try:
        mode = Path(where).stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadInput("this is a folder, not a file", where=where, hint="Name a file inside it.")
        if not stat.S_ISREG(mode):
            raise BadInput(
                "this is a device or a pipe, not an ordinary file", where=where, hint="Use - for piped input."
            )
        with open(where, "rb") as file:
            return file.read(limits.file_bytes + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = N_("Check the name, or drag the file into the terminal window.")
        raise NotFound("there is no such file", where=where, hint=hint) from error
    except PermissionError as error:
        hint = N_("Change its permissions or copy it to your own folder.")
        raise BadInput("you may not read this file", where=where, hint=hint) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BadInput("the file cannot be read ({problem})", where=where, problem=problem) from error


def decode(data: bytes, known_words: Iterable[str] = (), where: str = "") -> Decoded:
    """The text of `data` and its encoding (formats 13, quality 2.2.10).

    `known_words` are words one of which a file of this kind should hold near its beginning; they settle what the
    bytes alone cannot. Raises `BadInput` for binaries, NULs, Big5, damaged UTF-8 and what cannot be told apart.
    """
    _refuse_binary(data, where)
    marked = _by_mark(data, where)
    if marked is None and b"\0" in data:
        raise BadInput("this is not text: it holds NUL bytes", where=where, hint=SAVE_AS)
    decoded = marked or _unmarked(data, tuple(known_words), where)
    if "\0" in decoded.text:
        raise BadInput("this is not text: it holds NUL bytes", where=where, hint=SAVE_AS)
    return decoded


def _refuse_binary(data: bytes, where: str) -> None:
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if data[4:8] == b"ftyp":
        kind = N_("a picture, sound or film")
    if kind:
        raise BadInput("this is {kind}, not text", where=where, hint=SAVE_AS, kind=Reason(kind))


def _by_mark(data: bytes, where: str) -> Decoded | None:
    marks: tuple[tuple[bytes, Encoding, Encoding], ...] = (
        (BOM_UTF8, "utf-8-sig", "utf-8"),
        (BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
    )
    for mark, encoding, codec in marks:
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return Decoded(body.decode(codec), encoding)
            except UnicodeDecodeError as error:
                raise _damaged(body, error, where) from error
    return None


def _damaged(data: bytes, error: UnicodeDecodeError, where: str) -> BadInput:
    line = data.count(b"\n", 0, error.start) + 1
    hint = N_("It was cut or mixed from two files; save it again.")
    return BadInput("the text is damaged in line {line}", where=where, hint=hint, line=line)


def _unmarked(data: bytes, words: tuple[str, ...], where: str) -> Decoded:
    utf8 = chinese = broken = None
    try:
        utf8 = data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    if utf8 is not None and (data.isascii() or _names(utf8, words) or not _could_be_gbk(utf8)):
        return Decoded(utf8, "utf-8")
    with suppress(UnicodeDecodeError):
        chinese = data.decode("gb18030")
    if chinese is not None and _names(chinese, words):
        return Decoded(chinese, "gb18030")
    if utf8 is not None:
        return _settle(utf8, chinese, where)
    if chinese is not None and everyday(chinese) >= max(_EVERYDAY, _as_big5(data)) and not _mostly_utf8(data):
        return Decoded(chinese, "gb18030")
    raise _unreadable(data, broken, where)


def _names(text: str, words: tuple[str, ...]) -> bool:
    head = text[:_HEAD]
    return any(word in head for word in words if not word.isascii())


def _could_be_gbk(utf8: str) -> bool:
    """Whether valid UTF-8 may yet be GBK: 3 in 100 two-character names are both. Real Chinese has longer sequences."""
    foreign = "".join(_FOREIGN_RUN.findall(utf8))
    return bool(foreign) and all(_TWO_BYTES.match(ch) for ch in foreign)


def _settle(utf8: str, chinese: str | None, where: str) -> Decoded:
    """Two readings without a header word: accented Latin is UTF-8; otherwise the owner must say, we never guess."""
    runs = _FOREIGN_RUN.findall(utf8)
    if chinese is None or everyday(chinese) < _EVERYDAY or len(_LATIN_WORD.findall(utf8)) >= len(runs):
        return Decoded(utf8, "utf-8")
    sample = _FOREIGN_RUN.findall(chinese)[0][:8]
    raise BadInput(
        "the encoding cannot be told: “{one}” or “{two}”?",
        where=where,
        hint=SAVE_AS,
        one=sample,
        two=runs[0][:8],
    )


def _as_big5(data: bytes) -> float:
    """How well Big5 explains the bytes: the share of its everyday characters, 0 where they are no Big5."""
    try:
        text = data.decode("cp950")
    except UnicodeDecodeError:
        return 0.0
    foreign = "".join(_FOREIGN_RUN.findall(text))
    everyday = sum(1 for ch in foreign if 0xA1 <= ch.encode("cp950")[0] <= 0xC6)
    return everyday / len(foreign) if foreign else 0.0


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 with a flaw in it."""
    text = data.decode("utf-8", errors="replace")
    good = sum(1 for ch in "".join(_FOREIGN_RUN.findall(text)) if ch != "\ufffd")
    return good > text.count("\ufffd")


def _unreadable(data: bytes, broken: UnicodeDecodeError | None, where: str) -> BadInput:
    if broken is not None and _mostly_utf8(data):
        return _damaged(data, broken, where)
    try:
        data.decode("big5hkscs")
    except UnicodeDecodeError:
        return BadInput("this is not text in any encoding known here", where=where, hint=SAVE_AS)
    return BadInput(
        "this looks like Big5 (traditional Chinese), which cannot be read safely", where=where, hint=SAVE_AS
    )
