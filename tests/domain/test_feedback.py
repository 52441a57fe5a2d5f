"""Feedback: who waits, since when, how late an answer is, and what the change is against the window before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.feedback import (
    Feedback,
    FeedbackStep,
    KindChange,
    Limits,
    answer_due,
    checked_text,
    lasted,
    medians,
    reply_clock,
    settle_clock,
    short,
    standing,
    typed_kind,
    typed_severity,
)
from qunguan.domain.feedback_categories import categories, named, scripts_for, severity_of, typed
from qunguan.domain.scripts import PLACES, shipped
from qunguan.domain.text import match_key
from qunguan.i18n import set_language

T0 = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
LIMITS = Limits(timedelta(hours=2), timedelta(minutes=15), timedelta(hours=24))


def step(kind, minutes, number=1):
    return FeedbackStep(number, kind, T0 + timedelta(minutes=minutes), "好的")


def feedback(kind="complaint", *steps, severity="normal"):
    return Feedback(1, 1, None, "小满", kind, "", severity, "", "蔫了", T0, date(2026, 3, 20), None, None, False, steps,
                    *standing(kind, T0, steps))  # fmt: skip


def test_a_complaint_waits_until_something_is_said_and_is_open_until_it_is_resolved():
    assert (feedback().state, feedback().waiting_since) == ("waiting", T0)
    replied = feedback("complaint", step("reply", 5))
    assert (replied.state, replied.answered_at, replied.waiting_since) == ("answered", step("reply", 5).at, None)
    settled = feedback("complaint", step("reply", 5), step("resolved", 60, 2))
    assert (settled.state, settled.settled_at) == ("closed", step("resolved", 60).at)


def test_a_question_is_settled_by_its_answer_a_suggestion_is_not_and_praise_asks_for_nothing():
    assert feedback("question", step("reply", 5)).state == "closed"
    assert feedback("suggestion", step("reply", 5)).state == "answered"
    assert (feedback("praise").state, feedback("praise").waiting_since) == ("closed", None)


def test_who_comes_again_waits_again_and_the_first_answer_stays_the_first():
    again = feedback("complaint", step("reply", 5), step("resolved", 60, 2), step("reopened", 90, 3))
    assert (again.state, again.waiting_since) == ("waiting", step("reopened", 90).at)
    assert again.answered_at == step("reply", 5).at
    assert answer_due(again, LIMITS) == step("reopened", 90 + 120).at


def test_what_is_resolved_without_an_answer_waits_for_none():
    found = feedback("complaint", step("resolved", 7))
    assert (found.state, found.answered_at) == ("closed", None)
    assert reply_clock(found, LIMITS, T0 + timedelta(days=2)).late_seconds == 0


@pytest.mark.parametrize(("after", "late"), [(7199, 0), (7200, 0), (7201, 1)])
def test_an_answer_on_the_very_second_is_in_time(after, late):
    at = T0 + timedelta(seconds=after)
    told = Feedback(**{**_fields(feedback()), "steps": (FeedbackStep(1, "reply", at, "好"),), "answered_at": at,
                       "waiting_since": None})  # fmt: skip
    assert reply_clock(told, LIMITS, at + timedelta(days=9)).late_seconds == late
    assert reply_clock(feedback(), LIMITS, at).late_seconds == late


def _fields(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_what_is_urgent_is_answered_sooner_and_a_rule_that_is_off_makes_nothing_late():
    urgent = feedback(severity="high")
    assert reply_clock(urgent, LIMITS, T0 + timedelta(minutes=16)).late_seconds == 60
    off = Limits(None, None, None)
    assert reply_clock(urgent, off, T0 + timedelta(days=9)).due_at is None
    assert (settle_clock(feedback(), off, T0 + timedelta(days=9)).late_seconds, answer_due(urgent, off)) == (0, None)
    assert settle_clock(feedback("question"), LIMITS, T0 + timedelta(days=9)).due_at is None


def test_how_far_it_was_made_good_is_its_newest_such_step():
    assert feedback("review").made_good is None
    assert feedback("review", step("offer", 5), step("reply", 9, 2)).made_good == "offer"
    assert feedback("review", step("offer", 5), step("amends", 9, 2), step("turned", 10, 3)).made_good == "turned"


def test_medians_are_of_what_was_answered_with_how_many_and_the_share_in_time():
    found = [
        feedback("complaint", step("reply", 10)), feedback("complaint", step("reply", 130), step("resolved", 200, 2)),
        feedback("question", step("reply", 20)), feedback("praise"), feedback(),
    ]  # fmt: skip
    reply, settle = medians(found, LIMITS)
    assert reply.in_time
    assert settle.in_time
    assert (reply.seconds, reply.n, reply.in_time.value, reply.in_time.n) == (1200, 3, 2 / 3, 3)
    assert (settle.seconds, settle.n, settle.in_time.value) == (12_000, 1, 1.0)
    none, _settle = medians([feedback()], LIMITS)
    assert (none.seconds, none.n, none.in_time) == (None, 0, None)


def test_a_change_from_nothing_is_new_and_has_no_percentage():
    assert (KindChange("complaints", 3, 0).change, KindChange("complaints", 3, 0).new) == (None, True)
    assert (KindChange("complaints", 0, 0).change, KindChange("complaints", 0, 0).new) == (None, False)
    grown = KindChange("complaints", 13, 10).change
    assert grown
    assert (grown.value, grown.n) == (0.3, 10)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("complaint", "complaint"), ("投诉", "complaint"), ("售后", "complaint"), ("差评", "review"),
     ("Bad Review", "review"), ("咨询", "question"), ("建议", "suggestion"), ("好评", "praise")],
)  # fmt: skip
def test_a_kind_is_read_as_owners_and_sheets_call_it(text, kind):
    assert typed_kind(text) == kind


def test_what_is_no_kind_no_severity_and_no_words_is_refused():
    for wrong in (lambda: typed_kind("[/]\x1b[31m"), lambda: typed_severity("x"), lambda: checked_text(" \u200b\n"),
                  lambda: checked_text("长" * 20_001)):  # fmt: skip
        with pytest.raises(BadInput):
            wrong()
    assert checked_text("", needed=False) == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min"), (59, "0 min"), (3599, "59 min"), (3600, "1 h"), (7500, "2 h 5 min"), (86_400, "1 d"),
     (93_600, "1 d 2 h")],
)  # fmt: skip
def test_a_time_is_said_as_people_say_it(seconds, said):
    set_language("en")
    try:
        assert lasted(seconds) == said
    finally:
        set_language(None)


def test_the_beginning_of_words_is_one_line():
    assert short("花\n一收到就蔫了", 4) == "花 一收…"
    assert short("好") == "好"


def test_every_category_has_texts_that_are_shipped_with_places_that_are_known():
    for each in categories().values():
        assert severity_of(each.id) == each.severity
        for kind in each.kinds:
            for name in scripts_for(kind, each.id):
                assert set(shipped()[match_key(name)].places) <= PLACES.keys(), name


def test_a_category_is_meant_by_its_id_or_its_name_and_any_other_word_is_the_owners():
    assert (typed("quality"), typed("质量问题"), typed(" 停车难 "), typed("")) == ("quality", "quality", "停车难", "")
    assert (named("quality"), named("停车难"), severity_of("停车难"), severity_of("safety")) == (
        "质量问题", "停车难", "normal", "high",
    )  # fmt: skip
