"""`qunguan incident compensate` and `incident compensation`: what was promised whom, and who has it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.domain.errors import BadInput
from qunguan.domain.incident_compensation import (
    KIND_NAMES,
    KINDS,
    Amends,
    Compensation,
    CompensationLine,
    CompensationOutcome,
    CompensationSum,
    Delivered,
)
from qunguan.domain.money import yuan
from qunguan.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.clock import DayRule
    from qunguan.domain.incident_compensation import CompensationSheet
    from qunguan.domain.incidents import Incident
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of amends, among those of `incident`."""
    put = verb("compensate", compensate, _("pay a list of amends: each line once, however often it comes"), writes=True)
    _incident(put)
    file_argument(put)
    map_argument(put)
    hand = put.add_mutually_exclusive_group()
    hand.add_argument("--promise", dest="hand", action="store_const", const="none", default="own",
                      help=_("note them as promised only; hand them over later"))  # fmt: skip
    hand.add_argument(
        "--delivered",
        dest="hand",
        action="store_const",
        const="all",
        help=_("they have it all; without it money, coupons and goods wait until the list says 已发"),
    )
    child = verbs(verb("compensation", listing, _("what was promised whom, and who has it")))
    lists = child("list", listing, _("every promise of an incident"))
    _incident(lists)
    lists.add_argument("--waiting", action="store_true", help=_("only those that were not handed over"))
    make = child("add", add, _("promise one member something"), writes=True)
    _incident(make)
    make.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    make.add_argument("kind", choices=KINDS, metavar="KIND", help=" | ".join(KINDS))
    make.add_argument("amount", nargs="?", default="", metavar="AMOUNT", help=_("points, or yuan"))
    make.add_argument("--what", default="", metavar="TEXT", help=_("the coupon's code, the goods, how the money went"))
    make.add_argument("--key", default="", metavar="NO", help=_("its number in your own list"))
    for name, command, text in (
        ("deliver", deliver, N_("hand promises over: points go into the ledger")),
        ("back", take_back, N_("note that they were not handed over after all; points go back")),
        ("withdraw", withdraw, N_("take out promises that were a mistake")),
    ):
        each = child(name, command, _(text), writes=True)
        _incident(each)
        some = name == "deliver"
        each.add_argument("ids", nargs="*" if some else "+", type=int, metavar="NO",
                          help=_("numbers in the list; without any all that wait") if some
                          else _("numbers in the list"))  # fmt: skip


