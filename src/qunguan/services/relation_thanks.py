"""Thanks owed: noted by hand, and for deeds nobody thanked them for since; and thanks said (S1-22, S2-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.earning import REFERRAL_DAYS, referral_of
from qunguan.domain.errors import Refused
from qunguan.domain.relations import THANK, THANKS_DAYS, DeedKind, Owed, Reasons, Thanked, checked_reason
from qunguan.domain.scripts import Filled, everyday
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_, _
from qunguan.services import groups, members_edit, rules, scripts
from qunguan.store import relation_queries as queries
from qunguan.store.checkin_queries import nicks
from qunguan.store.relations import thanks
from qunguan.store.session import Session

_DAY = timedelta(days=1)
_SOURCES: dict[DeedKind, str] = {"referral": "S2-19", "share": "S3-17", "turned": "S0-39", "helped": "S2-23"}


def owed(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> tuple[Owed, ...]:
    """Who is to be thanked on a day (None: today), who waits longest first: what was noted and not said yet, and deeds
    of the last days (the rule relations.thanks_days; none while it is off) after which nobody thanked them: a referral
    that counts, a good share, a bad review that was changed after amends, help that came to something. Of a group: who
    is present there; of None whoever is present anywhere; never the owner.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    found: dict[int, list[Reasons]] = {}
    for row in queries.noted(session, day):
        if group_id is None or row.group_id in (None, group_id):
            found.setdefault(row.member_id, []).append(Reasons("noted", 1, row.biz_date, row.reason, "S1-22"))
    for who, reason in _deeds(session, day):
        found.setdefault(who, []).append(reason)
    names = queries.present(session, day, group_id, sorted(found)) if found else {}
    for row in queries.with_role(session, "owner", day, group_id) if found else ():
        names.pop(row.member_id, None)
    waiting = [Owed(who, names[who], tuple(own), min(each.day for each in own)) for who, own in found.items()
               if who in names]  # fmt: skip
    return tuple(sorted(waiting, key=lambda one: (one.since, one.member_id)))


def of_member(session: Session, clock: Clock, member_id: int) -> Owed | None:
    """What a member is to be thanked for today, None for nothing."""
    return next((each for each in owed(session, clock) if each.member_id == member_id), None)


def owe(session: Session, clock: Clock, member_id: int, reason: str, group_id: int | None = None) -> Owed:
    """Note that somebody is to be thanked. The same again changes nothing. Raises NotFound, BadInput."""
    name = members_edit.get(session, member_id).name
    body = checked_reason(reason)
    today = clock.today(groups.day_rule(session, group_id))
    if body not in {row.reason for row in queries.noted(session, today, member_id)}:
        session.step(N_("Noted that {name} is to be thanked"), name=name)
        session.insert(
            thanks, member_id=member_id, group_id=group_id, reason=body, biz_date=today, occurred_at=clock.now()
        )
    own = tuple(Reasons("noted", 1, row.biz_date, row.reason, "S1-22")
                for row in queries.noted(session, today, member_id))  # fmt: skip
    return Owed(member_id, name, own, min(each.day for each in own))


def thank(
    session: Session, clock: Clock, member_id: int, how: str = "", reason: str = "", group_id: int | None = None
) -> tuple[Thanked, ...]:
    """Note that somebody was thanked today, and how: for all that was noted and all their deeds, and for `reason` where
    one is given. Raises NotFound, and Refused where there is nothing to thank for.
    """
    name = members_edit.get(session, member_id).name
    today, words = clock.today(groups.day_rule(session, group_id)), clean(how.strip(), NOTE_LIMIT)
    noted = queries.noted(session, today, member_id)
    deeds = [each for who, each in _deeds(session, today) if who == member_id]
    said = [*map(str, deeds), *([checked_reason(reason)] if reason.strip() else [])]
    if not noted and not said:
        raise Refused("nothing is known that {name} is to be thanked for", hint="say what it is for", name=show(name))
    session.step(N_("Thanked {name}"), name=name)
    done = [row.id for row in noted]
    for row_id in done:
        session.update(thanks, row_id, said_on=today, how=words)
    if said:
        done.append(
            session.insert(
                thanks, member_id=member_id, group_id=group_id, reason=checked_reason(_("; ").join(said)),
                biz_date=today, said_on=today, how=words, occurred_at=clock.now(),
            )
        )  # fmt: skip
    return tuple(each for each in thanked(session, clock, member_id) if each.id in done)


def thanked(
    session: Session, clock: Clock, member_id: int | None = None, as_of: date | None = None, most: int = 200
) -> tuple[Thanked, ...]:
    """Thanks that were said by a day (None: today), the newest first, `most` at most."""
    day = as_of or clock.today(groups.day_rule(session))
    return tuple(
        Thanked(row.id, row.member_id, row.name, row.reason, row.how, row.said_on)
        for row in queries.thanked(session, day, member_id, most)
    )


def words(
    session: Session, clock: Clock, member_id: int, reasons: Sequence[str], group_id: int | None = None
) -> Filled:
    """The words of thanks for these reasons, as the script 当面道谢 has them. Raises NotFound."""
    called = nicks(session, [member_id]).get(member_id) or members_edit.get(session, member_id).name
    today = clock.today(groups.day_rule(session, group_id))
    values = everyday(groups.get(session, group_id).name, today) if group_id is not None else {}
    return scripts.fill(session, THANK, {**values, "nick": called, "what": _("; ").join(reasons)})


def _deeds(session: Session, day: date) -> Iterable[tuple[int, Reasons]]:
    """(member, what they did) of the last days, where nobody thanked them since."""
    days = rules.limit(session, THANKS_DAYS)
    if days is None:
        return []
    first = day - (days - 1) * _DAY
    last = queries.said(session, day)
    told: tuple[tuple[DeedKind, queries.Rows], ...] = (
        ("share", queries.shares(session, first, day)),
        ("turned", queries.turned(session, first, day)),
        ("helped", queries.helped(session, first, day)),
    )
    done = [*_referrals(session, first, day)]
    done += [(row.member_id, kind, row.n, row.day) for kind, rows in told for row in rows]
    return [
        (who, Reasons(kind, n, on, source=_SOURCES[kind]))
        for who, kind, n, on in done
        if who not in last or last[who] < on
    ]


def _referrals(session: Session, first: date, day: date) -> Iterable[tuple[int, DeedKind, int, date]]:
    """Who brought members that began to count in some days."""
    wait = int(rules.value(session, REFERRAL_DAYS))
    found: dict[int, list[date]] = {}
    for stays in queries.brought(session, first - wait * _DAY, day - wait * _DAY):
        counted = referral_of(stays, wait)
        if counted is not None and first <= counted.counts_on <= day:
            found.setdefault(counted.inviter_id, []).append(counted.counts_on)
    return [(who, "referral", len(days), max(days)) for who, days in found.items()]
