"""The three lines of the shell: who and when, the ten screens, and what can be done here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qunguan.domain.actions import SCREENS, Action, home, rooms, shown
from qunguan.i18n import _
from qunguan.tui.text import joined, literal

_GAP = 2
_WIDE = 100  # columns: as where the side panel folds away


class TopBar(Widget):
    """The product, the group and how full it is on the left; the day and the time on the right; between them the clocks
    of an open incident.
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = ""
        self._middle: tuple[Content, ...] = ()
        self._right = ""

    def tell(
        self, *, left: str | None = None, middle: Sequence[Content] | None = None, right: str | None = None
    ) -> None:
        """Change a part of the line; None leaves it as it is. `middle` has the same in several lengths, the longest
        first.
        """
        before = (self._left, self._middle, self._right)
        self._left = self._left if left is None else left
        self._middle = self._middle if middle is None else tuple(middle)
        self._right = self._right if right is None else right
        if before != (self._left, self._middle, self._right):
            self.refresh()

    def render(self) -> Content:
        """The line at its present width: both ends stay while a middle fits that has all in it; else the group gives
        way, and only then all but the shortest middle.
        """
        name, right = joined(("群管", "bold $primary")), literal(self._right)
        head = joined(name, f" · {self._left}") if self._left else name
        wide = self.size.width - right.cell_length
        whole = self._middle[:-1] or self._middle
        shortest = whole[-1].cell_length + 2 * _GAP if whole else 0
        if head.cell_length + shortest > wide:
            head = name
        room = wide - head.cell_length
        middle = next((each for each in self._middle if each.cell_length + 2 * _GAP <= room), Content(""))
        before = max(1, (room - middle.cell_length) // 2)
        after = max(1, room - middle.cell_length - before)
        return Content.assemble(head, " " * before, middle, " " * after, right)


class NavBar(Widget):
    """The ten screens by number; the one that is open stands out without colour too."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = home(noun)

    def render(self) -> Content:
        """All names while they fit, set closer if need be; numbers alone for the others when the line is short."""
        forms = (self._line(" {key} {name}", "[{key} {name}]"), self._line("{key}{name}", "[{key}{name}]"))
        fitting = (form for form in forms if form.cell_length <= self.size.width)
        return next(fitting, self._line("{key}", "[{key}{name}]"))

    def _line(self, closed: str, opened: str) -> Content:
        parts = []
        for noun, key, label in SCREENS:
            here = noun == self._noun
            text = (opened if here else closed).format(key=key, name=_(label))
            parts.append(literal(text, "bold $primary" if here else ""))
        return Content(" ").join(parts)


class RoomBar(Widget):
    """The rooms of a screen that has several; Tab goes on to the next."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def render(self) -> Content:
        """Their names in a row; the open one stands out without colour too."""
        parts = []
        for noun, label in rooms(home(self._noun)):
            here = noun == self._noun
            parts.append(literal(f"[{_(label)}]" if here else f" {_(label)} ", "bold $primary" if here else ""))
        return Content(" ").join([*parts, literal(f" Tab {_('next room')}", "dim")])


class KeyBar(Static):
    """What works here, in the order of the action table; what cannot run now is dimmed, and in a narrow terminal it
    gives way first."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._shown: tuple[tuple[Action, bool], ...] = ()

    def offer(self, actions: Iterable[tuple[Action, bool]]) -> None:
        """Show these actions; the flag tells whether the action can run now."""
        wanted = tuple(actions)
        if wanted != self._shown:
            self._shown = wanted
            self.refresh()

    def render(self) -> Content:
        """As many as fit; help is always the last one."""
        helps = [entry for entry in self._shown if entry[0].verb == "help"]
        others = [entry for entry in self._shown if entry[0].verb != "help"]
        tail = self._entry(*helps[0]) if helps else Content("")
        entries = [(self._entry(action, able), able) for action, able in others]
        over = sum(entry.cell_length + _GAP for entry, _able in entries) + tail.cell_length - self.size.width
        narrow = self.size.width < _WIDE
        for place in range(len(entries) - 1, -1, -1):
            if over > 0 and narrow and not entries[place][1]:
                over -= entries.pop(place)[0].cell_length + _GAP
        while over > 0 and entries:
            over -= entries.pop()[0].cell_length + _GAP
        return Content(" " * _GAP).join([*(entry for entry, _able in entries), tail])

    @staticmethod
    def _entry(action: Action, able: bool) -> Content:
        key, label = shown(action.keys), _(action.label)
        if not able:
            return literal(f"{key} {label}", "dim")
        return joined((key, "bold $foreground"), f" {label}")


def width(text: str) -> int:
    """Terminal cells a text takes."""
    return cell_len(text)
