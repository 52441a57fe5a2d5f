"""What stands around the picture of a group's talk: the headline, the figures beside the list, why, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual.content import Content

from qunguan.domain.activity import FORMAT_NAMES
from qunguan.domain.activity_outcomes import ImportRow
from qunguan.domain.insights import Hours, People, Slump
from qunguan.domain.sources import cited
from qunguan.exchange.writers.activity import CROWDS, known_text, share_text, shares_of, spoken
from qunguan.exchange.writers.insights import UNKNOWN, VERDICTS, quantity
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.activity_lines import PERIODS, VIEWS, TalkLine, View
from qunguan.tui.screens.listing import WAITING
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.charts import fitted

_CAMPAIGNS = 4
_COUNTED = (
    N_("a picture, a sticker or a red packet is a message; one taken back and a system line is none"),
    N_("what was said is counted, not kept; a day no chat tells of is —, never 0"),
)


def headline(view: View, period: int, first: date, last: date, told: str) -> Content:
    """Which picture of which days."""
    parts = [
        literal(_(VIEWS[view]), "bold"), literal(_(PERIODS[period])),
        literal(_("{first} to {last}", first=first, last=last)), literal(told, "$text-muted"),
    ]  # fmt: skip
    return Content("   ").join(parts)


def known_days(found: Hours) -> str:
    """How many of the days are known, and what was said on them."""
    days = (found.last - found.first).days + 1
    return _("{known} of {days} days known, {n} messages", known=found.known_days, days=days, n=f"{spoken(found):,}")


def talk_side(found: Hours, line: TalkLine | None, slumps: Sequence[Slump]) -> Content:
    """The day under the cursor, the whole period, when to write, what followed campaigns."""
    told = []
    if line is not None and line.day is not None:
        one = line.day
        told += [literal(str(one.day), "bold"), _pair(_("messages"), known_text(one.messages))]
        told.append(_pair(_("speakers"), known_text(one.people)))
        if one.messages is None:
            told.append(literal(_("no chat tells of these days"), "$text-warning"))
        told.append(Content(""))
    if found.known_days:
        told += [literal(_("the whole period"), "bold"), _pair(_("messages"), f"{spoken(found):,}"),
                 _pair(_("a day"), quantity(spoken(found) / found.known_days, "per_day")), Content("")]  # fmt: skip
    told += [literal(_("when to write"), "bold"), *(literal(str(each)) for each in found.advice), Content("")]
    measured = [each for each in slumps if each.ratio is not None][:_CAMPAIGNS]
    if measured:
        told.append(literal(_("after campaigns"), "bold"))
    for each in measured:
        style = "$text-warning" if each.slumped else "$text-success"
        way = f"{quantity(each.before, 'per_day')} → {quantity(each.after, 'per_day')}"
        word = _("slump") if each.slumped else _("no slump")
        told.append(joined(f"{each.day:%m-%d} {each.what}  ", (f"{way}  ", "$text-muted"), (word, style)))
    return Content("\n").join(told)


def people_side(found: People, line: TalkLine | None, *, whole: bool = True) -> Content:
    """Who came and went among those who speak, and what it says of the group; not `whole`: that is still being read."""
    told = []
    if line is not None and line.person is not None:
        one = line.person
        told += [literal(one.name, "bold"), _pair(_("messages"), f"{one.messages:,}")]
        told.append(literal(_("Enter: the card") if one.member_id else _("Enter: say who it is"), "$text-muted"))
        told.append(Content(""))
    told += [literal(_("who speaks"), "bold"), _pair(_("speakers"), known_text(found.speakers)),
             _pair(_("messages"), known_text(found.messages))]  # fmt: skip
    if found.verdict:
        told.append(literal(_(VERDICTS[found.verdict]), "$text-warning" if found.verdict == "fragile" else ""))
    told.append(Content(""))
    for crowd, count in (("new", found.new), ("back", found.reactivated), ("lost", found.lost)):
        told.append(_pair(_(CROWDS[crowd]), known_text(count.count) if whole else WAITING))
        if count.count is None:
            told += [literal(f"  {reason}", "$text-warning") for reason in count.why]
    net = UNKNOWN if found.net is None else f"{found.net:+d}"
    told.append(_pair(_("net change"), net if whole else WAITING))
    return Content("\n").join(told)


def import_side(one: ImportRow) -> Content:
    """What an import told."""
    pairs = (
        (_("format"), _(FORMAT_NAMES[one.format])),
        (_("from day"), str(one.first.date()) if one.first else UNKNOWN),
        (_("to day"), str(one.last.date()) if one.last else UNKNOWN),
        (_("messages"), f"{one.messages:,}"), (_("system lines"), f"{one.system:,}"),
        (_("recalled"), f"{one.recalled:,}"), (_("joined"), f"{one.joins:,}"), (_("left"), f"{one.leaves:,}"),
        (_("known before"), f"{one.duplicates:,}"),
    )  # fmt: skip
    told = [literal(one.name, "bold"), *(_pair(name, value) for name, value in pairs), Content("")]
    told.append(literal(_("u takes the newest change back: an import goes with all it counted."), "$text-muted"))
    return Content("\n").join(told)


def _pair(name: str, value: str) -> Content:
    return joined((f"{fitted(name, 14)} ", "$text-muted"), value)


def import_headline(found: Sequence[ImportRow]) -> Content:
    """How many imports."""
    return Content("   ").join([
        literal(_(VIEWS["imports"]), "bold"),
        literal(ngettext("{n} import", "{n} imports", len(found))),
        literal(_("l or f goes back to the figures"), "$text-muted"),
    ])  # fmt: skip


def why_talk(found: Hours, told: Sequence[tuple[date, date]]) -> list[Content]:
    """What counts as a message, which days are known, where the best hour comes from."""
    lines = [literal(_(each)) for each in _COUNTED]
    spans = "、".join(f"{first} – {last}" for first, last in told) or UNKNOWN
    lines.append(literal(_("days that chats tell of: {spans}", spans=spans)))
    lines += [literal(str(each)) for each in found.advice]
    return [*lines, *(literal(each, "$text-muted") for each in cited("S0-35"))]


def why_people(found: People) -> list[Content]:
    """How each share and each list is counted, and the lines they are held against."""
    lines = [literal(_(each)) for each in _COUNTED]
    for name, share in shares_of(found):
        before = _("window before")
        lines.append(joined((name, "bold"), f" {share_text(share)}  {before} {quantity(share.before, 'share')}"))
        lines += [literal(f"  {reason}") for reason in share.why]
        for bar in share.bars:
            lines += [literal(f"  {quantity(bar.value, 'share')} {bar.rule} · {each}", "$text-muted")
                      for each in cited(bar.source) or [bar.source]]  # fmt: skip
    for crowd, count in (("new", found.new), ("back", found.reactivated), ("lost", found.lost)):
        lines.append(joined((_(CROWDS[crowd]), "bold"), f" {known_text(count.count)}"))
        lines += [literal(f"  {reason}") for reason in count.why]
    return lines


def empty_text(view: View) -> str:
    """What an empty list says."""
    if view == "imports":
        return _("No chat was imported yet.\n\ni imports an export of the group's chat: who and when is counted,\n"
                 "what was said is not kept.")  # fmt: skip
    return _("No chat tells of these days.\n\ni imports an export of the group's chat: who and when is counted,\n"
             "what was said is not kept. [ goes to earlier days, s takes a longer period.")  # fmt: skip
