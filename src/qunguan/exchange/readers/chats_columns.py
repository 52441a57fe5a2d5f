"""Rows or items by the thousand, a column at a time: what is ordinary in them becomes chunks, the rest is read alone.

A room of the house that knows an exporter says in columns what its `row` or `item` says of one. A place it leaves empty
is not ordinary, or not certain to be: a line of the app, a time that is written in some other way, a row that makes no
sense. Such a row goes to `row`, in its turn, so nothing is read here in a way of its own.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any, TypeVar, cast

from qunguan.domain.activity import ChatEvent, ChatItem, Chunk, Media, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_keys import Stamped
from qunguan.exchange.readers.chats_media import Nature
from qunguan.exchange.readers.chats_teller import Teller, moment, unix
from qunguan.values import frozen

AT_ONCE = 1_000
"""Rows of a table or items of a document that are read in columns."""

_PACKED = 200  # events: a text may have 100,000 letters, and they are held together
_FEW = 8  # messages: not worth a chunk
_STAMPS = re.compile(r"(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\n)*")
_NO_SPEECH = frozenset(("system", "recall"))

V = TypeVar("V")

Columns = dict[str, Sequence[str]]
"""A table's rows by column: of every name of the header the cells, place by place."""


@frozen
class Said:
    """What rows tell, place by place. A row without `at` or `speaker`, or that is no speech, is not ordinary.

    `chat` and `chat_id` are as `Teller.within` has them; the other columns as the arguments of `Teller.told`.
    """

    at: Sequence[Stamped | None]
    speaker: Sequence[Speaker | None]
    text: Sequence[str]
    nature: Sequence[Nature | None]
    chat: Sequence[tuple[str, str]]
    source_id: Sequence[str] = ()
    reply_to: Sequence[str | None] = ()
    answered: Sequence[Speaker | None] = ()


def told(said: Said, teller: Teller, row: Callable[[int], Iterable[ChatEvent]]) -> Iterator[ChatItem]:
    """All of the rows in their order; `row` reads the one at a place."""
    sources = said.source_id or ("",) * len(said.at)
    ordinary = [
        (chat, source != "") if at is not None and speaker is not None and nature not in _NO_SPEECH else None
        for at, speaker, nature, chat, source in zip(
            said.at, said.speaker, said.nature, said.chat, sources, strict=True
        )
    ]
    start = 0
    for kind, run in groupby(ordinary):
        end = start + sum(1 for _same in run)
        if kind is None or end - start < _FEW:
            for place in range(start, end):
                yield from row(place)
        else:
            chat, numbered = kind
            teller.within(*chat)
            yield _chunk(said, teller, slice(start, end), numbered=numbered)
        start = end


def _chunk(said: Said, teller: Teller, run: slice, *, numbered: bool) -> Chunk:
    """Ordinary rows as a chunk: nothing is missing in them."""
    return teller.chunk(
        cast("Sequence[Stamped]", said.at[run]), cast("Sequence[Speaker]", said.speaker[run]), said.text[run],
        cast("Sequence[Media | None]", said.nature[run]), source_ids=said.source_id[run] if numbered else (),
        reply_to=said.reply_to[run], answered=said.answered[run],
    )  # fmt: skip


def each(make: Callable[..., V], *columns: Sequence[Any]) -> list[V]:
    """What is made of the values at a place, made once where they repeat."""
    places = list(zip(*columns, strict=True))
    made = {values: make(*values) for values in set(places)}
    return [made[values] for values in places]


def moments(column: Sequence[str]) -> list[Stamped | None]:
    """`moment` of every text; None for what is no time, and for a date without a clock."""
    return plain_moments(column) or list(map(_stamped, column))


def plain_moments(column: Sequence[str]) -> list[Stamped | None] | None:
    """Those of `2024-03-01 08:00:00`; None where one is written in another way or is no time."""
    stamps = "\n".join(column) + "\n"
    if not _STAMPS.fullmatch(stamps):
        return None
    written = stamps.replace(" ", "T").split("\n")[:-1]
    try:
        return list(zip(map(datetime.fromisoformat, written), written, strict=True))
    except ValueError:  # 30 February; Thai digits
        return None


def _stamped(text: str) -> Stamped | None:
    try:
        at, whole_day = moment(text)
    except BadInput:
        return None
    return None if whole_day else (at, at.isoformat())


def unixes(column: Sequence[object]) -> list[Stamped | None]:
    """`unix` of Unix times; None for what is none."""
    return list(map(_counted, column))


def _counted(seconds: object) -> Stamped | None:
    try:
        at = unix(seconds) if seconds is not None else None
    except BadInput:
        return None
    return (at, at.isoformat()) if at else None


def packed(events: Iterable[ChatEvent]) -> Iterator[ChatItem]:
    """What is read one by one: the usual in it as chunks."""
    for chat, run in groupby(events, _usual):
        if chat is None:
            yield from run
            continue
        while some := list(islice(run, _PACKED)):
            at, _kind, media, who, key, _chat, text, _day, _by, called, reply_to, _part, _count, answered = zip(
                *some, strict=True
            )
            yield Chunk(
                chat, list(at), list(who), array("q", key), list(media), list(text), list(called), list(reply_to),
                answered if any(answered) else (),
            )  # fmt: skip


def _usual(event: ChatEvent) -> str | None:
    """The chat of what a chunk can hold."""
    usual = event.kind == "message" and event.at and event.speaker and not event.whole_day and event.count == 1
    return event.chat if usual else None
