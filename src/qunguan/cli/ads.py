"""`qunguan ad`: the ad book — bookings, runs in the calendar, deals reported, what is due and paid."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from qunguan.cli import ad_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import read_text
from qunguan.cli.table_file import write_out
from qunguan.domain.ads import FITS, INVOICES, Ad, AdDraft, RunDraft
from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.content import choice_typed, kind_typed, minute_typed
from qunguan.domain.errors import BadInput
from qunguan.domain.fees import share_typed
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `ad`."""
    verb = verbs(parser)
    make = verb("book", book, _("book an ad, and plan when it runs"), writes=True)
    make.add_argument("brand", metavar="BRAND")
    _terms(make)
    make.add_argument("--day", type=day, action="append", metavar="DATE", help=_("a day it runs on; may be repeated"))
    _run(make)
    group_argument(make, _("without it the current group"))
    change = verb("edit", edit, _("change an ad: what is given; the rest stays"), writes=True)
    _ad(change)
    change.add_argument("--brand", metavar="BRAND")
    _terms(change)
    more = verb("run", run, _("plan another announcement of it, or note that one went out"), writes=True)
    _ad(more)
    when = more.add_mutually_exclusive_group(required=True)
    when.add_argument("--day", type=day, metavar="DATE", help=_("the day it runs on"))
    when.add_argument("--post", type=whole, metavar="ID", help=_("a post of the calendar that is this ad"))
    when.add_argument("--out", action="store_true", help=_("the next planned one stands in the group"))
    _run(more)
    told = verb("report", report, _("note the deals the brand reported"), writes=True)
    _ad(told)
    told.add_argument("deals", nargs="?", type=whole, metavar="DEALS", help=_("how many"))
    told.add_argument("amount", nargs="?", metavar="AMOUNT", help=_("what they were worth together, in yuan"))
    told.add_argument("--take-back", type=whole, metavar="NO", help=_("take out a report that was wrong"))
    _dated(told)
    paid = verb("pay", pay, _("note what the brand paid"), writes=True)
    _ad(paid)
    paid.add_argument("amount", metavar="AMOUNT", help=_("in yuan; below 0 what was paid back: pay AD -- -100"))
    _dated(paid)
    bill = verb("invoice", invoice, _("note where the invoice is"), writes=True)
    _ad(bill)
    bill.add_argument("state", metavar="STATE", help=" | ".join(INVOICES))
    gone = verb("cancel", cancel, _("call an ad off: its planned posts are dropped"), writes=True)
    _ad(gone)
    gone.add_argument("--take-back", action="store_true", help=_("it is not called off after all"))
    lists = verb("list", listing, _("the ads, what is due and paid, and the quota of the month"), as_of=True)
    lists.add_argument(
        "--open", action="store_true", help=_("only those with something left to do: a run, money, an invoice")
    )
    lists.add_argument("--to", type=Path, metavar="FILE", help=_("write the list to a file"))
    group_argument(lists, _("without it the current group"))
    one = verb("show", show_one, _("an ad with its runs, and what the group did after each"), as_of=True)
    _ad(one)
    one.add_argument("--text", action="store_true", help=_("only the reckoning, as text for the brand"))


