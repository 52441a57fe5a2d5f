"""What happened in an incident, line by line: what was told and typed, and what only happened (semantics 3.17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from qunguan.domain.clock import DayRule
from qunguan.domain.incident_clock import STAGES, Limits, Post, late_seconds, owed, stages
from qunguan.domain.incident_promise import counted_from
from qunguan.domain.incidents import SEVERITIES, Incident, TimelineEntry
from qunguan.domain.tasks import HATS
from qunguan.i18n import N_, _, labelled, ngettext
from qunguan.values import frozen

_GIVEN: Final = {
    "promised": (N_("Amends promised: {n}"), N_("Amends promised: {n}")),
    "delivered": (N_("Amends handed over: {n}"), N_("Amends handed over: {n}")),
}


@frozen
class Happened:
    """What was written down at a moment: its kind, its words, and what it is about (a stage, a hat)."""

    at: datetime
    kind: str
    text: str = ""
    about: str = ""


def lines(
    found: Incident, happened: Sequence[Happened], posts: Sequence[Post], now: datetime, times: Limits, rule: DayRule
) -> list[TimelineEntry]:
    """The timeline as of `now`, in order. What was told late says by how much, what is owed and missing is a line of
    its own.
    """
    made = [TimelineEntry(found.t0, "start", _("T0: it was noticed"))]
    if found.opened_at != found.t0:
        made.append(TimelineEntry(found.opened_at, "opened", _("The clocks were started")))
    made += _posted(found, posts, now, times, rule)
    made += [TimelineEntry(each.at, each.kind, _said(found, each, rule)) for each in happened]
    if found.closed_at:
        made.append(TimelineEntry(found.closed_at, "closed", _("Closed")))
    return sorted(made, key=lambda entry: entry.at)


def _posted(
    found: Incident, posts: Sequence[Post], now: datetime, times: Limits, rule: DayRule
) -> Iterator[TimelineEntry]:
    def promised(post: Post) -> datetime:
        return counted_from(post.text, post.at, times.update, rule)

    by_name = {stage.name: stage for stage in stages(found.t0, posts, now, times)}
    for post in posts:
        stage = by_name.pop(post.stage, None)  # type: ignore[call-overload]
        name, late = (_("Update"), 0) if stage is None else (_(STAGES[stage.name]), stage.late_seconds)
        yield TimelineEntry(post.at, post.stage, _where(name, post), late)
    for stage in by_name.values():
        if stage.late_seconds:
            missing = _("{stage} was due, and was not told", stage=_(STAGES[stage.name]))
            yield TimelineEntry(stage.due_at, "missed", missing, stage.late_seconds)
    silent_until = min(now, found.t0 + times.updates_for)
    for due, came in owed(found.t0, posts, now, times, promised):
        if came is None:
            heard = min((post.at for post in posts if post.at > due), default=max(due, silent_until))
            yield TimelineEntry(due, "missed", _("An update was due, and none came"), late_seconds(due, heard))
        elif (late := late_seconds(due, came.at)) and came.stage != "tell":  # of Tell it is said already
            yield TimelineEntry(due, "missed", _("An update was due, and came late"), late)


def _where(what: str, post: Post) -> str:
    return labelled(f"{what} · {post.place}" if post.place else what, post.text)


def _said(found: Incident, each: Happened, rule: DayRule) -> str:
    """A line that was written down, in the language in force."""
    match each.kind:
        case "t0":
            first = found.first_t0 or found.t0
            return _("T0 was corrected: from {old} to {new}", old=_local(first, rule), new=_local(found.t0, rule))
        case "severity":
            old, _blank, new = each.text.partition(" ")
            return _("Severity: {old} → {new}", old=_severity(old), new=_severity(new))
        case "clock":
            told = datetime.fromisoformat(each.text)
            return _("The computer's clock was set back to {moment}; the times run on", moment=_local(told, rule))
        case "check":
            return _("Ticked: {point}", point=each.text)
        case "role":
            hat = _(HATS[each.about])  # type: ignore[index]
            return _("{hat}: {name}", hat=hat, name=each.text) if each.text else _("{hat}: nobody", hat=hat)
        case "promised" | "delivered":
            return ngettext(*_GIVEN[each.kind], int(each.text))
        case "complaint":
            return _("A complaint came in")
        case "review":
            return _("The review was written")
    return each.text


def _severity(code: str) -> str:
    return _(SEVERITIES[code]) if code in SEVERITIES else code


def _local(moment: datetime, rule: DayRule) -> str:
    return f"{rule.local(moment):%m-%d %H:%M:%S}"
