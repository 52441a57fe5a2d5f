"""`qunguan deal`: the brokering book — two parties, how far it is, the fee, the case."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.cli.ad_views import account_document, account_line, total_document, total_line
from qunguan.cli.command import Context, columns, group_argument, known, verbs
from qunguan.cli.parser import day
from qunguan.cli.sources import read_text
from qunguan.cli.table_file import write_out
from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.deals import KINDS, STAGES, Deal, DealDraft, Party, funnel, kind_typed, stage_typed
from qunguan.domain.fees import share_said, share_typed
from qunguan.domain.money import short_yuan
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `deal`."""
    verb = verbs(parser)
    make = verb("add", add, _("note a deal: who needs what, who has it"), writes=True)
    make.add_argument("title", metavar="TITLE")
    _terms(make)
    make.add_argument("--stage", default="lead", metavar="STAGE", help=" | ".join(STAGES))
    _dated(make)
    group_argument(make, _("without it the current group"))
    change = verb("edit", edit, _("change a deal: what is given; the rest stays"), writes=True)
    _deal(change)
    change.add_argument("--title", metavar="TITLE")
    _terms(change)
    on = verb("move", move, _("bring a deal to its next stage, or to the one named"), writes=True)
    _deal(on)
    on.add_argument("stage", nargs="?", metavar="STAGE", help=" | ".join(STAGES))
    on.add_argument("--worth", metavar="AMOUNT", help=_("what the deal is worth, in yuan"))
    _dated(on)
    paid = verb("pay", pay, _("note what was received for a deal"), writes=True)
    _deal(paid)
    paid.add_argument("amount", metavar="AMOUNT", help=_("in yuan; below 0 what was paid back: pay DEAL -- -100"))
    _dated(paid)
    shown = verb("case", case, _("the case to show; the consent of both, and its text"), writes=True)
    _deal(shown)
    shown.add_argument("--consent", choices=("yes", "no"), help=_("both parties let it be shown, or do not any more"))
    shown.add_argument("--text", metavar="TEXT", help=_("the text it is shown with; empty: one made of what is known"))
    shown.add_argument("--text-file", metavar="FILE", help=_("the same from a file; - is standard input"))
    lists = verb("list", listing, _("the deals, how far they are, and the fees"), as_of=True)
    lists.add_argument("--stage", metavar="STAGE", help=" | ".join(STAGES))
    lists.add_argument("--to", type=Path, metavar="FILE", help=_("write the list to a file"))
    group_argument(lists, _("without it the current group"))
    _deal(verb("show", show_one, _("a deal with its history"), as_of=True))


def _deal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("deal", metavar="DEAL", help=_("number or title; see: qunguan deal list"))


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", metavar="KIND", help=" | ".join(f"{kind} ({_(label)})" for kind, label in
                                                                  KINDS.items()))  # fmt: skip
    parser.add_argument("--need", metavar="TEXT", help=_("what is needed"))
    parser.add_argument("--seeker", metavar="NAME", help=_("who needs it: a member, or anybody else"))
    parser.add_argument("--giver", metavar="NAME", help=_("who has it: a member, or anybody else"))
    parser.add_argument("--outside", action="store_true",
                        help=_("the names are of people outside, even where a member is called so"))  # fmt: skip
    fee = parser.add_mutually_exclusive_group()
    fee.add_argument("--fee", metavar="PER_CENT", help=_("of what the deal is worth; without it as the rule says"))
    fee.add_argument("--fixed", metavar="AMOUNT", help=_("a fixed fee, in yuan"))
    parser.add_argument("--worth", metavar="AMOUNT", help=_("what the deal is worth, in yuan"))


