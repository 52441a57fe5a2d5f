"""Where a command puts a table: a file, and a line that says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.exchange.writers.tables import Table


def write_out(context: Context, table: Table, document: dict[str, Any] | None = None) -> None:
    """Write the table to the file of `--to` and answer where it is and how many rows it has.

    `document` is what else is answered; its `rows` are the rows themselves. Raises what `write_table` raises.
    """
    from qunguan.exchange.writers.tables import write_table

    path: Path = context.options.to
    replaced = path.exists()
    with context.progress(1) as stage:
        stage(_("Writing"))
        write_table(path, table)
    line = _("Wrote {n} rows to {path}", n=len(table.rows), path=path)
    if replaced:
        line = _("Wrote {n} rows to {path}; the file that was there is replaced", n=len(table.rows), path=path)
    told = {"path": str(path), "rows": len(table.rows), "replaced": replaced}
    context.answer(told | (document or {}), [line])
