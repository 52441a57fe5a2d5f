"""Content: says what it will carry."""

from __future__ import annotations

from qunguan.i18n import N_
from qunguan.tui.screens.promise import PromiseScreen


class ContentScreen(PromiseScreen):
    """Content."""

    noun = "content"
    promise = N_(
        "The content calendar: what to post and when, the mix of value, talk and offers, ready texts, daily routine."
    )


SCREEN = ContentScreen
