"""Ready texts of the day: what an owner posts or writes to somebody, warm and short. Foreign names are shown safely."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.challenges import Challenge, window_text
from qunguan.domain.checkin_outcomes import Rate
from qunguan.domain.points import Expiring
from qunguan.domain.text import show
from qunguan.domain.today import greeting, near
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import _, ngettext


def prompt_post(found: Challenge, day: date, hour: int, prompt: str | None, before: int) -> str:
    """The call to check in: today's prompt, or the day's number without one.

    `before` is how many checked in the day before; it is said when it is more than nobody.
    """
    name, hello = show(found.name), _(greeting(hour))
    if prompt:
        lines = [_("{greeting} Today's check-in for {challenge}:", greeting=hello, challenge=name)]
        lines += ["", *(show(line) for line in prompt.splitlines()), ""]
    else:
        number = found.number(day)
        told = (
            _("{greeting} Today is day {n} of {challenge}.", greeting=hello, challenge=name, n=number)
            if found.cadence.unit == "day"
            else _("{greeting} This is week {n} of {challenge}.", greeting=hello, challenge=name, n=number)
        )
        lines = [told]
    if before:
        lines.append(
            ngettext(
                "{n} of us checked in last time. Your turn today!",
                "{n} of us checked in last time. Your turn today!",
                before,
            )
        )
    if times := window_text((found.window_from, found.window_to)):
        lines.append(_("Check-in is open {window}.", window=times))
    lines.append(_("When it is done, add yourself to the 接龙; one sentence is plenty."))
    return "\n".join(lines)


def nudge_note(names: Sequence[str], challenge: str, streak: int, days: tuple[date, date], today: date) -> str:
    """A private note to somebody whose run of `streak` broke; to several, one that suits each.

    `days` are the missed one, and the last one it can be made up on.
    """
    (day, end), title = (near(each, today) for each in days), show(challenge)
    if len(names) == 1:
        lines = [
            _("{name}, I missed you {day} in {challenge}. A busy day?", name=show(names[0]), day=day, challenge=title)
        ]
        lines.append(_("You had {n} days in a row, and it would be a pity to stop there.", n=streak))
    else:
        lines = [_("Hi, I missed you {day} in {challenge}. A busy day?", day=day, challenge=title)]
        lines.append(_("You had come such a long way, and it would be a pity to stop there."))
    lines.append(_("It can still be made up until {day}. No hurry, just tell me.", day=end))
    return "\n".join(lines)


def birthday_post(names: Sequence[str], day: date, limit: int) -> str:
    """A birthday wish for the group, meant for that day."""
    return fit_text(
        _mentions(names),
        limit,
        head=[_("🎂 {month}/{day}, a good day: happy birthday!", month=day.month, day=day.day)],
        foot=[
            _("Thank you for being here with us."),
            _("May this new year of yours go gently, and what you hope for come true."),
            _("Everybody, leave a wish below!"),
        ],
        separator=" ",
    )


def expiry_post(due: Sequence[Expiring], today: date, limit: int) -> str:
    """A reminder of points about to expire, with who has how many until when, soonest first."""
    lines = [
        _("@{name} {n} points until {day}", name=show(each.name), n=each.amount, day=near(each.expires_on, today))
        for each in due
    ]
    head = [_("A reminder: these points expire soon."), _("Use them before they go, it would be a pity to lose them:")]
    return fit_text(lines, limit, head=[*head, ""])


def welcome_post(names: Sequence[str], challenge: str, limit: int) -> str:
    """A welcome for newcomers; `challenge` is one they can join in, "" without one."""
    foot = [_("Make yourself at home. No need to say much yet, look around first.")]
    if challenge:
        foot.append(
            _("When you feel like it, join {challenge}: one sentence in the 接龙 is enough.", challenge=show(challenge))
        )
    foot.append(_("Anything unclear? Just ask me here."))
    return fit_text(_mentions(names), limit, head=[_("Welcome, new friends!")], foot=foot, separator=" ")


def last_days_post(name: str, days: int) -> str:
    """The call for the last days of a challenge; `days` 0 is the last day itself."""
    first = (
        ngettext(
            "{challenge}: only {n} day after today!",
            "{challenge}: only {n} days after today!",
            days,
            challenge=show(name),
        )
        if days
        else _("Today is the last day of {challenge}!", challenge=show(name))
    )
    return "\n".join(
        [
            first,
            _("It was not easy to come this far. Let us walk the last steps together."),
            _("Missed a day? Never mind, picking it up again today is worth just as much."),
        ]
    )


def finish_post(name: str, completion: Rate | None) -> str:
    """The farewell of a challenge, with the share who finished and of how many."""
    lines = [_("{challenge} has come to its end.", challenge=show(name))]
    if completion is not None:
        finished = round(completion.value * completion.n)
        lines.append(
            _(
                "{n} of us set out together, {finished} went all the way ({rate}).",
                n=completion.n,
                finished=finished,
                rate=f"{completion.value:.0%}",
            )
        )
    lines.append(_("Thank you, everyone who came along. Rest for a day or two, and see you in the next round."))
    return "\n".join(lines)


def _mentions(names: Sequence[str]) -> list[str]:
    return [f"@{show(name)}" for name in names]
