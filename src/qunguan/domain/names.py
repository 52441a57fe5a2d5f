"""Names an owner types: what may become the name of a group, a member or a tag, and which thing a name means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from qunguan.domain.errors import Ambiguous, BadInput
from qunguan.domain.text import CONTROLS_REMOVED, NAME_LIMIT, cleaned, is_blank, match_key, show

if TYPE_CHECKING:
    from typing import Protocol

    class Numbered(Protocol):
        """What has an id."""

        @property
        def id(self) -> int:
            """Its number in lists."""


T = TypeVar("T", bound="Numbered")
_NAME: Callable[[Any], str] = attrgetter("name")
_MOST = 9  # candidates that a message names


def typed_name(text: str, *, where: str = "", limit: int = NAME_LIMIT) -> str:
    """`text` as it is stored: clean, visible, at most `limit` code points.

    Markup and formulas are ordinary text here; they are made safe where they are drawn or written. Raises BadInput for
    a name nobody can see, one that is too long, and one with control characters: what an owner types is never changed
    into another name silently.
    """
    if is_blank(text):
        raise BadInput("the name is empty", where=where, hint="give a name that can be seen")
    name, changed = cleaned(text, max(limit, len(text)))
    if CONTROLS_REMOVED in changed:
        raise BadInput("the name has control characters in it", where=where, hint="type it again without them")
    if len(name) > limit:
        raise BadInput(
            "the name is too long: {length} characters",
            where=where,
            hint="use {limit} characters at most",
            length=len(name),
            limit=limit,
        )
    return name


def meant(known: Iterable[T], text: str, name: Callable[[T], str] = _NAME) -> list[T]:
    """Those of `known` that `text` means, in their order: the one with this id, where there is none those with exactly
    this name, else those with the same name but for case, width and emoji."""
    each = list(known)
    key = match_key(text)
    number = key.removeprefix("#")
    if number.isdecimal():
        found = [one for one in each if one.id == int(number[:18])]
        if found:
            return found
    return [one for one in each if name(one) == text.strip()] or [
        one for one in each if key and match_key(name(one)) == key
    ]


def only(found: Sequence[T], several: str, text: str = "", name: Callable[[T], str] = _NAME) -> T | None:
    """The one that was found; None where nothing was.

    Raises Ambiguous with the message ID `several` (which may have `{text}`, what was typed) and names with numbers.
    """
    if len(found) > 1:
        candidates = tuple(f"{show(name(one))} (#{one.id})" for one in found[:_MOST])
        raise Ambiguous(several, hint="say which one: {candidates}", candidates=candidates, text=show(text[:40]))
    return found[0] if found else None
