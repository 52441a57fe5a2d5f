"""A chat export as bytes that are read once, piece by piece: its encoding, its progress, and the end of it."""

from __future__ import annotations

import gzip
import io
import shutil
import stat
import sys
import tempfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from operator import methodcaller
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.readers.decode import SAVE_AS, Encoding, decode
from qunguan.exchange.readers.limits import Limits
from qunguan.i18n import N_
from qunguan.values import frozen

Step = Callable[[int, int], None]
"""Told how many bytes of how many are read. What it raises stops the reading, and the file is closed."""

CHAT_LIMITS = Limits(
    file_bytes=4 * 1024**3,
    rows=20_000_000,
    field_chars=131_072,  # the csv module's own; a longer field is a quotation mark that was never closed
    field_newlines=2_000,  # a 接龙 has up to 500 items, some of several lines
    xlsx_bytes=1024**3,
    seconds=600.0,
)
"""Caps for chat exports: they are streamed, so only what must be held at once is small."""

LONGEST_LINE = 8 * CHAT_LIMITS.field_chars
WORKBOOK_BYTES = 100 * 1024**2
WORDS = ("消息", "聊天", "发送", "时间", "昵称", "内容", "系统", "群", "图片", "表情", "谢谢", "今天", "我", "的")
"""Words one of which any Chinese chat holds near its beginning."""

_PIECE = 1 << 20
_HEAD = 1 << 18  # bytes looked at to recognise the format
_CODECS: dict[Encoding, str] = {"utf-8-sig": "utf-8"}


@frozen
class Pasted:
    """A chat that is no file: what an owner pasted. `name` is what is said in place of a file's name."""

    text: str
    name: str


Place = str | Path | Pasted
"""Where an export is: a path, `-` for standard input, or the text itself."""


def name_of(place: Place) -> str:
    """What errors call it."""
    if isinstance(place, Pasted):
        return place.name
    return str(place) if str(place) == "-" else Path(place).name


@dataclass(slots=True)
class Source:
    """An open export. `head` is the text of its beginning, in whole lines where it has lines; "" for a workbook."""

    name: str
    path: Path | None
    file: BinaryIO
    encoding: Encoding | None
    head: str
    _text: io.TextIOWrapper | None = None

    @property
    def is_workbook(self) -> bool:
        """Whether it is a ZIP archive, hence XLSX or nothing we read."""
        return self.encoding is None

    def text(self, newline: str | None = None) -> TextIO:
        """The text from its beginning, without the BOM. `newline` as `open` has it; "" for csv."""
        assert self.encoding is not None
        if self._text is not None:  # an unused wrapper closes the file when it goes
            self._text.detach()
        self.file.seek(0)
        self._text = file = io.TextIOWrapper(self.file, _CODECS.get(self.encoding, self.encoding), newline=newline)
        if file.read(1) != "\ufeff":
            file.seek(0)
        return file

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1, line without its end). Raises `BadInput` for a line that never ends."""
        return chain.from_iterable(enumerate(lines, start) for start, lines in self.lines_by_the_piece())

    def lines_by_the_piece(self) -> Iterator[tuple[int, list[str]]]:
        """(number of the first, lines without their ends), thousands at a time. Raises as `lines`."""
        start = 1
        for lines in pieces(self.text(), self.name, methodcaller("split", "\n")):
            yield start, lines
            start += len(lines)

    def everything(self, most: int) -> bytes:
        """All bytes, at most `most` of them. Raises `BadInput` beyond."""
        self.file.seek(0)
        data = self.file.read(most + 1)
        if len(data) > most:
            hint = N_("Split it into several files and import them one after the other.")
            raise BadInput("the file is larger than {limit} MB", where=self.name, hint=hint, limit=most // 1024**2)
        return data


def pieces(text: TextIO, name: str, cut: Callable[[str], list[str]]) -> Iterator[list[str]]:
    """The lines of a text, thousands at a time. `cut` makes lines of a string, the last of them open.

    Raises `BadInput` for a line longer than any that an exporter writes.
    """
    rest, number = "", 1
    while piece := text.read(_HEAD):
        lines = cut(rest + piece)
        if len(lines[0]) >= LONGEST_LINE:  # no other line is longer than a piece
            hint = N_("Check that it is the right one and was saved.")
            raise BadInput("this line does not end", where=f"{name}:{number}", hint=hint)
        rest = lines.pop()
        number += len(lines)
        yield lines
    if rest:
        yield [rest]


class _Counted(io.RawIOBase):
    """The file on the disk, telling how far it is read. Damage that shows while unpacking is told as the user's."""

    def __init__(self, file: BinaryIO, disk: BinaryIO, name: str, step: Step | None) -> None:
        super().__init__()
        self._file, self._disk, self._name, self._step = file, disk, name, step
        self._total = disk.seek(0, io.SEEK_END)
        disk.seek(0)
        self._told = -_PIECE
        self.checking = True
        """While the encoding is settled, nothing counts as read; whoever watches can stop even so."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        try:
            got: int = self._file.readinto(buffer)  # type: ignore[attr-defined]
        except (EOFError, zlib.error, OSError) as error:
            raise BadInput("the file is damaged or incomplete", where=self._name, hint=SAVE_AS) from error
        if self._file.tell() > CHAT_LIMITS.file_bytes:
            hint = N_("Split it into several files and import them one after the other.")
            limit = CHAT_LIMITS.file_bytes // 1024**2
            raise BadInput("the file is larger than {limit} MB", where=self._name, hint=hint, limit=limit)
        place = self._disk.tell()
        if self._step and abs(place - self._told) >= _PIECE:
            self._told = place
            self._step(0 if self.checking else place, self._total)
        return got


@contextmanager
def open_source(path: Place, step: Step | None = None) -> Iterator[Source]:
    """The export at `path`, gzipped or not, with its encoding settled (formats 13).

    The bytes are gone through once to be sure that all of them are text. Raises `NotFound`, or `BadInput` for what is
    empty, binary, damaged or in an encoding that cannot be told.
    """
    name = name_of(path)
    with _opened(path) as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        plain: Any = gzip.GzipFile(fileobj=raw) if packed else raw
        watched = _Counted(plain, raw, name, step)
        counted: Any = io.BufferedReader(watched, _HEAD)
        start = counted.read(4)
        if not start:
            raise BadInput("the file is empty", where=name, hint="Check that it is the right one and was saved.")
        place = None if isinstance(path, Pasted) or str(path) == "-" else Path(path)
        if start == b"PK\x03\x04":
            watched.checking = False
            yield Source(name, place, counted, None, "")
            return
        encoding, head = _settle(counted, name)
        watched.checking = False
        yield Source(name, place, counted, encoding, head)


@contextmanager
def _opened(path: Place) -> Iterator[BinaryIO]:
    if isinstance(path, Pasted):
        yield io.BytesIO(path.text.encode("utf-8", "replace"))  # half a surrogate pair is no letter
        return
    where = str(path)
    if where == "-":
        with tempfile.TemporaryFile() as copy:  # it is read twice, a pipe only once
            shutil.copyfileobj(sys.stdin.buffer, copy)
            yield copy
        return
    try:
        if not stat.S_ISREG(Path(where).stat().st_mode):
            raise BadInput("this is a folder or a device, not a file", where=where, hint="Name a file inside it.")
        file: BinaryIO = open(where, "rb")  # noqa: SIM115 - closed below; opening and reading fail differently
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = N_("Check the name, or drag the file into the terminal window.")
        raise NotFound("there is no such file", where=where, hint=hint) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BadInput("the file cannot be read ({problem})", where=where, problem=problem) from error
    with file:
        yield file


def _settle(file: BinaryIO, name: str) -> tuple[Encoding, str]:
    """The encoding of the whole file, and the text of its head."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _checked(file, name, "utf-16-le" if head.startswith(BOM_UTF16_LE) else "utf-16-be", head)
    sample = _foreign(file, head)
    settled = decode(sample, WORDS, name).encoding
    if head.startswith(BOM_UTF8):
        settled = "utf-8-sig"
    return _checked(file, name, settled, head)


