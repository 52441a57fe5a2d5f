"""`qunguan handbook`: pages by subject, word and code; no database is needed."""

from __future__ import annotations


def test_pages_by_name_word_and_code(blank):
    assert "alerts" in blank("handbook").out
    assert "8 %" in blank("handbook", "alerts").out
    assert "alerts" in [page["page"] for page in blank("handbook", "S4-30", "--json").json["pages"]]
    assert not blank.db.exists()


def test_a_word_it_does_not_know(blank):
    assert "nothing" in blank("handbook", "zzzz").refused()
