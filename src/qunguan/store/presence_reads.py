"""What the roll-ups say, and the same from the rows for a past day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from qunguan.domain.earning import DEEDS
from qunguan.domain.retention import CELLS, Born, Counted, Counts
from qunguan.store.presence_queries import CELL_VALUES, COHORTS
from qunguan.store.presence_sql import people, standing
from qunguan.store.session import Session

_DAYS = """
    SELECT day, messages, speakers FROM activity_day WHERE group_id = :group_id AND day BETWEEN :first AND :last
    ORDER BY day
"""
_WEEKS = """
    SELECT monday, messages, speakers FROM activity_week WHERE group_id = :group_id AND monday BETWEEN :first AND :last
    ORDER BY monday
"""
_HOURS = """
    SELECT CAST(julianday(day) + 0.5 AS INTEGER) % 7, hour, sum(messages) FROM chat_hour
    WHERE group_id = :group_id AND day BETWEEN :first AND :last GROUP BY 1, 2
"""
_AHEAD = """
    SELECT coalesce((SELECT max(day) FROM presence_last WHERE group_id = :group_id) > :as_of, 0)
        OR EXISTS (SELECT 1 FROM membership WHERE group_id = :group_id AND left_on > :as_of)
        OR EXISTS (SELECT 1 FROM presence WHERE group_id = :group_id AND born_on > :as_of)
"""
_ACTIVE_NOW = "SELECT coalesce(sum(here), 0) FROM presence_last WHERE group_id = :group_id AND day >= :first"
_SAID = "SELECT member_id FROM speech WHERE group_id = :group_id AND day BETWEEN :first AND :as_of"
_CHECKED = """
    SELECT k.member_id FROM challenge AS c JOIN checkin AS k ON k.challenge_id = c.id
    WHERE c.group_id = :group_id AND k.state IN ('done', 'makeup') AND k.day BETWEEN :first AND :as_of
"""
_DID = "SELECT member_id FROM deed WHERE biz_date BETWEEN :first AND :as_of"
_BOUGHT = "SELECT member_id FROM shop_order WHERE counts AND biz_date BETWEEN :first AND :as_of"
_ACTIVE = {
    Counts.ANY: " UNION ".join((_SAID, _CHECKED, _DID, _BOUGHT)),
    Counts.MESSAGES: f"SELECT DISTINCT member_id FROM ({_SAID})",
    Counts.CHECKINS: f"SELECT DISTINCT member_id FROM ({_CHECKED})",
}
_ACTIVE_THEN = """
    SELECT count(*) FROM ({active}) AS a WHERE EXISTS (
        SELECT 1 FROM membership AS m WHERE m.member_id = a.member_id AND m.group_id = :group_id
            AND coalesce(m.joined_on, '') <= :as_of AND coalesce(m.left_on, '~') > :as_of)
"""
# The first day of each, by an index in the order of days: the first row that fits ends the search.
_FIRST_CHECKED = """
    SELECT min((SELECT day FROM checkin WHERE challenge_id = c.id AND day < :before AND state IN ('done', 'makeup')
        ORDER BY day LIMIT 1)) AS day
    FROM challenge AS c WHERE c.group_id = :group_id
"""
_FIRST_OF_MEMBERS = """
    SELECT (SELECT biz_date FROM {rows} AND biz_date < :before
        AND EXISTS (SELECT 1 FROM membership AS m WHERE m.member_id = r.member_id AND m.group_id = :group_id)
        ORDER BY biz_date LIMIT 1)
"""
_FIRST_DONE = (
    *(_FIRST_OF_MEMBERS.format(rows=f"deed AS r WHERE kind = '{kind}'") for kind in DEEDS),
    _FIRST_OF_MEMBERS.format(rows="shop_order AS r WHERE counts"),
)
_FIRST_TOLD = {
    Counts.ANY: " UNION ALL ".join((_FIRST_CHECKED, *_FIRST_DONE)),
    Counts.CHECKINS: _FIRST_CHECKED,
}
_COHORTS_NOW = """
    SELECT born_on, cell, kept, later FROM presence_cohort
    WHERE group_id = :group_id AND born_on >= :since ORDER BY born_on, cell
"""
_OUTSIDE_NOW = "SELECT count(*) FROM presence WHERE group_id = :group_id AND born_on IS NULL AND here"


def days(session: Session, group_id: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Day → messages and people who spoke, for the days that have any."""
    rows = _run(session, _DAYS, group_id=group_id, first=first, last=last)
    return {date.fromisoformat(day): (messages, speakers) for day, messages, speakers in rows}


