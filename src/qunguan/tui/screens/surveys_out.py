"""What leaves a survey: its questions or result to be copied, what is taken away, and why somebody is serious."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.surveys import INTENT_DAYS, INTENT_HIGH, INTENT_LOW, Survey, presets
from qunguan.domain.text import show
from qunguan.exchange.writers.surveys import form_text, group_text, result_text
from qunguan.i18n import _, ngettext
from qunguan.tui.outgoing import send_out
from qunguan.tui.text import literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm

if TYPE_CHECKING:
    from qunguan.tui.screens.surveys import SurveysScreen
    from qunguan.tui.screens.surveys_lines import AnswerLine

_RULES = (INTENT_HIGH, INTENT_LOW, INTENT_DAYS)


async def copy(screen: SurveysScreen, one: Survey) -> None:
    """The questions for the group or for 问卷星, or the result."""
    from qunguan.services import surveys

    choices = [
        Choice("group", _("the questions for the group"), _("to be answered with 1A 2BC")),
        Choice("form", _("the questions for 问卷星"), _("its text import takes them as they are")),
        Choice("result", _("the result for the group"), ngettext("{n} reply", "{n} replies", one.replies)),
    ]
    chosen = await screen.app.push_screen_wait(Choose(_("Copy what?"), choices))
    if chosen is None:
        return
    if chosen == "result":
        told = await screen.desk.read(surveys.counted, screen.room.clock, one.id)
        text = result_text(one.name, told.people, told.spreads)
    else:
        asked = await screen.desk.read(surveys.questions, one.id)
        text = (form_text if chosen == "form" else group_text)(one.name, one.intro, asked)
    await send_out(screen.room, text, f"survey-{one.id}-{chosen}")


async def remove(screen: SurveysScreen, one: Survey, line: AnswerLine | None) -> None:
    """Take away the survey; with a `line` of it only the question or the option there, after asking."""
    if line is None:
        title = _("Take away the survey {name}?", name=show(one.name))
        details = [ngettext("{n} reply goes with it", "{n} replies go with it", one.replies)]
        details.append(_("Tags that were given stay."))
    elif line.bar is None:
        title = _("Take out the question {text}?", text=show(line.spread.question.text))
        details = [_("Its answers go with it: n={n}", n=line.spread.n)]
    elif line.bar.option is None:
        screen.say(_("an answer that was given is not taken away: only its option, or the whole question"))
        return
    else:
        title = _("Take out the option {text}?", text=show(line.bar.text))
        details = [_("Answers that said so stay as they were given.")]
    if await screen.app.push_screen_wait(Confirm(title, details)):
        await _removed(screen, one, line)
        await screen.room.changed()


async def _removed(screen: SurveysScreen, one: Survey, line: AnswerLine | None) -> None:
    from qunguan.services import surveys

    if line is None:
        await screen.desk.write(surveys.remove, one.id)
    elif line.bar is None:
        await screen.desk.write(surveys.remove_question, line.spread.question.id)
    else:
        assert line.bar.option is not None
        await screen.desk.write(surveys.remove_option, line.bar.option.id)


async def why(screen: SurveysScreen, one: Survey | None) -> list[Content]:
    """How intents add up, by which rules, and where the set of the survey comes from."""
    from qunguan.tui.screens.rule_lines import rule_lines

    told = [
        _("Each answer may say how serious somebody is; what all their answers say is added up."),
        _("Of a person who replied again only the newest reply counts."),
    ]
    of_sets = [each.source for each in presets().values() if one is not None and each.purpose == one.purpose]
    return [*map(literal, told), *await rule_lines(screen.desk, _RULES, ", ".join(of_sets))]
