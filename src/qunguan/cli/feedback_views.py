"""How feedback is answered on the command line: documents for programs, lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.cli.sources import rejected, rejected_lines
from qunguan.domain.clock import DayRule
from qunguan.domain.feedback import (
    KINDS,
    SEVERITIES,
    STATES,
    STEPS,
    Clocked,
    Feedback,
    FeedbackChange,
    FeedbackCounts,
    FeedbackTaken,
    KindChange,
    Limits,
    Median,
    lasted,
    reply_clock,
    settle_clock,
    short,
)
from qunguan.domain.feedback_categories import named
from qunguan.domain.orders import Rate
from qunguan.domain.rosters import RowNote
from qunguan.domain.shares import percent, with_base
from qunguan.i18n import _, ngettext

_WORDS = 36
_NAMED = 5


def document(one: Feedback, limits: Limits, now: datetime) -> dict[str, Any]:
    """One of them as a program reads it; moments in UTC, times in seconds."""
    waits = None if one.waiting_since is None else max(0, int((now - one.waiting_since).total_seconds()))
    return {
        "id": one.id, "group_id": one.group_id, "member_id": one.member_id, "who": one.name, "kind": one.kind,
        "category": one.category, "category_name": named(one.category), "severity": one.severity,
        "channel": one.channel, "text": one.text, "told_at": one.told_at, "day": one.day, "state": one.state,
        "waiting_since": one.waiting_since, "waiting_seconds": waits,
        "first_reply": _clock(reply_clock(one, limits, now)) if one.kind != "praise" else None,
        "resolution": _clock(settle_clock(one, limits, now)) if one.complaint else None,
        "made_good": one.made_good, "order_id": one.order_id, "incident_id": one.incident_id, "drill": one.drill,
        "steps": [{"kind": step.kind, "at": step.at, "text": step.text} for step in one.steps],
    }  # fmt: skip


def _clock(clocked: Clocked) -> dict[str, Any]:
    return {"due_at": clocked.due_at, "done_at": clocked.done_at, "late_seconds": clocked.late_seconds}


def lines(found: Sequence[Feedback], limits: Limits, now: datetime, rules: dict[int, DayRule]) -> list[str]:
    """A line for each."""
    if not found:
        return [_("Nothing here. Next: qunguan feedback add complaint TEXT --who NAME")]
    rows = [
        (one.id, f"{rules[one.group_id].local(one.told_at):%m-%d %H:%M}", _(KINDS[one.kind]), known(one.name),
         known(named(one.category)), stands(one, limits, now), short(one.text, _WORDS))
        for one in found
    ]  # fmt: skip
    header = (_("id"), _("said at"), _("kind"), _("name"), _("category"), _("state"), _("what was said"))
    return columns(header, rows, right=(0,))


def stands(one: Feedback, limits: Limits, now: datetime) -> str:
    """Where it stands, with how long somebody has waited, and whether that is too long."""
    if one.waiting_since is None:
        return _(STATES[one.state])
    waits = lasted(max(0, int((now - one.waiting_since).total_seconds())))
    limit = limits.reply_of(one)
    if limit is not None and now > one.waiting_since + limit:
        return _("has waited {time}: too long", time=waits)
    return _("has waited {time}", time=waits)


def one_lines(one: Feedback, limits: Limits, now: datetime, rule: DayRule) -> Iterator[str]:
    """Everything of one."""
    about = " · ".join(filter(None, (known(one.name), named(one.category), _(SEVERITIES[one.severity]), one.channel)))
    yield f"#{one.id}  {_(KINDS[one.kind])}  {about}"
    yield f"{rule.local(one.told_at):%Y-%m-%d %H:%M}  {stands(one, limits, now)}"
    yield from one.text.splitlines()
    for step in one.steps:
        yield f"{rule.local(step.at):%Y-%m-%d %H:%M}  {_(STEPS[step.kind])}  {short(step.text, 2 * _WORDS)}".rstrip()
    clocks = ((_("first answer"), reply_clock(one, limits, now)), (_("resolution"), settle_clock(one, limits, now)))
    for label, clocked in clocks:
        if clocked.late_seconds:
            yield _("{what}: late by {time}", what=label, time=lasted(clocked.late_seconds))


def counts_document(
    told: FeedbackCounts, moved: FeedbackChange, still_open: Sequence[Feedback], today: int
) -> dict[str, Any]:
    """What it comes to, against the window before; what is still open is of any day."""
    return {
        "window": {"first": moved.first, "last": moved.last, "days": moved.days},
        "before": {"first": moved.before_first, "last": moved.before_last},
        "kinds": [_change(each) for each in moved.kinds],
        "complaints": _change(moved.complaints),
        "categories": [{"category": category, "name": named(category), "n": n} for category, n in told.categories],
        "first_reply": _median(told.reply), "resolution": _median(told.settle),
        "waiting": _waiting(still_open), "open": len(still_open), "today": today,
    }  # fmt: skip


def _change(each: KindChange) -> dict[str, Any]:
    return {"kind": each.kind, "now": each.now, "before": each.before, "change": _rate(each.change), "new": each.new}


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else {"value": rate.value, "n": rate.n}


def _median(found: Median) -> dict[str, Any]:
    return {"median_seconds": found.seconds, "n": found.n, "in_time": _rate(found.in_time)}


def _waiting(still_open: Sequence[Feedback]) -> int:
    return sum(one.state == "waiting" for one in still_open)


def counts_lines(
    told: FeedbackCounts, moved: FeedbackChange, still_open: Sequence[Feedback], today: int
) -> Iterator[str]:
    """What it comes to as people read it."""
    yield _("{first} to {last}, against the {n} days before", first=moved.first, last=moved.last, n=moved.days)
    rows = [(_(KINDS[each.kind]), each.now, each.before, change_said(each))  # type: ignore[index]
            for each in moved.kinds]  # fmt: skip
    rows.append((_("complaints with reviews"), moved.complaints.now, moved.complaints.before,
                 change_said(moved.complaints)))  # fmt: skip
    yield from columns((_("kind"), _("now"), _("before"), _("change")), rows, right=(1, 2, 3))
    for label, found in ((_("first answer"), told.reply), (_("resolution"), told.settle)):
        yield median_said(label, found)
    if told.categories:
        about = _(", ").join(f"{named(category)} ×{n}" for category, n in told.categories[:_NAMED])
        yield _("about: {categories}", categories=about)
    yield _("{waiting} wait for an answer, {open} are not settled; {today} more today",
            waiting=_waiting(still_open), open=len(still_open), today=today)  # fmt: skip


def change_said(each: KindChange) -> str:
    """The change in percent; where there was nothing before, that it is new."""
    if each.change is None:
        return _("new") if each.new else "—"
    return f"{'+' if each.change.value > 0 else ''}{percent(each.change.value)}"


def median_said(label: str, found: Median) -> str:
    """A median with how many it is of, and how many of them were in time."""
    if found.seconds is None:
        return _("{what}: — (n=0)", what=label)
    middle = lasted(found.seconds)
    if found.in_time is None:
        return _("{what}: {time} in the middle (n={n})", what=label, time=middle, n=found.n)
    return _("{what}: {time} in the middle (n={n}), {share} in time", what=label, time=middle, n=found.n,
             share=with_base(found.in_time.value, found.in_time.n))  # fmt: skip


def taken_document(done: FeedbackTaken, refused: Sequence[RowNote]) -> dict[str, Any]:
    """What a sheet brought."""
    return {"added": done.added, "again": done.again, "strangers": list(done.strangers), "rejected": rejected(refused)}


def taken_lines(done: FeedbackTaken, refused: Iterable[RowNote]) -> Iterator[str]:
    """The same as people read it."""
    yield ngettext("{n} line of feedback is new", "{n} lines of feedback are new", done.added)
    if done.again:
        yield ngettext("{n} was written down already", "{n} were written down already", done.again)
    if done.strangers:
        named_so = _(", ").join(done.strangers[:_NAMED])
        yield _("kept by name, because nobody in the roster is called so: {names}", names=named_so)
    yield from rejected_lines(refused)
    yield _("Next: qunguan feedback list")
