"""Who speaks in a window and who did before it: each question one pass over its days, however many people there are.

A person is a member, or a speaker nobody knows yet: `coalesce(member_id, -speaker_id)`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from qunguan.store.insight_queries import DAY
from qunguan.store.session import Session

Listed = tuple[tuple[int, int], ...]  # (person, messages), most messages first
Span = tuple[date, date]
_TEN = 10
_PERSON = "coalesce(member_id, -speaker_id)"
_ORDER = "ORDER BY messages DESC, person LIMIT"
_WHOSE = "person IN (SELECT value FROM json_each(:own))"
_SPOKE = f"""
    WITH said AS MATERIALIZED (
        SELECT {_PERSON} AS person, sum(messages) AS messages FROM speech
        WHERE group_id = :group_id AND day BETWEEN :first AND :last AND ({{told}}) GROUP BY 1)
    SELECT 'all', count(*), coalesce(sum(messages), 0), coalesce(sum(messages) FILTER (WHERE {_WHOSE}), 0) FROM said
    UNION ALL SELECT * FROM (SELECT 'top', person, messages, NULL FROM said {_ORDER} :top)
"""
# `before` is the last day before the window, as far back as the days that are read; who has none there may have spoken
# earlier, which is asked by person, so that the years before are not read. `since`: 1 is new, 2 was silent too long.
_CAME_AND_WENT = f"""
    WITH said AS MATERIALIZED (
        SELECT {_PERSON} AS person, sum(messages) AS messages, min(day) AS begun FROM speech
        WHERE group_id = :group_id AND day BETWEEN :first AND :last AND ({{told}}) GROUP BY 1
    ), prior AS MATERIALIZED (
        SELECT {_PERSON} AS person, max(day) AS before, sum(iif(day >= :silent_from, messages, 0)) AS regular,
            sum(iif(day >= :earlier_from, messages, 0)) AS earlier
        FROM speech WHERE group_id = :group_id AND day >= :begin AND day < :first GROUP BY 1
    ), here AS MATERIALIZED (
        SELECT person, messages, earlier, CASE
            WHEN before IS NOT NULL THEN iif(julianday(begun) - julianday(before) > :silent, 2, 0)
            WHEN person > 0 THEN 1 + EXISTS (
                SELECT 1 FROM speech WHERE member_id = person AND group_id = :group_id AND day < :begin)
            ELSE 1 + EXISTS (
                SELECT 1 FROM speech WHERE speaker_id = -person AND member_id IS NULL AND day < :begin) END AS since
        FROM said LEFT JOIN prior USING (person)
    ), lost AS MATERIALIZED (
        SELECT person, regular AS messages FROM prior
        WHERE regular >= :least AND person NOT IN (SELECT person FROM said))
    SELECT 'new', count(*), NULL, NULL, NULL FROM here WHERE since = 1
    UNION ALL SELECT 'back', count(*), NULL, NULL, NULL FROM here WHERE since = 2
    UNION ALL SELECT 'lost', count(*), NULL, NULL, NULL FROM lost
    UNION ALL SELECT 'earlier', count(*), coalesce(sum(earlier), 0),
        (SELECT count(*) FROM here WHERE earlier > 0), coalesce(sum(earlier) FILTER (WHERE {_WHOSE}), 0)
        FROM prior WHERE earlier > 0
    UNION ALL SELECT 'ten', coalesce(sum(earlier), 0), NULL, NULL, NULL
        FROM (SELECT earlier FROM prior ORDER BY earlier DESC LIMIT {_TEN})
    UNION ALL SELECT * FROM (SELECT 'who new', person, messages, NULL, NULL FROM here WHERE since = 1 {_ORDER} :most)
    UNION ALL SELECT * FROM (SELECT 'who back', person, messages, NULL, NULL FROM here WHERE since = 2 {_ORDER} :most)
    UNION ALL SELECT * FROM (SELECT 'who lost', person, messages, NULL, NULL FROM lost {_ORDER} :most)
"""


class Spoke(NamedTuple):
    """What was said in a window: by how many people, how much of it by the owners, and who said most."""

    people: int
    messages: int
    own: int
    top: Listed

    @property
    def ten(self) -> int:
        """The messages of the ten who wrote most."""
        return sum(messages for _person, messages in self.top[:_TEN])


class Earlier(NamedTuple):
    """The window before: people, their messages, how many of them spoke again, the owners' messages, the top ten's."""

    people: int
    messages: int
    again: int
    own: int
    ten: int


class CameAndWent(NamedTuple):
    """Whose first message was in a window, who was silent before it, who is since it: how many, and the first."""

    new: tuple[int, Listed]
    back: tuple[int, Listed]
    lost: tuple[int, Listed]
    earlier: Earlier


def spoke(session: Session, group_id: int, spans: Sequence[Span], own: Collection[int], top: int) -> Spoke:
    """What was said in the stretches, and the `top` who said most (ten at least). `own`: the people who are owners."""
    told, days = _told(spans)
    params = {"group_id": group_id, "first": min(days.values()), "last": max(days.values()), "own": _listed(own),
              "top": max(top, _TEN)}  # fmt: skip
    (_all, people, messages, owners), *most = _run(session, _SPOKE.format(told=told), params | days)
    return Spoke(people, messages, owners, tuple((person, n) for _top, person, n, _none in most))


def came_and_went(
    session: Session, group_id: int, window: Span, spans: Sequence[Span], own: Collection[int], *,
    silent: int, least: int, most: int | None,
) -> CameAndWent:  # fmt: skip
    """Who spoke in the stretches of a window and who in the days before it.

    New: for the first time ever. Back: after more than `silent` days. Lost: `least` messages in the `silent` days
    before, none since. Lists hold at most `most` people, None everybody.
    """
    told, days = _told(spans)
    first, last = window
    silent_from, earlier_from = first - silent * DAY, first - (last - first) - DAY
    params = {
        "group_id": group_id, "first": first, "last": last, "own": _listed(own), "silent": silent, "least": least,
        "silent_from": silent_from, "earlier_from": earlier_from, "begin": min(silent_from, earlier_from),
        "most": -1 if most is None else most,
    }  # fmt: skip
    found: dict[str, list[Any]] = {}
    for what, *numbers in _run(session, _CAME_AND_WENT.format(told=told), params | days):
        found.setdefault(what, []).append(numbers)

    def crowd(name: str) -> tuple[int, Listed]:
        return found[name][0][0], tuple((person, n) for person, n, *_none in found.get(f"who {name}", ()))

    people, messages, again, owners = found["earlier"][0]
    earlier = Earlier(people, messages, again, owners, found["ten"][0][0])
    return CameAndWent(crowd("new"), crowd("back"), crowd("lost"), earlier)


def _told(spans: Sequence[Span]) -> tuple[str, dict[str, date]]:
    """Whether a day is in one of the stretches, as SQL, and its values."""
    told = " OR ".join(f"day BETWEEN :first{n} AND :last{n}" for n in range(len(spans)))
    return told, {f"{end}{n}": span[at] for n, span in enumerate(spans) for at, end in enumerate(("first", "last"))}


def _listed(people: Collection[int]) -> str:
    return json.dumps(sorted(people))


def _run(session: Session, statement: str, params: dict[str, Any]) -> Sequence[Any]:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
    return session.conn.exec_driver_sql(statement, plain).all()
