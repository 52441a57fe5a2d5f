"""A screen whose noun is still to come: one sentence says what it will carry."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from qunguan.i18n import _
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.text import literal


class PromiseScreen(NounScreen):
    """Tells in one sentence what will be here. `promise` is a message ID."""

    promise: ClassVar[str]
    KEEPS = ()

    def body(self) -> ComposeResult:
        """The sentence, in the middle."""
        yield Static(literal(_(self.promise)), classes="teach main")
