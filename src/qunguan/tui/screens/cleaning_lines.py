"""How the queue, the wake lists and the decisions are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.cleaning import (
    DECISIONS,
    Candidate,
    Case,
    Count,
    Decided,
    Decision,
    Queue,
    Wake,
    Woken,
)
from qunguan.domain.conditions import AtLeast
from qunguan.domain.money import short_yuan
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["queue", "wakes", "on_wake", "cases"]
_VIEWS: dict[View, str] = {"queue": N_("due for cleaning"), "wakes": N_("wake lists"), "cases": N_("decisions")}
_STYLES: dict[Decision, CellStyle] = {
    "wake": "good", "slow": "", "keep": "done", "remove": "bad", "no_contact": "warn",
}  # fmt: skip
UNKNOWN = "—"
_METER = 10
_NAMED = 5


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(_VIEWS, view) if view in _VIEWS else "wakes"


def headline(view: View, queue: Queue, wakes: Sequence[Wake], cases: Sequence[Case], search: str) -> Content:
    """Which list it is, the rule of the queue, whom nobody can tell about."""
    parts = [literal(_(_VIEWS.get(view, "wake lists")), "bold")]
    if view == "queue":
        due = len(queue.candidates)
        parts.append(literal(_("{n} of {all} silent for {days} days and without purchase", n=due, all=queue.present,
                               days=queue.entry.silent_days)))  # fmt: skip
        if queue.resting:
            parts.append(literal(_("{n} decided about", n=queue.resting), "$text-muted"))
        if queue.unknown:
            parts.append(literal(_("of {n} no chat tells in the last {days} days: i in Who is who imports one",
                                   n=queue.unknown, days=queue.entry.silent_days), "$text-warning"))  # fmt: skip
    elif view == "cases":
        parts.append(literal(ngettext("{n} decision", "{n} decisions", len(cases))))
    else:
        parts.append(literal(ngettext("{n} list", "{n} lists", len(wakes))))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def queue_columns() -> tuple[Column, ...]:
    """Who, how long silent, the three questions, what is suggested."""
    return (
        Column(_("name"), flex=2, minimum=10), Column(_("silent days"), width=8, right=True),
        Column(_("bought"), width=12, right=True), Column(_("joined in"), width=10, right=True),
        Column(_("follows"), width=6), Column(_("suggested"), width=10), Column(_("joined"), width=10, drop=1),
    )  # fmt: skip


def queue_cells(one: Candidate) -> tuple[Cell | str, ...]:
    """The line of somebody who is due."""
    answers = one.answers
    bought = _("{n} · ¥{yuan}", n=answers.orders, yuan=short_yuan(answers.net_fen)) if answers.orders else UNKNOWN
    took = UNKNOWN if answers.joined_in is None else _short(answers.all)
    return (
        Cell(one.name, "strong"), _short(one.silent),
        Cell(bought, "good" if answers.orders else "dim"), Cell(took, "good" if answers.joined_in else "dim"),
        "✓" if answers.follows else Cell(UNKNOWN, "dim"),
        Cell(_(DECISIONS[one.suggestion]), _STYLES[one.suggestion]),
        Cell(str(one.joined_on or UNKNOWN), "dim"),
    )  # fmt: skip


def _short(count: Count) -> str:
    """A count in a cell; the panel says "at least" in words."""
    return f"≥{count.low}" if isinstance(count, AtLeast) else UNKNOWN if count is None else str(count)


def wake_columns(days: int, later: int) -> tuple[Column, ...]:
    """The wake lists with who came back."""
    return (
        Column(_("wake list"), flex=2, minimum=10), Column(_("sent"), width=10),
        Column(_("members"), width=6, right=True), Column(_("written to"), width=10, right=True),
        Column(_("back in {n} days", n=days), width=20), Column(_("back in {n} days", n=later), width=20, drop=1),
    )  # fmt: skip


def wake_cells(one: Wake, days: int, later: int) -> tuple[Cell | str, ...]:
    """The line of a wake list."""
    return (
        Cell(one.name, "strong"), str(one.sent_on or _("not yet")), str(len(one.members)), str(len(one.contacted)),
        back(one, days), back(one, later),
    )  # fmt: skip


def back(one: Wake, days: int) -> Cell:
    """Who came back within so many days: a meter once they are over, the count so far before."""
    rate = one.rate(days)
    if rate is not None:
        return Cell(f"{meter(rate[0], rate[1], _METER)} n={rate[1]}", "good")
    return Cell(_("{n} so far", n=one.so_far(days)) if one.contacted else UNKNOWN, "dim")


def woken_cells(one: Woken) -> tuple[Cell | str, ...]:
    """The line of somebody on a wake list."""
    return (
        Cell(one.name, "strong"),
        _day(one.contacted_on, ""),
        _day(one.back_on, "good"),
        _day(one.bought_on, "good"),
    )


def wake_headline(one: Wake, days: int) -> Content:
    """The wake list whose members are shown, and how many came back."""
    parts = [
        literal(one.name, "bold"), literal(_("written to {n} of {all}", n=len(one.contacted), all=len(one.members))),
        literal(back(one, days).text), literal(_("Esc: all lists"), "$text-muted"),
    ]  # fmt: skip
    return Content("   ").join(parts)


def decided_text(done: Decided) -> str:
    """What was decided about whom, in a line."""
    names = "、".join(done.names[:_NAMED]) + ("…" if len(done.names) > _NAMED else "")
    return _("{decision}: {names} (u takes it back)", decision=_(DECISIONS[done.decision]), names=names)


def finds(search: str, name: str) -> bool:
    """Whether the search means this name."""
    return match_key(search) in match_key(name)


def woken_columns() -> tuple[Column, ...]:
    """Who is on a wake list."""
    return (
        Column(_("name"), flex=2, minimum=10), Column(_("written to"), width=10), Column(_("back"), width=10),
        Column(_("bought"), width=10),
    )  # fmt: skip


def case_columns() -> tuple[Column, ...]:
    """Decisions and what came of them."""
    return (
        Column(_("day"), width=10), Column(_("name"), flex=2, minimum=10), Column(_("decided"), width=10),
        Column(_("back"), width=10), Column(_("bought"), width=10), Column(_("left"), width=10, drop=2),
        Column(_("reason"), flex=2, minimum=8, drop=1),
    )  # fmt: skip


def case_cells(one: Case) -> tuple[Cell | str, ...]:
    """The line of a decision."""
    return (
        str(one.decided_on), Cell(one.name, "strong"), Cell(_(DECISIONS[one.decision]), _STYLES[one.decision]),
        _day(one.back_on, "good"), _day(one.bought_on, "good"), _day(one.left_on, "bad"),
        Cell(one.wake or one.reason, "dim"),
    )  # fmt: skip


def _day(day: date | None, style: CellStyle) -> Cell:
    return Cell(str(day), style) if day else Cell(UNKNOWN, "dim")


def side(title: str, said: Sequence[str], letter: str = "") -> Content:
    """What stands beside a line: its name, what is said about it, a letter."""
    told = [literal(title, "bold"), *(literal(line) for line in said)]
    if letter:
        told += [Content(""), literal(_("the letter"), "$text-muted"), lines(letter)]
    return Content("\n").join(told)


def case_side(one: Case, days: int, later: int, as_of: date) -> Content:
    """What came of a decision, after a few days and after many."""
    told = [literal(one.name, "bold"), joined(f"{one.decided_on}  ", _(DECISIONS[one.decision]))]
    if one.reason:
        told.append(literal(one.reason))
    if one.wake:
        told.append(joined((_("wake list") + "  ", "$text-muted"), one.wake))
    if one.review_on:
        told.append(literal(_("comes up again on {day}", day=one.review_on)))
    for span in (days, later):
        if one.returned(span):
            said = _("within {n} days: back", n=span)
        elif one.ripe(span, as_of):
            said = _("within {n} days: nothing", n=span)
        else:
            said = _("within {n} days: not over yet", n=span)
        told.append(literal(said))
    return Content("\n").join(told)


def empty_text(view: View, queue: Queue) -> str:
    """What an empty list says."""
    if view == "queue" and queue.unknown:
        return _("Nobody is known to be silent.\n\nOf {n} members no chat tells: in Who is who (Tab) i imports one.",
                 n=queue.unknown)  # fmt: skip
    if view == "queue":
        return _("Nobody has been silent for {n} days. Good.\n\nWho is wakes up here after that, with what speaks for "
                 "them.", n=queue.entry.silent_days)  # fmt: skip
    if view == "cases":
        return _(
            "Nothing was decided yet.\n\nIn the queue (f), on somebody: r wakes, l moves to the slow group, m keeps."
        )
    return _("No wake list yet.\n\nIn the queue (f), or in Segments, r puts people on one.")
