"""A pasted 接龙 becomes check-ins: whose each line is, what is new in it, who is missing, who vanished from it.

Nothing is guessed: a doubtful line is recorded only when the owner settles it, and what was settled is learnt, so
that the same name is known tomorrow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from sqlalchemy import select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import (
    Created,
    Decision,
    Decisions,
    Doubt,
    Learnt,
    LineStatus,
    Person,
    PreviewLine,
    Recorded,
    RecordOutcome,
    RecordPreview,
)
from qunguan.domain.checkins import DONE, PRESENT
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.jielong import Jielong, JielongItem, Note, digest, series_key
from qunguan.domain.matching import AliasRow, Candidate, Match, Matcher
from qunguan.domain.members import ID_KINDS
from qunguan.domain.pinyin import sound
from qunguan.domain.text import NAME_LIMIT, clean, clean_lines, is_blank, match_key
from qunguan.i18n import N_, _
from qunguan.services import challenges, checkin_earlier, checkin_learning, checkin_notes, groups, members
from qunguan.services.checkin_due import missing
from qunguan.services.checkin_write import Entry, Written, write
from qunguan.store.checkin_queries import day_states, earlier_signers
from qunguan.store.checkins import chain, chain_item
from qunguan.store.member_queries import IDS, NAMES_BY_KEY, in_chunks
from qunguan.store.members import alias, membership
from qunguan.store.session import Session
from qunguan.values import frozen

_TEXT_LIMIT = 2000
_SAME: frozenset[str] = frozenset({"same_name", "same_id", "other_id", "elsewhere", "makes_up"})  # theirs already
NO_DECISIONS: Decisions = {}


@frozen
class _Line:
    """One item as it was understood: `fresh` is the name of a person to be made, `learn` one to be remembered as what
    the member is called now, `variant` one as another way to write what they are called.
    """

    index: int
    item: JielongItem
    match: Match
    status: LineStatus
    member_id: int | None = None
    fresh: str = ""
    learn: str = ""
    variant: str = ""


@frozen
class _Paste:
    """A 接龙 on its way to a day of a challenge."""

    challenge: Challenge
    jielong: Jielong
    day: date
    lines: tuple[_Line, ...]

    @property
    def signed(self) -> set[int]:
        """Everybody who is in it."""
        return {line.member_id for line in self.lines if line.member_id is not None}


def preview(
    session: Session,
    clock: Clock,
    challenge_id: int,
    jielong: Jielong,
    day: date | None = None,
    *,
    decisions: Decisions = NO_DECISIONS,
) -> RecordPreview:
    """What recording this 接龙 for a day (None: today) would do. Writes nothing.

    Raises BadInput for a text that is no 接龙, Refused for a day that is not due, before the start, after the end or in
    the future.
    """
    paste = _read(session, clock, challenge_id, jielong, day, "skip", decisions)
    signed = paste.signed
    names = members.names(session, sorted(signed))
    lines = tuple(_shown(line, names) for line in paste.lines)
    late = tuple(person for person in missing(session, paste.challenge, paste.day) if person.member_id not in signed)
    return RecordPreview(paste.day, lines, late, _vanished(session, paste), _notes(session, paste))


def record(
    session: Session,
    clock: Clock,
    challenge_id: int,
    jielong: Jielong,
    day: date | None = None,
    *,
    new: Literal["skip", "create"] = "skip",
    decisions: Decisions = NO_DECISIONS,
    raw: str = "",
) -> RecordOutcome:
    """Record a 接龙 for a day (None: today): one check-in for each member in it.

    `decisions` settle lines by index; `new` says what becomes of unknown names without a decision. One that looks or
    sounds like somebody known is doubtful and stays in `new` with its candidates even so: a slip of the pen must not
    make a second person; nor must somebody of another group become one. Who is not enrolled yet is enrolled from this
    day, and who is of another group joins this one. The same paste again records nothing and
    leaves no step; a grown one records what grew. Raises as `preview` does, NotFound for a decision that names nobody.
    """
    paste = _read(session, clock, challenge_id, jielong, day, new, decisions)
    vanished, notes = _vanished(session, paste), _notes(session, paste)
    count = sum(line.status == "matched" or (line.status == "new" and bool(line.fresh)) for line in paste.lines)
    label = N_("Recorded {n} check-ins of {day} in {challenge}")
    session.step(label, n=count, day=paste.day, challenge=paste.challenge.name)
    since = _seen_first(session, paste)
    paste, created = _with_people(session, clock, paste, since)
    _join(session, clock, paste, since)
    words = [(line.member_id, line.learn, line.variant) for line in paste.lines if line.member_id is not None]
    learnt = checkin_learning.learn(session, clock, words)
    written = write(session, clock, paste.challenge, _entries(paste))
    _keep_snapshot(session, clock, paste, raw, anything=bool(written.changed or created))
    return _outcome(session, paste, written, created, learnt, vanished, notes)


def _read(
    session: Session,
    clock: Clock,
    challenge_id: int,
    jielong: Jielong,
    day: date | None,
    new: Literal["skip", "create"],
    decisions: Decisions,
) -> _Paste:
    if not jielong.is_jielong:
        raise BadInput("this is not a 接龙: {why}", why=_("; ").join(map(str, jielong.notes)))
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    when = day or today
    found.check_day(when, today)
    _check_decisions(session, jielong, decisions)
    matcher = _matcher(session, found.group_id, any(item.user for item in jielong.items))
    present = {member_id for member_id, state in day_states(session, found.id, when).items() if state in PRESENT}
    lines = []
    seen: set[int | str] = set()
    matches = _with_others(
        session, [checkin_earlier.of_its_day(matcher.match(item.text, item.user)) for item in jielong.items]
    )
    kept = [_kept(item.text) or "" for item in jielong.items]
    settled = checkin_earlier.settled_before(session, found.id, when, _series(jielong), kept, matches)
    for index, (item, match) in enumerate(zip(jielong.items, matches, strict=True)):
        line = _understood(index, item, match, new, decisions.get(index) or settled.get(index), matcher)
        who = line.member_id if line.member_id is not None else match_key(line.fresh)
        if who:
            if who in seen:
                line = replace(line, status="duplicate", learn="", variant="")
            elif who in present:
                line = replace(line, status="already")
            seen.add(who)
        lines.append(line)
    return _Paste(found, jielong, when, tuple(lines))


def _understood(
    index: int,
    item: JielongItem,
    match: Match,
    new: Literal["skip", "create"],
    decision: Decision | None,
    matcher: Matcher,
) -> _Line:
    """A line after the owner's word about it, if there is one."""
    name = clean(match.name, NAME_LIMIT)
    if decision is not None and decision.skip:
        return _Line(index, item, match, "skipped")
    if decision is not None and decision.member_id is not None:
        told = _Line(index, item, match, "matched", decision.member_id)
        if match.status == "matched" or is_blank(name) or any(one.why in _SAME for one in match.candidates):
            return told
        if not checkin_learning.may_be_learnt(match, decision.member_id, matcher):
            return told
        alike = any(one.member_id == decision.member_id for one in match.candidates)
        return replace(told, variant=name) if alike else replace(told, learn=name)
    unknown = match.status == "new" and not match.candidates
    create = (decision is not None and decision.create) or (new == "create" and unknown)
    if create and not is_blank(name):
        return _Line(index, item, match, "new", fresh=name)
    return _Line(index, item, match, match.status, match.member_id)


