"""The content calendar: a week as a list, the mix as its headline, and what each post is."""

from __future__ import annotations

from datetime import date, timedelta

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.content import Post, PostDraft, ready_text
from qunguan.domain.content_mix import KINDS, Kind
from qunguan.domain.content_plan import WEEK, Slot, Week, monday_of
from qunguan.domain.content_results import Outcome
from qunguan.domain.lint import Facts
from qunguan.domain.scripts import everyday, fill
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin, unless_gone
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import content_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.paged_table import PagedTable
from qunguan.tui.widgets.search_box import SearchBox

_REACH = timedelta(days=180)  # days a search looks back and ahead
_NEEDS_POST = {"edit", "text", "tick", "remove", "result", "audience", "why"}


class ContentScreen(ListScreen):
    """A week of the group in hand, day by day; above it how the mix comes out with what is planned."""

    noun = "content"
    BINDINGS = bindings("content")
    KEEPS = ("_monday", "_kind", "_to_today")
    SEARCH_HINT = N_("words of a title, text or tag")
    OF_GROUP = True
    NO_GROUP = N_("Content is planned for a group: make one in Settings (0).")
    DEFAULT_CSS = "ContentScreen #mix { height: 3; padding: 0 1; margin: 0 0 1 0; }"

    def __init__(self) -> None:
        super().__init__()
        self._monday: date | None = None
        self._wanted: int | None = None  # a post whose week is still to be found
        self._week: Week | None = None
        self._lines: dict[int, drawing.Line] = {}
        self._opened: dict[int, Outcome] = {}
        self._kind: Kind | None = None
        self._to_today = True  # the cursor begins at today, in its week

    def body(self) -> ComposeResult:
        """The week, the meter, the search line and the list."""
        yield Static("", classes="headline", markup=False)
        yield Static("", id="mix", markup=False)
        box = SearchBox(_(self.SEARCH_HINT), self._typed)
        box.display = False
        yield box
        with Horizontal(classes="body"):
            yield PagedTable((), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="beside", markup=False)

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to a post, or to a day."""
        super().aim(subject, day)
        if day is not None:
            self._monday = monday_of(day)
        self._wanted = subject if day is None else None

    @property
    def monday(self) -> date:
        """The Monday of the week that is shown."""
        return self._monday or monday_of(self.room.today)

    @property
    def day_to_fill(self) -> date:
        """The day under the cursor, or the first of the week that is not over."""
        return self.line.day if self.line else max(self.room.today, self.monday)

    @property
    def lacking(self) -> Kind:
        """The kind to add next."""
        return self._week.mix.suggestion if self._week else "value"

    async def listing(self) -> Listing:
        """The week, or what is found."""
        from qunguan.services import content

        clock = self.room.clock
        if self._wanted is not None:
            self._monday, self._wanted = monday_of((await self.desk.read(content.get, self._wanted)).day), None
        self._week = week = await self.desk.read(content.week, clock, self.group.id, self.monday)
        first, last = self._span()
        told = await self.desk.read(content.outcomes, clock, self.group.id, first, last)
        self._opened = {one.post_id: one for one in told}
        found = await self._found()
        shown = drawing.plan_lines(week.days, self.room.today, self._kind or "") if found is None else found
        self._lines = {line.key: line for line in shown}
        if self._to_today and self._aimed is None:
            self._aimed = next((line.key for line in shown if line.day == self.room.today), None)
        self._to_today = False
        with unless_gone(self):
            self.query_one("#mix", Static).update(drawing.meter_lines(week.mix))
        preset, now = week.mix.preset, self._now()
        source = Lines(shown, _key, lambda line: drawing.cells(line, preset, self._opened, now))
        head = drawing.headline(week, self._kind, None if found is None else len(found))
        return Listing(drawing.columns(preset), source, head, drawing.empty_text())

    async def without_group(self) -> None:
        """No week, no meter."""
        self._week, self._lines = None, {}
        self.query_one("#mix", Static).update("")
        await super().without_group()

    async def _found(self) -> list[drawing.Line] | None:
        """The posts that hold what is searched for; None without a search."""
        from qunguan.services import content

        key = match_key(self.search)
        if not key:
            return None
        posts = await self.desk.read(content.posts_between, [self.group.id], *self._span(), dropped=True)
        return drawing.post_lines([post for post in posts if key in _words(post)])

    def _span(self) -> tuple[date, date]:
        """The days that are read: the week, or as far as a search looks."""
        if self.search.strip():
            return self.room.today - _REACH, self.room.today + _REACH
        return self.monday, self.monday + timedelta(days=WEEK - 1)

    def _now(self) -> drawing.Now:
        local = self.room.day_rule.local(self.room.clock.now())
        today = self.room.today
        return drawing.Now(today, local.hour * 60 + local.minute + (local.date() - today).days * 24 * 60)

    @property
    def line(self) -> drawing.Line | None:
        """The line under the cursor."""
        return None if self.key is None else self._lines.get(self.key)

    @property
    def post(self) -> Post | None:
        """The post under the cursor."""
        return self.line.entry if self.line and isinstance(self.line.entry, Post) else None

    async def beside(self, key: int) -> Content:
        """What the line under the cursor is."""
        line = self._lines.get(key)
        if line is None or self._week is None:
            return Content("")
        return drawing.side(line, self._week.mix.preset, self._opened.get(key), self._now())

    def blocked(self, verb: str) -> str:
        """What needs a post, and what a post that is out no longer allows."""
        post = self.post
        if verb in _NEEDS_POST and post is None:
            return _("no post stands here: Enter or a plans one")
        if verb == "copy" and (self.line is None or self.line.entry is None):
            return _("no post stands here: Enter or a plans one")
        if post is not None and post.state == "dropped" and verb in ("edit", "text", "tick", "result"):
            return _("it was dropped: Delete plans it again")
        if post is not None and post.state == "posted" and verb == "remove":
            return _("it is out already: Space takes that back")
        return ""

    # -- actions

    async def do_open(self) -> None:
        """The post with its text and results; an empty place is filled."""
        from qunguan.domain.products import offer_line
        from qunguan.services import products
        from qunguan.tui.screens.content_forms import fill_place

        if self.post is None:
            if self.line is not None and isinstance(self.line.entry, Slot):
                begin(self, fill_place(self, self.line.entry.column, self.line.day))
            else:
                await self.do_add()
            return
        assert self._week is not None
        story = drawing.post_story(self.post, self._week.mix.preset, self._opened.get(self.post.id), self._now())
        if fitting := offer_line(await self.desk.read(products.after, self.post)):
            story += [Content(""), literal(fitting, "$text-accent")]
        await self.app.push_screen(TextView(self.post.title, story[1:]))

    async def do_add(self) -> None:
        """Plan a post on the day under the cursor."""
        from qunguan.tui.screens.content_forms import new_post

        begin(self, new_post(self, PostDraft("", self._kind or self.lacking, self.day_to_fill)))

    async def do_pick(self) -> None:
        """What members handed in."""
        from qunguan.tui.screens.content_shared import pick_up

        begin(self, pick_up(self))

    async def do_edit(self) -> None:
        """Change the post."""
        from qunguan.tui.screens.content_forms import edit_post

        begin(self, edit_post(self, self._here()))

    def _here(self) -> Post:
        assert self.post is not None
        return self.post

    async def do_text(self) -> None:
        """Write what goes into the group."""
        from qunguan.tui.screens.content_text import write_text

        begin(self, write_text(self, self._here()))

    async def do_tick(self) -> None:
        """Note that it stands in the group, or take that back."""
        from qunguan.services import content

        post = self._here()
        service = content.unpost if post.state == "posted" else content.mark_posted
        done = await self.desk.write(service, post.id)
        self.say(_("{title} is out", title=done.title) if done.state == "posted" else
                 _("{title} is not out after all", title=done.title))  # fmt: skip
        await self.room.changed()

    async def do_remove(self) -> None:
        """Drop the post, or plan it again."""
        begin(self, self._drop(self._here()))

    async def _drop(self, post: Post) -> None:
        from qunguan.services import content

        again = post.state == "dropped"
        asked = _("Plan {name} again?", name=post.title) if again else _("Drop {name}?", name=post.title)
        if not await self.app.push_screen_wait(Confirm(asked, [drawing.day_said(post.day)])):
            return
        await self.desk.write(content.drop, post.id, bring_back=again)
        self.say(_("{name} is planned again", name=post.title) if again else _("{name} is dropped", name=post.title))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The ready text of the post, or the prompt of the empty place."""
        line = self.line
        assert line is not None
        if isinstance(line.entry, Slot):
            place = line.entry.column
            await send_out(self.room, place.prompt or place.name, f"column-{place.id}")
        elif line.entry is not None:
            await self._send_out(line.entry)

    async def _send_out(self, post: Post) -> None:
        """The text of a post; what only the owner can fill into it is asked for."""
        group = self.room.group
        known = everyday(group.name, post.day) if group else {}
        told = fill(ready_text(post.draft), known)
        name, facts = f"post-{post.id}", Facts(sponsor=post.draft.sponsor)
        if told.missing:
            from qunguan.tui.gaps import ask_and_send

            begin(self, ask_and_send(self.room, told.text, told.missing, post.title, name, facts))
        else:
            await send_out(self.room, told.text, name, facts)

    async def do_prev(self) -> None:
        """The week before."""
        await self._go_week(self.monday - timedelta(days=WEEK))

    async def do_next(self) -> None:
        """The week after."""
        await self._go_week(self.monday + timedelta(days=WEEK))

    async def do_now(self) -> None:
        """This week, at today."""
        self._to_today = True
        await self._go_week(monday_of(self.room.today))

    async def _go_week(self, monday: date) -> None:
        if date.min.year < monday.year < date.max.year:
            self._monday = monday
            await self.show(keep=False)

    async def do_filter(self) -> None:
        """One kind after the other, then all."""
        self._kind = next_of((None, *KINDS), self._kind)
        await self.show(keep=False)

    async def do_month(self) -> None:
        """The month as a grid; Enter goes to the week of a day."""
        from qunguan.tui.screens.content_month import MonthView

        async def chosen() -> None:
            day = await self.app.push_screen_wait(MonthView(self, self.line.day if self.line else self.monday))
            if day is not None:
                await self._go_week(monday_of(day))

        begin(self, chosen())

    async def do_columns(self) -> None:
        """The timetable."""
        from qunguan.tui.screens.content_columns import ColumnsView

        await self.app.push_screen(ColumnsView(self))

    async def do_copy_week(self) -> None:
        """The posts of the week before, planned again in this one."""
        begin(self, self._copy_week())

    async def _copy_week(self) -> None:
        from qunguan.services import content

        source = self.monday - timedelta(days=WEEK)
        would = await self.desk.rehearse(content.copy_week, self.group.id, source, self.monday)
        if not would:
            self.say(_("the week before has nothing that this one lacks"), "warning")
            return
        asked = ngettext("Plan {n} post of the week before again in this week?",
                         "Plan {n} posts of the week before again in this week?", len(would))  # fmt: skip
        titles = [f"{drawing.day_said(each.post.day)} {each.post.title}" for each in would[:10]]
        if await self.app.push_screen_wait(Confirm(asked, [*titles, _("Ads are not copied.")])):
            done = await self.desk.write(content.copy_week, self.group.id, source, self.monday)
            self.say(ngettext("{n} post planned", "{n} posts planned", len(done)))
            await self.room.changed()

    async def do_result(self) -> None:
        """What came of the post, by hand."""
        from qunguan.tui.screens.content_forms import count_post

        begin(self, count_post(self, self._here()))

    async def do_import(self) -> None:
        """What came of posts, from a file."""
        from qunguan.tui.screens.content_results import import_results

        begin(self, import_results(self))

    async def do_compare(self) -> None:
        """What came of posts, kind by kind."""
        from qunguan.tui.screens.content_results import show_comparison

        begin(self, show_comparison(self))

    async def do_audience(self) -> None:
        """Who should see the post, as a list to copy."""
        from qunguan.tui.screens.content_text import show_audience

        begin(self, show_audience(self, self._here()))

    async def do_why(self) -> None:
        """What is said of the post, and the rules behind it."""
        from qunguan.tui.screens.content_text import show_why

        begin(self, show_why(self, self._here()))


def _words(post: Post) -> str:
    draft = post.draft
    return match_key("\n".join((post.title, draft.text, draft.sponsor, post.author_name, *draft.tags)))


def _key(line: drawing.Line) -> int:
    return line.key


SCREEN = ContentScreen
