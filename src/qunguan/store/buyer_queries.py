"""The sums of buyers written and compared, set-based, without a journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection

from qunguan.store.session import Session

_COLUMNS = "id, first_on, last_on, orders, days, net_fen"
_COUNTED = """
    SELECT member_id, min(biz_date), max(biz_date), count(*), count(DISTINCT biz_date), sum(gross - back) FROM (
        SELECT member_id, biz_date, amount_fen - iif(:freight_out, freight_fen, 0) AS gross, coalesce(
            (SELECT sum(amount_fen) FROM order_refund WHERE order_id = o.id), 0) AS back
        FROM shop_order AS o WHERE counts = 1 AND member_id {those} ORDER BY member_id
    ) WHERE NOT (back > 0 AND back >= gross) GROUP BY member_id
"""
_ALL, _LISTED = "IS NOT NULL", "IN (SELECT value FROM json_each(:ids))"
_DIFFERENT = f"""
    WITH kept AS (SELECT {_COLUMNS} FROM buyer), counted AS MATERIALIZED ({_COUNTED.format(those=_ALL)})
    SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted)
    UNION ALL SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept) LIMIT :most
"""
_OF_STEP = "c.step_id = :step AND c.id > :after AND c.tbl ="
_TOUCHED = f"""
    SELECT o.member_id FROM change AS c CROSS JOIN shop_order AS o
    WHERE {_OF_STEP} 'shop_order' AND c.op <> 'delete' AND o.id BETWEEN c.first_id AND c.last_id
    UNION SELECT json_extract(c.before, '$.member_id') FROM change AS c
    WHERE {_OF_STEP} 'shop_order' AND c.op <> 'insert'
    UNION SELECT o.member_id
    FROM change AS c CROSS JOIN order_refund AS r CROSS JOIN shop_order AS o ON o.id = r.order_id
    WHERE {_OF_STEP} 'order_refund' AND c.op <> 'delete' AND r.id BETWEEN c.first_id AND c.last_id
    UNION SELECT o.member_id
    FROM change AS c CROSS JOIN shop_order AS o ON o.id = json_extract(c.before, '$.order_id')
    WHERE {_OF_STEP} 'order_refund' AND c.op <> 'insert'
"""
_NEWEST = """
    SELECT max((SELECT coalesce(max(biz_date), '') FROM shop_order), coalesce(max(biz_date), '')) FROM order_refund
"""


def fill(conn: Connection, *, freight_out: bool) -> None:
    """Count every buyer anew."""
    conn.exec_driver_sql("DELETE FROM buyer")
    insert = f"INSERT INTO buyer ({_COLUMNS}) {_COUNTED.format(those=_ALL)}"
    conn.exec_driver_sql(insert, {"freight_out": freight_out})


def recount(session: Session, ids: Iterable[int], *, freight_out: bool) -> None:
    """Count these members anew."""
    params = {"ids": json.dumps(sorted(ids)), "freight_out": freight_out}
    _run(session, f"DELETE FROM buyer WHERE id {_LISTED}", ids=params["ids"])
    _run(session, f"INSERT INTO buyer ({_COLUMNS}) {_COUNTED.format(those=_LISTED)}", **params)


def touched(session: Session, step: int, after: int) -> set[int]:
    """Members whose orders or refunds the changes of a step after the one with id `after` touched."""
    rows = _run(session, _TOUCHED, step=step, after=after)
    return {row[0] for row in rows if row[0] is not None}


def tell_of(session: Session, day: date) -> bool:
    """Whether the sums are those of this day: nothing was ordered or given back after it."""
    return bool(_run(session, _NEWEST).scalar() <= day.isoformat())


def differences(session: Session, limit: int, *, freight_out: bool) -> list[str]:
    """Sums that are not what the orders say, at most so many: "buyer: …"; the wrong ones, then the right ones."""
    rows = _run(session, _DIFFERENT, freight_out=freight_out, most=limit)
    return [f"buyer: {', '.join(str(value) for value in row)}" for row in rows]


def _run(session: Session, statement: str, **params: Any) -> Any:
    return session.conn.exec_driver_sql(statement, params)
