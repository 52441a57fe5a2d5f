"""One key goes through the views, one after the other."""

from __future__ import annotations

from qunguan.tui.turns import next_of


def test_after_the_last_comes_the_first():
    assert [next_of("abc", now) for now in "abc"] == ["b", "c", "a"]


def test_what_is_none_of_them_is_followed_by_the_first():
    assert next_of({"day": 1, "week": 2}, "year") == "day"
