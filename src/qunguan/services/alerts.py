"""Alerts: what fires, what the owner said to it, and what it holds back. One door; the rooms are `alert_*`.

That an alert fires is derived from the rows each time it is asked for; only what the owner says is kept.
"""

from __future__ import annotations

from qunguan.services.alert_marks import mark, promo_locked
from qunguan.services.alert_state import alerts
from qunguan.services.alert_terms import alert_rules
from qunguan.services.alert_why import why_alert

__all__ = ["alert_rules", "alerts", "mark", "promo_locked", "why_alert"]
