"""What goals measure, as of any day: figures of the health card, of retention and trade, as whole numbers."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.goals import METRICS, Measured
from qunguan.domain.insights import Figure
from qunguan.domain.retention import Kind
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import Trade
from qunguan.i18n import N_
from qunguan.services import groups, retention, trade
from qunguan.services.insight_health import health
from qunguan.store import trade_queries
from qunguan.store.session import Session

_HUNDRED = {"percent": 10_000, "hundredths": 100, "fen": 1, "count": 1}


class Figures:
    """Figures of groups and days, each card read once."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session, self.clock = session, clock
        self._cards: dict[tuple[int | None, date], dict[str, Figure]] = {}
        self._trades: dict[tuple[int | None, date], Trade] = {}

    def of(self, metric: str, group_id: int | None, day: date) -> Measured:
        """A metric of a group (None: trade of everybody, else the group in hand) on a day."""
        if metric == "members":
            count = len(trade_queries.present(self.session, group_id, day))
            return Measured(count, None, (Reason.of(N_("members present on {day}"), day=day),))
        if metric in ("net", "buyers", "attach_rate"):
            return self._of_trade(metric, group_id, day)
        if group_id is None and groups.current(self.session) is None:
            return Measured(None, None, (Reason.of(N_("it is counted group by group: give the goal a group")),))
        if metric.startswith("retention_d"):
            return self._retention(int(metric.removeprefix("retention_d")), group_id, day)
        found = self._card(group_id, day).get(metric)
        if found is None or found.value is None:
            return Measured(None, None, found.why if found else ())
        return Measured(round(found.value * _HUNDRED[METRICS[metric][1]]), found.n, found.why)

    def _card(self, group_id: int | None, day: date) -> dict[str, Figure]:
        key = group_id, day
        if key not in self._cards:
            card = health(self.session, self.clock, group_id, day)
            self._cards[key] = {each.code: each for each in (*card.outcomes, *card.leading)}
        return self._cards[key]

    def _retention(self, days: int, group_id: int | None, day: date) -> Measured:
        group = groups.find(self.session).id if group_id is None else group_id
        found = retention.retention(self.session, self.clock, group, Kind.CLASSIC, as_of=day)
        rate = found.overall.get(days)
        if rate is None and found.partly:
            untold = Reason.of(N_("no record tells who was active {n} days after joining"), n=days)
            return Measured(None, None, (untold,))
        if rate is None:
            return Measured(None, None, (Reason.of(N_("nobody's day {n} has passed yet"), n=days),))
        counted = Reason.of(N_("active exactly {n} days after joining ÷ joined that long ago"), n=days)
        return Measured(round(rate.value * _HUNDRED["percent"]), rate.n, (counted,))

    def _of_trade(self, metric: str, group_id: int | None, day: date) -> Measured:
        key = group_id, day
        if key not in self._trades:
            self._trades[key] = trade.trade(self.session, self.clock, day, group_id=group_id)
        found = self._trades[key]
        counted = Reason.of(N_("from {first} to {last}"), first=found.first, last=found.as_of)
        if metric == "attach_rate":
            rate = found.attach.rate
            return Measured(
                round(rate.value * _HUNDRED["percent"]) if rate else None, rate.n if rate else None, (counted,)
            )
        return Measured(found.net_fen if metric == "net" else found.buyers, None, (counted,))
