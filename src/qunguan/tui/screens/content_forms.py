"""What the calendar asks: a post with the mix as it would be, what came of one, a place of the timetable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from qunguan.domain.content import (
    NEEDS,
    ContentColumn,
    Need,
    Post,
    PostDraft,
    choice_typed,
    clock_said,
    kind_typed,
    minute_typed,
    sub_kind_typed,
    sub_kinds,
    suggested_disclosure,
    weekdays_said,
    weekdays_typed,
)
from qunguan.domain.content_mix import KINDS, Kind, MixPreset
from qunguan.domain.content_plan import Outlook, Stopped
from qunguan.domain.content_results import Counted
from qunguan.domain.errors import BadInput, Refused, UserError
from qunguan.domain.products import offer_line
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.flow import run, unless_gone
from qunguan.tui.screens import content_lines as drawing
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.content import ContentScreen

Look = Callable[[dict[str, str]], Awaitable[Outlook | None]]
_NUMBERS = ("audience", "reads", "clicks", "replies", "orders")


class FormLines(VerticalScroll, can_focus=False):
    """Lines that scroll, and the terminal's cursor with the one that is typed into: an input method opens there."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Textual tells the terminal where the cursor is when a line gets the keyboard, and not again."""
        super().watch_scroll_y(old_value, new_value)
        self.call_after_refresh(self.call_after_refresh, self._place_cursor)  # once it is laid out, and so drawn

    def _place_cursor(self) -> None:
        line = self.screen.focused if self.is_attached else None
        if isinstance(line, Input) and self in line.ancestors:
            self.app.cursor_position = line.cursor_screen_offset
            line.refresh()  # it is told with what is drawn


class PostForm(Form):
    """A post; above its lines the mix as it would be with it, and what speaks against it, as they are typed."""

    WIDE = True
    DEFAULT_CSS = """
    PostForm {
        & > .box.wide { height: auto; margin: 0; max-height: 100%; }
        & > .box.wide > .lines { height: auto; max-height: 70vh; }  /* of 24 rows it leaves room for the keys */
        & .outlook { height: auto; min-height: 3; margin: 0 0 1 0; }
        & .title { max-height: 1; margin: 0; }
        & .keys { margin: 0; }
    }
    """

    def __init__(
        self, title: str, fields: Sequence[Field], save: Callable[[dict[str, str]], Awaitable[None]], look: Look
    ) -> None:
        super().__init__(title, fields, save)
        self._look = look

    def contents(self) -> ComposeResult:
        """The meter, then the lines; they scroll where both are more than the screen has room for."""
        with FormLines(classes="lines"):
            yield Static("", classes="outlook", markup=False)
            yield from super().contents()

    def on_mount(self) -> None:
        super().on_mount()
        self._look_again()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The meter follows what is typed."""
        self._look_again()

    def _look_again(self) -> None:
        run(self, self._draw_outlook, group="look", exclusive=True)

    async def _draw_outlook(self) -> None:
        with unless_gone(self):
            try:
                found = await self._look(self.values())
            except UserError:  # half of a word or a day is typed: it is said when it is saved
                return
            if found is not None:
                self.query_one(".outlook", Static).update(self.drawn(found))

    def drawn(self, found: Outlook) -> Content:
        """What stands above the lines."""
        return drawing.outlook_lines(found)

    def values(self) -> dict[str, str]:
        """What stands in the lines now."""
        typed = {field.id: self.query_one(f"#field-{field.id}", Input).value.strip() for field in self._fields}
        return {field.id: field.answer(typed[field.id]) for field in self._fields}


async def new_post(screen: ContentScreen, draft: PostDraft, author: str = "") -> None:
    """Plan a post, beginning with what the line under the cursor says; `author` is the name of the draft's author."""
    from qunguan.services import content

    async def save(values: dict[str, str]) -> None:
        made = await _draft(screen, draft, values, author)
        try:
            done = await screen.desk.write(
                content.schedule, screen.group.id, made, accept=bool(values["reason"]), reason=values["reason"]
            )
        except Stopped:
            raise _stopped(screen) from None
        await _planned(screen, done.post, [str(each) for each in done.warnings])

    fields = await _fields(screen, draft, author)
    await screen.app.push_screen_wait(PostForm(_("Plan a post"), fields, save, partial(_outlook, screen, draft, None)))


async def edit_post(screen: ContentScreen, post: Post) -> None:
    """Change a post."""
    from qunguan.services import content

    async def save(values: dict[str, str]) -> None:
        made = await _draft(screen, post.draft, values, post.author_name)
        try:
            done = await screen.desk.write(
                content.edit, replace(post, draft=made), accept=bool(values["reason"]), reason=values["reason"]
            )
        except Stopped:
            raise _stopped(screen) from None
        await _planned(screen, done.post, [str(each) for each in done.warnings])

    fields = await _fields(screen, post.draft, post.author_name)
    title = _("Change {name}", name=post.title)
    await screen.app.push_screen_wait(PostForm(title, fields, save, partial(_outlook, screen, post.draft, post)))


