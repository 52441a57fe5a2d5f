"""How the growth plan is drawn: a box or a case a line, beside it what it is about and what ticked it."""

from __future__ import annotations

from datetime import date
from typing import Final

from textual.content import Content

from qunguan.domain import growth
from qunguan.domain.actions import SCREENS, home, nouns, of, shown
from qunguan.domain.growth import BY, MARKS, STAGES, BoxState, Case, Mark, Plan, Prompt, case_parts
from qunguan.domain.sources import cited
from qunguan.domain.today import near
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

_STYLES: Final[dict[Mark, CellStyle]] = {"data": "done", "hand": "done", "late": "warn", "open": ""}
_COLOURS: Final[dict[Mark, str]] = {
    "data": "$text-success", "hand": "$text-success", "late": "$text-warning", "open": "$text-muted"
}  # fmt: skip
_STAR: Final = "★"


def nothing() -> str:
    """What a list without a line says."""
    return _("None of these. Esc clears the search, c shows the other list.")


def searched(each: BoxState) -> str:
    """The words a box is found by."""
    box = each.box
    return "\n".join((box.code, _(box.title), _(box.note), each.note))


def told(each: Prompt) -> str:
    """The words a shipped case is found by."""
    return "\n".join((each.code, _(each.title), _(each.note), _(each.why), _(each.doubt)))


# -- the plan


def headline(plan: Plan) -> Content:
    """Which day it is, what is done and late; and from which day it counts while nobody chose one."""
    parts = [literal(growth.headline(plan), "bold")]
    if not plan.chosen:
        parts.append(literal(_("counted from {day}; d chooses another day", day=plan.begins_on), "$text-muted"))
    return Content("   ").join(parts)


def box_columns() -> tuple[Column, ...]:
    """Its state, the stage, when it is due, what to do, what ticked it."""
    return (
        Column("", width=1), Column(_("stage"), width=5, right=True), Column(_("due on"), width=6, right=True),
        Column(_("to have done"), flex=3, minimum=26), Column(_("done by"), flex=2, minimum=14, drop=1),
    )  # fmt: skip


def box_cells(each: BoxState, today: date) -> tuple[Cell | str, ...]:
    """The line of a box."""
    style = _STYLES[each.mark]
    by = each.evidence.name if each.evidence else each.note
    said = "" if each.done_on is None else f"{near(each.done_on, today)} {by}"
    open_ = _("past its day") if each.late else ""
    return (
        Cell(MARKS[each.mark], style), Cell(str(each.box.stage), "dim"), Cell(f"{each.due:%m-%d}", "dim"),
        Cell(_(each.box.title), "dim" if each.done_on else style), Cell(said or open_, style if open_ else "dim"),
    )  # fmt: skip


def box_side(each: BoxState) -> Content:
    """What it is about, what ticked it, where it is done."""
    return Content("\n").join(about(each))


def about(each: BoxState) -> list[Content]:
    """A box in full: its stage, what to do, why, where, how hard, what ticked it."""
    box = each.box
    made = [
        literal(_(box.title), "bold"), literal(_(STAGES[box.stage]), "$text-muted"), Content(""),
        literal(_(box.note)), Content(""), literal(_(box.why), "italic"), Content(""), where(each),
    ]  # fmt: skip
    pays = _("pays in {months} months", months=box.months) if box.months else ""
    made.append(literal(" · ".join(filter(None, (_STAR * box.stars, pays))), "$text-muted"))
    return [*made, Content(""), *ticked(each)]


def ticked(each: BoxState) -> list[Content]:
    """What ticked it, or that nothing did yet."""
    state = joined((f"{MARKS[each.mark]} ", _COLOURS[each.mark]), _(BY[each.by]), f" {each.done_on or ''}")
    made = [state]
    if each.evidence is not None:
        made.append(literal(str(each.evidence)))
    if each.note:
        made.append(lines(each.note))
    if each.done_on is None:
        made.append(literal(_("due on {day}", day=each.due), _COLOURS[each.mark]))
        hint = _("It ticks itself once that is done.") if each.box.check else _("No data can show it: Space ticks it.")
        made.append(literal(hint, "$text-muted"))
    return made


