"""Text for a group chat: ranks with medals, and lists that fit a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from qunguan.domain.boards import MEDAL_SHARED_BY
from qunguan.domain.boards import ranks as ranks
from qunguan.domain.text import show
from qunguan.i18n import ngettext
from qunguan.values import frozen

MESSAGE_LIMIT = 2000
"""Characters one WeChat message carries safely."""

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


@frozen
class Ranked:
    """One line of a board: who, the number the rank goes by, and what is said behind the name."""

    name: str
    score: int
    said: str = ""


def ranked_lines(rows: Iterable[Ranked]) -> list[str]:
    """One line per row, best first, ties in the order given: `🥇 阿梨 连续 9 天`, from the fourth place on `4. …`.

    A place that more than `MEDAL_SHARED_BY` people share has its number for all of them: `1. …`.
    """
    given = list(rows)
    places = ranks(row.score for row in given)
    shared = Counter(places)
    lines = []
    for place, row in sorted(zip(places, given, strict=True), key=lambda item: item[0]):
        medal = _MEDALS.get(place) if shared[place] <= MEDAL_SHARED_BY else None
        head = medal or f"{place}."
        lines.append(" ".join(filter(None, (head, show(row.name), show(row.said)))))
    return lines


def and_more(count: int) -> str:
    """What stands for the lines that did not fit."""
    return ngettext("…and {n} more", "…and {n} more", count)


def fit_text(
    lines: Sequence[str],
    limit: int = MESSAGE_LIMIT,
    *,
    head: Sequence[str] = (),
    foot: Sequence[str] = (),
    more: Callable[[int], str] = and_more,
    separator: str = "\n",
) -> str:
    """`head`, as many of `lines` as fit, and `foot`, in at most `limit` characters.

    Lines are cut from the end and whole; `more(count)` says how many. Head and foot are never counted as people and
    stay as long as they fit at all. `separator` joins the lines only: `" "` makes a list of @-names.
    """
    lengths = list(accumulate((len(line) + len(separator) for line in lines), initial=0))
    for kept in range(len(lines), -1, -1):
        if kept == len(lines) or lengths[kept] < limit:
            text = _composed(lines[:kept], len(lines) - kept, head, foot, more, separator)
            if len(text) <= limit:
                return text
    return "\n".join((*head, more(len(lines))))[:limit]


def _composed(
    lines: Sequence[str],
    cut: int,
    head: Sequence[str],
    foot: Sequence[str],
    more: Callable[[int], str],
    separator: str,
) -> str:
    body = separator.join((*lines, more(cut)) if cut else lines)
    return "\n".join((*head, *((body,) if body else ()), *foot))
