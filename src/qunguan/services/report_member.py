"""The report of a member over a month: their page at its end, held against the month before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain.checkins import PRESENT
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.groups import Group
from qunguan.domain.insights import DAY
from qunguan.domain.profiles import MemberPage
from qunguan.domain.report_advice import Ground, advice, kept
from qunguan.domain.report_causes import unexplained
from qunguan.domain.reports import Column, Fact, Figure, Listing, Period, Planned, Report, Suggestion, after, before
from qunguan.domain.rosters import Reason
from qunguan.exchange.writers.card_lines import said
from qunguan.i18n import N_
from qunguan.services import plans, profiles
from qunguan.services.report_asked import Asked
from qunguan.store.session import Session

Pages = tuple[MemberPage, MemberPage]


def of_member(session: Session, clock: Clock, group: Group, member_id: int, period: Period) -> Report:
    """The report of a member over a month. Raises NotFound, Refused before anything is known of them."""
    asked = Asked(session, clock, group, "member", period, before("member", period))
    now, then = (profiles.page(session, clock, member_id, until) for _first, until in asked.windows)
    if not now.events:
        raise Refused("nothing is known of {name} by {day}", name=now.card.member.name, day=period.until)
    outcomes, leading = tuple(_outcomes((now, then), asked)), tuple(_leading((now, then), asked))
    suggested = advice(Ground(outcomes + leading, others=tuple(_others(now, asked))), asked.states)
    coming = after("member", period)
    return Report(
        "member", group.id, group.name, period, asked.before, outcomes, leading, tuple(_happened(now, period)),
        (), unexplained(outcomes + leading, (), *asked.notable), suggested,
        () if suggested else kept(outcomes + leading), tuple(_plan(now, asked, coming)),
        of=now.card.member.name, listings=tuple(_listings(now)),
    )  # fmt: skip


def _outcomes(pages: Pages, asked: Asked) -> Iterator[Figure]:
    """What they spent by the ends of both months; somebody who never bought has spent nothing that is known."""
    spent = [each.spending for each in pages]
    net = tuple(each.net_fen if each else None for each in spent)
    yield asked.pair("spent", "fen", net, why=(Reason.of(N_("never bought yet")),))
    yield asked.pair("orders", "count", tuple(each.orders if each else None for each in spent))


def _leading(pages: Pages, asked: Asked) -> Iterator[Figure]:
    yield asked.pair("points", "count", tuple(each.points for each in pages), rising=None)
    why = (Reason.of(N_("takes part in no challenge")),)
    done = tuple(_checkins(pages[0], *window) if pages[0].standings else None for window in asked.windows)
    yield asked.pair("checkins", "count", done, why=why)
    streaks = tuple(max((each.streak for each in page.standings if each.open), default=None) for page in pages)
    yield asked.pair("streak", "count", streaks, why=why)
    talk = tuple(each.talk.messages if each.talk else None for each in pages)
    yield asked.pair("talk", "count", talk, why=(Reason.of(N_("no chat tells of anything they wrote")),))


def _checkins(page: MemberPage, first: date, until: date) -> int:
    return sum(each.kind == "checkin" and each.state in PRESENT and first <= each.day <= until for each in page.events)


def _happened(page: MemberPage, period: Period) -> Iterator[Fact]:
    """What happened to them in the month, check-ins left out: they are counted above."""
    for each in reversed(page.events):
        if period.first <= each.day <= period.until and each.kind not in ("checkin", "points"):
            text = Reason.of(N_("{day} {what}"), day=f"{each.day:%m-%d}", what=said(each))
            yield Fact(each.kind, each.day, text, name=each.what)


def _others(page: MemberPage, asked: Asked) -> Iterator[Suggestion]:
    until = asked.period.until
    if page.complaints is not None and page.complaints.open:
        rule = asked.rule("feedback.settle_hours").rule
        because = Reason.of(N_("complaints that are not settled: {n}"), n=page.complaints.open)
        do = Reason.of(N_("answer them yourself before you write anything else"))
        yield Suggestion("member.complaints", "alarm", because, do, rule.id, rule.source)
    if page.waiting:
        rule = asked.rule("reward.wait_days").rule
        because = Reason.of(N_("rewards that wait to be handed out: {n}"), n=len(page.waiting))
        yield Suggestion(
            "member.rewards", "warning", because, Reason.of(N_("hand them out today")), rule.id, rule.source
        )
    silent = asked.rule("clean.silent_days")
    seen = max((each.day for each in page.events if each.kind in ("checkin", "order")), default=None)
    if page.talk is not None:
        seen = max(seen or page.talk.last, page.talk.last)
    if seen is not None and (until - seen).days >= silent.value:
        because = Reason.of(N_("silent for {days} days"), days=(until - seen).days)
        do = Reason.of(N_("write to them yourself: ask, do not offer"))
        yield Suggestion("member.silent", "warning", because, do, silent.rule.id, silent.rule.source)
    ahead = asked.rule("points.expiring_days")
    soon = sum(left for day, left in page.lots if day is not None and (day - until).days <= ahead.value)
    if soon:
        because = Reason.of(N_("points that expire within {days} days: {n}"), n=soon, days=ahead.value)
        do = Reason.of(N_("tell them what they can get for their points"))
        yield Suggestion("member.points", "notice", because, do, ahead.rule.id, ahead.rule.source)


def _plan(page: MemberPage, asked: Asked, coming: Period) -> Iterator[Planned]:
    """Birthday, points and memberships that end, from the end of the month to the end of the next one."""
    first, last = asked.period.until + DAY, coming.last
    name = page.card.member.name
    if page.next_birthday is not None and first <= page.next_birthday <= last:
        yield Planned("festival", page.next_birthday, name, Reason.of(N_("birthday")))
    for day, left in page.lots:
        if day is not None and first <= day <= last:
            yield Planned("action", day, name, Reason.of(N_("points that expire: {n}"), n=left))
    for each in plans.of_member(asked.session, asked.clock, page.card.member.id, asked.period.until):
        until = each.standing.until
        if until is not None and first <= until <= last:
            yield Planned("renewal", until, name, Reason.of("{plan}", plan=each.plan))


def _listings(page: MemberPage) -> Iterator[Listing]:
    columns = (Column("what", N_("what")), Column("value", N_("value")))
    rows: list[tuple[str, Reason, str]] = []
    if page.level:
        rows.append(("level", Reason.of(N_("level")), page.level.now.level))
    rows += [("badge", Reason.of(N_("badge")), each.badge.name) for each in page.badges]
    rows += [("label", Reason.of("{name}", name=each.scheme.name), each.bucket.name) for each in page.labels]
    if rows:
        yield Listing("standing", N_("Where they stand"), columns, tuple((what, value) for _key, what, value in rows))
