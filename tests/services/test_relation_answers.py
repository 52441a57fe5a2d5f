"""Who answers whom, against a recount in plain Python: overlapping files, undo, merging, splitting, forgetting."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, activity_settle, history, members, relation_answers, rules
from qunguan.services.desk import Desk
from qunguan.services.members_merge import merge
from qunguan.services.members_split import split
from qunguan.store.activity import chat_answer, speaker
from qunguan.store.profile_queries import talk_of
from tests.conftest import NOW, assert_sound

NAMES = ("阿梨", "小满", "老陈", "豆豆", "石榴")
BEGIN = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
Said = tuple[int, int | None]
"""Who speaks, and which message of the chat they answer."""


def export(path: Path, chat: list[Said], start: int, end: int) -> Path:
    """The messages of a chat from one place to another as ChatLab has them; five hours lie between two."""
    told = [
        {"sender": f"wxid_{who}", "accountName": NAMES[who], "type": 0, "content": f"第{n}句话",
         "timestamp": int((BEGIN + timedelta(hours=5 * n)).timestamp()), "platformMessageId": f"m{n}",
         "replyToMessageId": None if to is None else f"m{to}"}
        for n, (who, to) in enumerate(chat) if start <= n < end
    ]  # fmt: skip
    head = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "群", "platform": "wechat", "groupId": "1@chatroom"}}
    path.write_text(json.dumps(head | {"messages": told}), encoding="utf-8")
    return path


def bring(desk: Desk, path: Path, **options):  # type: ignore[no-untyped-def]
    with read_chat(path) as reading:
        return desk.write(activity.import_chat, 1, reading, lambda: reading.info, name=path.name, new_members=True,
                          **options)  # fmt: skip


def told(desk: Desk, **options) -> Counter[tuple[str, str]]:  # type: ignore[no-untyped-def]
    found = desk.read(relation_answers.answers, Clock(NOW), 1, **options)
    for one in found.people:
        for tie in one.given:  # both ends say the same
            other = next(each for each in found.people if each.member_id == tie.member_id)
            assert [back.times for back in other.got if back.member_id == one.member_id] == [tie.times]
    return Counter({(one.name, tie.name): tie.times for one, tie, _back in found.pairs})


def recounted(chat: list[Said], parts: list[tuple[int, int]]) -> Counter[tuple[str, str]]:
    """Every message once, in the first file that tells it; whom it answers that file must tell as well."""
    known: set[int] = set()
    pairs: Counter[tuple[str, str]] = Counter()
    for start, end in parts:
        for n in range(start, min(end, len(chat))):
            who, to = chat[n]
            if n not in known and to is not None and start <= to < n and chat[to][0] != who:
                pairs[NAMES[who], NAMES[chat[to][0]]] += 1
            known.add(n)
    return pairs


@st.composite
def chats(draw: st.DrawFn) -> list[Said]:
    size = draw(st.integers(2, 24))
    people = st.integers(0, len(NAMES) - 1)
    return [(draw(people), draw(st.none() | st.integers(0, n)) if n else None) for n in range(size)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chat=chats(), cuts=st.lists(st.tuples(st.integers(0, 20), st.integers(2, 24)), min_size=1, max_size=3),
    pair=st.tuples(st.integers(0, 4), st.integers(0, 4)),
)  # fmt: skip
def test_it_is_what_a_recount_tells(tmp_path_factory, one_group, chat, cuts, pair):
    folder = tmp_path_factory.mktemp("answers")
    (folder / "q.db").write_bytes(one_group)
    parts = [(start, start + size) for start, size in cuts if start < len(chat)]
    with Desk(folder / "q.db", Clock(NOW)) as desk:
        for number, part in enumerate(parts):
            path, before = export(folder / f"{number}.json", chat, *part), told(desk)
            changed = bool(bring(desk, path).messages)
            assert told(desk) == recounted(chat, parts[: number + 1])
            if changed:
                desk.write(history.undo)
                assert told(desk) == before
                desk.write(history.redo)
            bring(desk, path)  # the same file again
            assert told(desk) == recounted(chat, parts[: number + 1])
        _merged(desk, recounted(chat, parts), *(NAMES[one] for one in pair))
        assert_sound(desk)


def _merged(desk: Desk, pairs: Counter[tuple[str, str]], kept: str, gone: str) -> None:
    """Two become one, and two again."""
    found = [desk.read(members.search, name) for name in (kept, gone)]
    if kept == gone or not all(found):
        return
    (stays,), (goes,) = found
    desk.write(merge, stays, goes)
    one = Counter[tuple[str, str]]()
    for (who, whom), n in pairs.items():
        both = tuple(kept if name == gone else name for name in (who, whom))
        if both[0] != both[1]:
            one[both[0], both[1]] += n
    assert told(desk) == one
    desk.write(split, stays, [f"wxid_{NAMES.index(gone)}"], name=gone)
    assert told(desk) == pairs


@pytest.fixture
def told_of(desk: Desk, tmp_path: Path) -> Desk:
    """0 answers 1 and 2, 1 answers 0, 3 speaks and speaks."""
    chat: list[Said] = [(1, None), (2, None), (0, 0), (0, 1), (0, 0), (1, 2), *[(3, None)] * 6, (2, 3)]
    bring(desk, export(tmp_path / "a.json", chat, 0, 99))
    return desk


def test_roles_and_what_they_rest_on(told_of):
    found = told_of.read(relation_answers.answers, told_of.clock, 1)
    by_name = {one.name: one for one in found.people}
    assert (found.answers, found.outside, found.messages) == (5, 0, 13)
    assert [one.name for one in found.of("connector")] == ["阿梨"]
    assert "2" in by_name["阿梨"].why
    assert "3" in by_name["阿梨"].why
    assert [one.name for one in found.of("unheard")] == ["豆豆"]
    assert by_name["阿梨"].mutual == ("小满", "老陈")
    assert next((one.name, tie.name, tie.times, back) for one, tie, back in found.pairs) == ("阿梨", "小满", 2, 1)
    assert found.heard is not None
    assert (found.heard.value, found.heard.n) == (0.0, 1)
    assert found.own is None
    told_of.write(members.set_role, by_name["阿梨"].member_id, 1, "owner")
    again = told_of.read(relation_answers.answers, told_of.clock, 1)
    assert again.of("connector") == ()
    assert again.own is not None
    assert (again.own.value, again.own.n) == (3 / 5, 5)


def test_the_page_of_a_member_tells_how_many(told_of):
    (who,), (silent,) = (told_of.read(members.search, name) for name in ("阿梨", "豆豆"))
    talk = told_of.read(talk_of, who, date(2026, 3, 20))
    assert (talk.answers, talk.answered_by) == (2, 2)
    assert told_of.read(talk_of, who, date(2026, 3, 10)).answers == 1
    talk = told_of.read(talk_of, silent, date(2026, 3, 20))
    assert (talk.answers, talk.answered_by) == (0, 0)


def test_rules_and_days(told_of):
    told_of.write(rules.change, "relations.unheard_messages", 7)
    assert told_of.read(relation_answers.answers, told_of.clock, 1).of("unheard") == ()
    assert told(told_of, as_of=date(2026, 3, 9)) == Counter()
    few = told_of.read(relation_answers.answers, told_of.clock, 1, date(2026, 3, 11), days=1)
    assert (few.first, few.last) == (date(2026, 3, 11), date(2026, 3, 11))


def test_without_exports_that_tell_nothing_is_known(desk):
    found = desk.read(relation_answers.answers, desk.clock, 1)
    assert (found.messages, found.people, found.heard) == (None, (), None)


def test_somebody_set_aside_or_found_or_forgotten(told_of):
    with_id = told_of.read(lambda session: session.rows(select(speaker.c.id).where(speaker.c.key == "wxid_0")))[0].id
    before = told(told_of)
    told_of.write(activity_settle.set_aside, with_id)
    found = told_of.read(relation_answers.answers, told_of.clock, 1)
    assert (found.answers, found.outside) == (0, 5)
    who = told_of.write(members.add, "新来的", group_id=1).id
    told_of.write(activity_settle.assign, with_id, who)
    renamed = {tuple("新来的" if name == "阿梨" else name for name in pair): n for pair, n in before.items()}
    assert told(told_of) == renamed
    told_of.write(members.erase, who)
    found = told_of.read(relation_answers.answers, told_of.clock, 1)
    assert (found.answers, found.outside) == (0, 5)
    assert_sound(told_of)


def test_who_only_was_answered_becomes_nobody(desk, tmp_path):
    known = desk.write(members.add, "老成员", group_id=1).id
    desk.write(members.set_alias, known, "qq", "10009")

    def message(number, uin, to=""):
        reply = {"reply": {"referencedMessageId": "x", "senderUin": to, "senderName": "路人"}} if to else {}
        return {"id": str(number), "timestamp": 1773100000000 + 60000 * number, "type": "text",
                "sender": {"uin": uin, "name": "人" + uin}, "content": {"text": f"第{number}句", **reply}}  # fmt: skip

    path = tmp_path / "a.json"
    told = [message(1, "10001"), message(2, "10001", "10008"), message(3, "10001", "10009")]
    path.write_text(json.dumps({"chatInfo": {"name": "群"}, "messages": told}), encoding="utf-8")
    outcome = bring(desk, path)
    assert (outcome.new, outcome.matched) == (1, 0)
    assert {row.key for row in desk.read(lambda session: session.rows(select(speaker.c.key)))} == {"10001", "10009"}
    rows = desk.read(lambda session: session.rows(select(chat_answer)))
    assert [(row.to_member_id, row.times) for row in rows] == [(known, 1)]
