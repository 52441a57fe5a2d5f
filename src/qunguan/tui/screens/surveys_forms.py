"""What the surveys ask the owner: a set, a question, an option, a sheet, whose a reply is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.members import label
from qunguan.domain.surveys import (
    KINDS,
    PURPOSES,
    WAITING,
    SurveySheet,
    SurveyTaken,
    Tagging,
    preset_typed,
    presets,
    typed_kind,
    typed_purpose,
)
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import int_cell
from qunguan.i18n import N_, _, labelled, ngettext
from qunguan.tui.screens.people import finder
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.find_member import FindMember

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.survey_whose import Whose
    from qunguan.tui.screens.surveys import SurveysScreen
    from qunguan.tui.screens.surveys_lines import AnswerLine

_OWN, _OTHER = "own", "other"
_LISTED = 12


async def add(screen: SurveysScreen) -> None:
    """A survey of a ready set, or one of one's own."""
    choices = [Choice(each.id, each.name, _(PURPOSES[each.purpose])) for each in presets().values()]
    choices.append(Choice(_OWN, _("one of your own"), _("questions follow")))
    chosen = await screen.app.push_screen_wait(Choose(_("Which questions?"), choices))
    if chosen is None:
        return
    preset = None if chosen == _OWN else preset_typed(chosen)

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import surveys

        group = screen.room.group
        group_id = group.id if group else None
        if preset is not None:
            made = await screen.desk.write(surveys.add_preset, preset, values["name"], group_id)
        else:
            purpose = typed_purpose(values["purpose"])
            made = await screen.desk.write(surveys.add, values["name"], purpose, group_id, values["intro"])
        screen.open(made)
        screen.say(_("The survey is there: y copies its questions") if preset else _("n adds a question"))
        await screen.room.changed()

    fields = [Field("name", _("name"), preset.name if preset else "")]
    if preset is None:
        purposes = tuple((each, _(name)) for each, name in PURPOSES.items())
        fields += [Field("purpose", _("for"), "other", "", purposes), Field("intro", _("said above the questions"))]
    await screen.app.push_screen_wait(Form(_("A survey"), fields, save))


def question(screen: SurveysScreen, survey_id: int, line: AnswerLine | None = None) -> Form:
    """A new question with its options, or the words and kind of one."""
    old = line.spread.question if line else None

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import surveys

        kind = typed_kind(values["kind"])
        if old is not None:
            await screen.desk.write(surveys.put_question, survey_id, values["text"], kind, old.id)
        else:
            await screen.desk.write(surveys.ask, survey_id, values["text"], kind, values["options"])
        await screen.room.changed()

    kinds = tuple((each, _(name)) for each, name in KINDS.items())
    fields = [Field("text", _("question"), old.text if old else ""),
              Field("kind", _("kind"), old.kind if old else "one", "", kinds)]  # fmt: skip
    if old is None:
        fields.append(Field("options", _("options"), "", _("with / between them: 周六 / 周日")))
    return Form(_("The question") if old else _("A new question"), fields, save)


def option(screen: SurveysScreen, line: AnswerLine) -> Form:
    """An answer: its words, the tag it gives, what it says of how serious somebody is."""
    old = line.bar.option if line.bar else None
    said = line.bar.text if line.bar else ""
    asked = line.spread.question

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import surveys

        if not values["text"]:
            raise BadInput("the question is empty", hint="write what was asked")
        intent = int_cell(values["intent"] or "0")
        await screen.desk.write(surveys.put_option, asked.id, values["text"], tag=values["tag"], intent=intent,
                                option_id=old.id if old else None)  # fmt: skip
        await screen.room.changed()

    fields = [
        Field("text", _("answer"), old.text if old else said),
        Field("tag", _("tag"), old.tag if old else "", _("who chose it gets it; 来源:朋友推荐")),
        Field("intent", _("intent"), str(old.intent if old else 0), _("3 very serious, 0 says nothing")),
    ]
    return Form(_("An answer"), fields, save, [asked.text])


