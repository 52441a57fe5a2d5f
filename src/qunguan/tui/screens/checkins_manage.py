"""Challenges by key: choose one, start one from a template, change or end it, say who takes part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qunguan.domain.cadence import Cadence
from qunguan.domain.challenges import Challenge, Template, parse_window, templates, window_text
from qunguan.domain.errors import UserError
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.people import finder
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.find_member import FindMember

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen

_NEW = "new"
_RHYTHMS = ("daily", "weekdays:12345", "weekdays:135", "weekdays:67", "weekly:3")
_MOST = 1_000_000


async def choose(screen: BoardScreen) -> None:
    """Switch to another challenge; the last entry starts one."""
    from qunguan.services import checkin_hand, checkins

    group = screen.room.group
    found = await screen.desk.read(checkins.all_challenges, group.id if group else None)
    choices = [Choice(str(each.id), each.name, _span(each, screen)) for each in found]
    chosen = await screen.ask(Choose(_("Which challenge?"), [*choices, Choice(_NEW, _("start a new one"))]))
    if chosen == _NEW:
        await start(screen)
    elif chosen is not None:
        await screen.desk.write(checkin_hand.take, int(chosen))
        await screen.fresh()


async def start(screen: BoardScreen) -> None:
    """Template, particulars, who takes part: one operation, saved at the end. What is refused is asked again."""
    from qunguan.services import checkins

    kinds = [Choice(each.id, _(each.label), _kind(each)) for each in templates().values()]
    chosen = await screen.ask(Choose(_("Start a challenge: which kind?"), kinds))
    if chosen is None:
        return
    template = templates()[chosen]
    fields, said = _particulars(screen, template), ""
    while (values := await screen.ask(_start_form(screen, template, fields, said))) is not None:
        fields = [replace(field, value=values[field.id]) for field in fields]
        who = await _who(screen, _("Who takes part in {challenge}?", challenge=show(values["name"])))
        if who is None:
            continue
        try:
            made = await screen.desk.write(
                checkins.start, who=None if who in ("hand", "none") else who, **_wish(values, template)
            )
        except UserError as error:
            said = str(error)
        else:
            await _started(screen, made, who)
            return


async def _started(screen: BoardScreen, made: Challenge, who: str) -> None:
    from qunguan.services import checkin_hand

    await screen.desk.write(checkin_hand.take, made.id)
    await screen.fresh()
    screen.say(_("Started the challenge {challenge}", challenge=made.name))
    if who == "hand":
        await _by_hand(screen, made)


def _particulars(screen: BoardScreen, template: Template) -> list[Field]:
    return [
        Field("name", _("name"), template.name),
        Field("start", _("first day"), screen.room.today.isoformat(), day="near"),
        Field("days", _("days"), "" if template.days is None else str(template.days), _("empty: no end")),
        _rhythm(template.cadence),
        Field("window", _("time of day"), hint=_("optional: 05:00-07:30")),
        Field("makeup_days", _("make-up window"), hint=_("days back; empty: the rule")),
        Field("makeup_quota", _("make-ups a month"), hint=_("empty: the rule")),
    ]


def _start_form(screen: BoardScreen, template: Template, fields: list[Field], said: str) -> Form:
    """The particulars, checked as they are saved; `said` is what was wrong with them before."""
    from qunguan.services import checkins

    async def save(values: dict[str, str]) -> None:
        await screen.desk.rehearse(checkins.start, **_wish(values, template))

    return Form(_("Start a challenge: {kind}", kind=_(template.label)), fields, save, said=said)


async def enrol(screen: BoardScreen) -> None:
    """Put more members into the challenge."""
    from qunguan.services import checkins

    challenge = screen.in_hand
    who = await _who(screen, _("Who takes part in {challenge}?", challenge=show(challenge.name)))
    if who == "hand":
        await _by_hand(screen, challenge)
    elif who not in (None, "none"):
        enrolled = await screen.desk.write(checkins.enrol, challenge.id, who)
        text = ngettext("{n} member enrolled", "{n} members enrolled", len(enrolled.members))
        if enrolled.already:
            text += _("; {n} took part already", n=enrolled.already)
        screen.say(text)
        await screen.room.changed()


async def edit(screen: BoardScreen) -> None:
    """Particulars, the day's prompt, the end, and taking a member out."""
    challenge = screen.in_hand
    ended = challenge.closed_on is not None
    choices = [
        Choice("terms", _("particulars"), _("name, days, rhythm, make-ups, points")),
        Choice("prompt", _("prompt of this day"), _("what the group is asked to do")),
        Choice("reopen", _("go on"), _("it was ended on {day}", day=challenge.closed_on))
        if ended
        else Choice("close", _("end it"), _("today is its last day")),
    ]
    if screen.member_id is not None:
        choices.append(Choice("out", _("take out {name}", name=show(screen.name_of(screen.member_id)))))
    chosen = await screen.ask(Choose(_("Change {challenge}", challenge=show(challenge.name)), choices))
    if chosen is not None:
        await {"terms": _terms, "prompt": _prompt, "close": _close, "reopen": _reopen, "out": _take_out}[chosen](screen)


