"""Set-based questions about a group's life: who was active, who came and went, who speaks, what the book adds up to.

A person is a member, or a speaker nobody knows yet: `coalesce(member_id, -speaker_id)`. Days are business days of the
group, hours those of the wall clock. Windows include both ends. The number of statements does not grow with anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    CompoundSelect,
    Date,
    Row,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)

from qunguan.domain.checkins import PRESENT
from qunguan.domain.members import EMPTY_DAY
from qunguan.store import figure_queries
from qunguan.store.activity import chat_import, speaker, speech
from qunguan.store.checkins import challenge, checkin, enrolment
from qunguan.store.earning import deed
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member, membership
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_s, _m, _o, _r = speech.c, membership.c, shop_order.c, order_refund.c
PERSON = func.coalesce(_s.member_id, -_s.speaker_id)
OWNERS = ("owner", "群主")
DAY = timedelta(days=1)


def days_of(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`."""
    return [first + back * DAY for back in range((last - first).days + 1)]


def imports(session: Session, group_id: int) -> Rows:
    """(first_at, last_at, imported_at) of every chat export taken in that told a time."""
    wanted = select(chat_import.c.first_at, chat_import.c.last_at, chat_import.c.imported_at)
    return session.rows(wanted.where(chat_import.c.group_id == group_id, chat_import.c.first_at.is_not(None)))


def _acts(group_id: int, first: date, last: date, counts: str) -> Select[Any] | CompoundSelect[Any]:
    """(member_id, day) of everything that counts as activity (rule activity.counts)."""
    spoke = select(_s.member_id, _s.day.label("day")).where(
        _s.group_id == group_id, _s.day.between(first, last), _s.member_id.is_not(None)
    )
    own = select(challenge.c.id).where(challenge.c.group_id == group_id)
    checked = select(checkin.c.member_id, checkin.c.day).where(
        checkin.c.challenge_id.in_(own), checkin.c.day.between(first, last), checkin.c.state.in_(PRESENT)
    )
    if counts == "messages":
        return spoke.distinct()
    if counts == "checkins":
        return checked.distinct()
    did = select(deed.c.member_id, deed.c.biz_date).where(deed.c.biz_date.between(first, last))
    bought = select(_o.member_id, _o.biz_date).where(
        _o.counts, _o.biz_date.between(first, last), _o.member_id.is_not(None)
    )
    return union(spoke, checked, did, bought)


def actives(session: Session, group_id: int, first: date, last: date, window: int, counts: str) -> dict[date, int]:
    """Day → how many of those in the group at the end of that day were active in the `window` days that end with it.

    Each day somebody was active carries on until it is as old as the window, they are active again, or they leave: so
    one pass over the days answers for every day at once. Stays of one member may overlap where nobody knows when one of
    them began: who has several is counted by what they cover together.
    """
    acts = _acts(group_id, first - (window - 1) * DAY, last, counts).subquery("acts")
    member_id, day = acts.c[0], acts.c[1]
    following = func.lead(day, type_=Date).over(partition_by=member_id, order_by=day)
    seq = select(member_id.label("member_id"), day.label("day"), following.label("following")).subquery("seq")
    several = select(_m.member_id).where(_m.group_id == group_id).group_by(_m.member_id).having(func.count() > 1)
    begun = case((_m.joined_on <= seq.c.day, None), else_=_m.joined_on).label("begun")
    lasting = (seq.c.day, seq.c.following, begun, _m.left_on)
    wanted = (
        select(*lasting, func.count().label("people"))
        .join_from(seq, membership, _m.member_id == seq.c.member_id)
        .where(_m.group_id == group_id, or_(_m.left_on.is_(None), _m.left_on > seq.c.day))
        .where(seq.c.member_id.not_in(several))
        .group_by(*lasting)
    )
    steps = dict.fromkeys(days_of(first, last + DAY), 0)
    covered = _covered(session, group_id, several)
    for row in session.rows(select(seq).where(seq.c.member_id.in_(several))):
        ends = min([row.day + window * DAY, last + DAY, *([row.following] if row.following else [])])
        for begin, end in covered[row.member_id]:
            start, stop = max(row.day, first, begin), min(ends, end)
            if start < stop:
                steps[start] += 1
                steps[stop] -= 1
    for row in session.rows(wanted):
        ends = [row.day + window * DAY, last + DAY, *(end for end in (row.following, row.left_on) if end is not None)]
        begin, end = max(row.day, first, row.begun or first), min(ends)
        if begin < end:
            steps[begin] += row.people
            steps[end] -= row.people
    return _running(steps, 0, last)


