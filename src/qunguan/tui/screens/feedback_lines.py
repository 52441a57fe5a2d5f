"""How feedback is drawn: a line each, the headline, and beside it everything that was said and done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.clock import DayRule
from qunguan.domain.feedback import (
    KINDS,
    SEVERITIES,
    STATES,
    STEPS,
    Feedback,
    FeedbackChange,
    FeedbackCounts,
    Kind,
    Limits,
    answer_due,
    lasted,
    reply_clock,
    settle_clock,
)
from qunguan.domain.feedback_categories import named
from qunguan.domain.scripts import pieces, place_said
from qunguan.domain.shares import percent
from qunguan.domain.today import near
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.values import frozen

Which = Literal["waiting", "open", "all"]
WHICH: Final[dict[Which, str]] = {
    "waiting": N_("who waits"), "open": N_("what is not settled"), "all": N_("everything said"),
}  # fmt: skip
_KINDS_SHOWN: Final[tuple[Kind | None, ...]] = (None, *KINDS)


@frozen
class Told:
    """What the lines need besides the feedback: the limits in force, now, the day, and each group's clock and name
    ("" where there is one group only).
    """

    limits: Limits
    now: datetime
    today: date
    rules: dict[int, DayRule]
    groups: dict[int, str]


def next_which(which: Which) -> Which:
    """The list that `f` shows after this."""
    return next_of(WHICH, which)


def next_kind(kind: Kind | None) -> Kind | None:
    """The kind that `s` shows after this; None is all kinds."""
    return next_of(_KINDS_SHOWN, kind)


def columns() -> tuple[Column, ...]:
    """Where it stands, when, who, of which kind, in which words, how long."""
    return (
        Column("", width=1), Column(_("said at"), width=14, drop=1), Column(_("kind"), width=6),
        Column(_("who said it"), width=12), Column(_("what was said"), flex=1, minimum=24),
        Column(_("state"), width=18),
    )  # fmt: skip


def cells(one: Feedback, told: Told) -> tuple[Cell | str, ...]:
    """The line of one."""
    mark, style = _mark(one, told)
    at = told.rules[one.group_id].local(one.told_at)
    about = " · ".join(filter(None, (named(one.category), told.groups.get(one.group_id, ""))))
    text = " ".join(one.text.split())
    return (
        Cell(mark, style), Cell(f"{near(at.date(), told.today)} {at:%H:%M}", "dim"),
        Cell(_(KINDS[one.kind]), "bad" if one.severity == "high" and style else "dim"), one.name or "—",
        f"{text} · {about}" if about else text, Cell(_stands(one, told), style or "dim"),
    )  # fmt: skip


def _mark(one: Feedback, told: Told) -> tuple[str, Literal["bad", "warn", "done", "strong", ""]]:
    """! waited too long, ○ waits, ◐ answered, ● settled: readable without colour."""
    if one.state == "closed":
        return "●", "done"
    if one.state == "answered":
        return "◐", ""
    return ("!", "bad") if too_long(one, told) else ("○", "warn")


def too_long(one: Feedback, told: Told) -> bool:
    """Whether somebody waits longer than the rule says."""
    due = answer_due(one, told.limits)
    return due is not None and told.now > due


def _stands(one: Feedback, told: Told) -> str:
    if one.waiting_since is not None:
        return _("has waited {time}", time=_since(one.waiting_since, told.now))
    good = one.made_good
    if good is not None:
        return _(STEPS[good])
    return _(STATES[one.state])


def _since(moment: datetime, now: datetime) -> str:
    return lasted(max(0, int((now - moment).total_seconds())))


def filters(which: Which, kind: Kind | None) -> tuple[str, ...]:
    """What of the list is shown, where that is not who waits."""
    return (*([_(WHICH[which])] if which != "waiting" else []), *([_(KINDS[kind])] if kind is not None else []))


def headline(
    waiting: int, late: int, counts: FeedbackCounts | None, moved: FeedbackChange | None, shown: Sequence[str]
) -> Content:
    """How many wait, how complaints changed against the window before, how fast answers are; what is `shown`."""
    style = "$text-error" if late else "$text-warning" if waiting else "$text-success"
    parts = [literal(ngettext("{n} waits for an answer", "{n} wait for an answer", waiting), f"bold {style}")]
    if late:
        parts.append(literal(ngettext("{n} of them too long", "{n} of them too long", late), "$text-error"))
    parts += [literal(each, "$text-accent") for each in shown]
    if moved is not None:
        parts.append(_moved(moved))
        today = 0 if counts is None else counts.complaints - moved.complaints.now
        if today > 0:
            told = ngettext("{n} more complaint today", "{n} more complaints today", today)
            parts.append(literal(told, "$text-warning"))
    if counts is not None and counts.reply.seconds is not None:
        parts.append(literal(_("first answer {time} (n={n})", time=lasted(counts.reply.seconds), n=counts.reply.n)))
    return Content("   ").join(parts)


def _moved(moved: FeedbackChange) -> Content:
    told = moved.complaints
    text = _("complaints {before} → {now} in {days} days", before=told.before, now=told.now, days=moved.days)
    if told.new:
        return joined(text, (f" {_('new')}", "$text-warning"))
    if told.change is None:
        return literal(text, "$text-muted")
    grown = told.change.value
    style = "$text-error" if grown > 0 else "$text-success"
    return joined(text, (f" {grown:+.0%}", style))


def side(one: Feedback, told: Told, ready: str) -> Content:
    """Who said what, everything that was done about it with its moment, the clocks that are late, the ready text."""
    rule = told.rules[one.group_id]
    about = (_(KINDS[one.kind]), named(one.category), _(SEVERITIES[one.severity]), one.channel)
    mark, style = _mark(one, told)
    parts = [
        joined((f"{mark} ", _COLOURS.get(style, "")), (one.name or "—", "bold"), f"  {_stands(one, told)}"),
        literal(" · ".join(filter(None, about)), "$text-muted"),
        literal(f"{rule.local(one.told_at):%Y-%m-%d %H:%M}", "$text-muted"),
        Content(""), lines(one.text),
    ]  # fmt: skip
    for step in one.steps:
        head = f"{rule.local(step.at):%m-%d %H:%M}  {_(STEPS[step.kind])}"
        parts += [Content(""), literal(head, "$text-muted")]
        if step.text:
            parts.append(lines(step.text))
    parts += _late(one, told)
    if one.state != "closed" and ready:
        parts += [Content(""), literal(_("Enter answers, y copies:"), "$text-muted"), *_open_places(ready)]
    return Content("\n").join(parts)


def _open_places(ready: str) -> list[Content]:
    """A ready text, line by line; what is still to be filled in is called by what belongs there."""
    return [
        joined(
            *(
                (f"〔{place_said(piece[1:-1])}〕", "$text-accent") if is_place else piece
                for piece, is_place in pieces(line)
            )
        )
        for line in ready.split("\n")
    ]


_COLOURS: Final = {"bad": "$text-error", "warn": "$text-warning", "done": "$text-success"}


def _late(one: Feedback, told: Told) -> Iterator[Content]:
    clocks = [(_("resolution"), settle_clock(one, told.limits, told.now))]
    if one.kind != "praise":
        clocks.insert(0, (_("first answer"), reply_clock(one, told.limits, told.now)))
    for label, clocked in clocks:
        if clocked.late_seconds:
            text = _("{what}: late by {time}", what=label, time=lasted(clocked.late_seconds))
            yield literal(text, "$text-error")


def change_lines(moved: FeedbackChange | None) -> Iterator[Content]:
    """How much more or less of each kind came in than before; nothing where no span was asked for."""
    if moved is None:
        return
    yield Content("")
    yield literal(_("{first} to {last}, against the {n} days before", first=moved.first, last=moved.last, n=moved.days))
    for each in (*moved.kinds, moved.complaints):
        label = _("complaints with reviews") if each.kind == "complaints" else _(KINDS[each.kind])
        change = _("new") if each.new else "—" if each.change is None else percent(each.change.value)
        yield literal(f"{label}  {each.before} → {each.now}  {change}")


def empty_text(any_other: bool) -> str:
    """What an empty list says."""
    if any_other:
        return _("Nobody waits. Good.\n\nf shows what is not settled, then everything; s goes by kind.")
    return _("What do your members say?\n\na writes down a question, a complaint, a bad review, a suggestion, praise; "
             "i takes in a sheet.\nWhoever waits for an answer stands on Today too, with how long and a text ready to "
             "send.")  # fmt: skip
