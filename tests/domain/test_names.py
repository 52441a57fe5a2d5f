"""What is typed means a thing by its number or its name."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import Ambiguous
from qunguan.domain.names import meant, only
from qunguan.values import frozen


@frozen
class Thing:
    id: int
    name: str


THINGS = (Thing(1, "夜读"), Thing(2, "3"), Thing(3, "夜读🌙"), Thing(4, "VIP"), Thing(5, "vip"))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("3", [3]),  # a number is an id where there is one
        ("#3", [3]),
        ("＃３", [3]),
        ("1234567890123456789012", []),
        (" 夜读 ", [1]),  # exactly this name goes before names like it
        ("夜读⭐", [1, 3]),
        ("VIP", [4]),
        ("ｖｉｐ", [4, 5]),
        ("🌙", []),
        ("", []),
    ],
)
def test_by_number_by_name_and_by_a_name_like_it(text, ids):
    assert [one.id for one in meant(THINGS, text)] == ids


def test_a_number_that_nothing_has_may_be_a_name():
    assert meant(THINGS[:2], "3") == [THINGS[1]]


def test_one_nothing_or_several_with_their_numbers():
    assert only(THINGS[:1], "several: {text}") is THINGS[0]
    assert only((), "several: {text}") is None
    with pytest.raises(Ambiguous, match=r"several: vip——.*VIP \(#4\) / vip \(#5\)") as error:
        only(THINGS[3:], "several: {text}", "vip")
    assert error.value.candidates == ("VIP (#4)", "vip (#5)")
