"""Tables out: CSV, XLSX, JSON, Markdown. What members typed is text in all of them and never runs (quality 2.2.9)."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.text import show
from qunguan.exchange.writers.atomic import atomic_write
from qunguan.exchange.writers.cells import Column, Kind, Table, Value, guarded
from qunguan.i18n import N_

__all__ = ["SUFFIXES", "Column", "Kind", "Table", "Value", "escaped", "guarded", "write_table", "written"]

SUFFIXES = (".csv", ".xlsx", ".json", ".md")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&!#])")
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


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


def escaped(text: str) -> str:
    """Text as one Markdown table cell shows it literally."""
    return show(_LINE_END.sub(" ", _MARKDOWN.sub(r"\\\1", text).replace("\t", " ")))


def written(kind: Kind, value: Value) -> str:
    """A number or date as people read it: fen as yuan with two places, a rate as percent with one, ISO dates."""
    if kind == "money" and isinstance(value, int):
        return yuan(value)
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
