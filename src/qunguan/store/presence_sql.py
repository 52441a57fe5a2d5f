"""Counting members by what they did, in SQL: the same statement fills the roll-ups and answers for a past day.

For every member of the group it makes one row by look-ups in the indexes, so nothing is sorted. What a look-up brings
home is one number: the days from the member's first day to the last active one, moved left, and below them a bit for
each cell of time in which they were active.
"""

from __future__ import annotations

from functools import cache

from qunguan.domain.cadence import WEEK
from qunguan.domain.retention import CELLS, Born, Cell, Counts

SHIFT = 20  # room for the bits of the cells
_ZERO = 400_000  # days: makes differences of days positive, activity may be older than the join
_NEVER = "9999-12-31"
_ORIGIN = "2000-01-03"

_PERSON = "member_id = b.member_id AND {day} <= :until"
_SPEECH = ("day", "speech WHERE group_id = :group_id AND " + _PERSON.format(day="day"))
_CHECKIN = (
    "day",
    "checkin WHERE state IN ('done', 'makeup') AND " + _PERSON.format(day="day")
    + " AND challenge_id IN (SELECT id FROM challenge WHERE group_id = :group_id)",
)  # fmt: skip
_DEED = ("biz_date", "deed WHERE " + _PERSON.format(day="biz_date"))
_ORDER = ("biz_date", "shop_order WHERE counts AND " + _PERSON.format(day="biz_date"))
_SOURCES = {
    Counts.ANY: (_SPEECH, _CHECKIN, _DEED, _ORDER),
    Counts.MESSAGES: (_SPEECH,),
    Counts.CHECKINS: (_CHECKIN,),
}

# Everybody who ever was in the group, with the first join ever; a stay without a date hides it only where it came
# first. Members who spoke and were never in the group have no first day.
_STAYS = """
    SELECT member_id,
        CASE WHEN min(iif(joined_on IS NULL, left_on, NULL)) <= min(joined_on) THEN NULL ELSE min(joined_on) END
            AS joined_on,
        max(coalesce(left_on, '~') > :until) AS here
    FROM membership WHERE group_id = :group_id AND coalesce(joined_on, '') <= :until {only} GROUP BY member_id
"""
_GUESTS = """
    UNION ALL SELECT DISTINCT member_id, NULL, 0 FROM speech WHERE group_id = :group_id AND member_id IS NOT NULL
        AND day <= :until {only}
        AND NOT EXISTS (SELECT 1 FROM membership WHERE group_id = :group_id AND member_id = speech.member_id)
"""
LISTED = "AND member_id IN (SELECT value FROM json_each(:ids))"


def standing(counts: Counts, born: Born, *, listed: bool = False, since: bool = False, guests: bool = False) -> str:
    """A select of member_id, here, born_on, seen_on, kept and later of every member of `:group_id`, by what they did
    up to `:until`.

    `listed`: only those of the JSON list `:ids`; `since`: only those born on `:since` or after; `guests`: also who
    spoke there and never was a member.
    """
    return _standing(counts, born, listed, since, guests)


def people(counts: Counts, born: Born, *, listed: bool = False, guests: bool = False) -> str:
    """A select of member_id, joined_on (the first day, whichever it is) and here of the same members."""
    only = LISTED if listed else ""
    found = _STAYS.format(only=only) + (_GUESTS.format(only=only) if guests else "")
    if born is Born.JOINED:
        return found
    firsts = [f"coalesce((SELECT min({day}) FROM {where}), '{_NEVER}')" for day, where in _SOURCES[counts]]
    first = f"nullif({_greatest('min', firsts)}, '{_NEVER}')"
    return f"SELECT member_id, {first} AS joined_on, here FROM ({found}) AS b"


@cache
def _standing(counts: Counts, born: Born, listed: bool, since: bool, guests: bool) -> str:
    found = people(counts, born, listed=listed, guests=guests)
    if since:
        found = f"SELECT * FROM ({found}) WHERE joined_on >= :since"
    sources = _SOURCES[counts]
    # Without a first day there are no cells; the days are counted from a day of their own, and only the last one is
    # wanted.
    origin = f"coalesce(joined_on, '{_ORIGIN}')"
    looked = ", ".join(
        f"coalesce((SELECT {_packed(day)} FROM {where}), 0) AS p{number}" for number, (day, where) in enumerate(sources)
    )
    packed = [f"CAST(p{number} AS INTEGER)" for number in range(len(sources))]
    most = _greatest("max", packed)
    # Materialized: the planner would otherwise ask each look-up again wherever its answer is used.
    return f"""
        WITH person AS MATERIALIZED (
            SELECT *, julianday({origin}) AS born, CAST(julianday({origin}) + 0.5 AS INTEGER) % {WEEK} AS weekday
            FROM ({found})
        ), looked AS MATERIALIZED (SELECT *, {looked} FROM person AS b), packed AS (
            SELECT *, nullif({most} >> {SHIFT}, 0) - {_ZERO} AS last,
                ({" | ".join(packed)}) & {(1 << SHIFT) - 1} AS bits
            FROM looked
        )
        SELECT member_id, here, joined_on AS born_on, date(born + last) AS seen_on,
            1 + iif(joined_on IS NULL, 0, bits) AS kept,
            (last IS NOT NULL) + iif(joined_on IS NULL OR last IS NULL, 0, {_later()}) AS later
        FROM packed"""


def _greatest(which: str, values: list[str]) -> str:
    """The least or greatest of them; of one, SQL would think of rows."""
    return f"{which}({', '.join(values)})" if len(values) > 1 else values[0]


def _packed(day: str) -> str:
    """The last of the days, and the bits of the cells they lie in; a day is in at most one of days and one of weeks."""
    since = f"(julianday({day}) - b.born)"
    week = f"CAST(({since} + b.weekday) / {WEEK} AS INTEGER)"
    daily, weekly = (
        " ".join(f"WHEN {cell.number} THEN {2 << bit}" for bit, cell in enumerate(CELLS) if cell.weekly is of_weeks)
        for of_weeks in (False, True)
    )
    bits = [f"coalesce(sum(DISTINCT CASE {value} {cases} END), 0)" for value, cases in ((since, daily), (week, weekly))]
    return f"(max({since}) + {_ZERO}) * {1 << SHIFT} + {' + '.join(bits)}"


def _later() -> str:
    """The bits of the cells that lie before the last active day, or hold it."""

    def reached(cell: Cell) -> str:
        """The SQL that tells whether somebody was active on the day, or in the week, of a cell or later."""
        return f"last + weekday >= {WEEK * cell.number}" if cell.weekly else f"last >= {cell.number}"

    return " + ".join(f"({reached(cell)}) * {2 << bit}" for bit, cell in enumerate(CELLS))