def weeks(session: Session, group_id: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Monday → messages and people who spoke in its week, for the Mondays from `first` to `last` that have any."""
    rows = _run(session, _WEEKS, group_id=group_id, first=first, last=last)
    return {date.fromisoformat(day): (messages, speakers) for day, messages, speakers in rows}


def hour_sums(session: Session, group_id: int, first: date, last: date) -> Iterator[tuple[int, int, int]]:
    """(weekday from Monday 0, hour, messages), by the wall clock."""
    return iter(_run(session, _HOURS, group_id=group_id, first=first, last=last).all())


def current(session: Session, group_id: int, as_of: date) -> bool:
    """Whether the roll-ups answer for `as_of`: nothing in them lies after it."""
    return not _run(session, _AHEAD, group_id=group_id, as_of=as_of).scalar()


def active_now(session: Session, group_id: int, first: date) -> int:
    """Members of the group now who were active on `first` or after, by the roll-ups."""
    return int(_run(session, _ACTIVE_NOW, group_id=group_id, first=first).scalar())


def active_then(session: Session, group_id: int, counts: Counts, first: date, as_of: date) -> int:
    """Members of the group on `as_of` who were active from `first` to then, from the rows."""
    statement = _ACTIVE_THEN.format(active=_ACTIVE[counts])
    return int(_run(session, statement, group_id=group_id, first=first, as_of=as_of).scalar())


def cohorts_now(session: Session, group_id: int, since: date) -> list[Counted]:
    """Those born on each day from `since` on, by the roll-ups."""
    return _counted(_run(session, _COHORTS_NOW, group_id=group_id, since=since).all())


def cohorts_then(
    session: Session, group_id: int, counts: Counts, born: Born, since: date | None, as_of: date
) -> list[Counted]:
    """The same as of a day, from the rows."""
    those = f"SELECT * FROM ({standing(counts, born, since=since is not None)}) WHERE born_on IS NOT NULL"
    statement = f"{COHORTS.format(people=those, cells=CELL_VALUES)} ORDER BY born_on, cell"
    rows = _run(session, statement, group_id=group_id, until=as_of, since=since)
    return _counted([row[1:] for row in rows])


def outside_now(session: Session, group_id: int) -> int:
    """Members of the group without a first day, by the roll-ups."""
    return int(_run(session, _OUTSIDE_NOW, group_id=group_id).scalar())


def outside_then(session: Session, group_id: int, counts: Counts, born: Born, as_of: date) -> int:
    """The same as of a day, from the rows."""
    statement = f"SELECT count(*) FROM ({people(counts, born)}) WHERE joined_on IS NULL AND here"
    return int(_run(session, statement, group_id=group_id, until=as_of).scalar())


def told_from(session: Session, group_id: int, counts: Counts, chat_from: date | None) -> date | None:
    """The first day on which anything but a message makes a member active, or the chat's first if that is earlier."""
    statement = f"SELECT min(day) FROM ({_FIRST_TOLD[counts]})"
    first = _run(session, statement, group_id=group_id, before=chat_from or date.max).scalar()
    return date.fromisoformat(first) if first else chat_from


def born_between(
    session: Session, group_id: int, counts: Counts, born: Born, first: date, last: date, as_of: date
) -> Sequence[tuple[int, date, int, int]]:
    """(member, first day, kept, later) of those born from `first` to `last`, in that order, from the rows."""
    statement = f"""
        SELECT member_id, born_on, kept, later FROM ({standing(counts, born, since=True)})
        WHERE born_on <= :last ORDER BY born_on, member_id
    """
    rows = _run(session, statement, group_id=group_id, since=first, last=last, until=as_of)
    return [(member_id, date.fromisoformat(day), kept, later) for member_id, day, kept, later in rows]


def _counted(rows: Sequence[Any]) -> list[Counted]:
    """A row for each day and cell, in order, as one value for each day."""
    width = len(CELLS) + 1
    found = []
    for start in range(0, len(rows), width):
        cells = rows[start : start + width]
        kept, later = tuple(row[2] for row in cells), tuple(row[3] for row in cells)
        found.append(Counted(date.fromisoformat(cells[0][0]), kept[0], kept[1:], later[1:]))
    return found


def _run(session: Session, statement: str, **params: Any) -> Any:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
    return session.conn.exec_driver_sql(statement, plain)
