"""How an import of chats is told: before it is done, line by line, and after."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from qunguan.domain.activity import FORMAT_NAMES
from qunguan.domain.activity_chains import ChainFound
from qunguan.domain.activity_outcomes import ActivityImported, ImportOutlook
from qunguan.domain.activity_people import WHYS, Waiting
from qunguan.domain.members import label
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.activity_reading import Terms
from qunguan.tui.text import literal
from qunguan.tui.widgets.paged_table import Cell, Column, Row

_ADDED = 4  # names in one row


def columns() -> tuple[Column, ...]:
    """Line of the file, what becomes of it, details."""
    return (Column(_("line"), width=6, right=True), Column("", width=8), Column(_("details"), flex=1, minimum=20))


class Rows:
    """What needs a look, one line each: who waits, what was not understood, notes, who is new, 接龙."""

    def __init__(self, outlook: ImportOutlook) -> None:
        self._rows = list(_rows(outlook))

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [Row(place, cells) for place, cells in enumerate(self._rows[start : start + size], start)]


def _rows(outlook: ImportOutlook) -> Iterator[tuple[str, Cell, str]]:
    done = outlook.done
    for reason in (*done.notes, *(note for file in done.files for note in file.notes)):
        yield "", Cell(_("note"), "dim"), str(reason)
    for one in outlook.waiting:
        yield "", Cell(_("waits"), "warn"), _waits(one)
    for note in (note for file in done.files for note in file.rejections):
        yield str(note.row), Cell(_("rejected"), "bad"), str(note.reason)
    for place in range(0, len(outlook.added), _ADDED):
        yield "", Cell(_("new"), "good"), "、".join(outlook.added[place : place + _ADDED])
    for chain in reversed(done.chains):
        yield "", Cell(_("接龙"), "done"), chain_text(chain)


def _waits(one: Waiting) -> str:
    may = " / ".join(f"{label(each.member_id, each.name)} {_(WHYS[each.why])}" for each in one.suggestions[:2])
    said = ngettext("{n} message", "{n} messages", one.messages)
    return f"{one.name or one.key} · {said} — {may or _('nobody like it')}"


def chain_text(chain: ChainFound) -> str:
    """A 接龙 in a few words: heading, day, how many stand in it."""
    day = str(chain.day) if chain.day else _("no day")
    return " · ".join((chain.title or _("no heading"), day, ngettext("{n} line in it", "{n} lines in it", chain.items)))


def counts(done: ActivityImported) -> str:
    """Which file of which exporter tells of which days, and the group it goes to."""
    file = done.files[0]
    days = _("{first} to {last}", first=_day(done.first), last=_day(done.last))
    return f"{file.name} · {_(FORMAT_NAMES[file.format])} · {days} → {'、'.join(file.groups)}"


def _day(at: object) -> str:
    return str(at)[:10] if at is not None else "—"


def sums(done: ActivityImported) -> str:
    """What is new in it, and what is known already."""
    if not done.changed:
        return _("Nothing new: all of it is there already")
    parts = [ngettext("{n} new message", "{n} new messages", done.messages)]
    if done.joins:
        parts.append(ngettext("{n} joined", "{n} joined", done.joins))
    if done.leaves:
        parts.append(ngettext("{n} left the group", "{n} left the group", done.leaves))
    if done.recalled:
        parts.append(ngettext("{n} taken back", "{n} taken back", done.recalled))
    if done.duplicates_skipped:
        parts.append(_("known already {n}", n=done.duplicates_skipped))
    if done.undated:
        parts.append(_("without a day {n}", n=done.undated))
    rejected = sum(file.rejected for file in done.files)
    if rejected:
        parts.append(ngettext("{n} line was not understood", "{n} lines were not understood", rejected))
    return " · ".join(parts)


def people(done: ActivityImported) -> str:
    """Who speaks: known, new, waiting; nothing where nothing is new."""
    if not done.changed:
        return ""
    speakers = ngettext("{n} speaker", "{n} speakers", done.matched + done.new + done.unresolved)
    told = _("People: {matched} known, {new} added, {waiting} unclear", matched=done.matched, new=done.new,
             waiting=done.unresolved)  # fmt: skip
    return f"{speakers} · {told}"


def decided(done: ActivityImported, terms: Terms) -> str:
    """The terms, each with its key."""
    new = _("whoever is new becomes a member (n)") if terms.new_members else _("whoever is new waits (n)")
    kept = _("the words of nothing are kept (k)")
    if terms.keep_questions:
        kept = ngettext("{n} question is kept (k)", "{n} questions are kept (k)", done.questions)
    return f"{new} · {kept} · {_('which group (g)')}"


def told(done: ActivityImported) -> Iterator[Content]:
    """What was done."""
    yield literal(counts(done), "bold")
    yield literal(sums(done))
    if done.changed:
        yield literal(people(done))
    if done.questions:
        yield literal(ngettext("{n} question was kept", "{n} questions were kept", done.questions))
    yield from (literal(str(note), "$text-warning") for note in done.notes)


def next_steps(done: ActivityImported, waiting: int) -> Iterator[Content]:
    """What can be done now: settle who waits, record what was found, take it back."""
    yield Content("")
    if waiting:
        text = ngettext("{n} person in all waits to be known: 2, then Tab to Who is who",
                        "{n} people in all wait to be known: 2, then Tab to Who is who", waiting)  # fmt: skip
        yield literal(text, "$text-warning")
    if done.chains:
        yield literal(
            ngettext("{n} 接龙 stands in it; it is offered next", "{n} 接龙 stand in it; they are offered next",
                     len(done.chains))
        )  # fmt: skip
    if done.changed:
        yield literal(_("u takes it all back."), "dim")
