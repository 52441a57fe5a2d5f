"""The 3T room: says what it will carry."""

from __future__ import annotations

from qunguan.i18n import N_
from qunguan.tui.screens.promise import PromiseScreen


class IncidentsScreen(PromiseScreen):
    """The 3T room."""

    noun = "incidents"
    promise = N_("The bad day: three clocks from the first minute, statements ready to post, promises made and kept.")


SCREEN = IncidentsScreen
