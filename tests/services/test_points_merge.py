"""What one member holds goes to another: the sum stays on every day, every lot keeps its end, undo brings it back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import Refused
from qunguan.domain.points import Award, AwardKey
from qunguan.services import history, points
from qunguan.services.members_merge import merge
from tests.services.ledger import Rig, day, memory_engine, rig

_ENGINE = memory_engine()
_DAYS = 30
_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["grant", "award", "spend", "reverse", "take back", "again", "wait"]),
        st.integers(1, 2),
        st.integers(1, 40),
        st.one_of(st.none(), st.integers(0, 25)),
    ),
    min_size=1,
    max_size=14,
)


def play(one: Rig, moves) -> None:
    booked: list[int] = []
    for what, who, amount, life in moves:
        ends = None if life is None else day(one.today + life)
        key = f"{amount % 4}"
        try:
            if what == "grant":
                booked.append(one.call(points.grant, who, amount, expires_on=ends).entry_id)
            elif what in ("award", "again"):
                done = one.call(
                    points.award_many, [Award(who, "checkin.points", amount, "checkin", key, day(one.today))]
                )
                booked += [each.entry_id for each in done if each.entry_id]
            elif what == "spend":
                booked.append(one.call(points.spend, who, amount).entry_id)
            elif what == "reverse" and booked:
                one.call(points.reverse, booked[amount % len(booked)])
            elif what == "take back":
                one.call(points.take_back, [AwardKey(who, "checkin.points", "checkin", key)])
            elif what == "wait":
                one.today = min(_DAYS, one.today + amount % 5)
        except Refused:
            continue


@settings(max_examples=40, deadline=None)
@given(_MOVES, st.sampled_from([0, 7]), st.sampled_from(["debt", "waive"]))
def test_the_sum_of_both_stays_on_every_day(moves, life, policy) -> None:
    with rig(_ENGINE) as one:
        one.rule("points.expiry_days", life)
        play(one, moves)
        if policy == "waive":
            one.rule("points.reverse_policy", "waive")
        days = range(-1, _DAYS + 30)
        before = [one.balance(1, n) + one.balance(2, n) for n in days]
        own = [one.balance(who, one.today) for who in (1, 2)]
        one.call(merge, 1, 2)
        assert [one.balance(1, n) + one.balance(2, n) for n in days] == before
        assert all(one.balance(2, n) == 0 for n in range(one.today, _DAYS + 30))
        one.reconciled()
        if policy == "debt":
            one.call(history.undo)
            assert [one.balance(who, one.today) for who in (1, 2)] == own
            one.reconciled()


@settings(max_examples=40, deadline=None)
@given(_MOVES)
def test_what_stood_of_an_award_stands_and_is_not_given_again(moves) -> None:
    with rig(_ENGINE) as one:
        play(one, moves)
        mine, theirs = ([AwardKey(who, "checkin.points", "checkin", f"{n}") for n in range(4)] for who in (1, 2))
        before = points.standing_of(one.session(), [*mine, *theirs])
        one.call(merge, 1, 2)
        after = points.standing_of(one.session(), mine)
        for own, other in zip(mine, theirs, strict=True):
            if own in before:
                assert after[own][1] >= before[own][1]
            elif other in before and before[other][1]:
                assert after[own][1] == before[other][1]
        held = one.balance(1)
        standing = [key for key in mine if key in after and after[key][1]]
        again = [Award(*key[:2], 99, *key[2:], day(one.today)) for key in standing]
        one.call(points.award_many, again)
        if all(after[key][0].amount == after[key][1] for key in standing):
            assert one.balance(1) == held
