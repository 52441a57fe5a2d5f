"""What a campaign owes and what it cost: hand-outs, each person each thing once; costs line by line."""

from __future__ import annotations

from datetime import date

from qunguan.domain.campaign_sheet import Due, Refusal, Wanted, dues, nothing_due
from qunguan.domain.campaign_views import Added, Cost, NotAdded
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.campaign_book import find_by_id, terms
from qunguan.services.campaign_entries import entries, insert, outcome, refuse_closed, sheet
from qunguan.store import campaign_queries as queries
from qunguan.store.campaigns import campaign_cost
from qunguan.store.session import Session

_LARGEST = 10**11


def due(session: Session, campaign_id: int) -> tuple[Due, ...]:
    """What was earned in a campaign and not handed out yet: each person each thing once."""
    found = find_by_id(session, campaign_id)
    return dues(found.playbook, terms(session, campaign_id), entries(session, campaign_id))


def why_nothing_due(session: Session, campaign_id: int) -> Reason:
    """Why nothing is due in a campaign where `due` has nothing."""
    found = find_by_id(session, campaign_id)
    return nothing_due(found.playbook, terms(session, campaign_id), entries(session, campaign_id))


def hand_out(session: Session, clock: Clock, campaign_id: int) -> Added:
    """Note that everything due was handed out: a line of each. Twice changes nothing. Raises Refused."""
    found = find_by_id(session, campaign_id)
    refuse_closed(found)
    here = sheet(session, found)
    owed = due(session, campaign_id)
    session.step(N_("Handed out what {name} owed"), name=found.name)
    today = clock.today(groups.day_rule(session, found.group_id))
    added, refused = [], []
    for number, each in enumerate(owed, 1):
        name = "" if each.member_id is not None else each.name
        new = Wanted(each.member_id, name, "gift", amount_fen=each.amount_fen, note=each.what)
        no: Refusal | None = here.refusal(new)
        if no is not None:
            refused.append(NotAdded(number, each.name, no.reason, no.again))
        else:
            added.append(insert(session, clock, found, here, here.key(new), new, today))
    return outcome(added, refused)


def costs(session: Session, campaign_id: int, day: date = date.max) -> tuple[Cost, ...]:
    """What a campaign cost up to a day, line by line; what was handed out is in its sheet."""
    rows = queries.cost_rows(session, campaign_id, day)
    return tuple(Cost(row.id, row.what, row.cost_fen, row.day) for row in rows)


def add_cost(
    session: Session, clock: Clock, campaign_id: int, what: str, cost_fen: int, day: date | None = None
) -> Cost:
    """Note a cost, in fen, of a day (None: today). Raises BadInput, NotFound."""
    found = find_by_id(session, campaign_id)
    if not 0 <= cost_fen <= _LARGEST:
        raise BadInput("{number} is out of range", number=cost_fen)
    name = typed_name(what)
    session.step(N_("Noted a cost of {name}"), name=found.name)
    on = day or clock.today(groups.day_rule(session, found.group_id))
    cost_id = session.insert(campaign_cost, campaign_id=campaign_id, what=name, cost_fen=cost_fen, day=on)
    return Cost(cost_id, name, cost_fen, on)


def remove_cost(session: Session, clock: Clock, campaign_id: int, cost_id: int) -> Cost:
    """Take a cost off again. Raises NotFound."""
    told = next((each for each in costs(session, campaign_id) if each.id == cost_id), None)
    if told is None:
        raise NotFound("this campaign has no cost #{cost}", cost=cost_id)
    session.step(N_("Took off a cost of {name}"), name=find_by_id(session, campaign_id).name)
    session.delete(campaign_cost, cost_id)
    return told
