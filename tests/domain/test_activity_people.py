"""Names read day by day against a naive reading, and the names a member learns."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.activity_people import Bearing, KnownName, given_name, learned_names, read_days, speaker_key

START = date(2026, 3, 1)
DAYS = st.one_of(st.none(), st.integers(0, 12).map(lambda n: START + timedelta(days=n)))
SPANS = st.tuples(DAYS, DAYS)
BEARINGS = st.lists(
    st.builds(
        Bearing, st.integers(1, 3), DAYS, DAYS, st.lists(SPANS, max_size=2).map(tuple), st.booleans()
    ),
    max_size=4,
)  # fmt: skip


@given(BEARINGS, st.integers(0, 12), st.integers(0, 12))
def test_each_day_is_whose_it_fits_best(bearings: list[Bearing], one: int, other: int) -> None:
    first, last = (START + timedelta(days=n) for n in sorted((one, other)))
    pieces = read_days(bearings, first, last)
    assert pieces[0].first is None
    assert pieces[-1].end is None
    assert all(before.end == after.first for before, after in pairwise(pieces))
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        ranks = [(rank, each.member_id) for each in bearings if (rank := each.rank(on)) is not None]
        best = {who for rank, who in ranks if rank == min(ranks)[0]}
        (piece,) = [p for p in pieces if (p.first is None or p.first <= on) and (p.end is None or on < p.end)]
        assert piece.member_id == (best.pop() if len(best) == 1 else None)


SHOWN = st.tuples(st.sampled_from(["小李", "老李", "大李"]), st.integers(0, 12), st.integers(0, 5))


def learn(known: list[KnownName], shown: tuple[str, int, int]) -> list[KnownName]:
    """What is known once a file has shown a name for some days."""
    name, n, more = shown
    numbered = {each.id: each for each in known}
    for each in learned_names(known, [(name, START + timedelta(days=n), START + timedelta(days=n + more))]):
        place = len(numbered) if each.id is None else each.id
        numbered[place] = KnownName(place, each.kind, each.text, each.valid_from, each.valid_to)
    return list(numbered.values())


@given(st.lists(SHOWN, min_size=1, max_size=5))
def test_a_name_shown_is_known_on_its_days_once(told: list[tuple[str, int, int]]) -> None:
    known: list[KnownName] = []
    for name, n, more in told:
        known = learn(known, (name, n, more))
        (row,) = [each for each in known if each.text == name]
        assert row.valid_from is None or row.valid_from <= START + timedelta(days=n)
        assert row.valid_to is None or START + timedelta(days=n + more) < row.valid_to
        assert learn(known, (name, n, more)) == known


def test_a_given_name_has_the_days_it_is_given() -> None:
    assert given_name([], "小李", START, None) == KnownName(None, "nick", "小李", START, None)
    known = [KnownName(1, "nick", "小李🌸", START + timedelta(days=3), None)]
    assert given_name(known, "小李", START, None) == KnownName(1, "nick", "小李🌸", START, None)
    assert given_name([KnownName(1, "name", "小李")], "小李", START, None) is None


def test_a_name_is_its_own_key_however_it_is_written() -> None:
    assert speaker_key("name", "Ｃrystal🌸") == speaker_key("name", "crystal")
    assert speaker_key("wxid", "wxid_A") == ("wxid", "wxid_A")
