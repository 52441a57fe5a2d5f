"""The growth plan: ninety days of boxes with what ticked each, and the notebook of cases taken apart."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.content import Content

from qunguan.domain.growth import BoxState, Case, Plan, Prompt, boxes, prompts
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.screens import growth_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.widgets.dialogs import TextView

View = Literal["plan", "cases"]
_PLACES = {box.code: number for number, box in enumerate(boxes(), start=1)}
_SHIPPED = {prompt.code: -number for number, prompt in enumerate(prompts(), start=1)}


class GrowthScreen(ListScreen):
    """The boxes by stage, or the cases: the owner's own, then the shipped ones."""

    DEFAULT_CSS = "GrowthScreen.-wide .side { width: 46; }"
    noun = "growth"
    KEEPS = ("_view",)
    BINDINGS = bindings("growth")
    SEARCH_HINT: ClassVar[str] = N_("words of a box or a case")

    def __init__(self) -> None:
        super().__init__()
        self._view: View = "plan"
        self._plan: Plan | None = None
        self._boxes: dict[int, BoxState] = {}
        self._cases: dict[int, Case] = {}
        self._prompts: dict[int, Prompt] = {_SHIPPED[each.code]: each for each in prompts()}

    # -- what is shown

    async def listing(self) -> Listing:
        """The boxes in the order of the plan, or the cases."""
        return await (self._list_boxes() if self._view == "plan" else self._list_cases())

    async def _list_boxes(self) -> Listing:
        from qunguan.services import growth

        self._plan = plan = await self.desk.read(growth.plan, self.room.clock)
        wanted = match_key(self.search)
        shown = [each for each in plan.boxes if wanted in match_key(drawing.searched(each))]
        self._boxes = {_PLACES[each.box.code]: each for each in shown}
        source = Lines(shown, lambda each: _PLACES[each.box.code], lambda each: drawing.box_cells(each, plan.today))
        return Listing(drawing.box_columns(), source, drawing.headline(plan), drawing.nothing())

    async def _list_cases(self) -> Listing:
        from qunguan.services import growth

        found = await self.desk.read(growth.cases, self.search)
        self._cases = {each.id: each for each in found}
        words = match_key(self.search).split()
        shipped = [each for each in prompts() if all(word in match_key(drawing.told(each)) for word in words)]
        shown: list[Case | Prompt] = [*found, *shipped]
        source = Lines(shown, _case_key, lambda each: drawing.case_cells(each, self.room.today))
        return Listing(drawing.case_columns(), source, drawing.cases_headline(len(found)), drawing.nothing())

    async def beside(self, key: int) -> Content:
        """What the box is about and what ticked it; the case."""
        if self._view == "plan":
            return drawing.box_side(self._boxes[key]) if key in self._boxes else Content("")
        if key in self._cases:
            return drawing.case_side(self._cases[key])
        return drawing.prompt_side(self._prompts[key]) if key in self._prompts else Content("")

    # -- actions

    def blocked(self, verb: str) -> str:
        """Boxes are ticked, cases changed; what the data ticks the hand does not."""
        if verb == "tick" and self._view == "cases":
            return _("a case is not ticked: c goes back to the plan")
        if verb in ("edit", "remove"):
            if self._view == "plan":
                return _("c shows the cases, and one there can be changed")
            if self.key not in self._cases:
                return _("this one is shipped: a writes one of your own")
        if verb in ("open", "tick") and self.key is None:
            return _("nothing is chosen: Esc clears the search")
        if verb == "tick" and self.current.evidence is not None:
            return _("ticked by what you did: {why}", why=str(self.current.evidence))
        return ""

    @property
    def current(self) -> BoxState:
        """The box under the cursor."""
        assert self.key is not None
        return self._boxes[self.key]

    @property
    def current_case(self) -> Case:
        """The case of the owner's under the cursor."""
        assert self.key is not None
        return self._cases[self.key]

    async def do_open(self) -> None:
        """What the box is about, and on to where it is done; the whole case."""
        from qunguan.tui.screens import growth_forms

        assert self.key is not None
        if self._view == "plan":
            begin(self, growth_forms.about(self, self.current))
        elif self.key in self._cases:
            case = self.current_case
            self.app.push_screen(TextView(case.draft.title, drawing.case_lines(case)))
        else:
            begin(self, growth_forms.look_into(self, self._prompts[self.key]))

    async def do_tick(self) -> None:
        """Tick by hand with a word on it; again: it is open."""
        from qunguan.services import growth
        from qunguan.tui.screens import growth_forms

        if self.current.by == "hand":
            await self.desk.write(growth.untick, self.current.box.code)
            await self.room.changed()
        else:
            begin(self, growth_forms.tick(self, self.current))

    async def do_add(self) -> None:
        """Write a case down."""
        from qunguan.tui.screens import growth_forms

        begin(self, growth_forms.add(self))

    async def do_edit(self) -> None:
        """Change the case."""
        from qunguan.tui.screens import growth_forms

        begin(self, growth_forms.edit(self, self.current_case))

    async def do_remove(self) -> None:
        """Take the case out."""
        from qunguan.tui.screens import growth_forms

        begin(self, growth_forms.remove(self, self.current_case))

    async def do_cases(self) -> None:
        """The cases, or back to the plan."""
        await self.turn("plan" if self._view == "cases" else "cases")

    async def turn(self, view: View) -> None:
        """Show the plan or the cases, from the top."""
        self._view = view
        await self.show(keep=False)

    async def do_start(self) -> None:
        """On which day the ninety days begin."""
        from qunguan.tui.screens import growth_forms

        begin(self, growth_forms.start(self))

    async def do_export(self) -> None:
        """The plan, or the notebook, to a file."""
        from qunguan.tui.screens import growth_forms

        begin(self, growth_forms.export(self, self._view))

    async def do_why(self) -> None:
        """What ticks the box and where it comes from."""
        if self._view == "plan" and self.key in self._boxes:
            each = self.current
            await self.app.push_screen(TextView(_(each.box.title), drawing.box_why(each)))
        else:
            await self.app.push_screen(TextView(_("Cases taken apart"), drawing.cases_why()))


def _case_key(each: Case | Prompt) -> int:
    return each.id if isinstance(each, Case) else _SHIPPED[each.code]


SCREEN = GrowthScreen
