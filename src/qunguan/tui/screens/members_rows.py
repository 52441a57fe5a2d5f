"""The roster's table: its columns, and its rows paged from the database."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.groups import Capacity
from qunguan.domain.profiles import RosterLine
from qunguan.domain.tags import join_tags
from qunguan.i18n import N_, _, labelled
from qunguan.services.desk import DeskThread
from qunguan.tui.screens.level_column import Levels
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column, Row

if TYPE_CHECKING:
    from qunguan.domain.rules import RuleState

FILTERS: dict[str, tuple[bool | None, str]] = {
    "present": (True, N_("present")),
    "left": (False, N_("who left")),
    "all": (None, N_("all")),
}
"""What `f` goes through: who is shown (as `view_ids` takes it), and its message ID."""

ORDERS: tuple[tuple[str, bool, str], ...] = (
    ("name", False, N_("by name")),
    ("joined", True, N_("newest first")),
    ("last_day", True, N_("by latest check-in")),
)
"""What `s` goes through: the order, whether it descends, its message ID."""
HITS, ALL_HITS = 200, 10_000
"""A letter is answered with so many hits, the best first, to be quick (quality 1); once typing rests, with all."""
VERDICTS = {"ok": N_("there is room"), "notice": N_("over the suggested size"), "warning": N_("over the largest size")}
SEVERITIES = {"notice": N_("notice"), "warning": N_("warning")}
SORT_COLUMNS = {"name": 0, "joined": 2}


def columns(*, levels: bool = False) -> tuple[Column, ...]:
    """The columns, in the language in force; `levels` where there is a ladder."""
    level = (Column(_("level"), width=6, drop=3),) if levels else ()
    return (
        Column(_("name"), flex=3, minimum=14),
        Column(_("group nickname"), flex=2, minimum=10, drop=7),
        Column(_("joined"), width=11, drop=2),
        Column(_("phone"), width=11, drop=5),
        Column(_("tags"), flex=3, minimum=12, drop=1),
        Column(_("channel"), width=10, drop=6),
        Column(_("streak"), width=4, right=True, drop=4),
        Column(_("points"), width=6, right=True, drop=4),
        *level,
    )


class RosterSource:
    """One sorted and filtered view of the roster: the ids are held, the lines come from the database.

    `hurried` leaves the levels blank: what they follow from is read, and imported, after the first rows.
    """

    def __init__(self, desk: DeskThread, ids: array[int], group_id: int | None, levels: Levels | None = None) -> None:
        self.ids = ids
        self._desk, self._group_id, self._levels = desk, group_id, levels
        self.hurried = False

    @property
    def count(self) -> int:
        """How many members the view has."""
        return len(self.ids)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """A page of lines. Somebody who was erased meanwhile leaves an empty line until the view is made anew."""
        from qunguan.services import profiles

        ids = self.ids[start : start + size]
        lines = await self._desk.read(profiles.roster_lines, self._desk.clock, ids, self._group_id)
        named = None if self._levels is None else {} if self.hurried else await self._levels(list(ids))
        known = {line.member.id: row(line, named) for line in lines}
        return [known.get(member_id) or _gone(member_id, levels=named is not None) for member_id in ids]

    async def find(self, key: int) -> int | None:
        """Where a member is in the view."""
        return await self._desk.call(self._index, key)

    def _index(self, key: int) -> int | None:
        try:
            return self.ids.index(key)
        except ValueError:
            return None


def capacity_lines(found: Capacity | None, states: Sequence[RuleState]) -> list[str | Content]:
    """Why the group is called full or not: the rules with their values and sources, and the number that met them."""
    from qunguan.domain.sources import Brief

    lines: list[str | Content] = []
    if found is not None:
        lines += [_("{n} members are present.", n=found.present), ""]
    for state in states:
        value = str(state.value) if state.enabled else _("switched off")
        own = _(", set by you") if state.changed else ""
        lines.append(joined((labelled(_(state.rule.label), f"{value}{own}"), "bold")))
        lines.append(
            _("{metric} {comparator} {value} gives a {severity}; source {source}", metric=_(state.rule.metric),
              comparator=state.rule.comparator, value=value, severity=_(SEVERITIES[state.rule.severity]),
              source=Brief(state.rule.source))
        )  # fmt: skip
    if found is not None:
        bounds = " / ".join(str(bound) for bound in (found.soft, found.hard) if bound is not None)
        lines += ["", _("In force for this group (its own sizes come first): {bounds}", bounds=bounds or "—")]
        lines.append(_("Verdict: {verdict} {source}", verdict=_(VERDICTS[found.verdict]), source=Brief(found.source)))
    return lines


def headline(found: Capacity | None, view: str) -> list[Content]:
    """How many are present, the verdict with its source, who is shown, and the bounds: what matters most first."""
    shown = literal(view, "not bold")
    if found is None:
        return [shown]
    colour = {"ok": "$text-success", "notice": "$text-warning"}.get(found.verdict, "$text-error")
    sign = {"ok": "●", "notice": "◐"}.get(found.verdict, "▲")
    source = f" {found.source}" if found.source else ""
    bounds = [
        literal(_(words, n=bound))
        for words, bound in ((N_("suggested {n}"), found.soft), (N_("at most {n}"), found.hard))
        if bound is not None
    ]
    verdict = literal(f"{sign} {_(VERDICTS[found.verdict])}{source}", colour)
    return [literal(_("{n} present", n=found.present)), verdict, shown, *bounds]


def row(line: RosterLine, levels: Mapping[int, str] | None = None) -> Row:
    """A member as a line of the table; who left is dim and shows the day with an arrow. `levels` where there is a
    ladder.
    """
    person = line.member
    gone = person.left_on is not None
    streak = "" if line.streak is None else str(line.streak)
    return Row(
        person.id,
        (
            Cell(person.name, "dim" if gone else "strong"),
            person.nick if person.nick != person.name else "",
            Cell(f"→{person.left_on}", "warn") if gone else _day(person.joined_on),
            Cell(person.phone, "dim"),
            join_tags(person.tags),
            person.channel,
            Cell(streak, "good" if line.streak else "dim"),
            Cell(str(line.points), "" if line.points else "dim"),
            *(() if levels is None else (levels.get(person.id, ""),)),
        ),
    )


def _gone(member_id: int, *, levels: bool) -> Row:
    return Row(member_id, (Cell(f"#{member_id}", "dim"), *[""] * (len(columns(levels=levels)) - 1)))


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"
