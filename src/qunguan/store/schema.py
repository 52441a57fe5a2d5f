"""The whole schema: every noun's tables, the search index, the ledger triggers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from qunguan.store import (
    activity,
    ads,
    alerts,
    badges,
    buyers,
    campaigns,
    checkins,
    cleaning,
    content,
    deals,
    earning,
    experiments,
    feedback,
    goals,
    groups,
    growth,
    incidents,
    journal,
    levels,
    members,
    orders,
    plans,
    points,
    positioning,
    presence,
    products,
    reach,
    referrals,
    relations,
    rewards,
    scripts,
    seals,
    segments,
    settings,
    surveys,
    tasks,
)
from qunguan.store.base import metadata
from qunguan.store.dialect import append_only_triggers, own_dialect
from qunguan.store.search import create_search

MODULES = (
    journal, groups, members, settings, checkins, points, earning, orders, levels, badges, rewards,
    activity, presence, segments, cleaning, goals, alerts, seals, buyers,
    positioning, content, scripts, tasks, campaigns, referrals, experiments,
    incidents, feedback, reach,
    products, plans, ads, deals, surveys, relations, growth,
)  # fmt: skip


def tables() -> Sequence[Table]:
    """Every table of every noun, those that are pointed at first."""
    return metadata.sorted_tables


def named(name: str) -> Table:
    """The table of that name."""
    return metadata.tables[name]


def create_schema(conn: Connection) -> None:
    """Create every table, index, trigger and the search table in an empty database."""
    for statement in _statements():
        conn.exec_driver_sql(statement)
    create_search(conn)
    for table in metadata.sorted_tables:
        if table.info.get("append_only"):
            for statement in append_only_triggers(table):
                conn.exec_driver_sql(statement)


@cache
def _statements() -> tuple[str, ...]:
    """The DDL of the tables and their indexes; to compile it takes longer than to carry it out."""
    dialect = own_dialect()
    made: list[ExecutableDDLElement] = []
    for table in tables():
        made += [CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))]
    return tuple(str(each.compile(dialect=dialect)) for each in made)
