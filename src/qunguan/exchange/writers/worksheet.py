"""A document as one worksheet: headings, paragraphs and tables below each other, charts that Excel and WPS draw.

Every text is a text cell: no formula, no link, whatever it says; numbers are numbers. What charts are drawn of stands
on a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from qunguan.domain.documents import (
    Block,
    Cell,
    Chart,
    Document,
    Figures,
    Grid,
    Heading,
    Items,
    Line,
    Number,
    NumberKind,
    Paragraph,
)
from qunguan.exchange.writers.cells import guarded
from qunguan.exchange.writers.xlsx import safe_text, sheet_title, workbook
from qunguan.i18n import _

_FORMATS: Final[dict[NumberKind, str]] = {"int": "0", "ratio": "0.0", "money": "0.00", "rate": "0.0%"}
_COLUMNS: Final = 8  # a paragraph runs over so many
_FIRST_WIDE, _WIDE = 30, 13
_LINE_HIGH, _ROOM = 15, 108  # points a line; half-width characters a merged line holds
_CHART_ROWS: Final = 15


def write_worksheet(document: Document, file: BinaryIO) -> None:
    """Write `document` as an XLSX workbook to `file`."""
    with workbook(file, document.title) as book:
        _Sheet(book, document).write()


class _Sheet:
    """The sheet being written: `row` is the next free one, `data_row` that of the sheet the charts are drawn of."""

    def __init__(self, workbook: Any, document: Document) -> None:
        self.document, self.workbook = document, workbook
        self.row = self.data_row = 0
        self.sheet = workbook.add_worksheet(sheet_title(_("report")))
        self.data: Any = None
        self.data_title = sheet_title(_("chart data"))
        shapes: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 16}, "grey": {"font_color": "#666666", "text_wrap": True},
            "mark": {"bold": True, "font_color": "#B00000"}, "heading": {"bold": True, "font_size": 13, "bottom": 1},
            "text": {"text_wrap": True, "valign": "top", "num_format": "@"},
            "quote": {"text_wrap": True, "italic": True, "bg_color": "#F6F8FA"},
            "head": {"bold": True, "bg_color": "#F0F0EE", "text_wrap": True, "valign": "top"},
            "right": {"align": "right", "valign": "top", "num_format": "@"},
        }  # fmt: skip
        shapes["head_right"] = shapes["head"] | {"align": "right"}
        shapes |= {f"{name}_beside": shapes[name] | {"align": "left", "indent": 1} for name in ("head", "text")}
        shapes |= {kind: {"num_format": told, "valign": "top"} for kind, told in _FORMATS.items()}
        self.shapes = {name: workbook.add_format(shape) for name, shape in shapes.items()}

    def write(self) -> None:
        """Everything from the title to the foot, set up for A4."""
        self.sheet.set_column(0, 0, _FIRST_WIDE)
        self.sheet.set_column(1, _COLUMNS - 1, _WIDE)
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.hide_gridlines(2)
        document = self.document
        self._line(document.title, "title", high=24)
        for text, shape in ((document.mark, "mark"), (document.subtitle, "grey")):
            if text:
                self._line(text, shape)
        for block in document.blocks:
            self._block(block)
        if document.foot:
            self.row += 1
            self._line(document.foot, "grey")

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.row += 1
            self._line(block.text, "heading", high=20)
        elif isinstance(block, Paragraph):
            self._line(block.text, "quote" if block.quoted else "text")
        elif isinstance(block, Items):
            for n, line in enumerate(block.lines, 1):
                self._line(f"{n}. {line}" if block.numbered else f"· {line}", "text")
        elif isinstance(block, Figures):
            rows = tuple((each.label, each.value, each.note) for each in block.figures)
            self._grid(Grid((_("the figure"), _("its value"), _("counted of")), rows, frozenset({1})))
        elif isinstance(block, Chart):
            self._chart(block)
        else:
            self._grid(block)

    def _line(self, text: str, shape: str, *, high: int = 0) -> None:
        """A text over all columns, the row as high as its lines."""
        from wcwidth import wcswidth

        safe = safe_text(text)
        lines = sum(max(1, -(-max(wcswidth(line), len(line)) // _ROOM)) for line in safe.split("\n"))
        self.sheet.set_row(self.row, high or _LINE_HIGH * lines)
        self.sheet.merge_range(self.row, 0, self.row, _COLUMNS - 1, "", self.shapes[shape])
        self.sheet.write_string(self.row, 0, safe, self.shapes[shape])
        self.row += 1

    def _grid(self, grid: Grid) -> None:
        self._row(grid.heads, "head", grid.numbers)
        for row in grid.rows:
            self._row(row, "text", grid.numbers)

    def _row(self, cells: Sequence[Cell], shape: str, numbers: frozenset[int]) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, Number) and cell.value is not None:
                value = cell.value / 100 if cell.kind == "money" else cell.value
                self.sheet.write_number(self.row, place, value, self.shapes[cell.kind])
            elif str(cell):
                self.sheet.write_string(
                    self.row, place, safe_text(str(cell)), self.shapes[_shape(shape, place, numbers)]
                )
        self.row += 1

    def _chart(self, chart: Chart) -> None:
        """A chart of columns, what it is held against as a line over them."""
        ranges = self._chart_data(chart)
        drawn = self.workbook.add_chart({"type": "column"})
        drawn.add_series(ranges[0] | {"fill": {"color": "#3B6EA5"}, "gap": 60})
        if ranges[1:]:
            over = self.workbook.add_chart({"type": "line"})
            for each in ranges[1:]:
                over.add_series(each | {"line": {"color": "#C2692F", "width": 1.5}, "marker": {"type": "circle"}})
            drawn.combine(over)
        drawn.set_title({"name": _chart_title(chart.title), "name_font": {"size": 12}})
        drawn.set_legend({"position": "bottom"} if ranges[1:] else {"none": True})
        drawn.set_y_axis({"num_format": _FORMATS[chart.kind], "major_gridlines": {"visible": True}})
        drawn.set_size({"width": 820, "height": 20 * _CHART_ROWS - 20})
        self.sheet.insert_chart(self.row, 0, drawn, {"description": guarded(chart.title)})
        self.row += _CHART_ROWS

    def _chart_data(self, chart: Chart) -> list[dict[str, Any]]:
        """Writes the numbers of a chart on their sheet; where each of its lines stands there."""
        if self.data is None:
            self.data = self.workbook.add_worksheet(self.data_title)
            self.data.set_column(0, 3, 16)
        top, last = self.data_row, self.data_row + len(chart.labels)
        self.data.write_string(top, 0, safe_text(chart.title), self.shapes["head"])
        for n, label in enumerate(chart.labels, 1):
            self.data.write_string(top + n, 0, safe_text(label), self.shapes["text"])
        for column, line in enumerate(chart.lines, 1):
            self._data_column(chart, line, column)
        self.data_row = last + 2
        name = self.data_title
        return [
            {"name": [name, top, column], "categories": [name, top + 1, 0, last, 0],
             "values": [name, top + 1, column, last, column]}
            for column in range(1, 1 + len(chart.lines))
        ]  # fmt: skip

    def _data_column(self, chart: Chart, line: Line, column: int) -> None:
        self.data.write_string(self.data_row, column, safe_text(line.label), self.shapes["head"])
        for n, value in enumerate(line.values, 1):
            if value is not None:
                told = value / 100 if chart.kind == "money" else value
                self.data.write_number(self.data_row + n, column, told, self.shapes[chart.kind])


def _shape(shape: str, place: int, numbers: frozenset[int]) -> str:
    """How the text at a place is set: flush right over and among numbers, a little apart where it follows some."""
    if place in numbers:
        return "head_right" if shape == "head" else "right"
    return f"{shape}_beside" if place - 1 in numbers else shape


def _chart_title(title: str) -> str:
    """A title that begins with = would be a reference to a cell."""
    return guarded(title)
