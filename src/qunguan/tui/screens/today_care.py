"""What Enter does on the care list: give birthday gifts, settle invitations. More than one is asked about first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.dialogs import Confirm

if TYPE_CHECKING:
    from qunguan.domain.today import Line
    from qunguan.tui.screens.base import NounScreen


async def give_gifts(screen: NounScreen, line: Line) -> None:
    """Give the birthday reward of the line to everybody it names. The line then has the wish with the code for `y`."""
    reward_id, day = line.target.subject, line.target.day
    assert reward_id is not None  # a line of gifts names both
    assert day is not None

    async def give(yes: bool | None) -> None:
        """Hand the gifts out once that was confirmed, and say who got none and why."""
        from qunguan.services import reward_gifts

        if not yes:
            return
        done = await screen.desk.write(reward_gifts.give, reward_id, day)
        for name, reason in done.refused:
            screen.say(_("{name} did not get it: {reason}", name=name, reason=reason), "warning")
        if done.given:
            screen.say(
                ngettext(
                    "Given to {names}: y copies the wish with the code, u takes it back",
                    "Given to {names}: y copies the wishes with the codes, u takes it back",
                    len(done.given),
                    names=_(", ").join(each.name for each in done.given),
                )
            )
        await screen.room.changed()

    if line.count == 1:
        await give(True)
    else:
        screen.app.push_screen(Confirm(_("Give this to {n} people?", n=line.count), [str(line.text)]), give)


async def settle_referrals(screen: NounScreen, line: Line) -> None:
    """Reward the invitations of the line, and take back what lost its ground."""

    async def settle(yes: bool | None) -> None:
        """Reward the invitations once that was confirmed."""
        from qunguan.services import earning

        if yes:
            done = await screen.desk.write(earning.reward_referrals)
            told = _("{n} invitations rewarded with {points} points; u takes it back", n=len(done.due),
                     points=done.amount)  # fmt: skip
            screen.say(told)
            await screen.room.changed()

    details = [str(each.met) for each in line.evidence]
    screen.app.push_screen(Confirm(_("Settle these invitations?"), details), settle)
