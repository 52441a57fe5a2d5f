"""Reading the points ledger, set-based: nothing here loads a row it does not answer with."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from qunguan.store.dialect import listed
from qunguan.store.member_queries import is_somebody
from qunguan.store.members import member, member_merge
from qunguan.store.points import point_alloc, point_cut, point_entry
from qunguan.store.session import Session

if TYPE_CHECKING:  # balances, which the first screens read, need nothing of it
    from qunguan.domain.points import AwardKey

_e, _a = point_entry.c, point_alloc.c
_IDS = 10_000  # members asked about at a time: their rows come as lists
_WHO = listed("ids")
_DAY: BindParameter[date] = bindparam("day", type_=Date)
_ONE: BindParameter[int] = bindparam("member", type_=Integer)
_KEYS = 5_000  # of four values each

_BOOK = (
    select(
        _e.id,
        _e.member_id,
        _e.kind,
        _e.sign,
        _e.amount,
        _e.biz_date,
        _e.expires_on,
        _e.occurred_at,
        _e.source_type,
        _e.reverses_id,
    )
    .where(_e.member_id.in_(_WHO))
    .order_by(_e.id)
)
_WHOLE = select(point_entry).where(_e.member_id.in_(_WHO)).order_by(_e.id)
_ALLOCS = (
    select(_e.member_id, _a.entry_id, _a.lot_id, _a.amount, _a.biz_date)
    .join_from(point_entry, point_alloc, _a.entry_id == _e.id)
    .where(_e.member_id.in_(_WHO))
    .order_by(_a.id)
)
_REVERSALS = (
    select(_e.id, _e.amount, _e.source_type, _e.reverses_id)
    .where(_e.reverses_id > 0, _e.member_id.in_(_WHO))
    .order_by(_e.id)
)
_NAMES = select(member.c.id, member.c.name).where(member.c.id.in_(_WHO))
_NEWEST = select(func.max(_e.id))

_AWARDS = """
    WITH asked (member_id, rule_id, source_type, source_id) AS (VALUES {asked})
    SELECT e.id, e.amount, e.multiplier_pct, e.member_id, e.rule_id, e.source_type, e.source_id
    FROM asked CROSS JOIN point_entry AS e
    WHERE e.member_id = asked.member_id AND e.rule_id = asked.rule_id AND e.source_type = asked.source_type
    AND e.source_id = asked.source_id AND e.kind = 'EARN'
"""  # a row value IN a list would scan the whole index


class Award(NamedTuple):
    """A booked award."""

    id: int
    amount: int
    multiplier_pct: int = 100


MemberRows = tuple[int, list[Row[Any]], list[Row[Any]]]
Rows = Sequence[Row[Any]]


def _chunks(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def last_entry_id(session: Session) -> int:
    """The id of the newest entry, 0 in an empty ledger; the next one gets the next: one writer holds the file."""
    return session.settled(point_entry, "newest", lambda: int(session.scalar(_NEWEST) or 0))


def book_rows(session: Session, member_ids: Iterable[int]) -> Iterator[MemberRows]:
    """What a book needs of each member's entries, and their allocations."""
    return _by_member(session, _BOOK, member_ids, _IDS)


def audit_rows(session: Session) -> Iterator[MemberRows]:
    """Whole entries and their allocations of everyone with entries; some hundred members are read at a time."""
    members = session.conn.scalars(select(_e.member_id).distinct().order_by(_e.member_id)).all()
    return _by_member(session, _WHOLE, members, 500)


def _by_member(session: Session, entries: Select[Any], member_ids: Iterable[int], size: int) -> Iterator[MemberRows]:
    """(member, entries, allocations) for each member, both in the order they were written."""
    for ids in _chunks(member_ids, size):
        found: dict[int, tuple[list[Row[Any]], list[Row[Any]]]] = {member_id: ([], []) for member_id in ids}
        for place, statement in enumerate((entries, _ALLOCS)):
            for row in session.rows(statement, {"ids": ids}):
                found[row.member_id][place].append(row)
        for member_id, (rows, allocs) in found.items():
            yield member_id, rows, allocs


