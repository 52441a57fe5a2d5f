"""Rewards: what points buy, who waits for what; redeem for a member, hand out, cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.rewards import Redemption, RewardRow
from qunguan.exchange.writers.rewards import catalogue_text, code_text, redemptions_table, rewards_table
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import rewards_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import told_apart
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.find_member import FindMember

_OF_REWARD = {"edit", "redeem", "give"}
_OF_REDEMPTION = {"tick"}
_OFFERED = 30


class RewardsScreen(ListScreen):
    """The catalogue, or the redemptions: those that wait, or all. `f` goes from one to the next."""

    noun = "rewards"
    KEEPS = ("_view", "_of")
    BINDINGS = bindings("rewards")
    SEARCH_HINT = N_("reward, member or code · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "catalogue"
        self._of: int | None = None  # the reward whose redemptions alone are listed
        self._rewards: tuple[RewardRow, ...] = ()
        self._redemptions: tuple[Redemption, ...] = ()

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Another screen leads to a redemption that waits."""
        super().aim(subject, day)
        self._view, self._of = "waiting", None

    async def listing(self) -> Listing:
        """The catalogue or the redemptions, as far as the search finds them."""
        from qunguan.services import rewards

        self._rewards = await self.desk.read(rewards.catalogue, closed=True)
        state = "requested" if self._view == "waiting" else ""
        found = await self.desk.read(rewards.redemptions, state=state, reward_id=self._of)
        self._redemptions = tuple(one for one in found if drawing.finds(self.search, one))
        headline = drawing.headline(self._rewards, self._view, self.search)
        if self._view == "catalogue":
            shelf = [row for row in self._rewards if drawing.finds_reward(self.search, row)]
            source = Lines(shelf, lambda row: row.reward.id, lambda row: drawing.reward_cells(row, self.room.today))
            return Listing(drawing.reward_columns(), source, headline, drawing.empty_text(self._view))
        papers = Lines(self._redemptions, lambda one: one.id, lambda one: drawing.paper_cells(one, self.room.today))
        return Listing(drawing.paper_columns(), papers, headline, drawing.empty_text(self._view))

    async def beside(self, key: int) -> Content:
        """The reward's terms and who has it, or the redemption's story."""
        from qunguan.services import rewards

        if self._view == "catalogue":
            taken = await self.desk.read(rewards.redemptions, reward_id=key)
            return drawing.reward_side(self._row(key), taken, self.room.today)
        return drawing.paper_side(self._paper(key), await self.desk.read(rewards.why, key))

    def _row(self, key: int) -> RewardRow:
        return next(row for row in self._rewards if row.reward.id == key)

    def _paper(self, key: int) -> Redemption:
        return next(one for one in self._redemptions if one.id == key)

    @property
    def _here(self) -> RewardRow:
        """The reward under the cursor."""
        return self._row(cast("int", self.key))

    # -- actions

    def blocked(self, verb: str) -> str:
        """Some actions are for a reward, some for a redemption."""
        if verb in _OF_REWARD and self._view != "catalogue":
            return _("this is for a reward: f shows the catalogue")
        if verb in _OF_REDEMPTION and self._view == "catalogue":
            return _("this is for a redemption: f shows who waits")
        if verb in _OF_REWARD | _OF_REDEMPTION | {"open", "remove", "why"} and self.key is None:
            return _("the list is empty: a adds a reward")
        return ""

    async def do_filter(self) -> None:
        """The catalogue, who waits, every redemption."""
        self._view, self._of = drawing.next_view(self._view), None
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Who has had this reward; or the story of the redemption."""
        if self._view != "catalogue":
            await self.do_why()
            return
        self._view, self._of = "all", self.key
        await self.show(keep=False)

    async def leave(self) -> None:
        """Esc: clear the search, then back to the catalogue."""
        if not self.search and self._view != "catalogue":
            self._view, self._of = "catalogue", None
            await self.show(keep=False)
        await super().leave()

    async def do_add(self) -> None:
        """Put a reward on the shelf."""
        from qunguan.tui.screens.rewards_form import reward_form

        self.app.push_screen(reward_form(self, None))

    async def do_edit(self) -> None:
        """Change the reward."""
        from qunguan.tui.screens.rewards_form import reward_form

        self.app.push_screen(reward_form(self, self._here.reward))

    async def do_redeem(self) -> None:
        """Redeem the reward for a member."""
        begin(self, self._hand_over(paid=True))

    async def do_give(self) -> None:
        """Give the reward without points."""
        begin(self, self._hand_over(paid=False))

    async def _hand_over(self, *, paid: bool) -> None:
        from qunguan.services import rewards

        wanted = self._here.reward
        title = _("Who redeems {reward} for {price} points?", reward=wanted.name, price=wanted.price)
        if not paid:
            title = _("Who gets {reward} as a gift?", reward=wanted.name)
        member_id = await self.app.push_screen_wait(FindMember(title, self._find))
        if member_id is None:
            return
        done = await self.desk.write(rewards.redeem if paid else rewards.give, member_id, wanted.id)
        found = done.redemption
        self.say(_("{name} has {reward}: code {code}, {balance} points left", name=found.name, reward=found.reward,
                   code=found.code, balance=done.balance))  # fmt: skip
        await self.room.changed()

    async def _find(self, text: str) -> Sequence[tuple[int, str, str]]:
        """Members with their points, the richest first while nothing is typed."""
        from qunguan.services import points

        ids = await self.desk.read(points.balance_ids, self.room.today, search=text)
        offered = ids[:_OFFERED].tolist()
        balances = await self.desk.read(points.balances_of, offered, self.room.today)
        return [
            (one, name, f"{_('{n} points', n=balances.get(one, 0))} · {about}")
            for one, name, about in await told_apart(self, offered)
        ]

    async def do_tick(self) -> None:
        """It was handed out."""
        from qunguan.services import rewards

        done = await self.desk.write(rewards.fulfil, cast("int", self.key))
        found = done.redemption
        self.say(_("{reward} is with {name} since {day}", reward=found.reward, name=found.name,
                   day=found.fulfilled_on))  # fmt: skip
        await self.room.changed()

    async def do_remove(self) -> None:
        """Take a reward off the shelf or put it back; cancel a redemption."""
        begin(self, self._shelve() if self._view == "catalogue" else self._cancel())

    async def _shelve(self) -> None:
        from qunguan.services import rewards

        row = self._here
        if row.reward.closed_on is not None:
            await self.desk.write(rewards.reopen, row.reward.id)
            self.say(_("{name} is on the shelf again", name=row.reward.name))
            await self.room.changed()
            return
        waiting = ngettext("{n} redemption still waits to be handed out", "{n} redemptions still wait to be handed out",
                           row.waiting)  # fmt: skip
        details = [waiting] if row.waiting else []
        if await self.app.push_screen_wait(Confirm(_("Take {name} off the shelf?", name=row.reward.name), details)):
            await self.desk.write(rewards.close, row.reward.id)
            self.say(_("{name} is off the shelf", name=row.reward.name))
            await self.room.changed()

    async def _cancel(self) -> None:
        from qunguan.services import rewards

        found = self._paper(cast("int", self.key))
        outlook = await self.desk.rehearse(rewards.cancel, found.id)
        title = _("Cancel {reward} of {name}?", reward=found.reward, name=found.name)
        details = [_("{n} points go back; {name} then has {balance}.", n=outlook.returned, name=found.name,
                     balance=outlook.balance)]  # fmt: skip
        if outlook.lapsed:
            details.append(_("{n} points had expired meanwhile and stay expired", n=outlook.lapsed))
        if await self.app.push_screen_wait(Confirm(title, details)):
            done = await self.desk.write(rewards.cancel, found.id)
            self.say(_("Cancelled: {reward} of {name}; {n} points went back, balance {balance}", reward=found.reward,
                       name=found.name, n=done.returned, balance=done.balance))  # fmt: skip
            await self.room.changed()

    async def do_copy(self) -> None:
        """The catalogue for the group, or the code for its owner."""
        from qunguan.services import rules

        if self._view != "catalogue" and self.key is not None:
            found = self._paper(self.key)
            await copy_out(self.room, code_text(found), f"redemption-{found.id}")
            return
        limit = int(await self.desk.read(rules.value, "board.text_limit"))
        shelf = [row for row in self._rewards if row.reward.open(self.room.today)]
        await copy_out(self.room, catalogue_text(shelf, limit), f"rewards-{self.room.today}")

    async def do_export(self) -> None:
        """Write the list to a file."""

        async def made() -> Table:
            return rewards_table(self._rewards) if self._view == "catalogue" else redemptions_table(self._redemptions)

        export(self.room, _("Export the rewards"), f"rewards-{self.room.today}", made)

    async def do_why(self) -> None:
        """What stands behind the line."""
        from qunguan.services import rewards

        key = cast("int", self.key)
        if self._view == "catalogue":
            taken = await self.desk.read(rewards.redemptions, reward_id=key)
            lines = [drawing.reward_side(self._row(key), taken, self.room.today)]
            await self.app.push_screen(TextView(self._row(key).reward.name, lines))
            return
        told = [literal(line) for line in await self.desk.read(rewards.why, key)]
        await self.app.push_screen(TextView(_("Redemption #{id}", id=key), told))


SCREEN = RewardsScreen
