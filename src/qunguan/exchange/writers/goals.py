"""Goals in words and as text: what faces and reports share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.goals import METRICS, STATES, Progress, said, target_said
from qunguan.domain.text import show
from qunguan.i18n import _, ngettext


def aim_text(one: Progress) -> str:
    """From where to where: `22.0% → 28.6% (+30%)`; a target that is a value stands alone, one to be held says so."""
    unit = one.goal.unit
    if one.kept:
        return _("hold {wanted}", wanted=said(unit, one.wanted))
    change = "" if one.goal.kind == "value" else f" ({target_said(one.goal)})"
    return f"{said(unit, one.baseline)} → {said(unit, one.wanted)}{change}"


def left_text(one: Progress) -> str:
    """How long there is still: so many days, when it begins, or that it is over."""
    goal, day = one.goal, one.as_of
    if goal.closed_on is not None:
        return _("closed {day}", day=goal.closed_on)
    if day < goal.from_day:
        return _("from {day}", day=goal.from_day)
    if day > goal.to_day:
        return _("ended {day}", day=goal.to_day)
    days = (goal.to_day - day).days
    return ngettext("{n} day left", "{n} days left", days)


def standing_text(one: Progress) -> str:
    """Where a goal stands: `active rate 48.0% (n=25), 40.0% expected by now: ahead`."""
    unit = one.goal.unit
    base = "" if one.n is None else f" (n={one.n})"
    if one.kept:
        return _("{metric}: hold {wanted}, now {actual}{base}: {state}", metric=_(METRICS[one.goal.metric][0]),
                 wanted=said(unit, one.wanted), actual=said(unit, one.actual), base=base,
                 state=_(STATES[one.state]))  # fmt: skip
    return _("{metric} {actual}{base}, {expected} expected by now: {state}", metric=_(METRICS[one.goal.metric][0]),
             actual=said(unit, one.actual), base=base, expected=said(unit, one.expected),
             state=_(STATES[one.state]))  # fmt: skip


def goals_text(found: Sequence[Progress], day: date) -> str:
    """The goals that are open, for a note to oneself or a colleague."""
    lines = [_("Goals as of {day}", day=day)]
    for one in found:
        if one.goal.closed_on is None:
            lines.append(f"- {show(one.goal.name)}：{aim_text(one)}，{left_text(one)}")
            lines.append(f"  {standing_text(one)}")
    return "\n".join(lines)
