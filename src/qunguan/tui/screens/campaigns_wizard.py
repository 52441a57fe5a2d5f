"""Plan a campaign step by step: goal, form, whom for, when, terms, a look at it all. What speaks against it stands
beside every step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qunguan.domain.campaign_terms import fen_typed, goal_typed, typed_terms
from qunguan.domain.campaign_views import Outlook, said_typed
from qunguan.domain.campaigns import (
    CARRIERS,
    GOALS,
    Draft,
    checked_dates,
    clock_text,
    minute_typed,
    playbook,
    playbooks,
)
from qunguan.domain.errors import BadInput, UserError
from qunguan.domain.money import short_yuan
from qunguan.exchange.readers.cells import day_typed
from qunguan.i18n import N_, _
from qunguan.tui.flow import run
from qunguan.tui.screens import campaigns_lines as drawing
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import Dialog, Field
from qunguan.tui.widgets.line_box import LineBox

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign
    from qunguan.tui.screens.campaigns import CampaignsScreen

STEPS: tuple[tuple[str, str], ...] = (
    ("goal", N_("What is it for?")), ("form", N_("Which form?")), ("who", N_("For whom?")),
    ("bucket", N_("Which of them?")), ("when", N_("When?")), ("terms", N_("On which terms?")),
    ("check", N_("Name and goal, then Enter saves")),
)  # fmt: skip
_EVERYONE = ""
Pick = tuple[str, str, str]
"""An option: what it is, what it is called, a note."""


class Wizard(Dialog[Draft]):
    """One step is one screenful: a list to take from, or a few lines to fill in. Enter goes on, Esc goes back.

    `ask` reads what a step offers, `look` tells what speaks against a draft, `save` writes it; each may raise a
    UserError, which is said while everything typed stays.
    """

    WIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False, priority=True),
        Binding("enter", "advance", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("f2,ctrl+s", "next", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Wizard {
        & .halves { height: 1fr; }
        & #step { width: 3fr; height: 1fr; margin: 0 2 0 0; }
        & #look { width: 2fr; height: 1fr; }
        & #offered { height: 1fr; border: none; padding: 0; background: $surface; }
        & #lines { height: auto; max-height: 100%; }
        & #fields { height: auto; }
        & .question { text-style: bold; height: 1; margin: 0 0 1 0; }
        & .note { color: $text-muted; height: auto; margin: 1 0 0 0; }
        &.-narrow .halves { layout: vertical; }
        &.-narrow #step { width: 1fr; height: 1fr; margin: 0; }
        &.-narrow #look { width: 1fr; height: 5; }
        &.-narrow .title { display: none; }
        &.-narrow .note { display: none; }
        &.-narrow > .box.wide { height: 100%; margin: 0; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        title: str,
        draft: Draft,
        first: str,
        ask: Callable[[str, Draft], Awaitable[list[Pick]]],
        look: Callable[[Draft], Awaitable[Outlook]],
        blank: Callable[[str], Awaitable[Draft]],
        save: Callable[[Draft], Awaitable[None]],
    ) -> None:
        super().__init__(title, _("Enter go on · ↑ ↓ choose · F2 next step · Esc back"))
        self.draft, self._first, self._ask, self._look = draft, first, ask, look
        self._blank, self._save = blank, save
        self._step, self._picks = first, list[Pick]()
        self._busy = self._filling = False

    def contents(self) -> ComposeResult:
        """The step on the left, what comes of it on the right."""
        yield Static("", classes="question", markup=False)
        with Horizontal(classes="halves"):
            with Vertical(id="step"):
                yield OptionList(id="offered", markup=False)
                with VerticalScroll(id="lines", can_focus=False):
                    yield Vertical(id="fields")
                    yield Static("", classes="note", markup=False)
            with VerticalScroll(id="look", can_focus=False):
                yield Static("", id="outlook", markup=False)

    async def on_mount(self) -> None:
        await self._show()

    # -- a step

    @property
    def _names(self) -> list[str]:
        names = [name for name, _title in STEPS]
        return [name for name in names[names.index(self._first) :] if name != "bucket" or self.draft.scheme]

    async def _show(self) -> None:
        names = self._names
        place = f"{names.index(self._step) + 1}/{len(names)}"
        self.query_one(".question", Static).update(joined((f"{place}  ", "$text-muted"), _(dict(STEPS)[self._step])))
        self.wrong("")
        fields = list(_fields(self._step, self.draft))
        offered = self.query_one("#offered", OptionList)
        offered.display, self.query_one("#lines").display = not fields, bool(fields)
        await self._fill(fields) if fields else await self._offer(offered)
        self._tell()

    async def _offer(self, offered: OptionList) -> None:
        self._picks = await self._ask(self._step, self.draft)
        offered.clear_options()
        offered.add_options(
            Option(joined((label, "bold"), (f"  {note}", "$text-muted")), id=str(place))
            for place, (_what, label, note) in enumerate(self._picks)
        )
        now = _chosen(self._step, self.draft)
        offered.highlighted = next((at for at, each in enumerate(self._picks) if each[0] == now), 0)
        self.set_focus(offered)

    async def _fill(self, fields: list[Field]) -> None:
        box = self.query_one("#fields", Vertical)
        self._filling = True  # what looks at the lines meanwhile would find some of them
        await box.remove_children()
        await box.mount(*(
            Horizontal(Static(literal(each.label), classes="name"),
                       LineBox(each.value, placeholder=each.hint, id=f"field-{each.id}"), classes="field")
            for each in fields
        ))  # fmt: skip
        note = self.query_one(".note", Static)
        note.update(literal(playbook(self.draft.form).about) if self._step == "terms" else Content(""))
        self._filling = False
        self.set_focus(box.query(Input).first())

    # -- keys

    async def action_advance(self) -> None:
        """Enter: take what is highlighted, or go to the next line, from the last one to the next step."""
        lines = list(self.query_one("#fields").query(Input)) if self.query_one("#lines").display else []
        if self.focused in lines[:-1]:
            self.set_focus(lines[lines.index(self.focused) + 1])
            return
        await self.action_next()

    async def action_move(self, step: int) -> None:
        """Up and down, in the list or from line to line."""
        if self.query_one("#lines").display:
            lines = list(self.query_one("#fields").query(Input))
            at = lines.index(self.focused) if self.focused in lines else 0
            if lines:
                self.set_focus(lines[min(max(at + step, 0), len(lines) - 1)])
            return
        offered = self.query_one("#offered", OptionList)
        if offered.option_count:
            offered.highlighted = ((offered.highlighted or 0) + step) % offered.option_count

    async def action_next(self) -> None:
        """Keep what the step says and go on; the last one saves, once however often Enter is pressed."""
        if self._busy:
            return
        self._busy = True
        try:
            now, self.draft = self.draft, self._taken()
            if self.draft.form != now.form:
                self.draft = replace(await self._blank(self.draft.form), goal=self.draft.goal)
            names = self._names
            if self._step == names[-1]:
                await self._save(self.draft)
                self.dismiss(self.draft)
                return
            self._step = names[names.index(self._step) + 1]
            await self._show()
        except UserError as error:
            self.wrong(str(error))
        self._busy = False

    async def action_back(self) -> None:
        """Esc: the step before; out of the first one."""
        names = self._names
        at = names.index(self._step)
        if at == 0:
            self.dismiss(None)
            return
        try:
            self.draft = self._taken()
        except UserError:  # half typed: the step before is shown with what was kept
            self.wrong("")
        self._step = names[at - 1]
        await self._show()

    def on_input_changed(self) -> None:
        """What was typed changes what speaks against it."""
        self._tell()

    def _taken(self) -> Draft:
        """The draft with what this step says. Raises BadInput."""
        if self.query_one("#lines").display:
            return _typed(self._step, self.draft, {
                each.id.removeprefix("field-"): each.value for each in self.query_one("#fields").query(Input) if each.id
            })  # fmt: skip
        at = self.query_one("#offered", OptionList).highlighted
        return self.draft if at is None or not self._picks else _picked(self._step, self.draft, self._picks[at][0])

    # -- what comes of it

    def _tell(self) -> None:
        run(self, self._told, group="look", exclusive=True)

    async def _told(self) -> None:
        if self._filling:  # the step tells itself when it stands
            return
        try:
            draft = self._taken()
            found = await self._look(draft)
        except UserError as error:
            told: Content = literal(str(error), "$text-muted")
        except NoMatches:
            return
        else:
            told = Content("\n").join([_so_far(draft), drawing.outlook(found)])
            if self._step == "check":
                if draft.goal_value is None:
                    aimless = _("no number for the goal: the review will have nothing to hold it against")
                    told = Content("\n").join([literal(aimless, "$text-warning"), told])
                told = Content("\n").join([told, Content(""), drawing.tasks(found.tasks)])
        for place in self.query("#outlook").results(Static):
            place.update(told)


def _so_far(draft: Draft) -> Content:
    """The plan in a few words."""
    form = playbook(draft.form).name
    days = f"{draft.first} {clock_text(draft.start_minute)} – {draft.last} {clock_text(draft.end_minute)}"
    whom = f"{draft.scheme}·{draft.bucket}" if draft.scheme else _("everyone present")
    goal = _(GOALS[draft.goal][0]) if draft.goal else ""
    return Content("\n").join([joined((form, "bold"), "  ", goal, "  ", (whom, "$text-muted")), literal(days)])


def _chosen(step: str, draft: Draft) -> str:
    if step == "form" and draft.goal not in playbook(draft.form).goals:
        return ""  # the first form that suits the goal
    return {"goal": draft.goal, "form": draft.form, "who": draft.scheme, "bucket": draft.bucket}.get(step, "")


def _picked(step: str, draft: Draft, what: str) -> Draft:
    if step == "who":
        return replace(draft, scheme=what, bucket=draft.bucket if what == draft.scheme else "")
    values: dict[str, Any] = {step: what}
    return replace(draft, **values)


def _fields(step: str, draft: Draft) -> Iterator[Field]:
    """The lines of a step; none where it is a list."""
    if step == "when":
        yield Field("first", _("first day"), str(draft.first))
        yield Field("start", _("begins at"), clock_text(draft.start_minute))
        yield Field("last", _("last day"), str(draft.last))
        yield Field("end", _("ends at"), clock_text(draft.end_minute))
        yield Field("occasion", _("occasion"), draft.occasion, _("the festival it goes with; may be empty"))
    elif step == "terms":
        for term in playbook(draft.form).terms:
            yield Field(f"term-{term.name}", term.label, draft.terms.get(term.name, term.value))
        yield Field("offer", _("the offer"), draft.offer.replace("\n", " "), _("one sentence, as you would say it"))
        yield Field("budget", _("budget, yuan"), "" if draft.budget_fen is None else short_yuan(draft.budget_fen))
        carrier = draft.carrier or playbook(draft.form).carrier
        yield Field("carrier", _("reaches people by"), _(CARRIERS[carrier]), " / ".join(map(_, CARRIERS.values())))
    elif step == "check":
        yield Field("name", _("name"), draft.name or _called(draft))
        wanted = said_typed(draft.goal, draft.goal_value) if draft.goal else ""
        yield Field("target", _(GOALS[draft.goal][0]) if draft.goal else _("goal"), wanted, _("the number you want"))


def _called(draft: Draft) -> str:
    """What a plan is called until the owner says so."""
    return f"{playbook(draft.form).name} {draft.first:%m-%d}"


def _typed(step: str, draft: Draft, values: dict[str, str]) -> Draft:
    """The draft with the lines of a step. Raises BadInput."""
    if step == "when":
        first = day_typed(values["first"], draft.first, where=_("first day"))
        told = replace(
            draft, first=first, start_minute=minute_typed(values["start"]),
            last=day_typed(values["last"], first, where=_("last day")), end_minute=minute_typed(values["end"]),
            occasion=values["occasion"],
            name="" if draft.name == _called(draft) else draft.name,
        )  # fmt: skip
        checked_dates(told.first, told.start_minute, told.last, told.end_minute)
        return told
    if step == "terms":
        terms = {name.removeprefix("term-"): text for name, text in values.items() if name.startswith("term-")}
        words = {_(label): code for code, label in CARRIERS.items()}
        carrier = values["carrier"].strip()
        budget = fen_typed(values["budget"], where=_("budget, yuan")) if values["budget"].strip() else None
        carrier = words.get(carrier, carrier)
        typed_terms(playbook(draft.form), terms)
        return replace(draft, terms=terms, offer=values["offer"], budget_fen=budget, carrier=carrier)
    if step == "check":
        if not values["name"].strip():
            raise BadInput("say what the campaign is called", where=_("name"))
        return replace(draft, name=values["name"], goal_value=goal_typed(draft.goal, values["target"]))
    return draft


# -- opening it


async def plan(screen: CampaignsScreen) -> None:
    """A new campaign, from its goal on."""
    from qunguan.services import campaigns

    async def save(draft: Draft) -> None:
        made = await screen.desk.write(campaigns.add, screen.group.id, draft)
        screen.say(_("{name} is planned: s asks what must be sure before it starts", name=made.name))
        screen.aim(made.id)
        await screen.room.changed()

    blank = await screen.desk.read(campaigns.blank_draft, next(iter(playbooks())), screen.room.today)
    await _open(screen, _("Plan a campaign"), replace(blank, goal="participants"), "goal", 0, save)


async def change(screen: CampaignsScreen, one: Campaign) -> None:
    """Change a plan; its form stays."""
    from qunguan.services import campaigns

    async def save(draft: Draft) -> None:
        made = await screen.desk.write(campaigns.edit, one.id, draft)
        screen.say(_("{name} is changed", name=made.name))
        await screen.room.changed()

    draft = await screen.desk.read(campaigns.draft_of, one)
    await _open(screen, _("Change {name}", name=one.name), draft, "who", one.id, save)


async def _open(
    screen: CampaignsScreen, title: str, draft: Draft, first: str, own_id: int, save: Callable[[Draft], Awaitable[None]]
) -> None:
    from qunguan.services import campaigns

    async def ask(step: str, now: Draft) -> list[Pick]:
        return await _picks(screen, step, now)

    async def look(now: Draft) -> Outlook:
        return await screen.desk.read(campaigns.outlook, screen.room.clock, screen.group.id, now, own_id)

    async def blank(form: str) -> Draft:
        return await screen.desk.read(campaigns.blank_draft, form, screen.room.today)

    await screen.app.push_screen_wait(Wizard(title, draft, first, ask, look, blank, save))


async def _picks(screen: CampaignsScreen, step: str, now: Draft) -> list[Pick]:
    """What a step offers."""
    from qunguan.services import segments

    if step == "goal":
        return [(code, _(name), "") for code, (name, _unit) in GOALS.items()]
    if step == "form":
        books = sorted(playbooks().values(), key=lambda each: now.goal not in each.goals)
        return [(each.form, each.name, each.about) for each in books]
    if step == "who":
        schemes = await screen.desk.read(segments.all_schemes)
        told = [
            (each.code, each.title, " / ".join(bucket.name for bucket in each.buckets(screen.room.today)))
            for each in schemes
            if each.enabled
        ]
        return [(_EVERYONE, _("everyone present"), ""), *told]
    shown = await screen.desk.read(segments.show, screen.room.clock, now.scheme, None, screen.group.id)
    return [(each.bucket.name, each.bucket.name, _("{n} people", n=len(each.members))) for each in shown.buckets]
