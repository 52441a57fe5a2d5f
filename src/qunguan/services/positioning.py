"""What a group is for and how it is kept: card, house rules, violations. The one door; rooms are `positioning_*`."""

from __future__ import annotations

from qunguan.services.positioning_card import card, set_card, size
from qunguan.services.positioning_house import (
    add_rule,
    edit_rule,
    find_rule,
    ladder,
    move_rule,
    next_step,
    note_violation,
    remove_rule,
    rules_of,
    rules_text,
    violations,
)

__all__ = [
    "add_rule",
    "card",
    "edit_rule",
    "find_rule",
    "ladder",
    "move_rule",
    "next_step",
    "note_violation",
    "remove_rule",
    "rules_of",
    "rules_text",
    "set_card",
    "size",
    "violations",
]
