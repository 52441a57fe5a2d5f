"""A campaign from gate to review: what stops a start, draws anyone can repeat, figures against goal and past runs."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from qunguan.domain.campaign_draw import Lot, digest, drawn, ordered
from qunguan.domain.campaign_gate import forbidden
from qunguan.domain.campaigns import Draft, playbooks
from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.i18n import set_language
from qunguan.services import alerts, campaigns, content, history, members
from qunguan.services.insight_slump import campaign_days
from qunguan.services.insight_window import frame
from tests.services.campaign_kit import TODAY, let_go, people, running


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def plan(desk, form="flash", name="秒杀", day=TODAY, **more):
    return desk.write(campaigns.add, 1, Draft(name, form, day, 1200, day, 1320, **more))


def levels(desk, draft):
    return [(each.level, each.source) for each in desk.read(campaigns.outlook, desk.clock, 1, draft).cautions]


# -- the gate


def test_nothing_starts_while_a_question_is_open_or_answered_wrongly_without_a_word(desk):
    made = plan(desk, "fission", carrier="link")
    with pytest.raises(Refused):
        desk.write(campaigns.start, made.id)
    asked = desk.read(campaigns.gate, made.id)
    assert {"reward_link", "reward_share", "landing", "deadline"} <= {each.question.code for each in asked}
    assert "safety" not in {each.question.code for each in asked}
    for each in asked:
        desk.write(campaigns.answer, made.id, each.question.code, each.question.right)
    desk.write(campaigns.answer, made.id, "reward_link", "yes")
    with pytest.raises(Refused, match="questions"):
        desk.write(campaigns.start, made.id)
    desk.write(campaigns.answer, made.id, "reward_link", "yes", note="只放介绍，登记在群里")
    started = desk.write(campaigns.start, made.id)
    assert started.started_at is not None
    with pytest.raises(Refused):
        desk.write(campaigns.start, made.id)
    desk.write(history.undo)
    assert desk.read(campaigns.find_by_id, made.id).started_at is None


def test_what_is_forbidden_to_say_stops_the_start_unless_the_owner_says_why_it_stands(desk):
    offer = "9.9秒杀绝对全网最低价"
    assert ("warning", "C30") in levels(desk, Draft("秒杀", "flash", TODAY, 1200, TODAY, 1320, offer=offer))
    made = plan(desk, offer=offer)
    with pytest.raises(Refused, match="最低价"):
        let_go(desk, made.id)
    assert desk.read(campaigns.find_by_id, made.id).started_at is None
    desk.write(campaigns.answer, made.id, "wording", "no", note="平台发来的证明在手")
    assert desk.write(campaigns.start, made.id).started_at is not None


@pytest.mark.parametrize("form", playbooks())
def test_no_shipped_text_of_a_campaign_says_what_is_forbidden(desk, form):
    made = plan(desk, form)
    assert not forbidden(made, desk.read(campaigns.card, desk.clock, made.id).tasks)


def test_an_answer_is_one_the_question_takes(desk):
    made = plan(desk)
    assert desk.write(campaigns.answer, made.id, "sponsor", "not_so").right
    for code, told in (("deadline", "not_so"), ("deadline", "maybe")):
        with pytest.raises(BadInput):
            desk.write(campaigns.answer, made.id, code, told)
    with pytest.raises(NotFound):
        desk.write(campaigns.answer, made.id, "safety", "yes")


def test_promotion_rests_while_too_many_leave(desk, monkeypatch):
    from qunguan.domain.alerts import PromoLock
    from qunguan.domain.rosters import Reason

    monkeypatch.setattr(alerts, "promo_locked", lambda *_given: PromoLock(True, TODAY, (Reason.of("exits"),)))
    made = plan(desk)
    with pytest.raises(Refused, match="rests"):
        let_go(desk, made.id)
    talk = plan(desk, "debate", "辩论")
    let_go(desk, talk.id)


# -- the outlook


def test_what_meets_a_plan_is_said_at_once(desk):
    people(desk)
    day = TODAY + timedelta(days=10)
    draft = Draft("拼团", "group_cashback", day, 1200, day, 1320, budget_fen=10_000, offer="茶")
    assert levels(desk, draft) == [("warning", "S1-31")]
    plan(desk, day=day)
    desk.write(content.schedule, 1, PostDraft("晚安", "value", day, 1190), accept=True)
    found = levels(desk, draft)
    assert found.count(("warning", "C23")) == 2
    soon = Draft("拼团", "flash", TODAY + timedelta(days=1), 1200, TODAY + timedelta(days=1), 1320, offer="茶")
    assert ("warning", "S0-28") in levels(desk, soon)
    told = desk.read(campaigns.outlook, desk.clock, 1, draft)
    assert (told.people, told.here) == (8, 8)
    assert told.tasks


def test_a_festival_on_its_first_day_says_whether_to_go_with_it(desk):
    from qunguan.domain import festivals

    for each in festivals.between(date(2026, 4, 1), date(2026, 12, 31)):
        draft = Draft("节日", "debate", each.day, 1200, each.day, 1320)
        told = desk.read(campaigns.outlook, desk.clock, 1, draft).cautions
        if len(festivals.on(each.day)) == 1:
            said = {one.level for one in told if each.name in str(one.reason)}
            assert said == {"avoid": {"warning"}, "with": {"good"}, "": {"notice"}}[each.stance]


def test_a_form_is_suggested_a_day_it_usually_falls_on(desk):
    assert desk.read(campaigns.suggested_day, "member_day", TODAY) == date(2026, 4, 8)
    assert desk.read(campaigns.suggested_day, "live", TODAY).weekday() == 2
    assert desk.read(campaigns.suggested_day, "flash", TODAY) == TODAY + timedelta(days=3)


# -- draws


def test_a_draw_is_what_anyone_counts_from_the_list_and_the_seed(desk):
    people(desk)
    made = running(desk, "anniversary", terms={"prize": "礼盒"})
    desk.write(campaigns.paste, made.id, "阿梨\n小王\n老陈\n外来的人")
    pot = desk.read(campaigns.pool, made.id)
    done = desk.write(campaigns.draw, made.id, "3245.67", 2)
    keys = [each.key for each in pot]
    by_hand = sorted(keys, key=lambda key: hashlib.sha256(f"3245.67:{key}".encode()).hexdigest())[:2]
    assert [each.key for each in done.winners] == by_hand
    assert done.digest == hashlib.sha256("\n".join(keys).encode()).hexdigest()
    (kept,) = desk.read(campaigns.draws, made.id)
    assert [each.key for each in kept.winners] == by_hand
    with pytest.raises(Refused):
        desk.write(campaigns.draw, made.id, "1", 1)
    again = desk.write(campaigns.draw, made.id, "1", 2, again=True)
    assert not {each.key for each in again.winners} & set(by_hand)
    for wrong in (0, 9):
        with pytest.raises((BadInput, Refused)):
            desk.write(campaigns.draw, made.id, "2", wrong, again=True)
    assert len(desk.read(campaigns.due, made.id)) == 4


def test_the_order_in_which_people_came_changes_no_draw():
    pot = [Lot(f"m{n}", f"人{n}", n) for n in range(1, 30)] + [Lot("=客", "客", None)]
    one, other = ordered(pot), ordered(reversed(pot))
    assert one == other
    assert digest(one) == digest(other)
    assert drawn("甲", pot, 3) == drawn("甲", list(reversed(pot)), 3)
    assert drawn("甲", pot, 3)[:2] == drawn("甲", pot, 2)


# -- figures and the review


def past_run(desk, name, day, buyers, *, form="flash", goal_value=None):
    made = running(desk, form, name, first=day, goal="orders", goal_value=goal_value)
    for who in buyers:
        desk.write(campaigns.add_entry, made.id, who, amount_fen=1_000)
    return made


def test_a_review_holds_a_run_against_its_goal_and_past_runs(desk):
    people(desk)
    past_run(desk, "上次", TODAY - timedelta(days=30), ["阿梨", "小王"])
    made = past_run(desk, "这次", TODAY - timedelta(days=10), ["阿梨", "小王", "老陈", "二宝"], goal_value=5)
    desk.write(campaigns.add_cost, made.id, "样品", 2_000)
    found = desk.read(campaigns.review, desk.clock, made.id)
    figures = found.card.line.figures
    assert (figures.participants, figures.orders, figures.revenue_fen, figures.cost_per) == (4, 4, 4_000, 500)
    assert (figures.conversion.part, figures.conversion.n) == (4, 8)
    assert found.usual is not None
    assert (found.usual.runs, found.usual.conversion.value) == (1, 2 / 8)
    said = " / ".join(map(str, found.verdict))
    assert "the goal was missed: 4 of 5" in said
    assert "50.0% 4/8" in said
    assert "a hint, no proof" in said
    assert found.exits is not None
    assert found.exits.part == 0
    assert [each.form for each in desk.read(lambda s: campaigns.by_form(campaigns.lines(s, desk.clock)))] == ["flash"]


def test_who_left_after_it_is_told_only_when_the_days_are_over(desk):
    ids = people(desk)
    done = past_run(desk, "早些", TODAY - timedelta(days=8), ["阿梨"])
    fresh = past_run(desk, "昨天", TODAY - timedelta(days=7), ["阿梨"])
    desk.write(members.leave, ids["小王"], 1, day=TODAY - timedelta(days=2))
    exits = desk.read(campaigns.review, desk.clock, done.id).exits
    assert exits is not None
    assert (exits.part, exits.n) == (1, 8)
    assert desk.read(campaigns.review, desk.clock, fresh.id).exits is None


def test_words_written_close_what_is_over_and_are_read_again_the_next_time(desk):
    made = past_run(desk, "这次", TODAY - timedelta(days=1), [])
    assert desk.read(campaigns.find_by_id, made.id).state(desk.clock.now()) == "review"
    desk.write(campaigns.write_review, made.id, well="守时", badly="货少", next_time="早三天备货")
    assert desk.read(campaigns.find_by_id, made.id).state(desk.clock.now()) == "over"
    assert desk.read(campaigns.review, desk.clock, made.id).written.next_time == "早三天备货"
    day = TODAY + timedelta(days=9)
    told = desk.read(campaigns.outlook, desk.clock, 1, Draft("再来", "flash", day, 1200, day, 1320))
    assert "早三天备货" in " ".join(str(each.reason) for each in told.cautions)
    with pytest.raises(Refused):
        desk.write(campaigns.write_review, plan(desk, name="没开始").id, well="x")


def test_a_live_is_weighed_by_who_came_and_feeds_its_alert(desk):
    from qunguan.services.alert_metrics import METRICS, Asked

    people(desk)
    made = running(desk, "live", first=TODAY - timedelta(days=1))
    desk.write(campaigns.add_entry, made.id, "", kind="attend", qty=50)
    desk.write(campaigns.add_entry, made.id, "阿梨", amount_fen=100)
    said = " ".join(map(str, desk.read(campaigns.review, desk.clock, made.id).verdict))
    assert "below 5 %" in said
    desk.write(campaigns.add_cost, made.id, "x", 1)

    def readings(session):
        found = frame(session, desk.clock, 1)
        return METRICS["live_conversion"](Asked(found, TODAY - timedelta(days=3), TODAY, 1))

    assert {day: (each.value, each.n) for day, each in desk.read(readings).items()} == {
        TODAY - timedelta(days=1): (1 / 50, 50)
    }
    days = desk.read(lambda session: campaign_days(frame(session, desk.clock, 1), TODAY - timedelta(days=9), TODAY))
    assert list(days) == [TODAY - timedelta(days=1)]


def test_the_number_of_statements_does_not_grow_with_campaigns(desk):
    from sqlalchemy import event

    def statements():
        count = 0

        def seen(*_told):
            nonlocal count
            count += 1

        def asked(session):
            event.listen(session.conn, "before_cursor_execute", seen)
            campaigns.lines(session, desk.clock)
            campaigns.tasks_between(session, None, TODAY, TODAY + timedelta(days=30))
            event.remove(session.conn, "before_cursor_execute", seen)

        desk.read(asked)
        return count

    plan(desk, day=TODAY + timedelta(days=5))
    one = statements()
    for n in range(8):
        plan(desk, name=f"第{n}场", day=TODAY + timedelta(days=5 + n))
    assert statements() == one


def test_the_state_follows_from_the_moments(desk):
    made = plan(desk, day=TODAY)
    let_go(desk, made.id)
    at = Clock(datetime(2026, 3, 20, 14, 0, tzinfo=UTC))
    found = desk.read(campaigns.find_by_id, made.id)
    assert (found.state(desk.clock.now()), found.state(at.now())) == ("running", "review")
