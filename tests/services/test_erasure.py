"""People forgotten: nothing the program keeps says who they were, and every number stays (quality R35).

What it writes for its makers, a log or the report of a fault, says nobody's name or phone either (quality R36).
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from qunguan.domain.clock import Clock
from qunguan.domain.errors import UserError
from qunguan.exchange.readers.jielong import parse
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.services import checkins, groups, history, members, points
from qunguan.services.crash import report
from qunguan.services.desk import Desk
from qunguan.store.checkins import checkin
from qunguan.store.members import member
from qunguan.store.session import Session
from tests.conftest import NOW, assert_sound

PEOPLE = 200
Secret = tuple[str, str, str]
SECRETS: list[Secret] = [(f"秘氏{n:03d}", f"wx_secret_{n:03d}", f"13977700{n:03d}") for n in range(PEOPLE)]


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Desk]:
    """A group of 200 who came with a roster, signed a 接龙, have points and changed their names."""
    with Desk(tmp_path / "q.db", Clock(NOW), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        lines = "\n".join(f"{name},{account},{phone},{name}的备注,老{name}" for name, account, phone in SECRETS)
        given = read_roster(sheet_from_text(f"昵称,微信号,手机号,备注,备注名\n{lines}", "名单.csv"))
        assert desk.write(members.apply, given, 1, source="名单.csv").created == PEOPLE
        desk.write(checkins.start, "早起", who="all")
        chain = "\n".join(f"{n}. {name} 早，{phone}" for n, (name, _account, phone) in enumerate(SECRETS, 1))
        recorded = desk.write(checkins.record, 1, parse(f"#接龙\n早起\n\n{chain}"), raw=chain)
        assert len(recorded.recorded) == PEOPLE
        desk.write(granted)
        for number in range(1, PEOPLE + 1, 10):
            person = desk.read(members.get, number)
            desk.write(members.edit, replace(person, name=f"{person.name}改"))
        desk.write(history.undo)
        yield desk
        assert_sound(desk)


def granted(session: Session, clock: Clock) -> None:
    session.step("granted")
    for number in range(1, PEOPLE + 1):
        points.grant(session, clock, number, number, reason="分享")


def told(folder: Path) -> set[str]:
    """Whose secrets the bytes of any file there hold."""
    content = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {text for secret in SECRETS for text in secret if text.encode() in content}


def numbers(session: Session) -> list[tuple[int, int]]:
    """What stays: every balance, and how often everybody checked in."""
    counts = session.rows(select(checkin.c.member_id, func.count()).group_by(checkin.c.member_id))
    return [(held.member_id, held.balance) for held in points.balances(session, Clock(NOW))] + list(map(tuple, counts))


@pytest.mark.parametrize("erased", [16, pytest.param(PEOPLE, marks=pytest.mark.long)])
def test_forgotten_people_are_in_no_file_and_their_numbers_are(crowd: Desk, tmp_path: Path, erased: int) -> None:
    before = crowd.read(numbers)
    assert len(told(tmp_path)) == 3 * PEOPLE
    gone = random.Random(35).sample(range(1, PEOPLE + 1), erased)
    for number in gone:
        crowd.write(members.erase, number)
    kept = {text for number, secret in enumerate(SECRETS, 1) if number not in gone for text in secret}
    assert told(tmp_path) == kept
    assert sorted(crowd.read(numbers)) == sorted(before)


def test_five_hundred_hostile_operations_leave_nobody_in_a_log(
    crowd: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, dice = tmp_path / "q.db", random.Random(36)
    crowd.close()
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="sqlalchemy.engine")

    def twice(session: Session, clock: Clock, name: str, phone: str) -> None:
        session.conn.execute(member.insert().values(id=1, name=name, phone=phone, sort_key=name))

    with Desk(path, Clock(NOW)) as desk:
        for turn in range(500):
            number = dice.randrange(PEOPLE)
            name, account, phone = SECRETS[number]
            with suppress(UserError):
                match turn % 5:
                    case 0:
                        desk.write(points.spend, number + 1, 10**6, reason=f"{name} {phone}")
                    case 1:
                        desk.write(members.add, f"[red]{name}\x1b]52;c;{phone}\x07", group_id=1)
                    case 2:
                        desk.read(members.resolve, f"{account}?")
                    case 3:
                        desk.write(members.set_alias, number + 1, "nick", f"=HYPERLINK({name})")
                    case _:
                        with pytest.raises(IntegrityError) as caught:
                            desk.write(twice, name, phone)
                        report(caught.value, tmp_path)
                        said = str(caught.value) + (tmp_path / "qunguan-crash.log").read_text("utf-8")
                        assert not any(text in said for text in SECRETS[number])
    assert "INSERT INTO member" in caplog.text, "the engine was heard"
    assert not {text for secret in SECRETS for text in secret if text in caplog.text}
