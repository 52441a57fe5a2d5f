"""When the program itself is wrong: what happened goes into a private file, and the owner gets one line.

The report holds the places in the code and the error, no values of variables: names and phones stay out of it.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from pathlib import Path
from types import TracebackType

from qunguan import __version__
from qunguan.i18n import _

_PRIVATE = 0o600


def report(error: BaseException, folder: Path) -> str:
    """Write the report into `folder` (or the temporary folder, if that cannot be written); returns the line to say."""
    head = f"qunguan {__version__} · Python {platform.python_version()} · {sys.platform}\n"
    text = head + "".join(traceback.format_exception(error, chain=True))
    path = _written(text, folder) or _written(text, Path(os.environ.get("TMPDIR", "/tmp")))
    where = str(path) if path else "—"
    return _(
        "qunguan stopped because of a fault of its own; your data is as it was last saved. Report: {path}", path=where
    )


def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """`sys.excepthook` of the command line: one line instead of a traceback; Python then exits with 1."""
    sys.stderr.write(report(error, Path.home()) + "\n")


def _written(text: str, folder: Path) -> Path | None:
    path = folder / "qunguan-crash.log"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return None
    return path
