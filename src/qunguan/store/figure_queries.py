"""Figures by day that are kept: who came and left, and what is no sum of days; and which of them a write touches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from qunguan.domain.members import EMPTY_DAY
from qunguan.store.session import Session

UNDATED = date(1000, 1, 1)  # the day of those of whom no day is known: before all others
EVERYBODY = 0
EVER = ""  # before any day
_MANY = 100  # orders
Found = tuple[int, ...]

STAY = "group_id, day, joined, gone"
STAYS = f"""
    SELECT :group_id AS group_id, day, sum(joined) AS joined, sum(gone) AS gone FROM (
        SELECT coalesce(joined_on, '{UNDATED}') AS day, count(*) AS joined, 0 AS gone FROM membership
        WHERE group_id = :group_id {{joined}} GROUP BY joined_on
        UNION ALL SELECT left_on, 0, count(*) FROM membership
        WHERE group_id = :group_id AND left_on IS NOT NULL {{left}} GROUP BY left_on)
    GROUP BY day
"""
_LISTED = "(SELECT value FROM json_each(:days))"
_THOSE = STAYS.format(joined=f"AND joined_on IN {_LISTED}", left=f"AND left_on IN {_LISTED}")
_UNDATED = f"""
    SELECT :group_id, '{UNDATED}', count(*), 0 FROM membership WHERE group_id = :group_id AND joined_on IS NULL
        AND '{UNDATED}' IN {_LISTED} HAVING count(*) > 0
"""
_HERE = "FROM change AS c CROSS JOIN {table} AS t WHERE c.step_id = :step AND c.id > :after AND c.tbl = '{table}'"
_NOW = f"{_HERE} AND c.op <> 'delete' AND t.id BETWEEN c.first_id AND c.last_id"
_WAS = f"{_HERE} AND c.op = 'update' AND t.id = c.first_id"
_GONE = "FROM change AS c WHERE c.step_id = :step AND c.id > :after AND c.tbl = '{table}' AND c.op = 'delete'"
_ACTED = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE member_id = x.member_id)"
    for table in ("speech", "checkin", "shop_order", "deed", "enrolment")
)


def _image(name: str) -> str:
    return f"json_extract(c.before, '$.{name}')"


def _days(table: str, day: str, owner: str | None) -> str:
    """(owner, day) of what a step changed, as it is and as it was; rows without a day are left out."""
    now, was = (f"t.{owner}", _image(owner)) if owner else ("NULL", "NULL")
    return f"""
        SELECT owner, day FROM (
            SELECT {now} AS owner, t.{day} AS day {_NOW.format(table=table)}
            UNION SELECT {now}, {_image(day)} {_WAS.format(table=table)}
            UNION SELECT {was}, {_image(day)} {_GONE.format(table=table)})
        WHERE day IS NOT NULL
    """


# Of a stay that changed: the first day on which anybody can see it. Somebody else's from now on is a change for ever.
_STAY_SINCE = f"""
    SELECT group_id, min(day) FROM (
        SELECT t.group_id, t.member_id, coalesce(t.joined_on, '{EVER}') AS day
            {_HERE.format(table="membership")} AND c.op = 'insert' AND t.id BETWEEN c.first_id AND c.last_id
        UNION ALL SELECT {_image("group_id")}, {_image("member_id")}, coalesce({_image("joined_on")}, '{EVER}')
            {_GONE.format(table="membership")}
        UNION ALL SELECT t.group_id, t.member_id, CASE
                WHEN coalesce({_image("member_id")}, t.member_id) <> t.member_id THEN '{EVER}'
                WHEN json_type(c.before, '$.joined_on') IS NOT NULL AND {_image("joined_on")} IS NOT t.joined_on
                    THEN min(coalesce({_image("joined_on")}, '{EVER}'), coalesce(t.joined_on, '{EVER}'))
                WHEN json_type(c.before, '$.left_on') IS NOT NULL
                    THEN min(coalesce({_image("left_on")}, '~'), coalesce(t.left_on, '~'))
                ELSE '~' END
            {_WAS.format(table="membership")}
    ) AS x WHERE {_ACTED} GROUP BY group_id
"""
_CAME, _CAME_WAS = (f"coalesce({day}, '{UNDATED}')" for day in ("t.joined_on", _image("joined_on")))
_STAY_DAYS = f"""
    SELECT DISTINCT owner, day FROM (
        SELECT t.group_id AS owner, {_CAME} AS day {_NOW.format(table="membership")}
        UNION SELECT t.group_id, t.left_on {_NOW.format(table="membership")}
        UNION SELECT t.group_id, {_CAME_WAS} {_WAS.format(table="membership")}
        UNION SELECT t.group_id, {_image("left_on")} {_WAS.format(table="membership")}
        UNION SELECT {_image("group_id")}, {_CAME_WAS} {_GONE.format(table="membership")}
        UNION SELECT {_image("group_id")}, {_image("left_on")} {_GONE.format(table="membership")})
    WHERE day IS NOT NULL
