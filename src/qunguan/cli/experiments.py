"""`qunguan experiment`: plan, split, count, and what the numbers allow to be said."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.cli import experiment_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain import shares
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.experiment_book import ArmDraft, Draft, crossed
from qunguan.domain.experiment_verdicts import Bars, Plan, judge
from qunguan.domain.experiments import Sample, detectable, per_arm
from qunguan.domain.rules import preset
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.experiment_book import Experiment, Split
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `experiment`."""
    verb = verbs(parser)
    _sums(verb)
    new = verb("add", add, _("plan an experiment"), writes=True)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--outcome", required=True, metavar="TEXT", help=_("what counts as success: booked a place"))
    _arms(new)
    new.add_argument("--cross", metavar="C,D", help=_("a second factor: an arm of each pair"))
    new.add_argument("--base", type=shares.typed, metavar="P", help=_("what the first arm is expected to reach: 10%"))
    new.add_argument("--lift", type=shares.typed, metavar="P", help=_("how much more is worth it, in points: 2%"))
    new.add_argument("--to", type=day, metavar="DATE", dest="to_day", help=_("the planned last day"))
    new.add_argument("--scheme", default="", metavar="SCHEME", help=_("a scheme by code or name"))
    new.add_argument("--bucket", default="", metavar="BUCKET", help=_("a bucket by name or code"))
    new.add_argument("--group", metavar="GROUP", help=_("without it the current group"))
    shelf = verb("list", listing, _("the experiments and where each stands"), as_of=True)
    shelf.add_argument("--all", action="store_true", help=_("those put away too"))
    _which(verb("show", show_one, _("one experiment: its arms, the verdict and why"), as_of=True))
    put = verb("split", split, _("put everybody into an arm and write a list of each"), writes=True)
    _which(put, _("an experiment, or a campaign whose people are to be split"))
    _arms(put, required=False)
    put.add_argument("--to", type=Path, metavar="DIR", help=_("the folder for the lists"))
    told = _which(verb("count", count, _("note what was counted in an arm"), writes=True))
    told.add_argument("arm", metavar="ARM")
    told.add_argument("counted", type=Sample.parse, metavar="X/N", help=_("how many did it, of how many"))
    told.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    done = _which(verb("done", done_by, _("note who did it, from a list of names"), writes=True))
    done.add_argument("file", metavar="FILE", help=_("one name or id a line; - is standard input"))
    done.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    end = _which(verb("close", close, _("put an experiment away, with what was decided"), writes=True))
    end.add_argument("--decision", default="", metavar="TEXT")
    end.add_argument("--reopen", action="store_true", help=_("take it up again"))


def _sums(verb: views.Verb) -> None:
    """The verbs that need no database."""
    judged = verb("evaluate", evaluate, _("compare two counts; needs no database"))
    for arm in ("a", "b"):
        judged.add_argument(f"--{arm}", type=Sample.parse, required=True, metavar="X/N",
                            help=_("how many did it, of how many"))  # fmt: skip
    judged.add_argument("--planned", type=whole, metavar="N", help=_("people planned for each arm"))
    judged.add_argument(
        "--alpha", type=shares.typed, metavar="P", help=_("the false alarms it may take; without it 5%")
    )
    plan_it = verb("plan", plan, _("how many people an experiment needs; needs no database"))
    plan_it.add_argument("--base", type=shares.typed, required=True, metavar="P", help=_("10% or 0.1"))
    plan_it.add_argument("--lift", type=shares.typed, metavar="P", help=_("the difference in points: from 10% by 2%"))
    plan_it.add_argument("--people", type=whole, metavar="N", help=_("what so many people in each arm can tell"))
    plan_it.add_argument("--power", type=shares.typed, metavar="P", help=_("the chance to see it; without it 80%"))
    plan_it.add_argument(
        "--alpha", type=shares.typed, metavar="P", help=_("the false alarms it may take; without it 5%")
    )


def _which(parser: argparse.ArgumentParser, told: str = "") -> argparse.ArgumentParser:
    parser.add_argument("experiment", metavar="EXPERIMENT", help=told or _("id or name"))
    return parser


