"""Trade in words, as text and as tables: RFM, the figures, funnels and channels, as screens and reports share them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qunguan.domain.funnels import KINDS, FunnelResult, Step
from qunguan.domain.goals import METRICS
from qunguan.domain.insights import FIGURES
from qunguan.domain.orders import Rate
from qunguan.domain.rfm import RfmBook, RfmLine, segments
from qunguan.domain.rosters import Reason
from qunguan.domain.text import show
from qunguan.domain.trade import AGES, Channel, Trade, whose_orders, why_ltv
from qunguan.exchange.writers.insights import UNKNOWN, quantity
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import N_, _
from qunguan.values import frozen

METHODS = {"fixed": N_("fixed cut points"), "quintile": N_("fifths")}
"""How RFM scores were cut, as message IDs."""
_PAIRS = 5


@frozen
class TradeFigure:
    """One figure of trade: `unit` as of the health card, `n` the count it is of (None for sums), `terms` what it
    counts, `source` the codes of where it comes from.
    """

    code: str
    label: str
    value: float | None
    unit: str
    n: int | None
    terms: str
    source: str = ""


def figures(found: Trade) -> list[TradeFigure]:
    """Every figure of trade in the order they are read."""
    return [*_sums(found), *_shares(found), *_worth(found)]


def _sums(found: Trade) -> Iterator[TradeFigure]:
    days = _("{first} to {last}", first=found.first, last=found.as_of)
    yield TradeFigure("net", _(METRICS["net"][0]), found.net_fen, "fen", found.orders, days, "S0-33")
    yield TradeFigure("buyers", _(METRICS["buyers"][0]), found.buyers, "count", None, days)
    aov = _("{days}; net ÷ orders", days=days)
    yield TradeFigure("aov", _(FIGURES["aov"]), found.aov_fen, "fen", found.orders, aov, "S0-33")
    told = _("buyers among the members ÷ members present on {day}", day=found.as_of)
    yield _rate("conversion", _(FIGURES["conversion"]), found.conversion, told, "S0-32")


def _shares(found: Trade) -> Iterator[TradeFigure]:
    for each in found.repeat:
        yield _rate(f"repeat_{each.form}", _(FIGURES["repeat_rate"]), each.rate, str(each.terms), "semantics 3.7")
    attach = found.attach
    told = _("bought two kinds of things or more ÷ buyers of these days")
    yield _rate("attach_rate", _(METRICS["attach_rate"][0]), attach.rate, told, "S4-17")
    n = attach.rate.n if attach.rate else None
    told = _("different things per buyer of these days")
    yield TradeFigure("kinds", _("kinds per buyer"), attach.per_buyer, "ratio", n, told, "S4-17")
    for place, pair in enumerate(attach.pairs[:_PAIRS], 1):
        told = _("{n} buyers bought both", n=pair.buyers)
        yield _rate(f"pair_{place}", f"{show(pair.first)} + {show(pair.second)}", pair.rate, told, "S4-17")


def _worth(found: Trade) -> Iterator[TradeFigure]:
    whose = whose_orders(found.group)
    told = _("net of everything so far ÷ buyers; {whose}", whose=whose)
    yield _rate("ltv", "LTV", found.ltv_fen, told, "semantics 3.8", "fen")
    verdict = why_ltv(found)
    told = f"{verdict}; {whose}" if verdict else _("nobody has bought yet")
    yield _rate("ltv_aov", _(FIGURES["ltv_ratio"]), found.ltv_aov, told, "S4-24", "ratio")
    for age, rate in zip(AGES, found.overall, strict=True):
        told = _("net so long after the first purchase ÷ buyers that long ago")
        yield _rate(f"ltv_{age}", _("LTV after {n} days", n=age), rate, told, "semantics 3.8", "fen")


def _rate(code: str, label: str, rate: Rate | None, terms: str, source: str, unit: str = "share") -> TradeFigure:
    return TradeFigure(code, label, rate.value if rate else None, unit, rate.n if rate else None, terms, source)


def figures_text(found: Trade) -> str:
    """The figures as lines to paste: each with its base and what it counts; unknown ones at the end by name."""
    every = figures(found)
    lines = [_("Trade as of {day}", day=found.as_of)]
    for each in every:
        if each.value is not None:
            base = "" if each.n is None else f"（n={each.n}）"
            lines.append(f"{each.label} {quantity(each.value, each.unit)}{base} {each.terms}")
    unknown = [each.label for each in every if each.value is None]
    if unknown:
        lines.append(_("not known: {figures}", figures="、".join(unknown)))
    return "\n".join(lines)


def figures_table(found: Trade) -> Table:
    """A line for each figure; money in fen."""
    columns = (
        Column("code", _("code")), Column("figure", _("key figure")), Column("value", _("value"), "int"),
        Column("unit", _("unit")), Column("n", _("base n"), "int"), Column("terms", _("how it is counted")),
    )  # fmt: skip
    rows = [
        (each.code, each.label, None if each.value is None else round(each.value, 6), each.unit, each.n, each.terms)
        for each in figures(found)
    ]
    return Table(_("Buying"), columns, rows)


def method_text(book: RfmBook) -> str:
    """How the scores of a book were cut, and why not as asked."""
    method = _(METHODS[book.method])
    return f"{method}（{book.fallback}）" if book.fallback else method


def rfm_text(book: RfmBook, how: Iterable[Reason]) -> str:
    """The segments of a day with their numbers and what helps, and how the scores were made."""
    counts = book.counts()
    lines = [_("RFM as of {day}: {n} buyers, {method}", day=book.as_of, n=len(book), method=method_text(book))]
    lines += [f"{each.name} {counts[each.id]}  {_(each.service)}" for each in segments() if counts[each.id]]
    return "\n".join([*lines, *map(str, how)])


def rfm_table(book: RfmBook, lines: Sequence[RfmLine]) -> Table:
    """A line for each buyer: scores, what they are of, and the segment."""
    columns = (
        Column("member_id", _("id"), "int"), Column("name", _("name")), Column("key", _("imported as")),
        Column("segment", _("segment")), Column("r", "R", "int"), Column("f", "F", "int"), Column("m", "M", "int"),
        Column("recency_days", _("days ago"), "int"), Column("orders", _("orders"), "int"),
        Column("purchase_days", _("days bought"), "int"), Column("net", _("net"), "money"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.member_id, each.name, each.key, each.segment, each.r, each.f, each.m, each.recency_days, each.orders,
         each.purchase_days, each.net_fen)
        for each in lines
    ]  # fmt: skip
    return Table(f"RFM {book.as_of} {method_text(book)}", columns, rows)


def segments_table(book: RfmBook) -> Table:
    """The segments with their numbers and what helps."""
    columns = (
        Column("segment", _("segment")), Column("n", _("who bought"), "int"), Column("share", _("share"), "rate"),
        Column("service", _("what helps")),
    )  # fmt: skip
    counts, whole = book.counts(), len(book)
    rows = [(each.name, counts[each.id], counts[each.id] / whole if whole else None, _(each.service))
            for each in segments()]  # fmt: skip
    return Table(f"RFM {book.as_of}", columns, rows)


def step_text(step: Step) -> str:
    """A step as people read it: 打卡, 有标签 问卷."""
    return f"{_(KINDS[step.kind])} {show(step.text)}" if step.text else _(KINDS[step.kind])


def rate_text(rate: Rate | None) -> str:
    """`41.7% (n=12)`, or — where nobody can know."""
    return UNKNOWN if rate is None else str(rate)


def days_text(days: float | None) -> str:
    """So many days, or — where nobody can know."""
    return UNKNOWN if days is None else f"{days:g}"


def funnel_about(found: FunnelResult) -> str:
    """Who entered when, and how long they have for the rest."""
    return _("{name}: first step from {first} to {last}, the rest within {days} days", name=found.funnel.name,
             first=found.first, last=found.last, days=found.window_days)  # fmt: skip


def funnel_notes(found: FunnelResult) -> list[str]:
    """Who still has time, and what nobody can know."""
    told = [_("{n} of them still have time", n=found.open)] if found.open else []
    if any(each.n is None for each in found.steps):
        told.append(_("—: nobody can know, there is no chat, tag or column of it; the next step goes on without it"))
    return told


def funnel_text(found: FunnelResult) -> str:
    """A funnel as lines to paste."""
    lines = [
        f"{number}. {step_text(each.step)}  {UNKNOWN if each.n is None else each.n}"
        + (f"  {_('of the step before')} {rate_text(each.rate)}  {_('of the first')} {rate_text(each.cumulative)}"
           f"  {_('median days')} {days_text(each.median_days)}" if number > 1 else "")
        for number, each in enumerate(found.steps, 1)
    ]  # fmt: skip
    return "\n".join([funnel_about(found), *lines, *funnel_notes(found)])


def funnel_table(found: FunnelResult) -> Table:
    """A line for each step."""
    columns = (
        Column("step", _("step")), Column("people", _("people"), "int"),
        Column("rate", _("of the step before"), "rate"), Column("cumulative", _("of the first"), "rate"),
        Column("median_days", _("median days"), "int"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (step_text(each.step), each.n, each.rate.value if each.rate else None,
         each.cumulative.value if each.cumulative else None, each.median_days)
        for each in found.steps
    ]  # fmt: skip
    return Table(funnel_about(found), columns, rows)


def channels_table(found: Sequence[Channel]) -> Table:
    """A line for each channel: what it cost, who came and stayed, what they leave."""
    columns = (
        Column("channel", _("channel")), Column("cost", _("cost"), "money"), Column("joined", _("joined"), "int"),
        Column("valid", _("stayed"), "int"), Column("pending", _("too new"), "int"), Column("cac", "CAC", "money"),
        Column("ltv", "LTV", "money"), Column("ratio", "LTV ÷ CAC", "int"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.channel, each.cost_fen, each.joined, each.valid, each.pending, _fen(each.cac_fen), _fen(each.ltv_fen),
         None if each.ratio is None else round(each.ratio, 2))
        for each in found
    ]  # fmt: skip
    return Table(_("What each channel cost"), columns, rows)


def channels_text(found: Sequence[Channel]) -> str:
    """Channels as lines to paste."""
    lines = [_("What each channel cost")]
    for each in found:
        ratio = "" if each.ratio is None else f"  LTV ÷ CAC {each.ratio:.2f}"
        lines.append(_("{channel}: {cost} yuan, {joined} joined, {valid} stayed, CAC {cac}", channel=show(each.channel),
                       cost=quantity(each.cost_fen, "fen"), joined=each.joined, valid=each.valid,
                       cac=quantity(each.cac_fen, "fen")) + ratio)  # fmt: skip
    return "\n".join(lines)


def _fen(value: float | None) -> int | None:
    return None if value is None else round(value)
