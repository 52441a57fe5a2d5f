"""What a post would do before it is planned: the mix, the ads of the month, the lock, what stands near (C23, C27)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeGuard

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, PostDraft, checked_day
from qunguan.domain.content_mix import KINDS, Counts, Mix, measured
from qunguan.domain.content_plan import (
    Finding,
    Outlook,
    collisions,
    duplicates,
    looks_like_benefit,
    mix_stop,
    month_of,
    over_target,
    quota_stop,
    sunday_of,
    touches,
)
from qunguan.domain.rosters import Reason
from qunguan.services import alerts, groups, rules
from qunguan.services.content_columns import columns
from qunguan.services.content_terms import mix_in_force, mix_terms, source
from qunguan.store import content_queries as queries
from qunguan.store.content_queries import Tally
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
    until, (first, last) = sunday_of(day), month_of(day)
    window = (until - (terms.days - 1) * _DAY, until)
    told = queries.tallies(session, group_id, min(window[0], first), max(until, last))
    before, after = _counts(told, window, instead_of, draft)
    ads = _ads(told, (first, last), instead_of, draft)
    quota = rules.limit(session, "alert.ads_month")
    findings: list[Finding | None] = []
    if day >= today and _newly_promotes(draft, instead_of):
        findings.append(_lock(session, clock, group_id))
    if day >= today:
        findings.append(mix_stop(preset, before, after, terms))
        findings.append(over_target(preset, before, after, terms))
        findings.append(looks_like_benefit(preset, draft))
        findings.append(quota_stop(draft, *ads, quota, source("alert.ads_month")))
    same_day = [post for post in queries.between(session, [group_id], day, day) if not _is(post, instead_of)]
    apart = int(rules.value(session, "content.apart_minutes"))
    findings += collisions(draft, same_day, columns(session, group_id), apart, source("content.apart_minutes"))
    findings += _duplicates(session, draft, instead_of)
    most = rules.limit(session, "alert.touches_day")
    findings += touches(day, len(same_day) + 1, most, source("alert.touches_day"))
    now, then = (measured(preset, {}, part, terms, (*window, until)) for part in (before, after))
    found = tuple(each for each in findings if each is not None)
    return Outlook(now, then, ads[1], quota, (*found, *_new_warnings(then, found)))


def _is(post: Post, instead_of: Post | None) -> bool:
    return instead_of is not None and post.id == instead_of.id


def _counts(
    told: list[Tally], window: tuple[date, date], instead_of: Post | None, draft: PostDraft
) -> tuple[Counts, Counts]:
    """The live posts of a window by kind, as they are and with the draft in it."""
    before = dict.fromkeys(KINDS, 0)
    for each in told:
        if window[0] <= each.day <= window[1]:
            before[each.kind] += each.n
    after = dict(before)
    if _counted(instead_of, window):
        after[instead_of.kind] -= 1
    after[draft.kind] += 1
    return before, after


def _ads(told: list[Tally], month: tuple[date, date], instead_of: Post | None, draft: PostDraft) -> tuple[int, int]:
    """The ads of a month, as they are and with the draft among them."""
    before = sum(each.ads for each in told if month[0] <= each.day <= month[1])
    gone = _counted(instead_of, month) and instead_of.draft.is_ad
    return before, before - gone + draft.is_ad


def _counted(post: Post | None, span: tuple[date, date]) -> TypeGuard[Post]:
    """Whether a post is among the live ones of these days."""
    return post is not None and post.state != "dropped" and span[0] <= post.day <= span[1]


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


def _duplicates(session: Session, draft: PostDraft, instead_of: Post | None) -> list[Finding]:
    near = int(rules.value(session, "content.duplicate_days"))
    length = len("".join((draft.text or draft.title).split()))
    span = (draft.day - near * _DAY, draft.day + near * _DAY)
    like = queries.of_length(session, *span, length) if length else ()
    names = {group.id: group.name for group in groups.all_groups(session, archived=True)}
    others = [(post, names[post.group_id]) for post in like if not _is(post, instead_of)]
    return duplicates(draft, others, near, source("content.duplicate_days"))


def _new_warnings(after: Mix, found: tuple[Finding, ...]) -> list[Finding]:
    """What the mix is warned about with the post in it, but for the kind that is stopped already."""
    passed = {"benefit"} if any(each.code == "mix" for each in found) else set()
    told = zip(after.off, after.warnings, strict=True)
    return [Finding("warning", "mix", why) for kind, why in told if kind not in passed]
