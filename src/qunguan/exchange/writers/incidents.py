"""An incident as a document: the report for the owner's own files, and what the group is told at the end (S4-18…22)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from qunguan.domain.clock import DayRule
from qunguan.domain.documents import UNKNOWN, Block, Document, Figure, Figures, Grid, Heading, Items, Paragraph
from qunguan.domain.feedback import short
from qunguan.domain.incident_clock import STAGES, StageName, lasting
from qunguan.domain.incident_compensation import Compensation
from qunguan.domain.incident_playbooks import playbook
from qunguan.domain.incidents import SEVERITIES, IncidentView, Review, Stage
from qunguan.domain.money import yuan
from qunguan.domain.tasks import HATS
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

_FOR_GROUP: Final[dict[StageName, str]] = {
    "tell": N_("what was known"),
    "time": N_("what is done by when"),
    "trust": N_("what was kept"),
}
"""What the stages are called where the group reads of them."""
_GIST: Final = 60


@frozen
class Told:
    """What a report is made of: the incident, its group's name and clock, and what was promised whom."""

    view: IncidentView
    group: str
    rule: DayRule
    amends: Sequence[Compensation] = ()

    def at(self, moment: datetime | None) -> str:
        """A moment on the clock of the group."""
        return UNKNOWN if moment is None else f"{self.rule.local(moment):%m-%d %H:%M}"


def report(told: Told) -> Document:
    """Everything: figures, stages word for word, timeline, amends by name, review, what is to be done."""
    blocks = (
        *_figures(told), *_stages(told), *_review(told.view.review), *_to_do(told), *_amends(told), *_hats(told),
        *_timeline(told),
    )  # fmt: skip
    return Document(_title(told), _subtitle(told), blocks, _mark(told), _foot(told))


def for_group(told: Told) -> Document:
    """What the group may read: the last word, what it was told in short and when, how many were made amends, what
    changes. Names, and the review as it was written for oneself, stay out.
    """
    view, review = told.view, told.view.review
    blocks: list[Block] = [Paragraph(review.message)] if review and review.message else []
    lines = [_group_stage(told, stage) for stage in view.stages if stage.done_at]
    if lines:
        blocks += [Heading(_("What we told you, and when")), Items(tuple(lines))]
    people = {one.member_id for one in told.amends}
    if people:
        waiting = {one.member_id for one in told.amends if one.delivered_at is None}
        line = ngettext("{n} person was promised amends, {done} have them",
                        "{n} people were promised amends, {done} have them", len(people),
                        done=len(people - waiting))  # fmt: skip
        blocks += [Heading(_("Amends")), Paragraph(line)]
    if view.actions:
        lines = [_("{what} (by {day})", what=each.title, day=f"{each.due_on:%m-%d}") for each in view.actions]
        blocks += [Heading(_("What changes from now on")), Items(tuple(lines), numbered=True)]
    subtitle = f"{told.group} · {view.incident.biz_date.isoformat()}"
    return Document(_("About {title}", title=view.incident.title), subtitle, tuple(blocks), _mark(told))


def _title(told: Told) -> str:
    return _("Report: {title}", title=told.view.incident.title)


def _mark(told: Told) -> str:
    return _("Drill") if told.view.incident.drill else ""


def _subtitle(told: Told) -> str:
    found = told.view.incident
    state = _("closed {moment}", moment=told.at(found.closed_at)) if found.closed_at else _("still open")
    plan = playbook(found.playbook).name if found.playbook else ""
    t0 = f"T0 {told.rule.local(found.t0):%Y-%m-%d %H:%M}"
    return " · ".join(filter(None, (told.group, _(SEVERITIES[found.severity]), plan, t0, state)))


def _foot(told: Told) -> str:
    if told.view.incident.drill:
        return _("A drill: no member, point or figure outside it was touched. As of {moment}, {zone}.",
                 moment=f"{told.rule.local(told.view.now):%Y-%m-%d %H:%M}", zone=told.rule.zone)  # fmt: skip
    return _("As of {moment}, {zone}.", moment=f"{told.rule.local(told.view.now):%Y-%m-%d %H:%M}", zone=told.rule.zone)


