"""How ties between members are drawn: needs with who may help, the log, trees, partners, thanks owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.relation_tree import Tree, TreeLine, Trees
from qunguan.domain.relations import KINDS, Introduction, Match, Note, Owed, Partner
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column

View = Literal["needs", "notes", "introductions", "tree", "answers", "partners", "thanks"]
VIEWS: Final[dict[View, str]] = {
    "needs": N_("needs and who may help"), "notes": N_("who can do what"), "introductions": N_("introductions made"),
    "tree": N_("who brought whom"), "answers": N_("who answers whom"), "partners": N_("co-creation partners"),
    "thanks": N_("thanks owed"),
}  # fmt: skip
Cells = tuple[Cell | str, ...]
_MARKS: Final = {"": ("○", ""), "met": ("◐", ""), "worked": ("●", "good"), "nothing": ("✗", "dim")}


def columns(view: View) -> tuple[Column, ...]:
    """The columns of a view."""
    who = Column(_("member"), width=14)
    if view == "needs":
        return (Column("", width=1), who, Column(_("need"), width=20), Column(_("who may help"), flex=1, minimum=12))
    if view == "notes":
        return (
            who, Column("", width=6), Column(_("what is noted"), flex=1, minimum=12),
            Column(_("note"), width=20, drop=1),
        )  # fmt: skip
    if view == "introductions":
        return (
            Column("", width=1), Column(_("day"), width=10), Column(_("who needs"), width=14),
            Column(_("who may help"), width=14), Column(_("what it was about"), flex=1, minimum=8),
            Column(_("what came of it"), width=14, drop=1),
        )  # fmt: skip
    if view == "tree":
        return (
            Column(_("who began"), flex=1, minimum=12), Column(_("came by them"), width=8, right=True),
            Column(_("themselves"), width=8, right=True), Column(_("steps deep"), width=6, right=True),
            Column(_("still here"), width=6, right=True), Column(_("bought"), width=6, right=True, drop=1),
        )  # fmt: skip
    if view == "partners":
        return (
            Column(_("partner"), flex=1, minimum=12), Column(_("friends brought"), width=8, right=True),
            Column(_("good shares"), width=8, right=True), Column(_("pieces written"), width=8, right=True),
            Column(_("members helped"), width=8, right=True), Column(_("suggestions"), width=6, right=True, drop=1),
        )  # fmt: skip
    return (who, Column(_("thanked for"), flex=1, minimum=16), Column(_("since when"), width=10, drop=1))


def match_cells(one: Match) -> Cells:
    """A need and who may help."""
    names = _(", ").join(each.name for each in one.candidates)
    mark = "◐" if one.introduced else "●" if names else "○"
    return (Cell(mark, "good" if names else "dim"), Cell(one.need.name, "strong"), Cell(one.need.text),
            Cell(names or "—", "" if names else "dim"))  # fmt: skip


def note_cells(one: Note) -> Cells:
    """A skill or a need."""
    return (Cell(one.name, "strong"), Cell(_(KINDS[one.kind]), "dim"), Cell(one.text), Cell(one.note, "dim"))


def introduction_cells(one: Introduction) -> Cells:
    """A line of the log."""
    mark, style = _MARKS.get(one.outcome, ("◐", ""))
    return (
        Cell(mark, style), Cell(one.day.isoformat(), "dim"), Cell(one.seeker), Cell(one.giver), Cell(one.about),  # type: ignore[arg-type]
        Cell(one.state, "" if one.outcome else "dim"),
    )  # fmt: skip


def tree_cells(one: Tree) -> Cells:
    """A tree by its top."""
    return (Cell(one.name, "strong"), *map(str, (one.people, one.direct, one.depth, one.here, one.bought)))


def partner_cells(one: Partner) -> Cells:
    """A partner with what they did."""
    counts = (one.brought, one.shares, one.posts, one.helped, one.suggestions)
    return (Cell(one.name, "strong"), *(Cell(str(n or "—"), "" if n else "dim") for n in counts))


def owed_cells(one: Owed) -> Cells:
    """Somebody to be thanked."""
    return (Cell(one.name, "strong"), Cell(one.why), Cell(one.since.isoformat(), "dim"))


def headline(view: View, count: int, found: Trees | None, helped: int) -> Content:
    """Which view it is, and what it comes to; `helped` needs have somebody who may."""
    parts = [literal(_(VIEWS[view]), "bold")]
    if view == "tree" and found is not None:
        share = found.share
        parts.append(literal(ngettext("{n} member was brought", "{n} members were brought", found.brought)))
        if share.rate is not None:
            days = (share.last - share.first).days + 1
            told = _("new in {days} days: {brought} of {joined} brought, {rate}", days=days, brought=share.brought,
                     joined=share.joined, rate=f"{share.rate.value:.0%}")  # fmt: skip
            parts.append(literal(told, "$text-muted"))
        return Content("   ").join(parts)
    if view == "needs":
        told = ngettext("{n} need is open", "{n} needs are open", count)
        parts.append(literal(told))
        if count:
            parts.append(literal(_("for {n} somebody here may help", n=helped), "$text-success" if helped else ""))
    elif count:
        parts.append(literal(str(count)))
    parts.append(literal(_("f the next view"), "$text-muted"))
    return Content("   ").join(parts)


def match_side(one: Match) -> Content:
    """The need, and everybody who may help with why."""
    parts = [literal(one.need.name, "bold"), joined(_("needs"), " ", (one.need.text, "bold"))]
    if one.need.note:
        parts.append(lines(one.need.note))
    if one.introduced:
        parts.append(
            literal(ngettext("{n} introduction made", "{n} introductions made", one.introduced), "$text-muted")
        )
    parts.append(Content(""))
    for each in one.candidates:
        parts += [literal("→ " + each.name, "bold"), literal("  " + each.why, "$text-muted")]
    if one.candidates:
        parts += [Content(""), literal(_("Enter introduces them · y copies the words"), "$text-muted")]
    else:
        parts.append(literal(_("Nobody here is known who can: ask in the group, and note with a who says yes."),
                             "$text-muted"))  # fmt: skip
    return Content("\n").join(parts)


def note_side(name: str, own: Iterable[Note]) -> Content:
    """Everything noted of one member."""
    parts = [literal(name, "bold"), Content("")]
    for each in own:
        parts.append(joined(_(KINDS[each.kind]), " ", (each.text, "bold")))
        parts.append(literal(f"  {each.noted_on} {each.note}".rstrip(), "$text-muted"))
    return Content("\n").join(parts)


def introduction_side(one: Introduction) -> Content:
    """Who, whom, what about, what came of it."""
    parts = [
        joined((one.seeker, "bold"), " ← ", (one.giver, "bold")),
        literal(one.about),
        Content(""),
        literal(_("introduced on {day}", day=one.day), "$text-muted"),
        literal(one.state + (f" · {one.outcome_on}" if one.outcome_on else "")),
        Content(""),
        literal(_("Enter notes what came of it · y copies the words"), "$text-muted"),
    ]
    return Content("\n").join(parts)


def tree_side(one: Tree) -> Content:
    """What came of one beginning."""
    parts = [
        literal(one.name, "bold"),
        literal(ngettext("{n} person came by them", "{n} people came by them", one.people)),
        literal(_("{direct} themselves, {depth} steps deep", direct=one.direct, depth=one.depth), "$text-muted"),
        Content(""),
        literal(_("{here} of {people} are still here", here=one.here, people=one.people)),
        literal(_("{bought} of {people} bought", bought=one.bought, people=one.people)),
        Content(""),
        literal(_("Enter opens the tree"), "$text-muted"),
    ]
    return Content("\n").join(parts)


def partner_side(one: Partner) -> Content:
    """What a partner did."""
    told = (
        (_("friends brought"), one.brought), (_("good shares"), one.shares), (_("campaigns"), one.campaigns),
        (_("pieces written"), one.posts), (_("members helped"), one.helped), (_("suggestions"), one.suggestions),
    )  # fmt: skip
    parts = [literal(one.name, "bold"), Content("")]
    parts += [joined(f"{label}  ", (str(n), "bold" if n else "$text-muted")) for label, n in told]
    if not one.deeds:
        parts += [
            Content(""),
            literal(_("Nothing is known yet of what they did: a word with them is due."), "$text-warning"),
        ]
    return Content("\n").join(parts)


def owed_side(one: Owed, words: str) -> Content:
    """What somebody is to be thanked for, with the words."""
    parts = [literal(one.name, "bold"), Content("")]
    for each in one.reasons:
        parts.append(literal("· " + str(each)))
        parts.append(literal(f"  {each.day} ({Brief(each.source)})", "$text-muted"))
    parts += [
        Content(""),
        lines(words),
        Content(""),
        literal(_("y copies it · Enter: they were thanked"), "$text-muted"),
    ]
    return Content("\n").join(parts)


def tree_text(told: Sequence[TreeLine]) -> list[str]:
    """A tree as lines: ● is here, ○ has left, ¥ bought."""
    return [
        f"{'  ' * min(one.level, 20)}{'●' if one.here else '○'} {one.name}"
        + (f" ({one.people})" if one.people else "")
        + (" ¥" if one.bought else "")
        for one in told
    ]


def empty_text(view: View) -> str:
    """What an empty list says."""
    if view == "needs":
        return _("No need is open.\n\nAsk people what they can do and what they need: a notes one, i takes in a table "
                 "(昵称, 技能, 需求). Who can help whom is then found here.")  # fmt: skip
    if view == "notes":
        return _("Nothing is noted yet of what members can do.\n\na notes one, i takes in a table (昵称, 技能, 需求).")
    if view == "introductions":
        return _("Nobody was introduced yet.\n\nf leads to the needs; Enter there brings two together.")
    if view == "tree":
        return _("It is not known yet who brought whom: a roster with 邀请人, chats or a fission book tell it.")
    if view == "partners":
        return _("No co-creation partner yet.\n\na makes one of a member: who helps to make the product.")
    return _(
        "Nobody waits for thanks.\n\na notes somebody; friends brought, good shares and help show up by themselves."
    )
