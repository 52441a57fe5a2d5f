"""How reports are drawn: the list of what there is, the text beside it, how figures are counted."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from qunguan.domain.report_words import label, said
from qunguan.domain.reports import KINDS, OF, Report, Subject
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column

_OF = {
    "challenge": N_("a challenge"), "campaign": N_("a campaign"), "crisis": N_("a bad day"), "member": N_("a member"),
}  # fmt: skip
_TOLD = {True: N_("met"), False: N_("not met"), None: N_("unknown")}


def columns() -> tuple[Column, ...]:
    """One column: what it is."""
    return (Column(_("report of"), flex=1),)


def cells(one: Subject) -> tuple[Cell | str, ...]:
    """The kind, and of what where it is of something."""
    if one.kind not in OF:
        return (_(KINDS[one.kind]),)
    if not one.name:
        return (_("Member report: m chooses"),)
    return (_("{kind}: {whose}", kind=_(_OF[one.kind]), whose=one.name),)


def headline() -> Content:
    """What to do here."""
    return joined((_("Reports"), "bold"), "  ", _("[ and ] through the periods · y copies · Enter writes a file"))


def preview(text: str) -> Content:
    """The text as it is, headings bold."""
    return Content("\n").join(
        joined((line, "bold")) if line.startswith("【") and line.endswith("】") else literal(line)
        for line in text.splitlines()
    )


def why(report: Report) -> list[str]:
    """How each figure is counted and which bars it is held against; then the rules of the suggestions."""
    return [*_figures(report), *_rules(report)]


def _figures(report: Report) -> Iterator[str]:
    for each in report.figures:
        counted = _("; ").join(map(str, each.why))
        yield _("{label}: {value}", label=label(each), value=said(each.unit, each.value))
        if counted:
            yield f"  {counted}"
        for bar in each.bars:
            yield "  " + _("bar {value}, {met} ({source})", value=said(each.unit, bar.value), met=_(_TOLD[bar.met]),
                           source=Brief(bar.source))  # fmt: skip


def _rules(report: Report) -> Iterator[str]:
    for each in report.suggestions:
        yield ""
        yield str(each.do)
        yield "  " + _("because {because} ({rule}, {source})", because=str(each.because), rule=each.rule or "—",
                       source=Brief(each.source))  # fmt: skip
