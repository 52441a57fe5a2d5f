"""Benefits of levels: what a level gives, how often, and what was used of it (S1-24)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Row

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.level_files import checked_benefit
from qunguan.domain.level_views import Benefit, BenefitLeft, BenefitUsed, Period, given
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import members_edit
from qunguan.services.level_ladders import get, today
from qunguan.services.level_paths import paths, stands
from qunguan.store import level_queries as queries
from qunguan.store.levels import benefit_use, level_benefit
from qunguan.store.session import Session


def all_benefits(session: Session, ladder_id: int) -> tuple[Benefit, ...]:
    """Every benefit of a ladder by rank, closed ones too."""
    return tuple(_benefit(row) for row in queries.benefits(session, ladder_id))


def get_benefit(session: Session, benefit_id: int) -> tuple[int, Benefit]:
    """A benefit with the id of its ladder. Raises NotFound."""
    row = session.get(level_benefit, benefit_id)
    if row is None:
        raise NotFound("there is no benefit #{id}", hint="see the list of benefits", id=benefit_id)
    return row.ladder_id, _benefit(row)


def add_benefit(
    session: Session,
    clock: Clock,
    ladder_id: int,
    rank: int,
    name: str,
    *,
    quota: int | None = None,
    period: Period = "once",
    note: str = "",
) -> Benefit:
    """Give a rank and those above it a benefit; `quota` uses a `period`, None without limit. Raises BadInput."""
    terms = get(session, ladder_id).terms(today(session, clock))
    wanted = checked_benefit(rank, name, quota, period, note)
    _refuse_rank(rank, len(terms.levels))
    _refuse_same(session, ladder_id, wanted)
    session.step(N_("Added the benefit {benefit} to {level}"), benefit=wanted.name, level=terms.name(rank))
    row_id = session.insert(
        level_benefit, ladder_id=ladder_id, rank=rank, name=wanted.name, quota=quota, period=period, note=wanted.note,
        closed_on=None,
    )  # fmt: skip
    return get_benefit(session, row_id)[1]


def edit_benefit(session: Session, clock: Clock, changed: Benefit) -> Benefit:
    """Write a benefit as given: take it as stored, `dataclasses.replace` what changes. What was used stays used."""
    ladder_id, before = get_benefit(session, changed.id)
    terms = get(session, ladder_id).terms(today(session, clock))
    wanted = checked_benefit(changed.rank, changed.name, changed.quota, changed.period, changed.note)
    _refuse_rank(changed.rank, len(terms.levels))
    _refuse_same(session, ladder_id, wanted, changed.id)
    session.step(N_("Changed the benefit {benefit}"), benefit=before.name)
    session.update(
        level_benefit, changed.id, rank=changed.rank, name=wanted.name, quota=changed.quota, period=changed.period,
        note=wanted.note, closed_on=changed.closed_on,
    )  # fmt: skip
    return get_benefit(session, changed.id)[1]


def close_benefit(session: Session, clock: Clock, benefit_id: int, day: date | None = None) -> Benefit:
    """No longer give a benefit from a day on (None: today); what was used of it stays."""
    _ladder, found = get_benefit(session, benefit_id)
    session.step(N_("Closed the benefit {benefit}"), benefit=found.name)
    session.update(level_benefit, benefit_id, closed_on=day or today(session, clock))
    return get_benefit(session, benefit_id)[1]


def benefits_of(
    session: Session, clock: Clock, member_id: int, ladder_id: int, as_of: date | None = None
) -> tuple[BenefitLeft, ...]:
    """What a member has on a day (None: today) by their level, with what is used and left. Raises NotFound."""
    members_edit.get(session, member_id)
    day = as_of or today(session, clock)
    return benefits_left(session, ladder_id, member_id, _own(session, ladder_id, member_id, day), day)


def use_benefit(
    session: Session,
    clock: Clock,
    member_id: int,
    benefit_id: int,
    *,
    quantity: int = 1,
    note: str = "",
    day: date | None = None,
) -> BenefitUsed:
    """Note that a member used a benefit on a day (None: today), `quantity` times.

    Uses of lower levels' benefits of the same name count into the quota. Raises BadInput for the quantity or a day to
    come, NotFound, and Refused when the level does not give it or less is left.
    """
    name = members_edit.get(session, member_id).name
    ladder_id, wanted = get_benefit(session, benefit_id)
    now = today(session, clock)
    when = day or now
    if type(quantity) is not int or not 1 <= quantity <= 10_000:
        raise BadInput("{value} is out of range", hint="use {least} to {most}", value=quantity, least=1, most=10_000)
    if when > now:
        raise Refused("{day} has not come yet", day=when)
    had = _own(session, ladder_id, member_id, when)
    if wanted.id not in {each.id for each in had}:
        raise Refused("{name} does not have {benefit} on {day}", hint="see the member's level", name=show(name),
                      benefit=show(wanted.name), day=when)  # fmt: skip
    left = benefits_left(session, ladder_id, member_id, (wanted,), when)[0].left
    if left is not None and quantity > left:
        raise Refused("{name} has {left} of {benefit} left", hint=_AGAIN[wanted.period], name=show(name), left=left,
                      benefit=show(wanted.name))  # fmt: skip
    session.step(N_("{name} used {benefit}"), name=name, benefit=wanted.name)
    session.insert(
        benefit_use, benefit_id=benefit_id, member_id=member_id, quantity=quantity, biz_date=when,
        occurred_at=clock.now(), note=clean(note, NOTE_LIMIT),
    )  # fmt: skip
    return BenefitUsed(member_id, name, wanted, quantity, when, None if left is None else left - quantity)


def benefit_named(
    session: Session, clock: Clock, ladder_id: int, member_id: int, text: str, day: date | None = None
) -> int:
    """The id of the benefit that is meant: by id ("#3"), or by name the one this member has on a day (None: today).

    A name that their level does not give means the lowest level's that does. Raises NotFound.
    """
    number = text.strip().removeprefix("#")
    known = all_benefits(session, ladder_id)
    when = day or today(session, clock)
    own = _own(session, ladder_id, member_id, when)
    for each in (*own, *known):
        if match_key(each.name) == match_key(text) or (number.isdecimal() and each.id == int(number[:18])):
            return each.id
    names = " / ".join(dict.fromkeys(show(each.name) for each in known))
    raise NotFound("there is no benefit {text}", hint="there are: {known}", text=show(text[:40]), known=names or "—")


def benefits_left(
    session: Session, ladder_id: int, member_id: int, benefits: tuple[Benefit, ...], day: date
) -> tuple[BenefitLeft, ...]:
    """These benefits with what the member used of each in the period that a day lies in."""
    used = [
        (match_key(row.name), row.biz_date, row.quantity)
        for row in queries.uses(session, ladder_id, member_id, _period_end(day))
    ]
    return tuple(
        BenefitLeft(each, sum(n for key, when, n in used if key == match_key(each.name) and _same(each, when, day)))
        for each in benefits
    )


_AGAIN: dict[Period, str] = {
    "once": N_("it is given once"),
    "month": N_("it begins anew next month"),
    "year": N_("it begins anew next year"),
}


def _period_end(day: date) -> date:
    """A use noted for a later day of the same year counts too: a quota is never used twice by dating back."""
    return day.replace(month=12, day=31)


def _same(benefit: Benefit, one: date, other: date) -> bool:
    """Whether two days lie in the same period of a benefit."""
    if benefit.period == "once":
        return True
    return one.year == other.year and (benefit.period == "year" or one.month == other.month)


def _own(session: Session, ladder_id: int, member_id: int, day: date) -> tuple[Benefit, ...]:
    found = get(session, ladder_id)
    told = dict(paths(session, found, day, [member_id]))[member_id]
    if not told:
        return ()
    return given(all_benefits(session, ladder_id), stands(member_id, told, found.terms(day), day).rank, day)


def _refuse_rank(rank: int, most: int) -> None:
    if not 1 <= rank <= most:
        raise BadInput("{value} is out of range", hint="use {least} to {most}", value=rank, least=1, most=most)


def _refuse_same(session: Session, ladder_id: int, wanted: Benefit, own_id: int = 0) -> None:
    for each in all_benefits(session, ladder_id):
        same = each.rank == wanted.rank and match_key(each.name) == match_key(wanted.name)
        if same and each.id != own_id and each.closed_on is None:
            raise BadInput("this level has {benefit} already", hint="change that one", benefit=show(wanted.name))


def _benefit(row: Row[tuple[object, ...]]) -> Benefit:
    return Benefit(row.id, row.rank, row.name, row.quota, row.period, row.note, row.closed_on)
