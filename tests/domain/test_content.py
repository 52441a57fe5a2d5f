"""The calendar's words: hours and weekdays as people type them, drafts, places, what stands near, what is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.content import (
    ContentColumn,
    Post,
    PostDraft,
    checked_column,
    checked_draft,
    clock_said,
    column_preset,
    column_presets,
    kind_typed,
    minute_typed,
    ready_text,
    sub_kind_name,
    sub_kind_typed,
    sub_kinds,
    suggested_disclosure,
    text_key,
    weekdays_typed,
)
from qunguan.domain.content_plan import Slot, collisions, days_of, duplicates, month_of, sunday_of, touches
from qunguan.domain.content_results import Counted, checked_counts, rate
from qunguan.domain.errors import BadInput, NotFound

MONDAY = date(2026, 3, 16)
DRAFT = PostDraft("三件事", "value", MONDAY, 600)
TALK = ContentColumn(1, 1, "话题时间", "1234567", 1140, "interactive", MONDAY, 1260)


@pytest.mark.parametrize(
    ("text", "minute"),
    [("10:00", 600), ("9：5", 545), ("19点", 1140), ("19点半", 1170), ("２１：３０", 1290), ("0930", 570), ("8", 480),
     ("21时15分", 1275), ("", None), (" ", None), ("0:00", 0), ("23:59", 1439)],
)  # fmt: skip
def test_hours_as_people_type_them(text, minute):
    assert minute_typed(text) == minute


@pytest.mark.parametrize("text", ["24:00", "10:60", "晚上", "-1", "10:00:00", "2561"])
def test_what_is_no_hour(text):
    with pytest.raises(BadInput):
        minute_typed(text)


@given(st.integers(0, 1439))
def test_an_hour_that_is_said_is_read_again(minute):
    assert minute_typed(clock_said(minute)) == minute


def test_weekdays():
    assert [weekdays_typed(each) for each in ("531", "每天", "工作日", "每周一三五", "Mon Fri")] == [
        "135", "1234567", "12345", "135", "15"
    ]  # fmt: skip
    for wrong in ("每周3次", "8", ""):
        with pytest.raises(BadInput):
            weekdays_typed(wrong)


def test_sub_kinds_by_name_and_of_their_kind():
    assert sub_kind_typed("优惠券", "benefit") == "coupon"
    assert sub_kind_typed("COUPON", "benefit") == "coupon"
    assert sub_kind_typed(" 晒单 ", "interactive") == "晒单"
    assert (sub_kind_name("coupon"), sub_kind_name("晒单")) == ("优惠券", "晒单")
    with pytest.raises(BadInput):
        sub_kind_typed("优惠券", "value")
    assert {each.kind for each in sub_kinds().values()} == {"value", "interactive", "benefit"}


def test_the_shipped_places_are_places():
    for each in column_presets().values():
        at = minute_typed(each.at)
        assert at is not None
        kind, until = kind_typed(each.kind), minute_typed(each.until)
        made = ContentColumn(0, 1, each.name, each.weekdays, at, kind, MONDAY, until, each.sub_kind, prompt=each.prompt)
        assert checked_column(made).weekdays == each.weekdays
        assert sub_kind_typed(each.sub_kind, each.kind) == each.sub_kind
        assert each.source
    assert column_preset("早间资讯").at == "10:00"
    with pytest.raises(NotFound):
        column_preset("午间")


def test_a_draft_is_cleaned_and_its_need_filled_in():
    told = replace(DRAFT, title=" 三件\u200b事 ", text="一\r\n\r\n\r\n二", tags=("a", "", "a", "b"), author_id=3)
    made = checked_draft(told)
    assert (made.title, made.text, made.tags) == ("三件事", "一\n\n二", ("a", "b"))
    assert (made.need, made.author) == ("information", "member")
    assert checked_draft(made) == made


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"title": "长" * 201}, {"title": "\x1b]0;x"}, {"kind": "water"}, {"at_minute": 1440},
     {"at_minute": -1}, {"text": "长" * 20_001}, {"sponsor": "某书店"}, {"tags": tuple(map(str, range(21)))},
     {"day": date(1, 1, 1)}, {"day": date(9999, 12, 31)}],
)  # fmt: skip
def test_what_cannot_be_planned(change):
    with pytest.raises(BadInput):
        checked_draft(replace(DRAFT, **change))


def test_an_ad_says_so_first_unless_its_text_does():
    words = suggested_disclosure("某书店")
    assert "某书店" in words
    ad = replace(DRAFT, sponsor="某书店", disclosure=words, text="好书推荐")
    assert ready_text(ad) == f"{words}\n好书推荐"
    assert ready_text(replace(ad, text=f"好书 {words}")) == f"好书 {words}"
    assert ready_text(DRAFT) == "三件事"
    assert (ad.is_ad, ad.promotes, DRAFT.promotes, replace(DRAFT, kind="benefit").promotes) == (True, True, False, True)


def test_places_have_an_end_after_their_beginning():
    for until in (1140, 1000, 1441):
        with pytest.raises(BadInput):
            checked_column(replace(TALK, until_minute=until))
    assert checked_column(replace(TALK, until_minute=1440)).until_minute == 1440
    assert [TALK.on(MONDAY - timedelta(days=1)), TALK.on(MONDAY), replace(TALK, ended_on=MONDAY).on(MONDAY)] == [
        False, True, False
    ]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 120))
def test_posts_collide_within_so_many_minutes(one, other, apart):
    near = [Post(1, 1, replace(DRAFT, at_minute=other))]
    found = collisions(replace(DRAFT, at_minute=one), near, (), apart, "C23")
    assert bool(found) == (abs(one - other) <= apart)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1439))
def test_hours_of_talk_are_from_their_beginning_to_their_end(at):
    found = collisions(replace(DRAFT, at_minute=at), (), [TALK], 0, "C23")
    assert bool(found) == (1140 <= at < 1260)
    assert not collisions(replace(DRAFT, at_minute=at, column_id=1), (), [TALK], 0, "C23")


def test_no_hour_and_a_filled_place_are_no_collision():
    place = replace(TALK, until_minute=None)
    assert len(collisions(replace(DRAFT, at_minute=1150), (), [place], 30, "C23")) == 1
    filled = Post(1, 1, replace(DRAFT, at_minute=60, column_id=1))
    assert collisions(replace(DRAFT, at_minute=1150), [filled], [place], 30, "C23") == []
    assert collisions(replace(DRAFT, at_minute=None), [filled], [TALK], 1440, "C23") == []


def test_the_same_text_is_the_same_without_blanks_and_case():
    assert text_key(replace(DRAFT, text="A b\nc")) == text_key(replace(DRAFT, text="a B C ", title="别的"))
    others = [(Post(1, 2, replace(DRAFT, text="甲")), "二群"), (Post(2, 2, DRAFT), "二群")]
    assert len(duplicates(DRAFT, others, 7, "S0-39")) == 1
    assert duplicates(replace(DRAFT, title=""), [(Post(1, 2, replace(DRAFT, title="")), "二群")], 7, "S0-39") == []


def test_too_many_posts_a_day():
    assert touches(MONDAY, 9, 10, "S4-08") == []
    assert len(touches(MONDAY, 10, 10, "S4-08")) == 1
    assert touches(MONDAY, 99, None, "S4-08") == []


def test_a_dropped_post_fills_no_place():
    post = Post(1, 1, replace(DRAFT, column_id=1, at_minute=1140), "dropped")
    day = days_of(MONDAY, [post], [TALK])[0]
    assert [type(each) for each in day.entries] == [Post, Slot]
    assert day.counts()["value"] == 0
    day = days_of(MONDAY, [replace(post, state="planned")], [TALK])[0]
    assert (day.slots, day.counts()["value"]) == ((), 1)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 1)))
def test_months_and_weeks_hold_their_days(day):
    first, last = month_of(day)
    assert first <= day <= last
    assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
    assert 0 <= (sunday_of(day) - day).days < 7


@given(st.none() | st.integers(0, 50), st.none() | st.integers(0, 50))
def test_a_rate_needs_both_numbers_and_a_base(part, base):
    found = rate(part, base)
    assert (found is None) == (part is None or not base)
    if found is not None:
        assert (found.value, found.n) == (part / base, base)


def test_counts_that_cannot_be():
    for wrong in (
        Counted(),
        Counted(reads=-1),
        Counted(audience=3, reads=4),
        Counted(audience=3, clicks=4),
        Counted(orders=10**10),
    ):
        with pytest.raises(BadInput):
            checked_counts(wrong)
    assert checked_counts(Counted(reads=9)).known
