"""Presence: roll-ups for figures over millions of messages. Counted anew for what a write touched (quality 1).

A group has them once it has any speech; until then every question is cheap from the rows themselves. They point at
members and groups without foreign keys: they follow their rows, and may not stand in the way of undo.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, UniqueConstraint

from qunguan.store.base import table

activity_day = table(
    "activity_day",
    Column("group_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("speakers", Integer, nullable=False),  # people: members, and speakers nobody knows yet
    UniqueConstraint("group_id", "day"),
    cache=True,
)

activity_week = table(
    "activity_week",
    Column("group_id", Integer, nullable=False),
    Column("monday", Date, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("speakers", Integer, nullable=False),  # people of the whole week: no sum of its days
    UniqueConstraint("group_id", "monday"),
    cache=True,
)

# One member of a group, or one who spoke there. What was said stands in first_on … messages; what counts as activity
# (rule activity.counts) in seen_on, `kept` and `later`: bits by domain.retention.CELLS, active in exactly that cell of
# time after `born_on` (rule insight.cohort), and active then or later.
presence = table(
    "presence",
    Column("group_id", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("first_on", Date),
    Column("last_on", Date),
    Column("days", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("here", Integer, nullable=False),  # 1 while a stay is open
    Column("born_on", Date),
    Column("seen_on", Date),
    Column("kept", Integer, nullable=False),
    Column("later", Integer, nullable=False),
    UniqueConstraint("group_id", "member_id"),
    Index(None, "group_id", "born_on"),
    Index(None, "group_id", "last_on", "member_id"),
    cache=True,
)

# The same for all who were born on a day; `cell` is the bit. Cell 0 is everybody: its `kept` is their number.
presence_cohort = table(
    "presence_cohort",
    Column("group_id", Integer, nullable=False),
    Column("born_on", Date, nullable=False),
    Column("cell", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("later", Integer, nullable=False),
    UniqueConstraint("group_id", "born_on", "cell"),
    cache=True,
)

# How many members were active last on a day, and how many of those are still here: a window of any length is a sum.
presence_last = table(
    "presence_last",
    Column("group_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("members", Integer, nullable=False),
    Column("here", Integer, nullable=False),
    UniqueConstraint("group_id", "day"),
    cache=True,
)

# Who came and who left on a day; those of whom no day is known joined on UNDATED (store/figure_queries.py). How many
# were there at the end of a day is a sum.
stay_day = table(
    "stay_day",
    Column("group_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("joined", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    UniqueConstraint("group_id", "day"),
    cache=True,
)

# Figures at the end of a day that are no sum of days, by a name that holds all they depend on: "active any 7". Group 0
# is everybody. An import keeps them, a write drops them from the day on that it touches; a missing one is counted.
figure_day = table(
    "figure_day",
    Column("group_id", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("found", String, nullable=False),  # whole numbers, a space between them
    UniqueConstraint("group_id", "name", "day"),
    cache=True,
)
