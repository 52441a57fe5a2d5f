"""A line of a form: what stands in it is replaced by what is typed, however fast the keys come."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Input


class LineBox(Input):
    """An Input that selects its text the moment it gets the keyboard.

    Textual's own does so when it comes to the news in its queue. A key is carried out at once here (`tui.keys`): by
    then something may be typed, and the next key would replace it. Coming back from another window selects nothing.
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(value, placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self._here = False  # also while another window has the keyboard: then nothing is focused

    def on_mount(self) -> None:
        self.watch(self.screen, "focused", self._follow)

    def _follow(self, focused: Widget | None) -> None:
        if focused is self and not self._here:
            self.select_all()
        self._here = focused is self or (focused is None and self._here)