def _foreign(file: BinaryIO, head: bytes) -> bytes:
    """The first lines that are not plain ASCII: in them the encoding shows."""
    piece = head
    while piece and piece.isascii():
        if b"\0" in piece:
            return piece
        piece = file.read(_HEAD)
    if not piece:
        return head
    first = next(place for place, byte in enumerate(piece) if byte > 127)
    start = piece.rfind(b"\n", 0, first) + 1
    end = piece.rfind(b"\n", first)
    if end < 0 or len(piece) < _HEAD:  # no line ends here, or the file does
        return _whole(piece[start:]) if len(piece) == _HEAD else piece[start:]
    return piece[start:end]


def _whole(piece: bytes) -> bytes:
    """Without a character cut in two at the end of a line longer than a piece."""
    for cut in range(min(4, len(piece))):
        shorter = piece[: len(piece) - cut]
        for codec in ("utf-8", "gb18030"):
            try:
                shorter.decode(codec)
            except UnicodeDecodeError:
                continue
            return shorter
    return piece


def _checked(file: BinaryIO, name: str, encoding: Encoding, head: bytes) -> tuple[Encoding, str]:
    """Every byte decoded once: a file that is broken in its last line must not be half imported first."""
    decoder = getincrementaldecoder(_CODECS.get(encoding, encoding))()
    file.seek(0)
    line = 1
    start = ""
    while piece := file.read(_HEAD):
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise _damaged(name, line + piece.count(b"\n", 0, max(0, error.start))) from error
        if "\0" in text:
            raise BadInput("this is not text: it holds NUL bytes", where=name, hint=SAVE_AS)
        start = start or text
        line += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _damaged(name, line) from error
    return encoding, _lines_of(start.removeprefix("\ufeff"), whole=len(head) < _HEAD)


def _damaged(name: str, line: int) -> BadInput:
    hint = N_("It was cut or mixed from two files; save it again.")
    return BadInput("the text is damaged in line {line}", where=name, hint=hint, line=line)


def _lines_of(text: str, *, whole: bool) -> str:
    end = text.rfind("\n")
    return text if whole or end < 0 else text[:end]
