"""Earning: the days that multiply points, good deeds, and invitations that wait for their points."""

from __future__ import annotations

from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.earning import DEEDS, MULTIPLIED, REFERRAL_DAYS, REFERRAL_RULE, BonusDay, Deed, DueBonus, Invitation
from qunguan.domain.rule_words import rule_value
from qunguan.exchange.writers.earning import announcement, bonus_table, deeds_table, invitations_table
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import earning_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView

_OF_DAY = {"add", "edit", "switch"}
_YEAR = 400  # days ahead within which every day that comes again falls once


class EarningScreen(ListScreen):
    """The bonus days; `f` shows the deeds, then the invitations."""

    noun = "earning"
    KEEPS = ("_view",)
    BINDINGS = bindings("earning")
    SEARCH_HINT = N_("day, member or note · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "days"
        self._days: tuple[BonusDay, ...] = ()
        self._coming: tuple[DueBonus, ...] = ()
        self._deeds: tuple[Deed, ...] = ()
        self._invited: tuple[Invitation, ...] = ()

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to a bonus day."""
        super().aim(subject, day)
        self._view = "days"

    def turn_to(self, view: drawing.View, key: int) -> None:
        """Show this list, at this line, the next time something is read."""
        self._view, self._aimed = view, key

    async def load(self) -> None:
        """Read the days, the deeds and the invitations, then show."""
        from qunguan.services import earning

        self._days = await self.desk.read(earning.bonus_days)
        self._coming = await self.desk.read(earning.coming, self.room.clock, _YEAR)
        self._deeds = await self.desk.read(earning.deeds)
        self._invited = await self.desk.read(earning.invitations, self.room.clock)
        await super().load()

    async def listing(self) -> Listing:
        """The list of the view, as far as the search finds it."""
        view, search, today = self._view, self.search, self.room.today
        upcoming = self._coming[0] if self._coming else None
        headline = drawing.headline(view, upcoming, self._invited, today, search)
        empty = drawing.empty_text(view)
        if view == "days":
            days = sorted(
                (each for each in self._days if drawing.finds(search, each.name)),
                key=lambda each: (each.next(today) or date.max, each.id),
            )
            source = Lines(days, lambda each: each.id, lambda each: drawing.day_cells(each, today))
            return Listing(drawing.day_columns(), source, headline, empty)
        if view == "deeds":
            deeds = [each for each in self._deeds if drawing.finds(search, each.name, each.note)]
            found = Lines(deeds, lambda each: each.id, drawing.deed_cells)
            return Listing(drawing.deed_columns(), found, headline, empty)
        people = [each for each in self._invited if drawing.finds(search, each.invitee, each.inviter)]
        invited = Lines(people, lambda each: each.stay_id, drawing.invitation_cells)
        return Listing(drawing.invitation_columns(), invited, headline, empty)

    async def beside(self, key: int) -> Content:
        """The day's terms and dates, or why a deed or an invitation earns what it does."""
        if bonus := self._day(key):
            return drawing.day_side(bonus, self.room.today)
        if told := self._deed(key):
            return drawing.deed_side(told, await self._why_deed(told))
        if found := self._invitation(key):
            return drawing.invitation_side(found, await self._why_invitation(found))
        return Content("")

    def _day(self, key: int | None) -> BonusDay | None:
        return next((each for each in self._days if each.id == key), None) if self._view == "days" else None

    def _deed(self, key: int | None) -> Deed | None:
        return next((each for each in self._deeds if each.id == key), None) if self._view == "deeds" else None

    def _invitation(self, key: int | None) -> Invitation | None:
        found = self._invited if self._view == "referrals" else ()
        return next((each for each in found if each.stay_id == key), None)

    async def _why_deed(self, told: Deed) -> list[str]:
        from qunguan.services import earning

        return [str(line) for line in await self.desk.read(earning.why_deed, told)]

    async def _why_invitation(self, found: Invitation) -> list[str]:
        from qunguan.services import earning, rules

        days = int(await self.desk.read(rules.value, REFERRAL_DAYS))
        state = await self.desk.read(rules.state, REFERRAL_RULE)
        told = drawing.invitation_why(found, days, int(state.value) if state.enabled else 0, state.rule.source)
        if found.state == "due" and found.counts_on:
            times = await self.desk.read(earning.why_multiplier, REFERRAL_RULE, found.counts_on)
            told += [str(line) for line in earning.why_lines(times)] if times.parts else []
        return told

    # -- actions

    def blocked(self, verb: str) -> str:
        """Some actions are for a bonus day, some for a deed; most need a line."""
        if verb in _OF_DAY and self._view != "days":
            return _("this is for a bonus day: f shows them")
        if verb == "remove" and self._view == "referrals":
            return _("an invitation follows the roster (2); points are reversed in the statement (4)")
        if verb == "copy" and not self._coming and self._view != "days":
            return _("no bonus day is coming: f shows them, a adds one")
        if verb in {"edit", "switch", "remove", "why", "open"} and self.key is None:
            return _("the list is empty: a adds a bonus day, r records a deed")
        return ""

    async def do_filter(self) -> None:
        """Bonus days, deeds, invitations."""
        self._view = drawing.next_view(self._view)
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Why for a day; the statement for a deed; every invitation rewarded."""
        if told := self._deed(self.key):
            from qunguan.tui.screens.points_statement import StatementScreen

            await self.app.push_screen(StatementScreen(told.member_id, told.name))
        elif self._view == "referrals":
            await self.do_record()
        else:
            await self.do_why()

    async def do_record(self) -> None:
        """Record a deed; in the list of invitations reward those that are due."""
        from qunguan.tui.screens import earning_forms as forms

        begin(self, forms.reward(self) if self._view == "referrals" else forms.record(self))

    async def do_add(self) -> None:
        """Add a bonus day."""
        from qunguan.tui.screens.earning_forms import add

        begin(self, add(self))

    async def do_edit(self) -> None:
        """Change the bonus day."""
        from qunguan.tui.screens.earning_forms import bonus_form

        self.app.push_screen(bonus_form(self, self._day(self.key)))

    async def do_switch(self) -> None:
        """On or off."""
        from qunguan.services import earning

        bonus = cast("BonusDay", self._day(self.key))
        done = await self.desk.write(earning.switch_bonus_day, bonus.id, enabled=not bonus.enabled)
        self.say(_("{name} is on", name=done.name) if done.enabled else
                 _("{name} is off now; what it gave stays", name=done.name))  # fmt: skip
        await self.room.changed()

    async def do_remove(self) -> None:
        """Remove the bonus day, or take the deed back."""
        bonus, told = self._day(self.key), self._deed(self.key)
        if bonus:
            begin(self, self._remove_day(bonus))
        elif told:
            begin(self, self._take_back(told))

    async def _remove_day(self, bonus: BonusDay) -> None:
        from qunguan.services import earning

        details = [_("What it gave stays; u brings it back.")]
        if await self.app.push_screen_wait(Confirm(_("Remove the bonus day {name}?", name=bonus.name), details)):
            await self.desk.write(earning.remove_bonus_day, bonus.id)
            self.say(_("Removed {name}; what it gave stays", name=bonus.name))
            await self.room.changed()

    async def _take_back(self, told: Deed) -> None:
        from qunguan.services import earning

        values = {"name": told.name, "kind": _(DEEDS[told.kind]), "day": told.day}
        details = [*await self._why_deed(told), _("What stands of it is taken back.")]
        if await self.app.push_screen_wait(Confirm(_("Take back the {kind} of {name} on {day}?", **values), details)):
            await self.desk.write(earning.remove_deed, told.id)
            self.say(_("Removed: {kind} of {name} on {day}; its points are taken back", **values))
            await self.room.changed()

    async def do_copy(self) -> None:
        """Announce the bonus day under the cursor, or else the next one."""
        bonus = self._day(self.key)
        due = next((each for each in self._coming if bonus is None or each.bonus.id == bonus.id), None)
        if due is None:
            self.say(_("it has no next day: it is off, or past"), "warning")
            return
        await copy_out(self.room, announcement(due.bonus, due.day, self.room.today), f"bonus-{due.day}")

    async def do_export(self) -> None:
        """Write the list to a file."""
        table = {
            "days": lambda: bonus_table(self._days, self.room.today),
            "deeds": lambda: deeds_table(self._deeds),
            "referrals": lambda: invitations_table(self._invited),
        }[self._view]()

        async def made() -> Table:
            return table

        export(self.room, _("Export the list"), f"earning-{self._view}-{self.room.today}", made)

    async def do_why(self) -> None:
        """Which days count and how they are stacked; why a deed or an invitation earns what it does."""
        if bonus := self._day(self.key):
            await self._why_day(bonus)
        elif told := self._deed(self.key):
            lines = [literal(line) for line in await self._why_deed(told)]
            await self.app.push_screen(TextView(f"{told.name} · {_(DEEDS[told.kind])}", lines))
        elif found := self._invitation(self.key):
            lines = [literal(line) for line in await self._why_invitation(found)]
            await self.app.push_screen(TextView(f"{found.inviter} → {found.invitee}", lines))

    async def _why_day(self, bonus: BonusDay) -> None:
        from qunguan.services import earning, rules

        day = bonus.next(self.room.today) or self.room.today
        found = []
        for rule_id in MULTIPLIED:
            each = await self.desk.read(earning.why_multiplier, rule_id, day)
            found.append((each, [str(line) for line in earning.why_lines(each)]))
        stacking = await self.desk.read(rules.state, "points.stacking")
        told = drawing.day_why(day, found, rule_value(stacking.rule, stacking.value), stacking.rule.source)
        await self.app.push_screen(TextView(bonus.name, told))


SCREEN = EarningScreen
