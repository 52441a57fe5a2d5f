"""Rewards: what points can be spent on, and what became of each redemption (S1-26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.members import BirthdayDue
from qunguan.domain.names import typed_name
from qunguan.domain.points import MAX_AMOUNT
from qunguan.domain.text import NOTE_LIMIT, clean_lines
from qunguan.i18n import N_
from qunguan.values import frozen, names

RewardKind = Literal["goods", "coupon", "service"]
RedemptionState = Literal["requested", "fulfilled", "cancelled"]

KINDS: Mapping[str, str] = {"goods": N_("goods"), "coupon": N_("coupon"), "service": N_("service")}
STATES: Mapping[str, str] = {
    "requested": N_("to be handed out"),
    "fulfilled": N_("handed out"),
    "cancelled": N_("cancelled"),
}
OCCASIONS: Mapping[str, str] = {"": N_("any time"), "birthday": N_("birthday")}

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: a code is read out on the phone
_CODE_LENGTH = 8


@frozen
class Reward:
    """One thing of the catalogue. `price` is in points; 0 is given away. `value_fen` is what it is worth in money.

    `stock` counts pieces in all, those redeemed among them; `member_limit` pieces one member may have. `code_days` is
    how long a code is good for, the day of redemption counted. None is "without limit" everywhere. `occasion`
    "birthday" offers it on the care list.
    """

    id: int
    name: str
    kind: RewardKind
    price: int
    value_fen: int | None = None
    stock: int | None = None
    member_limit: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    code_days: int | None = None
    occasion: str = ""
    note: str = ""
    closed_on: date | None = None

    def open(self, day: date) -> bool:
        """Whether it can be redeemed on that day, stock aside."""
        begun = self.valid_from is None or day >= self.valid_from
        over = self.valid_to is not None and day > self.valid_to
        return begun and not over and self.closed_on is None


@frozen
class RewardRow:
    """A reward with what was taken of it: `taken` pieces are not cancelled, `waiting` of them not handed out yet."""

    reward: Reward
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """Pieces that can still be redeemed; None without limit."""
        return None if self.reward.stock is None else max(0, self.reward.stock - self.taken)


@frozen
class Redemption:
    """One redemption. `price` is what was paid then, `entry_id` the spend in the ledger (None: it was given).

    The code is good through `expires_on` (None: no end).
    """

    id: int
    reward_id: int
    reward: str
    member_id: int
    name: str
    price: int
    entry_id: int | None
    code: str
    state: RedemptionState
    day: date
    expires_on: date | None
    fulfilled_on: date | None
    cancelled_on: date | None
    reason: str

    def overdue(self, today: date) -> bool:
        """Whether its code ran out before it was handed out."""
        return self.state == "requested" and self.expires_on is not None and self.expires_on < today


@frozen
class RedeemOutcome:
    """A redemption as it stands after a request, and the member's points today.

    `already` means that nothing was written: the same key was used before, or it is in that state already.
    `returned` points went back to their lots by a cancellation, `lapsed` of them to lots that had expired.
    """

    redemption: Redemption
    balance: int
    left: int | None
    already: bool = False
    returned: int = 0
    lapsed: int = 0


@frozen
class BirthdayGift:
    """A reward for birthdays of one day: who does not have it yet, and the redemptions given and not handed out."""

    reward: Reward
    day: date
    to_give: tuple[BirthdayDue, ...]
    given: tuple[Redemption, ...]


@frozen
class GiftsGiven:
    """What giving a birthday reward did: the redemptions made, and (name, reason) of who could not have it."""

    reward: Reward
    given: tuple[Redemption, ...]
    refused: tuple[tuple[str, str], ...]


def checked_reward(reward: Reward) -> Reward:
    """The reward as it is stored. Raises BadInput that names the field."""
    for field, least in (("price", 0), ("value_fen", 0), ("stock", 0), ("member_limit", 1), ("code_days", 1)):
        _within(field, getattr(reward, field), least)
    for field, known in (("kind", KINDS), ("occasion", OCCASIONS)):
        if getattr(reward, field) not in known:
            raise BadInput("{value} is not a choice", where=field, hint="choose one of: {choices}",
                           value=getattr(reward, field), choices=", ".join(filter(None, known)))  # fmt: skip
    if reward.valid_from and reward.valid_to and reward.valid_to < reward.valid_from:
        raise BadInput("it ends on {last}, before it begins on {first}", last=reward.valid_to, first=reward.valid_from)
    name = typed_name(reward.name, where="name")
    return Reward(**{**_fields(reward), "name": name, "note": clean_lines(reward.note, NOTE_LIMIT)})


def _within(field: str, value: Any, least: int) -> None:
    if value is None and field != "price":
        return
    if type(value) is not int or not least <= value <= MAX_AMOUNT:
        raise BadInput("{value} is out of range", where=field, hint="use {least} to {most}", value=str(value)[:20],
                       least=least, most=MAX_AMOUNT)  # fmt: skip


def _fields(reward: Reward) -> dict[str, Any]:
    return {name: getattr(reward, name) for name in names(Reward)}


def code_end(reward: Reward, day: date) -> date | None:
    """The last day a code taken on `day` is good for: its own days, at most the end of the reward itself."""
    own = None if reward.code_days is None else day + timedelta(days=reward.code_days - 1)
    return min((end for end in (own, reward.valid_to) if end is not None), default=None)


def new_code() -> str:
    """A redemption code nobody can guess, in letters that cannot be taken for each other, at least one a letter: digits
    alone are the number of a redemption.
    """
    import secrets  # it brings OpenSSL, for the few who redeem

    code = "".join(secrets.choice(_LETTERS) for _place in range(_CODE_LENGTH))
    return new_code() if code.isdecimal() else code
