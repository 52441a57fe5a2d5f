"""The owner's word on a speaker: one of those it may be, another member, somebody new, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from qunguan.domain.activity_people import WHYS, SpeakerRow, SpeakerSettled, Suggestion, Waiting
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.people import finder, told_apart
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.find_member import FindMember

if TYPE_CHECKING:
    from qunguan.tui.screens.base import NounScreen

Speaker = Waiting | SpeakerRow
_OTHER, _NEW, _NOBODY, _DAYS = "other", "new", "nobody", "days"


async def say_who(screen: NounScreen, speaker: Speaker) -> None:
    """Ask who a speaker is, and settle it. Must run in a worker."""
    said = await _asked(screen, speaker)
    if said == _NEW:
        await add_new(screen, speaker)
    elif said == _NOBODY:
        await set_aside(screen, speaker)
    elif said == _DAYS:
        await _for_some_days(screen, speaker)
    elif said is not None:
        await _assign(screen, speaker, int(said))


async def add_new(screen: NounScreen, speaker: Speaker) -> None:
    """The speaker is somebody new, called as the chat calls them."""
    from qunguan.services import activity_queue

    await _settled(screen, speaker, await screen.desk.write(activity_queue.assign_new, speaker.speaker_id))


async def set_aside(screen: NounScreen, speaker: Speaker) -> None:
    """The speaker is nobody's member; asked about first. Must run in a worker."""
    from qunguan.services import activity_queue

    details = [_("A robot, a guest, a stranger: their messages stay in the group's figures and are no member's.")]
    if isinstance(speaker, SpeakerRow) and speaker.member:
        details.insert(0, _("What {member} wrote under this name is no longer theirs.", member=speaker.member))
    details.append(ngettext("{n} message", "{n} messages", speaker.messages))
    if await screen.app.push_screen_wait(Confirm(_("Set {speaker} aside?", speaker=_called(speaker)), details)):
        done = await screen.desk.write(activity_queue.set_aside, speaker.speaker_id)
        await _settled(screen, speaker, done)


def _called(speaker: Speaker) -> str:
    return speaker.name or speaker.key


async def _asked(screen: NounScreen, speaker: Speaker, *, days: bool = True) -> str | None:
    """A member's id, or another answer; None for Esc. The likeliest come first, told apart from their namesakes."""
    choices = await _likely(screen, speaker)
    choices.append(Choice(_OTHER, _("another member"), _("find them by initials")))
    if days:
        if speaker.kind == "name":
            choices.append(Choice(_DAYS, _("for some days only"), _("the name was several people's")))
        if not isinstance(speaker, SpeakerRow) or speaker.by == "nobody":
            choices.append(Choice(_NEW, _("a new member"), _called(speaker)))
        if not isinstance(speaker, SpeakerRow) or speaker.by != "nobody":
            choices.append(Choice(_NOBODY, _("nobody"), _("a robot, a guest, a stranger")))
    title = _("Who is {speaker}?", speaker=_called(speaker))
    if isinstance(speaker, SpeakerRow) and speaker.member:
        title = _("{speaker} is {member}. Who else?", speaker=_called(speaker), member=speaker.member)
    told = await screen.app.push_screen_wait(Choose(title, choices))
    if told != _OTHER:
        return told
    picked = await screen.app.push_screen_wait(FindMember(title, finder(screen)))
    return None if picked is None else str(picked)


async def _likely(screen: NounScreen, speaker: Speaker) -> list[Choice]:
    from qunguan.services import activity_queue

    maybe: Sequence[Suggestion] = ()
    if isinstance(speaker, Waiting):
        found = await screen.desk.read(activity_queue.waiting, only={speaker.speaker_id})
        maybe = found[0].suggestions if found else ()
    about = {key: (name, note) for key, name, note in await told_apart(screen, [one.member_id for one in maybe])}
    return [
        Choice(str(one.member_id), about[one.member_id][0], f"{_(WHYS[one.why])} · {about[one.member_id][1]}")
        for one in maybe
        if one.member_id in about
    ]


async def _for_some_days(screen: NounScreen, speaker: Speaker) -> None:
    """A name that was somebody's from a day to a day, both among them; an empty day leaves that end open."""
    who = await _asked(screen, speaker, days=False)
    if who is None:
        return

    async def save(values: dict[str, str]) -> None:
        first, last = (date_cell(values[end]) if values[end] else None for end in ("from", "to"))
        await _assign(screen, speaker, int(who), first, last)

    fields = [
        Field("from", _("first day"), _day(speaker.first_day), _("empty: since ever"), day="near"),
        Field("to", _("last day"), _day(speaker.last_day), _("empty: until now"), day="near"),
    ]
    notes = [_("What was written under this name on these days is theirs; the rest waits on.")]
    await screen.app.push_screen_wait(Form(_("When was {speaker} this member?", speaker=_called(speaker)), fields,
                                           save, notes))  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


async def _assign(
    screen: NounScreen, speaker: Speaker, member_id: int, first: date | None = None, last: date | None = None
) -> None:
    from qunguan.services import activity_queue

    done = await screen.desk.write(activity_queue.assign, speaker.speaker_id, member_id, first, last)
    await _settled(screen, speaker, done)


async def _settled(screen: NounScreen, speaker: Speaker, done: SpeakerSettled) -> None:
    """Say what came of it, and go on to the next."""
    name = _called(speaker)
    if not done.changed:
        screen.say(_("{speaker}: nothing changes", speaker=name))
    elif done.member_id is None:
        screen.say(_("{speaker} is set aside", speaker=name))
    else:
        moved = ngettext("{n} message", "{n} messages", done.messages)
        screen.say(_("{speaker} is {member}: {messages} went over", speaker=name, member=done.name, messages=moved))
    await screen.room.changed()
