"""Facts about members as of any day: what conditions ask for, a column each, read set-based.

Everything is worked out from dated rows; a past day is asked the same way as today. Tags, channel, own fields and phone
carry no dates and are what they are now. Tags by rule are no fact: a rule that looked at another rule's tag could look
at itself. What chats tell is unknown where no chat is (`facts_chats`, `facts_ages`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.conditions import NEVER, Column, Fact, Kind, Value
from qunguan.services.facts_ages import last_interaction, last_spoken, silent
from qunguan.services.facts_asked import Asked, age, span_of
from qunguan.services.facts_chats import active, interactions, messages
from qunguan.services.facts_roster import READERS as ROSTER
from qunguan.services.order_scope import freight_out
from qunguan.store import fact_queries as queries
from qunguan.store.session import Session

Columns = Mapping[Fact, Column]


def collect(
    session: Session,
    clock: Clock,
    as_of: date,
    wanted: Iterable[Fact],
    ids: Sequence[int] | None = None,
    group_id: int | None = None,
) -> dict[Fact, Column]:
    """What these facts come to at the end of `as_of`, for these members (None: for everyone).

    With a group its chat, its check-ins, its referrals and its stays count alone; orders, deeds and points belong to no
    group. The number of statements depends on the facts, never on the members.
    """
    asked = Asked(session, clock, as_of, queries.Whom(ids, group_id))
    by_reader: dict[Callable[[Asked, Sequence[Fact]], dict[Fact, Column]], list[Fact]] = {}
    for fact in wanted:
        by_reader.setdefault(_READERS[fact.kind], []).append(fact)
    found: dict[Fact, Column] = {}
    for reader, facts in by_reader.items():
        found.update(reader(asked, facts))
    return found


def of_member(columns: Columns, member_id: int) -> dict[Fact, Value]:
    """What the columns say of one member."""
    return {fact: column.of(member_id) for fact, column in columns.items()}


def _counted(source: queries.Source) -> Callable[[Asked, Sequence[Fact]], dict[Fact, Column]]:
    def read(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
        """The sums of the source over the days of each fact; who is not in one has 0."""
        spans = [span_of(fact, asked.day) for fact in facts]
        sums = queries.sums(asked.session, source, spans, asked.whom)
        return {fact: Column(values, 0) for fact, values in zip(facts, sums, strict=True)}

    return read


def _last_checkin(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    days = queries.last_days(asked.session, "checkins", asked.day, asked.whom)
    return dict.fromkeys(facts, Column(age(days, asked.day), NEVER))


def _bought(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    out = freight_out(asked.session)
    questions = [(fact.kind, span_of(fact, asked.day)) for fact in facts]
    sums = queries.purchases(asked.session, asked.day, questions, asked.whom, freight_out=out)  # type: ignore[arg-type]
    return {fact: Column(values, 0) for fact, values in zip(facts, sums, strict=True)}


def _last_order(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    days = queries.last_orders(asked.session, asked.day, asked.whom, freight_out=freight_out(asked.session))
    return dict.fromkeys(facts, Column(age(days, asked.day), NEVER))


def _refunded(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    who = queries.refunded(asked.session, asked.day, asked.whom)
    return dict.fromkeys(facts, Column(dict.fromkeys(who, True), False))


def _articles(asked: Asked, facts: Sequence[Fact]) -> dict[Fact, Column]:
    return {
        fact: Column(
            dict.fromkeys(queries.buyers_of(asked.session, fact.name, span_of(fact, asked.day), asked.whom), True),
            False,
        )
        for fact in facts
    }


_READERS: Mapping[Kind, Callable[[Asked, Sequence[Fact]], dict[Fact, Column]]] = {
    "messages": messages,
    "active_days": active,
    "interactions": interactions,
    "last_message": last_spoken,
    "last_interaction": last_interaction,
    "silent": silent,
    "checkins": _counted("checkins"),
    "deeds": _counted("deeds"),
    "shares": _counted("shares"),
    "campaigns": _counted("campaigns"),
    "last_checkin": _last_checkin,
    "orders": _bought,
    "purchase_days": _bought,
    "spent": _bought,
    "last_order": _last_order,
    "refunded": _refunded,
    "bought": _articles,
    **ROSTER,
}
