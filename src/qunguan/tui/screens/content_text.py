"""Of one post: its text written, whom it is for, and what the rules say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content

from qunguan.domain.content import Post
from qunguan.domain.content_mix import KINDS, Mix, percent
from qunguan.domain.rules import preset
from qunguan.domain.sources import cited, codes
from qunguan.i18n import _
from qunguan.tui.clipboard import copy_out
from qunguan.tui.screens import content_lines as drawing
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.services.content import Audience
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.content import ContentScreen

_RULES = ("alert.ads_month", "content.apart_minutes", "content.duplicate_days", "alert.touches_day")


async def write_text(screen: ContentScreen, post: Post) -> None:
    """Write what goes into the group."""
    from qunguan.services import content

    async def save(text: str) -> None:
        await screen.desk.write(content.edit, replace(post, draft=replace(post.draft, text=text)))
        screen.say(_("The text of {name} is kept", name=post.title))
        await screen.room.changed()

    notes = [_("This is what y copies. An ad begins with the words that say so.")]
    await screen.app.push_screen_wait(TextBox(_("Text of {name}", name=post.title), post.draft.text, save, notes))


class AudienceView(TextView):
    """Who should see a post; y copies the names."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y,ｙ,Y", "copy", show=False)]

    def __init__(self, found: Audience) -> None:
        lines = [*_parts(found), Content(""), *(literal(name) for _id, name in found.members)]
        super().__init__(_("Who should see {name}", name=found.post.title), lines)
        self._keys = _("y copy the names · ↑ ↓ scroll · Esc close")
        self._found = found

    async def action_copy(self) -> None:
        """The names, a line each."""
        text = "\n".join(name for _id, name in self._found.members)
        await copy_out(cast("QunguanApp", self.app), text, f"audience-{self._found.post.id}")


def _parts(found: Audience) -> list[Content]:
    if found.everyone:
        return [literal(_("It names no tag and no bucket: it is for everybody, {n} members", n=found.present), "bold")]
    head = _("{n} of {present} members", n=len(found.members), present=found.present)
    return [literal(head, "bold"), *(literal(f"{name}  {n}", "$text-muted") for name, n in found.parts)]


async def show_audience(screen: ContentScreen, post: Post) -> None:
    """Who should see the post."""
    from qunguan.services import content

    found = await screen.desk.read(content.audience, screen.room.clock, post.id)
    await screen.app.push_screen(AudienceView(found))


async def show_why(screen: ContentScreen, post: Post) -> None:
    """What is said of the post, how the mix is counted, and the sources of the rules."""
    from qunguan.services import content, insights

    clock = screen.room.clock
    found = await screen.desk.read(content.outlook, clock, screen.group.id, post.draft, post)
    mix = await screen.desk.read(content.mix, clock, screen.group.id, post.day)
    awake = await screen.desk.read(insights.hours, clock, screen.group.id)
    told = [literal(str(each.why)) for each in found.findings] or [literal(_("Nothing speaks against it."))]
    if awake.best_hour is not None:  # what the group itself says of the hour (C23)
        told += [literal(str(line), "$text-muted") for line in awake.advice]
    await screen.app.push_screen(
        TextView(post.title, [*told, Content(""), *mix_story(mix), Content(""), *_sources(mix)])
    )


def mix_story(mix: Mix) -> list[Content]:
    """How the mix is counted."""
    head = _("{mix}: {posted} posted from {first} to {last}, {n} with plans up to {until}",
             mix=mix.preset.raw, posted=mix.posted, first=mix.first, last=mix.last, n=mix.n,
             until=mix.until)  # fmt: skip
    told, off = [literal(head, "bold")], mix.deviation or {}
    for kind in KINDS if off else ():
        line = _("{kind}: {n} of {whole}, {points} points from the target {target} %",
                 kind=drawing.kind_said(mix.preset, kind), n=mix.counts.get(kind, 0), whole=mix.n,
                 points=f"{off[kind] * 100:+.1f}", target=percent(mix.target[kind]))  # fmt: skip
        told.append(literal(line, "$text-muted"))
    return told


def _sources(mix: Mix) -> list[Content]:
    known = dict.fromkeys(code for rule_id in _RULES for code in codes(preset(rule_id).source))
    told = [*cited(mix.preset.source), *cited("semantics 3.14"), *cited(", ".join(known))]
    return [literal(line, "$text-muted") for line in dict.fromkeys(told)]
