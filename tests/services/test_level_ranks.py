"""Levels put in or taken out: what was given to a level stays with it, and the past stays as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from qunguan.domain.clock import DayRule
from qunguan.domain.level_terms import Condition, Level, Terms, ranks_after
from qunguan.services import history, levels
from qunguan.store.levels import level_benefit, level_lock
from tests.services.checkin_kit import day, go, people


def terms(*names: str) -> Terms:
    bars = [(), *(((Condition("spend", 100_000 * place, None),),) for place in range(1, len(names)))]
    return Terms(tuple(Level(name, bar) for name, bar in zip(names, bars, strict=True)))


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("普通 银卡 金卡", "普通 铜卡 银卡 金卡", {1: 1, 2: 3, 3: 4}),
        ("普通 铜卡 银卡 金卡", "普通 银卡 金卡", {1: 1, 2: 2, 3: 2, 4: 3}),
        ("普通 银卡 金卡", "普通 白银 黄金", {1: 1, 2: 2, 3: 3}),  # renamed: nobody moves
        ("普通 银卡 金卡", "普通", {1: 1, 2: 1, 3: 1}),
    ],
)
def test_a_level_is_found_again_by_its_name(before, after, moved):
    assert ranks_after(terms(*before.split()), terms(*after.split())) == moved


def test_benefits_and_locks_stay_with_their_level_and_the_past_as_it_was(desk):
    (member,) = people(desk, "阿梨")
    made = desk.write(levels.create, "会员", terms("普通", "银卡", "金卡"), from_day=day(1))
    desk.write(levels.add_benefit, made.id, 2, "九八折")
    desk.write(levels.lock, made.id, member, 3, reason="种子用户")
    before = desk.clock.today(DayRule())
    go(desk, before + timedelta(days=3))

    desk.write(levels.save_version, made.id, terms("普通", "铜卡", "银卡", "金卡"), reason="多一级")
    assert ranks(desk, level_benefit) == [3]
    assert ranks(desk, level_lock) == [3, 4]
    assert desk.read(levels.standings, desk.clock)[member].level == "金卡"
    assert desk.read(levels.standings, desk.clock, as_of=before)[member].level == "金卡"

    desk.write(history.undo)
    assert ranks(desk, level_benefit) == [2]
    assert ranks(desk, level_lock) == [3]


def ranks(desk, table):
    return [row.rank for row in desk.read(lambda session: session.rows(select(table).order_by(table.c.id)))]
