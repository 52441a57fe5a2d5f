"""A document as Markdown: what was typed is text everywhere, never a heading, a list, a picture or a new cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qunguan.domain.documents import Block, Cell, Chart, Document, Figures, Heading, Items, Paragraph
from qunguan.exchange.writers.charts import bar_of, told_values
from qunguan.exchange.writers.tables import escaped
from qunguan.i18n import _

_OPENS = re.compile(r"^([-+=:]|\d+(?=[.)]))")  # what makes a list, a rule or a heading of a line that begins with it


def markdown(document: Document) -> str:
    """The document as CommonMark with pipe tables."""
    head = [f"# {_line(document.title)}"]
    if document.mark:
        head.append(f"**{_line(document.mark)}**")
    if document.subtitle:
        head.append(_line(document.subtitle))
    parts = [*head, *filter(None, map(_block, document.blocks))]
    if document.foot:
        parts += ["---", _line(document.foot)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {_line(block.text)}"
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Items):
        marks = (f"{n}." for n in range(1, len(block.lines) + 1)) if block.numbered else ("-" for _each in block.lines)
        return "\n".join(f"{mark} {_line(line)}" for mark, line in zip(marks, block.lines, strict=True))
    if isinstance(block, Figures):
        rows = [(each.label, each.value, each.note) for each in block.figures]
        return "\n".join(_table((_("the figure"), _("its value"), _("counted of")), rows, frozenset({1})))
    if isinstance(block, Chart):
        return "\n".join(_chart(block))
    return "\n".join(_table(block.heads, block.rows, block.numbers))


def _paragraph(block: Paragraph) -> str:
    """Its lines, each ended so that it stays a line."""
    lines = [_line(line) for line in block.text.splitlines()]
    return "\n".join(f"> {line}  " for line in lines) if block.quoted else "  \n".join(lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], numbers: frozenset[int]) -> Iterator[str]:
    yield _pipes(heads)
    yield f"| {' | '.join('---:' if place in numbers else '---' for place in range(len(heads)))} |"
    yield from (_pipes(row) for row in rows)


def _chart(chart: Chart) -> Iterator[str]:
    """A chart as a table: a label, the numbers, and a bar as long as the first of them."""
    rows = [(*row, bar) for row, bar in zip(told_values(chart), bar_of(chart), strict=True)]
    heads = (chart.title, *(line.label for line in chart.lines), "")
    yield from _table(heads, rows, frozenset(range(1, 1 + len(chart.lines))))


def _pipes(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(escaped(str(cell)) for cell in cells)} |"


def _line(text: str) -> str:
    """One line of text that is nothing but text: four blanks before it would be code, a dash a list."""
    told = escaped(text).strip()
    return _OPENS.sub(lambda found: f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}", told)
