"""Set-based questions about ties between members: skills and needs, introductions, who joined, thanks, partners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, case, func, or_, select

from qunguan.domain.earning import Invited
from qunguan.store.buyers import buyer
from qunguan.store.content import post
from qunguan.store.earning import deed
from qunguan.store.feedback import feedback, feedback_step
from qunguan.store.groups import chat_group
from qunguan.store.member_queries import IDS, in_chunks, is_present
from qunguan.store.members import member, membership
from qunguan.store.relations import introduction, member_skill, thanks
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_m = membership.c
_giver = member.alias("giver")
_STAY = (_m.id, _m.member_id, _m.group_id, _m.joined_on, _m.left_on, _m.inviter_id)


def notes(
    session: Session, day: date, *, kind: str | None = None, member_id: int | None = None,
    group_id: int | None = None, everybody: bool = False,
) -> Rows:  # fmt: skip
    """Skills and needs noted by a day, by name: of who was present then (in the group; None: in any), or of
    `everybody`.
    """
    query = select(member_skill, member.c.name).join_from(member_skill, member).where(member_skill.c.noted_on <= day)
    if not everybody:
        query = query.where(is_present(group_id, day))
    if kind is not None:
        query = query.where(member_skill.c.kind == kind)
    if member_id is not None:
        query = query.where(member_skill.c.member_id == member_id)
    return session.rows(query.order_by(member.c.sort_key, member.c.id, member_skill.c.kind.desc(), member_skill.c.id))


def introductions(
    session: Session, day: date, *, member_id: int | None = None, one: int | None = None
) -> Rows:  # fmt: skip
    """Introductions made by a day with both names, the newest first; of a member on either side, or one by its id."""
    query = (
        select(introduction, member.c.name.label("seeker"), _giver.c.name.label("giver"))
        .join(member, member.c.id == introduction.c.seeker_id)
        .join(_giver, _giver.c.id == introduction.c.giver_id)
        .where(introduction.c.biz_date <= day)
    )
    if member_id is not None:
        query = query.where(or_(introduction.c.seeker_id == member_id, introduction.c.giver_id == member_id))
    if one is not None:
        query = query.where(introduction.c.id == one)
    return session.rows(query.order_by(introduction.c.biz_date.desc(), introduction.c.id.desc()))


def present(session: Session, day: date, group_id: int | None, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Id → name of who was present on a day, among these (None: all)."""
    query = select(member.c.id, member.c.name).where(is_present(group_id, day))
    if ids is None:
        return {row.id: row.name for row in session.rows(query)}
    return {row.id: row.name for row in in_chunks(session, query.where(member.c.id.in_(IDS)), ids)}


def buyers(session: Session) -> set[int]:
    """Who ever bought, as of today."""
    return {row.id for row in session.rows(select(buyer.c.id))}


def joined(session: Session, first: date, last: date, group_id: int | None) -> tuple[int, int]:
    """(new members, those of them somebody brought) of some days: of the group, or of any whose first stay it was."""
    earlier = membership.alias("earlier")
    before = select(earlier.c.id).where(
        earlier.c.member_id == _m.member_id,
        or_(earlier.c.joined_on.is_(None), earlier.c.joined_on < first),
    )
    if group_id is not None:
        before = before.where(earlier.c.group_id == group_id)
    brought = func.max(case((_m.inviter_id != _m.member_id, 1), else_=0)).label("brought")
    new = (
        select(_m.member_id, brought).where(_m.joined_on.between(first, last), ~before.exists()).group_by(_m.member_id)
    )
    if group_id is not None:
        new = new.where(_m.group_id == group_id)
    each = new.subquery()
    row = session.rows(
        select(func.count().label("n"), func.coalesce(func.sum(each.c.brought), 0).label("brought")).select_from(each)
    )[0]
    return row.n, row.brought


def brought(session: Session, first: date, last: date) -> list[list[Invited]]:
    """All stays of each member whose stay with an inviter began in some days."""
    guests = select(_m.member_id).where(
        _m.group_id.in_(select(chat_group.c.id)),  # the index of joinings begins with the group
        _m.joined_on.between(first, last),
        _m.inviter_id.is_not(None),
    )
    ids = sorted({row.member_id for row in session.rows(guests)})
    found: dict[int, list[Invited]] = {}
    for row in in_chunks(session, select(*_STAY).where(_m.member_id.in_(IDS)).order_by(_m.id), ids):
        found.setdefault(row.member_id, []).append(Invited._make(row))
    return list(found.values())


def shares(session: Session, first: date, last: date) -> Rows:
    """Good shares of some days by member: how many, and the newest day."""
    query = select(deed.c.member_id, func.count().label("n"), func.max(deed.c.biz_date).label("day"))
    return session.rows(
        query.where(deed.c.kind == "share", deed.c.biz_date.between(first, last)).group_by(deed.c.member_id)
    )


