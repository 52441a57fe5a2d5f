"""The content calendar, as everything above sees it. One door; the rooms are `content_*`."""

from __future__ import annotations

from qunguan.services.content_audience import Audience, audience, idle_tags
from qunguan.services.content_check import outlook
from qunguan.services.content_columns import (
    add_column,
    add_column_preset,
    column_presets_left,
    columns,
    edit_column,
    end_column,
    find_column,
)
from qunguan.services.content_metrics import ads_of
from qunguan.services.content_posts import (
    copy_week,
    drop,
    edit,
    get,
    mark_posted,
    move,
    posts_between,
    schedule,
    unpost,
)
from qunguan.services.content_results import compare, outcome, outcomes, record, take_in
from qunguan.services.content_shared import to_pick_up
from qunguan.services.content_terms import mix_in_force, mix_terms
from qunguan.services.content_view import mix, mix_between, month, week

__all__ = [
    "Audience",
    "add_column",
    "add_column_preset",
    "ads_of",
    "audience",
    "column_presets_left",
    "columns",
    "compare",
    "copy_week",
    "drop",
    "edit",
    "edit_column",
    "end_column",
    "find_column",
    "get",
    "idle_tags",
    "mark_posted",
    "mix",
    "mix_between",
    "mix_in_force",
    "mix_terms",
    "month",
    "move",
    "outcome",
    "outcomes",
    "outlook",
    "posts_between",
    "record",
    "schedule",
    "take_in",
    "to_pick_up",
    "unpost",
    "week",
]
