"""Exports that overlap, are joined end to end or repeat a chat count every message once."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.activity_counts import Tally
from tests.exchange.chats import BEGINS, EXPORTS, counted, events

FORMS = ("qq_txt", "wechat_share", "wechatmsg_txt", "weflow_txt", "chatlog_csv", "chatlab_json")
START = datetime.fromisoformat("2024-03-01 23:58:00")

# (seconds since the last message, who, what): many of one moment, of one person, of one text
conversations = st.lists(
    st.tuples(
        st.sampled_from((0, 0, 1, 60, 4000)), st.sampled_from(("阿明", "小红")), st.sampled_from(("早", "到 到"))
    ),
    min_size=2,
    max_size=25,
)


def timed(conversation):
    at, rows = START, []
    for seconds, who, what in conversation:
        at += timedelta(seconds=seconds)
        rows.append((at, who, what))
    return rows


def write(form, rows, path: Path):
    if form == "qq_txt":
        head = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n" + "=" * 64 + "\n消息对象:群\n" + "=" * 64 + "\n\n"
        text = head + "".join(f"{at} {who}(1000{len(who)})\n{what}\n\n" for at, who, what in rows)
    elif form == "wechat_share":
        text, day = '微信群"群"的聊天记录如下:\n\n', None
        for at, who, what in rows:
            text += "" if at.date() == day else f"—————  {at.date()}  —————\n\n\n"
            day = at.date()
            text += f"{who}  {at:%H:%M}\n\n{what}\n\n"
    elif form == "wechatmsg_txt":
        text = "".join(f"{at} {who}\n{what}\n\n" for at, who, what in rows)
    elif form == "weflow_txt":
        text = "".join(f"{at} '{who}'\n{what}\n\n" for at, who, what in rows)
    elif form == "chatlog_csv":
        text = "Time,SenderName,Sender,TalkerName,Talker,Content\n"
        text += "".join(f"{at},{who},wxid_{len(who)},群,1@chatroom,{what}\n" for at, who, what in rows)
    else:
        messages = [
            {"sender": who, "accountName": who, "timestamp": int(at.timestamp()), "type": 0, "content": what}
            for at, who, what in rows
        ]
        text = json.dumps({"chatlab": {}, "meta": {"name": "群", "platform": "wechat"}, "messages": messages})
    path.write_text(text, encoding="utf-8")
    return path


def cuts(rows, coarse):
    """Places where an export may begin or end: between moments, for what is of one moment is exported together."""
    moments = [at.replace(second=0) if coarse else at for at, _who, _what in rows]
    return [0, *(n + 1 for n, (a, b) in enumerate(pairwise(moments)) if a != b), len(rows)]


@given(conversations, st.sampled_from(FORMS), st.data())
@settings(max_examples=60, deadline=None)
def test_exports_that_overlap_count_once(tmp_path_factory, conversation, form, data):
    rows = timed(conversation)
    folder = tmp_path_factory.mktemp("overlap")
    places = cuts(rows, form == "wechat_share")
    begin, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    parts = [rows[:end], rows[begin:], rows[begin:end]]
    paths = [write(form, part, folder / f"{n}.x") for n, part in enumerate(parts) if part]
    counts, _info = counted(*paths, format=form)
    whole, _info = counted(write(form, rows, folder / "whole.x"), format=form)
    assert counts.messages == whole.messages == len(rows)
    assert (counts.by_day, counts.by_hour, counts.by_member) == (whole.by_day, whole.by_hour, whole.by_member)
    assert counts.duplicates_skipped == sum(map(len, parts)) - len(rows)


@given(conversations, st.sampled_from(("qq_txt", "wechat_share", "chatlog_csv")))
@settings(max_examples=30, deadline=None)
def test_exports_joined_end_to_end_count_once(tmp_path_factory, conversation, form):
    rows = timed(conversation)
    folder = tmp_path_factory.mktemp("joined")
    path = write(form, rows, folder / "a.x")
    path.write_text(path.read_text(encoding="utf-8") * 3, encoding="utf-8")
    counts, _info = counted(path)
    assert (counts.messages, counts.duplicates_skipped) == (len(rows), 2 * len(rows))


@pytest.mark.parametrize("path", [*sorted(EXPORTS.glob("*.[!j]*")), EXPORTS / "qce_v5.json"], ids=lambda p: p.name)
def test_the_same_file_twice_counts_once(path):
    once, _info = counted(path, begins=BEGINS)
    twice, _info = counted(path, path, begins=BEGINS)
    assert (twice.messages, twice.system) == (once.messages, once.system)
    assert twice.duplicates_skipped == once.messages + once.system


def test_the_three_clocks_of_qq_tell_the_same_messages():
    names = ("qq_manager_24h.txt", "qq_manager_24h_short_hour.txt", "qq_manager_ampm.txt", "tim_shangwu_xiawu.txt")
    keys = [[event.key for event in events(EXPORTS / name)] for name in names]
    assert keys[0] == keys[1] == keys[2] == keys[3]
    assert len(set(keys[0])) == len(keys[0])


def test_what_was_counted_before_does_not_pass():
    tally, said = Tally(), events(EXPORTS / "chatlog.csv")
    assert list(tally.once(said)) == said
    assert list(tally.once(said)) == []


BIG = """
import resource, sys
from qunguan.domain.activity_counts import Tally
from qunguan.exchange.readers.chats import read_chat
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tally = Tally()
with read_chat(sys.argv[1]) as reading:
    for event in reading.events():
        tally.add(event)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(tally.counts().messages, grown // 1024 if sys.platform != "darwin" else grown // 1024**2)
"""


@pytest.mark.long
@pytest.mark.parametrize("form", ["qq_txt", "chatlog_csv", "chatlab_json", "chatlab_jsonl"])
def test_fifty_megabytes_are_read_in_little_memory(form, tmp_path):
    path = tmp_path / "big"
    target, number = 50 * 1024**2, 0
    head = {
        "qq_txt": "消息记录（此消息记录为文本格式，不支持重新导入）\n\n消息对象:群\n\n",
        "chatlog_csv": "Time,SenderName,Sender,TalkerName,Talker,Content\n",
        "chatlab_json": '{"chatlab":{},"avatars":"' + "A" * 5_000_000 + '","meta":{"name":"群"},"messages":[',
        "chatlab_jsonl": '{"_type":"header","chatlab":{},"meta":{"name":"群"}}\n',
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head[form])
        rows = csv.writer(file)
        while file.tell() < target if number % 1000 == 0 else True:
            at, who, what = START + timedelta(seconds=number), f"成员{number % 997}", f"第{number}句，今天也来打卡" * 4
            message = {"sender": who, "accountName": who, "timestamp": 1709251200 + number, "type": 0, "content": what}
            if form == "qq_txt":
                file.write(f"{at} {who}({20000 + number % 997})\n{what}\n\n")
            elif form == "chatlog_csv":
                rows.writerow([at, who, f"wxid_{number % 997}", "群", "1@chatroom", what])
            else:
                line = json.dumps({"_type": "message", **message}, ensure_ascii=False)
                file.write(line + "\n" if form == "chatlab_jsonl" else ("," if number else "") + line)
            number += 1
        file.write("]}" if form == "chatlab_json" else "")
    done = subprocess.run([sys.executable, "-c", BIG, str(path)], capture_output=True, text=True, check=True)
    messages, megabytes = map(int, done.stdout.split())
    assert messages == number
    assert megabytes < 40, f"{megabytes} MB for {number} messages; keys alone take {16 * number >> 20} MB"
