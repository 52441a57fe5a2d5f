"""What members did on which days, for the steps of funnels: one statement a step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from qunguan.domain.checkins import PRESENT
from qunguan.store.activity import chat_import, speech
from qunguan.store.checkins import challenge, checkin
from qunguan.store.earning import deed
from qunguan.store.member_queries import driver_rows
from qunguan.store.members import member, member_tag, membership, tag
from qunguan.store.orders import order_line
from qunguan.store.rewards import redemption
from qunguan.store.session import Session


def days_by_member(session: Session, statement: Select[Any]) -> dict[int, list[date]]:
    """Member → their days in order, from a select of (member, day)."""
    days: dict[str, date] = {}
    found: dict[int, list[date]] = {}
    for who, text in driver_rows(session, statement.distinct().order_by(*statement.selected_columns)):
        if (day := days.get(text)) is None:
            day = days[text] = date.fromisoformat(text)
        found.setdefault(who, []).append(day)
    return found


def joined(group_id: int | None, last: date) -> Select[Any]:
    """Everybody's first day, in a group or anywhere."""
    first = func.min(membership.c.joined_on)
    query = select(membership.c.member_id, first.label("day")).group_by(membership.c.member_id).having(first <= last)
    return query if group_id is None else query.where(membership.c.group_id == group_id)


def there(session: Session, group_id: int, last: date) -> set[int]:
    """Who was ever a member of a group by a day; those whose day of joining nobody knows are older than any day."""
    by_then = or_(membership.c.joined_on.is_(None), membership.c.joined_on <= last)
    query = select(membership.c.member_id).where(membership.c.group_id == group_id, by_then)
    return {row.member_id for row in session.rows(query)}


def spoke(group_id: int | None, last: date) -> Select[Any]:
    """Days with a message."""
    query = select(speech.c.member_id, speech.c.day).where(speech.c.member_id.is_not(None), speech.c.day <= last)
    return query if group_id is None else query.where(speech.c.group_id == group_id)


def checked_in(group_id: int | None, last: date) -> Select[Any]:
    """Days with a check-in, made-up ones too."""
    query = select(checkin.c.member_id, checkin.c.day).where(checkin.c.state.in_(PRESENT), checkin.c.day <= last)
    if group_id is None:
        return query
    ours = select(challenge.c.id).where(challenge.c.group_id == group_id)
    return query.where(checkin.c.challenge_id.in_(ours))


def deeds(last: date, kind: str | None = None, text: str = "") -> Select[Any]:
    """Days of a deed, of one kind or any, whose note has the text in it."""
    query = select(deed.c.member_id, deed.c.biz_date).where(deed.c.biz_date <= last)
    if kind is not None:
        query = query.where(deed.c.kind == kind)
    return query.where(deed.c.note.contains(text, autoescape=True)) if text else query


def redeemed(last: date) -> Select[Any]:
    """Days of a redemption that was not taken back by then."""
    stands = or_(redemption.c.cancelled_on.is_(None), redemption.c.cancelled_on > last)
    return select(redemption.c.member_id, redemption.c.biz_date).where(redemption.c.biz_date <= last, stands)


def order_ids_with(session: Session, text: str) -> set[int]:
    """Ids of the orders with an article that has the text in it."""
    has: ColumnElement[bool] = or_(
        order_line.c.item.contains(text, autoescape=True), order_line.c.sku.contains(text, autoescape=True)
    )
    return {row[0] for row in driver_rows(session, select(order_line.c.order_id).where(has))}


def tagged(session: Session, text: str) -> set[int] | None:
    """Members with a tag of this name; None where there is no such tag."""
    ids = [row.id for row in session.rows(select(tag.c.id).where(tag.c.name == text))]
    if not ids:
        return None
    return {row[0] for row in driver_rows(session, select(member_tag.c.member_id).where(member_tag.c.tag_id.in_(ids)))}


def filled_in(session: Session, field: str) -> set[int] | None:
    """Members with something in a column of their own; None where nobody has such a column."""
    value = member.c.extra[field].as_string()
    ids = {row[0] for row in driver_rows(session, select(member.c.id).where(value.is_not(None), value != ""))}
    return ids or None


def chats_known(session: Session, group_id: int | None, last: date) -> bool:
    """Whether any chat export of the group speaks of a day by then."""
    query = select(chat_import.c.id).where(func.date(chat_import.c.first_at) <= last)
    if group_id is not None:
        query = query.where(chat_import.c.group_id == group_id)
    return session.first(query.limit(1)) is not None


def only(days: dict[int, list[date]], members: Iterable[int]) -> dict[int, list[date]]:
    """The days of these members."""
    return {who: days[who] for who in members if who in days}
