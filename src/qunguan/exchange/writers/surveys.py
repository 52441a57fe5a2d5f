"""A survey going out: as a text for the group, as one that 问卷星 takes in, its result as a text and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from qunguan.domain.surveys import KINDS, LEVELS, Kind, Question
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.survey_counts import Bar, Spread, Voice

_FORM: Final[dict[Kind, str]] = {"one": "单选题", "many": "多选题", "number": "填空题", "text": "填空题"}
"""What 问卷星 calls the kinds; its form is read by a Chinese program, so it is not translated."""
_BARS = 8  # answers of a question that a text for the group tells
_CELLS = 10


def group_text(name: str, intro: str, questions: Sequence[Question]) -> str:
    """The questions for the group or a private message, to be answered with 1A 2BC."""
    parts = [intro or name]
    for each in questions:
        several = _(" (as many as fit)") if each.kind == "many" and not each.text.endswith(("）", ")")) else ""
        lines = [f"{each.position}. {each.text}{several}"]
        lines += [f"   {letter(place)} {option.text}" for place, option in enumerate(each.options)]
        parts.append("\n".join(lines))
    if any(each.options for each in questions):
        parts.append(_("Answer with numbers and letters: 1A 2BC; write the rest in your own words."))
    return "\n\n".join(parts)


def form_text(name: str, intro: str, questions: Sequence[Question]) -> str:
    """The questions as 问卷星 takes in a text: 1. 题目[单选题], an option a line, a blank line between."""
    parts = ["\n".join(filter(None, (name, " ".join(intro.split()))))]
    for each in questions:
        lines = [f"{each.position}. {each.text}[{_FORM[each.kind]}]"]
        parts.append("\n".join([*lines, *(option.text for option in each.options)]))
    return "\n\n".join(parts)


def result_text(name: str, replies: int, spreads: Sequence[Spread]) -> str:
    """What came of it, for the group: choices with people and shares; what was written freely is told by its number."""
    head = ngettext("{name}: {n} person answered, thank you!", "{name}: {n} people answered, thank you!", replies,
                    name=name)  # fmt: skip
    parts = [head]
    for each in spreads:
        lines = [f"{each.question.position}. {each.question.text}"]
        if not each.n:
            lines.append("   " + _("nobody answered this yet"))
        elif each.question.kind == "text":
            lines.append("   " + ngettext("{n} person wrote something", "{n} people wrote something", each.n))
        elif each.mean is not None and not each.question.options:
            lines.append("   " + _("{mean:.1f} on average, {median:g} in the middle (n={n})", mean=each.mean,
                                   median=each.median, n=each.n))  # fmt: skip
        else:
            bars = sorted((bar for bar in each.bars if bar.n), key=lambda bar: -bar.n)
            lines += [f"   {blocks(bar.share)} {bar.text} {share(bar)}" for bar in bars[:_BARS]]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def share(bar: Bar) -> str:
    """How many gave an answer, and their share: 7（35 %）."""
    return _("{n} ({share:.0f} %)", n=bar.n, share=100 * bar.share)


def blocks(part: float) -> str:
    """A share as characters that every phone draws alike: ▓▓▓░░░░░░░."""
    full = min(_CELLS, max(round(part * _CELLS), 1 if part else 0))
    return "▓" * full + "░" * (_CELLS - full)


def letter(place: int) -> str:
    """What an option is called: A, B … Z, then 27, 28 …."""
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def bucket_name(name: str) -> str:
    """The name of a bucket answers are crossed with; "" is who is in none."""
    return name or _("in none of them")


def result_table(title: str, spreads: Iterable[Spread], buckets: Mapping[str, str]) -> Table:
    """An answer a line with number and share, tag and intent; a column for each bucket where answers were crossed."""
    columns = (
        Column("no", _("no."), "int"), Column("question", _("question")), Column("kind", _("kind")),
        Column("answer", _("answer")), Column("n", _("people"), "int"), Column("answered", _("answered"), "int"),
        Column("share", _("share"), "rate"), Column("tag", _("tag")), Column("intent", _("intent"), "int"),
        *(Column(f"bucket_{code or 'none'}", bucket_name(name), "int") for code, name in buckets.items()),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (
            each.question.position, each.question.text, _(KINDS[each.question.kind]), bar.text, bar.n, each.n,
            bar.share, bar.option.tag if bar.option else "", bar.option.intent if bar.option else None,
            *((bar.by or {}).get(code, 0) for code in buckets),
        )
        for each in spreads
        for bar in each.bars
    ]  # fmt: skip
    return Table(title, columns, rows)


def people_table(name: str, voices: Iterable[Voice]) -> Table:
    """Who replied, a line each: when, how serious they are, whether somebody has spoken with them."""
    columns = (
        Column("number", _("number of the reply")), Column("id", _("member id"), "int"), Column("name", _("name")),
        Column("day", _("day"), "date"), Column("intent", _("intent"), "int"), Column("level", _("what it means")),
        Column("settled_on", _("spoken with on"), "date"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.number, each.member_id, each.name, each.day, each.intent, _(LEVELS[each.level]) if each.level else "",
         each.settled_on)
        for each in voices
    ]  # fmt: skip
    return Table(name, columns, rows)
