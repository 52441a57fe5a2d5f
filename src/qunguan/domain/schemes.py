"""Schemes: named buckets by condition, several at once, shipped with their sources and free to change (S0-10 to S4-04).

Buckets are asked in order and the first whose condition holds wins; one without a condition takes everybody else. Who
meets none is in none: what is not known is not guessed. A label is always printed with its scheme (C31): 潜力·S3发言.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.condition_reader import condition_typed
from qunguan.domain.condition_words import written
from qunguan.domain.conditions import OF_LEAVERS, Condition, Fact, Facts, facts_of, truths
from qunguan.domain.errors import BadInput
from qunguan.domain.names import typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "schemes.toml"
MOST_BUCKETS: Final = 20
OWN: Final = "own."
"""What the codes of the owner's own schemes begin with."""

_TITLES: Final[Mapping[str, str]] = {
    "s0.value": N_("what they are worth to the group"),
    "s1.amount": N_("how much they spent"),
    "s1.frequency": N_("how often they buy"),
    "s1.activity": N_("whether they were active lately"),
    "s3.messages": N_("how much they write"),
    "s3.grid": N_("what they spent and how much they write"),
    "stage.baby": N_("how old the baby is"),
    "stage.maternity": N_("trying, pregnant, after the birth"),
    "need.strength": N_("how much they need it"),
    "rfm.segments": N_("how lately, how often and for how much they bought"),
}
"""What the shipped schemes sort people by, where their name is short for it."""

SchemeKind = Literal["bucket", "stage", "rfm"]


@frozen
class Bucket:
    """One bucket. `when` None takes everybody else; `service` (a message ID, or the owner's words) is what to do for
    these people, `sop` the code of a procedure. `rank` is a stage's place in a life. `merges` are the buckets of the
    scheme this one is made of, instead of a condition.
    """

    code: str
    name: str
    when: Condition | None = None
    service: str = ""
    sop: str = ""
    rank: int = 0
    merges: tuple[str, ...] = ()


@frozen
class Version:
    """What the buckets ask for from a day on; no buckets means as shipped."""

    from_day: date
    buckets: tuple[Bucket, ...]
    reason: str = ""


@frozen
class Scheme:
    """A scheme as it stands. `shipped` are its buckets as shipped, none for one of the owner's own; `of` is the scheme
    whose buckets it merges (C14). `note` is a message ID.
    """

    code: str
    name: str
    kind: SchemeKind
    shipped: tuple[Bucket, ...] = ()
    source: str = ""
    note: str = ""
    of: str = ""
    enabled: bool = True
    versions: tuple[Version, ...] = ()

    @property
    def title(self) -> str:
        """The scheme where one is chosen: what it sorts by in plain words, its name behind; else its name."""
        told = _TITLES.get(self.code)
        return _("{title} ({name})", title=_(told), name=self.name) if told else self.name

    def buckets(self, day: date) -> tuple[Bucket, ...]:
        """The buckets in force on a day. An own scheme is asked by its first terms for the days before them."""
        found = None if self.shipped or not self.versions else self.versions[0]
        for version in self.versions:
            if version.from_day <= day:
                found = version
        return (found.buckets if found else ()) or self.shipped

    @property
    def changed(self) -> bool:
        """Whether the newest terms are the owner's."""
        return bool(self.versions and self.versions[-1].buckets)

    def bucket(self, text: str, day: date) -> Bucket:
        """The bucket that is meant, by code or name. Raises BadInput with those there are."""
        known = self.buckets(day)
        for each in known:
            if match_key(text) in (match_key(each.code), match_key(each.name)):
                return each
        names = " / ".join(show(each.name) for each in known)
        raise BadInput("there is no bucket {text}", hint="there are: {known}", text=show(text[:40]), known=names)


@frozen
class Lock:
    """A bucket given by hand, from its first to its last day (None: until taken off)."""

    id: int
    scheme: str
    member_id: int
    bucket: str
    from_day: date
    to_day: date | None
    reason: str

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@frozen
class Label:
    """A bucket somebody is in, with its scheme."""

    scheme: Scheme
    bucket: Bucket
    locked: bool = False

    def __str__(self) -> str:
        """Always with the scheme: 潜力·S3发言 (C31)."""
        return f"{self.bucket.name}·{self.scheme.name}"


