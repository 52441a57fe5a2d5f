"""The 64-bit numbers events are known by: the same in every export that tells an event, so that it counts once."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from qunguan.domain.activity import Speaker

Stamped = tuple[datetime, str]
"""A moment, and how `isoformat` writes it, which keys are made of."""

ANSWERS_WITHIN = 10_000
"""Messages back from an answer within which what it answers is always found: days of the busiest group, and 3 MB."""

_EMPTY = blake2b(digest_size=8)  # copied for each: half the time of making it


class Keys:
    """The keys of one file. Equal messages of one moment are told apart by their order, so events come in theirs."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._written = ""
        self._equals: dict[bytes, int] = {}

    def begin(self) -> None:
        """Another export begins in the same file: what is equal in it is the same event again."""
        self._at, self._written = None, ""
        self._equals.clear()

    def of(self, chat_id: str, at: datetime | None, who: Speaker | None, kind: str, body: str) -> int:
        """The key of one event."""
        if at != self._at:
            self._at, self._written = at, at.isoformat() if at else ""
            self._equals.clear()
        digest = _digest(f"{chat_id}\x1f{self._written}\x1f{_person(who) if who else ''}\x1f{kind}\x1f{body}")
        before = self._equals.get(digest, 0)
        self._equals[digest] = before + 1
        return _numbers([_digest(f"{digest.hex()}\x1f{before}") if before else digest])[0]

    def of_messages(
        self, chat_id: str, at: Sequence[Stamped], speakers: Sequence[Speaker], bodies: Iterable[str]
    ) -> array[int]:
        """The keys of messages that stand one after another."""
        people = {who: _person(who) for who in set(speakers)}
        digests = [
            _digest(f"{chat_id}\x1f{written}\x1f{people[who]}\x1fmessage\x1f{body}")
            for (_at, written), who, body in zip(at, speakers, bodies, strict=True)
        ]
        equals = self._equals
        for place, ((moment, written), digest) in enumerate(zip(at, digests, strict=True)):
            if moment != self._at:
                self._at, self._written = moment, written
                equals.clear()
            before = equals.get(digest, 0)
            equals[digest] = before + 1
            if before:
                digests[place] = _digest(f"{digest.hex()}\x1f{before}")
        return _numbers(digests)


class LastSaid:
    """Who said the last messages of a file, by their keys: at least `ANSWERS_WITHIN` of them, at most twice as many."""

    def __init__(self) -> None:
        self._near: dict[int, Speaker] = {}
        self._far: dict[int, Speaker] = {}

    def said(self, key: int, who: Speaker | None) -> None:
        """The next message."""
        if who is not None:
            self._near[key] = who
            if len(self._near) >= ANSWERS_WITHIN:
                self._far, self._near = self._near, {}

    def speaker_of(self, key: int) -> Speaker | None:
        """Who said it; None where it is too long ago, or is not in the file."""
        return self._near.get(key) or self._far.get(key)


def by_source(chat_id: str, source_ids: Iterable[str]) -> array[int]:
    """The keys of events their source numbered for good."""
    return _numbers([_digest(f"{chat_id}\x1f{source_id}") for source_id in source_ids])


def _person(who: Speaker) -> str:
    return f"{who.kind}:{who.id}"


def _digest(text: str) -> bytes:
    digest = _EMPTY.copy()
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def _numbers(digests: Sequence[bytes]) -> array[int]:
    """As signed numbers: what SQLite holds in one integer."""
    numbers = array("q", b"".join(digests))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
