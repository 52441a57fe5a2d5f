"""The terms of a campaign: the numbers and words its form asks for, read from what is typed (S0-18 to S3-23)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qunguan.domain.campaigns import Playbook, Term, goal_unit
from qunguan.domain.errors import BadInput
from qunguan.domain.money import short_yuan
from qunguan.domain.text import clean, match_key, show
from qunguan.i18n import N_

_TEXT = 200
_LARGEST = 1_000_000
_LARGEST_FEN = 10**10
_LIST = re.compile(r"[、,，;；/\n]+")
_MONEY = re.compile(r"[¥￥]?\s*(\d{1,8})(?:\.(\d{1,2}))?\s*(?:元|块)?")


def typed_terms(playbook: Playbook, typed: Mapping[str, str]) -> dict[str, str]:
    """All terms of a form as they are stored: what was typed, else what the playbook says; empty ones are left out.

    Counts are digits, money is yuan (12.50), lists are joined by 、. Raises BadInput for the first that does not fit.
    """
    told = {playbook.term(name).name: value for name, value in typed.items()}
    found = {each.name: _typed(each, told.get(each.name, each.value)) for each in playbook.terms}
    if playbook.teams == "size" and int(found.get("team_size") or 0) < 2:
        raise BadInput("a team needs 2 people at least", where=playbook.term("team_size").label)
    if playbook.teams == "sides" and len(names_of(found, "sides")) < 2:
        raise BadInput("there must be two sides at least", hint="write them like 正方、反方",
                       where=playbook.term("sides").label)  # fmt: skip
    if (fen_of(found, "off") or 0) > (fen_of(found, "threshold") or 0):
        raise BadInput("more is taken off than has to be bought", where=playbook.term("off").label)
    return {name: value for name, value in found.items() if value}


def _typed(term: Term, text: str) -> str:
    told = text.strip()
    if not told:
        return ""
    if term.kind == "text":
        return clean(told, _TEXT)
    if term.kind == "list":
        parts = dict.fromkeys(each for each in map(str.strip, _LIST.split(clean(told, _TEXT))) if each)
        return "、".join(parts)
    if term.kind == "count":
        return str(_count(told, term.label))
    return short_yuan(fen_typed(told, where=term.label))


def _count(text: str, where: str) -> int:
    digits = match_key(text).rstrip("个人份件位次名")
    if not digits.isdecimal() or not 1 <= int(digits[:9]) <= _LARGEST:
        raise BadInput("{text} is not a number from 1 to {most}", where=where, hint=N_("leave it empty for no limit"),
                       text=show(text[:20]), most=_LARGEST)  # fmt: skip
    return int(digits)


def fen_typed(text: str, *, where: str = "") -> int:
    """An amount in yuan as it is typed (20, 9.9元, ¥50) in fen, 0 or more. Raises BadInput."""
    found = _MONEY.fullmatch(match_key(text).replace(",", ""))
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= fen <= _LARGEST_FEN:
        raise BadInput(
            "{text} is no amount in yuan", where=where, hint="write it like 20 or 9.90", text=show(text[:20])
        )
    return fen


def count_of(terms: Mapping[str, str], name: str) -> int | None:
    """A term that is a number; None without a limit."""
    return int(terms[name]) if terms.get(name) else None


def fen_of(terms: Mapping[str, str], name: str) -> int | None:
    """A term that is money, in fen; None when it is not told."""
    return fen_typed(terms[name]) if terms.get(name) else None


def names_of(terms: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A term that is a list."""
    return tuple(terms[name].split("、")) if terms.get(name) else ()


def goal_typed(goal: str, text: str) -> int | None:
    """The number of a goal as it is typed, in its unit (fen, people, hundredths of a percent); None for none.

    Raises BadInput, NotFound.
    """
    unit, told = goal_unit(goal), match_key(text).replace(",", "")
    if not told:
        return None
    if unit == "fen":
        return fen_typed(text)
    digits = told.removesuffix("%") if unit == "percent" else told.rstrip("个人份件位次名单条")
    whole, _sign, part = digits.partition(".")
    wrong = BadInput(
        "{text} is no number for this goal", hint="write it like 30, or 25% for a share", text=show(text[:20])
    )
    if not whole.isdecimal() or len(whole) > 9 or (part and (unit != "percent" or not part.isdecimal())):
        raise wrong
    value = int(whole) * 100 + int((part + "00")[:2]) if unit == "percent" else int(whole)
    if unit == "percent" and value > 10_000:
        raise wrong
    return value
