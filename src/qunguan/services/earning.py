"""Earning beside check-ins and purchases, as everything above sees it. One door; the rooms are `earning_*`."""

from __future__ import annotations

from qunguan.services.earning_days import (
    add_bonus_day,
    add_preset,
    bonus_days,
    coming,
    edit_bonus_day,
    find_bonus_day,
    multiplier,
    multipliers,
    presets_left,
    remove_bonus_day,
    switch_bonus_day,
    why_lines,
    why_multiplier,
)
from qunguan.services.earning_deeds import deeds, record_deed, remove_deed
from qunguan.services.earning_referrals import referrals, referrals_due, reward_referrals
from qunguan.services.earning_told import invitations, why_deed

__all__ = [
    "add_bonus_day",
    "add_preset",
    "bonus_days",
    "coming",
    "deeds",
    "edit_bonus_day",
    "find_bonus_day",
    "invitations",
    "multiplier",
    "multipliers",
    "presets_left",
    "record_deed",
    "referrals",
    "referrals_due",
    "remove_bonus_day",
    "remove_deed",
    "reward_referrals",
    "switch_bonus_day",
    "why_deed",
    "why_lines",
    "why_multiplier",
]
