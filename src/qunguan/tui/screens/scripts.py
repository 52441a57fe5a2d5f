"""Scripts: ready texts by what they are for; filled, looked through and copied, and one's own beside them."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.scripts import KINDS, Kind, Script
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.screens import scripts_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView


class ScriptsScreen(ListScreen):
    """The library; beside it the text of the script at the cursor."""

    noun = "scripts"
    KEEPS = ("_kind",)
    BINDINGS = bindings("scripts")
    SEARCH_HINT: ClassVar[str] = N_("name, pinyin, or words of the text")

    def __init__(self) -> None:
        super().__init__()
        self._scripts: dict[int, Script] = {}
        self._kind: Kind | None = None

    # -- what is shown

    async def listing(self) -> Listing:
        """The scripts by what they are for."""
        from qunguan.services import scripts

        found = await self.desk.read(scripts.library, kind=self._kind, search=self.search)
        self._scripts = {drawing.key(one): one for one in found}
        head = drawing.headline(found, _(KINDS[self._kind]) if self._kind else "")
        return Listing(drawing.columns(), Lines(found, drawing.key, drawing.cells), head, drawing.empty_text())

    async def beside(self, key: int) -> Content:
        """The text."""
        one = self._scripts.get(key)
        return Content("") if one is None else drawing.side(one)

    # -- actions

    def blocked(self, verb: str) -> str:
        """What is asked of a script needs one; a shipped one stays as it is."""
        if verb in ("add", "filter", "search"):
            return ""
        if self.key not in self._scripts:
            return _("no script is chosen")
        if verb == "remove" and not self.current.own:
            return _("this one is shipped: it stays")
        return ""

    @property
    def current(self) -> Script:
        """The script under the cursor."""
        assert self.key is not None
        return self._scripts[self.key]

    async def do_open(self) -> None:
        """The whole text."""
        await self.app.push_screen(
            TextView(self.current.name, drawing.side(self.current).split("\n", allow_blank=True))
        )

    async def do_copy(self) -> None:
        """Fill its places and copy it."""
        from qunguan.tui.screens.scripts_forms import copy

        begin(self, copy(self, self.current))

    async def do_add(self) -> None:
        """Write one."""
        from qunguan.tui.screens.scripts_forms import add

        begin(self, add(self, self._kind))

    async def do_edit(self) -> None:
        """Change the text."""
        from qunguan.tui.screens.scripts_forms import write_text

        begin(self, write_text(self, self.current))

    async def do_terms(self) -> None:
        """Change what it is for and when it is sent; of one's own the name too."""
        from qunguan.tui.screens.scripts_forms import terms

        begin(self, terms(self, self.current))

    async def do_remove(self) -> None:
        """Take off one's own, or go back to what was shipped."""
        from qunguan.tui.screens.scripts_forms import take_off

        begin(self, take_off(self, self.current))

    async def do_filter(self) -> None:
        """One kind after the other, then all."""
        self._kind = next_of([None, *KINDS], self._kind)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """What is doubtful in its words, and by which rule."""
        one = self.current
        await self.app.push_screen(TextView(_("The words of {name}", name=one.name), [*drawing.why(one), literal("")]))


SCREEN = ScriptsScreen
