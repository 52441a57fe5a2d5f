"""接龙 that pass by in a chat: of a list that grows message by message only the last version is worth offering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from qunguan.domain.jielong import plain, series_key
from qunguan.values import frozen

CHAINS_KEPT = 1_000
"""Lists of one file, the newest: what is older than that is no check-in that anybody still waits for."""

_TRIGGER = re.compile(r"\s*[#＃]\s{0,3}(?:接[龙龍]|group\s?note)", re.IGNORECASE)
_ITEM = re.compile(r"\s*\d{1,4}\s?[.、．]\s*(.*)")


@frozen
class ChainFound:
    """A 接龙 as it was last: `title` is its first line, `items` how many stood in it, `versions` how often it was sent.

    `day` is the business day of the last version, None where the file does not tell.
    """

    title: str
    text: str
    day: date | None
    at: datetime | None
    items: int
    versions: int = 1
    chat: str = ""


def is_chain(text: str) -> bool:
    """Whether a message is a 接龙."""
    return ("#" in text or "＃" in text) and _TRIGGER.match(text) is not None


def chains_in(texts: Sequence[str]) -> list[int]:
    """The places of those that are a 接龙."""
    marked = [place for place, text in enumerate(texts) if "#" in text or "＃" in text]
    return [place for place in marked if is_chain(texts[place])]


class Chains:
    """Collects them. A version belongs to the list of the same heading before it if it repeats half of it.

    On a later day it must begin with all of it and say more: who greets first every morning is the same.
    """

    def __init__(self) -> None:
        self._lists: dict[int, ChainFound] = {}
        self._growing: dict[str, tuple[int, list[str]]] = {}
        self._made = 0

    def add(self, text: str, day: date | None, at: datetime | None, chat: str) -> None:
        """One message that is a 接龙."""
        head, items = _parts(text)
        said = list(map(plain, items))
        series = series_key("\n".join(head), None, None)
        place, before = self._growing.get(series, (-1, []))
        found = self._lists.get(place)
        versions = 1
        if found is not None and _continues(said, before, found.day, day):
            versions = found.versions + 1
        else:
            place, self._made = self._made, self._made + 1
        title = next((line for line in head if line), "")
        self._lists.pop(place, None)  # the one that grew last stands last
        self._lists[place] = ChainFound(title, text, day, at, len(items), versions, chat)
        self._growing[series] = (place, said)
        if len(self._lists) > CHAINS_KEPT:
            del self._lists[next(iter(self._lists))]

    def final(self) -> tuple[ChainFound, ...]:
        """The lists as they were last, the one that was sent last at the end; one told by two files is one."""
        return tuple({(found.text, found.day): found for found in self._lists.values()}.values())


def _continues(said: list[str], before: list[str], began: date | None, day: date | None) -> bool:
    if began == day or began is None or day is None:
        return 2 * len(set(said) & set(before)) >= len(set(before))
    return began < day and len(said) > len(before) and said[: len(before)] == before


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The lines above the first item, without the trigger, and what the items say."""
    head: list[str] = []
    items: list[str] = []
    for line in _TRIGGER.sub("", text, count=1).splitlines():
        found = _ITEM.fullmatch(line)
        if found:
            items.append(found[1].strip())
        elif not items:
            head.append(line.strip())
    return head, items
