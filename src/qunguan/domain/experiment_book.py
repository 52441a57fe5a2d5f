"""An experiment as it is kept: what is tried, who is in which arm, what was counted (S4-15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from qunguan.domain.errors import BadInput
from qunguan.domain.experiment_verdicts import Judgement, verdict_text
from qunguan.domain.experiments import Sample, compare
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import RowNote
from qunguan.domain.text import match_key
from qunguan.i18n import _
from qunguan.values import frozen

ARMS_MOST = 8


@frozen
class ArmDraft:
    """An arm to be: `first` and `second` are its values of the two factors, "" where there are none. `weight` is its
    share of the split."""

    name: str
    first: str = ""
    second: str = ""
    weight: int = 1


@frozen
class Draft:
    """An experiment to be. `base` and `lift` are shares (0.1 is 10 %): what the first arm is expected to reach and how
    much more is worth the change; None makes no plan. `to_day` is the planned last day. `scheme` "" is everyone.
    """

    name: str
    outcome: str
    arms: tuple[ArmDraft, ...]
    base: float | None = None
    lift: float | None = None
    to_day: date | None = None
    scheme: str = ""
    bucket: str = ""
    campaign_id: int | None = None


@frozen
class Arm:
    """An arm. `people` is how many were put into it."""

    id: int
    name: str
    first: str
    second: str
    weight: int
    people: int = 0


@frozen
class Experiment:
    """An experiment. Shares as in `Draft`; `per_arm` is the planned number, None without a plan."""

    id: int
    group_id: int
    name: str
    outcome: str
    arms: tuple[Arm, ...]
    scheme: str
    bucket: str
    base: float | None
    lift: float | None
    alpha: float
    power: float
    per_arm: int | None
    from_day: date
    to_day: date | None
    campaign_id: int | None
    closed_on: date | None
    decision: str

    @property
    def two_factors(self) -> bool:
        """Whether its arms are the pairs of two factors."""
        return all(arm.first and arm.second for arm in self.arms)


@frozen
class Split:
    """Who is in which arm: (member id, name) by the arm's place. `new` is how many were put in just now."""

    experiment: Experiment
    members: tuple[tuple[tuple[int, str], ...], ...]
    new: int

    @property
    def sizes(self) -> str:
        """How many are in each arm, in one line: A 75 · B 75."""
        return " · ".join(f"{arm.name} {len(who)}" for arm, who in zip(self.experiment.arms, self.members, strict=True))


@frozen
class Converted:
    """What came of a list of who did it: newly noted, noted before, in no arm, and what could not be read."""

    noted: int
    already: int
    outside: tuple[str, ...]
    rejected: tuple[RowNote, ...] = ()


@frozen
class Effect:
    """One factor, the other left aside: its two values with what was counted, and how the second compares."""

    values: tuple[str, str]
    samples: tuple[Sample, Sample]
    difference: float | None
    p_value: float | None


@frozen
class Standing:
    """Where an experiment is. `samples` by the arm's place, None where nothing was counted; `judgements` of each arm
    against the first one; `counted_on` the day of the newest count. `alpha` is what each comparison is held to.
    """

    experiment: Experiment
    samples: tuple[Sample | None, ...]
    judgements: tuple[Judgement | None, ...]
    effects: tuple[Effect, ...]
    alpha: float
    counted_on: date | None

    @property
    def verdicts(self) -> str:
        """The verdicts of all arms against the first, in one line and the language in force."""
        first, *others = (arm.name for arm in self.experiment.arms)
        told = zip(others, self.judgements, strict=True)
        said = [verdict_text(each, first, name) for name, each in told if each is not None]
        return " / ".join(said) if said else _("nothing counted yet")


def checked(draft: Draft) -> Draft:
    """The draft with its names as they are kept. Raises BadInput for fewer than two arms, arms of one name, a base or
    lift that is none."""
    arms = tuple(ArmDraft(typed_name(arm.name), arm.first, arm.second, arm.weight) for arm in draft.arms)
    if not 2 <= len(arms) <= ARMS_MOST:
        raise BadInput("an experiment has 2 to {most} arms", hint="separate them with commas: A,B", most=ARMS_MOST)
    if len({match_key(arm.name) for arm in arms}) < len(arms):
        raise BadInput("two arms have the same name", hint="give each arm its own")
    if any(not 1 <= arm.weight <= 1000 for arm in arms):
        raise BadInput("the weight of an arm is 1 to 1000")
    if draft.base is not None and not 0 < draft.base < 1:
        raise BadInput("the expected share lies between 0 and 100 %", hint="for example 10 %")
    if draft.lift is not None and (draft.base is None or not 0 < draft.base + draft.lift < 1 or not draft.lift):
        raise BadInput("the wished-for difference does not fit the expected share", hint="for example from 10 % by 2 %")
    return Draft(
        typed_name(draft.name), draft.outcome, arms, draft.base, draft.lift, draft.to_day, draft.scheme, draft.bucket,
        draft.campaign_id,
    )  # fmt: skip


def crossed(first: Sequence[str], second: Sequence[str]) -> tuple[ArmDraft, ...]:
    """An arm of each pair of two factors: copy × benefit (S4-15)."""
    return tuple(ArmDraft(f"{one}+{other}", one, other) for one in first for other in second)


def effects(arms: Sequence[Arm], samples: Sequence[Sample | None], alpha: float) -> tuple[Effect, ...]:
    """What each of two factors does by itself, where both have two values and every arm was counted."""
    counted = [(arm, sample) for arm, sample in zip(arms, samples, strict=True) if sample is not None]
    if len(counted) < len(arms):
        return ()
    found = []
    for factor in ("first", "second"):
        values = tuple(dict.fromkeys(getattr(arm, factor) for arm in arms))
        if len(values) != 2 or "" in values:
            return ()
        pooled = [_sum(sample for arm, sample in counted if getattr(arm, factor) == value) for value in values]
        told = compare(pooled[0], pooled[1], alpha)
        apart = None if told.p_a is None or told.p_b is None else told.p_b - told.p_a
        found.append(Effect((values[0], values[1]), (pooled[0], pooled[1]), apart, told.p_value))
    return tuple(found)


def _sum(samples: Iterable[Sample]) -> Sample:
    all_of_them = list(samples)
    return Sample(sum(each.x for each in all_of_them), sum(each.n for each in all_of_them))
