"""Choose one of some: type to narrow (Chinese, pinyin or initials), arrows and Enter to take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qunguan.domain.actions import shown
from qunguan.domain.pinyin import sounds_like
from qunguan.domain.text import match_key
from qunguan.i18n import _
from qunguan.tui.text import joined
from qunguan.tui.widgets.dialogs import Dialog
from qunguan.values import frozen


@frozen
class Choice:
    """One thing to choose: what `Choose` gives back, what is shown, what it means, and the key that does the same.

    `also` is another name it is found by, which is not shown.
    """

    id: str
    label: str
    note: str = ""
    key: tuple[str, ...] = ()
    also: str = ""

    def matches(self, typed: str) -> bool:
        """Whether the typed text is part of the label, its note, its other name, or of a name's pinyin or initials."""
        wanted = match_key(typed)
        if any(wanted in match_key(text) for text in (self.label, self.note, self.also)):
            return True
        return any(sounds_like(name, wanted) for name in (self.label, self.also))


class Choose(Dialog[str]):
    """Gives back the id of the choice, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),  # at once: the next key is for what comes after
    ]

    def __init__(self, title: str, choices: Sequence[Choice], other: str = "") -> None:
        """With `other` (what the typed text would become) a text that is no label can be taken too, as "+<text>"."""
        super().__init__(title, _("type to narrow · ↑ ↓ Enter choose · Esc leave"))
        self._choices, self._other = choices, other
        self._typed = ""  # what the list is narrowed to

    def contents(self) -> ComposeResult:
        """A line to type in and the list."""
        yield Input(compact=True)
        yield OptionList(*map(self._option, self._choices), markup=False)

    def on_mount(self) -> None:
        listing = self.query_one(OptionList)
        listing.can_focus = False
        listing.highlighted = 0 if self._choices else None

    def on_input_changed(self) -> None:
        """Narrow the list."""
        self._narrow()

    def _narrow(self) -> None:
        """List what the typed text means; the highlight stays where it is listed already."""
        typed = self.query_one(Input).value.strip()
        if typed == self._typed:
            return
        self._typed = typed
        found = [choice for choice in self._choices if not typed or choice.matches(typed)]
        if self._other and typed and all(choice.label != typed for choice in self._choices):
            found.append(Choice(f"+{typed}", typed, self._other))
        listing = self.query_one(OptionList)
        listing.clear_options()
        listing.add_options(map(self._option, found))
        listing.highlighted = 0 if found else None
        self.wrong("" if found else _("nothing here is called that"))

    def action_take(self) -> None:
        """Enter takes the highlighted one of what is typed."""
        self._narrow()
        listing = self.query_one(OptionList)
        if listing.highlighted is not None:
            self.dismiss(listing.get_option_at_index(listing.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes it too."""
        self.dismiss(event.option_id)

    def action_move(self, step: int) -> None:
        """Move the highlight while the cursor stays in the text."""
        self._narrow()
        listing = self.query_one(OptionList)
        if listing.option_count:
            listing.highlighted = ((listing.highlighted or 0) + step) % listing.option_count

    def on_click(self, event: events.Click) -> None:
        """Typing goes on after a click."""
        self.set_focus(self.query_one(Input))

    @staticmethod
    def _option(choice: Choice) -> Option:
        key = f"{shown(choice.key)}  " if choice.key else ""
        note = f"  {choice.note}" if choice.note else ""
        return Option(joined((key, "bold"), choice.label, (note, "dim")), id=choice.id)
