"""No name can crash a screen, colour it, move its columns, or make a link: every noun's screen, every hostile string.

Screens come from the registry, so a new one is held to it from its first day (quality R30).
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.events import Paste
from textual.widgets import Input, TextArea

from qunguan.domain.actions import nouns
from qunguan.domain.clock import Clock
from qunguan.domain.members import Member
from qunguan.services import checkins, demo, groups, members, points
from qunguan.services.desk import Desk
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.screens.members_import import PreviewBox
from qunguan.tui.widgets.source_box import SourceBox
from tests.conftest import NOW
from tests.spoiled import spoil
from tests.tui.desk_app import Room, begun

BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}

HOSTILE = [
    # markup
    "[/]", "[", "[[", "[red]红[/red]", "[b", "[/b]", "[@click=app.quit]点我[/]", "[link=file:///etc/passwd]x[/link]",
    "[$error]x", "\\[x]", "[bold on red]", "{name}", "{0}", "%s %(n)d", "$primary", ":smile:",
    # what a terminal would obey
    "\x1b[31m小明\x1b[0m", "\x1b]52;c;cm0gLXJm\x07阿梨", "\x1b]8;;http://x\x1b\\链接", "\x1b[2J\x1b[H", "\x9b31m",
    "\x90q\x9c", "a\x00b", "a\tb\r\nc", "\x08\x08\x08x", "\x7f\x80\x85", "\u2028行\u2029",
    # directions and widths
    "小\u202e明", "\u2066x\u2069 y", "\u200f\u200e小", "مرحبا שלום", "\ufeff\u200b阿\u200d梨", "👨‍👩‍👧 一家",
    "❤️ 1️⃣ 👍🏽 🇨🇳 🏳️‍🌈", "z" + "\u0301" * 60, "\u0301" * 10_000, "ﷺ" * 40, "一" * 10_000, "\u3164\u3164",
    "\U000e0041\U000e0042x", "\ue000\uf8ff", "\ufdd0\uffff",
    # spreadsheets, SQL, paths
    "=HYPERLINK(\"http://x\")", "@SUM(A1)", "+1-1", "'; DROP TABLE member; --", "%", "_", "*", "\" OR \"\"=\"",
    "../../etc/passwd", "C:\\x", "NUL", "-", "0", "#1", "null", " ",
]  # fmt: skip


STORED = [text[:64].replace("\0", "") for text in HOSTILE]  # what the tables can hold at all


def store(path: Path, clock: Clock) -> None:
    """A community in which every text is hostile, put there past every check, as by another program."""
    with Desk(path, clock, create=True) as desk:
        desk.write(groups.create, "g")
        ids = desk.write(members.add_many, [f"m{n}" for n in range(len(STORED))], group_id=1)
        desk.write(checkins.start, "c", who="all", starts_on=date(2026, 3, 18), prompts=["p"] * 3)
        for member_id in ids:
            desk.write(members.edit, Member(member_id, f"m{member_id}", note="n", channel="c", extra={"k": "v"}))
            desk.write(members.set_alias, member_id, "nick", "n")
            desk.write(members.tag, [member_id], f"t{member_id}")
            desk.write(points.grant, member_id, 5, reason="r")
            desk.write(checkins.mark, 1, member_id, date(2026, 3, 20), "done", "r")
    with closing(sqlite3.connect(path)) as conn, conn:
        for member_id, text in zip(ids, STORED, strict=True):
            extra = json.dumps({text: text})
            texts = (text, f"{text}\n{text}", text, extra, member_id)
            conn.execute("UPDATE member SET name = ?, note = ?, channel = ?, extra = ? WHERE id = ?", texts)
            conn.execute("UPDATE alias SET text = ? WHERE member_id = ?", (text, member_id))
            conn.execute("UPDATE tag SET name = ? WHERE id = ?", (text, member_id))
            conn.execute("UPDATE checkin SET text = ?, reason = ? WHERE member_id = ?", (text, text, member_id))
        name = "[@click=app.quit]\u202e[/]\x1b[31m"
        for table in ("chat_group", "challenge"):
            conn.execute(f"UPDATE {table} SET name = ?", (name,))
        conn.execute("UPDATE challenge_prompt SET text = ?", (name,))
        for step_id, params in conn.execute("SELECT id, params FROM step").fetchall():
            said = {key: name if isinstance(value, str) else value for key, value in json.loads(params).items()}
            conn.execute("UPDATE step SET params = ? WHERE id = ?", (json.dumps(said), step_id))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The community, made once."""
    place = tmp_path_factory.mktemp("hostile") / "q.db"
    store(place, Clock(NOW))
    return place


