"""Ready text out: into the clipboard, and always into a file too.

A terminal that does not know OSC 52 says nothing, and pyperclip finds no clipboard over ssh. So the text is written to
a file beside the database every time, and the owner is told where.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.exchange.writers.atomic import atomic_write
from qunguan.i18n import _
from qunguan.parts import sweep
from qunguan.tui.text import notice

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

FOLDER = "out"


async def copy_out(app: QunguanApp, text: str, name: str) -> Path:
    """Put `text` on the clipboard and into `out/<name>.txt` beside the database; say both. Returns the file's path."""
    app.copy_to_clipboard(text)
    assert app.desk.path is not None
    path = app.desk.path.parent / FOLDER / f"{name}.txt"
    await app.desk.call(_deliver, path, text)
    notice(app, _("Copied {n} characters; also in {path}", n=len(text), path=path))
    return path


def _deliver(path: Path, text: str) -> None:
    import pyperclip

    path.parent.mkdir(mode=0o700, exist_ok=True)
    sweep(path.parent)
    atomic_write(path, text.encode("utf-8"))
    if pyperclip.is_available():
        pyperclip.copy(text)
