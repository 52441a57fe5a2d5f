"""Redemptions: ask for a reward, hand it out, take it back. One transaction each: stock, points and code together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound, Refused
from qunguan.domain.points import MAX_AMOUNT
from qunguan.domain.rewards import RedeemOutcome, Redemption, Reward, RewardRow, code_end, new_code
from qunguan.domain.text import NOTE_LIMIT, clean
from qunguan.i18n import N_, _
from qunguan.services import members_edit
from qunguan.services.groups import day_rule
from qunguan.services.points_reading import balance
from qunguan.services.reward_catalogue import row as row_of
from qunguan.store.members import member
from qunguan.store.rewards import redemption as redemption_table
from qunguan.store.rewards import reward as reward_table
from qunguan.store.session import Session
from qunguan.values import names

_JOINED = (
    select(redemption_table, reward_table.c.name.label("reward"), member.c.name.label("name"))
    .join(reward_table, reward_table.c.id == redemption_table.c.reward_id)
    .join(member, member.c.id == redemption_table.c.member_id)
)


def redeem(
    session: Session,
    clock: Clock,
    member_id: int,
    reward_id: int,
    *,
    key: str = "",
    code: Callable[[], str] = new_code,
) -> RedeemOutcome:
    """Give a member one piece of a reward for its price in points; it waits to be handed out under a code.

    `key` makes a retry harmless: the same key for the same member and reward redeems once. Raises NotFound, and Refused
    where the reward is not on offer today, nothing is left, the member has had their share, or the points do not do.
    """
    return _take(session, clock, member_id, reward_id, key, code, paid=True, reason="")


def give(
    session: Session,
    clock: Clock,
    member_id: int,
    reward_id: int,
    *,
    reason: str = "",
    key: str = "",
    code: Callable[[], str] = new_code,
) -> RedeemOutcome:
    """As `redeem`, as a gift: nothing is paid (生日券, make-good). The member's share counts gifts too."""
    return _take(session, clock, member_id, reward_id, key, code, paid=False, reason=clean(reason, NOTE_LIMIT))


def fulfil(session: Session, clock: Clock, redemption_id: int) -> RedeemOutcome:
    """Note that it was handed out today. Raises NotFound; Refused when it was cancelled."""
    found = redemption(session, redemption_id)
    if found.state == "cancelled":
        raise Refused("redemption #{id} was cancelled on {day}", id=found.id, day=found.cancelled_on,
                      hint="redeem it again if it is wanted after all")  # fmt: skip
    if found.state == "requested":
        session.step(N_("Handed {reward} to {name}"), reward=found.reward, name=found.name)
        today = clock.today(day_rule(session))
        session.update(redemption_table, found.id, state="fulfilled", fulfilled_on=today)
    return _outcome(session, clock, found.id, already=found.state == "fulfilled")


def cancel(session: Session, clock: Clock, redemption_id: int, *, reason: str = "") -> RedeemOutcome:
    """Take a redemption back, handed out or not: the piece is free again, the points return to the lots they came from.

    Points of a lot that expired meanwhile come back as rule points.reinstate_days says. Raises NotFound.
    """
    from qunguan.services.points_posting import reverse

    found = redemption(session, redemption_id)
    if found.state == "cancelled":
        return _outcome(session, clock, found.id, already=True)
    session.step(N_("Cancelled {reward} of {name}"), reward=found.reward, name=found.name)
    today = clock.today(day_rule(session))
    told = clean(reason, NOTE_LIMIT)
    session.update(redemption_table, found.id, state="cancelled", cancelled_on=today, reason=told or found.reason)
    if found.entry_id is None:
        return _outcome(session, clock, found.id)
    try:
        back = reverse(session, clock, found.entry_id, reason=told or _("Cancelled: {reward}", reward=found.reward))
    except Refused:  # the owner reversed the spend by hand: nothing is left to return
        return _outcome(session, clock, found.id)
    return _outcome(session, clock, found.id, returned=back.amount, lapsed=back.expired)


def redemption(session: Session, redemption_id: int) -> Redemption:
    """One redemption. Raises NotFound."""
    found = session.first(_JOINED.where(redemption_table.c.id == redemption_id))
    if found is None:
        raise NotFound("there is no redemption #{id}", hint="see the list: qunguan redemption list", id=redemption_id)
    return _redemption(found)


def redemptions(
    session: Session, *, state: str = "", member_id: int | None = None, reward_id: int | None = None, code: str = ""
) -> tuple[Redemption, ...]:
    """Redemptions in that state (all: ""), of that member, of that reward, under that code; the newest first."""
    query = _JOINED.order_by(redemption_table.c.id.desc())
    told = {
        "state": state or None,
        "member_id": member_id,
        "reward_id": reward_id,
        "code": code.strip().upper() or None,
    }
    for name, value in told.items():
        if value is not None:
            query = query.where(redemption_table.c[name] == value)
    return tuple(map(_redemption, session.rows(query)))


def why_not(session: Session, clock: Clock, member_id: int, reward_id: int, *, paid: bool = True) -> Refused | None:
    """Why the member cannot have this reward now, or None when they can."""
    found = row_of(session, reward_id)
    today = clock.today(day_rule(session))
    return _shelf(found, today) or _share(session, found.reward, member_id) or (
        _means(session, found.reward, member_id, today) if paid else None
    )  # fmt: skip