def _ad(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ad", metavar="AD", help=_("number or brand; see: qunguan ad list"))


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--price", metavar="AMOUNT", help=_("for each run, in yuan"))
    parser.add_argument("--share", metavar="PER_CENT", help=_("of the deals: 20"))
    parser.add_argument("--fit", metavar="FIT", help=" | ".join(FITS))
    parser.add_argument("--fit-note", metavar="TEXT", help=_("why it fits or does not"))
    parser.add_argument("--disclosure", metavar="WORDS", help=_("the words that say it is an ad"))
    parser.add_argument("--note", metavar="TEXT")


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", default="", metavar="TIME", help=_("19:30; without it some time that day"))
    parser.add_argument("--title", default="", metavar="TITLE", help=_("of the post"))
    parser.add_argument("--text", default="", metavar="TEXT", help=_("what goes into the group"))
    parser.add_argument("--text-file", metavar="FILE", help=_("the same from a file; - is standard input"))
    parser.add_argument(
        "--kind", default="benefit", metavar="KIND", help=_("value, interactive or benefit, as any source calls it")
    )
    parser.add_argument("--posted", action="store_true", help=_("it stands in the group already"))
    parser.add_argument("--accept", action="store_true", help=_("plan it although it is one too many"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=_("why; it is kept with the step"))


def _dated(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    parser.add_argument("--note", default="", metavar="TEXT")


def _drafted(context: Context, draft: AdDraft) -> AdDraft:
    """A draft with what was typed in its place. Raises BadInput."""
    told = context.options
    changes: dict[str, Any] = {}
    if told.price is not None:
        changes["price_fen"] = fen_typed(told.price)
    if told.share is not None:
        changes["share_bp"] = share_typed(told.share)
    if told.fit is not None:
        changes["fit"] = choice_typed(told.fit, FITS, "{text} is no fit")
    for name in ("fit_note", "disclosure", "note"):
        if getattr(told, name) is not None:
            changes[name] = getattr(told, name)
    return replace(draft, **changes)


def _planned(context: Context, when: Any) -> RunDraft:
    told = context.options
    text = read_text(told.text_file) if told.text_file else told.text
    return RunDraft(when, minute_typed(told.at), told.title, text, kind_typed(told.kind))


def book(context: Context) -> None:
    """Book an ad. Raises Refused, Stopped, BadInput, NotFound."""
    from qunguan.services import ads

    options = context.options
    draft = _drafted(context, AdDraft(options.brand))
    runs = [_planned(context, each) for each in options.day or ()]
    with context.desk() as desk:
        group = context.group(desk)
        done = context.write(desk, ads.book, group.id, draft, runs, accept=options.accept, reason=options.reason,
                             posted=options.posted)  # fmt: skip
        when = options.day[0] if options.day else context.clock.today(group.day_rule)
        quota = desk.read(ads.quota, group.id, when)
    lines = list(views.booked_lines(done))
    if not context.dry_run:
        lines.append(views.quota_line(quota))
    lines.append(_("Next: qunguan ad run plans another day, qunguan ad report notes deals"))
    context.answer({**views.booked_document(done), "quota": views.quota_document(quota)}, lines)


def edit(context: Context) -> None:
    """Change what was given. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import ads

    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, context.options.ad)
        draft = _drafted(context, found.draft)
        if context.options.brand:
            draft = replace(draft, brand=context.options.brand)
        done = context.write(desk, ads.edit, found.id, draft)
    context.answer(views.booked_document(done), views.booked_lines(done))


def run(context: Context) -> None:
    """Plan another run, link a post, or note that one is out. Raises as `book`."""
    from qunguan.services import ads

    options = context.options
    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, options.ad)
        if options.out or options.post is not None:
            told = (found.id,) if options.out else (found.id, options.post)
            now = context.write(desk, ads.out if options.out else ads.link, *told)
            _tell(context, now)
            return
        done = context.write(
            desk, ads.run, found.id, _planned(context, options.day), accept=options.accept, reason=options.reason,
            posted=options.posted,
        )  # fmt: skip
    context.answer(views.booked_document(done), views.booked_lines(done))


def report(context: Context) -> None:
    """Note deals, or take a report back. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import ads

    options = context.options
    if options.take_back is None and options.amount is None:
        raise BadInput("how many deals and what they were worth is missing", hint="write: qunguan ad report AD 12 3600")
    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, options.ad)
        if options.take_back is not None:
            now = context.write(desk, ads.take_back_report, found.id, options.take_back)
        else:
            fen = fen_typed(options.amount)
            now = context.write(desk, ads.report, found.id, options.deals, fen, options.day, options.note)
    _tell(context, now)


def pay(context: Context) -> None:
    """Note a payment. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.exchange.readers.cells import money_cell
    from qunguan.services import ads

    options = context.options
    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, options.ad)
        now = context.write(desk, ads.pay, found.id, money_cell(options.amount), options.day, options.note)
    _tell(context, now)


def invoice(context: Context) -> None:
    """Note where the invoice is. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import ads

    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, context.options.ad)
        state = choice_typed(context.options.state, INVOICES, "{text} is no state of an invoice")
        _tell(context, context.write(desk, ads.invoice, found.id, state))


def cancel(context: Context) -> None:
    """Call an ad off, or take that back. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import ads

    with context.desk() as desk:
        found = desk.read(ads.find, context.clock, context.options.ad)
        _tell(context, context.write(desk, ads.cancel, found.id, take_back=context.options.take_back))


def _tell(context: Context, found: Ad) -> None:
    context.answer({"ad": views.ad_document(found)}, views.ad_lines(found))


def listing(context: Context) -> None:
    """Print the ads of a group with the quota of the month. Raises NotFound, Ambiguous, BadInput."""
    from qunguan.services import ads

    with context.desk() as desk:
        group = context.group(desk)
        past = context.past(desk, group.id)
        found = desk.read(ads.all_ads, context.clock, group.id, past)
        today = context.clock.today(group.day_rule)
        # of a past day the posts of its month that were planned later cannot be told apart
        quota = desk.read(ads.quota, group.id, today) if past in (None, today) else None
    if context.options.open:
        found = tuple(each for each in found if each.goes_on)
    accounts = [each.account for each in found]
    document = {
        "group_id": group.id, "as_of": past, "ads": list(map(views.ad_document, found)),
        "quota": views.quota_document(quota) if quota else None, "total": views.total_document(accounts),
    }  # fmt: skip
    if context.options.to:
        from qunguan.exchange.writers.ads import ad_table

        write_out(context, ad_table(found, _("Ad book of {group}", group=group.name)))
        return
    lines = [
        group.name,
        *([views.quota_line(quota)] if quota else []),
        *views.list_lines(found, None if quota else past),
    ]
    context.answer(document, [*lines, views.total_line(accounts)] if found else lines)


def show_one(context: Context) -> None:
    """Print one ad whole. Raises NotFound, Ambiguous, BadInput."""
    from qunguan.exchange.writers.ads import reckoning
    from qunguan.services import ads

    with context.desk() as desk:
        past = context.past(desk)
        found = desk.read(ads.find, context.clock, context.options.ad, past)
        told = desk.read(ads.effects, context.clock, found, past)
    text = reckoning(found)
    document = {"ad": views.ad_document(found), "effects": list(map(views.effect_document, told)), "text": text}
    if context.options.text:
        context.answer(document, text.splitlines())
        return
    context.answer(document, [*views.ad_lines(found), *views.effect_lines(told)])
