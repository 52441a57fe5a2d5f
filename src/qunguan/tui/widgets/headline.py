"""A summary of parts, whole ones only: what has no room is left out, never cut in the middle of a phrase."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from qunguan.tui.text import literal


class Headline(Widget):
    """A line or a few of parts, the most important first; those that do not fit are left out from the end."""

    DEFAULT_CSS = "Headline { height: auto; width: 100%; }"

    def __init__(self, gap: str = "    ", rows: int = 1, classes: str = "headline") -> None:
        """`gap` stands between two parts of a line; `rows` is how many lines there may be."""
        super().__init__(classes=classes)
        self._gap, self._rows = literal(gap), rows
        self._told: tuple[Content, ...] = ()

    def tell(self, parts: Iterable[Content]) -> None:
        """Show these parts."""
        self._told = tuple(parts)
        self.refresh(layout=self._rows > 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines taken at this width, in cells."""
        return len(self._lines(width))

    def render(self) -> Content:
        """As many parts as fit."""
        return Content("\n").join(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for part in self._told:
            if lines and lines[-1].cell_length + self._gap.cell_length + part.cell_length <= width:
                lines[-1] = Content.assemble(lines[-1], self._gap, part)
            elif len(lines) < self._rows:
                lines.append(part)
            else:
                break
        return lines or [Content("")]
