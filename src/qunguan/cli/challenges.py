"""`qunguan challenge`: start one, look at them, put people in, end it."""

from __future__ import annotations

import argparse
from typing import Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.challenges import TEMPLATE_LABELS, Challenge, window_text
from qunguan.domain.checkin_outcomes import Enrolled
from qunguan.domain.errors import BadInput
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `challenge`."""
    verb = verbs(parser)
    new = verb("add", add, _("start a challenge"), writes=True)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--template", default="daily", metavar="T", help=", ".join(TEMPLATE_LABELS))
    new.add_argument("--start", type=day, metavar="DATE", help=_("its first day; without it today"))
    new.add_argument("--days", type=whole, metavar="N", help=_("how many days it lasts"))
    new.add_argument("--cadence", metavar="C", help=_("daily, weekdays:135 (1 is Monday) or weekly:3"))
    new.add_argument("--window", default="", metavar="FROM-TO", help=_("time of day, like 05:00-07:30"))
    new.add_argument("--makeup-days", type=whole, metavar="N", help=_("how many days back can be made up"))
    new.add_argument("--makeup-quota", type=whole, metavar="N", help=_("make-ups a month"))
    new.add_argument("--makeup-cost", type=whole, metavar="N", help=_("points a make-up costs"))
    new.add_argument("--points", type=whole, metavar="N", help=_("points for a check-in"))
    new.add_argument("--enrol", metavar="WHO", help=_("who takes part: all, tag:T or a member"))
    new.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the current one"))
    verb("list", listing, _("the challenges and whether they run")).add_argument("--group", metavar="GROUP")
    _challenge(verb("show", show_one, _("a challenge with its terms and curriculum")))
    for name, command, text in (
        ("enrol", enrol, _("put members into a challenge")),
        ("unenrol", unenrol, _("take members out of a challenge")),
    ):
        people = verb(name, command, text, writes=True)
        _challenge(people)
        people.add_argument("who", nargs="+", metavar="WHO", help=_("all, tag:T or members"))
        if name == "enrol":
            people.add_argument("--from", type=day, metavar="DATE", dest="from_day")
    end = verb("close", close, _("end a challenge by hand"), writes=True)
    _challenge(end)
    end.add_argument("--day", type=day, metavar="DATE", help=_("its last day; without it today"))
    _challenge(verb("reopen", reopen, _("take back that a challenge was ended"), writes=True))
    prompt = verb("prompt", set_prompt, _("write the prompt of one day of the curriculum"), writes=True)
    _challenge(prompt)
    prompt.add_argument("number", type=whole, metavar="N", help=_("which day of the challenge, from 1"))
    prompt.add_argument("text", metavar="TEXT")


def _challenge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("challenge", metavar="CHALLENGE", help=_("id or name"))


def add(context: Context) -> None:
    """Start a challenge, with people in it if told who."""
    from qunguan.services import checkins, groups

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        made = context.write(
            desk,
            checkins.start,
            options.name,
            who=options.enrol,
            group_id=group.id,
            template_id=options.template,
            starts_on=options.start,
            days=options.days,
            cadence=options.cadence,
            window=options.window,
            makeup_days=options.makeup_days,
            makeup_quota=options.makeup_quota,
            makeup_cost=options.makeup_cost,
            points=options.points,
        )
    line = _("Started {name} (#{id}) from {start} to {end}", name=made.name, id=made.id, start=made.starts_on,
             end=known(made.ends_on))  # fmt: skip
    hint = _("Next: qunguan checkin record FILE --challenge {id}", id=made.id)
    context.answer({"challenge": document(made)}, [line, hint])


def listing(context: Context) -> None:
    """Print the challenges."""
    from qunguan.services import checkins, groups

    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(checkins.all_challenges, group_id)
        today = context.clock.today(desk.read(groups.day_rule, group_id))
    header = (_("id"), _("challenge"), _("rhythm"), _("from"), _("to"), _("runs"))
    rows = [(c.id, c.name, c.cadence, c.starts_on, known(c.last_day), "✓" if c.is_open(today) else "") for c in found]
    context.answer({"challenges": [document(each) for each in found]}, columns(header, rows, right=(0,)))


def show_one(context: Context) -> None:
    """Print a challenge with its terms."""
    from qunguan.services import checkins

    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, context.options.challenge)
        prompts = desk.read(checkins.prompts, found.id)
    facts = [
        (_("challenge"), f"{found.name} (#{found.id})"),
        (_("template"), _(TEMPLATE_LABELS.get(found.template, found.template))),
        (_("rhythm"), found.cadence),
        (_("from"), found.starts_on),
        (_("to"), known(found.last_day)),
        (_("time of day"), known(window_text((found.window_from, found.window_to)))),
        (_("make-ups"), _("{days} days back, {quota} a month, {cost} points each", days=found.makeup_days,
                          quota=found.makeup_quota, cost=found.makeup_cost)),
        (_("points"), found.points),
        (_("streak awards"), ", ".join(f"{streak}={points}" for streak, points in found.tiers.items())),
    ]  # fmt: skip
    curriculum = [(number, text.replace("\n", " ")) for number, text in prompts.items()]
    lines = columns(("", ""), facts)[1:]
    lines += ["", *columns((_("day"), _("prompt")), curriculum, right=(0,))] if curriculum else []
    days = [{"day_no": number, "text": text} for number, text in prompts.items()]
    context.answer({"challenge": document(found), "prompts": days}, lines)


def enrol(context: Context) -> None:
    """Put members in."""
    from qunguan.services import checkins

    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, context.options.challenge)
        who = _who(context, desk)
        done = context.write(desk, checkins.enrol, found.id, who, context.options.from_day)
    _told(context, found, done, _("Enrolled {n} in {challenge}, {already} were in it already"))


def unenrol(context: Context) -> None:
    """Take members out; what they did stays."""
    from qunguan.services import checkins

    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, context.options.challenge)
        ids = [desk.read(_resolve, text) for text in context.options.who]
        done = context.write(desk, checkins.unenrol, found.id, ids)
    _told(context, found, done, _("Took {n} out of {challenge}; what they did stays"))


def close(context: Context) -> None:
    """End a challenge."""
    from qunguan.services import checkins

    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, context.options.challenge)
        ended = context.write(desk, checkins.close, found.id, context.options.day)
    line = _("{challenge} ends with {day}", challenge=ended.name, day=ended.last_day)
    context.answer({"challenge": document(ended)}, [line])


def reopen(context: Context) -> None:
    """Let a challenge that was ended by hand go on."""
    from qunguan.services import checkins

    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, context.options.challenge)
        opened = context.write(desk, checkins.reopen, found.id)
    line = _("{challenge} goes on, its last day is {day}", challenge=opened.name, day=known(opened.last_day))
    context.answer({"challenge": document(opened)}, [line])


def set_prompt(context: Context) -> None:
    """Write one day of the curriculum."""
    from qunguan.services import checkins

    options = context.options
    with context.desk() as desk:
        found = desk.read(checkins.find, context.clock, options.challenge)
        context.write(desk, checkins.set_prompt, found.id, options.number, options.text)
    line = _("Day {n} of {challenge}: {text}", n=options.number, challenge=found.name, text=options.text)
    context.answer({"challenge_id": found.id, "day_no": options.number, "text": options.text}, [line])


def document(found: Challenge) -> dict[str, Any]:
    """A challenge as JSON."""
    return {
        "id": found.id,
        "group_id": found.group_id,
        "name": found.name,
        "template": found.template,
        "cadence": str(found.cadence),
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
        "closed_on": found.closed_on,
        "window": window_text((found.window_from, found.window_to)) or None,
        "makeup_days": found.makeup_days,
        "makeup_quota": found.makeup_quota,
        "makeup_cost": found.makeup_cost,
        "makeup_counts": found.makeup_counts,
        "points": found.points,
        "tiers": [{"streak": streak, "points": points} for streak, points in found.tiers.items()],
    }


def _who(context: Context, desk: Any) -> str | list[int]:
    """`all`, `tag:T`, or members by id, name or alias."""
    told: list[str] = context.options.who
    if len(told) == 1:
        return told[0]
    for text in told:
        if text == "all" or text.startswith(("tag:", "tag：")):
            raise BadInput("{who} stands alone", hint="name members, or one tag, or all", who=text[:40])
    return [desk.read(_resolve, text) for text in told]


def _resolve(session: Any, text: str) -> int:
    from qunguan.services import members

    return members.resolve(session, text)


def _told(context: Context, found: Challenge, done: Enrolled, line: str) -> None:
    document = {"challenge_id": found.id, "members": done.members, "already": done.already}
    context.answer(document, [line.format(n=len(done.members), challenge=found.name, already=done.already)])
