"""Messages: English message IDs in the code, good Chinese on the screen.

`_()` translates when it is called, so the language may be chosen after import; `N_()` only marks a text for the
catalogue (tables of actions, rules, templates) and is translated where it is drawn.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALE = Path(__file__).parent / "locale"
_language: str | None = None


def set_language(language: str | None) -> None:
    """Choose the language of every later message: "zh", "en", or None for `QUNGUAN_LANG` and then Chinese."""
    global _language
    _language = language


def language() -> str:
    """The language in force, "zh" or "en". An unknown `QUNGUAN_LANG` means Chinese."""
    chosen = _language or os.environ.get("QUNGUAN_LANG", "zh")
    return "en" if chosen.lower().startswith("en") else "zh"


def language_said() -> bool:
    """Whether the language was said for this run, by `--lang` or `QUNGUAN_LANG`: it counts for more than the one the
    owner chose in the settings.
    """
    return bool(_language or os.environ.get("QUNGUAN_LANG"))


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    if name == "en":
        return gettext.NullTranslations()
    with (_LOCALE / "zh_CN" / "qunguan.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def _(message: str, /, **values: object) -> str:
    """The message in the language in force, its `{name}` places filled from `values`."""
    text = _catalogue(language()).gettext(message) if message else ""  # gettext answers "" with its header
    return text.format(**values) if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The singular or plural message for `n`; `{n}` is always available as a place.

    Chinese has no plural: both messages carry the same Chinese, so one lookup serves every language shipped.
    """
    return _(one if n == 1 else many, n=n, **values)


def N_(message: str, /) -> str:  # noqa: N802 - the name the extraction tools know
    """Mark a message for the catalogue without translating it yet."""
    return message