async def _terms(screen: BoardScreen) -> None:
    from qunguan.services import checkins

    now = screen.in_hand

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(checkins.edit, _changed(now, values))

    tiers = ", ".join(f"{streak}={points}" for streak, points in now.tiers.items())
    fields = [
        Field("name", _("name"), now.name),
        Field("start", _("first day"), now.starts_on.isoformat(), day="near"),
        Field("end", _("last day"), now.ends_on.isoformat() if now.ends_on else "", _("empty: no end"), day="next"),
        _rhythm(str(now.cadence)),
        Field("window", _("time of day"), window_text((now.window_from, now.window_to)), _("optional: 05:00-07:30")),
        Field("makeup_days", _("make-up window"), str(now.makeup_days)),
        Field("makeup_quota", _("make-ups a month"), str(now.makeup_quota)),
        Field("makeup_cost", _("make-up costs"), str(now.makeup_cost)),
        Field("points", _("points a day"), str(now.points)),
        Field("tiers", _("streak tiers"), tiers, "7=20, 21=60"),
    ]
    notes = [_("Streaks are counted anew; points that were given stay as they are.")]
    if await screen.ask(Form(_("Change {challenge}", challenge=show(now.name)), fields, save, notes)) is not None:
        await screen.room.changed()


async def _prompt(screen: BoardScreen) -> None:
    from qunguan.services import checkins

    assert screen.board is not None
    challenge_id, number = screen.in_hand.id, screen.board.day_no

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(checkins.set_prompt, challenge_id, number, values["text"])

    field = Field("text", _("prompt"), screen.board.prompt or "", _("empty: none"))
    if await screen.ask(Form(_("Prompt of day {n}", n=number), [field], save)) is not None:
        await screen.room.changed()


async def _close(screen: BoardScreen) -> None:
    from qunguan.services import checkins

    title = _("End {challenge} with today as its last day?", challenge=show(screen.in_hand.name))
    if await screen.ask(Confirm(title, [_("Nothing is lost; it can be reopened.")])):
        await screen.desk.write(checkins.close, screen.in_hand.id)
        await screen.room.changed()


async def _reopen(screen: BoardScreen) -> None:
    from qunguan.services import checkins

    await screen.desk.write(checkins.reopen, screen.in_hand.id)
    await screen.room.changed()


async def _take_out(screen: BoardScreen) -> None:
    from qunguan.services import checkins

    member_id, challenge = screen.at_cursor, screen.in_hand
    name = show(screen.name_of(member_id))
    title = _("Take 1 member out of {challenge}: {name}?", challenge=show(challenge.name), name=name)
    if await screen.ask(Confirm(title, [_("The check-ins stay; nothing is due any more.")])):
        await screen.desk.write(checkins.unenrol, challenge.id, [member_id])
        await screen.room.changed()


