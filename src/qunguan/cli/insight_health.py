"""`qunguan insight health | hours | people | slump | online`: how a group is doing and who carries it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from qunguan.cli.command import Context, columns, group_argument, jsonable, known
from qunguan.cli.parser import whole
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.insights import FIGURES, Crowd, Figure, Health, Hours, People, Person, Share, Slump
from qunguan.domain.sources import Brief
from qunguan.exchange.writers.activity import told_days
from qunguan.exchange.writers.insights import VERDICTS, quantity
from qunguan.i18n import _

_LISTED = 10
_BLOCKS = " ▁▂▃▄▅▆▇█"


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of health, hours and people."""
    _group(verb("health", health, _("the health card: outcomes, leading figures, their bars"), as_of=True))
    _days(verb("hours", hours, _("messages by hour and weekday, and the best hour"), as_of=True))
    _days(verb("people", people, _("top ten, your own voice, who is new, back and lost"), as_of=True))
    _group(verb("slump", slump, _("messages after each campaign against those before"), as_of=True))
    typed = verb("online", online, _("note how many are usually online, for the active rate"))
    typed.add_argument("online", type=whole, metavar="N", help=_("people online; 0 forgets it"))
    _group(typed)


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it the one in hand"))


def _days(parser: argparse.ArgumentParser) -> None:
    _group(parser)
    parser.add_argument("--days", type=_span, metavar="N", help=_("so many days back; without it what the rule says"))


def _span(text: str) -> int:
    from qunguan.domain.errors import BadInput

    days = whole(text)
    if not 1 <= days <= 3660:
        raise BadInput("{n} is no number of days", hint="use 1 to {most}", n=days, most=3660)
    return days


def health(context: Context) -> None:
    """Print the health card."""
    from qunguan.services import insights

    with context.desk() as desk:
        group_id = context.group(desk).id
        found = desk.read(insights.health, context.clock, group_id, context.past(desk, group_id))
    context.answer(_health(found), _health_lines(found))