def turned(session: Session, first: date, last: date) -> Rows:
    """Members who changed a bad review in some days, after amends: how many, and the newest day."""
    amends = feedback_step.alias("amends")
    good = select(amends.c.id).where(
        amends.c.feedback_id == feedback.c.id, amends.c.kind == "amends", amends.c.at <= feedback_step.c.at
    )
    query = (
        select(feedback.c.member_id, func.count().label("n"), func.max(feedback_step.c.biz_date).label("day"))
        .join_from(feedback_step, feedback)
        .where(feedback_step.c.kind == "turned", feedback_step.c.biz_date.between(first, last))
        .where(feedback.c.member_id.is_not(None), good.exists())
    )
    return session.rows(query.group_by(feedback.c.member_id))


def helped(session: Session, first: date, last: date) -> Rows:
    """Members whose help came to something in some days: how many times, and the newest day."""
    query = select(
        introduction.c.giver_id.label("member_id"), func.count().label("n"),
        func.max(introduction.c.outcome_on).label("day"),
    )  # fmt: skip
    worked = query.where(introduction.c.outcome == "worked", introduction.c.outcome_on.between(first, last))
    return session.rows(worked.group_by(introduction.c.giver_id))


def noted(session: Session, day: date, member_id: int | None = None) -> Rows:
    """Thanks that were noted by a day and not said by then, the oldest first, with the names."""
    query = (
        select(thanks, member.c.name)
        .join_from(thanks, member)
        .where(thanks.c.biz_date <= day, or_(thanks.c.said_on.is_(None), thanks.c.said_on > day))
    )
    if member_id is not None:
        query = query.where(thanks.c.member_id == member_id)
    return session.rows(query.order_by(thanks.c.biz_date, thanks.c.id))


def said(session: Session, day: date) -> dict[int, date]:
    """Member → the last day they were thanked, by a day."""
    query = select(thanks.c.member_id, func.max(thanks.c.said_on).label("day")).where(thanks.c.said_on <= day)
    return {row.member_id: row.day for row in session.rows(query.group_by(thanks.c.member_id))}


def thanked(session: Session, day: date, member_id: int | None, most: int) -> Rows:
    """Thanks that were said by a day, the newest first."""
    query = select(thanks, member.c.name).join_from(thanks, member).where(thanks.c.said_on <= day)
    if member_id is not None:
        query = query.where(thanks.c.member_id == member_id)
    return session.rows(query.order_by(thanks.c.said_on.desc(), thanks.c.id.desc()).limit(most))


def with_role(session: Session, role: str, day: date, group_id: int | None) -> Rows:
    """Who had a role in a group on a day (None: in any), with the group's name, by name."""
    query = (
        select(_m.member_id, _m.group_id, _m.joined_on, member.c.name, chat_group.c.name.label("group_name"))
        .join(member, member.c.id == _m.member_id)
        .join(chat_group, chat_group.c.id == _m.group_id)
        .where(_m.role == role, or_(_m.joined_on.is_(None), _m.joined_on <= day))
        .where(or_(_m.left_on.is_(None), _m.left_on > day))
    )
    if group_id is not None:
        query = query.where(_m.group_id == group_id)
    return session.rows(query.order_by(member.c.sort_key, member.c.id, _m.group_id))


def did(session: Session, ids: Iterable[int], day: date) -> dict[tuple[str, int], int]:
    """(what, member) → how often these members did it by a day: share, campaign, post, helped, suggestion."""
    found: dict[tuple[str, int], int] = {}
    those = (
        select(deed.c.kind.label("what"), deed.c.member_id, func.count().label("n"))
        .where(deed.c.member_id.in_(IDS), deed.c.biz_date <= day)
        .group_by(deed.c.kind, deed.c.member_id),
        select(post.c.state.label("what"), post.c.author_id.label("member_id"), func.count().label("n"))
        .where(post.c.author_id.in_(IDS), post.c.state == "posted", post.c.day <= day)
        .group_by(post.c.author_id),
        select(
            introduction.c.outcome.label("what"), introduction.c.giver_id.label("member_id"), func.count().label("n")
        )
        .where(introduction.c.giver_id.in_(IDS), introduction.c.outcome == "worked", introduction.c.outcome_on <= day)
        .group_by(introduction.c.giver_id),
        select(feedback.c.kind.label("what"), feedback.c.member_id, func.count().label("n"))
        .where(feedback.c.member_id.in_(IDS), feedback.c.kind == "suggestion", feedback.c.biz_date <= day)
        .group_by(feedback.c.member_id),
    )  # fmt: skip
    wanted = list(ids)
    for query in those:
        for row in in_chunks(session, query, wanted):
            found[row.what, row.member_id] = row.n
    return found
