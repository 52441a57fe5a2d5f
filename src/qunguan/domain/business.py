"""Ways to begin, by trade and by who the owner is: rules, SOPs, scripts, timetable, goals, house rules (S0-03, S2-24).

What a preset would do is a list of changes; what the owner wrote is kept unless they say otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.errors import NotFound
from qunguan.domain.positioning import KINDS, Kind
from qunguan.domain.scripts import Script, typed_kind
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "business.toml"

MIX: Final = "content.mix"
"""The rule a preset's mix is put into."""

Part = Literal["card", "rule", "sop", "script", "column", "goal", "house"]
PARTS: Final[dict[Part, str]] = {
    "card": N_("profile"),
    "rule": N_("rule, all groups"),
    "sop": N_("SOP"),
    "script": N_("ready text"),
    "column": N_("timetable"),
    "goal": N_("goal"),
    "house": N_("house rule"),
}
"""What a change is about, with the message ID of each."""

State = Literal["new", "change", "kept", "same"]
STATES: Final[dict[State, str]] = {
    "new": N_("added"),
    "change": N_("changed"),
    "kept": N_("yours is kept"),
    "same": N_("is so already"),
}
"""What becomes of each, with the message ID."""


@frozen
class Business:
    """A shipped way to begin. `of` is trade or owner; `rules` holds the mix as well, `scripts` are its own; what else
    there is are ids of presets.
    """

    id: str
    name: str
    of: str
    about: str
    source: str
    kinds: tuple[Kind, ...]
    rules: Mapping[str, Any]
    sops: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    columns: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    welcome: str = ""


@frozen
class Change:
    """One line of what a preset would do: `old` and `new` as people read them, "" where there is none."""

    part: Part
    name: str
    old: str
    new: str
    state: State


@frozen
class Diff:
    """What a preset does to a group; nothing else is touched."""

    group_id: int
    business: Business
    changes: tuple[Change, ...]

    def of(self, *states: State) -> tuple[Change, ...]:
        """The changes of these states."""
        return tuple(each for each in self.changes if each.state in states)


@cache
def presets() -> Mapping[str, Business]:
    """Every shipped way to begin by id, trades first."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {key: _business(key, fields) for key, fields in told.items()}


def _business(key: str, fields: Mapping[str, Any]) -> Business:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    mix = values.pop("mix", "")
    rules = ({MIX: mix} if mix else {}) | dict(values.pop("rules", {}))
    values["kinds"] = tuple(kind for kind in KINDS if kind in values["kinds"])  # as a card has them
    welcome = str(values.pop("welcome", "")).strip("\n")
    texts = tuple(_script(name, told) for name, told in values.pop("script", {}).items())
    return Business(id=key, rules=rules, scripts=texts, welcome=welcome, **values)


def _script(name: str, told: Mapping[str, str]) -> Script:
    kind = typed_kind(told["kind"])
    return Script(name, kind, told["text"].strip("\n"), told["title"], told["source"], shipped=False)


def preset(text: str) -> Business:
    """The shipped way that is meant, by id or name. Raises NotFound with those there are."""
    for each in presets().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    raise NotFound("there is no preset {text}", hint="there are: {known}", text=show(text[:40]), known=_known())


def _known() -> str:
    return ", ".join(_called(presets().values()))


def _called(known: Iterable[Business]) -> Iterable[str]:
    return (f"{each.id} ({each.name})" for each in known)
