"""What to do on a bad day, as data: checklists, statements, what not to say, how bad it is (presets/crisis.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from qunguan.domain.errors import NotFound
from qunguan.domain.incident_clock import STAGES, UPDATE, StageName
from qunguan.domain.incidents import SEVERITIES, Severity
from qunguan.domain.text import match_key, show
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "crisis.toml"
GENERAL: Final = ""
"""The id of what holds on every bad day."""


@frozen
class Sheet:
    """What a stage asks for: the points of its checklist as (item, text), and a statement with places."""

    checks: tuple[tuple[str, str], ...]
    statement: str


@frozen
class Playbook:
    """What to do about one kind of trouble. `first` is what comes before anything is said, `avoid` what not to say."""

    id: str
    name: str
    about: str
    severity: Severity
    first: tuple[str, ...]
    avoid: tuple[str, ...]
    sheets: Mapping[str, Sheet]
    source: str

    def sheet(self, stage: str) -> Sheet:
        """What a stage, or "update", asks for."""
        return self.sheets[stage]


@frozen
class Grade:
    """How bad is how bad: the signs of a severity, and what it asks of the owner."""

    severity: Severity
    signs: tuple[str, ...]
    means: str


@cache
def playbooks() -> Mapping[str, Playbook]:
    """The shipped playbooks by id; what holds on every bad day is in each of them."""
    told = _preset()
    return {key: _playbook(key, fields, told["general"]) for key, fields in told["playbook"].items()}


@cache
def general() -> Playbook:
    """What holds on every bad day."""
    told = _preset()["general"]
    return _playbook(GENERAL, told, {})


def playbook(playbook_id: str) -> Playbook:
    """The playbook of an incident; of an unknown id, as an older program may have kept it, the general one."""
    return playbooks().get(playbook_id) or general()


def playbook_named(text: str) -> Playbook:
    """The playbook that is meant, by id or name. Raises NotFound with those there are."""
    for each in playbooks().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    known = ", ".join(f"{each.id} ({each.name})" for each in playbooks().values())
    raise NotFound("there is no playbook {text}", hint="there are: {known}", text=show(text[:40]), known=known)


def guide() -> tuple[Grade, ...]:
    """The severities with their signs, the lowest first. Who is unsure takes the higher one (semantics 3.17)."""
    told = _preset()["severity"]
    return tuple(Grade(severity, tuple(told[severity]["signs"]), told[severity]["means"]) for severity in SEVERITIES)


def check_items(playbook_id: str, stage: StageName) -> tuple[str, ...]:
    """The names of the points of a stage."""
    return tuple(item for item, _text in playbook(playbook_id).sheet(stage).checks)


@cache
def _preset() -> Mapping[str, Any]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))


def _playbook(key: str, fields: Mapping[str, Any], base: Mapping[str, Any]) -> Playbook:
    sheets = {stage: _sheet(fields.get(stage, {}), base.get(stage, {})) for stage in (*STAGES, UPDATE)}
    return Playbook(
        key, fields["name"], fields["about"], fields["severity"], (*base.get("first", ()), *fields["first"]),
        (*base.get("avoid", ()), *fields["avoid"]), sheets, fields["source"],
    )  # fmt: skip


def _sheet(own: Mapping[str, Any], base: Mapping[str, Any]) -> Sheet:
    checks = {**base.get("checks", {}), **own.get("checks", {})}
    return Sheet(tuple(checks.items()), (own.get("statement") or base.get("statement", "")).strip("\n"))
