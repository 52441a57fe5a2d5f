"""What the segment commands answer: documents for JSON, lines for people."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain.scheme_views import Change, Cross, Filled, Moves, Person, Shown, asked
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.domain.sources import Brief
from qunguan.i18n import _, labelled

Verb = Callable[..., argparse.ArgumentParser]
_NAMES = 8  # of a bucket, in a line for people


def schemes(found: Sequence[Scheme], day: date) -> dict[str, Any]:
    """Every scheme with its buckets of a day."""
    by_code = {each.code: each for each in found}
    return {
        "schemes": [
            {
                "code": each.code,
                "name": each.name,
                "kind": each.kind,
                "of": each.of or None,
                "source": each.source,
                "enabled": each.enabled,
                "changed": each.changed,
                "buckets": [
                    {
                        "code": bucket.code,
                        "name": bucket.name,
                        "when": asked(each, bucket, by_code[each.of or each.code], day),
                        "service": _(bucket.service),
                        "sop": bucket.sop,
                    }
                    for bucket in each.buckets(day)
                ],
            }
            for each in found
        ]
    }


def scheme_lines(found: Sequence[Scheme], day: date) -> list[str]:
    """The same for people."""
    lines: list[str] = []
    by_code = {each.code: each for each in found}
    for each in found:
        told = [str(Brief(each.source)), _("changed by you") if each.changed else "", "" if each.enabled else _("off")]
        lines.append(f"{each.code}  {each.name}  ({', '.join(filter(None, told))})")
        lines += [
            "  " + labelled(bucket.name, asked(each, bucket, by_code[each.of or each.code], day))
            for bucket in each.buckets(day)
        ]
        lines += [f"  {_(each.note)}"] if each.note else []
    return [*lines, "", _("Next: qunguan segment show s3.messages")]


def shown(found: Shown) -> dict[str, Any]:
    """A scheme with the members of each bucket; `unknown` are those of whom too little is known."""
    return {
        "scheme": found.scheme.code,
        "name": found.scheme.name,
        "as_of": found.day,
        "buckets": [
            {
                "name": each.bucket.name,
                "n": len(each.members),
                "members": _people(each.members),
                "code": each.bucket.code,
                "service": _(each.bucket.service),
                "sop": each.bucket.sop,
            }
            for each in found.buckets
        ],
        "unknown": {"n": len(found.unknown), "members": _people(found.unknown)},
    }


def shown_lines(found: Shown) -> list[str]:
    """The same for people."""
    lines = [_("{scheme} on {day}", scheme=found.scheme.name, day=found.day)]
    for each in found.buckets:
        lines.append(
            _("{bucket}·{scheme}: {n}", bucket=each.bucket.name, scheme=found.scheme.name, n=len(each.members))
        )
        if each.members:
            lines.append("  " + _names(each))
            lines += [f"  → {_(each.bucket.service)}"] if each.bucket.service else []
    if found.unknown:
        lines.append(_("too little is known of {n}: {names}", n=len(found.unknown),
                       names=_names(Filled(Bucket("", ""), found.unknown))))  # fmt: skip
    return [*lines, _("Next: qunguan segment why {scheme} MEMBER", scheme=found.scheme.code)]


def crossed(found: Cross) -> dict[str, Any]:
    """Two schemes crossed: a row a bucket of A, a column a bucket of B; the last of each is nobody's bucket."""
    return {
        "a": found.a.code,
        "b": found.b.code,
        "as_of": found.day,
        "columns": [*(each.name for each in found.columns), None],
        "rows": [
            {
                "name": each.name if each else None,
                "n": [found.count(each, column) for column in (*found.columns, None)],
            }
            for each in (*found.rows, None)
        ],
    }


def crossed_lines(found: Cross) -> list[str]:
    """The same for people; empty rows and columns of nobody are left out."""
    across = found.shown_columns
    heads = [f"{found.a.name} \\ {found.b.name}", *(each.name if each else "—" for each in across)]
    rows = [
        [each.name if each else "—", *(found.count(each, column) for column in across)] for each in found.shown_rows
    ]
    return columns(heads, rows, right=range(1, len(heads)))


def changes(found: Sequence[Change]) -> dict[str, Any]:
    """The changes of one member's bucket."""
    return {"changes": [{"day": each.day, "was": _name(each.was), "now": _name(each.now)} for each in found]}


def change_lines(found: Sequence[Change]) -> list[str]:
    """The same for people."""
    return [f"{each.day}  {known(_name(each.was))} → {known(_name(each.now))}" for each in found]


def held(scheme: Scheme, member_id: int, bucket: Bucket | None, *, locked: bool) -> dict[str, Any]:
    """Where somebody is now."""
    return {"scheme": scheme.code, "member_id": member_id, "bucket": _name(bucket), "locked": locked}


def moves(found: Moves) -> dict[str, Any]:
    """What new terms do."""
    return {
        "buckets": [{"name": bucket.name, "n": many} for bucket, many in found.counts],
        "moves": [
            {"member_id": each.member_id, "name": each.name, "was": _name(each.was), "now": _name(each.now)}
            for each in found.movers
        ],
    }


def move_lines(found: Moves) -> list[str]:
    """The same for people."""
    lines = [*count_lines(found), _("{n} members move", n=len(found.movers))]
    lines += [
        "  " + labelled(each.name, f"{known(_name(each.was))} → {known(_name(each.now))}") for each in found.movers[:20]
    ]
    return lines + (["  …"] if len(found.movers) > 20 else [])


def count_lines(found: Moves) -> list[str]:
    """How many would be in each bucket."""
    return [labelled(bucket.name, many) for bucket, many in found.counts]


def _people(members: Iterable[Person]) -> list[dict[str, Any]]:
    return [{"member_id": who, "name": name} for who, name in members]


def _names(filled: Filled) -> str:
    names = [name for _who, name in filled.members[:_NAMES]]
    more = len(filled.members) - len(names)
    return "、".join(names) + (_(" and {n} more people", n=more) if more else "")


def _name(bucket: Bucket | None) -> str | None:
    return bucket.name if bucket else None
