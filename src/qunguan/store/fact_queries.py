"""What is known of members, asked set-based: one statement a question, of a page of members or of everyone.

Days come as the driver gives them, ISO texts: a million of them are compared, not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    distinct,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from qunguan.domain.checkins import PRESENT
from qunguan.store.activity import speech
from qunguan.store.checkins import challenge, checkin, enrolment
from qunguan.store.dialect import json_entries
from qunguan.store.earning import deed
from qunguan.store.groups import chat_group
from qunguan.store.member_queries import IDS, driver_rows
from qunguan.store.members import member, member_tag, membership, tag
from qunguan.store.orders import order_line, order_refund, shop_order
from qunguan.store.session import Session
from qunguan.values import frozen

Source = Literal["messages", "checkins", "deeds", "shares", "campaigns"]
Span = tuple[date | None, date]
"""The first day (None: ever) and the last of a window."""
Counts = dict[int, int]

_o, _r, _m = shop_order.c, order_refund.c, membership.c


@frozen
class Whom:
    """Whose facts: of these members (None: of everyone), in one group (None: in any)."""

    ids: Sequence[int] | None = None
    group_id: int | None = None

    def only(self, query: Select[Any], who: ColumnElement[int]) -> Select[Any]:
        """The select, of these members, `who` being the column that tells."""
        return query if self.ids is None else query.where(who.in_(IDS))

    def ask(self, session: Session, query: Select[Any]) -> list[tuple[Any, ...]]:
        """The rows of a select that `only` went through."""
        return driver_rows(session, query) if self.ids is None else driver_rows(session, query, ids=self.ids)

    def rows(self, session: Session, query: Select[Any], who: ColumnElement[int]) -> list[tuple[Any, ...]]:
        """The rows of a select that are these members'."""
        return self.ask(session, self.only(query, who))


def events(source: Source, whom: Whom, *, ever: bool = False) -> Select[Any]:
    """(member_id, day, n) of one source; deeds belong to no group. `ever` tells that no window bounds the question."""
    if source == "messages":
        told = select(speech.c.member_id, speech.c.day, speech.c.messages.label("n"))
        told = told.where(speech.c.member_id.is_not(None))
        if whom.group_id is not None:
            told = told.where(speech.c.group_id == whom.group_id)
        elif whom.ids is None and not ever:  # naming every group lets the index by group and day serve a short window
            told = told.where(speech.c.group_id.in_(select(chat_group.c.id)))
        return whom.only(told, speech.c.member_id)
    if source == "checkins":
        told = select(checkin.c.member_id, checkin.c.day, literal(1).label("n")).where(checkin.c.state.in_(PRESENT))
        own = select(challenge.c.id)
        if whom.group_id is not None:
            told = told.where(checkin.c.challenge_id.in_(own.where(challenge.c.group_id == whom.group_id)))
        elif whom.ids is None:
            told = told.where(checkin.c.challenge_id.in_(own))
        return whom.only(told, checkin.c.member_id)
    told = select(deed.c.member_id, deed.c.biz_date.label("day"), literal(1).label("n"))
    told = told if source == "deeds" else told.where(deed.c.kind == source.removesuffix("s"))
    return whom.only(told, deed.c.member_id)


def sums(session: Session, source: Source, spans: Sequence[Span], whom: Whom) -> list[Counts]:
    """For each window how much of the source each member has; who has nothing is left out."""
    rows = _inside(events(source, whom, ever=any(first is None for first, _last in spans)), spans)
    columns = [func.sum(case((_in(rows.c.day, span), rows.c.n), else_=0)) for span in spans]
    return _columns(session, select(rows.c.member_id, *columns).group_by(rows.c.member_id), len(spans), whom)


def active_days(session: Session, sources: Sequence[Source], spans: Sequence[Span], whom: Whom) -> list[Counts]:
    """For each window on how many days each member did anything of these sources."""
    parts = [select(part.c.member_id, part.c.day) for part in
             (_inside(events(source, whom), spans) for source in sources)]  # fmt: skip
    rows = union_all(*parts).subquery()
    columns = [func.count(distinct(case((_in(rows.c.day, span), rows.c.day)))) for span in spans]
    return _columns(session, select(rows.c.member_id, *columns).group_by(rows.c.member_id), len(spans), whom)


def last_days(session: Session, source: Source, day: date, whom: Whom) -> dict[int, str]:
    """Member → the last day of the source up to a day."""
    rows = _inside(events(source, whom, ever=True), [(None, day)])
    return dict(whom.ask(session, select(rows.c.member_id, func.max(rows.c.day)).group_by(rows.c.member_id)))


def _in(day: ColumnElement[date], span: Span) -> ColumnElement[bool]:
    first, last = span
    return day <= last if first is None else day.between(first, last)


