"""The seals: they follow every way of writing, and what was changed past them is named for good."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update

from qunguan.services import doctor
from qunguan.store.dialect import stamp
from qunguan.store.engine import make_engine, read_transaction, write_transaction
from qunguan.store.members import alias, member, tag
from qunguan.store.migrate import Schema, Step, migrate
from qunguan.store.row_digest import columns_of, text_of
from qunguan.store.schema import create_schema, tables
from qunguan.store.seal_check import broken_rows, seal_all, sealed_tables, told, unknown_seals
from qunguan.store.seals import BLOCK, digests, is_sealed
from qunguan.store.session import Session
from tests.store.support import NOON


@pytest.fixture
def engine(tmp_path):
    path = tmp_path / "a.db"
    path.touch()
    engine = make_engine(path)
    with write_transaction(engine) as conn:
        create_schema(conn)
    yield engine
    engine.dispose()


@pytest.fixture
def path(engine) -> Path:
    with read_transaction(engine) as conn:
        return Path(conn.exec_driver_sql("PRAGMA database_list").one()[2])


def working(conn: Connection) -> Session:
    session = Session(conn, NOON)
    session.step("Work")
    return session


def people(session: Session, *names: str) -> range:
    rows = ({"name": name, "extra": {}, "created_at": NOON.now()} for name in names)
    return session.insert_many(member, rows)


def broken(engine) -> list[str]:
    with read_transaction(engine) as conn:
        return [told(conn, row) for row in broken_rows(conn)] + unknown_seals(conn)


def spoil(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(statement, values)
        raw.commit()


def test_every_way_of_writing_is_sealed(engine):
    with write_transaction(engine) as conn:
        session = working(conn)
        ids = people(session, *(f"成员{n}" for n in range(3 * BLOCK)))
        kept = people(session, "阿梨")[0]
        session.update(member, kept, note="新来的", phone=None)
        session.update_many(member, [{"id": row_id, "note": "老友"} for row_id in ids[::5]])
        session.insert(tag, category="", name="宝妈")
    assert broken(engine) == []
    with write_transaction(engine) as conn:
        session = working(conn)
        session.delete(member, kept)
        gone = session.delete_range(member, ids[BLOCK // 2], ids[2 * BLOCK])
        session.place(tag, category="", name="团长")
        session.rewrite(update(member).where(member.c.id > ids[-9]).values(note=None))
        session.rewrite(delete(tag).where(tag.c.name == "宝妈"))
    assert broken(engine) == []
    with write_transaction(engine) as conn:
        session = working(conn)
        session.restore(member, [dict(row._mapping) for row in gone])
        session.update(member, gone[0].id, name="改名")
    assert broken(engine) == []


def test_a_block_without_rows_keeps_no_seal(engine):
    with write_transaction(engine) as conn:
        ids = people(working(conn), "阿梨", "团团妈")
    with write_transaction(engine) as conn:
        working(conn).delete_range(member, ids[0], ids[-1])
        assert [row.name for row in conn.exec_driver_sql("SELECT tbl AS name FROM seal WHERE tbl = 'member'")] == [
            "member"
        ]
    with read_transaction(engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM seal WHERE tbl = 'member'").scalar() == 0
    assert broken(engine) == []


def test_what_is_rolled_back_was_never_sealed(engine):
    with write_transaction(engine) as conn:
        people(working(conn), "阿梨")
        conn.rollback()

    def half_done() -> None:
        with write_transaction(engine) as conn:
            session = working(conn)
            people(session, "阿梨")
            session.delete(member, 99)

    with pytest.raises(LookupError):
        half_done()
    with write_transaction(engine) as conn:
        people(working(conn), "团团妈")
    assert broken(engine) == []


SPOILED = {
    "UPDATE member SET note = '改过' WHERE id = 2": "member #2 (团团妈)",
    "UPDATE member SET birth_year = 1990 WHERE id = 1": "member #1 (阿梨)",
    "DELETE FROM member WHERE id = 3": "member #3 is gone",
    "INSERT INTO tag (id, category, name) VALUES (900, '', '多出来的')": "tag #900",
    "UPDATE seal SET digests = zeroblob(512) WHERE tbl = 'step'": "step #1",
    "UPDATE seal SET digests = x'00' WHERE tbl = 'step'": "step #1",
    "DELETE FROM seal WHERE tbl = 'step'": "step #1",
    "UPDATE seal SET tbl = 'stfp' WHERE tbl = 'step'": "step #1",
    "UPDATE seal SET block = 7 WHERE tbl = 'step'": "step #1",
    "UPDATE member SET note = CAST(x'e6ff41' AS TEXT) WHERE id = 2": "member #2 (团团妈)",
    "UPDATE member SET name = CAST(x'e6ff41' AS TEXT) WHERE id = 2": "member #2 (\ufffd\ufffdA)",
}


@pytest.mark.parametrize("statement", SPOILED)
def test_a_row_changed_past_the_program_is_named_each_time(engine, path, statement):
    with write_transaction(engine) as conn:
        people(working(conn), "阿梨", "团团妈", "Tom")
    spoil(path, statement)
    assert broken(engine)[0] == SPOILED[statement]
    assert broken(engine) == broken(engine)


def test_a_damaged_row_stays_named_when_it_is_changed_later(engine, path):
    with write_transaction(engine) as conn:
        first, second, _third = people(working(conn), "阿梨", "团团妈", "Tom")
    spoil(path, "UPDATE member SET phone = '1380001' WHERE id = ?", first)
    spoil(path, "UPDATE member SET phone = '1380002' WHERE id = ?", second)
    with write_transaction(engine) as conn:
        session = working(conn)
        session.update(member, first, note="来过")
        session.delete(member, second)
        people(session, "新人")
    assert broken(engine) == ["member #1 (阿梨)", "member #2 is gone"]


def test_a_file_without_seals_gets_all_of_them(engine, path):
    with write_transaction(engine) as conn:
        people(working(conn), *(f"成员{n}" for n in range(2 * BLOCK + 5)))
    with read_transaction(engine) as conn:
        before = conn.exec_driver_sql("SELECT * FROM seal ORDER BY tbl, block").all()
    spoil(path, "DELETE FROM seal")
    with write_transaction(engine) as conn:
        seal_all(conn)
        assert conn.exec_driver_sql("SELECT * FROM seal ORDER BY tbl, block").all() == before


def wider(conn: Connection) -> None:
    """A version to come: a table whose rows all change, one that gets another shape."""
    conn.exec_driver_sql("ALTER TABLE member ADD COLUMN nick TEXT NOT NULL DEFAULT ''")
    conn.exec_driver_sql("UPDATE tag SET name = name || '!'")


def create_wider(conn: Connection) -> None:
    create_schema(conn)
    wider(conn)


def test_an_update_seals_the_rows_anew_and_what_was_damaged_stays_named(engine, path):
    newest = Schema.current().version + 1
    with write_transaction(engine) as conn:
        stamp(conn, newest - 1)
        session = working(conn)
        people(session, "阿梨", "团团妈", "Tom", *(f"成员{n}" for n in range(3 * BLOCK)))
        session.insert_many(tag, [{"name": "宝妈"}, {"name": "团长"}, {"name": "新客"}])
    spoil(path, "UPDATE member SET phone = '1380001' WHERE id = 2")
    spoil(path, "DELETE FROM member WHERE id = 3")
    spoil(path, "UPDATE tag SET name = '团员' WHERE id = 2")
    spoil(path, "UPDATE seal SET digests = x'00' WHERE tbl = 'step'")
    before = broken(engine)
    assert before == ["member #2 (团团妈)", "member #3 is gone", "step #1", "tag #2"]
    engine.dispose()
    migrate(path, Schema(newest, create_wider, {newest: Step(wider)}), NOON)
    assert broken(engine) == before


def test_an_update_of_a_sound_file_seals_the_rows_as_they_are(engine, path):
    newest = Schema.current().version + 1
    with write_transaction(engine) as conn:
        stamp(conn, newest - 1)
        session = working(conn)
        people(session, *(f"成员{n}" for n in range(3 * BLOCK)))
        session.insert_many(tag, [{"name": "宝妈"}, {"name": "团长"}])
    engine.dispose()
    migrate(path, Schema(newest, create_wider, {newest: Step(wider)}), NOON)
    assert broken(engine) == []


def test_what_is_counted_from_other_tables_is_not_sealed(engine):
    assert not {table.name for table in tables() if table.info.get("cache")} & sealed_names(engine)
    assert sealed_names(engine) == {table.name for table in tables() if is_sealed(table)}


def sealed_names(engine) -> set[str]:
    with read_transaction(engine) as conn:
        return set(sealed_tables(conn))


def test_what_is_digested_is_the_same_on_every_engine(engine):
    """Otherwise a file that moves to another machine would be called damaged."""
    with write_transaction(engine) as conn:
        [who] = people(working(conn), "阿梨")
        text = '"引号" \\ /\t\n\r\x08\x0c\x01\x7f é 🍀 \''
        conn.execute(alias.insert().values(id=7, member_id=who, kind="nick", text=text, key="k"))
        [(_id, stored)] = conn.exec_driver_sql(f"{text_of('alias', columns_of(alias))} = 7").all()
        said = '7,"k","nick",1,"\\"引号\\" \\\\ /\\t\\n\\r\\b\\f\\u0001\x7f é 🍀 \'",null,null'
        assert stored.decode() == f"[{said}]"
        assert digests(conn, alias, [7]) == {7: crc32(stored)}


work = st.lists(st.tuples(st.sampled_from("idurp"), st.integers(0, 400)), max_size=25)


@settings(max_examples=25, deadline=None)
@given(units=st.lists(work, max_size=5))
def test_seals_are_those_of_a_recount_after_any_work(tmp_path_factory, units):
    path = tmp_path_factory.mktemp("work") / "a.db"
    path.touch()
    engine = make_engine(path, journal="MEMORY", synchronous="OFF")
    with write_transaction(engine) as conn:
        create_schema(conn)
    removed: dict[int, dict[str, object]] = {}
    for unit in units:
        with write_transaction(engine) as conn:
            session = working(conn)
            for what, number in unit:
                do(session, what, number, removed)
        with write_transaction(engine) as conn:
            kept = conn.exec_driver_sql("SELECT * FROM seal ORDER BY tbl, block").all()
            seal_all(conn)
            assert conn.exec_driver_sql("SELECT * FROM seal ORDER BY tbl, block").all() == kept
    engine.dispose()


def do(session: Session, what: str, number: int, removed: dict[int, dict[str, object]]) -> None:
    """One piece of work on the members: add some, change, remove or put back those around a number."""
    if what == "i":
        people(session, *(f"成员{n}" for n in range(number % 150 + 1)))
    elif what == "u":
        inside = session.rows(member.select().where(member.c.id.between(number, number + 9)))
        session.update_many(member, [{"id": row.id, "note": f"{row.id} {number}"} for row in inside])
    elif what == "d":
        gone = session.delete_range(member, number, number + 3)
        removed.update({row.id: dict(row._mapping) for row in gone})
    elif what == "r":
        session.rewrite(update(member).where(member.c.id % 7 == number % 7).values(channel=f"第{number}"))
    elif removed:
        session.restore(member, list(removed.values()))
        removed.clear()


def test_services_write_through_the_session_alone():
    """What goes past it would be called damaged at the next look."""
    past = re.compile(
        r"conn\.(execute|exec_driver_sql)\(\s*(insert|update|delete|\"(INSERT|UPDATE|DELETE)|\w+\.(insert|update|delete)\()"
    )
    services = Path(doctor.__file__).parent
    assert [path.name for path in services.glob("*.py") if past.search(path.read_text(encoding="utf-8"))] == []
