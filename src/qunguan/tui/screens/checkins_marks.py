"""A member's days by hand, with the questions they need: make up, freeze or excuse, remove; and why a streak is so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from textual.content import Content

from qunguan.domain.checkin_trail import Effect, Trail, TrailLine
from qunguan.domain.checkins import Mark
from qunguan.domain.sources import cited
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import N_, _, labelled, ngettext
from qunguan.tui.screens.checkins_board import MARKS, STATES, day_text
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form, TextView

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen

_EFFECTS: dict[Effect, tuple[str, str]] = {
    "counts": (N_("counts: {n}"), "$text-success"),
    "bridges": (N_("keeps the streak, adds nothing: {n}"), "$text-muted"),
    "open": (N_("still open, breaks nothing: {n}"), "$text-muted"),
    "broken": (N_("broken, back to 0"), "$text-error"),
    "missed": (N_("missed"), "$text-muted"),
}
_SOURCES = {
    "checkin.streak_tiers": N_("extra points for a streak"),
    "checkin.makeup_days": N_("days a missed check-in may be made up"),
    "checkin.makeup_quota": N_("make-ups a month"),
}

_NAMED = 3  # people named one by one


async def make_up(screen: BoardScreen, member_id: int) -> None:
    """Ask which missed day and why, and make it up."""
    from qunguan.services import checkin_member, checkins

    challenge_id = screen.in_hand.id
    found = await screen.desk.read(checkin_member.makeups, screen.desk.clock, challenge_id, member_id)
    name = show(found.name)
    if not found.days:
        text = ngettext(
            "{name} has nothing to make up in the last {n} day",
            "{name} has nothing to make up in the last {n} days",
            found.window,
            name=name,
        )
        screen.say(text, "warning")
        return
    cost = _(" · costs {n} points", n=found.cost) if found.cost else ""
    choices = [
        Choice(day.isoformat(), day_text(day), _("{left} of {quota} make-ups left in the month", left=left,
                                                 quota=found.quota) + cost)
        for day, left in sorted(found.days, key=lambda each: each[0] != screen.day)
    ]  # fmt: skip
    chosen = await screen.ask(Choose(_("Make up which day of {name}?", name=name), choices))
    if chosen is None:
        return
    day = date.fromisoformat(chosen)

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(checkins.mark, challenge_id, member_id, day, "makeup", values["reason"])

    form = Form(
        _("Make up {day} for {name}", day=day_text(day), name=name),
        [Field("reason", _("reason"), hint=_("optional: why it was missed"))],
        save,
    )
    if await screen.ask(form) is not None:
        screen.say(_("Made up {day} for {name}", day=day, name=name))
        await screen.redraw(member_id)


async def away(screen: BoardScreen, ids: list[int]) -> None:
    """Ask for a range of days and a reason, and freeze or excuse them, or take that away."""
    from qunguan.services import checkins

    challenge_id = screen.in_hand.id
    choices = [
        Choice("frozen", _("freeze days"), _("❄ nothing is due, the streak is kept: travel, exams")),
        Choice("excused", _("excuse"), _("○ likewise, for a day that is forgiven afterwards: illness")),
        Choice("none", _("take away"), _("what was frozen or excused is due again; check-ins stay")),
    ]
    named = "、".join(show(screen.name_of(each)) for each in ids[:_NAMED])
    who = named if len(ids) <= _NAMED else _("{n} members", n=len(ids))
    state = cast("Mark | None", await screen.ask(Choose(_("What for {who}?", who=who), choices)))
    if state is None:
        return
    label, told = next(choice.label for choice in choices if choice.id == state), ""

    async def save(values: dict[str, str]) -> None:
        nonlocal told
        first = date_cell(values["first"], serials=False)
        last = date_cell(values["last"], serials=False) if values["last"] else first
        outcome = await screen.desk.write(checkins.mark_range, challenge_id, ids, state, first, last, values["reason"])
        says = _("{who}, {first} to {last}: {what}, {days} days changed")
        if last == first:
            says = _("{who}, {first}: {what}, {days} days changed")
        told = says.format(who=who, first=first, last=last, what=label, days=outcome.days)
        if outcome.kept:
            told += _("; {n} days with a check-in stay as they are", n=outcome.kept)

    fields = [
        Field("first", _("first day"), screen.day.isoformat(), day="near"),
        Field("last", _("last day"), hint=_("empty: that day alone"), day="near"),
        Field("reason", _("reason"), hint=_("optional: travel, exams, illness")),
    ]
    if await screen.ask(Form(f"{label} · {who}", fields, save)) is not None:
        screen.table.marked = ()
        screen.say(told)
        await screen.redraw(*ids)


async def remove(screen: BoardScreen, member_id: int) -> None:
    """Take the record of the day away, after asking."""
    from qunguan.services import checkins

    challenge_id, day = screen.in_hand.id, screen.day
    row = next((row for row in screen.board.rows if row.member_id == member_id), None) if screen.board else None
    name = show(screen.name_of(member_id))
    if row is None or row.state == "none":
        screen.say(_("{name} has no record on {day}", name=name, day=day), "warning")
        return
    title = _("Take away 1 record: {name}, {day}, {state}?", name=name, day=day, state=_(STATES[row.state]))
    details = [_("The points it earned are taken back. u undoes it.")]
    if await screen.ask(Confirm(title, details)):
        await screen.desk.write(checkins.mark, challenge_id, member_id, day, "none")
        await screen.redraw(member_id)


async def why(screen: BoardScreen, member_id: int) -> None:
    """Show how the streak is counted."""
    from qunguan.services import checkin_member

    trail = await screen.desk.read(checkin_member.why, screen.desk.clock, screen.in_hand.id, member_id, screen.day)
    title = _("{name} · streak {n} as of {day}", name=show(trail.name), n=trail.streak, day=trail.day)
    screen.app.push_screen(TextView(title, trail_text(trail)))


def trail_text(trail: Trail) -> list[Content]:
    """The slots, newest first, then what they were judged by and where that comes from."""
    weekly = trail.challenge.cadence.times
    rows = [_trail_line(line, trail) for line in reversed(trail.lines)]
    if not rows:
        rows = [literal(_("no slot has begun yet"), "$text-muted")]
    rule = _("A day that is not due, frozen or excused neither adds nor breaks; today breaks nothing while it is open.")
    if weekly:
        rule = _(
            "A week counts with {n} check-ins in it; frozen or excused days keep a week that falls short.", n=weekly
        )
    if not trail.challenge.makeup_counts:
        rule += " " + _("A make-up keeps the streak and adds nothing.")
    sources = [literal(labelled(_(_SOURCES[key]), source), "$text-muted") for key, source in trail.sources.items()]
    return [*rows, literal(""), literal(rule),
            *(literal(each, "$text-muted") for each in cited("semantics 3.2")), *sources]  # fmt: skip


def _trail_line(line: TrailLine, trail: Trail) -> Content:
    message, style = _EFFECTS[line.effect]
    told = _(message, n=line.run) if "{n}" in message else _(message)
    mark = f"{MARKS[line.state]} {day_text(line.slot)}"
    if trail.challenge.cadence.times:
        mark = _("week of {day}: {n} check-ins", day=day_text(line.slot), n=line.present)
    points = trail.challenge.tiers.get(line.run) if line.effect == "counts" else None
    tier = _("   ★ tier of {n}: +{points} points, once a run", n=line.run, points=points) if points else ""
    return joined(f"{mark}   ", (told, style), (tier, "$text-warning"))
