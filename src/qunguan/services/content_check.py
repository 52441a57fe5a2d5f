"""What a post would do before it is planned: the mix, the ads of the month, the lock, what stands near (C23, C27)."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, PostDraft, checked_day
from qunguan.domain.content_mix import Counts, Mix, measured
from qunguan.domain.content_plan import (
    Finding,
    Outlook,
    collisions,
    counted,
    duplicates,
    mix_stop,
    month_of,
    quota_stop,
    sunday_of,
    touches,
)
from qunguan.domain.rosters import Reason
from qunguan.services import alerts, groups, rules
from qunguan.services.content_columns import columns
from qunguan.services.content_terms import mix_in_force, mix_terms, source
from qunguan.store import content_queries as queries
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def outlook(session: Session, clock: Clock, group_id: int, draft: PostDraft, instead_of: Post | None = None) -> Outlook:
    """What planning a draft would do, and what speaks against it; nothing is written.

    `instead_of` is the post it changes. Of a day that is over only what stands near is told: it is history. A lock
    first, then stops, then warnings. Raises NotFound for a group, BadInput
    for a day no community has.
    """
    day, today = checked_day(draft.day), clock.today(groups.get(session, group_id).day_rule)
    terms, preset = mix_terms(session), mix_in_force(session)
    until = sunday_of(day)
    first, last = month_of(day)
    near = int(rules.value(session, "content.duplicate_days"))
    begin = min(until - (terms.days - 1) * _DAY, first, day - near * _DAY)
    posts = queries.between(session, None, begin, max(until, last, day + near * _DAY))
    mine = [post for post in posts if post.group_id == group_id]
    others = [post for post in mine if instead_of is None or post.id != instead_of.id]
    window = (until - (terms.days - 1) * _DAY, until)
    before, after = _in(window, mine), [*_in(window, others), draft]
    ads = (_ads((first, last), mine), _ads((first, last), others) + draft.is_ad)
    quota = rules.limit(session, "alert.ads_month")
    findings: list[Finding | None] = []
    if day >= today and _newly_promotes(draft, instead_of):
        findings.append(_lock(session, clock, group_id))
    if day >= today:
        findings.append(mix_stop(preset, counted(before), counted(after), terms))
        findings.append(quota_stop(draft, *ads, quota, source("alert.ads_month")))
    same_day = [post for post in others if post.day == day]
    apart = int(rules.value(session, "content.apart_minutes"))
    findings += collisions(draft, same_day, columns(session, group_id), apart, source("content.apart_minutes"))
    findings += _duplicates(session, draft, posts, instead_of, near)
    most = rules.limit(session, "alert.touches_day")
    findings += touches(day, len(same_day) + 1, most, source("alert.touches_day"))
    mixes = [_mix(session, window, counted(part)) for part in (before, after)]
    found = tuple(each for each in findings if each is not None)
    return Outlook(mixes[0], mixes[1], ads[1], quota, (*found, *_new_warnings(mixes[0], mixes[1], found)))


def _mix(session: Session, window: tuple[date, date], live: Counts) -> Mix:
    """The forecast alone: it is what a post changes."""
    return measured(mix_in_force(session), {}, live, mix_terms(session), (*window, window[1]))


def _in(window: tuple[date, date], posts: list[Post]) -> list[PostDraft]:
    return [post.draft for post in posts if window[0] <= post.day <= window[1]]


def _ads(month: tuple[date, date], posts: list[Post]) -> int:
    return sum(post.draft.is_ad for post in posts if month[0] <= post.day <= month[1])


def _newly_promotes(draft: PostDraft, instead_of: Post | None) -> bool:
    """Whether a lock holds it: a promotion that was not planned for this very day before."""
    if not draft.promotes:
        return False
    return instead_of is None or not instead_of.draft.promotes or instead_of.day != draft.day


def _lock(session: Session, clock: Clock, group_id: int) -> Finding | None:
    lock = alerts.promo_locked(session, clock, group_id)
    if not lock.locked:
        return None
    return Finding("lock", "lock", Reason.of("{first}; {second}", first=lock.why[0], second=lock.why[-1]))


def _duplicates(
    session: Session, draft: PostDraft, posts: tuple[Post, ...], instead_of: Post | None, near: int
) -> list[Finding]:
    names = {group.id: group.name for group in groups.all_groups(session, archived=True)}
    others = [
        (post, names[post.group_id])
        for post in posts
        if abs((post.day - draft.day).days) <= near and (instead_of is None or post.id != instead_of.id)
    ]
    return duplicates(draft, others, near, source("content.duplicate_days"))


def _new_warnings(before: Mix, after: Mix, found: tuple[Finding, ...]) -> list[Finding]:
    """What the mix is warned about with the post in it, but for the kind that is stopped already."""
    passed = {"benefit"} if any(each.code == "mix" for each in found) else set()
    told = zip(after.off, after.warnings, strict=True)
    return [Finding("warning", "mix", why) for kind, why in told if kind not in passed]
