"""`qunguan membership`: who is a member of what until when; sold, renewed, paid back, used, due."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli import plan_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.parser import day, whole
from qunguan.cli.plans import money, paid_text
from qunguan.domain.plan_words import rate_text, reasons, used_text
from qunguan.domain.plans import STATUSES, TermChange
from qunguan.exchange.writers.renewals import renewal_note
from qunguan.i18n import _, labelled, ngettext

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `membership`."""
    verb = verbs(parser)
    new = verb("sell", sell, _("make somebody a member of a plan"), writes=True)
    _who(new, plan=False)
    new.add_argument("plan", metavar="PLAN", help=_("name or number of a plan"))
    _payment(new)
    new.add_argument("--starts", type=day, metavar="DATE", help=_("the day it begins; without it the day it is paid"))
    group_argument(new, _("the group its money is counted in, of a plan for all groups"))
    again = verb("renew", renew, _("the next term: continues before the end, begins with the payment after it"),
                 writes=True)  # fmt: skip
    _who(again)
    _payment(again)
    back = verb("refund", refund, _("pay the last term back; from that day on it does not count"), writes=True)
    _who(back)
    back.add_argument("--amount", type=money, metavar="YUAN", help=_("without it all that is left"))
    back.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    back.add_argument("--reason", default="", metavar="TEXT")
    back.add_argument("--late", action="store_true", help=_("after the days of the plan too; needs --reason"))
    used = verb("use", use, _("note that a benefit was used"), writes=True)
    used.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    used.add_argument("benefit", metavar="BENEFIT")
    used.add_argument("--plan", default="", metavar="PLAN", help=_("name or number of a plan"))
    used.add_argument("--times", type=whole, default=1, metavar="N")
    used.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    used.add_argument("--note", default="", metavar="TEXT")
    used.add_argument("--back", action="store_true", help=_("it was a mistake: take the newest use of it back"))
    gift = verb("gift", hand_over, _("note that somebody has their early gift"), writes=True)
    _who(gift)
    gift.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    asks = verb("due", due, _("whose renewal is to be asked for; ● is today"), as_of=True)
    asks.add_argument("--text", action="store_true", help=_("the texts that ask for it, one for each"))
    asks.add_argument("--today", action="store_true", help=_("only those of this very day"))
    lists = verb("list", listing, _("the members of the plans"), as_of=True)
    lists.add_argument("--status", choices=list(STATUSES))
    lists.add_argument("--plan", default="", metavar="PLAN", help=_("name or number of a plan"))
    one = verb("show", show, _("what a member has, and why it stands so"), as_of=True)
    one.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    share = verb("rate", rate, _("the renewal rate by month"), as_of=True)
    share.add_argument("--from", type=day, dest="first", metavar="DATE", help=_("without it a year back"))
    share.add_argument("--to", type=day, dest="last", metavar="DATE", help=_("without it today"))
    share.add_argument("--plan", default="", metavar="PLAN", help=_("name or number of a plan"))
    for each in (asks, lists, share):
        group_argument(each, _("a group by id or name; without it all of them"))


def _who(parser: argparse.ArgumentParser, *, plan: bool = True) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    if plan:
        parser.add_argument("plan", nargs="?", default="", metavar="PLAN", help=_("without it the one they have"))


def _payment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--price", type=money, metavar="YUAN", help=_("what was paid; 0 is a guest"))
    parser.add_argument("--day", type=day, metavar="DATE", help=_("the day it was paid; without it today"))
    parser.add_argument("--order", type=whole, metavar="ID", help=_("the order it was paid by; its sum and its day"))
    parser.add_argument("--note", default="", metavar="TEXT")
    parser.add_argument("--ahead", action="store_true", help=_("it is meant: more than a year, or a term, ahead"))


def sell(context: Context) -> None:
    """Sell a term. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import groups, members, plans

    options = context.options
    with context.desk() as desk:
        who = desk.read(members.resolve, options.member)
        plan_id = desk.read(plans.find, options.plan).id
        group = desk.read(groups.find, options.group) if options.group else desk.read(groups.current)
        done = context.write(
            desk, plans.sell, who, plan_id, paid_fen=options.price, day=options.day, starts_on=options.starts,
            order_id=options.order, group_id=group.id if group else None, note=options.note,
            ahead=options.ahead,
        )  # fmt: skip
    lines = [_told(done)]
    if done.early_left is not None:
        lines.append(ngettext("{n} early place left", "{n} early places left", done.early_left))
    if done.term.early and done.membership.gift:
        lines.append(_("One of the first: {gift} is owed. Next: qunguan membership gift {id}",
                       gift=done.membership.gift, id=done.membership.member_id))  # fmt: skip
    _answer(context, done, lines)


def renew(context: Context) -> None:
    """Sell the next term. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        who, plan_id = _meant(context, desk)
        done = context.write(desk, plans.renew, who, plan_id, paid_fen=options.price, day=options.day,
                             order_id=options.order, note=options.note, ahead=options.ahead)  # fmt: skip
    _answer(context, done, [_told(done)])


