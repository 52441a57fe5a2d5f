"""Schemes out: who is in which bucket as a sheet, the names of a bucket to write to."""

from __future__ import annotations

from qunguan.domain.scheme_views import Filled, Shown
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _

UNKNOWN = "—"


def label_text(scheme: Scheme, bucket: Bucket | None) -> str:
    """A label with its scheme: one word means three things (C31)."""
    return f"{bucket.name if bucket else UNKNOWN}·{scheme.name}"


def names_text(scheme: Scheme, filled: Filled) -> str:
    """Who is in a bucket, as names to write to."""
    names = " ".join(f"@{show(name)}" for _who, name in filled.members)
    head = _("{label}, {n} people", label=label_text(scheme, filled.bucket), n=len(filled.members))
    service = [_(filled.bucket.service)] if filled.bucket.service else []
    return "\n".join([head, *service, names])


def segments_table(found: Shown) -> Table:
    """A scheme as a sheet, a member a row."""
    columns = (
        Column("member_id", _("member id"), "int"),
        Column("name", _("name")),
        Column("label", _("label")),
        Column("service", _("what to do")),
    )
    rows = [
        (who, name, label_text(found.scheme, each.bucket), _(each.bucket.service) if each.bucket.service else "")
        for each in found.buckets
        for who, name in each.members
    ]
    rows += [(who, name, label_text(found.scheme, None), "") for who, name in found.unknown]
    return Table(_("{scheme} on {day}", scheme=found.scheme.name, day=found.day), columns, rows)
