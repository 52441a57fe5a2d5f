"""Of a 接龙 that grows message by message the last version is kept, and every morning's is its own."""

from __future__ import annotations

from datetime import date, datetime

from qunguan.domain.activity_chains import CHAINS_KEPT, Chains, is_chain


def listed(*names, title="早起打卡"):
    return f"#接龙\n{title}\n\n" + "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))


def final(*sent):
    chains = Chains()
    for day, text in sent:
        chains.add(text, date(2026, 3, day), datetime.fromisoformat(f"2026-03-{day:02} 07:00"), "群")
    return [(one.day and one.day.day, one.items, one.versions) for one in chains.final()]


def test_what_is_a_chain():
    assert all(map(is_chain, ("#接龙\n早", "＃接龍", " # Group Note\nx")))
    assert not any(map(is_chain, ("大家快来#接龙", "接龙", "")))


def test_versions_of_a_day_are_one_list_even_when_two_answered_at_once():
    assert final((1, listed("阿梨")), (1, listed("阿梨", "小红")), (1, listed("阿梨", "阿明"))) == [(1, 2, 3)]


def test_every_morning_has_its_own():
    days = [(1, listed("阿梨")), (1, listed("阿梨", "小红")), (2, listed("阿梨")), (2, listed("阿梨", "阿明"))]
    assert final(*days) == [(1, 2, 2), (2, 2, 2)]
    assert final((1, listed("阿梨")), (2, listed("阿梨"))) == [(1, 1, 1), (2, 1, 1)]


def test_a_list_that_grows_over_midnight_is_one():
    assert final((1, listed("阿梨", "小红")), (2, listed("阿梨", "小红", "阿明"))) == [(2, 3, 2)]


def test_an_older_file_read_later_does_not_continue_a_newer_list():
    assert final((2, listed("阿梨")), (1, listed("阿梨", "小红"))) == [(2, 1, 1), (1, 2, 1)]
    once = [(1, listed("阿梨")), (1, listed("阿梨", "小红"))]
    assert len(final(*once, *once)) == 1


def test_other_headings_are_other_lists_and_old_ones_go():
    assert final((1, listed("阿梨")), (1, listed("阿梨", title="团购"))) == [(1, 1, 1), (1, 1, 1)]
    chains = Chains()
    for number in range(CHAINS_KEPT + 5):
        chains.add(listed("阿梨", title=f"第{number}个"), None, None, "")
    kept = chains.final()
    assert (len(kept), kept[-1].title) == (CHAINS_KEPT, f"第{CHAINS_KEPT + 4}个")
