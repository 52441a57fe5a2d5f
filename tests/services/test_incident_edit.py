"""What was said in a hurry is put right in one step; a clock set back while the program runs is written down once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.services import history, incident_watch, incidents
from qunguan.services.desk import Desk
from qunguan.services.incident_edit import Changes, change
from tests.conftest import NOW

EARLIER = NOW - timedelta(minutes=10)


@pytest.fixture
def made(desk: Desk) -> int:
    return desk.write(incidents.start, "突发情况").id


def test_everything_is_corrected_as_one_step(desk, made):
    found = desk.write(change, made, Changes("草莓坏了", "critical", "food", EARLIER, {"service": "小王"}))
    assert (found.title, found.severity, found.playbook, found.t0) == ("草莓坏了", "critical", "food", EARLIER)
    view = desk.read(incidents.view, Clock(NOW), made)
    assert [role.holder for role in view.roles] == ["小王"]
    assert any("突发情况 → 草莓坏了" in entry.text for entry in view.timeline)
    desk.write(history.undo)
    back = desk.read(incidents.get, made)
    assert (back.title, back.severity, back.playbook, back.t0) == ("突发情况", "major", "", NOW)


def test_the_same_again_changes_nothing(desk, made):
    before = desk.read(history.recent, 5)
    desk.write(change, made, Changes("突发情况", "major", "", None, {}))
    assert desk.read(history.recent, 5) == before


def test_what_cannot_be_leaves_everything_as_it_was(desk, made):
    desk.write(change, made, Changes("突发情况", "major", "", EARLIER, {}))
    for changes, error in (
        (Changes("另一个", "major", "", NOW, {}), Refused),  # T0 a second time
        (Changes("另一个", "huge", "", None, {}), BadInput),
        (Changes("另一个", "major", "nothing", None, {}), NotFound),
        (Changes(" ", "major", "", None, {}), BadInput),
        (Changes("另一个", "major", "", None, {"king": "我"}), BadInput),
    ):
        with pytest.raises(error):
            desk.write(change, made, changes)
    assert desk.read(incidents.get, made).title == "突发情况"


def test_a_clock_set_back_is_written_once_until_it_has_caught_up(desk, made):
    assert desk.read(incident_watch.any_open)
    believed = NOW + timedelta(hours=1)
    assert desk.write(incident_watch.set_back, believed) == 1
    assert desk.write(incident_watch.set_back, believed + timedelta(minutes=1)) == 0
    (running,) = desk.read(incidents.running, Clock(NOW))
    assert running.clocks(NOW)[0].left == -45 * 60
    told = desk.write(incidents.tick, made, "tell", "对不起")
    assert told.late_seconds == 45 * 60


def test_nothing_is_written_where_nothing_is_open(desk):
    assert not desk.read(incident_watch.any_open)
    assert desk.write(incident_watch.set_back, NOW) == 0
