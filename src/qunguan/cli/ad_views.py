"""How ads are answered on the command line: documents for programs, lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain.ads import FITS, INVOICES, STATES, Ad, Booked, Change, Effect, Quota, Run
from qunguan.domain.content import clock_said
from qunguan.domain.fees import Account, share_said
from qunguan.domain.money import short_yuan
from qunguan.i18n import N_, _

_RUNS = {"planned": N_("planned"), "posted": N_("posted"), "dropped": N_("withdrawn")}


def account_document(owed: Account) -> dict[str, Any]:
    """What is due and paid, in fen."""
    return {
        "due_fen": owed.due_fen, "paid_fen": owed.paid_fen, "open_fen": owed.open_fen, "over_fen": owed.over_fen,
        "open_since": owed.since,
    }  # fmt: skip


def ad_document(found: Ad) -> dict[str, Any]:
    """An ad as a program reads it; money in fen, shares in 1/10,000."""
    draft = found.draft
    return {
        "id": found.id, "group_id": found.group_id, "brand": found.brand, "state": found.state,
        "booked_on": found.booked_on, "cancelled_on": found.cancelled_on, "fit": draft.fit,
        "fit_note": draft.fit_note, "disclosure": draft.disclosure, "price_fen": draft.price_fen,
        "share_bp": draft.share_bp, "invoice": found.invoice, "note": draft.note,
        "runs": [
            {"id": run.id, "post_id": run.post_id, "day": run.day, "at_minute": run.at_minute, "title": run.title,
             "state": run.state, "out_on": run.out_on}
            for run in found.runs
        ],
        "reports": [
            {"id": each.id, "day": each.day, "deals": each.deals, "amount_fen": each.amount_fen, "note": each.note}
            for each in found.reports
        ],
        "payments": [{"id": each.id, "day": each.day, "fen": each.fen, "note": each.note} for each in found.payments],
        "deals": found.deals, "deals_fen": found.deals_fen, "share_fen": found.share_fen,
        **account_document(found.account),
    }  # fmt: skip


def booked_document(done: Booked) -> dict[str, Any]:
    """An ad that was booked or changed, with what is to be said of it."""
    return {
        "ad": ad_document(done.ad),
        "warnings": [str(each) for each in done.warnings],
        "accepted": [str(each) for each in done.accepted],
    }


def booked_lines(done: Booked) -> Iterator[str]:
    """The ad, what was passed over, what is only said."""
    yield from ad_lines(done.ad)
    yield from (_("All the same: {why}", why=each) for each in done.accepted)
    yield from (_("Mind: {why}", why=each) for each in done.warnings)


def quota_document(found: Quota) -> dict[str, Any]:
    """The ads of a month."""
    return {"month": found.month, "used": found.used, "limit": found.limit}


def quota_line(found: Quota) -> str:
    """The ads of a month in words."""
    month = f"{found.month:%Y-%m}"
    if found.limit is None:
        return _("{month}: {used} ads", month=month, used=found.used)
    return _("{month}: {used} of {limit} ads", month=month, used=found.used, limit=found.limit)


def effect_document(found: Effect) -> dict[str, Any]:
    """What a group did after a run; what is not known is null."""
    changes = {name: getattr(found, name) for name in ("speakers", "messages", "exits", "orders", "net_fen")}
    return {
        "run": found.run.id, "day": found.run.out_on, "days": found.days, "members": found.members,
        **{name: {"before": each.before, "after": each.after} for name, each in changes.items()},
        "why": [str(each) for each in found.why], "warnings": [str(each) for each in found.warnings],
    }  # fmt: skip


def effect_lines(found: Sequence[Effect]) -> Iterator[str]:
    """A table of before and after for each run."""
    for each in found:
        yield ""
        yield _("{days} days after {day}, against as many before", days=each.days, day=each.run.out_on)
        rows = [
            (_("speakers a day"), _mean(each.speakers.before), _mean(each.speakers.after)),
            (_("messages a day"), _mean(each.messages.before), _mean(each.messages.after)),
            (_("left"), known(each.exits.before), known(each.exits.after)),
            (_("orders"), known(each.orders.before), known(each.orders.after)),
            (_("worth of the orders"), *(known(_money(fen)) for fen in _pair(each.net_fen))),
        ]
        yield from ("  " + line for line in columns((_("measure"), _("before"), _("after")), rows, right=(1, 2)))
        yield from (f"  {why}" for why in each.why)
        yield from (f"  ⚠ {why}" for why in each.warnings)


def _pair(change: Change) -> tuple[float | None, float | None]:
    return change.before, change.after


def _money(fen: float | None) -> str | None:
    return None if fen is None else "¥" + short_yuan(int(fen))


def _mean(value: float | None) -> str:
    return known(None if value is None else f"{value:.1f}")


def ad_lines(found: Ad) -> Iterator[str]:
    """One ad whole."""
    draft, owed = found.draft, found.account
    yield _("#{id} {brand} · {state} · {fit} · {invoice}", id=found.id, brand=found.brand, state=_(STATES[found.state]),
            fit=_(FITS[draft.fit]), invoice=_(INVOICES[found.invoice]))  # fmt: skip
    yield "  " + terms_said(found)
    yield "  " + draft.disclosure
    for run in found.runs:
        yield f"  {run_line(run)}"
    for each in found.reports:
        yield "  " + _("{day} · report #{id}: {n} deals, ¥{amount} {note}", day=each.day, id=each.id, n=each.deals,
                       amount=short_yuan(each.amount_fen), note=each.note).rstrip()  # fmt: skip
    for paid in found.payments:
        yield "  " + _("{day} · paid ¥{amount} {note}", day=paid.day, amount=short_yuan(paid.fen),
                       note=paid.note).rstrip()  # fmt: skip
    yield "  " + account_line(owed)


def terms_said(found: Ad) -> str:
    """The price of a run and the share of deals in words."""
    return _("¥{price} a run + {share} of the deals", price=short_yuan(found.draft.price_fen),
             share=share_said(found.draft.share_bp))  # fmt: skip


def run_line(run: Run) -> str:
    """A run in words."""
    at = clock_said(run.at_minute)
    when = f"{run.out_on or run.day} {at}".rstrip()
    return _("{day} · post #{post} {title} · {state}", day=when, post=run.post_id, title=run.title,
             state=_(_RUNS[run.state]))  # fmt: skip


def account_line(owed: Account) -> str:
    """What is due, paid and open in words."""
    line = _("due ¥{due} · paid ¥{paid} · open ¥{open}", due=short_yuan(owed.due_fen), paid=short_yuan(owed.paid_fen),
             open=short_yuan(owed.open_fen))  # fmt: skip
    if owed.since is not None:
        line += " · " + _("since {day}", day=owed.since)
    if owed.over_fen:
        line += " · " + _("¥{over} more than is due", over=short_yuan(owed.over_fen))
    return line


def list_lines(found: Sequence[Ad], past: date | None = None) -> list[str]:
    """A line for each ad, by the end of a day that is past (None: now)."""
    if not found and past is not None:
        return [_("No ad was in the book on {day}", day=past)]
    if not found:
        return [_("No ad is in the book yet: qunguan ad book BRAND --price 1000 --day DATE")]
    header = ("#", _("brand"), _("state"), _("aired"), _("planned"), _("deals"), _("amount due"), _("received"),
              _("outstanding"), _("invoice"))  # fmt: skip
    rows = [
        (each.id, each.brand, _(STATES[each.state]), len(each.out), len(each.ahead), each.deals,
         short_yuan(each.account.due_fen), short_yuan(each.account.paid_fen), short_yuan(each.account.open_fen),
         _(INVOICES[each.invoice]))
        for each in found
    ]  # fmt: skip
    return columns(header, rows, right=(0, 3, 4, 5, 6, 7, 8))


def total_document(accounts: Sequence[Account]) -> dict[str, int]:
    """The sums of several accounts, in fen."""
    return {
        "due_fen": sum(each.due_fen for each in accounts),
        "paid_fen": sum(each.paid_fen for each in accounts),
        "open_fen": sum(each.open_fen for each in accounts),
    }


def total_line(accounts: Sequence[Account]) -> str:
    """The sums in words."""
    total = total_document(accounts)
    return _("together: due ¥{due} · paid ¥{paid} · open ¥{open}", due=short_yuan(total["due_fen"]),
             paid=short_yuan(total["paid_fen"]), open=short_yuan(total["open_fen"]))  # fmt: skip