def refund(context: Context) -> None:
    """Pay a term back. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        who, plan_id = _meant(context, desk)
        done = context.write(desk, plans.refund, who, plan_id, amount_fen=options.amount, day=options.day,
                             reason=options.reason, late=options.late)  # fmt: skip
    one = done.membership
    status = _(STATUSES[one.standing.status])
    line = _("{name}, {plan}: {yuan} paid back; status now: {status}", name=one.name, plan=one.plan,
             yuan=paid_text(-done.fen), status=status)  # fmt: skip
    _answer(context, done, [line])


def use(context: Context) -> None:
    """Note a use. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        who, plan_id = _meant(context, desk)
        if options.back:
            done = context.write(desk, plans.unuse, who, plan_id, options.benefit)
        else:
            done = context.write(desk, plans.use, who, plan_id, options.benefit, times=options.times, day=options.day,
                                 note=options.note)  # fmt: skip
    document = {"membership": views.membership(done.membership), "benefit": done.benefit, "times": done.times,
                "used": done.used.used, "left": done.used.left}  # fmt: skip
    context.answer(document, [labelled(done.membership.name, used_text(done.used))])


def hand_over(context: Context) -> None:
    """Note a gift. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import plans

    with context.desk() as desk:
        who, plan_id = _meant(context, desk)
        done = context.write(desk, plans.hand_over, who, plan_id, day=context.options.day)
    one = done.membership
    _answer(context, done, [_("{name} has the early gift: {gift}", name=one.name, gift=one.gift or "—")])


def due(context: Context) -> None:
    """Print whose renewal is to be asked for."""
    from qunguan.services import plans

    with context.desk() as desk:
        group_id = context.group_id(desk)
        past = context.past(desk, group_id)
        found = desk.read(plans.due, context.clock, past, group_id=group_id)
        on = past or _today(context, desk, group_id)
        rate = desk.read(plans.rate, context.clock, views.BEGINNING, on, past, group_id=group_id)
        if context.options.today:
            found = tuple(one for one in found if one.today)
        whose = context.whose(desk)
        ids = {one.membership.plan_id for one in found}
        prices = {each: desk.read(plans.price_today, context.clock, each, renewal=True) for each in ids}
    texts = [renewal_note(one.membership, prices[one.membership.plan_id]) for one in found]
    rows = [{**views.due(one), "text": text} for one, text in zip(found, texts, strict=True)]
    document = {"as_of": on, "due": rows, "renewal_rate": views.rate(rate)}
    if context.options.text and texts:
        context.answer(document, "\n\n".join(texts).split("\n"))
    else:
        context.answer(document, [whose, *views.due_lines(found), "", rate_text(rate)])


def listing(context: Context) -> None:
    """Print the members of the plans."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        group_id, whose = context.group_id(desk), context.whose(desk)
        plan_id = desk.read(plans.find, options.plan).id if options.plan else None
        found = desk.read(plans.memberships, context.clock, context.past(desk, group_id), plan_id=plan_id,
                          group_id=group_id, status=options.status)  # fmt: skip
    context.answer({"memberships": [views.membership(one) for one in found]}, [whose, *views.membership_lines(found)])


def show(context: Context) -> None:
    """Print what a member has, and why. Raises NotFound, Ambiguous."""
    from qunguan.services import members, plans

    with context.desk() as desk:
        past = context.past(desk)
        who = desk.read(members.resolve, context.options.member)
        found = desk.read(plans.of_member, context.clock, who, past)
    lines: list[str] = []
    for one in found:
        lines += [*views.membership_lines([one]), *(f"  {line}" for line in reasons(one)), ""]
    document = {
        "member_id": who,
        "memberships": [{**views.membership(one), "why": list(reasons(one))} for one in found],
    }
    context.answer(document, lines[:-1] or views.membership_lines([]))


def rate(context: Context) -> None:
    """Print the renewal rate by month and over all of them."""
    from qunguan.services import plans

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        past = context.past(desk, group_id)
        plan_id = desk.read(plans.find, options.plan).id if options.plan else None
        last = options.last or past or _today(context, desk, group_id)
        first = options.first or date(last.year - 1, last.month, 1)
        months = views.months(first, last)
        *by_month, whole_time = desk.read(plans.rates, context.clock, [*months, (first, last)], past, plan_id=plan_id,
                                          group_id=group_id)  # fmt: skip
    document = {"months": [views.rate(one) for one in by_month], "total": views.rate(whole_time)}
    context.answer(document, [*views.rate_lines(by_month), "", rate_text(whole_time)])


def _today(context: Context, desk: Desk, group_id: int | None) -> date:
    from qunguan.services import groups

    return context.clock.today(desk.read(groups.day_rule, group_id))


def _meant(context: Context, desk: Desk) -> tuple[int, int]:
    """The member and the plan that are meant."""
    from qunguan.services import members, plans

    who = desk.read(members.resolve, context.options.member)
    return who, desk.read(plans.held_by, context.clock, who, context.options.plan)


def _told(done: TermChange) -> str:
    one = done.membership
    return _("{name}: {plan} from {first} through {last}, {yuan}", name=one.name, plan=one.plan,
             first=done.term.starts_on, last=done.term.ends_on, yuan=paid_text(done.fen))  # fmt: skip


def _answer(context: Context, done: TermChange, lines: list[str]) -> None:
    document: dict[str, Any] = {
        "term": views.term(done.term),
        "membership": views.membership(done.membership),
        "fen": done.fen,
        "early_left": done.early_left,
    }
    context.answer(document, lines)
