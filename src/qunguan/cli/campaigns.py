"""`qunguan campaign`: plan one, start it past its gate, keep its sheet, draw, close and review it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.cli import campaign_sheet, campaign_views
from qunguan.cli.command import Context, columns, verbs
from qunguan.cli.parser import day
from qunguan.domain.errors import BadInput
from qunguan.domain.sources import Brief
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign, Draft
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `campaign`."""
    verb = verbs(parser)
    lists = verb("list", listing, _("campaigns: where each stands and what it brought"), as_of=True)
    _group(lists)
    lists.add_argument("--all-groups", action="store_true", help=_("of every group"))
    verb("forms", forms, _("the forms there are, and the terms each asks for"))
    make = verb("add", add, _("plan a campaign"), writes=True)
    make.add_argument("name", metavar="NAME")
    make.add_argument("--form", required=True, metavar="FORM", help=_("by code or name: qunguan campaign forms"))
    _told(make)
    _group(make)
    look = verb(
        "plan", plan, _("a plan with its tasks and what speaks against it; without a campaign, before it is saved")
    )
    look.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help=_("by name or #id"))
    look.add_argument("--form", metavar="FORM", help=_("by code or name: qunguan campaign forms"))
    _told(look)
    _group(look)
    change = verb("edit", edit, _("change what was given; the rest stays"), writes=True)
    _campaign(change)
    change.add_argument("--name", metavar="NAME")
    _told(change)
    _campaign(verb("show", show, _("one campaign: tasks, terms, sheet, figures"), as_of=True))
    reviews = verb(
        "review",
        review,
        _("how it went, against its goal and past runs; write down what to keep"),
        writes=True,
        as_of=True,
    )
    _campaign(reviews)
    for name, text in (
        ("well", _("what went well")),
        ("badly", _("what went badly")),
        ("next", _("what to do next time")),
    ):
        reviews.add_argument(f"--{name}", metavar="TEXT", help=text)
    _campaign(verb("cancel", cancel, _("call a campaign off"), writes=True))
    shut = verb("close", close, _("put a campaign away that is done"), writes=True)
    _campaign(shut)
    shut.add_argument("--reopen", action="store_true", help=_("take it up again"))
    campaign_sheet.register(verb)