def _stopped(screen: ContentScreen) -> UserError:
    """What to do with one too many; why it is stands above the lines. The line that lets it pass has the cursor, so
    that the next thing typed is why."""
    screen.app.screen.set_focus(screen.app.screen.query_one("#field-reason", Input))
    return Refused("one too many: take another kind or a later day, or write below why it goes out all the same")


async def _planned(screen: ContentScreen, post: Post, warnings: Sequence[str]) -> None:
    from qunguan.services import products

    screen.aim(post.id, post.day)
    told = _("{title} stands on {day} {at}", title=post.title, day=drawing.day_said(post.day),
             at=clock_said(post.at_minute))  # fmt: skip
    if fitting := offer_line(await screen.desk.read(products.after, post)):
        told += f" · {fitting}"
    if warnings:  # each was seen above the lines
        told += " · " + ngettext("{n} thing to mind: w", "{n} things to mind: w", len(warnings))
    screen.say(told.strip(), "warning" if warnings else "information")
    await screen.room.changed()


async def _fields(screen: ContentScreen, draft: PostDraft, author: str) -> list[Field]:
    from qunguan.services import campaigns, content

    preset = await screen.desk.read(content.mix_in_force)
    known = await screen.desk.read(campaigns.all_campaigns, screen.group.id)
    runs = tuple((str(each.id), each.name) for each in known if each.cancelled_on is None)
    kinds = tuple((kind, preset.called(kind)) for kind in KINDS)
    subs = tuple((each.id, each.name) for each in sub_kinds().values())
    whom = ", ".join([*draft.tags, *(f"{scheme}:{bucket}" for scheme, bucket in draft.segments)])
    said = suggested_disclosure(draft.sponsor or _("name of the sponsor"))
    return [
        Field("kind", _("kind"), draft.kind, choices=kinds),
        Field("title", _("title"), draft.title, _("the text that goes out: t, once it is planned")),
        Field("day", _("day"), str(draft.day), day="near"),
        Field("at", _("time"), clock_said(draft.at_minute), _("19:30; empty: some time that day")),
        Field("sub_kind", _("sub-kind"), draft.sub_kind, _("F3 shows some; your own words will do"), choices=subs),
        Field("need", _("need served"), draft.need, _("empty: what its kind serves"), choices=_needs()),
        Field("whom", _("for whom"), whom, _("tags, or scheme:bucket, with commas; empty: everybody")),
        Field("campaign", _("for campaign"), str(draft.campaign_id or ""), _("empty: none"), choices=runs),
        Field("author", _("by"), author, _("the member who wrote it; empty: you")),
        Field("sponsor", _("paid for by"), draft.sponsor, _("filled in, it is an ad")),
        Field("disclosure", _("says it is an ad"), draft.disclosure, said),
        Field("reason", _("all the same"), "", _("only when it is one too many: why you plan it")),
    ]  # fmt: skip


def _needs() -> tuple[tuple[str, str], ...]:
    return tuple((need, _(words)) for need, words in NEEDS.items())


async def _draft(screen: ContentScreen, before: PostDraft, values: dict[str, str], author: str) -> PostDraft:
    """The draft the lines say; its author stays who it was while the name `author` does. Raises BadInput, NotFound."""
    from qunguan.services import campaigns, members

    if not values["title"]:
        raise BadInput("the title is empty", hint="say in a few words what it is")
    run = (await screen.desk.read(campaigns.find, values["campaign"])).id if values["campaign"] else None
    kind = kind_typed(values["kind"])
    author_id = before.author_id
    if values["author"] != author:
        author_id = await screen.desk.read(members.resolve, values["author"]) if values["author"] else None
    day = date_cell(values["day"])
    return replace(
        _read(before, values, kind=values["kind"], day=day), author_id=author_id,
        author="member" if author_id else "owner", title=values["title"],
        sub_kind=sub_kind_typed(values["sub_kind"], kind), campaign_id=run,
    )  # fmt: skip


def _read(before: PostDraft, values: dict[str, str], *, kind: str, day: date) -> PostDraft:
    tags, segments = whom_typed(values["whom"])
    stays = before.column_id if day == before.day else None
    return replace(
        before, kind=kind_typed(kind), need=_need(before, values["need"], kind_typed(kind)), day=day,
        at_minute=minute_typed(values["at"]), tags=tags, segments=segments, sponsor=values["sponsor"],
        disclosure=values["disclosure"], column_id=stays,
    )  # fmt: skip


