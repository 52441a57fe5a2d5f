"""One campaign whole, and its review: against the goal, against past runs of its form, and in words (S1-31, S0-34)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from qunguan.domain.campaign_draw import Draw
from qunguan.domain.campaign_sheet import Entry, dues, teams
from qunguan.domain.campaign_terms import count_of
from qunguan.domain.campaign_views import Card, Line, Review, Share, Written, percent, said
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.insights import Slump
from qunguan.domain.money import short_yuan
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean_lines, match_key
from qunguan.i18n import N_
from qunguan.services import groups, insights, rules
from qunguan.services.campaign_book import all_campaigns, find_by_id, tasks, terms
from qunguan.services.campaign_costs import costs
from qunguan.services.campaign_draws import draws
from qunguan.services.campaign_entries import entries
from qunguan.services.campaign_figures import as_they_were, day_over, form_sum, joined, lines_of
from qunguan.services.campaign_start import gate
from qunguan.store import campaign_queries as queries
from qunguan.store import insight_queries
from qunguan.store.campaigns import campaign, campaign_review
from qunguan.store.session import Session

_WORDS = ("well", "badly", "next_time")


def card(session: Session, clock: Clock, campaign_id: int, as_of: date | None = None) -> Card:
    """Everything of one campaign, as it stood at the end of `as_of`. Raises NotFound, Refused before it was planned."""
    found, clock = _then(session, clock, find_by_id(session, campaign_id), as_of)
    day = as_of or date.max
    typed = terms(session, campaign_id)
    told = {each.name: typed[each.name] for each in found.playbook.terms if each.name in typed}
    made = entries(session, campaign_id, day)
    (line,) = lines_of(session, clock, [found], day)
    stock, kind = count_of(told, "stock"), found.playbook.stocked or found.playbook.entry
    used = sum(each.qty for each in made if each.kind == kind and each.void_on is None)
    return Card(
        line, told, tasks(session, campaign_id), made, teams(found.playbook, told, made),
        dues(found.playbook, told, made), costs(session, campaign_id, day), gate(session, campaign_id),
        _drawn(session, clock, campaign_id), _codes(made), None if stock is None else stock - used,
    )  # fmt: skip


def _drawn(session: Session, clock: Clock, campaign_id: int) -> tuple[Draw, ...]:
    now = clock.now()
    return tuple(each for each in draws(session, campaign_id) if each.drawn_at is None or each.drawn_at <= now)


def _then(session: Session, clock: Clock, found: Campaign, as_of: date | None) -> tuple[Campaign, Clock]:
    """A campaign as it stood at the end of a day, and the clock then. Raises Refused before it was planned."""
    if as_of is None:
        return found, clock
    known = as_they_were(session, [found], as_of)
    if not known:
        raise Refused("{name} was not planned yet on {day}", name=found.name, day=as_of)
    return known[0], day_over(session, clock, as_of, found.group_id)


def _codes(made: Sequence[Entry]) -> tuple[tuple[str, int, int], ...]:
    """(code, lines, fen) of every code that was used, the most used first (S4-40)."""
    found: dict[str, tuple[str, int, int]] = {}
    for each in made:
        if each.code and each.void_on is None:
            code, n, fen = found.get(match_key(each.code), (each.code, 0, 0))
            found[match_key(each.code)] = (code, n + 1, fen + each.amount_fen)
    return tuple(sorted(found.values(), key=lambda each: -each[1]))


def review(session: Session, clock: Clock, campaign_id: int, as_of: date | None = None) -> Review:
    """How a campaign went, told at the end of `as_of` (None: now). Exits and talk of the days after it are told once
    those days are over. Raises NotFound, Refused before it was planned."""
    whole, day = card(session, clock, campaign_id, as_of), as_of or date.max
    found = whole.campaign
    _found, clock = _then(session, clock, found, as_of)
    days = int(rules.value(session, "campaign.exit_days"))
    past = _past(session, clock, found, day)
    usual = form_sum(found.form, past) if past else None
    new = joined(session, found, day)
    exits = _exits(session, clock, found, days)
    talk = insights.slump(session, clock, found.group_id, found.to_day, what=found.name)
    row = queries.reviews(session, [campaign_id]).get(campaign_id)
    written = Written(row.well, row.badly, row.next_time) if row and row.written_at <= clock.now() else Written()
    told = Review(whole, new, days, exits, talk, past, usual, written, ())
    return Review(whole, new, days, exits, talk, past, usual, written, tuple(_verdict(session, told)))


def write_review(
    session: Session, clock: Clock, campaign_id: int, *, well: str = "", badly: str = "", next_time: str = ""
) -> Campaign:
    """Write down what went well and badly and what to do the next time; a campaign whose days are over is closed with
    it. Raises NotFound, Refused before it has started."""
    found = find_by_id(session, campaign_id)
    if found.started_at is None or found.cancelled_on is not None:
        raise Refused("{name} was never started", hint="cancel it: qunguan campaign cancel", name=found.name)
    values = dict(zip(_WORDS, (clean_lines(text, NOTE_LIMIT) for text in (well, badly, next_time)), strict=True))
    session.step(N_("Reviewed the campaign {name}"), name=found.name)
    row = queries.reviews(session, [campaign_id]).get(campaign_id)
    if row is None:
        session.insert(campaign_review, campaign_id=campaign_id, **values, written_at=clock.now())
    elif {name: getattr(row, name) for name in _WORDS} != values:
        session.update(campaign_review, row.id, **values, written_at=clock.now())
    if found.state(clock.now()) == "review":
        session.update(campaign, campaign_id, closed_on=_today(session, clock, found))
    return find_by_id(session, campaign_id)


def _today(session: Session, clock: Clock, found: Campaign) -> date:
    return clock.today(groups.day_rule(session, found.group_id))


def _past(session: Session, clock: Clock, found: Campaign, day: date) -> tuple[Line, ...]:
    """The last runs of the same form in the group that were over before this one began, newest first."""
    most = int(rules.value(session, "campaign.past_runs"))
    those = [
        each for each in all_campaigns(session, found.group_id)
        if each.form == found.form and each.id != found.id and each.started_at is not None
        and each.cancelled_on is None and each.to_day < found.from_day
    ]  # fmt: skip
    return lines_of(session, clock, those[:most], day)


def _exits(session: Session, clock: Clock, found: Campaign, days: int) -> Share | None:
    last = found.to_day + timedelta(days=days)
    if last >= _today(session, clock, found):
        return None
    gone = insight_queries.leaves(session, found.group_id, found.to_day + timedelta(days=1), last)
    here = insight_queries.members(session, found.group_id, found.to_day, found.to_day)
    return Share(sum(gone.values()), here.get(found.to_day) or None)


def _verdict(session: Session, told: Review) -> Iterator[Reason]:
    yield from _goal(told)
    yield from _usual(session, told)
    yield from _sheet(told)
    if told.card.campaign.form == "live":
        yield from _live(session, told)
    if told.exits is not None and told.exits.value is not None:
        yield Reason.of(N_("{part} left in the {days} days after it: {share}"), part=told.exits.part,
                        days=told.exit_days, share=percent(told.exits))  # fmt: skip
    else:
        yield Reason.of(N_("who left is told {days} days after it"), days=told.exit_days)
    yield from _talk(told.slump)


def _goal(told: Review) -> Iterator[Reason]:
    found, reached = told.card.campaign, told.card.line.reached
    if found.goal_value is None:
        yield Reason.of(N_("no number was set as its goal: set one the next time"))
        return
    words = N_("the goal was missed: {reached} of {wanted}")
    if reached is not None and reached >= found.goal_value:
        words = N_("the goal was reached: {reached} of {wanted}")
    elif told.card.line.state == "running" or reached is None:
        words = N_("so far: {reached} of {wanted}")
    yield Reason.of(words, reached=said(found.goal, reached), wanted=said(found.goal, found.goal_value))
    if found.goal == "revenue" and reached is None:
        yield Reason.of(N_("no order in the sheet says an amount: the revenue is not known"))


def _usual(session: Session, told: Review) -> Iterator[Reason]:
    """Against past runs; a small base is a hint and says so."""
    now, usual = told.card.line.figures.conversion, told.usual
    if usual is None:
        yield Reason.of(N_("the first run of this form: nothing to hold it against yet"))
        return
    small = int(rules.value(session, "campaign.small_base"))
    yield Reason.of(N_("conversion {now}; {usual} in {runs} runs before"), now=percent(now),
                    usual=percent(usual.conversion), runs=usual.runs)  # fmt: skip
    if min(now.n or 0, usual.conversion.n or 0) < small:
        yield Reason.of(N_("with a base below {n} that is a hint, no proof"), n=small)


def _sheet(told: Review) -> Iterator[Reason]:
    whole = told.card
    figures, budget = whole.line.figures, whole.campaign.budget_fen
    if budget is not None:
        words = N_("it cost ¥{cost}, within the budget of ¥{budget}") if figures.cost_fen <= budget \
            else N_("it cost ¥{cost}, more than the budget of ¥{budget}")  # fmt: skip
        yield Reason.of(words, cost=short_yuan(figures.cost_fen), budget=short_yuan(budget))
    if whole.campaign.playbook.teams == "size":
        full = sum(each.complete for each in whole.teams)
        yield Reason.of(N_("{full} of {all} teams are complete"), full=full, all=len(whole.teams))
        if full < len(whole.teams) and whole.line.state != "running":
            yield Reason.of(N_("those of the other teams get their money back"))
    if whole.dues:
        yield Reason.of(N_("{n} people wait for what they earned"), n=len(whole.dues))


def _live(session: Session, told: Review) -> Iterator[Reason]:
    """Below the bar the scene is looked at; above the other one it was a good one (S4-39, S3-26)."""
    figures = told.card.line.figures
    if not figures.by_attendance:
        yield Reason.of(N_("how many came was not counted: without it a live has no conversion"))
        return
    value = (figures.conversion.value or 0) * 100
    low, good = (int(rules.value(session, name)) for name in ("alert.live_pct", "campaign.live_good_pct"))
    if value < low:
        yield Reason.of(N_("below {low} % (S4-39): was the new thing seeded before, did picture, sound, background, "
                           "co-host and links work?"), low=low)  # fmt: skip
    elif value >= good:
        yield Reason.of(N_("{good} % and more is a good live (S3-26): keep what you did"), good=good)


def _talk(slump: Slump) -> Iterator[Reason]:
    if slump.slumped is None:
        yield from slump.why
    elif slump.slumped:
        yield Reason.of(N_("the talk fell to {pct} % of what it was: give people something to join in (S4-11)"),
                        pct=round(100 * (slump.ratio or 0)))  # fmt: skip
    else:
        yield Reason.of(N_("the talk held: {pct} % of what it was"), pct=round(100 * (slump.ratio or 0)))