def check_drawn(found: Room) -> None:
    """Everything on the screen is harmless, whatever its text."""
    for strip in found.app.screen._compositor.render_strips():
        for segment in strip:
            check_segment(segment)


def check_segment(segment: Segment) -> None:
    assert segment.control is None
    for ch in segment.text:
        assert unicodedata.category(ch) not in ("Cc", "Cs"), f"{segment.text!r}"
        assert unicodedata.bidirectional(ch) not in BIDI, f"{segment.text!r}"
    if segment.style is not None:
        assert segment.style.link is None
        assert "@click" not in segment.style.meta, segment.text


async def settle(found: Room) -> None:
    """Wait until the screen on top has shown what it has to."""
    await found.until(lambda: getattr(found.app.screen, "filled", True))
    await found.pilot.pause()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, with every hostile text wherever people have written something, in whatever table."""
    place = demo.make_copy(tmp_path_factory.mktemp("spoiled") / "q.db", Clock(NOW))
    assert spoil(place, STORED) > 10_000
    return place


async def draws_literally(path: Path, clock: Clock, noun: str, size: tuple[int, int]) -> None:
    """Go through the room of a noun and look at everything that is drawn."""
    async with begun(path, clock, size) as found:
        await found.turn_to(noun)
        await found.until(lambda: isinstance(found.top, NounScreen) and found.top._seen == found.app.version)
        for step in ("home", "down", "pagedown", "pagedown", "end", "enter", "escape", "w", "escape"):
            await found.press(step)
            await settle(found)
            check_drawn(found)
        assert found.app.return_value is None
        assert found.app.is_running


SIZES = [(120, 40), (80, 24)]
DESK = ("today", "members", "checkins", "points", "settings")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("noun", DESK)
async def test_the_rooms_of_the_desk_draw_every_hostile_name_literally(hostile, clock, noun, size):
    await draws_literally(hostile, clock, noun, size)


@pytest.mark.parametrize("noun", [noun for noun, _label in nouns() if noun not in DESK])
async def test_every_other_room_draws_hostile_texts_literally(spoiled, clock, noun):
    await draws_literally(spoiled, clock, noun, (80, 24))


@pytest.mark.long
@pytest.mark.parametrize("noun", [noun for noun, _label in nouns()])
async def test_every_room_draws_hostile_texts_literally_when_it_is_large(spoiled, clock, noun):
    await draws_literally(spoiled, clock, noun, (120, 40))


async def test_cards_and_searches_of_every_hostile_name(hostile, clock):
    async with begun(hostile, clock) as found:
        await found.press("2")
        await found.until(lambda: found.app.screen.query("PagedTable.main") and found.table.line_count >= 40)
        for place in range(0, found.table.line_count, 7):
            await found.table.move_to(place)
            await found.until(lambda: found.table.current is not None)
            await found.press("enter")
            await found.opened(CardView)
            check_drawn(found)
            await found.press("escape")
            await found.closed()
        await found.press("slash")
        box = found.app.screen.query_one(Input)
        for text in HOSTILE:
            box.value = ""
            found.app.post_message(Paste(text))
            await found.pilot.pause()
            check_drawn(found)


async def test_an_import_of_hostile_headers_and_cells(hostile, clock, tmp_path):
    head = ",".join(
        ["昵称", *(f'"{text[:40].replace(chr(34), chr(34) * 2)}"' for text in HOSTILE if "\x00" not in text)]
    )
    rows = [f'"{text[:60].replace(chr(34), chr(34) * 2)}",x' for text in HOSTILE if "\x00" not in text]
    async with begun(hostile, clock) as found:
        await found.press("2")
        await found.until(lambda: found.app.screen.query("PagedTable.main") and found.table.line_count >= 40)
        await found.press("i")
        await found.opened(SourceBox)
        found.app.post_message(Paste("\n".join((head, *rows))))
        await found.until(lambda: found.app.screen.query_one(TextArea).text)
        check_drawn(found)
        await found.press("f2")
        await found.until(lambda: isinstance(found.app.screen, PreviewBox) or found.wrong)
        await settle(found)
        check_drawn(found)
        assert isinstance(found.app.screen, PreviewBox)
        await found.press("end")
        await settle(found)
        check_drawn(found)
        await found.press("escape")
        await found.closed()
