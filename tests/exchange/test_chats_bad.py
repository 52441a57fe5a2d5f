"""Files that are cut, mixed, damaged or something else: one sentence, nothing half read, no file left open."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.readers.chats import read_chat, recognise
from qunguan.exchange.readers.chats_json import JsonStream
from tests.exchange.chats import EXPECTED, EXPORTS, counted, events

JSON = ("chatlog.json", "qce_v5.json")


def refused(path: Path, **options: object) -> str:
    with pytest.raises(BadInput) as refusal:
        events(path, **options)
    return refusal.value.what


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("share", [0.3, 0.75, 0.999])
def test_json_that_breaks_off(name, share, tmp_path):
    text = (EXPORTS / name).read_text(encoding="utf-8")
    path = tmp_path / "cut.json"
    path.write_text(text[: int(len(text) * share)], encoding="utf-8")
    assert refused(path) == "the JSON ends in the middle"


def test_json_that_is_damaged_inside(tmp_path):
    text = (EXPORTS / "chatlog.json").read_text(encoding="utf-8")
    path = tmp_path / "damaged.json"
    path.write_text(text[:50_000] + '}{"' + text[50_000:], encoding="utf-8")
    assert refused(path) in ("the JSON is damaged after {place} characters", "the JSON ends in the middle")


@pytest.mark.parametrize(
    "text", ["[" * 200_000, '{"a":' * 200_000, "[1, 2", '{"messages": 3}', "{}", "[]", '["a"]', "{,}"]
)
def test_json_that_is_no_chat(text, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        recognise(path)


def test_items_that_are_no_messages_are_counted_and_left_out(tmp_path):
    items = json.loads((EXPORTS / "chatlog.json").read_text(encoding="utf-8"))
    items[10]["time"] = "2016-07-04T25:61:00+08:00"
    items[11] = "not a message"
    items[12]["time"] = None
    path = tmp_path / "a.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    counts, info = counted(path)
    assert (counts.messages, info.rejected) == (EXPECTED["speech_rows"] - 3, 3)
    assert [note.row for note in info.rejections] == [11, 12, 13]


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        ("chatlog.csv", "2016-07-04 08:12:44", "2016-07-04 25:12:44"),
        ("wechatmsg_legacy.csv", "1467591164", "99999999999999999999"),
        ("qq_manager_ampm.txt", "2016-07-04 8:12:44 AM", "2016-07-04 8:72:44 AM"),
        ("weflow.txt", "2016-07-04 08:12:44", "2016-13-04 08:12:44"),
        ("wechat_mail_share.txt", "🐑郑圆圆🐑  08:15", "🐑郑圆圆🐑  28:15"),
    ],
)
def test_a_wrong_clock_costs_one_message(name, good, wrong, tmp_path):
    path = tmp_path / name
    data = (EXPORTS / name).read_bytes()
    assert good.encode() in data
    path.write_bytes(data.replace(good.encode(), wrong.encode(), 1))
    counts, info = counted(path)
    assert (counts.messages, info.rejected) == (EXPECTED["speech_rows"] - 1, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x89PNG\r\n\x1a\n" + bytes(99), bytes(range(256)) * 40, b"PK\x03\x04" + bytes(99), b"%PDF-1.4",
        b"SQLite format 3\0" + bytes(99), b"hello\nworld\n", "昵称,手机\n阿明,1\n".encode(), b"2024-03-01\n",
        b"\x1f\x8b" + bytes(40), gzip.compress(b"x" * 9999, mtime=0)[:-9], "今天天气很好\n".encode("big5"),
    ],
)  # fmt: skip
def test_what_is_no_chat_export(data, tmp_path):
    path = tmp_path / "chat.txt"
    path.write_bytes(data)
    with pytest.raises(BadInput):
        recognise(path)


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(NotFound):
        recognise(tmp_path / "nowhere.txt")
    with pytest.raises(BadInput):
        recognise(tmp_path)
    with pytest.raises(BadInput):
        recognise(str(tmp_path / "a\0b"))


@pytest.mark.parametrize("tail", ["阿明".encode("gb18030") * 9, b"\xe9\x98", b"\xff\xfe"])
def test_a_mix_of_encodings_is_refused_with_its_line_before_anything_is_read(tail, tmp_path):
    path = tmp_path / "mixed.txt"
    good = (EXPORTS / "weflow.txt").read_bytes()
    path.write_bytes(good + tail)
    with pytest.raises(BadInput) as refusal:
        recognise(path)
    assert refusal.value.values["line"] == good.count(b"\n") + 1


def test_a_quotation_mark_that_never_closes(tmp_path):
    path = tmp_path / "a.csv"
    text = (EXPORTS / "chatlog.csv").read_text(encoding="utf-8")
    line = text.index("价格多少")
    path.write_text(text[:line] + '"' + text[line:].replace('"', "") * 20, encoding="utf-8")
    assert refused(path) == "a quotation mark opens here and is never closed"


@pytest.mark.parametrize("name", ["weflow.txt", "chatlog.csv"])
def test_a_line_without_an_end(name, tmp_path):
    path = tmp_path / name
    path.write_bytes((EXPORTS / name).read_bytes() + "没完".encode() * 1_000_000)
    with pytest.raises(BadInput):
        events(path)


def test_a_body_beyond_all_bounds_is_cut_and_the_rest_still_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "2024-03-01 08:00:00 '阿明'\n" + "很长的一行\n" * 100_000 + "\n2024-03-01 08:01:00 '阿明'\n早\n", "utf-8"
    )
    first, second = events(path)
    assert len(first.text) < 140_000
    assert second.text == "早"


def test_a_wish_for_another_format_is_checked():
    assert refused(EXPORTS / "chatlog.csv", format="qce_json") == "this is no chat export known here"
    assert refused(EXPORTS / "chatlog.json", format="weflow_json") == "this is no chat export known here"
    assert len(events(EXPORTS / "weflow.txt", format="wechatmsg_txt")) == EXPECTED["rows_total"]


class Stopped(Exception):
    pass


def test_progress_is_told_in_bytes_and_may_stop_the_reading(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes((EXPORTS / "weflow.txt").read_bytes() * 100)
    steps: list[tuple[int, int]] = []
    with read_chat(path, progress=lambda done, whole: steps.append((done, whole))) as reading:
        for _event in reading.events():
            pass
    assert {whole for _done, whole in steps} == {path.stat().st_size}
    assert [done for done, _whole in steps][-1] <= path.stat().st_size
    assert len({done for done, _whole in steps}) > 2
    assert [done for done, _whole in steps] == sorted(done for done, _whole in steps)

    def stop(done: int, whole: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_chat(path, progress=stop).__enter__()
    with read_chat(path) as reading:
        next(iter(reading))


@pytest.mark.parametrize("piece", [1, 2, 7, 1000])
def test_json_in_pieces_of_any_size(piece, monkeypatch):
    document = {"a": ['x"]}', {"b": [1.5e3, None, '\\"']}], "skip": {"deep": [[["}"]]]}, "messages": [{"n": 12}, 345]}
    text = " " + json.dumps(document, indent=1) + " "
    monkeypatch.setattr("qunguan.exchange.readers.chats_json._PIECE", piece)
    stream = JsonStream(io.StringIO(text), "a.json")
    found = {}
    for key in stream.members():
        if key == "a":
            found[key] = stream.value()
        elif key == "messages":
            found[key] = list(stream.items())
    assert found == {"a": document["a"], "messages": document["messages"]}
    for end in range(2, len(text) - 2):
        cut = JsonStream(io.StringIO(text[:end]), "a.json")
        with pytest.raises(BadInput):
            for _key in cut.members():
                pass
