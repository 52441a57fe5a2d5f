"""The social axes beside RFM: who keeps the talk going, and who brings others (semantics 3.5, S4-02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.orders_rates import window
from qunguan.domain.rfm import Social
from qunguan.services import earning, groups, rules
from qunguan.store import rfm_queries as queries
from qunguan.store.session import Session


def social(
    session: Session, clock: Clock, as_of: date | None = None, ids: Iterable[int] | None = None
) -> dict[int, Social]:
    """Member → their interaction and spread in the days of `rfm.social_days` up to a day (None: today).

    Who did nothing of it is left out, unless they were asked for by `ids`. Where no chat export speaks of those days,
    nobody's messages are known, and interaction is what else is.
    """
    day = as_of or clock.today(groups.day_rule(session))
    first, last = window(day, int(rules.value(session, "rfm.social_days")))
    asked = None if ids is None else list(ids)
    counts = queries.counted(session, first, last, asked)
    brought = earning.referrals(session, last, inviters=asked)
    counts["invites"] = Counter(each.inviter_id for each in brought if each.counts_on >= first)
    told = queries.chats_told(session, first, last)
    weights = {name: int(rules.value(session, f"rfm.weight_{name[:-1]}")) for name in ("messages", "checkins", "deeds")}
    people = asked if asked is not None else sorted({who for found in counts.values() for who in found})

    def one(member_id: int) -> Social:
        """What is known of a member; messages None where no export tells of them."""
        own = {name: found.get(member_id, 0) for name, found in counts.items()}
        weighed = sum(weight * own[name] for name, weight in weights.items())
        messages = own["messages"] if told else None
        return Social(messages, own["checkins"], own["deeds"], own["invites"], own["shares"], weighed)

    return {member_id: one(member_id) for member_id in people}
