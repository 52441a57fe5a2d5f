"""What was drawn of a widget goes with the widget: in Textual 8.2 it stays for ever (Textualize/textual#6665)."""

from __future__ import annotations

from functools import lru_cache

from textual._styles_cache import StylesCache


def let_go() -> None:
    """Keep the mixed colours by colour. Textual keeps them by widget too, and with each key all its drawn lines."""
    mix = StylesCache.__dict__["get_inner_outer"].__wrapped__
    StylesCache.get_inner_outer = classmethod(lru_cache(256)(mix))  # type: ignore[arg-type,assignment]
