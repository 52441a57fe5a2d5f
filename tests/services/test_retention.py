"""Retention against an independent count with pandas: ties, leavers, who came again, cells that are not over."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pandas as pd
import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.retention import DAYS, WEEKS, Born, Cohort, Counts, Kind, Retention
from qunguan.services import checkins, groups, members, presence, rules
from qunguan.services import retention as service
from qunguan.services.desk import Desk
from qunguan.store.checkins import checkin
from qunguan.store.earning import deed
from qunguan.store.members import membership
from qunguan.store.orders import shop_order
from qunguan.store.session import Session
from tests.services.test_presence import tell

TODAY = date(2026, 3, 20)
MEMBERS, SPAN = 2_000, 70
Frame: Any = pd.DataFrame


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class World:
    """A random community, and the same as frames: stays (member, joined, left) and acts (member, day, kind)."""

    def __init__(self, desk: Desk) -> None:
        dice = random.Random(20260320)
        self.desk = desk
        self.stays: list[tuple[int, date | None, date | None]] = []
        self.acts: list[tuple[int, date, str]] = []
        desk.write(members.add_many, [f"成员{n}" for n in range(MEMBERS)])
        other = desk.write(groups.create, "别的群").id
        for member_id in range(1, MEMBERS + 1):
            joined = ago(dice.randint(0, SPAN + 20))  # some before anything is told
            if dice.random() < 0.05:
                self.stays.append((member_id, None, ago(dice.randint(0, SPAN)) if dice.random() < 0.5 else None))
                continue
            left = joined + timedelta(days=dice.randint(0, 40)) if dice.random() < 0.3 else None
            left = left if left and left < TODAY else None
            self.stays.append((member_id, joined, left))
            if left and dice.random() < 0.4:
                again = left + timedelta(days=dice.randint(0, 5))
                self.stays.append((member_id, again if again <= TODAY else None, None))
        for _ in range(14_000):
            day = ago(int(dice.triangular(0, SPAN, 0)))
            self.acts.append((int(dice.paretovariate(0.6)) % MEMBERS + 1, day, dice.choices("mcdo", (8, 3, 1, 1))[0]))
        desk.write(self.store)
        desk.write(tell, [(1, ago(1), 3)], other)

    def store(self, session: Session, clock: Clock) -> None:
        """Everything as the services would have left it."""
        session.step("made")
        session.insert_many(
            membership,
            [{"member_id": who, "group_id": 1, "joined_on": joined, "left_on": left}
             for who, joined, left in self.stays],
        )  # fmt: skip
        tell(session, clock, [(who, day, 1) for who, day, kind in self.acts if kind == "m"] + [(None, ago(3), 2)])
        challenge = checkins.start(session, clock, "早起", starts_on=ago(SPAN + 5))
        noon = datetime(2026, 1, 1, 4, tzinfo=UTC)
        done = sorted({(who, day) for who, day, kind in self.acts if kind == "c"})
        fixed = {"challenge_id": challenge.id, "state": "done", "occurred_at": noon, "source": "hand", "earns": False}
        session.insert_many(checkin, [{"member_id": who, "day": day, **fixed} for who, day in done])
        quiet = [{**fixed, "member_id": who, "day": ago(80), "state": "excused"} for who in range(1, 50)]
        session.insert_many(checkin, quiet)
        session.insert_many(
            deed,
            [{"member_id": who, "kind": "share", "biz_date": day, "occurred_at": noon, "points": 1}
             for who, day, kind in self.acts if kind == "d"],
        )  # fmt: skip
        bought = [(who, day) for who, day, kind in self.acts if kind == "o"]
        session.insert_many(
            shop_order,
            [{"shop": "hand", "number": str(n), "buyer": "某", "buyer_key": "某", "member_id": who, "amount_fen": 100,
              "matched_by": "hand", "biz_date": day, "status": "paid", "counts": True, "created_at": noon}
             for n, (who, day) in enumerate(bought)],
        )  # fmt: skip

    def frames(self, counts: Counts, born: Born, as_of: date) -> tuple[Any, Any]:
        """Members with their first day, and their active days."""
        kinds = {Counts.ANY: "mcdo", Counts.MESSAGES: "m", Counts.CHECKINS: "c"}[counts]
        stays = Frame(self.stays, columns=["who", "joined", "left"])
        stays = stays[stays.joined.isna() | (pd.to_datetime(stays.joined) <= pd.Timestamp(as_of))]
        acts = Frame([(who, day) for who, day, kind in self.acts if kind in kinds and day <= as_of],
                     columns=["who", "day"]).drop_duplicates()  # fmt: skip
        acts["day"] = pd.to_datetime(acts.day)
        acts = acts[acts.who.isin(stays.who)]
        if born is Born.FIRST_SEEN:
            return acts.groupby("who").day.min().rename("born").reset_index(), acts
        dated: dict[int, list[date]] = {}
        undated: dict[int, list[date]] = {}
        for who, joined, left in self.stays:
            if joined and joined <= as_of:
                dated.setdefault(who, []).append(joined)
            elif not joined and left:
                undated.setdefault(who, []).append(left)
        firsts = {
            who: min(days) for who, days in dated.items() if not any(left <= min(days) for left in undated.get(who, ()))
        }
        people = Frame({"who": list(firsts), "born": pd.to_datetime(list(firsts.values()))})
        return people, acts

    def expected(
        self, kind: Kind, cohort: Cohort, counts: Counts, born: Born, as_of: date
    ) -> tuple[dict[date, dict[str, tuple[int, int]]], dict[str, tuple[int, int]]]:
        """(cohort → cell → (active, ripe)), and the same of everybody."""
        people, acts = self.frames(counts, born, as_of)
        people["week"] = people.born - pd.to_timedelta(people.born.dt.day_of_week, unit="D")
        people["cohort"] = people.week if cohort is Cohort.WEEK else people.born
        both = people.merge(acts, on="who", how="left")
        complete = pd.Timestamp(min(as_of, TODAY - timedelta(days=1)))
        known = acts.day.min()
        columns = {}
        for name, number, origin, width in [
            *((f"D{n}", n, "born", 1) for n in DAYS), *((f"W{n}", 7 * n, "week", 7) for n in WEEKS)
        ]:  # fmt: skip
            since = (both.day - both[origin]).dt.days
            hit = since >= number if kind is Kind.ROLLING else (since >= number) & (since < number + width)
            kept = set(both.who[hit])
            begins = people[origin] + pd.Timedelta(days=number)
            ripe = (begins >= known) & (begins + pd.Timedelta(days=width - 1) <= complete)
            columns[name] = Frame(
                {"cohort": people.cohort, "ripe": ripe, "kept": ripe & people.who.isin(kept)}
            )  # fmt: skip
        cells = {name: (frame.groupby("cohort")[["kept", "ripe"]].sum()) for name, frame in columns.items()}
        starts = sorted(set(people.cohort))
        return (
            {start.date(): {name: _pair(cells[name].loc[start]) for name in cells} for start in starts},
            {name: (int(frame.kept.sum()), int(frame.ripe.sum())) for name, frame in columns.items()},
        )


def _pair(row: Any) -> tuple[int, int]:
    return int(row.kept), int(row.ripe)


def told(found: Retention) -> tuple[dict[date, dict[str, tuple[int, int]]], dict[str, tuple[int, int]]]:
    """The service's answer in the same shape."""

    def pairs(cells, weeks):  # type: ignore[no-untyped-def]
        named = [(f"D{n}", rate) for n, rate in cells.items()] + [(f"W{n}", rate) for n, rate in weeks.items()]
        return {name: (0, 0) if rate is None else (round(rate.value * rate.n), rate.n) for name, rate in named}

    return {each.start: pairs(each.cells, each.weeks) for each in found.cohorts}, pairs(found.overall, found.weeks)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    clock = Clock(datetime(2026, 3, 20, 12, tzinfo=UTC))
    desk = Desk(tmp_path_factory.mktemp("world") / "q.db", clock, create=True)
    desk.write(groups.create, "早起读书群")
    return World(desk)


