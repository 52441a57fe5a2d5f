"""The mix of content: what was posted and is planned against what the weights ask for (S0-16, S4-09, semantics 3.14).

All is counted exactly: a deviation of just the band is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _
from qunguan.values import frozen

Kind = Literal["value", "interactive", "benefit"]
KINDS: Final[tuple[Kind, ...]] = ("value", "interactive", "benefit")
NAMES: Final[Mapping[str, Mapping[Kind, str]]] = {
    "plain": {"value": N_("Value"), "interactive": N_("Interaction"), "benefit": N_("Benefit")},
    "matrix": {"value": N_("Know-how"), "interactive": N_("Interaction"), "benefit": N_("Promotion")},
}
"""What the sources call the three kinds (C02): message IDs."""

OWN: Final = "own"
"""The id of the mix whose weights the owner sets."""
Counts = Mapping[Kind, int]
"""How many posts of each kind."""
Shares = Mapping[Kind, float]
_WAY = {
    True: N_("{when}: {kind} is {share} % of {n} posts, {points} points more than the {target} % of {mix} ({source})"),
    False: N_("{when}: {kind} is {share} % of {n} posts, {points} points less than the {target} % of {mix} ({source})"),
}
_WHEN = {"actual": N_("posted"), "forecast": N_("with what is planned")}


@frozen
class MixPreset:
    """What the mix should be. `weights` are for KINDS in their order; `raw` is how the source says it, `names` a key of
    NAMES."""

    id: str
    weights: tuple[int, int, int]
    names: str
    raw: str
    source: str

    @property
    def target(self) -> dict[Kind, Fraction]:
        """The share of each kind: its weight of all of them (C01)."""
        whole = sum(self.weights)
        return {kind: Fraction(weight, whole) for kind, weight in zip(KINDS, self.weights, strict=True)}

    @property
    def label(self) -> str | Reason:
        """What the mix itself is called in a sentence."""
        return Reason.of(N_("your own mix")) if self.id == OWN else self.id

    def called(self, kind: str) -> str:
        """What this mix calls a kind, in the language in force."""
        return _(next(name for each, name in NAMES[self.names].items() if each == kind))


@frozen
class Terms:
    """When a mix is warned about: more than `band` percentage points off, from `least` posts on; over `days` days."""

    band: int
    least: int
    days: int
    source: str = "semantics 3.14"


@frozen
class Mix:
    """The mix of a group. `actual` is of what was posted between `first` and `last`, `forecast` with what is planned
    from `first` of its own to `until`; each None without a post. Shares are 0 to 1.

    `posted` and `n` are how many posts stand behind each. `off` are the kinds too far from the target in the forecast;
    `judged` that there are posts enough to say so. `suggestion` is the kind that would bring the forecast closest.
    """

    preset: MixPreset
    target: Shares
    actual: Shares | None
    forecast: Shares | None
    posted: int
    n: int
    deviation: Shares | None
    off: tuple[Kind, ...]
    warnings: tuple[Reason, ...]
    suggestion: Kind
    counts: Counts
    posted_counts: Counts
    first: date
    last: date
    until: date
    judged: bool = True

    @property
    def kept(self) -> bool:
        """Whether every kind is within the band of its target: the meter is green."""
        return self.judged and not self.off


def own_weights(weights: Iterable[int]) -> tuple[int, int, int]:
    """Weights of one's own, value, interactive and benefit in that order. Raises BadInput when all are 0."""
    value, interactive, benefit = weights
    if value + interactive + benefit <= 0:
        raise BadInput("the weights of the mix are all 0", hint="set them: qunguan rule set content.own_value 60")
    return value, interactive, benefit


def shares(counts: Counts) -> dict[Kind, Fraction] | None:
    """The share of each kind; None without a post."""
    whole = sum(counts.values())
    return {kind: Fraction(counts.get(kind, 0), whole) for kind in KINDS} if whole else None


def distance(counts: Counts, target: Mapping[Kind, Fraction]) -> Fraction:
    """The sum over the kinds of how far each is off; 2 at most."""
    found = shares(counts)
    return Fraction(2) if found is None else sum((abs(found[kind] - target[kind]) for kind in KINDS), Fraction(0))


def suggested(counts: Counts, target: Mapping[Kind, Fraction], without: Iterable[Kind] = ()) -> Kind:
    """The kind of which one more post leaves the least distance; of several the one that lacks most, then KINDS' order.

    `without` are kinds that rest (a promotion lock).
    """
    passed = set(without)
    choices = [kind for kind in KINDS if kind not in passed] or list(KINDS)
    now = shares(counts) or dict.fromkeys(KINDS, Fraction(0))

    def left(kind: Kind) -> tuple[Fraction, Fraction, int]:
        more = {each: counts.get(each, 0) + (each == kind) for each in KINDS}
        return distance(more, target), now[kind] - target[kind], KINDS.index(kind)

    return min(choices, key=left)


def too_far(counts: Counts, target: Mapping[Kind, Fraction], terms: Terms) -> dict[Kind, Fraction]:
    """The kinds more than the band off and by how much (positive is too much); none before there are enough posts."""
    found = shares(counts)
    if found is None or sum(counts.values()) < terms.least:
        return {}
    off = {kind: found[kind] - target[kind] for kind in KINDS}
    return {kind: each for kind, each in off.items() if abs(each) > Fraction(terms.band, 100)}


def measured(
    preset: MixPreset,
    posted: Counts,
    live: Counts,
    terms: Terms,
    days: tuple[date, date, date],
    without: Iterable[Kind] = (),
) -> Mix:
    """The mix of what was `posted` and of what is `live` (posted or planned). `days` are first, last and until."""
    target = preset.target
    found = shares(live)
    off = too_far(live, target, terms)
    told = [*_warnings("actual", preset, posted, terms), *_warnings("forecast", preset, live, terms)]
    if dict(posted) == dict(live):
        told = told[: len(told) // 2]
    done = shares(posted)
    return Mix(
        preset, _floats(target), _floats(done) if done else None, _floats(found) if found else None,
        sum(posted.values()), sum(live.values()),
        _floats({kind: found[kind] - target[kind] for kind in KINDS}) if found else None, tuple(off), tuple(told),
        suggested(live, target, without), live, posted, *days, sum(live.values()) >= terms.least,
    )  # fmt: skip


def _warnings(when: str, preset: MixPreset, counts: Counts, terms: Terms) -> list[Reason]:
    target, n = preset.target, sum(counts.values())
    return [
        Reason.of(_WAY[points > 0], when=Reason.of(_WHEN[when]), kind=Reason.of(NAMES[preset.names][kind]),
                  share=percent(target[kind] + points), n=n, points=percent(abs(points)), target=percent(target[kind]),
                  mix=preset.label, source=Brief(f"{preset.source}, {terms.source}"))
        for kind, points in too_far(counts, target, terms).items()
    ]  # fmt: skip


def percent(share: float | Fraction) -> str:
    """A share as percent: with one decimal where it has any, 33.3 and 60."""
    return f"{float(share) * 100:.1f}".removesuffix(".0")


def _floats(found: Mapping[Kind, Fraction]) -> dict[Kind, float]:
    return {kind: float(share) for kind, share in found.items()}
