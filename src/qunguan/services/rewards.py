"""Rewards, as everything above sees them: the catalogue and what becomes of a redemption. One door, two rooms."""

from __future__ import annotations

from qunguan.services.reward_catalogue import add, catalogue, close, edit, find, get, reopen
from qunguan.services.reward_redeem import cancel, fulfil, give, redeem, redemption, redemptions, why, why_not

__all__ = [
    "add",
    "cancel",
    "catalogue",
    "close",
    "edit",
    "find",
    "fulfil",
    "get",
    "give",
    "redeem",
    "redemption",
    "redemptions",
    "reopen",
    "why",
    "why_not",
]
