"""The palette: every action of the table by its name; what is chosen runs where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.domain.actions import nouns, of
from qunguan.i18n import _
from qunguan.tui.widgets.choose import Choice, Choose

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.base import NounScreen


def open_palette(app: QunguanApp, screen: NounScreen) -> None:
    """Offer all actions and carry out the chosen one. One of another screen opens that screen and waits until it is
    filled."""

    async def chosen(action_id: str | None) -> None:
        """Carry the action out: here, or in its own room once that is filled."""
        owner, _dot, verb = (action_id or "").partition(".")
        if owner in ("app", screen.noun):
            await (app if owner == "app" else screen).action_do(verb)
        elif owner:
            app.noun_screen(owner).wish(verb)
            app.go(owner)

    app.push_screen(Choose(_("What do you want to do?"), choices(screen.noun)), chosen)


def choices(here: str) -> list[Choice]:
    """The actions of the screen `here`, those that work everywhere, then the other screens' with the screen's name.

    Each is found by its label in the footer too.
    """
    order = [(here, ""), ("app", ""), *((noun, name) for noun, name in nouns() if noun != here)]
    return [
        Choice(action.id, _(action.help), note, action.keys, _(action.label))
        for owner, note in order
        for action in of(owner)
    ]
