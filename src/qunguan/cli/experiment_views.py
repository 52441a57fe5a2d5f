"""Experiments as JSON and as lines."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain.experiment_book import Experiment, Split, Standing
from qunguan.domain.experiment_verdicts import Judgement, verdict_text
from qunguan.domain.experiments import Sample
from qunguan.domain.shares import percent
from qunguan.i18n import N_, _

Verb = Callable[..., argparse.ArgumentParser]


def judged(told: Judgement) -> dict[str, Any]:
    """A judgement as JSON has it."""
    each = told.comparison
    return {
        "p_a": each.p_a,
        "p_b": each.p_b,
        "z": each.z,
        "p_value": each.p_value,
        "test": each.test,
        "ci_diff": each.ci_diff,
        "wilson_a": each.wilson_a,
        "wilson_b": each.wilson_b,
        "p_b_beats_a": each.p_b_beats_a,
        "expected_loss": each.expected_loss,
        "srm_p": told.split_p,
        "verdict": told.verdict,
        "better": told.better,
        "borderline": told.borderline,
        "peeked": told.peeked,
        "p_z": each.p_z,
        "p_fisher": each.p_fisher,
        "reasons": [str(reason) for reason in told.reasons],
    }


def judged_lines(told: Judgement, a: str, b: str, samples: tuple[Sample, Sample]) -> list[str]:
    """A judgement for people: the verdict first, then the numbers."""
    each = told.comparison
    rows = [
        (name, f"{sample.x}/{sample.n}", percent(sample.share), _interval(interval))
        for name, sample, interval in ((a, samples[0], each.wilson_a), (b, samples[1], each.wilson_b))
    ]
    header = (_("arm"), _("counted"), _("share"), _("95 % interval"))
    lines = [verdict_text(told, a, b), *columns(header, rows, right=(1, 2))]
    if each.ci_diff is not None and each.expected_loss is not None:
        lines.append(_("difference {difference}, interval {interval}", difference=_points(each.p_a, each.p_b),
                       interval=_interval(each.ci_diff)))  # fmt: skip
        lines.append(_("choosing {arm} costs {loss} on average if it is the worse one", arm=b,
                       loss=f"{100 * each.expected_loss:.2f} %"))  # fmt: skip
    return lines + [f"  {reason}" for reason in told.reasons]


def _points(a: float | None, b: float | None) -> str:
    return "—" if a is None or b is None else f"{100 * (b - a):+.1f} %"


def _interval(interval: tuple[float, float] | None) -> str:
    return "—" if interval is None else f"{100 * interval[0]:.1f} – {100 * interval[1]:.1f} %"


def document(found: Experiment) -> dict[str, Any]:
    """An experiment as JSON has it."""
    return {
        "id": found.id,
        "name": found.name,
        "outcome": found.outcome,
        "arms": [
            {"name": arm.name, "first": arm.first, "second": arm.second, "weight": arm.weight, "people": arm.people}
            for arm in found.arms
        ],
        "base": found.base,
        "lift": found.lift,
        "per_arm": found.per_arm,
        "from": found.from_day,
        "to": found.to_day,
        "campaign_id": found.campaign_id,
        "closed_on": found.closed_on,
        "decision": found.decision,
    }


def standing(told: Standing) -> dict[str, Any]:
    """Where an experiment stands, as JSON has it. The first arm has no judgement."""
    found = told.experiment
    judgements = [None, *(judged(each) if each else None for each in told.judgements)]
    results = [
        {"name": arm.name, "counted": None if sample is None else {"x": sample.x, "n": sample.n}, "judgement": verdict}
        for arm, sample, verdict in zip(found.arms, told.samples, judgements, strict=True)
    ]
    factors = [
        {"values": list(each.values), "difference": each.difference, "p_value": each.p_value} for each in told.effects
    ]
    return {
        "experiment": document(found), "results": results, "factors": factors, "counted_on": told.counted_on,
    }  # fmt: skip


def list_lines(told: Sequence[Standing]) -> list[str]:
    """The list for people."""
    if not told:
        return [_("No experiment yet. Next: qunguan experiment add NAME --outcome TEXT --arms A,B")]
    header = ("#", _("name"), _("arms"), _("people"), _("planned"), _("verdict"))
    rows = [
        (each.experiment.id, each.experiment.name, " / ".join(arm.name for arm in each.experiment.arms),
         sum(arm.people for arm in each.experiment.arms), known(each.experiment.per_arm), each.verdicts)
        for each in told
    ]  # fmt: skip
    return columns(header, rows, right=(0, 3, 4))


def too_few(found: Experiment, there: int) -> list[str]:
    """A line where the plan asks for more people than there are."""
    needed = (found.per_arm or 0) * len(found.arms)
    if needed <= there:
        return []
    message = N_(
        "There are {there} people, and the arms need {needed}: try it on something that shows more, or for longer"
    )
    return [_(message, there=there, needed=needed)]


def _counts(told: Standing) -> list[str]:
    """What was counted in each arm; more than the people in it is told."""
    lines, split = [], any(arm.people for arm in told.experiment.arms)
    for arm, sample in zip(told.experiment.arms, told.samples, strict=True):
        if sample is not None:
            lines.append(_("{arm}: {x}/{n}", arm=arm.name, x=sample.x, n=sample.n))
            if split and sample.n > arm.people:
                lines.append(_("  more than the {n} people in it: are these messages, not people?", n=arm.people))
    return lines


def standing_lines(told: Standing) -> list[str]:
    """One experiment for people."""
    found = told.experiment
    lines = [_("{name} (#{id}): {outcome}", name=found.name, id=found.id, outcome=found.outcome)]
    if found.per_arm:
        lines.append(_("planned: {n} people in each arm, to tell {base} from {other}", n=found.per_arm,
                       base=percent(found.base), other=percent((found.base or 0) + (found.lift or 0))))  # fmt: skip
    lines += _counts(told)
    first, one = found.arms[0], told.samples[0]
    for arm, sample, verdict in zip(found.arms[1:], told.samples[1:], told.judgements, strict=True):
        if verdict is None or one is None or sample is None:
            lines.append(_("{a} against {b}: nothing counted yet", a=first.name, b=arm.name))
        else:
            lines += judged_lines(verdict, first.name, arm.name, (one, sample))
    for each in told.effects:
        lines.append(_("{other} instead of {one}: {difference}, p = {p}", one=each.values[0], other=each.values[1],
                       difference="—" if each.difference is None else f"{100 * each.difference:+.1f} %",
                       p="—" if each.p_value is None else f"{each.p_value:.3f}"))  # fmt: skip
    if found.closed_on:
        lines.append(_("put away on {day}: {decision}", day=found.closed_on, decision=known(found.decision)))
    return lines


def split_document(done: Split, files: Sequence[Path]) -> dict[str, Any]:
    """A split as JSON has it."""
    arms = [
        {"name": arm.name, "members": [{"member_id": who, "name": name} for who, name in people]}
        for arm, people in zip(done.experiment.arms, done.members, strict=True)
    ]
    return {"experiment_id": done.experiment.id, "new": done.new, "arms": arms, "files": [str(path) for path in files]}


def split_lines(done: Split, files: Sequence[Path]) -> list[str]:
    """A split for people."""
    lines = [_("{n} people put into arms: {sizes}", n=done.new, sizes=done.sizes)]
    lines += [_("Wrote {path}", path=path) for path in files]
    lines.append(_("Next: qunguan experiment count {id} ARM X/N, or done {id} FILE", id=done.experiment.id))
    return lines