def _covered(session: Session, group_id: int, those: Select[Any]) -> dict[int, list[tuple[date, date]]]:
    """Member → the days their stays in a group cover together: first ones, and the first ones without them."""
    rows = select(_m.member_id, _m.joined_on, _m.left_on).where(_m.group_id == group_id, _m.member_id.in_(those))
    stays: dict[int, list[tuple[date, date]]] = {}
    for row in session.rows(rows):
        stays.setdefault(row.member_id, []).append((row.joined_on or date.min, row.left_on or date.max))
    found: dict[int, list[tuple[date, date]]] = {}
    for who, spans in stays.items():
        joined: list[tuple[date, date]] = []
        for begin, end in sorted(spans):
            if joined and begin <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            else:
                joined.append((begin, end))
        found[who] = joined
    return found


def _running(steps: Mapping[date, int], start: int, last: date) -> dict[date, int]:
    found, total = {}, start
    for day, step in sorted(steps.items()):
        total += step
        if day <= last:
            found[day] = total
    return found


def members(session: Session, group_id: int, first: date, last: date) -> dict[date, int]:
    """Day → members in the group at the end of it."""
    if figure_queries.counted(session, group_id):
        start = figure_queries.present(session, group_id, first)
        steps = {day: came - left for day, (came, left) in _stays(session, group_id, first + DAY, last).items()}
        return _running(dict.fromkeys(days_of(first, last), 0) | steps, start, last)
    here = func.count().filter(or_(_m.joined_on.is_(None), _m.joined_on <= first))
    start = session.scalar(
        select(here).where(_m.group_id == group_id, or_(_m.left_on.is_(None), _m.left_on > first))
    )  # fmt: skip
    steps = dict.fromkeys(days_of(first, last), 0)
    for day, n in joins(session, group_id, first + DAY, last).items():
        steps[day] += n
    for day, n in leaves(session, group_id, first + DAY, last).items():
        steps[day] -= n
    return _running(steps, int(start), last)


def joins(session: Session, group_id: int, first: date, last: date) -> dict[date, int]:
    """Day → how many joined."""
    if figure_queries.counted(session, group_id):
        return {day: came for day, (came, _left) in _stays(session, group_id, first, last).items() if came}
    return _per_day(session, group_id, _m.joined_on, first, last)


def leaves(session: Session, group_id: int, first: date, last: date) -> dict[date, int]:
    """Day → how many left."""
    if figure_queries.counted(session, group_id):
        return {day: left for day, (_came, left) in _stays(session, group_id, first, last).items() if left}
    return _per_day(session, group_id, _m.left_on, first, last)


