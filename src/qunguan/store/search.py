"""The search table: FTS5 over the tokens of `domain.search`, answered within a keystroke at a million members.

It is a cache. `index_members` runs in the transaction that changes a name, an alias, a phone or a tag; `differences`
tells doctor which rows a rebuild would change. The table keeps its own content, because SQLite before 3.43 can only
delete from an index whose old text it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sqlalchemy import Connection

from qunguan.domain import search
from qunguan.domain.text import folded

RANKED_HITS = 200
"""Up to so many hits are put in order of relevance; more come in order of id, because reading them takes too long."""

# Beginnings up to the longest syllable are indexed as such: `zhang` takes 0.1 ms at a million members, else 5 ms.
_CREATE = """
CREATE VIRTUAL TABLE member_search USING fts5(doc, tokenize = 'ascii', prefix = '1 2 3 4 5 6', columnsize = 0)
"""
_DELETE = "DELETE FROM member_search WHERE rowid = ?"
_INSERT = "INSERT INTO member_search (rowid, doc) VALUES (?, ?)"
_HITS = "SELECT rowid FROM member_search WHERE member_search MATCH ? LIMIT ?"
_DOCUMENTS = "SELECT rowid, doc FROM member_search WHERE member_search MATCH ? LIMIT ?"
_COUNT = f"SELECT count(*) FROM ({_HITS})"
# Punctuation is no token: text of nothing else is looked for in the index of names, all of it (0.1 s at a million).
_SIGNS = "SELECT DISTINCT member_id FROM alias WHERE instr(key, ?) LIMIT ?"
_COUNT_SIGNS = f"SELECT count(*) FROM ({_SIGNS})"
_ALL = "SELECT rowid, doc FROM member_search"
_COMPACT = "INSERT INTO member_search (member_search) VALUES ('optimize')"
_BATCH = 1000


def create_search(conn: Connection) -> None:
    """Make the table `member_search`; its rowid is the member's id."""
    conn.exec_driver_sql(_CREATE)


def index_members(conn: Connection, docs: Iterable[tuple[int, str]]) -> None:
    """Set the documents (member id, `domain.search.document`) of these members, whatever they were."""
    for batch in _batches(docs):
        remove(conn, (member_id for member_id, _doc in batch))
        conn.exec_driver_sql(_INSERT, batch)


def remove(conn: Connection, ids: Iterable[int]) -> None:
    """Take these members out of the index; ids that are not in it do not matter."""
    if rows := [(member_id,) for member_id in ids]:
        conn.exec_driver_sql(_DELETE, rows)


def compact(conn: Connection) -> None:
    """Merge the index into one piece: nothing of removed members stays in the file, and searching is fastest."""
    conn.exec_driver_sql(_COMPACT)


def find(conn: Connection, text: str, limit: int) -> list[int]:
    """Ids of at most `limit` members that `text` finds, best first: main name, then alias, then inside a name.

    The order is by id where there are more than `RANKED_HITS`. Nothing to look for finds nobody; signs alone find every
    name that holds them, by id.
    """
    expression = search.query(text)
    if limit < 1:
        return []
    if expression is None:
        signs = _signs(text)
        return sorted(conn.exec_driver_sql(_SIGNS, (signs, limit)).scalars()) if signs else []
    rows = conn.exec_driver_sql(_DOCUMENTS, (expression, RANKED_HITS + 1)).all()
    if len(rows) <= RANKED_HITS:
        rank = search.ranking(text)
        return [row[0] for row in sorted(rows, key=lambda row: (rank(row[1]), row[0]))[:limit]]
    if limit <= len(rows):
        return [row[0] for row in rows[:limit]]
    return list(conn.exec_driver_sql(_HITS, (expression, limit)).scalars())


def count(conn: Connection, text: str, cap: int = 1000) -> int:
    """How many members `text` finds, counted up to `cap` only."""
    expression = search.query(text)
    if expression is None:
        signs = _signs(text)
        return int(conn.exec_driver_sql(_COUNT_SIGNS, (signs, cap)).scalar_one()) if signs else 0
    return int(conn.exec_driver_sql(_COUNT, (expression, cap)).scalar_one())


def differences(conn: Connection, docs: Iterable[tuple[int, str]]) -> list[int]:
    """Ids of members whose indexed document is missing, differs from `docs`, or should not be there, in order."""
    expected = dict(docs)
    wrong = set[int]()
    for member_id, doc in conn.exec_driver_sql(_ALL):
        if expected.pop(member_id, None) != doc:
            wrong.add(member_id)
    return sorted(wrong | expected.keys())


def _signs(text: str) -> str:
    """The text as it stands in the key of a name, without what can be in none."""
    return folded(text).encode(errors="ignore").decode()


def _batches(docs: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    source = iter(docs)
    while batch := list(islice(source, _BATCH)):
        yield batch