def _check_decisions(session: Session, jielong: Jielong, decisions: Decisions) -> None:
    for index, decision in decisions.items():
        if not 0 <= index < len(jielong.items):
            raise BadInput("there is no line {n} in this 接龙", n=index + 1)
        if decision.member_id is not None:
            members.get(session, decision.member_id)


def _matcher(session: Session, group_id: int, with_ids: bool) -> Matcher:
    """The roster of a group made ready; the preview asks for it with every key, so it is made once."""
    key = ("matcher", group_id, with_ids)
    return session.held(key, lambda: Matcher(_aliases(session, group_id, with_ids), sound))


def _aliases(session: Session, group_id: int, with_ids: bool) -> Sequence[AliasRow]:
    rows = members.alias_rows(session, group_id)
    if not with_ids:
        return rows
    inside = select(membership.c.member_id).where(membership.c.group_id == group_id)
    query = select(alias.c.member_id, alias.c.text, alias.c.kind, alias.c.key).where(
        alias.c.kind.in_(ID_KINDS), alias.c.member_id.in_(inside)
    )
    return (*rows, *(AliasRow(row.member_id, row.text, row.kind, row.key) for row in session.rows(query)))


def _with_people(
    session: Session, clock: Clock, paste: _Paste, since: date | None
) -> tuple[_Paste, tuple[Created, ...]]:
    """The paste with its new people made, in its order; two lines of one new name are one person."""
    first: dict[str, _Line] = {}
    for line in paste.lines:
        if line.fresh:
            first.setdefault(match_key(line.fresh), line)
    if not first:
        return paste, ()
    names = [line.fresh for line in first.values()]
    ids = members.add_many(session, clock, names, group_id=paste.challenge.group_id, joined_on=since)
    made = dict(zip(first, ids, strict=True))
    lines = tuple(
        replace(line, status="matched" if line.status == "new" else line.status, member_id=made[match_key(line.fresh)])
        if line.fresh
        else line
        for line in paste.lines
    )
    people = tuple(Created(made[key], line.fresh, line.index, line.item.text) for key, line in first.items())
    return replace(paste, lines=lines), people


