"""Points by rule: once each, within the caps, taken back and restored; and a spreadsheet's points."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.points import Award
from qunguan.exchange.readers.history import HistoryPoints, PointsHistory
from qunguan.services import points
from tests.services.ledger import Rig, day, rig


@pytest.fixture
def ledger():
    with rig(members=300) as found:
        found.today = 30
        yield found
        found.reconciled()


def award(who: int = 1, source: str = "1", base: int = 5, on: int = 30, rule: str = "checkin.points", pct: int = 100):
    return Award(who, rule, base, "checkin", source, day(on), "打卡", pct)


def count(ledger: Rig, table: str = "point_entry") -> int:
    return int(ledger.conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_an_award_is_booked_once(ledger):
    (first,) = ledger.call(points.award_many, [award()])
    assert (first.status, first.amount, first.cut) == ("booked", 5, 0)
    both = ledger.call(points.award_many, [award(), award(), award(source="2")])
    assert [one.status for one in both] == ["already", "already", "booked"]
    assert both[0].entry_id == first.entry_id
    assert ledger.balance() == 10
    assert count(ledger) == 2


def test_base_and_multiplier_are_kept_beside_the_amount(ledger):
    ledger.call(points.award_many, [award(base=7, pct=250)])
    kept = ledger.conn.exec_driver_sql("SELECT amount, base, multiplier_pct FROM point_entry").one()
    assert tuple(kept) == (17, 7, 250)


def test_a_base_of_nothing_books_nothing(ledger):
    (done,) = ledger.call(points.award_many, [award(base=0)])
    assert (done.status, done.entry_id) == ("nothing", None)
    assert ledger.call(points.award_many, []) == ()
    assert count(ledger) == count(ledger, "point_cut") == 0


def test_caps_cut_and_what_was_cut_is_kept(ledger):
    ledger.rule("points.rule_day_cap", 12)
    ledger.rule("points.member_day_cap", 15)
    done = ledger.call(
        points.award_many,
        [award(source="1"), award(source="2"), award(source="3"), award(source="4"), award(source="5", rule="b")],
    )
    assert [(one.amount, one.cut) for one in done] == [(5, 0), (5, 0), (2, 3), (0, 5), (3, 2)]
    cuts = ledger.conn.exec_driver_sql("SELECT source_id, wanted, awarded, cap_id FROM point_cut ORDER BY id").all()
    assert [tuple(cut) for cut in cuts] == [
        ("3", 5, 2, "points.rule_day_cap"),
        ("4", 5, 0, "points.rule_day_cap"),
        ("5", 5, 3, "points.member_day_cap"),
    ]
    assert ledger.call(points.award_many, [award(source="6", on=29)])[0].amount == 5, "another day has caps of its own"
    ledger.call(points.award_many, [award(source="4")])
    assert count(ledger, "point_cut") == 3, "asking again keeps one note"


def test_room_under_a_cap_comes_back_with_what_is_taken_back(ledger):
    ledger.rule("points.rule_day_cap", 5)
    assert [one.amount for one in ledger.call(points.award_many, [award(), award(source="2")])] == [5, 0]
    ledger.call(points.take_back, [award().key])
    assert ledger.call(points.award_many, [award(source="2")])[0].amount == 5


def test_taken_back_and_asked_for_again_is_restored(ledger):
    ledger.call(points.award_many, [award()])
    assert len(ledger.call(points.take_back, [award().key, award(source="?").key]).entry_ids) == 1
    assert ledger.call(points.take_back, [award().key]).entry_ids == ()
    assert ledger.balance() == 0
    (again,) = ledger.call(points.award_many, [award()])
    assert (again.status, again.amount) == ("restored", 5)
    assert ledger.call(points.award_many, [award()])[0].status == "already"
    assert ledger.balance() == 5


def test_what_the_owner_reversed_stays_reversed(ledger):
    (done,) = ledger.call(points.award_many, [award()])
    ledger.call(points.reverse, done.entry_id, amount=2)
    assert ledger.call(points.award_many, [award()])[0].amount == 3


def test_awards_expire_by_the_rule(ledger):
    ledger.rule("points.expiry_days", 10)
    ledger.call(points.award_many, [award(), award(source="old", on=1)])
    assert ledger.balance() == 5
    assert ledger.balance(on=11) == 5
    assert ledger.balance(on=12) == 0
    ledger.today = 41
    assert ledger.balance() == 0


def test_an_award_pays_a_debt_first(ledger):
    granted = ledger.call(points.grant, 1, 10)
    ledger.call(points.spend, 1, 8)
    ledger.call(points.reverse, granted.entry_id)
    ledger.call(points.award_many, [award(base=20), award(who=2, base=20)])
    assert (ledger.balance(1), ledger.balance(2)) == (12, 20)
    assert ledger.call(points.spend, 1, 12).balance == 0


def test_a_day_to_come_and_amounts_that_cannot_be_are_refused(ledger):
    for wrong in (award(on=31), award(base=-5), award(base=10**12)):
        with pytest.raises(BadInput):
            ledger.call(points.award_many, [award(), wrong])
    assert count(ledger) == 0


def test_three_hundred_members_cost_a_handful_of_statements(ledger):
    statements: list[str] = []
    event.listen(ledger.conn, "before_cursor_execute", lambda *args: statements.append(args[2]))
    awards = [award(who=who, source=str(who)) for who in range(1, 301)]
    ledger.call(points.award_many, awards)
    few = len(statements)
    statements.clear()
    ledger.call(points.take_back, [one.key for one in awards])
    assert few < 25
    assert len(statements) < 25
    assert all(one.balance == 0 for one in points.balances(ledger.session(), ledger.clock))


def resolve(name: str) -> int:
    if name == "谁":
        raise NotFound("there is no member {text}", text=name)
    return int(name)


def history(*entries: HistoryPoints) -> PointsHistory:
    return PointsHistory("utf-8", entries, (), ())


def row(number: int, name: str, on: int, change: int, key: str = "", expires: int | None = None) -> HistoryPoints:
    return HistoryPoints(number, name, day(on), change, None if expires is None else day(expires), "表格", key)


def imported(ledger: Rig, *entries: HistoryPoints):
    return ledger.call(points.import_history, history(*entries), resolve)


def test_a_history_is_booked_in_the_order_of_its_days(ledger):
    done = imported(ledger, row(2, "1", 5, -30), row(3, "1", 1, 50), row(4, "1", 5, -30), row(5, "1", 5, 10))
    assert (done.booked, done.already) == (3, 0)
    assert [(note.row, "20" in str(note.reason)) for note in done.rejected] == [(4, True)]
    assert ledger.balance() == 30


def test_the_same_file_twice_adds_nothing(ledger):
    rows = [row(2, "1", 1, 50), row(3, "1", 1, 50), row(4, "2", 2, 50, key="A1"), row(5, "1", 9, -5, expires=12)]
    assert imported(ledger, *rows).booked == 4
    before = count(ledger), count(ledger, "step")
    again = imported(ledger, *rows)
    assert (again.booked, again.already, again.rejected) == (0, 4, ())
    assert (count(ledger), count(ledger, "step")) == before
    longer = imported(ledger, *rows, row(6, "1", 1, 50))
    assert (longer.booked, longer.already) == (1, 4)


def test_an_import_that_was_undone_can_be_done_again(ledger):
    rows = [row(2, "1", 1, 50), row(3, "1", 2, -20), row(4, "2", 2, 50, key="A1")]
    imported(ledger, *rows)
    ledger.undo(ledger.last_step())
    assert (ledger.balance(1), ledger.balance(2)) == (0, 0)
    assert imported(ledger, *rows).booked == 3
    assert (ledger.balance(1), ledger.balance(2)) == (30, 50)


def test_rows_that_cannot_be_are_rejected_with_their_reason(ledger):
    ledger.call(points.grant, 1, 5, key="K", reason="手工", day=day(1))
    done = imported(
        ledger, row(2, "谁", 1, 5), row(3, "1", 31, 5), row(4, "1", 5, 10**10), row(5, "1", 1, 6, key="K"),
        row(6, "2", 1, 6, key="Z"), row(7, "2", 1, 7, key="Z"), row(8, "2", 1, 6, key="Z"),
    )  # fmt: skip
    assert (done.booked, done.already) == (1, 1)
    assert [note.row for note in done.rejected] == [2, 3, 4, 5, 7]
    assert all(str(note.reason) for note in done.rejected)


def test_imported_points_expire_on_their_way(ledger):
    done = imported(ledger, row(2, "1", 1, 50, expires=4), row(3, "1", 3, -20), row(4, "1", 5, -1), row(5, "1", 20, 7))
    assert [note.row for note in done.rejected] == [4]
    assert [ledger.balance(on=on) for on in (1, 3, 4, 5, 20)] == [50, 30, 30, 0, 7]


def test_ten_years_of_rows(ledger):
    ledger.today = 3650
    rows = [
        HistoryPoints(n, str(1 + n % 50), day(n % 3650), -1 if n % 3 == 2 else 3, day(n % 3650) + timedelta(days=90))
        for n in range(5000)
    ]
    done = imported(ledger, *rows)
    assert done.booked + len(done.rejected) == 5000
    assert done.booked > 4000
