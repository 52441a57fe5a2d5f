"""Where members stand: a page of them, everyone counted, one close up with the reason and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.level_facts import Book, Measured
from qunguan.domain.level_files import presets
from qunguan.domain.level_views import Ladder, LevelCard, LevelCount, LevelLine, MemberLevel, NextLevel, given
from qunguan.domain.level_words import CAUSES
from qunguan.domain.levels import Terms, quantity
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import members_edit, members_find
from qunguan.services.level_benefits import all_benefits, benefits_left
from qunguan.services.level_facts import facts
from qunguan.services.level_ladders import current, find, get, today
from qunguan.services.level_paths import counted, known_of, paths, replayed, stands
from qunguan.store import level_queries as queries
from qunguan.store.session import Session


def standings(
    session: Session,
    clock: Clock,
    ids: Sequence[int] | None = None,
    as_of: date | None = None,
    ladder_id: int | None = None,
) -> dict[int, MemberLevel]:
    """Where these members stand (None: everybody there is) on a day (None: today), on a ladder (None: the current one).

    Empty while there is no ladder, and for days before it began.
    """
    found = current(session) if ladder_id is None else get(session, ladder_id)
    if found is None:
        return {}
    day = as_of or today(session, clock)
    who = list(queries.people(session, as_of)) if ids is None else list(ids)
    terms = found.terms(day)
    told = paths(session, found, day, who, everyone=ids is None)
    return {member_id: stands(member_id, mine, terms, day) for member_id, mine in told if mine}


def lines(session: Session, clock: Clock, ids: Sequence[int], ladder_id: int | None = None) -> tuple[LevelLine, ...]:
    """These members today as lines of a list, in the order given, with their reasons and what is missing to the next
    level. Empty while there is no ladder or it has not begun; ids of nobody are left out.
    """
    found = current(session) if ladder_id is None else get(session, ladder_id)
    if found is None:
        return ()
    day = today(session, clock)
    terms = found.terms(day)
    known = known_of(session, found, found.judged, day, ids)
    named, arrived = members_find.names(session, ids), queries.arrived(session, ids)
    made = []
    for member_id, told in replayed(known, found.judged, day, ids):
        if told and member_id in named:
            here = stands(member_id, told, terms, day, arrived.get(member_id))
            ahead = next_level(terms, here.rank, known[0].get(member_id) or Book({}), day)
            made.append(LevelLine(here, named[member_id], ahead))
    return tuple(made)


def counts(
    session: Session, clock: Clock, as_of: date | None = None, ladder_id: int | None = None
) -> tuple[LevelCount, ...]:
    """How many members stand on each level, the base level first."""
    found = get(session, ladder_id) if ladder_id is not None else find(session)
    day = as_of or today(session, clock)
    there = standings(session, clock, None, as_of, found.id)
    return counted(found.terms(day), [each.rank for each in there.values()])


def member(
    session: Session, clock: Clock, member_id: int, as_of: date | None = None, ladder: str | None = None
) -> LevelCard:
    """One member on a ladder: the level with its reason and history, what is missing to the next, the benefits.

    Raises NotFound for the member or the ladder, Refused for a day before the ladder began.
    """
    name = members_edit.get(session, member_id).name
    found = find(session, ladder)
    day = as_of or today(session, clock)
    if day < found.first_day:
        raise Refused("{ladder} begins on {start}, after {day}", ladder=show(found.name), start=found.first_day,
                      day=day)  # fmt: skip
    told = dict(paths(session, found, day, [member_id]))[member_id]
    terms = found.terms(day)
    now = stands(member_id, told, terms, day, queries.arrived(session, [member_id]).get(member_id))
    lines = tuple((found.terms(each.from_day).name(each.rank), each) for each in reversed(told))
    own = given(all_benefits(session, found.id), now.rank, day)
    left = benefits_left(session, found.id, member_id, own, day)
    book = Book(facts(session, terms.metrics(), day, [member_id]).get(member_id, {}))
    ahead = next_level(terms, now.rank, book, day)
    return LevelCard(member_id, name, found.name, day, now, lines, ahead, left, _source(found, day))


def why_member(
    session: Session, clock: Clock, member_id: int, as_of: date | None = None, ladder: str | None = None
) -> tuple[Reason, ...]:
    """Why a member is on their level: rule, numbers and source, a line each. Raises as `member` does."""
    card = member(session, clock, member_id, as_of, ladder)
    standing = card.now.standing
    lines = [
        Reason.of(N_("{level} on the ladder {ladder}, since {day}"), level=card.now.level, ladder=card.ladder,
                  day=card.now.since),
        Reason.of(N_("{day}: {cause}"), day=standing.from_day, cause=Reason.of(CAUSES[standing.cause])),
    ]  # fmt: skip
    if standing.reason:
        lines.append(Reason.of(N_("reason: {reason}"), reason=standing.reason))
    for each in standing.why:
        lines.append(Reason.of(N_("asked: {bar}, there was: {value}"), bar=each.condition.said(),
                               value=quantity(each.condition.metric, each.value)))  # fmt: skip
    if standing.until:
        lines.append(Reason.of(N_("held through {until}, reviewed the day after"), until=standing.until))
    lines.append(Reason.of(N_("source: {source}"), source=Brief(card.source)))
    return tuple(lines)


def next_level(terms: Terms, rank: int, book: Book, day: date) -> NextLevel | None:
    """What is missing to the level above, each way there, the one that is nearest by share first; None at the top."""
    if rank >= len(terms.levels):
        return None
    above = terms.levels[rank]
    ways = [tuple(Measured(each, book.value(each, day), each.at_least) for each in group) for group in above.any_of]
    ways.sort(key=lambda way: max(each.missing / each.needed for each in way))
    return NextLevel(rank + 1, above.name, tuple(ways))


def _source(found: Ladder, day: date) -> str:
    """Where the terms of a day come from: the preset they are as shipped, or the reason they were saved with."""
    terms = found.terms(day)
    if found.preset in presets() and presets()[found.preset].terms.judges_like(terms):
        return presets()[found.preset].source
    return next((each.reason for each in reversed(found.versions) if each.terms == terms and each.reason), "")
