"""Who is in an arm, as a sheet to write to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from qunguan.domain.experiment_book import Experiment
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table, write_table
from qunguan.i18n import _

_NO_NAME = re.compile(r"[^\w.+-]+")
_LONGEST = 80


def write_lists(folder: Path, found: Experiment, members: Sequence[Sequence[tuple[int, str]]]) -> tuple[Path, ...]:
    """A CSV of each arm in a folder, which is made where it is not there; returns the files in the order of the arms.

    Raises what `write_table` raises, and OSError for a folder that cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for place, (arm, people) in enumerate(zip(found.arms, members, strict=True), start=1):
        path = folder / f"{file_name(found.name)}-{place}-{file_name(arm.name)}.csv"
        write_table(path, arm_table(arm.name, people))
        written.append(path)
    return tuple(written)


def arm_table(name: str, people: Sequence[tuple[int, str]]) -> Table:
    """One arm, a member a row."""
    columns = (Column("member_id", _("member id"), "int"), Column("name", _("name")))
    return Table(name, columns, list(people))


def names_text(name: str, people: Sequence[tuple[int, str]]) -> str:
    """One arm as names to write to."""
    return "\n".join(
        [_("{name}, {n} people", name=name, n=len(people)), " ".join(f"@{show(one)}" for _id, one in people)]
    )


def file_name(name: str) -> str:
    """A name as part of a file's name: what no file system minds."""
    return _NO_NAME.sub("_", show(name)).strip("._")[:_LONGEST] or "_"
