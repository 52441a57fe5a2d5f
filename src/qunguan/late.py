"""Patterns that are compiled when they are first asked for.

One with a few ranges of Hanzi or emoji takes a millisecond, and most are for the odd name or one command.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache


def pattern(source: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """What gives the compiled pattern: `_DIGITS = pattern("[0-9]+")`, then `_DIGITS().findall(text)`."""
    return cache(lambda: re.compile(source, flags))
