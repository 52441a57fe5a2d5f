"""Questions: what members asked and waits for an answer, with today's share; an answer may become a post."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.activity_outcomes import QuestionRow, QuestionState
from qunguan.domain.questions import post_text
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import questions_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView


class QuestionsScreen(ListScreen):
    """The questions of the group in hand, or of all groups without one; beside them question and answer."""

    noun = "questions"
    KEEPS = ("_which",)
    BINDINGS = bindings("questions")
    SEARCH_HINT: ClassVar[str] = N_("words of the question, or who asked")

    def __init__(self) -> None:
        super().__init__()
        self._questions: dict[int, QuestionRow] = {}
        self._which: drawing.Which = "waiting"

    # -- what is shown

    async def listing(self) -> Listing:
        """Those asked for, the picked ones first."""
        from qunguan.services import groups, questions

        room = self.room
        known = () if room.group else await self.desk.read(groups.all_groups)
        group_id = room.group.id if room.group else None
        found = await self.desk.read(questions.questions, group_id)
        share = await self.desk.read(questions.share, room.clock, group_id) if group_id else None
        wanted = match_key(self.search)
        shown = [one for one in drawing.chosen(found, self._which) if wanted in match_key(f"{one.text} {one.name}")]
        self._questions = {one.id: one for one in shown}
        names = {group.id: group.name for group in known}
        source = Lines(
            shown, lambda one: one.id, lambda one: drawing.cells(one, room.today, names.get(one.group_id, ""))
        )
        head = drawing.headline(found, share, self._which)
        return Listing(drawing.columns(), source, head, drawing.empty_text(bool(found)))

    async def beside(self, key: int) -> Content:
        """Question and answer."""
        one = self._questions.get(key)
        return Content("") if one is None else drawing.side(one, self.room.today)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without a question there is only one to be written down or taken in, into a group."""
        if verb in ("add", "import"):
            return "" if self.room.group else _("choose a group first: g")
        if verb in ("filter", "search", "why"):
            return ""
        if self.key not in self._questions:
            return _("no question is chosen: a writes one down, i takes in a 接龙")
        if verb == "post" and self.current.state == "dropped":
            return _("this one was dropped: Del takes it up again")
        return ""

    @property
    def current(self) -> QuestionRow:
        """The question under the cursor."""
        assert self.key is not None
        return self._questions[self.key]

    async def do_pick(self) -> None:
        """Pick it for today, or put it back."""
        await self._settle("open" if self.current.state == "picked" else "picked")

    async def do_drop(self) -> None:
        """It needs no answer; again: it waits."""
        await self._settle("open" if self.current.state == "dropped" else "dropped")

    async def _settle(self, state: QuestionState) -> None:
        from qunguan.services import questions

        done = await self.desk.write(questions.settle_question, self.current.id, state)
        if done.over:
            self.say(
                _("{n} were taken up today: more than the rule activity.questions_a_day says (S3-38)", n=done.over),
                "warning",
            )
        await self.room.changed()

    async def do_open(self) -> None:
        """Write the answer."""
        from qunguan.tui.screens.questions_forms import write_answer

        begin(self, write_answer(self, self.current))

    async def do_copy(self) -> None:
        """Question and answer for the group."""
        one = self.current
        await send_out(self.room, post_text(one.text, one.answer), f"question-{one.id}")

    async def do_post(self) -> None:
        """Plan it as a post."""
        from qunguan.tui.screens.questions_forms import make_post

        begin(self, make_post(self, self.current))

    async def do_add(self) -> None:
        """Write one down."""
        from qunguan.tui.screens.questions_forms import add

        begin(self, add(self))

    async def do_import(self) -> None:
        """Take in a 接龙."""
        from qunguan.tui.screens.questions_forms import paste

        begin(self, paste(self))

    async def do_filter(self) -> None:
        """Those that wait, those answered, all."""
        self._which = next_of(drawing.WHICH, self._which)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """How many a day, and by which rule."""
        from qunguan.services.questions import QUOTA
        from qunguan.tui.screens.rule_lines import rule_lines

        await self.app.push_screen(TextView(_("Questions"), await rule_lines(self.desk, [QUOTA], "S3-12, S3-15")))


SCREEN = QuestionsScreen