def _arms(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    told = _("names with commas, the first is what the others are compared with; A=2,B=1 gives A twice as many")
    parser.add_argument("--arms", required=required, metavar="A,B", help=told)


def arms_of(text: str) -> tuple[ArmDraft, ...]:
    """Arms as they are typed: A,B or A=2,B=1. Raises BadInput."""
    found = []
    for part in re.split("[,，、]", text):
        name, sign, weight = part.partition("=")
        if sign and not weight.strip().isdecimal():
            raise BadInput("“{text}” is no arm", hint="write A,B or A=2,B=1", text=part[:40])
        found.append(ArmDraft(name.strip(), weight=int(weight) if sign else 1))
    return tuple(found)


def evaluate(context: Context) -> None:
    """Compare two counts."""
    options = context.options
    told = judge(options.a, options.b, Plan(options.planned), _bars(options.alpha))
    context.answer(views.judged(told), views.judged_lines(told, "A", "B", (options.a, options.b)))


def _bars(alpha: float | None) -> Bars:
    def shipped(rule: str, whole: int) -> float:
        return float(preset(f"experiment.{rule}").value) / whole

    return Bars(alpha or shipped("alpha_pct", 100), shipped("split_per_mille", 1000), shipped("watch_per_mille", 1000),
                shipped("lean_pct", 100))  # fmt: skip


def plan(context: Context) -> None:
    """How many people each arm needs, or what so many can tell. Raises BadInput."""
    options = context.options
    bars, power = _bars(options.alpha), options.power or float(preset("experiment.power_pct").value) / 100
    if (options.lift is None) == (options.people is None):
        raise BadInput("say either the difference or the people", hint="--lift 2% or --people 150")
    if options.people is not None:
        least = detectable(options.base, options.people, power, bars.alpha)
        line = _("{n} people in each arm cannot tell any difference from {base}", n=options.people,
                 base=shares.percent(options.base))  # fmt: skip
        if least is not None:
            line = _(
                "{n} people in each arm can tell {base} from {other} or more",
                n=options.people,
                base=shares.percent(options.base),
                other=shares.percent(least),
            )
        context.answer({"per_arm": options.people, "detectable": least}, [line])
        return
    needed = per_arm(options.base, options.base + options.lift, power, bars.alpha)
    line = _(
        "Each arm needs {n} people to tell {base} from {other}",
        n=needed,
        base=shares.percent(options.base),
        other=shares.percent(options.base + options.lift),
    )
    context.answer({"per_arm": needed}, [line])


def add(context: Context) -> None:
    """Plan an experiment."""
    from qunguan.services import campaigns, experiments, groups

    options, arms = context.options, arms_of(context.options.arms)
    if options.cross:
        arms = crossed([arm.name for arm in arms], [arm.name for arm in arms_of(options.cross)])
    draft = Draft(
        options.name, options.outcome, arms, options.base, options.lift, options.to_day, options.scheme, options.bucket
    )
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        made = context.write(desk, experiments.add, group.id, draft)
        there = len(desk.read(campaigns.audience_of, context.clock, group.id, made.scheme, made.bucket))
    lines = [_("Planned {name} (#{id})", name=made.name, id=made.id)]
    if made.per_arm:
        lines.append(_("Each arm needs {n} people", n=made.per_arm))
        lines += views.too_few(made, there)
    lines.append(_("Next: qunguan experiment split {id} --to DIR", id=made.id))
    context.answer({"experiment": views.document(made)}, lines)


def listing(context: Context) -> None:
    """Print the experiments."""
    from qunguan.services import experiments

    with context.desk() as desk:
        found = desk.read(experiments.all_experiments, closed=context.options.all)
        told = [desk.read(experiments.standing, context.clock, each, context.as_of) for each in found]
    context.answer({"experiments": [views.standing(each) for each in told]}, views.list_lines(told))


def show_one(context: Context) -> None:
    """Print one experiment."""
    from qunguan.services import experiments

    with context.desk() as desk:
        found = _find(context, desk)
        told = desk.read(experiments.standing, context.clock, found, context.as_of)
    context.answer(views.standing(told), views.standing_lines(told))


def split(context: Context) -> None:
    """Put everybody into an arm; write the lists where a folder is named."""
    from qunguan.exchange.writers.experiments import write_lists

    with context.desk() as desk:
        done = _split(context, desk)
    files: tuple[Path, ...] = ()
    if context.options.to is not None and not context.dry_run:
        files = write_lists(context.options.to, done.experiment, done.members)
    context.answer(views.split_document(done, files), views.split_lines(done, files))


def _split(context: Context, desk: Desk) -> Split:
    from qunguan.services import campaigns, experiments

    options = context.options
    arms = arms_of(options.arms) if options.arms else ()
    try:
        found = _find(context, desk)
    except NotFound:
        if not arms:
            raise
        campaign = desk.read(campaigns.find, options.experiment)
        return context.write(desk, experiments.split_campaign, campaign.id, arms)
    if arms and [arm.name for arm in found.arms] != [arm.name for arm in arms]:
        known = ", ".join(arm.name for arm in found.arms)
        raise BadInput(
            "the experiment {name} has the arms {arms}",
            hint="name them so, or plan another experiment",
            name=found.name,
            arms=known,
        )
    return context.write(desk, experiments.split, found.id)


def count(context: Context) -> None:
    """Note what was counted."""
    from qunguan.services import experiments

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        context.write(desk, experiments.count, found.id, options.arm, options.counted, options.day)
        told = desk.read(experiments.standing, context.clock, found)
    context.answer(views.standing(told), views.standing_lines(told))


def done_by(context: Context) -> None:
    """Note who did it."""
    from qunguan.exchange.readers.decode import decode, read_bytes
    from qunguan.services import experiments

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        text = decode(read_bytes(options.file), (), options.file).text
        told = context.write(desk, experiments.converted, found.id, text.splitlines(), options.day)
    line = _("Noted {n} people; {already} were noted before", n=told.noted, already=told.already)
    lines = [line, *([_("In no arm: {names}", names=", ".join(told.outside))] if told.outside else [])]
    context.answer({"noted": told.noted, "already": told.already, "outside": list(told.outside)}, lines)


def close(context: Context) -> None:
    """Put an experiment away, or take it up again."""
    from qunguan.services import experiments

    options = context.options
    with context.desk() as desk:
        found = _find(context, desk)
        done = context.write(desk, experiments.close, found.id, options.decision, reopen=options.reopen)
    line = _("{name} is open again", name=done.name) if options.reopen else _("{name} is put away", name=done.name)
    context.answer({"experiment": views.document(done)}, [line])


def _find(context: Context, desk: Desk) -> Experiment:
    from qunguan.services import experiments

    return desk.read(experiments.find, context.options.experiment)
