"""How the agenda is drawn: its rows, the two lines above them, the answer to why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain import sources
from qunguan.domain.actions import nouns
from qunguan.domain.today import KINDS, Agenda, Evidence, Line, Share, Yesterday, greeting, near
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

_METER = 8
_UNKNOWN = "—"
_WRONG = ("crisis", "notice", "full", "alarm", "unanswered", "late", "overdue")
_DOES: Mapping[str, str] = {
    "close": N_("close"), "backup": N_("backup"), "give": N_("give it"), "thank": N_("settle"),
    "look": N_("look at it"),
}  # fmt: skip
_MARK_STYLES: Mapping[str, CellStyle] = {"!": "bad", "○": "missed", "◐": "warn", "●": "done"}
_STATE_MARKS: Mapping[str, str] = {"done": "●", "skipped": "−", "postponed": "→"}


class Rows:
    """The agenda as the rows of a table. Keys of lines become numbers that stay the same while the program runs."""

    def __init__(self, lines: Sequence[Line], numbers: dict[str, int], group_id: int | None = None) -> None:
        """`group_id` is the group in hand; lines of other groups carry their group's name."""
        self._lines = {numbers.setdefault(line.key, len(numbers)): line for line in lines}
        self._rows = [Row(key, _cells(line, group_id)) for key, line in self._lines.items()]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> Sequence[Row]:
        """A page of the rows; all of them are here."""
        return self._rows[start : start + size]

    async def find(self, key: int) -> int | None:
        """Where the line with this number stands, or None."""
        return next((index for index, row in enumerate(self._rows) if row.key == key), None)

    def line(self, key: int | None) -> Line | None:
        """The line with this number, or None when it is no longer there."""
        return None if key is None else self._lines.get(key)


def columns() -> tuple[Column, ...]:
    """Mark, kind, text, and where Enter leads to."""
    leads = _("leads to")
    kinds = [_(label) for label in KINDS.values()]
    kinds.append(str(near(date(2000, 12, 31), date(2000, 1, 1))))  # the longest day that stands in their place
    known = ("members", "checkins", "points", "settings", "levels", "rewards", "orders", "alerts", "sops", "content")
    ways = [_where(noun) for noun in known]
    ways += [leads, *(_where("", _(word)) for word in _DOES.values())]
    return (
        Column("", width=1),
        Column("", width=max(map(cell_len, kinds))),
        Column(_("to do today"), flex=1, minimum=20),
        Column(leads, width=max(map(cell_len, ways)), drop=1),
    )


def headline(agenda: Agenda, *, more: bool = False) -> Content:
    """A greeting, and how much there is; with `more`, so far: the rest is being read."""
    n = sum(not line.settled for line in agenda.lines)
    told = ngettext("{n} thing for today.", "{n} things for today.", n) if n else _("Nothing is due today.")
    if more:
        told = f"{told.rstrip('.。')}…" if n else "…"
    return joined((_(greeting(agenda.hour)), "bold"), f" {told}")


def yesterday_parts(yesterday: Yesterday | None) -> list[Content]:
    """The day before, part by part; what is not known is a dash."""
    if yesterday is None:
        return []
    first, *others = [*map(_share, yesterday.shares)] or [_("check-ins {rate}", rate=_UNKNOWN)]
    points = f"+{_count(yesterday.granted)} −{_count(yesterday.spent)}"
    if yesterday.spent is None:  # of a day before the first points neither is known; else nobody spent any
        points = _UNKNOWN if yesterday.granted is None else f"+{yesterday.granted}"
    parts = [
        _("Yesterday: {share}", share=first),
        *others,
        _("joined {n}", n=_count(yesterday.joined)),
        _("left {n}", n=_count(yesterday.left)),
        _("points {n}", n=points),
    ]
    if told := yesterday.tasks:
        late = _(" ({n} late)", n=told.late) if told.late else ""
        parts.append(_("tasks {done}/{planned}{late}", done=told.done, planned=told.planned, late=late))
    return [literal(part) for part in parts]


def why(line: Line, *, with_text: bool) -> list[str]:
    """The numbers behind a line, each rule with its value and its source; the ready text where it is not on screen."""
    told = [str(line.text), ""]
    for _of, group in groupby(line.evidence, key=lambda each: (each.rule, each.source, each.value)):
        evidence = list(group)
        told += [f"· {each.met}" for each in evidence]
        told += [*_rule(evidence[0]), ""]
    if with_text and line.ready_text:
        told += [_("y copies:"), *line.ready_text.splitlines()]
    return told


def _rule(evidence: Evidence) -> Iterator[str]:
    from qunguan.domain.rules import preset  # after the first frame

    if evidence.rule:
        rule = preset(evidence.rule)
        yield _(
            "  rule: {label} — {metric} {comparator} {value}",
            label=_(rule.label),
            metric=_(rule.metric),
            comparator=rule.comparator,
            value=evidence.value,
        )
    told = (*sources.cited(evidence.source), evidence.rule)
    yield _("  source: {source}", source=" · ".join(filter(None, told)))


def _cells(line: Line, group_id: int | None) -> tuple[Cell | str, ...]:
    mark = _mark(line)
    text = str(line.text)
    if line.group and line.group_id != group_id:
        text = _("[{group}] {text}", group=line.group, text=text)
    elif line.done and line.due:
        text = f"{text}  {meter(line.done, line.due, _METER)}"
    does = _(_DOES[line.does]) if line.does in _DOES else ""
    return (
        Cell(mark, _MARK_STYLES.get(mark, "dim")),
        Cell(_(KINDS[line.kind]) if line.at is None else str(line.at), "dim"),
        Cell(text, "dim") if line.settled else text,
        Cell("" if line.does == "nothing" else _where(line.target.screen, does), "dim"),
    )


def _mark(line: Line) -> str:
    """How urgent a line is, readable without colour: ! is wrong, ○ ◐ ● tell how far a check-in is, ● is done; a task
    that was left out is −, one that was moved →.
    """
    if line.does == "nothing":
        return "●"
    if line.settled:
        return _STATE_MARKS[line.state]
    if line.kind in _WRONG:
        return "!"
    if line.kind != "checkin":
        return "·"
    return "○" if not line.done else "●" if line.done == line.due else "◐"


def _where(noun: str, does: str = "") -> str:
    return f"→ {does or dict(nouns())[noun].rpartition(' · ')[2]}"  # of a screen with rooms, the room


def _share(share: Share) -> str:
    if not share.due:
        return f"{share.challenge} {_UNKNOWN}"
    return f"{share.challenge} {share.done / share.due:.0%} ({share.done}/{share.due})"


def _count(number: int | None) -> str:
    return _UNKNOWN if number is None else str(number)