def _incident(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("incident", metavar="ID", help=_("an incident by number or title"))


def _meant(context: Context, desk: Desk) -> Incident:
    from qunguan.services import incidents

    return desk.read(incidents.find, context.options.incident)


def compensate(context: Context) -> None:
    """Pay a list. Raises BadInput, NotFound."""
    from qunguan.services import incident_compensation_list

    with context.desk() as desk:
        found = _meant(context, desk)
        sheet = _read(context, desk)
        done = context.write(desk, incident_compensation_list.import_list, found.id, sheet.rows,
                             hand=context.options.hand)  # fmt: skip
    refused = sorted((*sheet.rejected, *done.unresolved, *done.rejected), key=lambda note: note.row)
    context.answer(
        {
            "incident": found.id,
            "drill": found.drill,
            "promised": done.promised,
            "delivered": done.delivered,
            "already": done.already,
            "unresolved": rejected(done.unresolved),
            "rejected": rejected(sorted((*sheet.rejected, *done.rejected), key=lambda note: note.row)),
            "compensation": sums_document(done.sums),
            "lines": list(map(_line_document, done.lines)),
        },
        [_outcome_line(done, drill=found.drill), sums_line(done.sums), *_whom(done.lines), *rejected_lines(refused)],
    )


def _read(context: Context, desk: Desk) -> CompensationSheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.compensation import read_compensation
    from qunguan.exchange.readers.sheets import read_sheet

    def read(sheet: Sheet, mapping: Mapping | None) -> CompensationSheet:
        return read_compensation(sheet, mapping)

    kind = Kind("amends", words.AMENDS, ("name", "kind"))
    return read_table(context, desk, read_sheet(context.options.file), kind, read)


def listing(context: Context) -> None:
    """Print the promises of an incident."""
    from qunguan.services import groups, incident_compensation

    with context.desk() as desk:
        found = _meant(context, desk)
        told = desk.read(incident_compensation.of_incident, found.id)
        sums, rule = desk.read(incident_compensation.sums, found.id), desk.read(groups.day_rule, found.group_id)
    rows = [one for one in told if one.delivered_at is None] if context.options.waiting else told
    document = {"incident": found.id, "drill": found.drill, "compensations": list(map(_document, rows)),
                "compensation": sums_document(sums)}  # fmt: skip
    context.answer(document, [*_table(rows, rule), sums_line(sums)] if told else [_("Nothing was promised yet")])


def add(context: Context) -> None:
    """Promise one member something. Raises BadInput, NotFound, Refused."""
    from qunguan.services import incident_compensation, members

    options = context.options
    amends = _typed(options.kind, options.amount, options.what, options.key)
    with context.desk() as desk:
        found = _meant(context, desk)
        member_id = desk.read(members.resolve, options.member)
        made = context.write(desk, incident_compensation.promise, found.id, member_id, amends)
    context.answer(_document(made), [_("Promised {name}: {what}", name=made.name, what=made.amends)])


def _typed(kind: Any, amount: str, what: str, key: str) -> Amends:
    from qunguan.exchange.readers.cells import int_cell
    from qunguan.exchange.readers.compensation import worth

    if kind == "points":
        if not amount:
            raise BadInput("say how many points", hint="write a number above 0")
        return Amends("points", int_cell(amount), None, what, key)
    fen, words = worth(kind, amount)
    return Amends(kind, None, fen, f"{words} {what}".strip(), key)


def deliver(context: Context) -> None:
    """Hand promises over. Raises NotFound."""
    from qunguan.services import incident_compensation

    with context.desk() as desk:
        found = _meant(context, desk)
        ids = context.options.ids or None
        done = context.write(desk, incident_compensation.deliver, found.id, ids)
        sums = desk.read(incident_compensation.sums, found.id)
    line = ngettext("{n} promise was handed over now", "{n} promises were handed over now", len(done.done))
    _tell(context, done, sums, "delivered", line)


def take_back(context: Context) -> None:
    """Note that promises were not handed over. Raises NotFound."""
    from qunguan.services import incident_compensation

    with context.desk() as desk:
        found = _meant(context, desk)
        done = context.write(desk, incident_compensation.take_back, found.id, context.options.ids)
        sums = desk.read(incident_compensation.sums, found.id)
    line = ngettext("{n} promise waits again", "{n} promises wait again", len(done.done))
    _tell(context, done, sums, "taken_back", line)


def _tell(context: Context, done: Delivered, sums: CompensationSum, name: str, line: str) -> None:
    lines = [line]
    if done.waived:
        lines.append(_("{n} points were spent already and are let go", n=done.waived))
    context.answer(
        {
            name: list(map(_document, done.done)),
            "already": done.already,
            "points": done.points,
            "waived": done.waived,
            "compensation": sums_document(sums),
        },
        [*lines, sums_line(sums)],
    )


def withdraw(context: Context) -> None:
    """Take promises out. Raises NotFound, Refused."""
    from qunguan.services import incident_compensation

    with context.desk() as desk:
        found = _meant(context, desk)
        gone = context.write(desk, incident_compensation.withdraw, found.id, context.options.ids)
    context.answer({"withdrawn": gone}, [ngettext("{n} promise was taken out", "{n} promises were taken out", gone)])


def sums_document(sums: CompensationSum) -> dict[str, int]:
    """The sums of an incident as JSON has them: money in fen."""
    return {
        "promised_fen": sums.promised_fen,
        "delivered_fen": sums.delivered_fen,
        "promised_points": sums.promised_points,
        "delivered_points": sums.delivered_points,
        "promised": sums.promised,
        "delivered": sums.delivered,
    }


def sums_line(sums: CompensationSum) -> str:
    """The sums of an incident as people read them."""
    return _(
        "Handed over {delivered} of {promised}: ¥{money} of ¥{all_money}, {points} of {all_points} points",
        delivered=sums.delivered, promised=sums.promised, money=yuan(sums.delivered_fen),
        all_money=yuan(sums.promised_fen), points=sums.delivered_points, all_points=sums.promised_points,
    )  # fmt: skip


def _outcome_line(done: CompensationOutcome, *, drill: bool) -> str:
    told = _("Promised {promised}, handed over {delivered}, known already {already}", promised=done.promised,
             delivered=done.delivered, already=done.already)  # fmt: skip
    return _("{told} (a drill: nothing went into the ledger)", told=told) if drill else told


def _whom(lines: Sequence[CompensationLine]) -> list[str]:
    """Who gets what, and who of them has left."""
    from qunguan.domain.incident_shares import left_line, share_lines

    told = [*share_lines(lines), *filter(None, [left_line(lines)])]
    return ["", *told] if told else []


def _line_document(line: CompensationLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "member": {"id": line.member_id, "name": line.name},
        "kind": line.amends.kind,
        "points": line.amends.points,
        "fen": line.amends.fen,
        "what": line.amends.what,
        "key": line.amends.key,
        "delivered": line.given,
        "left": line.left,
    }


def _document(one: Compensation) -> dict[str, Any]:
    return {
        "id": one.id,
        "member": {"id": one.member_id, "name": one.name},
        "kind": one.kind,
        "points": one.points,
        "fen": one.fen,
        "what": one.what,
        "key": one.amends.key,
        "promised_at": one.promised_at,
        "delivered_at": one.delivered_at,
    }


def _table(rows: Sequence[Compensation], rule: DayRule) -> list[str]:
    header = ("#", _("member"), _("kind"), _("points"), _("yuan"), _("what it is"), _("voucher"), _("handed over"))
    told = [
        (
            one.id, one.name, _(KIND_NAMES[one.kind]), known(one.points), known(one.fen and yuan(one.fen)), one.what,
            one.amends.key, known(one.delivered_at and f"{rule.local(one.delivered_at):%m-%d %H:%M}"),
        )
        for one in rows
    ]  # fmt: skip
    return columns(header, told, right=(0, 3, 4)) if told else []
