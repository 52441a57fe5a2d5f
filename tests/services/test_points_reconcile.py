"""盘点: a ledger with one row altered behind the program's back is named, with member and day (quality R12)."""

from __future__ import annotations

from random import Random

import pytest

from qunguan.domain.errors import Refused
from qunguan.domain.points import Award
from qunguan.services import points
from qunguan.store.seal_check import broken_rows, told
from tests.services.ledger import Rig, day, memory_engine, rig

ENGINE = memory_engine()
ALTERATIONS = {
    "point_entry": [
        "amount = amount + 1",
        "amount = max(1, amount - 1) + (amount = 1)",
        "sign = -sign",
        "biz_date = date(occurred_at, '+40 days'), expires_on = NULL",
        "base = base + 1",
        "multiplier_pct = 300",
    ],
    "point_alloc": [
        "amount = amount + 1",
        "amount = -amount",
        "biz_date = '2025-12-01'",
        "lot_id = entry_id",
        "lot_id = (SELECT id FROM point_entry WHERE member_id = 3)",
        "entry_id = (SELECT id FROM point_entry WHERE member_id = 3)",
    ],
}


WHOSE = {
    "point_entry": "SELECT member_id, biz_date FROM point_entry WHERE id = ?",
    "point_alloc": "SELECT e.member_id, a.biz_date FROM point_alloc a JOIN point_entry e ON e.id = a.entry_id"
    " WHERE a.id = ?",
}


def busy(ledger: Rig, dice: Random) -> None:
    """Some weeks of points; member 3 has one lot and nothing else."""
    ledger.call(points.grant, 3, 50)
    for _turn in range(25):
        who = dice.randint(1, 2)
        ledger.today += dice.randint(0, 3)
        try:
            match dice.randrange(4):
                case 0:
                    ledger.call(points.spend, who, dice.randint(1, 40))
                case 1 if len(found := points.ledger_ids(ledger.session(), member_id=who)):
                    ledger.call(points.reverse, dice.choice(found))
                case 2:
                    ledger.call(points.award_many, [Award(who, "r", 5, "t", str(ledger.today), day(ledger.today))])
                case _:
                    ledger.call(
                        points.grant, who, dice.randint(1, 50), expires_on=day(ledger.today + dice.randint(1, 9))
                    )
        except Refused:
            continue
    ledger.reconciled()


def altered(ledger: Rig, dice: Random) -> tuple[str, int, str]:
    """Alter one row with the triggers off; returns what was done, whose row it was, and where doctor finds it."""
    for table in ALTERATIONS:
        ledger.conn.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
    ledger.conn.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    tables = [name for name in ALTERATIONS if ledger.conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()]
    table = dice.choice(tables)
    change = dice.choice(ALTERATIONS[table])
    row_id = dice.choice(ledger.conn.exec_driver_sql(f"SELECT id FROM {table} ORDER BY id").scalars().all())
    member = int(ledger.conn.exec_driver_sql(WHOSE[table], (row_id,)).one()[0])
    ledger.conn.exec_driver_sql(f"UPDATE {table} SET {change} WHERE id = ?", (row_id,))
    owner, on = ledger.conn.exec_driver_sql(WHOSE[table], (row_id,)).one()
    return f"{table} {row_id}: {change}", member, f"{table} #{row_id} (成员{owner}, {on})"


@pytest.mark.parametrize("first", [0, 50, 100, 150, pytest.param(200, marks=pytest.mark.long)])
def test_one_altered_row_is_named(first):
    for seed in range(first, 1000 if first == 200 else first + 50):
        dice = Random(seed)
        with rig(ENGINE, members=3) as ledger:
            busy(ledger, dice)
            what, member, place = altered(ledger, dice)
            assert [told(ledger.conn, row) for row in broken_rows(ledger.conn)] == [place], f"seed {seed}: {what}"
            found = points.reconcile(ledger.session())
            assert not found.ok, f"seed {seed}: {what} went unseen"
            named = {one.member_id for one in found.differences}
            assert named & {member, 3 if "entry_id =" in what else member}, f"seed {seed}: {what} {found.differences}"
            assert all(one.message for one in found.differences)


def test_a_sound_ledger_is_counted():
    with rig(ENGINE) as ledger:
        busy_members = points.reconcile(ledger.session())
        assert (busy_members.ok, busy_members.members, busy_members.entries) == (True, 0, 0)
        ledger.call(points.grant, 1, 5)
        found = points.reconcile(ledger.session())
        assert (found.ok, found.members, found.entries, found.differences) == (True, 1, 1, ())