def _inside(rows: Select[Any], spans: Sequence[Span]) -> Subquery:
    """The rows of any of the windows: the days between are read once."""
    found = rows.subquery()
    firsts = [first for first, _last in spans]
    last = max(last for _first, last in spans)
    first = None if None in firsts else min(day for day in firsts if day is not None)
    return select(found).where(_in(found.c.day, (first, last))).subquery()


def _columns(session: Session, query: Select[Any], many: int, whom: Whom) -> list[Counts]:
    found: list[Counts] = [{} for _each in range(many)]
    for member_id, *values in whom.ask(session, query):
        for column, value in zip(found, values, strict=True):
            if value:
                column[member_id] = value
    return found


# --- orders -----------------------------------------------------------------------------------------------------------


def _counting(day: date, whom: Whom, *, freight_out: bool) -> Subquery:
    """Every order that counts up to a day, with what is left of it then (`net`) and what went back (`back`)."""
    gone = _given_back(day, whom)
    gross = _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen
    returned = func.coalesce(gone.c.back, 0)
    orders = (
        select(_o.id, _o.member_id, _o.biz_date.label("day"), (gross - returned).label("net"), returned.label("back"))
        .select_from(shop_order.outerjoin(gone, gone.c.order_id == _o.id))
        .where(_o.counts, _o.biz_date <= day, _o.member_id.is_not(None))
    )
    return whom.only(orders, _o.member_id).subquery()


def _given_back(day: date, whom: Whom) -> Subquery:
    """(order_id, back): what went back of each order that gave anything back by the day."""
    back = select(_r.order_id, func.sum(_r.amount_fen).label("back")).where(_r.biz_date <= day)
    if whom.ids is not None:
        back = back.where(_r.order_id.in_(whom.only(select(_o.id), _o.member_id)))
    return back.group_by(_r.order_id).subquery()


def purchases(
    session: Session,
    day: date,
    asked: Sequence[tuple[Literal["orders", "purchase_days", "spent"], Span]],
    whom: Whom,
    *,
    freight_out: bool,
) -> list[Counts]:
    """For each question the orders, the days with one, or the fen of each member, as of `day`.

    An order given back whole by then is none; what went back of another is off its own day, never below 0.
    """
    rows = _counting(day, whom, freight_out=freight_out)
    columns: list[ColumnElement[Any]] = []
    for what, span in asked:
        inside = _in(rows.c.day, span)
        if what == "purchase_days":
            columns.append(func.count(distinct(case((inside, rows.c.day)))))
        else:
            value = rows.c.net if what == "spent" else literal(1)
            left = and_(inside, rows.c.net > 0) if what == "spent" else inside
            columns.append(func.sum(case((left, value), else_=0)))
    query = select(rows.c.member_id, *columns).where(or_(rows.c.net > 0, rows.c.back <= 0))
    return _columns(session, query.group_by(rows.c.member_id), len(asked), whom)


def last_orders(session: Session, day: date, whom: Whom, *, freight_out: bool) -> dict[int, str]:
    """Member → the day of their last order that counts as one."""
    rows = _counting(day, whom, freight_out=freight_out)
    query = select(rows.c.member_id, func.max(rows.c.day)).where(or_(rows.c.net > 0, rows.c.back <= 0))
    return dict(whom.ask(session, query.group_by(rows.c.member_id)))


def refunded(session: Session, day: date, whom: Whom) -> set[int]:
    """Members whose newest order was given back whole by the day."""
    gone = _given_back(day, whom)
    paid = (
        select(_o.member_id)
        .join_from(gone, shop_order, gone.c.order_id == _o.id)
        .where(_o.counts, gone.c.back > 0, gone.c.back >= _o.amount_fen)
    )
    told = whom.only(select(_o.member_id), _o.member_id).where(
        _o.status == "refunded", ~_o.counts
    )  # the shop never told of the purchase
    returned = func.coalesce(gone.c.back, 0)
    whole = case((_o.counts, and_(returned > 0, returned >= _o.amount_fen)), else_=True)
    query = (
        select(_o.member_id, whole)
        .select_from(shop_order.outerjoin(gone, gone.c.order_id == _o.id))
        .where(_o.biz_date <= day, or_(_o.counts, _o.status == "refunded"), _o.member_id.in_(union_all(paid, told)))
        .order_by(_o.biz_date, _o.id)
    )
    last = dict(whom.rows(session, query, _o.member_id))  # the newest comes last
    return {member_id for member_id, one in last.items() if one}


