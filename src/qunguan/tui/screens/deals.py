"""The brokering book: who needs what and who has it, how far each deal is, fees due and received (S3-35)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.content import Content

from qunguan.domain.deals import STAGES, Deal, following
from qunguan.domain.text import match_key
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import deals_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Confirm, TextView

_RULES = ("deal.fee_pct", "fee.late_days")


class DealsScreen(ListScreen):
    """The deals of the group in hand; beside them both parties, the fee and the history."""

    noun = "deals"
    OF_GROUP = True
    KEEPS = ("_which",)
    BINDINGS = bindings("deals")
    SEARCH_HINT: ClassVar[str] = N_("a deal, a need, a name")

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[int, Deal] = {}
        self._which: drawing.Which = "going"

    # -- what is shown

    async def listing(self) -> Listing:
        """Those asked for, those farthest on the road first."""
        from qunguan.services import deals

        today = self.room.today
        found = await self.desk.read(deals.all_deals, self.room.clock, self.group.id)
        self._found = {each.id: each for each in found}
        if self._aimed in self._found and self._found[self._aimed] not in drawing.chosen(found, self._which):
            self._which = "all"  # somebody comes to a line that would not be there
        shown = [each for each in drawing.chosen(found, self._which) if self._meant(each)]
        source = Lines(shown, lambda each: each.id, lambda each: drawing.cells(each, today))
        return Listing(drawing.columns(), source, drawing.headline(found, self._which),
                       drawing.empty_text(bool(found)))  # fmt: skip

    def _meant(self, one: Deal) -> bool:
        draft = one.draft
        told = f"{draft.title} {draft.need} {draft.seeker.name} {draft.giver.name}"
        return match_key(self.search) in match_key(told)

    async def without_group(self) -> None:
        """Nothing to show."""
        self._found = {}
        await super().without_group()

    async def beside(self, key: int) -> Content:
        """The deal whole."""
        one = self._found.get(key)
        return Content("") if one is None else drawing.side(one, self.room.today)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Everything but noting one is about a deal."""
        if self.room.group is None:
            return _("choose a group first: g")
        if verb in ("add", "filter", "search", "why", "export"):
            return ""
        if self.key not in self._found:
            return _("no deal is chosen: a notes one")
        if verb == "next" and following(self.current.stage) is None:
            return _("it is over: m takes it back to a stage")
        if verb == "copy" and (self.current.consent_on is None or self.current.stage != "done"):
            return _("only a deal that is done, and that both let be shown, is a case: c notes the consent")
        return ""

    @property
    def current(self) -> Deal:
        """The deal under the cursor."""
        assert self.key is not None
        return self._found[self.key]

    async def do_open(self) -> None:
        """The deal whole."""
        await self.app.push_screen(TextView(self.current.title, [drawing.side(self.current, self.room.today)]))

    async def do_add(self) -> None:
        """Note one."""
        from qunguan.tui.screens.deals_forms import add

        begin(self, add(self))

    async def do_edit(self) -> None:
        """Change it."""
        from qunguan.tui.screens.deals_forms import edit

        begin(self, edit(self, self.current))

    async def do_next(self) -> None:
        """On to the next stage; the last one asks what it is worth."""
        from qunguan.services import deals
        from qunguan.tui.screens.deals_forms import move

        one = self.current
        if following(one.stage) == "done":
            begin(self, move(self, one))
            return
        now = await self.desk.write(deals.move, one.id)
        self.say(_("{title}: {stage}", title=now.title, stage=_(STAGES[now.stage])))
        self.aim(now.id)
        await self.room.changed()

    async def do_move(self) -> None:
        """To any stage, on a day, with a note."""
        from qunguan.tui.screens.deals_forms import move

        begin(self, move(self, self.current))

    async def do_pay(self) -> None:
        """The fee came in."""
        from qunguan.services import deals
        from qunguan.tui.screens.ads_forms import pay

        one = self.current

        async def save(fen: int, day: date, note: str) -> None:
            await self.desk.write(deals.pay, one.id, fen, day, note)

        begin(self, pay(self, one.title, one.account.open_fen, save))

    async def do_consent(self) -> None:
        """Whether it may be shown."""
        from qunguan.tui.screens.deals_forms import consent

        begin(self, consent(self, self.current))

    async def do_text(self) -> None:
        """The words of the case."""
        from qunguan.tui.screens.deals_forms import write_case

        begin(self, write_case(self, self.current))

    async def do_copy(self) -> None:
        """The case, with names."""
        from qunguan.services import deals

        one = self.current
        await copy_out(self.room, await self.desk.read(deals.show_case, self.room.clock, one.id), f"case-{one.id}")

    async def do_remove(self) -> None:
        """It came to nothing, after asking."""
        begin(self, self._remove())

    async def _remove(self) -> None:
        from qunguan.services import deals

        one = self.current
        if one.stage == "lost":
            self.say(_("it is over: m takes it back to a stage"), "warning")
            return
        details = [_("It stays in the book with its history; m takes it back to a stage.")]
        if await self.app.push_screen_wait(Confirm(_("Is {name} lost?", name=one.title), details)):
            await self.desk.write(deals.move, one.id, "lost")
            await self.room.changed()

    async def do_export(self) -> None:
        """The book as a file."""
        from qunguan.exchange.writers.deals import deal_table

        found = tuple(self._found.values())
        title = _("Brokering book of {group}", group=self.group.name)

        async def made() -> Table:
            return deal_table(found, title)

        export(self.room, _("Export the brokering book"), "deals", made)

    async def do_filter(self) -> None:
        """Those under way, fees to be paid, done, all."""
        self._which = next_of(drawing.WHICH, self._which)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """Which fee, when it is due, and what a case needs."""
        from qunguan.tui.screens.rule_lines import rule_lines

        told = literal(_("The fee is due once the deal is done; a case is shown only when both parties agree."))
        await self.app.push_screen(TextView(_("Brokering"), [told, *await rule_lines(self.desk, _RULES)]))


SCREEN = DealsScreen
