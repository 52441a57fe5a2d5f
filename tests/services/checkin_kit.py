"""What the check-in tests share: a community on a desk, days, and what the ledger says of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from qunguan.domain.checkin_outcomes import BoardRow, RecordOutcome
from qunguan.domain.clock import Clock
from qunguan.exchange.readers.jielong import parse
from qunguan.services import checkins, history, members, points
from qunguan.services.desk import Desk
from qunguan.store.points import point_entry

TODAY = date(2026, 3, 20)


def day(n: int) -> date:
    """The nth of March."""
    return date(2026, 3, n)


def go(desk: Desk, when: date) -> None:
    """Let it be eight in the evening of that day."""
    desk.clock = Clock(datetime(when.year, when.month, when.day, 12, tzinfo=UTC))


def people(desk: Desk, *names: str) -> list[int]:
    """Members of the group, by name."""
    return [desk.write(members.add, name, group_id=1).id for name in names]


def challenge(desk: Desk, name: str = "早起", who="all", **terms) -> int:
    """A challenge from the first of March on, without caps in the way."""
    return desk.write(checkins.start, name, who=who, **{"starts_on": day(1), **terms}).id


def chain(*names: str, title: str = "早起打卡") -> str:
    """A 接龙 as the client writes it."""
    return "\n".join([f"#接龙\n{title}\n", *(f"{n}. {name}" for n, name in enumerate(names, 1))])


def paste(desk: Desk, challenge_id: int, text: str, when: date | None = None, **options) -> RecordOutcome:
    """Record a pasted 接龙."""
    return desk.write(checkins.record, challenge_id, parse(text), when, raw=text, **options)


def tick_days(desk: Desk, one: tuple[int, int], days: Iterable[int]) -> None:
    """Tick each day (of March) of a challenge and member in the evening of that day."""
    before = desk.clock
    for each in days:
        go(desk, day(each))
        desk.write(checkins.tick, *one, day(each))
    desk.clock = before


def row(desk: Desk, challenge_id: int, member_id: int, when: date | None = None) -> BoardRow:
    """Somebody's line on the board."""
    board = desk.read(checkins.board, desk.clock, challenge_id, when)
    return next(each for each in board.rows if each.member_id == member_id)


def balance(desk: Desk, member_id: int) -> int:
    """Somebody's points at the end of time."""
    far = desk.clock.now().date() + timedelta(days=2)
    return next(
        (each.balance for each in desk.read(points.balances, desk.clock, far) if each.member_id == member_id), 0
    )


def earned(desk: Desk, member_id: int, source_type: str) -> list[str]:
    """The sources of what somebody has earned, whether or not it was taken back."""
    query = select(point_entry.c.source_id).where(
        point_entry.c.member_id == member_id, point_entry.c.kind == "EARN", point_entry.c.source_type == source_type
    )
    return [each.source_id for each in desk.read(lambda session: session.rows(query.order_by(point_entry.c.id)))]


def steps(desk: Desk) -> int:
    """How many steps could be undone."""
    return len(desk.read(history.recent, 1000))
