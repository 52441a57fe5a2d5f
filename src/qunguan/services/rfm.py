"""RFM of a day: everybody who bought, scored and named (semantics 3.5). `rfm_why` says why, `rfm_social` has the axes
beside it (S4-02).

Members by their orders that count, refunds out by their day. Fixed cut points score purchases of `rfm.frequency_days`
and money of `rfm.money_days`, because their numbers mean such a time. Fifths compare buyers with each other, over all
they bought so far unless a window is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import date

from qunguan.domain import rfm_scores as scoring
from qunguan.domain.clock import Clock
from qunguan.domain.orders_rates import window as days_of
from qunguan.domain.rfm import Bars, Cuts, Method, RfmBook, RfmLine, Spent, Terms, outside
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import groups, order_points, rules
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
    spent = _spent(session, day, None, group_id, ids)
    fallback = None
    if wanted == "quintile":
        terms = Terms(window or 0, window or 0, _merges(session))
        columns = _columns(session, spent, day, terms, group_id, ids)
        fallback = _too_few(session, len(spent.ids))
        least = int(rules.value(session, "rfm.quintile_values"))
        bars = None if fallback else _cuts(scoring.fifths(column, least) for column in columns)
        if bars:
            return _scored(day, "quintile", None, terms, bars, spent, columns)
        fallback = fallback or Reason.of(N_("an axis has fewer than {n} different values: fixed cut points"), n=least)
    terms = _terms(session, window)
    columns = _columns(session, spent, day, terms, group_id, ids)
    return _scored(day, "fixed", fallback, terms, fixed(session), spent, columns)


def _spent(session: Session, day: date, days: int | None, group_id: int | None, ids: list[int] | None) -> Spent:
    return queries.spent(
        session, day, since=days_of(day, days)[0] if days else None, freight_out=order_points.freight_out(session),
        group_id=group_id, ids=ids, strangers=group_id is None and ids is None,
    )  # fmt: skip


def _columns(
    session: Session, spent: Spent, day: date, terms: Terms, group_id: int | None, ids: list[int] | None
) -> tuple[array[int], array[int], array[int]]:
    """Recency in negative days, purchases and fen, each in its window."""
    recency = array("q", (-(day - last).days for last in spent.last))
    inside = {0: spent}
    for days in {terms.frequency_days, terms.money_days} - {0}:
        inside[days] = _aligned(spent, _spent(session, day, days, group_id, ids))
    often = inside[terms.frequency_days]
    return recency, often.days if terms.merge else often.orders, inside[terms.money_days].fen


def _aligned(spent: Spent, part: Spent) -> Spent:
    """The sums of a window at the places of the whole; 0 for who bought nothing in it."""
    if part.ids == spent.ids and part.strangers == spent.strangers:
        return part
    known = len(part.ids) - len(part.strangers)
    places = dict(zip(part.ids[:known], range(known), strict=True))
    named = {key: known + place for place, (key, _name) in enumerate(part.strangers)}
    order = [places.get(member_id, -1) for member_id in spent.ids[: len(spent.ids) - len(spent.strangers)]]
    order += [named.get(key, -1) for key, _name in spent.strangers]

    def column(values: array[int]) -> array[int]:
        return array("q", map((*values, 0).__getitem__, order))

    return Spent(spent.ids, spent.last, column(part.orders), column(part.days), column(part.fen), spent.strangers)


def _scored(
    day: date, method: Method, fallback: Reason | None, terms: Terms, bars: Cuts, spent: Spent,
    columns: tuple[array[int], array[int], array[int]],
) -> RfmBook:  # fmt: skip
    r, f, m = (scoring.scores(*each) for each in zip(columns, (bars.r, bars.f, bars.m), strict=True))
    ago = array("q", (-days for days in columns[0]))
    return RfmBook(day, method, fallback, terms, bars, spent, ago, columns[1], columns[2], r, f, m)


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
    places = range(len(book))[start:stop]
    known = queries.buyer_names(session, [book.spent.ids[place] for place in places])
    return tuple(book.line(place, *known.get(book.spent.ids[place], ("", ""))) for place in places)
