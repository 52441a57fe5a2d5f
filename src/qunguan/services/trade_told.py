"""What only the owner can tell of trade: what a channel cost (S2-17), and what kind of thing an article is (S4-17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, match_key
from qunguan.domain.trade import ChannelCost, checked_cost
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import trade_queries as queries
from qunguan.store.goals import article, channel_cost
from qunguan.store.session import Session


def costs(session: Session, day: date, group_id: int | None = None) -> tuple[ChannelCost, ...]:
    """What channels cost in days that begin by `day`; of a group, with what is of none in particular."""
    return tuple(
        ChannelCost(row.id, row.group_id, row.channel, row.from_day, row.to_day, row.cost_fen, row.note)
        for row in queries.costs(session, group_id, day)
    )


def known_channels(session: Session) -> list[str]:
    """How members came, as their cards say, the commonest first: a cost counts for those of the same name."""
    return queries.channels(session)


def add_cost(
    session: Session,
    clock: Clock,
    channel: str,
    cost_fen: int,
    *,
    from_day: date | None = None,
    to_day: date | None = None,
    group_id: int | None = None,
    note: str = "",
) -> ChannelCost:
    """Note what a channel cost in these days (None: today, or the other one of them). Raises BadInput."""
    name = typed_name(channel)
    first = from_day or to_day or clock.today(groups.day_rule(session, group_id))
    last = to_day or first
    checked_cost(cost_fen, first, last)
    told = clean(note, NOTE_LIMIT)
    session.step(N_("Noted what the channel {name} cost"), name=name)
    cost_id = session.insert(
        channel_cost, group_id=group_id, channel=name, from_day=first, to_day=last, cost_fen=cost_fen, note=told,
        created_at=clock.now(),
    )  # fmt: skip
    return ChannelCost(cost_id, group_id, name, first, last, cost_fen, told)


def remove_cost(session: Session, clock: Clock, cost_id: int) -> ChannelCost:
    """Take a cost away. Raises NotFound."""
    row = session.get(channel_cost, cost_id)
    if row is None:
        raise NotFound("there is no cost #{cost}", hint="see the list: qunguan insight channels", cost=cost_id)
    session.step(N_("Removed a cost of the channel {name}"), name=row.channel)
    session.delete(channel_cost, cost_id)
    return ChannelCost(row.id, row.group_id, row.channel, row.from_day, row.to_day, row.cost_fen, row.note)


def articles(session: Session) -> dict[str, str]:
    """Article → its category, of those that were told."""
    return {row.item: row.category for row in queries.articles(session)}


def set_category(session: Session, clock: Clock, items: Sequence[str], category: str) -> int:
    """Say what kind of thing these articles are; "" forgets it. Returns how many changed. Raises BadInput."""
    kind = typed_name(category) if category else ""
    keys = {match_key(item): clean(item, NOTE_LIMIT) for item in items}
    if not keys or "" in keys:
        raise BadInput("an article has a name")
    session.step(N_("Said what kind {n} articles are"), n=len(keys))
    changed = 0
    for key, item in keys.items():
        row = queries.article_row(session, key)
        if row is None and kind:
            session.insert(article, key=key, item=item, category=kind)
            changed += 1
        elif row is not None and kind:
            changed += session.update(article, row.id, category=kind)
        elif row is not None:
            session.delete(article, row.id)
            changed += 1
    return changed
