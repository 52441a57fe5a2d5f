"""Alerts: says what it will carry."""

from __future__ import annotations

from qunguan.i18n import N_
from qunguan.tui.screens.promise import PromiseScreen


class AlertsScreen(PromiseScreen):
    """Alerts."""

    noun = "alerts"
    promise = N_("How the community is doing: health, activity, retention, segments, alerts, and the weekly report.")


SCREEN = AlertsScreen
