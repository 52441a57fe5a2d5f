"""The agenda's line about fees of ads and deals that have been outstanding for long (S3-30, S3-35)."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.fees import Account
from qunguan.domain.money import short_yuan
from qunguan.domain.today import Evidence, Line, Names, Said, Target, plural
from qunguan.i18n import N_
from qunguan.services import ad_read, deal_read, groups, rules
from qunguan.store.session import Session

_TOLD = 30


def lines(session: Session, clock: Clock) -> Iterator[Line]:
    """One line for all of them: whose they are, how much is open, since when. It leads to the book of the first."""
    ads, deals = ad_read.late(session, clock), deal_read.late(session, clock)
    if not (ads or deals):
        return
    state = rules.state(session, ad_read.LATE)
    named: list[tuple[str, Account, int]] = [
        *((each.brand, each.account, each.group_id) for each in ads),
        *((each.title, each.account, each.group_id) for each in deals),
    ]
    met = (
        _said(name, owed, owed.waits(clock.today(groups.day_rule(session, group_id))))
        for name, owed, group_id in named[:_TOLD]
    )
    yield Line(
        kind="fee",
        key="fee",
        text=plural(
            N_("{n} fee is outstanding for long: {names}, ¥{sum}"),
            N_("{n} fees are outstanding for long: {names}, ¥{sum}"),
            len(named),
            names=Names(tuple(name for name, _owed, _group in named)),
            sum=short_yuan(sum(owed.open_fen for _name, owed, _group in named)),
        ),
        target=Target("ads", ads[0].id) if ads else Target("deals", deals[0].id),
        evidence=tuple(Evidence(each, state.rule.source, state.rule.id, state.value) for each in met),
        count=len(named),
    )


def _said(name: str, owed: Account, days: int) -> Said:
    values = {"name": name, "sum": short_yuan(owed.open_fen), "days": days}
    return Said(N_("{name}: ¥{sum} outstanding for {days} days"), values)
