"""A database whose texts somebody has changed past the program: what people wrote, and nothing of the program's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path


def told_by_people(raw: sqlite3.Connection, tables: list[str]) -> Iterator[tuple[str, str]]:
    """The columns in which somebody wrote Chinese: free text, and neither numbers nor structures of the program."""
    for table in tables:
        kinds = {row[1]: row[2] for row in raw.execute(f'PRAGMA table_info("{table}")')}
        for column in (name for name, kind in kinds.items() if kind == "TEXT"):
            texts = [row[0] or "" for row in raw.execute(f'SELECT "{column}" FROM "{table}"')]
            of_the_program = any(text.startswith(("{", "[")) or text.isdecimal() for text in texts)
            if not of_the_program and not all(text.isascii() for text in texts):
                yield table, column


@contextmanager
def past_the_guards(path: Path) -> Iterator[sqlite3.Connection]:
    """Write to a file as another program would, its triggers away meanwhile."""
    with closing(sqlite3.connect(path)) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _name, sql in triggers:
            raw.execute(sql)
        raw.commit()


def spoil(path: Path, texts: Sequence[str]) -> int:
    """Put `texts`, in turn, wherever people wrote something; how many rows took one."""
    spoiled = 0
    with past_the_guards(path) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_sequence")]
        for table, column in list(told_by_people(raw, tables)):
            for turn, (row,) in enumerate(raw.execute(f'SELECT id FROM "{table}"').fetchall()):
                with suppress(sqlite3.IntegrityError):  # what the table cannot hold nobody can have put there
                    raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (texts[turn % len(texts)], row))
                    spoiled += 1
    return spoiled
