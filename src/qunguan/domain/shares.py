"""Shares in words and as they are typed. A share is 0 to 1; one that is not known is —, never 0."""

from __future__ import annotations

import re

from qunguan.domain.errors import BadInput

UNKNOWN = "—"
_TYPED = re.compile(r"\d{0,3}(\.\d{1,6})?%?")


def percent(value: float | None) -> str:
    """A share with one decimal: 12.5 %."""
    return UNKNOWN if value is None else f"{100 * value:.1f} %"


def with_base(value: float | None, n: int) -> str:
    """A share of few people with how many they are: 42 % (n=12)."""
    return UNKNOWN if value is None else f"{100 * value:.0f} % (n={n})"


def typed(text: str, *, loose: bool = False) -> float:
    """A share as it is typed: 0.1, .1 or 10%. `loose` is for forms: blanks and ％ are taken, and a number from 1 on is
    per cent, so that 10 is 0.1. Raises BadInput for anything else, and for what is not between 0 and 1.
    """
    told = re.sub(r"\s*[%％]$", "%", text.strip()) if loose else text
    if not _TYPED.fullmatch(told) or not any(ch.isdigit() for ch in told):
        raise BadInput("“{text}” is no share", hint="write 10% or 0.1", text=text[:20])
    value = float(told.rstrip("%"))
    if told.endswith("%") or (loose and value >= 1):
        value /= 100
    if not 0 < value < 1:
        raise BadInput("“{text}” is no share between 0 and 100 %", hint="write 10% or 0.1", text=text[:20])
    return value
