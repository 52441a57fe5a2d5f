"""A report as a document, as JSON, and as the file its name asks for: outcomes above, leading figures below (C32)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from qunguan.domain.documents import (
    Block,
    Cell,
    Chart,
    Document,
    Grid,
    Heading,
    Items,
    Line,
    Number,
    NumberKind,
    Paragraph,
)
from qunguan.domain.errors import BadInput
from qunguan.domain.report_words import UNKNOWN, cause_said, change_said, label, said
from qunguan.domain.reports import (
    KINDS,
    LABELS,
    Column,
    Curve,
    Figure,
    Listing,
    Period,
    Planned,
    Report,
    Suggestion,
)
from qunguan.domain.sources import Brief
from qunguan.domain.tasks import HATS, Load
from qunguan.exchange.writers.atomic import atomic_write
from qunguan.exchange.writers.html import html
from qunguan.exchange.writers.markdown import markdown
from qunguan.exchange.writers.plain import plain
from qunguan.exchange.writers.report_json import as_json
from qunguan.exchange.writers.worksheet import write_worksheet
from qunguan.i18n import N_, _, ngettext

SUFFIXES: Final = (".md", ".html", ".xlsx", ".txt", ".json")
_MOST_PLANNED: Final = 24
_FEW: Final = 5
"""Lines of a part of the text for the chat: reasons, plan."""
_KINDS: Final[Mapping[str, NumberKind]] = {"share": "rate", "fen": "money", "ratio": "ratio", "per_day": "ratio"}
_NEXT: Final = {
    "daily": N_("Tomorrow"),
    "weekly": N_("Next week"),
    "monthly": N_("Next month"),
}
_PLANNED: Final = {
    "task": N_("task"),
    "post": N_("post"),
    "campaign": N_("a campaign"),
    "challenge": N_("a challenge"),
    "renewal": N_("renewal"),
    "festival": N_("festival"),
    "action": N_("promised"),
}


def suffix_of(path: Path) -> str:
    """Which form the name asks for. Raises BadInput for none of SUFFIXES."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        hint = N_("End the name with one of {suffixes}.")
        raise BadInput("cannot write this kind of file", where=str(path), hint=hint, suffixes=" ".join(SUFFIXES))
    return suffix


def write_report(path: Path, report: Report, limit: int) -> None:
    """Write a report as its name asks for, whole or not at all; as text in at most `limit` characters.

    Raises BadInput for another suffix, and what `atomic_write` raises.
    """
    suffix = suffix_of(path)
    if suffix == ".xlsx":
        atomic_write(path, partial(write_worksheet, document(report)))
    elif suffix == ".json":
        told = json.dumps(as_json(report), ensure_ascii=False, indent=2, allow_nan=False)
        atomic_write(path, told.encode("utf-8", "replace") + b"\n")
    elif suffix == ".txt":
        atomic_write(path, (text(report, limit) + "\n").encode())
    else:
        atomic_write(path, {".md": markdown, ".html": html}[suffix](document(report)).encode())


def text(report: Report, limit: int) -> str:
    """The report as one message of a chat, in at most `limit` characters."""
    return plain(brief(report), limit)


# -- the document


def document(report: Report) -> Document:
    """Everything a report says."""
    blocks = (
        *_figures(_("What came of it"), report.outcomes), *_figures(_("What leads to it"), report.leading),
        *map(_chart, report.curves), *_happened(report), *_changed(report), *_suggested(report), *_plan(report),
        *_hats(report.hats), *_listings(report.listings), *report.extra,
    )  # fmt: skip
    foot = _("Counted by qunguan of what the file knew on {day}. — is unknown; n is what a share is of.",
             day=report.as_of or report.period.until)  # fmt: skip
    return Document(title(report), _subtitle(report), blocks, _mark(report), foot)


