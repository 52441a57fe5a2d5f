"""What members and files say never reaches a terminal as a command (quality R31)."""

from __future__ import annotations

import re

import pytest

from qunguan.services import groups, members
from qunguan.services.desk import Desk
from qunguan.store.members import alias, member
from tests.cli.shell import chain

PAYLOADS = {
    "colour": "\x1b[31m红",
    "title": "\x1b]0;pwned\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "link": "\x1b]8;;https://x.example\x1b\\点我\x1b]8;;\x1b\\",
    "device": "\x1bP$q\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "c1": "\x9b31m红",
    "c1-osc": "\x9d0;pwned\x9c",
    "bell": "叮\x07\x08\x08",
    "return": "正常\r伪装",
    "bidi": "\u202e倒过来\u2066",
    "lines": "一\u2028二\u2029三\x85四",
}
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def safe(text: str) -> bool:
    """Nothing a terminal would obey, line ends apart."""
    return not _OBEYED.search(text)


@pytest.fixture(params=list(PAYLOADS.values()), ids=list(PAYLOADS))
def payload(request):
    """One hostile text."""
    return request.param


def test_in_arguments(shell, payload):
    for line in (
        ["member", "show", payload],
        ["member", "add", payload],
        ["member", payload],
        [payload],
        ["member", "import", payload],
        ["checkin", "board", "--day", payload],
        ["points", "grant", payload, payload, "--reason", payload],
        ["export", "members", "--to", f"/nowhere/{payload}.csv"],
        ["challenge", "add", "晚安", "--cadence", payload],
        ["--lang", payload, "doctor"],
        ["backup", "restore", payload, "--yes"],
        ["rule", "set", payload, payload],
    ):
        said = shell(*line)
        assert safe(said.out)
        assert safe(said.err)


def test_in_a_file(shell, tmp_path, payload):
    text, table = tmp_path / "chain.txt", tmp_path / "table.csv"
    text.write_text(chain(f"阿梨 {payload}", payload, title=payload), encoding="utf-8")
    table.write_text(f'昵称,备注\n"阿紫{payload}","{payload}"\n"{payload}",\n', encoding="utf-8")
    for line in (
        ["checkin", "parse", text],
        ["checkin", "record", text, "--new", "create"],
        ["member", "import", table, "--dry-run"],
        ["member", "import", table],
        ["checkin", "import", table],
        ["member", "list"],
        ["checkin", "board", "--text"],
        ["history"],
    ):
        for way in ([], ["--json"]):
            said = shell(*line, *way)
            assert said.code in (0, 1)
            assert safe(said.out)
            assert safe(said.err)


def test_in_rows_that_were_stored_before(blank, payload, clock):
    with Desk(blank.db, clock, create=True) as desk:
        desk.write(groups.create, "早起")
        person = desk.write(members.add, "小红", group_id=1)

        def smuggle(session, clock):
            session.conn.execute(member.update().where(member.c.id == person.id).values(name=payload))
            session.conn.execute(alias.update().where(alias.c.member_id == person.id).values(text=payload))

        desk.write(smuggle)
    blank("challenge", "add", "早起", "--enrol", "all")
    blank("checkin", "mark", "1", "--state", "done")
    for line in (
        ["member", "list"],
        ["member", "show", "1"],
        ["checkin", "board"],
        ["checkin", "board", "--text"],
        ["points", "statement", "1"],
        ["points", "spend", "1", "999", "--reason", "x"],
        ["history"],
    ):
        for way in ([], ["--json"]):
            said = blank(*line, *way)
            assert safe(said.out)
            assert safe(said.err)
