"""`qunguan group card | rules | violation | festivals`: what a group is for, its rules, who broke them, days."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, jsonable, known, verbs
from qunguan.cli.level_benefits import member_argument
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.domain.positioning import KINDS, Advice, Meter, kinds_said, kinds_typed, welcome_text
from qunguan.domain.positioning_house import STEPS, HouseRule, Violation
from qunguan.i18n import _, labelled, ngettext

if TYPE_CHECKING:
    from qunguan.domain.groups import Group
    from qunguan.domain.positioning_view import Profile
    from qunguan.services.desk import Desk

Verb = Callable[..., argparse.ArgumentParser]
_AHEAD = 60  # days of festivals that are told when nobody says how many


def register(verb: Verb) -> None:
    """These verbs of `group`."""
    _card(verb)
    _rules(verb)
    _violations(verb)
    days = verb("festivals", festivals, _("festivals and shopping peaks, and what to do about each"))
    days.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it today"))
    told = _("without it {days} days on", days=_AHEAD)
    days.add_argument("--to", dest="last", type=day, metavar="DATE", help=told)


def group_argument(parser: argparse.ArgumentParser) -> None:
    """Which group is meant."""
    parser.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the current one"))


def _card(verb: Verb) -> None:
    child = verbs(verb("card", show_card, _("whom the group is for and what it gives; sizes, platform, timetable")))
    group_argument(child("show", show_card, _("the profile of a group, and what is missing in it")))
    put = child("set", set_card, _("write the profile; what is not given stays"), writes=True)
    put.add_argument("--kinds", metavar="KINDS", help=_("of {known}; several with +", known=", ".join(KINDS)))
    put.add_argument("--persona", metavar="TEXT", help=_("whom it is for: age, work, what troubles them"))
    put.add_argument("--value", metavar="TEXT", help=_("what it gives: the problem it solves, what is scarce in it"))
    put.add_argument("--product", metavar="TEXT", help=_("the product or service behind it"))
    put.add_argument("--welcome", metavar="TEXT", help=_("the welcome; {group} stands for the group's name"))
    group_argument(put)


def _rules(verb: Verb) -> None:
    child = verbs(verb("rules", list_rules, _("the rules of the house")))
    lists = child("list", list_rules, _("the rules in the order they are announced"))
    text = child("text", announce, _("the rules as a text for the group"))
    more = child("add", add_rule, _("add a rule"), writes=True)
    more.add_argument("text", metavar="TEXT")
    change = child("edit", edit_rule, _("write a rule in other words"), writes=True)
    move = child("move", move_rule, _("put a rule at another place"), writes=True)
    gone = child("remove", remove_rule, _("take a rule out"), writes=True)
    for each in (change, move, gone):
        each.add_argument("rule", metavar="N", help=_("the number of the rule"))
    change.add_argument("text", metavar="TEXT")
    move.add_argument("place", metavar="PLACE", type=whole)
    for each in (lists, text, more, change, move, gone):
        group_argument(each)


def _violations(verb: Verb) -> None:
    child = verbs(verb("violation", list_violations, _("who broke a rule: a warning first, then removal")))
    note = child("add", add_violation, _("note that a member broke a rule; a removal ends their stay"), writes=True)
    member_argument(note)
    note.add_argument("--rule", metavar="N", help=_("the number of the rule"))
    steps = _("warning or removal; without it what follows from earlier ones")
    note.add_argument("--step", metavar="STEP", default="", help=steps)
    note.add_argument("--note", metavar="TEXT", default="")
    note.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    lists = child("list", list_violations, _("what was noted, newest first"))
    lists.add_argument("--member", metavar="MEMBER", help=_("only of this member"))
    for each in (note, lists):
        group_argument(each)


# -- the card


def show_card(context: Context) -> None:
    """Print the profile of a group."""
    with context.desk() as desk:
        found = _profile(context, desk)
    document = {
        "group": found.group, "card": found.card, "business": found.business or None,
        "advice": [_advised(each) for each in found.advice], "capacity": found.meter,
        "platform": found.platform, "rules": found.rules, "timetable": found.timetable,
        "violations": len(found.violations),
    }  # fmt: skip
    context.answer(jsonable(document), profile_lines(found))


def _profile(context: Context, desk: Desk) -> Profile:
    from qunguan.services import groups, positioning_view

    group = desk.read(groups.find, context.options.group)
    return desk.read(positioning_view.profile, context.clock, group.id)


def _advised(advice: Advice) -> dict[str, str]:
    return {"text": str(advice.reason), "source": advice.source}


def profile_lines(found: Profile) -> Iterator[str]:
    """The profile for people."""
    card = found.card
    rows = [
        (_("group"), f"{found.group.name}  {found.platform.name}"),
        (_("good for"), found.platform.suits),
        (_("business"), known(found.business)),
        (_("kind of group"), known(kinds_said(card.kinds))),
        (_("whom it is for"), known(card.persona)),
        (_("what it gives"), known(card.core_value)),
        (_("product behind it"), known(card.product)),
        (_("people"), size_said(found.meter)),
        (_("rules"), str(len(found.rules))),
        (_("timetable"), known("、".join(each.name for each in found.timetable))),
    ]
    yield from (labelled(label, text) for label, text in rows)
    if card.welcome:
        yield from (_("welcome:"), *(f"  {line}" for line in welcome_text(card, found.group.name).splitlines()))
    yield from (f"· {advice.reason} ({advice.source})" for advice in found.advice)


def size_said(meter: Meter) -> str:
    """How full a group is and what changes next, in one line."""
    capacity = meter.capacity
    parts = [_("{n} of {most}", n=capacity.present, most=known(capacity.hard))]
    if capacity.soft is not None:
        parts.append(_("suggested {soft}", soft=capacity.soft))
    if meter.ahead:
        parts.append(meter.ahead.note)
    if meter.friends is not None and meter.friend_cap is not None:
        parts.append(_("friends: {n} of {cap} at the most", n=meter.friends, cap=meter.friend_cap))
    return "；".join(parts)


def set_card(context: Context) -> None:
    """Write what is given of the card. Raises BadInput."""
    from qunguan.services import groups, positioning

    options = context.options
    given: dict[str, Any] = {
        name: value
        for name, value in (
            ("persona", options.persona), ("core_value", options.value), ("product", options.product),
            ("welcome", options.welcome),
        )
        if value is not None
    }  # fmt: skip
    if options.kinds is not None:
        given["kinds"] = kinds_typed(options.kinds)
    if not given:
        raise BadInput("nothing was said that should change", hint="give --kinds, --persona, --value, --product …")
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        made = context.write(desk, positioning.set_card, replace(desk.read(positioning.card, group.id), **given))
    lines = [_("Wrote the profile of {name}", name=group.name), _("Next: qunguan group card show")]
    context.answer({"card": jsonable(made)}, lines)


# -- house rules


def list_rules(context: Context) -> None:
    """Print the rules of a group."""
    from qunguan.services import groups, positioning

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        found = desk.read(positioning.rules_of, group.id)
    _tell_rules(context, found, _("No rule yet. Next: qunguan group rules add TEXT"))


def _tell_rules(context: Context, found: Sequence[HouseRule], otherwise: str) -> None:
    lines = [f"{rule.place}. {rule.text}" for rule in found] or [otherwise]
    context.answer({"rules": jsonable(found)}, lines)


def announce(context: Context) -> None:
    """Print the rules as they go into the group. Raises Refused."""
    from qunguan.services import groups, positioning

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        text = desk.read(positioning.rules_text, group.id)
    context.answer({"text": text}, text.splitlines())


def add_rule(context: Context) -> None:
    """Add a rule. Raises BadInput."""
    from qunguan.services import positioning

    with context.desk() as desk:
        group = context.group(desk)
        context.write(desk, positioning.add_rule, group.id, context.options.text)
        _tell_rules(context, desk.read(positioning.rules_of, group.id), _("No rule yet."))


def edit_rule(context: Context) -> None:
    """Write a rule in other words. Raises BadInput, NotFound."""
    from qunguan.services import positioning

    with context.desk() as desk:
        group, rule = _rule(context, desk)
        context.write(desk, positioning.edit_rule, group.id, rule.id, context.options.text)
        _tell_rules(context, desk.read(positioning.rules_of, group.id), "")


def move_rule(context: Context) -> None:
    """Put a rule at another place. Raises NotFound."""
    from qunguan.services import positioning

    with context.desk() as desk:
        group, rule = _rule(context, desk)
        found = context.write(desk, positioning.move_rule, group.id, rule.id, context.options.place)
    _tell_rules(context, found, "")


def remove_rule(context: Context) -> None:
    """Take a rule out. Raises NotFound."""
    from qunguan.services import positioning

    with context.desk() as desk:
        group, rule = _rule(context, desk)
        found = context.write(desk, positioning.remove_rule, group.id, rule.id)
    _tell_rules(context, found, _("No rule is left."))


def _rule(context: Context, desk: Desk) -> tuple[Group, HouseRule]:
    from qunguan.services import positioning

    group = context.group(desk)
    return group, desk.read(positioning.find_rule, group.id, context.options.rule)


# -- violations


def add_violation(context: Context) -> None:
    """Note that a member broke a rule. Raises NotFound, Refused, BadInput."""
    from qunguan.services import members, positioning

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        group, rule = _rule(context, desk) if options.rule else (context.group(desk), None)
        noted = context.write(
            desk, positioning.note_violation, group.id, member_id, rule.id if rule else None,
            step=options.step, note=options.note, day=options.day,
        )  # fmt: skip
    made = noted.violation
    lines = [
        _("{step}: {name} in {group}", step=_(STEPS[made.step]), name=made.name, group=group.name),
        _("Why: {why}", why=noted.next.why),
        _("To say: {text}", text=noted.text),
    ]
    document = {"violation": made, "suggested": noted.next.step, "why": str(noted.next.why), "text": noted.text}
    context.answer(jsonable(document), lines)


def list_violations(context: Context) -> None:
    """Print what was noted."""
    from qunguan.services import members, positioning

    options = context.options
    with context.desk() as desk:
        group = context.group(desk)
        member_id = desk.read(members.resolve, options.member) if options.member else None
        found = desk.read(positioning.violations, group.id, member_id)
    header = (_("day"), _("member"), _("step"), _("rule"), _("note"))
    lines = columns(header, map(_violation_row, found)) if found else [_("Nobody broke a rule.")]
    lines += [ngettext("{n} violation", "{n} violations", len(found))] if found else []
    context.answer({"violations": jsonable(found)}, lines)


def _violation_row(each: Violation) -> tuple[object, ...]:
    return each.day, each.name, _(STEPS[each.step]), known(each.rule), known(each.note)


# -- festivals


def festivals(context: Context) -> None:
    """Print the festivals of some days. Raises BadInput."""
    from qunguan.domain import festivals as calendar
    from qunguan.services import groups

    options = context.options
    with context.desk() as desk:
        today = context.clock.today(desk.read(groups.day_rule))
    first = options.first or today
    last = options.last or first + timedelta(days=_AHEAD)
    if last < first:
        raise BadInput("{last} is before {first}", hint="give the earlier day first", first=first, last=last)
    found = calendar.between(first, last)
    rows = [(each.day, each.name, _span(each), _(calendar.STANCES[each.stance]), each.advice) for each in found]
    header = (_("day"), _("festival"), _("its days"), _("what to do"), _("what works then"))
    lines = columns(header, rows) if rows else [_("No festival on these days.")]
    context.answer({"from": first.isoformat(), "to": last.isoformat(), "festivals": jsonable(found)}, lines)


def _span(each: Any) -> str:
    return "—" if each.from_day == each.to_day else f"{each.from_day:%m-%d}…{each.to_day:%m-%d}"
