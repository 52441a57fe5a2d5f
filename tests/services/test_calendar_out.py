"""The calendar for a phone, opened by a reader that has nothing to do with the writer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import vobject

from qunguan.domain.campaigns import Draft
from qunguan.domain.errors import BadInput
from qunguan.exchange.writers.ics import calendar_bytes, write_calendar
from qunguan.services import calendar_out, campaigns, groups, tasks
from qunguan.services.desk import Desk
from tests.conftest import NOW

DAY = date(2026, 3, 21)
HOSTILE = "接龙；,\\n「[/]」\u202e🍀" + "很长" * 60


@pytest.fixture
def club(tmp_path, clock):
    """A group whose day begins at four, with three tasks and a campaign."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群", day_start=4)
        desk.write(tasks.add, group.id, "发早报", DAY, at_minute=600, text="早安，{group}\n今天读第三章")
        desk.write(tasks.add, group.id, "收尾", DAY, at_minute=60)
        desk.write(tasks.add, group.id, HOSTILE, DAY)
        desk.write(campaigns.add, group.id, Draft("春拼", "group_buy", DAY, 600, DAY, 1320))
        yield desk


def parsed(events):
    whole = vobject.readOne(calendar_bytes("群管", events, NOW).decode())
    return list(whole.vevent_list)


def test_an_independent_reader_finds_the_same_entries(club, clock):
    events = club.read(calendar_out.events, clock, DAY, DAY)
    found = {each.uid.value: each for each in parsed(events)}
    assert len(found) == len(events)
    for event in events:
        told = found[event.uid]
        assert told.dtstart.value == event.starts
        span = timedelta(minutes=event.minutes) if isinstance(event.starts, datetime) else timedelta(days=event.days)
        assert told.dtend.value - told.dtstart.value == span
        assert told.categories.value == [event.kind]
        assert told.summary.value.replace("\n", "") != ""
        if event.text:
            assert told.description.value == event.text
        assert hasattr(told, "valarm") == (event.reminds and isinstance(event.starts, datetime))


def test_times_are_of_the_groups_own_day(club, clock):
    events = {event.title: event for event in club.read(calendar_out.events, clock, DAY, DAY)}
    assert events["发早报"].starts.isoformat() == "2026-03-21T10:00:00+08:00"
    assert events["收尾"].starts.isoformat() == "2026-03-22T01:00:00+08:00"  # the night belongs to the day before
    assert "早安，早起读书群" in events["发早报"].text


def test_what_is_done_is_left_out_and_what_is_moved_goes_along(club, clock):
    before = club.read(calendar_out.events, clock, DAY, DAY)
    club.write(tasks.mark_done, "task:1")
    club.write(tasks.postpone, "task:2", DAY + timedelta(days=1))
    titles = [event.title for event in club.read(calendar_out.events, clock, DAY, DAY)]
    assert "发早报" not in titles
    assert "收尾" not in titles
    later = club.read(calendar_out.events, clock, DAY + timedelta(days=1), DAY + timedelta(days=1))
    kept = {event.title: event.uid for event in before}
    assert {event.title: event.uid for event in later if event.title == "收尾"} == {"收尾": kept["收尾"]}


def test_a_span_is_some_days(club, clock):
    for last in (DAY - timedelta(days=1), DAY + timedelta(days=400)):
        with pytest.raises(BadInput):
            club.read(calendar_out.events, clock, DAY, last)


def test_nothing_to_do_is_still_a_calendar(tmp_path, clock):
    with Desk(tmp_path / "leer.db", clock, create=True) as desk:
        desk.write(groups.create, "空群")
        assert b"BEGIN:VCALENDAR" in calendar_bytes("群管", desk.read(calendar_out.events, clock), NOW)


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="ics"):
        write_calendar(tmp_path / "a.txt", "群管", (), NOW)
    assert not (tmp_path / "a.txt").exists()


def test_what_nobody_filled_in_is_a_gap(club, clock):
    club.write(tasks.add, 1, "早报", DAY, at_minute=700, text="{group}：{news1} {谁}")
    event = next(each for each in club.read(calendar_out.events, clock, DAY, DAY) if each.title == "早报")
    assert event.text == "早起读书群：____ ____"
