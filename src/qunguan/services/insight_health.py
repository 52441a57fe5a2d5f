"""The health card: what the community brings on top, what leads to it below, each against its bars (C32, C06, C25)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from qunguan.domain.challenges import Challenge
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.insights import DAY, Bar, Figure, Health
from qunguan.domain.members import EMPTY_DAY
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import ltv_ratio, whose_orders
from qunguan.i18n import N_
from qunguan.services import challenges, figures, groups, rules
from qunguan.services.checkin_due import roll
from qunguan.services.content_metrics import opened
from qunguan.services.insight_window import Frame, bar, frame, window
from qunguan.services.memory import forget, recall, remember
from qunguan.services.order_scope import freight_out, orders_of
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session

_ONLINE = "insight.online.{group}"
_MOST_ONLINE = 1_000_000

_NO_CHATS = N_("no chats of these days were imported")
_NO_ORDERS = N_("no orders yet")
_NO_CONTENT = N_("nobody has counted yet who opened what was sent to the group")


def health(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> Health:
    """The health card of a group (None: the one in hand) as of a day (None: today).

    Only complete days count: today does not. Raises NotFound, Ambiguous.
    """
    found = frame(session, clock, group_id, as_of)
    key = "insight health", found.group_id, found.as_of, found.last
    return session.held(key, lambda: _card(found))  # nothing of it changes until somebody writes to the file


def _card(found: Frame) -> Health:
    born = found.group.day_rule.biz_date(found.group.created_at)
    age = (found.as_of - _begun(found, born)).days
    new = age < found.days("insight.first_month_days")
    return Health(
        found.as_of, found.group_id, found.group.name, age, new, found.chat_last(), tuple(_outcomes(found)),
        tuple(_leading(found, new)),
    )  # fmt: skip


def set_online(session: Session, clock: Clock, group_id: int, online: int | None) -> None:
    """Note how many are usually online in a group, for the active rate (C07); None forgets it. Raises BadInput."""
    group = groups.get(session, group_id)
    if online is None:
        forget(session, _ONLINE.format(group=group.id))
        return
    if not 1 <= online <= _MOST_ONLINE:
        raise BadInput("{n} is no number of people online", hint="use 1 to {most}", n=online, most=_MOST_ONLINE)
    remember(session, _ONLINE.format(group=group.id), online)


def online(session: Session, group_id: int) -> int | None:
    """How many are usually online in a group, as it was typed; None when it was not."""
    found = recall(session, _ONLINE.format(group=group_id))
    return None if found is None else int(found)


def _begun(found: Frame, made: date) -> date:
    """The group is as old as the earliest that is known of it: its members, its chats, or its entry here."""
    joined = queries.first_join(found.session, found.group_id)
    told = (day for day in (joined, found.coverage.first) if day is not None and day > EMPTY_DAY)
    return min((made, *told))


# -- outcomes


def _outcomes(found: Frame) -> Iterator[Figure]:
    """LTV ÷ AOV, repurchase, average order, conversion: at the end of the last complete day, and a window before."""
    session, last = found.session, found.last
    back = max(int(rules.value(session, "order.repeat_days")), 1)
    out, merge = freight_out(session), rules.value(session, "order.repeat_merge_same_day") == "yes"
    group = orders_of(session, found.group_id)
    only = group.id if group else None
    first = last - (back - 1) * DAY
    ends = (last, first - DAY)
    books = figures.of(session, only, f"book {int(out)}", ends)
    now, then = (queries.Book(*books[day]) for day in ends)
    whose = whose_orders(group.name if group else "")
    ratio, before = ltv_ratio(*now), ltv_ratio(*then)
    yield Figure(
        "ltv_ratio", "ratio", ratio, now.buyers, before, first, last,
        ever=True, bars=(bar(session, "alert.ltv_ratio", ratio, least=True),),
        why=(whose, Reason.of(N_("observed: orders that count ÷ buyers, over all time"))),
    )  # fmt: skip
    bought_again = figures.of(session, only, f"repeat {back} {int(out)} {int(merge)}", ends)
    (repeated, buyers), (repeated_then, buyers_then) = (bought_again[day] for day in ends)
    rate = repeated / buyers if buyers else None
    yield Figure(
        "repeat_rate", "share", rate, buyers, repeated_then / buyers_then if buyers_then else None, first, last,
        bars=(bar(session, "alert.repeat_pct", rate, least=True),),
        why=(whose, Reason.of(N_("buyers with two purchases or more ÷ buyers, {days} days"), days=back)),
    )  # fmt: skip
    yield Figure(
        "aov", "fen", _half_up(now.net_fen, now.orders), now.orders, _half_up(then.net_fen, then.orders), first, last,
        ever=True, why=(whose, Reason.of(N_("net ÷ orders, over all time"))),
    )  # fmt: skip
    yield _conversion(found, first, f"bought {int(out)}")


def _conversion(found: Frame, first: date, name: str) -> Figure:
    """Who ever bought ÷ who is there. Before the first order of the file nobody knows who bought."""
    session, last, then = found.session, found.last, first - DAY
    begun = queries.first_order(session)
    ends = [day for day in (then, last) if begun is not None and begun <= day]
    if not ends:
        return Figure("conversion", "share", None, None, None, first, last, ever=True, why=(Reason.of(_NO_ORDERS),))
    here = queries.members(session, found.group_id, then, last)
    bought = figures.of(session, found.group_id, name, ends)
    now, before = (_part(bought[day][0], here[day]) if day in bought else None for day in (last, then))
    return Figure(
        "conversion", "share", now, here[last], before, first, last, ever=True,
        why=(Reason.of(N_("members present who ever bought ÷ members present")),),
    )  # fmt: skip


# -- leading figures


def _open_rate(found: Frame) -> Figure:
    """Reads of those reached, of what was posted in the window and counted (S4-24, C26)."""
    days = found.days("insight.active_days")
    first, last = window(found.last, days)
    now, before = (opened(found, first - back * DAY, last - back * DAY) for back in (0, days))
    value = now.value if now else None
    return Figure(
        "open_rate", "share", value, now.n if now else None, before.value if before else None, first, last,
        bars=(bar(found.session, "alert.open_pct", value, least=True),
              bar(found.session, "alert.coupon_open_pct", value, least=True, applies=False)),
        why=(Reason.of(N_("who read ÷ whom it reached, of posts that were counted") if now else _NO_CONTENT),),
    )  # fmt: skip


def _leading(found: Frame, new: bool) -> Iterator[Figure]:
    yield active_rate(found, new)
    yield _open_rate(found)
    yield exit_rate(found)
    yield _checkin_rate(found)
    days = found.days("insight.active_days")
    first, last = window(found.last, days)
    came = queries.joins(found.session, found.group_id, first - days * DAY, last)
    now = sum(n for day, n in came.items() if day >= first)
    begun = queries.first_join(found.session, found.group_id)
    before = None if begun is None or begun >= first else sum(came.values()) - now
    yield Figure(
        "new_members", "count", None if begun is None else now, None, before, first, last,
        why=(Reason.of(N_("who joined in {days} days"), days=days),),
    )  # fmt: skip
    yield from _speech(found, days)


def active_rate(found: Frame, new: bool) -> Figure:
    """Members present who were active ÷ members present, or ÷ the number online that was typed (C07, S0-30).

    Where only some days of the window are known it is a lower bound: no bar is missed by it, and `why` says so.
    """
    session, days = found.session, found.days("insight.active_days")
    last = _active_last(found)
    first, end = window(last or found.last, days)
    then = first - DAY
    now, before = (_active_share(found, day, days) for day in (end, then))
    whole, whole_before = (_known(found, day, days) for day in (end, then))
    if last is None or (not whole and not (now and now[0])):
        nothing = (Reason.of(_NO_CHATS),)
        return Figure(
            "active_rate", "share", None, None, None, first, end, bars=_active_bars(session, None, new), why=nothing
        )
    value, base = (now[0] / now[1], now[1]) if now else (None, None)
    why = [_active_base(found, days)]
    bars = _active_bars(session, value, new)
    if not whole:
        bars = tuple(replace(bar, met=bar.met or None) for bar in bars)
        why.append(Reason.of(N_("not every day of them is known: at least so many")))
    return Figure(
        "active_rate", "share", value, base, before[0] / before[1] if before and whole_before else None, first, end,
        bars=bars, why=tuple(why),
    )  # fmt: skip


def _active_base(found: Frame, days: int) -> Reason:
    if rules.value(found.session, "insight.active_base") == "online":
        typed = online(found.session, found.group_id)
        return Reason.of(N_("active in {days} days ÷ people online, {n} as you typed"), days=days, n=typed or "—")
    return Reason.of(N_("active in {days} days ÷ members present on the last of them"), days=days)


def active_shares(found: Frame, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Day → (active in the window that ends with it, base) for the days whose whole window is known."""
    days = found.days("insight.active_days")
    known = [day for day in queries.days_of(first, last) if _known(found, day, days)]
    if not known:
        return {}
    active = figures.of(found.session, found.group_id, _active_name(found, days), known)
    bases = _base(found, first, last)
    return {day: (active[day][0], base) for day in known if (base := bases[day])}


