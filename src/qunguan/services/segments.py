"""Segments, as everything above sees them. One door; the rooms are `segment_*`."""

from __future__ import annotations

from qunguan.services.segment_cross import cross, history
from qunguan.services.segment_labels import labels, members_in, show
from qunguan.services.segment_locks import lock, unlock
from qunguan.services.segment_schemes import (
    all_schemes,
    create,
    find,
    preview,
    remove,
    reset,
    save_scheme,
    switch,
)
from qunguan.services.segment_tags import (
    add_tag_rule,
    carriers,
    edit_tag_rule,
    remove_tag_rule,
    rule_tags,
    tag_rules,
)
from qunguan.services.segment_why import why

__all__ = [
    "add_tag_rule",
    "all_schemes",
    "carriers",
    "create",
    "cross",
    "edit_tag_rule",
    "find",
    "history",
    "labels",
    "lock",
    "members_in",
    "preview",
    "remove",
    "remove_tag_rule",
    "reset",
    "rule_tags",
    "save_scheme",
    "show",
    "switch",
    "tag_rules",
    "unlock",
    "why",
]
