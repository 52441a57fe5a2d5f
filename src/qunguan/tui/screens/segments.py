"""Segments: schemes side by side, who is in which bucket on any day and why, and what to do for them."""

from __future__ import annotations

from typing import cast

from textual.content import Content

from qunguan.domain.scheme_views import Filled, Shown
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.exchange.writers.segments import label_text, names_text, segments_table
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import segments_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import TextView

_FIRST = "life.7"
_OF_BUCKET = {"tag", "copy", "wake"}


class SegmentsScreen(PastDayScreen):
    """The buckets of one scheme; Enter shows who is in one, `s` goes to the next scheme, `[` and `]` through days."""

    noun = "segments"
    KEEPS = ("_code", "past_day", "_bucket")
    BINDINGS = bindings("segments")
    SEARCH_HINT = N_("name · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._code = _FIRST
        self._bucket: str | None = None  # the code of the bucket whose members are shown
        self._shown: Shown | None = None
        self._schemes: tuple[Scheme, ...] = ()
        self._labels: dict[int, list[str]] = {}

    # -- what is shown

    @property
    def found(self) -> Shown:
        """The scheme that is shown."""
        assert self._shown is not None
        return self._shown

    async def listing(self) -> Listing:
        """The buckets, of a search those with somebody it finds, or who is in one."""
        from qunguan.services import segments

        self._schemes = await self.desk.read(segments.all_schemes)
        if self._code not in {each.code for each in self._schemes}:
            self._code, self._bucket = _FIRST, None
        group = self.room.group
        self._shown = found = await self.desk.read(
            segments.show, self.room.clock, self._code, self.past_day, group.id if group else None
        )
        filled = self._filled()
        bucket = filled.bucket if filled and self._bucket is not None else None
        headline = drawing.headline(found, bucket, self.search, today=self.past_day is None)
        empty = drawing.empty_text(bucket)
        if filled is None or bucket is None:
            lines = [one for one in drawing.buckets(found) if not self.search or drawing.holds(one[1], self.search)]
            source = Lines(lines, lambda one: one[0], lambda one: drawing.bucket_cells(found, one[1]))
            return Listing(drawing.bucket_columns(found), source, headline, empty)
        people = [one for one in filled.members if drawing.finds(self.search, one[1])]
        await self._read_labels([who for who, _name in people])
        who = Lines(people, lambda one: one[0], lambda one: drawing.member_cells(one, self._labels.get(one[0], ())))
        return Listing(drawing.member_columns(), who, headline, empty)

    async def _read_labels(self, ids: list[int]) -> None:
        from qunguan.services import segments

        found = await self.desk.read(segments.labels, self.room.clock, self.past_day, ids)
        self._labels = {
            who: [str(each) for each in labels if each.scheme.code != self._code] for who, labels in found.items()
        }

    def _filled(self) -> Filled | None:
        """The bucket under the cursor, or the one whose members are shown."""
        lines = drawing.buckets(self.found)
        if self._bucket is not None:
            return next((each for _key, each in lines if each.bucket.code == self._bucket), None)
        key = self.key if self.is_attached and self.table.current else None
        return next((each for number, each in lines if number == key), None)

    @property
    def member_id(self) -> int | None:
        """The member under the cursor."""
        return self.key if self._bucket is not None else None

    async def beside(self, key: int) -> Content:
        """What the bucket asks for and what to do; of a member, why they are in it."""
        if self._bucket is None:
            filled = self._filled()
            return drawing.bucket_side(self.found, filled) if filled else Content("")
        return Content("\n").join(drawing.member_side(await self._why(key), self._labels.get(key, ())))

    async def _why(self, member_id: int) -> list[str]:
        from qunguan.services import segments

        return [str(line) for line in await self.desk.read(
            segments.why, self.room.clock, self._code, member_id, self.past_day)]  # fmt: skip

    # -- actions

    def blocked(self, verb: str) -> str:
        """Some actions are for a bucket, some for somebody in it; nothing is changed on a past day."""
        filled = self._filled() if self._shown else None
        if told := super().blocked(verb):
            return told
        if verb in _OF_BUCKET and filled is None:
            return _("put the cursor on a bucket")
        if verb in ("open", "why") and self.key is None:
            return _("the list is empty: s shows another scheme")
        if verb == "lock" and self.member_id is None:
            return _("this is for a member: Enter shows who is in the bucket")
        if verb in ("lock", "edit") and self._shown and self._shown.scheme.kind == "rfm":
            return _("RFM is worked out from orders: its cut points are rules, in Settings (0)")
        if verb == "edit" and (filled is None or not filled.bucket.code):
            return _("put the cursor on a bucket with terms")
        if verb == "wake" and self.room.group is None:
            return _("no group is in hand: g chooses one")
        return ""

    async def do_open(self) -> None:
        """Who is in the bucket; the member's card."""
        if self.member_id is not None:
            open_card(self, self.member_id)
            return
        self._bucket = cast("Filled", self._filled()).bucket.code
        await self.show(keep=False)

    async def leave(self) -> None:
        """Esc: the search, then from the members back to the buckets."""
        if not self.search and self._bucket is not None:
            code, self._bucket = self._bucket, None
            self._aimed = next((key for key, each in drawing.buckets(self.found) if each.bucket.code == code), None)
            await self.show()
        await super().leave()

    async def do_sort(self) -> None:
        """The next scheme that is on."""
        codes = [each.code for each in self._schemes if each.enabled or each.code == self._code]
        self._code = next_of(codes, self._code)
        self._bucket = None
        await self.show(keep=False)

    async def do_choose(self) -> None:
        """Choose a scheme; one that is off is switched on by choosing it, the one in hand off."""
        begin(self, self._choose())

    async def _choose(self) -> None:
        from qunguan.services import segments

        choices = [Choice(each.code, *drawing.scheme_choice(each)) for each in self._schemes]
        scheme = self.found.scheme
        if scheme.enabled:
            choices.append(Choice("-", _("switch off {scheme}", scheme=scheme.name)))
        choices.append(Choice("+", _("a scheme of my own")))
        chosen = await self.app.push_screen_wait(Choose(_("Which scheme?"), choices))
        if chosen == "+":
            await self.do_add()
        elif chosen == "-":
            await self.desk.write(segments.switch, scheme.code, enabled=False)
            self.say(_("{scheme} is off: it labels nobody; c shows it again", scheme=scheme.name))
            await self.room.changed()
        elif chosen is not None:
            await self._turn_to(chosen)

    async def _turn_to(self, code: str) -> None:
        from qunguan.services import segments

        self._code, self._bucket = code, None
        if not next(each for each in self._schemes if each.code == code).enabled:
            await self.desk.write(segments.switch, code, enabled=True)
            await self.room.changed()
        await self.show(keep=False)

    async def do_cross(self) -> None:
        """This scheme across another one."""
        begin(self, self._cross())

    async def _cross(self) -> None:
        from qunguan.services import segments

        others = [each for each in self._schemes if each.code != self._code and each.enabled]
        choices = [Choice(each.code, *drawing.scheme_choice(each)) for each in others]
        chosen = await self.app.push_screen_wait(Choose(_("Across which scheme?"), choices))
        if chosen is None:
            return
        group = self.room.group
        found = await self.desk.read(
            segments.cross, self.room.clock, self._code, chosen, self.past_day, group.id if group else None
        )
        title = f"{found.a.name} × {found.b.name} · {found.day}"
        await self.app.push_screen(TextView(title, [literal(line) for line in drawing.cross_lines(found)]))

    async def do_wake(self) -> None:
        """The member, or everybody of the bucket who is in the group, onto a wake list."""
        from qunguan.tui.screens.cleaning_forms import wake_up

        filled = cast("Filled", self._filled())
        ids = [self.member_id] if self.member_id is not None else [who for who, _name in filled.members]
        begin(self, wake_up(self, self.group.id, ids))

    async def do_tag(self) -> None:
        """A tag for everybody of the bucket, now or by rule."""
        from qunguan.tui.screens.segments_forms import tag

        begin(self, tag(self, cast("Filled", self._filled())))

    async def do_edit(self) -> None:
        """What the bucket asks for; who moves is shown first."""
        from qunguan.tui.screens.segments_forms import edit_bucket

        begin(self, edit_bucket(self, self.found, cast("Filled", self._filled()).bucket))

    async def do_add(self) -> None:
        """A scheme of one's own."""
        from qunguan.tui.screens.segments_forms import new_scheme

        begin(self, new_scheme(self))

    async def do_lock(self) -> None:
        """Keep the member in a bucket by hand."""
        from qunguan.tui.screens.segments_forms import lock

        begin(self, lock(self, self.found, cast("int", self.member_id)))

    async def do_remove(self) -> None:
        """Let the member follow the terms again; back to the shipped terms; remove an own scheme."""
        from qunguan.tui.screens.segments_forms import take_off

        begin(self, take_off(self, self.found.scheme, self.member_id))

    def turn_to(self, code: str) -> None:
        """Show this scheme the next time something is read."""
        self._code, self._bucket = code, None

    async def do_copy(self) -> None:
        """The names of the bucket."""
        filled = cast("Filled", self._filled())
        await copy_out(self.room, names_text(self.found.scheme, filled), f"segment-{self._code}-{filled.bucket.code}")

    async def do_export(self) -> None:
        """Everybody with their label."""
        table = segments_table(self.found)

        async def made() -> Table:
            return table

        export(self.room, _("Export the members with their labels"), f"segments-{self._code}-{self.day}", made)

    async def do_why(self) -> None:
        """Why the member is in the bucket; what the bucket asks for."""
        if self.member_id is not None:
            told = drawing.member_side(await self._why(self.member_id), self._labels.get(self.member_id, ()))
            title = label_text(self.found.scheme, self._bucket_shown())
        else:
            filled = cast("Filled", self._filled())
            told, title = drawing.why_bucket(self.found, filled), label_text(self.found.scheme, filled.bucket)
        await self.app.push_screen(TextView(title, told))

    def _bucket_shown(self) -> Bucket | None:
        filled = self._filled()
        return filled.bucket if filled else None


SCREEN = SegmentsScreen
