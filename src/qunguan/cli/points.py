"""`qunguan points`: grant, spend, reverse, import, and read the ledger."""

from __future__ import annotations

import argparse
from typing import Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.points import PostOutcome
from qunguan.domain.text import is_blank
from qunguan.i18n import N_, _
from qunguan.values import names

KINDS = {
    "EARN": N_("earned"),
    "SPEND": N_("spent"),
    "EXPIRE": N_("expired"),
    "REVERSE": N_("reversed"),
    "ADJUST": N_("adjusted"),
}

_ID_DIGITS = 18


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `points`."""
    verb = verbs(parser)
    for name, command, text in (
        ("grant", grant, _("give a member points")),
        ("spend", spend, _("take points a member spends")),
    ):
        post = verb(name, command, text, writes=True)
        _member(post)
        post.add_argument("amount", type=whole, metavar="AMOUNT")
        post.add_argument("--reason", type=_reason, required=True, metavar="TEXT")
        if name == "grant":
            post.add_argument("--expires", type=day, metavar="DATE", help=_("the last day they can be used"))
        post.add_argument("--key", default="", metavar="KEY", help=_("the same key twice is booked once"))
        post.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    back = verb("reverse", reverse, _("take an entry back by an entry of the opposite sign"), writes=True)
    back.add_argument("entry", type=_entry_id, metavar="ENTRY_ID")
    back.add_argument("--amount", type=whole, metavar="N", help=_("only so much of it"))
    back.add_argument("--reason", type=_reason, required=True, metavar="TEXT")
    back.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    take = verb("import", take_in, _("book a spreadsheet of points; a known row is not booked again"), writes=True)
    file_argument(take)
    map_argument(take)
    all_of_them = verb("balance", balance, _("everybody's points"), as_of=True)
    all_of_them.add_argument("--nonzero", action="store_true", help=_("only who has points or owes some"))
    all_of_them.add_argument(
        "--top", type=whole, metavar="N", help=_("only the N with the most points, the most first")
    )
    _member(verb("statement", statement, _("every entry of a member with the running balance"), as_of=True))
    soon = verb("expiring", expiring, _("points that will expire soon"), as_of=True)
    soon.add_argument("--days", type=whole, metavar="N", help=_("how many days ahead"))
    verb("reconcile", reconcile, _("recompute every balance from the entries; exit 1 when something differs"))


def _member(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))


def _reason(text: str) -> str:
    if is_blank(text):
        raise BadInput("the reason is empty", hint="say in a few words what the points are for")
    return text


def _entry_id(text: str) -> int:
    number = text.strip().removeprefix("#")
    if not number.isdecimal():
        raise BadInput("{text} is not the number of an entry", hint="see the member's statement", text=text[:40])
    if len(number) > _ID_DIGITS:
        raise NotFound("there is no entry #{entry}", hint="see the member's statement", entry=number[:40])
    return int(number)


def grant(context: Context) -> None:
    """Give points."""
    options = context.options
    _post(context, "grant", expires_on=options.expires)


def spend(context: Context) -> None:
    """Spend points; never more than the balance."""
    _post(context, "spend")


def _post(context: Context, service: str, **more: Any) -> None:
    from qunguan.services import members, points

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        stays = desk.read(members.card, member_id).stays
        done: PostOutcome = context.write(
            desk,
            getattr(points, service),
            member_id,
            options.amount,
            reason=options.reason,
            key=options.key,
            day=options.day,
            **more,
        )
    values = {"name": done.name, "amount": f"{done.amount:+d}", "balance": done.balance, "entry": done.entry_id}
    line = _("{name} {amount}, balance {balance} (entry #{entry})", **values)
    if done.already:
        line = _("Booked before under this key: {name} {amount}, balance {balance} (entry #{entry})", **values)
    lines = [line]
    if service == "grant" and stays and all(stay.left_on is not None for stay in stays):
        left = max(stay.left_on for stay in stays if stay.left_on is not None)
        lines.append(_("Note: {name} left on {day}; the points are booked all the same", name=done.name, day=left))
    context.answer(_posted(done), lines)


def _posted(done: PostOutcome) -> dict[str, Any]:
    return {
        "entry_id": done.entry_id,
        "member_id": done.member_id,
        "name": done.name,
        "kind": done.kind,
        "amount": done.amount,
        "balance": done.balance,
        "already": done.already,
    }


def reverse(context: Context) -> None:
    """Take an entry back, or part of it."""
    from qunguan.services import points

    options = context.options
    with context.desk() as desk:
        done = context.write(
            desk, points.reverse, options.entry, amount=options.amount, reason=options.reason, day=options.day
        )
    answer = {name: getattr(done, name) for name in names(type(done))}
    if not done.entry_ids:
        told = _("Nothing could be taken back: {n} points are spent already and let go (waive); {name} keeps {balance}",
                 n=done.waived, name=done.name, balance=done.balance)  # fmt: skip
        context.answer(answer, [told])
        return
    values = {"name": done.name, "amount": f"{done.amount:+d}", "balance": done.balance, "entry": done.reverses_id}
    lines = [_("Reversed entry #{entry}: {name} {amount}, balance {balance}", **values)]
    if done.debt:
        lines.append(_("{n} points are owed until the next come in", n=done.debt))
    if done.waived:
        lines.append(_("{n} points were spent already and are let go", n=done.waived))
    if done.expired:
        lines.append(_("{n} points had expired meanwhile and stay expired", n=done.expired))
    context.answer(answer, lines)


def take_in(context: Context) -> None:
    """Import a spreadsheet of points, in date order; a verified backup first when it will change something."""
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.history import read_points
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.services import points

    with context.progress(4) as stage, context.desk() as desk:
        stage(_("Reading the file"))
        kind = Kind("points", words.POINTS, ("name", "date", "change"))
        history = read_table(context, desk, read_sheet(context.options.file), kind, read_points)
        stage(_("Comparing with what is there"))
        done = desk.rehearse(points.import_history, history)
        if done.booked and not context.dry_run:
            stage(_("Making a backup"))
            desk.backup("import")
            stage(_("Writing"))
            done = desk.write(points.import_history, history)
    document = {
        "booked": done.booked,
        "already": done.already,
        "rejected": rejected(done.rejected),
        "encoding": history.encoding,
        "skipped": rejected(history.skipped),
    }
    line = _("Booked {booked}, booked before {already}, not taken {rejected}", booked=done.booked,
             already=done.already, rejected=len(done.rejected))  # fmt: skip
    context.answer(document, [line, *rejected_lines(done.rejected)])


def balance(context: Context) -> None:
    """Print everybody's points."""
    from qunguan.services import points

    with context.desk() as desk:
        found = desk.read(points.balances, context.clock, context.as_of)
    if context.options.nonzero:
        found = tuple(each for each in found if each.balance)
    if (top := context.options.top) is not None:
        found = tuple(sorted(found, key=lambda each: -each.balance)[: max(top, 0)])
    rows = [(each.member_id, each.name, each.balance) for each in found]
    document = [{"member_id": each.member_id, "name": each.name, "balance": each.balance} for each in found]
    context.answer({"balances": document}, columns((_("id"), _("name"), _("points")), rows, right=(0, 2)))


