"""What a report of a group begins with: the group, its period and the one before, and the figures many reports have.

Every figure comes through the door that counts it elsewhere; nothing is counted a second time here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from qunguan.domain.clock import Clock
from qunguan.domain.goals import METRICS, STATES, Progress, said
from qunguan.domain.groups import Group
from qunguan.domain.insights import DAY, Health, Unit
from qunguan.domain.report_advice import States
from qunguan.domain.reports import Column, Curve, Figure, Kind, Listing, Period
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import RuleState
from qunguan.domain.tasks import Load
from qunguan.i18n import N_
from qunguan.services import feedback, goals, insights, rules, tasks
from qunguan.services.insight_health import checkins_due, exit_shares
from qunguan.services.insight_window import Frame, frame
from qunguan.store import content_queries
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session

_NO_CHATS = N_("no chats of these days were imported")
_NOT_BEGUN = N_("the group had not begun: nobody is known to have joined by then")
_OF_MEMBERS = ("exit_rate", "active_rate", "conversion")
Window = tuple[date, date]


class Asked:
    """A report asked for: of a group, over `period`, held against `before`. What is read is read once."""

    def __init__(
        self, session: Session, clock: Clock, group: Group, kind: Kind, period: Period, before: Period | None
    ) -> None:
        self.session, self.clock, self.group, self.kind = session, clock, group, kind
        self.period, self.before = period, before
        self._dues: dict[tuple[date, int | None], tuple[int, int]] = {}

    @property
    def windows(self) -> tuple[Window, ...]:
        """The days of this period that are told, and those of the one before."""
        return tuple((each.first, each.until) for each in (self.period, self.before) if each is not None)

    @cached_property
    def frame(self) -> Frame:
        """The group as of the last day that is told."""
        return frame(self.session, self.clock, self.group.id, self.period.until)

    @cached_property
    def cards(self) -> tuple[Health, ...]:
        """The health cards as of the ends of both periods."""
        return tuple(insights.health(self.session, self.clock, self.group.id, until) for _first, until in self.windows)

    @cached_property
    def hats(self) -> tuple[Load, ...]:
        """What each hat had to do in the period, and what became of it."""
        return tasks.workload(self.session, self.clock, self.period.first, self.period.until, self.group.id)

    @cached_property
    def goals(self) -> tuple[Progress, ...]:
        """The goals that run at the end of the period; a day is too short to say anything of them."""
        if self.kind == "daily":
            return ()
        until = self.period.until
        those = goals.all_goals(self.session, self.group.id)
        return tuple(goals.progress(self.session, self.clock, each, until) for each in those
                     if each.from_day <= until <= each.to_day and each.closed_on is None)  # fmt: skip

    def goal_listing(self) -> Iterator[Listing]:
        """Where these goals stand."""
        columns = (
            Column("name", N_("goal")), Column("metric", N_("what is aimed at")), Column("actual", N_("it stands at")),
            Column("expected", N_("it should stand at")), Column("state", N_("how it goes")),
        )  # fmt: skip
        rows = tuple(
            (each.goal.name, Reason.of(METRICS[each.goal.metric][0]), said(each.goal.unit, each.actual),
             said(each.goal.unit, each.expected), Reason.of(STATES[each.state]))
            for each in self.goals
        )  # fmt: skip
        if rows:
            yield Listing("goals", N_("Goals on the way"), columns, rows)

    @cached_property
    def states(self) -> States:
        """Every rule as it is in force, by id."""
        return {each.rule.id: each for each in rules.states(self.session)}

    def rule(self, rule_id: str) -> RuleState:
        """A rule as it is in force."""
        return self.states[rule_id]

    @property
    def notable(self) -> tuple[float, float]:
        """From how many percent, of shares from how many points on, a change is worth a word."""
        percent, points = (float(self.rule(f"report.notable_{each}").value) for each in ("pct", "points"))
        return percent, points

    def card_figure(self, code: str) -> Figure:
        """A figure of the health card, as of the ends of both periods."""
        found = [next(each for each in (*card.outcomes, *card.leading) if each.code == code) for card in self.cards]
        told = Figure.of_card(found[0], found[1] if len(found) > 1 else None, self.period.days)
        if code in _OF_MEMBERS:
            then = self.windows[-1] if self.before is not None else None
            if not self._began_by(self.windows[0]):
                told = replace(told, value=None, n=None, why=(Reason.of(_NOT_BEGUN),))
            if then is not None and not self._began_by(then):
                told = replace(told, before=None, before_n=None)
        return told

    def _began_by(self, window: Window) -> bool:
        """Whether the group was there by the end of these days. Before the first day anybody is known to have joined,
        members without a day of joining are no group; but where most have none, that day tells nothing of it.
        """
        return self._begun is None or self._begun <= window[1] or not self._dated

    @cached_property
    def _dated(self) -> bool:
        return queries.mostly_dated(self.session, self.group.id)

    @cached_property
    def _begun(self) -> date | None:
        return queries.first_join(self.session, self.group.id)

    def pair(self, code: str, unit: Unit, told: tuple[float | None, ...], **more: object) -> Figure:
        """A figure of what was counted in this period and in the one before, in that order."""
        return Figure(code, unit, told[0], told[1] if len(told) > 1 else None, **more)  # type: ignore[arg-type]

    # -- people

    def members(self) -> Figure:
        """Members present at the ends of both periods; unknown before the group began."""
        found = [queries.members(self.session, self.group.id, window[1], window[1])[window[1]]
                 if self._began_by(window) else None for window in self.windows]  # fmt: skip
        words = N_("present on the last day") if self._began_by(self.windows[0]) else _NOT_BEGUN
        return self.pair("members", "count", tuple(found), why=(Reason.of(words),))

    def came_and_left(self) -> tuple[Figure, Figure]:
        """Who joined and who left; unknown before the first stay that is dated."""
        told: tuple[list[float | None], list[float | None]] = [], []
        for window in self.windows:
            known = self._begun is not None and self._begun <= window[1]
            for found, count in zip(told, (queries.joins, queries.leaves), strict=True):
                found.append(sum(count(self.session, self.group.id, *window).values()) if known else None)
        return self.pair("joined", "count", tuple(told[0])), self.pair("left", "count", tuple(told[1]), rising=False)

    def exit_rate(self) -> Figure:
        """Who left in the period ÷ members before it."""
        shares = [
            exit_shares(self.frame, (until - first).days + 1, until, until).get(until)
            if self._began_by((first, until))
            else None
            for first, until in self.windows
        ]
        return share("exit_rate", shares, rising=False, why=(Reason.of(N_("left ÷ members before the first day")),))

    # -- talk

    def talk(self) -> tuple[Figure, Figure]:
        """Messages and speakers a day, as means over the days whose chats are known."""
        told: tuple[list[float | None], list[float | None]] = [], []
        known: list[int | None] = []
        for first, until in self.windows:
            days = self.known_days(first, until)
            counted = self.frame.speech_days(first, until) if days else {}
            for place, found in enumerate(told):
                found.append(sum(counted.get(day, (0, 0))[place] for day in days) / len(days) if days else None)
            known.append(len(days) or None)
        why = Reason.of(N_("mean of the days whose chats are in the file, n of them") if known[0] else _NO_CHATS)
        more = {"n": known[0], "before_n": known[1] if len(known) > 1 else None, "why": (why,)}
        messages, speakers = told
        return (
            self.pair("messages", "per_day", tuple(messages), **more),
            self.pair("speakers", "per_day", tuple(speakers), **more),
        )

    def known_days(self, first: date, until: date) -> list[date]:
        """The days whose chats are known whole."""
        return [day for day in queries.days_of(first, until) if self.frame.coverage.holds(day, day)]

    @property
    def has_chats(self) -> bool:
        """Whether any chat up to the end of the period is in the file."""
        begun = self.frame.coverage.first
        return begun is not None and begun <= self.period.until

    # -- what was asked of people, and done

    def checkins(self, of: int | None = None) -> Figure:
        """Checked in ÷ due, of one challenge or of all."""
        shares = [self.due(*window, of) for window in self.windows]
        return share("checkin_rate", [each if each[1] else None for each in shares],
                     why=(Reason.of(N_("checked in ÷ due")),))  # fmt: skip

    def due(self, first: date, until: date, of: int | None = None) -> tuple[int, int]:
        """(check-ins kept, check-ins due) of some days, of one challenge or of all; each day is counted once."""
        told = [self._due_on(day, of) for day in queries.days_of(first, until)]
        return sum(done for done, _due in told), sum(due for _done, due in told)

    def _due_on(self, day: date, of: int | None) -> tuple[int, int]:
        if (day, of) not in self._dues:
            self._dues[day, of] = checkins_due(self.frame, day, day, of)
        return self._dues[day, of]

    def complaints(self) -> Figure:
        """Complaints and bad reviews; drills left out."""
        found = [feedback.counts(self.session, [self.group.id], *window).complaints for window in self.windows]
        return self.pair("complaints", "count", tuple(found), rising=False)

    def posts(self) -> Figure:
        """Posts that went out."""
        return self.pair("posts", "count", tuple(self._posted(*window) for window in self.windows), rising=None)

    def _posted(self, first: date, until: date) -> int:
        told = content_queries.tallies(self.session, self.group.id, first, until)
        return sum(each.n for each in told if each.state == "posted")

    def tasks_done(self) -> Figure:
        """Tasks done ÷ tasks that were due."""
        loads = [self.hats]
        if self.before is not None:
            loads.append(tasks.workload(self.session, self.clock, *self.windows[1], self.group.id))
        sums = [(sum(one.tally.done for one in each), sum(one.tally.planned for one in each)) for each in loads]
        return share("tasks_done", [each if each[1] else None for each in sums])

    # -- curves

    def curve_of_talk(self) -> Curve | None:
        """Messages by day; None where no day of the period is known."""
        found = [
            self._daily(*window, {day: n for day, (n, _people) in self.frame.speech_days(*window).items()})
            for window in self.windows
        ]
        if not any(value is not None for value in found[0]):
            return None
        return self.curve("talk", "count", found)

    def curve_of_checkins(self, of: int | None = None) -> Curve | None:
        """Checked in ÷ due by day; None where nothing was due."""
        found = []
        for first, until in self.windows:
            told = [self._due_on(day, of) for day in queries.days_of(first, until)]
            found.append(tuple(done / due if due else None for done, due in told))
        return self.curve("checkin_rate", "share", found) if any(each is not None for each in found[0]) else None

    def curve(self, code: str, unit: Unit, values: list[tuple[float | None, ...]]) -> Curve:
        """Values by day of this period and of the one before, cut to equal length."""
        days = queries.days_of(self.period.first, self.period.until)
        labels = tuple(f"{day:%m-%d}" for day in days)
        before = (*values[1], *[None] * len(days))[: len(days)] if len(values) > 1 else ()
        return Curve(code, unit, labels, values[0], before if any(each is not None for each in before) else ())

    def _daily(self, first: date, until: date, told: Mapping[date, int]) -> tuple[float | None, ...]:
        known = set(self.known_days(first, until))
        return tuple(told.get(day, 0) if day in known else None for day in queries.days_of(first, until))


def share(
    code: str, parts: Sequence[tuple[int, int] | None], *, rising: bool | None = True, why: tuple[Reason, ...] = ()
) -> Figure:
    """A share of (part, whole) in this period and in the one before; None where nobody can say."""
    told = [(each[0] / each[1], each[1]) if each is not None and each[1] else None for each in parts]
    return rated(code, told, rising=rising, why=why)


def rated(
    code: str, told: Sequence[tuple[float, int] | None], *, rising: bool | None = True, why: tuple[Reason, ...] = ()
) -> Figure:
    """A share as (value, n) in this period and in the one before; None where nobody can say."""
    now, then = told[0], told[1] if len(told) > 1 else None
    return Figure(
        code, "share", now[0] if now else None, then[0] if then else None, now[1] if now else None,
        then[1] if then else None, rising, (), why,
    )  # fmt: skip


def days_after(day: date, days: int) -> Window:
    """The first and last of so many days after a day."""
    return day + DAY, day + days * DAY