def existing_members(session: Session, member_ids: Iterable[int]) -> dict[int, str]:
    """id -> name of those that exist."""
    found: dict[int, str] = {}
    for ids in _chunks(member_ids, _IDS):
        rows = session.rows(_NAMES, {"ids": ids})
        found.update((row.id, row.name) for row in rows)
    return found


def awards(session: Session, keys: Iterable[AwardKey]) -> dict[AwardKey, Award]:
    """The EARN booked for each key that has one."""
    from qunguan.domain.points import AwardKey

    found: dict[AwardKey, Award] = {}
    for chunk in _chunks(keys, _KEYS):
        # written out, because building this for tens of thousands of keys takes Core longer than SQLite takes to answer
        asked = ", ".join(["(?, ?, ?, ?)"] * len(chunk))
        rows = session.conn.exec_driver_sql(_AWARDS.format(asked=asked), tuple(part for key in chunk for part in key))
        found.update((AwardKey(*key), Award(entry_id, amount, percent)) for entry_id, amount, percent, *key in rows)
    return found


def given(session: Session, member_id: int) -> Rows:
    """Everything rules gave a member: EARN entries, whole, in the order they were booked."""
    return session.rows(select(point_entry).where(_e.kind == "EARN", _e.rule_id != "", _e.member_id == member_id))


def merged(session: Session) -> dict[int, int]:
    """Member → who they were found to be, at the end of the chain."""
    told = {row.gone_id: row.kept_id for row in session.rows(select(member_merge))}

    def end(member_id: int) -> int:
        return end(told[member_id]) if member_id in told else member_id

    return {gone_id: end(gone_id) for gone_id in told}


def keyed(session: Session, member_ids: Iterable[int], source_type: str) -> dict[tuple[int, str], Row[Any]]:
    """(member, source_id) -> what an entry says, for every entry of a source type that is not a rule's."""
    wanted = select(
        _e.id, _e.member_id, _e.kind, _e.sign, _e.amount, _e.biz_date, _e.expires_on, _e.source_id, _e.reason
    ).where(_e.rule_id == "", _e.source_type == source_type, _e.member_id.in_(_WHO))
    found: dict[tuple[int, str], Row[Any]] = {}
    for ids in _chunks(member_ids, _IDS):
        found.update(((row.member_id, row.source_id), row) for row in session.rows(wanted, {"ids": ids}))
    return found


def by_key(session: Session, member_id: int, source_id: str) -> Row[Any] | None:
    """The hand-made entry posted under a key, of whatever kind."""
    mine = and_(_e.member_id == member_id, _e.rule_id == "", _e.source_type == "manual", _e.source_id == source_id)
    return session.first(select(point_entry).where(mine))


