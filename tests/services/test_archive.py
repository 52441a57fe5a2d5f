"""Everything out and in again: an equal database, or none."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from qunguan.domain.archive import NULL, cell, value_of
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.i18n import set_language
from qunguan.services import archive, demo, history, members, orders, points, questions, tasks
from qunguan.services.desk import Desk
from qunguan.store import archive as store
from tests.conftest import NOW, assert_sound
from tests.services.work import operations, prepared

ODD = (
    "=1+1",
    "+86",
    "-5",
    "@甲",
    "\\N",
    "\\",
    "\\=1",
    'a"b',
    "a,b",
    "第一行\n第二行",
    "Crystal🍀",
    "a\rb",
    " x ",
    "\\\\N",
)
COMMUNITIES = 200
PORTIONS = 8


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language(None)


def round_trip(source: Path, folder: Path, *, deep: bool = True) -> Path:
    clock = Clock(NOW)
    made = folder / "again.db"
    with Desk(source, clock) as desk:
        written = desk.read(archive.write, folder / "all.zip")
        assert written.digest == desk.read(archive.digest)
    read = archive.restore(folder / "all.zip", made, clock)
    assert (read.digest, read.rows) == (written.digest, written.rows)
    if deep:
        with Desk(made, clock) as desk:
            assert desk.read(archive.digest) == written.digest
            assert_sound(desk)
    return made


def grown(path: Path, seed: int, base: Path) -> Path:
    """A community nobody has seen before: that of `base` after part of an evening's work, and odd words in it."""
    luck = random.Random(seed)
    shutil.copyfile(base, path)
    with Desk(path, Clock(NOW)) as desk:
        for operation in operations(luck.randrange(8)):
            operation(desk)
        for word in luck.sample(ODD, luck.randrange(1, 5)):
            person = luck.randrange(1, 9)
            day = NOW.date() - timedelta(days=luck.randrange(90))
            with suppress(NotFound):  # whose adding was undone a moment ago
                match luck.randrange(6):
                    case 0:
                        desk.write(points.grant, person, luck.randrange(1, 99), reason=word)
                    case 1:
                        desk.write(orders.add_order, person, luck.randrange(10**7), day=day)
                    case 2:
                        desk.write(questions.add, 1, f"{word}怎么读？")
                    case 3:
                        desk.write(tasks.add, 1, f"整理{word}", day, text=word)
                    case 4:
                        desk.write(members.erase, person)
                    case _:
                        desk.write(history.undo)
    return path