"""
_ENROLLED = f"""
    SELECT challenge_id, min(day) FROM (
        SELECT t.challenge_id, t.from_day AS day {_HERE.format(table="enrolment")} AND c.op = 'insert'
            AND t.id BETWEEN c.first_id AND c.last_id
        UNION ALL SELECT {_image("challenge_id")}, {_image("from_day")} {_GONE.format(table="enrolment")}
        UNION ALL SELECT t.challenge_id, min(t.from_day, coalesce({_image("from_day")}, t.from_day))
            {_WAS.format(table="enrolment")} AND (json_type(c.before, '$.from_day') IS NOT NULL
                OR json_type(c.before, '$.to_day') IS NOT NULL OR json_type(c.before, '$.member_id') IS NOT NULL)
    ) GROUP BY challenge_id
"""
_DROP = "DELETE FROM figure_day WHERE (:group_id IS NULL OR group_id = :group_id) AND day >= :since AND name GLOB :name"
_NAMES = "SELECT DISTINCT name FROM figure_day WHERE (:group_id IS NULL OR group_id = :group_id) AND name GLOB :name"
_DROP_SEEN = """
    DELETE FROM figure_day WHERE (:group_id IS NULL OR group_id = :group_id) AND name = :name AND day >= :since
        AND day < coalesce(date(:until, '+' || :window || ' days'), '~')
