"""Badges and titles: which there are, who holds them and since when; give, take, congratulate."""

from __future__ import annotations

from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.badges import Badge, Holding
from qunguan.exchange.writers.badges import badges_table, congratulation_text, holdings_table
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import badges_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView

_OF_BADGE = {"edit", "switch"}


class BadgesScreen(ListScreen):
    """The badges; `f` shows what was newly earned, Enter who holds the badge under the cursor."""

    noun = "badges"
    KEEPS = ("_view", "_of")
    BINDINGS = bindings("badges")
    SEARCH_HINT = N_("badge or member · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "badges"
        self._of: int | None = None  # the badge whose holders are listed
        self._cabinet: drawing.Cabinet | None = None
        self._listed: tuple[Holding, ...] = ()

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to a badge."""
        super().aim(subject, day)
        self._view, self._of = "badges", None

    async def load(self) -> None:
        """Read the badges and everyone who holds one, then show."""
        from qunguan.services import badges, checkins

        today = self.room.today
        found = await self.desk.read(badges.badges)
        held = await self.desk.read(badges.holders, today)
        named = {each.id: each.name for each in await self.desk.read(checkins.all_challenges)}
        self._cabinet = drawing.Cabinet(found, held, named, today)
        await super().load()

    async def listing(self) -> Listing:
        """The badges, or who holds what, as far as the search finds them."""
        cabinet, search = self.cabinet, self.search
        if self._view == "holders" and all(each.id != self._of for each in cabinet.badges):
            self._view, self._of = "badges", None  # it was removed meanwhile
        view = self._view
        badge = next((each for each in cabinet.badges if each.id == self._of), None)
        headline = drawing.headline(cabinet, view, badge, search)
        empty = drawing.empty_text(view)
        if view == "badges":
            shown = [each for each in cabinet.badges if drawing.finds(search, each.name)]
            source = Lines(shown, lambda each: each.id, lambda each: drawing.badge_cells(cabinet, each))
            return Listing(drawing.badge_columns(), source, headline, empty)
        held = cabinet.newest if badge is None else cabinet.by_badge[badge.id]
        self._listed = tuple(each for each in held if drawing.finds(search, each.name, each.badge.name))
        lines = Lines(self._listed, drawing.key, lambda each: drawing.holder_cells(view, each, cabinet.today))
        return Listing(drawing.holder_columns(view), lines, headline, empty)

    async def beside(self, key: int) -> Content:
        """The badge's terms and holders, or why somebody has it."""
        if self._view == "badges":
            badge = self._badge(key)
            return drawing.badge_side(self.cabinet, badge) if badge else Content("")
        held = self._holding(key)
        return drawing.holder_side(self.cabinet, held, await self._why(held)) if held else Content("")

    @property
    def cabinet(self) -> drawing.Cabinet:
        """The badges and who holds them."""
        assert self._cabinet is not None
        return self._cabinet

    def _badge(self, key: int | None) -> Badge | None:
        return next((each for each in self.cabinet.badges if each.id == key), None)

    def _holding(self, key: int | None) -> Holding | None:
        return next((each for each in self._listed if drawing.key(each) == key), None)

    @property
    def _here(self) -> Badge | None:
        """The badge the line under the cursor is about."""
        if self._view == "badges":
            return self._badge(self.key)
        held = self._holding(self.key)
        return held.badge if held else self._badge(self._of)

    async def _why(self, held: Holding) -> list[str]:
        from qunguan.services import badges

        found = await self.desk.read(badges.why_badge, held.badge.id, held.member_id, self.cabinet.today)
        return [str(line) for line in found]

    # -- actions

    def blocked(self, verb: str) -> str:
        """Some actions are for a badge, all but adding need a line."""
        if self._cabinet is None:
            return _("the database is still opening")
        if verb in _OF_BADGE and self._view != "badges":
            return _("this is for a badge: f or Esc shows the badges")
        if verb == "award" and self._here is None:
            return _("there is no badge yet: a adds one")
        if verb in _OF_BADGE | {"open", "remove", "why", "copy"} and self.key is None:
            return _("the list is empty: a adds a badge, r gives one to a member")
        return ""

    async def do_filter(self) -> None:
        """The badges, or what was newly earned."""
        self._view, self._of = drawing.next_view(self._view), None
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Who holds this badge; the member's card."""
        if self._view == "badges":
            self._view, self._of = "holders", self.key
            await self.show(keep=False)
            return
        open_card(self, cast("Holding", self._holding(self.key)).member_id)

    async def leave(self) -> None:
        """Esc: clear the search, then back to the badges."""
        if not self.search and self._view != "badges":
            self._aimed = self._of
            self._view, self._of = "badges", None
            await self.show(keep=False)
        await super().leave()

    async def do_add(self) -> None:
        """Add a shipped badge, or a rule of one's own."""
        from qunguan.tui.screens.badges_forms import add

        begin(self, add(self))

    async def do_edit(self) -> None:
        """Change the badge; who gains or loses it is shown first."""
        from qunguan.tui.screens.badges_forms import change

        begin(self, change(self, self._here))

    async def do_switch(self) -> None:
        """On or off."""
        from qunguan.services import badges

        badge = cast("Badge", self._here)
        done = await self.desk.write(badges.switch_badge, badge.id, enabled=not badge.enabled)
        self.say(_("{badge} is on", badge=done.name) if done.enabled else
                 _("{badge} is off: nobody has it", badge=done.name))  # fmt: skip
        await self.room.changed()

    async def do_award(self) -> None:
        """Give it to members."""
        from qunguan.tui.screens.badges_forms import award

        begin(self, award(self, cast("Badge", self._here)))

    async def do_remove(self) -> None:
        """Remove the badge, or take it from the member."""
        if self._view == "badges":
            begin(self, self._remove(cast("Badge", self._here)))
            return
        from qunguan.tui.screens.badges_forms import revoke

        self.app.push_screen(revoke(self, cast("Holding", self._holding(self.key))))

    async def _remove(self, badge: Badge) -> None:
        from qunguan.services import badges

        held = len(self.cabinet.by_badge[badge.id])
        details = [
            ngettext("{n} member has it; nobody will.", "{n} members have it; nobody will.", held),
            _("What you gave and took by hand goes with it; u brings it back."),
        ]
        if await self.app.push_screen_wait(Confirm(_("Remove the badge {badge}?", badge=badge.name), details)):
            await self.desk.write(badges.remove_badge, badge.id)
            self.say(_("Removed {badge}; u brings it back", badge=badge.name))
            await self.room.changed()

    async def do_copy(self) -> None:
        """Congratulations: to everyone with the badge, to one member, or to all who earned one on that day."""
        from qunguan.services import rules

        limit = int(await self.desk.read(rules.value, "board.text_limit"))
        here = self._holding(self.key)
        if self._view == "badges":
            badge = cast("Badge", self._here)
            held, name = self.cabinet.by_badge[badge.id], f"badge-{badge.id}"
        elif self._view == "holders":
            held, name = (cast("Holding", here),), f"badge-{self._of}-{cast('Holding', here).member_id}"
        else:
            day = cast("Holding", here).since
            held, name = tuple(each for each in self.cabinet.newest if each.since == day), f"badges-{day}"
        if held:
            await copy_out(self.room, congratulation_text(held, limit), name)
        else:
            self.say(_("nobody has it yet: r gives it to somebody"), "warning")

    async def do_export(self) -> None:
        """Write the list to a file."""
        cabinet = self.cabinet
        if self._view == "badges":
            counts = {badge_id: len(held) for badge_id, held in cabinet.by_badge.items()}
            table = badges_table(cabinet.badges, counts, cabinet.challenges)
        else:
            table = holdings_table(self._listed)

        async def made() -> Table:
            return table

        export(self.room, _("Export the badges"), f"badges-{self.room.today}", made)

    async def do_why(self) -> None:
        """What the badge asks for and where that comes from; why the member has it."""
        badge = cast("Badge", self._here)
        told = drawing.badge_terms(self.cabinet, badge)
        title = badge.name
        held = self._holding(self.key) if self._view != "badges" else None
        if held:
            title = f"{badge.name} · {held.name}"
            told = [*await self._why(held), "", *told]
        await self.app.push_screen(TextView(title, [literal(line) for line in told]))


SCREEN = BadgesScreen
