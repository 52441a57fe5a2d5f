"""Who carries a group: the top ten, the owner's own voice, who is new, who is back, who fell silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY, Bar, Crowd, People, Person, Share, top_share
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.insight_window import Frame, bar, frame, window
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session

_TOP = 10
_LISTED = 200
_NO_CHATS = N_("no chats of these days were imported")


def people(
    session: Session,
    clock: Clock,
    group_id: int | None = None,
    as_of: date | None = None,
    *,
    days: int | None = None,
    most: int | None = _LISTED,
    top: int = _TOP,
) -> People:
    """Who spoke in a group on the known ones of the last days (None: as many as the rule says).

    Lists hold at most `most` people (None: everybody), that of the most active `top`; counts count all. Raises
    NotFound, Ambiguous.
    """
    found = frame(session, clock, group_id, as_of)
    first, last = window(found.chat_last() or found.last, days or found.days("insight.people_days"))
    spoke = _Spoke(found, first, last, most)
    if not spoke.told:
        nothing, nobody = Share(None, None, why=(Reason.of(_NO_CHATS),)), Crowd(None, why=(Reason.of(_NO_CHATS),))
        return People(
            found.group_id, found.group.name, first, last, 0, None, None, nothing, (), None, nothing, nobody,
            nobody, nobody, None, nothing, nothing, nothing,
        )  # fmt: skip
    new, back, lost = spoke.new(), spoke.reactivated(), spoke.lost()
    parts = (new.count, back.count, lost.count)
    net = None if None in parts else (new.count or 0) + (back.count or 0) - (lost.count or 0)
    ten = spoke.top_ten()
    replies, mentions = spoke.answers()
    return People(
        found.group_id, found.group.name, first, last, spoke.known_days, spoke.messages, len(spoke.rows),
        ten, spoke.persons([(row.person, row.messages) for row in spoke.rows[:top]]), _verdict(session, ten.value),
        spoke.owner(), new, back, lost, net, spoke.returning(), replies, mentions,
    )  # fmt: skip


def _verdict(session: Session, value: float | None) -> str | None:
    """Where the share of the top ten stands: below the usual, usual, above it, or fragile."""
    if value is None:
        return None
    limits = ("insight.top_low_pct", "insight.top_high_pct", "alert.top_pct")
    low, high, fragile = (int(rules.value(session, rule_id)) / 100 for rule_id in limits)
    if value < low:
        return "spread"
    return "usual" if value <= high else "fragile" if value > fragile else "close"


@dataclass
class _Spoke:
    """The speakers of a window's known days, read once, and those of the equal window before."""

    found: Frame
    first: date
    last: date
    most: int | None

    @cached_property
    def told(self) -> tuple[tuple[date, date], ...]:
        """The stretches of the window whose chats are known."""
        return self.found.coverage.within(self.first, self.last)

    @cached_property
    def known_days(self) -> int:
        return sum((last - first).days + 1 for first, last in self.told)

    @cached_property
    def _length(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def _partly(self) -> tuple[Reason, ...]:
        """What is to be said of figures that some days are missing from."""
        if self.known_days == self._length:
            return ()
        return (Reason.of(N_("{told} of {days} days are told"), told=self.known_days, days=self._length),)

    @cached_property
    def rows(self) -> Sequence[Any]:
        return queries.by_person(self.found.session, self.found.group_id, self.told)

    @cached_property
    def messages(self) -> int:
        return sum(row.messages for row in self.rows)

    @cached_property
    def _earlier(self) -> Sequence[Any] | None:
        """Those of the window before; None where it is not known whole."""
        first, last = self.first - self._length * DAY, self.first - DAY
        if not self.found.coverage.holds(first, last):
            return None
        return queries.by_person(self.found.session, self.found.group_id, [(first, last)])

    @cached_property
    def _owners(self) -> set[int]:
        return queries.owners(self.found.session, self.found.group_id)

    @cached_property
    def _silent(self) -> int:
        return self.found.days("insight.silent_days")

    @cached_property
    def _before(self) -> queries.Before:
        ids = [row.person for row in self.rows]
        return queries.spoke_before(self.found.session, self.found.group_id, self.first, self._silent, ids)

    def _share(self, part: int, whole: int, before: float | None = None, bars: Iterable[Bar] = (),
               why: str = "") -> Share:  # fmt: skip
        value = part / whole if whole else None
        return Share(value, whole or None, before, tuple(bars), ((Reason.of(why),) if why else ()) + self._partly)

    def top_ten(self) -> Share:
        """The ten most active's share of the messages, with the usual range and the fragile one."""
        session = self.found.session
        value = top_share([row.messages for row in self.rows])
        before = None if self._earlier is None else top_share([row.messages for row in self._earlier])
        bars = (
            bar(session, "insight.top_low_pct", value, least=True),
            bar(session, "insight.top_high_pct", value, least=False),
            bar(session, "alert.top_pct", value, least=False),
        )
        return Share(value, self.messages or None, before, bars, self._partly)

    def owner(self) -> Share:
        """The owner's own share of the messages (S0-40)."""
        session = self.found.session
        owners = self._owners
        if not owners:
            why = N_("nobody is known as the owner: give yourself the role 群主, or import an export of your own")
            return Share(None, None, why=(Reason.of(why),))
        own, before = _sum(self.rows, owners), None
        if self._earlier:
            before = _sum(self._earlier, owners) / sum(row.messages for row in self._earlier)
        value = own / self.messages if self.messages else None
        return self._share(
            own, self.messages, before, [bar(session, "insight.voice_pct", value, least=False)]
        )  # fmt: skip

    def new(self) -> Crowd:
        """Whose first message ever was in the window; unknown where no chat before it is known."""
        begun = self.found.coverage.first
        if begun is None or begun >= self.first:
            return Crowd(None, why=(Reason.of(N_("nothing before {day} is known: everybody would look new"),
                                              day=begun or self.first),))  # fmt: skip
        fresh = [(row.person, row.messages) for row in self.rows if row.person not in self._before.ever]
        why = Reason.of(N_("first message ever, as far as the chats go back: to {day}"), day=begun)
        return self._crowd(fresh, why, *self._partly)

    def reactivated(self) -> Crowd:
        """Who spoke in the window after so many days of silence."""
        if (unknown := self._unknown_before()) is not None:
            return unknown
        back = [
            (row.person, row.messages)
            for row in self.rows
            if (last := self._before.ever.get(row.person)) and (row.first_on - last).days > self._silent
        ]
        return self._crowd(back, Reason.of(N_("a message after {days} silent days or more"), days=self._silent))

    def lost(self) -> Crowd:
        """Who wrote regularly in the days before the window and not once in it; the messages are those of before."""
        if (unknown := self._unknown_before()) is not None:
            return unknown
        least = int(rules.value(self.found.session, "insight.regular_messages"))
        here = {row.person for row in self.rows}
        silent = sorted(
            ((person, n) for person, n in self._before.messages.items() if n >= least and person not in here),
            key=lambda each: (-each[1], each[0]),
        )
        why = Reason.of(N_("{least} messages or more in the {days} days before, none since"), least=least,
                        days=self._silent)  # fmt: skip
        return self._crowd(silent, why)

    def returning(self) -> Share:
        """Of those who spoke in the window before, how many did in this one: silence is told by all of its days."""
        if self._partly:
            return Share(None, None, why=self._partly)
        if self._earlier is None:
            return Share(None, None, why=(Reason.of(N_("the window before is not known whole")),))
        here = {row.person for row in self.rows}
        again = sum(row.person in here for row in self._earlier)
        return self._share(again, len(self._earlier), why=N_("speakers of the window before who spoke again"))

    def answers(self) -> tuple[Share, Share]:
        """Replies ÷ messages of the exports that tell replies; messages that call somebody ÷ all messages (S2-25)."""
        told = queries.answers(self.found.session, self.found.group_id, self.told)
        replies = Share(None, None, why=(Reason.of(N_("these exports do not tell who answers whom")),))
        if told.messages:
            replies = self._share(told.replies, told.messages, why=N_("replies ÷ messages of exports that tell them"))
        return replies, self._share(told.mentions, told.all, why=N_("messages that call somebody with @"))

    def persons(self, wanted: Sequence[tuple[int, int]]) -> tuple[Person, ...]:
        """(person, messages) with their names, those who left marked."""
        session, ids = self.found.session, [person for person, _n in wanted]
        names: Mapping[int, str] = queries.names(session, ids)
        gone = queries.gone(session, self.found.group_id, self.found.last, ids)
        return tuple(
            Person(person if person > 0 else None, names.get(person, ""), n, person in gone, person in self._owners)
            for person, n in wanted
        )

    def _crowd(self, found: Sequence[tuple[int, int]], *why: Reason) -> Crowd:
        return Crowd(len(found), self.persons(found[: self.most]), why)

    def _unknown_before(self) -> Crowd | None:
        """Nobody's silence can be told from days that are not known."""
        begin = self.first - self._silent * DAY
        if self.found.coverage.holds(begin, self.last):
            return None
        return Crowd(None, why=(Reason.of(N_("the chats since {day} are not known whole"), day=begin),))


def _sum(rows: Iterable[Any], people: set[int]) -> int:
    return sum(row.messages for row in rows if row.person in people)
