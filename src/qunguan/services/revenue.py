"""The money view: what came in and went back by stream, month, group or channel, as of any day (S0-02, C32).

Nobody's money is told twice: an order that paid for a membership is told under memberships; an order is of the group
its buyer joined first, everything else of the group it was noted for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.revenue import STREAMS, By, Payment, Revenue, Takings, end_of, month_of, months_to
from qunguan.domain.text import match_key
from qunguan.services import groups
from qunguan.services.order_scope import freight_out
from qunguan.services.trade_told import known_channels
from qunguan.store import revenue_queries as queries
from qunguan.store.session import Session
from qunguan.values import frozen

Entry = Sequence[Any]
"""What `entries` gives and `payments` takes."""
_MOST_MONTHS = 400


def revenue(
    session: Session,
    clock: Clock,
    as_of: date | None = None,
    *,
    by: By = "stream",
    first: date | None = None,
    last: date | None = None,
    group_id: int | None = None,
) -> Revenue:
    """The takings from a day (None: the first of the month) to a day (None: the day asked about, and never later).

    By stream all four are told, by month every month from the first that had any; groups and channels those that have
    any, the largest net first. Raises BadInput for days that cannot be, NotFound for the group.
    """
    asked = _asked(session, clock, as_of, first, last, group_id)
    windows = _windows(session, asked) if by == "month" else [(asked.first, asked.last)]
    *found, everything = queries.sums(session, "" if by == "month" else by, windows, asked.params())
    each = [Takings("", *everything[start : start + 4]) for start in range(2, len(everything), 4)]
    total = Takings(
        "", sum(one.gross_fen for one in each), sum(one.refunds_fen for one in each),
        sum(one.orders for one in each), everything[1],
    )  # fmt: skip
    if by == "month":
        rows = [_called(one, month_of(start)) for one, (start, _end) in zip(each, windows, strict=True)]
    else:
        rows = _rows(session, by, [Takings(str(row[0]), *row[2:]) for row in found])
    return Revenue(by, asked.first, asked.last, asked.name, asked.freight_out, tuple(rows), total)


def months(
    session: Session,
    clock: Clock,
    as_of: date | None = None,
    *,
    last: date | None = None,
    count: int = 12,
    group_id: int | None = None,
) -> dict[str, dict[str, int]]:
    """Month (2026-03) → stream → net fen, of so many months up to that of `last` (None: the day asked about).

    A month before the first that had any money has no streams: nobody knows of it. In one after it nothing came in.
    """
    asked = _asked(session, clock, as_of, None, last, group_id)
    every = months_to(asked.last, count)
    windows = [(day, min(end_of(day), asked.last)) for day in every]
    found: dict[str, dict[str, int]] = {month_of(day): {} for day in every}
    for month, stream, net in queries.by_month(session, windows, asked.params()):
        found[month][stream] = found[month].get(stream, 0) + net
    begun = queries.begun(session)
    for month, own in found.items():
        if not own and begun is not None and month >= month_of(begun):
            own |= dict.fromkeys(STREAMS, 0)
    return found


def entries(
    session: Session,
    clock: Clock,
    by: By,
    key: str,
    as_of: date | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    group_id: int | None = None,
) -> list[Entry]:
    """What a row of `revenue` consists of, the newest first: hand them, or some of them, to `payments`."""
    asked = _asked(session, clock, as_of, first, last, group_id)
    keys: list[str | int] = [key]
    if by == "group":
        keys += [int(number) for number, name in _group_names(session).items() if name == key]
    elif by == "channel":
        keys += [each for each in known_channels(session) if match_key(each) == match_key(key)]
    return queries.entries(session, by, keys, asked.params() | {"first": asked.first, "last": asked.last})


def payments(session: Session, found: Sequence[Entry]) -> list[Payment]:
    """The entries with who paid and for what, in the order given."""
    by_kind: dict[int, list[int]] = {}
    for each in found:
        by_kind.setdefault(each[0], []).append(each[1])
    told = {kind: queries.about(session, kind, ids) for kind, ids in by_kind.items()}
    known = queries.names(session, {each[3] for each in found if each[3] is not None})
    return [_payment(each, told[each[0]].get(each[1], ("", "")), known) for each in found]


def _payment(entry: Entry, about: tuple[str, str], known: dict[int, str]) -> Payment:
    kind, number, stream, member_id, day, fen = entry
    who = about[0] if member_id is None else known.get(member_id, about[0])
    return Payment(number * queries.KINDS + kind, date.fromisoformat(day), stream, member_id, who, about[1], fen)


# -- what is asked


@frozen
class _Asked:
    """The days, whose takings, and what an order is worth; `alone` is the only group there is: all takings are its."""

    first: date
    last: date
    group_id: int | None
    alone: int | None
    freight_out: bool
    name: str

    def params(self) -> dict[str, Any]:
        """What the statements bind beside days."""
        only = None if self.group_id == self.alone else self.group_id
        return {"freight_out": self.freight_out, "alone": self.alone, "group_id": only}


def _asked(
    session: Session, clock: Clock, as_of: date | None, first: date | None, last: date | None, group_id: int | None
) -> _Asked:
    if first is not None and last is not None and last < first:
        raise BadInput("{last} is before {first}", first=first, last=last)
    day = as_of or clock.today(groups.day_rule(session, group_id))
    end = min(day, last or day)
    begin = first or end.replace(day=1)
    if begin > end:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=begin, today=end)
    every = groups.all_groups(session, archived=True)
    name = "" if group_id is None else groups.get(session, group_id).name
    return _Asked(begin, end, group_id, every[0].id if len(every) == 1 else None, freight_out(session), name)


def _windows(session: Session, asked: _Asked) -> list[tuple[date, date]]:
    """The months of the days asked about, cut to them, from the first on that had any money."""
    begin = min(max(asked.first, queries.begun(session) or asked.last), asked.last)
    count = (asked.last.year - begin.year) * 12 + asked.last.month - begin.month + 1
    if count > _MOST_MONTHS:
        raise BadInput("{n} months are too many side by side", hint="take {most} at most", n=count, most=_MOST_MONTHS)
    return [(max(day, asked.first), min(end_of(day), asked.last)) for day in months_to(asked.last, count)]


# -- the rows


def _rows(session: Session, by: By, found: list[Takings]) -> list[Takings]:
    if by == "stream":
        own = {each.key: each for each in found}
        return [own.get(stream, Takings(stream)) for stream in STREAMS]
    if by == "group":
        known = _group_names(session)
        found = [_called(each, known.get(each.key, each.key)) for each in found]
    elif by == "channel":
        found = _folded(found)
    return sorted(found, key=lambda each: (-each.net_fen, each.key))


def _called(one: Takings, key: str) -> Takings:
    return Takings(key, one.gross_fen, one.refunds_fen, one.orders, one.buyers)


def _group_names(session: Session) -> dict[str, str]:
    return {str(each.id): each.name for each in groups.all_groups(session, archived=True)}


def _folded(found: Iterable[Takings]) -> list[Takings]:
    """Channels that differ in nothing but how they are spelled, as one: nobody has two."""
    by_key: dict[str, Takings] = {}
    for each in found:
        own = by_key.get(match_key(each.key), Takings(each.key))
        by_key[match_key(each.key)] = Takings(
            own.key, own.gross_fen + each.gross_fen, own.refunds_fen + each.refunds_fen, own.orders + each.orders,
            own.buyers + each.buyers,
        )  # fmt: skip
    return list(by_key.values())
