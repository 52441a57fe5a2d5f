"""What a report suggests: a pure function of figures, alerts and rules. The most pressing first, never too many.

Each suggestion names the rule it hangs on and where that comes from; when all is well there is none, and what to keep
is said instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from qunguan.domain.alert_words import SUGGESTIONS
from qunguan.domain.alert_words import said as alert_said
from qunguan.domain.alerts import Alert, shipped
from qunguan.domain.goals import METRICS, Progress
from qunguan.domain.goals import said as goal_said
from qunguan.domain.insights import Bar
from qunguan.domain.report_words import change_said, said
from qunguan.domain.reports import LABELS, Figure, Suggestion
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import RuleState
from qunguan.domain.tasks import HATS, Load
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESSING: Final = ("alarm", "warning", "notice")
_KEPT: Final = 3
_LEAST_TASKS: Final = 3  # of fewer a share says nothing

States = Mapping[str, RuleState]
"""The rules in force that suggestions hang on, by id."""


@frozen
class Ground:
    """What suggestions are made of. `known_days` of `days` have their chats in the file; `chats` tells whether there
    ever was any; `posts` are those planned for the next period (None: nobody asked).
    """

    figures: Sequence[Figure] = ()
    alerts: Sequence[Alert] = ()
    hats: Sequence[Load] = ()
    goals: Sequence[Progress] = ()
    days: int = 0
    known_days: int = 0
    chats: bool = False
    posts: int | None = None
    others: Sequence[Suggestion] = ()


def advice(ground: Ground, states: States) -> tuple[Suggestion, ...]:
    """The suggestions, the most pressing first: by severity, then in the order alerts, bars, all others. Two that hang
    on one rule are one.
    """
    found: dict[str, Suggestion] = {}
    for each in (
        *_of_alerts(ground), *ground.others, *_of_bars(ground.figures, states), *_of_goals(ground.goals, states),
        *_of_checkins(ground.figures, states), *_of_tasks(ground.hats, states), *_of_gaps(ground, states),
        *_of_posts(ground, states),
    ):  # fmt: skip
        found.setdefault(each.rule or each.key, each)
    ordered = sorted(found.values(), key=lambda each: _PRESSING.index(each.severity))
    return tuple(ordered[: int(states["report.suggestions"].value)])


def kept(figures: Iterable[Figure]) -> tuple[Reason, ...]:
    """What to keep when all is well: what meets its bar, then what changed for the better."""
    told = [each for each in figures if each.value is not None]
    good = [Reason.of(N_("{label} {value}, the bar is {bar}: keep it"), label=Reason.of(LABELS[each.code]),
                      value=said(each.unit, each.value), bar=said(each.unit, bar.value))
            for each in told for bar in each.bars if bar.applies and bar.met]  # fmt: skip
    met = {each.code for each in told if any(bar.applies and bar.met for bar in each.bars)}
    good += [Reason.of(N_("{label} {value}, {change} against before: keep what you did"),
                       label=Reason.of(LABELS[each.code]), value=said(each.unit, each.value), change=change_said(each))
             for each in told if each.better and each.code not in met]  # fmt: skip
    return tuple(good[:_KEPT])


def _of_alerts(ground: Ground) -> Iterator[Suggestion]:
    """What fires; not what fires for all groups together, where the report holds this group's own figure against that
    bar: two figures of one name would contradict each other.
    """
    known = shipped()
    own = {bar.rule for each in ground.figures if each.value is not None for bar in each.bars if bar.applies}
    for each in ground.alerts:
        whose = each.group_id is not None or known[each.rule].threshold not in own
        if whose and each.state not in ("closed", "recovered"):
            yield Suggestion(
                f"alert.{each.rule}", each.severity, alert_said(each), Reason.of(SUGGESTIONS[each.rule]),
                known[each.rule].threshold, each.source,
            )  # fmt: skip


def _of_bars(figures: Iterable[Figure], states: States) -> Iterator[Suggestion]:
    """Of bars that are missed and have an alert with advice, whether or not the base is large enough for it to fire."""
    words = {each.threshold: SUGGESTIONS[each.id] for each in reversed(tuple(shipped().values()))}
    for figure in figures:
        for bar in figure.bars:
            if bar.applies and bar.met is False and bar.rule in words and figure.value is not None:
                yield _missed(figure, bar, Reason.of(words[bar.rule]), states)


def _missed(figure: Figure, bar: Bar, do: Reason, states: States) -> Suggestion:
    known = states.get(bar.rule)
    words = N_("{label} {value} (n={n}), the bar is {bar}") if figure.n is not None \
        else N_("{label} {value}, the bar is {bar}")  # fmt: skip
    because = Reason.of(words, label=Reason.of(LABELS[figure.code]), value=said(figure.unit, figure.value), n=figure.n,
                        bar=said(figure.unit, bar.value))  # fmt: skip
    severity = known.rule.severity if known and known.rule.severity else "notice"
    return Suggestion(f"bar.{figure.code}", severity, because, do, bar.rule, bar.source)


def _of_goals(goals: Iterable[Progress], states: States) -> Iterator[Suggestion]:
    for each in goals:
        if each.state in ("behind", "missed"):
            unit = each.goal.unit
            because = Reason.of(
                N_("goal {name}: {label} {actual}, it should be {expected} by now"), name=each.goal.name,
                label=Reason.of(METRICS[each.goal.metric][0]), actual=goal_said(unit, each.actual),
                expected=goal_said(unit, each.expected),
            )  # fmt: skip
            do = Reason.of(N_("choose one thing that moves it and do it first, or set the goal anew"))
            source = each.goal.source or states["goal.slack_pct"].rule.source
            yield Suggestion(f"goal.{each.goal.id}", "notice", because, do, "goal.slack_pct", source)


def _of_checkins(figures: Iterable[Figure], states: States) -> Iterator[Suggestion]:
    state = states["report.checkin_low_pct"]
    for each in figures:
        if each.code == "checkin_rate" and state.enabled and each.value is not None \
                and each.value * 100 < state.value:  # fmt: skip
            bar = Bar(state.rule.id, state.value / 100, state.rule.source, True, False)
            do = Reason.of(N_("simplify the task: one line a day is enough, and say so"))
            yield _missed(each, bar, do, states)


def _of_tasks(hats: Sequence[Load], states: States) -> Iterator[Suggestion]:
    """The hat that misses the largest share of its tasks (C33)."""
    state = states["report.missed_pct"]
    busy = [each for each in hats if each.tally.planned >= _LEAST_TASKS]
    worst = max(busy, key=lambda each: each.tally.missed / each.tally.planned, default=None)
    if worst is None or not state.enabled or worst.tally.missed * 100 < state.value * worst.tally.planned:
        return
    because = Reason.of(N_("as {hat} {missed} of {n} tasks were missed"), hat=Reason.of(HATS[worst.hat]),
                        missed=worst.tally.missed, n=worst.tally.planned)  # fmt: skip
    do = Reason.of(N_("switch off the steps you never do, or move them to an hour you have"))
    yield Suggestion(f"tasks.{worst.hat}", "notice", because, do, state.rule.id, state.rule.source)


def _of_gaps(ground: Ground, states: States) -> Iterator[Suggestion]:
    """Chats that were imported before and are missing now; a group nobody ever imported is none of it."""
    if not ground.chats or ground.known_days >= ground.days:
        return
    state = states["alert.fresh_days"]
    because = Reason.of(N_("the chats of {missing} of {days} days are not in the file"),
                        missing=ground.days - ground.known_days, days=ground.days)  # fmt: skip
    do = Reason.of(N_("export these days from the chat and import them: then talk and active rate are known"))
    yield Suggestion("chats.gap", "notice", because, do, state.rule.id, state.rule.source)


def _of_posts(ground: Ground, states: States) -> Iterator[Suggestion]:
    state = states["content.topics_day"]
    if ground.posts == 0 and state.enabled and state.value:
        because = Reason.of(N_("nothing to join in is planned for the next days"))
        do = Reason.of(N_("plan one topic a day: that keeps a group awake"))
        yield Suggestion("content.empty", "notice", because, do, state.rule.id, state.rule.source)
