"""Ready texts of the care list: congratulations for the group, private notes, the call of a bonus day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.earning import BonusDay, times_text
from qunguan.domain.level_terms import quantity
from qunguan.domain.level_views import AtRisk
from qunguan.domain.rewards import Redemption
from qunguan.domain.text import show
from qunguan.domain.today import near
from qunguan.exchange.writers.rewards import code_text
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import _


def rise_post(risen: Sequence[tuple[str, str]], limit: int) -> str:
    """Congratulations to who rose a level, for the group: (name, level) each."""
    lines = [_("@{name} is {level} now", name=show(name), level=show(level)) for name, level in risen]
    return fit_text(lines, limit, head=[_("🎉 A new level, well earned:")], foot=[_("Congratulations! Who is next?")])


def badge_post(earned: Sequence[tuple[str, str]], limit: int) -> str:
    """Congratulations to who has a new badge, for the group: (name, badges) each."""
    lines = [_("@{name} — {badges}", name=show(name), badges=show(badges)) for name, badges in earned]
    return fit_text(lines, limit, head=[_("🎖 New badges today:")], foot=[_("Step by step you got there. Well done!")])


def fall_note(risks: Sequence[AtRisk], today: date) -> str:
    """A private note to somebody whose level is about to be lost; to several, one that suits each."""
    first = risks[0]
    if len(risks) > 1:
        lines = [_("Hi, your member level is about to be reviewed, and I would not like you to lose it.")]
    else:
        day, level = near(first.last_day, today), show(first.level)
        lines = [_("{name}, your level {level} is held through {day}.", name=show(first.name), level=level, day=day)]
        missing = [str(quantity(each.condition.metric, each.missing)) for each in first.why if each.missing]
        if missing:
            lines.append(_("{missing} more and it stays yours.", missing=_(" or ").join(missing)))
    lines.append(_("Anything I can do for you? Just tell me."))
    return "\n".join(lines)


def gift_wish(names: Sequence[str], reward: str, day: date, today: date) -> str:
    """A private birthday wish that announces the gift, before it was given."""
    who = show(names[0]) if len(names) == 1 else _("Friend")
    lines = [_("🎂 {name}, happy birthday {day}!", name=who, day=near(day, today))]
    lines.append(_("I have a little something for you: {reward}. Tell me when you would like it.", reward=show(reward)))
    return "\n".join(lines)


def gift_notes(given: Sequence[Redemption], day: date, today: date, limit: int) -> str:
    """The birthday wish with the code, one private message for each."""
    notes = []
    for each in given:
        lines = [_("🎂 {name}, happy birthday {day}!", name=show(each.name), day=near(day, today))]
        lines.append(_("This is for you: {reward}, code {code}.", reward=show(each.reward), code=each.code))
        if each.expires_on:
            lines.append(_("It is good through {day}, don't forget!", day=each.expires_on))
        lines.append(_("May this new year of yours go gently, and what you hope for come true."))
        notes.append("\n".join(lines))
    return fit_text(notes, limit, separator="\n\n")


def code_notes(waiting: Sequence[Redemption], limit: int) -> str:
    """The codes of those who wait, one private message for each."""
    return fit_text([code_text(each) for each in waiting], limit, separator="\n\n")


def referral_post(thanked: Sequence[tuple[str, str]], limit: int) -> str:
    """Thanks to who brought friends that stayed, for the group: (inviter, invitee) each."""
    lines = [_("@{inviter} brought {invitee}", inviter=show(one), invitee=show(other)) for one, other in thanked]
    return fit_text(
        lines, limit, head=[_("🤝 Thank you for bringing friends:")], foot=[_("Your points are on the way.")]
    )


def bonus_post(bonus: BonusDay, day: date, today: date) -> str:
    """The call of a bonus day, for the group."""
    lines = [_("📣 {day} is {bonus}!", day=near(day, today), bonus=show(bonus.name))]
    if bonus.multiplier_pct > 100:
        lines.append(_("Points count {times} that day.", times=times_text(bonus.multiplier_pct)))
    if bonus.perk:
        lines.append(show(bonus.perk))
    lines.append(_("Come along, it is worth it!"))
    return "\n".join(lines)
