"""A table that a room takes in: pasted or a file; a header nobody knows is explained once, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from qunguan.i18n import _
from qunguan.tui.screens.columns import ask_fields
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers import headers, words
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.tui.app import QunguanApp

T = TypeVar("T")


@frozen
class TableKind(Generic[T]):
    """A kind of table: under which name the meaning of its columns is remembered, the words that head them, its reader.

    `labels` names the fields that can be asked for, in this order; those `needed` must be told, the others may be none
    of the columns. The reader raises NeedsMapping where a header tells it too little.
    """

    name: str
    words: words.Vocabulary
    read: Callable[[Sheet, headers.Mapping | None], T]
    labels: Mapping[str, str]
    needed: Sequence[str]


@frozen
class Taken(Generic[T]):
    """What a table holds; `mapping` is what the owner has just said of its columns, to be kept once it is used."""

    table: Sheet
    found: T
    mapping: headers.Mapping | None = None


@frozen
class Unread:
    """A table that cannot be read before the owner says what its columns mean."""

    table: Sheet
    needs: headers.NeedsMapping


async def ask_table(room: QunguanApp, title: str, notes: Sequence[str], kind: TableKind[T]) -> Taken[T] | None:
    """Ask for the table, and for its columns where nothing tells; None for Esc at either. Must run in a worker."""

    async def read(source: Path | str) -> Taken[T] | Unread:
        return await _read(room, source, kind)

    got: Taken[T] | Unread | None = await room.push_screen_wait(SourceBox(title, read, notes))
    if not isinstance(got, Unread):
        return got
    labels = {field: _(label) for field, label in kind.labels.items()}
    mapping = await ask_fields(room, got.needs, labels, tuple(labels), kind.needed)
    if mapping is None:
        return None
    return Taken(got.table, await room.desk.call(kind.read, got.table, mapping), mapping)


async def remember(room: QunguanApp, kind: TableKind[T], taken: Taken[T]) -> None:
    """Keep what the owner said of the columns: the next table with this header is understood."""
    from qunguan.exchange.readers.headers import fingerprint
    from qunguan.services import members

    if taken.mapping is not None:
        await room.desk.write(members.remember_mapping, kind.name, fingerprint(taken.mapping.header), taken.mapping)


async def opened(room: QunguanApp, source: Path | str) -> Sheet:
    """The sheet in a file or in pasted text. Raises UserError."""
    from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text

    if isinstance(source, Path):
        return await room.desk.call(read_sheet, source)
    return await room.desk.call(sheet_from_text, source, _("pasted"))


async def recalled(room: QunguanApp, name: str, table: Sheet, known: words.Vocabulary) -> headers.Mapping | None:
    """What the owner said of such columns before."""
    from qunguan.exchange.readers.headers import find, fingerprint
    from qunguan.services import members

    header = (await room.desk.call(find, table, known, needed=()))[1].header
    return await room.desk.read(members.recall_mapping, name, fingerprint(header))


async def _read(room: QunguanApp, source: Path | str, kind: TableKind[T]) -> Taken[T] | Unread:
    from qunguan.exchange.readers.headers import NeedsMapping

    table = await opened(room, source)
    mapping = await recalled(room, kind.name, table, kind.words)
    try:
        return Taken(table, await room.desk.call(kind.read, table, mapping))
    except NeedsMapping as needs:
        return Unread(table, needs)
