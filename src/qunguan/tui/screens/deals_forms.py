"""What the brokering book asks: a deal, the stage it came to, the consent of both with the text of the case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.deals import KINDS, STAGES, Deal, DealDraft, Party, case_told, following, kind_typed, stage_typed
from qunguan.domain.errors import BadInput
from qunguan.domain.fees import share_said, share_typed
from qunguan.domain.money import short_yuan
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _
from qunguan.tui.screens.ads_forms import kept
from qunguan.tui.widgets.dialogs import Field, Form, of_line
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.deals import DealsScreen


async def add(screen: DealsScreen) -> None:
    """Note a deal."""
    from qunguan.services import deals

    async def save(values: dict[str, str]) -> None:
        draft = await _drafted(screen, DealDraft(values["title"]), values)
        await _told(screen, await screen.desk.write(deals.add, screen.group.id, draft))

    usual = await screen.desk.read(deals.usual_bp)
    fields = _fields(DealDraft(""), _("empty: {share} of its worth, of a match", share=share_said(usual)))
    await screen.app.push_screen_wait(Form(_("Note a deal"), fields, save))


async def edit(screen: DealsScreen, one: Deal) -> None:
    """Change a deal."""
    from qunguan.services import deals

    async def save(values: dict[str, str]) -> None:
        draft = await _drafted(screen, replace(one.draft, title=values["title"]), values)
        await _told(screen, await screen.desk.write(deals.edit, one.id, draft))

    fields = _fields(one.draft, _("2 % of its worth, or a sum like ¥3000"))
    await screen.app.push_screen_wait(Form(_("Change {name}", name=one.title), fields, save))


async def move(screen: DealsScreen, one: Deal) -> None:
    """Bring it to a stage, with a word about it; on the day it is done its worth is asked for."""
    from qunguan.services import deals

    async def save(values: dict[str, str]) -> None:
        with of_line(_("worth")):
            worth = fen_typed(values["worth"]) if values["worth"] else None
        with of_line(_("day")):
            day = date_cell(values["day"], serials=False)
        now = await screen.desk.write(
            deals.move, one.id, stage_typed(values["stage"]), day, values["note"], worth_fen=worth
        )  # fmt: skip
        screen.say(_("{title}: {stage}", title=now.title, stage=_(STAGES[now.stage])))
        screen.aim(now.id)
        await screen.room.changed()

    stages = tuple((stage, _(words)) for stage, words in STAGES.items())
    worth = "" if one.draft.worth_fen is None else short_yuan(one.draft.worth_fen)
    fields = [
        Field("stage", _("stage"), following(one.stage) or one.stage, choices=stages),
        Field("day", _("day"), str(screen.room.today), day="near"),
        Field("note", _("note"), "", _("what was said, what is next")),
        Field("worth", _("worth"), worth, _("in yuan; the fee is a share of it")),
    ]
    await screen.app.push_screen_wait(Form(_("How far is {name}?", name=one.title), fields, save))


async def consent(screen: DealsScreen, one: Deal) -> None:
    """Whether both parties let it be shown, and with which words."""
    from qunguan.services import deals

    async def save(values: dict[str, str]) -> None:
        agreed = values["consent"]
        if agreed not in ("yes", "no"):
            raise BadInput("say yes or no", hint="F3 shows both")
        await screen.desk.write(deals.case, one.id, consent=agreed == "yes")
        screen.say(_("Noted: y copies the case") if agreed == "yes" else _("Noted: it is not shown to anybody"))
        await screen.room.changed()

    choices = (("yes", _("yes, both")), ("no", _("no")))
    fields = [Field("consent", _("both agree"), "yes" if one.consent_on else "no", choices=choices)]
    notes = [_("Ask both parties first: names and sums stand in it.")]
    await screen.app.push_screen_wait(Form(_("May {name} be shown?", name=one.title), fields, save, notes))


async def write_case(screen: DealsScreen, one: Deal) -> None:
    """Write the words it is shown with; at first they are made of what is known."""
    from qunguan.services import deals

    async def save(text: str) -> None:
        await screen.desk.write(deals.case, one.id, text="" if text == made and not one.case_text else text)
        screen.say(_("Noted how the case reads"))
        await screen.room.changed()

    made = case_told(one, screen.group.name)
    notes = [_("Names and sums in it are shown as they stand.")]
    await screen.app.push_screen_wait(TextBox(_("Case: {name}", name=one.title), one.case_text or made, save, notes))


async def _told(screen: DealsScreen, now: Deal) -> None:
    screen.aim(now.id)
    screen.say(_("{title}: {stage}", title=now.title, stage=_(STAGES[now.stage])))
    await screen.room.changed()


def _fields(draft: DealDraft, fee_hint: str) -> list[Field]:
    kinds = tuple((kind, _(words)) for kind, words in KINDS.items())
    fee = ""
    if draft.fee_bp is not None:
        fee = share_said(draft.fee_bp)
    elif draft.fee_fen is not None:
        fee = f"¥{short_yuan(draft.fee_fen)}"
    worth = "" if draft.worth_fen is None else short_yuan(draft.worth_fen)
    who = _("a member, or anybody else")
    return [
        Field("title", _("deal"), draft.title, _("in a few words")),
        Field("kind", _("kind"), draft.kind, choices=kinds),
        Field("seeker", _("who asks for it"), _called(draft.seeker), who),
        Field("need", _("the need"), " ".join(draft.need.split()), _("what is needed")),
        Field("giver", _("who offers it"), _called(draft.giver), _("may stay empty at first")),
        Field("fee", _("fee"), fee, fee_hint),
        Field("worth", _("worth"), worth, _("in yuan, once it is known")),
    ]


def _called(party: Party) -> str:
    return party.name if party.member_id is None else f"{party.name} #{party.member_id}"


async def _drafted(screen: DealsScreen, draft: DealDraft, values: dict[str, str]) -> DealDraft:
    """The deal the lines say. A fee with % is a share, with ¥ a sum; a bare number up to 100 is a share."""
    for needed, label in (("title", _("deal")), ("seeker", _("who asks for it"))):
        if not values[needed]:
            raise BadInput("nothing stands here yet", where=label, hint="fill in the line")
    with of_line(_("kind")):
        kind = kind_typed(values["kind"])
    changes: dict[str, object] = {"kind": kind, "need": kept(draft.need, values["need"])}
    for side, known in (("seeker", draft.seeker), ("giver", draft.giver)):
        changes[side] = known if values[side] == _called(known) else await _party(screen, values[side])
    fee = values["fee"]
    with of_line(_("fee")):
        if not fee:
            changes |= {"fee_bp": None, "fee_fen": None}
        elif fee.endswith(("%", "％")):
            changes |= {"fee_bp": share_typed(fee), "fee_fen": None}
        elif fee.startswith(("¥", "￥")) or fee.endswith("元"):
            changes |= {"fee_bp": None, "fee_fen": fen_typed(fee)}
        else:
            raise BadInput("{fee} may be a share or a sum", hint="write 2 % or ¥3000", fee=fee[:20])
    with of_line(_("worth")):
        changes["worth_fen"] = fen_typed(values["worth"]) if values["worth"] else None
    return replace(draft, **changes)  # type: ignore[arg-type]


async def _party(screen: DealsScreen, text: str) -> Party:
    from qunguan.services import deals

    return await screen.desk.read(deals.party, text)
