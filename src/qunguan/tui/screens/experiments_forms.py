"""The forms of experiments: plan one, the planner, what was counted, who did it, what was decided."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain import shares
from qunguan.domain.errors import BadInput
from qunguan.domain.experiment_book import ArmDraft, Draft, Experiment, Standing, crossed
from qunguan.domain.experiments import Sample, detectable, per_arm
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.tui.widgets.source_box import SourceBox

if TYPE_CHECKING:
    from qunguan.tui.screens.experiments import ExperimentsScreen

_SPLIT = re.compile("[,，、]")
_EVERYBODY = "-"


async def plan(screen: ExperimentsScreen) -> None:
    """Whom it is for, then what is tried."""
    from qunguan.services import segments

    offered = [Choice(_EVERYBODY, _("everybody in the group"))]
    for scheme in await screen.desk.read(segments.all_schemes):
        if scheme.enabled:
            offered += [
                Choice(f"{scheme.code}\t{bucket.code}", bucket.name, scheme.title, also=f"{bucket.name}·{scheme.name}")
                for bucket in scheme.buckets(screen.room.today)
            ]
    chosen = await screen.app.push_screen_wait(Choose(_("Whom is it for?"), offered))
    if chosen is None:
        return
    scheme_code, _tab, bucket_code = chosen.partition("\t") if chosen != _EVERYBODY else ("", "", "")

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import experiments

        made = await screen.desk.write(
            experiments.add, screen.group_id, _draft(values, scheme_code, bucket_code)
        )  # fmt: skip
        told = _("{name} is planned: s splits the people", name=made.name)
        if made.per_arm:
            told = _("{name} is planned with {n} people in each arm: s splits them", name=made.name, n=made.per_arm)
        screen.say(told)
        screen.aim(made.id)
        await screen.room.changed()

    fields = [
        Field("name", _("experiment"), "", _("which poster, which gift …")),
        Field("outcome", _("what counts"), "", _("what somebody does who is won: books, buys, answers")),
        Field("arms", _("arms"), "A, B", _("the first is what the others are compared with")),
        Field("second", _("second factor"), "", _("such as 8折, 赠品: an arm of each pair; may stay empty")),
        Field("base", _("usual share"), "", _("what the first arm is expected to reach, such as 10 %")),
        Field("lift", _("worth it from"), "", _("how many points more, such as 5 %")),
        Field("to_day", _("last day"), "", _("the verdict is due after it; may stay empty"), day="next"),
    ]
    screen.app.push_screen(Form(_("A new experiment"), fields, save))


def _draft(values: dict[str, str], scheme: str, bucket: str) -> Draft:
    """What the form says. Raises BadInput."""
    first = [part.strip() for part in _SPLIT.split(values["arms"]) if part.strip()]
    second = [part.strip() for part in _SPLIT.split(values["second"]) if part.strip()]
    arms = crossed(first, second) if second else tuple(ArmDraft(name) for name in first)
    base = shares.typed(values["base"], loose=True) if values["base"] else None
    lift = shares.typed(values["lift"], loose=True) if values["lift"] else None
    to_day = date_cell(values["to_day"]) if values["to_day"] else None
    return Draft(values["name"], values["outcome"], arms, base, lift, to_day, scheme, bucket)


def planner(screen: ExperimentsScreen) -> Form:
    """How many people it takes; or what the people there are can show."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import experiments

        bars, power = await screen.desk.read(experiments.bars), await screen.desk.read(experiments.power)
        base = shares.typed(values["base"] or "10%", loose=True)
        if values["people"]:
            n = Sample.parse(f"0/{values['people']}").n
            least = detectable(base, n, power, bars.alpha)
            told = _("{n} people in each arm cannot tell any difference from {base}", n=n, base=f"{100 * base:g} %")
            if least is not None:
                told = _("{n} people in each arm can tell {base} from {other} or more", n=n, base=f"{100 * base:g} %",
                         other=f"{100 * least:.1f} %")  # fmt: skip
        else:
            other = base + shares.typed(values["lift"] or "5%", loose=True)
            needed = per_arm(base, other, power, bars.alpha)
            told = _("Each arm needs {n} people to tell {base} from {other}", n=needed, base=f"{100 * base:g} %",
                     other=f"{100 * other:g} %")  # fmt: skip
        screen.say(told)

    fields = [
        Field("base", _("usual share"), "10 %", _("what you reach now")),
        Field("lift", _("worth it from"), "5 %", _("how many points more")),
        Field("people", _("or people"), "", _("in each arm: tells what they can show")),
    ]
    return Form(_("How many people does it take?"), fields, save)


def counted(screen: ExperimentsScreen, one: Standing) -> Form:
    """What was counted in each arm; an empty line leaves the arm as it is."""
    found = one.experiment

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import experiments

        told = [(arm.name, Sample.parse(values[str(arm.id)])) for arm in found.arms if values[str(arm.id)]]
        if not told:
            raise BadInput("nothing is counted yet", hint="write 12/150")
        await screen.desk.write(experiments.count_all, found.id, told)
        screen.say(_("Noted {n} arms of {name}", n=len(told), name=found.name))
        await screen.room.changed()

    fields = [
        Field(str(arm.id), arm.name, "", _("did it/of how many, such as 12/{n}", n=arm.people or 150))
        for arm in found.arms
    ]
    return Form(_("What was counted in {name}?", name=found.name), fields, save)


async def who_did_it(screen: ExperimentsScreen, found: Experiment) -> None:
    """A list of names, pasted or in a file."""
    from qunguan.services import experiments

    async def read(source: Path | str) -> list[str]:
        return await screen.desk.call(_names, source)

    notes = [_("One name or id a line: those who did it. Whoever is in no arm is named and left out.")]
    names = await screen.app.push_screen_wait(SourceBox(_("Who did it?"), read, notes, (".txt", ".csv")))
    if names is None:
        return
    done = await screen.desk.write(experiments.converted, found.id, names)
    told = _("Noted {n} people; {already} were noted before", n=done.noted, already=done.already)
    if done.outside:
        told = f"{told} · {_('In no arm: {names}', names=', '.join(done.outside[:10]))}"
    screen.say(told)
    await screen.room.changed()


def _names(source: Path | str) -> list[str]:
    from qunguan.exchange.readers.decode import decode, read_bytes

    text = source if isinstance(source, str) else decode(read_bytes(str(source)), (), source.name).text
    return text.splitlines()


def decision(screen: ExperimentsScreen, found: Experiment) -> Form:
    """What was decided."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import experiments

        await screen.desk.write(experiments.close, found.id, values["decision"])
        screen.say(_("{name} is put away", name=found.name))
        await screen.room.changed()

    field = Field("decision", _("decided"), "", _("which one is used from now on, or what to try next"))
    return Form(_("Put {name} away", name=found.name), [field], save)
