"""What came of posts: counted by hand or from a file, and compared (S0-34, S4-07, C26, semantics 3.9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.content import NEED_OF, Post, checked_day, kind_typed
from qunguan.domain.content_results import (
    By,
    Compared,
    Counted,
    Outcome,
    ResultRow,
    ResultSheet,
    ResultsTaken,
    checked_counts,
    compared,
    is_coupon,
)
from qunguan.domain.errors import BadInput, NotFound, Refused, UserError
from qunguan.domain.insights import Bar
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _
from qunguan.services import groups
from qunguan.services.content_posts import get
from qunguan.services.insight_window import bar
from qunguan.store import content_queries as queries
from qunguan.store.content import post, post_result
from qunguan.store.session import Session

_FIELDS = ("audience", "reads", "clicks", "replies", "orders")
_BY_HAND = "hand"
_BACK = timedelta(days=89)
_NAMED = 9  # posts that a message names
_NOT_THERE = N_("plan it first, or let the import note posts: it then needs the day and the kind")


def record(session: Session, clock: Clock, post_id: int, told: Counted, day: date | None = None) -> Outcome:
    """Count what came of a post up to a day (None: today); what was counted on that day before is replaced.

    A post that was only planned is posted by it. Raises NotFound, Refused for a dropped one, BadInput for counts that
    cannot be, or a day before its own.
    """
    found = get(session, post_id)
    counted_on = day or clock.today(groups.get(session, found.group_id).day_rule)
    counts = checked_counts(told)
    if found.state == "dropped":
        raise Refused("{title} was dropped", hint="plan it again first", title=show(found.title))
    if checked_day(counted_on) < found.day:
        raise BadInput("{day} is before the day of the post, {posted}", day=counted_on, posted=found.day,
                       hint="count it on its day or later")  # fmt: skip
    session.step(N_("Counted what came of {title}"), title=found.title)
    if found.state == "planned":
        session.update(post, post_id, state="posted", posted_at=clock.now())
    known = queries.counts_of(session, [post_id]).get(post_id, [])
    same_day = next((row for row in known if row.counted_on == counted_on), None)
    if same_day is None:
        session.insert(post_result, post_id=post_id, counted_on=counted_on, **_columns(counts, _BY_HAND, clock))
    elif _counted(same_day) != counts:
        session.update(post_result, same_day.id, **_columns(counts, _BY_HAND, clock))
    return outcome(session, clock, post_id)


def outcome(session: Session, clock: Clock, post_id: int) -> Outcome:
    """What came of one post by its newest count. Raises NotFound."""
    found = get(session, post_id)
    known = queries.counts_of(session, [post_id]).get(post_id, [])
    newest = known[-1] if known else None
    draft = found.draft
    return Outcome(
        found.id, found.day, found.kind, draft.sub_kind, found.title, _counted(newest) if newest else Counted(),
        draft.campaign_id, found.at_minute, newest.counted_on if newest else None, newest.source if newest else "",
    )  # fmt: skip


def outcomes(
    session: Session,
    clock: Clock,
    group_id: int,
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
) -> tuple[Outcome, ...]:
    """What came of every posted post of a group from a day to a day (without: the last 90 days), by what was counted
    up to `as_of` (None: today). Raises NotFound."""
    today = as_of or clock.today(groups.get(session, group_id).day_rule)
    until = last or today
    rows = queries.results(session, group_id, first or until - _BACK, until, today)
    return tuple(
        Outcome(row.post_id, row.day, row.kind, row.sub_kind, row.title, _counted(row), row.campaign_id,
                row.at_minute, row.counted_on, row.source or "")
        for row in rows
    )  # fmt: skip


def compare(
    session: Session,
    clock: Clock,
    group_id: int,
    by: By = "kind",
    first: date | None = None,
    last: date | None = None,
    as_of: date | None = None,
) -> tuple[Compared, ...]:
    """Posts added up by kind, sub-kind, campaign or hour, each with the open rate it should reach (S0-34, C26).

    Keys are codes of kinds, sub-kinds, ids of campaigns ("" for none) and hours. Coupons have a bar of their own.
    """
    keys: dict[By, Callable[[Outcome], str]] = {
        "kind": lambda one: one.kind,
        "sub_kind": lambda one: one.sub_kind,
        "campaign": lambda one: "" if one.campaign_id is None else str(one.campaign_id),
        "hour": lambda one: "" if one.at_minute is None else f"{one.at_minute // 60:02}",
    }

    def should(mine: Sequence[Outcome], value: float | None) -> Bar:
        """The bar for opened of shown: coupons are opened less, so posts of them alone have their own (C26)."""
        coupons = all(is_coupon(one.kind, one.sub_kind) for one in mine)
        return bar(session, "alert.coupon_open_pct" if coupons else "alert.open_pct", value, least=True)

    return compared(outcomes(session, clock, group_id, first, last, as_of), keys[by], should)


def take_in(
    session: Session, clock: Clock, group_id: int, sheet: ResultSheet, *, make: bool = False, day: date | None = None
) -> ResultsTaken:
    """Count what a file says of posts of a group, up to a day (None: today). The same file again changes nothing.

    A row names its post by number, or by title and day. With `make` a post that is not there is noted as posted on its
    day, where the row says its kind. What cannot be taken is in `rejected`, with the reader's own. Raises NotFound.
    """
    today = clock.today(groups.get(session, group_id).day_rule)
    session.step(N_("Imported what came of posts: {count} rows"), count=len(sheet.rows))
    taker = _Taker(session, clock, group_id, day or today)
    rejected = list(sheet.rejected)
    taker.know(sheet.rows, make=make)
    for row in sheet.rows:
        try:
            taker.take(row)
        except UserError as error:
            rejected.append(RowNote(row.row, Reason.of("{problem}", problem=error)))
    taker.write()
    rejected.sort(key=lambda note: note.row)
    return ResultsTaken(taker.added, taker.changed, taker.same, taker.made, tuple(rejected), sheet.skipped)


class _Taker:
    """Takes in the rows of one file: posts and counts are read once and written once, however many rows."""

    def __init__(self, session: Session, clock: Clock, group_id: int, day: date) -> None:
        self._session, self._clock, self._group_id, self._day = session, clock, group_id, day
        self._by_id: dict[int, Post] = {}
        self._by_title: dict[str, list[Post]] = {}
        self._counts: dict[int, list[Any]] = {}
        self._taken: dict[int, int] = {}
        self._values: list[dict[str, Any]] = []
        self._posted: list[dict[str, Any]] = []
        self.added = self.changed = self.same = self.made = 0

    def know(self, rows: Sequence[ResultRow], *, make: bool) -> None:
        """Read the posts the rows may be about and what was counted of them; with `make` note those that are not
        there as posted, where a row tells its day and kind."""
        days = [row.day for row in rows if row.day is not None]
        first = min(days) if len(days) == len(rows) else date.min
        numbers = {number for row in rows if (number := _number(row)) is not None}
        found = queries.between(self._session, [self._group_id], first, date.max, dropped=True) if rows else ()
        self._remember(*found, *queries.some(self._session, numbers))
        if make:
            self._note([row for row in rows if row.day and row.kind and row.day <= self._day])
        self._counts = queries.counts_of(self._session, self._by_id)

    def _remember(self, *posts: Post) -> None:
        for each in posts:
            if each.group_id == self._group_id and each.id not in self._by_id:
                self._by_id[each.id] = each
                self._by_title.setdefault(match_key(each.title), []).append(each)

    def _note(self, rows: Sequence[ResultRow]) -> None:
        now, kinds = self._clock.now(), self._kinds(rows)
        fresh = {
            (row.day, match_key(row.post)): row
            for row in rows
            if _number(row) is None and row.kind in kinds and not self._meant(row)
        }
        made = self._session.insert_many(post, [
            {"group_id": self._group_id, "day": row.day, "kind": kind_typed(row.kind), "state": "posted",
             "need": NEED_OF[kind_typed(row.kind)], "title": row.post, "posted_at": now, "created_at": now}
            for row in fresh.values()
        ])  # fmt: skip
        self.made = len(made)
        self._remember(*queries.some(self._session, made))

    @staticmethod
    def _kinds(rows: Sequence[ResultRow]) -> set[str]:
        """The words of these rows that name a kind."""
        found = set()
        for told in {row.kind for row in rows}:
            with suppress(BadInput):
                kind_typed(told)
                found.add(told)
        return found

    def take(self, row: ResultRow) -> None:
        """Take one row, unless it says what is known. Raises UserError for what cannot be taken."""
        found = self._find(row)
        if found.id in self._taken:
            raise BadInput("row {row} is about the same post", row=self._taken[found.id])
        if found.state == "dropped":
            raise Refused("{title} was dropped", hint="plan it again first", title=show(found.title))
        if found.day > self._day:
            raise BadInput("{title} is planned for {day} only", title=show(found.title), day=found.day)
        self._taken[found.id] = row.row
        known = self._counts.get(found.id, [])
        if known and _counted(known[-1]) == row.counted:
            self.same += 1
            return
        if found.state == "planned":
            self._posted.append({"id": found.id, "state": "posted", "posted_at": self._clock.now()})
        self._values.append({"post_id": found.id, **_columns(row.counted, "file", self._clock)})
        self.changed += bool(known)
        self.added += not known

    def write(self) -> None:
        """Write what was taken."""
        self._session.update_many(post, self._posted)
        today = {
            post_id: row.id for post_id, rows in self._counts.items() for row in rows if row.counted_on == self._day
        }
        again = [each for each in self._values if each["post_id"] in today]
        fresh = [each for each in self._values if each["post_id"] not in today]
        self._session.update_many(post_result, [{"id": today[each["post_id"]], **each} for each in again])
        self._session.insert_many(post_result, [{**each, "counted_on": self._day} for each in fresh])

    def _find(self, row: ResultRow) -> Post:
        number = _number(row)
        if number is not None:
            if number not in self._by_id:
                raise NotFound("there is no post {text} in this group", text=f"#{number}")
            return self._by_id[number]
        mine = self._meant(row)
        if len(mine) > 1:
            raise BadInput("several posts are called {title}", title=show(row.post[:40]),
                           hint="give the day or the number of the post: {known}",
                           known=_(", ").join(f"#{each.id} {each.day}" for each in mine[:_NAMED]))  # fmt: skip
        if not mine:
            raise NotFound("there is no post {title}", title=show(row.post[:40]), hint=_NOT_THERE)
        return mine[0]

    def _meant(self, row: ResultRow) -> list[Post]:
        like = self._by_title.get(match_key(row.post), [])
        return [each for each in like if row.day is None or each.day == row.day]


def _number(row: ResultRow) -> int | None:
    """The number a row names its post by."""
    told = row.post[1:]
    return int(told) if row.post.startswith("#") and told.isdecimal() and len(told) < 19 else None


def _columns(told: Counted, source: str, clock: Clock) -> dict[str, Any]:
    return {**{name: getattr(told, name) for name in _FIELDS}, "source": source, "counted_at": clock.now()}


def _counted(row: Any) -> Counted:
    return Counted(*(getattr(row, name) for name in _FIELDS))
