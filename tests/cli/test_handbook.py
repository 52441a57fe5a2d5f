"""`qunguan handbook`: pages by subject, word and code; no database is needed."""

from __future__ import annotations


def test_pages_by_name_word_and_code(blank):
    assert "alerts" in blank("handbook").out
    assert "8 %" in blank("handbook", "alerts").out
    assert "alerts" in [page["page"] for page in blank("handbook", "S4-30", "--json").json["pages"]]
    assert not blank.db.exists()


def test_where_the_words_stand_is_shown(blank):
    told = blank("handbook", "8%", "--lang", "zh").out
    assert "超过 8% 的人，促销位就锁上" in told
    assert "熔断线 8%" in blank("handbook", "熔断", "--lang", "zh").out, "in what a paragraph rests on, too"


def test_a_word_it_does_not_know(blank):
    assert "nothing" in blank("handbook", "zzzz").refused()
