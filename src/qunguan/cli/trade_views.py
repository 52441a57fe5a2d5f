"""RFM, funnels and trade as the command line prints them: documents with stable keys, and lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.domain import rfm as rfm_values
from qunguan.domain.funnels import KINDS, Funnel, FunnelResult
from qunguan.domain.members import label
from qunguan.domain.money import yuan
from qunguan.domain.rfm import RfmBook, RfmLine
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.domain.trade import AGES, Channel, ChannelCost, Trade, whose_orders, why_ltv
from qunguan.i18n import _, labelled


def _fen(value: float | None) -> str:
    return "—" if value is None else yuan(round(value))


def rfm(book: RfmBook, lines: Sequence[RfmLine], how: Sequence[Reason]) -> dict[str, Any]:
    """Every buyer of a day."""
    counts = book.counts()
    return {
        "as_of": book.as_of,
        "method": book.method,
        "fallback": None if book.fallback is None else str(book.fallback),
        "windows": {"frequency_days": book.terms.frequency_days, "money_days": book.terms.money_days},
        "how": [str(each) for each in how],
        "segments": [
            {"id": each.id, "name": each.name, "n": counts[each.id], "service": _(each.service)}
            for each in rfm_values.segments()
        ],
        "members": [jsonable(each) for each in lines],
    }


def rfm_lines(book: RfmBook, lines: Sequence[RfmLine], how: Sequence[Reason]) -> list[str]:
    """The same for people: how it was counted, the segments, and some buyers."""
    counts = book.counts()
    told = [(each.name, counts[each.id], _(each.service)) for each in rfm_values.segments()]
    table = [
        (label(each.member_id, each.name) if each.member_id else each.key, each.segment,
         f"R{each.r} F{each.f} M{each.m}", each.recency_days, each.purchase_days, yuan(each.net_fen))
        for each in lines
    ]  # fmt: skip
    header = (_("buyer"), _("segment"), "RFM", _("days ago"), _("days bought"), _("net"))
    said = [_("{day}: {n} buyers", day=book.as_of, n=len(book)), *map(str, how), ""]
    said += [*columns((_("segment"), _("who bought"), _("what helps")), told, right=(1,)), ""]
    said += columns(header, table, right=(3, 4, 5)) if table else []
    if len(lines) < len(book):
        said.append(_("{shown} of {total} buyers: --limit 0 shows all", shown=len(lines), total=len(book)))
    return said


def shipped(found: Sequence[Funnel]) -> dict[str, Any]:
    """Which funnels there are."""
    return {
        "funnels": [
            {"id": each.id, "name": each.name, "steps": [step.written for step in each.steps], "source": each.source,
             "window_days": each.window_days}
            for each in found
        ]
    }  # fmt: skip


def shipped_lines(found: Sequence[Funnel]) -> list[str]:
    """The same for people."""
    rows = [(each.id, each.name, " → ".join(step.written for step in each.steps), Brief(each.source)) for each in found]
    return columns((_("funnel"), _("name"), _("steps"), _("source")), rows)


def funnel(found: FunnelResult) -> dict[str, Any]:
    """One funnel."""
    return {
        "name": found.funnel.name,
        "id": found.funnel.id,
        "source": found.funnel.source,
        "from": found.first,
        "to": found.last,
        "window_days": found.window_days,
        "open": found.open,
        "steps": [
            {"step": each.step.written, "label": _(KINDS[each.step.kind]), "n": each.n, "rate": jsonable(each.rate),
             "cumulative": jsonable(each.cumulative), "median_days": each.median_days}
            for each in found.steps
        ],
    }  # fmt: skip


def funnel_lines(found: FunnelResult) -> list[str]:
    """The same for people."""
    rows = [
        (_(KINDS[each.step.kind]) + (f" {each.step.text}" if each.step.text else ""), known(each.n), known(each.rate),
         known(each.cumulative), "—" if each.median_days is None else f"{each.median_days:g}")
        for each in found.steps
    ]  # fmt: skip
    header = (_("step"), _("people"), _("of the step before"), _("of the first"), _("median days"))
    lines = [
        _("{name}: first step from {first} to {last}, the rest within {days} days", name=found.funnel.name,
          first=found.first, last=found.last, days=found.window_days),
        *columns(header, rows, right=(1, 2, 3, 4)),
    ]  # fmt: skip
    if found.open:
        lines.append(_("{n} of them still have time", n=found.open))
    if any(each.n is None for each in found.steps):
        lines.append(_("—: nobody can know, there is no chat, tag or column of it; the next step goes on without it"))
    return lines


def trade(found: Trade) -> dict[str, Any]:
    """The figures of trade."""
    verdict = why_ltv(found)
    return {
        "as_of": found.as_of,
        "from": found.first,
        "group": found.group or None,
        "members": found.members,
        "buyers": found.buyers,
        "orders": found.orders,
        "net_fen": found.net_fen,
        "aov_fen": found.aov_fen,
        "conversion": jsonable(found.conversion),
        "repeat_rates": {each.form: jsonable(each.rate) for each in found.repeat},
        "attach_rate": jsonable(found.attach.rate),
        "kinds_per_buyer": found.attach.per_buyer,
        "pairs": [
            {"first": each.first, "second": each.second, "buyers": each.buyers, "rate": jsonable(each.rate)}
            for each in found.attach.pairs
        ],
        "ltv_fen": jsonable(found.ltv_fen),
        "ltv_aov": jsonable(found.ltv_aov),
        "ltv_verdict": None if verdict is None else str(verdict),
        "ltv_by_age": {str(age): jsonable(each) for age, each in zip(AGES, found.overall, strict=True)},
        "cohorts": [
            {"month": each.month.isoformat()[:7], "size": each.size,
             "ltv_fen": {str(age): value for age, value in zip(AGES, each.ltv_fen, strict=True)}}
            for each in found.cohorts
        ],
        "channels": [jsonable(each) for each in found.channels],
    }  # fmt: skip


def trade_lines(found: Trade) -> list[str]:
    """The same for people."""
    lines = [
        _("{first} to {day}: {buyers} buyers, {orders} orders, net {net} yuan, average order {aov}", first=found.first,
          day=found.as_of, buyers=found.buyers, orders=found.orders, net=yuan(found.net_fen), aov=_fen(found.aov_fen)),
        _("Members who bought: {share}", share=known(found.conversion)),
        *(_("Repeat rate {value}: {terms}", value=known(each.rate), terms=each.terms) for each in found.repeat),
        _("Two kinds of things or more: {share}", share=known(found.attach.rate)),
        *("  " + labelled(f"{each.first} + {each.second}", each.buyers) for each in found.attach.pairs[:5]),
    ]  # fmt: skip
    verdict = why_ltv(found)
    lines += [] if verdict is None else [f"{verdict}; {whose_orders(found.group)}"]
    header = (_("first bought"), _("who bought"), *(_("{n} days", n=age) for age in AGES))
    if found.cohorts:
        everybody = [_("all together"), "", *(_fen(each.value if each else None) for each in found.overall)]
        months = [(each.month.isoformat()[:7], each.size, *map(_fen, each.ltv_fen)) for each in found.cohorts]
        right = range(1, 2 + len(AGES))
        lines += ["", _("Net yuan per buyer, so long after their first purchase"),
                  *columns(header, [*months, everybody], right=right)]  # fmt: skip
    return [*lines, *([""] if found.channels else []), *channel_table(found.channels)]


def channel_table(found: Sequence[Channel]) -> list[str]:
    """Channels with their costs as a table; nothing where there are none."""
    rows = [
        (each.channel, yuan(each.cost_fen), each.joined, each.valid, each.pending, _fen(each.cac_fen),
         _fen(each.ltv_fen), "—" if each.ratio is None else f"{each.ratio:.2f}")
        for each in found
    ]  # fmt: skip
    header = (_("channel"), _("cost"), _("joined"), _("stayed"), _("too new"), "CAC", "LTV", "LTV ÷ CAC")
    return columns(header, rows, right=range(1, 8)) if rows else []


def channels(found: Sequence[Channel], costs: Sequence[ChannelCost]) -> dict[str, Any]:
    """Channels, and what was noted of them."""
    return {"channels": [jsonable(each) for each in found], "costs": [cost(each) for each in costs]}


def channel_lines(found: Sequence[Channel], costs: Sequence[ChannelCost]) -> list[str]:
    """The same for people."""
    if not costs:
        return [_("No channel has a cost yet. Next: qunguan insight channel add CHANNEL YUAN --from DATE --to DATE")]
    return [*channel_table(found), "", *map(cost_line, costs)]


def cost(each: ChannelCost) -> dict[str, Any]:
    """One cost."""
    document: dict[str, Any] = jsonable(each)
    return document


def cost_line(each: ChannelCost) -> str:
    """The same for people."""
    return _("#{id} {channel} {first} to {last}: {cost} yuan {note}", id=each.id, channel=each.channel,
             first=each.from_day, last=each.to_day, cost=yuan(each.cost_fen), note=each.note).rstrip()  # fmt: skip


def article_lines(told: Mapping[str, str]) -> list[str]:
    """Articles and what kind they are."""
    if not told:
        return [_("No article has a kind yet: each counts as its own")]
    return columns((_("article"), _("kind")), list(told.items()))