def _health(found: Health) -> dict[str, Any]:
    return {
        "as_of": found.as_of,
        "group": found.group,
        "age_days": found.age_days,
        "new": found.new,
        "covered_to": found.covered_to,
        "outcomes": {each.code: _figure(each) for each in found.outcomes},
        "leading": {each.code: _figure(each) for each in found.leading},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """A rate is {"value", "n"}; `n` is null for counts, `window` for what is over all time. Money is fen."""
    return {
        "value": figure.value,
        "n": figure.n,
        "before": figure.before,
        "change": figure.change,
        "better": figure.better,
        "unit": figure.unit,
        "window": None if figure.ever else {"first": figure.first, "last": figure.last},
        "bars": [asdict(bar) for bar in figure.bars],
        "why": [str(reason) for reason in figure.why],
    }


def _health_lines(found: Health) -> Iterator[str]:
    yield _("{group}, {age} days old", group=found.group, age=found.age_days)
    header = (_("key figure"), _("value"), _("base n"), _("window before"), _("bars"), _("how it is counted"))
    for figures in (found.outcomes, found.leading):
        rows = [
            (
                _(FIGURES[each.code]), quantity(each.value, each.unit), known(each.n),
                quantity(each.before, each.unit), _bars(each), _("; ").join(map(str, each.why)),
            )
            for each in figures
        ]  # fmt: skip
        yield from ("", *columns(header, rows, right=(1, 2, 3)))


def _bars(figure: Figure) -> str:
    marks = {True: "✓", False: "✗", None: ""}
    parts = [
        f"{quantity(bar.value, figure.unit)}{marks[bar.met]} {Brief(bar.source)}"
        for bar in sorted(figure.bars, key=lambda bar: not bar.applies)
    ]
    return " · ".join(parts)


def hours(context: Context) -> None:
    """Print when the group is awake."""
    from qunguan.services import insights

    with context.desk() as desk:
        group_id = context.group(desk).id
        day = context.past(desk, group_id)
        found = desk.read(insights.hours, context.clock, group_id, day, context.options.days)
    context.answer(_hours(found), _hour_lines(found))


def _hours(found: Hours) -> dict[str, Any]:
    return {
        "group": found.group,
        "first": found.first,
        "last": found.last,
        "known_days": found.known_days,
        "messages": found.messages if found.known_days else None,
        "by_hour": {str(hour): n for hour, n in enumerate(found.by_hour)} if found.known_days else None,
        "grid": found.grid if found.known_days else None,
        "weekdays": found.weekdays,
        "best_hour": found.best_hour,
        "best": {"weekday": found.best[0], "hour": found.best[1]} if found.best else None,
        "share": None if found.share is None else {"value": found.share, "n": found.messages},
        "advice": [str(reason) for reason in found.advice],
        "by_day": [jsonable(line) for line in found.days],
        "by_week": [jsonable(line) for line in found.weeks],
    }


def _hour_lines(found: Hours) -> Iterator[str]:
    yield _("{group}, {first} to {last}, {days} days known", group=found.group, first=found.first, last=found.last,
            days=found.known_days)  # fmt: skip
    if found.known_days:
        most = max(max(row) for row in found.grid) or 1
        yield from ("", "    " + "".join(f"{hour:<3}" for hour in range(0, 24, 3)))
        for weekday, row in zip(WEEKDAYS, found.grid, strict=True):
            yield f"{_(weekday):<3} " + "".join(_BLOCKS[-(-8 * n // most)] for n in row) + f"  {sum(row)}"
        header = (_("week from"), _("messages"), _("speakers"))
        rows = [(line.day, known(line.messages), known(line.people)) for line in found.weeks]
        if rows:
            yield from ("", *columns(header, rows, right=(1, 2)))
    yield from ("", *map(str, found.advice))


def people(context: Context) -> None:
    """Print who carries the group."""
    from qunguan.services import insights

    with context.desk() as desk:
        group_id = context.group(desk).id
        day = context.past(desk, group_id)
        found = desk.read(insights.people, context.clock, group_id, day, days=context.options.days)
    context.answer(_people(found), _people_lines(found))


def _people(found: People) -> dict[str, Any]:
    return {
        "group": found.group,
        "first": found.first,
        "last": found.last,
        "known_days": found.known_days,
        "messages": found.messages,
        "speakers": found.speakers,
        "top_ten": _share(found.top_ten) | {"verdict": found.verdict, "people": jsonable(found.top)},
        "owner": _share(found.owner),
        "new": _crowd(found.new),
        "reactivated": _crowd(found.reactivated),
        "lost": _crowd(found.lost),
        "net": found.net,
        "returning": _share(found.returning),
        "replies": _share(found.replies),
        "mentions": _share(found.mentions),
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "value": share.value,
        "n": share.n,
        "before": share.before,
        "bars": [asdict(bar) for bar in share.bars],
        "why": [str(reason) for reason in share.why],
    }


def _crowd(crowd: Crowd) -> dict[str, Any]:
    return {"n": crowd.count, "members": jsonable(crowd.people), "why": [str(reason) for reason in crowd.why]}


def _people_lines(found: People) -> Iterator[str]:
    yield _("{group}, {first} to {last}", group=found.group, first=found.first, last=found.last)
    if partly := told_days(found):
        yield partly
    shares = (
        (_("the ten most active"), found.top_ten, _(VERDICTS[found.verdict]) if found.verdict else ""),
        (_("your own messages"), found.owner, ""),
        (_("speakers who came back"), found.returning, ""),
        (_("replies"), found.replies, ""),
        (_("calls with @"), found.mentions, ""),
    )
    rows = [
        (name, quantity(share.value, "share"), known(share.n), quantity(share.before, "share"),
         said or _("; ").join(map(str, share.why)))
        for name, share, said in shares
    ]  # fmt: skip
    yield from (
        "",
        *columns(
            (_("share of the window"), _("value"), _("base n"), _("window before"), _("how it is counted")),
            rows,
            right=(1, 2, 3),
        ),
        "",
    )
    yield from (f"{place:>2}. {_called(person)}" for place, person in enumerate(found.top, 1))
    crowds = (
        (_("new voices"), found.new),
        (_("back after a silence"), found.reactivated),
        (_("lost regulars"), found.lost),
    )
    for name, crowd in crowds:
        yield _("{name}: {n}", name=name, n=known(crowd.count)) + "  " + _("; ").join(map(str, crowd.why))
        yield from (f"  {_called(person)}" for person in crowd.people[:_LISTED])
        if len(crowd.people) > _LISTED:
            yield "  …"
    yield _("net: {n}", n="—" if found.net is None else f"{found.net:+d}")


def _called(person: Person) -> str:
    key = f"#{person.member_id}" if person.member_id is not None else _("not named yet")
    left = " " + _("(has left)") if person.gone else ""
    return f"{person.name} ({key}) {person.messages}{left}"


def slump(context: Context) -> None:
    """Print what followed each campaign."""
    from qunguan.services import insights

    with context.desk() as desk:
        group_id = context.group(desk).id
        found = desk.read(insights.slumps, context.clock, group_id, context.past(desk, group_id))
    header = (_("day"), _("campaign"), _("a day before it"), _("a day after it"), _("after ÷ before"), _("verdict"))
    words = {True: _("slump"), False: _("no slump"), None: "—"}
    rows = [
        (each.day, each.what, quantity(each.before, "per_day"), quantity(each.after, "per_day"),
         quantity(each.ratio, "share"), words[each.slumped] + "".join(f" {reason}" for reason in each.why))
        for each in found
    ]  # fmt: skip
    lines = columns(header, rows, right=(2, 3, 4)) if rows else [_("no campaign in the last months")]
    context.answer({"slumps": [_slump(each) for each in found]}, lines)


def _slump(found: Slump) -> dict[str, Any]:
    return jsonable(found) | {"what": str(found.what), "why": [str(reason) for reason in found.why]}  # type: ignore[no-any-return]


def online(context: Context) -> None:
    """Note the number online."""
    from qunguan.services import insights

    number = context.options.online or None
    with context.desk() as desk:
        group_id = context.group(desk).id
        desk.write(insights.set_online, group_id, number)
    line = _("{n} people are usually online; the rule insight.active_base decides whether it is used", n=known(number))
    context.answer({"group_id": group_id, "online": number}, [line])
