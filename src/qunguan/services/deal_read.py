"""Deals as they are read: set-based, as of any day."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.deals import Deal, DealDraft, Move, Party
from qunguan.domain.errors import NotFound
from qunguan.domain.names import meant, only
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import groups, members_find, rules
from qunguan.services.ad_read import LATE
from qunguan.store import deal_queries as queries
from qunguan.store.session import Session

FEE = "deal.fee_pct"
_LIST = N_("see the list: qunguan deal list")
_TITLE = attrgetter("title")


def all_deals(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None
) -> tuple[Deal, ...]:
    """The deals of a group (None: of all) by the end of a day (None: today), the newest first."""
    return _read(session, clock, group_id, None, as_of)


def find_by_id(session: Session, clock: Clock, deal_id: int, as_of: date | None = None) -> Deal:
    """One deal by the end of a day (None: today). Raises NotFound."""
    found = _read(session, clock, None, deal_id, as_of)
    if not found:
        raise NotFound("there is no deal #{id}", hint=_LIST, id=deal_id)
    return found[0]


def find(session: Session, clock: Clock, text: str, as_of: date | None = None) -> Deal:
    """The deal with that number or title. Raises NotFound, and Ambiguous where several are called so."""
    like = meant(all_deals(session, clock, as_of=as_of), text, _TITLE)
    found = only(like, N_("{text} is the name of several deals"), text, _TITLE)
    if found is None:
        raise NotFound("there is no deal {name}", hint=_LIST, name=show(text[:40]))
    return found


def late(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Deal, ...]:
    """The deals whose fee has been due for longer than the rule says, those that wait longest first."""
    days = rules.limit(session, LATE)
    if days is None or not queries.any_noted(session):
        return ()
    found = []
    for each in all_deals(session, clock, group_id):
        waits = each.account.waits(clock.today(groups.day_rule(session, each.group_id)))
        if waits > days:
            found.append((waits, each))
    return tuple(each for _waits, each in sorted(found, key=lambda one: (-one[0], one[1].id)))


def party(session: Session, text: str) -> Party:
    """The member who is called so, else somebody outside of that name; nobody for "". Raises Ambiguous."""
    if not text.strip():
        return Party()
    try:
        return Party(member_id=members_find.resolve(session, text))
    except NotFound:
        return Party(text.strip())


def usual_bp(session: Session) -> int:
    """The share a match takes where no other is agreed, in basis points (rule deal.fee_pct)."""
    return int(rules.value(session, FEE)) * 100


def _read(
    session: Session, clock: Clock, group_id: int | None, deal_id: int | None, as_of: date | None
) -> tuple[Deal, ...]:
    rows = queries.books(session, group_id, deal_id)
    ids = [row.id for row in rows]
    rules_of = {row.group_id: groups.day_rule(session, row.group_id) for row in rows}
    day = as_of or max((clock.today(rule) for rule in rules_of.values()), default=date.max)
    moves, paid = queries.moves(session, ids, day), queries.payments(session, ids, day)
    return tuple(_deal(row, day, moves[row.id], paid.get(row.id, ())) for row in rows if row.id in moves)


def _deal(row: Any, day: date, moves: Any, paid: Any) -> Deal:
    draft = DealDraft(
        row.title, row.kind, row.need, Party(row.seeker_name or row.seeker, row.seeker_id),
        Party(row.giver_name or row.giver, row.giver_id), row.fee_bp, row.fee_fen, row.worth_fen,
    )  # fmt: skip
    consent = row.consent_on if row.consent_on is not None and row.consent_on <= day else None
    told = tuple(Move(each.id, each.stage, each.biz_date, each.note) for each in moves)
    return Deal(row.id, row.group_id, draft, told, paid, consent, row.case_text)
