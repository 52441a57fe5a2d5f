"""What must be sure before a campaign starts: every question on one screen, then the start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qunguan.domain.campaign_gate import Answer, Asked
from qunguan.domain.errors import Refused, UserError
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Dialog

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign
    from qunguan.tui.screens.campaigns import CampaignsScreen

ANSWERS: dict[Answer | None, str] = {
    None: "?", "yes": N_("yes"), "no": N_("no"), "not_so": N_("does not apply"),
}  # fmt: skip
_CYCLE: tuple[Answer, ...] = ("yes", "no", "not_so")
Told = Sequence[tuple[str, str, str]]


class GateBox(Dialog[bool]):
    """Space goes through the answers of the question under the cursor; an answer that is not the right one needs words.

    F2 gives (question, answer, words) of every answered one to `save`, which may raise a UserError; then it closes.
    """

    WIDE = True
    SHEET = (
        ("Space", N_("The next answer: yes, no, does not apply")),
        ("y  n  o", N_("Yes, no, does not apply")),
        ("Enter", N_("Write what you say to an answer that is not the right one; again: back to the questions")),
        ("F2", N_("Save the answers, and start when nothing is open")),
        ("Esc", N_("Leave; nothing is saved")),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+s", "save", show=False, priority=True),
        Binding("enter", "turn", show=False, priority=True),
        Binding("space", "cycle", show=False),
        Binding("y,ｙ", "say('yes')", show=False),
        Binding("n,ｎ", "say('no')", show=False),
        Binding("o,ｏ", "say('not_so')", show=False),
    ]
    DEFAULT_CSS = """
    GateBox {
        & OptionList { height: auto; max-height: 60%; border: none; padding: 0; background: $surface; }
        & OptionList:focus { border: none; }
        & #why { height: auto; min-height: 2; margin: 1 0 0 0; }
    }
    """

    def __init__(self, title: str, asked: Sequence[Asked], save: Callable[[Told], Awaitable[None]]) -> None:
        super().__init__(title, _("Space answer · Enter words to it · F2 save and start · Esc leave"))
        self._asked = list(asked)
        self._told: dict[str, tuple[Answer | None, str]] = {
            each.question.code: (each.answer, each.note) for each in asked
        }
        self._save, self._busy = save, False

    def contents(self) -> ComposeResult:
        """The questions, what stands behind the one under the cursor, the words to it."""
        yield OptionList(*map(self._option, self._asked), markup=False)
        yield Static("", id="why", markup=False)
        yield Input(
            placeholder=_("why it is all right here (needed where the answer is not the right one)"), compact=True
        )

    def on_mount(self) -> None:
        listing = self.query_one(OptionList)
        first = next((place for place, each in enumerate(self._now()) if each.stops), 0)
        listing.highlighted = first if self._asked else None
        self.set_focus(listing)

    def _now(self) -> list[Asked]:
        return [Asked(each.question, *self._told[each.question.code]) for each in self._asked]

    def _option(self, each: Asked) -> Option:
        now = Asked(each.question, *self._told[each.question.code])
        style = "$text-warning" if now.stops else "$text-success" if now.right else ""
        mark = "!" if now.stops else "✓" if now.right else "·"
        return Option(joined((f"{mark} [{_(ANSWERS[now.answer])}] ", style), each.question.text), id=each.question.code)

    @property
    def _here(self) -> Asked | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None else self._now()[place]

    def on_option_list_option_highlighted(self) -> None:
        """Tell why it is asked."""
        self._draw()

    def _draw(self) -> None:
        here = self._here
        if here is None:
            return
        question = here.question
        right = _("right is: {answer}", answer=_(ANSWERS[question.right]))
        self.query_one("#why", Static).update(
            joined(f"{right}　", (question.why, "$text-muted"), (f"（{Brief(question.source)}）", "$text-muted"))
        )
        words = self.query_one(Input)
        if words.value != here.note:
            with words.prevent(Input.Changed):  # it is no word of the owner's to the question under the cursor by then
                words.value = here.note

    def action_cycle(self) -> None:
        """The next answer."""
        here = self._here
        if here is None:
            return
        cycle = [each for each in _CYCLE if each != "not_so" or here.question.open]
        if here.answer in cycle:
            self.action_say(next_of(cycle, here.answer))
        else:
            self.action_say(here.question.right)

    def action_say(self, answer: Answer) -> None:
        """This answer."""
        here = self._here
        if here is None or (answer == "not_so" and not here.question.open):
            return
        self._told[here.question.code] = (answer, here.note)
        self._redraw()

    def _redraw(self) -> None:
        listing = self.query_one(OptionList)
        place = listing.highlighted
        if place is not None:
            now = self._option(self._asked[place])
            listing.replace_option_prompt_at_index(place, now.prompt)
        self._draw()
        left = sum(each.stops for each in self._now())
        self.wrong(ngettext("{n} question is still open", "{n} questions are still open", left) if left else "")

    def on_option_list_option_selected(self) -> None:
        """A click: on to the words."""
        self._to_words()

    def action_turn(self) -> None:
        """Enter: on to the words, and from them back to the questions, to the next one that is open.

        At once, also where what the keys before it changed is still to be drawn: the next key belongs there.
        """
        words, listing = self.query_one(Input), self.query_one(OptionList)
        if self.focused is not words:
            self._to_words()
            return
        self._take_words()
        if open_ones := [place for place, each in enumerate(self._now()) if each.stops]:
            listing.highlighted = open_ones[0]
        self.set_focus(listing)

    def _to_words(self) -> None:
        self._draw()
        self.set_focus(self.query_one(Input))

    def on_input_changed(self) -> None:
        """Words to the answer."""
        self._take_words()

    def _take_words(self) -> None:
        words, here = self.query_one(Input), self._here
        if self.focused is words and here is not None and here.note != words.value:
            self._told[here.question.code] = (here.answer, words.value)
            self._redraw()

    async def action_save(self) -> None:
        """Save once, however often it is pressed."""
        if self._busy:
            return
        self._busy = True
        self._take_words()
        told = [(code, answer, note.strip()) for code, (answer, note) in self._told.items() if answer is not None]
        try:
            await self._save(told)
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
        else:
            self.dismiss(True)


async def let_go(screen: CampaignsScreen, one: Campaign) -> None:
    """Ask what must be sure, then start. What was answered is kept, even where something still stops the start."""
    from qunguan.services import campaigns

    asked = await screen.desk.read(campaigns.gate, one.id)

    async def save(told: Told) -> None:
        await screen.desk.write(campaigns.answer_all, one.id, told)
        await screen.room.changed()
        stops = [each for each in await screen.desk.read(campaigns.gate, one.id) if each.stops]
        if stops:
            raise Refused(
                "{n} questions before the start of {name} are open: {first}",
                hint="Space answers, Enter writes why it is all right here",
                n=len(stops), name=one.name, first=stops[0].question.text,
            )  # fmt: skip
        await screen.desk.write(campaigns.start, one.id)

    if await screen.app.push_screen_wait(GateBox(_("Before {name} starts", name=one.name), asked, save)):
        screen.say(_("{name} has started: i fills its sheet, y copies the text", name=one.name))
        await screen.room.changed()
