"""Why somebody is called what RFM calls them: figures, bars, and where the numbers come from (semantics 3.5, C05)."""

from __future__ import annotations

from datetime import date

from qunguan.domain import rfm_scores as scoring
from qunguan.domain.clock import Clock
from qunguan.domain.money import short_yuan, yuan
from qunguan.domain.rfm import RfmBook, RfmLine, outside, service_of
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.domain.sources import Brief
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.rfm import book_of, rfm
from qunguan.store.session import Session


def how(book: RfmBook) -> tuple[Reason, ...]:
    """How the scores of a book were made: windows, bars, ties, and why not as asked."""
    terms = book.terms
    merged = Reason.of(N_("same day merged")) if terms.merge else Reason.of(N_("every order counts"))
    lines = [
        Reason.of(N_("R: days since the last order ({bars})"), bars=_bars(book.bars.r)),
        Reason.of(N_("F: purchases, {window}, {merged} ({bars})"), window=_window(terms.frequency_days), merged=merged,
                  bars=_bars(book.bars.f)),
        Reason.of(N_("M: yuan without what went back, {window} ({bars})"), window=_window(terms.money_days),
                  bars=_bars(book.bars.m, money=True)),
    ]  # fmt: skip
    if book.method == "quintile":
        lines.append(Reason.of(scoring.TIE_RULE))
    if book.fallback:
        lines.append(book.fallback)
    return tuple(lines)


def why_rfm(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> tuple[Reason, ...]:
    """Why a member is called what they are at the end of a day (None: today)."""
    day = as_of or clock.today(groups.day_rule(session))
    fixed = rules.value(session, "rfm.method") == "fixed"
    book = book_of(session, day, "fixed", ids=[member_id]) if fixed else rfm(session, clock, day)
    if member_id not in book.spent.ids:
        nothing = N_("nothing bought by {day}, or all of it given back: {label} (C05)")
        return (Reason.of(nothing, day=day, label=outside()),)
    return why_line(book, book.line(book.spent.ids.index(member_id)))


def why_line(book: RfmBook, line: RfmLine) -> tuple[Reason, ...]:
    """Why a buyer of a book is called what they are: each score, how it was made, the segment and what helps."""
    return (
        Reason.of(N_("R {score}: the last order was {n} days ago ({source})"), score=line.r, n=line.recency_days,
                  source=Brief(preset("rfm.recency").source)),
        Reason.of(N_("F {score}: {n} purchases ({source})"), score=line.f, n=line.frequency,
                  source=Brief(preset("rfm.frequency").source)),
        Reason.of(N_("M {score}: {yuan} yuan ({source})"), score=line.m, yuan=yuan(line.money_fen),
                  source=Brief(preset("rfm.money").source)),
        *how(book),
        Reason.of(N_("the first segment that fits: {label}"), label=line.segment),
        Reason.of(N_("what helps: {service}"), service=Reason(service_of(line.segment))),
    )  # fmt: skip


def _window(days: int) -> Reason:
    return Reason.of(N_("{n} days"), n=days) if days else Reason.of(N_("all so far"))


def _bars(bars: tuple[int, ...], *, money: bool = False) -> str:
    """Bars as they are read, the best score last; recency counts back from 0."""
    if bars[-1] <= 0:
        return " · ".join(f"{score}: ≤{-bar}" for score, bar in enumerate(bars, 2))
    return " · ".join(f"{score}: ≥{short_yuan(bar) if money else bar}" for score, bar in enumerate(bars, 2))
