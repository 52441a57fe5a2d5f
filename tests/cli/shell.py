"""What the command-line tests share: one way to type a command, in this process or in one of its own."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qunguan.cli.door import run
from qunguan.i18n import set_language

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROSTER = FIXTURES / "members" / "members_gb18030.csv"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document, of a command that succeeded."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    def refused(self, code: int = 1) -> str:
        """The one line of an error; nothing else may have been said."""
        assert self.code == code, (self.code, self.out, self.err)
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err


class Shell:
    """Types commands on one database, in this process."""

    def __init__(self, db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.db, self._capsys, self._patch = db, capsys, monkeypatch

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Said:
        if stdin is not None:
            self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self._capsys.readouterr()
        try:
            code = run(["--db", str(self.db), *map(str, arguments)], lambda db, clock: 0)
        finally:
            set_language(None)
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def digest(self) -> str:
        """The bytes of the database."""
        return hashlib.sha256(self.db.read_bytes()).hexdigest() if self.db.is_file() else "none"


def process(*arguments: object, stdin: bytes = b"", **environment: str) -> Said:
    """Type a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "qunguan", *map(str, arguments)],
        input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def chain(*names: str, title: str = "早起打卡") -> str:
    """A 接龙 as the client writes it."""
    return "\n".join([f"#接龙\n{title}\n", *(f"{n}. {name}" for n, name in enumerate(names, 1))])
