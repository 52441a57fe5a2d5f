"""Chat exports into the book: the counts of every exporter, every message once, and nothing left by what failed."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.activity import ChatEvent, ChatInfo, Speaker
from qunguan.domain.activity_outcomes import ChainWish, ChatFile
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, checkins, groups, history, members, questions, rules
from qunguan.services.desk import Desk
from qunguan.store.base import metadata
from tests.conftest import NOW
from tests.exchange.chats import BEGINS, EXPECTED, EXPORTS, shared_fixtures
from tests.exchange.test_chats_overlap import conversations, timed, write

EVERY = sorted(path.name for path in EXPORTS.iterdir() if path.name not in ("expected.json", "pywxdump_users.json"))
COMPLETE = sorted(set(EVERY) - {"wechatmsg.txt"})
KEYS = {
    "wxid": ("speech_by_wxid", {"chatlog.csv", "chatlog.json", "pywxdump.csv", "weflow.xlsx", "wechatmsg_legacy.csv"}),
    "qq": ("speech_by_qq", {"qce_v5.json"}),
    "qq_or_mail": ("speech_by_qq_id_as_printed", {n for n in EVERY if n.startswith(("qq_", "tim_"))}),
    "name": ("speech_by_display_name_at_time", {"memotrace_v3.csv", "wechat_mail_share.txt", "weflow.txt"}),
}
BY_PERSON = [(name, expected) for expected, names in KEYS.values() for name in sorted(names)]


def at(text):
    """A moment of a chat's clock."""
    return datetime.fromisoformat(text)


def take(desk, path, group_id=1, *, form=None, carry_out=None, **options):
    """Import a file."""
    with read_chat(path, form, begins=BEGINS) as reading:
        return (carry_out or desk.write)(
            activity.import_chat, group_id, reading, lambda: reading.info, name=path.name, **options
        )


@pytest.fixture(scope="module")
def template(tmp_path_factory, one_group):
    """The file with one group."""
    path = tmp_path_factory.mktemp("template") / "q.db"
    path.write_bytes(one_group)
    return path


def by_day(found):
    return {day.isoformat(): messages for day, messages in found.by_day.items()}


def by_hour(found):
    return {f"{hour:02}": messages for hour, messages in found.by_hour.items()}


def tables(desk):
    """Every row of every table but the steps and their changes; ids in the order they were given."""
    with closing(sqlite3.connect(desk.path)) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left_out = ("step", "change", "sqlite_sequence", "rule_change", "seal")
        return {
            name: conn.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for name in names
            if name not in left_out and not name.startswith("member_search")
        }


def without_ids(found):
    """Roll-ups are counted anew: their own ids may differ, nothing else."""
    caches = {table.name for table in metadata.tables.values() if table.info.get("cache")}
    return {name: sorted(row[1:] for row in rows) if name in caches else rows for name, rows in found.items()}


# --- the same conversation, told by every exporter --------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPLETE)
def test_every_exporter_gives_the_counts_by_day_and_hour(desk, name):
    done = take(desk, EXPORTS / name)
    found = desk.read(activity.summary)
    assert (done.messages, found.messages) == (EXPECTED["speech_rows"], EXPECTED["speech_rows"])
    assert (by_day(found), by_hour(found)) == (EXPECTED["speech_by_day"], EXPECTED["speech_by_hour"])
    assert (done.duplicates_skipped, done.undated) == (0, 0)
    if name != "wechat_mail_share.txt":
        assert (str(done.first), str(done.last)) == (EXPECTED["first"], EXPECTED["last"])
        assert (done.system, done.recalled, done.joins) == (8, EXPECTED["recalled_rows"], len(EXPECTED["joins"]))


@pytest.mark.parametrize(("name", "expected"), BY_PERSON)
def test_every_exporter_gives_the_counts_by_person(desk, name, expected):
    take(desk, EXPORTS / name)
    found = desk.read(activity.summary)
    assert {one.key: one.messages for one in found.by_member} == EXPECTED[expected]
    assert found.speakers == len(EXPECTED[expected])


@pytest.mark.parametrize("name", ["chatlog.txt", "qq_manager_24h.txt", "weflow.xlsx"])
def test_names_shown_are_the_names_of_people(desk, name):
    take(desk, EXPORTS / name, new_members=False)
    sums: Counter[str] = Counter()
    for one in desk.read(activity.summary).by_member:
        sums[one.name] += one.messages
    assert sums == EXPECTED["speech_by_display_name_at_time"]


