"""A list of amends taken in: each line once, from however many windows it comes (S4-20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, NotFound, Refused, UserError
from qunguan.domain.incident_compensation import (
    Compensation,
    CompensationLine,
    CompensationOutcome,
    CompensationRow,
    Hand,
    checked,
    key_of,
)
from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.services import incident_compensation as amends
from qunguan.services import members
from qunguan.store.incidents import compensation
from qunguan.store.session import Session

_Place = tuple[int, str]


def import_list(
    session: Session, clock: Clock, incident_id: int, rows: Sequence[CompensationRow], *, hand: Hand = "own"
) -> CompensationOutcome:
    """Promise and hand over what a list says, each line once however often the list comes, as one step.

    Points are booked; money, coupons and goods are with somebody where the line says so, or `hand` is "all"; "none"
    only promises. A line that was promised before and is handed over now counts as delivered. Rows that are not taken
    are in the outcome. Raises NotFound.
    """
    work = _Taking(session, clock, incident_id, rows)
    for row in rows:
        work.take(row)
    return work.write(hand)


class _Taking:
    """A list being taken: what is known of the incident, and who stood in which row."""

    def __init__(self, session: Session, clock: Clock, incident_id: int, rows: Sequence[CompensationRow]) -> None:
        self._session, self._clock = session, clock
        self._found = amends.incident_of(session, incident_id)
        self._resolve = members.resolver(session, (row.who for row in rows))
        self._known = _known(session, incident_id)
        self._seen: dict[_Place, CompensationRow] = {}
        self._new: dict[_Place, dict[str, Any]] = {}
        self._unresolved: list[RowNote] = []
        self._rejected: list[RowNote] = []

    def take(self, row: CompensationRow) -> None:
        """One row."""
        try:
            member_id = self._resolve(row.who)
        except (NotFound, Ambiguous) as error:
            self._unresolved.append(_note(row, error))
            return
        try:
            self._take(row, member_id)
        except UserError as error:
            self._rejected.append(_note(row, error))

    def _take(self, row: CompensationRow, member_id: int) -> None:
        told = checked(row.amends)
        place = member_id, key_of(told)
        if place in self._seen:
            hint = N_("give each line a number of its own (凭证号) if both are meant")
            raise Refused("row {row} says the same of the same member", hint=hint, row=self._seen[place].row)
        if place in self._known:
            amends.refuse_other(self._known[place], told)
        else:
            self._new[place] = amends.columns(self._clock, self._found.id, member_id, told)
        self._seen[place] = row

    def write(self, hand: Hand) -> CompensationOutcome:
        """Write what is new and hand it over."""
        session, new = self._session, self._new
        if new:
            people = {member_id for member_id, _key in new}
            session.step(N_("Promised amends to {n} people: {name}"), n=len(people), name=self._found.title)
            session.insert_many(compensation, new.values())
        wanted = [place for place, row in self._seen.items() if row.hands_over(hand)]
        now = _known(session, self._found.id) if new or wanted else {}
        due = [now[place].id for place in wanted if now[place].delivered_at is None]
        done = amends.deliver(session, self._clock, self._found.id, due).done if due else ()
        touched = {*new, *((one.member_id, one.key) for one in done)}
        return CompensationOutcome(
            len(new), len(done), len(self._seen) - len(touched), tuple(self._unresolved), tuple(self._rejected),
            amends.sums(session, self._found.id), self._lines(now, touched, {one.id for one in done}),
        )  # fmt: skip

    def _lines(
        self, now: dict[_Place, Compensation], touched: set[_Place], given: set[int]
    ) -> tuple[CompensationLine, ...]:
        """Who got what; those who have left stand there as such, they may be meant all the same."""
        gone = members.absent(self._session, self._found.group_id) if touched else frozenset()
        return tuple(
            CompensationLine(row.row, place[0], now[place].name, now[place].amends, now[place].id in given,
                             place[0] in gone)
            for place, row in self._seen.items()
            if place in touched
        )  # fmt: skip


def _known(session: Session, incident_id: int) -> dict[_Place, Compensation]:
    return {(one.member_id, one.key): one for one in amends.of_incident(session, incident_id)}


def _note(row: CompensationRow, error: UserError) -> RowNote:
    return RowNote(row.row, Reason.of("{problem}", problem=error))
