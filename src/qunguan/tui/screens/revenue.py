"""Revenue: says what it will carry."""

from __future__ import annotations

from qunguan.i18n import N_
from qunguan.tui.screens.promise import PromiseScreen


class RevenueScreen(PromiseScreen):
    """Revenue."""

    noun = "revenue"
    promise = N_("What the community earns: orders, products, paid memberships, ad bookings and introductions.")


SCREEN = RevenueScreen
