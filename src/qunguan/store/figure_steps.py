"""What happened between the ends of two days, for figures counted forward: whose it was, and nothing of all others.

Such a figure at the later end is that of the earlier one, plus what these people come to then, less what they did.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from qunguan.domain.retention import Counts
from qunguan.store.session import Session

MANY = 50_000  # rows, from which on counting all of them is not much slower
_FEW = 1_000  # people nobody counts the cost of
_DEARER = 4  # how much dearer it is to take somebody off than to count somebody
_DAY = timedelta(days=1)
_LATEST = "9999-12-31"

_ORDERED = "SELECT id FROM shop_order WHERE biz_date BETWEEN :first AND :last"
_REFUNDED = "SELECT order_id FROM order_refund WHERE biz_date BETWEEN :first AND :last"
_EXPIRED = "SELECT id FROM shop_order WHERE biz_date BETWEEN :gone_first AND :gone_last"
_ORDERS = f"""
    WITH touched AS MATERIALIZED ({_ORDERED} UNION {_REFUNDED} UNION {_EXPIRED}), who AS MATERIALIZED (
        SELECT DISTINCT member_id, iif(member_id IS NULL, buyer_key, NULL) AS key
        FROM touched CROSS JOIN shop_order USING (id))
    SELECT id FROM shop_order WHERE member_id IN (SELECT member_id FROM who) AND biz_date BETWEEN :since AND :last
    UNION ALL SELECT id FROM shop_order WHERE +member_id IS NULL AND buyer_key IN (SELECT key FROM who)
        AND +biz_date BETWEEN :since AND :last
    LIMIT :most
"""
_MOVED = """
    SELECT member_id FROM membership WHERE group_id = :group_id AND joined_on BETWEEN :first AND :last
    UNION SELECT member_id FROM membership WHERE group_id = :group_id AND left_on BETWEEN :first AND :last
"""
_BUYERS = f"""
    SELECT o.member_id FROM ({_ORDERED} UNION {_REFUNDED}) CROSS JOIN shop_order AS o USING (id)
    WHERE o.member_id IS NOT NULL
    UNION {_MOVED} LIMIT :most
"""
_SAID = "SELECT member_id FROM speech WHERE group_id = :group_id AND day BETWEEN :first AND :last AND member_id > 0"
_CHECKED = """
    SELECT k.member_id FROM challenge AS c JOIN checkin AS k ON k.challenge_id = c.id
    WHERE c.group_id = :group_id AND k.state IN ('done', 'makeup') AND k.day BETWEEN :first AND :last
"""
_DID = "SELECT member_id FROM deed WHERE biz_date BETWEEN :first AND :last"
_BOUGHT = "SELECT member_id FROM shop_order WHERE counts AND member_id > 0 AND biz_date BETWEEN :first AND :last"
_ACTS = {Counts.ANY: (_SAID, _CHECKED, _DID, _BOUGHT), Counts.MESSAGES: (_SAID,), Counts.CHECKINS: (_CHECKED,)}

_LAST_SEEN = """
    SELECT coalesce(sum(members) FILTER (WHERE day > :as_of), 0), coalesce(sum(here) FILTER (WHERE day <= :as_of), 0)
    FROM presence_last WHERE group_id = :group_id AND day >= :first
"""
_THOSE_SEEN = """
    SELECT coalesce(sum(here), 0) FROM presence WHERE group_id = :group_id AND seen_on BETWEEN :first AND :as_of
        AND member_id IN (SELECT value FROM json_each(:ids))
"""
_THOSE_ACTIVE = """
    SELECT count(*) FROM json_each(:ids) AS one WHERE ({acted}) AND EXISTS (
        SELECT 1 FROM membership WHERE member_id = one.value AND group_id = :group_id
            AND coalesce(joined_on, '') <= :last AND coalesce(left_on, '~') > :last)
"""


def orders(session: Session, before: date, day: date, back: int | None = None) -> list[int] | None:
    """Every order, up to `day`, of the buyers who ordered or got money back after `before`; None where they are many.

    `back`: also of those whose order a window of so many days no longer holds; and no order that neither holds.
    """
    reach = timedelta(days=back or 0)
    gone = (before - reach + _DAY, day - reach) if back else (day, before)
    since = gone[0] if back else date.min
    return _few(session, _ORDERS, before, day, gone_first=gone[0], gone_last=gone[1], since=since)


def buyers(session: Session, group_id: int, before: date, day: date) -> list[int] | None:
    """The members who bought, got money back, came or left after `before`, up to `day`; None where they are many."""
    return _few(session, _BUYERS, before, day, group_id=group_id)


def active(session: Session, group_id: int, counts: Counts, first: date, as_of: date) -> int | None:
    """Members of the group on `as_of` who were active from `first` to then, by the roll-ups of now.

    What happened after that day is taken off for whomever it happened to; None where they are so many that the rows
    of the days tell it sooner. `counts` is the rule in force, by which the roll-ups are counted.
    """
    span = {"group_id": group_id, "first": first.isoformat(), "as_of": as_of.isoformat()}
    later, here = _run(session, _LAST_SEEN, **span).one()
    if later > MANY or later > max(_FEW, here / _DEARER):
        return None
    acts = " UNION ".join((*_ACTS[counts], _MOVED)) if later else _MOVED
    ids = _few(session, f"SELECT * FROM ({acts}) LIMIT :most", as_of, date.fromisoformat(_LATEST), group_id=group_id)
    if ids is None:
        return None
    listed = json.dumps(ids)
    seen = _run(session, _THOSE_SEEN, **span, ids=listed).scalar()
    acted = " OR ".join(f"EXISTS ({each} AND member_id = one.value)" for each in _ACTS[counts])
    then = {"group_id": group_id, "first": span["first"], "last": span["as_of"], "ids": listed}
    return int(here - seen + _run(session, _THOSE_ACTIVE.format(acted=acted), **then).scalar())


def _few(session: Session, statement: str, before: date, day: date, **params: Any) -> list[int] | None:
    span = {"first": (before + _DAY).isoformat(), "last": day.isoformat(), "most": MANY + 1}
    days = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
    found: Sequence[int] = _run(session, statement, **span, **days).scalars().all()
    return None if len(found) > MANY else list(found)


def _run(session: Session, statement: str, **params: Any) -> Any:
    return session.conn.exec_driver_sql(statement, params)
