"""The report of a campaign: its review as a report, held against the past runs of its form (S0-34, S1-31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain.alert_words import SUGGESTIONS
from qunguan.domain.campaign_views import Line, Review, Share
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.documents import Block, Heading, Paragraph
from qunguan.domain.insights import Bar
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.reports import Column, Fact, Figure, Listing, Period, Planned, Report, Suggestion
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import RuleState
from qunguan.i18n import N_, _
from qunguan.services import campaigns, groups
from qunguan.services.report_asked import Asked
from qunguan.store.session import Session


def of_campaign(session: Session, clock: Clock, found: Campaign, day: date | None) -> Report:
    """The report of a campaign as it stood at the end of a day (None: now). Raises Refused before it was planned."""
    told = campaigns.review(session, clock, found.id, day)
    group = groups.get(session, found.group_id)
    today = day or clock.today(group.day_rule)
    period = Period(found.from_day, found.to_day, min(found.to_day, max(today, found.from_day)))
    asked = Asked(session, clock, group, "campaign", period, None)
    outcomes, leading = tuple(_outcomes(told)), tuple(_leading(told, asked))
    figures = outcomes + leading
    suggested = advice(Ground(figures, others=tuple(_others(told, asked, today))), asked.states)
    return Report(
        "campaign", group.id, group.name, period, None, outcomes, leading,
        tuple(Fact("verdict", period.until, each) for each in told.verdict), (), (), suggested,
        () if suggested else kept(figures), tuple(_plan(told, today)), of=found.name,
        against=Reason.of(N_("against {runs} past runs of this form"), runs=told.usual.runs) if told.usual else None,
        as_of=today, listings=tuple(_listings(told)), extra=tuple(_written(told)),
    )  # fmt: skip


def _outcomes(told: Review) -> Iterator[Figure]:
    """What it brought; `before` is the mean of the past runs of its form, of the conversion all of them together."""
    now, usual = told.card.line.figures, told.usual
    runs = usual.runs if usual else 0
    revenue = None if usual is None or usual.revenue_fen is None else usual.revenue_fen / runs
    yield Figure("revenue", "fen", now.revenue_fen, revenue, why=_mean(runs))
    yield Figure("orders", "count", now.orders)
    yield Figure("buyers", "count", now.buyers)
    share, then = now.conversion, usual.conversion if usual else None
    yield Figure(
        "campaign_conversion", "share", share.value, then.value if then else None, share.n, then.n if then else None,
        why=(Reason.of(N_("buyers ÷ who came") if now.by_attendance else N_("buyers ÷ whom it was for")),),
    )  # fmt: skip


def _mean(runs: int) -> tuple[Reason, ...]:
    return (Reason.of(N_("before: the mean of {runs} runs of this form"), runs=runs),) if runs else ()


def _leading(told: Review, asked: Asked) -> Iterator[Figure]:
    now, usual = told.card.line.figures, told.usual
    runs = usual.runs if usual else 0
    yield Figure("participants", "count", now.participants, usual.participants / runs if usual else None,
                 why=_mean(runs))  # fmt: skip
    yield Figure("joined", "count", told.new_members)
    yield Figure("cost", "fen", now.cost_fen, usual.cost_fen / runs if usual else None, rising=False)
    if told.exits is not None and told.exits.value is not None:
        yield _exits(told.exits, asked.rule("alert.spike_pct"))
    else:
        why = Reason.of(N_("told {days} days after it"), days=told.exit_days)
        yield Figure("exits_after", "share", None, rising=False, why=(why,))
    talk = told.slump
    yield Figure("messages", "per_day", talk.after, talk.before, why=talk.why)


def _exits(exits: Share, state: RuleState) -> Figure:
    line = state.value / 100
    met = None if exits.value is None else exits.value <= line
    bar = Bar(state.rule.id, line, state.rule.source, state.enabled, met)
    return Figure("exits_after", "share", exits.value, None, exits.n, None, rising=False, bars=(bar,))


def _others(told: Review, asked: Asked, today: date) -> Iterator[Suggestion]:
    found, line = told.card.campaign, told.card.line
    small = asked.rule("campaign.small_base")
    base = line.figures.conversion
    if told.slump.slumped:
        rule = asked.rule("alert.slump_pct").rule
        because = Reason.of(N_("the talk fell to {pct} % of what it was"), pct=round(100 * (told.slump.ratio or 0)))
        yield Suggestion("campaign.slump", "warning", because, Reason.of(SUGGESTIONS["slump"]), rule.id, rule.source)
    if told.card.dues:
        because = Reason.of(N_("{n} people wait for what they earned"), n=len(told.card.dues))
        do = Reason.of(N_("hand it over first: what was promised is remembered longest"))
        yield Suggestion("campaign.dues", "warning", because, do, "", "S1-31")
    if found.to_day < today and found.goal_value is not None and line.reached is not None \
            and line.reached < found.goal_value:  # fmt: skip
        because = Reason.of(N_("the goal was missed: {pct} % of it was reached"), pct=round(100 * (line.done or 0)))
        do = Reason.of(N_("change one thing the next time: whom it is for, the offer or the hour; keep all else"))
        yield Suggestion("campaign.goal", "notice", because, do, "", "S1-31, S0-34")
    if found.goal_value is None:
        because, do = Reason.of(N_("no number was set as its goal")), Reason.of(N_("set one the next time"))
        yield Suggestion("campaign.no_goal", "notice", because, do, "", "S1-31")
    if base.n is not None and base.n < small.value:
        because = Reason.of(N_("the conversion is of {n} people only"), n=base.n)
        do = Reason.of(N_("take it as a hint: run the form once more before you judge it"))
        yield Suggestion("campaign.small", "notice", because, do, small.rule.id, small.rule.source)
    if found.to_day < today and not any((told.written.well, told.written.badly, told.written.next_time)):
        because = Reason.of(N_("its review is not written"))
        do = Reason.of(N_("write three lines now: what went well, what badly, what to do the next time"))
        yield Suggestion("campaign.review", "notice", because, do, "", "S0-34")


def _plan(told: Review, today: date) -> Iterator[Planned]:
    """Its tasks that are still to come."""
    for each in told.card.tasks:
        if each.day > today:
            yield Planned("task", each.day, _(each.title))


def _listings(told: Review) -> Iterator[Listing]:
    columns = (
        Column("name", N_("name of the campaign")), Column("from", N_("from")),
        Column("participants", N_("take part"), "count"),
        Column("conversion", N_("conversion"), "share"), Column("n", N_("of"), "count"),
        Column("revenue_fen", N_("revenue"), "fen"), Column("cost_fen", N_("cost"), "fen"),
    )  # fmt: skip
    if told.past:
        yield Listing("past", N_("Past runs of this form"), columns, tuple(map(_row, (told.card.line, *told.past))))


def _row(line: Line) -> tuple[object, ...]:
    told = line.figures
    return (line.campaign.name, line.campaign.from_day, told.participants, told.conversion.value, told.conversion.n,
            told.revenue_fen, told.cost_fen)  # fmt: skip


def _written(told: Review) -> Iterator[Block]:
    words = (
        (_("What went well"), told.written.well), (_("What went badly"), told.written.badly),
        (_("The next time"), told.written.next_time),
    )  # fmt: skip
    for head, text in words:
        if text:
            yield Heading(head)
            yield Paragraph(text)
