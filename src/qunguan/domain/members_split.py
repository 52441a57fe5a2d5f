"""One entry that turns out to be two people: what a split does or did."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.members import NAME_KINDS
from qunguan.domain.text import NAME_LIMIT
from qunguan.i18n import N_
from qunguan.values import frozen

_SECOND = "（2）"


def name_for(name: str, taken: Sequence[tuple[str, str]]) -> str:
    """What a new member is called who gets `taken`, as (kind, text), from the member `name`.

    The first of them that is a name; accounts are no names, so with nothing else it is the other's with （2）.
    """
    own = next((text for kind, text in taken if kind in NAME_KINDS), "")
    return own or name[: NAME_LIMIT - len(_SECOND)] + _SECOND


@frozen
class Split:
    """`taken` are the names and ids the new member has now; `member_id` is 0 in a preview.

    `messages`, `orders` and `speakers` count what went along; check-ins, points and tags stay with the other.
    """

    from_id: int
    from_name: str
    member_id: int
    name: str
    taken: tuple[str, ...]
    speakers: int
    messages: int
    orders: int
    stays: int


@frozen
class Duplicate:
    """Two members who may be one person, and what says so: a code of `DUPLICATE_WHYS`."""

    kept_id: int
    kept: str
    gone_id: int
    gone: str
    why: str
    detail: str = ""


DUPLICATE_WHYS: dict[str, str] = {
    "account": N_("the same account: {detail}"),
    "phone": N_("the same phone: …{detail}"),
    "name": N_("the same name: {detail}"),
}
"""What speaks for one person, the surest first."""
