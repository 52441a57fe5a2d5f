"""Experiments: plan one, split the members by a hash, note what was counted, and say no more than it shows (S4-15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.experiment_book import (
    Arm,
    ArmDraft,
    Converted,
    Draft,
    Experiment,
    Split,
    Standing,
    checked,
    effects,
)
from qunguan.domain.experiment_verdicts import Bars, Judgement, Plan, judge
from qunguan.domain.experiments import Sample, arm_of, per_arm
from qunguan.domain.names import meant, only
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_, _
from qunguan.services import campaigns, groups, members, rules
from qunguan.store import experiment_queries as queries
from qunguan.store.experiments import arm_result, assignment, experiment, experiment_arm
from qunguan.store.session import Session

_POINTS = 10_000  # shares are kept in hundredths of a percent


def add(session: Session, clock: Clock, group_id: int, draft: Draft) -> Experiment:
    """Plan an experiment. With a base and a lift the number of people is worked out by the rules of α and power.

    Raises BadInput, and for a name the group has already.
    """
    made, today = checked(draft), clock.today(groups.day_rule(session, group_id))
    if made.to_day is not None and made.to_day < today:
        raise BadInput("the last day lies before today", where=str(made.to_day))
    if any(match_key(each.name) == match_key(made.name) for each in all_experiments(session, group_id)):
        raise BadInput("there is an experiment {name} already", hint="give it another name", name=show(made.name))
    campaigns.audience_of(session, clock, group_id, made.scheme, made.bucket)  # it is there
    bars, wanted = _bars(session), power(session)
    planned = None
    if made.base is not None and made.lift is not None:
        planned = per_arm(made.base, made.base + made.lift, wanted, bars.alpha)
    session.step(N_("Planned the experiment {name}"), name=made.name)
    new = session.insert(
        experiment,
        group_id=group_id,
        name=made.name,
        outcome=clean(made.outcome, NOTE_LIMIT),
        scheme=made.scheme,
        bucket=made.bucket,
        base_bp=_kept(made.base),
        lift_bp=_kept(made.lift),
        alpha_bp=round(bars.alpha * _POINTS),
        power_bp=round(wanted * _POINTS),
        per_arm=planned,
        from_day=today,
        to_day=made.to_day,
        campaign_id=made.campaign_id,
        created_at=clock.now(),
    )
    for place, arm in enumerate(made.arms):
        first, second = clean(arm.first, NOTE_LIMIT), clean(arm.second, NOTE_LIMIT)
        session.insert(
            experiment_arm,
            experiment_id=new,
            place=place,
            name=arm.name,
            first=first,
            second=second,
            weight=arm.weight,
        )
    return find_by_id(session, new)


def for_campaign(session: Session, clock: Clock, campaign_id: int, arms: Sequence[ArmDraft]) -> Experiment:
    """The experiment of a campaign with these arms, for the same people; made when there is none of it yet.

    Raises BadInput when there is one with other arms.
    """
    whole = campaigns.find_by_id(session, campaign_id)
    known = [each for each in all_experiments(session, whole.group_id) if each.campaign_id == campaign_id]
    if known:
        if [arm.name for arm in known[0].arms] != [arm.name for arm in arms]:
            raise BadInput(
                "the experiment {name} has the arms {arms}",
                hint="name them so, or plan another experiment",
                name=show(known[0].name),
                arms=_(", ").join(arm.name for arm in known[0].arms),
            )
        return known[0]
    draft = Draft(
        whole.name, whole.goal, tuple(arms), scheme=whole.scheme, bucket=whole.bucket, campaign_id=campaign_id
    )
    return add(session, clock, whole.group_id, draft)


def all_experiments(session: Session, group_id: int | None = None, *, closed: bool = True) -> tuple[Experiment, ...]:
    """The experiments of a group (None: of all), newest first; `closed` False leaves out those put away."""
    return tuple(each for each in _read(session, group_id) if closed or each.closed_on is None)


def find_by_id(session: Session, experiment_id: int) -> Experiment:
    """One experiment. Raises NotFound."""
    found = _read(session, None, experiment_id)
    if not found:
        raise NotFound("there is no experiment #{id}", hint="see the list: qunguan experiment list", id=experiment_id)
    return found[0]


def find(session: Session, text: str, group_id: int | None = None) -> Experiment:
    """The experiment with that id or name. Raises NotFound, and Ambiguous where two groups have one of the name."""
    like = meant(all_experiments(session, group_id), text)
    found = only(like, N_("{text} is the name of several experiments"), text)
    if found is None:
        raise NotFound(
            "there is no experiment {name}", hint="see the list: qunguan experiment list", name=show(text[:40])
        )
    return found


def split(session: Session, clock: Clock, experiment_id: int) -> Split:
    """Put everybody it is for into an arm, by the hash of experiment and member; who is in one stays there.

    Raises Refused when it was put away, BadInput when there is nobody.
    """
    found = find_by_id(session, experiment_id)
    _open(found)
    who = campaigns.audience_of(session, clock, found.group_id, found.scheme, found.bucket)
    inside = {row.member_id for row in queries.assigned(session, found.id)}
    weights = [arm.weight for arm in found.arms]
    new = [
        {
            "experiment_id": found.id,
            "member_id": each,
            "arm_id": found.arms[arm_of(found.id, each, weights)].id,
            "converted_on": None,
        }
        for each in who
        if each not in inside
    ]
    if not new and not inside:
        raise BadInput("there is nobody to split", hint="choose another segment, or import the roster first")
    if new:
        session.step(N_("Split {n} people for the experiment {name}"), n=len(new), name=found.name)
        session.insert_many(assignment, new)
    return Split(find_by_id(session, found.id), lists(session, found), len(new))


def split_campaign(session: Session, clock: Clock, campaign_id: int, arms: Sequence[ArmDraft]) -> Split:
    """Split the people of a campaign by these arms, in an experiment of its own (see `for_campaign` and `split`)."""
    return split(session, clock, for_campaign(session, clock, campaign_id, arms).id)


def lists(session: Session, found: Experiment) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Who is in each arm, by name."""
    rows = queries.assigned(session, found.id)
    return tuple(tuple((row.member_id, row.name) for row in rows if row.arm_id == arm.id) for arm in found.arms)


