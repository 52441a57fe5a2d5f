"""How it is drawn who answers whom: a line for each who talks, with what they are; beside it their ties."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from qunguan.domain.relation_answers import ROLES, Answers, Role, Talker, Tie
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column

_MARKS: Final[dict[Role, tuple[str, str]]] = {"connector": ("◆", "good"), "heard": ("●", ""), "unheard": ("○", "warn")}
_TIES: Final = 12


def columns() -> tuple[Column, ...]:
    """Who, how many they answer and how often, how many answer them and how often, both ways, what they are."""
    return (
        Column("", width=1), Column(_("member"), flex=1, minimum=10),
        Column(_("answers people"), width=8, right=True), Column(_("times"), width=5, right=True),
        Column(_("answered by"), width=8, right=True), Column(_("times"), width=5, right=True),
        Column(_("both ways"), width=6, right=True, drop=2), Column(_("messages"), width=6, right=True, drop=1),
        Column(_("what they are"), width=16, drop=3),
    )  # fmt: skip


def cells(one: Talker) -> tuple[Cell | str, ...]:
    """A line; a dash is none."""
    mark, style = next((_MARKS[role] for role in one.roles), ("·" if one.here else "✗", "dim"))
    counts = (len(one.given), one.answers, len(one.got), one.answered, len(one.mutual), one.messages)
    return (
        Cell(mark, style), Cell(one.name, "strong"),  # type: ignore[arg-type]
        *(Cell(str(n or "—"), "" if n else "dim") for n in counts),
        Cell(_(", ").join(_(ROLES[role]) for role in one.roles), style),  # type: ignore[arg-type]
    )  # fmt: skip


def headline(title: str, found: Answers) -> Content:
    """How many answers there were, whose, and how many who spoke are heard; — is not known."""
    parts = [literal(title, "bold")]
    days = (found.last - found.first).days + 1
    if found.messages is not None:
        parts.append(literal(_("{days} days: {n} answers between members", days=days, n=found.answers)))
        parts.append(literal(_("heard {rate}", rate=found.heard or "—"), "$text-muted"))
        if found.own is not None:
            parts.append(literal(_("the owner's {rate}", rate=found.own), "$text-muted"))
        if found.outside:
            parts.append(literal(_("{n} with people not in the roster", n=found.outside), "$text-muted"))
    else:
        parts.append(literal(_("f the next view"), "$text-muted"))
    return Content("   ").join(parts)


def side(one: Talker) -> Content:
    """What they are and why; whom they answer, who answers them."""
    parts = [literal(one.name, "bold")]
    if not one.here:
        parts.append(literal(_("is not in the group any more"), "$text-muted"))
    for role in one.roles:
        mark, _style = _MARKS[role]
        parts.append(joined(mark, " ", (_(ROLES[role]), "bold")))
    if one.why:
        parts.append(literal(one.why))
    if "unheard" in one.roles:
        parts.append(literal(_("A word from you, by name, brings them in."), "$text-warning"))
    for title, ties in ((_("whom they answer"), one.given), (_("who answers them"), one.got)):
        if ties:
            parts += [Content(""), literal(title, "$text-muted"), *map(_tie, ties[:_TIES])]
            if len(ties) > _TIES:
                more = len(ties) - _TIES
                parts.append(literal(ngettext("and {n} more", "and {n} more", more), "$text-muted"))
    parts += [Content(""), literal(_("Enter opens the member's page"), "$text-muted")]
    return Content("\n").join(parts)


def _tie(tie: Tie) -> Content:
    return joined("  ", tie.name, (f"  {tie.times} · {tie.last}", "$text-muted"))


def empty_text(found: Answers | None) -> str:
    """What an empty list says: why nothing is known, or that nobody answered."""
    if found is None or found.messages is None:
        return _("These exports do not tell who answers whom.\n\nqq-chat-exporter, ChatLab and chatlog do: bring in a "
                 "chat of one of them (i in Activity), and you see here who connects the group and whom nobody "
                 "answers.")  # fmt: skip
    return _("Nobody answered anybody from {first} to {last}.", first=found.first, last=found.last)
