"""Who waits for an answer stands on Today: how long, what to send, and what waits too long among what is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunguan.domain.feedback import FeedbackDraft
from qunguan.i18n import set_language
from qunguan.services import feedback, groups, incidents, members, rules, today
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def said(desk, minutes, text="蔫了", group_id=1, **values):
    draft = FeedbackDraft(values.pop("kind", "complaint"), text, told_at=NOW - timedelta(minutes=minutes), **values)
    return desk.write(feedback.add, group_id, draft)


def lines(desk):
    return [one for one in desk.read(today.care, desk.clock, 1) if one.kind in ("answer", "unanswered")]


@pytest.mark.parametrize(("minutes", "severity", "kind"), [(119, "", "answer"), (120, "", "answer"),
                                                           (121, "", "unanswered"), (15, "high", "answer"),
                                                           (16, "high", "unanswered")])  # fmt: skip
def test_who_waits_longer_than_the_rule_is_among_what_is_wrong(desk, minutes, severity, kind):
    made = said(desk, minutes, severity=severity)
    (line,) = lines(desk)
    assert (line.kind, line.target.screen, line.target.subject) == (kind, "feedback", made.id)
    assert line.evidence[0].rule == ("feedback.urgent_minutes" if severity else "feedback.reply_minutes")


def test_the_line_says_who_how_long_and_what_and_has_the_text_to_send(desk):
    person = desk.write(members.add, "小满").id
    said(desk, 125, "花一收到就蔫了", member_id=person, category="quality")
    (line,) = lines(desk)
    assert str(line.text) == "小满 has waited 2 h 5 min: 花一收到就蔫了"
    assert line.ready_text.startswith("小满，东西有问题是我们没把好关")
    assert line.missing == ("deadline",)


def test_whoever_is_answered_praises_or_belongs_to_a_drill_has_no_line(desk):
    made = said(desk, 300)
    desk.write(feedback.reply, made.id, "我来查")
    said(desk, 300, kind="praise")
    said(desk, 300, incident_id=desk.write(incidents.start, "演练", group_id=1, drill=True).id)
    assert lines(desk) == []


def test_the_longest_are_named_and_the_others_counted(desk):
    for number in range(7):
        said(desk, 10 * number + 1)
    desk.write(rules.change, "feedback.today_lines", 2)
    found = lines(desk)
    assert [one.count for one in found] == [1, 1, 5]
    assert str(found[-1].text) == "5 more wait for an answer, the longest for 41 min"
    desk.write(rules.switch, "feedback.today_lines", enabled=False)
    assert len(lines(desk)) == 7


def test_another_group_is_named(desk):
    other = desk.write(groups.create, "另一个群").id
    said(desk, 5)
    said(desk, 5, group_id=other)
    assert [one.group for one in lines(desk)] == ["早起读书群", "另一个群"]
