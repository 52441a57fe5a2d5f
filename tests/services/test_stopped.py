"""An import that is killed anywhere leaves all of it or none, and its undo leaves what was there (quality R26).

Whoever sends work again after a kill, any number of times, has it booked exactly once (quality R8).
"""

from __future__ import annotations

import os
import random
import signal
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import event

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.points import PostOutcome
from qunguan.exchange.readers.history import read_checkin_history, read_points
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.services import checkins, history, members, points
from qunguan.services.desk import Desk
from tests.conftest import NOW, assert_sound
from tests.services.test_durability import state
from tests.services.test_history import picture
from tests.services.work import PEOPLE, Operation, prepared

TODAY = NOW.date()


def sheet(head: str, *rows: str):
    return sheet_from_text("\n".join((head, *rows)), "表.csv")


def a_roster(desk: Desk) -> object:
    rows = (f"新人{n},wx_{n},1380000{n:04d},2026-03-{1 + n % 20:02d},宝妈" for n in range(120))
    return desk.write(members.apply, read_roster(sheet("昵称,微信号,手机号,入群日期,标签", *rows)), 1, source="表.csv")


def years_of_checkins(desk: Desk) -> object:
    days = [TODAY - timedelta(days=back) for back in range(20)]
    found = read_checkin_history(sheet("昵称,日期", *(f"{name},{day}" for name in PEOPLE for day in days)))
    return desk.write(checkins.import_history, 1, found)


def years_of_points(desk: Desk) -> object:
    rows = (f"{PEOPLE[n % 8]},2026-03-{1 + n % 20:02d},{5 - 2 * (n % 3)},活动{n}" for n in range(160))
    return desk.write(points.import_history, read_points(sheet("昵称,日期,变动,原因", *rows)))


IMPORTS = (a_roster, years_of_checkins, years_of_points)


def in_a_child(path: Path, work: Operation, number: int) -> bool:
    """Do the work in a process of its own that is killed before its `number`-th statement; whether it came through."""
    child = os.fork()
    if child == 0:
        desk, seen = Desk(path, Clock(NOW)), count(1)

        def on_execute(*_of_the_statement: object) -> None:
            if next(seen) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(desk.store.engine, "before_cursor_execute", on_execute)
        event.listen(desk.store.engine, "commit", on_execute)
        work(desk)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def statements(path: Path, work: Operation) -> int:
    seen = count()
    with Desk(path, Clock(NOW)) as desk:
        event.listen(desk.store.engine, "before_cursor_execute", lambda *_of_the_statement: next(seen) and None)
        event.listen(desk.store.engine, "commit", lambda _conn: next(seen) and None)
        work(desk)
    return next(seen)


def killed(path: Path, work: Operation, points_of_time: int) -> None:
    prepared(path)
    base, before = path.read_bytes(), state(path)
    total = statements(path, work)
    after = state(path)
    assert after != before
    places = sorted({1 + total * turn // points_of_time for turn in range(points_of_time)})
    for number in (*places, total + 1):
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        path.write_bytes(base)
        through = in_a_child(path, work, number)
        assert through == (number > total)
        with Desk(path, Clock(NOW)) as desk:
            assert_sound(desk)
        assert state(path) == (after if through else before), f"statement {number} of {total}"


@pytest.mark.parametrize("work", IMPORTS)
def test_an_import_killed_at_any_of_seven_points_leaves_nothing_of_it(tmp_path, work):
    killed(tmp_path / "q.db", work, 7)


@pytest.mark.long
@pytest.mark.parametrize("work", IMPORTS)
def test_an_import_killed_at_any_of_a_hundred_points_leaves_nothing_of_it(tmp_path, work):
    killed(tmp_path / "q.db", work, 100)


@pytest.mark.parametrize("work", IMPORTS)
def test_the_undo_of_an_import_leaves_what_was_there(tmp_path, work):
    prepared(tmp_path / "q.db")
    with Desk(tmp_path / "q.db", Clock(NOW)) as desk:
        before = picture(desk)
        work(desk)
        assert picture(desk) != before
        desk.write(history.undo)
        assert picture(desk) == before
        assert_sound(desk)


# --- sent again -------------------------------------------------------------------------------------------------------

Sent = tuple[int, int, str, date]


def sent(dice: random.Random, operations: int) -> list[Sent]:
    """Who gets how many points under which key, on which day."""
    days = [TODAY - timedelta(days=back) for back in range(10)]
    return [(1 + n % 8, dice.randint(1, 90), f"op-{n}", dice.choice(days)) for n in range(operations)]


def send(desk: Desk, one: Sent) -> PostOutcome:
    member, amount, key, day = one
    return desk.write(points.grant, member, amount, reason="分享", key=key, day=day)


def sent_again_and_again(path: Path, number: int, seed: int) -> None:
    """Send every operation one to five times, killed now and then; whoever was killed sends all of its batch again."""
    print(f"seed {seed}")
    prepared(path)
    dice = random.Random(seed)
    operations = sent(dice, number)
    waiting = [one for one in operations for _again in range(dice.randint(1, 5))]
    dice.shuffle(waiting)
    kills = 0
    while waiting:
        batch = waiting[:50]

        def work(desk: Desk, batch: list[Sent] = batch) -> None:
            for one in batch:
                send(desk, one)

        if in_a_child(path, work, dice.randint(50, 1200)):
            del waiting[:50]
        else:
            kills += 1
    assert kills > number // 100
    with Desk(path, Clock(NOW)) as desk:
        expected = dict.fromkeys(range(1, 9), 0)
        for member, amount, _key, _day in operations:
            expected[member] += amount
        assert {held.member_id: held.balance for held in desk.read(points.balances, desk.clock)} == expected
        for member, amount, key, day in dice.sample(operations, 20):
            assert send(desk, (member, amount, key, day)).already
            with pytest.raises(Refused):
                send(desk, (member, amount + 1, key, day))
            with pytest.raises(Refused):
                desk.write(points.spend, member, amount, reason="分享", key=key, day=day)
        assert_sound(desk)


def test_operations_sent_up_to_five_times_with_kills_between_are_booked_once(tmp_path):
    sent_again_and_again(tmp_path / "q.db", 80, 20260322)


@pytest.mark.long
def test_five_hundred_operations_sent_up_to_five_times_with_kills_between_are_booked_once(tmp_path):
    sent_again_and_again(tmp_path / "q.db", 500, 20260323)
