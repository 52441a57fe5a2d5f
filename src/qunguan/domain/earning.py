"""What earns points besides check-ins and purchases, and the days that give more: values, small sums (C22, S1-26)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from qunguan.domain.errors import BadInput
from qunguan.domain.points import stack
from qunguan.domain.recurrence import Recurrence
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "bonus_days.toml"

DeedKind = Literal["share", "campaign"]
DEEDS: dict[DeedKind, str] = {"share": N_("good share"), "campaign": N_("campaign")}
"""The deeds an owner rewards, with the message ID of their name (S3-17, S1-26)."""

DEED_RULES: dict[DeedKind, str] = {"share": "earning.share_points", "campaign": "earning.campaign_points"}
REFERRAL_RULE: Final = "earning.referral_points"
REFERRAL_DAYS: Final = "earning.referral_days"
MULTIPLIED: dict[str, str] = {
    "checkin.points": N_("check-in"),
    "checkin.streak_tiers": N_("streak rewards"),
    "order.points": N_("purchases"),
    "earning.share_points": N_("good shares"),
    "earning.campaign_points": N_("campaigns"),
    "earning.referral_points": N_("referrals"),
}
"""The ids of the rules whose points a bonus day multiplies, with the message ID of what they reward."""

MAX_PCT = 10_000
"""The most that one day multiplies by, in percent, and several together."""


@frozen
class BonusPreset:
    """A shipped bonus day. `recurs` is the written form, `perk` what else the day gives, in words."""

    id: str
    name: str
    recurs: str
    multiplier_pct: int
    source: str
    perk: str = ""


@frozen
class BonusDay:
    """A day that comes again and multiplies points: `multiplier_pct` 200 doubles, 100 has only its `perk`.

    `applies` are rule ids of MULTIPLIED, () is every one. It holds from `from_day` to `to_day` (None: no bound), while
    `enabled`. `preset` is the id of the shipped day it was made from, "" otherwise.
    """

    id: int
    name: str
    recurs: Recurrence
    multiplier_pct: int
    applies: tuple[str, ...] = ()
    perk: str = ""
    from_day: date | None = None
    to_day: date | None = None
    source: str = ""
    enabled: bool = True
    preset: str = ""

    def falls_on(self, day: date) -> bool:
        """Whether the day is one of them, switched on and inside its dates."""
        inside = (self.from_day is None or self.from_day <= day) and (self.to_day is None or day <= self.to_day)
        return self.enabled and inside and self.recurs.falls_on(day)

    def counts_for(self, rule_id: str) -> bool:
        """Whether points of this rule are multiplied."""
        return not self.applies or rule_id in self.applies

    def next(self, today: date) -> date | None:
        """Its next day from `today` on; None when there is none, or while it is switched off."""
        found = self.recurs.next(max(today, self.from_day or today)) if self.enabled else None
        return found if found and (self.to_day is None or found <= self.to_day) else None


@frozen
class Multiplier:
    """Why points of a rule are multiplied on a day: the days that fall on it, and how several are stacked.

    `percent` is 100 where nothing falls on it.
    """

    day: date
    rule_id: str
    percent: int
    stacking: str
    parts: tuple[BonusDay, ...]


class DueBonus(NamedTuple):
    """A bonus day that is coming."""

    day: date
    bonus: BonusDay


@frozen
class Deed:
    """A good share or a campaign taken part in. `points` is what it earns before multiplier and caps."""

    id: int
    member_id: int
    name: str
    kind: DeedKind
    day: date
    note: str
    points: int


@frozen
class DeedOutcome:
    """One deed as it was recorded or removed: `amount` points are booked for it now, `cut` were cut off by caps."""

    deed: Deed
    amount: int
    cut: int = 0
    multiplier_pct: int = 100


class Invited(NamedTuple):
    """A stay in a group, as referrals are judged by it; `left_on` is the first day they are no longer there."""

    id: int
    member_id: int
    group_id: int
    joined_on: date | None
    left_on: date | None
    inviter_id: int | None


class Referral(NamedTuple):
    """An invitation that counts from `counts_on` on: the invitee's first stay, and they were still there that day.

    `stay_id` is the membership, `inviter_id` and `invitee_id` are members.
    """

    stay_id: int
    group_id: int
    inviter_id: int
    invitee_id: int
    joined_on: date
    counts_on: date


@frozen
class ReferralLine:
    """A referral with the names of both, and the points it earns before caps (0 when nothing is booked for it)."""

    referral: Referral
    inviter: str
    invitee: str
    points: int
    multiplier_pct: int = 100


@frozen
class LostReferral:
    """A rewarded referral whose ground is gone: the invitee left too early, or was invited by somebody else."""

    stay_id: int
    inviter_id: int
    inviter: str
    points: int


@frozen
class ReferralsDue:
    """What `reward_referrals` would do: whom it rewards, and from whom it takes back."""

    due: tuple[ReferralLine, ...]
    lost: tuple[LostReferral, ...]


@frozen
class ReferralOutcome:
    """What rewarding referrals booked: `amount` points for `due`, `cut` cut off by caps, `lost` were taken back."""

    due: tuple[ReferralLine, ...]
    lost: tuple[LostReferral, ...]
    amount: int
    cut: int


InvitedState = Literal["due", "lost", "waiting", "rewarded", "reversed", "cut", "off", "left", "known"]
INVITED: dict[InvitedState, str] = {
    "due": N_("waits for its points"),
    "lost": N_("points go back: they did not stay"),
    "waiting": N_("counts once they have stayed"),
    "rewarded": N_("has its points"),
    "reversed": N_("was reversed by hand"),
    "cut": N_("cut off by a cap of the day"),
    "off": N_("no points: the rule is off"),
    "left": N_("left too early"),
    "known": N_("had been here before"),
}
"""How far an invitation has come, with the message ID of what is said of it."""


@frozen
class Invitation:
    """Somebody who was invited, and whether that earns points and why not. `counts_on` is the day they have stayed
    long enough (None: the day they came is not known); `points` is what rewarding books before caps, or what stands
    booked."""

    stay_id: int
    inviter_id: int
    inviter: str
    invitee_id: int
    invitee: str
    joined_on: date | None
    counts_on: date | None
    state: InvitedState
    points: int


@cache
def presets() -> Mapping[str, BonusPreset]:
    """Every shipped bonus day by id, in the order of the file."""
    shipped = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {preset_id: BonusPreset(id=preset_id, **fields) for preset_id, fields in shipped.items()}


def stacked(bonus: Iterable[BonusDay], how: str) -> int:
    """The multipliers of one day as one percentage, at most MAX_PCT (see `points.stack`)."""
    return min(MAX_PCT, stack((each.multiplier_pct for each in bonus), how))


def parse_multiplier(text: str) -> int:
    """A multiplier in percent, from `2`, `1.5`, `×2`, `2倍` or `150%`. Raises BadInput below 1 and above 100 times."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().lstrip("x×*").removesuffix("倍")
    found = re.fullmatch(r"(\d{1,5})(?:\.(\d{1,2}))?(%?)", plain, re.ASCII)
    if found is None:
        raise BadInput("{text} is not a multiplier", hint="write it like 2 or 1.5", text=show(text[:40]))
    whole, part, percent = found.groups()
    hundredths = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return checked_multiplier(hundredths // 100 if percent else hundredths)


def checked_multiplier(percent: int) -> int:
    """`percent` if a day can multiply by it. Raises BadInput."""
    if not 100 <= percent <= MAX_PCT:
        raise BadInput("points cannot be multiplied by {times}", hint="use 1 to {most}", times=times_text(percent),
                       most=MAX_PCT // 100)  # fmt: skip
    return percent


def times_text(percent: int) -> str:
    """A multiplier as people read it: ×2, ×1.5."""
    return f"×{percent / 100:g}"


def checked_applies(rule_ids: Iterable[str]) -> tuple[str, ...]:
    """Rule ids a bonus day can be for, each once, in the order of MULTIPLIED. Raises BadInput for another."""
    wanted = set(rule_ids)
    unknown = sorted(wanted - MULTIPLIED.keys())
    if unknown:
        raise BadInput(
            "no points are earned by {rule}", hint="use: {known}", rule=show(unknown[0][:40]),
            known=", ".join(MULTIPLIED),
        )  # fmt: skip
    return tuple(rule_id for rule_id in MULTIPLIED if rule_id in wanted)


def first_stay(stays: Sequence[Invited]) -> Invited:
    """The first stay ever of one member; one without a known beginning comes first."""
    return min(stays, key=lambda stay: (stay.joined_on is not None, stay.joined_on or date.min, stay.id))


def referral_of(stays: Sequence[Invited], days: int) -> Referral | None:
    """The referral in the stays of one member, None without one (semantics 3.11).

    Only the first stay ever can be one, so each person counts once and for one inviter; they must still be in some
    group `days` days after they joined. A stay without a known beginning comes first.
    """
    first = first_stay(stays)
    if first.joined_on is None or first.inviter_id is None or first.inviter_id == first.member_id:
        return None
    counts_on = first.joined_on + timedelta(days=days)
    if not any(is_there(stay, counts_on) for stay in stays):
        return None
    return Referral(first.id, first.group_id, first.inviter_id, first.member_id, first.joined_on, counts_on)


def is_there(stay: Invited, day: date) -> bool:
    """Whether a stay covers a day; one whose first day nobody knows began before all of them."""
    begun = stay.joined_on is None or stay.joined_on <= day
    return begun and (stay.left_on is None or stay.left_on > day)