def brief(report: Report) -> Document:
    """What a chat message has room for: figures line by line, the first reasons, the suggestions, the first plans."""
    blocks = [
        *_lines(_("What came of it"), report.outcomes), *_lines(_("What leads to it"), report.leading),
        *(_chart(each) for each in report.curves[:1]), *_changed(report, _FEW), *_suggested(report, short=True),
        *_plan(report, _FEW),
    ]  # fmt: skip
    return Document(title(report), _subtitle(report), tuple(blocks), _mark(report))


def title(report: Report) -> str:
    """What it is and of whom."""
    return _("{kind}: {whose}", kind=_(KINDS[report.kind]), whose=report.of or report.group)


def _subtitle(report: Report) -> str:
    parts = [report.group if report.of else "", span(report.period)]
    if report.against is not None:
        parts.append(str(report.against))
    if report.before is not None:
        parts.append(
            _("against {before}", before=span(report.before)) if report.against is None else span(report.before)
        )
    return " · ".join(filter(None, parts))


def span(period: Period) -> str:
    """The days that are told."""
    if period.days == 1:
        return period.first.isoformat()
    return _("{first} to {last}", first=period.first, last=period.until)


def _mark(report: Report) -> str:
    if report.mark is not None:
        return str(report.mark)
    return "" if report.period.over else _("Not over yet: up to {day}", day=report.period.until)


def _figures(head: str, figures: Iterable[Figure]) -> Iterator[Block]:
    told = tuple(figures)
    if not told:
        return
    heads = (_("key figure"), _("now"), "n", _("before"), "n", _("change"), _("bar"))
    yield Heading(head)
    if any(each.before is not None for each in told):
        yield Grid(heads, tuple(map(_figure_row, told)), frozenset({1, 2, 3, 4, 5}))
    else:
        rows = tuple((*row[:3], row[-1]) for row in map(_figure_row, told))
        yield Grid((*heads[:3], heads[-1]), rows, frozenset({1, 2}))
    unknown = [_("{label} is unknown: {why}", label=label(each), why=_("; ").join(map(str, each.why)))
               for each in told if each.value is None and each.why]  # fmt: skip
    if unknown:
        yield Items(tuple(unknown))


def _figure_row(each: Figure) -> tuple[Cell, ...]:
    n, before_n = ("" if unit_n is None else _number("count", unit_n) for unit_n in (each.n, each.before_n))
    return (label(each), _number(each.unit, each.value), n, _number(each.unit, each.before), before_n,
            change_said(each), _bar(each))  # fmt: skip


def _bar(each: Figure) -> str:
    bar = next((bar for bar in each.bars if bar.applies), None)
    if bar is None:
        return ""
    mark = {True: "✓", False: "✗", None: ""}[bar.met]
    return f"{'≤' if each.rising is False else '≥'} {said(each.unit, bar.value)} {mark}".rstrip()


def _number(unit: str, value: float | None) -> Number:
    return Number(said(unit, value), value, _KINDS.get(unit, "int"))


def _lines(head: str, figures: Iterable[Figure]) -> Iterator[Block]:
    """Figures a line each, a share with its n; unknown ones together on one line."""
    told = tuple(figures)
    if not told:
        return
    lines = [_line(each) for each in told if each.value is not None]
    unknown = _(", ").join(label(each) for each in told if each.value is None)
    yield Heading(head)
    yield Paragraph("\n".join([*lines, _("{label}: {value}", label=unknown, value=UNKNOWN)] if unknown else lines))


def _line(each: Figure) -> str:
    value = said(each.unit, each.value) if each.n is None else f"{said(each.unit, each.value)} (n={each.n})"
    change = change_said(each)
    words = N_("{label}: {value}") if change == UNKNOWN else N_("{label}: {value}  {change}")
    return _(words, label=label(each), value=value, change=change)


def _chart(curve: Curve) -> Chart:
    lines = [Line(_("this period"), curve.now)]
    if curve.before:
        lines.append(Line(_("the one before"), curve.before))
    return Chart(_(LABELS[curve.code]), curve.labels, tuple(lines), _KINDS.get(curve.unit, "int"))


