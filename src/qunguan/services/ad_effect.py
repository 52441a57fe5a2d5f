"""What a group did in the days after an ad, against the days before it (S3-31, S3-44): who spoke, left and bought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qunguan.domain.ads import Ad, Change, Effect, Run
from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.insight_window import Frame, frame
from qunguan.services.order_scope import freight_out, orders_of
from qunguan.store import ad_queries, insight_queries
from qunguan.store.session import Session

DAYS = "ad.after_days"
SPIKE, SPIKE_DAYS = "alert.spike_pct", "alert.spike_days"


def effects(session: Session, clock: Clock, found: Ad, as_of: date | None = None) -> tuple[Effect, ...]:
    """The effect of each run that went out, as of a day (None: today). What is not over or not known is None, never 0.

    The days of the rule ad.after_days follow the day of the run and go before it; that day itself is in neither.
    """
    if not found.out:
        return ()
    there = frame(session, clock, found.group_id, as_of)
    span = there.days(DAYS)
    days = [run.out_on for run in found.out if run.out_on is not None]
    known = _known(there, min(days) - span * DAY, max(days) + max(span, there.days(SPIKE_DAYS)) * DAY)
    return tuple(_effect(known, run, day, span) for run, day in zip(found.out, days, strict=True))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a stretch of days, by day, and from when on."""

    frame: Frame
    speech: dict[date, tuple[int, int]]
    left: dict[date, int]
    members: dict[date, int]
    bought: dict[date, tuple[int, int]]
    roster_from: date | None
    orders_from: date | None

    def spoken(self, first: date, last: date, place: int) -> float | None:
        """Messages (0) or speakers (1) of an average day; None where its chats are not known whole."""
        if last > self.frame.last or not self.frame.coverage.holds(first, last):
            return None
        days = insight_queries.days_of(first, last)
        return sum(self.speech.get(day, (0, 0))[place] for day in days) / len(days)

    def exits(self, first: date, last: date) -> int | None:
        """Who left; None before the roster was kept, and while the days are not over."""
        if last > self.frame.last or self.roster_from is None or first < self.roster_from:
            return None
        return sum(self.left.get(day, 0) for day in insight_queries.days_of(first, last))

    def orders(self, first: date, last: date, place: int) -> int | None:
        """Orders (0) or their fen (1); None before the first order of the book, and while the days are not over."""
        if last > self.frame.last or self.orders_from is None or first < self.orders_from:
            return None
        return sum(self.bought.get(day, (0, 0))[place] for day in insight_queries.days_of(first, last))


def _known(there: Frame, first: date, last: date) -> _Known:
    session, group_id = there.session, there.group_id
    stop = max(min(last, there.last), first)
    group = orders_of(session, group_id)
    joined = insight_queries.first_join(session, group_id)
    made = there.group.day_rule.biz_date(there.group.created_at)
    return _Known(
        there,
        there.speech_days(first, stop),
        insight_queries.leaves(session, group_id, first, stop),
        insight_queries.members(session, group_id, first, stop),
        ad_queries.bought(
            session, group.id if group else None, first, stop, there.as_of, freight_out=freight_out(session)
        ),
        min(made, joined) if joined else made,
        insight_queries.first_order(session),
    )


def _effect(known: _Known, run: Run, day: date, span: int) -> Effect:
    before, after = (day - span * DAY, day - DAY), (day + DAY, day + span * DAY)
    members = known.members.get(day) or None
    speakers, messages = (Change(known.spoken(*before, place), known.spoken(*after, place)) for place in (1, 0))
    orders, fen = (Change(known.orders(*before, place), known.orders(*after, place)) for place in (0, 1))
    exits = Change(known.exits(*before), known.exits(*after))
    why = tuple(_why(known, after[1], span, (speakers, exits, orders)))
    return Effect(run, span, speakers, messages, exits, orders, fen, members, why, tuple(_spike(known, day, members)))


def _why(known: _Known, last: date, span: int, told: tuple[Change, Change, Change]) -> Iterable[Reason]:
    """What is not known, and why; `told` are speakers, exits and orders."""
    if last > known.frame.last:
        yield Reason.of(N_("the {days} days after it are not over yet"), days=span)
        return
    speakers, exits, orders = told
    if speakers.before is None or speakers.after is None:
        yield Reason.of(N_("the chats of these days are not known whole"))
    if exits.before is None:
        yield Reason.of(N_("nobody kept the roster before it"))
    if orders.before is None:
        yield Reason.of(N_("no order is known of the days before it"))


def _spike(known: _Known, day: date, members: int | None) -> Iterable[Reason]:
    """Too many who left within the days of the alert (S3-44)."""
    bar, days = rules.limit(known.frame.session, SPIKE), known.frame.days(SPIKE_DAYS)
    left = known.exits(day + DAY, min(day + days * DAY, max(known.frame.last, day + DAY)))
    if bar is None or left is None or members is None or left * 100 <= bar * members:
        return
    state = rules.state(known.frame.session, SPIKE)
    yield Reason.of(
        N_("{n} of {members} left within {days} days of it, more than {bar} %: give advertising a rest ({source})"),
        n=left, members=members, days=days, bar=bar, source=state.rule.source,
    )  # fmt: skip
