"""Counting events: sums by member, day and hour; keys in a compact set that behaves like a set."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.activity_counts import Joined, Keys, MemberCount, Tally

AT = datetime.fromisoformat("2024-03-01 08:05:00")
MING = Speaker("wxid", "wxid_a", "阿明")
SAID = ChatEvent(AT, "message", "text", MING, 1)

signed = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3), st.sampled_from((0, -(2**63), 2**63 - 1)))


@given(st.lists(signed, max_size=200))
@settings(max_examples=100, deadline=None)
def test_keys_are_a_set(numbers):
    keys, known = Keys(), set()
    for number in numbers:
        assert keys.add(number) == (number not in known)
        known.add(number)
        assert len(keys) == len(known)


def test_keys_grow():
    keys = Keys()
    assert all(keys.add(number << 20) for number in range(5000))
    assert not any(keys.add(number << 20) for number in range(5000))
    assert len(keys) == 5000


def tally(*events):
    counting = Tally()
    for number, event in enumerate(events):
        counting.add(event._replace(key=number + 1))
    return counting.counts()


def test_nothing_is_nothing():
    counts = Tally().counts()
    assert (counts.messages, counts.first, counts.last, counts.by_day, counts.by_member) == (0, None, None, {}, ())
    assert counts.by_hour == dict.fromkeys(range(24), 0)


def test_a_renamed_member_is_one_under_the_last_name():
    renamed = Speaker("wxid", "wxid_a", "阿明（忙）")
    later = SAID._replace(speaker=renamed)
    nameless = SAID._replace(speaker=Speaker("wxid", "wxid_a"))
    assert tally(SAID, later, nameless).by_member == (MemberCount(renamed, 3),)


def test_two_members_of_one_name_are_two():
    other = SAID._replace(speaker=Speaker("wxid", "wxid_b", "阿明"))
    assert [member.messages for member in tally(SAID, other, other).by_member] == [2, 1]
    assert tally(SAID, other, other).by_member[0].speaker == other.speaker


def test_a_number_and_a_name_alike_are_two():
    counts = tally(*(SAID._replace(speaker=Speaker(kind, "10001", "x")) for kind in ("qq", "name")))
    assert len(counts.by_member) == 2


def test_a_message_taken_back_is_no_speech():
    counts = tally(SAID, SAID._replace(kind="recall"))
    assert (counts.messages, counts.system, counts.recalled, sum(counts.by_hour.values())) == (1, 1, 1, 1)


def test_one_line_about_two_people_is_one_line_and_two_joins():
    owner = Speaker("self", "我")
    first = SAID._replace(kind="join", speaker=Speaker("name", "小红", "小红"), inviter=owner)
    red, white = Speaker("name", "小红", "小红"), Speaker("name", "小白", "小白")
    second = first._replace(speaker=white, part=1)
    counts = tally(first, second, first._replace(kind="leave"))
    assert (counts.system, counts.leaves) == (2, 1)
    assert counts.joins == (Joined(AT, red, owner), Joined(AT, white, owner))


def test_what_is_known_only_by_day_or_not_at_all():
    counts = tally(SAID._replace(whole_day=True, count=30), SAID._replace(at=None), SAID)
    assert (counts.messages, counts.undated, counts.by_day, counts.by_hour[8]) == (32, 1, {AT.date(): 31}, 1)
    assert counts.first == counts.last == AT


def test_an_event_of_no_known_speaker_counts_for_the_group_only():
    counts = tally(SAID._replace(speaker=None))
    assert (counts.messages, counts.by_member) == (1, ())


def test_duplicates_count_lines():
    counting = Tally()
    assert [counting.add(SAID), counting.add(SAID), counting.add(SAID._replace(part=1))] == [True, False, False]
    assert counting.counts().duplicates_skipped == 1
