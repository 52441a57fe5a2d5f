"""The agenda's lines about challenges: what is due, what slipped, what is about to end or has ended."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import AWAY, NONE, carried, streak
from qunguan.domain.today import Evidence, Line, Names, Said, Target, near, plural
from qunguan.exchange.writers import posts
from qunguan.exchange.writers.boards import board_text
from qunguan.i18n import N_
from qunguan.services import challenges
from qunguan.services.checkin_board import board, kpis
from qunguan.services.checkin_due import Expected
from qunguan.services.today_view import View
from qunguan.store.checkin_queries import states_of, week_counts

_COUNTED = "semantics 3.2"
_DAY = N_("{done} of {due} who are due today; who is frozen, excused or has left is not")
_WEEK = N_("{done} of {due} have filled this week or checked in today; who is away or has left is not counted")


def due_now(view: View) -> Iterator[Line]:
    """Each challenge that is due today, with its count; one that nobody has joined yet asks for its first 接龙.

    Of a weekly one the count is of the week: who has filled it or was here today, of everybody who is not away.
    """
    for found in view.running:
        expected = view.roll(found, view.today)
        due = [each for each in expected if each.due]
        if not found.cadence.due(view.today) or (expected and not due):
            continue
        week = found.cadence.unit == "week"
        base = [each for each in expected if each.state not in AWAY] if week else due
        done = len(base) - sum(not each.done for each in due)
        values = {"challenge": found.name, "number": found.number(view.today), "done": done, "due": len(base)}
        yield Line(
            kind="checkin",
            key=f"checkin:{found.id}",
            text=_state_of_day(found, values, expected),
            target=Target("checkins", found.id, view.today),
            evidence=(Evidence(Said(_WEEK if week else _DAY, values), _COUNTED),),
            group_id=view.group.id,
            group=view.name,
            count=done,
            done=done,
            due=len(base),
            ready_text=_post(view, found, done),
        )


def slipped(view: View) -> Iterator[Line]:
    """The due day before today, where it can still be put right: a 接龙 nobody pasted, habits that broke."""
    for found in view.challenges:
        missed = _last_slot(found, view.today)
        if found.cadence.times or missed is None:
            continue
        expected = view.roll(found, missed)
        if expected and all(each.state == NONE for each in expected):
            yield from _late(view, found, missed, sum(each.due for each in expected))
        else:
            yield from _nudge(view, found, missed, expected)


def last_days(view: View) -> Iterator[Line]:
    """Challenges that are about to end (S0-28)."""
    days = view.limit("today.ending_days")
    for found in view.running:
        left = None if found.last_day is None else (found.last_day - view.today).days
        if days is None or left is None or left > days:
            continue
        name = {"challenge": found.name}
        one, many = N_("{challenge}: {n} day left after today"), N_("{challenge}: {n} days left after today")
        said = plural(one, many, left, **name) if left else Said(N_("{challenge}: today is the last day"), name)
        yield Line(
            kind="ending",
            key=f"ending:{found.id}",
            text=said,
            target=Target("checkins", found.id, view.today),
            evidence=(view.evidence("today.ending_days", said),),
            group_id=view.group.id,
            group=view.name,
            count=left,
            ready_text=posts.last_days_post(found.name, left),
        )


def ended(view: View) -> Iterator[Line]:
    """Challenges past their last day that nobody has closed, with the share who finished."""
    for found in view.challenges:
        if found.closed_on is not None or found.ends_on is None or found.ends_on >= view.today:
            continue
        share = kpis(view.session, view.clock, found.id, found.ends_on).completion
        values = {"challenge": found.name, "day": near(found.ends_on, view.today)}
        said = Said(N_("{challenge} ended {day}; finished: —"), values)
        if share is not None:
            finished = {"finished": round(share.value * share.n), "base": share.n, "rate": f"{share.value:.0%}"}
            said = Said(N_("{challenge} ended {day}; finished: {rate} ({finished}/{base})"), values | finished)
        yield Line(
            kind="ended",
            key=f"ended:{found.id}",
            text=said,
            target=Target("checkins", found.id, found.ends_on),
            evidence=(
                Evidence(said, _COUNTED),
                Evidence(Said(N_("finished is who missed no day, made-up and frozen days included")), _COUNTED),
            ),
            group_id=view.group.id,
            group=view.name,
            count=share.n if share else 0,
            ready_text=posts.finish_post(found.name, share),
            does="close",
        )


def _state_of_day(found: Challenge, values: dict[str, object], expected: Sequence[Expected]) -> Said:
    if not expected:
        return Said(N_("{challenge}: nobody has joined yet, paste the first 接龙"), values)
    if found.cadence.unit == "week":
        return Said(N_("{challenge}, week {number}: {done} / {due} this week"), values)
    if all(each.state in (NONE, *AWAY) for each in expected):
        return Said(N_("{challenge}, day {number}: today's 接龙 is not pasted yet"), values)
    return Said(N_("{challenge}, day {number}: {done} / {due}"), values)


def _post(view: View, found: Challenge, done: int) -> str:
    """The call of the day; in the evening, when somebody is on it, the board."""
    evening = view.limit("today.evening_hour")
    if done and evening is not None and view.local.hour >= evening:
        return board_text(board(view.session, view.clock, found.id, view.today), view.text_limit)
    before = None if found.cadence.times else _last_slot(found, view.today)
    so_far = sum(each.done for each in view.roll(found, before)) if before else 0
    prompt = challenges.prompt_for(view.session, found, view.today)
    return posts.prompt_post(found, view.today, view.local.hour, prompt, so_far)


def _last_slot(found: Challenge, today: date) -> date | None:
    """The last due day before today, None when there was none."""
    end = today - timedelta(days=1)
    if found.last_day is not None:
        end = min(end, found.last_day)
    day = found.cadence.slot_at(found.cadence.place(end)) if not found.cadence.times else end
    return day if day >= found.starts_on else None


def _late(view: View, found: Challenge, missed: date, due: int) -> Iterator[Line]:
    """Nobody at all has a record: the owner has not pasted that day's 接龙. Of an old end nobody is reminded."""
    over = not found.is_open(view.today) and missed + timedelta(days=found.makeup_days) < view.today
    if not due or over:
        return
    values = {"challenge": found.name, "day": near(missed, view.today)}
    one = N_("{challenge}: the 接龙 of {day} is not pasted, {n} person was due")
    many = N_("{challenge}: the 接龙 of {day} is not pasted, {n} people were due")
    met = plural(N_("{n} was due, nobody has a record"), N_("{n} were due, nobody has a record"), due)
    yield Line(
        kind="late",
        key=f"late:{found.id}",
        text=plural(one, many, due, **values),
        target=Target("checkins", found.id, missed),
        evidence=(Evidence(met, _COUNTED),),
        group_id=view.group.id,
        group=view.name,
        count=due,
    )