"""
_DROP_DAYS = f"DELETE FROM figure_day WHERE name = :name AND day IN {_LISTED}"
_OF_ACTIVITY, _OF_STAYS = ("active *",), ("active *", "bought *", "due *")
_OF_ORDERS = ("book *", "repeat *", "bought *")
_WINDOW = {"active": 2, "top": 1, "repeat": 1}  # which word of the name says how many days a figure looks back
_DATED = {
    "speech": ("day", "group_id", ("active *", "top *")),
    "deed": ("biz_date", None, _OF_ACTIVITY),
    "shop_order": ("biz_date", None, (*_OF_ACTIVITY, *_OF_ORDERS)),
    "order_refund": ("biz_date", None, _OF_ORDERS),  # its order may be of any day
}


# -- who came and who left


def count_stays(session: Session, group_id: int, days: Iterable[str] | None = None) -> None:
    """Count who came and left anew: on these days (ISO), or ever."""
    if days is None:
        _run(session, "DELETE FROM stay_day WHERE group_id = :group_id", group_id=group_id)
        _run(session, f"INSERT INTO stay_day ({STAY}) {STAYS.format(joined='', left='')}", group_id=group_id)
        return
    params = {"group_id": group_id, "days": json.dumps(sorted(days))}
    _run(session, f"DELETE FROM stay_day WHERE group_id = :group_id AND day IN {_LISTED}", **params)
    for those in (_THOSE, _UNDATED):
        _run(session, f"INSERT INTO stay_day ({STAY}) {those}", **params)


def stay_days(session: Session, step: int, after: int) -> dict[int, set[str]]:
    """Group → the days on which somebody came or left by what a step changed after a change, or did before it."""
    found: dict[int, set[str]] = {}
    for group_id, day in _run(session, _STAY_DAYS, step=step, after=after):
        found.setdefault(group_id, set()).add(day)
    return found


def stays(session: Session, group_id: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Day → (came, left), for the days that have any."""
    rows = _run(
        session, "SELECT day, joined, gone FROM stay_day WHERE group_id = :group_id AND day BETWEEN :first AND :last",
        group_id=group_id, first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    return {date.fromisoformat(day): (joined, gone) for day, joined, gone in rows}


def present(session: Session, group_id: int, day: date) -> int:
    """How many were there at the end of a day."""
    counted = "SELECT coalesce(sum(joined - gone), 0) FROM stay_day WHERE group_id = :group_id AND day <= :day"
    return int(_run(session, counted, group_id=group_id, day=day.isoformat()).scalar())


def first_join(session: Session, group_id: int) -> date | None:
    """The first day anybody is known to have joined; what a program wrote for an empty cell is no day."""
    least = "SELECT min(day) FROM stay_day WHERE group_id = :group_id AND joined > 0 AND day > :none"
    found = _run(session, least, group_id=group_id, none=EMPTY_DAY.isoformat()).scalar()
    return None if found is None else date.fromisoformat(found)


def counted(session: Session, group_id: int) -> bool:
    """Whether who came and left is counted for the group."""
    return bool(
        _run(session, "SELECT EXISTS (SELECT 1 FROM stay_day WHERE group_id = :group_id)", group_id=group_id).scalar()
    )


# -- figures that are no sums


def kept(session: Session, group_id: int, name: str, days: Iterable[date]) -> dict[date, Found]:
    """Day → the figure, of those of the days for which it is kept."""
    wanted = f"SELECT day, found FROM figure_day WHERE group_id = :group_id AND name = :name AND day IN {_LISTED}"
    listed = json.dumps([day.isoformat() for day in days])
    rows = _run(session, wanted, group_id=group_id, name=name, days=listed)
    return {date.fromisoformat(day): tuple(map(int, found.split())) for day, found in rows}


def any_kept(session: Session) -> bool:
    """Whether any figure is kept."""
    return bool(_run(session, "SELECT EXISTS (SELECT 1 FROM figure_day)").scalar())


def keep(session: Session, group_id: int, name: str, figures: Mapping[date, Found]) -> None:
    """Keep a figure of some days that have none yet."""
    for day, found in figures.items():
        _run(
            session, "INSERT INTO figure_day (group_id, name, day, found) VALUES (:group_id, :name, :day, :found)",
            group_id=group_id, name=name, day=day.isoformat(), found=" ".join(map(str, found)),
        )  # fmt: skip


def everything(session: Session) -> list[tuple[int, str, date, str]]:
    """(group, name, day, figure) of all that is kept, by group, name and day."""
    rows = _run(session, "SELECT group_id, name, day, found FROM figure_day ORDER BY group_id, name, day")
    return [(group_id, name, date.fromisoformat(day), found) for group_id, name, day, found in rows]


def forget(session: Session, group_id: int) -> None:
    """Drop every figure of a group, and those of everybody."""
    _run(session, "DELETE FROM figure_day WHERE group_id IN (:group_id, 0)", group_id=group_id)


def drop(session: Session, step: int, after: int, tables: set[str]) -> None:
    """Drop the figures that what a step changed after a change may have made stale, and no day before it."""
    if not any_kept(session):
        return
    params = {"step": step, "after": after}
    for table in sorted(tables & _DATED.keys()):
        day, owner, names = _DATED[table]
        reach = f"SELECT owner, min(day), max(day) FROM ({_days(table, day, owner)}) GROUP BY owner"
        for group_id, first, last in _run(session, reach, **params).all():
            _drop(session, group_id, first, names, None if table == "order_refund" else last)
    if "membership" in tables:
        for group_id, first in _run(session, _STAY_SINCE, **params).all():
            _drop(session, group_id, first, _OF_STAYS)
            _drop(session, group_id, EVER, ("book *", "repeat *"))  # whose buyers are those who ever were in the group
    if "checkin" in tables:
        _drop_ticked(session, params)
    if "enrolment" in tables:
        for challenge_id, first in _run(session, _ENROLLED, **params).all():
            _drop(session, None, first, (f"due {challenge_id}",))


def many(session: Session, step: int, after: int) -> bool:
    """Whether a step took in chats, or a file of orders."""
    taken = """
        SELECT coalesce(sum(iif(tbl = 'chat_import', :many, last_id - first_id + 1)), 0) >= :many FROM change
        WHERE step_id = :step AND id > :after AND op = 'insert' AND tbl IN ('chat_import', 'shop_order')
    """
    return bool(_run(session, taken, step=step, after=after, many=_MANY).scalar())


def _drop_ticked(session: Session, params: Mapping[str, Any]) -> None:
    """A tick is seen in what was due on its day, and from it on in who was active."""
    days: dict[int, list[str]] = {}
    for challenge_id, day in _run(session, _days("checkin", "day", "challenge_id"), **params).all():
        days.setdefault(challenge_id, []).append(day)
    for challenge_id, ticked in days.items():
        _run(session, _DROP_DAYS, name=f"due {challenge_id}", days=json.dumps(ticked))
    if days:
        _drop(session, None, min(map(min, days.values())), _OF_ACTIVITY, max(map(max, days.values())))


def _drop(session: Session, group_id: int | None, since: str, names: Iterable[str], until: str | None = None) -> None:
    """Drop from a day on; where what changed lies up to `until`, only as long as a figure looks back to it."""
    for pattern in names:
        place = _WINDOW.get(pattern.split()[0])
        if until is None or place is None:
            _run(session, _DROP, group_id=group_id, since=since, name=pattern)
            continue
        for (name,) in _run(session, _NAMES, group_id=group_id, name=pattern).all():
            window = int(name.split()[place])
            _run(session, _DROP_SEEN, group_id=group_id, name=name, since=since, until=until, window=window)


def _run(session: Session, statement: str, **params: Any) -> Any:
    return session.conn.exec_driver_sql(statement, params)
