"""The ad book: who booked, when it runs, what it brought and what is due; what the group did after it (S3-30)."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.ads import INVOICES, Ad, Quota
from qunguan.domain.content_mix import Kind, MixPreset
from qunguan.domain.text import match_key
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, labelled, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import ads_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Confirm, TextView

_OPEN = {"plan", "out"}
_RULES = ("alert.ads_month", "ad.after_days", "alert.spike_pct", "fee.late_days")


class AdsScreen(ListScreen):
    """The ads of the group in hand; beside them what was agreed, the runs, and the days after each."""

    noun = "ads"
    OF_GROUP = True
    KEEPS = ("_which",)
    BINDINGS = bindings("ads")
    SEARCH_HINT: ClassVar[str] = N_("a brand")

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[int, Ad] = {}
        self._which: drawing.Which = "open"
        self._preset: MixPreset | None = None

    def kind_called(self, kind: Kind) -> str:
        """What the mix in force calls a kind."""
        return self._preset.called(kind) if self._preset else kind

    # -- what is shown

    async def listing(self) -> Listing:
        """Those asked for, with the quota of the month."""
        from qunguan.services import ads, content

        room, group_id = self.room, self.group.id
        self._preset = await self.desk.read(content.mix_in_force)
        found = await self.desk.read(ads.all_ads, room.clock, group_id)
        quota: Quota = await self.desk.read(ads.quota, group_id, room.today)
        self._found = {each.id: each for each in found}
        if self._aimed in self._found and self._found[self._aimed] not in drawing.chosen(found, self._which):
            self._which = "all"  # somebody comes to a line that would not be there
        wanted = match_key(self.search)
        shown = [each for each in drawing.chosen(found, self._which) if wanted in match_key(each.brand)]
        source = Lines(shown, lambda each: each.id, lambda each: drawing.cells(each, room.today))
        return Listing(drawing.columns(), source, drawing.headline(found, quota, self._which),
                       drawing.empty_text(bool(found)))  # fmt: skip

    async def without_group(self) -> None:
        """Nothing to show."""
        self._found = {}
        await super().without_group()

    async def beside(self, key: int) -> Content:
        """The ad whole."""
        one = self._found.get(key)
        return Content("") if one is None else await self._whole(one)

    async def _whole(self, one: Ad) -> Content:
        from qunguan.services import ads

        effects = await self.desk.read(ads.effects, self.room.clock, one)
        return drawing.side(one, effects, self.room.today)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Everything but booking is about an ad; one that was called off runs no more."""
        if self.room.group is None:
            return _("choose a group first: g")
        if verb in ("add", "filter", "search", "why", "export"):
            return ""
        if self.key not in self._found:
            return _("no ad is chosen: a books one")
        if verb in _OPEN and self.current.cancelled_on is not None:
            return _("the ad was called off: Del takes it up again")
        if verb == "out" and not self.current.ahead:
            return _("no run is planned: n plans one")
        return ""

    @property
    def current(self) -> Ad:
        """The ad under the cursor."""
        assert self.key is not None
        return self._found[self.key]

    async def do_open(self) -> None:
        """The ad whole."""
        await self.app.push_screen(TextView(self.current.brand, [await self._whole(self.current)]))

    async def do_add(self) -> None:
        """Book one."""
        from qunguan.tui.screens.ads_forms import book

        begin(self, book(self))

    async def do_edit(self) -> None:
        """Change what was agreed."""
        from qunguan.tui.screens.ads_forms import edit

        begin(self, edit(self, self.current))

    async def do_plan(self) -> None:
        """Another run."""
        from qunguan.tui.screens.ads_forms import plan

        begin(self, plan(self, self.current))

    async def do_out(self) -> None:
        """The next run stands in the group."""
        from qunguan.services import ads

        now = await self.desk.write(ads.out, self.current.id)
        self.say(_("{brand}: {n} of its runs are out", brand=now.brand, n=len(now.out)))
        await self.room.changed()

    async def do_report(self) -> None:
        """Deals the brand reported."""
        from qunguan.tui.screens.ads_forms import report

        begin(self, report(self, self.current))

    async def do_pay(self) -> None:
        """What the brand paid."""
        from datetime import date

        from qunguan.services import ads
        from qunguan.tui.screens.ads_forms import pay

        one = self.current

        async def save(fen: int, day: date, note: str) -> None:
            await self.desk.write(ads.pay, one.id, fen, day, note)

        begin(self, pay(self, one.brand, one.account.open_fen, save))

    async def do_invoice(self) -> None:
        """The invoice: none, asked for, sent."""
        from qunguan.services import ads

        state = next_of(INVOICES, self.current.invoice)
        now = await self.desk.write(ads.invoice, self.current.id, state)
        self.say(labelled(now.brand, _(INVOICES[now.invoice])))
        await self.room.changed()

    async def do_remove(self) -> None:
        """Call it off, after asking; again: it is taken up."""
        begin(self, self._remove())

    async def _remove(self) -> None:
        from qunguan.services import ads

        one = self.current
        if one.cancelled_on is not None:
            await self.desk.write(ads.cancel, one.id, take_back=True)
            self.say(_("{brand} is taken up again; n plans a run", brand=one.brand))
        else:
            n = len(one.ahead)
            details = [ngettext("{n} planned post is dropped", "{n} planned posts are dropped", n),
                       _("What is due for runs that are out stays due.")]  # fmt: skip
            if not await self.app.push_screen_wait(Confirm(_("Call off the ad of {name}?", name=one.brand), details)):
                return
            await self.desk.write(ads.cancel, one.id)
            self.say(_("{brand} is called off: u takes it back", brand=one.brand))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The reckoning for the brand."""
        from qunguan.exchange.writers.ads import reckoning

        await copy_out(self.room, reckoning(self.current), f"ad-{self.current.id}")

    async def do_export(self) -> None:
        """The book as a file."""
        from qunguan.exchange.writers.ads import ad_table

        found = tuple(self._found.values())
        title = _("Ad book of {group}", group=self.group.name)

        async def made() -> Table:
            return ad_table(found, title)

        export(self.room, _("Export the ad book"), "ads", made)

    async def do_filter(self) -> None:
        """What is going on, what is to be paid, all."""
        self._which = next_of(drawing.WHICH, self._which)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """How many a month, and how all of it is counted."""
        from qunguan.tui.screens.rule_lines import rule_lines

        told = literal(_("Due are the runs that are out × the price, and the share of all deals reported."))
        limits = await rule_lines(self.desk, _RULES, "S3-30, C28")
        await self.app.push_screen(TextView(_("Ads"), [told, *limits]))


SCREEN = AdsScreen