def why(session: Session, redemption_id: int) -> tuple[str, ...]:
    """Where a redemption stands and what it did to the points, line by line."""
    found = redemption(session, redemption_id)
    lines = [_("{day} {name} asked for {reward}, code {code}", day=found.day, name=found.name, reward=found.reward,
               code=found.code)]  # fmt: skip
    if found.entry_id is None:
        lines.append(_("It was given: no points were paid."))
    else:
        lines.append(_("{n} points were paid: entry #{entry} of the ledger.", n=found.price, entry=found.entry_id))
    if found.expires_on:
        lines.append(_("The code is good through {day}.", day=found.expires_on))
    if found.fulfilled_on:
        lines.append(_("Handed out on {day}.", day=found.fulfilled_on))
    if found.cancelled_on:
        lines.append(_("Cancelled on {day}; the points went back to the lots they came from.", day=found.cancelled_on))
    return tuple(lines + ([found.reason] if found.reason else []))


def _take(
    session: Session, clock: Clock, member_id: int, reward_id: int, key: str, code: Callable[[], str], *, paid: bool,
    reason: str,
) -> RedeemOutcome:  # fmt: skip
    key = clean(key)
    known = _by_key(session, key, member_id, reward_id)
    if known is not None:
        return _outcome(session, clock, known, already=True)
    name = members_edit.get(session, member_id).name
    refusal = why_not(session, clock, member_id, reward_id, paid=paid)
    if refusal is not None:
        raise refusal
    wanted = row_of(session, reward_id).reward
    price = wanted.price if paid else 0
    label = N_("{name} redeemed {reward}") if price else N_("Gave {reward} to {name}")
    session.step(label, name=name, reward=wanted.name)
    drawn, entry_id = _free_code(session, code), None
    if price:  # the code is the spend's key: an entry of the ledger leads to its redemption
        from qunguan.services.points_posting import spend

        told = _("Redeemed: {reward}", reward=wanted.name)
        entry_id = spend(session, clock, member_id, price, reason=told, key=f"redemption {drawn}").entry_id
    today = clock.today(day_rule(session))
    made = session.insert(
        redemption_table,
        reward_id=reward_id,
        member_id=member_id,
        price=price,
        entry_id=entry_id,
        code=drawn,
        key=key or None,
        state="requested",
        biz_date=today,
        requested_at=clock.now(),
        expires_on=code_end(wanted, today),
        reason=reason,
    )
    return _outcome(session, clock, made)


def _by_key(session: Session, key: str, member_id: int, reward_id: int) -> int | None:
    if not key:
        return None
    found = session.first(select(redemption_table).where(redemption_table.c.key == key))
    if found is None:
        return None
    if (found.member_id, found.reward_id) != (member_id, reward_id):
        raise Refused("the key {key} was used for redemption #{id}, which is something else", key=key, id=found.id)
    return int(found.id)


def _shelf(found: RewardRow, today: date) -> Refused | None:
    wanted = found.reward
    if wanted.closed_on is not None:
        return Refused("this reward is off the shelf since {day}", where=wanted.name, day=wanted.closed_on)
    if wanted.valid_from and today < wanted.valid_from:
        return Refused("this reward can be redeemed from {day} on", where=wanted.name, day=wanted.valid_from)
    if wanted.valid_to and today > wanted.valid_to:
        return Refused("this reward could be redeemed until {day}", where=wanted.name, day=wanted.valid_to)
    if found.left == 0:
        hint = N_("all {n} pieces are taken; raise the stock if there are more")
        return Refused("nothing is left of this reward", where=wanted.name, hint=hint, n=wanted.stock)
    return None


def _share(session: Session, wanted: Reward, member_id: int) -> Refused | None:
    if wanted.member_limit is None:
        return None
    had = [each for each in redemptions(session, member_id=member_id, reward_id=wanted.id) if each.state != "cancelled"]
    if len(had) < wanted.member_limit:
        return None
    return Refused("{name} has had {n} of it, and {limit} is the most for one member", where=wanted.name,
                   name=had[0].name, n=len(had), limit=wanted.member_limit)  # fmt: skip


def _means(session: Session, wanted: Reward, member_id: int, today: date) -> Refused | None:
    has = balance(session, member_id, today)
    if has >= wanted.price:
        return None
    return Refused("{name} has {has} points, {short} short of the {price} it costs", where=wanted.name,
                   name=members_edit.get(session, member_id).name, has=has, short=min(wanted.price - has, MAX_AMOUNT),
                   price=wanted.price)  # fmt: skip


def _free_code(session: Session, code: Callable[[], str]) -> str:
    """A code that is not in use; that one is drawn twice is rarer than that a dice is lost."""
    drawn = code()
    while session.scalar(select(redemption_table.c.id).where(redemption_table.c.code == drawn)) is not None:
        drawn = code()
    return drawn


def _outcome(session: Session, clock: Clock, redemption_id: int, **more: Any) -> RedeemOutcome:
    found = redemption(session, redemption_id)
    left = balance(session, found.member_id, clock.today(day_rule(session)))
    return RedeemOutcome(found, left, row_of(session, found.reward_id).left, **more)


def _redemption(found: Any) -> Redemption:
    values: dict[str, Any] = {name: getattr(found, name, None) for name in names(Redemption)}
    return Redemption(**{**values, "day": found.biz_date})
