"""The profile of a group: whom it is for, what it gives, which kind it is, where it lives and how full it is (S3-02).

Nothing here is compulsory; what is missing is said with what it costs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.groups import Capacity
from qunguan.domain.rosters import Reason
from qunguan.domain.text import clean, clean_lines, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "platforms.toml"
LINE_LIMIT, WELCOME_LIMIT = 300, 2000

Kind = Literal["interest", "product", "knowledge", "resource"]
KINDS: Final[dict[Kind, str]] = {
    "interest": N_("interest"),
    "product": N_("product"),
    "knowledge": N_("knowledge"),
    "resource": N_("resources"),
}
"""Kinds of groups (S3-02); a group may be of several (S3-03)."""
_SAID: Final[dict[Kind, str]] = {"interest": "兴趣", "product": "产品", "knowledge": "知识", "resource": "资源"}


@frozen
class Card:
    """The positioning card of a group. `business` is the id of the business preset in use; texts are as typed."""

    group_id: int
    kinds: tuple[Kind, ...] = ()
    persona: str = ""
    core_value: str = ""
    product: str = ""
    welcome: str = ""
    business: str = ""


@frozen
class Advice:
    """One thing to do about a profile, and where that is said."""

    reason: Reason
    source: str


@frozen
class SizeStep:
    """A size of a group from which on something changes for those who join."""

    people: int
    note: str


@frozen
class Platform:
    """Where a group can live. `friends` tells whether the owner's friend cap counts there."""

    id: str
    name: str
    suits: str
    steps: tuple[SizeStep, ...] = ()
    friends: bool = False


@frozen
class Meter:
    """How full a group is. `passed` is the last size step it went over, `ahead` the next; both None where none is.

    `friends` are the people present in the owner's groups of such platforms, each once, of at most `friend_cap`; None
    where no cap counts.
    """

    capacity: Capacity
    passed: SizeStep | None
    ahead: SizeStep | None
    friends: int | None
    friend_cap: int | None


def checked_card(card: Card) -> Card:
    """A card as it is stored: clean texts, kinds in order and once. Raises BadInput for a kind nobody knows."""
    for kind in card.kinds:
        if kind not in KINDS:
            raise _no_kind(kind)
    return replace(
        card,
        kinds=tuple(kind for kind in KINDS if kind in card.kinds),
        persona=clean(card.persona, LINE_LIMIT),
        core_value=clean(card.core_value, LINE_LIMIT),
        product=clean(card.product, LINE_LIMIT),
        welcome=clean_lines(card.welcome, WELCOME_LIMIT),
    )


def kinds_typed(text: str) -> tuple[Kind, ...]:
    """The kinds that are meant: 兴趣+产品, "interest, product", 知识型. Raises BadInput for a word that is none."""
    words = [word for word in text.translate(_BETWEEN).split() if word]
    return tuple(dict.fromkeys(_kind(word) for word in words))


_BETWEEN = str.maketrans(dict.fromkeys("+,，、＋/&·", " "))


def _kind(word: str) -> Kind:
    key = match_key(word)
    for kind, label in KINDS.items():
        if key in {kind, match_key(_(label)), match_key(label), _SAID[kind], f"{_SAID[kind]}型", f"{_SAID[kind]}群"}:
            return kind
    raise _no_kind(word)


def _no_kind(word: str) -> BadInput:
    known = " / ".join(_(label) for label in KINDS.values())
    return BadInput("{text} is no kind of group", hint="there are: {known}; several go with +", text=show(word[:40]),
                    known=known)  # fmt: skip


def kinds_said(kinds: Iterable[Kind]) -> str:
    """Kinds as people read them: 兴趣 + 产品."""
    return " + ".join(_(KINDS[kind]) for kind in kinds)


def welcome_text(card: Card, group: str) -> str:
    """The welcome with the group's name in it; {nick} stays for whoever comes."""
    return card.welcome.replace("{group}", group)


def advice(card: Card) -> tuple[Advice, ...]:
    """What the card lacks, the weightiest first; nothing when it is whole."""
    return tuple(Advice(Reason.of(what), source) for what, source in _lacks(card))


def _lacks(card: Card) -> Iterator[tuple[str, str]]:
    if not card.persona:
        yield N_("say whom it is for: age, work, and what troubles them"), "S3-02"
    if not card.core_value:
        yield N_("say what it gives: which problem it solves, what people get nowhere else"), "S3-02"
    if not card.kinds:
        yield N_("say which kind it is: interest, product, knowledge or resources; it may be several"), "S3-02, S3-03"
    if not card.product and "product" in card.kinds:
        yield N_("a product group needs its product: what have its members bought?"), "S2-21"
    elif not card.product:
        yield N_("name the product or service behind it: a community alone feeds nobody"), "S2-20"
    if not card.welcome:
        yield N_("write a welcome; {group} stands for the group's name"), "S0-26"


@cache
def platforms() -> Mapping[str, Platform]:
    """Where a group can live, by the platform codes of groups."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        key: Platform(key, each["name"], each["suits"], tuple(SizeStep(**step) for step in each.get("steps", ())),
                      each.get("friends", False))
        for key, each in told.items()
    }  # fmt: skip


def too_many(used: Iterable[str], most: int | None) -> Advice | None:
    """What is said of groups spread over more platforms than `most` (S3-06); None while they are not."""
    here = set(used)
    names = [each.name for each in platforms().values() if each.id in here]
    if most is None or len(names) <= most:
        return None
    told = N_("your groups are on {n} platforms ({names}); more than {most} scatters people and you")
    return Advice(Reason.of(told, n=len(names), names="、".join(names), most=most), "S3-06")


def meter(platform: Platform, capacity: Capacity, friends: int, friend_cap: int | None) -> Meter:
    """How full a group on a platform is; `friends` are the people in all groups there."""
    passed = [step for step in platform.steps if capacity.present >= step.people]
    ahead = [step for step in platform.steps if capacity.present < step.people]
    known = friends if platform.friends else None
    cap = friend_cap if platform.friends else None
    return Meter(capacity, passed[-1] if passed else None, ahead[0] if ahead else None, known, cap)