async def _by_hand(screen: BoardScreen, challenge: Challenge) -> None:
    """One after the other until Esc."""
    from qunguan.services import checkins

    title = _("Who takes part in {challenge}? Enter enrols, Esc when done", challenge=show(challenge.name))
    while (member_id := await screen.ask(FindMember(title, finder(screen)))) is not None:
        enrolled = await screen.desk.write(checkins.enrol, challenge.id, [member_id])
        text = ngettext("{n} member enrolled", "{n} members enrolled", len(enrolled.members))
        screen.say(text if enrolled.members else _("takes part already"))
        await screen.room.changed()


async def _who(screen: BoardScreen, title: str) -> str | None:
    """ "all", "tag:T", "hand", "none", or None for Esc."""
    from qunguan.services import members

    choices = [Choice("all", _("everyone"), _("{n} people are in the group", n=screen.room.present))]
    for tag in await screen.desk.read(members.tags):
        full = f"{tag.category}:{tag.name}" if tag.category else tag.name
        note = _("{n} carry the tag", n=tag.members)
        choices.append(Choice(f"tag:{tag.category}:{tag.name}", _("tag {tag}", tag=full), note))
    choices += [
        Choice("hand", _("one by one"), _("find each by name")),
        Choice("none", _("nobody yet"), _("who checks in takes part")),
    ]
    return await screen.ask(Choose(title, choices))


def _wish(values: Mapping[str, str], template: Template) -> dict[str, Any]:
    return {
        "template_id": template.id,
        "name": values["name"],
        "starts_on": date_cell(values["start"], serials=False),
        # A template's own length stands for an empty field in the service, so "no end" needs the endless template.
        **({"days": _whole(values["days"])} if values["days"] else _endless(template)),
        "cadence": str(Cadence.understand(values["cadence"])) if values["cadence"] else None,
        "window": values["window"],
        "makeup_days": _whole(values["makeup_days"]),
        "makeup_quota": _whole(values["makeup_quota"]),
    }


def _endless(template: Template) -> dict[str, Any]:
    if template.days is None:
        return {}
    return {"template_id": "daily", "prompts": template.prompts, "tiers": template.tiers}


def _changed(now: Challenge, values: Mapping[str, str]) -> Challenge:
    window = parse_window(values["window"])
    tiers: Any = values["tiers"]  # the service reads and checks the text
    return replace(
        now,
        name=values["name"],
        starts_on=date_cell(values["start"], serials=False),
        ends_on=date_cell(values["end"], serials=False) if values["end"] else None,
        cadence=Cadence.understand(values["cadence"]),
        window_from=window and window[0],
        window_to=window and window[1],
        makeup_days=_whole(values["makeup_days"]) or 0,
        makeup_quota=_whole(values["makeup_quota"]) or 0,
        makeup_cost=_whole(values["makeup_cost"]) or 0,
        points=_whole(values["points"]) or 0,
        tiers=tiers,
    )


def _whole(text: str) -> int | None:
    return int_cell(text, largest=_MOST) if text else None


def _kind(template: Template) -> str:
    length = _("no end") if template.days is None else _("{n} days", n=template.days)
    prompts = _("{n} prompts", n=len(template.prompts)) if template.prompts else ""
    return " · ".join(filter(None, (length, Cadence.parse(template.cadence).spoken(), prompts)))


def _rhythm(now: str) -> Field:
    """The line of the rhythm: in words, the usual ones and the present one to choose from."""
    known = dict.fromkeys((*_RHYTHMS, now))
    choices = tuple((text, Cadence.parse(text).spoken()) for text in known)
    return Field("cadence", _("rhythm"), now, _("every day, Mon Wed Fri, 3 times a week"), choices)


def _span(each: Challenge, screen: BoardScreen) -> str:
    last = each.last_day
    if last is not None and last < screen.room.today:
        return _("{first} to {last}, over", first=each.starts_on, last=last)
    if last is None:
        return _("since {first}", first=each.starts_on)
    left = (last - max(screen.room.today, each.starts_on) + timedelta(days=1)).days
    return _("{first} to {last}, {n} days left", first=each.starts_on, last=last, n=left)
