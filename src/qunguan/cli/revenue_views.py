"""The money view and LTV as the command line prints them: documents with stable keys, and lines for people."""

from __future__ import annotations

from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.cli.trade_views import channel_table
from qunguan.domain import lifetime as lifetimes
from qunguan.domain import revenue as takings
from qunguan.domain.lifetime import Lifetime
from qunguan.domain.money import yuan
from qunguan.domain.revenue import Revenue, Takings, label
from qunguan.domain.trade import AGES
from qunguan.exchange.writers.revenue import estimate_text, title
from qunguan.i18n import _


def revenue(found: Revenue) -> dict[str, Any]:
    """The takings of some days."""
    return {
        "by": found.by,
        "from": found.first,
        "to": found.last,
        "group": found.group or None,
        "rows": [{"key": each.key, **_sums(each)} for each in found.rows],
        "total": _sums(found.total),
        "terms": [str(each) for each in takings.terms(found)],
    }


def _sums(each: Takings) -> dict[str, int]:
    return {"gross_fen": each.gross_fen, "refunds_fen": each.refunds_fen, "net_fen": each.net_fen,
            "orders": each.orders, "buyers": each.buyers}  # fmt: skip


def revenue_lines(found: Revenue) -> list[str]:
    """The same for people: the days, the rows, and what is counted how."""
    lines = [title(found)]
    if not found.total.orders and not found.total.refunds_fen:
        lines.append(_("Nothing came in or went back. Next: qunguan order import FILE, or --from a day before"))
        return lines
    rows = [(label(found.by, each.key), *_cells(each)) for each in found.rows]
    header = (_(takings.HEADS[found.by]), _("came in"), _("went back"), _("net"), _("payments"), _("who paid"))
    lines += columns(header, [*rows, (_("all together"), *_cells(found.total))], right=range(1, 6))
    return [*lines, "", *(str(each) for each in takings.terms(found))]


def _cells(each: Takings) -> tuple[object, ...]:
    return yuan(each.gross_fen), yuan(each.refunds_fen), yuan(each.net_fen), each.orders, each.buyers


def ltv(found: Lifetime) -> dict[str, Any]:
    """What a buyer leaves."""
    verdict = lifetimes.verdict(found)
    simple = found.simple
    return {
        "as_of": found.as_of,
        "group": found.group or None,
        "cohort": "month",
        "purchases": found.purchases,
        "memberships": found.memberships,
        "buyers": found.buyers,
        "net_fen": found.net_fen,
        "aov_fen": found.aov_fen,
        "ltv_fen": jsonable(found.ltv_fen),
        "ltv_aov": jsonable(found.ltv_aov),
        "ltv_verdict": None if verdict is None else str(verdict),
        "ltv_cac": found.ltv_cac,
        "ltv_by_age": {str(age): jsonable(each) for age, each in zip(AGES, found.overall, strict=True)},
        "cohorts": [
            {"month": takings.month_of(each.month), "size": each.size,
             "ltv_fen": {str(age): value for age, value in zip(AGES, each.ltv_fen, strict=True)}}
            for each in found.cohorts
        ],
        "ltv_simple": None if simple is None else {
            "estimate": True, "ltv_fen": simple.fen, "aov_fen": simple.aov_fen, "orders_per_active_month":
            simple.per_month, "monthly_churn": simple.churn, "months": simple.months,
        },
        "channels": [jsonable(each) for each in found.channels],
        "terms": [str(each) for each in lifetimes.terms(found)],
    }  # fmt: skip


def ltv_lines(found: Lifetime) -> list[str]:
    """The same for people."""
    if found.ltv_fen is None:
        return [_("{day}: nobody has bought yet. Next: qunguan order import FILE", day=found.as_of)]
    lines = [
        _("{day}: {buyers} buyers left {ltv} yuan each, in {purchases} purchases of {aov} on average", day=found.as_of,
          buyers=found.buyers, ltv=_fen(found.ltv_fen.value), purchases=found.purchases, aov=_fen(found.aov_fen)),
    ]  # fmt: skip
    verdict = lifetimes.verdict(found)
    lines += [] if verdict is None else [str(verdict)]
    if found.ltv_cac is not None:
        lines.append(_("a yuan paid for channels brought back {yuan}", yuan=f"{found.ltv_cac:.2f}"))
    lines += [estimate_text(found.simple)] if found.simple else []
    months = [(takings.month_of(each.month), each.size, *map(_fen, each.ltv_fen)) for each in found.cohorts]
    everybody = (_("all together"), "", *(_fen(each.value if each else None) for each in found.overall))
    header = (_("first bought"), _("who bought"), *(_("{n} days", n=age) for age in AGES))
    lines += ["", _("Net yuan per buyer, so long after their first purchase"),
              *columns(header, [*months, everybody], right=range(1, 2 + len(AGES)))]  # fmt: skip
    told = channel_table(found.channels)
    return [*lines, "", *told, *([""] if told else []), *(str(each) for each in lifetimes.terms(found))]


def _fen(value: float | None) -> str:
    return known(None if value is None else yuan(round(value)))