def test_the_export_that_leaves_messages_out_is_completed_by_another(desk):
    assert take(desk, EXPORTS / "wechatmsg.txt").messages == EXPECTED["wechatmsg_txt"]["speech_rows"]
    done = take(desk, EXPORTS / "weflow.txt")
    assert (done.messages, done.duplicates_skipped) == (12, 417)
    found = desk.read(activity.summary)
    assert (by_day(found), by_hour(found)) == (EXPECTED["speech_by_day"], EXPECTED["speech_by_hour"])


@pytest.mark.parametrize("names", [EVERY, EVERY[::-1]], ids=["forwards", "backwards"])
def test_all_exporters_into_one_group_count_every_message_once(desk, names):
    first = take(desk, EXPORTS / names[0])
    before = tables(desk)
    for name in names[1:]:
        done = take(desk, EXPORTS / name)
        assert (done.messages, done.system, done.changed) == (0, 0, False), name
    assert tables(desk) == before
    assert first.messages == desk.read(activity.summary).messages == EXPECTED["speech_rows"]
    assert len(desk.read(activity.imports)) == 1


# --- overlaps ---------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_leaves_no_step(desk):
    take(desk, EXPORTS / "chatlog.csv")
    before, steps = tables(desk), desk.read(history.recent)
    done = take(desk, EXPORTS / "chatlog.csv")
    assert (done.messages, done.duplicates_skipped, done.changed) == (0, 429, False)
    assert (tables(desk), desk.read(history.recent)) == (before, steps)


def test_halves_that_overlap_count_once(desk, tmp_path):
    lines = (EXPORTS / "qq_manager_24h.txt").read_text(encoding="utf-8-sig").split("\n")
    heads = [n for n, line in enumerate(lines) if line.startswith("2016-")]
    for name, part in (
        ("a.txt", lines[: heads[260]]),
        ("b.txt", lines[:8] + lines[heads[180] :]),
        ("whole.txt", lines),
    ):
        (tmp_path / name).write_text("\n".join(part), encoding="utf-8")
    first, second = take(desk, tmp_path / "a.txt"), take(desk, tmp_path / "b.txt")
    assert first.messages + second.messages == EXPECTED["speech_rows"]
    assert second.duplicates_skipped > 70
    assert by_hour(desk.read(activity.summary)) == EXPECTED["speech_by_hour"]
    assert not take(desk, tmp_path / "whole.txt").changed
    take(desk, EXPORTS / "chatlog.json")
    assert by_day(desk.read(activity.summary)) == EXPECTED["speech_by_day"]


@given(conversations, st.sampled_from(("qq_txt", "wechat_share", "weflow_txt", "chatlog_csv")), st.data())
@settings(max_examples=12, deadline=None)
def test_another_exporter_adds_what_is_new_and_no_more(tmp_path_factory, template, conversation, form, data):
    rows = timed(conversation)
    minutes = [n for n in range(1, len(rows)) if rows[n][0].replace(second=0) != rows[n - 1][0].replace(second=0)]
    end = data.draw(st.sampled_from([*minutes, len(rows)]))
    other = data.draw(st.sampled_from([f for f in ("qq_txt", "weflow_txt", "chatlog_csv") if f != form]))
    folder = tmp_path_factory.mktemp("other")
    shutil.copy(template, folder / "q.db")
    with Desk(folder / "q.db", Clock(NOW)) as desk:
        for name, part, whose in (("part", rows[:end], form), ("whole", rows, other), ("again", rows[:end], form)):
            take(desk, write(whose, part, folder / name), form=whose)
        found = desk.read(activity.summary)
    assert found.messages == len(rows)
    assert found.by_day == Counter(at.date() for at, _who, _what in rows)


def test_another_chat_of_the_same_days_counts_too_and_it_is_said(desk, tmp_path):
    take(desk, EXPORTS / "chatlog.csv")
    start = at("2016-07-04 09:00")
    rows = [(start + timedelta(minutes=n), "阿明", f"第{n}件事") for n in range(60)]
    rows[5] = (rows[5][0], "小红", "早")
    done = take(desk, write("weflow_txt", rows, tmp_path / "other.txt"))
    assert (done.messages, done.duplicates_skipped) == (60, 0)
    assert [note.what for note in done.notes if "other chats of these days" in note.what]


def test_a_table_without_words_is_no_second_telling_of_a_chat(desk, tmp_path):
    take(desk, EXPORTS / "chatlog.csv")
    path = tmp_path / "who.csv"
    path.write_text("who,when\n阿明,2016-07-04 07:36:10\n阿明,2016-07-04 08:15:37\n", encoding="utf-8")
    assert take(desk, path).messages == 2