def _stays(session: Session, group_id: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    return figure_queries.stays(session, group_id, first, last)


def _per_day(session: Session, group_id: int, day: Column[Any], first: date, last: date) -> dict[date, int]:
    wanted = select(day.label("day"), func.count().label("n"))
    inside = wanted.where(_m.group_id == group_id, day.between(first, last))
    return {row.day: row.n for row in session.rows(inside.group_by(day))}


def first_join(session: Session, group_id: int) -> date | None:
    """The first day anybody is known to have joined, `EMPTY_DAY` and before being none; None when nobody's is."""
    if figure_queries.counted(session, group_id):
        return figure_queries.first_join(session, group_id)
    told = select(func.min(_m.joined_on)).where(_m.group_id == group_id, _m.joined_on > EMPTY_DAY)
    found: date | None = session.scalar(told)
    return found


def mostly_dated(session: Session, group_id: int) -> bool:
    """Whether the day of joining is known of at least half of all stays in a group."""
    told = select(func.count().label("stays"), func.count(_m.joined_on).label("dated")).where(_m.group_id == group_id)
    found = session.rows(told)[0]
    return bool(2 * found.dated >= found.stays)


def due_on(session: Session, challenge_id: int, group_id: int, day: date) -> tuple[int, int]:
    """(checked in, due) of those enrolled on a day who had not left; frozen and excused ones are not due."""
    e, c = enrolment.c, checkin.c
    theirs = and_(_m.member_id == e.member_id, _m.group_id == group_id)
    here = or_(_m.joined_on.is_(None), _m.joined_on <= day) & or_(_m.left_on.is_(None), _m.left_on > day)
    there = or_(~exists().where(theirs, _m.left_on <= day), exists().where(theirs, here))
    noted = select(c.member_id).where(c.challenge_id == challenge_id, c.day == day)  # read whole: one search, not each
    done = e.member_id.in_(noted.where(c.state.in_(PRESENT)))
    wanted = (
        select(func.count().filter(done).label("done"), func.count().label("due"))
        .where(e.challenge_id == challenge_id, e.from_day <= day, func.coalesce(e.to_day >= day, True), there)
        .where(e.member_id.not_in(noted.where(c.state.not_in(PRESENT))))
    )
    row = session.rows(wanted)[0]
    return row.done, row.due


# -- who speaks


def _on(spans: Sequence[tuple[date, date]]) -> Any:
    """Whether a day of speech is in one of these stretches."""
    return or_(*(_s.day.between(first, last) for first, last in spans))


def loudest(session: Session, group_id: int, first: date, last: date, top: int = 10) -> tuple[int, int]:
    """(messages of the people who wrote most, messages of all) in the window."""
    each = select(func.sum(_s.messages).label("n")).where(_s.group_id == group_id, _s.day.between(first, last))
    people = each.group_by(PERSON).cte("people")
    most = select(people.c.n).order_by(people.c.n.desc()).limit(top).subquery("most")
    whole = select(func.coalesce(func.sum(people.c.n), 0)).scalar_subquery()
    row = session.rows(select(func.coalesce(func.sum(most.c.n), 0).label("top"), whole.label("whole")))[0]
    return row.top, row.whole


def owners(session: Session, group_id: int) -> set[int]:
    """The people who are the group's owner: by their role, or because the export was made by them (我)."""
    roles = select(_m.member_id).where(_m.group_id == group_id, _m.role.in_(OWNERS))
    mine = select(func.coalesce(speaker.c.member_id, -speaker.c.id).label("person")).where(
        speaker.c.group_id == group_id, speaker.c.kind == "self"
    )
    return {row[0] for row in session.rows(roles)} | {row.person for row in session.rows(mine)}


def answers(session: Session, group_id: int, spans: Sequence[tuple[date, date]]) -> Row[Any]:
    """(replies, messages, mentions, all): replies and messages of the exports that tell replies, mentions of all."""
    told = select(_s.import_id).where(_s.group_id == group_id, _s.replies > 0)
    whole = select(
        func.coalesce(func.sum(_s.replies), 0).label("replies"),
        func.coalesce(func.sum(_s.messages).filter(_s.import_id.in_(told)), 0).label("messages"),
        func.coalesce(func.sum(_s.mentions), 0).label("mentions"),
        func.coalesce(func.sum(_s.messages), 0).label("all"),
    ).where(_s.group_id == group_id, _on(spans))
    return session.rows(whole)[0]


def names(session: Session, people: Sequence[int]) -> dict[int, str]:
    """Person → what they are called."""
    known = select(member.c.id, member.c.name).where(member.c.id.in_(IDS))
    others = select(speaker.c.id, speaker.c.name, speaker.c.key).where(speaker.c.id.in_(IDS))
    found = {row.id: row.name for row in in_chunks(session, known, [n for n in people if n > 0])}
    rows = in_chunks(session, others, [-n for n in people if n < 0])
    return found | {-row.id: row.name or row.key for row in rows}


def there(session: Session, group_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these members who are in the group now."""
    wanted = select(_m.member_id).where(_m.group_id == group_id, _m.left_on.is_(None), _m.member_id.in_(IDS))
    return {row.member_id for row in in_chunks(session, wanted, ids)}


def gone(session: Session, group_id: int, day: date, ids: Sequence[int]) -> set[int]:
    """Those of these members who were in the group and are not at the end of the day."""
    here = or_(_m.joined_on.is_(None), _m.joined_on <= day) & or_(_m.left_on.is_(None), _m.left_on > day)
    wanted = select(_m.member_id).where(_m.group_id == group_id, _m.member_id.in_(IDS)).group_by(_m.member_id)
    away = wanted.having(func.max(case((here, 1), else_=0)) == 0)
    return {row.member_id for row in in_chunks(session, away, [n for n in ids if n > 0])}


# -- what was bought


class Book(NamedTuple):
    """The orders that count at the end of a day: how many, of how many buyers, and what they are worth in fen."""

    orders: int
    buyers: int
    net_fen: int


def _buyers_of(group_id: int | None) -> Any:
    """Whether an order is of somebody who is or was in the group; None takes every order, whoever bought."""
    if group_id is None:
        return literal(True)
    return _o.member_id.in_(select(_m.member_id).where(_m.group_id == group_id))


def _counting(day: date, freight_out: bool, only: Sequence[int] | None = None) -> tuple[Any, Any]:
    """The refunds up to a day by order (`only` of these), and what tells that an order was given back whole."""
    refunds = select(_r.order_id, func.sum(_r.amount_fen).label("fen")).where(_r.biz_date <= day)
    if only is not None:
        refunds = refunds.where(_r.order_id.in_(IDS))
    back = refunds.group_by(_r.order_id).subquery("back")
    gross = _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen
    return back, gross


def _that_count(only: Sequence[int] | None) -> tuple[Any, dict[str, Any]]:
    """Whether an order counts, and is one of these where they are named, and what binds them.

    Of a few it is asked of each, or SQLite would go through the index of all that count.
    """
    if only is None:
        return _o.counts, {}
    return and_(func.coalesce(_o.counts, False), _o.id.in_(IDS)), {"ids": only}


def book(
    session: Session, day: date, group_id: int | None, *, freight_out: bool, only: Sequence[int] | None = None
) -> Book:
    """The book at the end of a day; orders given back whole by then are no orders (semantics 3.7, 3.8).

    `only`: of these orders.
    """
    counting, params = _that_count(only)
    back, gross = _counting(day, freight_out, only)
    returned = func.coalesce(back.c.fen, 0)
    left = gross - returned
    who = func.coalesce(_o.member_id, "=" + _o.buyer_key)
    wanted = (
        select(
            func.count().label("orders"),
            func.count(distinct(who)).label("buyers"),
            func.coalesce(func.sum(case((left > 0, left), else_=0)), 0).label("net"),
        )
        .select_from(shop_order.outerjoin(back, back.c.order_id == _o.id))
        .where(counting, _o.biz_date <= day, or_(left > 0, returned <= 0), _buyers_of(group_id))
    )
    return Book._make(session.rows(wanted, params)[0])


def repeat_buyers(
    session: Session, first: date, day: date, group_id: int | None, *, freight_out: bool, merge: bool,
    only: Sequence[int] | None = None,
) -> tuple[int, int]:  # fmt: skip
    """(buyers with two purchases or more, buyers) from `first` to `day`; `merge` takes one day's orders for one.

    `only`: of these orders.
    """
    counting, params = _that_count(only)
    back, gross = _counting(day, freight_out, only)
    returned = func.coalesce(back.c.fen, 0)
    who = func.coalesce(_o.member_id, "=" + _o.buyer_key)
    bought = func.count(distinct(_o.biz_date)) if merge else func.count()
    each = (
        select(bought.label("n"))
        .select_from(shop_order.outerjoin(back, back.c.order_id == _o.id))
        .where(counting, _o.biz_date.between(first, day), _buyers_of(group_id))
        .where(or_(gross - returned > 0, returned <= 0))
        .group_by(who)
        .subquery("each")
    )
    wanted = select(func.count().filter(each.c.n >= 2).label("again"), func.count().label("buyers")).select_from(each)
    row = session.rows(wanted, params)[0]
    return row.again, row.buyers


def buyers_present(
    session: Session, group_id: int, day: date, *, freight_out: bool, only: Sequence[int] | None = None
) -> int:
    """How many of those in the group at the end of a day have an order that counts by then; `only`: of these."""
    people = select(func.count(distinct(_m.member_id))).where(_m.group_id == group_id)
    if only is not None:
        return _buying(session, people, day, freight_out, only)
    back, gross = _counting(day, freight_out)
    returned = func.coalesce(back.c.fen, 0)
    ordered = (
        select(_o.member_id)
        .select_from(shop_order.outerjoin(back, back.c.order_id == _o.id))
        .where(_o.counts, _o.biz_date <= day, _o.member_id.is_not(None), or_(gross - returned > 0, returned <= 0))
    )
    here = and_(or_(_m.joined_on.is_(None), _m.joined_on <= day), or_(_m.left_on.is_(None), _m.left_on > day))
    return int(session.scalar(people.where(here, _m.member_id.in_(ordered))))


def _buying(session: Session, people: Select[Any], day: date, freight_out: bool, only: Sequence[int]) -> int:
    """The same of a few, asked of each: SQLite is kept from going through all stays or all orders."""
    gross = _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen
    refunds = select(func.coalesce(func.sum(_r.amount_fen), 0)).where(_r.order_id == _o.id, _r.biz_date <= day)
    returned = refunds.scalar_subquery()
    here = and_(func.coalesce(_m.joined_on <= day, True), func.coalesce(_m.left_on > day, True))
    bought = exists().where(
        _o.counts, _o.member_id == _m.member_id, _o.biz_date <= day, or_(returned <= 0, gross > returned)
    )
    return int(session.scalar(people.where(_m.member_id.in_(IDS), here, bought), {"ids": only}))


def first_order(session: Session) -> date | None:
    """The first day of the book, whatever became of its orders; None without any."""
    found: date | None = session.scalar(select(func.min(_o.biz_date)))
    return found


def campaign_days(session: Session, group_id: int, first: date, last: date) -> set[date]:
    """The days on which members of the group took part in a campaign (deeds of that kind)."""
    mine = exists().where(_m.member_id == deed.c.member_id, _m.group_id == group_id)
    wanted = select(deed.c.biz_date).where(deed.c.kind == "campaign", deed.c.biz_date.between(first, last), mine)
    return {row.biz_date for row in session.rows(wanted.distinct())}
