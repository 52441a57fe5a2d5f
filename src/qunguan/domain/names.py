"""Names an owner types: what may become the name of a group, a member or a tag."""

from __future__ import annotations

from qunguan.domain.errors import BadInput
from qunguan.domain.text import CONTROLS_REMOVED, NAME_LIMIT, cleaned, is_blank


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
