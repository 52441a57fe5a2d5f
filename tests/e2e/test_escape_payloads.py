"""Names made to command a terminal, through the real program: no byte of them is obeyed (R31)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import checkins, groups, members
from qunguan.services.desk import Desk
from qunguan.store.members import alias, member
from tests.cli.shell import process
from tests.conftest import NOW
from tests.e2e.window import ENTER, ESC, F2, PATIENCE, Window

pytestmark = pytest.mark.slow
MARK = "pwn3d"
PAYLOADS = {
    "colour": "\x1b[31;45mpwn3d",
    "title": "\x1b]0;pwn3d\x07",
    "clipboard": "\x1b]52;c;cHduM2Q=\x07",
    "link": "\x1b]8;;https://pwn3d.example\x1b\\x",
    "device": "\x1bP$qpwn3d\x1b\\",
    "clear": "\x1b[2J\x1b[3Jpwn3d",
    "cursor": "\x1b[6n\x1b[5;5Hpwn3d",
    "c1": "\x9b31;45mpwn3d",
    "c1 title": "\x9d0;pwn3d\x9c",
    "bell": "pwn3d\x07\x08",
    "return": "good\rpwn3d",
    "bidi": "\u202epwn3d\u2066",
}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A group whose members, aliases and challenge carry every payload, written past what cleans them."""
    path = tmp_path / "data" / "q.db"
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = [desk.write(members.add, f"人{number}", group_id=1).id for number in range(len(PAYLOADS))]
        desk.write(checkins.start, "早起", who="all")
        for member_id in ids:
            desk.write(checkins.tick, 1, member_id, NOW.date())

        def smuggle(session, clock):
            for member_id, payload in zip(ids, PAYLOADS.values(), strict=True):
                session.conn.execute(member.update().where(member.c.id == member_id).values(name=payload, note=payload))
                session.conn.execute(alias.update().where(alias.c.member_id == member_id).values(text=payload))

        desk.write(smuggle)
    return path


def chain() -> str:
    """A 接龙 in which every payload is somebody's line."""
    return "#接龙\n早起\n" + "\n".join(f"{n}. {text}" for n, text in enumerate(PAYLOADS.values(), 1))


def obeyed(written: bytes) -> list[str]:
    """The payloads whose commands are in what a program wrote; what is left of them as text is harmless."""
    bad = {name: payload.encode() for name, payload in PAYLOADS.items() if name not in ("return", "bell")}
    found = [name for name, data in bad.items() if data in written]
    found += [f"{control!r}" for control in ("\x9b", "\x9d", "\x9c", "\u202e", "\u2066") if control.encode() in written]
    found += [repr(data) for data in (b"\0", b"\rpwn3d", b"cHduM2Q=\x07") if data in written]
    return found


def test_no_payload_reaches_the_terminal_from_the_screens(terminal, hostile):
    window: Window = terminal(hostile)
    window.sees("群管 · 早起读书群")
    for key in "234560":
        window.press(key)
        window.sees(f"[{key} ")
        if key in "234":
            window.sees(MARK)
            for opens in (ENTER, "w"):
                window.press(opens)
                window.sees("╭")
                window.press(ESC)
                window.loses("╭")
    window.press("3")
    window.sees("[3 ", MARK)
    window.press("i")
    window.sees("粘贴接龙")
    window.paste(chain().replace("\x1b", "\u241b"))  # a terminal takes escapes out of a paste
    window.sees(f"{len(PAYLOADS)}. ")
    window.press(F2)
    window.sees(f"共 {len(PAYLOADS)} 条")
    window.press(ESC)
    window.loses(f"共 {len(PAYLOADS)} 条")
    window.press(" ", "u")
    window.sees("已撤销")
    window.press("q")
    assert window.wait_end(PATIENCE) == 0
    window.screen()
    assert obeyed(bytes(window.seen)) == []


def test_no_payload_reaches_the_terminal_from_the_command_line(hostile, tmp_path):
    path = tmp_path / "chain.txt"
    path.write_text(chain(), encoding="utf-8")
    for line in (
        ("member", "list"),
        ("checkin", "board", "--challenge", "早起", "--text"),
        ("checkin", "parse", path),
        ("checkin", "record", path, "--challenge", "早起", "--dry-run"),
        ("points", "statement", "1"),
        ("history",),
        ("member", "show", PAYLOADS["clipboard"]),
        (PAYLOADS["title"],),
    ):
        said = process("--db", hostile, *line)
        assert said.code in (0, 1, 2)
        assert "Traceback" not in said.err
        assert obeyed(said.out.encode() + said.err.encode()) == [], line
    listed = process("--db", hostile, "member", "list", "--json")
    assert len(json.loads(listed.out)["members"]) == len(PAYLOADS)