def count(session: Session, clock: Clock, experiment_id: int, arm: str, told: Sample, day: date | None = None) -> None:
    """Note what was counted in an arm by the end of a day (None: today); the same day again corrects it.

    Raises NotFound for an arm it has not, Refused when it was put away, BadInput for a day to come.
    """
    found = find_by_id(session, experiment_id)
    _open(found)
    chosen = arm_named(found, arm)
    today = clock.today(groups.day_rule(session, found.group_id))
    counted_on = day or today
    if counted_on > today:
        raise BadInput("{day} is still to come", day=counted_on)
    session.step(N_("Noted {x}/{n} for {arm} of {name}"), x=told.x, n=told.n, arm=chosen.name, name=found.name)
    row = queries.counts(session, found.id, counted_on).get(chosen.id)
    if row is not None and row.counted_on == counted_on:
        if (row.n, row.x) != (told.n, told.x):
            session.update(arm_result, row.id, n=told.n, x=told.x, counted_at=clock.now())
        return
    session.insert(
        arm_result, arm_id=chosen.id, counted_on=counted_on, n=told.n, x=told.x, counted_at=clock.now()
    )  # fmt: skip


def count_all(session: Session, clock: Clock, experiment_id: int, told: Sequence[tuple[str, Sample]]) -> None:
    """Note what was counted in several arms today, in one step; see `count`."""
    session.step(N_("Noted results of {name}"), name=find_by_id(session, experiment_id).name)
    for arm, sample in told:
        count(session, clock, experiment_id, arm, sample)


def converted(
    session: Session, clock: Clock, experiment_id: int, who: Iterable[str], day: date | None = None
) -> Converted:
    """Note who did it, by name or id, on a day (None: today). Whoever is in no arm is named and left out.

    Raises Refused before the split and when it was put away, BadInput for an empty list or a day to come.
    """
    found = find_by_id(session, experiment_id)
    _open(found)
    today = clock.today(groups.day_rule(session, found.group_id))
    if (day or today) > today:
        raise BadInput("{day} is still to come", day=day)
    inside = {row.member_id: row for row in queries.assigned(session, found.id)}
    if not inside:
        raise Refused("nobody is in an arm of {name} yet", hint="split first", name=show(found.name))
    given = [name for name in who if name.strip()]
    if not given:
        raise BadInput("there is no name in it", hint="one name a line")
    resolve = members.resolver(session)
    ids, outside = [], []
    for name in dict.fromkeys(given):
        try:
            one = resolve(name)
        except (NotFound, Ambiguous):
            outside.append(show(name[:40]))
            continue
        ids.append(one) if one in inside else outside.append(show(name[:40]))
    new = [inside[each] for each in dict.fromkeys(ids) if inside[each].converted_on is None]
    if new:
        session.step(N_("Noted {n} people of the experiment {name} who did it"), n=len(new), name=found.name)
        session.update_many(assignment, [{"id": row.id, "converted_on": day or today} for row in new])
    return Converted(len(new), len(set(ids)) - len(new), tuple(outside))


