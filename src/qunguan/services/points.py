"""The points ledger, as everything above it sees it (semantics 3.3). One door; the rooms are `points_*`."""

from __future__ import annotations

from qunguan.services.points_awards import award_many, keep, keep_many, standing_of, take_back
from qunguan.services.points_history import import_history
from qunguan.services.points_many import grant_many, import_named, spend_many
from qunguan.services.points_posting import adjust, grant, reverse, reverse_step, spend
from qunguan.services.points_reading import balance, balances, expiring, reconcile, statement
from qunguan.services.points_views import account, balance_ids, balance_rows, expiring_rows, outstanding
from qunguan.store.points_queries import balances_of, ledger_ids, ledger_rows

__all__ = [
    "account",
    "adjust",
    "award_many",
    "balance",
    "balance_ids",
    "balance_rows",
    "balances",
    "balances_of",
    "expiring",
    "expiring_rows",
    "grant",
    "grant_many",
    "import_history",
    "import_named",
    "keep",
    "keep_many",
    "ledger_ids",
    "ledger_rows",
    "outstanding",
    "reconcile",
    "reverse",
    "reverse_step",
    "spend",
    "spend_many",
    "standing_of",
    "statement",
    "take_back",
]
