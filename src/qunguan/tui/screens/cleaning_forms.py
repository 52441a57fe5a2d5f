"""What decisions about silent members ask: which wake list, the reason, the letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qunguan.domain.cleaning import DECISIONS, Decided, Decision, Wake
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.base import NounScreen
    from qunguan.tui.screens.cleaning import CleaningScreen

_NEW = "new"


async def wake_up(screen: NounScreen, group_id: int, ids: Sequence[int]) -> None:
    """Put members on a wake list that is not sent yet, or on a new one. Any screen may ask for it."""
    from qunguan.services import cleaning

    waiting = [
        one for one in await screen.desk.read(cleaning.wakes, screen.room.clock, group_id) if one.sent_on is None
    ]
    name = ""
    if waiting:
        choices = [Choice(one.name, one.name, ngettext("{n} member", "{n} members", len(one.members)))
                   for one in waiting]  # fmt: skip
        chosen = await screen.app.push_screen_wait(
            Choose(_("Onto which wake list?"), [*choices, Choice(_NEW, _("a new one"))])
        )
        if chosen is None:
            return
        name = "" if chosen == _NEW else chosen
    done: list[Decided] = []

    async def save(values: dict[str, str]) -> None:
        done.append(await screen.desk.write(cleaning.decide, group_id, list(ids), "wake", wake_name=values["name"]))

    if name:
        await save({"name": name})
    else:
        fields = [Field("name", _("name"), hint=_("empty: the one of today"))]
        title = ngettext("A wake list for {n} member", "A wake list for {n} members", len(ids))
        if await screen.app.push_screen_wait(Form(title, fields, save)) is None:
            return
    screen.say(_("{n} on the wake list {wake}. In Silent members (Tab, f): y copies the letter, b notes it as sent",
                 n=len(done[0].names), wake=done[0].wake))  # fmt: skip
    await screen.room.changed()


async def ask_reason(screen: CleaningScreen, decision: Decision, ids: list[int]) -> None:
    """Ask for the reason of a decision that is hard to take back, naming whom it is about, then decide."""
    from qunguan.services import members

    names = await screen.desk.read(members.names, ids)
    titles = {
        "remove": ngettext("Remove {n} member from the group?", "Remove {n} members from the group?", len(ids)),
        "no_contact": ngettext("Write to {n} member no more?", "Write to {n} members no more?", len(ids)),
    }

    async def save(values: dict[str, str]) -> None:
        await screen.decided(decision, ids, values["reason"])

    who = "、".join(list(names.values())[:12])
    fields = [Field("reason", _("reason"), hint=_(DECISIONS[decision]))]
    await screen.app.push_screen_wait(Form(titles[decision], fields, save, [who]))


async def edit_wake(screen: NounScreen, wake: Wake) -> None:
    """The name of a wake list, then its letter."""
    from qunguan.services import cleaning

    told = {"name": wake.name}

    async def named(values: dict[str, str]) -> None:
        told["name"] = values["name"]

    if await screen.app.push_screen_wait(Form(wake.name, [Field("name", _("name"), wake.name)], named)) is None:
        return

    async def save(text: str) -> None:
        await screen.desk.write(cleaning.edit_wake, wake.id, name=told["name"], text=text)

    notes = [_("{nick} stands for the name of the one it goes to", nick="{nick}")]
    if await screen.app.push_screen_wait(TextBox(_("The letter"), wake.text, save, notes)) is not None:
        await screen.room.changed()