def _active_share(found: Frame, day: date, days: int) -> tuple[int, int] | None:
    """The same of one day, whether its window is known or not."""
    base = _base(found, day, day).get(day)
    if not base:
        return None
    return figures.of(found.session, found.group_id, _active_name(found, days), [day])[day][0], base


def _active_name(found: Frame, days: int) -> str:
    return f"active {rules.value(found.session, 'activity.counts')} {days}"


def _base(found: Frame, first: date, last: date) -> dict[date, int | None]:
    """Day → what the active rate is a share of: members present, or the number online that was typed."""
    if rules.value(found.session, "insight.active_base") == "online":
        return dict.fromkeys(queries.days_of(first, last), online(found.session, found.group_id))
    return {**queries.members(found.session, found.group_id, first, last)}


def _active_last(found: Frame) -> date | None:
    """The last day an active rate can be told of: check-ins and orders are known without any chat."""
    return found.chat_last() or (None if rules.value(found.session, "activity.counts") == "messages" else found.last)


def _known(found: Frame, day: date, days: int) -> bool:
    """Whether all activity of the window is known: that of chats only where they were imported."""
    if rules.value(found.session, "activity.counts") == "checkins":
        return True
    return found.coverage.holds(day - (days - 1) * DAY, day)


def _active_bars(session: Session, value: float | None, new: bool) -> tuple[Bar, ...]:
    """All three lines of C06; which of them is the goal follows from the group's age."""
    return (
        bar(session, "insight.first_month_pct", value, least=True, applies=new),
        bar(session, "alert.active_pct", value, least=True, applies=not new),
        bar(session, "alert.active_usual_pct", value, least=True, applies=False),
    )


