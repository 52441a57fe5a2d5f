"""How RFM is drawn: buyers with their scores, and the segments as bars."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Sequence

from textual.content import Content

from qunguan.domain.rfm import RfmBook, RfmLine, Segment, Social, outside, segments
from qunguan.exchange.writers.insights import UNKNOWN, quantity
from qunguan.exchange.writers.trade import method_text
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

_BAR = 16
_SCORES: dict[int, CellStyle] = {1: "bad", 2: "dim", 3: "", 4: "good", 5: "good"}


class BuyerPages:
    """Some places of a book as a list; a page of lines is read when it is seen."""

    def __init__(
        self, book: RfmBook, places: array[int], read: Callable[[Sequence[int]], Awaitable[Sequence[RfmLine]]]
    ) -> None:
        self._book, self._places, self._read = book, places, read

    @property
    def count(self) -> int:
        """How many buyers."""
        return len(self._places)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        places = self._places[start : start + size].tolist()
        lines = await self._read(places)
        return [Row(key_of(self._book, place), buyer_cells(one)) for place, one in zip(places, lines, strict=True)]

    async def find(self, key: int) -> int | None:
        """Where the buyer with this key stands."""
        place = place_of(self._book, key)
        return self._places.index(place) if place is not None and place in self._places else None


def key_of(book: RfmBook, place: int) -> int:
    """The member's id; below 0 for a buyer who is nobody's member yet."""
    return book.spent.ids[place] or -place - 1


def place_of(book: RfmBook, key: int) -> int | None:
    """Where in the book the buyer with this key stands."""
    if key < 0:
        return -key - 1 if -key <= len(book) and book.stranger(-key - 1) else None
    return book.spent.ids.index(key) if key in book.spent.ids else None


def buyers_head(book: RfmBook, segment: Segment | None) -> list[Content]:
    """How the scores were cut and whether as asked; how many buyers each segment has, or whose these are."""
    if segment is not None:
        way_back = literal(_("Esc back to the segments"), "$text-muted")
        return [literal(segment.name, "bold $text-accent"), way_back, _method(book)]
    counts = book.counts()
    many = " ".join(f"{each.name} {counts[each.id]}" for each in segments() if counts[each.id])
    return [*segments_head(book), literal(many, "$text-muted")]


def segments_head(book: RfmBook) -> list[Content]:
    """How many buyers, and how their scores were cut."""
    return [literal(ngettext("{n} buyer", "{n} buyers", len(book))), _method(book)]


def _method(book: RfmBook) -> Content:
    return literal(method_text(book), "$text-warning" if book.fallback else "")


def buyer_columns() -> tuple[Column, ...]:
    """Name, scores, what they are of, and the segment."""
    return (
        Column(_("name"), flex=2, minimum=10), Column("R", width=1), Column("F", width=1), Column("M", width=1),
        Column(_("days ago"), width=6, right=True), Column(_("orders"), width=4, right=True),
        Column(_("net"), width=11, right=True), Column(_("segment"), width=8),
    )  # fmt: skip


def buyer_cells(one: RfmLine) -> tuple[Cell | str, ...]:
    """The line of a buyer; one who is nobody's member yet is dim."""
    name = Cell(one.name, "strong") if one.member_id is not None else Cell(f"? {one.key}", "dim")
    scores = (Cell(str(score), _SCORES[score]) for score in (one.r, one.f, one.m))
    return name, *scores, str(one.recency_days), str(one.orders), quantity(one.net_fen, "fen"), one.segment


def buyer_side(one: RfmLine, why: Sequence[str], social: Social | None) -> Content:
    """Who it is, why they are called that, and what they do beside buying (S4-02)."""
    told = [joined((one.name or one.key, "bold"), "  ", (f"{one.segment} R{one.r} F{one.f} M{one.m}", "$text-accent"))]
    if one.member_id is None:
        told.append(literal(_("nobody's member yet: say who it is in Revenue (7, f)"), "$text-warning"))
    elif one.key and one.key != one.name:
        told.append(literal(_("bought as {name}", name=one.key), "$text-muted"))
    if social is not None:
        told += [Content(""), *(literal(line) for line in social_lines(social))]
    return Content("\n").join([*told, Content(""), *(literal(line, "$text-muted") for line in why)])


def social_lines(social: Social) -> list[str]:
    """Interaction and spread with what they are made of."""
    messages = UNKNOWN if social.messages is None else social.messages
    return [
        _("interaction {n}: messages {messages}, check-ins {checkins}, good deeds {deeds}", n=social.interaction,
          messages=messages, checkins=social.checkins, deeds=social.deeds),
        _("spread {n}: invitations {invites}, good shares {shares}", n=social.spread, invites=social.invites,
          shares=social.shares),
    ]  # fmt: skip


def segment_columns() -> tuple[Column, ...]:
    """Name, how many, how much of all, and what helps."""
    return (
        Column(_("segment"), width=8), Column(_("who bought"), width=6, right=True), Column("", width=_BAR),
        Column(_("share"), width=6, right=True), Column(_("what helps"), flex=1, minimum=16),
    )  # fmt: skip


def segment_cells(book: RfmBook, counts: dict[str, int], one: Segment) -> tuple[Cell | str, ...]:
    """The line of a segment."""
    n, most = counts[one.id], max(counts.values()) or 1
    share = f"{n / len(book):.0%}" if len(book) else UNKNOWN
    return (
        Cell(one.name, "strong" if n else "dim"),
        str(n),
        gauge(n, most, (), _BAR),
        share,
        Cell(_(one.service), "dim"),
    )


def segment_side(book: RfmBook, one: Segment, how: Sequence[str]) -> Content:
    """What a segment asks for, what helps, and how the scores were made."""
    n = book.counts()[one.id]
    told = [joined((one.name, "bold"), f"  {n}"), literal(_(one.service)), Content("")]
    told += [literal(asked, "$text-accent") for asked in asks(one)]
    told += [literal(each, "$text-muted") for each in (*how, never_bought())]
    return Content("\n").join([*told, *([Content(""), literal(_("Enter: who they are"))] if n else [])])


def asks(one: Segment) -> list[str]:
    """The scores a segment asks for; the first that fits counts."""
    scores = [f"{axis} {low}–{high}" for axis, (low, high) in zip("RFM", (one.r, one.f, one.m), strict=True)
              if (low, high) != (1, 5)]  # fmt: skip
    if one.bought:
        scores.append(_("bought on one day only"))
    return ["  ".join(scores) if scores else _("everybody who fits nothing above")]


def never_bought() -> str:
    """Who is not in any of the segments."""
    return _("who never bought is {label} and in none of them (C05)", label=outside())
