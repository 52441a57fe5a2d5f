"""How deals are drawn: a line each with how far it is, the road beside it, the fee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.deals import KINDS, OVER, STAGES, Deal, Party, Stage, funnel
from qunguan.domain.fees import share_said
from qunguan.domain.money import short_yuan
from qunguan.domain.today import near
from qunguan.i18n import N_, _
from qunguan.tui.screens.ads_lines import account_lines, money_said
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

Which = Literal["going", "owed", "done", "all"]
WHICH: Final[dict[Which, str]] = {
    "going": N_("those under way"), "owed": N_("fees to be paid"), "done": N_("concluded"), "all": N_("all of them"),
}  # fmt: skip
_STYLES: Final[dict[Stage, tuple[CellStyle, str]]] = {
    "lead": ("", ""), "introduced": ("", ""), "talking": ("strong", "$text-accent"),
    "agreed": ("good", "$text-accent"), "done": ("done", "$text-success"), "lost": ("dim", "$text-muted"),
}  # fmt: skip
_ROAD: Final[dict[Stage, str]] = {
    "lead": "○───", "introduced": "●○──", "talking": "●●○─", "agreed": "●●●○", "done": "●●●✓", "lost": "×",
}  # fmt: skip
"""How far a deal is, readable without colour."""
_RANK: Final[tuple[Stage, ...]] = ("agreed", "talking", "introduced", "lead", "done", "lost")


def chosen(found: Sequence[Deal], which: Which) -> list[Deal]:
    """Those asked for, those farthest on the road first."""
    those = {
        "going": [each for each in found if each.stage not in OVER],
        "owed": [each for each in found if each.account.open_fen],
        "done": [each for each in found if each.stage == "done"],
        "all": list(found),
    }[which]
    return sorted(those, key=lambda each: (_RANK.index(each.stage), -each.id))


def columns() -> tuple[Column, ...]:
    """How far, what, who, and the fee."""
    return (
        Column(_("stage"), width=4), Column(_("deal"), flex=2, minimum=12),
        Column(_("who asks for it"), flex=1, minimum=8), Column(_("who offers it"), flex=1, minimum=8, drop=2),
        Column(_("stage since"), width=8, drop=3), Column(_("fee"), width=9, right=True),
        Column(_("outstanding"), width=11, right=True, drop=1),
    )  # fmt: skip


def cells(one: Deal, today: date) -> tuple[Cell | str, ...]:
    """The line of a deal."""
    style = _STYLES[one.stage][0]
    left = one.account.open_fen
    return (
        Cell(_ROAD[one.stage], style), Cell(one.title + (" ★" if one.consent_on else ""), style),
        Cell(one.draft.seeker.name, ""), Cell(one.draft.giver.name or "—", ""),
        Cell(str(near(one.since, today)), "dim"), _fen(one.fee_fen),
        Cell(short_yuan(left) if left else "·", "warn" if left else "dim"),
    )  # fmt: skip


def _fen(fen: int | None) -> str:
    return "—" if fen is None else short_yuan(fen)


def headline(found: Sequence[Deal], which: Which) -> Content:
    """How many stand where, and the fees."""
    counts = funnel(found)
    told = " ".join(f"{_(STAGES[stage])} {n}" for stage, n in counts.items() if n)
    parts = [literal(told or _("no deal yet"), "bold"), money_said([each.account for each in found])]
    if which != "going":
        parts.append(literal(_(WHICH[which]), "$text-accent"))
    return Content("   ").join(parts)


def side(one: Deal, today: date) -> Content:
    """One deal whole: who and what, the fee, the history."""
    draft, colour = one.draft, _STYLES[one.stage][1]
    parts = [
        joined((f"{_ROAD[one.stage]} ", colour), (one.title, "bold")),
        joined((_(KINDS[draft.kind]), "$text-muted"), f" · {_(STAGES[one.stage])}"),
        joined((f"{_('who asks for it')}  ", "$text-muted"), *_party(draft.seeker)),
        joined((f"{_('who offers it')}  ", "$text-muted"), *_party(draft.giver)),
    ]
    if draft.need:
        parts += [Content(""), lines(draft.need)]
    parts += [Content(""), literal(fee_said(one)), *account_lines(one.account, today), Content("")]
    parts += [
        joined((f"{near(each.day, today)}  ", "$text-muted"), _(STAGES[each.stage]), f"  {each.note}")
        for each in one.moves
    ]
    if one.payments:
        parts += [joined((f"{near(paid.day, today)}  ", "$text-muted"), f"¥{short_yuan(paid.fen)}  {paid.note}")
                  for paid in one.payments]  # fmt: skip
    parts += [Content(""), *_consent(one)]
    return Content("\n").join(parts)


def _party(party: Party) -> tuple[str, tuple[str, str]]:
    return party.name or "—", ("" if party.member_id is None else f" #{party.member_id}", "$text-muted")


def _consent(one: Deal) -> Iterator[Content]:
    if one.consent_on is None:
        yield literal(_("It must not be shown: not both parties agreed. c notes that they did."), "$text-muted")
    else:
        yield literal(_("★ both let it be shown, since {day}", day=one.consent_on), "$text-success")


def fee_said(one: Deal) -> str:
    """The fee in words."""
    draft = one.draft
    if draft.fee_bp is None:
        return _("fee ¥{fee}, fixed", fee=_fen(one.fee_fen))
    fee, worth = ("—" if fen is None else f"¥{short_yuan(fen)}" for fen in (one.fee_fen, draft.worth_fen))
    return _("fee {fee}: {share} of {worth}", fee=fee, share=share_said(draft.fee_bp), worth=worth)


def empty_text(any_other: bool) -> str:
    """What an empty list says."""
    if any_other:
        return _("None of these. f shows the others.")
    return _("Does somebody here need what another has?\n\na notes it: who needs what, who could help. Space brings "
             "it on, stage by stage;\nthe fee is due once it is concluded (S3-35).")  # fmt: skip
