"""Where foreign tables and texts come in: pasted, typed, or as a file's path; reading it may take its time."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Generic, TypeVar
from urllib.parse import unquote, urlparse

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from qunguan.domain.errors import UserError
from qunguan.i18n import _
from qunguan.tui.flow import run
from qunguan.tui.text import literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Dialog

T = TypeVar("T")
R = TypeVar("R")

_PATH_LENGTH = 4096
_OFFERED = 200  # files offered to choose from; a folder with more is no place to choose in
_TABLES = (".csv", ".xlsx", ".txt", ".tsv")
_ESCAPED = re.compile(r"\\(.)")


class WorkDialog(Dialog[T], Generic[T]):
    """A dialog that does something slow: it says so, counts the seconds, and does it once however often it is asked."""

    TICK: ClassVar[float] = 1  # seconds from one look at the progress to the next
    busy = False

    def progress(self, what: str, seconds: float) -> str:
        """What the line of keys says while it works."""
        return f"{what} {seconds:.0f} s"

    def start(self, what: str, job: Callable[[], Awaitable[None]]) -> None:
        """Do `job` beside the event loop's messages; `what` says what is done. What goes wrong is said in the box."""
        if not self.busy:
            self.busy = True
            run(self, partial(self._work, what, job))

    async def _work(self, what: str, job: Callable[[], Awaitable[None]]) -> None:
        began = time.monotonic()

        def tick() -> None:
            self.query_one(".keys", Static).update(literal(self.progress(what, time.monotonic() - began)))

        tick()
        timer = self.set_interval(self.TICK, tick)
        try:
            await job()
        except UserError as error:
            self.wrong(str(error))
        finally:
            timer.stop()
            self.busy = False
            if self.is_attached:
                self.query_one(".keys", Static).update(literal(self._keys))


class SourceBox(WorkDialog[R], Generic[R]):
    """Rows or text in, or a path; F3 offers the files that lie here. Gives back what `read` made of it.

    `read` gets a Path or the pasted text and may raise a UserError: it is said in the box, and the text stays. `text`
    is what stands there at first.
    """

    WIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+s,ctrl+d", "go_on", show=False, priority=True),
        Binding("f3", "files", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),  # a text area that indents keeps Esc for itself
    ]

    def __init__(
        self,
        title: str,
        read: Callable[[Path | str], Awaitable[R]],
        notes: Sequence[str] = (),
        suffixes: Sequence[str] = _TABLES,
        text: str = "",
    ) -> None:
        super().__init__(title, _("paste text or a file's path, then F2 (Ctrl+S) · F3 files · Esc leave"))
        self._read, self._notes, self._suffixes, self._text = read, notes, suffixes, text

    def contents(self) -> ComposeResult:
        """Where to paste."""
        for note in self._notes:
            yield Static(literal(note), classes="muted")
        yield TextArea(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="indent")

    def action_go_on(self) -> None:
        """Read what is there."""
        text = self.query_one(TextArea).text
        if not text.strip():
            self.wrong(_("nothing is pasted yet"))
        else:
            self._take(as_path(text, self._suffixes) or text)

    def _take(self, source: Path | str) -> None:
        async def read() -> None:
            self.wrong("")
            self.dismiss(await self._read(source))

        self.start(_("reading…"), read)

    def action_files(self) -> None:
        """Choose one of the files in the folder the program was started in."""
        found = files_here(Path.cwd(), self._suffixes)
        if not found:
            self.wrong(_("there is no {kinds} file in {folder}", kinds=" ".join(self._suffixes), folder=Path.cwd()))
            return

        def chosen(path: str | None) -> None:
            if path is not None:
                self._take(Path(path))

        self.app.push_screen(Choose(_("Which file?"), [Choice(str(each), each.name) for each in found]), chosen)

    def action_leave(self) -> None:
        """Esc: nothing was read."""
        self.workers.cancel_node(self)
        self.dismiss(None)


def as_path(text: str, endings: Sequence[str] = _TABLES) -> Path | None:
    """The file that a single line names: typed, with `~`, quoted or escaped by a shell, or as a file:// address.

    None where it is text: several lines, or one that names nothing and does not look like a path, which begins or
    ends like one.
    """
    line = text.strip()
    if "\n" in line or len(line) > _PATH_LENGTH or "\0" in line:
        return None
    if line.startswith("file://"):
        return Path(unquote(urlparse(line).path))
    bare = line[1:-1] if len(line) > 1 and line[0] == line[-1] and line[0] in "'\"" else line
    for form in (bare, _ESCAPED.sub(r"\1", bare)):
        if _is_file(Path(form).expanduser()):
            return Path(form).expanduser()
    looks = bare.startswith(("/", "~/", "./", "../")) or bare.lower().endswith(tuple(endings))
    return Path(bare).expanduser() if looks else None


def files_here(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """The files of a folder with one of these endings, the newest first."""
    try:
        found = [each for each in folder.iterdir() if each.suffix.lower() in suffixes and _is_file(each)]
        return sorted(found, key=lambda each: -each.stat().st_mtime)[:_OFFERED]
    except OSError:  # a folder that may not be read offers nothing
        return []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or not a name at all
        return False