def reversals(session: Session, member_ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Reversed entry -> its reversals (id, amount, source_type), for the members."""
    found: dict[int, list[Row[Any]]] = {}
    for ids in _chunks(member_ids, _IDS):
        for row in session.rows(_REVERSALS, {"ids": ids}):
            found.setdefault(row.reverses_id, []).append(row)
    return found


def earned_by_rule(session: Session, member_ids: Iterable[int], first: date, last: date) -> Iterator[Row[Any]]:
    """EARN entries of rules (id, member_id, rule_id, biz_date, amount) dated first..last."""
    wanted = select(_e.id, _e.member_id, _e.rule_id, _e.biz_date, _e.amount).where(
        _e.kind == "EARN", _e.rule_id != "", _e.biz_date.between(first, last), _e.member_id.in_(_WHO)
    )
    for ids in _chunks(member_ids, _IDS):
        yield from session.rows(wanted, {"ids": ids})


def cuts(session: Session, member_ids: Iterable[int], first: date, last: date) -> dict[AwardKey, Row[Any]]:
    """What caps have cut off awards dated first..last, by award."""
    from qunguan.domain.points import AwardKey

    c = point_cut.c
    found: dict[AwardKey, Row[Any]] = {}
    wanted = select(point_cut).where(c.member_id.in_(_WHO), c.biz_date.between(first, last))
    for ids in _chunks(member_ids, _IDS):
        for row in session.rows(wanted, {"ids": ids}):
            found[AwardKey(row.member_id, row.rule_id, row.source_type, row.source_id)] = row
    return found


def unsettled(session: Session, member_ids: Iterable[int], today: date) -> set[int]:
    """The members who owe points or have expiries due: a new entry of theirs is more than one row."""
    found: set[int] = set()
    for ids in _chunks(member_ids, _IDS):
        found.update(session.conn.scalars(_OWING, {"ids": ids}))
        found.update(row.member_id for row in session.rows(_DUE, {"ids": ids, "day": today}))
    return found


def _taken_by(entry_id: ColumnElement[int]) -> ScalarSelect[int]:
    return select(func.coalesce(func.sum(_a.amount), 0)).where(_a.entry_id == entry_id).scalar_subquery()


def _taken_from(lot_id: ColumnElement[int], as_of: Any) -> ScalarSelect[int]:
    taken = select(func.coalesce(func.sum(_a.amount), 0)).where(_a.lot_id == lot_id)
    return taken.where(_a.biz_date <= as_of).scalar_subquery()


def _left() -> Select[Any]:
    """Lots past their last day on `day` that still hold points then: expiries due but not posted."""
    left = _e.amount - _taken_from(_e.id, _DAY)
    return select(_e.id, _e.member_id, _e.expires_on, left.label("left")).where(
        _e.expires_on < _DAY, _e.biz_date <= _DAY, left > 0
    )


_OWING = select(_e.member_id).where(
    _e.reverses_id > 0, _e.sign == -1, _e.amount > _taken_by(point_entry.c.id), _e.member_id.in_(_WHO)
)
_DUE = _left().where(_e.member_id.in_(_WHO))


@cache
def _due_of_one() -> Select[Any]:
    return _left().where(_e.member_id == _ONE).order_by(_e.expires_on, _e.id)


def due_lots(session: Session, as_of: date, member_id: int) -> Rows:
    """(id, expires_on, left) of a member's lots that expired before `as_of` without an entry saying so."""
    return session.rows(_due_of_one(), {"member": member_id, "day": as_of})


def _one_balance() -> Select[Any]:
    signed = select(func.sum(_e.sign * _e.amount)).where(_e.member_id == _ONE, _e.biz_date <= _DAY).scalar_subquery()
    due = _left().where(_e.member_id == _ONE).subquery()
    return select(func.coalesce(signed, 0) - func.coalesce(select(func.sum(due.c.left)).scalar_subquery(), 0))


_BALANCE = _one_balance()


def balance(session: Session, member_id: int, as_of: date) -> int:
    """One member's points at the end of `as_of`, from the covering index and the lots that expire."""
    return int(session.scalar(_BALANCE, {"member": member_id, "day": as_of}))


_SIGNED = (
    select(_e.member_id, func.sum(_e.sign * _e.amount).label("points"))
    .where(_e.biz_date <= _DAY, _e.member_id.in_(_WHO))
    .group_by(_e.member_id)
)


def balances_of(session: Session, member_ids: Iterable[int], as_of: date) -> dict[int, int]:
    """Member id → points at the end of `as_of`, of these members; those without entries are left out."""
    found: dict[int, int] = {}
    for ids in _chunks(member_ids, _IDS):
        places = {"ids": ids, "day": as_of}
        found.update((row.member_id, row.points) for row in session.rows(_SIGNED, places))
        for lot in session.rows(_DUE, places):
            found[lot.member_id] -= lot.left
    return found


@cache
def _all_balances() -> Select[Any]:
    signed = (
        select(_e.member_id, func.sum(_e.sign * _e.amount).label("points"))
        .where(_e.biz_date <= _DAY)
        .group_by(_e.member_id)
        .subquery()
    )
    lots = _left().subquery()
    due = select(lots.c.member_id, func.sum(lots.c.left).label("points")).group_by(lots.c.member_id).subquery()
    points = func.coalesce(signed.c.points, 0) - func.coalesce(due.c.points, 0)
    return (
        select(member.c.id, member.c.name, points.label("balance"))
        .outerjoin(signed, signed.c.member_id == member.c.id)
        .outerjoin(due, due.c.member_id == member.c.id)
        .where(or_(points != 0, is_somebody()))
        .order_by(points.desc(), member.c.id)
    )


def balances(session: Session, as_of: date) -> Rows:
    """(id, name, balance) of every member, most points first; nobody's row only with points."""
    return session.rows(_all_balances(), {"day": as_of})


@cache
def _entries_of_one() -> Select[Any]:
    mine = select(point_entry).where(_e.member_id == _ONE, _e.biz_date <= _DAY)
    return mine.order_by(_e.biz_date, _e.id)


def entries_of(session: Session, member_id: int, as_of: date) -> Rows:
    """A member's entries up to a day, by business day, then id."""
    return session.rows(_entries_of_one(), {"member": member_id, "day": as_of})


def expiring(session: Session, first: date, last: date, as_of: date | None = None) -> Rows:
    """(id, name, expires_on, amount) of points whose last day lies in first..last, soonest first.

    With `as_of` what was there at the end of that day, else what is left of everything booked.
    """
    taken = select(func.coalesce(func.sum(_a.amount), 0)).where(_a.lot_id == _e.id).scalar_subquery()
    left = _e.amount - (taken if as_of is None else _taken_from(_e.id, as_of))
    amount = func.sum(left).label("amount")
    booked = () if as_of is None else (_e.biz_date <= as_of,)
    return session.rows(
        select(member.c.id, member.c.name, _e.expires_on, amount)
        .join(member, member.c.id == _e.member_id)
        .where(_e.expires_on.between(first, last), left > 0, *booked)
        .group_by(member.c.id, member.c.name, _e.expires_on)
        .order_by(_e.expires_on, amount.desc(), member.c.id)
    )


def step_entries(session: Session, step_id: int) -> Rows:
    """(id, member_id) of a step's entries, newest first."""
    return session.rows(select(_e.id, _e.member_id).where(_e.step_id == step_id).order_by(_e.id.desc()))


def awarded_under_caps(session: Session) -> dict[int, dict[tuple[str, str, str], int]]:
    """Member -> (rule_id, source_type, source_id) -> what the caps left of the award."""
    found: dict[int, dict[tuple[str, str, str], int]] = {}
    for row in session.rows(select(point_cut)):
        if row.awarded:
            found.setdefault(row.member_id, {})[row.rule_id, row.source_type, row.source_id] = row.awarded
    return found


def member_of(session: Session, entry_id: int) -> int | None:
    """The member an entry belongs to, or None."""
    found = session.scalar(select(_e.member_id).where(_e.id == entry_id))
    return None if found is None else int(found)


def ledger_ids(
    session: Session,
    *,
    member_id: int | None = None,
    kinds: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    text: str = "",
) -> array[int]:
    """Ids of the ledger, newest business day first, narrowed by member, kinds, days and a text in reason or name."""
    wanted = select(_e.id).order_by(_e.biz_date.desc(), _e.id.desc())
    if member_id is not None:
        wanted = wanted.where(_e.member_id == member_id)
    if kinds:
        wanted = wanted.where(_e.kind.in_(kinds))
    if first is not None:
        wanted = wanted.where(_e.biz_date >= first)
    if last is not None:
        wanted = wanted.where(_e.biz_date <= last)
    if text:
        named = select(member.c.id).where(member.c.name.contains(text, autoescape=True))
        wanted = wanted.where(or_(_e.reason.contains(text, autoescape=True), _e.member_id.in_(named)))
    return array("q", session.conn.scalars(wanted))


def ledger_rows(session: Session, ids: Sequence[int]) -> Rows:
    """Entries with their member's name, in the order of `ids` (a screenful)."""
    wanted = select(point_entry, member.c.name).join(member, member.c.id == _e.member_id).where(_e.id.in_(_WHO))
    found = {row.id: row for row in session.rows(wanted, {"ids": ids})}
    return [found[entry_id] for entry_id in ids if entry_id in found]