# --- undo, rehearsal, failure -----------------------------------------------------------------------------------------


def test_undo_takes_everything_back_and_redo_brings_it_again(desk):
    desk.write(members.add, "周子衿", group_id=1)
    before = tables(desk)
    take(desk, EXPORTS / "chatlog.csv", keep_questions=True)
    after = tables(desk)
    assert all(after[name] for name in ("speech", "chat_hour", "chat_day", "chat_seen", "chat_import", "question"))
    desk.write(history.undo)
    assert without_ids(tables(desk)) == without_ids(before)
    desk.write(history.redo)
    assert without_ids(tables(desk)) == without_ids(after)
    desk.write(history.undo)
    assert take(desk, EXPORTS / "chatlog.csv").messages == EXPECTED["speech_rows"]


def test_a_rehearsal_tells_the_same_and_keeps_nothing(desk):
    before = tables(desk)
    rehearsed = take(desk, EXPORTS / "weflow.txt", carry_out=desk.rehearse)
    assert tables(desk) == before
    assert take(desk, EXPORTS / "weflow.txt") == rehearsed


@pytest.mark.parametrize("stop", [KeyboardInterrupt, BadInput("the text is damaged in line {line}", line=3)])
def test_what_stops_in_the_middle_leaves_nothing(desk, stop):
    def broken(reading):
        for number, event in enumerate(reading.events()):
            if number == 300:
                raise stop
            yield event

    before = tables(desk)
    with read_chat(EXPORTS / "chatlog.csv") as reading, pytest.raises((KeyboardInterrupt, BadInput)):
        desk.write(activity.import_chat, 1, broken(reading), lambda: reading.info, name="x")
    assert tables(desk) == before


# --- groups -----------------------------------------------------------------------------------------------------------


def qq_of(chats):
    text = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
    for chat in chats:
        text += "=" * 64 + "\n消息分组:我的群聊\n" + "=" * 64 + f"\n消息对象:{chat}\n" + "=" * 64 + "\n\n"
        text += f"2024-03-01 08:00:00 阿明(10001)\n{chat}早\n\n2024-03-01 08:01:00 小红(10002)\n早\n\n"
    return text


@pytest.fixture
def several(tmp_path):
    path = tmp_path / "全部.txt"
    path.write_text(qq_of(["妈妈群", "团购群", "早起读书群"]), encoding="utf-8")
    return path


def test_chats_of_one_file_go_to_the_groups_of_their_names(desk, several):
    other = desk.write(groups.create, "团购群").id
    third = desk.write(groups.create, "妈妈群🌸").id
    done = take(desk, several, None)
    assert done.messages == 6
    assert {row.group_id: row.messages for row in desk.read(activity.imports)} == {1: 2, other: 2, third: 2}
    assert desk.read(activity.summary, group_id=other).messages == 2
    assert desk.read(activity.summary).messages == 6
    assert len(desk.read(history.recent)) == 4, "one step for all groups"


def test_chats_nobody_can_place_are_listed_and_nothing_is_taken(desk, several):
    before = tables(desk)
    with pytest.raises(BadInput) as refusal:
        take(desk, several)
    assert refusal.value.values["chats"] == "妈妈群、团购群"
    assert tables(desk) == before
    with pytest.raises(BadInput) as refusal:
        take(desk, several, only="不在这里")
    assert refusal.value.what == "no chat of that name stands in it"
    done = take(desk, several, only="妈妈群")
    assert done.messages == 2
    assert desk.read(activity.summary, group_id=1).messages == 2


def test_one_chat_of_another_name_is_the_only_group_and_it_is_said(desk):
    done = take(desk, EXPORTS / "chatlog.csv", None)
    assert dict(done.notes[0].values) == {"chat": EXPECTED["group"], "group": "早起读书群"}
    with pytest.raises(NotFound):
        take(desk, EXPORTS / "weflow.txt", 99)


def test_several_files_are_one_step(desk):
    with read_chat(EXPORTS / "weflow.txt") as a, read_chat(EXPORTS / "chatlog.csv") as b:
        files = [ChatFile("a", a, lambda: a.info), ChatFile("b", b, lambda: b.info)]
        done = desk.write(activity.import_chats, files)
    assert (done.messages, done.duplicates_skipped) == (421, 429)
    assert [file.format for file in done.files] == ["weflow_txt", "chatlog_csv"]
    desk.write(history.undo)
    assert desk.read(activity.summary).messages is None