def standing(session: Session, clock: Clock, found: Experiment, as_of: date | None = None) -> Standing:
    """Where it is by the end of a day (None: today). Typed counts hold before lists of who did it.

    With more than two arms each is held against the first at α ÷ (arms − 1).
    """
    day = as_of or clock.today(groups.day_rule(session, found.group_id))
    counts, told = queries.counts(session, found.id, day), queries.told(session, found.id, day)
    rows = [counts.get(arm.id) for arm in found.arms]
    if not any(rows) and any(row.x for row in told.values()):
        rows = [told.get(arm.id) for arm in found.arms]
    samples = tuple(None if row is None else Sample(row.x, row.n) for row in rows)
    bars = _bars(session)
    alpha = found.alpha / (len(found.arms) - 1)
    plan = Plan(found.per_arm, found.to_day, day)
    judgements: list[Judgement | None] = []
    for arm, sample in zip(found.arms[1:], samples[1:], strict=True):
        first = samples[0]
        weights = (found.arms[0].weight, arm.weight)
        told_bars = replace(bars, alpha=alpha)
        if first is None or sample is None:
            judgements.append(None)
        else:
            judgements.append(judge(first, sample, plan, told_bars, weights, arm.name))
    newest = max((row.counted_on for row in rows if row is not None and row.counted_on), default=None)
    return Standing(found, samples, tuple(judgements), effects(found.arms, samples, alpha), alpha, newest)


def standings(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None
) -> tuple[Standing, ...]:
    """Where each experiment of a group (None: of all) stands, newest first."""
    return tuple(standing(session, clock, each, as_of) for each in all_experiments(session, group_id))


def close(
    session: Session, clock: Clock, experiment_id: int, decision: str = "", *, reopen: bool = False
) -> Experiment:
    """Put an experiment away with what was decided, or take it up again. Raises NotFound, Refused."""
    found = find_by_id(session, experiment_id)
    if reopen == (found.closed_on is None):
        message = N_("the experiment {name} is open") if reopen else N_("the experiment {name} was put away before")
        raise Refused(message, name=show(found.name))
    label = N_("Took the experiment {name} up again") if reopen else N_("Put the experiment {name} away")
    session.step(label, name=found.name)
    today = None if reopen else clock.today(groups.day_rule(session, found.group_id))
    told = found.decision if reopen else clean(decision, NOTE_LIMIT)
    session.update(experiment, experiment_id, closed_on=today, decision=told)
    return find_by_id(session, experiment_id)


def power(session: Session) -> float:
    """The chance to see a difference that is there, as a plan asks for it (rule experiment.power_pct)."""
    return float(rules.value(session, "experiment.power_pct")) / 100


def bars(session: Session) -> Bars:
    """The thresholds in force (rules experiment.*)."""
    return _bars(session)


def arm_named(found: Experiment, name: str) -> Arm:
    """The arm of that name. Raises NotFound with those there are."""
    wanted = match_key(name)
    for arm in found.arms:
        if match_key(arm.name) == wanted:
            return arm
    known = " / ".join(arm.name for arm in found.arms)
    raise NotFound("there is no arm {name}", hint="there are: {known}", name=show(name[:40]), known=known)


def _bars(session: Session) -> Bars:
    def share(rule: str, whole: int) -> float:
        return float(rules.value(session, f"experiment.{rule}") / whole)

    return Bars(
        share("alpha_pct", 100), share("split_per_mille", 1000), share("watch_per_mille", 1000), share("lean_pct", 100)
    )


def _open(found: Experiment) -> None:
    if found.closed_on is not None:
        raise Refused(
            "the experiment {name} was put away on {day}", hint="take it up again", name=show(found.name),
            day=found.closed_on,
        )  # fmt: skip


def _read(session: Session, group_id: int | None, one: int | None = None) -> list[Experiment]:
    arms: dict[int, list[Arm]] = {}
    for row in queries.arms(session, one):
        arms.setdefault(row.experiment_id, []).append(
            Arm(row.id, row.name, row.first, row.second, row.weight, row.people)
        )
    return [_experiment(row, tuple(arms[row.id])) for row in queries.all_rows(session, group_id, one)]


def _experiment(row: Any, arms: tuple[Arm, ...]) -> Experiment:
    return Experiment(
        row.id, row.group_id, row.name, row.outcome, arms, row.scheme, row.bucket, _share(row.base_bp),
        _share(row.lift_bp), row.alpha_bp / _POINTS, row.power_bp / _POINTS, row.per_arm, row.from_day, row.to_day,
        row.campaign_id, row.closed_on, row.decision,
    )  # fmt: skip


def _share(points: int | None) -> float | None:
    return None if points is None else points / _POINTS


def _kept(share: float | None) -> int | None:
    return None if share is None else round(share * _POINTS)