@pytest.mark.parametrize(
    ("first", "last"),
    [(0, COMMUNITIES), pytest.param(COMMUNITIES, 500, marks=pytest.mark.long)],
)
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_any_community_comes_back_equal(portion, first, last, tmp_path):
    prepared(tmp_path / "base.db")
    for seed in range(first + portion, last, PORTIONS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        round_trip(grown(folder / "q.db", seed, tmp_path / "base.db"), folder, deep=seed < 2 * PORTIONS)


def test_the_sample_comes_back_equal_and_can_be_undone(tmp_path, clock):
    made = round_trip(demo.make_copy(tmp_path / "demo.db", clock), tmp_path)
    with Desk(made, clock) as desk:
        newest = desk.read(history.recent)[0]
        before = desk.read(archive.digest)
        desk.write(history.undo)
        assert desk.read(history.recent)[0] != newest
        desk.write(history.redo)
        assert_sound(desk)
        assert desk.read(archive.digest) != before  # the two steps are part of it


def test_ids_go_on_behind_those_that_were_given(tmp_path, clock):
    prepared(tmp_path / "q.db")
    with Desk(tmp_path / "q.db", clock) as desk:
        gone = desk.write(members.add, "来了又走", group_id=1).id
        desk.write(history.undo)
    made = round_trip(tmp_path / "q.db", tmp_path)
    with Desk(made, clock) as desk:
        assert desk.write(members.add, "新来的", group_id=1).id > gone


@pytest.mark.parametrize("value", [*ODD, "", "N", 0, -3, 2**62, None, "12"])
def test_a_value_comes_back_from_its_cell(value):
    said = cell(value)
    assert value_of(said, "integer" if isinstance(value, int) else "string") == value
    assert not (isinstance(value, str) and said.startswith(("=", "+", "-", "@")))


def test_the_tables_are_what_the_description_says(tmp_path, clock):
    prepared(tmp_path / "q.db")
    with Desk(tmp_path / "q.db", clock) as desk:
        desk.read(archive.write, tmp_path / "all.zip")
        people = desk.read(members.names, range(1, 9))
    with zipfile.ZipFile(tmp_path / "all.zip") as package:
        described = json.loads(package.read("datapackage.json"))
        for resource in described["resources"]:
            rows = list(csv.reader(io.StringIO(package.read(resource["path"]).decode(), newline="")))
            assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
            assert len(rows) - 1 == resource["rows"]
            for row in rows[1:]:
                for field, text in zip(resource["schema"]["fields"], row, strict=True):
                    assert not (field["constraints"]["required"] and text == NULL)
        table = csv.DictReader(io.StringIO(package.read("tables/member.csv").decode(), newline=""))
        assert {int(row["id"]): row["name"] for row in table} == people


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with `change` made to each of its parts; None leaves the part out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return target


@pytest.fixture
def written(tmp_path, clock):
    prepared(tmp_path / "q.db")
    with Desk(tmp_path / "q.db", clock) as desk:
        desk.read(archive.write, tmp_path / "all.zip")
    return tmp_path / "all.zip"


def described(data: bytes, **ours: object) -> bytes:
    package = json.loads(data)
    package["qunguan"].update(ours)
    return json.dumps(package).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda name, data: data.replace("阿梨".encode(), "阿狸".encode()), "not what was written"),
        (lambda name, data: None if name == "tables/alias.csv" else data, "the table is missing"),
        (lambda name, data: data.replace(b"\r\n1,", b"\r\nx,") if name == "tables/member.csv" else data, "line 2"),
        (lambda name, data: data[:-9] if name == "tables/member.csv" else data, "member.csv"),
        (lambda name, data: data.replace(b"id,", b"key,") if name == "tables/member.csv" else data, "line 1"),
        (lambda name, data: b"\xff" + data if name == "tables/member.csv" else data, "not what was written"),
        (lambda name, data: None if name == "datapackage.json" else data, "no archive"),
        (lambda name, data: b"[]" if name == "datapackage.json" else data, "no archive"),
        (lambda name, data: described(data, format=2) if name == "datapackage.json" else data, "newer"),
        (lambda name, data: described(data, version=999) if name == "datapackage.json" else data, "newer"),
        (lambda name, data: described(data, digest="0") if name == "datapackage.json" else data, "no archive"),
        (lambda name, data: data.replace(b'"alias"', b'"sqlite_master"') if name.endswith("json") else data, ""),
    ],
)
def test_a_changed_archive_makes_no_database(change, told, written, tmp_path, clock):
    broken = rewritten(written, tmp_path / "broken.zip", change)
    with pytest.raises(BadInput) as caught:
        archive.restore(broken, tmp_path / "new.db", clock)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.glob(".qg-*"))


def test_an_older_file_lacks_what_came_later_and_is_taken(written, tmp_path, clock):
    def older(name: str, data: bytes) -> bytes | None:
        if name == "datapackage.json":
            package = json.loads(data)
            package["resources"] = [each for each in package["resources"] if each["name"] != "contact"]
            return json.dumps(package).encode()
        return None if name == "tables/contact.csv" else data

    archive.restore(rewritten(written, tmp_path / "older.zip", older), tmp_path / "new.db", clock)
    with Desk(tmp_path / "new.db", clock) as desk:
        assert_sound(desk)


def test_what_is_no_archive_and_what_is_there_already(written, tmp_path, clock):
    (tmp_path / "no.zip").write_bytes(b"PK nothing")
    for source in (tmp_path / "no.zip", tmp_path):
        with pytest.raises(BadInput, match="no archive"):
            archive.restore(source, tmp_path / "new.db", clock)
    with pytest.raises(NotFound):
        archive.restore(tmp_path / "gone.zip", tmp_path / "new.db", clock)
    before = (tmp_path / "q.db").read_bytes()
    with pytest.raises(Refused):
        archive.restore(written, tmp_path / "q.db", clock)
    assert (tmp_path / "q.db").read_bytes() == before


def test_a_row_that_breaks_a_rule_is_named_by_its_table(written, tmp_path, clock, monkeypatch):
    monkeypatch.setattr(store, "stored", lambda conn, shape: iter([(None,) * len(shape.fields)]))
    with Desk(tmp_path / "q.db", clock) as desk:
        desk.read(archive.write, tmp_path / "bad.zip")
    with pytest.raises(BadInput, match="breaks the rules"):
        archive.restore(tmp_path / "bad.zip", tmp_path / "new.db", clock)
    assert not (tmp_path / "new.db").exists()


def test_nobody_else_may_read_the_archive(written):
    assert written.stat().st_mode & 0o777 == 0o600