def _need(before: PostDraft | ContentColumn, typed: str, kind: Kind) -> Need:
    """The need that is meant; one that stood there for another kind goes with it."""
    if not typed or (kind != before.kind and typed == before.need):
        return ""
    return cast("Need", choice_typed(typed, NEEDS, "{text} is no need a post serves"))


def whom_typed(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Tags and (scheme, bucket) pairs out of a line with commas."""
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").replace("：", ":").split(",")]
    pairs = (part.partition(":") for part in parts if ":" in part)
    return tuple(part for part in parts if part and ":" not in part), tuple(
        (scheme.strip(), bucket.strip()) for scheme, _colon, bucket in pairs
    )


async def _outlook(
    screen: ContentScreen, before: PostDraft, post: Post | None, values: dict[str, str]
) -> Outlook | None:
    """What the post would do as it stands in the lines. Raises BadInput while they cannot be read."""
    from qunguan.services import content

    draft = _read(before, values, kind=values["kind"], day=date_cell(values["day"]))
    draft = replace(draft, title=values["title"])
    return await screen.desk.read(content.outlook, screen.room.clock, screen.group.id, draft, post)


async def count_post(screen: ContentScreen, post: Post) -> None:
    """What came of a post, by hand."""
    from qunguan.services import content

    known = (await screen.desk.read(content.outcome, screen.room.clock, post.id)).counted
    reached = known.audience if known.audience is not None else screen.room.present

    async def save(values: dict[str, str]) -> None:
        told = {name: int_cell(values[name]) if values[name] else None for name in _NUMBERS}
        done = await screen.desk.write(content.record, post.id, Counted(**told))
        rate = done.counted.open_rate
        opened = "—" if rate is None else f"{rate.value:.0%}"
        screen.say(_("{title}: opened by {rate}", title=post.title, rate=opened))
        screen.aim(post.id, post.day)
        await screen.room.changed()

    labels = (_("reached"), _("read"), _("clicked"), _("answers"), _("orders"))
    hint = _("empty: not counted")
    fields = [
        Field(name, label, _number(reached if name == "audience" else getattr(known, name)), hint)
        for name, label in zip(_NUMBERS, labels, strict=True)
    ]
    notes = [_("Count people, not how often they looked.")]
    await screen.app.push_screen_wait(Form(_("What came of {name}", name=post.title), fields, save, notes))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def column_form(
    title: str, column: ContentColumn, preset: MixPreset, save: Callable[[ContentColumn], Awaitable[None]]
) -> Form:
    """A place of the timetable to be filled in."""
    kinds = tuple((kind, preset.called(kind)) for kind in KINDS)
    subs = tuple((each.id, each.name) for each in sub_kinds().values())
    flat = " ".join(column.prompt.split("\n"))  # a line of a form is one line

    async def told(values: dict[str, str]) -> None:
        at, kind = minute_typed(values["at"]), kind_typed(values["kind"])
        if at is None:
            raise BadInput("a place needs a time", hint="write it like 19:30")
        await save(replace(
            column, name=values["name"], weekdays=weekdays_typed(values["on"]), at_minute=at,
            until_minute=minute_typed(values["until"]), kind=kind, need=_need(column, values["need"], kind),
            sub_kind=sub_kind_typed(values["sub_kind"], kind), script=values["script"],
            prompt=column.prompt if values["prompt"] == flat else values["prompt"],
        ))  # fmt: skip

    fields = [
        Field("name", _("name"), column.name),
        Field("on", _("days"), weekdays_said(column.weekdays), _("135 (1 is Monday), weekdays, every day")),
        Field("at", _("begins"), clock_said(column.at_minute) if column.name else "", "10:00"),
        Field("until", _("ends"), clock_said(column.until_minute), _("only hours of talk have an end")),
        Field("kind", _("kind"), column.kind, choices=kinds),
        Field("sub_kind", _("sub-kind"), column.sub_kind, choices=subs),
        Field("need", _("need served"), column.need, _("empty: what its kind serves"), choices=_needs()),
        Field("prompt", _("what to write"), flat),
        Field("script", _("script"), column.script, _("the ready text to begin with, by name")),
    ]  # fmt: skip
    return Form(title, fields, told)


async def fill_place(screen: ContentScreen, place: ContentColumn, day: date) -> None:
    """Plan a post in a place of the timetable; a place with a script begins with its text."""
    from qunguan.services import scripts

    told = (await screen.desk.read(scripts.texts, [place.script])).get(place.script, "") if place.script else ""
    group = screen.room.group.name if screen.room.group else ""
    text = (await screen.desk.read(scripts.fill, told, {"group": group})).text if told else ""
    draft = PostDraft(
        place.name, place.kind, day, place.at_minute, place.sub_kind, place.need, place.author, text=text,
        column_id=place.id,
    )  # fmt: skip
    await new_post(screen, draft)
