"""One unit of work: a connection inside its transaction, and the journal of what it changed.

Services read with `rows`, `first`, `scalar` and write with `insert`, `insert_many`, `update`, `delete`.
Nothing else writes; that is what makes undo complete.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Delete, Executable, Row, Table, Update, delete, select

from qunguan.domain.clock import Clock
from qunguan.store.base import plain
from qunguan.store.bulk import insert_columns, insert_rows
from qunguan.store.dialect import write_mark
from qunguan.store.journal import change, step
from qunguan.store.seals import Unsealed
from qunguan.store.statements import (
    delete_row,
    insert_row,
    newest_id,
    row_by_id,
    some_columns,
    some_values,
    update_row,
)

CHUNK = 10_000
HELD = 2
Values = Mapping[str, Any]
T = TypeVar("T")


def _new_id(done: CursorResult[Any]) -> int:
    key = done.inserted_primary_key
    assert key is not None
    return int(key[0])


def batched(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items in slices of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _contiguous(ids: Sequence[int]) -> Iterator[range]:
    start = 0
    for end in range(1, len(ids) + 1):
        if end == len(ids) or ids[end] != ids[end - 1] + 1:
            yield range(ids[start], ids[end - 1] + 1)
            start = end


class Session:
    """The open transaction. Not shared between threads; dies with its transaction.

    `writable` False marks a unit of work that only reads: a change inside it is a programming error.
    """

    def __init__(self, conn: Connection, clock: Clock, *, writable: bool = True) -> None:
        self.conn = conn
        self._clock = clock
        self._writable = writable
        self._label: str | None = None
        self._params: dict[str, Any] = {}
        self._undoes: int | None = None
        self._step_id: int | None = None
        self._settled: dict[str, dict[Hashable, Any]] = {}
        self.keeping = False  # whether figures that are counted now are kept: see services.figures
        self.lacking: list[tuple[int | None, str, date]] | None = None  # they are asked only which are not kept
        self.settled_change = 0  # the newest change the roll-ups know of: see services.presence.settle
        self._unsealed = Unsealed.of(conn)

    @property
    def clock(self) -> Clock:
        """The clock of this unit of work."""
        return self._clock

    # -- reading

    def rows(self, statement: Executable, params: Values | None = None) -> Sequence[Row[Any]]:
        """Every row of a select."""
        return self.conn.execute(statement, params or {}).all()

    def first(self, statement: Executable, params: Values | None = None) -> Row[Any] | None:
        """The first row of a select, or None."""
        return self.conn.execute(statement, params or {}).first()

    def scalar(self, statement: Executable, params: Values | None = None) -> Any:
        """The first column of the first row, or None."""
        return self.conn.execute(statement, params or {}).scalar()

    def get(self, table: Table, row_id: int) -> Row[Any] | None:
        """One row by id, or None."""
        return self.first(row_by_id(table), {"row_id": row_id})

    def settled(self, table: Table, key: Hashable, load: Callable[[], T]) -> T:
        """What `load` reads from `table`, asked once and kept until this unit of work writes there.

        For what every rule of a service asks for again: thresholds, groups, challenges.
        """
        kept = self._settled.setdefault(table.name, {})
        if key not in kept:
            kept[key] = load()
        found: T = kept[key]
        return found

    def held(self, key: Hashable, load: Callable[[], T]) -> T:
        """What `load` makes of many rows, kept beyond this unit of work until anybody has written to the file.

        The last two are kept, with the connection. A unit of work that has changed something may yet be rolled back:
        it makes its own.
        """
        if self.changed or self.lacking is not None:
            return load()
        mark = write_mark(self.conn)
        kept: dict[Hashable, T] = self.conn.info.setdefault("held", {})
        if self.conn.info.get("held as of") != mark:
            kept.clear()
            self.conn.info["held as of"] = mark
        if key not in kept:
            while len(kept) >= HELD:
                del kept[next(iter(kept))]
            kept[key] = load()
        return kept[key]

    def unsettle(self, table: Table) -> None:
        """Forget what is kept of `table`: somebody wrote to it."""
        self._settled.pop(table.name, None)

    # -- the step

    def step(self, label: str, /, *, undoes: int | None = None, **params: Any) -> None:
        """Name what the owner is doing: a message ID and the values of its places.

        The outermost service wins; nested ones join its step. The row is written with the first change.
        """
        if self._label is None:
            self._label, self._params, self._undoes = label, params, undoes

    @property
    def step_id(self) -> int:
        """The id of this unit's step, made on first use. A change without a named step is a programming error."""
        if self._step_id is None:
            if not self._writable:
                raise RuntimeError("a reading service tried to change rows")
            if self._label is None:
                raise RuntimeError("a service changed rows before it named its step")
            params = {name: plain(value) for name, value in self._params.items()}
            row = {"at": self._clock.now(), "label": self._label, "params": params, "undoes_id": self._undoes}
            self._step_id = self._add(step, row)
        return self._step_id

    @property
    def changed(self) -> bool:
        """Whether this unit of work has changed anything yet."""
        return self._step_id is not None

    # -- writing, journalled

    def insert(self, table: Table, **values: Any) -> int:
        """Add one row and return its id."""
        row_id = self._add(table, self._stamped(table, values))
        self._note(table, "insert", row_id, row_id)
        return row_id

    def insert_many(self, table: Table, values: Iterable[Values]) -> range:
        """Add rows in bulk, all with the same keys, and return the range of their ids.

        One writer holds the file, and ids are never reused, so the ids of one call are contiguous.
        """
        rows = iter(values)
        chunk, added = list(islice(rows, CHUNK)), 0
        if len(chunk) == 1:
            row_id = self.insert(table, **chunk[0])
            return range(row_id, row_id + 1)
        while chunk:
            last = self._add_many(table, chunk)
            added += len(chunk)
            chunk = list(islice(rows, CHUNK))
        if not added:
            return range(0)
        self._note(table, "insert", last - added + 1, last)
        return range(last - added + 1, last + 1)

    def insert_columns(self, table: Table, chunks: Iterable[Mapping[str, Sequence[Any]]], **same: Any) -> range:
        """`insert_many` of rows that come as columns, some thousands at a time; `same` is alike in all of them."""
        last = added = 0
        for columns in chunks:
            given = insert_columns(self.conn, table, columns, self._stamped(table, same))
            last, count = int(self.scalar(newest_id(table))), len(next(iter(columns.values())))
            self._unsealed.added(table, range(last - count + 1, last + 1), given)
            added += count
        if added:
            self._note(table, "insert", last - added + 1, last)
        return range(last - added + 1, last + 1)

    def update(self, table: Table, row_id: int, **values: Any) -> bool:
        """Change columns of one row; False when they already hold these values (nothing is written then)."""
        self._refuse_ledger(table)
        before = self.first(some_columns(table, tuple(values)), {"row_ids": [row_id]})
        if before is None:
            raise LookupError(f"no {table.name} {row_id} to change")
        old = dict(zip(values, before, strict=True))
        if old == values:
            return False
        self._unsealed.touch(table, (row_id,))
        self.conn.execute(update_row(table), {"row_id": row_id, **values})
        self._note(table, "update", row_id, row_id, old)
        return True

    def update_many(self, table: Table, rows: Iterable[Values]) -> int:
        """Change columns of many rows: each names its `id`, all have the same keys. Returns how many really changed."""
        self._refuse_ledger(table)
        source, changed = iter(rows), 0
        while wanted := {row["id"]: row for row in islice(source, CHUNK)}:
            names = [name for name in next(iter(wanted.values())) if name != "id"]
            before = self.rows(some_columns(table, ("id", *names)), {"row_ids": list(wanted)})
            olds: dict[int, dict[str, Any]] = {row[0]: dict(zip(names, row[1:], strict=True)) for row in before}
            images = [
                (row_id, old)
                for row_id, old in olds.items()
                if any(old[name] != wanted[row_id][name] for name in names)
            ]
            if images:
                new = ({f"new_{name}": wanted[row_id][name] for name in names} for row_id, _ in images)
                values = [{"row_id": row_id, **row} for (row_id, _), row in zip(images, new, strict=True)]
                self._unsealed.touch(table, [row_id for row_id, _ in images])
                self.conn.execute(some_values(table, tuple(names)), values)
                self._note_each(table, "update", images)
            changed += len(images)
        return changed

    def delete(self, table: Table, row_id: int) -> None:
        """Remove one row; its image stays in the journal until the step is forgotten."""
        self._refuse_ledger(table)
        before = self.get(table, row_id)
        if before is None:
            raise LookupError(f"no {table.name} {row_id} to remove")
        self._unsealed.touch(table, (row_id,))
        self.conn.execute(delete_row(table), {"row_id": row_id})
        self._note(table, "delete", row_id, row_id, dict(before._mapping))

    def delete_range(self, table: Table, first_id: int, last_id: int) -> Sequence[Row[Any]]:
        """Remove every row whose id lies in the range and return their images. The bulk form undo needs."""
        self._refuse_ledger(table)
        inside = table.c.id.between(first_id, last_id)
        rows = self.rows(select(table).where(inside).order_by(table.c.id.desc()))
        if rows:
            self._unsealed.touch(table, [row.id for row in rows])
            self._note_each(table, "delete", [(row.id, row._mapping) for row in rows])
            self.conn.execute(delete(table).where(inside))
        return rows

    def restore(self, table: Table, images: Sequence[Values]) -> None:
        """Put removed rows back under the ids they had."""
        self._refuse_ledger(table)
        self._unsealed.touch(table, [image["id"] for image in images])
        for chunk in batched(sorted(images, key=lambda image: image["id"]), CHUNK):
            self.conn.execute(insert_row(table), [dict(image) for image in chunk])
        for run in _contiguous(sorted(image["id"] for image in images)):
            self._note(table, "insert", run.start, run.stop - 1)

    # -- writing, past the journal: for what is no step of the owner's

    def place(self, table: Table, **values: Any) -> int:
        """Add one row that undo does not know, and return its id."""
        self.unsettle(table)
        return self._add(table, values)

    def rewrite(self, statement: Update | Delete, params: Values | None = None) -> None:
        """Change or remove every row the statement names; undo does not know it, and no image is kept."""
        table = statement.table
        assert isinstance(table, Table)
        assert statement.whereclause is not None
        named = select(table.c.id).where(statement.whereclause)
        self._unsealed.touch(table, self.conn.scalars(named, params or {}).all())
        self.conn.execute(statement, params or {})
        self.unsettle(table)

    # -- what every way of writing comes down to

    def _add(self, table: Table, values: Values) -> int:
        row_id = _new_id(self.conn.execute(insert_row(table), values))
        self._unsealed.added(table, range(row_id, row_id + 1))
        return row_id

    def _add_many(self, table: Table, rows: Sequence[Values]) -> int:
        """Add rows and return the highest id."""
        same = {"step_id": self.step_id} if table.info.get("append_only") else {}
        given = insert_rows(self.conn, table, rows, same)
        last = int(self.scalar(newest_id(table)))
        self._unsealed.added(table, range(last - len(rows) + 1, last + 1), given)
        return last

    def _note_each(self, table: Table, op: str, images: Sequence[tuple[int, Mapping[Any, Any]]]) -> None:
        notes = [
            {
                "step_id": self.step_id,
                "op": op,
                "tbl": table.name,
                "first_id": row_id,
                "last_id": row_id,
                "before": {name: plain(value) for name, value in image.items()},
            }
            for row_id, image in images
        ]
        for chunk in batched(notes, CHUNK):
            self._add_many(change, chunk)
        self.unsettle(table)

    def _stamped(self, table: Table, values: Values) -> dict[str, Any]:
        if table.info.get("append_only"):
            return {**values, "step_id": self.step_id}
        return dict(values)

    def _note(self, table: Table, op: str, first_id: int, last_id: int, before: Values | None = None) -> None:
        self.unsettle(table)
        if table.info.get("append_only"):
            return
        image = None if before is None else {name: plain(value) for name, value in before.items()}
        values = {"op": op, "tbl": table.name, "first_id": first_id, "last_id": last_id, "before": image}
        self._add(change, {"step_id": self.step_id, **values})

    @staticmethod
    def _refuse_ledger(table: Table) -> None:
        if table.info.get("append_only"):
            raise RuntimeError(f"{table.name} is append-only: post a reversing entry")