def _group(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def _campaign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("campaign", metavar="CAMPAIGN", help=_("by name or #id"))


def _told(parser: argparse.ArgumentParser) -> None:
    told = parser.add_argument
    told("--from", dest="first", type=day, metavar="DATE", help=_("its first day; without it the next one that suits"))
    told("--to", dest="last", type=day, metavar="DATE", help=_("its last day; without it as long as the form lasts"))
    told("--start", metavar="HH:MM", help=_("the hour it begins"))
    told("--end", metavar="HH:MM", help=_("the hour it ends; without it 22:00"))
    told("--goal", metavar="GOAL", help=_("participants, entries, orders, revenue, conversion, new_members, attend"))
    told("--target", metavar="VALUE", help=_("the number of the goal: 30, 25% or yuan"))
    told("--for", dest="whom", metavar="SCHEME:BUCKET", help=_("whom it is for; without it everyone present"))
    told("--offer", metavar="TEXT", help=_("the offer in one sentence"))
    told("--budget", metavar="YUAN")
    told("--carrier", choices=("group", "link", "mini", "live", "offline"), help=_("how it reaches people"))
    told("--occasion", metavar="TEXT", help=_("the festival or day it goes with"))
    told("--set", dest="terms", action="append", default=[], metavar="TERM=VALUE", help=_("a term of the form"))
    told("--note", metavar="TEXT")


def found(context: Context, desk: Desk) -> Campaign:
    """The campaign that is meant."""
    from qunguan.services import campaigns

    return desk.read(campaigns.find, context.options.campaign)


def new_draft(context: Context, desk: Desk, group_id: int, name: str) -> Draft:
    """A draft of what was typed, the rest as its form has it."""
    from qunguan.services import campaigns, groups

    options = context.options
    today = context.clock.today(desk.read(groups.get, group_id).day_rule)
    blank = desk.read(campaigns.blank_draft, options.form, today, name)
    first = options.first or blank.first
    return told(context, replace(blank, first=first, last=first + (blank.last - blank.first)))


def told(context: Context, draft: Draft) -> Draft:
    """A draft with what was typed in its place. Raises BadInput."""
    from qunguan.domain.campaign_terms import fen_typed, goal_typed
    from qunguan.domain.campaigns import minute_typed, playbook

    options = context.options
    values: dict[str, Any] = {
        name: getattr(options, name) for name in ("first", "last", "goal", "offer", "carrier", "occasion", "note")
        if getattr(options, name) is not None
    }  # fmt: skip
    if options.start is not None:
        values["start_minute"] = minute_typed(options.start)
    if options.end is not None:
        values["end_minute"] = minute_typed(options.end)
    if options.target is not None:
        goal = values.get("goal") or draft.goal or playbook(draft.form).goals[0]
        values["goal_value"] = goal_typed(goal, options.target)
    if options.budget is not None:
        values["budget_fen"] = fen_typed(options.budget) if options.budget.strip() else None
    if options.whom is not None:
        values["scheme"], _sign, values["bucket"] = options.whom.replace("：", ":").partition(":")
    return replace(draft, **values, terms={**draft.terms, **_terms(options.terms)})


def _terms(typed: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in typed:
        name, sign, value = each.replace("＝", "=", 1).partition("=")
        if not sign:
            raise BadInput("{text} is no term", hint="write it like --set team_size=3", text=each)
        found[name.strip()] = value
    return found


def listing(context: Context) -> None:
    """Print the campaigns."""
    from qunguan.services import campaigns, groups

    options = context.options
    with context.desk() as desk:
        group_id = None if options.all_groups else desk.read(groups.find, options.group).id
        lines = desk.read(campaigns.lines, context.clock, group_id, context.as_of)
    sums = campaigns.by_form(lines)
    document = {
        "campaigns": [campaign_views.line(each) for each in lines],
        "by_form": [campaign_views.form(each) for each in sums],
    }
    context.answer(document, campaign_views.listing(lines, sums))


def forms(context: Context) -> None:
    """Print the forms."""
    from qunguan.domain.campaigns import playbooks

    books = playbooks().values()
    rows = [(each.form, each.name, "、".join(f"{term.name}={term.value}" for term in each.terms), Brief(each.source))
            for each in books]  # fmt: skip
    document = {
        "forms": [
            {"form": each.form, "name": each.name, "about": each.about, "goals": each.goals, "source": each.source,
             "terms": [{"name": term.name, "label": term.label, "kind": term.kind, "value": term.value,
                        "source": term.source} for term in each.terms]}
            for each in books
        ]
    }  # fmt: skip
    context.answer(document, columns((_("form"), _("name"), _("terms"), _("source")), rows))


def add(context: Context) -> None:
    """Plan a campaign. Raises BadInput, NotFound."""
    from qunguan.services import campaigns, groups

    with context.desk() as desk:
        group_id = desk.read(groups.find, context.options.group).id
        draft = new_draft(context, desk, group_id, context.options.name)
        outlook = desk.read(campaigns.outlook, context.clock, group_id, draft)
        made = context.write(desk, campaigns.add, group_id, draft)
    document = {"campaign": campaign_views.campaign(made), **campaign_views.outlook(outlook)}
    lines = campaign_views.planned(made, outlook)
    after = _("Next: qunguan campaign plan {name} shows its tasks, gate asks what must be sure", name=f"#{made.id}")
    context.answer(document, [*lines, after])


def plan(context: Context) -> None:
    """Print a plan: of a campaign, or of what was typed."""
    from qunguan.services import campaigns, groups

    options = context.options
    with context.desk() as desk:
        if options.campaign:
            now = found(context, desk)
            draft = told(context, desk.read(campaigns.draft_of, now))
            group_id, own = now.group_id, now.id
        elif options.form:
            group_id, own = desk.read(groups.find, options.group).id, 0
            draft = new_draft(context, desk, group_id, "")
        else:
            raise BadInput("say which campaign, or --form for one that is not saved yet")
        outlook = desk.read(campaigns.outlook, context.clock, group_id, draft, own)
    context.answer({"form": draft.form, "from": draft.first, "to": draft.last, **campaign_views.outlook(outlook)},
                   campaign_views.plan(outlook))  # fmt: skip


def edit(context: Context) -> None:
    """Change a campaign. Raises BadInput, NotFound, Refused."""
    from qunguan.services import campaigns

    with context.desk() as desk:
        now = found(context, desk)
        draft = told(context, desk.read(campaigns.draft_of, now))
        if context.options.name is not None:
            draft = replace(draft, name=context.options.name)
        outlook = desk.read(campaigns.outlook, context.clock, now.group_id, draft, now.id)
        made = context.write(desk, campaigns.edit, now.id, draft)
    context.answer({"campaign": campaign_views.campaign(made), **campaign_views.outlook(outlook)},
                   campaign_views.planned(made, outlook))  # fmt: skip


def show(context: Context) -> None:
    """Print one campaign."""
    from qunguan.services import campaigns

    with context.desk() as desk:
        card = desk.read(campaigns.card, context.clock, found(context, desk).id, context.as_of)
    context.answer(campaign_views.card(card), campaign_views.card_lines(card))


def review(context: Context) -> None:
    """Print how it went; with words, write them down. Raises NotFound, Refused, BadInput."""
    from qunguan.exchange.writers.campaigns import review_text
    from qunguan.services import campaigns

    options = context.options
    typed = {"well": options.well, "badly": options.badly, "next_time": options.next}
    with context.desk() as desk:
        one = found(context, desk)
        if any(each is not None for each in typed.values()):
            if context.as_of:
                raise BadInput("what is written down is of today", hint="leave --as-of out")
            now = desk.read(campaigns.review, context.clock, one.id).written
            words = {name: getattr(now, name) if text is None else text for name, text in typed.items()}
            context.write(desk, campaigns.write_review, one.id, **words)
        told = desk.read(campaigns.review, context.clock, one.id, context.as_of)
    context.answer(campaign_views.review(told), review_text(told).splitlines())


def cancel(context: Context) -> None:
    """Call a campaign off."""
    from qunguan.services import campaigns

    with context.desk() as desk:
        made = context.write(desk, campaigns.cancel, found(context, desk).id)
    context.answer(
        {"campaign": campaign_views.campaign(made)}, [_("{name} is cancelled; undo brings it back", name=made.name)]
    )


def close(context: Context) -> None:
    """Close a campaign, or take it up again."""
    from qunguan.services import campaigns

    with context.desk() as desk:
        made = context.write(desk, campaigns.close, found(context, desk).id, reopen=context.options.reopen)
    line = (
        _("{name} is open again", name=made.name) if context.options.reopen else _("{name} is closed", name=made.name)
    )
    context.answer({"campaign": campaign_views.campaign(made)}, [line])