def where(each: BoxState) -> Content:
    """The room where it is done, its key on the number row, and the key there."""
    room, box = dict(nouns())[each.box.room], each.box
    number = next(key for screen, key, _label in SCREENS if screen == home(box.room))
    action = next(one for one in of(box.room) if one.verb == box.verb)
    key = shown(action.keys)
    return literal(_("Where: {room} ({number}), there {key}: {what}", room=room, number=number, key=key,
                     what=_(action.label)), "$text-accent")  # fmt: skip


def box_why(each: BoxState) -> list[Content]:
    """What in the data ticks it, which row did, and what it rests on."""
    made = ticked(each)
    if each.evidence is not None:
        row = _("row {n} of the table {table}", n=each.evidence.row_id, table=each.evidence.table)
        made.append(literal(row, "$text-muted"))
    if each.box.need > 1:
        made.append(literal(ngettext("it takes {n} of them", "it takes {n} of them", each.box.need), "$text-muted"))
    return [*made, Content(""), *(literal(line, "dim") for line in cited(each.box.source))]


# -- the cases


def cases_headline(many: int) -> Content:
    """How many are in the notebook."""
    own = ngettext("{n} case of yours", "{n} cases of yours", many)
    return Content("   ").join((literal(own, "bold"), literal(_("c goes back to the plan"), "$text-muted")))


def case_columns() -> tuple[Column, ...]:
    """Whether it is the owner's, what it is, where it is from, when it was written down."""
    return (
        Column("", width=1),
        Column(_("case"), flex=3, minimum=24),
        Column(_("where it is from"), flex=1, minimum=10, drop=1),
        Column(_("day"), width=6, right=True),
    )


def case_cells(each: Case | Prompt, today: date) -> tuple[Cell | str, ...]:
    """The line of a case."""
    if isinstance(each, Prompt):
        return Cell("○", "dim"), Cell(_(each.title)), Cell(_("shipped"), "dim"), Cell("—", "dim")
    return (
        Cell("●", "done"),
        Cell(each.draft.title, "strong"),
        each.draft.place,
        Cell(str(near(each.day, today)), "dim"),
    )


def case_side(each: Case) -> Content:
    """The case."""
    return Content("\n").join((literal(each.draft.title, "bold"), *case_lines(each)))


def case_lines(each: Case) -> list[Content]:
    """Where it is from, and its parts; an empty one says that it waits."""
    made = [literal(" · ".join(filter(None, (str(each.day), each.draft.place))), "$text-muted")]
    for label, text in case_parts(each.draft):
        made += [Content(""), literal(label, "$text-muted"), lines(text) if text else literal(_("e writes it"), "dim")]
    return made


def prompt_side(each: Prompt) -> Content:
    """What is told, what to ask, what the numbers are worth."""
    return Content("\n").join((literal(_(each.title), "bold"), *prompt_lines(each)))


def prompt_lines(each: Prompt) -> list[Content]:
    """The parts of a shipped case."""
    parts = (
        (N_("what is told"), each.note),
        (N_("ask yourself"), each.why),
        (N_("what the numbers are worth"), each.doubt),
    )
    made = [line for label, text in parts for line in (Content(""), literal(_(label), "$text-muted"), literal(_(text)))]
    return [*made, Content(""), *(literal(line, "dim") for line in cited(each.source))]


def cases_why() -> list[Content]:
    """Why to take cases apart."""
    told_ = _("Three of them tick a box of the plan. What is shipped is told in our own words; beside each stands what "
              "its numbers are worth.")  # fmt: skip
    return [literal(told_), Content(""), *(literal(line, "dim") for line in cited("S4-28, S3-29"))]
