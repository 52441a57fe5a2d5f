"""The rules of the house and who broke them: a warning first, then removal (S3-07, S3-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.domain.text import clean, is_blank
from qunguan.i18n import N_, _
from qunguan.values import frozen

RULE_LIMIT = 500
Step = Literal["warning", "removal"]
STEPS: Final[dict[Step, str]] = {"warning": N_("warning"), "removal": N_("removal")}
"""The two steps of the ladder, with the message ID of each (S3-08)."""


@frozen
class HouseRule:
    """A rule of the house; `place` counts from 1 in the order they are announced."""

    id: int
    group_id: int
    place: int
    text: str


@frozen
class Violation:
    """A rule that was broken. `rule` is its text as it reads now, "" where none was named."""

    id: int
    group_id: int
    member_id: int
    name: str
    step: Step
    day: date
    rule_id: int | None = None
    rule: str = ""
    note: str = ""


@frozen
class Ladder:
    """How the ladder is set: so many warnings within so many days, then removal."""

    warnings: int
    days: int


@frozen
class NextStep:
    """What to do about a violation on a day, the earlier ones it follows from, and why."""

    step: Step
    earlier: tuple[Violation, ...]
    why: Reason


@frozen
class Noted:
    """A violation that was noted, what it follows from, and the words to say to the member."""

    violation: Violation
    next: NextStep
    text: str


def checked_rule(text: str) -> str:
    """The text of a rule as it is stored, in one line. Raises BadInput for none."""
    cleaned = " ".join(clean(text.replace("\n", " "), RULE_LIMIT).split())
    if is_blank(cleaned):
        raise BadInput("a rule needs words", hint="say what is not done here, in one sentence people can follow")
    return cleaned


def next_step(earlier: Sequence[Violation], day: date, ladder: Ladder) -> NextStep:
    """The step for one more violation on `day`: removal once `ladder.warnings` stand within the last `ladder.days`."""
    first = day - timedelta(days=max(ladder.days - 1, 0))
    recent = tuple(each for each in earlier if first <= each.day <= day)
    warned = sum(each.step == "warning" for each in recent)
    values = {"n": warned, "days": ladder.days, "most": ladder.warnings}
    if warned >= ladder.warnings:
        said = N_("{n} warnings in {days} days; after {most} comes removal")
        return NextStep("removal", recent, Reason.of(said, **values))
    said = N_("{n} warnings in {days} days; up to {most} are given before removal")
    return NextStep("warning", recent, Reason.of(said, **values))


def announcement(group: str, rules: Sequence[HouseRule], ladder: Ladder) -> str:
    """The rules as they are put into the group."""
    lines = [_("[Rules of {group}]", group=group), *(f"{rule.place}. {rule.text}" for rule in rules)]
    if ladder.warnings:
        lines.append(_("Whoever breaks one is reminded first; who does it again has to leave. Thank you all."))
    else:
        lines.append(_("Whoever breaks one has to leave. Thank you all."))
    return "\n".join(lines)


def spoken(step: Step, nick: str, group: str, rule: str) -> str:
    """What to say to a member whose violation was noted."""
    if step == "warning" and rule:
        return _("@{nick}, a reminder: in {group} we agreed “{rule}”. Please keep to it, thank you.", nick=nick,
                 group=group, rule=rule)  # fmt: skip
    if step == "warning":
        return _("@{nick}, a reminder: please keep to the rules of {group}, thank you.", nick=nick, group=group)
    if rule:
        return _("{nick}, “{rule}” was broken again, so we have taken you out of {group}. All the best.", nick=nick,
                 group=group, rule=rule)  # fmt: skip
    return _("{nick}, the rules were broken again, so we have taken you out of {group}. All the best.", nick=nick,
             group=group)  # fmt: skip
