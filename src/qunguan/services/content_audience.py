"""Who should see a post: the members its tags and segments name (S4-14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post
from qunguan.domain.scheme_views import Person
from qunguan.domain.text import match_key
from qunguan.services import groups, segments
from qunguan.services.content_posts import get
from qunguan.store import content_queries as queries
from qunguan.store.segment_queries import people
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Audience:
    """The members a post is for, by id, and how many are present. `everyone`: it names nobody in particular.

    `parts` are the tags and buckets it names, with how many each brings.
    """

    post: Post
    everyone: bool
    present: int
    members: tuple[Person, ...]
    parts: tuple[tuple[str, int], ...]


def audience(session: Session, clock: Clock, post_id: int, as_of: date | None = None) -> Audience:
    """Who should see a post, of those present in its group at the end of a day (None: today): whoever carries one of
    its tags, by hand or by rule, or is in one of its buckets. Raises NotFound."""
    found = get(session, post_id)
    day = as_of or clock.today(groups.get(session, found.group_id).day_rule)
    here = people(session, day, found.group_id, leavers=False)
    draft = found.draft
    if not draft.tags and not draft.segments:
        return Audience(found, True, len(here), tuple(here.items()), ())
    parts: list[tuple[str, set[int]]] = []
    for tag, who in _carriers(session, clock, draft.tags, day).items():
        parts.append((tag, who & here.keys()))
    for code, bucket in draft.segments:
        inside = set(segments.members_in(session, clock, code, bucket, as_of, found.group_id))
        parts.append((_bucket_name(session, clock, code, bucket, as_of, found.group_id), inside & here.keys()))
    meant = set[int]().union(*(ids for _name, ids in parts))
    named = tuple((member_id, name) for member_id, name in here.items() if member_id in meant)
    return Audience(found, False, len(here), named, tuple((name, len(ids)) for name, ids in parts))


def idle_tags(session: Session, clock: Clock, group_id: int, tags: Sequence[str]) -> tuple[str, ...]:
    """Those of these tags that nobody carries today, by hand or by rule."""
    today = clock.today(groups.get(session, group_id).day_rule)
    return tuple(tag for tag, who in _carriers(session, clock, tags, today).items() if not who)


def _carriers(session: Session, clock: Clock, tags: Sequence[str], day: date) -> dict[str, set[int]]:
    """Tag → who carries it, by hand or by rule."""
    found = {tag: queries.carriers(session, [tag]) for tag in tags}
    keys = {match_key(tag): tag for tag in tags}
    if any(match_key(rule.name) in keys for rule in segments.tag_rules(session)):
        for rule, who in segments.carriers(session, clock, day):
            if match_key(rule.name) in keys:
                found[keys[match_key(rule.name)]] |= {member_id for member_id, _name in who}
    return found


def _bucket_name(session: Session, clock: Clock, code: str, bucket: str, as_of: date | None, group_id: int) -> str:
    shown = segments.show(session, clock, code, as_of, group_id)
    return next((each.bucket.name for each in shown.buckets if each.bucket.code == bucket), bucket)
