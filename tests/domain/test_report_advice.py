"""What is suggested of which figures: the most pressing first, at most three, by rule and source; or what to keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.alerts import Alert
from qunguan.domain.insights import Bar
from qunguan.domain.insights import Figure as CardFigure
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.report_causes import causes, notable, unexplained
from qunguan.domain.report_words import change_said, label, said
from qunguan.domain.reports import Fact, Figure, Period, before, earlier, later, newest, period
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import RuleState, presets
from qunguan.domain.tasks import Load, Tally
from qunguan.i18n import set_language

STATES = {rule_id: RuleState(rule, rule.value, rule.enabled, changed=False) for rule_id, rule in presets().items()}
DAY = date(2026, 3, 19)


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def alert(rule: str, severity: str, state="fired") -> Alert:
    return Alert(rule, 1, "群", severity, state, DAY, 0.1, 0.08, ">", "share", DAY, DAY, 0.1, None, 50, "S4-30", "")


def rate(code: str, value: float | None, line: float = 0.1, then: float | None = None, **more) -> Figure:
    met = None if value is None else value >= line
    bar = Bar("alert.repeat_pct", line, "S0-33", True, met)
    return Figure(code, "share", value, then, n=40, before_n=40, bars=(bar,), **more)


def test_the_most_pressing_come_first_and_no_more_than_the_rule_says():
    hats = (Load("owner", Tally(done=1, missed=9)), Load("content", Tally(done=9, missed=1)))
    ground = Ground(
        (rate("repeat_rate", 0.05), Figure("checkin_rate", "share", 0.2, n=50)),
        (alert("ltv", "notice"), alert("exits", "alarm"), alert("quiet", "warning")), hats,
        days=7, known_days=4, chats=True, posts=0,
    )  # fmt: skip
    told = advice(ground, STATES)
    assert [each.key for each in told] == ["alert.exits", "alert.quiet", "bar.checkin_rate"]
    assert all(each.rule and each.source for each in told)
    more = STATES | {"report.suggestions": RuleState(STATES["report.suggestions"].rule, 9, True, changed=True)}
    keys = [each.key for each in advice(ground, more)]
    assert keys == ["alert.exits", "alert.quiet", "bar.checkin_rate", "alert.ltv", "bar.repeat_rate", "tasks.owner",
                    "chats.gap", "content.empty"]  # fmt: skip
    assert "as owner 9 of 10 tasks were missed" in [str(each.because) for each in advice(ground, more)]


def test_what_the_owner_closed_what_is_unknown_and_few_tasks_suggest_nothing():
    ground = Ground(
        (rate("repeat_rate", None), Figure("checkin_rate", "share", None)),
        (alert("exits", "alarm", "closed"), alert("quiet", "warning", "recovered")),
        (Load("owner", Tally(missed=2)),), days=7, known_days=0, chats=False,
    )  # fmt: skip
    assert advice(ground, STATES) == ()


def test_what_fires_for_all_groups_together_gives_way_to_the_figure_of_the_group():
    """S4-24 is judged twice: of the whole community by the alert, of the group by its own figure."""
    everybody = replace(alert("repurchase", "notice"), group_id=None, group="")
    assert [each.key for each in advice(Ground((rate("repeat_rate", 0.4),), (everybody,)), STATES)] == []
    (own,) = advice(Ground((rate("repeat_rate", 0.05),), (everybody,)), STATES)
    assert (own.key, str(own.because)) == ("bar.repeat_rate", "repurchase rate 5.0 % (n=40), the bar is 10.0 %")
    (told,) = advice(Ground((rate("repeat_rate", None),), (everybody,)), STATES)
    assert told.key == "alert.repurchase"


def test_a_figure_of_other_days_than_the_period_says_so():
    def called(days: int, of: int, *, ever: bool = False) -> str:
        card = CardFigure("aov", "fen", 100, 3, None, DAY - timedelta(days=of - 1), DAY, ever=ever)
        return label(Figure.of_card(card, None, days))

    assert called(7, 7) == "average order"
    assert called(7, 90) == "average order (last 90 days)"
    assert called(7, 1) == "average order (last day)"
    assert called(7, 7, ever=True) == "average order (ever)"


def test_when_all_is_well_it_says_what_to_keep():
    figures = (rate("repeat_rate", 0.4), Figure("joined", "count", 9, 3), Figure("left", "count", 5, 1, rising=False))
    assert advice(Ground(figures), STATES) == ()
    assert [str(each) for each in kept(figures)] == [
        "repurchase rate 40.0 %, the bar is 10.0 %: keep it",
        "joined 9, ▲ 200% against before: keep what you did",
    ]


def fact(kind: str, *, gone: bool = False) -> Fact:
    return Fact(kind, DAY, Reason.of(kind), gone)


def test_a_fact_is_a_reason_only_for_what_moved_its_way():
    up, down = Figure("net", "fen", 300, 100), Figure("messages", "per_day", 10.0, 40.0)
    told = causes([fact("campaign"), fact("campaign", gone=True), fact("slump")], [up, down], 10, 2)
    assert [(each.fact.kind, each.fact.before, each.figures) for each in told] == [
        ("campaign", False, (("net", 1),)),
        ("campaign", True, (("messages", -1),)),
        ("slump", False, (("messages", -1),)),
    ]
    assert [each.code for each in unexplained([up, down, Figure("left", "count", 4, 1)], told, 10, 2)] == ["left"]


def test_a_gap_says_which_figures_nobody_can_tell():
    known, dark = Figure("speakers", "per_day", 4.0, 4.0), Figure("messages", "per_day", None, 4.0)
    (told,) = causes([fact("gap")], [known, dark], 10, 2)
    assert told.figures == (("messages", 0),)


@pytest.mark.parametrize(
    ("figure", "worth"),
    [
        (Figure("net", "fen", 109, 100), False),
        (Figure("net", "fen", 110, 100), True),
        (Figure("left", "count", 1, 0), True),
        (Figure("exit_rate", "share", 0.03, 0.011), False),
        (Figure("exit_rate", "share", 0.031, 0.011), True),
        (Figure("net", "fen", None, 100), False),
    ],
)
def test_a_small_change_needs_no_reason(figure, worth):
    assert notable(figure, 10, 2) is worth


def test_unknown_is_a_dash_and_never_nought():
    assert [said(unit, None) for unit in ("share", "fen", "count")] == ["—"] * 3
    assert [change_said(Figure("net", "fen", *pair)) for pair in ((None, 1), (1, None), (1, 1), (3, 0), (50, 100))] == [
        "—", "—", "±0", "▲ from 0", "▼ 50%",
    ]  # fmt: skip
    assert said("fen", -1195) == "-¥11.95"
    assert change_said(Figure("net", "fen", 100, -50)) == "▲ 300%"


def test_periods_are_whole_and_the_one_before_is_as_long():
    today = date(2026, 3, 20)  # a Friday
    assert newest("weekly", today) == Period(date(2026, 3, 9), date(2026, 3, 15), date(2026, 3, 15))
    assert newest("weekly", date(2026, 3, 16)) == newest("weekly", today)
    assert newest("daily", today).first == DAY
    assert newest("monthly", date(2026, 3, 1)) == Period(date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 28))
    running = period("monthly", today, today)
    assert (running.until, running.over, running.days) == (DAY, False, 19)
    assert before("monthly", running) == Period(date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 19))
    whole = period("monthly", date(2026, 1, 31), today)
    assert before("monthly", whole).until == date(2025, 12, 31)
    assert before("monthly", period("monthly", date(2026, 3, 31), date(2026, 3, 31))).until == date(2026, 2, 28)
    assert period("daily", today, today).until == today  # a day that runs is told up to now
    assert earlier("weekly", newest("weekly", today), today).last == date(2026, 3, 8)
    following = later("weekly", newest("weekly", today), today)
    assert following is not None
    assert following.until == DAY
    assert later("weekly", period("weekly", today, today), today) is None
