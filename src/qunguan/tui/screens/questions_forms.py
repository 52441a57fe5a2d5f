"""What questions ask the owner: an answer, a day for the post, one written down, a 接龙."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.activity_outcomes import QuestionRow
from qunguan.domain.content import minute_typed
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.questions import QuestionsScreen


async def write_answer(screen: QuestionsScreen, one: QuestionRow) -> None:
    """Write the answer; with it the question is answered."""
    from qunguan.services import questions

    async def save(text: str) -> None:
        done = await screen.desk.write(questions.answer, one.id, text)
        screen.say(_("Answered: y copies it, c makes a post of it"))
        if done.over:
            screen.say(_("{n} were taken up today: more than the rule activity.questions_a_day says (S3-38)",
                         n=done.over), "warning")  # fmt: skip
        screen.aim(one.id)
        await screen.room.changed()

    await screen.app.push_screen_wait(TextBox(_("Answer"), one.answer, save, one.text.splitlines()))


async def make_post(screen: QuestionsScreen, one: QuestionRow) -> None:
    """Plan question and answer for a day."""
    from qunguan.services import questions

    async def save(values: dict[str, str]) -> None:
        day: date = date_cell(values["day"], serials=False)
        made = await screen.desk.write(questions.make_post, one.id, day, minute_typed(values["at"]))
        screen.say(_("Planned for {day}: {title}", day=made.post.day, title=made.post.title))
        for warning in made.warnings:
            screen.say(str(warning), "warning")
        await screen.room.changed()

    tomorrow = screen.room.today + timedelta(days=1)
    fields = [Field("day", _("day"), tomorrow.isoformat(), day="near"),
              Field("at", _("time"), "", _("such as 19:30; empty: some time that day"))]  # fmt: skip
    await screen.app.push_screen_wait(Form(_("Make a post of it"), fields, save, one.text.splitlines()[:3]))


async def add(screen: QuestionsScreen) -> None:
    """One that was asked: the words, and who asked."""
    from qunguan.services import members, questions

    group = screen.group

    async def save(values: dict[str, str]) -> None:
        who = await screen.desk.read(members.resolve, values["who"]) if values["who"] else None
        made = await screen.desk.write(questions.add, group.id, values["text"], who)
        screen.aim(made.id)
        await screen.room.changed()

    fields = [Field("text", _("question")), Field("who", _("who asked"), "", _("may stay empty"))]
    await screen.app.push_screen_wait(Form(_("A question that was asked"), fields, save))


async def paste(screen: QuestionsScreen) -> None:
    """A 接龙 of questions, looked at before anything is written."""
    from qunguan.services import questions

    group = screen.group

    async def read(source: Path | str) -> str:
        text = await screen.desk.call(_read, source) if isinstance(source, Path) else source
        await screen.desk.rehearse(questions.paste, group.id, text)
        return text

    notes = [_("Paste the 接龙: one question a line, the name in front.")]
    text = await screen.app.push_screen_wait(SourceBox(_("Questions of a 接龙"), read, notes))
    if text is None:
        return
    would = await screen.desk.rehearse(questions.paste, group.id, text)
    details = []
    if would.again:
        details.append(ngettext("{n} was in the queue already", "{n} were in the queue already", would.again))
    if would.bare:
        details.append(ngettext("{n} line says nothing but a name", "{n} lines say nothing but a name", would.bare))
    title = ngettext("Take in {n} question?", "Take in {n} questions?", would.added)
    if not await screen.app.push_screen_wait(Confirm(title, details)):
        return
    done = await screen.desk.write(questions.paste, group.id, text)
    screen.say(ngettext("{n} question is new", "{n} questions are new", done.added))
    await screen.room.changed()


def _read(source: Path) -> str:
    from qunguan.exchange.readers.decode import decode, read_bytes

    return decode(read_bytes(source), where=source.name).text
