"""The search index of members: kept in the transaction that changes them, rebuilt and compared by doctor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sqlalchemy import select

from qunguan.domain.search import document
from qunguan.store import search as index
from qunguan.store.member_queries import ALIASES, MEMBERS, TAGS, in_chunks
from qunguan.store.members import member
from qunguan.store.session import Session

_CHUNK = 5_000


def reindex(session: Session, member_ids: Iterable[int]) -> None:
    """Bring the search index in line with these members; ids that are no members any more leave it."""
    wanted = sorted(set(member_ids))
    for start in range(0, len(wanted), _CHUNK):
        ids = wanted[start : start + _CHUNK]
        docs = dict(_documents(session, ids))
        index.remove(session.conn, [member_id for member_id in ids if member_id not in docs])
        index.index_members(session.conn, docs.items())


def reindex_all(session: Session) -> int:
    """Mend the whole index; returns how many entries were wrong."""
    wrong = index_differences(session)
    reindex(session, wrong)
    return len(wrong)


def index_differences(session: Session) -> list[int]:
    """Ids whose entry in the index is missing, left over, or not what the rows say, in order."""
    ids = _all_ids(session)
    starts = range(0, len(ids), _CHUNK)
    return index.differences(
        session.conn, chain.from_iterable(_documents(session, ids[n : n + _CHUNK]) for n in starts)
    )


def _all_ids(session: Session) -> list[int]:
    return [row.id for row in session.rows(select(member.c.id).order_by(member.c.id))]


def _documents(session: Session, ids: list[int]) -> Iterator[tuple[int, str]]:
    """(member id, document) for those of `ids` that exist: the name first, then every other name they ever had."""
    texts: dict[int, list[str]] = {}
    for row in in_chunks(session, ALIASES, ids):
        texts.setdefault(row.member_id, []).append(row.text)
    tags: dict[int, list[str]] = {}
    for row in in_chunks(session, TAGS, ids):
        tags.setdefault(row.member_id, []).append(row.name)
    for row in in_chunks(session, MEMBERS, ids):
        names = dict.fromkeys([row.name, *texts.get(row.id, ())])
        yield row.id, document(names, row.phone, tags.get(row.id, ()))
