"""Who speaks in a chat: ids for good, names by the day, nobody guessed; and what is learned on the way."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event

from qunguan.domain.activity_people import JoinTold, LeaveTold, Told
from qunguan.services import activity_queue, history, members, rules
from qunguan.services.activity_identity import adds_new, resolve
from qunguan.services.activity_joins import note_joins, note_leaves, note_moves
from qunguan.services.desk import Desk
from tests.services.activity_kit import renamed, speak, state, told
from tests.services.checkin_kit import day, people


def who(desk: Desk, *told_of: Told, add_new: bool = True) -> list[tuple[str, int | None]]:
    """How each is known, and as whom."""
    found = desk.write(resolve, 1, told_of, add_new=add_new)
    return [(found[one.key].by, found[one.key].member_id) for one in told_of]


def aliases(desk: Desk, member_id: int) -> set[tuple[str, str, date | None, date | None]]:
    card = desk.read(members.card, member_id)
    return {(one.kind, one.text, one.valid_from, one.valid_to) for one in card.aliases}


def test_an_id_is_known_whatever_the_name(desk: Desk) -> None:
    lei, hong = people(desk, "李雷", "小红")
    desk.write(members.set_alias, lei, "wxid", "wxid_lei")
    desk.write(members.set_alias, hong, "qq", "10001")
    one = told("wxid", "wxid_lei", "小红", day(1), day(2))
    assert who(desk, one, told("qq", "10001", "谁", day(1), day(1))) == [("id", lei), ("id", hong)]


def test_a_new_name_of_an_id_is_learned_and_the_old_one_ends(desk: Desk) -> None:
    (lei,) = people(desk, "李雷")
    desk.write(members.set_alias, lei, "wxid", "wxid_lei")
    who(desk, renamed("wxid", "wxid_lei", ("雷子", day(1), day(4)), ("大雷", day(5), day(9))))
    assert aliases(desk, lei) >= {("nick", "雷子", day(1), day(5)), ("nick", "大雷", day(5), None)}
    who(desk, told("wxid", "wxid_lei", "雷雷", day(12), day(13)))
    assert aliases(desk, lei) >= {("nick", "大雷", day(5), day(12)), ("nick", "雷雷", day(12), None)}
    before = state(desk)
    who(desk, told("wxid", "wxid_lei", "雷雷", day(12), day(13)))
    assert state(desk) == before
    assert who(desk, told("name", "雷子", "", day(2), day(3))) == [("alias", lei)]


def test_a_name_that_changed_hands_is_each_ones_on_their_days(desk: Desk) -> None:
    first, second = people(desk, "甲", "乙")
    desk.write(resolve, 1, [told("wxid", "a", "甲"), told("wxid", "b", "乙")], add_new=True)
    who(desk, renamed("wxid", "a", ("班长", day(1), day(9)), ("前班长", day(10), day(19))))
    who(desk, renamed("wxid", "b", ("路人", day(1), day(11)), ("班长", day(12), day(19))))
    found = desk.write(resolve, 1, [told("name", "班长", "", day(2), day(18))], add_new=True)
    one = found["name", "班长"]
    assert (one.by, one.member_id) == ("dated", None)
    assert [one.member_on(day(n)) for n in (2, 9, 12, 18)] == [first, first, second, second]
    assert one.member_on(day(11)) in (None, second)


def test_a_name_alone_teaches_the_id_to_the_only_one_it_can_be(desk: Desk) -> None:
    (lei,) = people(desk, "李雷")
    assert who(desk, told("wxid", "wxid_lei", "李雷🌸", day(1), day(1))) == [("alias", lei)]
    assert ("wxid", "wxid_lei", None, None) in aliases(desk, lei)
    assert who(desk, told("wxid", "wxid_lei", "别的", day(2), day(2))) == [("alias", lei)]
    other = who(desk, told("wxid", "wxid_2", "李雷", day(3), day(3)))
    assert other[0][0] == "new"
    assert other[0][1] != lei


def test_two_ids_of_one_name_are_two_people(desk: Desk) -> None:
    one, two = told("wxid", "wxid_1", "小李", day(1), day(1)), told("wxid", "wxid_2", "小李", day(1), day(1))
    (_new, first), (_also, second) = who(desk, one, two)
    assert first != second
    (lei,) = people(desk, "李雷")
    assert [by for by, _who in who(desk, *(told("wxid", f"wxid_{n}", "李雷", day(1), day(1)) for n in (7, 8)))] == [
        "doubtful",
        "doubtful",
    ]
    assert {each.suggestions[0].member_id for each in desk.read(activity_queue.waiting)} == {lei}
    assert who(desk, told("name", "小李", "", day(1), day(1))) == [("doubtful", None)]


def test_only_alike_waits_and_nobody_alike_is_added_or_asked(desk: Desk) -> None:
    (lei,) = people(desk, "Crystal")
    assert who(desk, told("name", "Crystol", "", day(1), day(1))) == [("doubtful", None)]
    assert who(desk, told("name", "张三", "", day(1), day(1)), add_new=False) == [("unknown", None)]
    assert who(desk, told("name", "张三", "", day(1), day(1)))[0][0] == "new"
    assert who(desk, told("self", "我", "我", day(1), day(1))) == [("unknown", None)]
    assert desk.read(adds_new)
    desk.write(rules.change, "activity.new_members", "ask")
    assert not desk.read(adds_new)
    assert lei


def test_one_who_left_is_not_taken_for_one_who_speaks(desk: Desk) -> None:
    (lei,) = people(desk, "李雷")
    desk.write(members.leave, lei, 1, day(5))
    assert who(desk, told("name", "李雷", "", day(8), day(9))) == [("doubtful", None)]
    (waits,) = desk.read(activity_queue.waiting)
    assert [(each.member_id, each.why) for each in waits.suggestions] == [(lei, "left")]
    assert who(desk, told("name", "李雷", "", day(1), day(3))) == [("alias", lei)]
    assert who(desk, told("name", "李雷", "", day(8), day(9))) == [("dated", None)]


def test_what_waited_is_settled_when_the_roster_knows(desk: Desk) -> None:
    found = desk.write(resolve, 1, [told("name", "张三", "", day(1), day(2))], add_new=False)
    speak(desk, found, [(("name", "张三"), day(1), 3), (("name", "张三"), day(2), 4)])
    (waits,) = desk.read(activity_queue.waiting)
    assert (waits.messages, waits.first_day, waits.last_day) == (7, day(1), day(2))
    (san,) = people(desk, "张三")
    before = state(desk)
    assert desk.write(activity_queue.look_again, 1) == 1
    assert desk.read(activity_queue.waiting) == ()
    assert desk.read(activity_queue.why_speaker, waits.speaker_id).member_id == san
    desk.write(history.undo)
    assert state(desk) == before


def test_joins_tell_days_and_inviters_and_leaves_count_once(desk: Desk) -> None:
    lei, hong = people(desk, "李雷", "小红")
    found = desk.write(
        resolve, 1, [told("name", "李雷", "", day(1), day(9)), told("name", "小红", "", day(1), day(9))], add_new=True
    )
    key = {lei: ("name", "李雷"), hong: ("name", "小红")}
    joins = [JoinTold(None, day(3), key[hong], key[lei]), JoinTold(None, day(9), key[hong], key[lei])]
    leaves = [LeaveTold(None, day(6), key[hong])]
    done = desk.write(note_moves, 1, joins, leaves, found)
    assert (done.dated, done.returned, done.invited, done.left) == (2, 1, 2, 1)
    stays = [(one.joined_on, one.left_on, one.inviter_id) for one in desk.read(members.card, hong).stays]
    assert stays == [(day(3), day(6), lei), (day(9), None, lei)]
    before = state(desk)
    desk.write(note_moves, 1, joins, leaves, found)
    desk.write(note_joins, 1, joins, found)
    desk.write(note_leaves, 1, leaves, found)
    assert state(desk) == before


def test_who_spoke_before_joining_was_there(desk: Desk) -> None:
    (lei,) = people(desk, "李雷")
    found = desk.write(resolve, 1, [told("name", "李雷", "", day(1), day(9))], add_new=True)
    speak(desk, found, [(("name", "李雷"), day(1), 1), (("name", "李雷"), day(9), 1)])
    desk.write(note_joins, 1, [JoinTold(None, day(5), ("name", "李雷"))], found)
    desk.write(note_leaves, 1, [LeaveTold(None, day(6), ("name", "李雷"))], found)
    assert [(one.joined_on, one.left_on) for one in desk.read(members.card, lei).stays] == [(None, None)]


def test_a_thousand_speakers_take_no_more_statements_than_ten(desk: Desk) -> None:
    def statements(count: int, prefix: str) -> int:
        counted = 0

        def work(session, clock) -> None:
            def note(*_args) -> None:
                nonlocal counted
                counted += 1

            event.listen(session.conn, "before_cursor_execute", note)
            told_of = [told("wxid", f"{prefix}{n}", f"{prefix}人{n}", day(1), day(2)) for n in range(count)]
            told_of += [told("name", f"{prefix}名{n}", "", day(1), day(2)) for n in range(count)]
            resolve(session, clock, 1, told_of, add_new=True)
            event.remove(session.conn, "before_cursor_execute", note)

        desk.write(work)
        return counted

    few, many = statements(10, "a"), statements(500, "b")
    assert many <= few + 4
