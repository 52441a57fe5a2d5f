"""Encodings are told apart, and what cannot be is refused in one line."""

from __future__ import annotations

import io
import os
import sys

import pytest

from qunguan.domain.errors import BadInput, NotFound, UserError
from qunguan.exchange.readers.decode import decode, read_bytes
from qunguan.exchange.readers.limits import Limits
from qunguan.exchange.readers.words import KNOWN

TEXT = "昵称,手机号\r\n阿梨,13800000001\r\n团团妈,\r\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_chinese_tables_are_read_in_every_encoding_excel_writes(codec, encoding):
    data = TEXT.encode(codec)
    if codec == "utf-16-be":
        data = b"\xfe\xff" + data
    decoded = decode(data, KNOWN)
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)


@pytest.mark.parametrize("text", ["name\n联通\n", "昵称\n联通\n", "联通"])
def test_the_gbk_bytes_of_liantong_are_not_taken_for_utf_8(text):
    assert decode(text.encode("gbk"), KNOWN).text == text


@pytest.mark.parametrize("text", ["昵称,x\n𠮷野🍀,1\n", "#接龙\n1. 阿梨 早起\n2. Crystal🍀\n"])
def test_gb18030_characters_beyond_gbk_survive(text):
    assert decode(text.encode("gb18030"), KNOWN).text == text


@pytest.mark.parametrize("text", ["José", "name\nИван Петров\nΝίκος\n", "", "a,b\n1,2\n", "name\nMüller\nZoë\n"])
def test_text_without_chinese_is_utf_8(text):
    assert decode(text.encode(), KNOWN).text == text


@pytest.mark.parametrize(
    "text",
    [
        "姓名,電話\n陳小明,0912\n王大同,0933\n林志玲,0955",
        "暱稱,電話\n陳小明,0912\n",
        "日期,姓名\n陳小明,0912\n",
        "成員名單\n蔡依林\n周杰倫\n張惠妹\n",
    ],
)
def test_big5_is_refused_not_read_as_rubbish(text):
    with pytest.raises(BadInput) as refusal:
        decode(text.encode("big5"), KNOWN)
    assert "Big5" in refusal.value.what


def test_a_name_that_reads_well_in_two_encodings_is_not_guessed():
    both = next(
        data
        for lead in range(0xC2, 0xD8)
        for trail in range(0xA1, 0xC0)
        if len((data := bytes([lead, trail]) * 2).decode("utf-8", "ignore")) == 2
    )
    with pytest.raises(BadInput) as refusal:
        decode(b"name\n" + both + b"\n", KNOWN)
    assert both.decode("gbk") in refusal.value.values["one"]


def test_utf_8_cut_in_the_middle_names_the_line():
    with pytest.raises(BadInput) as refusal:
        decode(TEXT.replace("团团妈,\r\n", "团团妈").encode()[:-1], KNOWN)
    assert refusal.value.values["line"] == 3
    for data in (TEXT.encode("utf-8-sig")[:-8], TEXT.encode("utf-16")[:-1]):
        with pytest.raises(BadInput) as refusal:
            decode(data, KNOWN)
        assert "damaged" in refusal.value.what


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
        b"PK\x03\x04rest",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\x00\x00\x00\x18ftypheic",
        b"\x1f\x8b\x08",
        b"SQLite format 3\0",
        b"a,b\n1,\x00\n",
        "昵称".encode("utf-16-le"),
        "昵称".encode("utf-32"),
        bytes(range(256)),
        b"\xff\xfe\x00\x00",
    ],
)
def test_binaries_and_nuls_are_refused(data):
    with pytest.raises(BadInput):
        decode(data, KNOWN)


def test_an_old_xls_says_what_to_do():
    with pytest.raises(BadInput) as refusal:
        decode(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", KNOWN, "a.xls")
    assert refusal.value.where == "a.xls"
    assert ".xlsx" in refusal.value.hint
    assert ".xls" in refusal.value.values["kind"].what


def test_paths_that_are_no_file_are_refused_in_one_line(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "big.csv").write_bytes(b"x" * 11)
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (
        tmp_path,
        tmp_path / "empty.csv",
        tmp_path / "big.csv",
        fifo,
        "/dev/null",
        tmp_path / "loop",
        "a\0b",
        tmp_path / ("名" * 300),
    ):
        with pytest.raises(UserError) as refusal:
            read_bytes(path, Limits(file_bytes=10))
        assert "\n" not in str(refusal.value.what)
    for path in (tmp_path / "none.csv", tmp_path / "big.csv" / "below"):
        with pytest.raises(NotFound):
            read_bytes(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("昵称\n")
    path.chmod(0)
    with pytest.raises(BadInput):
        read_bytes(path)


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("gbk"))))
    assert decode(read_bytes("-"), KNOWN).text == TEXT