def _dated(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    parser.add_argument("--note", default="", metavar="TEXT")


def _drafted(context: Context, desk: Desk, draft: DealDraft) -> DealDraft:
    """A draft with what was typed in its place. Raises BadInput, Ambiguous."""
    from qunguan.services import deals

    told = context.options
    changes: dict[str, Any] = {}
    if told.kind is not None:
        changes["kind"] = kind_typed(told.kind)
    if told.need is not None:
        changes["need"] = told.need
    for side in ("seeker", "giver"):
        name = getattr(told, side)
        if name is not None:
            changes[side] = Party(name) if told.outside else desk.read(deals.party, name)
    if told.fee is not None:
        changes |= {"fee_bp": share_typed(told.fee), "fee_fen": None}
    if told.fixed is not None:
        changes |= {"fee_fen": fen_typed(told.fixed), "fee_bp": None}
    if told.worth is not None:
        changes["worth_fen"] = fen_typed(told.worth) if told.worth.strip() else None
    return replace(draft, **changes)


def add(context: Context) -> None:
    """Note a deal. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import deals

    options = context.options
    with context.desk() as desk:
        group = context.group(desk)
        draft = _drafted(context, desk, DealDraft(options.title))
        stage = stage_typed(options.stage)
        _tell(context, context.write(desk, deals.add, group.id, draft, stage=stage, day=options.day, note=options.note))


def edit(context: Context) -> None:
    """Change what was given. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import deals

    with context.desk() as desk:
        found = desk.read(deals.find, context.clock, context.options.deal)
        draft = _drafted(context, desk, found.draft)
        if context.options.title:
            draft = replace(draft, title=context.options.title)
        _tell(context, context.write(desk, deals.edit, found.id, draft))


def move(context: Context) -> None:
    """Bring it to a stage. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import deals

    options = context.options
    stage = stage_typed(options.stage) if options.stage else None
    worth = fen_typed(options.worth) if options.worth is not None else None
    with context.desk() as desk:
        found = desk.read(deals.find, context.clock, options.deal)
        _tell(context, context.write(desk, deals.move, found.id, stage, options.day, options.note, worth_fen=worth))


def pay(context: Context) -> None:
    """Note what was received. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.exchange.readers.cells import money_cell
    from qunguan.services import deals

    options = context.options
    with context.desk() as desk:
        found = desk.read(deals.find, context.clock, options.deal)
        fen = money_cell(options.amount)
        _tell(context, context.write(desk, deals.pay, found.id, fen, options.day, options.note))


def case(context: Context) -> None:
    """Print the case, or note the consent and the text. Raises BadInput, NotFound, Ambiguous, and Refused for a case
    that must not be shown."""
    from qunguan.services import deals

    options = context.options
    text = read_text(options.text_file) if options.text_file else options.text
    consent = None if options.consent is None else options.consent == "yes"
    with context.desk() as desk:
        found = desk.read(deals.find, context.clock, options.deal)
        if consent is not None or text is not None:
            _tell(context, context.write(desk, deals.case, found.id, consent=consent, text=text))
            return
        told = desk.read(deals.show_case, context.clock, found.id)
    context.answer({"id": found.id, "text": told}, told.splitlines())


def listing(context: Context) -> None:
    """Print the deals of a group. Raises NotFound, Ambiguous, BadInput."""
    from qunguan.services import deals

    with context.desk() as desk:
        group = context.group(desk)
        past = context.past(desk, group.id)
        found = desk.read(deals.all_deals, context.clock, group.id, past)
    counts = funnel(found)
    if context.options.stage:
        wanted = stage_typed(context.options.stage)
        found = tuple(each for each in found if each.stage == wanted)
    if context.options.to:
        from qunguan.exchange.writers.deals import deal_table

        write_out(context, deal_table(found, _("Brokering book of {group}", group=group.name)))
        return
    accounts = [each.account for each in found]
    document = {
        "group_id": group.id, "as_of": past, "deals": list(map(_document, found)), "stages": counts,
        "total": total_document(accounts),
    }  # fmt: skip
    context.answer(document, [group.name, *_table(found), *([total_line(accounts)] if found else [])])


def show_one(context: Context) -> None:
    """Print a deal with its history. Raises NotFound, Ambiguous, BadInput."""
    from qunguan.services import deals

    with context.desk() as desk:
        found = desk.read(deals.find, context.clock, context.options.deal, context.past(desk))
    _tell(context, found)


def _tell(context: Context, found: Deal) -> None:
    context.answer({"deal": _document(found)}, _lines(found))


def _document(found: Deal) -> dict[str, Any]:
    draft = found.draft
    return {
        "id": found.id, "group_id": found.group_id, "title": found.title, "kind": draft.kind, "need": draft.need,
        "seeker": {"name": draft.seeker.name, "member_id": draft.seeker.member_id},
        "giver": {"name": draft.giver.name, "member_id": draft.giver.member_id} if draft.giver.known else None,
        "stage": found.stage, "since": found.since,
        "moves": [{"stage": each.stage, "day": each.day, "note": each.note} for each in found.moves],
        "worth_fen": draft.worth_fen, "fee_bp": draft.fee_bp, "fixed_fen": draft.fee_fen, "fee_fen": found.fee_fen,
        "payments": [{"id": each.id, "day": each.day, "fen": each.fen, "note": each.note} for each in found.payments],
        "consent_on": found.consent_on, "case_text": found.case_text, **account_document(found.account),
    }  # fmt: skip


def _lines(found: Deal) -> Iterator[str]:
    draft = found.draft
    yield _("#{id} {title} · {kind} · {stage} since {day}", id=found.id, title=found.title, kind=_(KINDS[draft.kind]),
            stage=_(STAGES[found.stage]), day=found.since)  # fmt: skip
    yield "  " + _("{seeker} needs it, {giver} has it", seeker=_party(draft.seeker), giver=_party(draft.giver))
    yield from (f"  {line}" for line in draft.need.splitlines())
    yield "  " + fee_said(found)
    yield from ("  " + f"{each.day} · {_(STAGES[each.stage])} {each.note}".rstrip() for each in found.moves)
    for paid in found.payments:
        yield "  " + _("{day} · paid ¥{amount} {note}", day=paid.day, amount=short_yuan(paid.fen),
                       note=paid.note).rstrip()  # fmt: skip
    yield "  " + account_line(found.account)
    if found.consent_on is not None:
        yield "  " + _("both let it be shown, since {day}: qunguan deal case {id}", day=found.consent_on, id=found.id)


def _party(party: Party) -> str:
    if not party.known:
        return "—"
    return party.name if party.member_id is None else f"{party.name} (#{party.member_id})"


def fee_said(found: Deal) -> str:
    """The fee in words."""
    draft = found.draft
    if draft.fee_bp is None:
        return _("fee ¥{fee}, fixed", fee=short_yuan(found.fee_fen or 0))
    worth = known(None if draft.worth_fen is None else "¥" + short_yuan(draft.worth_fen))
    fee = known(None if found.fee_fen is None else "¥" + short_yuan(found.fee_fen))
    return _("fee {fee}: {share} of {worth}", fee=fee, share=share_said(draft.fee_bp), worth=worth)


def _table(found: Sequence[Deal]) -> list[str]:
    if not found:
        return [_("No deal is in the book yet: qunguan deal add TITLE --seeker NAME --need TEXT")]
    header = ("#", _("deal"), _("kind"), _("stage"), _("stage since"), _("who asks for it"), _("who offers it"),
              _("fee"), _("received"), _("outstanding"))  # fmt: skip
    rows = [
        (each.id, each.title, _(KINDS[each.draft.kind]), _(STAGES[each.stage]), each.since, each.draft.seeker.name,
         known(each.draft.giver.name), known(None if each.fee_fen is None else short_yuan(each.fee_fen)),
         short_yuan(each.account.paid_fen), short_yuan(each.account.open_fen))
        for each in found
    ]  # fmt: skip
    return columns(header, rows, right=(0, 7, 8, 9))