def _happened(report: Report) -> Iterator[Block]:
    if report.happened:
        yield Heading(_("What happened"))
        yield Items(tuple(str(each.text) for each in report.happened))


def _changed(report: Report, most: int | None = None) -> Iterator[Block]:
    if report.before is None:
        return
    yield Heading(_("What changed, and why it may have"))
    lines = [cause_said(each) for each in report.causes[:most]]
    moved = _(", ").join(f"{_(LABELS[each.code])} {change_said(each)}" for each in report.unexplained[:most])
    if moved:
        lines.append(_("nothing on hand tells why {figures}", figures=moved))
    if lines:
        yield Items(tuple(lines))
    else:
        yield Paragraph(_("Nothing changed enough to look for a reason."))


def _suggested(report: Report, *, short: bool = False) -> Iterator[Block]:
    yield Heading(_("What to do"))
    if report.suggestions:
        yield Items(tuple(suggestion_said(each, short=short) for each in report.suggestions), numbered=True)
        return
    yield Paragraph(_("All is well: nothing has to be put right."))
    if report.keep:
        yield Items(tuple(map(str, report.keep)))


def suggestion_said(each: Suggestion, *, short: bool = False) -> str:
    """What to do and why, with the rule and where it comes from."""
    words = N_("{do} ({because})") if short or not each.rule \
        else N_("{do} — {because} (rule {rule}, {source})")  # fmt: skip
    return _(words, do=str(each.do), because=str(each.because), rule=each.rule, source=Brief(each.source))


def _plan(report: Report, most: int = _MOST_PLANNED) -> Iterator[Block]:
    yield Heading(_(_NEXT.get(report.kind, N_("What comes next"))))
    if not report.plan and not report.more:
        yield Paragraph(_("Nothing is planned."))
        return
    lines = [planned_said(each) for each in report.plan[:most]]
    rest = len(report.plan) - len(lines)
    if rest > 0:
        lines.append(ngettext("…and {n} more line", "…and {n} more lines", rest))
    if report.more:
        lines.append(ngettext("and {n} step that comes every day", "and {n} steps that come every day", report.more))
    yield Items(tuple(lines))


def planned_said(each: Planned) -> str:
    """One thing that is planned, on its day."""
    kind = _(_PLANNED[each.kind])
    if each.note is None:
        return _("{day} {kind}: {title}", day=f"{each.day:%m-%d}", kind=kind, title=each.title)
    return _("{day} {kind}: {title} ({note})", day=f"{each.day:%m-%d}", kind=kind, title=each.title, note=each.note)


def _hats(loads: Iterable[Load]) -> Iterator[Block]:
    """The workload by hat (C33)."""
    rows = tuple(map(_hat, loads))
    if rows:
        heads = (
            _("hat"), _("tasks that were due"), _("done of them"), _("of them late"), _("skipped"), _("never done"),
            _("still to be done"),
        )  # fmt: skip
        yield Heading(_("The work by hat"))
        yield Grid(heads, rows, frozenset(range(1, 7)))


def _hat(load: Load) -> tuple[Cell, ...]:
    tally = load.tally
    counts = tally.planned, tally.done, tally.late, tally.skipped, tally.missed, tally.open
    return _(HATS[load.hat]), *(Number(str(n), n) for n in counts)


def _listings(listings: Iterable[Listing]) -> Iterator[Block]:
    for each in listings:
        yield Heading(_(each.title))
        numbers = frozenset(place for place, column in enumerate(each.columns) if column.unit != "text")
        rows = tuple(tuple(map(_cell, each.columns, row)) for row in each.rows)
        yield Grid(tuple(_(column.label) for column in each.columns), rows, numbers)


def _cell(column: Column, value: Any) -> Cell:
    if column.unit != "text":
        return _number(column.unit, value)
    return UNKNOWN if value is None else str(value)
