"""Deeds an owner rewards: good shares and campaigns, each once, within the caps (S1-26, S3-17, C20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.earning import DEED_RULES, DEEDS, Deed, DeedKind, DeedOutcome
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.points import Award, AwardKey, checked_amount, checked_days
from qunguan.domain.text import NOTE_LIMIT, clean
from qunguan.i18n import N_
from qunguan.services import points, rules
from qunguan.services.earning_days import multiplier
from qunguan.services.groups import day_rule
from qunguan.store.earning import deed
from qunguan.store.earning_queries import deed_rows
from qunguan.store.members import member
from qunguan.store.points_queries import existing_members
from qunguan.store.session import Session

_LABELS: dict[DeedKind, tuple[str, str]] = {  # of one member, of several: a label names nobody it could not forget
    "share": (N_("Recorded a good share of {name}"), N_("Recorded a good share of {n} members")),
    "campaign": (N_("Recorded a campaign of {name}"), N_("Recorded a campaign of {n} members")),
}


def record_deed(
    session: Session,
    clock: Clock,
    kind: DeedKind,
    member_ids: Sequence[int],
    *,
    day: date | None = None,
    note: str = "",
    amount: int | None = None,
) -> tuple[DeedOutcome, ...]:
    """Record that members shared something good or took part in a campaign, and give them their points.

    `amount` None is what the rule of the deed gives (nothing while it is off), before the day's multiplier and the
    caps. Each call is a deed of its own. Raises NotFound for a member, BadInput for a day that has not come or an
    amount that cannot be.
    """
    today = clock.today(day_rule(session))
    when = day or today
    checked_days(when, None, today)
    base = _base(session, kind, amount)
    who = list(dict.fromkeys(member_ids))
    names = _names(session, who)
    if len(who) == 1:
        session.step(_LABELS[kind][0], name=names[who[0]])
    session.step(_LABELS[kind][1], n=len(who))
    told = {"kind": kind, "biz_date": when, "occurred_at": clock.now(), "note": clean(note, NOTE_LIMIT), "points": base}
    ids = session.insert_many(deed, [{"member_id": each, **told} for each in who])
    rule_id = DEED_RULES[kind]
    percent = multiplier(session, rule_id, when)
    reason = str(told["note"])
    awards = [
        Award(each, rule_id, base, "deed", str(deed_id), when, reason, percent)
        for deed_id, each in zip(ids, who, strict=True)
    ]
    booked = points.award_many(session, clock, awards)
    return tuple(
        DeedOutcome(Deed(deed_id, each, names[each], kind, when, reason, base), done.amount, done.cut, percent)
        for deed_id, each, done in zip(ids, who, booked, strict=True)
    )


def remove_deed(session: Session, clock: Clock, deed_id: int) -> DeedOutcome:
    """Remove a deed and take back what it earned; `amount` is what stands of it afterwards. Raises NotFound."""
    row = session.get(deed, deed_id)
    if row is None:
        raise NotFound("there is no deed #{deed}", hint="see the list: qunguan earn list", deed=deed_id)
    name = session.get(member, row.member_id).name  # type: ignore[union-attr]
    session.step(N_("Removed a deed of {name}"), name=name)
    session.delete(deed, deed_id)
    points.take_back(session, clock, [AwardKey(row.member_id, DEED_RULES[row.kind], "deed", str(deed_id))])
    return DeedOutcome(_deed(row, name), 0)


def deeds(
    session: Session,
    *,
    member_id: int | None = None,
    kind: DeedKind | None = None,
    first: date | None = None,
    last: date | None = None,
) -> tuple[Deed, ...]:
    """The deeds from `first` to `last` (None: all), newest first; of one member or kind."""
    found = deed_rows(session, member_id=member_id, kind=kind, first=first, last=last)
    return tuple(_deed(row, row.name) for row in found)


def _base(session: Session, kind: DeedKind, amount: int | None) -> int:
    if amount is not None:
        return checked_amount(amount) if amount else 0
    if kind not in DEEDS:
        raise BadInput("{kind} is not a deed", hint="use one of: {known}", kind=kind, known=", ".join(DEEDS))
    return rules.limit(session, DEED_RULES[kind]) or 0


def _names(session: Session, member_ids: Sequence[int]) -> dict[int, str]:
    if not member_ids:
        raise BadInput("nobody is named", hint="say whose deed it was")
    found = existing_members(session, member_ids)
    for member_id in member_ids:
        if member_id not in found:
            raise NotFound("there is no member {text}", hint="see the list of members", text=f"#{member_id}")
    return found


def _deed(row: Any, name: str) -> Deed:
    return Deed(row.id, row.member_id, name, row.kind, row.biz_date, row.note, row.points)
