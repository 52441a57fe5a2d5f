"""How experiments are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from qunguan.domain.experiment_book import Standing
from qunguan.domain.experiment_verdicts import verdict_text
from qunguan.domain.experiments import Sample
from qunguan.domain.shares import percent
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

_MARKS = {"split": "!", "too_few": "…", "no_difference": "=", "leaning": "◐", "won": "●"}
_STYLES: dict[str, CellStyle] = {
    "split": "bad", "too_few": "dim", "no_difference": "", "leaning": "warn", "won": "good",
}  # fmt: skip
_BAR = 14  # cells of the interval's picture


def names(one: Standing) -> Sequence[str]:
    """What a search may mean."""
    found = one.experiment
    return (found.name, found.outcome, *(arm.name for arm in found.arms))


def headline(found: Sequence[Standing]) -> Content:
    """How many there are, and how many are open."""
    running = sum(each.experiment.closed_on is None for each in found)
    parts = [
        literal(ngettext("{n} experiment", "{n} experiments", len(found)), "bold"),
        literal(_("{n} open", n=running), "$text-muted"),
    ]
    return Content("   ").join(parts)


def columns() -> tuple[Column, ...]:
    """Mark, name, arms, people, planned, last day, verdict."""
    return (
        Column("", width=2),
        Column(_("experiment"), flex=1, minimum=12),
        Column(_("arms"), flex=1, minimum=8, drop=1),
        Column(_("people"), width=6, right=True),
        Column(_("planned"), width=8, right=True, drop=2),
        Column(_("until"), width=10, drop=3),
        Column(_("verdict"), flex=1, minimum=14),
    )


def cells(one: Standing) -> tuple[Cell | str, ...]:
    """The line of an experiment; one put away is dim."""
    found, told = one.experiment, [each for each in one.judgements if each is not None]
    away = found.closed_on is not None
    style: CellStyle = "dim" if away else _STYLES[told[0].verdict] if told else "dim"
    people = sum(arm.people for arm in found.arms)
    return (
        Cell("×" if away else _MARKS[told[0].verdict] if told else "○", style),
        Cell(found.name, "dim" if away else ""),
        Cell(" / ".join(arm.name for arm in found.arms), "dim"),
        Cell(str(people or "·"), "dim"),
        Cell(str(found.per_arm or "—"), "dim"),
        Cell(found.to_day.isoformat() if found.to_day else "—", "dim"),
        Cell(found.decision if away and found.decision else one.verdicts, style),
    )


def side(one: Standing) -> Content:
    """An experiment whole: what it asks, its arms with their intervals, the verdict, what to do next."""
    found = one.experiment
    told = [literal(found.name, "bold"), literal(_("asks: {outcome}", outcome=found.outcome or "—"))]
    if found.per_arm:
        told.append(literal(_("planned: {n} people in each arm", n=found.per_arm), "$text-muted"))
    if found.to_day:
        told.append(literal(_("until {day}", day=found.to_day), "$text-muted"))
    told.append(Content(""))
    for place, (arm, sample) in enumerate(zip(found.arms, one.samples, strict=True)):
        interval = _interval_of(one, place)
        told.append(joined((arm.name, "bold"), f"  {_counted(sample)}"))
        if interval is not None and sample is not None:
            told.append(joined((_picture(interval, sample.share or 0), "$text-accent"),
                               (f" {100 * interval[0]:.1f}–{percent(interval[1])}", "$text-muted")))  # fmt: skip
        people = ngettext("{n} person in it", "{n} people in it", arm.people)
        told.append(literal(people if arm.people else _("nobody is in it yet"), "$text-muted"))
    return Content("\n").join([*told, Content(""), *why(one), *_next(one)])


def _counted(sample: Sample | None) -> str:
    return _("not counted yet") if sample is None else f"{sample.x}/{sample.n}  {percent(sample.share)}"


def _interval_of(one: Standing, place: int) -> tuple[float, float] | None:
    if place:
        told = one.judgements[place - 1]
        return told.comparison.wilson_b if told else None
    known = next((each for each in one.judgements if each is not None), None)
    return known.comparison.wilson_a if known else None


def _picture(interval: tuple[float, float], share: float) -> str:
    """The interval on a line from 0 to 100 %: ├──●──┤."""
    low, high, here = (min(_BAR - 1, int(value * _BAR)) for value in (*interval, share))
    line = ["·"] * _BAR
    for place in range(low, high + 1):
        line[place] = "─"
    line[here] = "●"
    return "".join(line)


def why(one: Standing) -> list[Content]:
    """The verdicts with their reasons."""
    found, told = one.experiment, []
    for arm, each in zip(found.arms[1:], one.judgements, strict=True):
        if each is None:
            told.append(literal(_("{a} against {b}: nothing counted yet", a=found.arms[0].name, b=arm.name)))
            continue
        told.append(literal(verdict_text(each, found.arms[0].name, arm.name), "bold"))
        told += [literal(f"  {reason}") for reason in each.reasons]
        if each.peeked:
            told.append(literal(f"  {_('looking early misleads: wait for the planned number or day')}"))
    for effect in one.effects:
        apart = "—" if effect.difference is None else f"{100 * effect.difference:+.1f} %"
        p = "—" if effect.p_value is None else f"{effect.p_value:.3f}"
        told.append(literal(_("{other} instead of {one}: {difference}, p = {p}", one=effect.values[0],
                              other=effect.values[1], difference=apart, p=p)))  # fmt: skip
    if len(found.arms) > 2:
        told.append(literal(_("{n} comparisons: each is held to {alpha} (semantics 3.10)", n=len(found.arms) - 1,
                              alpha=percent(one.alpha)), "$text-muted"))  # fmt: skip
    return told


def _next(one: Standing) -> list[Content]:
    if one.experiment.closed_on is not None:
        decision = one.experiment.decision or "—"
        return [Content(""), literal(_("put away on {day}: {decision}", day=one.experiment.closed_on,
                                       decision=decision))]  # fmt: skip
    if not any(arm.people for arm in one.experiment.arms) and not any(one.samples):
        return [Content(""), literal(_("s splits the people into arms"), "dim")]
    return [Content(""), literal(_("r notes results · i takes a list of who did it"), "dim")]


def empty_text() -> str:
    """What an empty list says."""
    return _(
        "Two texts, two gifts: which works better? Split your people by chance, send each half its own,\n"
        "and let the numbers speak - or say that they cannot.\n"
        "a plans an experiment; p tells how many people it takes."
    )
