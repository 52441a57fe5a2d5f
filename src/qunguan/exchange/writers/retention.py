"""Retention in words and as a table: what faces and reports share."""

from __future__ import annotations

from collections.abc import Mapping

from qunguan.domain.checkin_outcomes import Rate
from qunguan.domain.retention import CellWhy, Retention
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import N_, _, labelled

_NAMES = 30
UNKNOWN = "—"
KINDS = {
    "classic": N_("active on exactly that day"),
    "rolling": N_("active on that day or later"),
}
"""What a kind counts, as message IDs."""


def rate_text(rate: Rate | None) -> str:
    """`25% (8)`, or — where nobody's day has passed, or no record tells of it."""
    return UNKNOWN if rate is None else f"{rate.value:.0%} ({rate.n})"


def both_kinds(found: Retention) -> str:
    """D1 of both kinds side by side: they differ, and a label without its kind means nothing."""
    both = (found.overall, found.other) if found.kind == "classic" else (found.other, found.overall)
    return _("D1 (that day): {classic}; D1 (then or later): {rolling}", classic=rate_text(both[0][1]),
             rolling=rate_text(both[1][1]))  # fmt: skip


def known_text(found: Retention) -> str:
    """From which day on figures are known; "" where no cohort began before it."""
    if not found.partly:
        return ""
    if found.known_from is None:
        return _("no record tells who was active: every figure is unknown")
    return _("known from {day} on", day=found.known_from)


def notes(found: Retention) -> list[str]:
    """What to mind: from when on figures are known, who is in no cohort, and which days no chat tells of."""
    told = []
    if found.partly and found.known_from is not None:
        told.append(_("No record tells who was active before {day}: cells that begin earlier are —",
                       day=found.known_from))  # fmt: skip
    elif found.partly:
        told.append(_("no record tells who was active: every figure is unknown"))
    if found.outside:
        said = N_("Without a join date, so in no cohort: {n}")
        if found.born == "first_seen":
            said = N_("Never active, so in no cohort: {n}")
        told.append(_(said, n=found.outside))
    if found.told_from is None:
        if found.counts != "checkins":
            told.append(_("No chats were imported: messages count nowhere"))
        return told
    told.append(_("Chats are known from {first} to {last}; cells outside lack messages", first=found.told_from,
                   last=found.told_to))  # fmt: skip
    if found.born == "first_seen":
        told.append(_("In the first days of a chat everybody looks new: {first} and shortly after is no real cohort",
                       first=found.told_from))  # fmt: skip
    return told


def why_lines(found: CellWhy, names: Mapping[int, str]) -> list[str]:
    """Who stands behind a cell, by name."""
    said = [
        labelled(_(KINDS[found.kind]), rate_text(found.rate)),
        *(str(each) for each in found.reasons),
    ]
    groups = (
        (_("active"), found.kept), (_("not active"), found.lost), (_("not over yet"), found.waiting),
        (_("no record"), found.untold),
    )  # fmt: skip
    for title, ids in groups:
        if ids:
            some = "、".join(names.get(member_id, f"#{member_id}") for member_id in ids[:_NAMES])
            more = _(", and {n} others", n=len(ids) - _NAMES) if len(ids) > _NAMES else ""
            said.append(f"{title} ({len(ids)}): {some}{more}")
    return said


def retention_table(found: Retention) -> Table:
    """A line for each cohort, newest last, and all of them together; a share and its base for each cell."""
    weekly = found.cohort == "week"
    heads = [f"D{number}" for number in found.overall] + ([f"W{number}" for number in found.weeks] if weekly else [])
    columns = [Column("start", _("Week from") if weekly else _("Joined"), "date"), Column("size", _("People"), "int")]
    for head in heads:
        columns += [Column(head, head, "rate"), Column(f"{head}_n", f"{head} n", "int")]
    rows: list[tuple[Value, ...]] = []
    for each in found.cohorts:
        rates = [*each.cells.values(), *(each.weeks.values() if weekly else ())]
        rows.append((each.start, each.size, *_flat(rates)))
    return Table(_("Retention"), tuple(columns), rows)


def _flat(rates: list[Rate | None]) -> list[Value]:
    return [part for rate in rates for part in ((rate.value, rate.n) if rate else (None, None))]


def retention_text(found: Retention, group: str) -> str:
    """The figures of all cohorts together, for a note to oneself or a colleague."""
    lines = [_("{group}, {kind}, as of {day}", group=group, kind=_(KINDS[found.kind]), day=found.as_of)]
    rates = {f"D{number}": rate for number, rate in found.overall.items()}
    if found.cohort == "week":
        rates |= {f"W{number}": rate for number, rate in found.weeks.items()}
    lines += [f"{head}  {rate_text(rate)}" for head, rate in rates.items()]
    return "\n".join([*lines, both_kinds(found), *notes(found)])