# --- days, sums, what is not known ------------------------------------------------------------------------------------


def test_the_day_of_a_person_begins_when_the_group_says(desk, tmp_path):
    night = desk.write(groups.create, "夜猫群", day_start=4).id
    abroad = desk.write(groups.create, "伦敦群", timezone="Europe/London").id
    rows = [(at("2024-03-02 02:30"), "阿明", "还没睡"), (at("2024-03-02 09:00"), "阿明", "早")]
    path = write("weflow_txt", rows, tmp_path / "a.txt")
    for group_id in (night, abroad):
        take(desk, path, group_id)
        found = desk.read(activity.summary, group_id=group_id)
        assert found.by_day == {date(2024, 3, 1): 1, date(2024, 3, 2): 1}
        assert {hour for hour, n in found.by_hour.items() if n} == {2, 9}
        within = desk.read(activity.summary, group_id=group_id, first=date(2024, 3, 2), last=date(2024, 3, 2))
        assert within.messages == 1


def test_sums_of_a_table_count_as_many_and_days_without_an_hour_on_none(desk, tmp_path):
    path = tmp_path / "sums.csv"
    path.write_text(
        "昵称,日期,类型,条数\n阿明,2024-03-01,,5\n阿明,2024-03-02,消息,2\n小红,2024-03-02,入群,\n", encoding="utf-8"
    )
    done = take(desk, path)
    assert (done.messages, done.joins) == (7, 1)
    found = desk.read(activity.summary)
    assert found.by_day == {date(2024, 3, 1): 5, date(2024, 3, 2): 2}
    assert sum(found.by_hour.values()) == 0


def test_messages_without_a_day_count_in_the_import_alone(desk):
    info = ChatInfo("chatlab_json", "utf-8", ("早起读书群",))
    who = Speaker("wxid", "wxid_a", "阿明")
    told = [
        ChatEvent(None, "message", "text", who, 1, text="何时"),
        ChatEvent(at("2024-03-01 08:00"), "message", "text", who, 2, text="早"),
    ]
    done = desk.write(activity.import_chat, None, iter(told), lambda: info, name="x")
    assert (done.messages, done.undated) == (2, 1)
    assert desk.read(activity.summary).messages == 1
    again = desk.write(activity.import_chat, None, iter(told), lambda: info, name="x")
    assert (again.messages, again.duplicates_skipped) == (0, 2)


def test_days_no_import_tells_of_are_unknown_and_days_between_are_covered(desk, tmp_path):
    rows = [(at("2024-03-01 08:00"), "阿明", "早"), (at("2024-03-09 08:00"), "阿明", "早")]
    take(desk, write("weflow_txt", rows, tmp_path / "a.txt"))
    found = desk.read(activity.summary, first=date(2024, 3, 2), last=date(2024, 3, 20))
    assert (found.messages, found.covered) == (1, ((date(2024, 3, 2), date(2024, 3, 9)),))
    quiet = desk.read(activity.summary, first=date(2024, 3, 3), last=date(2024, 3, 4))
    assert (quiet.messages, quiet.speakers) == (0, 0)
    beyond = desk.read(activity.summary, first=date(2024, 4, 1))
    assert (beyond.messages, beyond.speakers, beyond.by_day) == (None, None, {})


def test_a_message_taken_back_is_no_speech_and_a_picture_is(desk):
    take(desk, EXPORTS / "qce_v5.json")
    row = desk.read(activity.imports)[0]
    assert (row.messages, row.recalled) == (421, EXPECTED["recalled_rows"])


def test_what_is_dated_after_today_is_said(desk, tmp_path):
    path = write("weflow_txt", [(at("2027-01-01 08:00"), "阿明", "早")], tmp_path / "a.txt")
    assert "has not come yet" in take(desk, path).notes[-1].what


# --- questions, 接龙 --------------------------------------------------------------------------------------------------


def test_words_are_kept_of_questions_alone_and_only_when_asked_for(desk, tmp_path):
    rows = [(at("2024-03-01 08:00"), "阿明", "早"), (at("2024-03-01 09:00"), "小红", "请问几点开始？")]
    path = write("weflow_txt", rows, tmp_path / "a.txt")
    take(desk, path)
    assert desk.read(questions.questions) == ()
    desk.write(history.undo)
    desk.write(rules.change, "activity.keep_questions", "yes")
    assert take(desk, path).questions == 1
    kept = desk.read(questions.questions)[0]
    assert (kept.text, kept.name, kept.day, kept.state) == ("请问几点开始？", "小红", date(2024, 3, 1), "open")
    assert desk.write(questions.settle_question, kept.id, "answered").changed
    assert not desk.write(questions.settle_question, kept.id, "answered").changed
    assert desk.read(questions.questions, state="open") == ()
    with pytest.raises(NotFound):
        desk.write(questions.settle_question, 99, "open")


