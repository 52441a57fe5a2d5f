"""Campaigns as they are read: their rows, terms, audiences, sheets, and sums of many at once.

The tables of referrals, a noun above, are read here too: who took part and what it cost are one number over sheet and
fission book together, in which nobody counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Integer,
    Row,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from qunguan.store import order_queries
from qunguan.store.campaigns import (
    campaign,
    campaign_audience,
    campaign_cost,
    campaign_draw,
    campaign_entry,
    campaign_gate,
    campaign_review,
    campaign_term,
)
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.orders import shop_order
from qunguan.store.referrals import hand_out, invite, referral_task
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_c, _e = campaign.c, campaign_entry.c
_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_STANDING = and_(_e.biz_date <= _DAY, or_(_e.void_on.is_(None), _e.void_on > _DAY))
ORDER = "order:#"
"""How the key of a line begins that is an order of the shop; its id follows."""
_ORDER_ID = case((_e.key.startswith(ORDER), cast(func.substr(_e.key, len(ORDER) + 1), Integer)))
_PERSON = case((_e.member_id.is_not(None), literal("m") + cast(_e.member_id, String)), else_=func.nullif(_e.name, ""))


def of_groups(session: Session, group_ids: Sequence[int] | None = None) -> Rows:
    """The campaigns of groups (None: of all), newest first."""
    query = select(campaign).order_by(_c.from_day.desc(), _c.id.desc())
    return session.rows(query if group_ids is None else query.where(_c.group_id.in_(IDS)), _ids(group_ids))


def near(session: Session, group_ids: Sequence[int] | None, first: date, last: date) -> Rows:
    """Those whose days touch a range, cancelled ones too, oldest first."""
    query = select(campaign).where(_c.to_day >= first, _c.from_day <= last).order_by(_c.from_day, _c.id)
    return session.rows(query if group_ids is None else query.where(_c.group_id.in_(IDS)), _ids(group_ids))


def _ids(group_ids: Sequence[int] | None) -> dict[str, Any]:
    return {} if group_ids is None else {"ids": list(group_ids)}


def terms(session: Session, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Campaign → its terms."""
    found: dict[int, dict[str, str]] = {each: {} for each in ids}
    for row in in_chunks(session, select(campaign_term).where(campaign_term.c.campaign_id.in_(IDS)), ids):
        found[row.campaign_id][row.name] = row.value
    return found


