"""Posts: planned, changed, moved, posted, dropped, copied from another week. Each checks what it would do first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, PostDraft, checked_day, checked_draft
from qunguan.domain.content_plan import WEEK, Scheduled, Stopped
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.content_check import outlook
from qunguan.services.content_columns import columns
from qunguan.services.segment_schemes import find as find_scheme
from qunguan.store import content_queries as queries
from qunguan.store.content import post, post_segment, post_tag
from qunguan.store.members import member
from qunguan.store.session import Session

_COLUMNS = ("title", "kind", "day", "at_minute", "sub_kind", "need", "author", "author_id", "text", "sponsor",
            "disclosure", "column_id", "campaign_id")  # fmt: skip
_PLANNED = N_("Planned the post {title} on {day}")
_ACCEPTED = N_("Planned the post {title} on {day} all the same: {reason}")


def schedule(
    session: Session,
    clock: Clock,
    group_id: int,
    draft: PostDraft,
    *,
    accept: bool = False,
    reason: str = "",
    posted: bool = False,
) -> Scheduled:
    """Plan a post, and say what is to be said of it.

    Raises Refused while promotion is locked (S4-30) and BadInput for an ad without the words that say so (C28): neither
    can be passed over. Raises Stopped for a benefit too many in the mix or an ad too many in the month, unless the
    owner accepts it and gives the reason, which is kept with the step. What was `posted` already is noted: it is no
    plan that could be stopped. Raises NotFound, BadInput.
    """
    made = _checked(session, group_id, draft)
    now = clock.now()
    if posted and made.day > clock.today(groups.get(session, group_id).day_rule):
        raise BadInput("{title} is planned for {day} only", title=show(made.title), day=made.day)
    warnings, accepted = ((), ()) if posted else _passed(session, clock, group_id, made, None, accept=accept,
                                                         reason=reason)  # fmt: skip
    _step(session, made, N_("Posted {title}") if posted else _PLANNED, _ACCEPTED, reason if accepted else "")
    state = {"state": "posted", "posted_at": now} if posted else {"state": "planned"}
    post_id = session.insert(post, group_id=group_id, **_values(made), **state, created_at=now)
    _link(session, post_id, made)
    return Scheduled(get(session, post_id), warnings, accepted)


def edit(session: Session, clock: Clock, changed: Post, *, accept: bool = False, reason: str = "") -> Scheduled:
    """Write a post as given: take it, `dataclasses.replace` its draft, hand it back. Raises as `schedule`, and Refused
    for one that was dropped."""
    before = get(session, changed.id)
    _refuse_dropped(before)
    made = _checked(session, before.group_id, changed.draft)
    if made == before.draft:
        return Scheduled(before)
    warnings, accepted = _passed(session, clock, before.group_id, made, before, accept=accept, reason=reason)
    _step(session, made, N_("Changed the post {title} on {day}"),
          N_("Changed the post {title} on {day} all the same: {reason}"), reason if accepted else "")  # fmt: skip
    session.update(post, before.id, **_values(made))
    if (made.tags, made.segments) != (before.draft.tags, before.draft.segments):
        _unlink(session, before.id)
        _link(session, before.id, made)
    return Scheduled(get(session, before.id), warnings, accepted)


def move(
    session: Session,
    clock: Clock,
    post_id: int,
    day: date,
    at_minute: int | None = None,
    *,
    accept: bool = False,
    reason: str = "",
) -> Scheduled:
    """Move a planned post to a day, at a time (None: the one it had). Raises as `edit`, Refused once it is posted."""
    found = get(session, post_id)
    if found.state != "planned":
        raise Refused("{title} is posted already: it stays where it is", title=show(found.title))
    at = found.at_minute if at_minute is None else at_minute
    column_id = found.draft.column_id if day == found.day else None  # its place stays behind
    draft = replace(found.draft, day=day, at_minute=at, column_id=column_id)
    return edit(session, clock, replace(found, draft=draft), accept=accept, reason=reason)


def mark_posted(session: Session, clock: Clock, post_id: int) -> Post:
    """Say that it stands in the group; said again it changes nothing. Raises NotFound, Refused for a dropped one."""
    found = get(session, post_id)
    _refuse_dropped(found)
    if found.state == "planned":
        session.step(N_("Posted {title}"), title=found.title)
        session.update(post, post_id, state="posted", posted_at=clock.now())
    return get(session, post_id)


def unpost(session: Session, clock: Clock, post_id: int) -> Post:
    """Take back that it was posted. Raises NotFound, Refused where it was not, or where results were counted."""
    found = get(session, post_id)
    if found.state != "posted":
        raise Refused("{title} is not posted", title=show(found.title))
    if queries.counts_of(session, [post_id]):
        raise Refused("{title} has results: what was read was posted", title=show(found.title))
    session.step(N_("Not posted after all: {title}"), title=found.title)
    session.update(post, post_id, state="planned", posted_at=None)
    return get(session, post_id)


def drop(
    session: Session, clock: Clock, post_id: int, *, bring_back: bool = False, accept: bool = False, reason: str = ""
) -> Post:
    """Drop a planned post, or plan a dropped one again; that raises as `schedule`. Raises NotFound, and Refused for one
    that is posted."""
    found = get(session, post_id)
    if found.state == "posted":
        raise Refused("{title} is posted already: it stays where it is", title=show(found.title))
    if bring_back == (found.state == "planned"):
        return found
    if bring_back:
        _passed(session, clock, found.group_id, found.draft, None, accept=accept, reason=reason)
    session.step(N_("Planned {title} again") if bring_back else N_("Dropped {title}"), title=found.title)
    session.update(post, post_id, state="planned" if bring_back else "dropped")
    return get(session, post_id)


def copy_week(session: Session, clock: Clock, group_id: int, source: date, target: date) -> tuple[Scheduled, ...]:
    """Plan the posts of one week again in another, given by any of their days: what is there already stays.

    Ads and what is held back or stopped is left out; that is told by its absence. A place that has ended or is filled
    gives the post none. Raises BadInput for a week onto itself.
    """
    source, target = checked_day(source), checked_day(target)
    shift = target - timedelta(days=target.weekday()) - (source - timedelta(days=source.weekday()))
    if not shift.days:
        raise BadInput("this is the same week", hint="name a day of another one")
    first = source - timedelta(days=source.weekday())
    days = (first, first + timedelta(days=WEEK - 1))
    there = queries.between(session, [group_id], days[0] + shift, days[1] + shift)
    taken = {(each.day, match_key(each.title)) for each in there}
    filled = {(each.day, each.draft.column_id) for each in there}
    places = {each.id: each for each in columns(session, group_id)}
    made = []
    for each in queries.between(session, [group_id], *days):
        day, place = each.day + shift, places.get(each.draft.column_id or 0)
        if each.draft.is_ad or (day, match_key(each.title)) in taken:
            continue
        keeps = place is not None and place.on(day) and (day, place.id) not in filled
        draft = replace(each.draft, day=day, campaign_id=None, column_id=place.id if keeps and place else None)
        try:
            made.append(schedule(session, clock, group_id, draft))
        except Refused:
            continue
    return tuple(made)


def get(session: Session, post_id: int) -> Post:
    """One post. Raises NotFound."""
    found = queries.some(session, [post_id])
    if not found:
        raise NotFound("there is no post #{post}", hint="see the list: qunguan content list", post=post_id)
    return found[0]


def posts_between(
    session: Session, group_ids: Sequence[int] | None, first: date, last: date, *, dropped: bool = False
) -> tuple[Post, ...]:
    """The posts of these groups (None: of all) from a day to a day, by day and time; dropped ones when asked for."""
    return queries.between(session, group_ids, first, last, dropped=dropped)


def _checked(session: Session, group_id: int, draft: PostDraft) -> PostDraft:
    """The draft as it is stored. Raises BadInput, NotFound for a group, scheme, bucket, column or member."""
    groups.get(session, group_id)
    made = checked_draft(draft)
    if made.author_id is not None and session.get(member, made.author_id) is None:
        raise NotFound("there is no member {text}", hint="see the roster", text=f"#{made.author_id}")
    if made.column_id is not None and made.column_id not in {each.id for each in columns(session, group_id)}:
        raise NotFound("there is no column {text}", hint="see the list: qunguan content column list",
                       text=f"#{made.column_id}")  # fmt: skip
    segments = tuple(_segment(session, scheme, bucket, made.day) for scheme, bucket in made.segments)
    return replace(made, segments=segments)


def _segment(session: Session, scheme: str, bucket: str, day: date) -> tuple[str, str]:
    """A scheme and a bucket of it by their codes."""
    from qunguan.services.segment_labels import buckets_of

    found = find_scheme(session, scheme)
    for each in buckets_of(found, day):
        if bucket in (each.code, each.name):
            return found.code, each.code
    known = " / ".join(each.name for each in buckets_of(found, day))
    raise BadInput("there is no bucket {text}", hint="there are: {known}", text=show(bucket[:40]), known=known)


def _passed(
    session: Session,
    clock: Clock,
    group_id: int,
    made: PostDraft,
    before: Post | None,
    *,
    accept: bool,
    reason: str,
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What is only said, and what the owner passed over. Raises Refused, Stopped, BadInput."""
    found = outlook(session, clock, group_id, made, before)
    for locked in found.of("lock"):
        raise Refused("it cannot be planned now: {reason}",
                      hint="say known to the alert to go on: qunguan alert know exits",
                      reason=locked.why)  # fmt: skip
    stops = found.of("stop")
    if stops and not accept:
        raise Stopped(stops)
    if stops and not clean(reason, NOTE_LIMIT):
        raise BadInput(
            "it goes too far, so it needs a reason", hint="say why you plan it all the same: --accept --reason TEXT"
        )
    return tuple(each.why for each in found.of("warning")), tuple(each.why for each in stops)


def _step(session: Session, made: PostDraft, label: str, accepted: str, reason: str) -> None:
    if reason:
        session.step(accepted, title=made.title, day=made.day, reason=clean(reason, NOTE_LIMIT))
    else:
        session.step(label, title=made.title, day=made.day)


def _refuse_dropped(found: Post) -> None:
    if found.state == "dropped":
        raise Refused("{title} was dropped", hint="plan it again first", title=show(found.title))


def _values(draft: PostDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _COLUMNS}


def _link(session: Session, post_id: int, draft: PostDraft) -> None:
    session.insert_many(post_tag, ({"post_id": post_id, "tag": tag} for tag in draft.tags))
    session.insert_many(
        post_segment,
        ({"post_id": post_id, "scheme": scheme, "bucket": bucket} for scheme, bucket in draft.segments),
    )


def _unlink(session: Session, post_id: int) -> None:
    for table in (post_tag, post_segment):
        for row in session.rows(select(table.c.id).where(table.c.post_id == post_id)):
            session.delete(table, row.id)
