"""Every seal at once: made anew when a file is updated, and compared with the rows for `doctor --deep`.

Which tables there are, and their columns, is asked of the file: one that is about to be updated does not have those of
this program yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Date, Table

from qunguan.domain.text import show
from qunguan.i18n import _
from qunguan.store.base import metadata
from qunguan.store.row_digest import digested, text_of
from qunguan.store.seals import BLOCK, CHUNK, KEEP, NO_ROWS, PACK, Block, is_sealed, packed, seal, xor
from qunguan.values import frozen

Columns = tuple[str, ...]
_FIRST, _END = -(2**63), 2**63 - 1  # of block numbers; a damaged one may be any
_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND instr(sql, 'AUTOINCREMENT') ORDER BY name"
_COLUMNS = "SELECT json_group_array(name) FROM pragma_table_info(?)"
_SEALED = "SELECT block, digests FROM seal WHERE tbl = ? AND block BETWEEN ? AND ?"


@frozen
class Broken:
    """A row that is not what was written, is not there any more, or never was."""

    table: str
    row_id: int


def has_seals(conn: Connection) -> bool:
    """Whether the file is of a version that seals its rows."""
    return bool(conn.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (seal.name,)).first())


def sealed_tables(conn: Connection) -> list[str]:
    """Every table of ours whose rows are sealed, in order."""
    import qunguan.store.schema  # noqa: F401  (what is counted from other tables is known when all are declared)

    names = conn.exec_driver_sql(_NAMES).scalars()
    return [name for name in names if name not in metadata.tables or is_sealed(metadata.tables[name])]


def _filled_tables(conn: Connection) -> Iterator[tuple[str, Columns]]:
    """Those of them that have a row or a seal, with their columns in the order digests take them."""
    names = sealed_tables(conn)
    if not names:
        return
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\" NOT INDEXED)" for name in names)
    filled = {*conn.exec_driver_sql(" UNION ALL ".join(asked)).scalars(), *_names_in_seals(conn)}
    for name in names:
        if name in filled:
            yield name, tuple(sorted(json.loads(conn.exec_driver_sql(_COLUMNS, (name,)).scalar_one())))


def seal_all(conn: Connection, disagreeing: Mapping[Block, bytes] | None = None) -> None:
    """Seal every row as it stands: for a file without seals, or whose rows were rewritten on purpose.

    What was `disagreements` before that goes on to disagree.
    """
    marks = dict(disagreeing or {})
    conn.exec_driver_sql("DELETE FROM seal")
    for name, columns in _filled_tables(conn):
        for _stop, found in _portions(conn, name, columns):
            blocks = [((name, number), packing) for number, packing in found.items()]
            _keep(conn, {key: xor(packing, marks.pop(key, NO_ROWS)) for key, packing in blocks})
    _keep(conn, marks)


def _keep(conn: Connection, blocks: Mapping[Block, bytes]) -> None:
    if kept := [(*key, packing) for key, packing in blocks.items() if packing != NO_ROWS]:
        conn.exec_driver_sql(KEEP, kept)


def disagreements(conn: Connection) -> Iterator[tuple[Block, bytes]]:
    """Every block that is not what its rows say, table by table: seal XOR digests. Reads every row."""
    for name, columns in _filled_tables(conn):
        start = _FIRST
        for stop, found in _portions(conn, name, columns):
            rows = conn.exec_driver_sql(_SEALED, (name, start, stop - 1))
            # a seal of another size is damaged itself: all it stood for is in doubt
            sealed = {row[0]: row[1] if len(row[1]) == PACK.size else NO_ROWS for row in rows}
            for number in sorted(found.keys() | sealed.keys()):
                one, other = found.get(number, NO_ROWS), sealed.get(number, NO_ROWS)
                if one != other:
                    yield (name, number), xor(one, other)
            start = stop


def broken_rows(conn: Connection) -> Iterator[Broken]:
    """Every row that disagrees with its seal, table by table in order of id."""
    for (name, number), difference in disagreements(conn):
        for slot, differs in enumerate(PACK.unpack(difference)):
            if differs:
                yield Broken(name, number * BLOCK + slot)


def told(conn: Connection, broken: Broken) -> str:
    """The row for people: its table and id, whose it is and of which day as far as that can still be read."""
    table, place = metadata.tables.get(broken.table), f"{broken.table} #{broken.row_id}"
    if table is None:
        return place
    day = next((f't."{column.name}"' for column in table.c if isinstance(column.type, Date)), "NULL")
    row = conn.exec_driver_sql(
        f"SELECT CAST(m.name AS BLOB), CAST({day} AS BLOB) FROM {table.name} AS t"
        f" LEFT JOIN member AS m ON m.id = {_owner(table)} WHERE t.id = ?",
        (broken.row_id,),
    ).first()
    said = [show(part.decode(errors="replace")) for part in row or () if part is not None]
    return f"{place} ({', '.join(said)})" if said else place if row else _("{row} is gone", row=place)


def _owner(table: Table) -> str:
    """The SQL of the member a row belongs to."""
    if table.name == "point_alloc":
        return "(SELECT member_id FROM point_entry WHERE id = t.entry_id)"
    return "t.id" if table.name == "member" else "t.member_id" if "member_id" in table.c else "NULL"


def unknown_seals(conn: Connection) -> list[str]:
    """Names in the seals that no table has: a seal itself is damaged."""
    return sorted(map(repr, _names_in_seals(conn) - set(sealed_tables(conn))))


def _names_in_seals(conn: Connection) -> set[str]:
    """What the seals say they are of; where that is no text any more, what it looks like."""
    names = conn.exec_driver_sql("SELECT DISTINCT CAST(tbl AS BLOB) FROM seal").scalars()
    return {name.decode(errors="backslashreplace") for name in names}


def _portions(conn: Connection, name: str, columns: Columns) -> Iterator[tuple[int, dict[int, bytes]]]:
    """The blocks of a table as its rows are now, in portions: all before the number beside them."""
    stop = 0
    select = f"{text_of(name, columns)} >= ? ORDER BY id LIMIT {CHUNK}"
    while stop < _END:
        found = digested(conn.exec_driver_sql(select, (stop * BLOCK,)))
        # the last block of a full portion may go on
        stop = max(found) // BLOCK if len(found) == CHUNK else _END
        yield stop, packed({row_id: digest for row_id, digest in found.items() if row_id < stop * BLOCK})
