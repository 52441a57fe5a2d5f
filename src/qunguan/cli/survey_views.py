"""How surveys are told on the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import columns, known
from qunguan.cli.sources import rejected, rejected_lines
from qunguan.domain.members import label
from qunguan.domain.survey_counts import Bar, Spread, Voice
from qunguan.domain.surveys import (
    KINDS,
    LEVELS,
    PURPOSES,
    WAITING,
    Preset,
    Question,
    Survey,
    SurveySheet,
    SurveyTaken,
    Tagging,
)
from qunguan.exchange.writers.surveys import blocks, bucket_name, letter, share
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.services.survey_whose import Whose
    from qunguan.services.surveys import Shown

_NAMED = 8


def survey_document(one: Survey) -> dict[str, Any]:
    """A survey as JSON has it."""
    return {
        "id": one.id, "name": one.name, "purpose": one.purpose, "group": one.group_id, "questions": one.questions,
        "replies": one.replies, "waiting": one.waiting, "last_day": one.last_day,
    }  # fmt: skip


def survey_lines(found: Sequence[Survey]) -> list[str]:
    """The surveys as a table."""
    if not found:
        return [_("There is no survey yet: qunguan survey preset newcomer makes one, qunguan survey import FILE takes "
                  "in answers")]  # fmt: skip
    header = ("#", _("survey"), _("for"), _("questions in it"), _("replies in"), _("who is it?"), _("last"))
    rows = [
        (one.id, one.name, _(PURPOSES[one.purpose]), one.questions, one.replies, known(one.waiting or None),
         known(one.last_day))
        for one in found
    ]  # fmt: skip
    return columns(header, rows, right=(0, 3, 4, 5))


def preset_document(one: Preset) -> dict[str, Any]:
    """A question set as JSON has it."""
    return {"id": one.id, "name": one.name, "purpose": one.purpose, "source": one.source,
            "questions": [text for text, _kind, _options in one.questions]}  # fmt: skip


def preset_lines(found: Iterable[Preset]) -> list[str]:
    """The question sets as a table."""
    rows = [(one.id, one.name, _(PURPOSES[one.purpose]), len(one.questions), one.source) for one in found]
    return columns((_("set"), _("survey"), _("for"), _("questions in it"), _("source")), rows, right=(3,))


def shown_document(told: Shown, voices: Sequence[Voice], people: bool) -> dict[str, Any]:
    """A survey with its answers; `people` adds who replied."""
    levels: Counter[str] = Counter(each.level or "unknown" for each in voices)
    document = survey_document(told.survey) | {
        "replies": told.replies,
        "respondents": told.people,
        "questions": [_question_document(each, told.buckets) for each in told.spreads],
        "intent": {level: levels[level] for level in (*LEVELS, "unknown")},
        "buckets": [{"code": code, "name": name} for code, name in told.buckets.items()],
    }
    return document | ({"people": list(map(_voice_document, voices))} if people else {})


def _question_document(each: Spread, buckets: dict[str, str] | Any) -> dict[str, Any]:
    return {
        "id": each.question.id, "no": each.question.position, "text": each.question.text, "kind": each.question.kind,
        "n": each.n, "mean": each.mean, "median": each.median, "more": each.more,
        "answers": [_bar_document(bar, bool(buckets)) for bar in each.bars],
    }  # fmt: skip


def _bar_document(bar: Bar, crossed: bool) -> dict[str, Any]:
    option = bar.option
    told = {
        "text": bar.text, "n": bar.n, "share": bar.share, "option": option.id if option else None,
        "tag": option.tag if option else "", "intent": option.intent if option else None,
    }  # fmt: skip
    return told | ({"by": dict(bar.by or {})} if crossed else {})


def _voice_document(each: Voice) -> dict[str, Any]:
    return {
        "reply": each.reply_id, "number": each.number, "name": each.name, "member": each.member_id,
        "matched_by": each.matched_by, "day": each.day, "intent": each.intent, "level": each.level,
        "settled_on": each.settled_on,
    }  # fmt: skip


def shown_lines(told: Shown, voices: Sequence[Voice], people: bool) -> Iterator[str]:
    """The answers question by question with bars; then how serious those are who answered."""
    yield _("{name}: {n} replies", name=told.survey.name, n=told.replies)
    if told.people < told.replies:
        yield _("{n} people: of who replied again the newest counts", n=told.people)
    for each in told.spreads:
        yield ""
        question = each.question
        yield _("{no}. {question} ({kind}, n={n})", no=question.position, question=question.text,
                kind=_(KINDS[question.kind]), n=each.n)  # fmt: skip
        if each.mean is not None:
            yield "   " + _("{mean:.1f} on average, {median:g} in the middle", mean=each.mean, median=each.median)
        yield from _bar_lines(each, told)
        if each.more:
            yield "   " + ngettext("and {n} other answer", "and {n} other answers", each.more)
    levels = Counter(each.level for each in voices if each.level)
    if levels:
        yield ""
        yield _("How serious: {told}", told=_(", ").join(f"{_(LEVELS[level])} {levels[level]}" for level in LEVELS))
    if told.survey.waiting:
        yield _("{n} replies wait for their person: qunguan survey match {name}", n=told.survey.waiting,
                name=told.survey.name)  # fmt: skip
    if people:
        yield ""
        yield from voice_lines(voices)


def _bar_lines(each: Spread, told: Shown) -> list[str]:
    rows = []
    for place, bar in enumerate(each.bars):
        mark = letter(place) if bar.option else "·"
        crossed = [f"{bucket_name(name)} {(bar.by or {}).get(code, 0)}" for code, name in told.buckets.items()
                   if (bar.by or {}).get(code)]  # fmt: skip
        rows.append((f"   {mark}", blocks(bar.share), share(bar), bar.text.replace("\n", " "), "  ".join(crossed)))
    return columns(("   ", "", "", "", ""), rows, right=(2,))[1:] if rows else []


def voice_lines(voices: Sequence[Voice]) -> list[str]:
    """Who replied, the newest first."""
    rows = [
        (each.number, label(each.member_id, each.name) if each.member_id else each.name or _("nobody named"), each.day,
         known(each.intent), _(LEVELS[each.level]) if each.level else "—", known(each.settled_on))
        for each in voices
    ]  # fmt: skip
    header = (_("number of the reply"), _("member"), _("day"), _("intent"), _("what it means"), _("spoken with on"))
    return columns(header, rows, right=(3,))


def questions_lines(found: Sequence[Question]) -> Iterator[str]:
    """What a survey asks, with the tags and intents of its options."""
    for each in found:
        yield _("{no}. {question} ({kind})", no=each.position, question=each.text, kind=_(KINDS[each.kind]))
        rows = [
            (f"   {letter(place)}", option.text, known(option.tag), f"{option.intent:+d}" if option.intent else "")
            for place, option in enumerate(each.options)
        ]
        yield from columns(("   ", "", "", ""), rows, right=(3,))[1:] if rows else []


def question_document(each: Question) -> dict[str, Any]:
    """A question with its options as JSON has it."""
    options = [
        {"id": option.id, "text": option.text, "tag": option.tag, "intent": option.intent} for option in each.options
    ]
    return {"id": each.id, "no": each.position, "text": each.text, "kind": each.kind, "options": options}


def taken_document(done: SurveyTaken, sheet: SurveySheet, waiting: Sequence[Whose]) -> dict[str, Any]:
    """What an import did as JSON has it."""
    return {
        "survey": {"id": done.survey_id, "name": done.name}, "made": done.made, "added": done.added,
        "replaced": done.replaced, "same": done.same,
        "questions": [{"text": text, "kind": kind} for text, kind in done.questions],
        "whose": dict(done.whose), "waiting": list(map(whose_document, waiting)), "rejected": rejected(done.rejected),
        "skipped": rejected(sheet.skipped), "left_out": list(sheet.left_out),
    }  # fmt: skip


def taken_lines(done: SurveyTaken, sheet: SurveySheet, waiting: Sequence[Whose]) -> Iterator[str]:
    """What an import did."""
    yield _("{name}: {added} new replies, {replaced} replaced, {same} known already", name=done.name, added=done.added,
            replaced=done.replaced, same=done.same)  # fmt: skip
    if done.made:
        yield _("It is a new survey")
    for text, kind in done.questions:
        yield _("New question: {question} ({kind})", question=text, kind=_(KINDS[kind]))
    waits = sum(done.whose.get(by, 0) for by in WAITING)
    nobody = sum(done.whose.get(by, 0) for by in ("anonymous", "nobody"))
    yield _("Of the sheet {told} are told, {waits} wait to be told, {nobody} are nobody's",
            told=sum(done.whose.values()) - waits - nobody, waits=waits, nobody=nobody)  # fmt: skip
    if not sheet.named:
        yield _("No column says who answered, so nobody is named: --map name=COLUMN says which does")
    if sheet.left_out:
        yield _("Not kept: {columns}", columns=_(", ").join(sheet.left_out))
    if waiting:
        yield ngettext("{n} reply waits for its person:", "{n} replies wait for their person:", len(waiting))
        yield from whose_lines(waiting)
    yield from rejected_lines(sorted((*done.rejected, *sheet.skipped), key=lambda note: note.row))


def whose_document(one: Whose) -> dict[str, Any]:
    """A reply whose person is to be told."""
    return {"reply": one.reply_id, "number": one.number, "name": one.name, "day": one.day,
            "candidates": [{"id": who, "name": name} for who, name in one.candidates]}  # fmt: skip


def whose_lines(found: Sequence[Whose]) -> list[str]:
    """Who is to be told, with whom it may be."""
    rows = [
        (one.number, one.name, one.day, " / ".join(label(who, name) for who, name in one.candidates) or "—")
        for one in found
    ]
    return columns((_("number of the reply"), _("name"), _("day"), _("may be")), rows)


def tagging_document(each: Tagging) -> dict[str, Any]:
    """A tag with who gets it."""
    return {"tag": each.tag, "new": [{"id": who, "name": name} for who, name in each.new],
            "already": [{"id": who, "name": name} for who, name in each.already]}  # fmt: skip


def tagging_lines(found: Sequence[Tagging]) -> list[str]:
    """A tag a line: how many get it, how many have it, who gets it."""
    rows = []
    for each in found:
        names = _(", ").join(name for _who, name in each.new[:_NAMED]) + ("…" if len(each.new) > _NAMED else "")
        rows.append((each.tag, len(each.new), len(each.already), names or "—"))
    if not rows:
        return [_("No option has a tag: qunguan survey option NAME QUESTION OPTION --tag TAG gives one")]
    return columns((_("tag"), _("new"), _("there"), _("who gets it")), rows, right=(1, 2))
