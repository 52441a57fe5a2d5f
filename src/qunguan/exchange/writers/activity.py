"""Talk of a group as text and as tables: by day, by week, by hour, by person; and the imports it was counted from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qunguan.domain.activity import FORMAT_NAMES
from qunguan.domain.activity_outcomes import ImportRow
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.insights import DayCount, Hours, People, Person, Share
from qunguan.domain.text import show
from qunguan.exchange.writers.insights import UNKNOWN, VERDICTS, quantity
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import N_, _

CROWDS = {
    "top": N_("most active"), "lost": N_("lost regulars"), "back": N_("back after a silence"), "new": N_("new voices"),
}  # fmt: skip
"""The lists of people, in the order they are shown: message IDs."""
_NAMED = 10


def told_days(found: People) -> str:
    """How many days of the window are told, where that is some and not all; else nothing."""
    if not 0 < found.known_days < found.days:
        return ""
    return _("{told} of {days} days are told", told=found.known_days, days=found.days)


def known_text(number: int | None) -> str:
    """A count, or — where nobody knows."""
    return UNKNOWN if number is None else f"{number:,}"


def spoken(found: Hours) -> int:
    """The messages of the known days; of some no file tells the hour, so that the hours may add up to less."""
    return sum(each.messages or 0 for each in found.days)


def people_of(found: People) -> Iterator[tuple[str, Person]]:
    """Everybody in the lists, with the list they stand in."""
    lists = (found.top, found.lost.people, found.reactivated.people, found.new.people)
    for crowd, people in zip(CROWDS, lists, strict=True):
        yield from ((crowd, person) for person in people)


def talk_text(found: Hours) -> str:
    """The weeks and the best hour, as lines to paste."""
    lines = [_("{group}, {first} to {last}, {days} days known", group=show(found.group), first=found.first,
               last=found.last, days=found.known_days)]  # fmt: skip
    if found.known_days:
        lines.append(_("{n} messages, {mean:.1f} a day", n=spoken(found), mean=spoken(found) / found.known_days))
    lines += [f"{each.day:%m-%d}  {known_text(each.messages)} · {known_text(each.people)}" for each in found.weeks]
    return "\n".join([*lines, *map(str, found.advice)])


def people_text(found: People) -> str:
    """Who carries the group, as lines to paste: for the owner, not for the group."""
    lines = [_("{group}, {first} to {last}", group=show(found.group), first=found.first, last=found.last)]
    lines += [partly] if (partly := told_days(found)) else []
    lines += [f"{name} {share_text(share)}" for name, share in shares_of(found)]
    if found.verdict:
        lines.append(_(VERDICTS[found.verdict]))
    counts = {"new": found.new.count, "back": found.reactivated.count, "lost": found.lost.count}
    for crowd, count in counts.items():
        named = [show(person.name) for each, person in people_of(found) if each == crowd]
        more = "…" if count is not None and count > _NAMED else ""
        names = "、".join(named[:_NAMED]) + more
        lines.append(_("{name}: {n}", name=_(CROWDS[crowd]), n=known_text(count)) + f" {names}")
    return "\n".join(lines)


def shares_of(found: People) -> tuple[tuple[str, Share], ...]:
    """The shares of a window with their names."""
    return (
        (_("the ten most active"), found.top_ten), (_("your own messages"), found.owner),
        (_("speakers who came back"), found.returning), (_("replies"), found.replies),
        (_("calls with @"), found.mentions),
    )  # fmt: skip


def share_text(share: Share) -> str:
    """A share with its base: 42.1 % (318)."""
    return quantity(share.value, "share") + (f" ({share.n:,})" if share.n is not None else "")


def days_table(days: Sequence[DayCount], *, weekly: bool = False) -> Table:
    """A line for each day or week: messages and people; unknown is empty."""
    columns = (
        Column("day", _("week from") if weekly else _("day"), "date"), Column("messages", _("messages"), "int"),
        Column("speakers", _("speakers"), "int"),
    )  # fmt: skip
    return Table(_("Talk"), columns, [(each.day, each.messages, each.people) for each in days])


def hours_table(found: Hours) -> Table:
    """A line for each weekday: how many of it are known, and the messages of each hour."""
    hours = tuple(Column(str(hour), f"{hour}:00", "int") for hour in range(24))
    columns = (Column("weekday", _("weekday")), Column("days", _("known days"), "int"), *hours)
    rows: list[tuple[Value, ...]] = [
        (_(name), days, *(row if days else (None,) * 24))
        for name, days, row in zip(WEEKDAYS, found.weekdays, found.grid, strict=True)
    ]
    return Table(_("Talk"), columns, rows)


def people_table(found: People) -> Table:
    """A line for everybody in the lists, with the list they stand in."""
    columns = (
        Column("list", _("list")), Column("member_id", "#", "int"), Column("name", _("name")),
        Column("messages", _("messages"), "int"), Column("owner", _("owner")), Column("gone", _("left")),
    )  # fmt: skip
    rows = [
        (_(CROWDS[crowd]), one.member_id, one.name, one.messages, _("yes") if one.owner else "",
         _("yes") if one.gone else "")
        for crowd, one in people_of(found)
    ]  # fmt: skip
    return Table(_("Talk"), columns, rows)


def imports_table(found: Sequence[ImportRow]) -> Table:
    """A line for each import: what was new in it, and the days it spans."""
    columns = (
        Column("id", "#", "int"), Column("file", _("file")), Column("format", _("format")),
        Column("first", _("from day"), "date"), Column("last", _("to day"), "date"),
        Column("messages", _("messages"), "int"), Column("system", _("system lines"), "int"),
        Column("recalled", _("recalled"), "int"), Column("joins", _("joined"), "int"),
        Column("leaves", _("left"), "int"), Column("duplicates", _("known before"), "int"),
    )  # fmt: skip
    rows = [
        (one.id, one.name, _(FORMAT_NAMES[one.format]), one.first and one.first.date(), one.last and one.last.date(),
         one.messages, one.system, one.recalled, one.joins, one.leaves, one.duplicates)
        for one in found
    ]  # fmt: skip
    return Table(_("imports"), columns, rows)
