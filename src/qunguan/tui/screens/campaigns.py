"""Campaigns: says what it will carry."""

from __future__ import annotations

from qunguan.i18n import N_
from qunguan.tui.screens.promise import PromiseScreen


class CampaignsScreen(PromiseScreen):
    """Campaigns."""

    noun = "campaigns"
    promise = N_(
        "Campaigns from plan to review: invitations, group buys, lotteries, member days, and honest experiments."
    )


SCREEN = CampaignsScreen
