"""The forms of a group's profile: the card, the welcome, a rule, a violation, a business preset."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from qunguan.domain.business import Diff, presets
from qunguan.domain.positioning import kinds_said, kinds_typed
from qunguan.domain.positioning_house import STEPS, HouseRule
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.people import finder
from qunguan.tui.screens.positioning_lines import diff_told
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Dialog, Field, Form
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.positioning import PositioningScreen

_NONE = "0"


async def edit_card(screen: PositioningScreen, group_id: int) -> None:
    """Write the card."""
    from qunguan.services import positioning

    card = await screen.desk.read(positioning.card, group_id)

    async def save(values: dict[str, str]) -> None:
        told = replace(card, kinds=kinds_typed(values["kinds"]), persona=values["persona"],
                       core_value=values["core_value"], product=values["product"])  # fmt: skip
        await screen.desk.write(positioning.set_card, told)
        await screen.room.changed()

    fields = [
        Field("persona", _("whom it is for"), card.persona, _("age, work, what troubles them")),
        Field("core_value", _("what it gives"), card.core_value, _("the problem it solves, what is scarce in it")),
        Field("kinds", _("kind of group"), kinds_said(card.kinds), _("interest + product; it may be several")),
        Field("product", _("product behind it"), card.product, _("the product or service the group stands on")),
    ]
    await screen.app.push_screen_wait(Form(_("The profile of the group"), fields, save))


async def edit_welcome(screen: PositioningScreen, group_id: int) -> None:
    """Write the welcome."""
    from qunguan.services import positioning

    card = await screen.desk.read(positioning.card, group_id)

    async def save(text: str) -> None:
        await screen.desk.write(positioning.set_card, replace(card, welcome=text))
        await screen.room.changed()

    notes = [_("{group} stands for the group's name; {nick} is for you to fill in")]
    await screen.app.push_screen_wait(TextBox(_("The welcome"), card.welcome, save, notes))


async def edit_rule(screen: PositioningScreen, group_id: int, rule: HouseRule | None) -> None:
    """Write a rule, or another one."""
    from qunguan.services import positioning

    made: list[HouseRule] = []

    async def save(values: dict[str, str]) -> None:
        if rule is None:
            made.append(await screen.desk.write(positioning.add_rule, group_id, values["text"]))
        else:
            made.append(await screen.desk.write(positioning.edit_rule, group_id, rule.id, values["text"]))

    title = _("A new rule") if rule is None else _("Rule {n}", n=rule.place)
    field = Field("text", _("rule"), rule.text if rule else "", _("one sentence people can follow"))
    if await screen.app.push_screen_wait(Form(title, [field], save)) is not None:
        screen.come_to_rule(made[0].id)
        await screen.room.changed()


async def note_violation(screen: PositioningScreen, group_id: int, rules: tuple[HouseRule, ...]) -> None:
    """Who, which rule, and what follows from it."""
    from qunguan.services import members, positioning

    who = await screen.app.push_screen_wait(FindMember(_("Who broke a rule?"), finder(screen)))
    if who is None:
        return
    name = (await screen.desk.read(members.labels, [who]))[0]
    told = await screen.desk.read(positioning.next_step, screen.room.clock, group_id, who)
    texts: list[str] = []

    async def save(values: dict[str, str]) -> None:
        rule_id = next((rule.id for rule in rules if str(rule.id) == values.get("rule")), None)
        noted = await screen.desk.write(
            positioning.note_violation, group_id, who, rule_id, step=values["step"], note=values["note"]
        )
        texts.append(noted.text)

    which = [Field("rule", _("rule"), str(rules[0].id), choices=(
        *((str(rule.id), rule.text) for rule in rules), (_NONE, _("none of them"))))] if rules else []  # fmt: skip
    steps = tuple((step, _(label)) for step, label in STEPS.items())
    fields = [*which, Field("step", _("step"), told.step, choices=steps), Field("note", _("note"))]
    notes = [_("suggested: {step}", step=_(STEPS[told.step])), str(told.why), _("a removal ends their stay today")]
    if await screen.app.push_screen_wait(Form(_("{name} broke a rule", name=name), fields, save, notes)) is not None:
        await screen.room.changed()
        screen.say(texts[0])


class Preset(Dialog[bool]):
    """What a business preset would change; y does it."""

    WIDE = True
    BINDINGS = [Binding("y,ｙ,Y", "yes", show=False), Binding("n,ｎ,N,enter", "leave", show=False)]  # noqa: RUF012

    def __init__(self, diff: Diff) -> None:
        many = len(diff.of("new", "change"))
        told = ngettext("{name}: {n} change", "{name}: {n} changes", many, name=diff.business.name)
        super().__init__(told, _("↑ ↓ scroll · y put it in force · n or Esc no"))
        self._diff = diff

    def contents(self) -> ComposeResult:
        """The changes, scrolling."""
        with VerticalScroll():
            for line in diff_told(self._diff):
                yield Static(line)

    def on_mount(self) -> None:
        for box in self.query(VerticalScroll):
            self.set_focus(box)

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)


async def take_preset(screen: PositioningScreen, group_id: int) -> None:
    """Choose a preset, see what it changes, put it in force."""
    from qunguan.services import business

    choices = [Choice(each.id, each.name, each.about) for each in presets().values()]
    chosen = await screen.app.push_screen_wait(Choose(_("Begin by trade, or by who you are"), choices))
    if chosen is None:
        return
    diff = await screen.desk.read(business.preview, screen.room.clock, group_id, chosen)
    if not diff.of("new", "change"):
        screen.say(_("Nothing had to change."))
        return
    if await screen.app.push_screen_wait(Preset(diff)):
        done = await screen.desk.write(business.apply, group_id, chosen)
        await screen.room.changed()
        screen.say(_("{name} is in force; u takes all of it back", name=done.business.name))
