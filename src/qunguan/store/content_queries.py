"""Set-based questions about the calendar: posts of a stretch of days with their tags and segments, counts, results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, case, func, select

from qunguan.domain.content import Post, PostDraft
from qunguan.domain.content_mix import Kind
from qunguan.store.content import content_column, post, post_result, post_segment, post_tag
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member, member_tag, tag
from qunguan.store.session import Session

_p, _r = post.c, post_result.c
_POSTS = select(post, member.c.name.label("author_name")).join_from(post, member, isouter=True)
_ORDER = (_p.day, _p.at_minute, _p.id)


def between(
    session: Session, group_ids: Sequence[int] | None, first: date, last: date, *, dropped: bool = False
) -> tuple[Post, ...]:
    """The posts of these groups (None: of all) on these days, by day and time; dropped ones only when asked for."""
    wanted = _POSTS.where(_p.day.between(first, last)).order_by(*_ORDER)
    if group_ids is not None:
        wanted = wanted.where(_p.group_id.in_(IDS))
    return _filled(session, wanted if dropped else wanted.where(_p.state != "dropped"), group_ids)


def some(session: Session, ids: Iterable[int]) -> tuple[Post, ...]:
    """These posts, by day and time."""
    return _filled(session, _POSTS.where(_p.id.in_(IDS)).order_by(*_ORDER), list(ids))


def of_length(session: Session, first: date, last: date, length: int) -> tuple[Post, ...]:
    """The live posts of all groups on these days whose text, or title where there is none, has so many characters
    without blanks and line ends: those that may say the same."""
    body = case((_p.text != "", _p.text), else_=_p.title)
    told = func.length(func.replace(func.replace(body, " ", ""), "\n", ""))
    wanted = _POSTS.where(_p.day.between(first, last), _p.state != "dropped", told == length).order_by(*_ORDER)
    return _filled(session, wanted, None)


def of_column(session: Session, column_id: int, first: date) -> Sequence[Row[Any]]:
    """(id) of the planned posts in a column's places from a day on."""
    return session.rows(
        select(_p.id).where(_p.column_id == column_id, _p.day >= first, _p.state == "planned").order_by(_p.id)
    )


def _filled(session: Session, wanted: Select[Any], asked: Sequence[int] | None) -> tuple[Post, ...]:
    rows = session.rows(wanted, None if asked is None else {"ids": asked})
    ids = [row.id for row in rows]
    tags: dict[int, list[str]] = {}
    for row in in_chunks(session, _TAGS, ids):
        tags.setdefault(row.post_id, []).append(row.tag)
    segments: dict[int, list[tuple[str, str]]] = {}
    for row in in_chunks(session, _SEGMENTS, ids):
        segments.setdefault(row.post_id, []).append((row.scheme, row.bucket))
    return tuple(_post(row, tags.get(row.id, ()), segments.get(row.id, ())) for row in rows)


_TAGS = select(post_tag).where(post_tag.c.post_id.in_(IDS)).order_by(post_tag.c.id)
_SEGMENTS = select(post_segment).where(post_segment.c.post_id.in_(IDS)).order_by(post_segment.c.id)


def _post(row: Row[Any], tags: Iterable[str], segments: Iterable[tuple[str, str]]) -> Post:
    draft = PostDraft(
        row.title, row.kind, row.day, row.at_minute, row.sub_kind, row.need, row.author, row.author_id, row.text,
        row.sponsor, row.disclosure, row.column_id, row.campaign_id, tuple(tags), tuple(segments),
    )  # fmt: skip
    return Post(row.id, row.group_id, draft, row.state, row.posted_at, row.author_name or "")


def columns(session: Session, group_id: int) -> Sequence[Row[Any]]:
    """Every column of a group that ever was, by time of day."""
    return session.rows(
        select(content_column).where(content_column.c.group_id == group_id).order_by(content_column.c.at_minute,
                                                                                    content_column.c.id)
    )  # fmt: skip


class Tally(NamedTuple):
    """How many posts of a kind and state a day has, and how many of them are ads."""

    day: date
    kind: Kind
    state: str
    n: int
    ads: int


def tallies(session: Session, group_id: int, first: date, last: date) -> list[Tally]:
    """Live posts of a group counted by day, kind and state."""
    wanted = (
        select(_p.day, _p.kind, _p.state, func.count(), func.sum(case((_p.sponsor != "", 1), else_=0)))
        .where(_p.group_id == group_id, _p.day.between(first, last), _p.state != "dropped")
        .group_by(_p.day, _p.kind, _p.state)
    )
    return [Tally._make(row) for row in session.rows(wanted)]


def first_posted(session: Session, group_id: int) -> date | None:
    """The day of the first post that was posted: before it nobody kept a calendar."""
    found: date | None = session.scalar(select(func.min(_p.day)).where(_p.group_id == group_id, _p.state == "posted"))
    return found


class Result(NamedTuple):
    """What came of a post by the newest count up to a day. None was not counted."""

    post_id: int
    day: date
    kind: Kind
    sub_kind: str
    campaign_id: int | None
    title: str
    at_minute: int | None
    counted_on: date | None
    audience: int | None
    reads: int | None
    clicks: int | None
    replies: int | None
    orders: int | None
    source: str | None


def results(session: Session, group_id: int, first: date, last: date, as_of: date) -> list[Result]:
    """Every posted post of a group on these days with its newest count up to a day, in order; without one its counts
    are None."""
    newest = (
        select(_r.post_id, func.max(_r.counted_on).label("counted_on"))
        .join_from(post_result, post)
        .where(_p.group_id == group_id, _p.day.between(first, last), _r.counted_on <= as_of)
        .group_by(_r.post_id)
        .subquery("newest")
    )
    told = (
        select(_p.id, _p.day, _p.kind, _p.sub_kind, _p.campaign_id, _p.title, _p.at_minute, _r.counted_on, _r.audience,
               _r.reads, _r.clicks, _r.replies, _r.orders, _r.source)
        .select_from(post)
        .join(newest, newest.c.post_id == _p.id, isouter=True)
        .join(post_result, (_r.post_id == newest.c.post_id) & (_r.counted_on == newest.c.counted_on), isouter=True)
        .where(_p.group_id == group_id, _p.day.between(first, last), _p.state == "posted")
        .order_by(*_ORDER)
    )  # fmt: skip
    return [Result._make(row) for row in session.rows(told)]


def counts_of(session: Session, post_ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Post → its counts, oldest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in in_chunks(session, _COUNTS, post_ids):
        found.setdefault(row.post_id, []).append(row)
    return found


_COUNTS = select(post_result).where(_r.post_id.in_(IDS)).order_by(_r.post_id, _r.counted_on)


def carriers(session: Session, names: Sequence[str]) -> set[int]:
    """The members who carry one of these tags, whatever its category."""
    return {row.member_id for row in in_chunks(session, _CARRIERS, names)}


_CARRIERS = select(member_tag.c.member_id).join_from(member_tag, tag).where(tag.c.name.in_(IDS)).distinct()
