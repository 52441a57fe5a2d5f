"""`qunguan clean`: silent members, what is decided about them, wake lists, and what came of it all."""

from __future__ import annotations

import argparse
from typing import Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.domain.cleaning import DECISIONS, Candidate, Case, Decided, Wake, Woken, number, said
from qunguan.domain.conditions import AtLeast
from qunguan.domain.money import yuan
from qunguan.domain.shares import with_base
from qunguan.i18n import _, labelled, ngettext

_WORDS = {**{word.replace("_", "-"): word for word in DECISIONS}}


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `clean`."""
    verb = verbs(parser)
    found = verb("list", listing, _("who is silent and due, and what speaks for each"), as_of=True)
    decide = verb("decide", decision, _("decide about silent members"), writes=True)
    decide.add_argument("members", metavar="MEMBER", nargs="+", help=_("by id, name or alias"))
    decide.add_argument("--as", dest="what", choices=sorted(_WORDS), required=True, help=_("what becomes of them"))
    decide.add_argument("--reason", default="", metavar="TEXT")
    decide.add_argument("--wake", default="", metavar="NAME", help=_("the wake list; without it the one of today"))
    why = verb("why", reasons, _("why a member is due: the rule and the three questions"), as_of=True)
    why.add_argument("member", metavar="MEMBER", help=_("by id, name or alias"))
    wakes = verb("wakes", wake_lists, _("the wake lists and who came back"), as_of=True)
    wakes.add_argument("wake", metavar="WAKE", nargs="?", help=_("one of them, by name or #id: who is on it"))
    sent = verb("sent", letters, _("note that the wake letter went out today"), writes=True)
    sent.add_argument("wake", metavar="WAKE", help=_("by name or #id"))
    sent.add_argument("members", metavar="MEMBER", nargs="*", help=_("without it everybody it had not gone to"))
    results = verb("results", outcomes, _("what was decided, and what came of it after 3 and 30 days"), as_of=True)
    for each in (found, decide, why, wakes, sent, results):
        each.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def listing(context: Context) -> None:
    """Print the queue."""
    from qunguan.services import cleaning

    with context.desk() as desk:
        found = desk.read(cleaning.queue, context.clock, context.group(desk).id, context.as_of)
    document = {
        "as_of": found.as_of,
        "silent_days": found.entry.silent_days,
        "present": found.present,
        "unknown": found.unknown,
        "resting": found.resting,
        "members": [_candidate(each) for each in found.candidates],
    }
    header = (_("id"), _("name"), _("joined"), _("silent days"), _("orders"), _("spent"), _("check-ins"),
              _("messages"), _("suggested"))  # fmt: skip
    rows = [
        (each.member_id, each.name, known(each.joined_on), said(each.silent), each.answers.orders,
         yuan(each.answers.net_fen), each.answers.checkins, said(each.answers.messages),
         _(DECISIONS[each.suggestion]))
        for each in found.candidates
    ]  # fmt: skip
    lines = columns(header, rows, right=(0, 3, 4, 5, 6, 7)) if rows else [_("Nobody is due for cleaning")]
    if found.unknown:
        unknown = ngettext("of {n} member nobody can say: no chat tells of the last {days} days",
                           "of {n} members nobody can say: no chat tells of the last {days} days", found.unknown,
                           days=found.entry.silent_days)  # fmt: skip
        lines += ["", unknown]
    if rows:
        lines += ["", _("Next: qunguan clean decide MEMBER… --as wake")]
    context.answer(document, lines)


def _candidate(one: Candidate) -> dict[str, Any]:
    answers = one.answers
    return {
        "member_id": one.member_id,
        "name": one.name,
        "joined_on": one.joined_on,
        "silent_days": number(one.silent),
        "silent_at_least": isinstance(one.silent, AtLeast),
        "last_order_days": one.last_order,
        "bought": {"orders": answers.orders, "net_fen": answers.net_fen},
        "joined_in": {
            "messages": number(answers.messages),
            "messages_at_least": isinstance(answers.messages, AtLeast),
            "checkins": answers.checkins,
            "deeds": answers.deeds,
        },
        "follows": answers.follows,
        "suggestion": one.suggestion,
    }


def decision(context: Context) -> None:
    """Decide."""
    from qunguan.services import cleaning, members

    options = context.options
    with context.desk() as desk:
        ids = [desk.read(members.resolve, text) for text in options.members]
        done = context.write(
            desk, cleaning.decide, context.group(desk).id, ids, _WORDS[options.what], reason=options.reason,
            wake_name=options.wake,
        )  # fmt: skip
    context.answer({"decision": done.decision, "members": list(done.names), "wake": done.wake or None}, _said(done))


def _said(done: Decided) -> list[str]:
    names = "、".join(done.names)
    lines = [labelled(_(DECISIONS[done.decision]), names)]
    if done.wake:
        lines.append(_("They are on the wake list {wake}. Next: write to them, then qunguan clean sent {wake}",
                       wake=done.wake))  # fmt: skip
    return lines


def reasons(context: Context) -> None:
    """Print why."""
    from qunguan.services import cleaning, members

    with context.desk() as desk:
        member_id = desk.read(members.resolve, context.options.member)
        found = desk.read(cleaning.why_due, context.clock, context.group(desk).id, member_id, context.as_of)
    said = [str(each) for each in found]
    context.answer({"member_id": member_id, "why": said}, said)


def wake_lists(context: Context) -> None:
    """Print the wake lists, or one of them."""
    from qunguan.services import cleaning, rules

    with context.desk() as desk:
        group = context.group(desk)
        days, later = (desk.read(rules.value, f"clean.{name}_days") for name in ("wake", "later"))
        if context.options.wake is not None:
            one = desk.read(cleaning.find, context.clock, group.id, context.options.wake, context.as_of)
            why = [str(each) for each in desk.read(cleaning.why_wake, one)]
            context.answer({**_wake(one, days, later), "members": [_woken(each) for each in one.members]},
                           [*_on_it(one), "", *why])  # fmt: skip
            return
        found = desk.read(cleaning.wakes, context.clock, group.id, context.as_of)
    rows = [
        (f"#{each.id}", each.name, known(each.sent_on), len(each.members), len(each.contacted),
         *(_rate(each, span) for span in (days, later)))
        for each in found
    ]  # fmt: skip
    header = (_("id"), _("wake list"), _("sent"), _("members"), _("written to"),
              *(_("back in {n} days", n=span) for span in (days, later)))  # fmt: skip
    lines = columns(header, rows, right=(3, 4)) if rows else [_("No wake list yet")]
    context.answer({"wakes": [_wake(each, days, later) for each in found]}, lines)


def _rate(one: Wake, days: int) -> str:
    rate = one.rate(days)
    if rate is None:
        return _("{n} so far", n=one.so_far(days)) if one.contacted else known(None)
    return with_base(rate[0] / rate[1], rate[1])


def _wake(one: Wake, days: int, later: int) -> dict[str, Any]:
    def share(span: int) -> dict[str, Any] | None:
        rate = one.rate(span)
        return {"value": rate[0] / rate[1], "n": rate[1]} if rate else None

    return {
        "id": one.id,
        "name": one.name,
        "sent_on": one.sent_on,
        "size": len(one.members),
        "contacted": len(one.contacted),
        "back": {str(days): share(days), str(later): share(later)},
        "back_so_far": {str(days): one.so_far(days), str(later): one.so_far(later)},
        "text": one.text,
    }


def _woken(one: Woken) -> dict[str, Any]:
    return {"member_id": one.member_id, "name": one.name, "contacted_on": one.contacted_on, "back_on": one.back_on,
            "bought_on": one.bought_on}  # fmt: skip


def _on_it(one: Wake) -> list[str]:
    rows = [(each.member_id, each.name, known(each.contacted_on), known(each.back_on), known(each.bought_on))
            for each in one.members]  # fmt: skip
    return columns((_("id"), _("name"), _("written to"), _("back"), _("bought")), rows, right=(0,))


def letters(context: Context) -> None:
    """Note that the letter went out."""
    from qunguan.services import cleaning, members

    options = context.options
    with context.desk() as desk:
        one = desk.read(cleaning.find, context.clock, context.group(desk).id, options.wake)
        ids = [desk.read(members.resolve, text) for text in options.members] or None
        told = context.write(desk, cleaning.mark_sent, one.id, ids)
    said = ngettext("Written to {n} member of {wake}", "Written to {n} members of {wake}", told, wake=one.name)
    context.answer({"wake": one.name, "contacted": told},
                   [said, _("Next: qunguan clean wakes tells tomorrow who came back")])  # fmt: skip


def outcomes(context: Context) -> None:
    """Print decisions and their outcome."""
    from qunguan.services import cleaning, groups, rules

    with context.desk() as desk:
        group = context.group(desk)
        day = context.as_of or context.clock.today(desk.read(groups.day_rule, group.id))
        spans = tuple(int(desk.read(rules.value, f"clean.{name}_days")) for name in ("wake", "later"))
        found = desk.read(cleaning.cases, context.clock, group.id, day)
    rows = [
        (each.decided_on, each.name, _(DECISIONS[each.decision]), each.wake or each.reason, known(each.back_on),
         known(each.bought_on), known(each.left_on))
        for each in found
    ]  # fmt: skip
    header = (_("day"), _("name"), _("decided"), _("why"), _("back"), _("bought"), _("left"))
    lines = columns(header, rows) if rows else [_("Nothing was decided yet")]
    context.answer({"cases": [_case(each, spans, day) for each in found]}, lines)


def _case(one: Case, spans: tuple[int, ...], day: Any) -> dict[str, Any]:
    back = {str(span): one.returned(span) if one.returned(span) or one.ripe(span, day) else None for span in spans}
    return {"member_id": one.member_id, "name": one.name, "decision": one.decision, "decided_on": one.decided_on,
            "reason": one.reason, "wake": one.wake or None, "back_on": one.back_on, "bought_on": one.bought_on,
            "left_on": one.left_on, "back_within": back}  # fmt: skip
