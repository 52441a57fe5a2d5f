"""Files that the tests of a module start from: built by the first test that asks, copied for those that follow.

A fixture that asks for nothing but its folder, the clock and other such files makes the same file every time. So it is
not built with services again: a copy is what the fixture left in its folder, to the byte.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qunguan.i18n import language

FOLDER, CLOCK = "tmp_path", "clock"
HOME = "home"
"""In every test's folder, and no fixture's work."""

Tree = dict[Path, tuple[int, bytes]]
"""Mode and content of each file, by where it stands in the folder."""


@dataclass(frozen=True)
class Template:
    """What a fixture wrote, and the file it gave."""

    file: Path
    tree: Tree

    def copied(self, folder: Path) -> Path:
        """Write it into the folder of another test."""
        for place, (mode, content) in self.tree.items():
            path = folder / place
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode)
            path.write_bytes(content)
        return folder / self.file


class Templates:
    """Those of one process; a plugin of pytest."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Template] = {}
        self._given: dict[Path, Hashable] = {}
        """What each file came from: a name of a folder is given once."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: Any) -> object:
        """Make such a file, or copy it; None leaves any other fixture to pytest."""
        if not fixturedef.argnames or _is_more_than_a_file(fixturedef):
            return None
        asked = {name: request.getfixturevalue(name) for name in fixturedef.argnames}
        files = [value for name, value in asked.items() if name not in (FOLDER, CLOCK)]
        if not all(isinstance(file, Path) and file in self._given for file in files):
            return None
        folder: Path = request.getfixturevalue(FOLDER)
        key = (fixturedef.func, *map(self._given.get, files), language(), repr(request.getfixturevalue(CLOCK)))
        result = self._made[key].copied(folder) if key in self._made else self._make(fixturedef, key, folder, asked)
        self._given[result] = key
        fixturedef.cached_result = (result, fixturedef.cache_key(request), None)
        return result

    def _make(self, fixturedef: pytest.FixtureDef[Any], key: Hashable, folder: Path, asked: Mapping[str, Any]) -> Path:
        before = _tree(folder)
        made: Callable[..., Any] = fixturedef.func
        result: Path = made(**asked)
        after = _tree(folder)
        if before.keys() <= after.keys():  # what is taken away would not be taken away by a copy
            written = {place: kept for place, kept in after.items() if before.get(place) != kept}
            self._made[key] = Template(result.relative_to(folder), written)
        return result


def _is_more_than_a_file(fixturedef: pytest.FixtureDef[Any]) -> bool:
    """Whether something is to be done at its end, or it is one of several, or it gives no path."""
    given = inspect.signature(fixturedef.func).return_annotation
    return bool(given not in (Path, "Path") or fixturedef.scope != "function" or fixturedef.params)


def _tree(folder: Path) -> Tree:
    files = (path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != HOME)
    return {path.relative_to(folder): (path.stat().st_mode & 0o777, path.read_bytes()) for path in files}
