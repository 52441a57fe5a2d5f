"""Figures of days that are kept say what the rows say, whatever is written and taken back; nobody has to keep them."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import delete, select, update

from qunguan.domain.clock import Clock
from qunguan.domain.errors import UserError
from qunguan.services import (
    alerts,
    checkins,
    doctor,
    earning,
    figure_upkeep,
    figures,
    groups,
    history,
    insights,
    members,
    members_merge,
    orders,
    presence,
)
from qunguan.services.desk import Desk
from qunguan.store import insight_queries as queries
from qunguan.store.activity import speech
from qunguan.store.presence import figure_day, stay_day
from tests.services.chat_kit import ago, crowd, leave, span, spread, tell
from tests.services.order_kit import entry, sheet


def kept(desk: Desk) -> set[str]:
    """The names of the figures that are kept, with their days."""
    return {f"{row.name} @{row.day}" for row in desk.read(lambda session: session.rows(select(figure_day)))}


def told(desk: Desk):
    """What the health card and the alerts say."""
    every = desk.read(lambda session: [group.id for group in groups.all_groups(session)])
    cards = [desk.read(insights.health, desk.clock, group_id) for group_id in every]
    return cards, desk.read(alerts.alerts, desk.clock)


def told_by_rows(desk: Desk):
    """The same with nothing kept."""

    def work(session, clock):
        for table in (figure_day, stay_day):
            session.conn.execute(delete(table))

    desk.write(work)
    found = told(desk)
    desk.write(lambda session, clock: presence.rebuild(session))
    return found


@pytest.fixture
def talk(desk: Desk) -> Desk:
    """Twelve members, a challenge, orders, and a chat of the last sixty days."""
    ids = crowd(desk, 12, joined=ago(100))
    desk.write(checkins.start, "早起", who=ids[:6], starts_on=ago(40))
    desk.write(orders.import_orders, sheet(*(entry(n, f"人1-{n}", 50 + n, f"2026-0{1 + n % 3}-10 10:00")
                                             for n in range(8))), create=True)  # fmt: skip
    tell(desk, ago(60), ago(1), spread(ids[:8], span(ago(60), ago(1))[::3]) | {("路人", ago(5)): 4})
    return desk


def test_an_import_keeps_what_is_asked_for(talk):
    names = {line.rsplit(" @", 1)[0] for line in kept(talk)}
    assert {"active any 7", "due 1", "top 28", "book 0", "bought 0"} <= names
    before = told(talk)
    assert told_by_rows(talk) == before


def test_a_write_drops_the_days_it_touches_and_no_other(talk):
    before = kept(talk)
    talk.write(checkins.tick, 1, 1, ago(0))
    assert before - kept(talk) == {f"due 1 @{ago(0)}"}, "of what tomorrow asks for this is no more"
    before = kept(talk)
    talk.write(checkins.tick, 1, 2, ago(3))
    dropped = {tuple(line.rsplit(" @", 1)) for line in before - kept(talk)}
    assert ("due 1", str(ago(3))) in dropped
    assert ("due 1", str(ago(2))) not in dropped
    assert {day for name, day in dropped if name == "active any 7"} == {str(ago(n)) for n in (1, 2, 3)}
    assert not any(name.startswith(("book", "repeat", "bought", "top")) for name, _day in dropped)
    talk.write(members.add, "新来的", group_id=1, joined_on=ago(20))
    assert before - kept(talk) == {f"{name} @{day}" for name, day in dropped}, "who never did anything changes nothing"


def test_what_is_written_late_drops_the_windows_that_hold_it_and_none_after(talk):
    before = kept(talk)
    talk.write(checkins.tick, 1, 2, ago(20))
    gone = {
        day for name, day in (tuple(line.rsplit(" @", 1)) for line in before - kept(talk)) if name == "active any 7"
    }
    assert gone == {str(day) for day in span(ago(20), ago(14))}
    assert told_by_rows(talk) == told(talk)


def test_doctor_names_a_figure_and_a_stay_that_are_wrong(talk):
    def spoil(session, clock):
        session.conn.execute(update(figure_day).where(figure_day.c.name == "book 0").values(found="9 9 9"))
        session.conn.execute(update(stay_day).values(gone=5))

    assert talk.read(presence.differences) == ()
    talk.write(spoil)
    check = {each.name: each for each in talk.read(doctor.check)}["presence"]
    assert not check.ok
    assert "figure_day: 0, book 0" in check.detail
    assert "stay_day: 1" in check.detail
    talk.write(lambda session, clock: presence.rebuild(session))
    assert talk.read(presence.differences) == ()


def _anything(desk: Desk, dice: Random, ids: list[int], other: int, number: int) -> None:
    """One thing an owner may do; some of them are refused."""
    who, day = dice.choice(ids), ago(dice.randrange(45))
    match dice.randrange(13):
        case 0 | 1:
            desk.write(checkins.tick, 1, who, day)
        case 2:
            desk.write(members.leave, who, dice.choice((1, other)), day)
        case 3:
            desk.write(members.join, who, dice.choice((1, other)), day)
        case 4:
            desk.write(members_merge.merge, who, dice.choice(ids))
        case 5:
            desk.write(earning.record_deed, "share", [who], day=day)
        case 6:
            bought = entry(f"r{number}", f"人1-{dice.randrange(12)}", dice.randrange(1, 90), f"{day} 10:00")
            desk.write(orders.import_orders, sheet(bought), create=True)
        case 7:
            back = entry(dice.randrange(8), f"人1-{dice.randrange(8)}", 60, f"{day} 10:00", refund=dice.choice((5, 50)))
            desk.write(orders.import_orders, sheet(back), create=True)
        case 8:
            tell(desk, day, ago(1), {(who, day): 3}, group_id=dice.choice((1, other)))
        case 9:
            desk.write(_becomes, who, dice.choice(ids))
        case 10:
            desk.write(checkins.enrol, 1, [who], day)
        case 11:
            desk.write(history.undo)
        case _:
            desk.write(figures.keep)


def _becomes(session, clock, was: int, now: int) -> None:
    """What somebody said was said by somebody else."""
    session.step("moved")
    wanted = session.rows(select(speech.c.id).where(speech.c.member_id == was))
    session.update_many(speech, [{"id": row.id, "member_id": now} for row in wanted])


@pytest.mark.parametrize("seed", range(4))
def test_day_after_day_figures_of_orders_are_counted_forward_and_agree_with_the_rows(talk, seed, monkeypatch):
    dice, whole = Random(seed), []
    for name in ("book", "repeat_buyers", "buyers_present"):
        count = getattr(queries, name)

        def noted(*args, only=None, count=count, **options):
            whole.extend([count.__name__] if only is None else [])
            return count(*args, only=only, **options)

        monkeypatch.setattr(queries, name, noted)
    days = span(ago(0), ago(-12))
    bought = [entry(f"n{number}", f"{dice.choice(('人1-3', '人1-9', '谁'))}", dice.randrange(1, 90), f"{day} 09:00")
              for number, day in enumerate(days)]  # fmt: skip
    back = [entry(n, f"人1-{n}", 50 + n, f"2026-0{1 + n % 3}-10 10:00", refund=dice.choice((5, 50 + n)))
            for n in range(8)]  # fmt: skip
    for later, one in zip(dice.sample(days, 8), back, strict=True):
        talk.write(_at, later, orders.import_orders, sheet(one))
    talk.write(orders.import_orders, sheet(*bought))
    leave(talk, [3], ago(-4))
    talk.write(members.add, "谁", group_id=1, joined_on=ago(-6))
    talk.write(figures.keep)
    for day in days[1:]:
        whole.clear()
        talk.write(_at, day, figures.keep)
        assert whole == [] or day == days[1], "a first day may be without one before it"
        assert talk.read(presence.differences) == ()


def _at(session, *rest):
    """Done at noon of a day: what is written comes with a clock of its own."""
    day, service, *args = rest[1:] if isinstance(rest[0], Clock) else rest
    return service(session, Clock(datetime(day.year, day.month, day.day, 4, tzinfo=UTC)), *args)


def test_what_a_new_day_asks_for_is_named_and_kept_one_by_one(talk):
    lacking = talk.read(_at, ago(-2), figure_upkeep.missing)
    asked = {(name, day) for _group, name, day in lacking}
    assert {("book 0", ago(-1)), ("bought 0", ago(-1))} <= asked
    assert {("book 0", ago(-2)), ("bought 0", ago(-2))} <= asked, "what the day after is going to ask for"
    for one in lacking:
        before = len(kept(talk))
        talk.write(_at, ago(-2), figure_upkeep.keep_one, *one)
        assert len(kept(talk)) == before + 1
    assert talk.read(_at, ago(-2), figure_upkeep.missing) == ()
    assert talk.read(presence.differences) == ()
    held = kept(talk)
    talk.write(_at, ago(-2), figures.keep)
    assert kept(talk) == held, "what was asked for was all of it"


def test_the_day_after_an_import_nothing_is_counted(talk, monkeypatch):
    def counted(*_asked):
        raise AssertionError("a figure was counted")

    monkeypatch.setattr(figures, "_forward", counted)
    talk.write(_at, ago(-1), checkins.tick, 1, 1, ago(-1))
    for one in (ago(0), ago(-1)):
        talk.read(_at, one, lambda session, clock: insights.health(session, clock, 1))
        talk.read(_at, one, alerts.alerts)


def test_what_a_write_of_today_touches_is_no_more_what_tomorrow_asks_for(talk):
    late = entry("late", "人1-3", 70, f"{ago(0)} 09:00")
    talk.write(orders.import_orders, sheet(late), create=True)
    assert not any(
        line.endswith(f" @{ago(0)}") and line.startswith(("book", "repeat", "bought")) for line in kept(talk)
    )
    before = talk.read(_at, ago(-1), lambda session, clock: insights.health(session, clock, 1))
    assert before.outcomes[2].n == 9
    talk.write(figures.keep)
    assert talk.read(presence.differences) == ()
    assert talk.read(_at, ago(-1), lambda session, clock: insights.health(session, clock, 1)) == before


def test_where_nothing_was_ever_kept_nothing_is_missing(desk):
    crowd(desk, 3)
    assert desk.read(figure_upkeep.missing, desk.clock) == ()


def test_asking_what_is_missing_leaves_no_card_of_zeros(talk):
    talk.write(lambda session, clock: session.conn.execute(delete(figure_day).where(figure_day.c.name != "top 28")))
    assert talk.read(figure_upkeep.missing, talk.clock)
    assert talk.read(insights.health, talk.clock, 1).outcomes[0].n == 8


def test_who_came_back_today_was_not_active_here_yesterday(talk):
    """What happened after the day asked for is taken off, whoever it happened to."""
    leave(talk, [4], ago(3))
    talk.write(members.join, 4, 1, ago(0))
    [told] = [each for each in talk.read(insights.health, talk.clock, 1).leading if each.code == "active_rate"]
    active = talk.read(queries.actives, 1, ago(1), ago(1), 7, "any")[ago(1)]
    assert (told.n, round(told.value * told.n)) == (11, active)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_figures_and_rows_agree(talk, seed):
    dice = Random(seed)
    other = talk.write(groups.create, "晚睡群").id
    ids = crowd(talk, 4, joined=ago(30), group_id=other) + list(range(1, 13))
    tell(talk, ago(20), ago(1), spread(ids[:3], [ago(4), ago(9)]), group_id=other)
    leave(talk, [12], ago(8))
    for number in range(30):
        try:
            _anything(talk, dice, ids, other, number)
        except UserError:
            continue
        assert talk.read(presence.differences) == ()
    talk.write(figures.keep)
    with_figures = told(talk)
    assert told_by_rows(talk) == with_figures
