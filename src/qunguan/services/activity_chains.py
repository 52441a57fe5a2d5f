"""接龙 found in a chat, offered to check-ins: shown with the preview of a paste, or recorded as a paste would be.

Bodies are not kept, so the offer is made while the file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qunguan.domain.activity import ChatEvent
from qunguan.domain.activity_chains import ChainFound, Chains, is_chain
from qunguan.domain.activity_outcomes import ChainRecorded, ChainWish
from qunguan.domain.activity_sums import BizDays
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import UserError
from qunguan.domain.jielong import Jielong
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import checkins
from qunguan.store.session import Session


def chains_of(events: Iterable[ChatEvent], rule: DayRule) -> tuple[ChainFound, ...]:
    """Every 接龙 of a chat as it was last. Needs no database."""
    days, found = BizDays(rule), Chains()
    for event in events:
        if event.kind == "message" and is_chain(event.text):
            found.add(event.text, days.of(event, event.at.date() if event.at else None), event.at, event.chat)
    return found.final()


def read_chain(chain: ChainFound) -> Jielong:
    """The 接龙 as check-ins take it: for `checkins.preview` and `checkins.record`, on the day of the chain."""
    from qunguan.exchange.readers.jielong import parse

    return parse(chain.text)


def record_chains(
    session: Session, clock: Clock, chains: Sequence[ChainFound], wish: ChainWish
) -> tuple[ChainRecorded, ...]:
    """Record those that are meant. Doubtful lines stay doubts, a day the challenge has no place for is refused.

    Raises NotFound for the challenge.
    """
    title = match_key(wish.title or checkins.get(session, wish.challenge_id).name)
    return tuple(
        _recorded(session, clock, chain, wish.challenge_id) for chain in chains if title in match_key(_heading(chain))
    )


def record_all(
    session: Session, clock: Clock, chains: Sequence[ChainFound], challenge_id: int
) -> tuple[ChainRecorded, ...]:
    """Record these for a challenge, whatever their headings say: one step. As `record_chains` otherwise."""
    checkins.get(session, challenge_id)
    if len(chains) > 1:
        session.step(N_("Recorded {n} 接龙 of a chat"), n=len(chains))
    return tuple(_recorded(session, clock, chain, challenge_id) for chain in chains)


def _heading(chain: ChainFound) -> str:
    return chain.text[: chain.text.find("1.")] if "1." in chain.text else chain.text


def _recorded(session: Session, clock: Clock, chain: ChainFound, challenge_id: int) -> ChainRecorded:
    try:
        found = read_chain(chain)
        return ChainRecorded(
            chain, checkins.record(session, clock, challenge_id, found, chain.day, raw=chain.text)
        )  # fmt: skip
    except UserError as refusal:  # before anything of it was written
        return ChainRecorded(chain, None, str(refusal))
