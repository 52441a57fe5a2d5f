"""What feedback asks the owner: what was said, what to answer, how to make it good, a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.domain.feedback import KINDS, SEVERITIES, Feedback, FeedbackDraft, short
from qunguan.domain.feedback_categories import categories
from qunguan.domain.scripts import in_words
from qunguan.exchange.readers.moments import moment_typed
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.exchange.readers.feedback import FeedbackSheet
    from qunguan.tui.screens.feedback import FeedbackScreen

_OWN = "own"


async def add(screen: FeedbackScreen) -> None:
    """What somebody said: kind, words, who, category."""
    from qunguan.domain.errors import NotFound
    from qunguan.services import feedback, members

    group = screen.group

    async def save(values: dict[str, str]) -> None:
        who = values["who"]
        try:
            member_id = await screen.desk.read(members.resolve, who) if who.strip() else None
        except NotFound:  # not in the roster: they are kept by what they are called
            member_id = None
        at = moment_typed(values["at"], group.day_rule, screen.room.clock.now())
        draft = FeedbackDraft(values["kind"], values["text"], member_id, who, values["category"], values["severity"],
                              values["channel"], at)  # fmt: skip
        made = await screen.desk.write(feedback.add, group.id, draft)
        screen.say(_("Written down: Enter answers it"))
        screen.aim(made.id)
        await screen.room.changed()

    kinds = tuple((kind, _(label)) for kind, label in KINDS.items())
    known = tuple((each.id, each.name) for each in categories().values())
    severities = (("", _("as the category says")), *((each, _(label)) for each, label in SEVERITIES.items()))
    fields = [
        Field("text", _("what was said")),
        Field("who", _("who said it"), "", _("a member, or what they are called")),
        Field("kind", _("kind"), "complaint", choices=kinds),
        Field("category", _("category"), "", _("may stay empty"), choices=known),
        Field("severity", _("how urgent"), "", choices=severities),
        Field("channel", _("where it was said"), "", _("group, private, reviews, phone")),
        Field("at", _("said at"), "", _("such as 14:05; empty: now")),
    ]
    await screen.app.push_screen_wait(Form(_("What somebody said"), fields, save))


async def answer(screen: FeedbackScreen, one: Feedback) -> None:
    """Choose a ready text, make it fit, note it and copy it."""
    from qunguan.services import feedback
    from qunguan.tui.gaps import filled_in
    from qunguan.tui.outgoing import send_out

    ready = await screen.desk.read(feedback.answers, screen.room.clock, one)
    choices = [Choice(str(place), each.name, short(in_words(each.text), 40)) for place, each in enumerate(ready)]
    choices.append(Choice(_OWN, _("in words of your own")))
    chosen = await screen.app.push_screen_wait(Choose(_("Answer {name} with", name=one.name or "—"), choices))
    if chosen is None:
        return
    text = ""
    if chosen != _OWN:
        picked = ready[int(chosen)]
        text = picked.text
        if picked.missing:
            told = await filled_in(screen.room, text, picked.missing, picked.name)
            if told is None:
                return
            text = told[0]

    async def save(body: str) -> None:
        done = await screen.desk.write(feedback.reply, one.id, body)
        screen.keep(one)
        screen.aim(one.id)
        await send_out(screen.room, done.steps[-1].text, f"feedback-{one.id}")
        screen.say(_("Noted as answered and copied: paste it to {name}", name=one.name or "—"))
        await screen.room.changed()

    await screen.app.push_screen_wait(TextBox(_("Answer"), text, save, one.text.splitlines()[:3]))


async def make_good(screen: FeedbackScreen, one: Feedback) -> None:
    """What comes next: amends offered, then delivered, then what became of the review."""
    from qunguan.services import feedback

    if one.made_good is None:
        await _words(screen, one, _("What do you offer to make it good?"), feedback.offer)
    elif one.made_good == "offer":
        await _words(screen, one, _("It was delivered: what and how?"), feedback.make_good)
    elif one.kind != "review":
        screen.say(_("It was made good: Space settles it"))
    else:
        choices = [Choice("turned", _("the review was turned")), Choice("stays", _("the review stays"))]
        chosen = await screen.app.push_screen_wait(Choose(_("What became of the review?"), choices))
        if chosen is not None:
            await screen.desk.write(feedback.turned, one.id, stays=chosen == "stays")
            screen.keep(one)
            screen.say(_("Settled; u takes it back"))
            await screen.room.changed()


async def _words(screen: FeedbackScreen, one: Feedback, title: str, service: Any) -> None:
    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(service, one.id, values["text"])
        screen.keep(one)
        screen.aim(one.id)
        await screen.room.changed()

    notes = [one.name, short(one.text, 60)]
    await screen.app.push_screen_wait(
        Form(title, [Field("text", _("what and how"))], save, [each for each in notes if each])
    )


async def take_in(screen: FeedbackScreen) -> None:
    """A sheet, looked at before anything is written."""
    from qunguan.services import feedback

    group = screen.group

    async def read(source: Path | str) -> FeedbackSheet:
        return await screen.desk.call(_read, source, group.day_rule.zone)

    notes = [_("A table with a column of words; who, when, kind and category where there are such columns.")]
    sheet = await screen.app.push_screen_wait(SourceBox(_("A sheet of feedback"), read, notes))
    if sheet is None:
        return
    would = await screen.desk.rehearse(feedback.import_rows, group.id, sheet.rows)
    details = []
    if would.again:
        details.append(ngettext("{n} was written down already", "{n} were written down already", would.again))
    if would.strangers:
        details.append(_("kept by name, because nobody in the roster is called so: {names}",
                         names=_(", ").join(would.strangers[:5])))  # fmt: skip
    refused = [*sheet.rejected, *would.rejected]
    details += map(str, refused[:5])
    title = ngettext("Take in {n} line of feedback?", "Take in {n} lines of feedback?", would.added)
    if not await screen.app.push_screen_wait(Confirm(title, details)):
        return
    done = await screen.desk.write(feedback.import_rows, group.id, sheet.rows)
    screen.say(ngettext("{n} line of feedback is new", "{n} lines of feedback are new", done.added))
    await screen.room.changed()


def _read(source: Path | str, zone: str) -> FeedbackSheet:
    from qunguan.exchange.readers.decode import read_bytes
    from qunguan.exchange.readers.feedback import read_feedback
    from qunguan.exchange.readers.sheets import sheet_from_bytes

    if isinstance(source, Path):
        return read_feedback(sheet_from_bytes(read_bytes(source), source.name), zone)
    return read_feedback(sheet_from_bytes(source.encode(), "clipboard.csv"), zone)
