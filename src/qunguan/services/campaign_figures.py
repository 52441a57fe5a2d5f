"""What campaigns brought: the figures of many at once, and of each form together (S0-34). Set-based."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from qunguan.domain.campaign_views import Figures, FormSum, Line, Share
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.tasks import due_at
from qunguan.services import groups, order_scope
from qunguan.services.campaign_book import all_campaigns
from qunguan.store import campaign_queries as queries
from qunguan.store import insight_queries, task_queries
from qunguan.store.campaigns import campaign
from qunguan.store.session import Session

_NONE = (0, 0)


def lines(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> tuple[Line, ...]:
    """The campaigns of a group (None: of all) with their figures, newest first; those there were at the end of `as_of`,
    as they stood then."""
    those = all_campaigns(session, group_id)
    if as_of is not None:
        those = as_they_were(session, those, as_of)
        clock = day_over(session, clock, as_of, group_id)
    return lines_of(session, clock, those, as_of or date.max)


def lines_of(session: Session, clock: Clock, those: Sequence[Campaign], day: date = date.max) -> tuple[Line, ...]:
    """These campaigns with their figures up to a day."""
    ids = [each.id for each in those]
    told = figures(session, ids, day)
    audiences = queries.audiences(session, ids)
    joins = _joins(session, those, day)
    now = clock.now()
    found = []
    for each in those:
        reached = joins[each.id] if each.goal == "new_members" else told[each.id].of(each.goal)
        state = each.state(now)
        to_open = state == "running" and now < each.starts_at
        found.append(Line(each, state, told[each.id], reached, audiences.get(each.id, 0), to_open))
    return tuple(found)


def as_they_were(session: Session, those: Sequence[Campaign], day: date) -> tuple[Campaign, ...]:
    """Those of the campaigns that were planned by the end of a day, started, closed and cancelled as they were then."""
    rules = {each: groups.day_rule(session, each) for each in {found.group_id for found in those}}
    made = task_queries.made_at(session, campaign, [each.id for each in those])
    found = []
    for each in those:
        rule = rules[each.group_id]
        if rule.biz_date(made[each.id]) > day and each.from_day > day:  # one noted after its days was there on them
            continue
        found.append(replace(
            each, started_at=None if each.started_at and rule.biz_date(each.started_at) > day else each.started_at,
            closed_on=None if each.closed_on and each.closed_on > day else each.closed_on,
            cancelled_on=None if each.cancelled_on and each.cancelled_on > day else each.cancelled_on,
        ))  # fmt: skip
    return tuple(found)


def day_over(session: Session, clock: Clock, day: date, group_id: int | None) -> Clock:
    """The last moment of a business day of a group, or of any of them; of today it is now."""
    ids = [group_id] if group_id is not None else [each.id for each in groups.all_groups(session)]
    ends = (due_at(day, None, groups.day_rule(session, each)) - timedelta(seconds=1) for each in ids)
    return Clock(min(max(ends, default=clock.now()), clock.now()))


def figures(session: Session, ids: Sequence[int], day: date = date.max) -> dict[int, Figures]:
    """Campaign → its figures up to a day."""
    freight_out = order_scope.freight_out(session)
    audiences, costs = queries.audiences(session, ids), queries.costs(session, ids, day)
    people = queries.participants(session, ids, day, freight_out=freight_out)
    by_kind: dict[int, dict[str, tuple[int, int, int, int, int, int]]] = {each: {} for each in ids}
    for row in queries.sums(session, ids, day, freight_out=freight_out):
        by_kind[row.campaign_id][row.kind] = (row.people, row.lines, row.pieces, row.fen, row.told, row.inside)
    return {
        each: _figures(by_kind[each], people.get(each, _NONE), audiences.get(each, 0), costs.get(each, 0))
        for each in ids
    }


def _figures(
    kinds: Mapping[str, tuple[int, int, int, int, int, int]], people: tuple[int, int], audience: int, cost: int
) -> Figures:
    """A bare count of a kind holds where it is more than the names that are known."""
    count = {kind: max(told[0], told[4]) for kind, told in kinds.items()}
    orders = kinds.get("order", (0, 0, 0, 0, 0, 0))
    handed = sum(kinds[kind][3] for kind in ("gift", "win") if kind in kinds)
    came, buyers = count.get("attend", 0), count.get("order", 0)
    taking = max([people[0], *(n for kind, n in count.items() if kind not in ("gift", "win"))])
    conversion = Share(buyers, came) if came else Share(orders[5], audience or None)
    return Figures(
        taking, sum(told[1] for kind, told in kinds.items() if kind not in ("gift", "win")), came, buyers,
        max(orders[1], orders[4]), orders[2], orders[3] or (None if orders[1] else 0), cost + handed, handed,
        Share(people[1], audience or None), conversion, bool(came),
    )  # fmt: skip


def by_form(found: Iterable[Line]) -> tuple[FormSum, ...]:
    """The runs that went ahead, form by form, the best conversion first (S0-34)."""
    runs: dict[str, list[Line]] = {}
    for each in found:
        if each.campaign.started_at is not None and each.state in ("review", "over"):
            runs.setdefault(each.campaign.form, []).append(each)
    sums = [form_sum(form, those) for form, those in runs.items()]
    return tuple(sorted(sums, key=lambda each: -(each.conversion.value or 0)))


def form_sum(form: str, those: Sequence[Line]) -> FormSum:
    """Some runs of a form together; conversion is all buyers ÷ all bases."""
    told = [each.figures for each in those]
    base = sum(each.conversion.n or 0 for each in told)
    revenue = [each.revenue_fen for each in told if each.revenue_fen is not None]
    return FormSum(
        form, len(those), sum(each.participants for each in told), sum(revenue) if revenue else None,
        sum(each.cost_fen for each in told), Share(sum(each.conversion.part for each in told), base or None),
    )  # fmt: skip


def joined(session: Session, found: Campaign, day: date = date.max) -> int:
    """How many joined the group on the days of a campaign, up to a day."""
    return _joins(session, [found], day)[found.id]


def _joins(session: Session, those: Sequence[Campaign], until: date) -> dict[int, int]:
    """Campaign → who joined on its days up to a day; asked once for each group."""
    spans: dict[int, tuple[date, date]] = {}
    for each in those:
        first, last = spans.get(each.group_id, (each.from_day, each.to_day))
        spans[each.group_id] = min(first, each.from_day), max(last, each.to_day)
    days = {group: insight_queries.joins(session, group, *span) for group, span in spans.items()}
    return {
        each.id: sum(n for day, n in days[each.group_id].items() if each.from_day <= day <= min(each.to_day, until))
        for each in those
    }
