"""The roll-ups written and compared: members, days and cohorts of a group, set-based, without a journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from qunguan.domain.retention import CELLS, Born, Counts
from qunguan.store.figure_queries import STAY, STAYS, count_stays, forget
from qunguan.store.presence_sql import LISTED, standing
from qunguan.store.session import Session

_FOREVER = "9999-12-31"
_TABLES = ("activity_day", "activity_week", "presence", "presence_cohort", "presence_last", "stay_day")

_WATCHED = "SELECT EXISTS (SELECT 1 FROM speech WHERE group_id = :group_id)"
_FILLED = "SELECT EXISTS (SELECT 1 FROM activity_day WHERE group_id = :group_id)"
_ANY = "SELECT EXISTS (SELECT 1 FROM speech) OR EXISTS (SELECT 1 FROM activity_day)"
_RULES = """
    SELECT EXISTS (
        SELECT 1 FROM change AS c LEFT JOIN rule_change AS r ON r.id BETWEEN c.first_id AND c.last_id
        WHERE c.step_id = :step AND c.tbl = 'rule_change'
            AND coalesce(json_extract(c.before, '$.rule_id'), r.rule_id) IN (SELECT value FROM json_each(:rules)))
"""
_GROUPS = "SELECT id FROM chat_group ORDER BY id"
_MEMBER = "group_id, member_id, first_on, last_on, days, messages, here, born_on, seen_on, kept, later"
_DAY = "group_id, day, messages, speakers"
_ROOM = 40  # bits for the messages of a member, below the number of their days
_SAID = "FROM speech WHERE member_id = s.member_id AND group_id = :group_id"
_DAYS = """
    SELECT group_id, day, sum(messages) AS messages, count(DISTINCT coalesce(member_id, -speaker_id)) AS speakers
    FROM speech WHERE group_id = :group_id {only} GROUP BY day
"""
_MONDAY = "date(day, '-6 days', 'weekday 1')"
_WEEKS = f"""
    SELECT group_id, {_MONDAY} AS monday, sum(messages) AS messages,
        count(DISTINCT coalesce(member_id, -speaker_id)) AS speakers
    FROM speech WHERE group_id = :group_id {{only}} GROUP BY {_MONDAY}
"""
_WEEK = "group_id, monday, messages, speakers"
_THOSE_MONDAYS = "IN (SELECT DISTINCT date(value, '-6 days', 'weekday 1') FROM json_each(:days))"
_WHOLE_WEEKS = """AND day IN (
    SELECT date(value, '-6 days', 'weekday 1', '+' || n || ' days') FROM json_each(:days)
        CROSS JOIN (SELECT column1 AS n FROM (VALUES (0), (1), (2), (3), (4), (5), (6))))"""
_THOSE_DAYS = "AND day IN (SELECT value FROM json_each(:days))"
CELL_VALUES = ", ".join(f"({bit})" for bit in range(len(CELLS) + 1))
COHORTS = """
    SELECT :group_id AS group_id, born_on, column1 AS cell, sum(number * (kept >> column1 & 1)) AS kept,
        sum(number * (later >> column1 & 1)) AS later
    FROM (SELECT born_on, kept, later, count(*) AS number FROM ({people}) GROUP BY born_on, kept, later)
        CROSS JOIN (VALUES {cells})
    GROUP BY born_on, column1
"""
_BORN = "SELECT born_on, kept, later FROM presence WHERE group_id = :group_id AND born_on IS NOT NULL {only}"
_LAST = """
    SELECT :group_id AS group_id, seen_on AS day, count(*) AS members, sum(here) AS here FROM presence
    WHERE group_id = :group_id AND seen_on IS NOT NULL {only} GROUP BY seen_on
"""
_ADD_COHORTS = """
    INSERT INTO presence_cohort (group_id, born_on, cell, kept, later)
    SELECT group_id, born_on, cell, {sign} * kept, {sign} * later FROM ({cohorts}) WHERE true
    ON CONFLICT (group_id, born_on, cell) DO UPDATE SET kept = kept + excluded.kept, later = later + excluded.later
"""
_ADD_LAST = """
    INSERT INTO presence_last (group_id, day, members, here)
    SELECT group_id, day, {sign} * members, {sign} * here FROM ({last}) WHERE true
    ON CONFLICT (group_id, day) DO UPDATE SET members = members + excluded.members, here = here + excluded.here
