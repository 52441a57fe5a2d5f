"""The member's card: everything on one page as of any day, and its short form beside the roster."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.actions import Action, of, shown
from qunguan.domain.errors import UserError
from qunguan.domain.members import birthday_text, masked_phone
from qunguan.domain.profiles import MemberPage, Profile
from qunguan.domain.tags import join_tags
from qunguan.domain.text import screen
from qunguan.exchange.writers.card_lines import (
    Entry,
    known,
    said,
    sections,
    standing_text,
    stay_text,
    timeline,
    with_next,
)
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import key_names
from qunguan.tui.text import joined, literal, notice
from qunguan.tui.widgets.dialogs import Dialog, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_CHANGES = ("edit", "tag", "rejoin", "remove", "erase")
_STAYS = {"copy": "send", "why": "why", "export": "write"}
_DAYS = {"prev": "day(-1)", "next": "day(1)", "now": "day(0)"}
_LABEL_CELLS = 10
_SHORT_EVENTS = 6
_EVENT_CELLS = 28
_SHOWN_DAYS = 60  # of the timeline; the file has all
_YEAR = len("2026-")


def _actions(noun: str, verbs: Sequence[str]) -> list[Action]:
    return [action for action in of(noun) if action.verb in verbs]


class CardView(Dialog[None]):
    """The whole card. What changes the member leaves it with its `verb`; all else is done here."""

    WIDE = True
    SHEET = (
        ("y", N_("Copy a private text for the member; it is in a file too")),
        ("w", N_("Why each number is what it is")),
        ("[ ]", N_("The day before, the day after: the card as it was")),
        (".", N_("Back to today")),
        ("x", N_("Write the whole page to a file, as Markdown")),
        *((shown(action.keys), action.help) for action in _actions("members", _CHANGES)),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q,ｑ", "leave", show=False),
        *(Binding(key_names(each), f"verb('{each.verb}')", show=False) for each in _actions("members", _CHANGES)),
        *(Binding(key_names(each), _STAYS[each.verb], show=False) for each in _actions("members", tuple(_STAYS))),
        *(Binding(key_names(each), _DAYS[each.verb], show=False) for each in _actions("points", tuple(_DAYS))),
    ]
    DEFAULT_CSS = """
    CardView {
        & .page { height: auto; layout: horizontal; }
        & #facts { width: 3fr; height: auto; margin: 0 2 0 0; }
        & #times { width: 2fr; height: auto; }
        &.-narrow .page { layout: vertical; }
        &.-narrow #facts { width: 1fr; margin: 0 0 1 0; }
        &.-narrow #times { width: 1fr; }
        &.-narrow > .box.wide { height: 95%; margin: 0; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, page: MemberPage) -> None:
        """`page` is of today."""
        keys = "  ".join(f"{key} {_(word)}" for key, word in (("y", N_("copy")), ("w", N_("why")), ("x", N_("export"))))
        super().__init__(_title(page, page.day), f"{keys}  Esc {_('back')}")
        self._page, self._today = page, page.day
        self.verb = ""

    def contents(self) -> ComposeResult:
        """What they are and have; beside it, or below, what happened."""
        with VerticalScroll(), Container(classes="page"):
            yield Static(facts(self._page), id="facts", markup=False)
            yield Static(times(self._page), id="times", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))

    @property
    def room(self) -> QunguanApp:
        """The program."""
        return cast("QunguanApp", self.app)

    @property
    def _as_of(self) -> date | None:
        return None if self._page.day == self._today else self._page.day

    def action_verb(self, verb: str) -> None:
        """Leave, and let the roster do this with the member."""
        self.verb = verb
        self.dismiss(None)

    async def action_day(self, step: int) -> None:
        """The card as it was a day before or after; 0 is today, and no day after it."""
        await self._told(self._turn(step))

    async def action_send(self) -> None:
        """Copy the private text."""
        await self._told(copy_private(self.room, self._page))

    async def action_why(self) -> None:
        """Why each number is what it is."""
        await self._told(self._explain())

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as error:
            notice(self.app, str(error), "error")

    async def _turn(self, step: int) -> None:
        from qunguan.services import profiles

        day = min(self._today, self._page.day + timedelta(days=step)) if step else self._today
        as_of = None if day == self._today else day
        person = self._page.card.member.id
        self._page = await self.room.desk.read(profiles.page, self.room.clock, person, as_of)
        self.query_one(".title", Static).update(literal(_title(self._page, self._today)))
        self.query_one("#facts", Static).update(facts(self._page))
        self.query_one("#times", Static).update(times(self._page))

    async def _explain(self) -> None:
        from qunguan.services import profiles
        from qunguan.tui.screens.members_why import WhyView

        person = self._page.card.member.id
        reasons = await self.room.desk.read(profiles.reasons, self.room.clock, person, self._as_of)
        self.app.push_screen(WhyView(self._page, reasons))

    def action_write(self) -> None:
        """Write the page to a file."""
        from qunguan.exchange.writers.cards import card_markdown
        from qunguan.tui.clipboard import FOLDER

        room, page = self.room, self._page
        assert room.desk.path is not None
        folder = room.desk.path.parent / FOLDER

        async def save(values: dict[str, str]) -> None:
            path = Path(values["path"]).expanduser()
            await room.desk.call(_write, path, card_markdown(page), folder)
            notice(room, _("Written: {path}", path=path.absolute()))

        start = str(folder / f"{_('member')}-{page.card.member.id}.md")
        notes = [_("The whole page with phone and notes, as Markdown: for you, not for the group.")]
        self.app.push_screen(Form(_("Write the card to a file"), [Field("path", _("file"), start)], save, notes))


