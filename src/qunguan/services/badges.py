"""Badges and titles, as everything above sees them. One door; the rooms are `badge_*`."""

from __future__ import annotations

from qunguan.services.badge_hands import award, revoke
from qunguan.services.badge_holders import (
    badge_counts,
    held_by,
    holders,
    new_badges,
    outlook,
    progress,
    titles_of,
    why_badge,
)
from qunguan.services.badge_rules import (
    add_badge,
    add_preset,
    add_presets,
    badges,
    edit_badge,
    find_badge,
    get_badge,
    presets_left,
    remove_badge,
    switch_badge,
)

__all__ = [
    "add_badge",
    "add_preset",
    "add_presets",
    "award",
    "badge_counts",
    "badges",
    "edit_badge",
    "find_badge",
    "get_badge",
    "held_by",
    "holders",
    "new_badges",
    "outlook",
    "presets_left",
    "progress",
    "remove_badge",
    "revoke",
    "switch_badge",
    "titles_of",
    "why_badge",
]
