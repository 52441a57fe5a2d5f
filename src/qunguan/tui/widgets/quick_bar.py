"""The line to type into while a list below it narrows: Enter takes what is typed, once, and waits for the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class QuickBar(Input):
    """Arrows are told to whoever holds the list, so that typing goes on meanwhile."""

    enters: ClassVar[str] = "tick"  # what Enter does here: the verb of an action of the screen, for its footer

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
    ]
    DEFAULT_CSS = """
    QuickBar { height: 1; border: none; padding: 0 1; background: $boost; }
    QuickBar:focus { border: none; background: $primary 30%; }
    """

    @dataclass
    class Taken(Message):
        """Enter: the text that stood in the line, which is empty again by now."""

        text: str

    @dataclass
    class Walked(Message):
        """An arrow: how many rows, downwards."""

        rows: int

    def __init__(self, hint: str) -> None:
        """`hint` stands in the empty line."""
        super().__init__(placeholder=hint, compact=True)
        self.cursor_blink = False

    async def action_submit(self) -> None:
        """Hand over the text and empty the line at once, so that a second Enter takes nothing."""
        if text := self.value.strip():
            self.post_message(self.Taken(text))
            self.value = ""

    def action_walk(self, rows: int) -> None:
        """Move in the list."""
        self.post_message(self.Walked(rows))
