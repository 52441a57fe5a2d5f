"""Ready texts with places only the owner can fill: asked for before they are copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qunguan.domain.lint import Facts
from qunguan.domain.scripts import place_said
from qunguan.domain.tasks import GAP, completed
from qunguan.i18n import _
from qunguan.tui.outgoing import send_out
from qunguan.tui.text import notice
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_AT_ONCE = 8  # lines a form has room for in a small terminal


async def ask_and_send(
    app: QunguanApp, text: str, missing: Sequence[str], title: str, name: str, facts: Facts | None = None
) -> None:
    """Ask what belongs into the missing places of a text, then send it out (`outgoing.send_out`) and tell what is still
    a gap in it. Esc copies nothing.
    """
    told = await filled_in(app, text, missing, title)
    if told is None:
        return
    ready, gaps = told
    await send_out(app, ready, name, facts, asked=True)
    if gaps:
        named = _(", ").join(place_said(place) for place in gaps)
        notice(app, _("Still to be filled in before it goes out: {places}", places=named), "warning")


async def filled_in(
    app: QunguanApp, text: str, missing: Sequence[str], title: str
) -> tuple[str, tuple[str, ...]] | None:
    """Ask what belongs into the missing places of a text. The text with it, and the places that stay a gap; None for
    Esc.
    """
    values: dict[str, str] = {}
    for start in range(0, len(missing), _AT_ONCE):
        asked = missing[start : start + _AT_ONCE]
        fields = [Field(str(number), place_said(place)) for number, place in enumerate(asked)]
        notes = [_("What is left empty stays {gap}; a line with nothing else goes.", gap=GAP)]
        told = await app.push_screen_wait(Form(_("Fill in {name}", name=title), fields, _kept, notes))
        if told is None:
            return None
        values.update({place: told[str(number)] for number, place in enumerate(asked)})
    return completed(text, missing, values)


async def _kept(values: dict[str, str]) -> None:
    """Nothing is saved: the values go into the text."""