def test_more_questions_than_a_day_takes_are_said(desk, tmp_path):
    rows = [(at(f"2024-03-01 08:0{n}"), "小红", f"第{n}个怎么办？") for n in range(4)]
    take(desk, write("weflow_txt", rows, tmp_path / "a.txt"), keep_questions=True)
    over = [desk.write(questions.settle_question, one.id, "picked").over for one in desk.read(questions.questions)]
    assert over == [None, None, None, 4]


def chain_of(*names):
    return "#接龙\n早起打卡\n\n" + "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))


def test_chains_grow_to_one_a_day_and_are_recorded_when_asked(desk, tmp_path):
    for name in ("阿梨", "团团妈"):
        desk.write(members.add, name, group_id=1)
    day = date(2026, 3, 18)
    challenge = desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 18))
    rows = [
        (at("2026-03-18 07:00"), "阿梨", chain_of("阿梨")),
        (at("2026-03-18 07:05"), "团团妈", chain_of("阿梨", "团团妈")),
        (at("2026-03-19 07:00"), "阿梨", chain_of("阿梨")),
        (at("2026-03-19 08:00"), "团团妈", "#接龙\n团购苹果\n\n1. 团团妈 2份"),
        (at("2026-03-10 08:00"), "阿梨", chain_of("阿梨", "路人甲")),
    ]
    path = write("weflow_txt", rows, tmp_path / "a.txt")
    done = take(desk, path)
    assert [(one.title, one.day, one.items, one.versions) for one in done.chains] == [
        ("早起打卡", day, 2, 2), ("早起打卡", date(2026, 3, 19), 1, 1), ("团购苹果", date(2026, 3, 19), 1, 1),
        ("早起打卡", date(2026, 3, 10), 2, 1),
    ]  # fmt: skip
    preview = desk.read(
        lambda session: checkins.preview(
            session, desk.clock, challenge.id, activity.read_chain(done.chains[0]), done.chains[0].day
        )
    )
    assert [line.status for line in preview.lines] == ["matched", "matched"]
    again = take(desk, path, chains=ChainWish(challenge.id))
    assert not again.changed
    told = [(one.chain.day, one.outcome and len(one.outcome.recorded)) for one in again.recorded]
    assert told == [(day, 2), (date(2026, 3, 19), 1), (date(2026, 3, 10), None)]
    assert "2026-03-18" in again.recorded[2].refused


# --- real files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["qtox_events.csv.gz", "zig2020_events.csv.gz"])
def test_a_public_channel_counts_as_a_recount_does(desk, name):
    path = shared_fixtures() / "activity" / name
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    said = [row for row in rows if row[2] == "msg"]
    done = take(desk, path)
    found = desk.read(activity.summary)
    assert done.messages == found.messages == len(said)
    assert by_day(found) == Counter(row[0][:10] for row in said)
    assert {hour: n for hour, n in by_hour(found).items() if n} == Counter(row[0][11:13] for row in said)
    assert sum(one.messages for one in found.by_member) == len(said)
    assert not take(desk, path).changed


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("wechat_mail_share_2018.txt", "messages"),
        ("wechat_mail_share_2025_group.txt", "messages"),
        ("wechat_mail_share_2026_compact.txt", "messages"),
        ("qq_manager_ampm_2019.txt", "speech"),
    ],
)
def test_real_excerpts_count_as_they_are_known_to(desk, name, key):
    folder = shared_fixtures() / "real_excerpts"
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[name]
    assert take(desk, folder / name).messages == told[key]


def test_a_real_export_of_several_chats_is_split_by_chat(desk):
    folder = shared_fixtures() / "real_excerpts"
    name = "qq_manager_all_records_multi_target_2014.txt"
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))[name]
    with pytest.raises(BadInput):
        take(desk, folder / name)
    for chat in told["targets"]:
        desk.write(groups.create, chat)
    take(desk, folder / name, None)
    found = {row.group: row.messages + row.system for row in desk.read(activity.imports)}
    assert found == told["by_target"]
