"""The owner's word on a speaker: what moves, what is learned, and that it holds."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import BadInput, NotFound
from qunguan.services import activity_queue as queue
from qunguan.services import groups, history, members
from qunguan.services.activity_identity import resolve
from qunguan.services.desk import Desk
from qunguan.store.activity import speech
from tests.services.activity_kit import speak, state, told
from tests.services.checkin_kit import day, people
from tests.services.test_members_merge import rows

LI = ("name", "小李子")


def heard(desk: Desk) -> int:
    """A bare name like 小李 that spoke on three days; returns the speaker."""
    found = desk.write(resolve, 1, [told("name", "小李子", "", day(2), day(20))], add_new=True)
    speak(desk, found, [(LI, day(2), 3), (LI, day(10), 5), (LI, day(20), 4)])
    return found[LI].speaker_id


def spoken(desk: Desk) -> list[tuple[int | None, int]]:
    return [(row.member_id, row.messages) for row in rows(desk, speech)]


def test_a_speaker_assigned_takes_everything_along_and_is_known_from_then_on(desk: Desk) -> None:
    li, _other = people(desk, "小李", "小周")
    speaker = heard(desk)
    (waits,) = desk.read(queue.waiting, 1)
    assert (waits.by, waits.messages, waits.suggestions[0].member_id) == ("doubtful", 12, li)
    before = state(desk)
    done = desk.write(queue.assign, speaker, li)
    assert (done.messages, done.changed) == (12, True)
    assert spoken(desk) == [(li, 3), (li, 5), (li, 4)]
    assert desk.read(queue.waiting) == ()
    assert not desk.write(queue.assign, speaker, li).changed
    again = desk.write(resolve, 1, [told("name", "小李子", "", day(21), day(22))], add_new=True)
    assert (again[LI].by, again[LI].member_id) == ("hand", li)
    assert ("nick", "小李子", day(2)) in [
        (one.kind, one.text, one.valid_from) for one in desk.read(members.card, li).aliases
    ]
    desk.write(history.undo)
    assert state(desk) == before


def test_a_name_is_somebodys_for_some_days_and_somebody_elses_for_the_rest(desk: Desk) -> None:
    li, zhou = people(desk, "小李", "小周")
    speaker = heard(desk)
    desk.write(queue.assign, speaker, li, None, day(9))
    assert spoken(desk) == [(li, 3), (None, 5), (None, 4)]
    (rest,) = desk.read(queue.waiting)
    assert (rest.by, rest.messages, rest.first_day) == ("dated", 9, day(10))
    desk.write(queue.assign, speaker, zhou)
    assert spoken(desk) == [(li, 3), (zhou, 5), (zhou, 4)]
    assert not desk.write(queue.assign, speaker, zhou).changed
    found = desk.write(resolve, 1, [told("name", "小李子", "", day(3), day(25))], add_new=True)[LI]
    assert [found.member_on(day(n)) for n in (3, 9, 10, 25)] == [li, li, zhou, zhou]
    why = desk.read(queue.why_speaker, speaker)
    assert len(why.lines) == 4


def test_somebody_new_and_nobody(desk: Desk) -> None:
    people(desk, "小李")
    speaker = heard(desk)
    before = state(desk)
    made = desk.write(queue.assign_new, speaker)
    assert made.name == "小李子"
    assert made.member_id is not None
    assert desk.read(members.card, made.member_id).stays[0].group_id == 1
    desk.write(history.undo)
    assert state(desk) == before
    desk.write(queue.set_aside, speaker)
    assert desk.read(queue.waiting) == ()
    assert desk.write(resolve, 1, [told("name", "小李子", "", day(21), day(22))], add_new=True)[LI].by == "nobody"
    assert not desk.write(queue.set_aside, speaker).changed


def test_whoever_made_the_export_is_told_once_for_all_groups(desk: Desk) -> None:
    (me,) = people(desk, "群主")
    desk.write(groups.create, "二群")
    found = desk.write(resolve, 1, [told("self", "我", "我", day(1), day(1))], add_new=True)
    desk.write(queue.assign, found["self", "我"].speaker_id, me)
    other = desk.write(resolve, 2, [told("self", "我", "我", day(1), day(1))], add_new=True)
    assert other["self", "我"].member_id == me


def test_an_id_assigned_is_learned(desk: Desk) -> None:
    li, _other = people(desk, "小李", "小李")
    found = desk.write(resolve, 1, [told("qq", "10001", "小李", day(1), day(2))], add_new=True)
    speaker = found["qq", "10001"].speaker_id
    assert found["qq", "10001"].by == "doubtful"
    with pytest.raises(BadInput):
        desk.write(queue.assign, speaker, li, day(1))
    desk.write(queue.assign, speaker, li)
    assert ("qq", "10001") in [(one.kind, one.text) for one in desk.read(members.card, li).aliases]
    desk.write(groups.create, "二群")
    other = desk.write(resolve, 2, [told("qq", "10001", "随便", day(1), day(2))], add_new=True)
    assert other["qq", "10001"].member_id == li


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    (li,) = people(desk, "小李")
    speaker = heard(desk)
    with pytest.raises(NotFound):
        desk.write(queue.assign, 99, li)
    with pytest.raises(NotFound):
        desk.write(queue.assign, speaker, 99)
    with pytest.raises(BadInput):
        desk.write(queue.assign, speaker, li, day(9), day(2))


def test_who_is_known_and_who_was_set_aside_are_listed_with_all_they_wrote(desk: Desk) -> None:
    li, _zhou = people(desk, "小李", "小周")
    speaker = heard(desk)
    assert desk.read(queue.settled, 1, "matched") == ()
    desk.write(queue.assign, speaker, li)
    (known,) = desk.read(queue.settled, 1, "matched")
    assert (known.by, known.member, known.messages, known.last_day) == ("hand", "小李", 12, day(20))
    desk.write(queue.set_aside, speaker)
    assert desk.read(queue.settled, 1, "matched") == ()
    (aside,) = desk.read(queue.settled, 1, "aside")
    assert (aside.speaker_id, aside.member_id, aside.member, aside.messages) == (speaker, None, "", 12)
    assert desk.read(queue.settled, 2, "aside") == ()


def test_whom_somebody_may_be_is_looked_for_where_it_is_asked(desk: Desk) -> None:
    people(desk, "小李")
    speaker = heard(desk)
    (bare,) = desk.read(queue.waiting, suggest=False)
    (whole,) = desk.read(queue.waiting, only={speaker})
    assert (bare.speaker_id, bare.messages, bare.suggestions) == (speaker, 12, ())
    assert whole.suggestions
    assert desk.read(queue.waiting, only=()) == ()
