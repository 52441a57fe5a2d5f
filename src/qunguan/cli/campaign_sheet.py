"""The verbs of a campaign that runs: gate, start, entry, cost, draw."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from qunguan.cli import campaign_views
from qunguan.cli.command import Context
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import read_text
from qunguan.domain.campaign_views import Added
from qunguan.domain.errors import BadInput
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign
    from qunguan.domain.rosters import Reason
    from qunguan.services.desk import Desk


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Their arguments."""
    gate = verb("gate", gate_verb, _("what must be sure before it starts; answer with --answer"), writes=True)
    _campaign(gate)
    gate.add_argument("--answer", nargs=2, action="append", default=[], metavar=("QUESTION", "ANSWER"),
                      help=_("yes, no or not_so (does not apply), by the code of the question"))  # fmt: skip
    gate.add_argument(
        "--note", default="", metavar="TEXT", help=_("what you say to an answer that is not the right one")
    )
    _campaign(verb("start", start, _("let it go"), writes=True))
    entry = verb(
        "entry", entry_verb, _("lines of the sheet: by name, pasted, from orders; take one out; hand out"), writes=True
    )
    _campaign(entry)
    entry.add_argument("who", nargs="?", metavar="NAME", help=_("by id, name or alias; - with --qty for a bare count"))
    ways = entry.add_mutually_exclusive_group()
    ways.add_argument("--paste", metavar="FILE", help=_("the lines of a file, - for the standard input"))
    ways.add_argument(
        "--orders", action="store_true", help=_("the orders of its days, with --code or --item only those")
    )
    ways.add_argument("--void", type=whole, metavar="LINE", help=_("take this line out of the sheet"))
    ways.add_argument("--hand-out", action="store_true", help=_("note that everything due was handed out"))
    entry.add_argument("--kind", default="", metavar="KIND", help=_("join, order, vote, submit, attend, gift"))
    entry.add_argument("--team", default="", metavar="TEAM", help=_("the team or side"))
    entry.add_argument("--qty", type=whole, default=1, metavar="N")
    entry.add_argument("--amount", default="", metavar="YUAN")
    entry.add_argument("--code", default="", metavar="CODE")
    entry.add_argument("--item", default="", metavar="ARTICLE")
    entry.add_argument("--helper", default="", metavar="NAME", help=_("who helped the member"))
    entry.add_argument("--note", default="", metavar="TEXT")
    entry.add_argument("--reason", default="", metavar="TEXT", help=_("why a line is taken out"))
    entry.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    cost = verb("cost", cost_verb, _("note what it cost, or take a cost off"), writes=True)
    _campaign(cost)
    cost.add_argument("what", nargs="?", metavar="WHAT")
    cost.add_argument("cost", nargs="?", metavar="YUAN")
    cost.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    cost.add_argument("--remove", type=whole, metavar="ID")
    draw = verb("draw", draw_verb, _("draw winners by a seed; anybody can count it again"), writes=True)
    _campaign(draw)
    draw.add_argument("--seed", required=True, metavar="SEED", help=_("told to the group before the draw"))
    draw.add_argument("--winners", type=whole, required=True, metavar="N")
    draw.add_argument("--again", action="store_true", help=_("a second draw is meant; whoever won is not in it"))


def _campaign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("campaign", metavar="CAMPAIGN", help=_("by name or #id"))


def _found(context: Context, desk: Desk) -> Campaign:
    from qunguan.services import campaigns

    return desk.read(campaigns.find, context.options.campaign)


def gate_verb(context: Context) -> None:
    """Print the questions; with answers, write them down. Raises NotFound, BadInput."""
    from qunguan.services import campaigns

    options = context.options
    with context.desk() as desk:
        one = _found(context, desk)
        if options.answer:
            told = [(code, answer, options.note) for code, answer in options.answer]
            context.write(desk, campaigns.answer_all, one.id, told)
        asked = desk.read(campaigns.gate, one.id)
    context.answer({"campaign": one.name, "gate": [campaign_views.asked(each) for each in asked],
                    "stops": sum(each.stops for each in asked)}, campaign_views.gate_lines(asked))  # fmt: skip


def start(context: Context) -> None:
    """Let a campaign go. Raises Refused."""
    from qunguan.services import campaigns

    with context.desk() as desk:
        made = context.write(desk, campaigns.start, _found(context, desk).id)
    context.answer({"campaign": campaign_views.campaign(made)},
                   [_("{name} has started. Next: qunguan campaign entry keeps its sheet", name=made.name)])  # fmt: skip


