"""What members did, asked for a few members at a time: enrolments, check-ins, entries, refunds, benefits used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, distinct, func, select, type_coerce

from qunguan.domain.profiles import Talk
from qunguan.store.activity import chat_answer, speech
from qunguan.store.checkins import challenge, checkin, enrolment
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.points import point_entry
from qunguan.store.session import Session


def enrolments_of(session: Session, ids: Iterable[int]) -> Iterator[Row[Any]]:
    """Every enrolment of these members, the challenges that began last first."""
    query = (
        select(enrolment)
        .join_from(enrolment, challenge)
        .where(enrolment.c.member_id.in_(IDS))
        .order_by(challenge.c.starts_on.desc(), challenge.c.id.desc())
    )
    return in_chunks(session, query, ids)


def latest_checkins(session: Session, member_id: int, until: date, limit: int | None) -> Sequence[Row[Any]]:
    """(day, state, challenge) of a member's newest records (None: of all), newest first."""
    query = (
        select(checkin.c.day, checkin.c.state, challenge.c.name.label("challenge"))
        .join_from(checkin, challenge)
        .where(checkin.c.member_id == member_id, checkin.c.day <= until)
        .order_by(checkin.c.day.desc(), checkin.c.id.desc())
    )
    return session.rows(query.limit(limit))


def latest_entries(session: Session, member_id: int, until: date, limit: int | None) -> Sequence[Row[Any]]:
    """A member's newest (None: all) ledger entries, newest first; `reversed_reason` is the one of what it reverses."""
    first = point_entry.alias()
    query = (
        select(point_entry, first.c.reason.label("reversed_reason"))
        .outerjoin(first, first.c.id == point_entry.c.reverses_id)
        .where(point_entry.c.member_id == member_id, point_entry.c.biz_date <= until)
    )
    return session.rows(query.order_by(point_entry.c.biz_date.desc(), point_entry.c.id.desc()).limit(limit))


def refunds_to(session: Session, member_id: int, until: date) -> Sequence[Row[Any]]:
    """(day, fen, number) of everything that went back to a member, newest first."""
    from qunguan.store.orders import order_refund, shop_order  # the roster's lines do without

    query = (
        select(order_refund.c.biz_date.label("day"), order_refund.c.amount_fen.label("fen"), shop_order.c.number)
        .join_from(order_refund, shop_order)
        .where(shop_order.c.member_id == member_id, shop_order.c.counts, order_refund.c.biz_date <= until)
    )
    return session.rows(query.order_by(order_refund.c.biz_date.desc(), order_refund.c.id.desc()))


def benefits_used(session: Session, member_id: int, until: date) -> Sequence[Row[Any]]:
    """(day, name, quantity) of the benefits a member used, newest first."""
    from qunguan.store.levels import benefit_use, level_benefit  # the roster's lines do without

    query = (
        select(benefit_use.c.biz_date.label("day"), level_benefit.c.name, benefit_use.c.quantity)
        .join_from(benefit_use, level_benefit)
        .where(benefit_use.c.member_id == member_id, benefit_use.c.biz_date <= until)
    )
    return session.rows(query.order_by(benefit_use.c.biz_date.desc(), benefit_use.c.id.desc()))


def talk_of(session: Session, member_id: int, day: date) -> Talk | None:
    """What a member wrote in chats up to a day, None for nothing."""
    days = (func.count(distinct(speech.c.day)).label("days"), type_coerce(func.max(speech.c.day), Date).label("last"))
    sums = select(func.sum(speech.c.messages).label("messages"), *days)
    row = session.first(sums.where(speech.c.member_id == member_id, speech.c.day <= day))
    if row is None or not row.messages:
        return None
    whom, by = chat_answer.c.member_id, chat_answer.c.to_member_id
    ties = [
        session.scalar(
            select(func.count(distinct(other))).where(own == member_id, other != own, chat_answer.c.day <= day)
        )
        for own, other in ((whom, by), (by, whom))
    ]
    return Talk(row.messages, row.days, row.last, *ties)
