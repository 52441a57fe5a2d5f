"""What may be said of an experiment: the ladder from "the split is wrong" to "B won" (semantics 3.10).

A winner needs the planned number or the planned last day, a p-value under α of both tests, and a sound split.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from qunguan.domain.experiments import Comparison, Sample, compare, split_p
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_, _
from qunguan.values import frozen

Verdict = Literal["split", "too_few", "no_difference", "leaning", "won"]
Arm = Literal["a", "b"]

_NEVER = 1e-6  # a chance nobody would call one

VERDICTS: dict[Verdict, str] = {
    "split": N_("the split is wrong"),
    "too_few": N_("too few people"),
    "no_difference": N_("no difference seen"),
    "leaning": N_("leaning to {arm}"),
    "won": N_("{arm} won"),
}
"""The message ID of each rung; `arm` is the name of the better one."""


@frozen
class Bars:
    """The thresholds in force, as shares: `split` and `split_watch` for the p of the split, `leaning` for the chance
    that one arm is better (rules experiment.*).
    """

    alpha: float
    split: float
    split_watch: float
    leaning: float


@frozen
class Plan:
    """What was planned: people in each arm, the last day; None where nothing was. It is judged on `today`."""

    per_arm: int | None = None
    to_day: date | None = None
    today: date | None = None

    def reached(self, a: Sample, b: Sample) -> bool:
        """Whether the planned number is there in both arms, or the planned last day is over."""
        enough = self.per_arm is not None and min(a.n, b.n) >= self.per_arm
        return enough or (self.to_day is not None and self.today is not None and self.today > self.to_day)


@frozen
class Judgement:
    """The verdict on B against A. `better` is the arm it leans to or that won; `reasons` say why, with the numbers.

    `borderline`: the exact test and the z-test disagree about α. `peeked`: it was looked at before the plan was met.
    """

    verdict: Verdict
    better: Arm | None
    comparison: Comparison
    split_p: float | None
    reasons: tuple[Reason, ...]
    borderline: bool = False
    peeked: bool = False


def verdict_text(told: Judgement, a: str, b: str) -> str:
    """The verdict in the language in force, with the name of the better arm (`a` and `b` are names)."""
    text = _(VERDICTS[told.verdict], arm=b if told.better == "b" else a)
    return _("{verdict} (borderline)", verdict=text) if told.borderline else text


def judge(
    a: Sample, b: Sample, plan: Plan, bars: Bars, weights: Sequence[int] | None = None, name: str = "B"
) -> Judgement:
    """Judge B against A. `weights` are the planned shares of the two arms (None: equal), `name` is what B is called."""
    told, split = compare(a, b, bars.alpha), split_p((a.n, b.n), weights)
    reached = plan.reached(a, b)
    planned = plan.per_arm is not None or plan.to_day is not None
    peeked = planned and not reached
    reasons: list[Reason] = []
    if split is not None and split < bars.split_watch:
        reasons.append(_about_split(a, b, split, bars))
    if split is not None and split < bars.split:
        return Judgement("split", None, told, split, tuple(reasons), peeked=peeked)
    borderline = _borderline(told, bars.alpha)
    if peeked or told.p_value is None:
        reasons.append(_about_number(a, b, plan))
        return Judgement("too_few", None, told, split, tuple(reasons), borderline, peeked)
    reasons += _about_tests(told, bars, borderline, name)
    better = _better(told, bars.leaning)
    if told.p_value < bars.alpha:
        better = "b" if (told.p_b or 0) > (told.p_a or 0) else "a"
        if reached and not borderline:
            return Judgement("won", better, told, split, tuple(reasons))
        if not planned:
            reasons.append(Reason.of(N_("nothing was planned, neither a number nor a last day: no winner without one")))
    return Judgement("leaning" if better else "no_difference", better, told, split, tuple(reasons), borderline)


def _borderline(told: Comparison, alpha: float) -> bool:
    return told.p_z is not None and told.p_fisher is not None and (told.p_z < alpha) != (told.p_fisher < alpha)


def _better(told: Comparison, leaning: float) -> Arm | None:
    chance = told.p_b_beats_a
    if chance is None or 1 - leaning < chance < leaning:
        return None
    return "b" if chance >= leaning else "a"


def _about_split(a: Sample, b: Sample, split: float, bars: Bars) -> Reason:
    if split < _NEVER:
        return Reason.of(N_("{a} and {b} people: no chance makes a split like this (semantics 3.10)"), a=a.n, b=b.n)
    message = N_("{a} and {b} people: a split this far off comes by chance once in {times} (semantics 3.10)")
    if split >= bars.split:
        message = N_("{a} and {b} people: keep an eye on the split, chance does that once in {times} (semantics 3.10)")
    return Reason.of(message, a=a.n, b=b.n, times=round(1 / split))


def _about_number(a: Sample, b: Sample, plan: Plan) -> Reason:
    if plan.per_arm is None:
        return Reason.of(N_("{a} and {b} people: looking before the last day misleads"), a=a.n, b=b.n)
    message = N_("{a} and {b} people of {planned} planned for each arm: looking early misleads")
    return Reason.of(message, a=a.n, b=b.n, planned=plan.per_arm)


def _about_tests(told: Comparison, bars: Bars, borderline: bool, name: str) -> list[Reason]:
    said = Reason.of(N_("z-test") if told.test == "z" else N_("Fisher's exact test"))
    found = [
        Reason.of(
            N_("{test}: p = {p}, the bar is {alpha}"), test=said, p=_rounded(told.p_value), alpha=f"{bars.alpha:g}"
        ),
        Reason.of(
            N_("the chance that {name} is better: {percent} %"),
            name=name,
            percent=round(100 * (told.p_b_beats_a or 0), 1),
        ),
    ]
    if borderline:
        message = N_("borderline: the z-test says {z}, the exact test {exact}")
        found.append(Reason.of(message, z=_rounded(told.p_z), exact=_rounded(told.p_fisher)))
    return found


def _rounded(p: float | None) -> str:
    return "—" if p is None else f"{p:.4f}" if p >= 0.0001 else "< 0.0001"
