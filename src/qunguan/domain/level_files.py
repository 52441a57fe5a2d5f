"""Ladders as files tell them: the shipped presets, and an owner's own in TOML or JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.level_terms import Terms, terms_from
from qunguan.domain.level_views import Benefit, Draft, Period
from qunguan.domain.names import typed_name
from qunguan.domain.text import clean, match_key, show

_PRESETS = Path(__file__).parents[1] / "presets" / "levels.toml"
_TERMS = ("levels", "hold_days", "low_water_pct", "policy", "strict")
_TOLD = ("name", "source", "numbers", "benefits")
PERIODS: tuple[Period, ...] = get_args(Period)
MOST_USES = 1_000_000


@cache
def presets() -> Mapping[str, Draft]:
    """The shipped ladders by id, in the order of the file."""
    shipped = tomllib.loads(_PRESETS.read_text(encoding="utf-8"))
    return {preset_id: draft_from(document) for preset_id, document in shipped.items()}


def preset(text: str) -> tuple[str, Draft]:
    """The shipped ladder that is meant, by id or name, with its id. Raises NotFound with those there are."""
    for preset_id, draft in presets().items():
        if match_key(text) in (match_key(preset_id), match_key(draft.name)):
            return preset_id, draft
    known = ", ".join(f"{preset_id} ({draft.name})" for preset_id, draft in presets().items())
    raise NotFound("there is no preset {text}", hint="there are: {known}", text=show(text[:40]), known=known)


def read_draft(text: str, *, toml: bool, hold_days: int | None = None, low_water_pct: int | None = None) -> Draft:
    """A ladder from the text of a file; the numbers stand in for what it leaves out. Raises BadInput with the place."""
    try:
        document = tomllib.loads(text) if toml else json.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(
            "this is not a ladder in {kind}: {problem}",
            hint="qunguan level list --json shows how the presets say it",
            kind="TOML" if toml else "JSON",
            problem=show(str(error)[:120]),
        ) from None
    if not isinstance(document, Mapping):
        raise BadInput("a table with names and values is expected here")
    return draft_from(document, hold_days=hold_days, low_water_pct=low_water_pct)


def draft_from(document: Mapping[str, Any], *, hold_days: int | None = None, low_water_pct: int | None = None) -> Draft:
    """A ladder from a document: terms, and beside them its name, where it comes from, and benefits by level name."""
    told = {name: value for name, value in document.items() if name not in _TOLD}
    terms = terms_from(told, hold_days=hold_days, low_water_pct=low_water_pct)
    name = document.get("name", "")
    said = [str(document[key]) for key in ("source", "numbers") if document.get(key)]
    benefits = document.get("benefits", [])
    if not isinstance(benefits, list):
        raise BadInput("benefits are a list of tables", where="benefits")
    return Draft(
        typed_name(str(name), where="name") if name else "",
        terms,
        tuple(_benefit(each, f"benefits[{number}]", terms) for number, each in enumerate(benefits, 1)),
        clean("; ".join(said), 500),
    )


def checked_benefit(
    rank: int, name: str, quota: int | None, period: str, note: str = "", *, where: str = ""
) -> Benefit:
    """A benefit as it is stored, not yet with an id. Raises BadInput."""
    if quota is not None and (type(quota) is not int or not 1 <= quota <= MOST_USES):
        raise BadInput("{value} is out of range", hint="use {least} to {most}", where=where,
                       value=show(str(quota)[:40]), least=1, most=MOST_USES)  # fmt: skip
    if period not in PERIODS:
        raise BadInput("{value} is not a choice", hint="choose one of: {choices}", where=where,
                       value=show(str(period)[:40]), choices=", ".join(PERIODS))  # fmt: skip
    return Benefit(0, rank, typed_name(name, where=where), quota, period, clean(note, 500))


def rank_named(terms: Terms, text: str) -> int:
    """The rank of a level, by name or by number. Raises NotFound with the levels there are."""
    for rank, level in enumerate(terms.levels, 1):
        if match_key(level.name) == match_key(text):
            return rank
    if text.strip().isdecimal() and 1 <= int(text.strip()[:9]) <= len(terms.levels):
        return int(text)
    names = " / ".join(show(level.name) for level in terms.levels)
    raise NotFound("there is no level {text}", hint="there are: {known}", text=show(text[:40]), known=names)


def _benefit(document: Any, where: str, terms: Terms) -> Benefit:
    if not isinstance(document, Mapping):
        raise BadInput("a table with names and values is expected here", where=where)
    known = ("level", "name", "quota", "period", "note")
    for name in document:
        if name not in known:
            raise BadInput("{name} is not known here", hint="there are: {known}", where=where,
                           name=show(str(name)[:40]), known=", ".join(known))  # fmt: skip
    rank = rank_named(terms, str(document.get("level", "")))
    return checked_benefit(
        rank, str(document.get("name", "")), document.get("quota"), str(document.get("period", "once")),
        str(document.get("note", "")), where=where,
    )  # fmt: skip