def entry_verb(context: Context) -> None:
    """Write to the sheet, or print it. Raises BadInput, Ambiguous, Refused."""
    from qunguan.services import campaigns

    options = context.options
    with context.desk() as desk:
        one = _found(context, desk)
        if options.paste is not None:
            text = read_text(options.paste)
            _added(context, one, context.write(desk, campaigns.paste, one.id, text, kind=options.kind, day=options.day))
        elif options.orders:
            done = context.write(desk, campaigns.import_orders, one.id, code=options.code, item=options.item)
            _added(context, one, done)
        elif options.hand_out:
            why = None if desk.read(campaigns.due, one.id) else desk.read(campaigns.why_nothing_due, one.id)
            _added(context, one, context.write(desk, campaigns.hand_out, one.id), why)
        elif options.void is not None:
            gone = context.write(desk, campaigns.void, options.void, options.reason)
            context.answer({"void": campaign_views.entry(gone)}, [_("Line #{id} is out of the sheet", id=gone.id)])
        elif options.who is not None:
            _add(context, desk, one)
        else:
            lines = desk.read(campaigns.entries, one.id)
            context.answer({"campaign": one.name, "entries": [campaign_views.entry(each) for each in lines]},
                           campaign_views.sheet(one, lines))  # fmt: skip


def _add(context: Context, desk: Desk, one: Campaign) -> None:
    from qunguan.domain.campaign_terms import fen_typed
    from qunguan.services import campaigns

    options = context.options
    made = context.write(
        desk, campaigns.add_entry, one.id, "" if options.who == "-" else options.who, kind=options.kind,
        team=options.team, qty=options.qty, amount_fen=fen_typed(options.amount) if options.amount else 0,
        code=options.code, note=options.note, helper=options.helper, day=options.day,
    )  # fmt: skip
    context.answer(
        {"entry": campaign_views.entry(made)},
        [_("Line #{id} is on the sheet of {name}", id=made.id, name=one.name), *_strangers(Added((made,), (), 0))],
    )


def _added(context: Context, one: Campaign, done: Added, why: Reason | None = None) -> None:
    """The answer; `why` there was nothing to add, where that is known."""
    document = {
        "campaign": one.name, "added": len(done.added), "again": done.again,
        "refused": [{"line": each.number, "name": each.name, "why": str(each.reason)} for each in done.refused],
        "strangers": done.strangers, "why": None if why is None else str(why),
    }  # fmt: skip
    head = ngettext("{n} line added or changed", "{n} lines added or changed", len(done.added))
    again = [ngettext("{n} was there already", "{n} were there already", done.again)] if done.again else []
    out = [_("left out: {name} — {why}", name=each.name or f"#{each.number}", why=each.reason) for each in done.refused]
    if why is not None:
        head = _("nothing to hand out: {why}", why=why)
    context.answer(document, [head, *again, *_strangers(done), *out])


def _strangers(done: Added) -> list[str]:
    names = _(", ").join(done.strangers)
    return [_("not in the roster: {names}; noted by name only", names=names)] if names else []


def cost_verb(context: Context) -> None:
    """Note a cost, take one off, or print them. Raises BadInput, NotFound."""
    from qunguan.domain.campaign_terms import fen_typed
    from qunguan.services import campaigns

    options = context.options
    with context.desk() as desk:
        one = _found(context, desk)
        if options.remove is not None:
            context.write(desk, campaigns.remove_cost, one.id, options.remove)
        elif options.what and options.cost:
            context.write(desk, campaigns.add_cost, one.id, options.what, fen_typed(options.cost), options.day)
        elif options.what:
            raise BadInput("say what it cost", hint="write it like: cost CAMPAIGN WHAT 20")
        costs = desk.read(campaigns.costs, one.id)
    context.answer({"campaign": one.name, "costs": costs, "cost_fen": sum(each.cost_fen for each in costs)},
                   campaign_views.costs(costs))  # fmt: skip


def draw_verb(context: Context) -> None:
    """Draw. Raises BadInput, Refused."""
    from qunguan.exchange.writers.campaigns import draw_text
    from qunguan.services import campaigns

    options = context.options
    with context.desk() as desk:
        one = _found(context, desk)
        done = context.write(desk, campaigns.draw, one.id, options.seed, options.winners, again=options.again)
    context.answer(campaign_views.draw(one, done), draw_text(one.name, done).splitlines())
