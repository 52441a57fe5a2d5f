"""Chat activity, as everything above sees it. One door; the rooms are `activity_*`."""

from __future__ import annotations

from qunguan.services.activity_chains import chains_of, read_chain
from qunguan.services.activity_gather import remember_group, remembered_group
from qunguan.services.activity_identity import adds_new, resolve
from qunguan.services.activity_import import import_chat, import_chats
from qunguan.services.activity_joins import note_joins, note_leaves, note_moves
from qunguan.services.activity_views import imports, summary

__all__ = [
    "adds_new",
    "chains_of",
    "import_chat",
    "import_chats",
    "imports",
    "note_joins",
    "note_leaves",
    "note_moves",
    "read_chain",
    "remember_group",
    "remembered_group",
    "resolve",
    "summary",
]
