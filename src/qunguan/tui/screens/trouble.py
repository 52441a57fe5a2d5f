"""The file could not be opened: say why and what to do, and leave it as it is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from qunguan.i18n import _
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Dialog


class TroubleScreen(Dialog[None]):
    """One line of what is wrong; any way out closes the program."""

    def __init__(self, error: str) -> None:
        super().__init__(_("The database could not be opened"), _("Esc close the program"))
        self._error = error

    def contents(self) -> ComposeResult:
        """What is wrong, where, what to do."""
        yield Static(literal(self._error))

    def action_leave(self) -> None:
        """Nothing can be done without the file."""
        self.app.exit(1, return_code=1)
