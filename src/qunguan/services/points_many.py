"""For several members at once: a grant, a spend, a spreadsheet; one step, all or nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from qunguan.domain.clock import Clock
from qunguan.domain.errors import UserError
from qunguan.domain.points import ImportOutcome, PostOutcome, checked_amount
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services.members_find import resolve
from qunguan.services.points_history import import_history
from qunguan.services.points_posting import grant, spend
from qunguan.services.points_reading import checked_name
from qunguan.store.session import Session

if TYPE_CHECKING:
    from qunguan.exchange.readers.history import PointsHistory


def grant_many(
    session: Session,
    clock: Clock,
    member_ids: Sequence[int],
    amount: int,
    *,
    reason: str = "",
    expires_on: date | None = None,
    key: str = "",
    day: date | None = None,
) -> tuple[PostOutcome, ...]:
    """`grant` for each of the members, as one step. Raises as it does, naming the member."""
    if len(member_ids) > 1:
        session.step(N_("Granted {amount} points to {n} members"), amount=checked_amount(amount), n=len(member_ids))

    def give(member_id: int) -> PostOutcome:
        return grant(session, clock, member_id, amount, reason=reason, expires_on=expires_on, key=key, day=day)

    return _each(session, member_ids, give)


def spend_many(
    session: Session,
    clock: Clock,
    member_ids: Sequence[int],
    amount: int,
    *,
    reason: str = "",
    key: str = "",
    day: date | None = None,
) -> tuple[PostOutcome, ...]:
    """`spend` for each of the members, as one step. Raises as it does, naming the member who is short."""
    if len(member_ids) > 1:
        session.step(N_("{n} members spent {amount} points each"), amount=checked_amount(amount), n=len(member_ids))

    def take(member_id: int) -> PostOutcome:
        return spend(session, clock, member_id, amount, reason=reason, key=key, day=day)

    return _each(session, member_ids, take)


def import_named(session: Session, clock: Clock, history: PointsHistory) -> ImportOutcome:
    """`import_history`, names meaning whom they mean everywhere: the member of that name or alias."""
    return import_history(session, clock, history, partial(resolve, session))


def _each(session: Session, member_ids: Sequence[int], post: Callable[[int], PostOutcome]) -> tuple[PostOutcome, ...]:
    done = []
    for member_id in member_ids:
        try:
            done.append(post(member_id))
        except UserError as error:
            if len(member_ids) > 1:
                error.where = show(checked_name(session, member_id))
            raise
    return tuple(done)
