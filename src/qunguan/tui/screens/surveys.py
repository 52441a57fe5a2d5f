"""Surveys: what was asked and answered, whose replies they are, who is serious; opened, one question by question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content

from qunguan.domain.errors import NotFound
from qunguan.domain.survey_counts import Voice
from qunguan.domain.surveys import Survey
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _, labelled
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.screens import surveys_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView

if TYPE_CHECKING:
    from qunguan.exchange.writers.tables import Table
    from qunguan.services.survey_whose import Whose
    from qunguan.services.surveys import Shown

_ALWAYS = ("add", "import", "search", "why")


class SurveysScreen(ListScreen):
    """The surveys of the group in hand and of no group; Enter opens one: its answers, who replied, whose is to tell."""

    noun = "surveys"
    KEEPS = ("_open", "_view", "_scheme")
    BINDINGS = bindings("surveys")
    SEARCH_HINT: ClassVar[str] = N_("a survey, a question, an answer, a member")

    def __init__(self) -> None:
        super().__init__()
        self._open: int | None = None
        self._view: drawing.View = "answers"
        self._scheme = ""  # the code of the scheme the answers are crossed with
        self._surveys: dict[int, Survey] = {}
        self._told: Shown | None = None
        self._lines: list[drawing.AnswerLine] = []
        self._voices: dict[int, Voice] = {}
        self._waiting: dict[int, Whose] = {}

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to who replied to a survey."""
        super().aim(None, day)
        if subject is not None:
            self.open(subject)
            self._view = "people"

    def open(self, survey_id: int) -> None:
        """Show a survey from the next time the list is read."""
        self._open, self._view = survey_id, "answers"

    # -- what is shown

    async def listing(self) -> Listing:
        """The surveys, or what the opened one says."""
        from qunguan.services import surveys

        group = self.room.group
        everywhere = await self.desk.read(surveys.surveys)
        self._surveys = {one.id: one for one in everywhere}  # Today leads to those of other groups, too
        known = [one for one in everywhere if group is None or one.group_id in (None, group.id)]
        if self._open is not None and self._open not in self._surveys:
            self._open = None
        if self._open is not None:
            return await self._opened(self._open)
        self._told = None
        wanted, today = match_key(self.search), self.room.today
        found = [one for one in known if wanted in match_key(one.name)]
        source = Lines(found, lambda one: one.id, lambda one: drawing.cells(one, today))
        return Listing(drawing.columns(), source, drawing.headline(known), drawing.empty_text())

    async def _opened(self, survey_id: int) -> Listing:
        from qunguan.services import surveys

        scheme, today = await self._scheme_name(), self.room.today
        self._told = told = await self.desk.read(
            surveys.counted, self.room.clock, survey_id, None, self._scheme or None
        )
        everybody = await self.desk.read(surveys.voices, self.room.clock, survey_id)
        head = drawing.opened_headline(told, everybody, self._view, scheme)
        empty = drawing.opened_empty(self._view, told)
        if self._view == "people":
            voices = drawing.sorted_voices(everybody, self.search)
            self._voices = {each.reply_id: each for each in voices}
            people = Lines(voices, lambda one: one.reply_id, lambda one: drawing.voice_cells(one, today))
            return Listing(drawing.voice_columns(), people, head, empty)
        if self._view == "waiting":
            waiting = await self.desk.read(surveys.waiting, self.room.clock, survey_id)
            wanted = match_key(self.search)
            shown = [one for one in waiting if wanted in match_key(one.name)]
            self._waiting = {one.reply_id: one for one in shown}
            whose = Lines(shown, lambda one: one.reply_id, lambda one: drawing.whose_cells(one, today))
            return Listing(drawing.whose_columns(), whose, head, empty)
        self._lines = drawing.answer_lines(told, self.search)
        answers = Lines(list(enumerate(self._lines)), lambda one: one[0], lambda one: drawing.answer_cells(one[1]))
        return Listing(drawing.answer_columns(), answers, head, empty)

    async def _scheme_name(self) -> str:
        """The name of the scheme the answers are crossed with; "" where it is gone, or there is none."""
        from qunguan.services import segments

        if not self._scheme:
            return ""
        known = {each.code: each.name for each in await self.desk.read(segments.all_schemes) if each.enabled}
        if self._scheme not in known:
            self._scheme = ""
        return known.get(self._scheme, "")

    async def beside(self, key: int) -> Content:
        """What a survey asks; who answered so; what somebody said."""
        from qunguan.services import surveys

        if self._open is None:
            one = self._surveys.get(key)
            return drawing.side(one, await self.desk.read(surveys.questions, key)) if one else Content("")
        if self._view == "answers":
            return await self._beside_answer(key)
        name = self._named(key)
        try:
            return drawing.reply_side(name, await self.desk.read(surveys.reply, key))
        except NotFound:  # undone meanwhile
            return Content("")

    async def _beside_answer(self, key: int) -> Content:
        from qunguan.services import surveys

        if key >= len(self._lines) or self._told is None:
            return Content("")
        line, survey_id = self._lines[key], self._told.survey.id
        question = line.spread.question
        if line.bar is None:
            free = question.kind == "text"
            words = await self.desk.read(surveys.words, survey_id, question.id) if free else ()
            return drawing.question_side(line.spread, words)
        names = await self.desk.read(surveys.chosen, survey_id, question.id, line.bar.text)
        return drawing.bar_side(line, names, self._told.buckets)

    def _named(self, reply_id: int) -> str:
        if self._view == "waiting":
            return self._waiting[reply_id].name if reply_id in self._waiting else ""
        return self._voices[reply_id].name if reply_id in self._voices else ""

    # -- actions

    @property
    def survey(self) -> Survey | None:
        """The survey that is open, or the one under the cursor."""
        return self._surveys.get(self._open if self._open is not None else self.key or 0)

    @property
    def line(self) -> drawing.AnswerLine | None:
        """The question or answer under the cursor."""
        here = self._open is not None and self._view == "answers" and self.key is not None
        return self._lines[cast("int", self.key)] if here and cast("int", self.key) < len(self._lines) else None

    def blocked(self, verb: str) -> str:
        """Some actions are for a survey, some for an answer in it, some for who replied."""
        if verb in _ALWAYS:
            return ""
        if self.survey is None:
            return _("no survey is chosen: a makes one")
        if verb in ("new", "filter", "cross") and self._open is None:
            return _("open a survey first: Enter")
        if verb == "edit" and self.line is None:
            return _("put the cursor on a question or an answer: Enter opens the survey, f shows the answers")
        if verb == "who" and (self._view not in ("waiting", "people") or self._open is None or self.key is None):
            return _("this is for a reply: Enter opens the survey, f shows whose are to be told")
        if verb == "settle" and (self._open is None or self._view != "people" or self.key not in self._voices):
            return _("this is for who replied: Enter opens the survey, f shows them")
        if verb == "export" and self._told is None:
            return _("open a survey first: Enter")
        return _("no line is chosen") if verb == "open" and self.key is None else ""

    async def do_open(self) -> None:
        """Open the survey; of an answer who gave it, of a person their page, of a name whose it is."""
        from qunguan.services import surveys

        assert self.key is not None
        if self._open is None:
            self.open(self.key)
            await self.show(keep=False)
        elif self._view == "waiting":
            await self.do_who()
        elif self._view == "people":
            await self._open_person(self._voices[self.key])
        elif self._told is not None and (line := self.line) is not None:
            asked = line.spread.question
            said = await self.desk.read(surveys.words, self._told.survey.id, asked.id)
            wanted = None if line.bar is None else line.bar.text
            if wanted is not None:
                names = await self.desk.read(surveys.chosen, self._told.survey.id, asked.id, wanted)
                lines = [literal(show(name) or "—") for name in names]
            else:
                lines = [literal(labelled(name or "—", " ".join(text.split()))) for name, text in said]
            title = asked.text if wanted is None else wanted
            await self.app.push_screen(TextView(show(title), lines or [literal("—")]))

    async def _open_person(self, one: Voice) -> None:
        from qunguan.services import surveys

        if one.member_id is not None:
            open_card(self, one.member_id)
            return
        said = await self.desk.read(surveys.reply, one.reply_id)
        await self.app.push_screen(TextView(show(one.name or one.number), [drawing.reply_side(one.name, said)]))

    async def leave(self) -> None:
        """Esc: the search, then from the survey back to the list."""
        if not self.search and self._open is not None:
            self._aimed, self._open, self._view = self._open, None, "answers"
            await self.show()
        await super().leave()

    async def do_filter(self) -> None:
        """The answers, who replied, who is to be told."""
        self._view = next_of(drawing.VIEWS, self._view)
        await self.show(keep=False)

    async def do_add(self) -> None:
        """A survey of a ready set, or one's own."""
        from qunguan.tui.screens.surveys_forms import add

        begin(self, add(self))

    async def do_new(self) -> None:
        """Another question."""
        from qunguan.tui.screens.surveys_forms import question

        assert self._open is not None
        await self.app.push_screen(question(self, self._open))

    async def do_edit(self) -> None:
        """The question, or the answer with its tag and intent."""
        from qunguan.tui.screens.surveys_forms import option, question

        line = self.line
        assert line is not None
        assert self._open is not None
        await self.app.push_screen(question(self, self._open, line) if line.bar is None else option(self, line))

    async def do_import(self) -> None:
        """A sheet of answers."""
        from qunguan.tui.screens.surveys_forms import take_in

        begin(self, take_in(self, self._open))

    async def do_tags(self) -> None:
        """The tags of the answers, after a look at who gets which."""
        from qunguan.tui.screens.surveys_forms import give_tags

        assert self.survey is not None
        begin(self, give_tags(self, self.survey.id))

    async def do_who(self) -> None:
        """Say whose the reply is."""
        from qunguan.services.survey_whose import Whose
        from qunguan.tui.screens.surveys_forms import say_who

        assert self.key is not None
        if self._view == "waiting":
            begin(self, say_who(self, self._waiting[self.key]))
        else:
            one = self._voices[self.key]
            begin(self, say_who(self, Whose(one.reply_id, one.number, one.name, one.day, ())))

    async def do_settle(self) -> None:
        """Somebody was spoken with; again: not yet."""
        from qunguan.services import surveys

        assert self.key is not None
        one = self._voices[self.key]
        await self.desk.write(surveys.settle, [one.reply_id], done=one.settled_on is None)
        await self.room.changed()

    async def do_cross(self) -> None:
        """The answers by the segments of a scheme."""
        begin(self, self._cross())

    async def _cross(self) -> None:
        from qunguan.tui.screens.surveys_forms import choose_scheme

        chosen = await choose_scheme(self, self._scheme)
        if chosen is not None:
            self._scheme, self._view = chosen, "answers"
            await self.show()

    async def do_copy(self) -> None:
        """The questions for the group or for 问卷星, or the result."""
        from qunguan.tui.screens.surveys_out import copy

        assert self.survey is not None
        begin(self, copy(self, self.survey))

    async def do_export(self) -> None:
        """The answers, or who replied, as a file."""
        from qunguan.exchange.writers.surveys import people_table, result_table
        from qunguan.tui.export import export

        told, voices = self._told, list(self._voices.values())
        assert told is not None

        async def make() -> Table:
            if self._view == "people":
                return people_table(told.survey.name, voices)
            return result_table(told.survey.name, told.spreads, told.buckets)

        export(self.room, told.survey.name, "survey", make)

    async def do_remove(self) -> None:
        """Take away the survey; in it the question or the option under the cursor."""
        from qunguan.tui.screens.surveys_out import remove

        assert self.survey is not None
        begin(self, remove(self, self.survey, self.line))

    async def do_why(self) -> None:
        """How intents add up, by which rules, and where the sets come from."""
        from qunguan.tui.screens.surveys_out import why

        await self.app.push_screen(TextView(_("Surveys"), await why(self, self.survey)))


SCREEN = SurveysScreen
