"""A document as it is meant, whatever file it becomes: a title, then paragraphs, lists, key figures and tables.

All texts are foreign until a writer has made them safe; numbers are written out already, unknown ones as `—`.
"""

from __future__ import annotations

from typing import Final

from qunguan.values import frozen

UNKNOWN: Final = "—"


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
class Grid:
    """A table: one text a head and row. `numbers` are the columns, from 0, that stand to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


Block = Heading | Paragraph | Items | Figures | Grid


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
