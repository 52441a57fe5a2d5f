"""Campaigns, as everything above sees them. One door; the rooms are `campaign_*`."""

from __future__ import annotations

from qunguan.services.campaign_book import (
    add,
    all_campaigns,
    audience,
    audience_of,
    cancel,
    close,
    draft_of,
    edit,
    find,
    find_by_id,
    tasks,
    tasks_between,
    terms,
)

__all__ = [
    "add",
    "all_campaigns",
    "audience",
    "audience_of",
    "cancel",
    "close",
    "draft_of",
    "edit",
    "find",
    "find_by_id",
    "tasks",
    "tasks_between",
    "terms",
]
