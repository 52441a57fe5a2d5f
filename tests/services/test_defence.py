"""The three lines of defence: what each measures, that promotion rests for real, and where the ban leads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qunguan.domain.campaigns import Draft
from qunguan.domain.content import PostDraft
from qunguan.domain.errors import Refused
from qunguan.domain.feedback import FeedbackDraft
from qunguan.domain.reach import channels
from qunguan.i18n import set_language
from qunguan.services import alerts, campaigns, content, defence, feedback, groups, history, incidents, reach, rules
from tests.services.campaign_kit import TODAY, let_go
from tests.services.chat_kit import ago, crowd, leave


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def lines(desk, group_id=1):
    return desk.read(defence.lines, desk.clock, group_id)


def post(title="秒杀", kind="benefit", **more) -> PostDraft:
    return PostDraft(title, kind, more.pop("day", TODAY), 600, **more)


def exodus(desk, group_id=1):
    """Nine of a hundred leave: over the line of 8 %."""
    ids = crowd(desk, 100, group_id=group_id)
    leave(desk, ids[:9], ago(2), group_id)
    return ids


class TestPromotionRests:
    def test_in_the_calendar_until_it_is_acknowledged(self, desk):
        planned = desk.write(content.schedule, 1, post("早定的"), accept=True, reason="周五惯例").post
        dropped = desk.write(content.schedule, 1, post("放下的"), accept=True, reason="周五惯例").post
        desk.write(content.drop, dropped.id)
        talk = desk.write(content.schedule, 1, post("晚安", "value")).post
        exodus(desk)
        (second,) = [line for line in lines(desk) if line.number == 2]
        assert (second.state, second.holds_back, second.value, second.n) == ("fires", True, 0.09, 100)
        for refused in (
            lambda: desk.write(content.schedule, 1, post(), accept=True, reason="就要"),
            lambda: desk.write(content.schedule, 1, post(kind="value", sponsor="书店", disclosure="广告"), accept=True),
            lambda: desk.write(content.move, planned.id, TODAY.replace(day=25), accept=True, reason="就要"),
            lambda: desk.write(content.drop, dropped.id, bring_back=True, accept=True, reason="就要"),
            lambda: desk.write(
                content.edit, replace(talk, draft=replace(talk.draft, kind="benefit")), accept=True, reason="就要"
            ),
        ):
            with pytest.raises(Refused, match=r"9 % left.*qunguan alert know exits"):
                refused()
        desk.write(content.schedule, 1, post("聊聊", "interactive"))
        assert all(
            not one.post.draft.promotes for one in desk.write(content.copy_week, 1, TODAY, TODAY.replace(day=27))
        )
        assert desk.read(content.week, desk.clock, 1, TODAY).lock.locked
        assert not desk.read(alerts.promo_locked, desk.clock, desk.write(groups.create, "别的群").id).locked

        desk.write(alerts.mark, "exits", 1, "known")
        assert [(line.state, line.holds_back) for line in lines(desk)][1] == ("answered", False)
        desk.write(content.schedule, 1, post("可以了"), accept=True, reason="看过了")
        desk.write(history.undo)
        desk.write(history.undo)
        with pytest.raises(Refused):
            desk.write(content.schedule, 1, post("又不行"), accept=True, reason="就要")

    def test_campaigns_that_promote_do_not_start_and_others_do(self, desk):
        exodus(desk)
        sale = desk.write(campaigns.add, 1, Draft("秒杀", "flash", TODAY, 1200, TODAY, 1320, offer="茶"))
        with pytest.raises(Refused, match=r"9 % left.*qunguan alert know exits"):
            let_go(desk, sale.id)
        assert desk.read(campaigns.find_by_id, sale.id).started_at is None
        talk = desk.write(campaigns.add, 1, Draft("辩论", "debate", TODAY, 1200, TODAY, 1320))
        let_go(desk, talk.id)
        desk.write(alerts.mark, "exits", 1, "handling")
        desk.write(campaigns.start, sale.id)
        assert desk.read(campaigns.find_by_id, sale.id).started_at is not None

    def test_the_line_is_a_rule(self, desk):
        exodus(desk)
        desk.write(rules.change, "alert.exit_pct", 9)
        assert lines(desk)[1].state == "holds"
        desk.write(content.schedule, 1, post(), accept=True, reason="周五惯例")
        desk.write(rules.switch, "alert.exit_pct", enabled=False)
        assert lines(desk)[1].state == "off"


def test_the_lines_say_figure_rule_and_source(desk):
    crowd(desk, 10)
    found = lines(desk)
    assert [(line.number, line.id, line.source) for line in found] == [
        (1, "complaints", "S4-29"),
        (2, "exits", "S4-30, C25"),
        (3, "reach", "S4-31"),
    ]
    assert [line.threshold for line in found] == [0.3, 0.08, 0.8]
    assert found[2].state == "fires"
    assert "0 of 10" in str(found[2].said)
    empty = desk.write(groups.create, "空群").id
    assert lines(desk, empty)[2].state == "unknown"


def test_what_today_brought_is_said_beside_the_days_that_are_over(desk):
    ids = crowd(desk, 10)
    leave(desk, ids[:2], TODAY)
    for text in ("蔫了", "漏发", "少了一件"):
        desk.write(feedback.add, 1, FeedbackDraft("complaint", text))
    first, second, third = lines(desk)
    assert (first.state, first.now, first.today) == ("holds", 0, 3)
    assert first.today_said == "3 more today, which count from tomorrow on"
    assert (second.value, second.today) == (0, 2)
    assert "2 more left today" in second.today_said
    assert third.today_said == ""


def test_ways_of_ones_own_hold_the_third_line(desk):
    ids = crowd(desk, 10)
    for number, who in enumerate(ids[:8]):
        desk.write(reach.add, who, channels()["phone"], f"1380000000{number}")
    third = lines(desk)[2]
    assert (third.state, third.value, third.n, third.op) == ("holds", 0.8, 10, "<")
    desk.write(rules.switch, "reach.target", enabled=False)
    assert lines(desk)[2].state == "off"


def test_a_ban_leads_to_the_reach_list_with_its_figures(desk):
    ids = crowd(desk, 4)
    desk.write(reach.add, ids[0], channels()["app"], "会员 7")
    made = desk.write(incidents.start, "群被封了", playbook=defence.BAN)
    third = lines(desk)[2]
    assert (third.incident_id, third.state) == (made.id, "answered")
    view = desk.read(incidents.view, desk.clock, made.id)
    told = {point.item: point.text for stage in view.stages for point in stage.checks}
    assert "1/4" in told["backup"]
    assert "3" in told["reached"]
    desk.write(incidents.check, made.id, "tell", "backup")
