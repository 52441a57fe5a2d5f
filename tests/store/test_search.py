"""Search while typing: by name, alias, pinyin, initials, phone tail, tag; nothing typed is an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from qunguan.domain.search import document, query
from qunguan.domain.text import match_key
from qunguan.store import search

MEMBERS = {
    1: (["李张三"], None, []),
    2: (["张三丰", "丰哥🌸"], "13800010001", ["活跃"]),
    3: (["张三"], "+86 139-1234-0001", []),
    4: (["曾小明_88", "Amy Wang"], "138****7890", ["老 会员"]),
    5: (["单于𠮷"], "", []),
    6: (["José", "❤\ufe0f👩\u200d👧"], None, []),
    7: (["吕略"], None, []),
    8: (["[VIP]查·理"], None, []),
    9: (["ㅤ"], None, []),
    10: (["ﾔﾏﾀﾞ Иван"], None, []),
    11: (["王芳", "伟伟"], None, []),
    12: (["Lyudmila", "一二三四五六七八九十甲乙丙丁"], None, []),
}


@contextmanager
def opened(url: str = "sqlite://") -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def names(conn: Connection, told: dict[int, list[str]]) -> None:
    conn.exec_driver_sql("CREATE TABLE alias (member_id, key)")
    rows = [(i, match_key(name)) for i, every in told.items() for name in every]
    conn.exec_driver_sql("INSERT INTO alias VALUES (?, ?)", rows)


@pytest.fixture(scope="module")
def conn() -> Iterator[Connection]:
    with opened() as connection:
        search.create_search(connection)
        search.index_members(connection, ((i, document(*fields)) for i, fields in MEMBERS.items()))
        names(connection, {i: fields[0] for i, fields in MEMBERS.items()})
        yield connection


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zs", [3, 2, 1]),
        ("zsf", [2]),
        ("zhs", [3, 2, 1]),
        ("zhangsan", [3, 2, 1]),
        ("ZhangSanF", [2]),
        ("zhangs", [3, 2, 1]),
        ("ｚｓ", [3, 2, 1]),
        ("sanfeng", [2]),
        ("张三", [3, 2, 1]),
        ("三丰", [2]),
        ("三", [3, 1, 2, 12]),
        ("丰哥", [2]),
        ("fengge", [2]),
        ("🌸", [2]),
        ("❤", [6]),
        ("👩", [6]),
        ("0001", [3, 2]),
        ("00010001", [2]),
        ("13800010001", [2]),
        ("０００１", [3, 2]),
        ("7890", [4]),
        ("3800", []),
        ("88", [4]),
        ("活跃", [2]),
        ("hy", [2, 4]),
        ("会员", [4]),
        ("老会员", [4]),
        ("zengxm", [4]),
        ("cengxm", [4]),
        ("zhangsf", [2]),
        ("zengx", [4]),
        ("ceng", [4]),
        ("zxm", [4]),
        ("chanyu", [5]),
        ("shanyu", [5]),
        ("cyj", [5]),
        ("𠮷", [5]),
        ("amy", [4]),
        ("WANG a", [4]),
        ("wang", [11, 4]),
        ("my", []),
        ("jose", [6]),
        ("JOSÉ", [6]),
        ("lvlve", [7]),
        ("lyu", [7, 12]),
        ("lvlue", [7]),
        ("yiersansiwuliuqibajiu", [12]),
        ("sswlqbjsjy", [12]),
        ("三四五六七八九十甲乙丙丁", [12]),
        ("查理", [8]),
        ("查·理", [8]),
        ("zhali", [8]),
        ("vip", [8]),
        ("ヤマダ", [10]),
        ("ив", [10]),
        ("芳伟", []),
        ("张 feng", [2]),
        ("三丰 活跃 0001", [2]),
        ("zs xyz", []),
        ("", []),
        ("  。 ", []),
        ("[", [8]),
        ("［", [8]),
        ("]·", []),
        ("·", [8]),
        ("_", [4]),
        ("ㅤ", []),
    ],
)
def test_typing_finds(conn: Connection, typed: str, found: list[int]) -> None:
    assert search.find(conn, typed, 10) == found
    assert search.count(conn, typed) == len(found)


def test_the_limit_and_the_cap_hold(conn: Connection) -> None:
    assert search.find(conn, "zs", 2) == [3, 2]
    assert search.find(conn, "zs", 0) == []
    assert search.count(conn, "zs", cap=2) == 2


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", "*", "a*", "^a", "-a", "a -b", "doc:a", "NEAR(a b)", "NEAR", "AND", "OR", "NOT", "a AND", "(", ")",
        "{a}", "a\x00b", "\x00", '"a" "b', "张*三", "a+b", "\\", "%", "_", "·1000", "\ud800", ";--", "+86",
        "a\nb", "\u0301",
    ],
)  # fmt: skip
def test_nothing_typed_is_an_error(conn: Connection, typed: str) -> None:
    search.find(conn, typed, 5)
    search.count(conn, typed)


@settings(max_examples=150, deadline=None)
@given(typed=st.text(max_size=12) | st.text("aZ张·1\"'*()^:-+ \x00{}🌸é", max_size=12))
def test_whatever_is_typed_is_a_valid_query(conn: Connection, typed: str) -> None:
    assert len(search.find(conn, typed, 5)) == min(search.count(conn, typed), 5)


@settings(max_examples=150, deadline=None)
@given(name=st.text(min_size=1, max_size=12))
def test_every_name_is_found_by_itself(conn: Connection, name: str) -> None:
    if query(name) is None:
        return
    search.index_members(conn, [(99, document([name]))])
    assert 99 in search.find(conn, name, 50)
    search.remove(conn, [99])


def test_a_row_is_replaced_and_removed() -> None:
    with opened() as conn:
        search.create_search(conn)
        search.index_members(conn, [(1, document(["张三"])), (2, document(["李四"]))])
        search.index_members(conn, [(1, document(["王五"]))])
        assert search.find(conn, "zs", 5) == []
        assert search.find(conn, "ww", 5) == [1]
        search.remove(conn, [1, 7])
        search.remove(conn, [])
        search.compact(conn)
        assert search.find(conn, "ww", 5) == []
        assert search.find(conn, "ls", 5) == [2]


def test_doctor_sees_what_a_rebuild_would_change() -> None:
    docs = {i: document([name]) for i, name in enumerate(("张三", "李四", "王五"), 1)}
    with opened() as conn:
        search.create_search(conn)
        search.index_members(conn, docs.items())
        assert search.differences(conn, docs.items()) == []
        search.remove(conn, [1])
        search.index_members(conn, [(2, document(["李六"])), (9, document(["赵七"]))])
        assert search.differences(conn, docs.items()) == [1, 2, 9]


def test_many_hits_come_in_order_of_id() -> None:
    with opened() as conn:
        search.create_search(conn)
        search.index_members(conn, ((i, document([f"张{i}"])) for i in range(1, 1500)))
        assert search.find(conn, "z", 50) == list(range(1, 51))
        assert search.find(conn, "张", 500) == list(range(1, 501))
        assert search.count(conn, "z") == 1000


def test_a_removed_phone_leaves_the_file_when_compacted(tmp_path) -> None:
    path = tmp_path / "search.db"
    with opened(f"sqlite:///{path}") as conn:
        conn.exec_driver_sql("PRAGMA secure_delete = 1")
        search.create_search(conn)
        search.index_members(conn, [(1, document(["张三"], "13912345678")), (2, document(["李四"]))])
        conn.commit()
        assert b"87654321931" in path.read_bytes()
        search.remove(conn, [1])
        search.compact(conn)
        conn.commit()
        assert b"87654321931" not in path.read_bytes()
