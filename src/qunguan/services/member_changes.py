"""Entries that are one person or two, and lists that say who came and went: a door of its own, because the roster and
the first screens need none of what stands behind it."""

from __future__ import annotations

from qunguan.services.members_duplicates import duplicates
from qunguan.services.members_merge import merge, preview_merge
from qunguan.services.members_roster_diff import apply_diff, diff
from qunguan.services.members_split import split

__all__ = ["apply_diff", "diff", "duplicates", "merge", "preview_merge", "split"]
