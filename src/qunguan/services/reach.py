"""Ways to members besides the group: what was told, whose number and accounts are known, who can be reached (S4-31)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, NotFound, Refused, UserError
from qunguan.domain.reach import (
    PHONE,
    TARGET,
    Channel,
    Contact,
    ContactRow,
    Coverage,
    ReachLine,
    ReachOutcome,
    channels,
    checked_value,
    usable,
)
from qunguan.domain.reach import (
    coverage as counted,
)
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, members, rules
from qunguan.services.cleaning_cases import left_alone
from qunguan.store import reach_queries as queries
from qunguan.store.reach import contact
from qunguan.store.session import Session


def coverage(session: Session, clock: Clock, group_id: int) -> Coverage:
    """Who of a group can be reached how, if the group went down today. Raises NotFound."""
    group = groups.get(session, group_id)
    day = clock.today(group.day_rule)
    people, known = _here(session, group_id, day)
    return counted(
        (group.id, group.name, group.platform), people, known, left_alone(session, group_id, day),
        rules.limit(session, TARGET), rules.state(session, TARGET).rule.source,
    )  # fmt: skip


def figures(session: Session, group_id: int) -> dict[str, int]:
    """What a checklist says of a group: `members`, those with a `backup` way, and how many can be reached by no way
    (`lost`). Raises NotFound.
    """
    found = coverage(session, session.clock, group_id)
    return {"members": found.members, "backup": found.backup, "lost": len(found.unreachable)}


def reach_list(
    session: Session, clock: Clock, group_id: int, only: Collection[str] = (), *, outside: bool = False
) -> tuple[ReachLine, ...]:
    """The members of a group with the ways to them that may be used, by name; of these channels only (empty: of all),
    or with `outside` of those that stand without the group's platform. Who asked not to be written to, and who cannot
    be reached, is left out. Raises NotFound.
    """
    group = groups.get(session, group_id)
    day = clock.today(group.day_rule)
    people, known = _here(session, group_id, day)
    quiet = left_alone(session, group_id, day)
    wanted = [
        each.id for each in channels().values()
        if (not only or each.id in only) and (not outside or each.stands_without(group.platform))
    ]  # fmt: skip
    found: dict[int, dict[str, list[str]]] = {who: {} for who in people if who not in quiet}
    for way in known:
        if way.agreed and way.channel in wanted and way.member_id in found:
            found[way.member_id].setdefault(way.channel, []).append(way.value)
    return tuple(
        ReachLine(who, people[who], {channel: tuple(dict.fromkeys(values)) for channel, values in own.items()})
        for who, own in found.items()
        if own
    )


def _here(session: Session, group_id: int | None, day: date) -> tuple[dict[int, str], tuple[Contact, ...]]:
    """Who is in the group, and every way to them; read once for all a screen asks of it."""

    def read() -> tuple[dict[int, str], tuple[Contact, ...]]:
        people = queries.present(session, group_id)
        return people, ways(session, people, day)

    return session.held(("reach", group_id, day), read)


def ways(session: Session, people: Iterable[int], day: date) -> tuple[Contact, ...]:
    """Every way to these members, those they refused among them: what was told first, then the roster's number, then
    accounts. What was told of a value holds wherever else the value comes from.
    """
    wanted = list(people)
    names = members.names(session, wanted)
    found: dict[tuple[int, str, str], Contact] = {}
    for row in queries.told(session, wanted, day):
        key = (row.member_id, row.channel, match_key(row.value))
        found[key] = Contact(row.id, row.member_id, names[row.member_id], row.channel, row.value, row.agreed, "told",
                             row.told_on)  # fmt: skip
    for member_id, number in ((row.id, row.phone) for row in queries.phones(session, wanted)):
        _know(found, Contact(None, member_id, names[member_id], PHONE, number, True, "roster"))
    for member_id, kind, account in queries.accounts(session, wanted):
        for channel in channels().values():
            if kind in channel.aliases:
                _know(found, Contact(None, member_id, names[member_id], channel.id, account, True, "account"))
    return tuple(found.values())


def contacts(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Contact, ...]:
    """Every way to the members of a group (None: of all groups), by name and channel; refused ones among them."""
    day = clock.today(groups.day_rule(session, group_id))
    people, found = _here(session, group_id, day)
    order = {each: place for place, each in enumerate(channels())}
    place = {who: number for number, who in enumerate(people)}
    return tuple(sorted(found, key=lambda way: (place[way.member_id], order[way.channel], way.value)))


def of_member(session: Session, clock: Clock, member_id: int) -> tuple[Contact, ...]:
    """Every way to one member. Raises NotFound."""
    members.get(session, member_id)
    return ways(session, [member_id], clock.today(groups.day_rule(session)))


def add(
    session: Session, clock: Clock, member_id: int, channel: Channel, value: str, *, agreed: bool = True
) -> Contact:
    """Note a way to a member, or that they do not want to be written to by it (`agreed` False). The same again changes
    nothing. Raises NotFound, BadInput for a value that nothing can be sent to.
    """
    name = members.get(session, member_id).name
    told = checked_value(channel, value)
    session.step(N_("Noted how to reach {name}"), name=name)
    _note(session, clock, member_id, channel, told, agreed=agreed)
    return _one(session, clock, member_id, channel, told)


def refuse(session: Session, clock: Clock, member_id: int, channel: Channel) -> tuple[Contact, ...]:
    """Note that a member does not want to be written to by a channel, whatever is known of it. Raises NotFound, and
    Refused where nothing is known that could be refused.
    """
    known = [way for way in of_member(session, clock, member_id) if way.channel == channel.id]
    if not known:
        raise Refused("nothing is known that could be refused", hint="the channel is not counted for them anyway")
    session.step(N_("Noted how to reach {name}"), name=known[0].name)
    for way in known:
        _note(session, clock, member_id, channel, way.value, agreed=False)
    return tuple(way for way in of_member(session, clock, member_id) if way.channel == channel.id)


def end(session: Session, clock: Clock, contact_id: int) -> Contact:
    """A way that was told does not work any more, from today on. Raises NotFound."""
    row = session.get(contact, contact_id)
    today = clock.today(groups.day_rule(session))
    if row is None or row.ended_on is not None:
        raise NotFound("there is no contact #{id}", hint="see the list: qunguan reach list", id=contact_id)
    name = members.get(session, row.member_id).name
    session.step(N_("Took out a way to reach {name}"), name=name)
    session.update(contact, contact_id, ended_on=max(today, row.told_on))
    return Contact(row.id, row.member_id, name, row.channel, row.value, row.agreed, "told", row.told_on)


def import_contacts(session: Session, clock: Clock, rows: Sequence[ContactRow]) -> ReachOutcome:
    """Note the ways of a list, as one step; the same list again changes nothing. Rows whose name is nobody's or several
    people's, and values nothing can be sent to, are in the outcome.
    """
    resolve = members.resolver(session, (row.who for row in rows))
    unresolved: list[RowNote] = []
    rejected: list[RowNote] = []
    wanted: list[tuple[ContactRow, int]] = []
    for row in rows:
        try:
            wanted.append((row, resolve(row.who)))
        except (NotFound, Ambiguous) as error:
            unresolved.append(_refusal(row, error))
    people = {who for _row, who in wanted}
    session.step(N_("Noted how to reach {n} members"), n=len(people))
    work = _Taking(session, clock, people)
    for row, who in wanted:
        for channel_id, text in row.ways:
            try:
                work.take(who, channels()[channel_id], text, agreed=row.agreed)
            except UserError as error:
                rejected.append(_refusal(row, error))
    work.write()
    return ReachOutcome(work.added, work.changed, work.already, tuple(unresolved), tuple(rejected))


class _Taking:
    """A list being taken: what is known of its people, and what is new."""

    def __init__(self, session: Session, clock: Clock, people: Collection[int]) -> None:
        self._session, self._clock = session, clock
        self._today = clock.today(groups.day_rule(session))
        found = ways(session, people, self._today)
        self._known = {(way.member_id, way.channel, match_key(way.value)): way.agreed for way in found}
        self._same_day = queries.told_on(session, people, self._today)
        self._new: dict[tuple[int, str, str], dict[str, Any]] = {}
        self.added = self.changed = self.already = 0

    def take(self, who: int, channel: Channel, text: str, *, agreed: bool) -> None:
        """One way of one row. Raises BadInput for a value nothing can be sent to."""
        value = checked_value(channel, text)
        key = (who, channel.id, match_key(value))
        before = self._known.get(key)
        if before == agreed:
            self.already += 1
            return
        self._known[key] = agreed
        if key in self._new:  # a later line says otherwise
            self._new[key]["agreed"] = agreed
            return
        if before is None and (who, channel.id, value) not in self._same_day:
            self._new[key] = {"member_id": who, "channel": channel.id, "value": value, "agreed": agreed,
                              "told_on": self._today}  # fmt: skip
        else:
            _note(self._session, self._clock, who, channel, value, agreed=agreed)
        self.added, self.changed = self.added + (before is None), self.changed + (before is not None)

    def write(self) -> None:
        """Write what is new."""
        self._session.insert_many(contact, self._new.values())


def _note(session: Session, clock: Clock, member_id: int, channel: Channel, value: str, *, agreed: bool) -> None:
    """Write it down where it is not what holds already; what was told before ends today."""
    today = clock.today(groups.day_rule(session))
    key = match_key(value)
    rows = [row for row in queries.of_member(session, member_id)
            if row.channel == channel.id and match_key(row.value) == key]  # fmt: skip
    holds = next((row for row in rows if row.ended_on is None), None)
    if holds is None and agreed and _is_known(session, member_id, channel, key, today):
        return  # the roster or an account says it already
    if holds is not None and holds.agreed == agreed:
        return
    same_day = next((row for row in rows if row.told_on == today and row.value == value), None)
    if same_day is not None:
        session.update(contact, same_day.id, agreed=agreed, ended_on=None)
        return
    if holds is not None:
        session.update(contact, holds.id, ended_on=max(today, holds.told_on))
    session.insert(contact, member_id=member_id, channel=channel.id, value=value, agreed=agreed, told_on=today)


def _is_known(session: Session, member_id: int, channel: Channel, key: str, day: date) -> bool:
    return any(
        way.id is None and way.channel == channel.id and match_key(way.value) == key
        for way in ways(session, [member_id], day)
    )


def _one(session: Session, clock: Clock, member_id: int, channel: Channel, value: str) -> Contact:
    key = match_key(value)
    known = of_member(session, clock, member_id)
    return next(way for way in known if way.channel == channel.id and match_key(way.value) == key)


def _know(found: dict[tuple[int, str, str], Contact], way: Contact) -> None:
    """Add a way that follows from elsewhere, unless something was told of it or nothing can be sent to it."""
    if usable(channels()[way.channel], way.value):
        found.setdefault((way.member_id, way.channel, match_key(way.value)), way)


def _refusal(row: ContactRow, error: UserError) -> RowNote:
    return RowNote(row.row, Reason.of("{problem}", problem=error))