@pytest.mark.parametrize(("counts", "born"), list(product(Counts, Born)))
def test_as_pandas_counts(world: World, counts: Counts, born: Born) -> None:
    desk = world.desk
    desk.write(rules.change, "activity.counts", counts.value)
    desk.write(rules.change, "insight.cohort", born.value)
    assert desk.read(presence.differences) == ()
    for (kind, cohort), as_of in product(product(Kind, Cohort), (TODAY, ago(1), ago(23))):
        found = desk.read(service.retention, desk.clock, 1, kind, cohort, as_of)
        assert told(found) == world.expected(kind, cohort, counts, born, as_of), (kind, cohort, as_of)


def test_the_roll_ups_and_the_rows_agree_on_today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk
    kept = desk.read(service.retention, desk.clock, 1)
    some = desk.read(service.retention, desk.clock, 1, Kind.ROLLING, Cohort.WEEK, None, ago(20))
    actives = [desk.read(presence.actives, desk.clock, 1, window) for window in (1, 7, 30)]
    monkeypatch.setattr(service, "use_rollups", lambda *_: False)
    monkeypatch.setattr("qunguan.services.presence_read.use_rollups", lambda *_: False)
    assert desk.read(service.retention, desk.clock, 1) == kept
    assert desk.read(service.retention, desk.clock, 1, Kind.ROLLING, Cohort.WEEK, None, ago(20)) == some
    assert [desk.read(presence.actives, desk.clock, 1, window) for window in (1, 7, 30)] == actives
    assert some.cohorts[0].start == ago(25), "whole weeks"


