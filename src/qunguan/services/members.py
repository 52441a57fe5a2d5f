"""Members: the one door to everything the program does with people."""

from __future__ import annotations

from qunguan.services.members_edit import (
    add,
    add_many,
    also_signs,
    called_in,
    edit,
    get,
    join,
    leave,
    rejoin,
    set_alias,
    set_role,
)
from qunguan.services.members_erase import erase
from qunguan.services.members_find import absent, alias_rows, labels, names, resolve, resolver, search
from qunguan.services.members_import import apply, preview, recall_mapping, remember_mapping
from qunguan.services.members_index import index_differences, reindex, reindex_all
from qunguan.services.members_tags import add_tag as tag
from qunguan.services.members_tags import remove_tag as untag
from qunguan.services.members_tags import tagged_ids, tags
from qunguan.services.members_view import birthdays, card, list_members, rows_by_ids, view_ids

__all__ = [
    "absent",
    "add",
    "add_many",
    "alias_rows",
    "also_signs",
    "apply",
    "birthdays",
    "called_in",
    "card",
    "edit",
    "erase",
    "get",
    "index_differences",
    "join",
    "labels",
    "leave",
    "list_members",
    "names",
    "preview",
    "recall_mapping",
    "reindex",
    "reindex_all",
    "rejoin",
    "remember_mapping",
    "resolve",
    "resolver",
    "rows_by_ids",
    "search",
    "set_alias",
    "set_role",
    "tag",
    "tagged_ids",
    "tags",
    "untag",
    "view_ids",
]