def exit_rate(found: Frame) -> Figure:
    """Who left in the window ÷ members at its start, against both lines of C25."""
    session, days = found.session, found.days("alert.exit_days")
    first, last = window(found.last, days)
    shares = exit_shares(found, days, last - days * DAY, last)
    now, then = shares.get(last), shares.get(last - days * DAY)
    value = now[0] / now[1] if now else None
    return Figure(
        "exit_rate", "share", value, now[1] if now else None, then[0] / then[1] if then else None, first, last,
        rising=False,
        bars=(bar(session, "insight.exit_crisis_pct", value, least=False, applies=False),
              bar(session, "alert.exit_pct", value, least=False)),
        why=(Reason.of(N_("left in {days} days ÷ members before them"), days=days),),
    )  # fmt: skip


def exit_shares(found: Frame, days: int, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Day → (who left in the `days` that end with it, members before them), where there were any."""
    left = queries.leaves(found.session, found.group_id, first - (days - 1) * DAY, last)
    here = queries.members(found.session, found.group_id, first - days * DAY, last)
    shares = {}
    for day in queries.days_of(first, last):
        base = here[day - days * DAY]
        if base:
            shares[day] = sum(left.get(day - back * DAY, 0) for back in range(days)), base
    return shares


def _checkin_rate(found: Frame) -> Figure:
    """Checked in ÷ due over the window, all challenges of the group together (S3-45)."""
    days = found.days("insight.active_days")
    first, last = window(found.last, days)
    now, then = checkins_due(found, first, last), checkins_due(found, first - days * DAY, first - DAY)
    return Figure(
        "checkin_rate", "share", _part(*now), now[1] or None, _part(*then), first, last,
        why=(Reason.of(N_("checked in ÷ due, {days} days, every challenge of the group"), days=days),),
    )  # fmt: skip


def checkins_due(found: Frame, first: date, last: date, of: int | None = None) -> tuple[int, int]:
    """(check-ins kept, check-ins due) of the days from the first to the last one: of one challenge, or of all of the
    group."""
    done = due = 0
    for challenge in challenges.all_challenges(found.session, found.group_id):
        for day in queries.days_of(first, last) if of in (None, challenge.id) else ():
            if challenge.starts_on <= day and challenge.is_open(day) and challenge.cadence.due(day):
                kept, wanted = _due(found, challenge, day)
                done, due = done + kept, due + wanted
    return done, due


def _due(found: Frame, challenge: Challenge, day: date) -> tuple[int, int]:
    """(checked in, due) on a day; who is due in a week of so many times follows from their week."""
    if not challenge.cadence.times:
        done, due = figures.of(found.session, found.group_id, f"due {challenge.id}", [day])[day]
        return done, due
    expected = [each for each in roll(found.session, challenge, day) if each.due]
    return sum(each.done for each in expected), len(expected)


def _speech(found: Frame, days: int) -> Iterator[Figure]:
    """Messages and speakers a day over the window, against the window before where it is known whole."""
    last = found.chat_last()
    first = (last or found.last) - (days - 1) * DAY
    known = last is not None and found.coverage.holds(first, last)
    before = known and found.coverage.holds(first - days * DAY, first - DAY)
    told = found.speech_days(first - days * DAY, last) if known and last else {}
    for place, code in enumerate(("messages", "speakers")):
        now = sum(row[place] for day, row in told.items() if day >= first)
        then = sum(row[place] for day, row in told.items() if day < first)
        counted = N_("mean of {days} days whose chats are known whole")
        why = Reason.of(counted, days=days) if known else Reason.of(_NO_CHATS)
        yield Figure(
            code, "per_day", now / days if known else None, None, then / days if before else None, first,
            last or found.last, why=(why,),
        )  # fmt: skip


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _half_up(fen: int, n: int) -> int | None:
    return (2 * fen + n) // (2 * n) if n else None
