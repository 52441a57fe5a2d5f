"""What a campaign that runs asks the owner: lines of its sheet, costs, a draw, what is due, the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.campaign_views import Added, NotAdded, Review
from qunguan.domain.campaigns import KINDS, Kind
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.text import match_key
from qunguan.i18n import _, ngettext
from qunguan.tui.clipboard import copy_out
from qunguan.tui.screens import campaigns_lines as drawing
from qunguan.tui.text import literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form, TextView
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign
    from qunguan.tui.screens.campaigns import CampaignsScreen

_GRAMMAR = {
    "size": "A团：阿梨、小王、老陈        （一行一团；一个人写：阿梨 A团 99元 ×1）",
    "sides": "阿梨 正方 理由            （或 正方：阿梨、小王）",
    "helpers": "阿梨                    （报名）     阿梨：小红、小明   （小红和小明给阿梨助力）",
    "": "阿梨 99元 ×2 备注          （一行一个；接龙整段粘进来也行）",
}
_SHOWN = 8


async def fill(screen: CampaignsScreen, one: Campaign) -> None:
    """Lines into the sheet: typed or pasted, from the orders of its days, or a bare count."""
    kinds = one.playbook.kinds
    choices = [Choice("paste", _("type or paste lines"), _("接龙, names with amounts, teams"))]
    if "order" in kinds:
        choices.append(Choice("orders", _("take in orders"), _("of its days, by code or article")))
    choices += [Choice(kind, _("how many: {kind}", kind=_(KINDS[kind])), _("a number without names"))
                for kind in kinds if kind in ("attend", "order", "join")]  # fmt: skip
    chosen = await screen.app.push_screen_wait(Choose(_("Into the sheet of {name}", name=one.name), choices))
    if chosen == "paste":
        await _paste(screen, one)
    elif chosen == "orders":
        await _orders(screen, one)
    elif chosen is not None:
        await _count(screen, one, cast("Kind", chosen))


async def _paste(screen: CampaignsScreen, one: Campaign) -> None:
    from qunguan.services import campaigns

    async def check(text: str) -> None:
        would = await screen.desk.rehearse(campaigns.paste, one.id, text)
        if would.refused and not would.added:
            raise Refused("nothing of it can be added: {why}", why="；".join(map(_left_out, would.refused[:_SHOWN])))

    notes, text = [_GRAMMAR[one.playbook.teams]], ""
    while True:
        typed = await screen.app.push_screen_wait(TextBox(_("Lines for {name}", name=one.name), text, check, notes))
        if typed is None:
            return
        text = typed
        would = await screen.desk.rehearse(campaigns.paste, one.id, text)
        details = _doubts(would)
        title = ngettext("Add {n} line all the same? No: back to the text",
                         "Add {n} lines all the same? No: back to the text", len(would.added))  # fmt: skip
        if not details or await screen.app.push_screen_wait(Confirm(title, details)):
            break
    done = await screen.desk.write(campaigns.paste, one.id, text)
    await screen.room.changed()
    screen.say(_counted(done))


def _doubts(would: Added) -> list[str]:
    """What the owner is to look at before lines are added: who is not in the roster, what is left out."""
    told = [_("left out: {line}", line=_left_out(each)) for each in would.refused[:_SHOWN]]
    if len(would.refused) > _SHOWN:
        told.append(_("and {n} more", n=len(would.refused) - _SHOWN))
    if would.strangers:
        told.insert(0, _("not in the roster: {names}; noted by name only", names=_(", ").join(would.strangers)))
    return told


def _left_out(one: NotAdded) -> str:
    return f"{one.name or f'#{one.number}'} — {one.reason}"


def _counted(done: Added) -> str:
    head = ngettext("{n} line added or changed", "{n} lines added or changed", len(done.added))
    if not done.again:
        return head
    return head + " · " + ngettext("{n} was there already", "{n} were there already", done.again)


async def _orders(screen: CampaignsScreen, one: Campaign) -> None:
    from qunguan.services import campaigns

    done: list[Added] = []

    async def save(values: dict[str, str]) -> None:
        done.append(await screen.desk.write(campaigns.import_orders, one.id, code=values["code"], item=values["item"]))

    fields = [
        Field("code", _("code"), hint=_("in the note or article; empty: every order of its days")),
        Field("item", _("article"), hint=_("a part of its name")),
    ]
    notes = [_("orders of {first} to {last}", first=one.from_day, last=one.to_day)]
    if await screen.app.push_screen_wait(Form(_("Orders into the sheet"), fields, save, notes)) is not None:
        await _told(screen, done[-1])


async def _count(screen: CampaignsScreen, one: Campaign, kind: Kind) -> None:
    from qunguan.services import campaigns

    async def save(values: dict[str, str]) -> None:
        told = match_key(values["n"])
        if not told.isdecimal() or len(told) > 7:
            raise BadInput("{text} is not a number", text=values["n"][:20])
        fen = fen_typed(values["amount"]) if values.get("amount") else 0
        await screen.desk.write(campaigns.add_entry, one.id, "", kind=kind, qty=int(told), amount_fen=fen)

    fields = [Field("n", _("how many"))]
    if kind == "order":
        fields.append(Field("amount", _("yuan together"), hint=_("may be empty")))
    title = _("How many: {kind}", kind=_(KINDS[kind]))
    if await screen.app.push_screen_wait(Form(title, fields, save)) is not None:
        screen.say(_("it is noted"))
        await screen.room.changed()


async def _told(screen: CampaignsScreen, done: Added) -> None:
    """What came of it; what was left out is shown with its reason."""
    await screen.room.changed()
    if not done.refused:
        screen.say(_counted(done))
        return
    told = [literal(_counted(done)), *(literal(_("left out: {line}", line=_left_out(each))) for each in done.refused)]
    await screen.app.push_screen_wait(TextView(_("Not all of it was added"), told))


async def cost(screen: CampaignsScreen, one: Campaign) -> None:
    """Note a cost."""
    from qunguan.services import campaigns

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(campaigns.add_cost, one.id, values["what"], fen_typed(values["yuan"]))

    fields = [Field("what", _("what for"), hint=_("samples, postage, prizes …")), Field("yuan", _("yuan"))]
    if await screen.app.push_screen_wait(Form(_("What {name} cost", name=one.name), fields, save)) is not None:
        screen.say(_("it is noted"))
        await screen.room.changed()


async def give(screen: CampaignsScreen, one: Campaign) -> None:
    """Note that everything due was handed out."""
    from qunguan.services import campaigns

    owed = await screen.desk.read(campaigns.due, one.id)
    if not owed:
        why = await screen.desk.read(campaigns.why_nothing_due, one.id)
        screen.say(_("nothing to hand out: {why}", why=why), "warning")
        return
    told = [f"{each.name}  {each.what}" for each in owed[:_SHOWN]]
    if len(owed) > _SHOWN:
        told.append(_("and {n} more", n=len(owed) - _SHOWN))
    title = ngettext("Note that {n} thing was handed out?", "Note that {n} things were handed out?", len(owed))
    if await screen.app.push_screen_wait(Confirm(title, told)):
        done = await screen.desk.write(campaigns.hand_out, one.id)
        screen.say(ngettext("{n} thing is noted as handed out", "{n} things are noted as handed out", len(done.added)))
        await screen.room.changed()


async def _asked(screen: CampaignsScreen, found: Review) -> bool:
    """What can be done while it runs; whether that is to write the lessons already."""
    one, rule = found.card.campaign, screen.room.group.day_rule if screen.room.group else None
    assert rule is not None
    choices = [Choice("fill", _("lines into the sheet"), "i"), Choice("cost", _("note a cost"), "c")]
    if found.card.dues:
        choices.append(Choice("give", _("hand out what is due"), "r"))
    choices.append(Choice("write", _("write down the lessons already"), _("again after its end")))
    title = _("{name} runs until {end}. What now?", name=one.name, end=f"{rule.local(one.ends_at):%m-%d %H:%M}")
    chosen = await screen.app.push_screen_wait(Choose(title, choices))
    doing = {"fill": fill, "cost": cost, "give": give}
    if chosen in doing:
        await doing[chosen](screen, one)
    return chosen == "write"


async def draw(screen: CampaignsScreen, one: Campaign) -> None:
    """Draw by a seed, show who won and copy it with the list, so that anybody can count it again."""
    from qunguan.exchange.writers.campaigns import draw_text, pool_text
    from qunguan.services import campaigns

    pot = await screen.desk.read(campaigns.pool, one.id)
    before = await screen.desk.read(campaigns.draws, one.id)
    if not pot:
        screen.say(_("nobody is in the pot yet"), "warning")
        return
    if before and not await screen.app.push_screen_wait(
        Confirm(_("{name} was drawn already. Draw once more?", name=one.name),
                [_("Whoever won is not in it. Tell the group that it is a second draw.")])
    ):  # fmt: skip
        return
    wanted = (await screen.desk.read(campaigns.terms, one.id)).get("winners", "1")
    found = []

    async def save(values: dict[str, str]) -> None:
        told = match_key(values["winners"])
        if not told.isdecimal() or len(told) > 6:
            raise BadInput("{text} is not a number", text=values["winners"][:20])
        found.append(await screen.desk.write(campaigns.draw, one.id, values["seed"], int(told), again=bool(before)))

    fields = [
        Field("seed", _("seed"), hint=_("told to the group before, nobody could know it")),
        Field("winners", _("how many win"), min(wanted, str(len(pot)), key=int)),
    ]
    title = ngettext("Draw: {n} person in the pot", "Draw: {n} people in the pot", len(pot))
    if await screen.app.push_screen_wait(Form(title, fields, save)) is None:
        return
    await screen.room.changed()
    text = draw_text(one.name, found[-1])
    await copy_out(screen.room, f"{text}\n\n{pool_text(one.name, found[-1])}", f"draw-{one.id}")
    await screen.app.push_screen_wait(TextView(one.name, [literal(line) for line in text.splitlines()]))


async def review(screen: CampaignsScreen, one: Campaign) -> None:
    """How it went, then three sentences to keep; of one that still runs how it goes, then what can be done now."""
    from qunguan.services import campaigns

    found = await screen.desk.read(campaigns.review, screen.room.clock, one.id)
    runs = found.card.line.state == "running"
    title = _("{name} still runs: so far", name=one.name) if runs else _("How {name} went", name=one.name)
    await screen.app.push_screen_wait(TextView(title, drawing.review(found)))
    if runs and not await _asked(screen, found):
        return

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(campaigns.write_review, one.id, **values)

    written = found.written
    fields = [
        Field("well", _("went well"), written.well), Field("badly", _("went badly"), written.badly),
        Field("next_time", _("next time"), written.next_time, _("is shown when this form is planned again")),
    ]  # fmt: skip
    if await screen.app.push_screen_wait(Form(_("What to keep of {name}", name=one.name), fields, save)) is not None:
        screen.say(_("it is written down"))
        await screen.room.changed()
