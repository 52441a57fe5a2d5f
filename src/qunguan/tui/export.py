"""Tables out of the screens: ask for a file, write it, say where it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.exchange.writers.tables import SUFFIXES, Table, write_table
from qunguan.i18n import _
from qunguan.tui.clipboard import FOLDER
from qunguan.tui.text import notice
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp


def export(room: QunguanApp, title: str, stem: str, make: Callable[[], Awaitable[Table]]) -> None:
    """Open a form for the file's name (its end says the format); write what `make` gives there, whole or not at all."""
    assert room.desk.path is not None
    folder = room.desk.path.parent / FOLDER

    async def save(values: dict[str, str]) -> None:
        path = Path(values["path"]).expanduser()
        table = await make()
        await room.desk.call(_write, path, table, folder)
        notice(room, _("Wrote {n} rows to {path}", n=len(table.rows), path=path))

    notes = [_("The end of the name says the format: {suffixes}", suffixes=" ".join(SUFFIXES))]
    room.push_screen(Form(title, [Field("path", _("file"), str(folder / f"{stem}.xlsx"))], save, notes))


def _write(path: Path, table: Table, folder: Path) -> None:
    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_table(path, table)
