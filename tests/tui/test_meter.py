from __future__ import annotations

import pytest

from qunguan.tui.widgets.meter import gauge, meter


@pytest.mark.parametrize(
    ("part", "whole", "drawn"),
    [
        (0, 8, "░░░░░░░░   0 %"),
        (8, 8, "████████ 100 %"),
        (4, 8, "████░░░░  50 %"),
        (9, 16, "████▌░░░  56 %"),
        (1, 1_000_000, "▏░░░░░░░   1 %"),
        (999_999, 1_000_000, "███████▉  99 %"),
        (0, 0, "░░░░░░░░   0 %"),
        (5, 0, "░░░░░░░░   0 %"),
        (-1, 8, "░░░░░░░░   0 %"),
        (9, 8, "████████ 100 %"),
    ],
)
def test_a_bar_shows_its_share(part, whole, drawn):
    assert meter(part, whole, 8) == drawn


def test_a_bar_never_changes_length_and_never_shrinks():
    bars = [meter(n, 128, 13) for n in range(129)]
    assert {len(bar) for bar in bars} == {13 + 6}
    filled = [sum("░▏▎▍▌▋▊▉█".index(ch) for ch in bar[:13]) for bar in bars]
    assert filled == sorted(filled)


def test_a_gauge_shows_the_lines_a_figure_is_held_against():
    assert gauge(0.5, 1.0, width=10) == "█████░░░░░"
    assert gauge(0.5, 1.0, [(0.7, True), (0.2, False)], 10) == "██┆██░░┃░░"
    assert gauge(None, 1.0, [(1.0, True)], 10) == "         ┃"
    assert gauge(0.001, 1.0, width=10) == "█░░░░░░░░░"
    assert gauge(0.0, 1.0, width=4) == "░░░░"
    assert gauge(9.0, 1.0, width=4) == "████"
    assert gauge(1.0, 0.0, [(1.0, True)], 4) == "█░░░"
