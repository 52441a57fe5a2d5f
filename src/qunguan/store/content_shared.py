"""What members handed in: lines of campaign sheets and check-ins with words, and the posts made of such (S3-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, literal, null, select, union_all

from qunguan.domain.content import Post
from qunguan.domain.content_shared import Shared
from qunguan.store.campaigns import campaign, campaign_entry
from qunguan.store.checkins import challenge, checkin
from qunguan.store.content import post
from qunguan.store.content_queries import some
from qunguan.store.members import member
from qunguan.store.session import Session

_e, _k = campaign_entry.c, checkin.c


def handed_in(session: Session, group_id: int, first: date, last: date, least: int) -> list[Shared]:
    """What the members of a group handed in on these days, newest first: every line with words of a sheet that stands,
    and check-ins of at least so many characters."""
    lines = (
        select(literal("campaign").label("source"), _e.id, _e.member_id, member.c.name, _e.biz_date.label("day"),
               campaign.c.name.label("place"), _e.note.label("text"), _e.campaign_id)
        .select_from(campaign_entry.join(campaign).join(member))
        .where(campaign.c.group_id == group_id, _e.kind == "submit", _e.void_on.is_(None), _e.note != "",
               _e.biz_date.between(first, last))
    )  # fmt: skip
    notes = (
        select(literal("checkin"), _k.id, _k.member_id, member.c.name, _k.day, challenge.c.name, _k.text, null())
        .select_from(checkin.join(challenge).join(member))
        .where(challenge.c.group_id == group_id, _k.day.between(first, last), func.length(_k.text) >= least)
    )
    found = union_all(lines, notes).subquery("found")
    newest = select(found).order_by(found.c.day.desc(), found.c.source, found.c.id.desc())
    return [
        Shared(row.source, row.id, row.member_id, row.name, row.day, row.place, row.text, row.campaign_id)
        for row in session.rows(newest)
    ]


def by_members(session: Session, group_id: int) -> Sequence[Post]:
    """The posts of a group that members wrote, dropped ones as well."""
    wanted = select(post.c.id).where(post.c.group_id == group_id, post.c.author_id.is_not(None))
    return some(session, [row.id for row in session.rows(wanted)])