def _figures(told: Told) -> Iterator[Block]:
    gauges, sums = told.view.gauges, told.view.gauges.compensation
    rate = UNKNOWN if gauges.exit_rate is None else f"{100 * gauges.exit_rate:.1f}%"
    parts = [_("{done}/{n} promises", done=sums.delivered, n=sums.promised)]
    if sums.promised_fen:
        parts.append(_("¥{done} of ¥{n}", done=yuan(sums.delivered_fen), n=yuan(sums.promised_fen)))
    if sums.promised_points:
        parts.append(_("{done} of {n} points", done=sums.delivered_points, n=sums.promised_points))
    yield Heading(_("In figures"))
    yield Figures((
        Figure(_("Members who left since T0"), rate, _("{n} of {base}; not more than {limit}", n=gauges.exits,
               base=gauges.members_at_t0, limit=f"{100 * gauges.exit_limit:g}%")),
        Figure(_("Complaints"), str(gauges.complaints_open + gauges.complaints_closed),
               _("{open} open, {closed} closed", open=gauges.complaints_open, closed=gauges.complaints_closed)),
        Figure(_("Amends handed over"), parts[0], _(", ").join(parts[1:])),
    ))  # fmt: skip


def _stages(told: Told) -> Iterator[Block]:
    yield Heading(_("What was told"))
    heads = (_("stage"), _("it was due"), _("told at"), _("late by"), _("posted where"))
    yield Grid(heads, tuple(_stage_row(told, stage) for stage in told.view.stages))
    for stage in told.view.stages:
        if stage.evidence:
            yield Paragraph(
                _("{stage}, {moment}, word for word:", stage=_(STAGES[stage.name]), moment=told.at(stage.done_at))
            )
            yield Paragraph(stage.evidence, quoted=True)
        missing = [check.text for check in stage.checks if check.done_at is None]
        if missing:
            yield Paragraph(_("{stage}: not ticked", stage=_(STAGES[stage.name])))
            yield Items(tuple(missing))


def _stage_row(told: Told, stage: Stage) -> tuple[str, ...]:
    late = lasting(stage.late_seconds) if stage.late_seconds else _("in time") if stage.done_at else UNKNOWN
    at = told.at(stage.done_at) if stage.done_at else _("not told")
    return _(STAGES[stage.name]), told.at(stage.due_at), at, late, stage.place


def _group_stage(told: Told, stage: Stage) -> str:
    line = _("{moment} {stage}: {text}", moment=told.at(stage.done_at), stage=_(_FOR_GROUP[stage.name]),
             text=short(stage.evidence, _GIST))  # fmt: skip
    late = lasting(stage.late_seconds)
    return _("{line} ({late} later than we owed you)", line=line, late=late) if stage.late_seconds else line


def _review(review: Review | None) -> Iterator[Block]:
    yield Heading(_("Review"))
    if review is None:
        yield Paragraph(_("It is not written yet."))
        return
    for label, text in (
        (_("Cause"), review.cause), (_("Impact"), review.impact), (_("What went well"), review.went_well),
        (_("What went badly"), review.went_badly), (_("Told the group at the end"), review.message),
    ):  # fmt: skip
        if text:
            yield Paragraph(_("{label}: {text}", label=label, text=text))


def _to_do(told: Told) -> Iterator[Block]:
    if told.view.actions:
        rows = [
            (each.title, each.due_on.isoformat(), _(HATS[each.hat]), f"#{each.task_id}" if each.task_id else UNKNOWN)
            for each in told.view.actions
        ]
        yield Heading(_("To be done"))
        yield Grid((_("what is to be done"), _("by which day"), _("whose it is"), _("task")), tuple(rows))


def _amends(told: Told) -> Iterator[Block]:
    if told.amends:
        rows = [(one.name, str(one.amends), told.at(one.promised_at), told.at(one.delivered_at)) for one in told.amends]
        yield Heading(_("Amends"))
        yield Grid((_("member"), _("amends"), _("promised"), _("handed over")), tuple(rows))


def _hats(told: Told) -> Iterator[Block]:
    if told.view.roles:
        yield Heading(_("Who did what"))
        yield Items(tuple(_("{label}: {text}", label=_(HATS[role.hat]), text=role.holder) for role in told.view.roles))


def _timeline(told: Told) -> Iterator[Block]:
    rows = [
        (f"{told.rule.local(entry.at):%m-%d %H:%M:%S}", entry.text,
         lasting(entry.late_seconds) if entry.late_seconds else "")
        for entry in told.view.timeline
    ]  # fmt: skip
    yield Heading(_("What happened, line by line"))
    yield Grid((_("when"), _("what happened"), _("late by")), tuple(rows))
