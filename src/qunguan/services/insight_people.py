"""Who carries a group: the top ten, the owner's own voice, who is new, who is back, who fell silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY, Bar, Crowd, People, Person, Share
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.insight_window import Frame, bar, frame, window
from qunguan.store import insight_people_queries as queries
from qunguan.store import insight_queries
from qunguan.store.session import Session

_TOP = 10
_LISTED = 200
_REGULAR = "insight.regular_messages"
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
    brief: bool = False,
) -> People:
    """Who spoke in a group on the known ones of the last days (None: as many as the rule says).

    Lists hold at most `most` people (None: everybody), that of the most active `top`; counts count all. `brief` leaves
    out what takes longest: who came and went, the window before, who answers. Raises NotFound, Ambiguous.
    """
    found = frame(session, clock, group_id, as_of)
    first, last = window(found.chat_last() or found.last, days or found.days("insight.people_days"))
    spoke = _Spoke(found, first, last, most, top, brief)
    if not spoke.told:
        nothing, nobody = Share(None, None, why=(Reason.of(_NO_CHATS),)), Crowd(None, why=(Reason.of(_NO_CHATS),))
        return People(
            found.group_id, found.group.name, first, last, 0, None, None, nothing, (), None, nothing, nobody,
            nobody, nobody, None, nothing, nothing, nothing,
        )  # fmt: skip
    new, back, lost = (Crowd(None),) * 3 if brief else (spoke.new(), spoke.reactivated(), spoke.lost())
    parts = (new.count, back.count, lost.count)
    net = None if None in parts else (new.count or 0) + (back.count or 0) - (lost.count or 0)
    ten, said = spoke.top_ten(), spoke.said
    replies, mentions = (Share(None, None),) * 2 if brief else spoke.answers()
    return People(
        found.group_id, found.group.name, first, last, spoke.known_days, said.messages, said.people,
        ten, spoke.persons(said.top[:top]), _verdict(session, ten.value), spoke.owner(), new, back, lost, net,
        Share(None, None) if brief else spoke.returning(), replies, mentions,
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
    top: int
    brief: bool

    @cached_property
    def told(self) -> tuple[tuple[date, date], ...]:
        """The stretches of the window whose chats are known."""
        return self.found.coverage.within(self.first, self.last)

    @cached_property
    def known_days(self) -> int:
        """How many days those are."""
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
    def said(self) -> queries.Spoke:
        """Who said how much on them."""
        return queries.spoke(self.found.session, self.found.group_id, self.told, self._owners, self.top)

    @cached_property
    def _moves(self) -> queries.CameAndWent:
        return queries.came_and_went(
            self.found.session, self.found.group_id, (self.first, self.last), self.told, self._owners,
            silent=self._silent, least=int(rules.value(self.found.session, _REGULAR)), most=self.most,
        )  # fmt: skip

    @cached_property
    def _earlier(self) -> queries.Earlier | None:
        """What was said in the window before; None where it is not known whole, or not asked for."""
        first, last = self.first - self._length * DAY, self.first - DAY
        if self.brief or not self.found.coverage.holds(first, last):
            return None
        return self._moves.earlier

    @cached_property
    def _owners(self) -> set[int]:
        return insight_queries.owners(self.found.session, self.found.group_id)

    @cached_property
    def _silent(self) -> int:
        return self.found.days("insight.silent_days")

    def _share(self, part: int, whole: int, before: float | None = None, bars: Iterable[Bar] = (),
               why: str = "") -> Share:  # fmt: skip
        value = part / whole if whole else None
        return Share(value, whole or None, before, tuple(bars), ((Reason.of(why),) if why else ()) + self._partly)

    def top_ten(self) -> Share:
        """The ten most active's share of the messages, with the usual range and the fragile one."""
        session = self.found.session
        value, before = _part(self.said.ten, self.said.messages), None
        if self._earlier is not None:
            before = _part(self._earlier.ten, self._earlier.messages)
        bars = (
            bar(session, "insight.top_low_pct", value, least=True),
            bar(session, "insight.top_high_pct", value, least=False),
            bar(session, "alert.top_pct", value, least=False),
        )
        return Share(value, self.said.messages or None, before, bars, self._partly)

    def owner(self) -> Share:
        """The owner's own share of the messages (S0-40)."""
        session = self.found.session
        owners = self._owners
        if not owners:
            why = N_("nobody is known as the owner: give yourself the role 群主, or import an export of your own")
            return Share(None, None, why=(Reason.of(why),))
        own, messages, before = self.said.own, self.said.messages, None
        if self._earlier is not None:
            before = _part(self._earlier.own, self._earlier.messages)
        line = bar(session, "insight.voice_pct", _part(own, messages), least=False)
        return self._share(own, messages, before, [line])

    def new(self) -> Crowd:
        """Whose first message ever was in the window; unknown where no chat before it is known."""
        begun = self.found.coverage.first
        if begun is None or begun >= self.first:
            return Crowd(None, why=(Reason.of(N_("nothing before {day} is known: everybody would look new"),
                                              day=begun or self.first),))  # fmt: skip
        why = Reason.of(N_("first message ever, as far as the chats go back: to {day}"), day=begun)
        return self._crowd(self._moves.new, why, *self._partly)

    def reactivated(self) -> Crowd:
        """Who spoke in the window after so many days of silence."""
        if (unknown := self._unknown_before()) is not None:
            return unknown
        why = Reason.of(N_("a message after {days} silent days or more"), days=self._silent)
        return self._crowd(self._moves.back, why)

    def lost(self) -> Crowd:
        """Who wrote regularly in the days before the window and not once in it; the messages are those of before."""
        if (unknown := self._unknown_before()) is not None:
            return unknown
        least = int(rules.value(self.found.session, _REGULAR))
        why = Reason.of(N_("{least} messages or more in the {days} days before, none since"), least=least,
                        days=self._silent)  # fmt: skip
        return self._crowd(self._moves.lost, why)

    def returning(self) -> Share:
        """Of those who spoke in the window before, how many did in this one: silence is told by all of its days."""
        if self._partly:
            return Share(None, None, why=self._partly)
        if self._earlier is None:
            return Share(None, None, why=(Reason.of(N_("the window before is not known whole")),))
        why = N_("speakers of the window before who spoke again")
        return self._share(self._earlier.again, self._earlier.people, why=why)

    def answers(self) -> tuple[Share, Share]:
        """Replies ÷ messages of the exports that tell replies; messages that call somebody ÷ all messages (S2-25)."""
        told = insight_queries.answers(self.found.session, self.found.group_id, self.told)
        replies = Share(None, None, why=(Reason.of(N_("these exports do not tell who answers whom")),))
        if told.messages:
            replies = self._share(told.replies, told.messages, why=N_("replies ÷ messages of exports that tell them"))
        return replies, self._share(told.mentions, told.all, why=N_("messages that call somebody with @"))

    def persons(self, wanted: Sequence[tuple[int, int]]) -> tuple[Person, ...]:
        """(person, messages) with their names, those who left marked."""
        session, ids = self.found.session, [person for person, _n in wanted]
        names: Mapping[int, str] = insight_queries.names(session, ids)
        gone = insight_queries.gone(session, self.found.group_id, self.found.last, ids)
        return tuple(
            Person(person if person > 0 else None, names.get(person, ""), n, person in gone, person in self._owners)
            for person, n in wanted
        )

    def _crowd(self, found: tuple[int, queries.Listed], *why: Reason) -> Crowd:
        count, people = found
        return Crowd(count, self.persons(people), why)

    def _unknown_before(self) -> Crowd | None:
        """Nobody's silence can be told from days that are not known."""
        begin = self.first - self._silent * DAY
        if self.found.coverage.holds(begin, self.last):
            return None
        return Crowd(None, why=(Reason.of(N_("the chats since {day} are not known whole"), day=begin),))


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None
