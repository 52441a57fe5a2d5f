"""An archive as a file: a ZIP of CSV tables with a Tabular Data Package that describes them (Frictionless Data)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from qunguan.domain.archive import FORMAT, NULL, Contents, Digest, Row, Shape, Sheet, cell
from qunguan.exchange.writers.atomic import atomic_write

PACKAGE = "datapackage.json"
README = "README.txt"
_ABOUT = """\
qunguan 群管

这个压缩包里是一份群管数据的全部内容：tables 里每张表一个 CSV（UTF-8），datapackage.json 说明每一列是什么、指向哪张表。
空值写作 \\N；文字以反斜杠或 = + - @ 开头时，前面多一个反斜杠，去掉它就是原文。
放回群管：qunguan unarchive 压缩包.zip --to 新文件.db

This archive holds everything of a qunguan database: a CSV (UTF-8) for each table under tables, and datapackage.json,
which says what each column is and which table it points at.
No value is written \\N; a text that begins with a backslash or with = + - @ has one more backslash before it.
To bring it back: qunguan unarchive ARCHIVE.zip --to NEW.db
"""


def path_of(name: str) -> str:
    """Where the rows of a table stand in the archive."""
    return f"tables/{name}.csv"


def write_archive(
    path: Path,
    tables: Iterable[tuple[Shape, Iterator[Row]]],
    *,
    version: int,
    program: str,
    made_at: datetime,
    next_ids: Mapping[str, int],
) -> Contents:
    """Write an archive to `path`, whole or not at all, and say what is in it. The rows of a table come in the order of
    their ids and are never all in memory. Raises UserError where the file cannot be written.
    """
    made: list[Contents] = []

    def write(file: BinaryIO) -> None:
        with ZipFile(file, "w", ZIP_DEFLATED) as package:
            sheets = tuple(_write_sheet(package, shape, rows) for shape, rows in tables)
            made.append(Contents(version, program, made_at, sheets, next_ids))
            package.writestr(PACKAGE, json.dumps(_description(made[0]), ensure_ascii=False, indent=1))
            package.writestr(README, _ABOUT)

    atomic_write(path, write)
    return made[0]


def _write_sheet(package: ZipFile, shape: Shape, rows: Iterator[Row]) -> Sheet:
    digest = Digest()
    with (
        package.open(path_of(shape.name), "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
    ):
        sheet = csv.writer(text)
        sheet.writerow(field.name for field in shape.fields)
        for row in rows:
            digest.add(row)
            sheet.writerow(map(cell, row))
    return Sheet(shape, digest.rows, digest.text())


def _description(contents: Contents) -> dict[str, Any]:
    """The Tabular Data Package; what is ours alone stands under our name."""
    return {
        "profile": "tabular-data-package",
        "name": "qunguan",
        "created": contents.made_at.isoformat(),
        "qunguan": {
            "format": FORMAT,
            "version": contents.version,
            "program": contents.program,
            "digest": contents.digest,
            "next_ids": dict(contents.next_ids),
        },
        "resources": [_resource(sheet) for sheet in contents.sheets],
    }


def _resource(sheet: Sheet) -> dict[str, Any]:
    links = [{"fields": field, "reference": {"resource": table, "fields": "id"}} for field, table in sheet.shape.links]
    fields = [
        {"name": field.name, "type": field.kind, "constraints": {"required": field.needed}}
        for field in sheet.shape.fields
    ]
    schema = {"fields": fields, "missingValues": [NULL], "primaryKey": "id", "foreignKeys": links}
    return {
        "name": sheet.shape.name,
        "path": path_of(sheet.shape.name),
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "rows": sheet.rows,
        "digest": sheet.digest,
        "schema": schema,
    }
