"""Readings of Hanzi, above all of names."""

from __future__ import annotations

import pytest

from qunguan.domain import pinyin


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        ("张", ("zhang",)),
        ("曾", ("zeng", "ceng")),
        ("吕", ("lv",)),
        ("𠮷", ("ji",)),
        ("〇", ("ling",)),
        ("a", ()),
        ("🌸", ()),
        ("", ()),
    ],
)
def test_readings(char: str, expected: tuple[str, ...]) -> None:
    assert pinyin.readings(char) == expected


@pytest.mark.parametrize(
    ("char", "surname", "usual"),
    [
        ("单", "shan", "dan"),
        ("解", "xie", "jie"),
        ("仇", "qiu", "chou"),
        ("区", "ou", "qu"),
        ("查", "zha", "cha"),
        ("任", "ren", "ren"),
        ("乐", "yue", "le"),
        ("翟", "zhai", "di"),
        ("朴", "piao", "pu"),
        ("盖", "ge", "gai"),
        ("折", "she", "zhe"),
        ("行", "xing", "hang"),
        ("长", "zhang", "chang"),
    ],
)
def test_a_polyphone_is_indexed_both_ways(char: str, surname: str, usual: str) -> None:
    found = pinyin.readings(char)
    assert found[0] == surname
    assert usual in found


@pytest.mark.parametrize(
    ("name", "said"),
    [("尉迟恭", ["yu", "chi", "gong"]), ("万俟卨", ["mo", "qi", "xie"]), ("长孙无忌", ["zhang", "sun"])],
)
def test_compound_surnames_are_read_as_a_whole(name: str, said: list[str]) -> None:
    assert [options[0] for options in pinyin.syllables(name)][: len(said)] == said


def test_what_is_no_hanzi_has_no_reading() -> None:
    assert pinyin.syllables("A张 🌸") == ((), ("zhang",), (), ())


def test_every_reading_can_be_typed() -> None:
    hanzi = map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0)))
    known = {char: found for char in hanzi if (found := pinyin.readings(char))}
    assert len(known) > 40_000
    for char, found in known.items():
        assert len(found) <= 3, char
        assert len(set(found)) == len(found), char
        assert all(reading.isascii() and reading.isalpha() and reading.islower() for reading in found), char
