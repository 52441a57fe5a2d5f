"""Who joined and who was removed, as the app's own lines tell it: days of joining, inviters, people who came back.

What the roster says stays: a line fills in what nobody knew. Leaving by oneself is not announced (formats 10), so most
leaves come from comparing rosters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qunguan.domain.activity_people import JoinTold, Key, LeaveTold, Moved, Resolution
from qunguan.domain.clock import Clock
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import activity_people as queries
from qunguan.store.members import membership
from qunguan.store.session import Session


@dataclass(slots=True)
class _Stay:
    """A stay as it becomes; `id` None is a new one."""

    id: int | None
    joined_on: date | None
    left_on: date | None
    inviter_id: int | None
    left_reason: str | None = None
    touched: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "joined_on": self.joined_on,
            "left_on": self.left_on,
            "inviter_id": self.inviter_id,
            "left_reason": self.left_reason,
        }


def note_moves(
    session: Session,
    clock: Clock,
    group_id: int,
    joins: Sequence[JoinTold],
    leaves: Sequence[LeaveTold],
    resolutions: Mapping[Key, Resolution],
) -> Moved:
    """Write what lines about joining and leaving tell of known members, in the order it happened.

    Call it when the speech of the same file is written: who spoke before they joined had been there already, and who
    spoke after they left is there. Told twice it changes nothing. Lines about people nobody knows are passed over.
    """
    group = groups.get(session, group_id)
    session.step(N_("Took note of who joined {group}"), group=group.name)
    told: list[JoinTold | LeaveTold] = [*leaves, *joins]
    moves = [(one, _who(resolutions, one.who, one.day)) for one in told if one.day is not None]
    ids = sorted({who for _move, who in moves if who is not None})
    stays: dict[int, list[_Stay]] = defaultdict(list)
    for row in queries.stays_in(session, group_id, ids):
        stays[row.member_id].append(_Stay(row.id, row.joined_on, row.left_on, row.inviter_id, row.left_reason))
    spoke = queries.spoke(session, group_id, ids)
    counted = {"dated": 0, "returned": 0, "invited": 0, "left": 0}
    for one, who in sorted(moves, key=lambda move: _order(move[0])):
        if who is None or one.day is None:
            continue
        first, last = spoke.get(who, (None, None))
        if isinstance(one, LeaveTold):
            counted["left"] += _left(stays[who], one.day, last)
        else:
            inviter = _who(resolutions, one.inviter, one.day) if one.inviter else None
            for what in _joined(stays[who], one.day, inviter if inviter != who else None, first):
                counted[what] += 1
    _write(session, group_id, stays)
    return Moved(**counted)


def note_joins(
    session: Session, clock: Clock, group_id: int, joins: Sequence[JoinTold], resolutions: Mapping[Key, Resolution]
) -> Moved:
    """`note_moves` where a file tells of joins only."""
    return note_moves(session, clock, group_id, joins, (), resolutions)


def note_leaves(
    session: Session, clock: Clock, group_id: int, leaves: Sequence[LeaveTold], resolutions: Mapping[Key, Resolution]
) -> Moved:
    """`note_moves` where a file tells of leaves only."""
    return note_moves(session, clock, group_id, (), leaves, resolutions)


def _who(resolutions: Mapping[Key, Resolution], key: Key | None, day: date | None) -> int | None:
    found = resolutions.get(key) if key is not None else None
    return found.member_on(day) if found is not None else None


def _order(one: JoinTold | LeaveTold) -> tuple[date, str, bool]:
    return one.day or date.min, one.at.isoformat() if one.at else "", isinstance(one, JoinTold)


def _joined(stays: list[_Stay], day: date, inviter: int | None, first_spoke: date | None) -> list[str]:
    """Fill the stay a join belongs to, or begin another; what that was."""
    told = []
    stay = _stay_of(stays, day)
    if stay is None:
        if stays:
            told.append("returned")
        stay = _Stay(None, day, None, None, touched=True)
        stays.append(stay)
        told.append("dated")
    elif stay.joined_on is None and (first_spoke is None or first_spoke >= day):
        stay.joined_on, stay.touched = day, True
        told.append("dated")
    if stay.inviter_id is None and inviter is not None and (stay.joined_on in (None, day) or len(stays) == 1):
        stay.inviter_id, stay.touched = inviter, True
        told.append("invited")
    return told


def _stay_of(stays: list[_Stay], day: date) -> _Stay | None:
    """The stay a join of this day began, or in which it happened; None where it began a new one."""
    exact = next((stay for stay in stays if stay.joined_on == day), None)
    return exact or next((stay for stay in stays if stay.left_on is None or day < stay.left_on), None)


def _left(stays: list[_Stay], day: date, last_spoke: date | None) -> bool:
    """End the stay a leave belongs to, once."""
    if last_spoke is not None and last_spoke > day:
        return False
    for stay in stays:
        if stay.left_on is None and (stay.joined_on is None or stay.joined_on <= day):
            stay.left_on, stay.left_reason, stay.touched = day, "removed", True
            return True
    return False


def _write(session: Session, group_id: int, stays: Mapping[int, list[_Stay]]) -> None:
    touched = [(who, stay) for who, those in stays.items() for stay in those if stay.touched]
    session.update_many(membership, ({"id": stay.id, **stay.values} for _who, stay in touched if stay.id is not None))
    session.insert_many(
        membership,
        ({"member_id": who, "group_id": group_id, **stay.values} for who, stay in touched if stay.id is None),
    )
