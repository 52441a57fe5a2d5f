"""The fission book of a campaign: invitations told, judged when somebody looks, and handed out for (S3-21, S3-41)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from qunguan.domain import referrals
from qunguan.domain.campaign_terms import names_of
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused, UserError
from qunguan.domain.referrals import Book, Due, Handed, Invite, InviteRow, Participant, Tier, Told
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import NAME_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import campaigns, groups, members, points, rules
from qunguan.services.members_edit import add as add_member
from qunguan.store import referral_queries as queries
from qunguan.store.members import membership
from qunguan.store.referrals import hand_out as hand_out_table
from qunguan.store.referrals import invite, referral_task
from qunguan.store.session import Session

DAYS = "referral.settle_days"
_FORMS = ("fission",)
_SOURCE = "referral"


def drives(session: Session, group_id: int | None = None) -> tuple[Campaign, ...]:
    """The campaigns that live of invitations, newest first."""
    return tuple(each for each in campaigns.all_campaigns(session, group_id) if each.form in _FORMS)


def one_drive(session: Session, text: str = "") -> Campaign:
    """The drive that is meant: by id or name, or without any the only one that is not put away. Raises NotFound,
    Ambiguous, Refused for a campaign of another form."""
    if text:
        return _drive(campaigns.find(session, text))
    going = [each for each in drives(session) if each.closed_on is None and each.cancelled_on is None]
    if len(going) != 1:
        known = " / ".join(show(each.name) for each in going) or "—"
        raise NotFound("say which campaign it is", hint="going on: {known}", known=known)
    return going[0]


def book(session: Session, clock: Clock, campaign_id: int, as_of: date | None = None) -> Book:
    """The book by the end of a day (None: today)."""
    found = campaigns.find_by_id(session, campaign_id)
    day = as_of or clock.today(groups.day_rule(session, found.group_id))
    told = [
        Invite(row.id, row.inviter_id, row.inviter, row.invitee_id, row.invitee, row.joined_on, row.joined_at)
        for row in queries.invites(session, campaign_id, day)
    ]
    stays = queries.stays(session, [each.invitee_id for each in told])
    judged = referrals.judged(told, stays, day, int(rules.value(session, DAYS)))
    took = [
        Participant(row.member_id, row.name, row.started_at)
        for row in queries.participants(session, campaign_id)
        if row.started_on <= day
    ]
    noted = {each.member_id for each in took}
    others = {each.inviter_id: each.inviter for each in told if each.inviter_id not in noted}
    took += [Participant(who, name) for who, name in others.items()]
    handed = tuple(
        Handed(row.member_id, row.tier, row.what, row.points, row.cost_fen, row.given_on)
        for row in queries.handed(session, campaign_id, day)
    )
    paid = [each.cost_fen for each in campaigns.costs(session, campaign_id) if each.day <= day]
    costs = [*paid, *(each.cost_fen for each in handed if each.cost_fen)]
    return Book(
        campaign_id, found.name, day, tuple(took), judged, tiers(session, campaign_id), handed,
        sum(costs) if costs else None, referrals.cycle_days(took, judged),
    )  # fmt: skip


def books(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None
) -> tuple[tuple[Campaign, Book], ...]:
    """Every drive of a group (None: of all) with its book, newest first."""
    return tuple((each, book(session, clock, each.id, as_of)) for each in drives(session, group_id))


def tiers(session: Session, campaign_id: int) -> tuple[Tier, ...]:
    """What so many invitations earn, by the terms of the campaign. Raises BadInput for terms that do not fit."""
    told = campaigns.terms(session, campaign_id)
    counts = [_whole(each) for each in names_of(told, "invite_tiers")]
    given = [_whole(each) for each in names_of(told, "tier_points")]
    return referrals.tiers(counts, names_of(told, "tier_gifts") or [told.get("gift", "")], given)


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("“{text}” is no whole number", hint="write them like 3、5、10", text=show(text[:20]))
    return int(text)


def take(session: Session, clock: Clock, campaign_id: int, who: Sequence[str], day: date | None = None) -> int:
    """Note that members took the task, by name or id, on a day (None: now); how many were new to it.

    Raises BadInput, NotFound, Ambiguous, and Refused for a drive that is put away.
    """
    found = _open(session, campaign_id)
    ids = list(dict.fromkeys(members.resolve(session, name) for name in who if name.strip()))
    if not ids:
        raise BadInput("there is no name in it", hint="one name a line")
    inside = {row.member_id for row in queries.participants(session, campaign_id)}
    rule = groups.day_rule(session, found.group_id)
    at = clock.now() if day is None else _noon(rule.zone, day)
    on = rule.biz_date(at) if day is None else day
    new = [each for each in ids if each not in inside]
    if new:
        session.step(N_("{n} people took the task of {name}"), n=len(new), name=found.name)
        session.insert_many(
            referral_task,
            ({"campaign_id": campaign_id, "member_id": each, "started_on": on, "started_at": at} for each in new),
        )
    return len(new)


def add(session: Session, clock: Clock, campaign_id: int, inviter: str, invitee: str, day: date | None = None) -> Told:
    """Note one invitation by names or ids; see `import_invites`. Raises BadInput instead of rejecting a row."""
    told = import_invites(session, clock, campaign_id, [InviteRow(0, inviter, invitee, day)])
    if told.rejected:
        raise BadInput("the invitation was not noted: {problem}", problem=told.rejected[0].reason)
    return told


def import_invites(
    session: Session, clock: Clock, campaign_id: int, rows: Sequence[InviteRow], *, create: bool = True
) -> Told:
    """Note who brought whom. The same row again changes nothing. An invitee nobody knows joins the group and the
    roster with the day of the row (None: today), unless `create` is False; then the row is rejected, as one is whose
    names cannot be read. Raises Refused for a drive that is put away.
    """
    found = _open(session, campaign_id)
    work = _Taking(session, clock, found, create=create)
    for row in rows:
        work.take(row)
    return work.write()


def gather(session: Session, clock: Clock, campaign_id: int) -> Told:
    """Note the joinings in the days of the campaign of which the chats or the roster tell the inviter."""
    found = _open(session, campaign_id)
    zone = groups.day_rule(session, found.group_id).zone
    known = queries.keys(session, campaign_id)
    there = queries.brought(session, found.group_id, found.from_day, found.to_day)
    new = [row for row in there if f"stay:{row.id}" not in known]
    if new:
        session.step(N_("Noted {n} invitations of {name}"), n=len(new), name=found.name)
        session.insert_many(
            invite,
            (
                {
                    "campaign_id": campaign_id,
                    "key": f"stay:{row.id}",
                    "inviter_id": row.inviter_id,
                    "invitee_id": row.member_id,
                    "joined_on": row.joined_on,
                    "joined_at": _noon(zone, row.joined_on),
                    "told_at": clock.now(),
                }
                for row in new
            ),
        )
    return Told(len(new), len(there) - len(new), (), ())


def due(session: Session, clock: Clock, campaign_id: int) -> tuple[Due, ...]:
    """What was earned by today and not handed out yet."""
    return referrals.dues(book(session, clock, campaign_id))


def hand_out(
    session: Session, clock: Clock, campaign_id: int, member_ids: Sequence[int] | None = None, *, cost_fen: int = 0
) -> tuple[Due, ...]:
    """Hand out what is due, to these members or to all: each tier once, its points into the ledger under a key of its
    own. `cost_fen` is what one piece costs. Returns what was handed out now; twice hands out nothing more.
    """
    found = _open(session, campaign_id)
    if not 0 <= cost_fen <= 10**9:
        raise BadInput("{number} is out of range", number=cost_fen)
    owed = [each for each in due(session, clock, campaign_id) if member_ids is None or each.member_id in member_ids]
    if not owed:
        return ()
    today = clock.today(groups.day_rule(session, found.group_id))
    session.step(N_("Handed out {n} rewards of {name}"), n=len(owed), name=found.name)
    session.insert_many(
        hand_out_table,
        (
            {
                "campaign_id": campaign_id,
                "member_id": each.member_id,
                "tier": each.tier.invites,
                "what": each.tier.what,
                "points": each.tier.points,
                "cost_fen": cost_fen,
                "given_on": today,
                "given_at": clock.now(),
            }
            for each in owed
        ),
    )
    for each in owed:
        if each.tier.points:
            points.grant(
                session, clock, each.member_id, each.tier.points, reason=found.name,
                key=f"{_SOURCE}:{campaign_id}:{each.member_id}:{each.tier.invites}",
            )  # fmt: skip
    return tuple(owed)


class _Taking:
    """Rows of a file being noted: names found once, new people added once."""

    def __init__(self, session: Session, clock: Clock, found: Campaign, *, create: bool) -> None:
        self._session, self._clock, self._found, self._create = session, clock, found, create
        self._resolve: Callable[[str], int] = members.resolver(session)
        self._rule = groups.day_rule(session, found.group_id)
        self._known = queries.keys(session, found.id)
        self._fresh: dict[str, int] = {}
        self._new: list[dict[str, object]] = []
        self._created: list[str] = []
        self._rejected: list[RowNote] = []
        self._already = 0

    def take(self, row: InviteRow) -> None:
        """One row."""
        try:
            at = row.joined_at or (_noon(self._rule.zone, row.joined_on) if row.joined_on else self._clock.now())
            on = row.joined_on or self._rule.biz_date(at)
            key = _key(row, on)
            if key in self._known:
                self._already += 1
                return
            inviter, invitee = self._resolve(row.inviter), self._guest(row, on)
        except UserError as error:
            self._rejected.append(RowNote(row.row, Reason.of("{problem}", problem=error)))
            return
        self._known.add(key)
        values = {"inviter_id": inviter, "invitee_id": invitee, "joined_on": on, "joined_at": at}
        self._new.append({"campaign_id": self._found.id, "key": key, "told_at": self._clock.now(), **values})

    def _guest(self, row: InviteRow, on: date) -> int:
        name = clean(row.invitee, NAME_LIMIT)
        if name in self._fresh:
            return self._fresh[name]
        try:
            return self._resolve(row.invitee)
        except NotFound:
            if not self._create:
                raise
        self._session.step(N_("Noted the invitations of {name}"), name=self._found.name)
        inviter = self._resolve(row.inviter)
        made = add_member(self._session, self._clock, name, group_id=self._found.group_id, joined_on=on)
        stay = queries.stays(self._session, [made.id])[made.id][0]
        self._session.update(membership, stay.id, inviter_id=inviter)
        self._fresh[name] = made.id
        self._created.append(made.name)
        return made.id

    def write(self) -> Told:
        """Write what is new."""
        if self._new:
            self._session.step(N_("Noted the invitations of {name}"), name=self._found.name)
            self._session.insert_many(invite, self._new)
        return Told(len(self._new), self._already, tuple(self._created), tuple(self._rejected))


def _key(row: InviteRow, on: date) -> str:
    told = f"{clean(row.inviter, NAME_LIMIT)}\0{clean(row.invitee, NAME_LIMIT)}\0{on}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _noon(zone: str, day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(zone))


def _open(session: Session, campaign_id: int) -> Campaign:
    found = _drive(campaigns.find_by_id(session, campaign_id))
    campaigns.open_one(found)
    return found


def _drive(found: Campaign) -> Campaign:
    if found.form not in _FORMS:
        raise Refused("{name} is no campaign of invitations", hint="plan one of the form 裂变", name=show(found.name))
    return found
