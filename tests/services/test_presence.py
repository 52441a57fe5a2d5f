"""The roll-ups follow every write by themselves, undo and redo included, and say what the rows say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from qunguan.domain.clock import Clock
from qunguan.domain.presence import Stretch
from qunguan.services import checkins, doctor, groups, history, members, presence, rules
from qunguan.services.desk import Desk
from qunguan.store import presence_reads as reads
from qunguan.store.activity import chat_hour, chat_import, speaker, speech
from qunguan.store.engine import write_transaction
from qunguan.store.presence import activity_day, presence_cohort, presence_last
from qunguan.store.presence import presence as kept
from qunguan.store.session import Session
from qunguan.store.shift import shift_days

TODAY = date(2026, 3, 20)
Said = tuple[int | None, date, int]  # member, day, messages


def tell(session: Session, clock: Clock, said: Sequence[Said], group_id: int = 1) -> int:
    """An import that told these messages; strangers are one speaker."""
    session.step("told")
    days = [day for _, day, _ in said]
    first, last = (datetime(day.year, day.month, day.day, 4, tzinfo=UTC) for day in (min(days), max(days)))
    counts = {"messages": sum(row[2] for row in said), "system": 0, "recalled": 0, "joins": 0, "leaves": 0}
    told = session.insert(
        chat_import, group_id=group_id, format="generic", name="a.csv", first_at=first, last_at=last, duplicates=0,
        imported_at=clock.now(), **counts,
    )  # fmt: skip
    speakers: dict[int | None, int] = {}
    for member_id in dict.fromkeys(row[0] for row in said):
        speakers[member_id] = session.insert(
            speaker, group_id=group_id, kind="name", key=f"{told}-{member_id}", name="", member_id=member_id,
            matched_by="unknown" if member_id is None else "hand",
        )  # fmt: skip
    sums: dict[tuple[int | None, date], int] = {}
    for who, day, messages in said:
        sums[who, day] = sums.get((who, day), 0) + messages
    fixed = {"import_id": told, "group_id": group_id}
    session.insert_many(
        speech,
        ({"member_id": who, "speaker_id": speakers[who], "day": day, "messages": number, **fixed}
         for (who, day), number in sums.items()),
    )  # fmt: skip
    by_day: dict[date, int] = {}
    for _who, day, messages in said:
        by_day[day] = by_day.get(day, 0) + messages
    session.insert_many(chat_hour, ({"day": day, "hour": 20, "messages": n, **fixed} for day, n in by_day.items()))
    return told


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def talk(desk: Desk) -> Desk:
    """Three members who joined 40 days ago; the first two have spoken."""
    desk.write(members.add_many, ["一一", "二二", "三三"], group_id=1, joined_on=ago(40))
    desk.write(tell, [(1, ago(39), 5), (1, ago(2), 1), (2, ago(33), 2), (None, ago(2), 3)])
    return desk


def rows(desk: Desk) -> list[tuple[object, ...]]:
    """The roll-ups of members, without their ids."""
    return [tuple(row)[2:] for row in desk.read(lambda session: session.rows(select(kept).order_by(kept.c.member_id)))]


def sizes(desk: Desk) -> dict[date, int]:
    cohorts = select(presence_cohort).where(presence_cohort.c.cell == 0)
    return {row.born_on: row.kept for row in desk.read(lambda session: session.rows(cohorts))}


def test_an_import_fills_the_roll_ups(talk: Desk) -> None:
    first, second, third = rows(talk)
    assert first[1:6] == (ago(39), ago(2), 2, 6, 1)
    assert second[1:6] == (ago(33), ago(33), 1, 2, 1)
    assert third[1:6] == (None, None, 0, 0, 1)
    days = talk.read(lambda session: session.rows(select(activity_day).order_by(activity_day.c.day)))
    assert [tuple(row)[2:] for row in days] == [(ago(39), 5, 1), (ago(33), 2, 1), (ago(2), 4, 2)]
    assert sizes(talk) == {ago(40): 3}


def test_people_of_a_week_are_no_sum_of_its_days(talk: Desk) -> None:
    talk.write(tell, [(1, ago(3), 2), (2, ago(4), 1)])
    monday = ago(4)
    assert talk.read(reads.weeks, 1, monday, monday) == {monday: (7, 3)}
    talk.write(history.undo)
    assert talk.read(reads.weeks, 1, monday, monday) == {monday: (4, 2)}


def test_a_group_without_speech_has_none(desk: Desk) -> None:
    desk.write(members.add_many, ["一一", "二二"], group_id=1, joined_on=ago(40))
    assert rows(desk) == []
    assert desk.read(presence.actives, desk.clock, 1, 30) == 0


def test_undo_and_redo_of_an_import(talk: Desk) -> None:
    before = rows(talk)
    talk.write(tell, [(3, ago(1), 2)], 1)
    told = rows(talk)
    talk.write(history.undo)
    assert rows(talk) == before
    talk.write(history.redo)
    assert rows(talk) == told
    talk.write(history.undo)
    talk.write(history.undo)
    assert rows(talk) == []
    assert sizes(talk) == {}


def test_a_speaker_becomes_somebody_else(talk: Desk) -> None:
    def move(session: Session, clock: Clock) -> None:
        session.step("moved")
        wanted = session.rows(select(speech.c.id).where(speech.c.member_id == 2))
        session.update_many(speech, [{"id": row.id, "member_id": 3} for row in wanted])

    talk.write(move)
    assert [row[4] for row in rows(talk)] == [6, 0, 2]
    talk.write(history.undo)
    assert [row[4] for row in rows(talk)] == [6, 2, 0]


def test_check_ins_orders_and_stays_count(talk: Desk) -> None:
    challenge = talk.write(checkins.start, "早起", who="all", starts_on=ago(5))
    talk.write(checkins.tick, challenge.id, 3, ago(1))
    assert talk.read(presence.actives, talk.clock, 1, 3) == 2
    talk.write(members.leave, 3, 1, TODAY, "换群")
    assert talk.read(presence.actives, talk.clock, 1, 3) == 1
    assert talk.read(presence.actives, talk.clock, 1, 3, ago(1)) == 2, "then still there"
    talk.write(history.undo)
    assert talk.read(presence.actives, talk.clock, 1, 3) == 2
    talk.write(rules.change, "activity.counts", "messages")
    assert talk.read(presence.actives, talk.clock, 1, 3) == 1
    talk.write(history.undo)
    assert talk.read(presence.actives, talk.clock, 1, 3) == 2


def test_newcomers_join_their_cohort(talk: Desk) -> None:
    talk.write(members.add, "四四", group_id=1, joined_on=ago(3))
    assert sizes(talk) == {ago(40): 3, ago(3): 1}
    talk.write(history.undo)
    assert sizes(talk) == {ago(40): 3}


def test_unknown_is_not_zero(talk: Desk) -> None:
    counts = talk.read(presence.day_counts, 1, ago(41), TODAY)
    told = {each.day: each.messages for each in counts}
    assert told[ago(41)] is None
    assert told[TODAY] is None
    assert told[ago(30)] == 0
    assert told[ago(2)] == 4
    assert talk.read(presence.coverage, 1) == (Stretch(ago(39), ago(2)),)
    assert talk.read(presence.actives, talk.clock, 1, 2) is None, "nobody told of yesterday and today"
    assert talk.read(presence.actives, talk.clock, 1, 3) == 1


def test_hours(talk: Desk) -> None:
    table = talk.read(presence.hours, 1, ago(39), ago(33))
    assert table.days == (1,) * 7
    assert sum(sum(row or ()) for row in table.messages) == 7
    best = talk.read(presence.best_hour, 1, ago(60), TODAY)
    assert best is not None
    assert (best.hour, best.days) == (20, 38)
    none = talk.read(presence.hours, 1, ago(60), ago(59))
    assert none.messages == (None,) * 7
    assert talk.read(presence.best_hour, 1, ago(60), ago(59)) is None


def test_doctor_sees_a_wrong_sum_and_rebuild_mends_it(talk: Desk) -> None:
    def spoil(session: Session, clock: Clock) -> None:
        session.conn.execute(update(presence_last).values(members=7))
        session.conn.execute(update(kept).where(kept.c.member_id == 2).values(messages=9))

    talk.write(spoil)
    found = {check.name: check for check in talk.read(doctor.check)}["presence"]
    assert not found.ok
    assert "presence: 1, 2" in found.detail
    talk.write(lambda session, clock: presence.rebuild(session))
    assert talk.read(presence.differences) == ()


def test_what_lies_ahead_is_left_to_the_rows(talk: Desk) -> None:
    talk.write(tell, [(3, TODAY + timedelta(days=2), 1), (3, ago(1), 1)])
    assert talk.read(presence.actives, talk.clock, 1, 1) == 0
    assert talk.read(presence.actives, talk.clock, 1, 3) == 2


def test_two_groups_stay_two(talk: Desk) -> None:
    other = talk.write(groups.create, "晚睡群").id
    talk.write(members.join, 1, other, ago(10))
    talk.write(tell, [(1, ago(9), 4), (2, ago(9), 1)], other)
    assert talk.read(presence.actives, talk.clock, other, 30) == 1, "the second only spoke there"
    assert [row[:5] for row in rows(talk)][1] == (1, ago(9), ago(9), 1, 4)


def test_dates_moved_by_days_that_are_no_weeks(talk: Desk) -> None:
    with write_transaction(talk.store.engine) as conn:
        shift_days(conn, 3)
        session = Session(conn, talk.clock)
        assert session.scalar(select(kept.c.last_on).where(kept.c.member_id == 1)) == ago(-1)
        presence.rebuild(session)
    assert talk.read(presence.differences) == ()
    assert sizes(talk) == {ago(37): 3}
