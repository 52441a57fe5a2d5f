"""Tables out: CSV, XLSX, JSON, Markdown. What members typed is text in all of them and never runs (quality 2.2.9)."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import is_trigger
from qunguan.exchange.writers.atomic import atomic_write
from qunguan.i18n import N_

Kind = Literal["text", "int", "money", "rate", "date"]
Value = str | int | float | date | None

SUFFIXES = (".csv", ".xlsx", ".json", ".md")

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&!#])")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` in JSON, `label` as its head elsewhere.

    Kinds: text; int; money, in fen (yuan outside JSON); rate, 0 to 1 (percent outside JSON); date. None is unknown.
    """

    key: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """What is written: each row has one value per column, in their order."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]


def write_table(path: str | Path, table: Table) -> None:
    """Write `table` to `path` in the format its suffix names, whole or not at all.

    Raises `BadInput` for another suffix, and what `atomic_write` raises.
    """
    suffix = Path(path).suffix.lower()
    write = _writers().get(suffix)
    if write is None:
        hint = N_("End the name with one of {suffixes}.")
        raise BadInput("cannot write this kind of file", where=str(path), hint=hint, suffixes=" ".join(SUFFIXES))
    atomic_write(path, partial(write, table))


def _writers() -> dict[str, Callable[[Table, BinaryIO], None]]:
    from qunguan.exchange.writers.xlsx import write_xlsx

    return dict(zip(SUFFIXES, (write_csv, write_xlsx, write_json, write_markdown), strict=True))


def write_csv(table: Table, file: BinaryIO) -> None:
    """UTF-8 with BOM, so that Excel and WPS read it; everything quoted, texts guarded."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guarded(column.label) for column in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(column, value) for column, value in zip(table.columns, row, strict=True)])
    text.flush()
    text.detach()


def write_json(table: Table, file: BinaryIO) -> None:
    """`{"title", "columns": [{"key", "label", "kind"}], "rows": [{key: value}]}`; money in fen, unknown is null."""
    columns = [{"key": column.key, "label": column.label, "kind": column.kind} for column in table.columns]
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, map(_json_value, row), strict=True)) for row in table.rows]
    document = {"title": table.title, "columns": columns, "rows": rows}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    file.write(text.encode("utf-8", "replace") + b"\n")


def write_markdown(table: Table, file: BinaryIO) -> None:
    """A heading and a pipe table; texts escaped so that nothing in them is a link, a picture or a new cell."""
    heads = [escaped(column.label) for column in table.columns]
    rules = ["---" if column.kind in ("text", "date") else "---:" for column in table.columns]
    lines = [f"# {escaped(table.title)}", "", _pipes(heads), _pipes(rules)]
    for row in table.rows:
        lines.append(_pipes([_md_cell(column, value) for column, value in zip(table.columns, row, strict=True)]))
    file.write(("\n".join(lines) + "\n").encode())


def guarded(text: str) -> str:
    """Text as a spreadsheet may hold it: unwritable characters gone, `'` before what would run; see `text_cell`."""
    safe = _UNWRITABLE.sub("", text)
    return f"'{safe}" if is_trigger(safe) else safe


def escaped(text: str) -> str:
    """Text as one Markdown table cell shows it literally."""
    return show(_LINE_END.sub(" ", _MARKDOWN.sub(r"\\\1", text).replace("\t", " ")))


def written(kind: Kind, value: Value) -> str:
    """A number or date as people read it: fen as yuan with two places, a rate as percent with one, ISO dates."""
    if kind == "money" and isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    if kind == "rate" and isinstance(value, int | float):
        return f"{100 * value:.1f}%"
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv_cell(column: Column, value: Value) -> str:
    if value is None or _is_unknown(value):
        return ""
    return guarded(value) if isinstance(value, str) else written(column.kind, value)


def _md_cell(column: Column, value: Value) -> str:
    if value is None or _is_unknown(value):
        return "—"
    return escaped(value) if isinstance(value, str) else written(column.kind, value)


def _json_value(value: Value) -> Value:
    if _is_unknown(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def _is_unknown(value: Value) -> bool:
    """A rate over nothing is unknown however it was computed."""
    return isinstance(value, float) and not math.isfinite(value)


def _pipes(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
