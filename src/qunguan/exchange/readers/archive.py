"""Read an archive: what it says of itself, and its rows, a table at a time."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from qunguan.domain.archive import FORMAT, Contents, Digest, Field, Row, Shape, Sheet, value_of
from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.writers.archive import PACKAGE, path_of
from qunguan.i18n import N_

_FIELD_CHARS = 1 << 27
_PACKAGE_BYTES = 16 * 1024 * 1024


class Archive:
    """An open archive: its `contents`, and the rows of its tables."""

    def __init__(self, package: ZipFile, where: str, contents: Contents) -> None:
        self._package = package
        self._where = where
        self.contents = contents

    @property
    def bytes(self) -> int:
        """How large it is unpacked."""
        return sum(part.file_size for part in self._package.infolist())

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a table in their order. Raises BadInput, at the latest behind the last row, where they are not
        what was written.
        """
        digest = Digest()
        kinds = [field.kind for field in sheet.shape.fields]
        for number, cells in self._cells(sheet):
            try:
                row = tuple(value_of(cell, kind) for cell, kind in zip(cells, kinds, strict=True))
            except ValueError:
                raise self._broken(N_("line {line} is not as its columns say"), sheet, line=number) from None
            digest.add(row)
            yield row
        if (digest.rows, digest.text()) != (sheet.rows, sheet.digest):
            raise self._broken(N_("the table is not what was written into it"), sheet)

    def _cells(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """The line each row begins on, and its cells."""
        csv.field_size_limit(_FIELD_CHARS)
        try:
            with (
                self._package.open(path_of(sheet.shape.name)) as raw,
                io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
            ):
                table = csv.reader(text, strict=True)
                if next(table, None) != [field.name for field in sheet.shape.fields]:
                    raise self._broken(N_("line {line} is not as its columns say"), sheet, line=1)
                line = table.line_num + 1
                for cells in table:
                    yield line, cells
                    line = table.line_num + 1
        except KeyError:
            raise self._broken(N_("the table is missing"), sheet) from None
        except (csv.Error, UnicodeDecodeError, BadZipFile, zlib.error, EOFError):
            raise self._broken(N_("the table is not what was written into it"), sheet) from None

    def _broken(self, what: str, sheet: Sheet, **values: object) -> BadInput:
        where = f"{self._where}:{path_of(sheet.shape.name)}"
        return BadInput(what, where=where, hint="Take another archive, or write it anew: qunguan archive", **values)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive. Raises NotFound for no file, BadInput for one that is none, is damaged, or newer than we are."""
    where = str(path)
    try:
        with ZipFile(path) as package:
            yield Archive(package, where, _contents(package, where))
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("there is no such file", where=where) from None
    except (BadZipFile, IsADirectoryError):
        raise _foreign(where) from None
    except PermissionError:
        raise BadInput("the file may not be read", where=where) from None


def _contents(package: ZipFile, where: str) -> Contents:
    try:
        if package.getinfo(PACKAGE).file_size > _PACKAGE_BYTES:
            raise _foreign(where)
        described = json.loads(package.read(PACKAGE))
        ours = described["qunguan"]
        if ours["format"] > FORMAT:
            hint = N_("Install the newer qunguan.")
            raise BadInput("the archive was written by a newer qunguan ({program})", where=where, hint=hint,
                           program=str(ours["program"]))  # fmt: skip
        sheets = tuple(_sheet(each) for each in described["resources"])
        made_at = datetime.fromisoformat(described["created"])
        next_ids = {str(name): int(last) for name, last in ours["next_ids"].items()}
        contents = Contents(int(ours["version"]), str(ours["program"]), made_at, sheets, next_ids)
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error, EOFError):
        raise _foreign(where) from None
    if contents.digest != ours["digest"]:
        raise _foreign(where)
    return contents


def _sheet(described: dict[str, Any]) -> Sheet:
    schema = described["schema"]
    fields = tuple(
        Field(str(each["name"]), _kind(each["type"]), bool(each["constraints"]["required"]))
        for each in schema["fields"]
    )
    links = tuple((str(each["fields"]), str(each["reference"]["resource"])) for each in schema["foreignKeys"])
    return Sheet(Shape(str(described["name"]), fields, links), int(described["rows"]), str(described["digest"]))


def _kind(text: str) -> Any:
    if text not in ("integer", "string"):
        raise ValueError(text)
    return text


def _foreign(where: str) -> BadInput:
    return BadInput("this is no archive of qunguan", where=where, hint="Name a file that qunguan archive has written.")