def statement(context: Context) -> None:
    """Print a member's entries."""
    from qunguan.services import members, points

    with context.desk() as desk:
        member_id = desk.read(members.resolve, context.options.member)
        found = desk.read(points.statement, context.clock, member_id, context.as_of)
    keys = ("id", "biz_date", "kind", "amount", "balance_after", "expires_on", "reason", "source", "reverses_id")
    entries = [{key: getattr(line, key) for key in keys} for line in found.entries]
    who = {"member_id": found.member_id, "name": found.name}
    rows = [
        (known(e.id), e.biz_date, _(KINDS[e.kind]), f"{e.amount:+d}", e.balance_after, e.expires_on or "", e.reason)
        for e in found.entries
    ]
    header = (_("id"), _("day"), _("kind"), _("change"), _("balance"), _("last day"), _("reason"))
    head = _("{name} (#{id}): {balance} points", name=found.name, id=found.member_id, balance=found.balance)
    lines = [head, *(columns(header, rows, right=(0, 3, 4)) if rows else [])]
    context.answer({"member": who, "balance": found.balance, "entries": entries}, lines)


def expiring(context: Context) -> None:
    """Print what will expire."""
    from qunguan.services import points

    days = context.options.days
    if days is not None and days < 0:
        raise BadInput("{days} days ahead is not a time to come", hint="use 0 or more", days=days)
    with context.desk() as desk:
        found = desk.read(points.expiring, context.clock, days, context.as_of)
    rows = [(each.expires_on, each.member_id, each.name, each.amount) for each in found]
    document = [
        {"member_id": each.member_id, "name": each.name, "amount": each.amount, "expires_on": each.expires_on}
        for each in found
    ]
    lines = columns((_("last day"), _("id"), _("name"), _("points")), rows, right=(1, 3))
    context.answer({"expiring": document, "total": sum(each.amount for each in found)}, lines)


def reconcile(context: Context) -> int:
    """对账: exit 1 when something differs."""
    from qunguan.services import points

    with context.progress(1) as stage, context.desk() as desk:
        stage(_("Recomputing every balance"))
        found = desk.read(points.reconcile)
    document = {
        "ok": found.ok,
        "members": found.members,
        "entries": found.entries,
        "differences": [
            {"member_id": each.member_id, "entry_id": each.entry_id, "code": each.code, "message": each.message}
            for each in found.differences
        ],
    }
    head = _("{entries} entries of {members} members add up", entries=found.entries, members=found.members)
    if not found.ok:
        head = _("{n} things differ", n=len(found.differences))
    context.answer(document, [head, *(f"#{each.member_id}: {each.message}" for each in found.differences)])
    return 0 if found.ok else 1
