"""The same conversation, told by ten exporters: every file gives the same counts per day, hour and person."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter

import pytest

from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats import read_chat, recognise
from qunguan.exchange.readers.chats_source import Pasted
from tests.exchange.chats import (
    BEGINS,
    EXPECTED,
    EXPORTS,
    by_day,
    by_hour,
    by_id,
    by_name,
    counted,
    events,
    shared_fixtures,
)

FORMATS = {
    "wechatmsg_legacy.csv": "wechatmsg_csv",
    "memotrace_v3.csv": "memotrace_csv",
    "wechatmsg.txt": "wechatmsg_txt",
    "pywxdump.csv": "pywxdump_csv",
    "chatlog.csv": "chatlog_csv",
    "chatlog.json": "chatlog_json",
    "chatlog.txt": "chatlog_txt",
    "weflow.xlsx": "weflow_xlsx",
    "weflow.txt": "weflow_txt",
    "qq_manager_24h.txt": "qq_txt",
    "qq_manager_24h_short_hour.txt": "qq_txt",
    "qq_manager_ampm.txt": "qq_txt",
    "tim_shangwu_xiawu.txt": "qq_txt",
    "qce_v5.json": "qce_json",
    "wechat_mail_share.txt": "wechat_share",
}
PEOPLE = {
    "speech_by_wxid": ("wechatmsg_legacy.csv", "pywxdump.csv", "chatlog.csv", "chatlog.json", "weflow.xlsx"),
    "speech_by_qq": ("qce_v5.json",),
    "speech_by_qq_id_as_printed": tuple(name for name, form in FORMATS.items() if form == "qq_txt"),
}
COMPLETE = sorted(set(FORMATS) - {"wechatmsg.txt"})
WITH_SYSTEM = sorted(set(FORMATS) - {"wechat_mail_share.txt"})


def test_every_file_of_the_folder_is_told_of():
    assert {path.name for path in EXPORTS.iterdir()} == {*FORMATS, "pywxdump_users.json", "expected.json"}


@pytest.mark.parametrize(("name", "form"), FORMATS.items())
def test_formats_are_recognised_by_content(name, form, tmp_path):
    path = tmp_path / "export.bin"
    path.write_bytes((EXPORTS / name).read_bytes())
    assert recognise(path) == form


@pytest.mark.parametrize("name", COMPLETE)
def test_counts_per_day_and_hour(name):
    counts, info = counted(EXPORTS / name, begins=BEGINS)
    assert (counts.messages, by_day(counts), by_hour(counts)) == (
        EXPECTED["speech_rows"],
        EXPECTED["speech_by_day"],
        EXPECTED["speech_by_hour"],
    )
    assert info.rejected == counts.duplicates_skipped == counts.undated == 0


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in PEOPLE.items() for name in names])
def test_counts_per_person(key, name):
    assert by_id(counted(EXPORTS / name)[0]) == EXPECTED[key]


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"pywxdump.csv"}))
def test_counts_per_name_shown(name):
    assert by_name(counted(EXPORTS / name, begins=BEGINS)[0]) == EXPECTED["speech_by_display_name_at_time"]


def test_names_of_pywxdump_come_from_the_file_beside_it(tmp_path):
    (tmp_path / "page.csv").write_bytes((EXPORTS / "pywxdump.csv").read_bytes())
    assert set(by_name(counted(tmp_path / "page.csv")[0])) == {""}
    users = (EXPORTS / "pywxdump_users.json").read_bytes()
    (tmp_path / "users.json").write_bytes(users)
    told = {wxid: user["nickname"] for wxid, user in json.loads(users).items()}
    named = {m.speaker.id: m.speaker.name for m in counted(tmp_path / "page.csv")[0].by_member}
    assert named == {wxid: told.get(wxid, "") for wxid in EXPECTED["speech_by_wxid"]}


def test_the_text_that_leaves_some_messages_out_has_the_others():
    """WeChatMsg does not write app messages 接龙 and red packet; the CSV of the same chat tells which those are."""
    with (EXPORTS / "wechatmsg_legacy.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row for row in csv.DictReader(file) if row["Type"] not in ("10000", "49")]
    counts, _info = counted(EXPORTS / "wechatmsg.txt")
    assert counts.messages == EXPECTED["wechatmsg_txt"]["speech_rows"] == len(written)
    assert by_hour(counts) == {f"{h:02}": 0 for h in range(24)} | Counter(row["StrTime"][11:13] for row in written)
    assert by_name(counts) == Counter(row["NickName"] for row in written)


@pytest.mark.parametrize("name", WITH_SYSTEM)
def test_joins_and_recalls(name):
    counts, _info = counted(EXPORTS / name, begins=BEGINS)
    assert [[str(join.at), join.speaker.name] for join in counts.joins] == EXPECTED["joins"]
    assert (counts.system, counts.recalled) == (EXPECTED["system_rows"], EXPECTED["recalled_rows"])
    assert (str(counts.first), str(counts.last)) == (EXPECTED["first"], EXPECTED["last"])
    if FORMATS[name] not in ("qq_txt", "qce_json"):
        assert {join.inviter.name for join in counts.joins if join.inviter} == {"🐑郑圆圆🐑"}


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"chatlog.csv", "chatlog.txt"}))
def test_pictures_and_stickers_are_speech(name):
    media = counted(EXPORTS / name)[0].by_media
    assert (media["image"], media["sticker"]) == (EXPECTED["kinds"]["image"], EXPECTED["kinds"]["sticker"])


@pytest.mark.parametrize("name", ["chatlog.csv", "weflow.txt", "weflow.xlsx", "qq_manager_24h.txt", "qce_v5.json"])
def test_solitaires_pass_with_their_text(name):
    said = [event.text for event in events(EXPORTS / name) if event.text.startswith("#接龙")]
    whole = 1 if name == "chatlog.csv" else EXPECTED["solitaire_messages"]
    assert len(said) == whole


def test_a_file_of_people_is_no_chat():
    with pytest.raises(BadInput) as refusal:
        recognise(EXPORTS / "pywxdump_users.json")
    assert refusal.value.what == "these are the names of PyWxDump, not its messages"


def real_excerpts():
    folder = shared_fixtures() / "real_excerpts"
    return folder, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [
    "wechat_mail_share_2018.txt", "wechat_mail_share_2026_compact.txt", "wechat_mail_share_2025_group.txt",
])  # fmt: skip
def test_real_mails(name):
    folder, expected = real_excerpts()
    counts, info = counted(folder / name)
    told = expected[name]
    assert info.format == "wechat_share"
    assert (counts.messages, by_name(counts)) == (told["messages"], told["by_sender"])
    assert by_day(counts) == told.get("by_day", by_day(counts))
    assert counts.by_media.get("image", 0) == told.get("images", counts.by_media.get("image", 0))


def test_real_qq_with_a_twelve_hour_clock():
    folder, expected = real_excerpts()
    told = expected["qq_manager_ampm_2019.txt"]
    counts, _info = counted(folder / "qq_manager_ampm_2019.txt")
    assert (counts.messages, counts.system, by_id(counts)) == (told["speech"], told["system"], told["by_qq"])
    assert [join.speaker.name for join in counts.joins] == told["joins"]
    assert (str(counts.first), str(counts.last)) == ("2019-09-23 20:43:38", "2019-09-24 09:16:35")


def test_real_qq_with_several_chats():
    folder, expected = real_excerpts()
    told = expected["qq_manager_all_records_multi_target_2014.txt"]
    path = folder / "qq_manager_all_records_multi_target_2014.txt"
    assert Counter(event.chat for event in events(path)) == told["by_target"]
    assert list(counted(path)[1].chats) == told["targets"]


@pytest.mark.parametrize("name", ["qtox_events.csv.gz", "zig2020_events.csv.gz"])
def test_a_public_channel_counts_as_a_recount_does(name):
    path = shared_fixtures() / "activity" / name
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split(",") for line in file][1:]
    counts, info = counted(path)
    assert info.format == "sheet"
    assert by_day(counts) == Counter(row[0][:10] for row in rows if row[2] == "msg")
    assert by_id(counts) == Counter(row[1] for row in rows if row[2] == "msg")
    assert len(counts.joins) == sum(row[2] == "join" for row in rows)
    assert (info.rejected, counts.duplicates_skipped) == (0, 0)


def test_a_chat_saved_again_by_excel_is_the_same_chat(tmp_path):
    """GBK with ? for emoji, dates in slashes without seconds, a tab for a comma: all of it still read."""
    rows = list(csv.reader(io.StringIO((EXPORTS / "chatlog.csv").read_text(encoding="utf-8"), newline="")))
    for row in rows[1:]:
        row[0] = row[0].replace("-", "/")[:16]
    for encoding, delimiter in (("gb18030", ","), ("utf-16", "\t")):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        counts, info = counted(path)
        assert (info.format, by_hour(counts)) == ("chatlog_csv", EXPECTED["speech_by_hour"])
        assert by_id(counts) == EXPECTED["speech_by_wxid"]


def test_a_pasted_text_is_read_as_the_file_of_it():
    path = EXPORTS / "wechat_mail_share.txt"
    place = Pasted(path.read_text(encoding="utf-8"), "pasted")
    with read_chat(path) as file, read_chat(place) as pasted:
        assert [event.key for event in pasted.events()] == [event.key for event in file.events()]
        assert recognise(place) == file.info.format
    with pytest.raises(BadInput) as refused:
        recognise(Pasted("随便写写", "pasted"))
    assert refused.value.where == "pasted"
