"""Challenges: make one from a template, change it, end it, find the one that is meant, and its curriculum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from qunguan.domain import rules as rule_values
from qunguan.domain.cadence import Cadence
from qunguan.domain.challenges import MAX_DAYS, YEARS, Challenge, checked_number, parse_window, template
from qunguan.domain.checkins import PRESENT
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import meant, only, typed_name
from qunguan.domain.text import clean_lines, show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.checkin_standing import refresh
from qunguan.store.checkins import challenge, challenge_prompt, challenge_tier, checkin
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.session import Session

_PROMPT_LIMIT = 500
_TIERS = select(challenge_tier).where(challenge_tier.c.challenge_id.in_(IDS)).order_by(challenge_tier.c.streak)


def add(
    session: Session,
    clock: Clock,
    name: str = "",
    *,
    group_id: int | None = None,
    template_id: str = "daily",
    starts_on: date | None = None,
    days: int | None = None,
    cadence: str | None = None,
    window: str = "",
    makeup_days: int | None = None,
    makeup_quota: int | None = None,
    makeup_cost: int | None = None,
    makeup_counts: bool = True,
    points: int | None = None,
    tiers: Mapping[int, int] | None = None,
    prompts: Sequence[str] | None = None,
) -> Challenge:
    """Make a challenge in a group (None: the current one).

    What is not given comes from the template, then from the rules in force, and stays with the challenge from then on.
    `starts_on` None is today, `days` the length in calendar days, `window` a time of day such as `05:00-07:30`. Raises
    BadInput, one line, for the first value that does not fit, NotFound for an unknown template or group.
    """
    group = groups.find(session) if group_id is None else groups.get(session, group_id)
    base = template(template_id)
    start = _start(starts_on or clock.today(group.day_rule))
    length = days if days is not None else base.days
    shown = typed_name(name or base.name)
    _refuse_duplicate(session, shown)
    times = parse_window(window)
    values = {
        "name": shown,
        "starts_on": start,
        "ends_on": None if length is None else _end(start, length),
        "cadence": str(Cadence.parse(cadence or base.cadence)),
        "window_from": times and times[0],
        "window_to": times and times[1],
        "makeup_days": _given(session, makeup_days, "checkin.makeup_days"),
        "makeup_quota": _given(session, makeup_quota, "checkin.makeup_quota"),
        "makeup_cost": _given(session, makeup_cost, "checkin.makeup_cost"),
        "points": _given(session, points, "checkin.points"),
        "makeup_counts": makeup_counts,
    }
    earned = _tiers(session, base.tiers if tiers is None else tiers)
    session.step(N_("Started the challenge {challenge}"), challenge=shown)
    challenge_id = session.insert(
        challenge, **values, group_id=group.id, template=base.id, closed_on=None, created_at=clock.now()
    )
    _write_tiers(session, challenge_id, earned)
    _write_prompts(session, challenge_id, base.prompts if prompts is None else prompts)
    return get(session, challenge_id)


def edit(session: Session, clock: Clock, changed: Challenge) -> Challenge:
    """Write a challenge as given: take it as stored, `dataclasses.replace` what changes, hand it back here.

    Streaks are counted anew under the new terms; points that were given stay as they are. Raises BadInput for values
    that do not fit, Refused when check-ins would fall outside the new dates.
    """
    before = get(session, changed.id)
    name = typed_name(changed.name)
    _refuse_duplicate(session, name, changed.id)
    if changed.ends_on is not None:
        _end(changed.starts_on, (changed.ends_on - changed.starts_on).days + 1)
    _refuse_orphans(session, changed)
    parse = checked_number
    values = {
        "name": name,
        "starts_on": _start(changed.starts_on),
        "ends_on": changed.ends_on,
        "closed_on": changed.closed_on,
        "cadence": str(changed.cadence),
        "window_from": changed.window_from,
        "window_to": changed.window_to,
        "makeup_days": parse("checkin.makeup_days", changed.makeup_days),
        "makeup_quota": parse("checkin.makeup_quota", changed.makeup_quota),
        "makeup_cost": parse("checkin.makeup_cost", changed.makeup_cost),
        "makeup_counts": changed.makeup_counts,
        "points": parse("checkin.points", changed.points),
    }
    tiers = rule_values.checked(rule_values.preset("checkin.streak_tiers"), changed.tiers)
    session.step(N_("Changed the challenge {challenge}"), challenge=before.name)
    session.update(challenge, changed.id, **values)
    if tiers != dict(before.tiers):
        _write_tiers(session, changed.id, tiers)
    return _recounted(session, changed.id)


def close(session: Session, clock: Clock, challenge_id: int, day: date | None = None) -> Challenge:
    """End a challenge by hand with `day` (None: today) as its last day. Raises Refused when check-ins come later."""
    found = get(session, challenge_id)
    last = max(day or clock.today(groups.day_rule(session, found.group_id)), found.starts_on)
    _refuse_orphans(session, replace(found, closed_on=last))
    session.step(N_("Ended the challenge {challenge}"), challenge=found.name)
    session.update(challenge, challenge_id, closed_on=last)
    return _recounted(session, challenge_id)


def reopen(session: Session, clock: Clock, challenge_id: int) -> Challenge:
    """Take back that a challenge was ended by hand."""
    found = get(session, challenge_id)
    session.step(N_("Reopened the challenge {challenge}"), challenge=found.name)
    session.update(challenge, challenge_id, closed_on=None)
    return _recounted(session, challenge_id)


def get(session: Session, challenge_id: int) -> Challenge:
    """One challenge by id. Raises NotFound."""
    return session.settled(challenge, challenge_id, lambda: _read(session, challenge_id))


def _read(session: Session, challenge_id: int) -> Challenge:
    row = session.get(challenge, challenge_id)
    if row is None:
        raise NotFound("there is no challenge {text}", hint="see the list of challenges", text=f"#{challenge_id}")
    return _challenges(session, [row])[0]


def all_challenges(session: Session, group_id: int | None = None) -> tuple[Challenge, ...]:
    """The challenges of a group (None: of all), those that began last first."""
    query = select(challenge).order_by(challenge.c.starts_on.desc(), challenge.c.id.desc())
    if group_id is not None:
        query = query.where(challenge.c.group_id == group_id)
    return _challenges(session, session.rows(query))


def open_challenges(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Challenge, ...]:
    """The challenges that still run today (or have not begun), those that began last first."""
    found = all_challenges(session, group_id)
    return tuple(each for each in found if each.is_open(clock.today(groups.day_rule(session, each.group_id))))


def find(session: Session, clock: Clock, text: str | None = None) -> Challenge:
    """The challenge that is meant: by id ("3", "#3"), by name, by the name without regard to case, width and emoji.

    None means the only one that still runs, in the current group if there is one. Raises NotFound, or Ambiguous with
    the challenges to choose from.
    """
    if text is None:
        return _only(session, clock)
    known = all_challenges(session)
    found = only(meant(known, text), N_("{text} means several challenges"), text)
    if found is None:
        hint = N_("see the list of challenges")
        if known:
            hint = N_("there are: {known}")
        names = " / ".join(show(each.name) for each in known[:5])
        raise NotFound("there is no challenge {text}", hint=hint, text=show(text[:40]), known=names)
    return found


def prompts(session: Session, challenge_id: int) -> dict[int, str]:
    """The curriculum: the prompt of each slot, counted from 1. Slots without a prompt are left out."""
    query = select(challenge_prompt).where(challenge_prompt.c.challenge_id == challenge_id)
    return {row.day_no: row.text for row in session.rows(query.order_by(challenge_prompt.c.day_no))}


def prompt_for(session: Session, found: Challenge, day: date) -> str | None:
    """The prompt of the slot this day lies in, None when there is none."""
    query = select(challenge_prompt.c.text).where(
        challenge_prompt.c.challenge_id == found.id, challenge_prompt.c.day_no == found.number(day)
    )
    text = session.scalar(query)
    return None if text is None else str(text)


def set_prompt(session: Session, clock: Clock, challenge_id: int, day_no: int, text: str) -> None:
    """Write the prompt of one slot (1 is the first); an empty text removes it. Raises BadInput."""
    found = get(session, challenge_id)
    if day_no < 1:
        raise BadInput("the curriculum begins with day 1", hint="there is no day {n}", n=day_no)
    kept = clean_lines(text, _PROMPT_LIMIT)
    of_day = (challenge_prompt.c.challenge_id == challenge_id, challenge_prompt.c.day_no == day_no)
    row_id = session.scalar(select(challenge_prompt.c.id).where(*of_day))
    session.step(N_("Wrote the prompt of day {n} of {challenge}"), n=day_no, challenge=found.name)
    if row_id is None:
        if kept:
            session.insert(challenge_prompt, challenge_id=challenge_id, day_no=day_no, text=kept)
    elif kept:
        session.update(challenge_prompt, row_id, text=kept)
    else:
        session.delete(challenge_prompt, row_id)


def _recounted(session: Session, challenge_id: int) -> Challenge:
    found = get(session, challenge_id)
    refresh(session, found)
    return found


def _challenges(session: Session, rows: Iterable[Row[Any]]) -> tuple[Challenge, ...]:
    found = list(rows)
    tiers: dict[int, dict[int, int]] = {row.id: {} for row in found}
    for row in in_chunks(session, _TIERS, tiers):
        tiers[row.challenge_id][row.streak] = row.points
    return tuple(_challenge(row, tiers[row.id]) for row in found)


def _challenge(row: Row[Any], tiers: Mapping[int, int]) -> Challenge:
    values = dict(row._mapping)
    del values["created_at"]
    values["cadence"] = Cadence.parse(row.cadence)
    return Challenge(**values, tiers=tiers)


def _only(session: Session, clock: Clock) -> Challenge:
    group = groups.current(session)
    running = open_challenges(session, clock, group.id if group else None)
    found = only(running, N_("there are several challenges"))
    if found is None:
        raise NotFound("no challenge is running", hint="start one: qunguan challenge add NAME")
    return found


def _given(session: Session, value: int | None, rule_id: str) -> int:
    """The owner's number, or the rule's; a rule that is switched off gives 0."""
    return (rules.limit(session, rule_id) or 0) if value is None else checked_number(rule_id, value)


def _tiers(session: Session, given: Mapping[int, int] | None) -> dict[int, int]:
    rule = rules.state(session, "checkin.streak_tiers")
    if given is not None:
        return dict(rule_values.checked(rule.rule, dict(given)))
    return dict(rule.value) if rule.enabled else {}


def _start(day: date) -> date:
    if day.year not in YEARS:
        raise BadInput("a challenge cannot begin on {day}", hint="check the year", day=day)
    return day


def _end(start: date, days: int) -> date:
    if not 1 <= days <= MAX_DAYS:
        raise BadInput("a challenge cannot last {days} days", hint="use 1 to {most}", days=days, most=MAX_DAYS)
    return start + timedelta(days=days - 1)


def _write_tiers(session: Session, challenge_id: int, tiers: Mapping[int, int]) -> None:
    old = session.rows(select(challenge_tier.c.id).where(challenge_tier.c.challenge_id == challenge_id))
    for row in old:
        session.delete(challenge_tier, row.id)
    session.insert_many(
        challenge_tier,
        ({"challenge_id": challenge_id, "streak": streak, "points": points} for streak, points in tiers.items()),
    )
    session.unsettle(challenge)  # it is read together with its tiers


def _write_prompts(session: Session, challenge_id: int, texts: Sequence[str]) -> None:
    numbered = ((number, clean_lines(text, _PROMPT_LIMIT)) for number, text in enumerate(texts, 1))
    session.insert_many(
        challenge_prompt, [{"challenge_id": challenge_id, "day_no": number, "text": text} for number, text in numbered
                           if text]
    )  # fmt: skip


def _refuse_duplicate(session: Session, name: str, own_id: int = 0) -> None:
    if session.scalar(select(challenge.c.id).where(challenge.c.name == name, challenge.c.id != own_id)) is not None:
        raise BadInput("there is already a challenge {name}", hint="choose another name", name=show(name))


def _refuse_orphans(session: Session, changed: Challenge) -> None:
    """Check-ins must lie inside the dates of their challenge. Days frozen ahead may lie beyond its end."""
    span = session.first(
        select(func.min(checkin.c.day).label("first"), func.max(checkin.c.day).label("last")).where(
            checkin.c.challenge_id == changed.id, checkin.c.state.in_(PRESENT)
        )
    )
    assert span is not None
    first, last = span.first, span.last
    end = changed.last_day
    if first is not None and (first < changed.starts_on or (end is not None and last > end)):
        raise Refused(
            "there are check-ins from {first} to {last}",
            hint="choose dates that hold them all, or remove them first",
            first=first,
            last=last,
        )
