"""How questions are drawn: a line each, and beside it question and answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.activity_outcomes import QuestionRow, QuestionState, Share
from qunguan.domain.questions import STATES
from qunguan.domain.today import near
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column

Which = Literal["waiting", "answered", "all"]
WHICH: Final[dict[Which, str]] = {
    "waiting": N_("those that wait"), "answered": N_("those answered"), "all": N_("all of them"),
}  # fmt: skip
_MARKS: Final[dict[QuestionState, tuple[str, str]]] = {
    "picked": ("●", "$text-accent"), "open": ("○", ""), "answered": ("✓", "$text-success"),
    "dropped": ("·", "$text-muted"),
}  # fmt: skip
_STYLES: Final[dict[QuestionState, Literal["strong", "done", "dim", ""]]] = {
    "picked": "strong", "open": "", "answered": "done", "dropped": "dim",
}  # fmt: skip


def chosen(found: Iterable[QuestionRow], which: Which) -> list[QuestionRow]:
    """Those asked for: the picked ones first, then those that wait longest, then what is settled."""
    if which == "answered":
        return [one for one in found if one.state == "answered"]
    settled = [one for one in found if one.state in ("answered", "dropped")]
    waiting = sorted((one for one in found if one.state in ("open", "picked")),
                     key=lambda one: (one.state != "picked", one.day or date.min, one.id))  # fmt: skip
    return waiting if which == "waiting" else [*waiting, *settled]


def columns() -> tuple[Column, ...]:
    """What became of it, the question, who asked, when."""
    return (
        Column("", width=1), Column(_("question"), flex=1, minimum=20), Column(_("who asked"), width=12, drop=2),
        Column(_("day"), width=6, drop=1), Column(_("state"), width=8),
    )  # fmt: skip


def cells(one: QuestionRow, today: date, group: str) -> tuple[Cell | str, ...]:
    """The line of a question; `group` is told where it is not the one in hand."""
    text = " ".join(one.text.split())
    style = _STYLES[one.state]
    day = str(near(one.day, today)) if one.day else "—"
    state = _(STATES[one.state]) + (" ▤" if one.post_id else "")
    return (
        Cell(_MARKS[one.state][0], style), Cell(f"{text} · {group}" if group else text, style),
        Cell(one.name or "—", "dim"), Cell(day, "dim"), Cell(state, "dim"),
    )  # fmt: skip


def headline(found: Sequence[QuestionRow], share: Share | None, which: Which) -> Content:
    """How many wait, and today's share."""
    waiting = sum(one.state in ("open", "picked") for one in found)
    parts = [literal(ngettext("{n} question waits", "{n} questions wait", waiting), "bold")]
    if share is not None and share.quota is not None:
        style = "$text-success" if share.used == share.quota else "$text-warning" if share.used > share.quota else ""
        parts.append(literal(_("today {used}/{quota}", used=share.used, quota=share.quota), style))
    if which != "waiting":
        parts.append(literal(_(WHICH[which]), "$text-accent"))
    return Content("   ").join(parts)


def side(one: QuestionRow, today: date) -> Content:
    """Who asked what and when, and the answer."""
    asked = " · ".join(filter(None, (one.name, str(near(one.day, today)) if one.day else "", _(STATES[one.state]))))
    mark, style = _MARKS[one.state]
    parts = [joined((f"{mark} ", style), (asked, "$text-muted")), Content(""), lines(one.text, "bold")]
    if one.answer:
        parts += [Content(""), lines(one.answer)]
    elif one.state in ("open", "picked"):
        parts += [Content(""), literal(_("Enter writes the answer."), "$text-muted")]
    if one.post_id:
        parts += [Content(""), literal(_("It is post #{id} of the calendar.", id=one.post_id), "$text-muted")]
    return Content("\n").join(parts)


def empty_text(any_other: bool) -> str:
    """What an empty list says."""
    if any_other:
        return _("None of these. f shows the others.")
    return _("What do your members want to know?\n\ni takes in a 接龙 of questions, a writes one down; the rule "
             "activity.keep_questions keeps those of imported chats.\nPick three a day (p), answer them (Enter), and "
             "let the best become posts (c).")  # fmt: skip