def audiences(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Campaign → how many it is for."""
    a = campaign_audience.c
    query = select(a.campaign_id, func.count().label("n")).where(a.campaign_id.in_(IDS)).group_by(a.campaign_id)
    return {row.campaign_id: row.n for row in in_chunks(session, query, ids)}


def audience(session: Session, campaign_id: int) -> list[int]:
    """Whom a campaign is for, by id."""
    a = campaign_audience.c
    return [row.member_id for row in session.rows(select(a.member_id).where(a.campaign_id == campaign_id))]


def audience_span(session: Session, campaign_id: int) -> tuple[int, int] | None:
    """The first and last id of the rows that say whom it is for: written at once, no other row stands between them."""
    a = campaign_audience.c
    row = session.first(
        select(func.min(a.id).label("first"), func.max(a.id).label("last")).where(a.campaign_id == campaign_id)
    )
    return None if row is None or row.first is None else (row.first, row.last)


def term_rows(session: Session, campaign_id: int) -> dict[str, tuple[int, str]]:
    """Name of a term → its row and value."""
    query = select(campaign_term).where(campaign_term.c.campaign_id == campaign_id)
    return {row.name: (row.id, row.value) for row in session.rows(query)}


def present(session: Session, group_id: int) -> list[int]:
    """The members who are in a group now, by id."""
    m = membership.c
    query = select(m.member_id).where(m.group_id == group_id, m.left_on.is_(None)).distinct().order_by(m.member_id)
    return [row.member_id for row in session.rows(query)]


def entries(session: Session, campaign_id: int, day: date, *, freight_out: bool) -> Rows:
    """The lines of a sheet up to a day with the member's present name, in the order they came. Of a line that is an
    order of the shop: what it is worth on the day (`net_fen`), whether it counts, and when it last went back.
    """
    net, counts, back = order_queries.worth(freight_out)
    joined = campaign_entry.outerjoin(member, member.c.id == _e.member_id).outerjoin(
        shop_order, shop_order.c.id == _ORDER_ID
    )
    query = select(
        campaign_entry, member.c.name.label("called"), _ORDER_ID.label("order_id"), net.label("net_fen"),
        func.coalesce(counts, literal(0)).label("counts"), back.label("back_on"),
    ).select_from(joined).where(_e.campaign_id == campaign_id, _e.biz_date <= _DAY)  # fmt: skip
    return session.rows(query.order_by(_e.id), {"day": day})


def sums(session: Session, ids: Sequence[int], day: date, *, freight_out: bool = False) -> Rows:
    """For each campaign and kind of line that stands on a day: persons, members of the audience among them, lines,
    pieces, money, and the largest bare count. An order counts with what it is worth that day."""
    net, counts, _back = order_queries.worth(freight_out)
    inside = and_(campaign_audience.c.campaign_id == _e.campaign_id, campaign_audience.c.member_id == _e.member_id)
    joined = campaign_entry.outerjoin(campaign_audience, inside).outerjoin(shop_order, shop_order.c.id == _ORDER_ID)
    bare = and_(_e.member_id.is_(None), _e.name == "")
    query = (
        select(
            _e.campaign_id, _e.kind, func.count(_PERSON.distinct()).label("people"),
            func.count(campaign_audience.c.member_id.distinct()).label("inside"),
            func.count().label("lines"), func.sum(_e.qty).label("pieces"),
            func.sum(case((_ORDER_ID.is_(None), _e.amount_fen), else_=net)).label("fen"),
            func.max(case((bare, _e.qty), else_=0)).label("told"),
        )
        .select_from(joined)
        .where(_e.campaign_id.in_(IDS), _STANDING, or_(_ORDER_ID.is_(None), counts))
        .group_by(_e.campaign_id, _e.kind)
    )  # fmt: skip
    return list(in_chunks(session, query, ids, day=day))


def participants(
    session: Session, ids: Sequence[int], day: date, *, freight_out: bool = False
) -> dict[int, tuple[int, int]]:
    """Campaign → (persons of any line but gifts and wins, who took the task or brought somebody; those of them whom it
    was for), up to a day."""
    task, brought = referral_task.c, invite.c
    _net, counts, _back = order_queries.worth(freight_out)
    sheet = (
        select(_e.campaign_id, _PERSON.label("person"), _e.member_id)
        .select_from(campaign_entry.outerjoin(shop_order, shop_order.c.id == _ORDER_ID))
        .where(_e.campaign_id.in_(IDS), _STANDING, _e.kind.not_in(("gift", "win")),
               or_(_ORDER_ID.is_(None), counts))
    )  # fmt: skip
    took = select(task.campaign_id, _member(task.member_id), task.member_id).where(
        task.campaign_id.in_(IDS), task.started_on <= _DAY
    )
    inviters = select(brought.campaign_id, _member(brought.inviter_id), brought.inviter_id).where(
        brought.campaign_id.in_(IDS), brought.joined_on <= _DAY
    )
    told = union_all(sheet, took, inviters).subquery()
    inside = and_(
        campaign_audience.c.campaign_id == told.c.campaign_id, campaign_audience.c.member_id == told.c.member_id
    )
    query = (
        select(told.c.campaign_id, func.count(told.c.person.distinct()).label("n"),
               func.count(campaign_audience.c.member_id.distinct()).label("inside"))
        .select_from(told.outerjoin(campaign_audience, inside))
        .group_by(told.c.campaign_id)
    )  # fmt: skip
    return {row.campaign_id: (row.n, row.inside) for row in in_chunks(session, query, ids, day=day)}


def _member(column: Column[int]) -> ColumnElement[str]:
    """A member as `_PERSON` writes one."""
    return literal("m") + cast(column, String)


def costs(session: Session, ids: Sequence[int], day: date) -> dict[int, int]:
    """Campaign → what it cost up to a day, without what its sheet says was handed out; rewards for invitations are in
    it."""
    c, h = campaign_cost.c, hand_out.c
    lines = select(c.campaign_id, c.cost_fen.label("fen")).where(c.campaign_id.in_(IDS), c.day <= _DAY)
    rewards = select(h.campaign_id, h.cost_fen).where(h.campaign_id.in_(IDS), h.given_on <= _DAY)
    told = union_all(lines, rewards).subquery()
    query = select(told.c.campaign_id, func.sum(told.c.fen).label("fen")).group_by(told.c.campaign_id)
    return {row.campaign_id: int(row.fen) for row in in_chunks(session, query, ids, day=day)}


def cost_rows(session: Session, campaign_id: int, day: date) -> Rows:
    """The costs of one campaign up to a day, oldest first."""
    c = campaign_cost.c
    query = select(campaign_cost).where(c.campaign_id == campaign_id, c.day <= _DAY)
    return session.rows(query.order_by(c.day, c.id), {"day": day})


def answers(session: Session, campaign_id: int) -> dict[str, Row[Any]]:
    """Question → what was answered."""
    query = select(campaign_gate).where(campaign_gate.c.campaign_id == campaign_id)
    return {row.question: row for row in session.rows(query)}


def is_a_name(session: Session, key: str) -> bool:
    """Whether somebody is, or was, called so; `key` as names are compared."""
    return session.scalar(select(alias.c.id).where(alias.c.key == key).limit(1)) is not None


def draws(session: Session, campaign_id: int) -> Rows:
    """The draws of a campaign, oldest first."""
    query = select(campaign_draw).where(campaign_draw.c.campaign_id == campaign_id)
    return session.rows(query.order_by(campaign_draw.c.id))


def reviews(session: Session, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Campaign → what was written about it."""
    query = select(campaign_review).where(campaign_review.c.campaign_id.in_(IDS))
    return {row.campaign_id: row for row in in_chunks(session, query, ids)}


def last_days(session: Session, group_id: int, first: date, last: date) -> dict[date, str]:
    """The last day of each campaign that went ahead in a group → its name."""
    query = select(_c.to_day, _c.name).where(
        _c.group_id == group_id, _c.to_day.between(first, last), _c.started_at.is_not(None),
        or_(_c.cancelled_on.is_(None), _c.cancelled_on > _c.to_day),
    )  # fmt: skip
    return {row.to_day: row.name for row in session.rows(query.order_by(_c.id))}


def lives(session: Session, group_id: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Last day of a live → (buyers, people who came), of lives whose coming was counted (S4-39)."""
    query = select(_c.id, _c.to_day).where(
        _c.group_id == group_id, _c.form == "live", _c.to_day.between(first, last), _c.started_at.is_not(None),
        _c.cancelled_on.is_(None),
    )  # fmt: skip
    days = {row.id: row.to_day for row in session.rows(query)}
    counted: dict[date, list[int]] = {}
    for row in sums(session, sorted(days), date.max):
        pair = counted.setdefault(days[row.campaign_id], [0, 0])
        if row.kind in ("order", "attend"):
            pair[row.kind == "attend"] += max(row.people, row.told)
    return {day: (buyers, came) for day, (buyers, came) in counted.items() if came}
