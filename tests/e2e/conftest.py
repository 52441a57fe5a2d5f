"""What the real-process tests stand on: windows that are always closed, and databases made once and copied."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from qunguan.store.schema import tables
from tests.conftest import NOW, assert_sound
from tests.e2e.window import Window
from tests.services import work

if sys.platform == "win32":
    pytest.skip("a pty is needed", allow_module_level=True)


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's language, whatever the machine speaks; files the editor of a person would not have left."""
    monkeypatch.setenv("QUNGUAN_LANG", "zh")
    monkeypatch.setenv("PYTHONWARNINGS", "default::ResourceWarning")


@pytest.fixture
def terminal() -> Iterator[Callable[..., Window]]:
    """Start the program in a window: `terminal(db)`, `terminal(db, columns=80, rows=24)`, `terminal()` for no file."""
    with ExitStack() as windows:

        def start(db: Path | None = None, *arguments: object, columns: int = 120, rows: int = 40, **env: str) -> Window:
            line = [*(["--db", db] if db else []), *arguments]
            window = Window(line, columns=columns, rows=rows, env=env)
            windows.callback(window.close)
            return window

        yield start


@pytest.fixture(scope="session")
def sample_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample community as `qunguan demo --no-ui` makes it, dated to yesterday."""
    path = tmp_path_factory.mktemp("sample") / "demo.db"
    done = subprocess.run(
        [sys.executable, "-m", "qunguan", "demo", "--no-ui", "--to", str(path)],
        env={"PATH": "", "HOME": str(path.parent), "QUNGUAN_NOW": NOW.isoformat()}, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.decode().strip() == str(path)
    return path.read_bytes()


@pytest.fixture
def sample(tmp_path: Path, sample_bytes: bytes) -> Iterator[Path]:
    """A copy of the sample community of one's own; sound at the end."""
    yield from _copy(tmp_path, sample_bytes)


@pytest.fixture(scope="session")
def small_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A group of eight in a challenge."""
    path = tmp_path_factory.mktemp("small") / "q.db"
    work.prepared(path)
    return path.read_bytes()


@pytest.fixture
def small(tmp_path: Path, small_bytes: bytes) -> Iterator[Path]:
    """A copy of the group of eight; sound at the end."""
    yield from _copy(tmp_path, small_bytes)


def _copy(folder: Path, content: bytes) -> Iterator[Path]:
    path = folder / "data" / "q.db"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    yield path
    sound(path)


def sound(path: Path) -> None:
    """The file opens, and nothing in it is broken, half written, or different from its rows."""
    with Desk(path, Clock(NOW)) as desk:
        assert_sound(desk)


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row an owner can see something of, by table. Left out are the history of steps with what undo keeps of a
    person (a nameless row where the ledger names them), the ledger, of which each member's sum stands here, and
    roll-ups, which are counted anew under new ids and which doctor compares.
    """
    rolled_up = {table.name for table in tables() if table.info.get("cache")}
    left_out = {"step", "change", "memory", "member", "seal", *rolled_up}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        kept = [name for name in names if not name.startswith(("sqlite_", "point_", "member_search"))]
        found = {name: conn.execute(f"SELECT * FROM {name} ORDER BY id").fetchall()
                 for name in kept if name not in left_out}  # fmt: skip
        found["member"] = conn.execute(
            "SELECT * FROM member WHERE id IN (SELECT member_id FROM membership) ORDER BY id"
        ).fetchall()
        found["points"] = conn.execute(
            "SELECT member_id, sum(sign * amount) AS balance FROM point_entry GROUP BY member_id HAVING balance <> 0"
            " ORDER BY member_id"
        ).fetchall()
        return found
