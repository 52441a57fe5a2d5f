"""Campaigns: from a plan to its review, with tasks, gate, sheet and draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.campaign_views import Card, Line
from qunguan.domain.campaigns import STATES
from qunguan.domain.lint import Facts
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import campaigns_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, Field, Form, TextView

if TYPE_CHECKING:
    from datetime import date

    from qunguan.domain.campaigns import Campaign

_NEEDS_ONE = {"open", "edit", "start", "import", "draw", "review", "cost", "give", "copy", "remove", "filter"}
_OPEN = {"edit", "start"}
_RUNS = {"import", "draw", "cost", "give"}


class CampaignsScreen(ListScreen):
    """The campaigns of the group in hand, what runs first; `f` shows the sheet of the one under the cursor."""

    noun = "campaigns"
    KEEPS = ("_view", "_card")
    OF_GROUP = True
    BINDINGS = bindings("campaigns")
    SEARCH_HINT = N_("name or form · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "list"
        self._found: tuple[Line, ...] = ()
        self._card: Card | None = None  # the one whose sheet is shown

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to this campaign, in the list."""
        self._view, self._card = "list", None
        super().aim(subject, day)

    async def listing(self) -> Listing:
        """The campaigns, or the sheet of one."""
        from qunguan.services import campaigns

        self._found = await self.desk.read(campaigns.lines, self.room.clock, self.group.id)
        if self._view == "sheet" and self._card is not None:
            if all(each.campaign.id != self._card.campaign.id for each in self._found):
                self._view, self._card = "list", None  # undone
            else:
                return await self._sheet(self._card.campaign.id)
        met = drawing.ordered(self._found, self.search)
        source = Lines(met, lambda one: one.campaign.id, drawing.cells)
        head = drawing.headline(self._found, self.search)
        return Listing(drawing.columns(), source, head, drawing.empty_text("list"))

    async def _sheet(self, campaign_id: int) -> Listing:
        from qunguan.services import campaigns

        self._card = await self.desk.read(campaigns.card, self.room.clock, campaign_id)
        one = self._card
        met = [each for each in one.entries if drawing.finds(self.search, each)]
        source = Lines(met, lambda each: each.id, drawing.sheet_cells)
        empty = drawing.empty_text("sheet", one.campaign.name)
        return Listing(drawing.sheet_columns(one.campaign), source, drawing.sheet_headline(one), empty)

    async def beside(self, key: int) -> Content:
        """What the campaign stands at."""
        from qunguan.services import campaigns

        one = self._card if self._view == "sheet" else None
        if one is None:
            one = await self.desk.read(campaigns.card, self.room.clock, key)
        return drawing.side(one, self.room.today)

    @property
    def line(self) -> Line | None:
        """The campaign under the cursor, or the one whose sheet is shown."""
        key = self._card.campaign.id if self._view == "sheet" and self._card is not None else self.key
        return next((each for each in self._found if each.campaign.id == key), None)

    @property
    def campaign(self) -> Campaign:
        """The same, where there is one."""
        assert self.line is not None
        return self.line.campaign

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without a campaign there is only one thing to do; some things need it in a certain state."""
        if verb not in _NEEDS_ONE:
            return ""
        if self.line is None:
            return _("there is no campaign yet: a plans one")
        state = self.line.state
        if verb in _OPEN and state in ("over", "cancelled"):
            return _("it is {state}", state=_(STATES[state]))
        if verb == "start" and state != "planned":
            return _("it has started already")
        if verb in _RUNS and state == "planned":
            return _("it has not started: s asks what must be sure, then starts it")
        if verb in _RUNS and state in ("over", "cancelled"):
            return _("it is {state}", state=_(STATES[state]))
        if verb == "review" and state in ("planned", "cancelled"):
            return _("there is nothing to review before it has started")
        if verb == "remove" and self._view == "sheet" and self.key is None:
            return _("the sheet has no lines yet")
        return ""

    async def do_open(self) -> None:
        """The whole card."""
        from qunguan.services import campaigns

        one = await self.desk.read(campaigns.card, self.room.clock, self.campaign.id)
        title = f"{one.campaign.name} · {one.campaign.playbook.name} · {_(one.line.standing)}"
        self.app.push_screen(TextView(title, drawing.card(one)))

    async def do_filter(self) -> None:
        """The sheet of the campaign, and back."""
        from qunguan.services import campaigns

        if self._view == "sheet":
            await self._to_list()
            return
        self._card = await self.desk.read(campaigns.card, self.room.clock, self.campaign.id)
        self._view, self.search = "sheet", ""
        await self.show(keep=False)

    async def _to_list(self) -> None:
        assert self._card is not None
        self._view, self._aimed, self._card = "list", self._card.campaign.id, None
        await self.show()

    async def leave(self) -> None:
        """Esc: the search, then from the sheet back to the list."""
        if not self.search and self._view == "sheet":
            await self._to_list()
        await super().leave()

    async def do_add(self) -> None:
        """Plan one, step by step."""
        from qunguan.tui.screens.campaigns_wizard import plan

        begin(self, plan(self))

    async def do_edit(self) -> None:
        """Change the plan."""
        from qunguan.tui.screens.campaigns_wizard import change

        begin(self, change(self, self.campaign))

    async def do_start(self) -> None:
        """What must be sure, then the start."""
        from qunguan.tui.screens.campaigns_gate import let_go

        begin(self, let_go(self, self.campaign))

    async def do_import(self) -> None:
        """Lines into the sheet."""
        from qunguan.tui.screens.campaigns_forms import fill

        begin(self, fill(self, self.campaign))

    async def do_draw(self) -> None:
        """Draw winners by a seed."""
        from qunguan.tui.screens.campaigns_forms import draw

        begin(self, draw(self, self.campaign))

    async def do_cost(self) -> None:
        """Note what it cost."""
        from qunguan.tui.screens.campaigns_forms import cost

        begin(self, cost(self, self.campaign))

    async def do_give(self) -> None:
        """Note that what is due was handed out."""
        from qunguan.tui.screens.campaigns_forms import give

        begin(self, give(self, self.campaign))

    async def do_review(self) -> None:
        """How it went, then what you write down."""
        from qunguan.tui.screens.campaigns_forms import review

        begin(self, review(self, self.campaign))

    async def do_copy(self) -> None:
        """The text of its stage: of today's next task, or how it went."""
        from qunguan.exchange.writers.campaigns import stage_text
        from qunguan.services import campaigns

        one = await self.desk.read(campaigns.card, self.room.clock, self.campaign.id)
        rule = self.room.group.day_rule if self.room.group else None
        assert rule is not None
        text = stage_text(one, one.stage(self.room.clock.now(), rule))
        now = self.room.clock.now()
        facts = Facts(one.left, rule.local(one.campaign.ends_at), rule.local(now))
        await send_out(self.room, text, f"campaign-{one.campaign.id}", facts)

    async def do_why(self) -> None:
        """What each figure counts, and where the form comes from."""
        if self.line is None:
            await self.app.push_screen(TextView(_("Campaigns"), [literal(drawing.empty_text("list"))]))
            return
        book = self.campaign.playbook
        told = [
            f"{book.name}（{Brief(book.source)}）：{book.about}",
            *(f"{term.label}：{term.value or '—'}（{Brief(term.source)}）" for term in book.terms),
            _("people are counted once, whatever they did; gifts and wins do not count as taking part"),
            _("conversion is buyers ÷ people who came where that was counted, else buyers ÷ those it is for"),
            _("cost is what you noted and what was handed out; a head is cost ÷ people who take part"),
        ]
        await self.app.push_screen(TextView(self.campaign.name, [literal(each) for each in told]))

    async def do_remove(self) -> None:
        """Call the campaign off; in its sheet, take the line out."""
        begin(self, self._void() if self._view == "sheet" else self._cancel())

    async def _cancel(self) -> None:
        from qunguan.services import campaigns

        line = self.line
        assert line is not None
        one = line.campaign
        entries = line.figures.entries
        told = [_("It has {n} lines in its sheet; they stay.", n=entries)] if entries else []
        if not await self.app.push_screen_wait(Confirm(_("Call off the campaign {name}?", name=one.name), told)):
            return
        await self.desk.write(campaigns.cancel, one.id)
        self.say(_("{name} is cancelled; undo brings it back", name=one.name))
        await self.room.changed()

    async def _void(self) -> None:
        from qunguan.services import campaigns

        assert self._card is not None
        key = self.key
        entry = next(each for each in self._card.entries if each.id == key)

        async def save(values: dict[str, str]) -> None:
            await self.desk.write(campaigns.void, entry.id, values["reason"])

        title = _("Take {who} out of the sheet?", who=entry.who or entry.name or "—")
        fields = [Field("reason", _("reason"), hint=_("paid back, typed wrongly …"))]
        if await self.app.push_screen_wait(Form(title, fields, save)) is not None:
            self.say(_("Line #{id} is out of the sheet", id=entry.id))
            await self.room.changed()


SCREEN = CampaignsScreen
