"""What the ties between members ask the owner: a skill, an introduction and its end, thanks, a partner, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.domain.relations import CO_CREATOR, KINDS, OUTCOMES, Introduction, Kind, Owed
from qunguan.domain.text import show
from qunguan.exchange.readers import words
from qunguan.exchange.readers.relations import read_notes
from qunguan.i18n import N_, _, labelled, ngettext
from qunguan.tui.screens.table_in import TableKind, ask_table, remember
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.relations import RelationsScreen

_LISTED = 12


def note(screen: RelationsScreen, kind: Kind) -> Form:
    """What a member can do or needs."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members, relations

        member_id = await screen.desk.read(members.resolve, values["who"])
        chosen: Kind = "skill" if values["kind"] == "skill" else "need"
        await screen.desk.write(relations.note, member_id, chosen, values["text"], values["more"])
        await screen.room.changed()

    fields = [
        Field("who", _("member"), "", _("id, name or alias")),
        Field("kind", _("kind"), kind, "", tuple((each, _(label)) for each, label in KINDS.items())),
        Field("text", _("what is noted"), "", _("a few words: photos of children")),
        Field("more", _("note"), "", _("may stay empty")),
    ]
    return Form(_("What a member can do or needs"), fields, save)


def introduce(screen: RelationsScreen, seeker: str = "", giver: str = "", about: str = "") -> Form:
    """Bring two members together."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members, relations

        one, other = [await screen.desk.read(members.resolve, values[each]) for each in ("seeker", "giver")]
        made = await screen.desk.write(relations.introduce, one, other, values["about"])
        screen.say(_("{giver} was introduced to {seeker}: {about}", giver=show(made.giver), seeker=show(made.seeker),
                     about=show(made.about)))  # fmt: skip
        await screen.room.changed()

    who = _("id, name or alias")
    fields = [Field("seeker", _("who needs"), seeker, who), Field("giver", _("who may help"), giver, who),
              Field("about", _("what it was about"), about)]  # fmt: skip
    return Form(_("Introduce two members"), fields, save, [_("Ask both first; y in the list copies the words.")])


def outcome(screen: RelationsScreen, one: Introduction) -> Form:
    """What came of an introduction."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import relations

        await screen.desk.write(relations.settle, one.id, values["outcome"])
        await screen.room.changed()

    choices = tuple((code, _(label)) for code, label in OUTCOMES.items())
    names = labelled(f"{show(one.seeker)} ← {show(one.giver)}", show(one.about))
    field = Field("outcome", _("what came of it"), one.outcome, _("or own words"), choices)
    return Form(_("What came of it?"), [field], save, [names])


def thank(screen: RelationsScreen, one: Owed) -> Form:
    """They were thanked."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import relation_thanks

        group = screen.room.group
        await screen.desk.write(
            relation_thanks.thank, one.member_id, values["how"], group_id=group.id if group else None
        )
        await screen.room.changed()

    field = Field("how", _("in what way"), "", _("in private, in the group, with a coupon …"))
    return Form(_("{name} was thanked", name=show(one.name)), [field], save, [one.why])


def owe(screen: RelationsScreen) -> Form:
    """Somebody is to be thanked."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members, relation_thanks

        group = screen.room.group
        member_id = await screen.desk.read(members.resolve, values["who"])
        await screen.desk.write(relation_thanks.owe, member_id, values["reason"], group.id if group else None)
        await screen.room.changed()

    fields = [Field("who", _("member"), "", _("id, name or alias")), Field("reason", _("thanked for"))]
    return Form(_("Who is to be thanked, for what?"), fields, save)


def partner(screen: RelationsScreen) -> Form:
    """A member becomes a co-creation partner."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members

        group = screen.room.group
        assert group is not None  # without one nothing is shown
        member_id = await screen.desk.read(members.resolve, values["who"])
        await screen.desk.write(members.set_role, member_id, group.id, CO_CREATOR)
        await screen.room.changed()

    return Form(_("A co-creation partner"), [Field("who", _("member"), "", _("id, name or alias"))], save)


async def take_in(screen: RelationsScreen) -> None:
    """A table of skills and needs, looked at before anything is written; a header nobody knows is asked about once."""
    from qunguan.services import relations

    room = screen.room

    notes = [_("Who, what they can do, what they need (昵称, 技能, 需求); several in a cell as 摄影、剪辑.")]
    labels = {"name": N_("member"), "skill": N_("skill"), "need": N_("need")}
    kind = TableKind("relations", words.RELATIONS, read_notes, labels, ("name",))
    taken = await ask_table(room, _("Skills and needs"), notes, kind)
    if taken is None:
        return
    rows = taken.found.rows
    would = await room.desk.rehearse(relations.import_notes, rows)
    refused = sorted((*taken.found.rejected, *would.rejected, *would.unresolved), key=lambda each: each.row)
    details = [_("{n} were known before", n=would.already)]
    details += map(str, refused[:_LISTED])
    title = ngettext("Take in {n} skill or need?", "Take in {n} skills and needs?", would.added)
    if not await room.push_screen_wait(Confirm(title, details)):
        return
    await remember(room, kind, taken)
    done = await room.desk.write(relations.import_notes, rows)
    screen.say(ngettext("{n} skill or need is new", "{n} skills and needs are new", done.added))
    await room.changed()
