"""A scrolling view of numbered lines under a fixed heading, which repaints only what changed.

Everything the table overrides of Textual's own is in this file; tests/tui/test_line_view.py has one test for each, so
that a new Textual shows what it broke.
"""

from __future__ import annotations

from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qunguan.domain.text import screen
from qunguan.tui.wrapping import breaks

_MAX_STRIPS = 256
_HEADING = -1
_MARGIN = 4  # cells beside what an empty list says


class LineView(ScrollView):
    """Lines 0 to `line_count` and a heading above them that does not scroll. No border, padding or animation."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"line-view--empty"}
    DEFAULT_CSS = """
    LineView {
        height: 1fr; background: $surface; color: $foreground;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size: 0 1;
        & > .line-view--empty { color: $text-muted; }
    }
    """

    line_count: int = 0
    """How many lines there are; tell `resized` after a change."""

    def __init__(self, *, name: str | None, id: str | None, classes: str | None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._strips: dict[int, Strip] = {}
        self._strip_width = -1
        self._styles_used: dict[tuple[str, ...], Style] = {}
        self._thumb: int | None = None

    # What a table fills in

    def draw_heading(self, width: int) -> list[Segment]:
        """The heading; `width` is `view_width`. The first segment's style goes on to the end of the line."""
        raise NotImplementedError

    def draw_line(self, index: int, width: int) -> list[Segment]:
        """Line `index` in full, likewise; it is kept until `repaint` or `redraw`."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What stands in the view, centred line by line, when there are no lines."""
        return ""

    def line_width(self, width: int) -> int:
        """How long lines are in a view of `width` cells."""
        return width

    def view_moved(self) -> None:
        """Other lines are in view now."""

    # What a table uses

    @property
    def page_lines(self) -> int:
        """The lines in view at a time."""
        return max(1, self.size.height - 1)

    @property
    def view_width(self) -> int:
        """The cells of a line that can be seen: Textual draws the scrollbar over the last one."""
        return self.size.width - self.scrollbar_size_vertical

    @property
    def top(self) -> int:
        """The first line in view."""
        return self.scroll_offset.y

    def top_for(self, index: int, top: int) -> int:
        """The first line that shows `index` with the least scrolling from `top`; with no size yet, `top`."""
        if not self.size:
            return max(0, min(top, index))
        least = max(top, index - self.page_lines + 1)
        return max(0, min(least, index))

    def show_from(self, top: int) -> None:
        """Scroll so that `top` is the first line in view."""
        self.scroll_to(y=top, animate=False, force=True)

    def repaint(self, *indexes: int) -> None:
        """Draw these lines anew; only they are sent to the terminal."""
        for index in indexes:
            self._strips.pop(index, None)
            y = index - self.top + 1
            if 1 <= y <= self.page_lines:
                self.refresh(Region(0, y, self.size.width, 1))

    def redraw(self) -> None:
        """Draw every line anew."""
        self._strips.clear()
        self.refresh()

    def resized(self) -> None:
        """Fit the scroll range to `line_count`. Without the reactive's layout of the whole screen, which costs a
        frame for each key typed into a search box."""
        size = Size(self.line_width(self.view_width), self.line_count + 1)
        if size != self.virtual_size:
            self._thumb = None
            self.set_reactive(LineView.virtual_size, size)
            self._scroll_update(size)

    def style_of(self, base: str = "", over: str = "") -> Style:
        """The style of component class `base` (none: the view's own), with `over`'s colour and weight put on top."""
        style = self._styles_used.get((base, over))
        if style is None:
            style = self.get_component_rich_style(base) if base else self.rich_style
            if over:
                above = self.get_component_rich_style(over)  # its partial form would lose `auto` colours
                style += above.without_color + Style.from_color(above.color)
            self._styles_used[base, over] = style
        return style

    # Textual's own, overridden

    def notify_style_update(self) -> None:
        """Theme, focus or CSS changed."""
        super().notify_style_update()
        self._styles_used.clear()
        self._strips.clear()

    def on_resize(self, _event: events.Resize) -> None:
        self.resized()
        self.view_moved()

    def watch_scroll_x(self, old: float, new: float) -> None:
        """Lines drawn for the old place sideways are no use."""
        self._strips.clear()
        super().watch_scroll_x(old, new)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Textual repaints the scrollbar at each line, for half of what the line costs; this does when its thumb
        moves half a cell: at 300 rows every fourth line, at a million never, and always exact at both ends."""
        halves = int(new * self.size.height * 2 / max(1, self.virtual_size.height))
        thumb = -1 if new <= 0 else -2 if new >= self.max_scroll_y else halves
        if thumb != self._thumb and self.show_vertical_scrollbar:
            self._thumb = thumb
            self.vertical_scrollbar.position = new
        if round(old) != round(new):
            self.refresh(self.size.region)
            self.view_moved()

    def _scroll_to(self, *args: Any, **options: Any) -> bool:
        """Every way to scroll ends here; none is animated."""
        return super()._scroll_to(*args, **{**options, "animate": False})

    def render_line(self, y: int) -> Strip:
        """The line in row `y` of what is seen."""
        return self._line(y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips as they are kept. Textual's way through borders, padding and tint costs as much as the rest."""
        styles = self.styles
        if self.opacity != 1.0 or styles.tint.a or styles.gutter != (0, 0, 0, 0):
            return super().render_lines(crop)
        strips = [self._line(y) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        x1, x2 = crop.column_span
        return strips if (x1, x2) == (0, self.size.width) else [strip.crop(x1, x2) for strip in strips]

    def _line(self, y: int) -> Strip:
        width, x = self.size.width, self.scroll_offset.x
        if width != self._strip_width:
            self._strips.clear()
            self._strip_width = width
        index = _HEADING if y == 0 else self.top + y - 1
        if index >= self.line_count:
            return self._below(y, width)
        strip = self._strips.get(index)
        if strip is None:
            segments = self.draw_heading(self.view_width) if y == 0 else self.draw_line(index, self.view_width)
            length = sum(cell_len(segment.text) for segment in segments)
            strip = Strip(segments, length).crop_extend(x, x + width, segments[0].style)
            if len(self._strips) >= _MAX_STRIPS:
                del self._strips[next(iter(self._strips))]
            self._strips[index] = strip
        return strip

    def _empty_lines(self, width: int) -> list[str]:
        """What an empty list says, in lines of at most `width` cells."""
        lines = []
        for text in map(screen, self.empty_text().splitlines()):
            starts = [0, *breaks(text, width)]
            lines += [text[first:last].strip() for first, last in zip(starts, [*starts[1:], len(text)], strict=True)]
        return lines

    def _below(self, y: int, width: int) -> Strip:
        lines = [] if self.line_count else self._empty_lines(max(self.view_width - _MARGIN, 1))
        number = y - max(1, (self.page_lines - len(lines)) // 3)
        if not 0 <= number < len(lines):
            return Strip.blank(width, self.style_of())
        text = lines[number]
        text = " " * max(0, (self.view_width - cell_len(text)) // 2) + text
        style = self.style_of("", "line-view--empty")
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)
