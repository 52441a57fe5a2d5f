"""The positioning card of a group, and how full it is (S3-02, S2-22, S4-05, C08, C09)."""

from __future__ import annotations

from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.positioning import Card, Meter, checked_card, meter, platforms
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.store import positioning_queries as queries
from qunguan.store.positioning import positioning
from qunguan.store.session import Session

_TEXTS = ("persona", "core_value", "product", "welcome", "business")


def card(session: Session, group_id: int) -> Card:
    """The card of a group, empty where nobody wrote one. Raises NotFound for a group."""
    groups.get(session, group_id)
    row = queries.card(session, group_id)
    return Card(group_id) if row is None else _card(row)


def set_card(session: Session, clock: Clock, card: Card) -> Card:
    """Write a card as it is given: take it, `dataclasses.replace` what changes. Raises NotFound, BadInput."""
    group, wanted = groups.get(session, card.group_id), checked_card(card)
    row = queries.card(session, group.id)
    if wanted == (Card(group.id) if row is None else _card(row)):
        return wanted
    values = {name: getattr(wanted, name) for name in _TEXTS} | {"kinds": ",".join(wanted.kinds)}
    session.step(N_("Changed the profile of {name}"), name=group.name)
    if row is None:
        session.insert(positioning, group_id=group.id, **values)
    else:
        session.update(positioning, row.id, **values)
    return wanted


def size(session: Session, group_id: int) -> Meter:
    """How full a group is, the sizes at which something changes, and the friends of its owner. Raises NotFound."""
    group = groups.get(session, group_id)
    befriended = [each.id for each in platforms().values() if each.friends]
    return meter(
        platforms()[group.platform], groups.capacity(session, group), queries.people_on(session, befriended),
        rules.limit(session, "group.friend_cap"),
    )  # fmt: skip


def _card(row: Any) -> Card:
    kinds = tuple(kind for kind in row.kinds.split(",") if kind)
    return Card(row.group_id, kinds, **{name: getattr(row, name) for name in _TEXTS})
