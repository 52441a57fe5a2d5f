"""The book of campaigns: add one, change it, cancel it, find the one that is meant, its terms and its tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunguan.domain.campaign_terms import typed_terms
from qunguan.domain.campaigns import (
    CARRIERS,
    Campaign,
    CampaignTask,
    Draft,
    checked_dates,
    goal_unit,
    playbook,
    tasks_of,
)
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import meant, only, typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import campaign_queries as queries
from qunguan.store.campaigns import campaign, campaign_audience, campaign_term
from qunguan.store.session import Session
from qunguan.values import names

_COLUMNS = tuple(names(Campaign))
_REACH = 40  # days a task may lie before the first day or after the last one
_LARGEST = 10**11
_OFFER = 500


def all_campaigns(session: Session, group_id: int | None = None) -> tuple[Campaign, ...]:
    """The campaigns of a group (None: of every group), newest first."""
    return tuple(map(_campaign, queries.of_groups(session, None if group_id is None else [group_id])))


def find_by_id(session: Session, campaign_id: int) -> Campaign:
    """One campaign. Raises NotFound."""
    row = session.get(campaign, campaign_id)
    if row is None:
        raise NotFound(
            "there is no campaign {text}", hint="see the list: qunguan campaign list", text=f"#{campaign_id}"
        )
    return _campaign(row)


def find(session: Session, text: str) -> Campaign:
    """The campaign that is meant: "#3" or 3, its name, or a part of its name that only one has.

    Of several with one name (in several groups) the one of the group in hand. Raises NotFound, Ambiguous.
    """
    known, key = all_campaigns(session), match_key(text)
    like = meant(known, text) or [each for each in known if key and key in match_key(each.name)]
    here = groups.current(session)
    like = [each for each in like if here is not None and each.group_id == here.id] or like
    found = only(like, N_("{text} means several campaigns"), text)
    if found is None:
        raise NotFound("there is no campaign {text}", hint="see the list: qunguan campaign list", text=show(text[:40]))
    return found


def terms(session: Session, campaign_id: int) -> Mapping[str, str]:
    """The terms of a campaign as they are stored: counts as digits, money in yuan, lists joined by 、."""
    return queries.terms(session, [campaign_id])[campaign_id]


def tasks_between(
    session: Session, group_ids: Sequence[int] | None, first: date, last: date
) -> tuple[CampaignTask, ...]:
    """What campaigns of groups (None: of all) ask for from one day to another, by day and time (S0-28). Set-based.
    What was to be done on days before the campaign was planned is left out: nobody can be late with it."""
    reach = timedelta(days=_REACH)
    near = queries.near(session, group_ids, first - reach, last + reach)
    told = queries.terms(session, [row.id for row in near])
    found: list[CampaignTask] = []
    for row in near:
        group = groups.get(session, row.group_id)
        tasks = tasks_of(_campaign(row), group.day_rule, group.name, told[row.id])
        found.extend(task for task in to_come(tasks, group.day_rule, row.created_at) if first <= task.day <= last)
    return tuple(sorted(found, key=lambda task: (task.day, task.at_minute, task.key)))


def to_come(found: Sequence[CampaignTask], rule: DayRule, since: datetime) -> tuple[CampaignTask, ...]:
    """Those of some tasks that are of the business day of a moment, where they can still be done, or later."""
    return tuple(each for each in found if each.day >= rule.biz_date(since))


def tasks(session: Session, campaign_id: int) -> tuple[CampaignTask, ...]:
    """Every task of one campaign, by day and time."""
    found = find_by_id(session, campaign_id)
    group = groups.get(session, found.group_id)
    return tasks_of(found, group.day_rule, group.name, terms(session, campaign_id))


def add(session: Session, clock: Clock, group_id: int, draft: Draft) -> Campaign:
    """Plan a campaign. Whom it is for is frozen as of now. Raises BadInput, NotFound."""
    made, told = drawn_up(session, group_id, draft)
    _refuse_duplicate(session, made)
    session.step(N_("Planned the campaign {name}"), name=made.name)
    campaign_id = session.insert(campaign, **_columns(made), created_at=clock.now())
    _write_terms(session, campaign_id, told)
    _write_audience(session, clock, campaign_id, made)
    return find_by_id(session, campaign_id)


def edit(session: Session, clock: Clock, campaign_id: int, draft: Draft) -> Campaign:
    """Change a campaign to what the draft says; its form stays. Whom it is for is frozen anew where that changes.

    Raises BadInput, NotFound, Refused for one that is cancelled or over.
    """
    now = find_by_id(session, campaign_id)
    open_one(now)
    if playbook(draft.form).form != now.form:
        raise Refused("the form of a campaign stays: cancel it and plan another one")
    made, told = drawn_up(session, now.group_id, draft)
    changed = replace(made, id=now.id, started_at=now.started_at)
    _refuse_duplicate(session, changed)
    session.step(N_("Changed the campaign {name}"), name=changed.name)
    session.update(campaign, campaign_id, **_columns(changed))
    _write_terms(session, campaign_id, told)
    if (now.scheme, now.bucket) != (changed.scheme, changed.bucket):
        _write_audience(session, clock, campaign_id, changed)
    return find_by_id(session, campaign_id)


def draft_of(session: Session, found: Campaign) -> Draft:
    """A campaign as a draft, to change and hand back to `edit`."""
    rule = groups.day_rule(session, found.group_id)
    start, end = rule.local(found.starts_at), rule.local(found.ends_at)
    told = terms(session, found.id)
    midnight = end.hour == end.minute == 0 and end > start
    last = end.date() - timedelta(days=1) if midnight else end.date()
    return Draft(
        found.name, found.form, start.date(), start.hour * 60 + start.minute, last,
        24 * 60 if midnight else end.hour * 60 + end.minute, found.goal, found.goal_value, found.scheme, found.bucket,
        found.occasion, found.offer, found.budget_fen, found.carrier, found.note,
        {each.name: told.get(each.name, "") for each in found.playbook.terms},
    )  # fmt: skip


def cancel(session: Session, clock: Clock, campaign_id: int) -> Campaign:
    """Call a campaign off: it keeps its sheet and has no tasks any more. Raises NotFound, Refused."""
    now = find_by_id(session, campaign_id)
    open_one(now)
    session.step(N_("Cancelled the campaign {name}"), name=now.name)
    session.update(campaign, campaign_id, cancelled_on=clock.today(groups.day_rule(session, now.group_id)))
    return find_by_id(session, campaign_id)


def close(session: Session, clock: Clock, campaign_id: int, *, reopen: bool = False) -> Campaign:
    """Put a campaign away that is done, or take it up again. Raises NotFound, Refused for one never started."""
    now = find_by_id(session, campaign_id)
    if reopen:
        if now.closed_on is None and now.cancelled_on is None:
            raise Refused("{name} is open", name=now.name)
        session.step(N_("Took up the campaign {name}"), name=now.name)
        session.update(campaign, campaign_id, closed_on=None, cancelled_on=None)
        return find_by_id(session, campaign_id)
    open_one(now)
    if now.started_at is None:
        raise Refused("{name} was never started", hint="cancel it: qunguan campaign cancel", name=now.name)
    session.step(N_("Closed the campaign {name}"), name=now.name)
    session.update(campaign, campaign_id, closed_on=clock.today(groups.day_rule(session, now.group_id)))
    return find_by_id(session, campaign_id)


def open_one(found: Campaign) -> None:
    """Raises Refused for a campaign that is cancelled or closed."""
    if found.cancelled_on is not None:
        raise Refused("{name} was cancelled on {day}", hint="take it up again: qunguan campaign close --reopen",
                      name=found.name, day=found.cancelled_on)  # fmt: skip
    if found.closed_on is not None:
        raise Refused("{name} was closed on {day}", hint="take it up again: qunguan campaign close --reopen",
                      name=found.name, day=found.closed_on)  # fmt: skip


def drawn_up(session: Session, group_id: int, draft: Draft) -> tuple[Campaign, dict[str, str]]:
    """The campaign a draft would be, with its terms; nothing is written. Raises BadInput, NotFound."""
    book = playbook(draft.form)
    rule = groups.get(session, group_id).day_rule
    checked_dates(draft.first, draft.start_minute, draft.last, draft.end_minute)
    goal = draft.goal or book.goals[0]
    goal_unit(goal)
    carrier = draft.carrier or book.carrier
    if carrier not in CARRIERS:
        raise BadInput("{text} is no way to reach people", hint="there are: {known}", text=show(carrier[:20]),
                       known=", ".join(CARRIERS))  # fmt: skip
    for number in (draft.goal_value, draft.budget_fen):
        if number is not None and not 0 <= number <= _LARGEST:
            raise BadInput("{number} is out of range", number=number)
    starts, ends = _moment(rule, draft.first, draft.start_minute), _moment(rule, draft.last, draft.end_minute)
    last = max(rule.biz_date(ends - timedelta(seconds=1)), rule.biz_date(starts))
    made = Campaign(
        0, group_id, typed_name(draft.name or book.name), book.form, goal, draft.goal_value, starts, ends,
        rule.biz_date(starts), last, draft.scheme, draft.bucket, clean(draft.occasion, NOTE_LIMIT),
        clean_lines(draft.offer, _OFFER), draft.budget_fen, carrier, note=clean_lines(draft.note, NOTE_LIMIT),
    )  # fmt: skip
    return made, typed_terms(book, draft.terms)


def audience_of(session: Session, clock: Clock, group_id: int, scheme: str, bucket: str) -> list[int]:
    """The members present in a group now whom a bucket of a scheme holds ("": everyone). Raises NotFound, BadInput."""
    here = queries.present(session, group_id)
    if not scheme:
        return here
    from qunguan.services import segments

    inside = set(segments.members_in(session, clock, scheme, bucket, group_id=group_id))
    return [each for each in here if each in inside]


def audience(session: Session, campaign_id: int) -> list[int]:
    """Whom a campaign is for, by id, as it was frozen."""
    return queries.audience(session, campaign_id)


def _moment(rule: DayRule, day: date, minute: int) -> datetime:
    local = datetime.combine(day, time(), ZoneInfo(rule.zone)).replace(tzinfo=None) + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(rule.zone))


def _write_terms(session: Session, campaign_id: int, told: Mapping[str, str]) -> None:
    now = queries.term_rows(session, campaign_id)
    for name, (row_id, value) in now.items():
        if name not in told:
            session.delete(campaign_term, row_id)
        elif told[name] != value:
            session.update(campaign_term, row_id, value=told[name])
    for name, value in told.items():
        if name not in now:
            session.insert(campaign_term, campaign_id=campaign_id, name=name, value=value)


def _write_audience(session: Session, clock: Clock, campaign_id: int, made: Campaign) -> None:
    span = queries.audience_span(session, campaign_id)
    if span is not None:
        session.delete_range(campaign_audience, *span)
    ids = audience_of(session, clock, made.group_id, made.scheme, made.bucket)
    session.insert_many(campaign_audience, ({"campaign_id": campaign_id, "member_id": each} for each in ids))


def _refuse_duplicate(session: Session, made: Campaign) -> None:
    for each in all_campaigns(session, made.group_id):
        if each.name == made.name and each.id != made.id:
            raise BadInput("there is already a campaign {name}", hint="choose another name", name=show(made.name))


def _columns(made: Campaign) -> dict[str, Any]:
    return {name: getattr(made, name) for name in _COLUMNS if name != "id"}


def _campaign(row: Any) -> Campaign:
    return Campaign(**{name: getattr(row, name) for name in _COLUMNS})
