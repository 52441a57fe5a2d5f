"""The standings of many members at once, replayed from facts that a few statements read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from qunguan.domain.level_facts import Book
from qunguan.domain.level_views import Ladder, LevelCount, MemberLevel
from qunguan.domain.levels import Lock, Standing, Terms, Version, path, standing_at
from qunguan.services.level_facts import facts
from qunguan.store import level_queries as queries
from qunguan.store.session import Session

Path = tuple[Standing, ...]
_NOTHING = Book({})
Known = tuple[Mapping[int, Book], Mapping[int, Sequence[Lock]]]


def paths(
    session: Session,
    ladder: Ladder,
    day: date,
    ids: Sequence[int],
    *,
    everyone: bool = False,
    known: date | None = None,
    why_from: date = date.min,
) -> Iterator[tuple[int, Path]]:
    """Each member's standings through a day, from what is known up to `known` (None: that day).

    `everyone` tells that `ids` are all there are: whole tables are read then. `why_from` as for `levels.path`.
    """
    told = known_of(session, ladder, ladder.judged, known or day, None if everyone else ids)
    return replayed(told, ladder.judged, day, ids, why_from)


def known_of(
    session: Session, ladder: Ladder | None, versions: Sequence[Version], day: date, ids: Sequence[int] | None
) -> Known:
    """The facts up to a day that these versions ask for, and the locks, of these members (None: of everyone)."""
    metrics = frozenset(metric for version in versions for metric in version.terms.metrics())
    told = {who: Book(mine) for who, mine in facts(session, metrics, day, ids).items()}
    rows = {} if ladder is None else queries.locks(session, ladder.id, ids)
    return told, {
        who: [Lock(row.rank, row.from_day, row.to_day, row.reason) for row in mine] for who, mine in rows.items()
    }


def replayed(
    known: Known, versions: Sequence[Version], day: date, ids: Sequence[int], why_from: date = date.min
) -> Iterator[tuple[int, Path]]:
    """The standings through a day of each of these members."""
    told, locks = known
    nothing = path(versions, {}, (), day, why_from)
    for member_id in ids:
        if member_id in told or member_id in locks:
            yield member_id, path(versions, told.get(member_id, _NOTHING), locks.get(member_id, ()), day, why_from)
        else:
            yield member_id, nothing


def stands(member_id: int, told: Path, terms: Terms, day: date, arrived: date | None = None) -> MemberLevel:
    """Where a member stands on `day` under `terms`, since when without a break, and why.

    Everybody is on the base level from the ladder's first day on: of who `arrived` later (None: nobody knows when) it
    is told since then. A rank above the top of `terms` is the top. The path must reach back to `day`: a programming
    error otherwise.
    """
    here = standing_at(told, day)
    assert here is not None
    since = here.from_day
    for each in reversed(told):
        if each.from_day <= day:
            if each.rank != here.rank:
                break
            since = each.from_day
    if here.rank == 1 and arrived is not None:
        since = max(since, min(arrived, day))
    rank = min(here.rank, len(terms.levels))
    return MemberLevel(member_id, rank, terms.name(rank), since, here)


def counted(terms: Terms, ranks: Sequence[int]) -> tuple[LevelCount, ...]:
    """How many of `ranks`, one a member, are on each level, from the lowest; levels of nobody are in it with 0."""
    many = dict.fromkeys(range(1, len(terms.levels) + 1), 0)
    for rank in ranks:
        many[rank] += 1
    return tuple(LevelCount(rank, terms.name(rank), n) for rank, n in many.items())
