"""The clocks of an incident: Tell, Time, Trust, and the next update (S4-18, S4-19, S4-20, semantics 3.17).

Everything follows from T0 and from what was posted when, in moments of UTC: neither a restart nor another time zone
changes them. A moment exactly on the second it is due is not late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from qunguan.i18n import N_
from qunguan.values import frozen

StageName = Literal["tell", "time", "trust"]
STAGES: Final[dict[StageName, str]] = {"tell": N_("Tell"), "time": N_("Time"), "trust": N_("Trust")}
"""The three stages in order, with the message ID of each."""

UPDATE: Final = "update"
"""What a further notice is called where a stage is named."""


@frozen
class Limits:
    """How long after T0 each stage is due, how long after the last notice the next one, and up to how long after T0."""

    tell: timedelta
    time: timedelta
    trust: timedelta
    update: timedelta
    updates_for: timedelta

    def of(self, name: StageName) -> timedelta:
        """How long after T0 a stage is due."""
        return {"tell": self.tell, "time": self.time, "trust": self.trust}[name]


@frozen
class Post:
    """What was told the group: for a stage, or as an "update". `at` is when it was posted, `place` where."""

    stage: str
    at: datetime
    text: str = ""
    place: str = ""


@frozen
class Due:
    """A clock as it is shown: a stage or "update", when it is due, and the seconds left; late ones count below 0."""

    name: str
    due_at: datetime
    left: int


@frozen
class Running:
    """What the clocks of an open incident need. `held_at` is the newest moment known of it; `told_at` is from when the
    next notice counts: when something was told last, or earlier where that promised it. `due` holds the moments of the
    stages not yet told.
    """

    id: int
    group_id: int
    title: str
    drill: bool
    t0: datetime
    held_at: datetime
    told_at: datetime | None
    due: tuple[tuple[StageName, datetime], ...]
    limits: Limits

    def next_update_at(self, now: datetime) -> datetime | None:
        """When the next notice is due; None once the time of updates is over."""
        return next_update(self.t0, self.told_at, held_now(now, (self.held_at,)), self.limits)

    def clocks(self, now: datetime) -> tuple[Due, ...]:
        """The clocks that run, the stages first; `now` may be what a clock says that was set back."""
        held = held_now(now, (self.held_at,))
        told = [Due(name, at, seconds(held, at)) for name, at in self.due]
        update = self.next_update_at(now)
        return (*told, *([] if update is None else [Due(UPDATE, update, seconds(held, update))]))


@frozen
class Told:
    """A stage by the clock: when it was due, when it was told (None: not yet), and the seconds it was or is late."""

    name: StageName
    due_at: datetime
    post: Post | None
    late_seconds: int


def held_now(now: datetime, known: Iterable[datetime]) -> datetime:
    """Now, but never before a moment that is known: a clock that was set back makes nothing early."""
    return max((now, *known))


def seconds(first: datetime, last: datetime) -> int:
    """Whole seconds from one moment to another, below 0 when the other came before."""
    return int((last - first).total_seconds())


def lasting(span: int) -> str:
    """Seconds as they are read: 2:10 is two minutes and ten seconds, 1:02:10 an hour more."""
    hours, rest = divmod(span, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def late_seconds(due_at: datetime, posted_at: datetime) -> int:
    """By how many seconds something came after it was due; 0 in time, and on the very second."""
    return max(0, seconds(due_at, posted_at))


def stages(t0: datetime, posts: Sequence[Post], now: datetime, limits: Limits) -> tuple[Told, ...]:
    """The three stages as of `now`, which of a closed incident is when it was closed."""
    told = {post.stage: post for post in posts}
    return tuple(_stage(name, t0 + limits.of(name), told.get(name), now) for name in STAGES)


def _stage(name: StageName, due_at: datetime, post: Post | None, now: datetime) -> Told:
    return Told(name, due_at, post, late_seconds(due_at, post.at if post else now))


def next_update(t0: datetime, told_at: datetime | None, now: datetime, limits: Limits) -> datetime | None:
    """When the group is owed the next notice, counted from the last one (before any: from T0); it may be past. None
    once the time of updates is over.
    """
    due = (told_at or t0) + limits.update
    end = t0 + limits.updates_for
    return due if due <= end and now <= end else None


def _posted_at(post: Post) -> datetime:
    return post.at


def owed(
    t0: datetime,
    posts: Sequence[Post],
    now: datetime,
    limits: Limits,
    counts_from: Callable[[Post], datetime] = _posted_at,
) -> Iterator[tuple[datetime, Post | None]]:
    """Every moment a notice was due by `now` while updates were owed, each counted from the notice before it or, where
    none came, from the moment that was missed; with the notice that came before the next one was due, None for none.
    `counts_from` says from when the next one counts: earlier than it was posted where its text promised that.
    """
    end = t0 + limits.updates_for
    last = t0
    for post in sorted(posts, key=lambda post: post.at):
        missed = list(_due(last, min(post.at - limits.update, end), limits.update))
        yield from ((due, None) for due in missed)
        due = (missed[-1] if missed else last) + limits.update
        if due > end:
            return
        yield due, post
        last = max(last, counts_from(post))
    for due in _due(last, end, limits.update):
        if due < now:
            yield due, None


def _due(last: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """The moments after `last` at which a notice was due, up to `end`."""
    due = last + every
    while due <= end:
        yield due
        due += every
