"""What came of posts: taken from a file, with what it would do first; and compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.content import sub_kind_name
from qunguan.domain.content_mix import KINDS, MixPreset, percent
from qunguan.domain.content_results import BYS, By, Compared, ResultsTaken
from qunguan.domain.rosters import RowNote
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.content_lines import kind_said
from qunguan.tui.screens.table_in import TableKind, ask_table, remember
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.meter import gauge

if TYPE_CHECKING:
    from qunguan.tui.screens.content import ContentScreen

_FIELDS = {
    "title": N_("title"), "date": N_("day"), "audience": N_("people reached"), "reads": N_("people who read it"),
    "clicks": N_("people who clicked"), "replies": N_("answers"), "orders": N_("orders"),
}  # fmt: skip
_SHOWN = 12  # rows that are not taken, named in the question
_BAR, _NAME = 20, 14


async def import_results(screen: ContentScreen) -> None:
    """Ask for a table, say what it would do, do it."""
    room = screen.room
    notes = [_("A table with the title or number of the post and its day; reached, read, clicked, answers, orders."),
             _("A cell that is empty was not counted. The same file again changes nothing.")]  # fmt: skip

    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.content_results import read_results
    from qunguan.services import content

    kind = TableKind("content_results", words.RESULTS, read_results, _FIELDS, ("title",))
    taken = await ask_table(room, _("What came of posts"), notes, kind)
    if taken is None:
        return
    found = taken.found
    would = await screen.desk.rehearse(content.take_in, screen.group.id, found, make=True)
    asked = ngettext("Count {n} post?", "Count {n} posts?", would.added + would.changed)
    if not await room.push_screen_wait(Confirm(asked, _told(would))):
        return
    await remember(room, kind, taken)
    done = await screen.desk.write(content.take_in, screen.group.id, found, make=True)
    screen.say(ngettext("{n} post counted", "{n} posts counted", done.added + done.changed))
    await room.changed()


def _told(would: ResultsTaken) -> list[str]:
    more = _("{same} as before, {made} noted as posted, {rejected} rows not taken", same=would.same, made=would.made,
             rejected=len(would.rejected))  # fmt: skip
    return [more, *_rejected(would.rejected)]


def _rejected(notes: Sequence[RowNote]) -> list[str]:
    told = [str(note) for note in notes[:_SHOWN]]
    left = len(notes) - _SHOWN
    return [*told, ngettext("and {n} more", "and {n} more", left)] if left > 0 else told


async def show_comparison(screen: ContentScreen) -> None:
    """Choose what to compare by, then the bars."""
    from qunguan.services import content

    choices = [Choice(by, _(words)) for by, words in BYS.items()]
    chosen = await screen.app.push_screen_wait(Choose(_("Compare posts by"), choices))
    by = next((each for each in BYS if each == chosen), None)
    if by is None:
        return
    found = await screen.desk.read(content.compare, screen.room.clock, screen.group.id, by)
    preset = await screen.desk.read(content.mix_in_force)
    title = _("What came of the posts of the last 90 days, by {what}", what=_(BYS[by]))
    await screen.app.push_screen(TextView(title, comparison(found, by, preset)))


def comparison(found: Sequence[Compared], by: By, preset: MixPreset) -> list[Content]:
    """A bar of the open rate for each, with the line it should reach."""
    if not any(each.counted for each in found):
        return [literal(_("Nothing is counted yet: r notes what came of a post, i takes in a table."))]
    most = max([each.open_rate.value for each in found if each.open_rate] + [0.2])
    told: list[Content] = []
    for each in found:
        told.append(_bar(each, _name(each.key, by, preset), most))
        rates = ((_("clicked of those reached"), each.ctr), (_("clicked of those who read"), each.ctor))
        told += [
            literal(f"{'':{_NAME}}{words} {percent(rate.value)} % (n={rate.n})", "$text-muted")
            for words, rate in rates
            if rate is not None
        ]
    legend = _("┃ is what they should reach: {all} % of those reached, coupons {coupon} %",
               all=_line(found, "alert.open_pct"), coupon=_line(found, "alert.coupon_open_pct"))  # fmt: skip
    return [*told, Content(""), literal(legend, "$text-muted")]


def _bar(each: Compared, name: str, most: float) -> Content:
    rate, bar = each.open_rate, each.bar
    met = None if bar is None else bar.met
    style = "" if met is None else "$text-success" if met else "$text-error"
    return joined(
        (name + " " * max(1, _NAME - literal(name).cell_length), "bold"),
        (gauge(rate.value if rate else None, most, [(bar.value, True)] if bar else [], _BAR), style),
        f" {percent(rate.value)} % " if rate else " — ", (f"n={rate.n} " if rate else "", "$text-muted"),
        ("" if met is None else "✓ " if met else "✗ ", style),
        (_("{counted}/{n} counted", counted=each.counted, n=each.n), "$text-muted"),
    )  # fmt: skip


def _line(found: Sequence[Compared], rule: str) -> str:
    return next((percent(each.bar.value) for each in found if each.bar and each.bar.rule == rule), "—")


def _name(key: str, by: By, preset: MixPreset) -> str:
    if by == "kind":
        return next((kind_said(preset, kind) for kind in KINDS if kind == key), key)
    if by == "hour" and key:
        return f"{key}:00"
    return sub_kind_name(key) or _("none")
