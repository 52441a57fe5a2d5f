"""What changes segments: tags of a bucket, terms with who moves shown first, own schemes, buckets set by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.domain.condition_reader import condition_typed
from qunguan.domain.condition_words import written
from qunguan.domain.scheme_views import Filled, Shown
from qunguan.domain.schemes import OWN, Bucket, Scheme, changed_bucket, own_buckets
from qunguan.exchange.writers.segments import label_text
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.screens.segments_lines import moves_lines
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.segments import SegmentsScreen

_NOW, _RULE = "now", "rule"
HELP = (
    N_("a line a bucket, asked from the top: name = condition; the last may be a name alone, for everybody else"),
    N_("发言≥5/7天 · 消费≥1000/365天 · 打卡<1/30天 · 未消费 · 加入<7天 · 没互动≥90天 · 标签=VIP · 渠道=小红书"),
    N_("且 and 或 join them, 非 turns one around, brackets group"),
)


async def tag(screen: SegmentsScreen, filled: Filled) -> None:
    """A tag onto everybody who is in the bucket now, or one by rule that follows its condition."""
    from qunguan.services import members, segments

    how = _NOW
    if filled.bucket.when is not None:
        choices = [
            Choice(_NOW, _("now"), ngettext("{n} member gets it", "{n} members get it", len(filled.members))),
            Choice(_RULE, _("by rule"), _("whoever meets the condition has it, today and later")),
        ]
        chosen = await screen.app.push_screen_wait(Choose(_("How is the tag given?"), choices))
        if chosen is None:
            return
        how = chosen
    label = label_text(screen.found.scheme, filled.bucket)

    async def give(values: dict[str, str]) -> None:
        ids = [who for who, _name in filled.members]
        n = await screen.desk.write(members.tag, ids, values["name"])
        screen.say(ngettext("{n} member has the tag {tag} now", "{n} members have the tag {tag} now", n,
                            tag=values["name"]))  # fmt: skip

    async def rule(values: dict[str, str]) -> None:
        made = await screen.desk.write(segments.add_tag_rule, values["name"], values["when"])
        screen.say(_("the tag {tag} follows its rule from now on", tag=made.label))

    fields = [Field("name", _("tag"), filled.bucket.name)]
    if how == _RULE and filled.bucket.when is not None:
        fields.append(Field("when", _("condition"), written(filled.bucket.when)))
    form = Form(_("A tag for {label}", label=label), fields, rule if how == _RULE else give)
    if await screen.app.push_screen_wait(form) is not None:
        await screen.room.changed()


async def edit_bucket(screen: SegmentsScreen, found: Shown, bucket: Bucket) -> None:
    """Change name, condition and service of a bucket; who moves is shown, and nothing is saved before yes."""
    from qunguan.services import segments

    scheme, today = found.scheme, screen.room.today
    fields = [
        Field("name", _("name"), bucket.name),
        Field("when", _("condition"), written(bucket.when) if bucket.when else "", _("everybody else")),
        Field("service", _("what to do"), _(bucket.service) if bucket.service else ""),
        Field("reason", _("reason"), hint=_("why the terms change")),
    ]
    made: list[tuple[Bucket, ...]] = []

    async def read(values: dict[str, str]) -> None:
        when = condition_typed(values["when"]) if values["when"] else None
        made.append(changed_bucket(scheme.buckets(today), bucket.code, when=when, name=values["name"],
                                   service=values["service"]))  # fmt: skip

    values = await screen.app.push_screen_wait(Form(label_text(scheme, bucket), fields, read, [_(HELP[2])]))
    if values is None:
        return
    moves = await screen.desk.read(segments.preview, screen.room.clock, scheme.code, made[-1])
    details = [*moves_lines(moves), _("Labels of days gone by stay as they were.")]
    if await screen.app.push_screen_wait(Confirm(_("Put these terms in force today?"), details)):
        await screen.desk.write(segments.save_scheme, scheme.code, made[-1], reason=values["reason"])
        screen.say(_("{scheme}: new terms from today on (u takes them back)", scheme=scheme.name))
        await screen.room.changed()


async def new_scheme(screen: SegmentsScreen) -> None:
    """A scheme in the owner's words: its name, then a line for each bucket; who is in which is shown first."""
    from qunguan.services import segments

    told: list[str] = []

    async def named(values: dict[str, str]) -> None:
        told.append(values["name"])

    if await screen.app.push_screen_wait(Form(_("A scheme of my own"), [Field("name", _("name"))], named)) is None:
        return
    made: list[tuple[Bucket, ...]] = []

    async def read(text: str) -> None:
        made.append(own_buckets(text.splitlines()))

    notes = [_(line) for line in HELP]
    if await screen.app.push_screen_wait(TextBox(told[-1], "", read, notes)) is None:
        return
    moves = await screen.desk.read(segments.preview, screen.room.clock, "", made[-1])
    title = _("Make the scheme {scheme}?", scheme=told[-1])
    if await screen.app.push_screen_wait(Confirm(title, moves_lines(moves)[:1])):
        done = await screen.desk.write(segments.create, told[-1], made[-1])
        screen.turn_to(done.code)
        await screen.room.changed()


async def lock(screen: SegmentsScreen, found: Shown, member_id: int) -> None:
    """Put a member into a bucket by hand, with the reason, until a day or until it is taken off."""
    from qunguan.domain.errors import BadInput
    from qunguan.exchange.readers.cells import date_cell
    from qunguan.services import segments

    choices = [Choice(each.bucket.code, each.bucket.name) for each in found.buckets]
    chosen = await screen.app.push_screen_wait(Choose(_("Into which bucket?"), choices))
    if chosen is None:
        return

    async def save(values: dict[str, str]) -> None:
        if not values["reason"]:
            raise BadInput("the reason is empty", hint="say in a few words why it is set by hand")
        until = date_cell(values["until"]) if values["until"] else None
        done = await screen.desk.write(
            segments.lock, found.scheme.code, member_id, chosen, reason=values["reason"], until=until
        )
        screen.say(_("set by hand: {label} (u takes it back)", label=label_text(found.scheme, done)))

    fields = [
        Field("reason", _("reason")),
        Field("until", _("until"), hint=_("a day; empty: until it is taken off"), day="next"),
    ]
    if await screen.app.push_screen_wait(Form(_("Set by hand"), fields, save)) is not None:
        await screen.room.changed()


async def take_off(screen: SegmentsScreen, scheme: Scheme, member_id: int | None) -> None:
    """Let a member follow the terms again; go back to the shipped terms; remove one of the owner's own schemes."""
    from qunguan.services import segments

    if member_id is not None:
        bucket = await screen.desk.write(segments.unlock, scheme.code, member_id)
        screen.say(_("follows the terms again: {label}", label=label_text(scheme, bucket)))
        await screen.room.changed()
        return
    own = scheme.code.startswith(OWN)
    if not own and not scheme.changed:
        screen.say(_("{scheme} is as shipped; c switches it off", scheme=scheme.name), "warning")
        return
    title = _("Remove the scheme {scheme}?", scheme=scheme.name) if own else _(
        "Back to the shipped terms of {scheme}?", scheme=scheme.name)  # fmt: skip
    if await screen.app.push_screen_wait(Confirm(title, [_("u brings it back.")])):
        await screen.desk.write(segments.remove if own else segments.reset, scheme.code)
        await screen.room.changed()
