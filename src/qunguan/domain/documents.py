"""A document as it is meant, whatever file it becomes: a title, then paragraphs, lists, key figures, tables and charts.

All texts are foreign until a writer has made them safe; numbers are written out already, unknown ones as `—`.
"""

from __future__ import annotations

from typing import Final, Literal

from qunguan.values import frozen

UNKNOWN: Final = "—"
NumberKind = Literal["int", "ratio", "money", "rate"]


@frozen
class Heading:
    """What the blocks up to the next heading are about."""

    text: str


@frozen
class Paragraph:
    """Words; line ends stay line ends. `quoted` are somebody's own, word for word."""

    text: str
    quoted: bool = False


@frozen
class Items:
    """A list, numbered where the order tells something."""

    lines: tuple[str, ...]
    numbered: bool = False


@frozen
class Figure:
    """A key figure: what it is, its value as people read it, and what it is counted of or held against."""

    label: str
    value: str
    note: str = ""


@frozen
class Figures:
    """Key figures side by side."""

    figures: tuple[Figure, ...]


@frozen
class Number:
    """A number in a table: as people read it, and what a worksheet holds (None: it is unknown).

    Kinds: int, ratio; money, in fen; rate, 0 to 1.
    """

    text: str
    value: float | None
    kind: NumberKind = "int"

    def __str__(self) -> str:
        return self.text


Cell = str | Number
"""What stands in a table."""


@frozen
class Grid:
    """A table: a text a head, a cell a column and row. `numbers` are the columns, from 0, that stand to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: frozenset[int] = frozenset()


@frozen
class Line:
    """What a chart shows of each of its labels; None where it is unknown, which is not 0."""

    label: str
    values: tuple[float | None, ...]


@frozen
class Chart:
    """Numbers as a picture: a bar for each of `labels`; `lines` after the first are what it is held against.

    `kind` is that of every number.
    """

    title: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    kind: NumberKind = "int"


Block = Heading | Paragraph | Items | Figures | Grid | Chart


@frozen
class Document:
    """The whole. `subtitle` says of whom and when; `mark` is what nobody may overlook, such as that it was a drill;
    `foot` says where it comes from.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    mark: str = ""
    foot: str = ""