async def copy_private(room: QunguanApp, page: MemberPage) -> None:
    """Copy the text for the member."""
    from qunguan.exchange.writers.cards import card_text
    from qunguan.services import rules
    from qunguan.tui.clipboard import copy_out

    limit = int(await room.desk.read(rules.value, "board.text_limit"))
    await copy_out(room, card_text(page, limit), f"{_('member')}-{page.card.member.id}")


def facts(page: MemberPage) -> Content:
    """What they are and have, section by section."""
    lines: list[Content] = []
    for title, entries in sections(page):
        if not entries:
            continue
        if lines:
            lines.append(Content(""))
        if title:
            lines.append(literal(title, "bold $primary"))
        bare = not any(label for label, _text in entries)
        lines += [literal(text) if bare else _line((label, text)) for label, text in entries]
    return Content("\n").join(lines)


def times(page: MemberPage) -> Content:
    """What happened, day by day, the newest first."""
    days = list(timeline(page))
    lines = [literal(_("Timeline"), "bold $primary")]
    for day, told in islice(days, _SHOWN_DAYS):
        for number, text in enumerate(_packed(told)):
            head = f"{day}  " if not number else " " * (len(str(day)) + 2)
            lines.append(joined((head, "$text-muted"), text))
    if not days:
        lines.append(literal(_("nothing dated yet"), "$text-muted"))
    if len(days) > _SHOWN_DAYS:
        more = ngettext("…and {n} earlier day: x writes everything to a file",
                        "…and {n} earlier days: x writes everything to a file", len(days) - _SHOWN_DAYS)  # fmt: skip
        lines.append(literal(more, "$text-muted"))
    return Content("\n").join(lines)


def _packed(told: Sequence[str]) -> Iterator[str]:
    """What happened on a day in as few lines as are short enough."""
    line = ""
    for text in told:
        longer = f"{line} · {text}" if line else text
        if line and cell_len(screen(longer)) > _EVENT_CELLS:
            yield line
            longer = text
        line = longer
    yield line


def side(profile: Profile, today: date) -> list[Content]:
    """The short form beside the roster: the phone masked, what the owner looks for first."""
    person = profile.card.member
    now = [stay for stay in profile.card.stays if stay.left_on is None] or list(profile.card.stays[-1:])
    told = [
        (_("phone"), masked_phone(person.phone)),
        (_("birthday"), with_next(birthday_text(person.birthday), profile.next_birthday, today)),
        (_("channel"), person.channel),
        (_("tags"), join_tags(profile.card.tags)),
        *person.extra.items(),
        (_("note"), " ".join(person.note.split())),
        (_("Level"), profile.level),
        (_("points"), str(profile.points)),
    ]
    lines = [joined((person.name, "bold"), (f"  #{person.id}", "dim")), *map(_line, known(*told))]
    lists = [
        (_("groups"), [stay_text(stay) for stay in now]),
        (_("Check-ins"), [standing_text(each) for each in profile.standings if each.open]),
        (_("latest"), [f"{event.day} {said(event)}"[_YEAR:] for event in profile.events[:_SHORT_EVENTS]]),
    ]
    for label, texts in lists:
        if texts:
            lines += [literal(""), literal(label, "$text-muted"), *map(literal, texts)]
    return lines


def _title(page: MemberPage, today: date) -> str:
    title = f"{page.card.member.name}  #{page.card.member.id}"
    return title if page.day == today else f"{title}  {_('as of {day}', day=page.day)}"


def _line(entry: Entry) -> Content:
    label, text = entry
    pad = " " * max(0, _LABEL_CELLS - literal(label).cell_length)
    return joined((label + pad, "$text-muted"), text)


def _write(path: Path, text: str, folder: Path) -> None:
    from qunguan.exchange.writers.atomic import atomic_write

    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    atomic_write(path, text.encode("utf-8"))