def buyers_of(session: Session, word: str, span: Span, whom: Whom) -> set[int]:
    """Members with an order, not given back whole, of an article whose name contains the word."""
    rows = _counting(span[1], whom, freight_out=False)
    holds = select(order_line.c.order_id).where(
        or_(order_line.c.item.contains(word, autoescape=True), order_line.c.sku.contains(word, autoescape=True))
    )
    query = select(rows.c.member_id).where(
        rows.c.id.in_(holds), _in(rows.c.day, span), or_(rows.c.net > 0, rows.c.back <= 0)
    )
    return {row[0] for row in whom.ask(session, query)}


# --- the roster -------------------------------------------------------------------------------------------------------

Stay = tuple[int, int, str | None, int, str | None, str]
"""What `stays` tells of one member."""


def stays(session: Session, day: date, whom: Whom) -> list[Stay]:
    """(member, 1 when they are there on the day, first day of what they are there for, 1 when a stay of these has no
    known beginning, day they left last, first day of all stays, "" when one has no known beginning) of everybody who
    was ever there by then.
    """
    begun = or_(_m.joined_on.is_(None), _m.joined_on <= day)
    there = or_(_m.left_on.is_(None), _m.left_on > day)
    query = select(
        _m.member_id,
        func.max(case((there, 1), else_=0)),
        func.min(case((there, _m.joined_on))),
        func.max(case((and_(there, _m.joined_on.is_(None)), 1), else_=0)),
        func.max(case((~there, _m.left_on))),
        func.min(case((_m.joined_on.is_(None), literal_column("''")), else_=_m.joined_on)),
    ).where(begun)
    if whom.group_id is not None:
        query = query.where(_m.group_id == whom.group_id)
    return whom.rows(session, query.group_by(_m.member_id), _m.member_id)


def left_reasons(session: Session, day: date, whom: Whom) -> dict[int, str | None]:
    """Member → the reason of the last stay that ended by the day, None where none was given."""
    query = select(_m.member_id, _m.left_reason).where(_m.left_on <= day).order_by(_m.left_on, _m.id)
    if whom.group_id is not None:
        query = query.where(_m.group_id == whom.group_id)
    return dict(whom.rows(session, query, _m.member_id))


def seats(session: Session, group_ids: Sequence[int], span: Span, whom: Whom) -> list[tuple[int, int]]:
    """(member, group) of everybody who was in one of these groups on any day of the window."""
    if not group_ids:
        return []
    first, last = span
    query = select(_m.member_id, _m.group_id).distinct().where(_m.group_id.in_(group_ids))
    query = query.where(or_(_m.joined_on.is_(None), _m.joined_on <= last))
    if first is not None:
        query = query.where(or_(_m.left_on.is_(None), _m.left_on > first))
    return whom.rows(session, query, _m.member_id)


def tagged(session: Session, category: str | None, name: str, whom: Whom) -> set[int]:
    """Members with a tag, of one category or (None) of any; case does not matter."""
    query = select(member_tag.c.member_id).join_from(member_tag, tag).where(func.lower(tag.c.name) == name.lower())
    if category is not None:
        query = query.where(func.lower(tag.c.category) == category.lower())
    return {row[0] for row in whom.rows(session, query, member_tag.c.member_id)}


def channels(session: Session, whom: Whom) -> dict[int, str]:
    """Member → their channel, where it is known."""
    query = select(member.c.id, member.c.channel).where(member.c.channel.is_not(None), member.c.channel != "")
    return dict(whom.rows(session, query, member.c.id))


def own_field(session: Session, name: str, whom: Whom) -> dict[int, str]:
    """Member → what the owner's own field says, where it says anything."""
    entry = json_entries(member.c.extra)
    query = select(member.c.id, entry.c.value).join_from(member, entry, entry.c.key == name).where(entry.c.value != "")
    return dict(whom.rows(session, query, member.c.id))


KNOWN: Final[dict[str, ColumnElement[bool]]] = {
    "@birthday": member.c.birth_month.is_not(None),
    "@channel": and_(member.c.channel.is_not(None), member.c.channel != ""),
    "@phone": and_(member.c.phone.is_not(None), member.c.phone != ""),
}


def with_known(session: Session, name: str, whom: Whom) -> set[int]:
    """Members of whom this is known."""
    return {row[0] for row in whom.rows(session, select(member.c.id).where(KNOWN[name]), member.c.id)}


def camp_days(session: Session, day: date, whom: Whom) -> dict[int, str]:
    """Member → the day on which the newest challenge they are in began for them, up to a day."""
    began = case((enrolment.c.from_day > challenge.c.starts_on, enrolment.c.from_day), else_=challenge.c.starts_on)
    query = select(enrolment.c.member_id, func.max(began)).join_from(enrolment, challenge).where(began <= day)
    if whom.group_id is not None:
        query = query.where(challenge.c.group_id == whom.group_id)
    return dict(whom.rows(session, query.group_by(enrolment.c.member_id), enrolment.c.member_id))
