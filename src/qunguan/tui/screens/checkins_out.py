"""Out of the check-in screen: board, missing list and prompt as text for the group, the board as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.checkin_outcomes import Board
from qunguan.domain.errors import BadInput
from qunguan.exchange.writers.text import MESSAGE_LIMIT
from qunguan.i18n import _
from qunguan.tui.clipboard import FOLDER, copy_out
from qunguan.tui.outgoing import send_out
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen


async def copy_board(screen: BoardScreen) -> None:
    """The board as text for the group."""
    from qunguan.exchange.writers.boards import board_text

    board = await _board(screen)
    await copy_out(screen.room, board_text(board, await _limit(screen)), f"board-{board.challenge.id}-{board.day}")


async def copy_missing(screen: BoardScreen) -> None:
    """The @-list of who is missing."""
    from qunguan.exchange.writers.boards import missing_text

    board = await _board(screen)
    await copy_out(screen.room, missing_text(board, await _limit(screen)), f"missing-{board.challenge.id}-{board.day}")


async def copy_prompt(screen: BoardScreen) -> None:
    """The prompt of the day."""
    board = screen.board
    if board is not None and board.prompt:
        await send_out(screen.room, board.prompt, f"prompt-{board.challenge.id}-{board.day}")


async def export(screen: BoardScreen) -> None:
    """Ask for a file name and write the board."""
    board = await _board(screen)
    assert screen.desk.path is not None
    folder = screen.desk.path.parent / FOLDER
    written: list[Path] = []

    async def save(values: dict[str, str]) -> None:
        path = Path(values["path"]).expanduser().absolute()
        await screen.desk.call(_write, path, board, folder)
        written.append(path)

    field = Field("path", _("file"), str(folder / f"board-{board.day}.xlsx"), _("name.csv, .xlsx, .json or .md"))
    if await screen.ask(Form(_("Write the board to a file"), [field], save)) is not None:
        screen.say(_("Wrote {n} rows to {path}", n=len(board.rows), path=written[-1]))


def _write(path: Path, board: Board, folder: Path) -> None:
    from qunguan.exchange.writers.checkins import board_table
    from qunguan.exchange.writers.tables import write_table

    if path.exists():
        raise BadInput("there is already something with this name", where=str(path), hint="choose another name")
    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_table(path, board_table(board))


async def _board(screen: BoardScreen) -> Board:
    """The board counted anew: ranks move with every tick, lines on the screen only when it is drawn again."""
    from qunguan.services import checkins

    return await screen.desk.read(checkins.board, screen.desk.clock, screen.in_hand.id, screen.day)


async def _limit(screen: BoardScreen) -> int:
    from qunguan.services import rules

    return await screen.desk.read(rules.limit, "board.text_limit") or MESSAGE_LIMIT
