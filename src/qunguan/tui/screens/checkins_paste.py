"""The box a 接龙 is pasted into. What is not one is said there, and the text stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from qunguan.domain.checkin_outcomes import RecordPreview
from qunguan.domain.errors import BadInput, UserError
from qunguan.domain.jielong import Jielong
from qunguan.domain.text import show
from qunguan.i18n import N_, _
from qunguan.tui.screens.checkins_board import day_text
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Dialog
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen

_PATH_LIMIT = 1024


@frozen
class Chain:
    """A pasted text that is a 接龙, and what recording it would do."""

    raw: str
    jielong: Jielong
    preview: RecordPreview


class ChainBox(Dialog[Chain]):
    """Paste the text, or the path of a file with it."""

    WIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s,ctrl+d", "go_on", show=False, priority=True)]

    def __init__(self, screen: BoardScreen, text: str = "") -> None:
        title = _("Paste a 接龙 · {challenge} · {day}", challenge=show(screen.in_hand.name), day=day_text(screen.day))
        super().__init__(title, _("F2 or Ctrl+S goes on · Esc leave"))
        self._board, self._text = screen, text
        self._busy = False

    def contents(self) -> ComposeResult:
        """Where to paste."""
        from textual.widgets import TextArea

        note = _(
            "Copy the 接龙 in the chat and paste it here; or type the path of a file with it. Nothing is saved yet."
        )
        yield Static(literal(note), classes="muted")
        yield TextArea(self._text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")

    async def action_go_on(self) -> None:
        """Read what was pasted; once, however often the key is pressed."""
        from textual.widgets import TextArea

        if self._busy:
            return
        self._busy = True
        self.wrong("")
        try:
            chain = await read_chain(self._board, self.query_one(TextArea).text)
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
        else:
            self.dismiss(chain)


async def read_chain(screen: BoardScreen, text: str) -> Chain:
    """Parse and preview on the database thread. Raises UserError, one line, for what cannot be recorded."""
    from qunguan.services import checkins

    raw, jielong = await screen.desk.call(_parsed, text)
    preview = await screen.desk.read(checkins.preview, screen.desk.clock, screen.in_hand.id, jielong, screen.day)
    return Chain(raw, jielong, preview)


def _parsed(text: str) -> tuple[str, Jielong]:
    """The 接龙 in a text, or in the file it names."""
    from qunguan.exchange.readers.jielong import parse

    if not text.strip():
        raise BadInput("nothing is pasted yet")
    path = _path(text)
    raw = text if path is None else _file_text(path)
    jielong = parse(raw)
    if not jielong.is_jielong:
        why = "; ".join(map(str, jielong.notes))
        where = "" if path is None else str(path)
        raise BadInput("this is not a 接龙", where=where, hint=N_("{why}") if why else "", why=why)
    return raw, jielong


def _path(text: str) -> Path | None:
    """The file a text names, as it is typed or dropped on the terminal; None when it is no path."""
    line = text.strip().strip("'\"")
    if "\n" in line or len(line) > _PATH_LIMIT or "\0" in line:
        return None
    path = Path(line.removeprefix("file://").replace("\\ ", " ")).expanduser()
    looks = line.startswith(("/", "~", "./", "../", "file://")) or path.suffix.lower() in (
        ".txt",
        ".xml",
        ".md",
        ".csv",
    )
    return path if looks else None


def _file_text(path: Path) -> str:
    from qunguan.exchange.readers.decode import decode, read_bytes

    return decode(read_bytes(path), where=str(path)).text


async def paste(screen: BoardScreen, text: str = "") -> None:
    """From paste to board: the box, the preview, one save. A `text` pasted onto the board needs no box."""
    from qunguan.tui.screens.checkins_preview import ChainPreview

    chain: Chain | None = None
    wrong = ""
    if text:
        try:
            chain = await read_chain(screen, text)
        except UserError as error:
            wrong = str(error)
    if wrong:
        screen.say(wrong, "error")
    if chain is None:
        chain = await screen.ask(ChainBox(screen, text))
    if chain is None:
        return
    outcome = await screen.ask(ChainPreview(screen, chain))
    if outcome is None:
        return
    await screen.room.changed()
    told = [_("{n} checked in", n=len(outcome.recorded))]
    if outcome.created:
        told.append(_("{n} new members", n=len(outcome.created)))
    if outcome.points:
        told.append(_("{n} points given", n=outcome.points))
    told.append(_("{n} missing", n=len(outcome.missing)))
    screen.say(" · ".join(told) + "\n" + _("y copies the board · Y the @-list of who is missing · u undoes"))
