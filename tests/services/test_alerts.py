"""Alerts on days made by hand: what fires and since when, what an owner says to it, what is unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunguan.domain.alerts import at
from qunguan.domain.content import PostDraft
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.i18n import set_language
from qunguan.services import alerts, content, earning, groups, history, orders, rules, today
from qunguan.store.alerts import alert_note
from tests.services.chat_kit import TODAY, ago, crowd, leave, noon, span, spread, tell
from tests.services.order_kit import entry, sheet


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def found(desk, rule=None, **options):
    listed = desk.read(alerts.alerts, desk.clock, options.pop("group_id", 1), options.pop("as_of", None), **options)
    return [each for each in listed if rule in (None, each.rule)]


def only(desk, rule, **options):
    (alert,) = found(desk, rule, **options)
    return alert


def days(desk, *counts, last=None, group_id=1):
    """Messages of the days up to `last`; None is a day no chat tells of."""
    first = (last or ago(1)) - timedelta(days=len(counts) - 1)
    for place, count in enumerate(counts):
        day = first + timedelta(days=place)
        if count is not None:
            tell(desk, day, day, {("路人", day): count} if count else {}, group_id=group_id)


class TestQuiet:
    def test_the_vector_fires_on_its_fifth_day_only(self, desk):
        days(desk, 49, 50, 49, 48, 47, last=ago(6))
        for back in (10, 9, 8, 7):
            assert found(desk, "quiet", as_of=ago(back)) == []
        alert = only(desk, "quiet", as_of=ago(6))
        assert (alert.state, alert.value, alert.threshold, alert.since) == ("fired", 47, 50, ago(6))
        assert (alert.first, alert.last, alert.source, alert.severity) == (ago(8), ago(6), "S4-25", "warning")
        assert alert.action == "start_topic_day"

    def test_silence_is_zero_where_it_is_known_and_nothing_where_it_is_not(self, desk):
        assert found(desk) == []
        days(desk, 0, 0, 0)
        assert only(desk, "quiet").value == 0
        assert found(desk, "quiet", as_of=ago(2)) == []

    def test_a_gap_fires_nothing(self, desk):
        days(desk, 10, None, 10)
        assert found(desk, "quiet") == []

    def test_today_is_not_over(self, desk):
        days(desk, 10, 10, 10, last=TODAY)
        assert found(desk, "quiet") == []
        assert found(desk, "quiet", as_of=TODAY) == []

    def test_an_export_of_a_day_that_was_not_over_says_nothing_of_it(self, desk):
        tell(desk, ago(3), ago(1), imported_at=noon(ago(1)))
        assert found(desk, "quiet") == []
        tell(desk, ago(3), ago(1))
        assert only(desk, "quiet").since == ago(1)

    def test_it_is_traced_back_and_outlives_a_few_unknown_days(self, desk):
        days(desk, 60, 10, 10, 10, 10, last=ago(4))
        alert = only(desk, "quiet")
        assert (alert.since, alert.last) == (ago(5), ago(4))
        desk.write(rules.change, "alert.fresh_days", 2)
        assert found(desk, "quiet") == []

    def test_it_recovers_and_is_listed_for_a_while(self, desk):
        days(desk, 10, 10, 10, 60)
        alert = only(desk, "quiet")
        assert (alert.state, alert.recovered_on, alert.since) == ("recovered", ago(1), ago(2))
        assert found(desk, "quiet", passed=False) == []
        desk.write(rules.change, "alert.quiet_messages", 100)
        assert only(desk, "quiet").state == "fired"

    def test_switched_off_it_is_silent(self, desk):
        days(desk, 10, 10, 10)
        desk.write(rules.switch, "alert.quiet_messages", enabled=False)
        assert found(desk) == []


class TestExits:
    def test_more_than_eight_percent_in_seven_days_locks_promotion(self, desk):
        ids = crowd(desk, 100)
        leave(desk, ids[:8], ago(3))
        assert found(desk) == []
        assert not desk.read(alerts.promo_locked, desk.clock, 1).locked
        leave(desk, ids[8:9], ago(2))
        alert = only(desk, "exits")
        assert (alert.value, alert.threshold, alert.n, alert.since) == (0.09, 0.08, 100, ago(2))
        lock = desk.read(alerts.promo_locked, desk.clock, 1)
        assert (lock.locked, lock.since) == (True, ago(2))
        assert "9 % left in 7 days" in str(lock.why[0])
        assert not desk.read(alerts.promo_locked, desk.clock, 1, ago(3)).locked

    def test_the_lock_is_off_once_it_is_answered(self, desk):
        leave(desk, crowd(desk, 20)[:3], ago(2))
        assert desk.read(alerts.promo_locked, desk.clock, 1).locked
        desk.write(alerts.mark, "exits", None, "known", note="搬家的三位")
        assert not desk.read(alerts.promo_locked, desk.clock, 1).locked
        desk.write(history.undo)
        assert desk.read(alerts.promo_locked, desk.clock, 1).locked

    def test_a_handful_of_members_is_no_share(self, desk):
        leave(desk, crowd(desk, 9)[:3], ago(2))
        assert found(desk) == []

    def test_it_recovers_when_the_window_has_passed(self, desk):
        leave(desk, crowd(desk, 20)[:3], ago(9))
        alert = only(desk, "exits")
        assert (alert.state, alert.since, alert.recovered_on) == ("recovered", ago(9), ago(2))

    def test_they_leave_after_a_campaign(self, desk):
        ids = crowd(desk, 40)
        desk.write(earning.record_deed, "campaign", [ids[-1]], day=ago(4))
        leave(desk, ids[:4], ago(2))
        assert only(desk, "exit_spike").value == 0.1
        assert found(desk, "exit_spike", as_of=ago(3)) == []

    def test_they_leave_after_an_ad(self, desk):
        ids = crowd(desk, 40)
        ad = PostDraft("群友推荐的茶", "value", ago(4), sponsor="小罐茶", disclosure="广告")
        made = desk.write(content.schedule, 1, ad, posted=True).post
        leave(desk, ids[:4], ago(2))
        assert only(desk, "exit_spike").value == 0.1
        desk.write(content.unpost, made.id)
        assert found(desk, "exit_spike") == []


class TestSlump:
    def test_the_week_after_a_campaign_against_the_week_before(self, desk):
        (member,) = crowd(desk, 1)
        desk.write(earning.record_deed, "campaign", [member], day=ago(8))
        tell(desk, ago(30), ago(1), spread([member], span(ago(15), ago(9)), 100) | {(member, ago(8)): 900})
        assert found(desk, "slump", as_of=ago(2)) == []
        alert = only(desk, "slump")
        assert (alert.value, alert.before, alert.now, alert.threshold) == (0, 100, 0, 0.6)
        assert "0 messages a day after" in str(today_text(desk, "slump"))

    def test_an_unknown_day_before_it_fires_nothing(self, desk):
        (member,) = crowd(desk, 1)
        desk.write(earning.record_deed, "campaign", [member], day=ago(8))
        tell(desk, ago(14), ago(1), spread([member], span(ago(14), ago(9)), 100))
        assert found(desk, "slump") == []


def today_text(desk, rule):
    lines = desk.read(today.care, desk.clock, 1)
    return next(line.text for line in lines if line.key.startswith(f"alert:{rule}:"))


class TestOthers:
    def test_few_are_active(self, desk):
        ids = crowd(desk, 20)
        tell(desk, ago(20), ago(1), spread(ids[:2], [ago(3)], 100))
        alert = only(desk, "active")
        assert (alert.value, alert.n, alert.threshold) == (0.1, 20, 0.15)
        assert found(desk, "active_usual") == []
        desk.write(rules.switch, "alert.active_usual_pct", enabled=True)
        assert only(desk, "active_usual").threshold == 0.3

    def test_carried_by_few_is_read_by_the_week(self, desk):
        ids = crowd(desk, 12)
        tell(desk, ago(60), ago(1), spread(ids[:1], [ago(10)], 90) | spread(ids[1:], [ago(10)], 1))
        alert = only(desk, "top_ten")
        assert (alert.last.weekday(), alert.value, alert.n) == (6, 99 / 101, 101)

    def test_buyers_who_do_not_come_back(self, desk):
        bought = [entry(n, f"买家{n}", 50, "2026-03-01 10:00") for n in range(12)]
        desk.write(orders.import_orders, sheet(*bought), create=True)
        assert only(desk, "ltv").value == 1
        assert (only(desk, "repurchase").value, only(desk, "repurchase").n) == (0, 12)
        assert only(desk, "ltv").group_id is None

    def test_the_size_of_the_group_is_its_own(self, desk):
        crowd(desk, 5)
        assert found(desk) == []
        group = desk.read(groups.get, 1)
        from dataclasses import replace

        desk.write(groups.update, replace(group, capacity_soft=3, capacity_hard=9))
        assert (only(desk, "crowded").value, only(desk, "crowded").threshold) == (5, 3)
        assert found(desk, "full") == []

    def test_every_shipped_alert_has_a_figure_to_read(self, desk):
        assert all(rule.readable for rule in desk.read(alerts.alert_rules))


class TestStates:
    def test_what_the_owner_says_is_kept_with_its_figures(self, desk):
        days(desk, 10, 20, 30)
        desk.write(alerts.mark, "quiet", 1, "known", note="春游")
        row = desk.read(lambda session: session.rows(alert_note.select()))[0]
        assert (row.rule, row.state, row.fired_on, row.note) == ("quiet", "known", ago(1), "春游")
        assert (row.inputs["value"], row.inputs["threshold"], row.inputs["last"]) == (30, 50, ago(1).isoformat())
        assert (only(desk, "quiet").state, only(desk, "quiet").note) == ("known", "春游")
        desk.write(alerts.mark, "quiet", 1, "known")
        assert len(desk.read(lambda session: session.rows(alert_note.select()))) == 1
        desk.write(alerts.mark, "quiet", 1, "handling")
        assert (only(desk, "quiet").state, only(desk, "quiet").note) == ("handling", "春游")

    def test_closed_it_stays_closed_until_it_fires_anew(self, desk):
        days(desk, 10, 10, 10)
        desk.write(alerts.mark, "quiet", 1, "closed")
        assert only(desk, "quiet").state == "closed"
        assert found(desk, "quiet", passed=False) == []
        assert desk.read(today.care, desk.clock, 1) == ()
        desk.write(history.undo)
        assert only(desk, "quiet").state == "fired"

    def test_a_note_of_another_firing_is_not_of_this_one(self, desk):
        from tests.services.checkin_kit import go

        days(desk, 10, 10, 10, last=ago(20))
        go(desk, ago(19))
        desk.write(alerts.mark, "quiet", 1, "known")
        assert only(desk, "quiet").state == "known"
        go(desk, TODAY)
        days(desk, *[60] * 10, 10, 10, 10)
        assert only(desk, "quiet").state == "fired"
        assert only(desk, "quiet").since == ago(1)

    def test_as_of_a_past_day_what_was_said_later_is_not_known(self, desk):
        days(desk, 10, 10, 10, 10)
        desk.write(alerts.mark, "quiet", 1, "known")
        assert only(desk, "quiet", as_of=ago(1)).state == "fired"

    def test_refusals(self, desk):
        with pytest.raises(Refused):
            desk.write(alerts.mark, "quiet", 1, "known")
        with pytest.raises(NotFound):
            desk.write(alerts.mark, "nonsense", 1, "known")
        with pytest.raises(BadInput):
            desk.write(alerts.mark, "quiet", 1, "fired")
        desk.write(groups.create, "夜读")
        days(desk, 0, 0, 0)
        days(desk, 0, 0, 0, group_id=2)
        with pytest.raises(Ambiguous, match="夜读"):
            desk.write(alerts.mark, "quiet", None, "known")
        assert desk.write(alerts.mark, "quiet", 2, "known").group == "夜读"
        assert [each.state for each in found(desk, "quiet", group_id=None)] == ["fired", "known"]


def test_today_says_it_with_its_reasons(desk):
    leave(desk, crowd(desk, 20)[:3], ago(2))
    (line,) = desk.read(today.care, desk.clock, 1)
    assert (line.kind, line.group) == ("alarm", "")
    assert str(line.text) == "many leave: 15 % left in 7 days, the bar is 8 %"
    assert (line.target.screen, at(line.target.subject)) == ("alerts", "exits")
    assert line.evidence[0].rule == "alert.exit_pct"
    assert "stop promoting" in str(line.evidence[1].met)


def test_why_tells_the_last_days(desk):
    days(desk, 60, 10, 10, 10)
    why = [str(line) for line in desk.read(alerts.why_alert, desk.clock, "quiet", 1)]
    assert why[0] == "rule alert.quiet_messages: < 50 (S4-25)"
    assert why[1] == f"{ago(1)}: 10 < 50, it fires"
    assert f"{ago(4)}: 60, not < 50" in why
