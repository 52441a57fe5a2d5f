"""Members with what they did: the roster's lines with points and streak, what stands beside them, the whole page.

One door; the page is in `profile_page`, which the roster opens without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from qunguan.domain.checkins import carried, standing
from qunguan.domain.clock import Clock
from qunguan.domain.members import MemberCard, next_birthday
from qunguan.domain.profiles import ChallengeStanding, Event, Profile, RosterLine
from qunguan.services import groups
from qunguan.services.challenges import all_challenges
from qunguan.services.checkin_standing import terms_of
from qunguan.services.members_view import card as card_of
from qunguan.services.members_view import rows_by_ids
from qunguan.store.checkin_queries import states_of
from qunguan.store.points_queries import balances_of
from qunguan.store.profile_queries import enrolments_of, latest_checkins, latest_entries
from qunguan.store.session import Session

if TYPE_CHECKING:
    from qunguan.domain.profiles import MemberPage, PageReasons

_EVENTS = 12


def roster_lines(
    session: Session, clock: Clock, ids: Sequence[int], group_id: int | None = None
) -> tuple[RosterLine, ...]:
    """The lines of a page of the roster in the order given, as of today; ids of nobody are left out."""
    balances = balances_of(session, ids, clock.today(groups.day_rule(session, group_id)))
    streaks: dict[int, int] = {}
    for member_id, each in _standings(session, clock, ids):
        if each.open:
            streaks[member_id] = max(each.streak, streaks.get(member_id, 0))
    rows = rows_by_ids(session, ids, group_id=group_id)
    return tuple(RosterLine(row, balances.get(row.id, 0), streaks.get(row.id)) for row in rows)


def profile(session: Session, clock: Clock, member_id: int) -> Profile:
    """What stands beside the roster for a member, as of today. Raises NotFound."""
    from qunguan.services import levels  # the roster's lines do without
    from qunguan.services.points_reading import balance

    card = card_of(session, member_id)
    today = clock.today(groups.day_rule(session))
    born = card.member.birthday
    level = levels.standings(session, clock, [member_id]).get(member_id)
    return Profile(
        card,
        next_birthday(born, today) if born else None,
        standings_of(session, clock, member_id),
        balance(session, member_id, today),
        tuple(base_events(session, card, today, _EVENTS)[:_EVENTS]),
        level.level if level else "",
    )


def page(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> MemberPage:
    """Everything of one member at the end of a day (None: today). Raises NotFound."""
    from qunguan.services import profile_page

    return profile_page.page(session, clock, member_id, as_of)


def reasons(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> PageReasons:
    """Why the numbers of a page are what they are. Raises NotFound."""
    from qunguan.services import profile_page

    return profile_page.reasons(session, clock, member_id, as_of)


def standings_of(
    session: Session, clock: Clock, member_id: int, as_of: date | None = None
) -> tuple[ChallengeStanding, ...]:
    """Where a member stands in every challenge at the end of a day (None: today), the newest challenge first."""
    if as_of is None:
        return tuple(each for _member, each in _standings(session, clock, [member_id]))
    known = {each.id: each for each in all_challenges(session)}
    found = []
    for row in enrolments_of(session, [member_id]):
        each = known[row.challenge_id]
        if as_of < max(each.starts_on, row.from_day):
            continue
        today = clock.today(groups.day_rule(session, each.group_id))
        told = states_of(session, each.id, [member_id]).get(member_id, {})
        records = {day: state for day, state in told.items() if day <= as_of}
        terms = terms_of(each, row)
        counted = standing(records, terms, as_of, over=as_of < today)
        going = terms.last is None or as_of <= terms.last
        found.append(ChallengeStanding(each.id, each.name, going, counted.streak, counted.best, counted.total,
                                       max(records, default=None)))  # fmt: skip
    return tuple(found)


def _standings(session: Session, clock: Clock, ids: Iterable[int]) -> Iterator[tuple[int, ChallengeStanding]]:
    """(member id, standing) for every challenge each of them takes or took part in, the newest challenge first."""
    known = {each.id: each for each in all_challenges(session)}
    enrolled: dict[int, list[Row[Any]]] = {}
    for row in enrolments_of(session, ids):
        enrolled.setdefault(row.challenge_id, []).append(row)
    for challenge_id, rows in enrolled.items():
        found = known[challenge_id]
        today = clock.today(groups.day_rule(session, found.group_id))
        recounted = [row.member_id for row in rows if found.cadence.times or _ahead(row, today)]
        records = states_of(session, challenge_id, recounted) if recounted else {}
        for row in rows:
            terms = terms_of(found, row)
            if row.member_id in recounted:
                counted = standing(records.get(row.member_id, {}), terms, today)
                streak, best, total = counted.streak, counted.best, counted.total
            else:
                streak, best, total = carried(row.run, row.last_day, terms, today), row.best, row.total
            going = terms.last is None or today <= terms.last
            yield row.member_id, ChallengeStanding(found.id, found.name, going, streak, best, total, row.last_day)


def _ahead(row: Row[Any], today: date) -> bool:
    """Whether the stored standing is of a day to come: somebody is frozen ahead."""
    return row.last_day is not None and row.last_day > today


def base_events(session: Session, card: MemberCard, day: date, most: int | None) -> list[Event]:
    """What the roster, the challenges and the ledger know of a member by a day, newest first: of check-ins and entries
    the newest `most` (None: all).
    """
    found = [
        Event(row.day, "checkin", row.challenge, row.state)
        for row in latest_checkins(session, card.member.id, day, most)
    ]
    for row in _told_entries(latest_entries(session, card.member.id, day, most)):
        reason = row.reason or row.reversed_reason or ""
        found.append(Event(row.biz_date, "points", reason, row.kind, row.sign * row.amount, row.source_type))
    for stay in card.stays:
        found += [Event(stay.joined_on, "joined", stay.group)] if stay.joined_on else []
        found += [Event(stay.left_on, "left", stay.group)] if stay.left_on else []
    found += [Event(each.valid_from, "alias", each.text, each.kind) for each in card.aliases if each.valid_from]
    return sorted(found, key=lambda event: event.day, reverse=True)


def _told_entries(rows: Sequence[Row[Any]]) -> Iterator[Row[Any]]:
    """Without what was undone on its own day, and without the undoing; `rows` are newest first."""
    from qunguan.domain.points import UNDO  # the roster's lines do without

    known = {row.id: row for row in rows}
    gone: set[int] = set()
    for row in rows:
        first = known.get(row.reverses_id) if row.source_type == UNDO and row.id not in gone else None
        if first is not None and (first.biz_date, first.amount) == (row.biz_date, row.amount):
            gone |= {row.id, first.id}
    return (row for row in rows if row.id not in gone)
