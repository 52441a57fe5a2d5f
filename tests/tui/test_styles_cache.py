"""What was drawn of a widget goes with it, although Textual holds on to it (tui/styles_cache.py)."""

from __future__ import annotations

import gc
import weakref

import pytest
from textual._styles_cache import StylesCache
from textual.color import Color

from qunguan.tui.styles_cache import let_go

BLACK, RED = Color(0, 0, 0), Color(255, 0, 0, 0.5)


@pytest.fixture(autouse=True)
def textual_as_it_was(monkeypatch):
    monkeypatch.setattr(StylesCache, "get_inner_outer", StylesCache.__dict__["get_inner_outer"])


def test_the_drawn_lines_of_a_widget_are_let_go():
    let_go()
    drawn = StylesCache()
    drawn.get_inner_outer(BLACK, RED)
    gone = weakref.ref(drawn)
    del drawn
    gc.collect()
    assert gone() is None


def test_colours_are_mixed_as_before():
    before = StylesCache().get_inner_outer(BLACK, RED)
    let_go()
    assert StylesCache().get_inner_outer(BLACK, RED) == before
