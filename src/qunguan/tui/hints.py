"""What an error says of the command line, said for who sits at the screens: the room and the key."""

from __future__ import annotations

import re
from typing import Final

from qunguan.domain.actions import ACTIONS, SCREENS, rooms
from qunguan.i18n import _
from qunguan.late import pattern

_COMMAND = pattern(r"qunguan ([a-z]+)((?: [a-z][a-z-]*)*)(?: (?:--?[a-z][\w-]*|[^\s，。；,.;）)]+))*", re.ASCII)
_OPTION = pattern(r"\s*(?:（[^（）]*--[a-z][^（）]*）|\([^()]*--[a-z][^()]*\))")
_RULE = pattern(r"\b[a-z]+\.[a-z_]+(?=[:：])", re.ASCII)
_ROOMS: Final = {
    "ad": "ads", "bonus": "earning", "challenge": "checkins", "clean": "cleaning", "earn": "earning",
    "group": "positioning", "membership": "plans", "redemption": "rewards", "rule": "settings", "task": "today",
}  # fmt: skip
"""Nouns of the command line that are another one's room here; any other is its own, or its own with an s."""


def in_keys(text: str) -> str:
    """A line as a screen says it: commands are the room they are in, with their key where there is one; what is said of
    options in brackets goes; a rule is called by its title. What has no room stays.
    """
    if "qunguan " in text:
        text = _COMMAND().sub(_there, text)
    if "--" in text:
        text = _OPTION().sub("", text)
    return _RULE().sub(_titled, text) if "." in text else text


def _there(found: re.Match[str]) -> str:
    place = _place(found[1])
    if place is None:
        return found[0]
    key, noun, name = place
    for verb in found[2].split()[:1]:
        for action in ACTIONS:
            if action.id == f"{noun}.{verb}" and action.keys:
                return _("{screen} “{room}”, key {key}", screen=key, room=name, key=action.keys[0])
    return _("{screen} “{room}”", screen=key, room=name)


def _place(noun: str) -> tuple[str, str, str] | None:
    """The key of the screen, the noun and the name of the room a noun of the command line is in."""
    wanted = _ROOMS.get(noun)
    for screen, key, label in SCREENS:
        for each, name in rooms(screen):
            if each == wanted or (wanted is None and each in (noun, f"{noun}s")):
                return key, each, _(name or label)
    return None


def _titled(found: re.Match[str]) -> str:
    from qunguan.domain.rules import presets

    rule = presets().get(found[0])
    return _(rule.label) if rule is not None else found[0]