def _seen_first(session: Session, paste: _Paste) -> date | None:
    """Since when the people count whom this 接龙 is the first to show in its group.

    From its day on, where others are in the group already: nobody saw them there before, and whoever has no day of
    joining counts as there from the very first day, so that the reports of last week would change with what is pasted
    today. The first list of an empty group tells who is there and not since when: unknown (None).
    """
    there = select(membership.c.id).where(membership.c.group_id == paste.challenge.group_id).limit(1)
    return paste.day if session.scalar(there) is not None else None


def _join(session: Session, clock: Clock, paste: _Paste, since: date | None) -> None:
    """Who is told to be in the 接龙 and was never in the group joins it, as `_seen_first` says."""
    group_id = paste.challenge.group_id
    signed = [line.member_id for line in paste.lines if line.status == "matched" and line.member_id is not None]
    inside = select(membership.c.member_id).where(membership.c.group_id == group_id, membership.c.member_id.in_(IDS))
    known = {row.member_id for row in in_chunks(session, inside, signed)}
    for member_id in signed:
        if member_id not in known:
            members.join(session, clock, member_id, group_id, since)


def _with_others(session: Session, matches: Sequence[Match]) -> Sequence[Match]:
    """Unknown names with whoever bears them in other groups: first among the candidates, nobody is taken unasked."""
    keys = {match_key(match.name) for match in matches if match.status == "new"} - {""}
    if not keys:
        return matches
    others: defaultdict[str, dict[int, Candidate]] = defaultdict(dict)
    for row in in_chunks(session, NAMES_BY_KEY, sorted(keys)):
        others[row.key].setdefault(row.member_id, Candidate(row.member_id, row.text, "elsewhere"))
    return [
        replace(match, candidates=(*found.values(), *match.candidates))
        if match.status == "new" and (found := others.get(match_key(match.name)))
        else match
        for match in matches
    ]


def _entries(paste: _Paste) -> list[Entry]:
    return [
        Entry(line.member_id, paste.day, DONE, "jielong", text=_kept(line.item.text), at=line.item.at)
        for line in paste.lines
        if line.status == "matched" and line.member_id is not None
    ]


def _kept(text: str) -> str | None:
    return clean_lines(text, _TEXT_LIMIT) or None


