"""Help: every key that works here, then those that work everywhere, then what the handbook says of it."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.actions import Action, nouns, of, shown
from qunguan.domain.handbook import of_room
from qunguan.i18n import _
from qunguan.tui.screens.handbook_lines import written
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import TextView

_KEY_CELLS = 12


class HelpScreen(TextView):
    """What can be done on the screen of `noun`, out of the action table."""

    WIDE = True

    def __init__(self, noun: str) -> None:
        lines = [_line(action) for action in of(noun)] if noun != "app" else []
        everywhere = [_line(action) for action in of("app")]
        title = dict(nouns()).get(noun, _("Help"))
        moving = literal(_("↑ ↓ j k move · PgUp PgDn Home End jump · Enter opens · Esc goes back"), "dim")
        heading = literal(_("Everywhere"), "bold")
        pages = [line for page in of_room(noun) for line in (literal(""), *written(page))]
        super().__init__(title, [*lines, literal(""), heading, *everywhere, literal(""), moving, *pages])


def _line(action: Action) -> Content:
    keys = " ".join(shown((key,)) for key in action.keys)
    return joined((keys + " " * (_KEY_CELLS - cell_len(keys)), "bold"), _(action.help))
