"""What badges are judged by, worked out from dated rows for a page of members or for everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import select

from qunguan.domain.badges import HAND, Badge, Ground, Metric, best_run, crossing, last_run, together, winners
from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import PRESENT, Records, Run, Terms, runs, standing
from qunguan.services import challenges, earning_referrals, order_spending
from qunguan.services.checkin_standing import terms_of
from qunguan.store import badge_queries as queries
from qunguan.store.checkin_queries import ENROLMENTS, all_records, states_of
from qunguan.store.checkins import enrolment
from qunguan.store.member_queries import in_chunks
from qunguan.store.session import Session

Grounds = dict[int, Ground]
Changes = dict[int, list[tuple[date, int]]]


class _Kept:
    """One member's records of one challenge up to the day, and what they come to."""

    def __init__(self, records: Records, terms: Terms, day: date) -> None:
        self.records, self.terms, self._day = records, terms, day

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every run up to the day."""
        return runs(self.records, self.terms, self._day)

    @cached_property
    def streak(self) -> int:
        """The current streak; the day itself is still open, as for whoever looks on that day."""
        return standing(self.records, self.terms, self._day).streak

    def present(self) -> list[tuple[date, int]]:
        """Every check-in that counts, as changes of one."""
        first, last = self.terms.first, self.terms.last
        return [
            (day, 1)
            for day, state in self.records.items()
            if state in PRESENT and first <= day and (last is None or day <= last)
        ]


def grounds(
    session: Session, badges: Sequence[Badge], day: date, ids: Sequence[int] | None = None
) -> Mapping[int, Grounds]:
    """Badge → member → what its metric comes to at the end of a day; members of whom nothing is known are left out.

    Of these members (None: of all). The number of statements grows with the challenges, never with the members.
    """
    facts = _Facts(session, day, ids)
    return {each.id: facts.of(each) for each in badges if each.metric != HAND}


class _Facts:
    """What was read for one question, each thing once."""

    def __init__(self, session: Session, day: date, ids: Sequence[int] | None) -> None:
        self._session, self._day, self._ids = session, day, ids
        self._wanted = None if ids is None else set(ids)
        self._kept: dict[int, dict[int, _Kept]] = {}
        self._changes: dict[tuple[Metric, int | None], Changes] = {}

    def of(self, badge: Badge) -> Grounds:
        """Member → the ground of one badge."""
        bar = badge.at_least or 1
        if badge.metric in ("best_streak", "streak"):
            return self._streaks(badge, bar)
        key = (badge.metric, badge.challenge_id)
        if key not in self._changes:
            self._changes[key] = self._read(badge)
        return {member_id: crossing(changes, bar) for member_id, changes in self._changes[key].items()}

    def _streaks(self, badge: Badge, bar: int) -> Grounds:
        found: dict[int, list[Ground]] = {}
        for each in self._challenges(badge.challenge_id):
            if badge.challenge_id is None and each.cadence.unit != "day":
                continue  # weeks are never mixed with days (C19)
            for member_id, kept in self._records(each).items():
                ground = (
                    best_run(kept.runs, kept.records, kept.terms, bar)
                    if badge.metric == "best_streak"
                    else last_run(kept.streak, kept.runs, kept.records, kept.terms, bar)
                )
                found.setdefault(member_id, []).append(ground)
        return {member_id: together(several) for member_id, several in found.items()}

    def _read(self, badge: Badge) -> Changes:
        readers: dict[Metric, Callable[[], Changes]] = {
            "checkins": lambda: self._checkins(badge.challenge_id),
            "first": lambda: self._firsts(badge.challenge_id),
            "referrals": self._referrals,
            "shares": lambda: self._deeds("share"),
            "campaigns": lambda: self._deeds("campaign"),
            "orders": lambda: self._money()[0],
            "spend": lambda: self._money()[1],
        }
        return readers[badge.metric]()

    def _checkins(self, challenge_id: int | None) -> Changes:
        found: Changes = {}
        for each in self._challenges(challenge_id):
            for member_id, kept in self._records(each).items():
                found.setdefault(member_id, []).extend(kept.present())
        return found

    def _firsts(self, challenge_id: int | None) -> Changes:
        """A challenge is won on the day after its last: until then it can be lost."""
        over = {
            each.id: each.last_day + timedelta(days=1)
            for each in self._challenges(challenge_id)
            if each.last_day is not None and each.last_day < self._day
        }
        found: Changes = {}
        for ended, standings in queries.stood(self._session, sorted(over)).items():
            for member_id in winners(standings):
                if self._wanted is None or member_id in self._wanted:
                    found.setdefault(member_id, []).append((over[ended], 1))
        return found

    def _referrals(self) -> Changes:
        found: Changes = {}
        for each in earning_referrals.referrals(self._session, self._day, inviters=self._ids):
            found.setdefault(each.inviter_id, []).append((each.counts_on, 1))
        return found

    def _deeds(self, kind: str) -> Changes:
        days = queries.deed_days(self._session, kind, self._day, self._ids)
        return {member_id: [(each, 1) for each in own] for member_id, own in days.items()}

    def _money(self) -> tuple[Changes, Changes]:
        """Orders and spending, as changes; both are kept, they come from the same rows."""
        days = order_spending.money_days(self._session, self._ids, self._day)
        bought = {who: [(each.day, each.orders) for each in own] for who, own in days.items()}
        spent = {who: [(each.day, each.fen) for each in own] for who, own in days.items()}
        self._changes["orders", None], self._changes["spend", None] = bought, spent
        return bought, spent

    def _challenges(self, challenge_id: int | None) -> Iterable[Challenge]:
        found = challenges.all_challenges(self._session)
        return [each for each in found if challenge_id in (None, each.id)]

    def _records(self, found: Challenge) -> dict[int, _Kept]:
        if found.id not in self._kept:
            self._kept[found.id] = _kept(self._session, found, self._day, self._ids)
        return self._kept[found.id]


def _kept(session: Session, found: Challenge, day: date, ids: Sequence[int] | None) -> dict[int, _Kept]:
    if ids is None:
        records: Mapping[int, Records] = all_records(session, found.id, day)
        enrolled = session.rows(select(enrolment).where(enrolment.c.challenge_id == found.id))
    else:
        told = states_of(session, found.id, ids)
        records = {who: {on: state for on, state in own.items() if on <= day} for who, own in told.items()}
        enrolled = list(in_chunks(session, ENROLMENTS, ids, challenge_id=found.id))
    terms = {row.member_id: terms_of(found, row) for row in enrolled}
    return {who: _Kept(own, terms.get(who) or found.terms(), day) for who, own in records.items()}