def _keep_snapshot(session: Session, clock: Clock, paste: _Paste, raw: str, *, anything: bool) -> None:
    """Keep the 接龙 as it was pasted; one that was kept before only learns whose its lines are."""
    content = digest(paste.jielong)
    same = (chain.c.challenge_id == paste.challenge.id, chain.c.day == paste.day, chain.c.digest == content)
    known = session.scalar(select(chain.c.id).where(*same))
    if known is not None:
        items = session.rows(select(chain_item).where(chain_item.c.chain_id == known).order_by(chain_item.c.id))
        owners = [line.member_id for line in paste.lines]
        session.update_many(
            chain_item,
            [
                {"id": row.id, "member_id": owner}
                for row, owner in zip(items, owners, strict=False)
                if owner is not None
            ],
        )
        return
    if not anything and not paste.signed:
        return
    jielong = paste.jielong
    chain_id = session.insert(
        chain,
        challenge_id=paste.challenge.id,
        day=paste.day,
        series=_series(jielong),
        digest=content,
        title=clean_lines(jielong.title or "", _TEXT_LIMIT) or None,
        raw=clean_lines(raw, max(len(raw), 1)),
        pasted_at=clock.now(),
    )
    session.insert_many(
        chain_item,
        (
            {"chain_id": chain_id, "number": line.item.number, "text": _kept(line.item.text) or "",
             "member_id": line.member_id}
            for line in paste.lines
        ),
    )  # fmt: skip


def _series(jielong: Jielong) -> str:
    """What all snapshots of a growing 接龙 share."""
    return series_key(jielong.title, jielong.example, jielong.tail)


def _vanished(session: Session, paste: _Paste) -> tuple[Person, ...]:
    """Who was in the snapshot pasted before this one and is not in it any more. Their check-ins stay."""
    jielong = paste.jielong
    before = earlier_signers(session, paste.challenge.id, paste.day, _series(jielong), digest(jielong))
    names = members.names(session, sorted(before - paste.signed))
    return tuple(Person(member_id, name) for member_id, name in names.items())


def _notes(session: Session, paste: _Paste) -> tuple[Note, ...]:
    signed = {line.member_id for line in paste.lines if line.status == "matched" and line.member_id is not None}
    return checkin_notes.about(session, paste.challenge, paste.jielong, paste.day, signed)


def _shown(line: _Line, names: Mapping[int, str]) -> PreviewLine:
    name = line.fresh or line.match.name if line.member_id is None else names[line.member_id]
    return PreviewLine(
        index=line.index,
        number=line.item.number,
        text=line.item.text,
        status=line.status,
        member_id=line.member_id,
        name=name,
        rest=line.match.rest,
        candidates=line.match.candidates,
    )


def _outcome(
    session: Session,
    paste: _Paste,
    written: Written,
    created: tuple[Created, ...],
    learnt: tuple[Learnt, ...],
    vanished: tuple[Person, ...],
    notes: tuple[Note, ...],
) -> RecordOutcome:
    names = members.names(session, sorted(paste.signed))

    def recorded(status: LineStatus) -> tuple[Recorded, ...]:
        """The lines of this status whose member is known."""
        return tuple(
            Recorded(line.member_id, names[line.member_id], line.item.text)
            for line in paste.lines
            if line.status == status and line.member_id is not None
        )

    def doubts(status: LineStatus) -> tuple[Doubt, ...]:
        """The lines of this status as they are to be settled, with who may be meant."""
        return tuple(
            Doubt(line.index, line.item.text, line.match.name, line.match.candidates)
            for line in paste.lines
            if line.status == status
        )

    enrolled = tuple(Person(member_id, names[member_id]) for member_id in written.enrolled)
    return RecordOutcome(
        day=paste.day,
        recorded=recorded("matched"),
        already=recorded("already"),
        new=doubts("new"),
        ambiguous=doubts("ambiguous"),
        duplicate=recorded("duplicate"),
        missing=missing(session, paste.challenge, paste.day),
        vanished=vanished,
        enrolled=enrolled,
        created=created,
        learnt=learnt,
        points=sum(written.points.values()),
        notes=notes,
    )
