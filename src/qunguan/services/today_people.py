"""The agenda's lines about people: birthdays, newcomers, points about to expire, how full the group is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from qunguan.domain.members import birthday_text
from qunguan.domain.points import Expiring
from qunguan.domain.today import Kind, Line, Names, Said, Target, near, plural
from qunguan.exchange.writers import posts
from qunguan.i18n import N_
from qunguan.services import groups, members_view, points_reading
from qunguan.services.today_view import View
from qunguan.store.today_queries import newcomers as new_and_silent


def birthdays(view: View) -> Iterator[Line]:
    """Whose birthday is today or in the next days, a line for each day (S1-27, S0-22)."""
    days = view.limit("today.birthday_days")
    if days is None:
        return
    due = members_view.birthdays(view.session, view.clock, days + 1, view.group.id)
    for day, group in groupby(due, key=lambda each: each.day):
        born = list(group)
        names = view.called((each.member_id, each.name) for each in born)
        values = {"names": Names(tuple(names)), "day": near(day, view.today)}
        met = (
            view.evidence(
                "today.birthday_days",
                Said(N_("{name}: {birthday}"), {"name": name, "birthday": birthday_text(each.birthday)}),
            )
            for name, each in zip(names, born, strict=True)
        )
        yield Line(
            kind="birthday" if day == view.today else "upcoming",
            key=f"birthday:{view.group.id}:{day}",
            text=Said(N_("{names}: birthday {day}"), values),
            target=Target("members", born[0].member_id),
            evidence=tuple(met),
            group_id=view.group.id,
            group=view.name,
            count=len(born),
            ready_text=posts.birthday_post(names, day, view.text_limit),
        )


def newcomers(view: View) -> Iterator[Line]:
    """Those who came in the last days and have not checked in once (S3-41)."""
    days = view.limit("today.newcomer_days")
    if not days:
        return
    found = new_and_silent(view.session, view.group.id, view.today - timedelta(days=days - 1), view.today)
    if not found:
        return
    names = view.called((row.id, row.name) for row in found)
    values = {"names": Names(tuple(names))}
    one, many = N_("{names}: new, not checked in yet"), N_("{names}: new, not checked in yet")
    if not view.running:
        one, many = N_("{names}: new, to be welcomed"), N_("{names}: new, to be welcomed")
    yield Line(
        kind="newcomer",
        key=f"newcomer:{view.group.id}",
        text=plural(one, many, len(found), **values),
        target=Target("members", found[0].id),
        evidence=tuple(
            view.evidence(
                "today.newcomer_days",
                Said(N_("{name} joined {day}"), {"name": name, "day": near(row.joined_on, view.today)}),
            )
            for name, row in zip(names, found, strict=True)
        ),
        group_id=view.group.id,
        group=view.name,
        count=len(found),
        ready_text=posts.welcome_post(names, view.running[0].name if view.running else "", view.text_limit),
    )


def expiring(view: View) -> Iterator[Line]:
    """Points of those present that are about to expire, those of the next days on their own (semantics 3.3)."""
    days, soon = view.limit("points.expiring_days"), view.limit("care.expiry_days")
    furthest = max((each for each in (days, soon) if each is not None), default=None)
    if furthest is None:
        return
    here = view.here
    due = [each for each in points_reading.expiring(view.session, view.clock, furthest) if each.member_id in here]
    bound = None if soon is None else view.today + timedelta(days=soon)
    urgent = [each for each in due if bound and each.expires_on <= bound]
    yield from _expiring(view, urgent, "lapsing", "care.expiry_days")
    if days is not None:
        yield from _expiring(view, due[len(urgent) :], "expiring", "points.expiring_days")


def _expiring(view: View, due: Sequence[Expiring], kind: Kind, rule_id: str) -> Iterator[Line]:
    if not due:
        return
    people = len({each.member_id for each in due})
    values = {"points": sum(each.amount for each in due), "day": near(due[0].expires_on, view.today)}
    said = plural(
        N_("{n} person has {points} points about to expire, the first {day}"),
        N_("{n} people have {points} points about to expire, the first {day}"),
        people,
        **values,
    )
    yield Line(
        kind=kind,
        key=f"{kind}:{view.group.id}",
        text=said,
        target=Target("points"),
        evidence=(view.evidence(rule_id, said),),
        group_id=view.group.id,
        group=view.name,
        count=people,
        ready_text=posts.expiry_post(due, view.today, view.text_limit),
    )


def capacity(view: View) -> Iterator[Line]:
    """That the group has outgrown its suggested or its largest size (S2-22, S4-05)."""
    found = groups.capacity(view.session, view.group)
    if found.verdict == "ok":
        return
    over = found.rule == "group.capacity_hard"
    bound = found.hard if over else found.soft
    said = Said(
        N_("{present} people, above the largest size {bound}")
        if over
        else N_("{present} people, above the suggested size {bound}"),
        {"present": found.present, "bound": bound},
    )
    yield Line(
        kind="full" if over else "filling",
        key=f"capacity:{view.group.id}",
        text=said,
        target=Target("members"),
        evidence=(view.evidence(found.rule, said, bound),),
        group_id=view.group.id,
        group=view.name,
        count=found.present,
    )
