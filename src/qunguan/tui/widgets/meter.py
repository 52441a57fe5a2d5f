"""A progress bar as text, fine to an eighth of a cell; and one with the lines a figure is held against."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉"


def meter(part: float, whole: float, width: int = 16) -> str:
    """`████▌░░░  56 %`: `part` of `whole` as a bar of `width` cells and a percentage, always of one length.

    The bar is full only at 100 % and empty only at 0, the percentage likewise; nothing out of nothing is 0 %. Values
    outside 0 to `whole` are drawn as the nearer end.
    """
    share = min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
    eighths = _between(share, width * 8)
    full, rest = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return f"{bar:░<{width}} {_between(share, 100):3d} %"


def _between(share: float, steps: int) -> int:
    """`share` in whole steps, rounded, but an end only for exactly 0 or 1."""
    if share in (0.0, 1.0):
        return int(share) * steps
    return min(steps - 1, max(1, round(share * steps)))


def gauge(value: float | None, most: float, lines: Sequence[tuple[float, bool]] = (), width: int = 16) -> str:
    """`█████┃░░░┆░░░`: `value` from 0 to `most` in `width` cells, with the lines it is held against.

    Each line is (value, whether it is the one that applies): `┃` where it applies, `┆` where not. Without a value only
    the lines are drawn; values beyond `most` fill it.
    """
    full = 0 if value is None or most <= 0 else round(min(1.0, max(0.0, value / most)) * width)
    if value and not full:
        full = 1
    cells = list("█" * full + ("░" if value is not None else " ") * (width - full))
    for line, applies in sorted(lines, key=lambda each: each[1]):
        if most > 0:
            cells[min(width - 1, max(0, round(line / most * width)))] = "┃" if applies else "┆"
    return "".join(cells)
