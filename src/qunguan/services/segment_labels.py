"""Who is in which bucket on a day: of one scheme everybody, of a page of members every scheme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.conditions import Fact, Facts
from qunguan.domain.errors import BadInput
from qunguan.domain.scheme_views import Filled, Person, Shown
from qunguan.domain.schemes import Bucket, Label, Lock, Scheme, facts_wanted, of_leavers, sort_into
from qunguan.services import facts
from qunguan.services.segment_schemes import all_schemes, by_code, find, today
from qunguan.store import segment_queries as queries
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Placed:
    """Everybody a scheme speaks of, with the code of their bucket; who is in none is missing from `codes`."""

    people: Mapping[int, str]
    codes: Mapping[int, str]
    locks: Mapping[int, Lock]


def show(session: Session, clock: Clock, code: str, as_of: date | None = None, group_id: int | None = None) -> Shown:
    """A scheme at the end of a day (None: today), with the members of each bucket by id. Raises NotFound.

    People are those present, of a group or of any; schemes that speak of people who left have those, too. Kept until
    anybody writes.
    """
    found = find(session, code)
    day = as_of or today(session, clock)
    return session.held(("segments", found.code, day, group_id), lambda: _shown(session, clock, found, day, group_id))


def _shown(session: Session, clock: Clock, found: Scheme, day: date, group_id: int | None) -> Shown:
    told = placed(session, clock, found, day, group_id)
    members: dict[str, list[Person]] = {}
    for who, name in told.people.items():
        members.setdefault(told.codes.get(who, ""), []).append((who, name))
    buckets = sorted(buckets_of(found, day), key=lambda each: each.rank)
    filled = tuple(Filled(each, tuple(members.get(each.code, ()))) for each in buckets)
    return Shown(found, day, filled, tuple(members.get("", ())), base_of(by_code(session), found))


def members_in(
    session: Session, clock: Clock, code: str, bucket: str, as_of: date | None = None, group_id: int | None = None
) -> tuple[int, ...]:
    """The ids of who is in a bucket, given by code or name. Raises NotFound, BadInput."""
    shown = show(session, clock, code, as_of, group_id)
    wanted = next((each for each in shown.buckets if bucket in (each.bucket.code, each.bucket.name)), None)
    if wanted is None:
        known = " / ".join(each.bucket.name for each in shown.buckets)
        raise BadInput("there is no bucket {text}", hint="there are: {known}", text=bucket, known=known)
    return tuple(who for who, _name in wanted.members)


def labels(
    session: Session, clock: Clock, as_of: date | None = None, ids: Sequence[int] | None = None
) -> dict[int, tuple[Label, ...]]:
    """Member → their label in every scheme that is on, in the order of the schemes; of these members or of everyone.

    The facts of all schemes are read once.
    """
    day = as_of or today(session, clock)
    schemes = [each for each in all_schemes(session) if each.enabled]
    known = by_code(session)
    who = list(queries.people(session, day, None, leavers=True)) if ids is None else list(ids)
    wanted = facts_wanted(bucket for each in schemes for bucket in base_of(known, each).buckets(day))
    columns = facts.collect(session, clock, day, wanted, ids)
    locks = locks_on(session, day, ids)
    found: dict[int, list[Label]] = {}
    for each in schemes:
        codes, held = _sorted(session, clock, known, each, day, who, columns, locks)
        buckets = {bucket.code: bucket for bucket in buckets_of(each, day)}
        for member_id, code in codes.items():
            if code in buckets:
                found.setdefault(member_id, []).append(Label(each, buckets[code], member_id in held))
    return {member_id: tuple(mine) for member_id, mine in found.items()}


def placed(
    session: Session,
    clock: Clock,
    scheme: Scheme,
    day: date,
    group_id: int | None = None,
    ids: Sequence[int] | None = None,
) -> Placed:
    """Who is in which bucket of a scheme on a day: everybody it speaks of, or (`ids`) these members, without names."""
    known = by_code(session)
    buckets = base_of(known, scheme).buckets(day)
    if ids is None:
        people = queries.people(session, day, group_id, leavers=of_leavers(buckets))
    else:
        people = dict.fromkeys(ids, "")
    columns = facts.collect(session, clock, day, facts_wanted(buckets), ids, group_id)
    locks = locks_on(session, day, ids)
    codes, held = _sorted(session, clock, known, scheme, day, list(people), columns, locks)
    return Placed(people, codes, held)


def base_of(known: Mapping[str, Scheme], scheme: Scheme) -> Scheme:
    """The scheme whose conditions are asked: itself, or the one it merges."""
    return known[scheme.of] if scheme.of else scheme


def buckets_of(scheme: Scheme, day: date) -> tuple[Bucket, ...]:
    """The buckets of a scheme on a day; those of RFM are named there."""
    if scheme.kind != "rfm":
        return scheme.buckets(day)
    from qunguan.domain.rfm import outside, segments

    named = [Bucket(each.name, each.name, service=each.service, rank=place) for place, each in enumerate(segments())]
    return (*named, Bucket(outside(), outside(), rank=len(named)))


def locks_on(session: Session, day: date, ids: Sequence[int] | None = None) -> dict[tuple[str, int], Lock]:
    """(scheme, member) → the lock in force on a day."""
    return {
        (row.scheme_code, row.member_id): Lock(
            row.id, row.scheme_code, row.member_id, row.bucket, row.from_day, row.to_day, row.reason
        )
        for row in queries.locks(session, day, ids)
    }


def wanted_of(known: Mapping[str, Scheme], scheme: Scheme, day: date) -> frozenset[Fact]:
    """What has to be known to sort by a scheme on a day."""
    return facts_wanted(base_of(known, scheme).buckets(day))


def _sorted(
    session: Session,
    clock: Clock,
    known: Mapping[str, Scheme],
    scheme: Scheme,
    day: date,
    ids: Sequence[int],
    columns: Facts,
    locks: Mapping[tuple[str, int], Lock],
) -> tuple[dict[int, str], dict[int, Lock]]:
    """Member → code of their bucket, and who of them is held there by hand."""
    if scheme.kind == "rfm":
        from qunguan.services.rfm import labels as scored

        codes = scored(session, clock, day, ids)
    elif scheme.of:
        base, _held = _sorted(session, clock, known, known[scheme.of], day, ids, columns, locks)
        merged = {code: each.code for each in scheme.buckets(day) for code in each.merges}
        codes = {who: merged[code] for who, code in base.items() if code in merged}
    else:
        codes = sort_into(scheme.buckets(day), columns, ids)
    held = _held_among(scheme, locks, ids)
    codes.update((who, lock.bucket) for who, lock in held.items())
    return codes, held


def _held_among(scheme: Scheme, locks: Mapping[tuple[str, int], Lock], ids: Iterable[int]) -> dict[int, Lock]:
    mine = {who: lock for (code, who), lock in locks.items() if code == scheme.code}
    return {who: mine[who] for who in ids if who in mine} if mine else {}