"""
_EMPTY = (
    """DELETE FROM presence_cohort WHERE group_id = :group_id AND born_on IN (
        SELECT born_on FROM presence_cohort WHERE group_id = :group_id AND cell = 0 AND kept = 0)""",
    "DELETE FROM presence_last WHERE group_id = :group_id AND members = 0",
)
# What to do for `speech`, `membership` and the others: how a changed row names the member and the group. Orders and
# deeds belong to no group: they count in every group their member is in.
_OWNERS = {
    "speech": ("member_id", "t.group_id"),
    "membership": ("member_id", "t.group_id"),
    "checkin": ("member_id", "(SELECT group_id FROM challenge WHERE id = t.challenge_id)"),
    "deed": ("member_id", "NULL"),
    "shop_order": ("member_id", "NULL"),
}
_KNOWN = "SELECT DISTINCT tbl FROM change WHERE step_id = :step AND id > :after"
_NEWEST = "SELECT coalesce(max(id), 0) FROM change WHERE step_id = :step"
_RANGES = "FROM change AS c CROSS JOIN {table} AS t WHERE c.step_id = :step AND c.id > :after AND c.tbl = '{table}'"


@dataclass(slots=True)
class Touched:
    """What a write changed in one group: members whose activity or stay, and days whose messages."""

    members: set[int] = field(default_factory=set)
    days: set[str] = field(default_factory=set)


def watched(session: Session, group_id: int) -> bool:
    """Whether the group has any speech: only then it has roll-ups."""
    return bool(_scalar(session, _WATCHED, group_id=group_id))


def any_watched(session: Session) -> bool:
    """Whether any group has speech, or had until just now."""
    return bool(_scalar(session, _ANY))


def members_known(session: Session, group_id: int) -> int:
    """How many members the roll-ups of the group know."""
    return int(_scalar(session, "SELECT count(*) FROM presence WHERE group_id = :group_id", group_id=group_id))


def rule_changed(session: Session, step: int, rule_ids: tuple[str, ...]) -> bool:
    """Whether a step changed one of these rules."""
    return bool(_scalar(session, _RULES, step=step, rules=json.dumps(rule_ids)))


def filled(session: Session, group_id: int) -> bool:
    """Whether the roll-ups of the group were made."""
    return bool(_scalar(session, _FILLED, group_id=group_id))


def group_ids(session: Session) -> list[int]:
    """Every group, put away or not."""
    return [row[0] for row in _run(session, _GROUPS)]


def clear(session: Session, group_id: int) -> None:
    """Drop the roll-ups of a group."""
    for table in _TABLES:
        _run(session, f"DELETE FROM {table} WHERE group_id = :group_id", group_id=group_id)
    forget(session, group_id)


def fill(session: Session, group_id: int, counts: Counts, born: Born) -> None:
    """Count the roll-ups of a group anew, all of them."""
    clear(session, group_id)
    _add_members(session, group_id, counts, born, None)
    _add_sums(session, group_id, None, sign=1)
    _run(session, f"INSERT INTO activity_day ({_DAY}) {_DAYS.format(only='')}", group_id=group_id)
    _run(session, f"INSERT INTO activity_week ({_WEEK}) {_WEEKS.format(only='')}", group_id=group_id)
    count_stays(session, group_id)


def recount_members(session: Session, group_id: int, counts: Counts, born: Born, ids: Iterable[int]) -> None:
    """Count these members of a group anew, and their cohorts with them."""
    listed = json.dumps(sorted(ids))
    _add_sums(session, group_id, listed, sign=-1)
    _run(session, f"DELETE FROM presence WHERE group_id = :group_id {LISTED}", group_id=group_id, ids=listed)
    _add_members(session, group_id, counts, born, listed)
    _add_sums(session, group_id, listed, sign=1)
    for statement in _EMPTY:
        _run(session, statement, group_id=group_id)


def recount_days(session: Session, group_id: int, days: Iterable[str]) -> None:
    """Count these days (ISO) of a group anew, and their weeks."""
    params = {"group_id": group_id, "days": json.dumps(sorted(days))}
    _run(session, f"DELETE FROM activity_day WHERE group_id = :group_id {_THOSE_DAYS}", **params)
    _run(session, f"INSERT INTO activity_day ({_DAY}) {_DAYS.format(only=_THOSE_DAYS)}", **params)
    _run(session, f"DELETE FROM activity_week WHERE group_id = :group_id AND monday {_THOSE_MONDAYS}", **params)
    _run(session, f"INSERT INTO activity_week ({_WEEK}) {_WEEKS.format(only=_WHOLE_WEEKS)}", **params)


def touched(session: Session, step: int, after: int) -> tuple[set[str], dict[int | None, Touched], int]:
    """What the changes of a step after the one with id `after` touched: the tables, the members and days by group
    (None: whatever group they are in), and the id of the newest change.
    """
    params = {"step": step, "after": after}
    tables = {row[0] for row in _run(session, _KNOWN, **params)}
    found: dict[int | None, Touched] = {}
    for table in sorted(tables & _OWNERS.keys()):
        for group_id, member_id in _run(session, _changed(table, _OWNERS[table][0]), **params):
            if member_id is not None:
                found.setdefault(group_id, Touched()).members.add(member_id)
    if "speech" in tables:  # days by themselves: of people and days together there are as many as rows
        for group_id, day in _run(session, _changed("speech", "day"), **params):
            if day is not None:
                found.setdefault(group_id, Touched()).days.add(day)
    return tables, found, int(_scalar(session, _NEWEST, step=step) or 0)


def _changed(table: str, column: str) -> str:
    """The groups and what `column` says, of the rows as they are and as they were."""
    group = _OWNERS[table][1]
    ranges = _RANGES.format(table=table)
    gone = ", ".join(
        f"json_extract(c.before, '$.{name}') AS {name}" for name in ("member_id", "group_id", "challenge_id", "day")
    )
    return f"""
        SELECT {group}, t.{column} {ranges} AND c.op <> 'delete' AND t.id BETWEEN c.first_id AND c.last_id
        UNION SELECT {group}, json_extract(c.before, '$.{column}') {ranges}
            AND c.op = 'update' AND t.id = c.first_id
        UNION SELECT {group}, t.{column} FROM (
            SELECT {gone} FROM change AS c
            WHERE c.step_id = :step AND c.id > :after AND c.tbl = '{table}' AND c.op = 'delete') AS t
    """


def differences(session: Session, group_id: int, counts: Counts, born: Born, limit: int) -> list[str]:
    """Rows of the roll-ups that are not what is counted now, at most so many: "presence: …"; unknown rows included."""
    wanted = {table: (names, counted) for table, names, counted in _expected(counts, born)}
    found: list[str] = []
    there = watched(session, group_id)
    for table, (names, counted) in wanted.items():
        kept = f"SELECT {names} FROM {table} WHERE group_id = :group_id"
        sides = ((kept, counted), (counted, kept)) if there else ((kept, f"{kept} AND 0"),)
        for one, other in sides:
            rows = _run(session, f"SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other}) LIMIT {limit}",
                        group_id=group_id, until=_FOREVER)  # fmt: skip
            found += [f"{table}: {', '.join(str(value) for value in row)}" for row in rows]
    return found[:limit]


def _expected(counts: Counts, born: Born) -> list[tuple[str, str, str]]:
    """Table, its columns, and the select that counts them from what lies below."""
    return [
        ("activity_day", _DAY, _DAYS.format(only="")),
        ("activity_week", _WEEK, _WEEKS.format(only="")),
        ("presence", _MEMBER, _members(counts, born, listed=False)),
        ("presence_cohort", "group_id, born_on, cell, kept, later", _cohorts("")),
        ("presence_last", "group_id, day, members, here", _LAST.format(only="")),
        ("stay_day", STAY, STAYS.format(joined="", left="")),
    ]


def _cohorts(only: str) -> str:
    return COHORTS.format(people=_BORN.format(only=only), cells=CELL_VALUES)


def _members(counts: Counts, born: Born, *, listed: bool) -> str:
    return f"""
        WITH s AS MATERIALIZED ({standing(counts, born, listed=listed, guests=True)}), m AS MATERIALIZED (
            SELECT *, (SELECT min(day) {_SAID}) AS first_on, (SELECT max(day) {_SAID}) AS last_on,
                coalesce((SELECT (count(DISTINCT day) << {_ROOM}) + sum(messages) {_SAID}), 0) AS said
            FROM s
        )
        SELECT :group_id, member_id, first_on, last_on, said >> {_ROOM}, said & {(1 << _ROOM) - 1}, here, born_on,
            seen_on, kept, later
        FROM m
    """


def _add_members(session: Session, group_id: int, counts: Counts, born: Born, ids: str | None) -> None:
    counted = _members(counts, born, listed=ids is not None)
    _run(session, f"INSERT INTO presence ({_MEMBER}) {counted}", group_id=group_id, until=_FOREVER, ids=ids)


def _add_sums(session: Session, group_id: int, ids: str | None, *, sign: int) -> None:
    only = LISTED if ids is not None else ""
    for statement in (
        _ADD_COHORTS.format(sign=sign, cohorts=_cohorts(only)),
        _ADD_LAST.format(sign=sign, last=_LAST.format(only=only)),
    ):
        _run(session, statement, group_id=group_id, ids=ids)


def _run(session: Session, statement: str, **params: Any) -> Any:
    return session.conn.exec_driver_sql(statement, params)


def _scalar(session: Session, statement: str, **params: Any) -> Any:
    return _run(session, statement, **params).scalar()
