"""How schemes, their buckets and who is in them are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.scheme_views import Cross, Filled, Moves, Person, Shown, asked
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.domain.sources import Brief, cited
from qunguan.domain.text import match_key, show
from qunguan.exchange.writers.segments import UNKNOWN, label_text
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column

_METER = 12
_BUCKET, _LONG_BUCKET = 8, 30  # cells the name of a bucket has
_MOVERS = 20
NOBODY = 0
"""The key of the line of those of whom too little is known."""


def headline(found: Shown, bucket: Bucket | None, search: str, *, today: bool) -> Content:
    """Which scheme or bucket it is, as of when, how many are in it."""
    people = sum(len(each.members) for each in found.buckets) + len(found.unknown)
    parts = [
        literal(label_text(found.scheme, bucket) if bucket else found.scheme.name, "bold"),
        literal(_("as of {day}", day=found.day), "$text-muted" if today else "$text-warning"),
        literal(ngettext("{n} member", "{n} members", people)),
    ]
    if found.scheme.changed:
        parts.append(literal(_("changed by you"), "$text-muted"))
    if not found.scheme.enabled:
        parts.append(literal(_("switched off: it labels nobody"), "$text-warning"))
    if bucket:
        parts.append(literal(_("Esc: all buckets"), "$text-muted"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def bucket_columns(found: Shown) -> tuple[Column, ...]:
    """The bucket, whole unless somebody gave it a very long name; how many, their share, what it asks for."""
    longest = max((cell_len(show(each.bucket.name)) for _key, each in buckets(found)), default=0)
    return (
        Column(_("bucket"), width=min(max(longest, _BUCKET), _LONG_BUCKET)),
        Column(_("People"), width=6, right=True), Column(_("share"), width=18),
        Column(_("asks for"), flex=3, minimum=16),
    )  # fmt: skip


def _asked(found: Shown, bucket: Bucket) -> str:
    return asked(found.scheme, bucket, found.base, found.day)


def bucket_cells(found: Shown, each: Filled) -> tuple[Cell | str, ...]:
    """The line of a bucket."""
    people = sum(len(one.members) for one in found.buckets) + len(found.unknown)
    return (
        Cell(each.bucket.name, "strong"), str(len(each.members)), meter(len(each.members), people, _METER),
        Cell(_asked(found, each.bucket) if each.bucket.code else _("too little is known of them"), "dim"),
    )  # fmt: skip


def buckets(found: Shown) -> list[tuple[int, Filled]]:
    """The buckets by the key of their line, those of whom too little is known last."""
    lines = list(enumerate(found.buckets, 1))
    if found.unknown:
        lines.append((NOBODY, Filled(Bucket("", UNKNOWN), found.unknown)))
    return lines


def member_columns() -> tuple[Column, ...]:
    """Who is in a bucket, with the labels of every other scheme."""
    return (Column(_("name"), width=16), Column(_("labels"), flex=1, minimum=20))


def member_cells(person: Person, labels: Sequence[str]) -> tuple[Cell | str, ...]:
    """The line of somebody in a bucket."""
    return (Cell(person[1], "strong"), Cell("  ".join(labels), "dim"))


def member_side(why: Sequence[str], labels: Sequence[str]) -> list[Content]:
    """Why somebody is in the bucket, and their other labels, each on a line of its own."""
    told = [literal(line) for line in why]
    if labels:
        told += [Content(""), literal(_("labels"), "$text-muted"), *map(literal, labels)]
    return told


def finds(search: str, name: str) -> bool:
    """Whether the search means this name."""
    return match_key(search) in match_key(name)


def bucket_side(found: Shown, each: Filled) -> Content:
    """What a bucket asks for, the service that fits its people, the source."""
    told = [literal(label_text(found.scheme, each.bucket), "bold"), literal(_("{n} people", n=len(each.members)))]
    if each.bucket.code:
        told += [Content(""), literal(_("asks for"), "$text-muted"), literal(_asked(found, each.bucket))]
    if each.bucket.service:
        told += [Content(""), literal(_("what to do"), "$text-muted"), literal(_(each.bucket.service))]
    if found.scheme.note:
        told += [Content(""), literal(_(found.scheme.note), "$text-muted")]
    told += [Content(""), *(literal(line, "dim") for line in cited(found.scheme.source))] if found.scheme.source else []
    return Content("\n").join(told)


def moves_lines(found: Moves) -> list[str]:
    """What new terms would do: how many in each bucket, who moves."""
    lines = ["  ".join(f"{bucket.name} {many}" for bucket, many in found.counts),
             ngettext("{n} member would move", "{n} members would move", len(found.movers))]  # fmt: skip
    for one in found.movers[:_MOVERS]:
        was, now = (each.name if each else UNKNOWN for each in (one.was, one.now))
        lines.append(f"{one.name}  {was} → {now}")
    return lines + (["…"] if len(found.movers) > _MOVERS else [])


def scheme_choice(each: Scheme) -> tuple[str, str]:
    """A scheme to be chosen: its name, and what is to be known of it."""
    told = [str(Brief(each.source)), _("changed by you") if each.changed else "", "" if each.enabled else _("off")]
    return each.name, " · ".join(filter(None, told))


def holds(each: Filled, search: str) -> bool:
    """Whether somebody in the bucket is meant by the search."""
    return any(finds(search, name) for _who, name in each.members)


def empty_text(bucket: Bucket | None) -> str:
    """What an empty list says."""
    if bucket:
        return _("Nobody is in this bucket.\n\nEsc goes back to all buckets; w on the bucket says what it asks for.")
    return _("Nobody can be sorted yet.\n\nImport a roster (2) and a chat (Who is who, i), or enter orders (7).")


def why_bucket(found: Shown, each: Filled) -> list[Content]:
    """Why a bucket is as it is."""
    return [joined(bucket_side(found, each))]


def cross_lines(found: Cross) -> list[str]:
    """Two schemes crossed: a line a bucket of one, a column a bucket of the other; columns of nobody are left out."""
    across, down = found.shown_columns, found.shown_rows
    heads = [f"{found.a.name} ＼ {found.b.name}", *(one.name if one else UNKNOWN for one in across), _("Together")]
    lines = [
        [one.name if one else UNKNOWN, *(str(found.count(one, column)) for column in across),
         str(sum(found.count(one, column) for column in across))]
        for one in down
    ]  # fmt: skip
    lines.append(
        [_("Together"), *(str(sum(found.count(one, column) for one in down)) for column in across),
         str(sum(found.count(one, column) for one in down for column in across))]
    )  # fmt: skip
    return _aligned([heads, *lines])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(cell_len(show(row[place])) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(_cell(show(text), width, first=not place) for place, (text, width) in
                      enumerate(zip(row, widths, strict=True))) for row in rows]  # fmt: skip


def _cell(text: str, width: int, *, first: bool) -> str:
    blank = " " * (width - cell_len(text))
    return text + blank if first else blank + text
