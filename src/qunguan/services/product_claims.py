"""What somebody says was sold of a product, and whether that can be (S3-29)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.products import NAME_LIMIT, Claim, Judged, checked_claim, judge
from qunguan.domain.text import clean
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.product_book import get
from qunguan.services.product_sales import sales
from qunguan.store import product_queries as queries
from qunguan.store.products import product_claim
from qunguan.store.session import Session

DOUBTFUL = "product.claim_doubtful"
IMPLAUSIBLE = "product.claim_implausible"


def claims(session: Session, product_id: int, day: date, group_id: int | None = None) -> tuple[Judged, ...]:
    """What was claimed of a product up to a day, newest first, each looked at by the rules in force. NotFound."""
    one = get(session, product_id)
    rows = queries.claims_of(session, product_id, day)
    if not rows:
        return ()
    sold = sales(session, day, group_id).sold.get(product_id)
    sources = (rules.state(session, DOUBTFUL).rule.source, rules.state(session, IMPLAUSIBLE).rule.source)
    bars = rules.limit(session, DOUBTFUL), rules.limit(session, IMPLAUSIBLE)
    told = (Claim(row.id, row.product_id, row.said, row.amount_fen, row.members, row.biz_date) for row in rows)
    return tuple(judge(each, one.price_fen, sold.net_fen if sold else 0, *bars, sources) for each in told)


def add_claim(
    session: Session,
    clock: Clock,
    product_id: int,
    amount_fen: int,
    members: int,
    said: str = "",
    day: date | None = None,
) -> Judged:
    """Note what somebody says was sold of it, in a group of so many members, today or on a day. Raises BadInput,
    NotFound.
    """
    one = get(session, product_id)
    checked_claim(amount_fen, members)
    today = clock.today(groups.day_rule(session, one.group_id))
    if day is not None and day > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=day, today=today)
    session.step(N_("Noted what is claimed of {name}"), name=one.name)
    claim_id = session.insert(
        product_claim, product_id=product_id, said=clean(said, NAME_LIMIT), amount_fen=amount_fen, members=members,
        biz_date=day or today,
    )  # fmt: skip
    return next(each for each in claims(session, product_id, today) if each.claim.id == claim_id)


def drop_claim(session: Session, clock: Clock, claim_id: int) -> Claim:
    """Take a claim out; returns it. Raises NotFound."""
    row = session.get(product_claim, claim_id)
    if row is None:
        raise NotFound("there is no claim #{id}", hint="see the product: qunguan product show NAME", id=claim_id)
    session.step(N_("Took out what was claimed of {name}"), name=get(session, row.product_id).name)
    session.delete(product_claim, claim_id)
    return Claim(row.id, row.product_id, row.said, row.amount_fen, row.members, row.biz_date)