def sort_into(buckets: Sequence[Bucket], facts: Facts, ids: Iterable[int]) -> dict[int, str]:
    """Member → the code of the first bucket whose condition is true for sure; who is in none is left out."""
    found: dict[int, str] = {}
    rest = list(ids)
    for bucket in buckets:
        if bucket.when is None:
            found.update(dict.fromkeys(rest, bucket.code))
            break
        held = truths(bucket.when, facts, rest)
        found.update((who, bucket.code) for who, truth in zip(rest, held, strict=True) if truth)
        rest = [who for who, truth in zip(rest, held, strict=True) if not truth]
    return found


def facts_wanted(buckets: Iterable[Bucket]) -> frozenset[Fact]:
    """Everything that has to be known to sort by these buckets."""
    return frozenset(fact for each in buckets if each.when is not None for fact in facts_of(each.when))


def of_leavers(buckets: Iterable[Bucket]) -> bool:
    """Whether the buckets speak of people who left, so that those are sorted, too."""
    return any(fact.kind in OF_LEAVERS for fact in facts_wanted(buckets))


@cache
def presets() -> Mapping[str, Scheme]:
    """Every shipped scheme by code, in the order of the file."""
    document = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    found = {}
    for group, schemes in document.items():
        for name, fields in schemes.items():
            code = f"{group}.{name}"
            buckets = tuple(bucket_from(each, code) for each in fields.pop("buckets", ()))
            found[code] = Scheme(code=code, shipped=buckets, **fields)
    return found


def bucket_from(document: Mapping[str, Any], where: str = "") -> Bucket:
    """A bucket as it is stored or shipped: code, name, when, service, sop, rank, from. Raises BadInput."""
    when = document.get("when") or ""
    place = f"{where}: {document.get('name', '')}" if where else str(document.get("name", ""))
    return Bucket(
        code=str(document["code"]),
        name=typed_name(str(document["name"])),
        when=condition_typed(str(when), where=place) if when else None,
        service=clean(str(document.get("service", "")), NOTE_LIMIT),
        sop=str(document.get("sop", "")),
        rank=int(document.get("rank", 0)),
        merges=tuple(document.get("from", ())),
    )


def to_json(buckets: Iterable[Bucket]) -> list[dict[str, Any]]:
    """Buckets as they are stored; conditions in Chinese, whatever language is in force."""
    return [
        {
            "code": each.code,
            "name": each.name,
            "when": "" if each.when is None else written(each.when, "zh"),
            "service": each.service,
            "sop": each.sop,
            "rank": each.rank,
        }
        for each in buckets
    ]


def own_buckets(typed: Iterable[str]) -> tuple[Bucket, ...]:
    """Buckets from lines `name = condition`, the last one a name alone if it takes everybody else. Raises BadInput."""
    found = []
    for number, line in enumerate((line for line in typed if line.strip()), 1):
        name, sign, when = line.replace("＝", "=", 1).partition("=")
        if name.rstrip().endswith((">", "<")):
            hint = N_("write it like 核心 = 发言≥5/7天")
            raise BadInput("a bucket begins with its name and =", hint=hint, where=f"#{number}")
        condition = condition_typed(when, where=name.strip()) if sign and when.strip() else None
        found.append(Bucket(f"b{number}", typed_name(name), condition))
    return checked(found)


def checked(buckets: Sequence[Bucket]) -> tuple[Bucket, ...]:
    """Buckets that can be asked in this order. Raises BadInput."""
    if not 1 <= len(buckets) <= MOST_BUCKETS:
        raise BadInput("a scheme has 1 to {most} buckets", most=MOST_BUCKETS)
    seen: set[str] = set()
    for place, each in enumerate(buckets, 1):
        if match_key(each.name) in seen:
            raise BadInput("two buckets are called {name}", name=show(each.name))
        seen.add(match_key(each.name))
        if each.when is None and not each.merges and place < len(buckets):
            raise BadInput("only the last bucket can take everybody else", where=show(each.name))
    return tuple(buckets)


def changed_bucket(
    buckets: Sequence[Bucket], code: str, *, when: Condition | None = None, name: str = "", service: str = ""
) -> tuple[Bucket, ...]:
    """The buckets with one changed: its condition, its name, its service; what is not given stays."""
    return checked(
        [
            replace(
                each,
                when=when or each.when,
                name=typed_name(name) if name else each.name,
                service=clean(service, NOTE_LIMIT) or each.service,
            )
            if each.code == code
            else each
            for each in buckets
        ]
    )
