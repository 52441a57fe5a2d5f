"""The pick-up queue: what members handed in and is no post yet (S3-12)."""

from __future__ import annotations

from datetime import timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post
from qunguan.domain.content_shared import Shared
from qunguan.services import groups, rules
from qunguan.store import content_shared as queries
from qunguan.store.session import Session


def to_pick_up(session: Session, clock: Clock, group_id: int) -> tuple[Shared, ...]:
    """What members of a group handed in over the last days, newest first, that no post holds.

    A post that was dropped counts: it says "not this one". Days and least length are the rules content.shared_days and
    content.shared_chars. Raises NotFound.
    """
    today = clock.today(groups.get(session, group_id).day_rule)
    first = today - timedelta(days=max(int(rules.value(session, "content.shared_days")), 1) - 1)
    found = queries.handed_in(session, group_id, first, today, rules.limit(session, "content.shared_chars") or 1)
    made: dict[int | None, list[Post]] = {}
    for post in queries.by_members(session, group_id):
        made.setdefault(post.draft.author_id, []).append(post)
    return tuple(each for each in found if not any(map(each.is_in, made.get(each.member_id, ()))))
