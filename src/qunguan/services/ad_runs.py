"""The runs of an ad: announcements that are posts of the calendar, with its quota and mix (S3-31, C27)."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.ads import Ad, Booked, RunDraft
from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, PostDraft
from qunguan.domain.errors import Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_, _
from qunguan.services import content, groups
from qunguan.services.ad_read import find_by_id
from qunguan.store import ad_queries as queries
from qunguan.store.ads import ad_run
from qunguan.store.session import Session


def run(
    session: Session,
    clock: Clock,
    ad_id: int,
    draft: RunDraft,
    *,
    accept: bool = False,
    reason: str = "",
    posted: bool = False,
) -> Booked:
    """Plan one more announcement of an ad in the calendar, or note one that was `posted`. Raises as `ads.book`, and
    Refused for an ad that was called off."""
    found = find_by_id(session, clock, ad_id)
    _open(found)
    told = clean(reason, NOTE_LIMIT) if accept else ""
    if told:
        session.step(N_("Planned the ad of {brand} on {day} all the same: {reason}"), brand=found.brand, day=draft.day,
                     reason=told)  # fmt: skip
    else:
        session.step(N_("Planned the ad of {brand} on {day}"), brand=found.brand, day=draft.day)
    return schedule_all(session, clock, found, [draft], accept, reason, posted)


def schedule_all(
    session: Session, clock: Clock, found: Ad, drafts: Sequence[RunDraft], accept: bool, reason: str, posted: bool
) -> Booked:
    """Plan these announcements of an ad; see `run`. The step has a name already."""
    warnings: list[Reason] = []
    accepted: list[Reason] = []
    for draft in drafts:
        done = content.schedule(
            session, clock, found.group_id, post_of(found, draft), accept=accept, reason=reason, posted=posted
        )
        warnings += done.warnings
        accepted += done.accepted
        _note(session, clock, found, done.post)
    return Booked(find_by_id(session, clock, found.id), tuple(warnings), tuple(accepted))


def post_of(found: Ad, draft: RunDraft) -> PostDraft:
    """The post an announcement is: the brand pays for it, and its words say so (C28)."""
    return PostDraft(
        draft.title or _("Ad: {brand}", brand=found.brand)[:200], draft.kind, draft.day, draft.at_minute,
        text=draft.text, sponsor=found.brand, disclosure=found.draft.disclosure,
    )  # fmt: skip


def link(session: Session, clock: Clock, ad_id: int, post_id: int) -> Ad:
    """Say that a post of the calendar is a run of this ad. Raises NotFound, and Refused for one of another group, one
    nobody pays for, or one that is a run already."""
    found, there = find_by_id(session, clock, ad_id), content.get(session, post_id)
    _open(found)
    known = queries.run_of(session, post_id)
    if known is not None and known.ad_id == ad_id:
        return found
    if known is not None:
        raise Refused("{title} is a run of another ad", title=show(there.title))
    if there.group_id != found.group_id:
        raise Refused("{title} is a post of another group", title=show(there.title))
    if not there.draft.is_ad:
        raise Refused("nobody pays for {title}", title=show(there.title),
                      hint="name the sponsor first: qunguan content edit ID --sponsor NAME")  # fmt: skip
    session.step(N_("Noted {title} as an ad of {brand}"), title=there.title, brand=found.brand)
    _note(session, clock, found, there)
    return find_by_id(session, clock, ad_id)


def out(session: Session, clock: Clock, ad_id: int) -> Ad:
    """Say that the next planned run stands in the group. Raises NotFound, Refused where none is planned."""
    found = find_by_id(session, clock, ad_id)
    if not found.ahead:
        raise Refused("no run of {name} is planned", hint="plan one: qunguan ad run", name=show(found.brand))
    content.mark_posted(session, clock, found.ahead[0].post_id)
    return find_by_id(session, clock, ad_id)


def _note(session: Session, clock: Clock, found: Ad, there: Post) -> None:
    today = clock.today(groups.day_rule(session, found.group_id))
    known = min(today, there.day) if there.state == "posted" else today
    session.insert(ad_run, ad_id=found.id, post_id=there.id, biz_date=known)


def _open(found: Ad) -> None:
    if found.cancelled_on is not None:
        raise Refused("the ad of {name} was called off", hint="take it up again: qunguan ad cancel --take-back",
                      name=show(found.brand))  # fmt: skip
