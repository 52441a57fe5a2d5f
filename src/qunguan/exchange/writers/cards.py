"""A member's page to send: a private word to the member, a terminal's lines and a Markdown page for the owner."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.profiles import MemberPage
from qunguan.domain.text import show
from qunguan.domain.today import near
from qunguan.exchange.writers.card_lines import Section, sections, timeline, way_text
from qunguan.exchange.writers.tables import escaped
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import _, ngettext

_THIS_YEAR = 300  # days in which a day is called by month and day alone


def card_text(page: MemberPage, limit: int) -> str:
    """A warm private message of at most `limit` characters: level and what is missing, points and what expires, badges,
    streaks, rewards waiting. Nothing of it is for anybody else to see: no phone, no notes, no names of others.
    """
    name = show(page.card.member.name)
    head = [_("Hi {name}, here is how far you have come:", name=name), ""]
    foot = ["", _("Thank you for being here. Questions or wishes? Just tell me.")]
    return fit_text(list(_told(page)), limit, head=head, foot=foot)


def card_markdown(page: MemberPage, *, reveal: bool = True) -> str:
    """The whole page with everything dated, for the owner's files; the phone is masked without `reveal`."""
    lines = [f"# {escaped(page.card.member.name)} (#{page.card.member.id})", "", _("As of {day}", day=page.day)]
    for title, entries in sections(page, reveal=reveal):
        lines += ["", *([f"## {title}", ""] if title else [])]
        for label, text in entries:
            lines.append(f"- **{escaped(label)}** {escaped(text)}" if label else f"- {escaped(text)}")
    lines += ["", f"## {_('Timeline')}", ""]
    lines += [f"- {day} {escaped(' · '.join(told))}" for day, told in timeline(page)]
    return "\n".join(lines) + "\n"


def card_blocks(page: MemberPage, *, reveal: bool) -> Iterator[Section]:
    """The sections with the timeline as the last one, day by day."""
    yield from sections(page, reveal=reveal)
    days = tuple((str(day), " · ".join(told)) for day, told in timeline(page))
    yield _("Timeline"), days or (("", _("nothing dated yet")),)


def _told(page: MemberPage) -> Iterator[str]:
    if page.level is not None:
        yield _("🏅 Level: {level}", level=show(page.level.now.level))
        if page.level.next is not None and (missing := way_text(page.level.next)):
            yield _("   {missing} more and you reach {level}", missing=missing, level=show(page.level.next.level))
    yield from _points(page)
    if page.badges:
        names = _(", ").join(show(each.badge.name) for each in page.badges)
        yield _("🎖 Badges: {names}", names=names)
    for each in page.standings:
        if each.open and each.total:
            yield _("🔥 {challenge}: {streak} in a row, {total} in all", challenge=show(each.challenge),
                    streak=each.streak, total=each.total)  # fmt: skip
    for waiting in page.waiting:
        until = _(", good through {day}", day=waiting.expires_on) if waiting.expires_on else ""
        yield _("🎁 {reward} waits for you, code {code}{until}", reward=show(waiting.reward), code=waiting.code,
                until=until)  # fmt: skip


def _points(page: MemberPage) -> Iterator[str]:
    if page.points < 0:
        yield _("⭐ Points: {n} short; the next ones you earn make up for it", n=-page.points)
        return
    yield ngettext("⭐ Points: {n}", "⭐ Points: {n}", page.points)
    soonest = next(((day, amount) for day, amount in page.lots if day is not None), None)
    if soonest is not None:
        day = near(soonest[0], page.day) if (soonest[0] - page.day).days < _THIS_YEAR else soonest[0]
        yield _("   {n} of them can be used through {day}, don't forget!", n=soonest[1], day=day)
