"""Reports of the small community: figures are those of the doors that count them, and the past stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.report_causes import MOVES
from qunguan.domain.reports import newest
from qunguan.exchange.writers.report_json import as_json
from qunguan.exchange.writers.reports import text
from qunguan.i18n import set_language
from qunguan.services import (
    alerts,
    content,
    groups,
    incidents,
    insights,
    members,
    orders,
    profiles,
    report_asked,
    report_facts,
    reports,
    revenue,
    rules,
    tasks,
)
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.services.report_kit import CAMPAIGN, CHALLENGE, CRISIS, EVIL, community, go, march

WEEK = march(9), march(15)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small community, made once."""
    path = tmp_path_factory.mktemp("community") / "qunguan.db"
    with Desk(path, Clock(NOW), create=True) as opened:
        opened.write(groups.create, "早起读书群")
        community(opened)
    return path.read_bytes()


@pytest.fixture
def small(made, tmp_path):
    path = tmp_path / "small.db"
    path.touch(0o600)
    path.write_bytes(made)
    set_language("en")
    with Desk(path, Clock(NOW)) as opened:
        go(opened, march(20))
        yield opened
    set_language(None)


def told(desk, kind, day=None, **asked):
    return desk.read(reports.report, desk.clock, kind, day, **asked)


def by_code(found):
    return {each.code: each for each in found.figures}


def test_every_figure_is_the_one_its_own_door_tells(small):
    week = by_code(told(small, "weekly", march(10)))
    now, then = (small.read(insights.health, small.clock, 1, day) for day in (march(15), march(8)))
    for each, before in zip((*now.outcomes, *now.leading), (*then.outcomes, *then.leading), strict=True):
        if each.code in ("repeat_rate", "ltv_ratio", "aov", "conversion", "exit_rate", "active_rate", "open_rate"):
            own = week[each.code]
            assert (own.value, own.n, own.before, own.before_n) == (each.value, each.n, before.value, before.n)
    takings = [
        small.read(revenue.revenue, small.clock, last, first=first, last=last, group_id=1).total
        for first, last in (WEEK, (march(2), march(8)))
    ]
    assert [week["net"].value, week["net"].before] == [each.net_fen for each in takings] == [16_400, 39_600]
    assert [week["payments"].value, week["buyers"].value] == [takings[0].orders, takings[0].buyers] == [3, 3]
    loads = small.read(tasks.workload, small.clock, *WEEK, 1)
    assert told(small, "weekly", march(10)).hats == loads
    assert (week["joined"].value, week["left"].value, week["members"].value) == (4, 1, 19)
    assert (week["messages"].n, week["messages"].before_n) == (4, 7)  # three days were never exported


def test_a_shorter_or_longer_rule_changes_what_is_suggested_and_how_many(small):
    few = told(small, "weekly", march(10)).suggestions
    assert [each.severity for each in few] == sorted(
        (each.severity for each in few), key=("alarm", "warning", "notice").index
    )
    small.write(rules.change, "report.suggestions", 1)
    assert told(small, "weekly", march(10)).suggestions == few[:1]
    small.write(rules.change, "alert.quiet_messages", 5)
    assert few[0].rule == "alert.quiet_messages"
    assert told(small, "weekly", march(10)).suggestions[0].rule != "alert.quiet_messages"
    fired = small.read(alerts.alerts, small.clock, 1, march(15), passed=False)
    assert all(each.rule != "quiet" for each in fired)


@pytest.mark.parametrize("kind", ["daily", "weekly", "money", "member", "challenge"])
def test_what_comes_later_changes_no_report_of_the_past(small, kind):
    asked = {"of": {"member": EVIL, "challenge": CHALLENGE}.get(kind)}
    day = date(2026, 2, 20) if kind in ("money", "member") else march(10)  # a month or a week that is over
    before = as_json(told(small, kind, day, **asked))
    small.write(orders.add_order, 4, 50_000, day=march(19), number="B1")
    small.write(orders.refund_order, 1, 1_000, day=march(20))
    small.write(members.add, "新来的", group_id=1, joined_on=march(18))
    small.write(members.leave, 9, 1, march(19))
    small.write(content.schedule, 1, PostDraft("后来想到的", "value", march(20), 1_290))
    small.write(tasks.add, 1, "后来的事", march(21))
    assert as_json(told(small, kind, day, **asked)) == before


def test_a_bad_day_at_the_end_of_a_month_is_no_reason_for_how_the_month_was(desk):
    def facts_of(session, clock, kind):
        period = newest(kind, date(2026, 4, 1))
        return report_facts.facts(report_asked.Asked(session, clock, groups.get(session, 1), kind, period, None))

    go(desk, march(30))
    desk.write(incidents.start, "断播")
    go(desk, date(2026, 4, 1))
    late = next(each for each in desk.read(facts_of, desk.clock, "monthly") if each.name == "断播")
    assert (late.kind, late.day) == ("incident_late", march(30))
    assert {"complaints", "left"} < MOVES[late.kind].keys()
    assert not {"checkin_rate", "messages", "active_rate"} & MOVES[late.kind].keys()


def test_a_page_of_a_member_and_a_bad_day_say_what_their_own_screens_say(small):
    page = small.read(profiles.page, small.clock, 1, march(19))
    own = by_code(told(small, "member", march(10), of=EVIL))
    assert (own["spent"].value, own["points"].value, own["talk"].value) == (
        page.spending.net_fen, page.points, page.talk.messages,
    )  # fmt: skip
    bad = told(small, "crisis", of=CRISIS)
    assert by_code(bad)["crisis_exits"].n == 20
    assert [each.title for each in bad.plan] == ["每天对一遍发货数"]
    assert [each.key for each in bad.suggestions] == ["crisis.complaints", "crisis.late"]


def test_before_the_group_began_its_people_are_unknown(small):
    """Somebody whose day of joining is not known was no group of one in 1990."""
    small.write(members.add, "老人", group_id=1)
    for day, begun in ((date(1990, 1, 1), False), (march(10), True)):
        week = by_code(told(small, "weekly", day))
        people = [week[code] for code in ("members", "joined", "left", "exit_rate", "active_rate", "conversion")]
        assert [each.value is not None for each in people] == [begun] * len(people)
        assert all(each.before is None for each in people) or begun
    assert "had not begun" in str(by_code(told(small, "weekly", date(1990, 1, 1)))["exit_rate"].why[0])


def test_reports_of_something_refuse_what_was_not_there_yet(small):
    with pytest.raises(Refused):
        told(small, "crisis", march(10), of=CRISIS)
    with pytest.raises(Refused):
        told(small, "campaign", date(2026, 3, 1), of=CAMPAIGN)
    with pytest.raises(Refused):
        told(small, "challenge", date(2026, 2, 20), of=CHALLENGE)
    with pytest.raises(NotFound):
        told(small, "member", of="查无此人")
    with pytest.raises(BadInput):
        told(small, "weekly", march(21))


def test_the_text_fits_a_message_however_much_happened(small):
    for number in range(40):
        small.write(tasks.add, 1, f"很长的一件事{number}" * 8, march(17))
    found = told(small, "weekly", march(10))
    assert len(text(found, 1_800)) <= 1_800
    assert "1. " in text(found, 1_800)
    assert len(text(found, 400)) <= 400


def test_an_empty_group_knows_nothing_and_says_so(desk):
    found = told(desk, "weekly")
    assert {each.code for each in found.outcomes if each.value is not None} == set()
    assert found.causes == ()
    assert told(desk, "money").listings == ()
