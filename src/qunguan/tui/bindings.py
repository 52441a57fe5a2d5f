"""Textual bindings made from the table of actions."""

from __future__ import annotations

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

from qunguan.domain.actions import NAMED, Action, of, twins


def key_names(action: Action) -> str:
    """The keys of an action and their full-width twins, as Textual names them."""
    names = [key if key in NAMED else _character_to_key(twin) for key in action.keys for twin in twins(key)]
    return ",".join(dict.fromkeys(names))


def bindings(screen: str) -> list[BindingType]:
    """The bindings of one screen, or of the app."""
    prefix = "app." if screen == "app" else ""
    return [
        Binding(key_names(action), f"{prefix}do('{action.verb}')", action.label, id=action.id, show=False)
        for action in of(screen)
    ]
