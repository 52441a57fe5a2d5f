"""How surveys are drawn: a line each; opened, its answers as bars, who replied, and whose replies wait to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from textual.content import Content

from qunguan.domain.survey_counts import Bar, Spread, Voice
from qunguan.domain.surveys import KINDS, LEVELS, PURPOSES, Level, Question, Survey, presets
from qunguan.domain.text import match_key
from qunguan.domain.today import near
from qunguan.exchange.writers.surveys import bucket_name, letter, share
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.services.survey_whose import Whose
    from qunguan.services.surveys import Shown

View = Literal["answers", "people", "waiting"]
VIEWS: Final[dict[View, str]] = {
    "answers": N_("question by question"), "people": N_("who replied"), "waiting": N_("who is still to be told"),
}  # fmt: skip
Style = Literal["", "dim", "good", "warn", "strong", "done"]
MARKS: Final[dict[Level, tuple[str, Style]]] = {"high": ("●", "good"), "mid": ("·", ""), "low": ("○", "warn")}
_ORDER: Final[tuple[Level | None, ...]] = ("high", "low", "mid", None)
_BAR = 16
_NAMED = 30


@frozen
class AnswerLine:
    """A line of the answers: a question, or (`bar`) one answer to it, `place` counted from 0."""

    spread: Spread
    bar: Bar | None = None
    place: int = 0


# -- the list of surveys


def columns() -> tuple[Column, ...]:
    """Name, purpose, how many questions and replies, how many of whom are to be told, the last day."""
    return (
        Column(_("survey"), flex=1, minimum=14), Column(_("for"), width=10, drop=1),
        Column(_("questions in it"), width=7, right=True, drop=2), Column(_("replies in"), width=7, right=True),
        Column(_("who is it?"), width=8, right=True), Column(_("last"), width=12),
    )  # fmt: skip


def cells(one: Survey, today: date) -> tuple[Cell | str, ...]:
    """The line of a survey."""
    style: Style = "" if one.replies else "dim"
    last = str(near(one.last_day, today)) if one.last_day else "—"
    return (
        Cell(one.name, style), Cell(_(PURPOSES[one.purpose]), "dim"), Cell(str(one.questions), "dim"),
        Cell(str(one.replies), style), Cell(str(one.waiting or "—"), "warn" if one.waiting else "dim"),
        Cell(last, "dim"),
    )  # fmt: skip


def headline(found: Sequence[Survey]) -> Content:
    """How many surveys with how many replies."""
    replies, waiting = sum(one.replies for one in found), sum(one.waiting for one in found)
    parts = [
        literal(ngettext("{n} survey", "{n} surveys", len(found)), "bold"),
        literal(ngettext("{n} reply", "{n} replies", replies)),
    ]
    if waiting:
        parts.append(literal(_("{n} wait for their person", n=waiting), "$text-warning"))
    return Content("   ").join(parts)


def side(one: Survey, asked: Sequence[Question]) -> Content:
    """What the survey asks."""
    parts = [literal(one.name, "bold"), literal(_(PURPOSES[one.purpose]), "$text-muted")]
    if one.intro:
        parts += [Content(""), lines(one.intro, "$text-muted")]
    parts.append(Content(""))
    for each in asked:
        options = " / ".join(option.text for option in each.options)
        parts.append(literal(f"{each.position}. {each.text}"))
        parts.append(literal("   " + (options or _(KINDS[each.kind])), "$text-muted"))
    if not asked:
        parts.append(literal(_("It asks nothing yet: Enter, then n adds a question."), "$text-muted"))
    return Content("\n").join(parts)


def empty_text() -> str:
    """What an empty list says."""
    names = " / ".join(each.name for each in presets().values())
    return _("What do your people want? Ask them, before you guess.\n\na makes a survey of a ready set: {names}\n"
             "y copies its questions for the group or 问卷星, i takes the answers in again.", names=names)  # fmt: skip


# -- the answers


def answer_lines(told: Shown, search: str) -> list[AnswerLine]:
    """Each question with its answers below; with a search those that hold it."""
    wanted, found = match_key(search), []
    for each in told.spreads:
        bars = [AnswerLine(each, bar, place) for place, bar in enumerate(each.bars)]
        if wanted and wanted not in match_key(each.question.text):
            bars = [line for line in bars if line.bar and wanted in match_key(line.bar.text)]
            if not bars:
                continue
        found += [AnswerLine(each), *bars]
    return found


def answer_columns() -> tuple[Column, ...]:
    """The answer, its bar, how many with their share, tag, intent."""
    return (
        Column("", width=2), Column(_("answer"), flex=1, minimum=32), Column("", width=_BAR, drop=1),
        Column(_("people"), width=11, right=True), Column(_("tag"), width=16, drop=3),
        Column(_("intent"), width=6, right=True, drop=2),
    )  # fmt: skip


def answer_cells(line: AnswerLine) -> tuple[Cell | str, ...]:
    """A question, or an answer with its bar."""
    question, bar = line.spread.question, line.bar
    if bar is None:
        kind = _(KINDS[question.kind])
        mean = "" if line.spread.mean is None else _("⌀ {mean:.1f}", mean=line.spread.mean)
        return (Cell(str(question.position), "strong"), Cell(question.text, "strong"), Cell(kind, "dim"),
                Cell(f"n={line.spread.n}", "dim"), Cell(mean, "dim"), Cell("", "dim"))  # fmt: skip
    style: Style = "" if bar.n else "dim"
    option = bar.option
    return (
        Cell(letter(line.place) if option else "·", "dim"), Cell(" ".join(bar.text.split()), style),
        Cell(gauge(bar.share, 1.0, (), _BAR) if question.kind != "text" else "", style), Cell(share(bar), style),
        Cell(option.tag if option else "", "dim"),
        Cell(f"{option.intent:+d}" if option and option.intent else "", "dim"),
    )  # fmt: skip


def opened_headline(told: Shown, voices: Sequence[Voice], view: View, scheme: str) -> Content:
    """The survey, how many replied, how serious they are, which view, crossed with what."""
    parts = [
        literal(told.survey.name, "bold"),
        literal(ngettext("{n} reply", "{n} replies", told.replies)),
    ]
    if told.people < told.replies:
        parts.append(literal(_("{n} people: of who replied again the newest counts", n=told.people)))
    levels = Counter(each.level for each in voices if each.level)
    if levels:
        style = "$text-success" if levels["high"] else ""
        parts.append(literal(_("{high} serious, {low} only looking in", high=levels["high"], low=levels["low"]), style))
    if told.survey.waiting:
        parts.append(literal(_("{n} wait for their person", n=told.survey.waiting), "$text-warning"))
    if view != "answers":
        parts.append(literal(_(VIEWS[view]), "$text-accent"))
    if scheme:
        parts.append(literal(_("by {scheme}", scheme=scheme), "$text-accent"))
    return Content("   ").join(parts)


def question_side(each: Spread, words: Sequence[tuple[str, str]]) -> Content:
    """The question, what its numbers are, what was written freely."""
    question = each.question
    parts = [
        literal(f"{question.position}. {question.text}", "bold"),
        literal(f"{_(KINDS[question.kind])} · n={each.n}", "$text-muted"),
    ]
    if each.mean is not None:
        parts.append(literal(_("{mean:.1f} on average, {median:g} in the middle", mean=each.mean, median=each.median)))
    if each.more:
        parts.append(literal(ngettext("and {n} other answer", "and {n} other answers", each.more), "$text-muted"))
    if words:
        parts.append(Content(""))
    for name, text in words[:_NAMED]:
        parts.append(joined((f"{name or '—'}  ", "$text-muted"), " ".join(text.split())))
    return Content("\n").join(parts)


def bar_side(line: AnswerLine, names: Sequence[str], buckets: Mapping[str, str]) -> Content:
    """An answer: how many, tag and intent, by bucket, and who they are."""
    bar = line.bar
    assert bar is not None
    parts = [lines(bar.text, "bold"), literal(_("{share} of n={n}", share=share(bar), n=line.spread.n))]
    if bar.option and bar.option.tag:
        parts.append(literal(_("tag: {tag}", tag=bar.option.tag), "$text-accent"))
    if bar.option and bar.option.intent:
        parts.append(literal(_("intent {n}", n=f"{bar.option.intent:+d}")))
    if buckets:
        parts.append(Content(""))
    for code, name in buckets.items():
        if n := (bar.by or {}).get(code, 0):
            parts.append(joined(f"{n:>4} ", (bucket_name(name), "$text-muted")))
    if names:
        parts += [Content(""), lines(_(", ").join(name or "—" for name in names[:_NAMED]))]
    return Content("\n").join(parts)


# -- people


def sorted_voices(found: Iterable[Voice], search: str) -> list[Voice]:
    """The serious ones first, then who only looks in; of each those nobody has spoken with on top."""
    wanted = match_key(search)
    here = [each for each in found if wanted in match_key(f"{each.name} {each.number}")]
    return sorted(here, key=lambda each: (_ORDER.index(each.level), each.settled_on is not None))


def voice_columns() -> tuple[Column, ...]:
    """How serious, who, when, the sum, whether somebody spoke with them."""
    return (
        Column("", width=1), Column(_("member"), flex=1, minimum=12), Column(_("what it means"), width=16, drop=1),
        Column(_("intent"), width=6, right=True), Column(_("day"), width=12), Column(_("spoken with on"), width=14),
    )  # fmt: skip


def voice_cells(each: Voice, today: date) -> tuple[Cell | str, ...]:
    """The line of somebody who replied."""
    mark, style = MARKS[each.level] if each.level else ("—", "dim")
    style = "dim" if each.settled_on else style
    name = each.name or _("nobody named")
    settled = f"✓ {near(each.settled_on, today)}" if each.settled_on else "—"
    return (
        Cell(mark, style), Cell(name if each.member_id or not each.name else f"{name} ?", style),
        Cell(_(LEVELS[each.level]) if each.level else "—", "dim"),
        Cell("—" if each.intent is None else str(each.intent)),
        Cell(str(near(each.day, today)), "dim"), Cell(settled, "dim"),
    )  # fmt: skip


def reply_side(name: str, reply: Sequence[tuple[Question, tuple[str, ...]]]) -> Content:
    """What somebody said, question by question, with what it says of how serious they are."""
    parts = [literal(name or _("nobody named"), "bold"), Content("")]
    for question, texts in reply:
        parts.append(literal(f"{question.position}. {question.text}", "$text-muted"))
        for text in texts:
            option = question.option(text)
            intent = f"  {option.intent:+d}" if option and option.intent else ""
            parts.append(joined(("   ", ""), " ".join(text.split()), (intent, "$text-accent")))
        if not texts:
            parts.append(literal("   —", "$text-muted"))
    return Content("\n").join(parts)


def whose_columns() -> tuple[Column, ...]:
    """The name of the sheet, when, whom it may be."""
    return (
        Column(_("name"), flex=1, minimum=12), Column(_("number of the reply"), width=8, drop=1),
        Column(_("day"), width=12),
        Column(_("may be"), flex=2, minimum=16),
    )  # fmt: skip


def whose_cells(one: Whose, today: date) -> tuple[Cell | str, ...]:
    """The line of a reply whose person is to be told."""
    maybe = " / ".join(name for _who, name in one.candidates)
    return (Cell(one.name), Cell(one.number, "dim"), Cell(str(near(one.day, today)), "dim"), Cell(maybe or "—", "dim"))


def opened_empty(view: View, told: Shown) -> str:
    """What an empty list of an opened survey says."""
    if view == "waiting":
        return _("Everybody who gave a name is known. f shows the answers again.")
    if view == "people" or told.survey.questions:
        return _("Nobody replied yet.\n\ny copies the questions; i takes in the answers: an export of 问卷星, or any "
                 "table.")  # fmt: skip
    return _("It asks nothing yet: n adds a question; i takes in a table with its questions and answers.")
