"""The catalogue: add a reward, change it, take it off the shelf."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import meant
from qunguan.domain.rewards import Reward, RewardRow, checked_reward
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services.groups import day_rule
from qunguan.store.rewards import redemption, reward
from qunguan.store.session import Session
from qunguan.values import names

_COUNTS = (
    select(
        redemption.c.reward_id,
        func.count().label("taken"),
        func.sum(case((redemption.c.state == "requested", 1), else_=0)).label("waiting"),
    )
    .where(redemption.c.state != "cancelled")
    .group_by(redemption.c.reward_id)
)


def add(session: Session, clock: Clock, new: Reward) -> Reward:
    """Put a reward into the catalogue; its `id` is not looked at. Raises BadInput."""
    made = checked_reward(new)
    _refuse_twin(session, made.name)
    session.step(N_("Added the reward {name}"), name=made.name)
    return get(session, session.insert(reward, **_columns(made), created_at=clock.now()))


def edit(session: Session, clock: Clock, changed: Reward) -> Reward:
    """Write a reward as it is given: take it as stored, `dataclasses.replace` what changes, hand it back here.

    What was redeemed keeps the price it had. Raises BadInput, also for a stock below what is taken already.
    """
    now = get(session, changed.id)
    wanted = checked_reward(changed)
    _refuse_twin(session, wanted.name, wanted.id)
    taken = row(session, wanted.id).taken
    if wanted.stock is not None and wanted.stock < taken:
        raise BadInput("{n} pieces of {name} are taken already, more than {stock}", where="stock",
                       hint="the stock counts those too", n=taken, name=wanted.name, stock=wanted.stock)  # fmt: skip
    if wanted != now:
        session.step(N_("Changed the reward {name}"), name=wanted.name)
        session.update(reward, wanted.id, **_columns(wanted))
    return get(session, wanted.id)


def close(session: Session, clock: Clock, reward_id: int) -> Reward:
    """Take a reward off the shelf; what was redeemed of it stays."""
    found = get(session, reward_id)
    if found.closed_on is None:
        session.step(N_("Took the reward {name} off the shelf"), name=found.name)
        session.update(reward, reward_id, closed_on=clock.today(day_rule(session)))
    return get(session, reward_id)


def reopen(session: Session, clock: Clock, reward_id: int) -> Reward:
    """Put a reward back on the shelf."""
    found = get(session, reward_id)
    if found.closed_on is not None:
        session.step(N_("Put the reward {name} back on the shelf"), name=found.name)
        session.update(reward, reward_id, closed_on=None)
    return get(session, reward_id)


def get(session: Session, reward_id: int) -> Reward:
    """One reward. Raises NotFound."""
    found = session.get(reward, reward_id)
    if found is None:
        raise _nothing(f"#{reward_id}")
    return as_reward(found)


def find(session: Session, text: str) -> Reward:
    """The reward that is meant by an id or a name. Raises NotFound."""
    known = [as_reward(each) for each in session.rows(select(reward).order_by(reward.c.id))]
    found = meant(known, text)
    if not found:
        raise _nothing(text)
    return found[0]


def catalogue(session: Session, *, closed: bool = False) -> tuple[RewardRow, ...]:
    """Every reward with what is taken of it, cheapest first; those off the shelf at the end, if wanted."""
    counts = {each.reward_id: each for each in session.rows(_COUNTS)}
    rows = session.rows(select(reward).order_by(reward.c.closed_on.is_not(None), reward.c.price, reward.c.id))
    return tuple(_row(each, counts.get(each.id)) for each in rows if closed or each.closed_on is None)


def row(session: Session, reward_id: int) -> RewardRow:
    """One reward with what is taken of it. Raises NotFound."""
    counts = session.first(_COUNTS.having(redemption.c.reward_id == reward_id))
    return RewardRow(get(session, reward_id), counts.taken if counts else 0, counts.waiting if counts else 0)


def _row(found: Any, counts: Any) -> RewardRow:
    return RewardRow(as_reward(found), counts.taken if counts else 0, counts.waiting if counts else 0)


def as_reward(found: Any) -> Reward:
    """A row of the table as a value."""
    return Reward(**{name: getattr(found, name) for name in names(Reward)})


def _columns(made: Reward) -> dict[str, Any]:
    return {name: getattr(made, name) for name in names(Reward) if name != "id"}


def _refuse_twin(session: Session, name: str, own_id: int = 0) -> None:
    taken = select(reward.c.id).where(reward.c.name == name, reward.c.id != own_id)
    if session.scalar(taken) is not None:
        raise BadInput("there is already a reward {name}", hint="choose another name", name=show(name))


def _nothing(text: str) -> NotFound:
    return NotFound("there is no reward {text}", hint="see the catalogue: qunguan reward list", text=show(text[:40]))
