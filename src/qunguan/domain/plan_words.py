"""Paid membership in words: terms of a plan, why a membership stands as it does, how often a benefit was used."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.money import short_yuan, yuan
from qunguan.domain.plans import STATUSES, Due, Membership, Plan, PlanRow, RenewalRate, Term, Used
from qunguan.domain.shares import with_base
from qunguan.domain.text import show
from qunguan.i18n import N_, _, ngettext

_STAGES = {
    "plan.due_far": N_("{n} days before the end"),
    "plan.due_near": N_("{n} days before the end"),
    "plan.due_end": N_("{n} days before the end"),
    "plan.due_after": N_("{n} days after the end"),
}


def length(plan: Plan) -> str:
    """How long a term is."""
    if plan.ends_on is not None:
        return _("for all through {day}", day=plan.ends_on)
    assert plan.term_days is not None
    return ngettext("{n} day", "{n} days", plan.term_days)


def left_text(one: Membership) -> str:
    """How many days are left, or since when it is over."""
    days = one.days_left
    if days is None:
        return "—"
    if days == 0:
        return _("ends today")
    if days < 0:
        return ngettext("{n} day ago", "{n} days ago", -days)
    return ngettext("{n} day left", "{n} days left", days)


def used_text(used: Used) -> str:
    """A benefit with its count: 课程 3/12."""
    quota = "" if used.benefit.quota is None else f"/{used.benefit.quota}"
    return f"{show(used.benefit.name)} {used.used}{quota}"


def membership_text(one: Membership) -> str:
    """How a membership stands, in a line: its status, through when, what was used of what is counted."""
    told = [_(STATUSES[one.standing.status])]
    if one.standing.until is not None:
        told += [str(one.standing.until), left_text(one)]
    return " · ".join([*told, *(used_text(used) for used in one.used if used.benefit.quota is not None)])


def stage_text(due: Due) -> str:
    """The stage of a renewal that was reached last."""
    if due.days == 0:
        return _("ends today")
    return _(_STAGES[due.stage], n=abs(due.days))


def price_text(fen: int | None) -> str:
    """A price, — where none is in force."""
    return "—" if fen is None else _("free") if fen == 0 else short_yuan(fen)


def early_text(row: PlanRow) -> str:
    """The early-bird counter (S3-33); "" for a plan without."""
    if row.early_left is None:
        return ""
    values = {"left": row.early_left, "n": row.plan.early_places}
    if row.plan.early_gift:
        return _("{left} of {n} early places left: {gift}", **values, gift=show(row.plan.early_gift))
    return _("{left} of {n} early places left", **values)


def rate_text(found: RenewalRate) -> str:
    """A renewal rate in a sentence, with its n."""
    text = _("renewal rate {rate}: {renewed} of {n} that came due were renewed within grace",
             rate=with_base(found.rate, found.due), renewed=found.renewed, n=found.due)  # fmt: skip
    return text + (_("; {n} still may", n=found.open) if found.open else "")


def reasons(one: Membership) -> Iterator[str]:
    """Why a membership stands as it does on its day: its terms one by one, then what follows from them."""
    before: Term | None = None
    for term in sorted(one.terms, key=lambda each: (each.starts_on, each.id)):
        yield _term(term, before)
        if term.refunded_on is not None:
            text = _("paid back on {day}: {yuan} yuan; from that day on it does not count", day=term.refunded_on,
                     yuan=yuan(term.back_fen))  # fmt: skip
            yield "  " + (f"{text} ({show(term.reason)})" if term.reason else text)
        else:
            before = term
    yield _status(one)


def _term(term: Term, before: Term | None) -> str:
    paid = _("as a guest") if term.guest else _("{yuan} yuan", yuan=yuan(term.paid_fen))
    values = {"first": term.starts_on, "last": term.ends_on, "day": term.day, "paid": paid}
    if before is None:
        return _("{first} – {last}: joined on {day}, {paid}", **values)
    if term.day <= before.ends_on:
        return _("{first} – {last}: renewed on {day} before the end, so it continues, {paid}", **values)
    return _("{first} – {last}: renewed on {day} after the end, so it begins then, {paid}", **values)


def _status(one: Membership) -> str:
    found, status = one.standing, _(STATUSES[one.standing.status])
    if found.status == "new":
        return _("{status}: joined on {day}, new through {last}", status=status, day=found.joined_on,
                 last=found.new_until)  # fmt: skip
    if found.status == "pending":
        return _("{status}: on {day}", status=status, day=one.term.starts_on)
    if found.status == "refunded":
        return _("{status}: no term is left that counts", status=status)
    if found.status == "current":
        return _("{status}: through {day}", status=status, day=found.until)
    return _("{status}: the last day was {day}, grace goes through {grace}", status=status, day=found.until,
             grace=found.grace_until)  # fmt: skip
