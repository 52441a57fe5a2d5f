"""The ad book: bookings in the calendar with its quota, what is due and paid, what a group did after a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.ads import AdDraft, RunDraft
from qunguan.domain.content_plan import Stopped
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.fees import Payment
from qunguan.services import ads, content, history, members, orders, rules
from qunguan.services.members_edit import leave

TODAY = date(2026, 3, 20)  # a Friday
DAY = timedelta(days=1)
TEA = AdDraft("小罐茶", 100_000, 2_000, "good", "群友在喝")


def booked(desk, *days: date, draft: AdDraft = TEA, **told):
    return desk.write(ads.book, 1, draft, [RunDraft(day) for day in days], **told)


def test_a_booking_plans_its_runs_as_ads_of_the_calendar(desk):
    done = booked(desk, TODAY + DAY)
    made = done.ad
    assert (made.state, made.account.due_fen, done.warnings) == ("booked", 0, ())
    there = desk.read(content.get, made.runs[0].post_id).draft
    assert (there.sponsor, there.is_ad, there.disclosure) == ("小罐茶", True, made.draft.disclosure)
    assert "小罐茶" in there.disclosure
    assert there.title
    desk.write(history.undo)
    assert desk.read(ads.all_ads, desk.clock) == ()
    assert desk.read(content.posts_between, [1], TODAY, TODAY + DAY) == ()


def test_the_third_ad_of_a_month_stops_and_is_booked_with_a_reason_only(desk):
    desk.write(rules.switch, "content.mix_band", enabled=False)
    booked(desk, TODAY, TODAY + 3 * DAY)
    assert desk.read(ads.quota, 1, TODAY).used == 2
    with pytest.raises(Stopped):
        booked(desk, TODAY + 5 * DAY, draft=replace(TEA, brand="二锅头"))
    assert len(desk.read(ads.all_ads, desk.clock)) == 1
    with pytest.raises(BadInput):
        booked(desk, TODAY + 5 * DAY, accept=True)
    done = booked(desk, TODAY + 5 * DAY, accept=True, reason="老客户，只此一次")
    assert done.accepted
    assert desk.read(history.recent)[0].params["reason"] == "老客户，只此一次"
    booked(desk, date(2026, 4, 2))  # the next month is another month


def test_a_brand_that_does_not_fit_is_warned_of(desk):
    done = booked(desk, draft=AdDraft("某某贷", 100_000, fit="poor", fit_note="群里都是学生"))
    assert "群里都是学生" in str(done.warnings[0])
    assert "S3-31" in str(booked(desk, draft=AdDraft("另一家", 1, fit="poor")).warnings[0])


@pytest.mark.parametrize(
    "draft",
    [
        AdDraft(" "),
        AdDraft("茶", -1),
        AdDraft("茶", 1, 10_001),
        AdDraft("茶", 1, fit="great"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_booked_is_refused(desk, draft):
    with pytest.raises(BadInput):
        booked(desk, draft=draft)


def test_due_is_runs_that_are_out_and_a_share_of_all_deals_rounded_once(desk):
    made = booked(desk, TODAY - 10 * DAY, posted=True).ad
    desk.write(ads.run, made.id, RunDraft(TODAY + DAY))
    assert desk.read(ads.find, desk.clock, "小罐茶").state == "running"
    for fen in (333, 333, 333):
        desk.write(ads.report, made.id, 1, fen)
    found = desk.read(ads.find, desk.clock, "小罐茶")
    assert (found.deals, found.deals_fen, found.share_fen) == (3, 999, 200)
    assert found.account.due_fen == 100_200
    desk.write(ads.pay, made.id, 100_000, TODAY - DAY, "转账")
    desk.write(ads.pay, made.id, -5_000)
    found = desk.read(ads.find_by_id, desk.clock, made.id)
    assert (found.account.paid_fen, found.account.open_fen, found.account.over_fen) == (95_000, 5_200, 0)
    assert found.account.since == TODAY - 10 * DAY
    desk.write(ads.out, made.id)  # sent a day before it was planned for
    found = desk.read(ads.find_by_id, desk.clock, made.id)
    assert (found.account.due_fen, found.state, found.runs[1].out_on) == (200_200, "owed", TODAY)
    desk.write(ads.pay, made.id, 105_200)
    assert desk.read(ads.find_by_id, desk.clock, made.id).state == "settled"
    told = desk.read(ads.payments, TODAY - DAY, TODAY)
    assert told == (Payment(TODAY - DAY, "小罐茶", 1, 100_000), Payment(TODAY, "小罐茶", 1, -5_000),
                    Payment(TODAY, "小罐茶", 1, 105_200))  # fmt: skip
    assert desk.read(ads.payments, TODAY, TODAY, 2) == ()


def test_a_past_day_knows_nothing_of_later_ones(desk):
    made = booked(desk, TODAY - 10 * DAY, TODAY - 4 * DAY, posted=True).ad
    desk.write(ads.report, made.id, 2, 10_000, TODAY - 2 * DAY)
    desk.write(ads.pay, made.id, 100_000, TODAY - DAY)
    assert desk.read(ads.all_ads, desk.clock, 1, TODAY - 11 * DAY) == ()
    (then,) = desk.read(ads.all_ads, desk.clock, 1, TODAY - 5 * DAY)
    assert (then.state, then.account.due_fen, then.account.paid_fen, len(then.runs)) == ("owed", 100_000, 0, 1)
    (then,) = desk.read(ads.all_ads, desk.clock, 1, TODAY - 2 * DAY)
    assert (then.account.due_fen, then.account.paid_fen) == (202_000, 0)


def test_what_waits_too_long_is_late_the_longest_first(desk):
    booked(desk, TODAY - 15 * DAY, posted=True)
    booked(desk, TODAY - 30 * DAY, draft=replace(TEA, brand="旧账"), posted=True)
    booked(desk, TODAY - 14 * DAY, draft=replace(TEA, brand="还早"), posted=True)
    assert [each.brand for each in desk.read(ads.late, desk.clock)] == ["旧账", "小罐茶"]
    desk.write(rules.switch, "fee.late_days", enabled=False)
    assert desk.read(ads.late, desk.clock) == ()


def test_a_report_that_was_wrong_is_taken_back(desk):
    made = booked(desk, TODAY, posted=True).ad
    told = desk.write(ads.report, made.id, 3, 30_000, note="多报了").reports[0]
    assert desk.write(ads.take_back_report, made.id, told.id).deals == 0
    with pytest.raises(NotFound):
        desk.write(ads.take_back_report, made.id, told.id)
    with pytest.raises(BadInput):
        desk.write(ads.report, made.id, 0, 1)
    with pytest.raises(BadInput):
        desk.write(ads.report, made.id, 1, 1, TODAY + DAY)
    with pytest.raises(BadInput):
        desk.write(ads.pay, made.id, 0)


def test_a_changed_brand_goes_with_its_planned_posts(desk):
    made = booked(desk, TODAY + DAY).ad
    changed = desk.write(ads.edit, made.id, replace(made.draft, brand="大罐茶", price_fen=1)).ad
    assert "大罐茶" in changed.draft.disclosure
    there = desk.read(content.get, made.runs[0].post_id).draft
    assert (there.sponsor, there.disclosure) == ("大罐茶", changed.draft.disclosure)
    before = desk.read(history.recent)
    desk.write(ads.edit, made.id, changed.draft)
    assert desk.read(history.recent) == before


def test_calling_off_drops_what_is_planned_and_keeps_what_is_due(desk):
    made = booked(desk, TODAY - DAY, posted=True).ad
    desk.write(ads.run, made.id, RunDraft(TODAY + DAY))
    found = desk.write(ads.cancel, made.id)
    assert (found.state, [run.state for run in found.runs], found.account.due_fen) == (
        "owed", ["posted", "dropped"], 100_000,
    )  # fmt: skip
    desk.write(ads.pay, made.id, 100_000)
    assert desk.read(ads.find_by_id, desk.clock, made.id).state == "cancelled"
    for service, told in ((ads.cancel, ()), (ads.run, (RunDraft(TODAY + DAY),)), (ads.out, ())):
        with pytest.raises(Refused):
            desk.write(service, made.id, *told)
    assert desk.write(ads.cancel, made.id, take_back=True).state == "settled"


def test_an_ad_is_found_by_number_or_brand_and_the_open_one_first(desk):
    old = booked(desk, TODAY - DAY, posted=True).ad
    desk.write(ads.pay, old.id, 100_000)
    new = booked(desk).ad
    assert desk.read(ads.find, desk.clock, "小罐茶").id == new.id
    assert desk.read(ads.find, desk.clock, f"#{old.id}").id == old.id
    booked(desk)
    with pytest.raises(Ambiguous):
        desk.read(ads.find, desk.clock, "小罐茶")
    with pytest.raises(NotFound):
        desk.read(ads.find, desk.clock, "没有这家")


def test_an_ad_that_stands_in_the_calendar_already_is_linked(desk):
    made = booked(desk).ad
    there = desk.write(
        content.schedule, 1, content_draft("群友推荐的茶", sponsor="小罐茶", disclosure="广告"), posted=True
    ).post
    found = desk.write(ads.link, made.id, there.id)
    assert [run.post_id for run in found.runs] == [there.id]
    assert found.account.due_fen == 100_000
    assert desk.write(ads.link, made.id, there.id) == found
    other = booked(desk).ad
    with pytest.raises(Refused):
        desk.write(ads.link, other.id, there.id)
    plain = desk.write(content.schedule, 1, content_draft("随便聊聊")).post
    with pytest.raises(Refused):
        desk.write(ads.link, made.id, plain.id)


def content_draft(title: str, **told):
    from qunguan.domain.content import PostDraft

    return PostDraft(title, "value", TODAY, **told)


def test_the_invoice_is_noted(desk):
    made = booked(desk).ad
    assert desk.write(ads.invoice, made.id, "sent").invoice == "sent"
    with pytest.raises(BadInput):
        desk.write(ads.invoice, made.id, "lost")


def test_days_after_a_run_are_held_against_those_before(desk):
    run = TODAY - 8 * DAY
    people = [desk.write(members.add, f"成员{n}", group_id=1, joined_on=TODAY - 60 * DAY).id for n in range(10)]
    made = booked(desk, run, posted=True).ad
    for n, who in enumerate(people[:3]):
        desk.write(leave, who, 1, run + (n + 1) * DAY)
    desk.write(leave, people[3], 1, run - DAY)
    desk.write(orders.add_order, people[5], 2_000, day=run - 7 * DAY)
    (told,) = desk.read(ads.effects, desk.clock, made)
    assert (told.days, told.exits.before, told.exits.after, told.members) == (7, 1, 3, 9)
    assert "S3-44" in str(told.warnings[0])
    assert (told.speakers.before, told.speakers.after, told.speakers.ratio) == (None, None, None)  # no chat is known
    assert (told.orders.before, told.orders.after, told.net_fen.before) == (1, 0, 2_000)
    assert len(told.why) == 1
    (early,) = desk.read(ads.effects, desk.clock, made, run + 2 * DAY)
    assert (early.exits.after, early.orders.after) == (None, None)


def test_deals_of_an_ad_that_has_not_gone_out_are_refused(desk):
    made = booked(desk, TODAY + DAY).ad
    with pytest.raises(Refused, match=rf"{TODAY}.*--out"):
        desk.write(ads.report, made.id, 2, 30_000)
    assert desk.read(ads.find_by_id, desk.clock, made.id).reports == ()
    out = booked(desk, TODAY - DAY, draft=replace(TEA, brand="出过的"), posted=True).ad
    with pytest.raises(Refused, match=str(TODAY - 2 * DAY)):
        desk.write(ads.report, out.id, 2, 30_000, TODAY - 2 * DAY)
    assert desk.write(ads.report, out.id, 2, 30_000, TODAY - DAY).deals == 2
