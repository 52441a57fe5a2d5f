"""A week of the calendar, and what speaks against a post before it is planned (C23, C27, S0-39, S4-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from qunguan.domain.alerts import PromoLock
from qunguan.domain.content import ContentColumn, Post, PostDraft, benefit_said, clock_said, text_key
from qunguan.domain.content_mix import KINDS, Counts, Kind, Mix, MixPreset, Terms, percent, shares, suggested, too_far
from qunguan.domain.errors import Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.values import frozen

WEEK = 7
Force = Literal["lock", "stop", "warning"]
"""How much a finding weighs: a lock holds, a stop may be passed with a reason, a warning is only said."""


class Stopped(Refused):
    """A post that goes too far: the owner may plan it all the same, and says why."""

    code = "stopped"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            N_("one too many: {reason}"),
            hint=N_("choose another kind or a later day, or plan it all the same and say why: --accept --reason TEXT"),
            reason=findings[0].why,
        )


@frozen
class Finding:
    """Something that speaks against a post: how much it weighs, what it is about, the rule and numbers in words."""

    force: Force
    code: str
    why: Reason


@frozen
class Outlook:
    """What a post would do. `before` and `after` are the forecast mix of its week, `ads` the ads of its month with it.

    `quota` None: ads are not counted.
    """

    before: Mix
    after: Mix
    ads: int
    quota: int | None
    findings: tuple[Finding, ...]

    def of(self, *force: Force) -> tuple[Finding, ...]:
        """The findings that weigh so much."""
        return tuple(each for each in self.findings if each.force in force)


@frozen
class Scheduled:
    """A post that was planned or changed, what is to be said of it, and what the owner passed over."""

    post: Post
    warnings: tuple[Reason, ...] = ()
    accepted: tuple[Reason, ...] = ()


@frozen
class Slot:
    """A place of the timetable on a day that nothing fills yet."""

    column: ContentColumn
    day: date


@frozen
class DayPlan:
    """One day of the calendar: its posts by time, those of no time last, and the places that are empty."""

    day: date
    posts: tuple[Post, ...]
    slots: tuple[Slot, ...]

    @property
    def entries(self) -> tuple[Post | Slot, ...]:
        """Posts and empty places together, by time."""
        return tuple(sorted((*self.posts, *self.slots), key=_place))

    def counts(self) -> dict[Kind, int]:
        """How many posts of each kind are planned or posted."""
        return counted(post.draft for post in self.posts if post.state != "dropped")


@frozen
class Week:
    """A week of a group from its Monday: the days, the mix it leads to, the ads of the month, the promotion lock.

    `quiet` are the days from today on without a topic to talk about (S1-21).
    """

    group_id: int
    monday: date
    days: tuple[DayPlan, ...]
    mix: Mix
    ads: int
    quota: int | None
    lock: PromoLock
    quiet: tuple[date, ...] = ()


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """The last day of the week of a day."""
    return monday_of(day) + timedelta(days=WEEK - 1)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the calendar month of a day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def counted(drafts: Iterable[PostDraft]) -> dict[Kind, int]:
    """How many of each kind."""
    found = dict.fromkeys(KINDS, 0)
    for draft in drafts:
        found[draft.kind] += 1
    return found


def days_of(
    monday: date, posts: Iterable[Post], columns: Sequence[ContentColumn], days: int = WEEK
) -> tuple[DayPlan, ...]:
    """So many days from a Monday on. A place is filled by a live post of its column on that day."""
    mine: dict[date, list[Post]] = {}
    for post in posts:
        mine.setdefault(post.day, []).append(post)
    found = []
    for step in range(days):
        day = monday + timedelta(days=step)
        here = sorted(mine.get(day, ()), key=_place)
        filled = {post.draft.column_id for post in here if post.state != "dropped"}
        slots = (Slot(each, day) for each in columns if each.on(day) and each.id not in filled)
        found.append(DayPlan(day, tuple(here), tuple(slots)))
    return tuple(found)


def _place(entry: Post | Slot) -> tuple[int, int, int]:
    if isinstance(entry, Slot):
        return entry.column.at_minute, 1, entry.column.id
    return (9999 if entry.at_minute is None else entry.at_minute), 0, entry.id


def mix_stop(preset: MixPreset, before: Counts, after: Counts, terms: Terms) -> Finding | None:
    """A stop when a benefit more takes its share beyond the band (semantics 3.14); None while it does not."""
    over = too_far(after, preset.target, terms).get("benefit", Fraction(0))
    if over <= 0 or after.get("benefit", 0) <= before.get("benefit", 0):
        return None
    n, target = sum(after.values()), preset.target["benefit"]
    why = Reason.of(
        N_(
            "{kind} would be {share} % of {n} posts in {days} days; {mix} asks for {target} %, "
            "at most {band} points more ({source})"
        ),
        kind=Reason.of("{name}", name=Called(preset, "benefit")), share=percent(target + over), n=n, days=terms.days,
        mix=preset.label, target=percent(target), band=terms.band, source=Brief(f"{preset.source}, {terms.source}"),
    )  # fmt: skip
    return Finding("stop", "mix", why)


def over_target(preset: MixPreset, before: Counts, after: Counts, terms: Terms) -> Finding | None:
    """A warning when a benefit more takes its share over the target and not beyond the band (semantics 3.14).

    None where a benefit is what the mix asks for next: of few posts one takes any share over a small target.
    """
    found = shares(after)
    n, target = sum(after.values()), preset.target["benefit"]
    if found is None or n < terms.least or after.get("benefit", 0) <= before.get("benefit", 0):
        return None
    if suggested(before, preset.target) == "benefit":
        return None
    if not target < found["benefit"] <= target + Fraction(terms.band, 100):
        return None
    why = Reason.of(
        N_(
            "{kind} would be {share} % of {n} posts in {days} days, over the {target} % of {mix}, "
            "within the {band} points it may be off ({source})"
        ),
        kind=Reason.of("{name}", name=Called(preset, "benefit")), share=percent(found["benefit"]), n=n, days=terms.days,
        mix=preset.label, target=percent(target), band=terms.band, source=Brief(f"{preset.source}, {terms.source}"),
    )  # fmt: skip
    return Finding("warning", "target", why)


def looks_like_benefit(preset: MixPreset, draft: PostDraft) -> Finding | None:
    """A warning when the title of a post of another kind says what a benefit says (S0-15)."""
    word = None if draft.kind == "benefit" else benefit_said(draft.title)
    if not word:
        return None
    kind = Reason.of("{name}", name=Called(preset, "benefit"))
    return Finding(
        "warning", "kind", Reason.of(N_("It looks like {kind}: the title says {word}"), kind=kind, word=word)
    )


@frozen
class Called:
    """What a mix calls a kind, in the language in force when it is shown."""

    preset: MixPreset
    kind: Kind

    def __str__(self) -> str:
        return self.preset.called(self.kind)


def quota_stop(draft: PostDraft, before: int, after: int, quota: int | None, source: str) -> Finding | None:
    """A stop for an ad beyond those a month may have in a group (S3-31, C27)."""
    if quota is None or not draft.is_ad or after <= quota or after <= before:
        return None
    why = Reason.of(N_("this would be ad {n} of {month}; {quota} a month are enough ({source})"), n=after,
                    month=f"{draft.day:%Y-%m}", quota=quota, source=Brief(source))  # fmt: skip
    return Finding("stop", "ads", why)


def collisions(
    draft: PostDraft, others: Iterable[Post], columns: Iterable[ContentColumn], apart: int, source: str
) -> list[Finding]:
    """What stands within so many minutes on the same day, and the hours of talk it falls into (C23, S3-07).

    `others` are the live posts of the day in the group; a column whose place the post takes is no collision.
    """
    at = draft.at_minute
    if at is None:
        return []
    found = [
        Reason.of(N_("{title} stands at {at}: within {minutes} minutes ({source})"), title=show(each.title),
                  at=clock_said(each.at_minute), minutes=apart, source=Brief(source))
        for each in others
        if each.at_minute is not None and abs(each.at_minute - at) <= apart
    ]  # fmt: skip
    filled = {each.draft.column_id for each in others}
    for column in columns:
        if column.id == draft.column_id or not column.on(draft.day):
            continue
        if column.until_minute is not None and column.at_minute <= at < column.until_minute:
            found.append(Reason.of(N_("it falls into {title}, {first}–{last} ({source})"), title=show(column.name),
                                   first=clock_said(column.at_minute), last=clock_said(column.until_minute),
                                   source=Brief(f"S3-07, {source}")))  # fmt: skip
        elif column.id not in filled and abs(column.at_minute - at) <= apart:
            found.append(Reason.of(N_("the place of {title} is at {at}: within {minutes} minutes ({source})"),
                                   title=show(column.name), at=clock_said(column.at_minute), minutes=apart,
                                   source=Brief(source)))  # fmt: skip
    return [Finding("warning", "collision", why) for why in found]


def duplicates(draft: PostDraft, others: Iterable[tuple[Post, str]], days: int, source: str) -> list[Finding]:
    """The same text elsewhere within so many days: nobody likes to read it twice (S0-39). `others` with their group."""
    key = text_key(draft)
    found = [
        Reason.of(N_("{group} has the same on {day}: {title} (within {days} days, {source})"), group=show(group),
                  day=post.day, title=show(post.title), days=days, source=Brief(source))
        for post, group in others
        if key and text_key(post.draft) == key
    ]  # fmt: skip
    return [Finding("warning", "duplicate", why) for why in found[:3]]


def touches(day: date, n: int, most: int | None, source: str) -> list[Finding]:
    """A warning when a day holds as many posts as are too many (S4-08)."""
    if most is None or n < most:
        return []
    why = Reason.of(N_("{day} would have {n} posts; {most} a day are too many ({source})"), day=day, n=n, most=most,
                    source=Brief(source))  # fmt: skip
    return [Finding("warning", "touches", why)]