def _nudge(view: View, found: Challenge, missed: date, expected: Sequence[Expected]) -> Iterator[Line]:
    """Those whose habit broke on the day and who may still make it up."""
    bar = view.limit("board.streak_highlight")
    until = missed + timedelta(days=found.makeup_days)
    if bar is None or until < view.today:
        return
    runs = _broken(view, found, missed, expected, bar)
    if not runs:
        return
    names = view.called((each.member_id, each.enrolled.name) for each, _run in runs)
    values = {"names": Names(tuple(names)), "until": near(until, view.today), "challenge": found.name}
    said = plural(
        N_("{challenge}: {n} good run broke, it can be made up until {until}: {names}"),
        N_("{challenge}: {n} good runs broke, they can be made up until {until}: {names}"),
        len(runs),
        **values,
    )
    met = [
        view.evidence(
            "board.streak_highlight",
            plural(N_("{name}: {n} in a row before"), N_("{name}: {n} in a row before"), run, name=name),
        )
        for name, (_each, run) in zip(names, runs, strict=True)
    ]
    window = Said(
        N_("make-ups are open for {n} days, {quota} a month"), {"n": found.makeup_days, "quota": found.makeup_quota}
    )
    yield Line(
        kind="nudge",
        key=f"nudge:{found.id}",
        text=said,
        target=Target("checkins", found.id, missed),
        evidence=(*met, Evidence(window, _COUNTED)),
        group_id=view.group.id,
        group=view.name,
        count=len(runs),
        ready_text=posts.nudge_note(names, found.name, runs[0][1], (missed, until), view.today),
    )


def _broken(
    view: View, found: Challenge, missed: date, expected: Sequence[Expected], bar: int
) -> list[tuple[Expected, int]]:
    """Who was due on the day, has no record of it, stood at the bar before, and has a make-up left; longest first."""
    absent = [each for each in expected if each.due and not each.done and each.enrolled.best >= bar]
    last = calendar.monthrange(missed.year, missed.month)[1]
    month = missed.replace(day=1), missed.replace(day=last)
    used = week_counts(view.session, found.id, *month, ["makeup"])
    later = [each.member_id for each in absent if (each.enrolled.last_day or missed) > missed]
    records = states_of(view.session, found.id, later)
    before = missed - timedelta(days=1)
    runs = []
    for each in absent:
        copy = each.enrolled
        if each.member_id in records:
            run = streak(records[each.member_id], each.terms, before, over=True)
        else:
            run = carried(copy.run, copy.last_day, each.terms, before, over=True)
        if run >= bar and used.get(each.member_id, 0) < found.makeup_quota:
            runs.append((each, run))
    return sorted(runs, key=lambda found: -found[1])
