"""What goes out as files: one line of the check-ins, one line of the ledger."""

from __future__ import annotations

from datetime import date

from qunguan.domain.checkins import State
from qunguan.domain.points import Kind
from qunguan.values import frozen


@frozen
class CheckinLine:
    """One record of a challenge. `text` is what the member wrote, `reason` why they were away."""

    member_id: int
    name: str
    day: date
    state: State
    text: str
    reason: str


@frozen
class LedgerLine:
    """One entry of the ledger; `amount` is signed, `source` its type and id."""

    id: int
    member_id: int
    name: str
    biz_date: date
    kind: Kind
    amount: int
    expires_on: date | None
    reason: str
    source: str
    reverses_id: int | None
