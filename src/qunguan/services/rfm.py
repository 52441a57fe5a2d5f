"""RFM of a day: everybody who bought, scored and named (semantics 3.5). `rfm_why` says why, `rfm_social` has the axes
beside it (S4-02).

Members by their orders that count, refunds out by their day. Fixed cut points score purchases of `rfm.frequency_days`
and money of `rfm.money_days`, because their numbers mean such a time. Fifths compare buyers with each other, over all
they bought so far unless a window is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date

from qunguan.domain import rfm_scores as scoring
from qunguan.domain.clock import Clock
from qunguan.domain.orders_rates import window as days_of
from qunguan.domain.rfm import Bars, Cuts, Method, RfmBook, RfmLine, Spent, Terms, outside
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, members, order_scope, rules
from qunguan.store import rfm_queries as queries
from qunguan.store.session import Session


def rfm(
    session: Session,
    clock: Clock,
    as_of: date | None = None,
    method: Method | None = None,
    *,
    group_id: int | None = None,
    window: int | None = None,
) -> RfmBook:
    """Every buyer at the end of a day (None: today): of those present in a group then, or all of the book.

    `method` None is the rule's; `window` days stand for both windows of the rules, 0 is everything so far. Fifths need
    so many buyers and so many different values on each axis; else the cut points hold, and `fallback` says so. Buyers
    who wait to be told are in the book's own list, at the end. Kept until anybody writes.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    wanted: Method = method or rules.value(session, "rfm.method")
    return session.held(("rfm", day, wanted, group_id, window), lambda: book_of(session, day, wanted, group_id, window))


def book_of(
    session: Session,
    day: date,
    wanted: Method,
    group_id: int | None = None,
    window: int | None = None,
    ids: list[int] | None = None,
) -> RfmBook:
    """The book of a day, of these members only where `ids` are given; fifths of a part are fifths of that part."""
    few: Reason | None = None
    if wanted == "quintile":
        terms = Terms(window or 0, window or 0, _merges(session))
        spent = _spent(session, day, terms, group_id, ids)
        least = int(rules.value(session, "rfm.quintile_values"))
        few = _too_few(session, len(spent.ids))
        bars = None if few else _cuts(scoring.fifths(column, least) for column in _axes(spent, day))
        if bars:
            return _scored(day, "quintile", None, terms, bars, spent)
        few = few or Reason.of(N_("an axis has fewer than {n} different values: fixed cut points"), n=least)
    terms = _terms(session, window)
    return _scored(day, "fixed", few, terms, fixed(session), _spent(session, day, terms, group_id, ids))


def _spent(session: Session, day: date, terms: Terms, group_id: int | None, ids: list[int] | None) -> Spent:
    often, much = (days_of(day, days)[0] if days else None for days in (terms.frequency_days, terms.money_days))
    return queries.spent(
        session, day, queries.Windows(often, much, terms.merge), freight_out=order_scope.freight_out(session),
        group_id=group_id, ids=ids, strangers=group_id is None and ids is None,
    )  # fmt: skip


def _axes(spent: Spent, day: date) -> tuple[array[int], array[int], array[int]]:
    """Recency in negative days, purchases and fen, each in its window."""
    ago = {last: (last - day).days for last in set(spent.last)}
    return array("q", map(ago.__getitem__, spent.last)), spent.frequency, spent.money


def _scored(
    day: date, method: Method, fallback: Reason | None, terms: Terms, bars: Cuts, spent: Spent
) -> RfmBook:  # fmt: skip
    axes = _axes(spent, day)
    r, f, m = (scoring.scores(*each) for each in zip(axes, (bars.r, bars.f, bars.m), strict=True))
    ago = array("q", (-days for days in axes[0]))
    return RfmBook(day, method, fallback, terms, bars, spent, ago, r, f, m)


def _cuts(bars: Iterable[Bars | None]) -> Cuts | None:
    r, f, m = bars
    return Cuts(r, f, m) if r and f and m else None


def _too_few(session: Session, buyers: int) -> Reason | None:
    least = int(rules.value(session, "rfm.quintile_buyers"))
    too_few = N_("only {buyers} buyers, fifths need {n}: fixed cut points")
    return Reason.of(too_few, buyers=buyers, n=least) if buyers < least else None


def _merges(session: Session) -> bool:
    return bool(rules.value(session, "order.repeat_merge_same_day") == "yes")


def _terms(session: Session, window: int | None) -> Terms:
    """The windows of the rules, or the one asked for."""
    often, much = (int(rules.value(session, f"rfm.{each}_days")) for each in ("frequency", "money"))
    return Terms(often, much, _merges(session)) if window is None else Terms(window, window, _merges(session))


def fixed(session: Session) -> Cuts:
    """The cut points in force."""
    recency, frequency, money = (rules.value(session, f"rfm.{each}") for each in ("recency", "frequency", "money"))
    return Cuts(scoring.of_days(recency), scoring.upwards(frequency), scoring.of_money(money))


def labels(session: Session, clock: Clock, as_of: date, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Member → the name of their segment by the rule's method.

    Every one of `ids` has one, 未消费 who never bought; without `ids` the buyers have, and who is missing is 未消费.
    """
    asked = None if ids is None else list(ids)
    if asked is None or rules.value(session, "rfm.method") != "fixed":
        found = dict(rfm(session, clock, as_of).labels())
    else:
        found = dict(book_of(session, as_of, "fixed", ids=asked).labels())
    if asked is None:
        return found
    never = outside()
    return {member_id: found.get(member_id, never) for member_id in asked}


def lines(session: Session, book: RfmBook, start: int = 0, stop: int | None = None) -> tuple[RfmLine, ...]:
    """A page of the book, with the names buyers were imported under and the members' own."""
    return lines_at(session, book, range(len(book))[start:stop])


def lines_at(session: Session, book: RfmBook, places: Sequence[int]) -> tuple[RfmLine, ...]:
    """The buyers at these places of the book, in their order."""
    known = queries.buyer_names(session, [book.spent.ids[place] for place in places])
    return tuple(book.line(place, *known.get(book.spent.ids[place], ("", ""))) for place in places)


def places(session: Session, book: RfmBook, segment: str = "", search: str = "") -> array[int]:
    """Places of the book, who spent most so far first: of one segment (its id), and of those a search finds."""
    found: Iterable[int] = range(len(book))
    if search.strip():
        ids, key = set(members.view_ids(session, search=search, present=None)), match_key(search)
        found = (place for place in found if book.spent.ids[place] in ids or key in match_key(book.stranger(place)))
    if segment:
        found = (place for place in found if book.segment(place).id == segment)
    return array("q", sorted(found, key=book.spent.fen.__getitem__, reverse=True))
