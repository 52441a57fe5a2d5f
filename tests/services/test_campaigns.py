"""Campaigns: planned, their tasks, changed, cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.campaigns import Draft, playbooks
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.services import campaigns, history, members
from tests.services.campaign_kit import TODAY, people, running

FIRST = date(2026, 3, 27)


def draft(form: str = "group_buy", name: str = "周末拼团", **more) -> Draft:
    book = playbooks()[form]
    last = FIRST + timedelta(days=book.days - 1)
    return Draft(name, form, FIRST, 20 * 60, last, 22 * 60, **more)


def plan(desk, form: str = "group_buy", name: str = "周末拼团", **more):
    return desk.write(campaigns.add, 1, draft(form, name, **more))


@pytest.mark.parametrize("form", list(playbooks()))
def test_every_form_can_be_planned_and_asks_for_tasks_before_on_and_after_the_day(desk, form):
    made = plan(desk, form, offer="买二送一")
    told = desk.read(campaigns.tasks, made.id)
    days = {each.day for each in told}
    assert min(days) <= FIRST - timedelta(days=3)
    assert made.to_day + timedelta(days=1) in days
    assert all(each.text for each in told)
    assert not [each for each in told if "{" in each.text + each.title]
    assert {each.hat for each in told} <= {"owner", "content", "service", "analyst"}
    assert desk.read(campaigns.draft_of, made).terms.keys() == {each.name for each in made.playbook.terms}
    assert desk.write(campaigns.edit, made.id, desk.read(campaigns.draft_of, made)) == made


def test_what_is_due_in_a_range_of_days_comes_from_all_campaigns_at_once(desk):
    one, two = plan(desk), plan(desk, "flash", "午间秒杀")
    found = desk.read(campaigns.tasks_between, [1], FIRST, FIRST)
    assert {each.campaign_id for each in found} == {one.id, two.id}
    assert [each.at_minute for each in found] == sorted(each.at_minute for each in found)
    assert found[0].key == f"campaign:{found[0].campaign_id}:{found[0].step}"
    warm = desk.read(campaigns.tasks_between, None, FIRST - timedelta(days=3), FIRST - timedelta(days=3))
    assert {each.step for each in warm} == {"warm"}
    assert desk.read(campaigns.tasks_between, [2], FIRST, FIRST) == ()


def test_nobody_is_late_with_what_was_to_do_before_the_campaign_was_planned(desk):
    soon = replace(draft(), first=date(2026, 3, 21), last=date(2026, 3, 22))  # it is 20:00 on the 20th
    ahead = {each.step for each in desk.read(campaigns.outlook, desk.clock, 1, soon).tasks}
    made = desk.write(campaigns.add, 1, soon)
    found = desk.read(campaigns.tasks_between, None, date(2026, 3, 1), date(2026, 4, 30))
    everything = {each.step for each in desk.read(campaigns.tasks, made.id)}
    assert {each.step for each in found} == ahead == everything - {"warm"}  # that was to be done on the 18th


def test_a_ready_text_speaks_of_the_terms_and_leaves_out_what_nobody_told(desk):
    made = plan(desk, offer="洗衣液 99 元", terms={"team_size": "4", "stock": "30"})
    start = next(each for each in desk.read(campaigns.tasks, made.id) if each.step == "start")
    assert "4 人一团" in start.text
    assert "一共 30 份" in start.text
    assert "成团每人多送" not in start.text
    assert start.at_minute == 20 * 60


def test_whom_it_is_for_is_frozen_when_it_is_planned(desk):
    for name in ("阿梨", "小王"):
        desk.write(members.add, name, group_id=1)
    made = plan(desk)
    desk.write(members.add, "后来的", group_id=1)
    assert len(desk.read(campaigns.audience, made.id)) == 2


def test_what_was_started_before_its_day_waits_to_open(desk):
    people(desk)
    early = running(desk, "flash", "后天", first=TODAY + timedelta(days=2))
    running(desk, "flash", "今天")
    told = {each.campaign.name: each for each in desk.read(campaigns.lines, desk.clock, 1)}
    assert [told[name].standing for name in ("后天", "今天")] == ["waits to open", "running"]
    desk.clock = Clock(early.starts_at)
    assert desk.read(campaigns.card, desk.clock, early.id).line.standing == "running"


def test_a_campaign_is_found_by_number_name_or_part_of_it(desk):
    one, two = plan(desk), plan(desk, "flash", "周末秒杀")
    assert desk.read(campaigns.find, "周末拼团") == one
    assert desk.read(campaigns.find, f"#{two.id}") == two
    assert desk.read(campaigns.find, "秒杀") == two
    with pytest.raises(Ambiguous):
        desk.read(campaigns.find, "周末")
    with pytest.raises(NotFound):
        desk.read(campaigns.find, "没有")


def test_changes_are_steps_that_undo_takes_back(desk):
    made = plan(desk)
    before = desk.read(campaigns.draft_of, made)
    desk.write(campaigns.edit, made.id, replace(before, name="改过", terms={**before.terms, "team_size": "5"}))
    assert desk.read(campaigns.terms, made.id)["team_size"] == "5"
    desk.write(history.undo)
    assert desk.read(campaigns.find_by_id, made.id) == made
    assert desk.read(campaigns.terms, made.id)["team_size"] == "3"
    desk.write(campaigns.cancel, made.id)
    assert desk.read(campaigns.tasks_between, [1], FIRST, FIRST) == ()
    with pytest.raises(Refused):
        desk.write(campaigns.cancel, made.id)
    with pytest.raises(Refused):
        desk.write(campaigns.edit, made.id, before)
    desk.write(history.undo)
    assert desk.read(campaigns.tasks_between, [1], FIRST, FIRST)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "甲\x1b[31m"},
        {"form": "没有"},
        {"last": FIRST - timedelta(days=1)},
        {"goal": "fame"},
        {"carrier": "pigeon"},
        {"terms": {"team_size": "1"}},
        {"terms": {"team_size": "许多"}},
        {"terms": {"nothing": "1"}},
        {"budget_fen": -1},
    ],
)
def test_a_plan_that_cannot_be_is_refused(desk, wrong):
    with pytest.raises((BadInput, NotFound)):
        desk.write(campaigns.add, 1, replace(draft(), **wrong))
    assert desk.read(campaigns.all_campaigns) == ()


def test_an_end_at_midnight_belongs_to_the_day_before(desk):
    made = desk.write(campaigns.add, 1, replace(draft(), last=FIRST, end_minute=24 * 60))
    assert (made.from_day, made.to_day) == (FIRST, FIRST)
    assert desk.read(campaigns.draft_of, made).end_minute == 24 * 60
    close = next(each for each in desk.read(campaigns.tasks, made.id) if each.step == "close")
    assert (close.day, close.at_minute) == (FIRST, 23 * 60)
