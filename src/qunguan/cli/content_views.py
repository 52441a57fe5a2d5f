"""How `qunguan content` shows posts, weeks and the mix: documents and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.content import STATES, Post, clock_said, ready_text, sub_kind_name
from qunguan.domain.content_mix import KINDS, NAMES, Mix, percent
from qunguan.domain.content_plan import DayPlan, Scheduled, Slot
from qunguan.domain.content_shared import Shared
from qunguan.i18n import _


def post_document(post: Post) -> dict[str, Any]:
    """A post as JSON has it."""
    draft = post.draft
    return {
        "id": post.id, "group_id": post.group_id, "day": post.day, "at_minute": post.at_minute, "title": post.title,
        "kind": post.kind, "sub_kind": draft.sub_kind, "need": draft.need, "author": draft.author,
        "author_id": draft.author_id, "text": draft.text, "ready_text": ready_text(draft), "tags": draft.tags,
        "segments": [{"scheme": scheme, "bucket": bucket} for scheme, bucket in draft.segments],
        "sponsor": draft.sponsor, "disclosure": draft.disclosure, "column_id": draft.column_id,
        "campaign_id": draft.campaign_id, "state": post.state, "posted_at": post.posted_at,
    }  # fmt: skip


def mix_document(mix: Mix) -> dict[str, Any]:
    """The mix as JSON has it: shares 0 to 1, None where nothing stands behind them. `n` is behind the forecast."""
    none = dict.fromkeys(KINDS)
    return {
        "preset": mix.preset.id, "raw": mix.preset.raw, "target": mix.target, "actual": mix.actual or none,
        "forecast": mix.forecast or none, "n": mix.n, "posted": mix.posted, "deviation": mix.deviation or none,
        "counts": mix.counts, "suggestion": mix.suggestion, "from": mix.first, "to": mix.last, "until": mix.until,
        "warnings": [str(each) for each in mix.warnings],
    }  # fmt: skip


def mix_lines(mix: Mix) -> list[str]:
    """The mix as people read it."""
    rows = [
        (mix.preset.called(kind), percent(mix.target[kind]), _share(mix.actual, kind), _share(mix.forecast, kind),
         mix.counts.get(kind, 0))
        for kind in KINDS
    ]  # fmt: skip
    header = (_("kind"), _("target %"), _("posted %"), _("with plans %"), _("posts"))
    head = _("Mix {mix}: {posted} posted up to {last}, {n} with what is planned up to {until}", mix=mix.preset.label,
             posted=mix.posted, last=mix.last, n=mix.n, until=mix.until)  # fmt: skip
    lines = [head, "", *columns(header, rows, right=(1, 2, 3, 4))]
    if mix.warnings:
        lines += ["", *map(str, mix.warnings)]
    elif mix.kept:
        lines += ["", _("✓ the mix is kept")]
    return [*lines, "", _("Next, to come closer to the mix: {kind}", kind=mix.preset.called(mix.suggestion))]


def _share(shares: Any, kind: str) -> str:
    return "—" if shares is None else percent(shares[kind])


def week_lines(days: Sequence[DayPlan], today: date) -> list[str]:
    """Days with their posts; empty places of days that are not over."""
    rows = [
        _row(entry, each.day) for each in days for entry in each.entries if isinstance(entry, Post) or each.day >= today
    ]
    if not rows:
        return [_("Nothing is planned. Next: qunguan content add TITLE --kind KIND --day DATE")]
    header = (_("id"), _("day"), "", _("at"), _("kind"), _("sub-kind"), _("state"), _("title"), _("by"))
    return columns(header, rows, right=(0,))


def _row(entry: Post | Slot, day: date) -> tuple[object, ...]:
    weekday = _(WEEKDAYS[day.weekday()])
    if isinstance(entry, Slot):
        place = entry.column
        return ("—", day, weekday, clock_said(place.at_minute), kind_said(place.kind),
                known(sub_kind_name(place.sub_kind)), _("empty"), place.name, "—")  # fmt: skip
    draft = entry.draft
    title = f"{entry.title} [{draft.sponsor}]" if draft.is_ad else entry.title
    return (entry.id, day, weekday, known(clock_said(entry.at_minute)), kind_said(entry.kind),
            known(sub_kind_name(draft.sub_kind)), _(STATES[entry.state]), title, known(entry.author_name))  # fmt: skip


def kind_said(kind: str) -> str:
    """What a kind is called (C02)."""
    return _(next(name for each, name in NAMES["plain"].items() if each == kind))


def post_line(post: Post) -> str:
    """A post on one line."""
    at = clock_said(post.at_minute)
    return _("Post #{id} {title}: {kind}, {day} {at}, {state}", id=post.id, title=post.title,
             kind=kind_said(post.kind), day=post.day, at=at or _("some time"), state=_(STATES[post.state]))  # fmt: skip


def finding_lines(done: Scheduled) -> Iterable[str]:
    """What was passed over and what is only said."""
    yield from (_("All the same: {why}", why=each) for each in done.accepted)
    yield from (_("Mind: {why}", why=each) for each in done.warnings)


def shared_document(each: Shared) -> dict[str, Any]:
    """A member's piece as JSON has it."""
    return {
        "source": each.source, "id": each.id, "member_id": each.member_id, "name": each.name, "day": each.day,
        "place": each.place, "campaign_id": each.campaign_id, "title": each.title, "text": each.body,
    }  # fmt: skip


def shared_lines(found: Sequence[Shared]) -> list[str]:
    """Members' pieces, a line each."""
    if not found:
        return [_("Nothing waits: here stands what members hand in to a campaign, and check-ins with words")]
    header = (_("day"), _("member"), _("handed in to"), _("title"))
    lines = columns(header, [(each.day, each.name, each.place, each.title) for each in found])
    return [*lines, _("Next: qunguan content add TITLE --kind value --author MEMBER")]
