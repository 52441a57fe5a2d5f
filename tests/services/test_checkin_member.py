"""One member close up says what the board, the ledger and the records say."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import NotFound
from qunguan.services import checkin_member, checkins
from tests.services.checkin_kit import TODAY, challenge, day, go, people, row, tick_days


@pytest.fixture
def one(desk):
    (member_id,) = people(desk, "阿梨")
    return challenge(desk), member_id


@pytest.mark.parametrize("cadence", ["daily", "weekdays:135", "weekly:2"])
@pytest.mark.parametrize("when", [day(8), day(18), TODAY])
def test_the_line_of_one_is_the_line_on_the_board(desk, cadence, when):
    ids = people(desk, "阿梨", "团团", "小明")
    made = challenge(desk, cadence=cadence)
    for member_id, days in zip(ids, ([2, 4, 6, 16, 18, 20], [16, 18], []), strict=True):
        tick_days(desk, (made, member_id), days)
    for member_id in ids:
        assert desk.read(checkin_member.board_row, desk.clock, made, member_id, when) == row(
            desk, made, member_id, when
        )


def test_beside_tells_points_month_and_the_newest_words(desk, one):
    tick_days(desk, one, [18, 19])
    desk.write(checkins.mark, *one, day(17), "makeup", "出差")
    found = desk.read(checkin_member.beside, desk.clock, *one, TODAY)
    assert (found.row.streak, found.points) == (3, 15)
    assert [cell.state for cell in found.month[15:20]] == ["none", "makeup", "done", "done", "none"]
    assert found.note is not None
    assert (found.note.day, found.note.reason) == (day(17), "出差")


def test_the_month_of_one_has_their_words_in_order(desk, one):
    desk.write(checkins.mark, *one, day(19), "frozen", "考试")
    desk.write(checkins.mark, *one, day(18), "excused", "生病")
    cells, notes = desk.read(checkin_member.month, desk.clock, *one, 2026, 3)
    assert len(cells) == 31
    assert [note.reason for note in notes] == ["生病", "考试"]


def test_makeups_are_the_missed_days_of_the_window_with_what_is_left(desk, one):
    tick_days(desk, one, [18])
    found = desk.read(checkin_member.makeups, desk.clock, *one)
    assert (found.days, found.window, found.quota) == (((day(19), 2), (day(17), 2)), 3, 2)
    desk.write(checkins.mark, *one, day(19), "makeup")
    assert desk.read(checkin_member.makeups, desk.clock, *one).days == ((day(17), 1),)


def test_why_ends_at_the_streak_and_names_sources(desk, one):
    tick_days(desk, one, [17, 18, 19])
    trail = desk.read(checkin_member.why, desk.clock, *one, TODAY)
    assert trail.streak == row(desk, *one).streak == 3
    assert trail.lines[-1].effect == "open"
    assert trail.sources["checkin.streak_tiers"] == "S0-17, S1-08"
    go(desk, day(21))
    assert desk.read(checkin_member.why, desk.clock, *one, TODAY).streak == 0


def test_nobody_is_not_found(desk, one):
    with pytest.raises(NotFound):
        desk.read(checkin_member.beside, desk.clock, one[0], 999, TODAY)
