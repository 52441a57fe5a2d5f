"""`qunguan earn`: good deeds and referrals."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from qunguan.cli.command import Context, columns, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.earning import (
    DEEDS,
    DeedOutcome,
    LostReferral,
    ReferralLine,
    times_text,
)
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `earn`."""
    verb = verbs(parser)
    for name, text in (
        ("share", _("members shared something good")),
        ("campaign", _("members took part in a campaign")),
    ):
        deed = verb(name, record, text, writes=True)
        deed.add_argument("members", nargs="+", metavar="MEMBER", help=_("id, name or alias"))
        deed.add_argument("--points", type=whole, metavar="N", help=_("without it what the rule gives"))
        deed.add_argument("--note", required=True, metavar="TEXT", help=_("what it was, in a few words"))
        deed.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    lists = verb("list", listing, _("the deeds that were recorded"), as_of=True)
    lists.add_argument("--member", metavar="MEMBER", help=_("id, name or alias"))
    lists.add_argument("--kind", choices=tuple(DEEDS), help=_("only these"))
    gone = verb("remove", remove, _("remove a deed and take its points back"), writes=True)
    gone.add_argument("deed", type=whole, metavar="ID", help=_("see: qunguan earn list"))
    pay = verb("referrals", referrals, _("reward who brought members that stayed, once each"), writes=True)
    pay.add_argument("--since", type=day, metavar="DATE", help=_("only invitations that count from this day on"))


def record(context: Context) -> None:
    """Record a deed of one member or of several."""
    from qunguan.services import earning, members

    options = context.options
    with context.desk() as desk:
        ids = [desk.read(members.resolve, text) for text in options.members]
        done = context.write(
            desk, earning.record_deed, options.verb, ids, day=options.day, note=options.note, amount=options.points
        )
    document = {"kind": options.verb, "deeds": [_deed(each) for each in done]}
    document["amount"] = sum(each.amount for each in done)
    context.answer(document, [_deed_line(each) for each in done])


def listing(context: Context) -> None:
    """Print the deeds."""
    from qunguan.services import earning, members

    options = context.options
    with context.desk() as desk:
        who = desk.read(members.resolve, options.member) if options.member else None
        found = desk.read(earning.deeds, member_id=who, kind=options.kind, last=context.as_of)
    document = [
        {"id": each.id, "member_id": each.member_id, "name": each.name, "kind": each.kind, "day": each.day,
         "note": each.note, "points": each.points}
        for each in found
    ]  # fmt: skip
    header = (_("id"), _("day"), _("name"), _("kind"), _("points"), _("note"))
    rows = [(each.id, each.day, each.name, _(DEEDS[each.kind]), each.points, each.note) for each in found]
    context.answer({"deeds": document}, columns(header, rows, right=(0, 4)))


def remove(context: Context) -> None:
    """Remove a deed."""
    from qunguan.services import earning

    with context.desk() as desk:
        done = context.write(desk, earning.remove_deed, context.options.deed)
    values = {"name": done.deed.name, "kind": _(DEEDS[done.deed.kind]), "day": done.deed.day}
    context.answer(
        {"deed": _deed(done)}, [_("Removed: {kind} of {name} on {day}; its points are taken back", **values)]
    )


def referrals(context: Context) -> None:
    """Reward referrals that are due."""
    from qunguan.services import earning

    with context.desk() as desk:
        done = context.write(desk, earning.reward_referrals, since=context.options.since)
    document = {
        "rewarded": [_referral(each) for each in done.due],
        "taken_back": [_lost(each) for each in done.lost],
        "amount": done.amount,
        "cut": done.cut,
    }
    context.answer(document, _referral_lines(done.due, done.lost, done.amount, done.cut, rehearsed=context.dry_run))


def _referral_lines(
    due: Iterable[ReferralLine], lost: Iterable[LostReferral], amount: int, cut: int, *, rehearsed: bool
) -> list[str]:
    rows = [
        (each.inviter, each.invitee, each.referral.joined_on, each.referral.counts_on,
         each.points * each.multiplier_pct // 100)
        for each in due
    ]  # fmt: skip
    header = (_("invited by"), _("name"), _("joined on"), _("counts from"), _("points"))
    lines = columns(header, rows, right=(4,)) if rows else [_("No invitation is waiting for its points")]
    for each in lost:
        lines.append(_("{name} −{n}: who they invited did not stay", name=each.inviter, n=each.points))
    if rows:
        said = _("Would book {n} points", n=amount) if rehearsed else _("Booked {n} points", n=amount)
        lines.append(said)
    if cut:
        lines.append(_("{n} points were cut off by a cap of the day", n=cut))
    return lines


def _deed(done: DeedOutcome) -> dict[str, Any]:
    told = done.deed
    return {
        "id": told.id, "member_id": told.member_id, "name": told.name, "kind": told.kind, "day": told.day,
        "note": told.note, "points": told.points, "multiplier_pct": done.multiplier_pct, "amount": done.amount,
        "cut": done.cut,
    }  # fmt: skip


def _deed_line(done: DeedOutcome) -> str:
    line = _("{name} +{n}: {kind} on {day} (#{deed})", name=done.deed.name, n=done.amount,
             kind=_(DEEDS[done.deed.kind]), day=done.deed.day, deed=done.deed.id)  # fmt: skip
    if done.multiplier_pct != 100:
        line += " " + times_text(done.multiplier_pct)
    return line + (_("; {n} were cut off by a cap of the day", n=done.cut) if done.cut else "")


def _referral(line: ReferralLine) -> dict[str, Any]:
    found = line.referral
    return {
        "stay_id": found.stay_id, "inviter_id": found.inviter_id, "inviter": line.inviter,
        "invitee_id": found.invitee_id, "invitee": line.invitee, "joined_on": found.joined_on,
        "counts_on": found.counts_on, "points": line.points, "multiplier_pct": line.multiplier_pct,
    }  # fmt: skip


def _lost(each: LostReferral) -> dict[str, Any]:
    return {"stay_id": each.stay_id, "inviter_id": each.inviter_id, "inviter": each.inviter, "points": each.points}
