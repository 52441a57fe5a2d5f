"""Draws of a campaign: who is in the pot, who wins, how anyone can count it again (S3-23, S0-22)."""

from __future__ import annotations

from collections import Counter

from qunguan.domain import campaign_draw as rule
from qunguan.domain.campaign_draw import Draw, Lot
from qunguan.domain.campaign_sheet import Entry, Wanted, teams
from qunguan.domain.campaign_terms import count_of
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.names import typed_name
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.campaign_book import find_by_id, terms
from qunguan.services.campaign_entries import entries, insert, refuse_closed, sheet
from qunguan.store import campaign_queries as queries
from qunguan.store.campaigns import campaign_draw
from qunguan.store.session import Session


def pool(session: Session, campaign_id: int) -> tuple[Lot, ...]:
    """Who is in the pot, in the order that is published: everybody of the sheet but winners; with helpers those who
    have enough of them, with teams those whose team is complete."""
    found = find_by_id(session, campaign_id)
    return _pool(session, found, entries(session, campaign_id))


def draw(session: Session, clock: Clock, campaign_id: int, seed: str, winners: int, *, again: bool = False) -> Draw:
    """Draw so many winners by a seed; each becomes a line of the sheet. `again` says that a second draw is
    meant: whoever won is not in its pot. Raises BadInput, Refused."""
    found = find_by_id(session, campaign_id)
    refuse_closed(found)
    told = typed_name(seed)
    if queries.draws(session, campaign_id) and not again:
        raise Refused("{name} was drawn already", hint="add --again when you mean a second draw, and tell the group",
                      name=found.name)  # fmt: skip
    pot = pool(session, campaign_id)
    if not 1 <= winners <= len(pot):
        raise BadInput("{winners} winners of {pool} people cannot be drawn", winners=winners, pool=len(pot))
    session.step(N_("Drew {n} winners of {name}"), n=winners, name=found.name)
    won = rule.drawn(told, pot, winners)
    digest = rule.digest(pot)
    draw_id = session.insert(
        campaign_draw, campaign_id=campaign_id, seed=told, winners=winners, pool=len(pot), pool_digest=digest,
        drawn_at=clock.now(),
    )  # fmt: skip
    here = sheet(session, found)
    today = clock.today(groups.day_rule(session, found.group_id))
    for each in won:
        new = Wanted(each.member_id, "" if each.member_id is not None else each.name, "win", note=f"#{draw_id}")
        insert(session, clock, found, here, f"win:{each.key}", new, today)
    return Draw(draw_id, told, len(pot), digest, won, pot, clock.now())


def draws(session: Session, campaign_id: int) -> tuple[Draw, ...]:
    """The draws that were made with their winners in order, oldest first; of the pot the digest is kept."""
    made = entries(session, campaign_id)
    found = []
    for row in queries.draws(session, campaign_id):
        won = [each for each in made if each.kind == "win" and each.note == f"#{row.id}"]
        lots = [Lot(each.person, each.who, each.member_id, rule.lot(row.seed, each.key.removeprefix("win:")))
                for each in won]  # fmt: skip
        lots.sort(key=lambda each: each.lot)
        found.append(Draw(row.id, row.seed, row.pool, row.pool_digest, tuple(lots), (), row.drawn_at))
    return tuple(found)


def _pool(session: Session, found: Campaign, made: tuple[Entry, ...]) -> tuple[Lot, ...]:
    standing = [each for each in made if each.void_on is None]
    won = {each.person for each in standing if each.kind == "win"}
    told = terms(session, found.id)
    full = {match_key(each.name) for each in teams(found.playbook, told, standing) if each.complete}
    helped = Counter(each.person for each in standing if each.kind == "vote")
    helpers = count_of(told, "helpers") or 1
    lots: dict[str, Lot] = {}
    for each in standing:
        if each.kind in ("gift", "win") or not each.person or each.person in won:
            continue
        if found.playbook.teams == "helpers" and (each.kind != "join" or helped[each.person] < helpers):
            continue
        if found.playbook.teams == "size" and match_key(each.team) not in full:
            continue
        lots.setdefault(each.person, Lot(each.person, each.who, each.member_id))
    return rule.ordered(lots.values())