async def take_in(screen: SurveysScreen, survey_id: int | None) -> None:
    """A sheet of answers, looked at before anything is written."""
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.surveys import read_survey
    from qunguan.services import groups, surveys
    from qunguan.tui.screens.table_in import TableKind, ask_table, remember

    room = screen.room
    group = room.group
    zone = (await screen.desk.read(groups.day_rule, group.id if group else None)).zone

    def read(sheet: Sheet, mapping: Mapping | None) -> SurveySheet:
        return read_survey(sheet, zone, mapping, ask=True)

    notes = [_("An export of 问卷星 (.xlsx or .csv), or any table with a column for each question."),
             _("Who answered is told by a name or a phone; used time, source and IP are not kept.")]  # fmt: skip
    labels = {"name": N_("name or nickname of who answered"), "phone": N_("phone")}
    kind = TableKind("survey", words.SURVEY, read, labels, ())
    taken = await ask_table(room, _("Answers to a survey"), notes, kind)
    if taken is None:
        return
    sheet, group_id = taken.found, group.id if group else None
    would = await screen.desk.rehearse(surveys.take_in, sheet, survey_id, group_id)
    title = ngettext("Take in {n} reply?", "Take in {n} replies?", would.added)
    if not await room.push_screen_wait(Confirm(title, _details(would, sheet))):
        return
    await remember(room, kind, taken)
    done = await screen.desk.write(surveys.take_in, sheet, survey_id, group_id)
    screen.open(done.survey_id)
    screen.say(_("{name}: {added} new replies, {replaced} replaced, {same} known already", name=done.name,
                 added=done.added, replaced=done.replaced, same=done.same))  # fmt: skip
    await room.changed()


def _details(would: SurveyTaken, sheet: SurveySheet) -> list[str]:
    """What an import would do, in a few lines."""
    into = _("as a new survey: {name}", name=would.name) if would.made else _("into the survey {name}", name=would.name)
    details = [into]
    if would.replaced or would.same:
        details.append(_("{replaced} take the place of an earlier row, {same} are known already",
                         replaced=would.replaced, same=would.same))  # fmt: skip
    for text, kind in would.questions[:_LISTED]:
        details.append(_("New question: {question} ({kind})", question=text, kind=_(KINDS[kind])))
    if len(would.questions) > _LISTED:
        details.append(_("and {n} more", n=len(would.questions) - _LISTED))
    waits = sum(would.whose.get(by, 0) for by in WAITING)
    if waits:
        details.append(ngettext("{n} names nobody for sure: f, then m settles it",
                                "{n} name nobody for sure: f, then m settles it", waits))  # fmt: skip
    if not sheet.named:
        details.append(_("nobody is named: the answers are counted, and give no tags"))
    refused = sorted((*would.rejected, *sheet.skipped), key=lambda note: note.row)
    return [*details, *map(str, refused[:_LISTED])]


async def say_who(screen: SurveysScreen, one: Whose) -> None:
    """Whose a reply is: one of those it may be, somebody else, or nobody's."""
    from qunguan.services import surveys

    name = one.name or one.number
    choices = [Choice(str(who), label(who, called)) for who, called in one.candidates]
    choices += [
        Choice(_OTHER, _("another member"), _("find them by initials")),
        Choice("nobody", _("nobody"), _("counted without a person, and not asked about again")),
    ]
    title = _("Whose reply is {name}?", name=show(name))
    told = await screen.app.push_screen_wait(Choose(title, choices))
    if told == _OTHER:
        picked = await screen.app.push_screen_wait(FindMember(title, finder(screen)))
        told = None if picked is None else str(picked)
    if told is None:
        return
    who: int | Literal["nobody"] = "nobody" if told == "nobody" else int(told)
    done = await screen.desk.write(surveys.match, one.reply_id, who)
    screen.say(_("{name} is {member}: {n} replies", name=name, member=done.member or _("nobody"), n=done.replies))
    await screen.room.changed()


async def give_tags(screen: SurveysScreen, survey_id: int) -> None:
    """The tags the answers give, looked at first."""
    from qunguan.services import surveys

    plan = await screen.desk.rehearse(surveys.apply, survey_id)
    if not plan:
        screen.say(_("no answer has a tag yet: e on an answer gives it one"))
        return
    given = sum(len(each.new) for each in plan)
    if not given:
        screen.say(_("everybody has the tags of their answers already"))
        return
    title = ngettext("Give {n} tag?", "Give {n} tags?", given)
    if await screen.app.push_screen_wait(Confirm(title, [_tag_line(each) for each in plan])):
        await screen.desk.write(surveys.apply, survey_id)
        screen.say(ngettext("{n} tag given; u takes it back", "{n} tags given; u takes them back", given))
        await screen.room.changed()


def _tag_line(each: Tagging) -> str:
    names = _(", ").join(show(name) for _who, name in each.new[:_LISTED])
    more = "…" if len(each.new) > _LISTED else ""
    there = _("; {n} have it", n=len(each.already)) if each.already else ""
    return labelled(each.tag, f"{names or '—'}{more}{there}")


async def choose_scheme(screen: SurveysScreen, current: str) -> str | None:
    """The scheme the answers are crossed with; "" none, None for Esc."""
    from qunguan.services import segments

    known = await screen.desk.read(segments.all_schemes)
    choices = [Choice("", _("without segments"), _("now") if not current else "")]
    choices += [Choice(each.code, each.name, _("now") if each.code == current else "")
                for each in known if each.enabled]  # fmt: skip
    return await screen.app.push_screen_wait(Choose(_("Cross the answers with which segments?"), choices))
