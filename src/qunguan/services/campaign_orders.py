"""Orders into the sheet of a campaign: by its days, a code or an article; each once, net of what went back (S4-40)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from qunguan.domain.campaign_sheet import Entry, Sheet, Wanted
from qunguan.domain.campaign_views import Added, NotAdded
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import order_scope
from qunguan.services.campaign_book import find_by_id
from qunguan.services.campaign_entries import entries, insert, outcome, refuse_closed, sheet
from qunguan.store import campaign_queries as queries
from qunguan.store import order_queries
from qunguan.store.campaigns import campaign_entry
from qunguan.store.session import Session
from qunguan.values import frozen

_PIECES = 1_000_000


@frozen
class _Found:
    """An order that belongs to the campaign: `key` names it in the sheet."""

    key: str
    day: date
    wanted: Wanted


def import_orders(
    session: Session,
    clock: Clock,
    campaign_id: int,
    *,
    code: str = "",
    item: str = "",
    first: date | None = None,
    last: date | None = None,
) -> Added:
    """Take in the orders of the campaign's days whose note or article holds `code`, and whose article holds `item`
    (neither: every order). Again, it takes in what is new. Somebody who stands in the sheet without an amount gets
    theirs. Raises BadInput, Refused."""
    found = find_by_id(session, campaign_id)
    refuse_closed(found)
    if "order" not in found.playbook.kinds:
        raise Refused("{form} has no orders", form=found.playbook.name)
    begin, end = first or found.from_day, last or found.to_day
    orders = list(_orders(session, begin, end, code, item))
    here = sheet(session, found)
    out = {each.key.split(":", 2)[-1] for each in entries(session, campaign_id) if each.void_on is not None}
    session.step(N_("Took the orders of {name} into its sheet"), name=found.name)
    added, refused = [], []
    for number, order in enumerate(orders, 1):
        if order.key in out:
            refused.append(NotAdded(number, order.wanted.note, Reason.of(N_("you took it out of the sheet"))))
            continue
        taken = _taken(session, here, order)
        if taken is not None:
            added.append(taken)
            continue
        no = here.refusal(order.wanted)
        if here.at(order.key) is not None:
            refused.append(NotAdded(number, "", Reason.of(N_("is on the sheet already")), True))
        elif no is not None:
            refused.append(NotAdded(number, order.wanted.note, no.reason))
        else:
            added.append(insert(session, clock, found, here, order.key, order.wanted, order.day))
    return outcome(added, refused)


def _orders(session: Session, begin: date, end: date, code: str, item: str) -> Iterator[_Found]:
    bought = order_queries.bought(session, end, freight_out=order_scope.freight_out(session), matched=False)
    rows = [row for row in bought if row.biz_date >= begin]
    lines = order_queries.lines_of(session, [row.id for row in rows])
    orders = order_queries.by_ids(session, [row.id for row in rows])
    for row in rows:
        order, own = orders[row.id], lines.get(row.id, ())
        articles = " ".join(f"{line.item} {line.sku}" for line in own)
        if (code and not _holds(f"{order.note} {articles}", code)) or (item and not _holds(articles, item)):
            continue
        name = "" if row.member_id is not None else order.buyer
        qty = min(sum(line.quantity for line in own) or 1, _PIECES)
        new = Wanted(row.member_id, name, "order", "", qty, row.net_fen, code, f"#{order.number}")
        yield _Found(f"{queries.ORDER}{row.id}", row.biz_date, new)


def _taken(session: Session, here: Sheet, order: _Found) -> Entry | None:
    """The line of somebody who stands there by hand without an amount, now with their order; None without such a one,
    or where the order has its line. What is paid or goes back later is read of the order itself."""
    new = order.wanted
    if here.at(order.key) is not None or not new.person:
        return None
    waiting = here.of("order", new.person)
    own = next((each for each in waiting if not each.amount_fen and not each.key.startswith(queries.ORDER)), None)
    if own is None:
        return None
    made = replace(own, key=order.key, amount_fen=new.amount_fen, code=own.code or new.code, note=own.note or new.note)
    session.update(campaign_entry, own.id, key=made.key, amount_fen=made.amount_fen, code=made.code, note=made.note)
    here.remove(own)
    here.add(made)
    return made


def _holds(text: str, part: str) -> bool:
    return match_key(part) in match_key(text)
