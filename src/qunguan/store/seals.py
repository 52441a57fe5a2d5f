"""Seals: a digest of every row, kept apart from it: a bit that turns over on the disk cannot pass for data.

SQLite has no page checksums. Each row of every table of ours has a CRC-32 of its stored values in `seal`, 128 rows to a
block. A unit of work notes which rows it touches; as it commits, their seals change by *before XOR after*: a row that
was damaged before it was changed goes on to disagree with its seal. Rows that go in together are digested from their
values, all others are read back from the file. The digest guards against disks and copies, not against somebody who
means it.
"""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table

from qunguan.store.base import metadata
from qunguan.store.row_digest import columns_of, digested, digests_of, text_of

BLOCK = 128  # rows; their digests still fit a B-tree page many times over
CHUNK = 80 * BLOCK
_AT_ONCE = 80  # blocks
PACK = struct.Struct(f"<{BLOCK}I")
NO_ROWS = bytes(PACK.size)

seal = Table(
    "seal",
    metadata,
    Column("tbl", String, primary_key=True),
    Column("block", Integer, primary_key=True),  # id // BLOCK
    Column("digests", LargeBinary, nullable=False),  # 128 little-endian CRC-32s; 0 where there is no row
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

KEEP = "INSERT INTO seal VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digests = excluded.digests"
_DROP = "DELETE FROM seal WHERE tbl = ? AND block = ?"

Block = tuple[str, int]  # table and number
Ids = Sequence[int]  # in order; a range where there are no gaps


def is_sealed(table: Table) -> bool:
    """Whether the rows are sealed: all but what is counted from others anyway, and the seals."""
    return table is not seal and not table.info.get("cache")


class Unsealed:
    """The rows a unit of work has touched, and what their digests were before; sealed as it commits."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._before: defaultdict[Table, dict[int, int]] = defaultdict(dict)
        self._added: defaultdict[Table, list[range]] = defaultdict(list)
        self._turned: dict[Block, bytes] = {}

    @classmethod
    def of(cls, conn: Connection) -> Unsealed:
        """The one of the transaction that runs on `conn`; `write_transaction` seals it."""
        found: Unsealed = conn.info.setdefault("unsealed", cls(conn))
        return found

    def added(self, table: Table, ids: range, given: Mapping[str, Sequence[Any]] | None = None) -> None:
        """New rows were put in, under ids that nothing had before; `given` as `row_digest.digests_of` takes it."""
        if not is_sealed(table):
            return
        if given is not None and (found := digests_of(self._conn, table, ids, given)):
            self._turn(table, packed_run(ids.start, found))
            return
        runs = self._added[table]
        if runs and runs[-1].stop == ids.start:
            runs[-1] = range(runs[-1].start, ids.stop)
        else:
            runs.append(ids)

    def touch(self, table: Table, ids: Iterable[int]) -> None:
        """Rows are about to be changed, removed or put back."""
        if not is_sealed(table):
            return
        known, runs = self._before[table], self._added[table]
        new = sorted(row_id for row_id in ids if row_id not in known and not any(row_id in run for run in runs))
        for chunk in _chunks(new):
            known.update(dict.fromkeys(chunk, 0) | digests(self._conn, table, chunk))

    def flush(self) -> None:
        """Seal every row that was touched as it stands now."""
        for table, ids, before in self._touched():
            for chunk in _chunks(ids):
                now = digests(self._conn, table, chunk)
                for row_id in chunk if before else ():
                    now[row_id] = now.get(row_id, 0) ^ before[row_id]
                self._turn(table, packed(now))
                self._store(at_least=_AT_ONCE)
        self._store()
        self._added.clear()
        self._before.clear()

    def _touched(self) -> Iterator[tuple[Table, Ids, dict[int, int]]]:
        """Table, ids in order, and the digests of before where there were rows."""
        for table, runs in self._added.items():
            for run in runs:
                yield table, run, {}
        for table, before in self._before.items():
            if before:
                yield table, sorted(before), before

    def _turn(self, table: Table, packings: Mapping[int, bytes]) -> None:
        for number, packing in packings.items():
            key = table.name, number
            self._turned[key] = xor(self._turned[key], packing) if key in self._turned else packing

    def _store(self, at_least: int = 1) -> None:
        """Change the stored blocks by XOR; fewer than `at_least` wait."""
        if len(self._turned) < at_least:
            return
        turned, self._turned = iter(self._turned.items()), {}
        while portion := dict(islice(turned, _AT_ONCE)):
            _change(self._conn, portion)


def _chunks(ids: Ids) -> Iterator[Ids]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def digests(conn: Connection, table: Table, ids: Ids) -> dict[int, int]:
    """The digest of each of these rows that is there, from what the file holds."""
    select = text_of(table.name, columns_of(table))
    if ids[-1] - ids[0] == len(ids) - 1:
        return digested(conn.exec_driver_sql(f"{select} BETWEEN ? AND ?", (ids[0], ids[-1])))
    return digested(conn.exec_driver_sql(f"{select} IN (SELECT value FROM json_each(?))", (json.dumps(ids),)))


def _change(conn: Connection, turned: Mapping[Block, bytes]) -> None:
    pairs = ", ".join(["(?, ?)"] * len(turned))
    stored = conn.exec_driver_sql(f"SELECT * FROM seal WHERE (tbl, block) IN (VALUES {pairs})", tuple(chain(*turned)))
    sealed = {(table, number): digests for table, number, digests in stored}
    new = {key: xor(change, sealed[key]) if key in sealed else change for key, change in turned.items()}
    if kept := [(*key, digests) for key, digests in new.items() if digests != NO_ROWS]:
        conn.exec_driver_sql(KEEP, kept)
    if gone := [key for key, digests in new.items() if digests == NO_ROWS and key in sealed]:
        conn.exec_driver_sql(_DROP, gone)


def packed(found: Mapping[int, int]) -> dict[int, bytes]:
    """Digests by row, as the blocks they are stored in."""
    blocks: defaultdict[int, list[int]] = defaultdict(lambda: [0] * BLOCK)
    for row_id, digest in found.items():
        blocks[row_id // BLOCK][row_id % BLOCK] = digest
    return {block: PACK.pack(*slots) for block, slots in blocks.items()}


def packed_run(first_id: int, found: Sequence[int]) -> dict[int, bytes]:
    """Digests of rows without a gap between their ids, as the blocks they are stored in."""
    first, lead = divmod(first_id, BLOCK)
    slots = [*(0,) * lead, *found, *(0,) * (-(lead + len(found)) % BLOCK)]
    return {first + n: PACK.pack(*slots[n * BLOCK : (n + 1) * BLOCK]) for n in range(len(slots) // BLOCK)}


def xor(one: bytes, other: bytes) -> bytes:
    """One block turned by another."""
    return (int.from_bytes(one, "little") ^ int.from_bytes(other, "little")).to_bytes(
        max(len(one), len(other)), "little"
    )
