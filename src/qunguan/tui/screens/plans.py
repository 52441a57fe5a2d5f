"""Memberships: who has which plan until when, who is due, what was used; and the plans themselves."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual.content import Content

from qunguan.domain.plan_words import rate_text
from qunguan.domain.plans import Due, Membership, PlanRow, RenewalRate
from qunguan.domain.text import match_key
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import plans_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView

_OF_MEMBER = {"renew", "use", "refund", "gift", "copy"}
_WRITES = {"sell", "renew", "use", "refund", "gift", "edit", "add", "price", "benefit", "retire"}
_RULES = ("plan.new_months", "plan.grace_renewal", "plan.due_far", "plan.due_near", "plan.due_end", "plan.due_after")


class PlansScreen(PastDayScreen):
    """The members of the plans; `f` shows who is due, whose membership is over, and the plans."""

    noun = "plans"
    KEEPS = ("_view", "past_day")
    BINDINGS = bindings("plans")
    SEARCH_HINT: ClassVar[str] = N_("a member, a plan")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "members"
        self._found: dict[int, Membership] = {}
        self._due: dict[int, Due] = {}
        self._plans: dict[int, PlanRow] = {}
        self._rate: RenewalRate | None = None

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Today leads to who is due."""
        super().aim(subject, day)
        if subject is not None:
            self._view = "due"

    async def listing(self) -> Listing:
        """The view that is asked for, as of the day looked at."""
        from qunguan.services import plans

        day = self.past_day
        year_back = date(self.day.year - 1, self.day.month, 1)
        read = await self.desk.read(plans.overview, self.room.clock, day, group_id=self._group_id, since=year_back)
        found, due, self._rate = read.memberships, read.due, read.rate
        self._found = {one.key: one for one in found}
        self._due = {one.membership.key: one for one in due}
        self._plans = {row.plan.id: row for row in read.plans}
        head = drawing.headline(self._view, self.whose, found, due, read.rate, day)
        empty = drawing.empty_text(self._view, bool(self._plans))
        if self._view == "plans":
            wanted = match_key(self.search)
            shown = [row for row in self._plans.values() if wanted in match_key(row.plan.name)]
            source = Lines(shown, lambda row: row.plan.id, drawing.plan_cells)
            return Listing(drawing.plan_columns(), source, head, empty)
        kept = drawing.chosen(found, due, self._view, self.search)
        people = Lines(kept, lambda one: one.key, lambda one: drawing.cells(one, self._due.get(one.key)))
        return Listing(drawing.columns(), people, head, empty)

    @property
    def _group_id(self) -> int | None:
        return self.room.group.id if self.room.group else None

    async def beside(self, key: int) -> Content:
        """The membership, or the plan."""
        if self._view == "plans":
            return drawing.plan_side(self._plans[key])
        return drawing.side(self._found[key], self._due.get(key))

    # -- actions

    def blocked(self, verb: str) -> str:
        """What needs a member, a plan, or today."""
        if told := super().blocked(verb):
            return told
        if verb in _WRITES and self.past_day is not None:
            return _("this is a past day: . goes back to today")
        if verb == "sell" and not self._plans:
            return _("there is no plan yet: n makes one")
        if verb in ("edit", "price", "benefit", "retire") and self.plan is None:
            return _("there is no plan yet: n makes one")
        if verb in _OF_MEMBER and self.current is None:
            return _("choose a member first: f leaves the plans")
        if verb in ("renew", "use", "refund") and self.current is not None and self.current.standing.until is None:
            return _("it was paid back: a sells it anew")
        if verb == "gift" and self.current is not None and not self.current.gift_owed:
            return _("no early gift is owed here")
        if verb == "use" and self.current is not None and not self.current.used:
            return _("the plan has no benefits yet: c adds one")
        if verb == "open" and self.key is None:
            return _("no line is chosen")
        return ""

    @property
    def current(self) -> Membership | None:
        """The membership under the cursor."""
        return None if self._view == "plans" or self.key is None else self._found.get(self.key)

    @property
    def plan(self) -> PlanRow | None:
        """The plan under the cursor, that of the membership under it, or the only one."""
        if self._view == "plans" and self.key is not None:
            return self._plans.get(self.key)
        if self.current is not None:
            return self._plans.get(self.current.plan_id)
        return next(iter(self._plans.values()), None)

    @property
    def plans(self) -> tuple[PlanRow, ...]:
        """The plans on sale."""
        return tuple(row for row in self._plans.values() if row.plan.retired_on is None)

    async def do_open(self) -> None:
        """All of it; of a plan likewise."""
        if self._view == "plans":
            assert self.plan is not None
            await self.app.push_screen(TextView(self.plan.plan.name, drawing.plan_side(self.plan).split("\n")[1:]))
            return
        one = self.current
        assert one is not None
        await self.app.push_screen(TextView(one.name, drawing.side(one, self._due.get(one.key)).split("\n")))

    async def do_sell(self) -> None:
        """Make somebody a member."""
        from qunguan.tui.screens.plans_forms import sell

        self.app.push_screen(sell(self))

    async def do_renew(self) -> None:
        """The next term."""
        from qunguan.tui.screens.plans_forms import renew

        assert self.current is not None
        begin(self, renew(self, self.current))

    async def do_use(self) -> None:
        """A benefit was used."""
        from qunguan.tui.screens.plans_forms import use

        assert self.current is not None
        self.app.push_screen(use(self, self.current))

    async def do_gift(self) -> None:
        """The early gift was handed over."""
        from qunguan.services import plans

        assert self.current is not None
        done = await self.desk.write(plans.hand_over, self.current.member_id, self.current.plan_id)
        self.say(_("{name} has the early gift: {gift}", name=done.membership.name, gift=done.membership.gift or "—"))
        await self.room.changed()

    async def do_refund(self) -> None:
        """Pay the last term back."""
        from qunguan.tui.screens.plans_forms import refund

        assert self.current is not None
        begin(self, refund(self, self.current))

    async def do_add(self) -> None:
        """A new plan."""
        from qunguan.tui.screens.plans_forms import new_plan

        begin(self, new_plan(self))

    async def do_edit(self) -> None:
        """Change the plan."""
        from qunguan.tui.screens.plans_forms import edit_plan

        assert self.plan is not None
        self.app.push_screen(edit_plan(self, self.plan.plan))

    async def do_price(self) -> None:
        """Price the plan from a day on, or for the first so many."""
        from qunguan.tui.screens.plans_forms import price

        assert self.plan is not None
        self.app.push_screen(price(self, self.plan.plan))

    async def do_benefit(self) -> None:
        """Give the plan a benefit, change it, take it out."""
        from qunguan.tui.screens.plans_forms import benefit

        assert self.plan is not None
        self.app.push_screen(benefit(self, self.plan.plan))

    async def do_retire(self) -> None:
        """Take the plan off sale, or put it back."""
        from qunguan.services import plans

        assert self.plan is not None
        one = self.plan.plan
        await self.desk.write(plans.retire, one.id, back=one.retired_on is not None)
        self.say(_("{name} is on sale", name=one.name) if one.retired_on else _("{name} is off sale", name=one.name))
        await self.room.changed()

    async def do_filter(self) -> None:
        """Members now, renewals due, what is over, the plans."""
        self._view = drawing.next_view(self._view)
        await self.show(keep=False)

    def come_to(self, view: drawing.View, key: int) -> None:
        """Show this line of a view when something is read next."""
        self._view = view
        super().aim(key)

    async def do_copy(self) -> None:
        """The renewal text of the member."""
        from qunguan.exchange.writers.renewals import renewal_note
        from qunguan.services import plans

        one = self.current
        assert one is not None
        price = await self.desk.read(plans.price_today, self.room.clock, one.plan_id, renewal=True)
        await copy_out(self.room, renewal_note(one, price), f"renewal-{one.member_id}")

    async def do_export(self) -> None:
        """The members of the view as a file."""
        from qunguan.exchange.writers.renewals import membership_table

        view: drawing.View = "members" if self._view == "plans" else self._view
        title = _("Memberships")

        async def make() -> Table:
            kept = drawing.chosen(list(self._found.values()), list(self._due.values()), view, self.search)
            return membership_table(kept, title)

        export(self.room, title, "memberships", make)

    async def do_why(self) -> None:
        """How a status comes about, when a renewal is asked for, the renewal rate."""
        from qunguan.tui.screens.rule_lines import rule_lines

        told = [] if self._rate is None else [literal(rate_text(self._rate))]
        told += await rule_lines(self.desk, _RULES, "S3-33, S3-34")
        await self.app.push_screen(TextView(_("Memberships"), told))


SCREEN = PlansScreen
