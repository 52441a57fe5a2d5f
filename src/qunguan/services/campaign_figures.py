"""What campaigns brought: the figures of many at once, and of each form together (S0-34). Set-based."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.campaign_views import Figures, FormSum, Line, Share
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.services.campaign_book import all_campaigns
from qunguan.store import campaign_queries as queries
from qunguan.store import insight_queries
from qunguan.store.session import Session

_NONE = (0, 0)


def lines(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Line, ...]:
    """The campaigns of a group (None: of all) with their figures, newest first."""
    return lines_of(session, clock, all_campaigns(session, group_id))


def lines_of(session: Session, clock: Clock, those: Sequence[Campaign]) -> tuple[Line, ...]:
    """These campaigns with their figures."""
    ids = [each.id for each in those]
    told = figures(session, ids)
    audiences = queries.audiences(session, ids)
    joins = _joins(session, those)
    now = clock.now()
    found = []
    for each in those:
        reached = joins[each.id] if each.goal == "new_members" else told[each.id].of(each.goal)
        found.append(Line(each, each.state(now), told[each.id], reached, audiences.get(each.id, 0)))
    return tuple(found)


def figures(session: Session, ids: Sequence[int]) -> dict[int, Figures]:
    """Campaign → its figures."""
    audiences, costs = queries.audiences(session, ids), queries.costs(session, ids)
    people = queries.participants(session, ids)
    by_kind: dict[int, dict[str, tuple[int, int, int, int, int, int]]] = {each: {} for each in ids}
    for row in queries.sums(session, ids):
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


def joined(session: Session, found: Campaign) -> int:
    """How many joined the group on the days of a campaign."""
    return _joins(session, [found])[found.id]


def _joins(session: Session, those: Sequence[Campaign]) -> dict[int, int]:
    """Campaign → who joined on its days; asked once for each group."""
    spans: dict[int, tuple[date, date]] = {}
    for each in those:
        first, last = spans.get(each.group_id, (each.from_day, each.to_day))
        spans[each.group_id] = min(first, each.from_day), max(last, each.to_day)
    days = {group: insight_queries.joins(session, group, *span) for group, span in spans.items()}
    return {
        each.id: sum(n for day, n in days[each.group_id].items() if each.from_day <= day <= each.to_day)
        for each in those
    }