def test_a_cell_says_who(world: World) -> None:
    desk = world.desk
    line = desk.read(service.retention, desk.clock, 1, Kind.CLASSIC, Cohort.WEEK).cohorts[4]
    for number, weekly in ((7, False), (1, True)):
        why = desk.read(service.why_cell, desk.clock, 1, line.start, number, cohort=Cohort.WEEK, weekly=weekly)
        assert why.rate == (line.weeks if weekly else line.cells)[number]
        assert len(why.kept + why.lost + why.waiting) == line.size
        assert why.reasons
    with pytest.raises(BadInput):
        desk.read(service.why_cell, desk.clock, 1, line.start, 2)


def test_the_vector_of_the_semantics(tmp_path, one_group: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "q.db"
    path.touch(0o600)
    path.write_bytes(one_group)
    first = date(2025, 8, 1)
    with Desk(path, Clock(datetime(2025, 8, 20, 4, tzinfo=UTC))) as desk:
        desk.write(members.add_many, ["a", "b", "c", "d"], group_id=1, joined_on=first)
        desk.write(tell, [(1, date(2025, 8, 2), 1), (2, date(2025, 8, 8), 1), (3, date(2025, 8, 9), 1)])
        classic = desk.read(service.retention, desk.clock, 1)
        assert (classic.overall[1], classic.other[1]) == (rate(1, 4), rate(3, 4))
        assert (classic.overall[7], classic.other[7]) == (rate(1, 4), rate(2, 4))
        assert (classic.overall[14], classic.overall[30]) == (rate(0, 4), None)


@pytest.mark.parametrize("path_of", ["roll-ups", "rows"])
def test_days_before_anything_is_told_are_unknown(tmp_path, one_group: bytes, monkeypatch, path_of: str) -> None:  # type: ignore[no-untyped-def]
    """Those who joined long before the chat begins: who was active then nobody knows, and nobody counts as lost."""
    path = tmp_path / "q.db"
    path.touch(0o600)
    path.write_bytes(one_group)
    if path_of == "rows":
        monkeypatch.setattr(service, "use_rollups", lambda *_: False)
    with Desk(path, Clock(datetime(2026, 3, 20, 4, tzinfo=UTC))) as desk:
        old, new = date(2026, 1, 5), date(2026, 3, 1)
        desk.write(members.add_many, [f"老{n}" for n in range(5)], group_id=1, joined_on=old)
        desk.write(members.add_many, ["新一", "新二"], group_id=1, joined_on=new)
        nothing = desk.read(service.retention, desk.clock, 1)
        assert (nothing.known_from, nothing.partly) == (None, True)
        assert {*nothing.overall.values(), *nothing.weeks.values()} == {None}
        desk.write(tell, [(1, date(2026, 2, 28), 1), (6, date(2026, 3, 2), 1)])
        for kind in Kind:
            found = desk.read(service.retention, desk.clock, 1, kind)
            assert (found.known_from, found.partly) == (date(2026, 2, 28), True)
            assert set(found.cohorts[0].cells.values()) == {None}
            assert found.cohorts[0].weeks[8] == rate(0, 5), "2 to 8 March are told"
            assert found.overall[1] == rate(1, 2), "out of every sum and base"
        why = desk.read(service.why_cell, desk.clock, 1, old, 30)
        assert (len(why.untold), why.rate, why.known_from) == (5, None, date(2026, 2, 28))
        assert "2026-02-28" in " ".join(map(str, why.reasons))
        desk.write(rules.change, "activity.counts", "checkins")
        assert desk.read(service.retention, desk.clock, 1).known_from is None
        desk.write(rules.change, "activity.counts", "any")
        desk.write(did, 3, date(2026, 2, 4))
        found = desk.read(service.retention, desk.clock, 1)
        assert found.known_from == date(2026, 2, 4), "a deed tells too"
        assert (found.cohorts[0].cells[14], found.cohorts[0].cells[30]) == (None, rate(1, 5))


def did(session: Session, clock: Clock, who: int, day: date) -> None:
    """A deed of a member."""
    session.step("did")
    session.insert(deed, member_id=who, kind="share", biz_date=day, occurred_at=clock.now(), points=0)


def rate(part: int, base: int):  # type: ignore[no-untyped-def]
    from qunguan.domain.checkin_outcomes import Rate

    return Rate.of(part, base)
