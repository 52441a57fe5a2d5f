"""A roster file into the members: the same computation shows what it would do and does it.

Applying the same file again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.member_import import ChangedMember, MemberEdit, NewMember, RosterOutcome, RosterPreview
from qunguan.domain.rosters import CellWarning, Reason, Roster, RosterEntry, RowNote
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.members_diff import compare, possible
from qunguan.services.members_identify import identify, name_after
from qunguan.services.members_index import reindex
from qunguan.services.members_match import Identities, Known, load
from qunguan.services.members_tags import link_tags
from qunguan.services.memory import recall, remember
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session
from qunguan.values import frozen

if TYPE_CHECKING:  # the readers are loaded when a file is read
    from qunguan.exchange.readers.headers import Mapping


@frozen
class _Planned:
    """An entry, the member it is (None: a new one), and what that changes."""

    entry: RosterEntry
    member_id: int | None
    name: str
    edit: MemberEdit
    by_name: bool = False


@frozen
class _Plan:
    planned: tuple[_Planned, ...]
    rejected: tuple[RowNote, ...]
    notes: tuple[Reason, ...]

    @property
    def warnings(self) -> tuple[CellWarning, ...]:
        """The cells that were not taken, in the order of the file."""
        found = (replace(warning, name=item.name) for item in self.planned for warning in item.entry.warnings)
        return tuple(sorted(found, key=lambda warning: warning.row))

    @property
    def new(self) -> list[_Planned]:
        """The entries that are new people."""
        return [item for item in self.planned if item.member_id is None]

    @property
    def changed(self) -> list[_Planned]:
        """The entries that change somebody known."""
        return [item for item in self.planned if item.member_id is not None and item.edit.needed]


def preview(session: Session, clock: Clock, roster: Roster, group_id: int) -> RosterPreview:
    """What `apply` would do with this roster in this group; writes nothing. Raises NotFound for the group."""
    plan = _plan(session, clock, roster, group_id)
    changed = plan.changed
    return RosterPreview(
        roster.format,
        roster.encoding,
        tuple(NewMember(item.entry.row, item.name) for item in plan.new),
        tuple(_changed(item) for item in changed),
        len(plan.planned) - len(plan.new) - len(changed),
        plan.rejected,
        plan.notes,
        tuple(RowNote(item.entry.row, note) for item in plan.planned for note in item.entry.notes),
        plan.warnings,
    )


def apply(session: Session, clock: Clock, roster: Roster, group_id: int, *, source: str = "") -> RosterOutcome:
    """Bring the members in line with the roster: one step. `source` is the file's name, for the step's label."""
    plan = _plan(session, clock, roster, group_id)
    new, changed = plan.new, plan.changed
    label = N_("Imported {n} members from {file}") if source else N_("Imported {n} members")
    session.step(label, n=len(new) + len(changed), file=show(source))
    now = clock.now()
    ids = session.insert_many(member, ({**item.edit.columns, "created_at": now} for item in new))
    items = [*zip(ids, new, strict=True), *((item.member_id or 0, item) for item in changed)]
    session.update_many(member, ({"id": n, **item.edit.columns} for n, item in items[len(new) :] if item.edit.columns))
    _write_aliases(session, clock, items, group_id)
    _write_stays(session, items, ids, group_id)
    link_tags(session, [(n, *tag) for n, item in items for tag in item.edit.tags])
    reindex(session, (n for n, _ in items))
    return RosterOutcome(
        roster.format, roster.encoding, len(new), len(changed), len(plan.planned) - len(items), plan.rejected,
        plan.notes, tuple(ids), plan.warnings,
    )  # fmt: skip


def remember_mapping(session: Session, clock: Clock, kind: str, fingerprint: str, mapping: Mapping) -> None:
    """Keep what the owner said the columns of such a file mean; `kind` is "roster", "checkins" or "points"."""
    remember(session, f"mapping.{kind}.{fingerprint}", {"header": mapping.header, "fields": mapping.fields})


def recall_mapping(session: Session, kind: str, fingerprint: str) -> Mapping | None:
    """The mapping the owner confirmed for a header with this fingerprint, or None."""
    from qunguan.exchange.readers.headers import Mapping

    kept = recall(session, f"mapping.{kind}.{fingerprint}")
    return Mapping(tuple(kept["header"]), tuple(kept["fields"])) if kept else None


def _plan(session: Session, clock: Clock, roster: Roster, group_id: int) -> _Plan:
    group = groups.get(session, group_id)
    today = clock.today(group.day_rule)
    entries = roster.entries
    known = load(session, entries, group_id)
    who = identify(entries, known)
    accepted = [(number, entry) for number, entry in enumerate(entries) if number not in who.rejected]
    heads = {field: head for head, field in roster.columns.items()}
    inviters = _Inviters(known, accepted, who)
    planned = []
    for number, entry in accepted:
        member_id = who.found.get(number)
        person = known.people[member_id] if member_id is not None else None
        by_name = number in who.by_name
        entry = possible(entry, person, heads, today)
        edit = compare(entry, person, today, by_name=by_name, inviter_id=inviters.find(entry))
        planned.append(_Planned(entry, member_id, person.row.name if person else entry.name, edit, by_name))
    notes = (*roster.notes, *_notes(session, group, planned, known), *inviters.notes())
    rows = sorted((*roster.rejected, *who.rejected.values()), key=lambda note: note.row)
    return _Plan(tuple(planned), tuple(rows), notes)


class _Inviters:
    """Who is meant by 邀请人: the one who has that name once the file is applied, so that a second time agrees.

    New members of the file are -1 for the first, -2 for the second …
    """

    def __init__(self, known: Known, accepted: Sequence[tuple[int, RosterEntry]], who: Identities) -> None:
        names = {member_id: person.row.name for member_id, person in known.people.items()}
        for number, entry in accepted:
            if (member_id := who.found.get(number)) is not None:
                names[member_id] = name_after(entry, names[member_id], by_name=number in who.by_name)
        new = [entry.name for number, entry in accepted if number not in who.found]
        names.update({-position: name for position, name in enumerate(new, 1)})
        self._bearers: dict[str, list[int]] = defaultdict(list)
        for member_id, name in names.items():
            self._bearers[match_key(name)].append(member_id)
        self._unknown: dict[str, int] = {}

    def find(self, entry: RosterEntry) -> int | None:
        """The id of who is meant, None where that is not clear."""
        key = match_key(entry.inviter)
        if not key:
            return None
        found = self._bearers.get(key, ())
        if len(found) == 1:
            return found[0]
        self._unknown[entry.inviter] = self._unknown.get(entry.inviter, 0) + 1
        return None

    def notes(self) -> Iterator[Reason]:
        """A note for each name that is not clear."""
        for name, times in self._unknown.items():
            yield Reason.of(N_("who invited them is not clear: {name} ({times} times)"), name=show(name), times=times)


def _notes(session: Session, group: Group, planned: Iterable[_Planned], known: Known) -> Iterator[Reason]:
    """What the owner should know besides the rows: people who had left, and a group that grows too large."""
    items = list(planned)
    gone = [
        item
        for item in items
        if item.member_id is not None
        and not item.edit.stay
        and (stay := known.people[item.member_id].stay) is not None
        and stay.left_on is not None
        and not item.entry.left_on
    ]
    if gone:
        yield Reason.of(N_("{n} people in the file have left the group; they stay so until you let them rejoin"),
                        n=len(gone))  # fmt: skip
    joining = sum(1 for item in items if item.edit.stay and item.edit.stay_id is None and not item.edit.stay["left_on"])
    if joining:
        room = groups.capacity(session, group, joining=joining)
        if room.verdict != "ok":
            bound = room.hard if room.rule == "group.capacity_hard" else room.soft
            yield Reason.of(N_("the group then has {present} members, more than {bound} ({source})"),
                            present=room.present, bound=bound, source=room.source)  # fmt: skip


def _changed(item: _Planned) -> ChangedMember:
    renamed = not item.by_name and any(change.field == "name" for change in item.edit.changes)
    return ChangedMember(item.entry.row, item.member_id or 0, item.name, tuple(item.edit.changes), renamed)


def _write_aliases(session: Session, clock: Clock, items: Sequence[tuple[int, _Planned]], group_id: int) -> None:
    today = clock.today(groups.day_rule(session, group_id))
    session.update_many(
        alias,
        (
            {"id": row_id, "text": text, "valid_to": end}
            for _, item in items
            for row_id, text, end in item.edit.alias_updates
        ),
    )
    session.insert_many(alias, (row for n, item in items for row in _alias_rows(n, item, today)))


def _alias_rows(member_id: int, item: _Planned, today: Any) -> Iterator[dict[str, Any]]:
    """A new member bears the name since they joined, a known one since today."""
    start = item.edit.stay.get("joined_on") if item.member_id is None else today
    for kind, text in item.edit.aliases:
        yield {"member_id": member_id, "kind": kind, "text": text, "key": match_key(text), "valid_from": start}


def _write_stays(session: Session, items: Sequence[tuple[int, _Planned]], ids: range, group_id: int) -> None:
    def stay(item: _Planned) -> dict[str, Any]:
        inviter = item.edit.stay["inviter_id"]
        return {**item.edit.stay, "inviter_id": ids[-inviter - 1] if inviter is not None and inviter < 0 else inviter}

    with_stay = [(n, item) for n, item in items if item.edit.stay]
    session.update_many(
        membership, ({"id": item.edit.stay_id, **stay(item)} for _, item in with_stay if item.edit.stay_id is not None)
    )
    session.insert_many(
        membership,
        ({"member_id": n, "group_id": group_id, **stay(item)} for n, item in with_stay if item.edit.stay_id is None),
    )
