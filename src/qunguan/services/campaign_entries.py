"""The sheet of a campaign: lines by name and by paste, each once and within the rules of its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, cast

from qunguan.domain.campaign_lines import Line, read
from qunguan.domain.campaign_sheet import HELPER, Entry, Refusal, Sheet, Wanted, person
from qunguan.domain.campaign_views import Added, NotAdded
from qunguan.domain.campaigns import KINDS, Campaign, Kind
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused, UserError
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_, _
from qunguan.services import groups, members, order_scope
from qunguan.services.campaign_book import find_by_id, open_one, terms
from qunguan.store import campaign_queries as queries
from qunguan.store.campaigns import campaign_entry
from qunguan.store.session import Session
from qunguan.values import names

_LARGEST = 10**11
_PIECES = 1_000_000
_COLUMNS = tuple(name for name in names(Entry) if name not in ("who", "name"))


def entries(session: Session, campaign_id: int, day: date = date.max) -> tuple[Entry, ...]:
    """Every line of a sheet up to a day, those taken out by then too, in the order they came.

    A line that is an order of the shop says what the order is worth that day; one given back whole is out of the sheet
    since.
    """
    rows = queries.entries(session, campaign_id, day, freight_out=order_scope.freight_out(session))
    helpers = {int(row.name[1:]) for row in rows if HELPER.fullmatch(row.name)}
    called = {f"#{member_id}": name for member_id, name in members.names(session, sorted(helpers)).items()}
    return tuple(
        _as_of(row, day, Entry(**{name: getattr(row, name) for name in _COLUMNS},
                               name=called.get(row.name, row.name), who=row.called or row.name))
        for row in rows
    )  # fmt: skip


def _as_of(row: Any, day: date, now: Entry) -> Entry:
    """A line as it stood on a day."""
    if now.void_on is not None and now.void_on > day:
        now = replace(now, void_on=None, void_reason="")
    if row.order_id is None or now.void_on is not None:
        return now
    if row.counts:
        return replace(now, amount_fen=row.net_fen)
    return replace(now, amount_fen=0, void_on=row.back_on or now.biz_date, void_reason=_("the order went back whole"))


def sheet(session: Session, found: Campaign) -> Sheet:
    """The sheet as it stands."""
    standing = [each for each in entries(session, found.id) if each.void_on is None]
    return Sheet(found.playbook, terms(session, found.id), standing)


def add_entry(
    session: Session,
    clock: Clock,
    campaign_id: int,
    who: str,
    *,
    kind: str = "",
    team: str = "",
    qty: int = 1,
    amount_fen: int = 0,
    code: str = "",
    note: str = "",
    helper: str = "",
    day: date | None = None,
) -> Entry:
    """Add one line: `who` by name or id, somebody unknown under the name as written, "" for a bare count of `qty`.

    `day` None is today, or the campaign's own day nearest to it. Raises BadInput, Ambiguous, and Refused when a rule of
    the form is against it: stock, team, side, once per member, cap, code.
    """
    line = Line(0, who, team, qty, amount_fen, code, note, helper)
    added, refused = _add(session, clock, campaign_id, [line], kind, day)
    if refused:
        raise Refused("{who}: {reason}", who=show(who or "—"), reason=refused[0].reason)
    return added[0]


def paste(
    session: Session, clock: Clock, campaign_id: int, text: str, *, kind: str = "", day: date | None = None
) -> Added:
    """Add the lines of a text (see domain.campaign_lines); the same text twice adds nothing new. What a rule is
    against is left out and named. Raises BadInput for a text without a line."""
    found = find_by_id(session, campaign_id)
    told = terms(session, campaign_id)
    lines = list(read(text, found.playbook, told, partial(_known, session)))
    if not lines:
        raise BadInput("there is no line with a name in it", hint="write a name on each line, or paste the 接龙")
    return outcome(*_add(session, clock, campaign_id, lines, kind, day))


def void(session: Session, clock: Clock, entry_id: int, reason: str = "") -> Entry:
    """Take a line out of the sheet, with the reason; its place is free again. Raises NotFound, Refused."""
    row = session.get(campaign_entry, entry_id)
    if row is None:
        raise NotFound("there is no line #{entry} in a sheet", entry=entry_id)
    found = find_by_id(session, row.campaign_id)
    open_one(found)
    if row.void_on is not None:
        raise Refused("line #{entry} is out of the sheet already", entry=entry_id)
    session.step(N_("Took a line out of the sheet of {name}"), name=found.name)
    today = clock.today(groups.day_rule(session, found.group_id))
    # a line taken out gives its key back: the same person may come in again
    session.update(campaign_entry, entry_id, void_on=today, void_reason=clean(reason, NOTE_LIMIT),
                   key=f"void:{entry_id}:{row.key}")  # fmt: skip
    return next(each for each in entries(session, found.id) if each.id == entry_id)


def _known(session: Session, name: str) -> bool:
    """Whether a text is somebody's name; asked of every line, so without looking for names that are near."""
    return bool(name) and queries.is_a_name(session, match_key(name))


def _add(
    session: Session, clock: Clock, campaign_id: int, lines: Sequence[Line], kind: str, day: date | None
) -> tuple[list[Entry], list[NotAdded]]:
    found = find_by_id(session, campaign_id)
    refuse_closed(found)
    what = _kind(found, kind, lines)
    on = _day(session, clock, found, day)
    here = sheet(session, found)
    resolve = members.resolver(session)
    session.step(N_("Added lines to the sheet of {name}"), name=found.name)
    added: list[Entry] = []
    refused: list[NotAdded] = []
    seen: dict[tuple[str, str], int] = {}
    fresh: set[tuple[str, str]] = set()
    told: list[tuple[Line, Wanted]] = []
    for line in lines:
        try:
            told.append((line, _wanted(session, line, what, resolve)))
        except UserError as error:
            refused.append(NotAdded(line.number, line.name, Reason.of("{error}", error=error)))
    short: dict[int, bool] = {}
    for line, new in told:
        if line.number not in short:
            no = _team_short(here, [each for each in told if each[0].number == line.number])
            short[line.number] = no is not None
            if no is not None:
                refused.append(NotAdded(line.number, line.team, no.reason))
        if short[line.number] and not here.of(new.kind, new.person):
            continue
        place = (new.person, line.helper or (line.note if what == "gift" else ""))
        seen[place] = seen.get(place, 0) + 1
        if (joined := _joined(session, here, new)) is not None:
            added.append(joined)
            continue
        no = _again(here, new, seen[place], len(lines)) or here.refusal(new)
        if no is None:
            added.append(insert(session, clock, found, here, here.key(new), new, on))
            fresh.add(place)
        elif no.again and place in fresh:  # the owner should see that somebody wrote twice: nothing else tells
            refused.append(NotAdded(line.number, line.name, Reason.of(N_("stands in this list twice: counted once"))))
        else:
            refused.append(NotAdded(line.number, line.name, no.reason, no.again))
    return added, sorted(refused, key=lambda each: each.number)


def _team_short(here: Sheet, told: Sequence[tuple[Line, Wanted]]) -> Refusal | None:
    """Why a team written in one line may not come in whole; None for anybody who is alone in theirs."""
    whole = len(told) > 1 and here.playbook.teams == "size"
    return here.short(new for _line, new in told) if whole else None


def _again(here: Sheet, new: Wanted, nth: int, of: int) -> Refusal | None:
    """A pasted line that is in the sheet already: the nth one of somebody, where they have as many."""
    if of == 1 or not new.person or new.helper or new.kind == "gift":
        return None
    mine = here.of(new.kind, new.person)
    elsewhere = new.team and any(match_key(each.team) != match_key(new.team) for each in mine)
    return Refusal(Reason.of(N_("is on the sheet already")), True) if len(mine) >= nth and not elsewhere else None


def _joined(session: Session, here: Sheet, new: Wanted) -> Entry | None:
    """Somebody whose order is there without a team is put into the one that is told; what they paid stays."""
    if here.playbook.teams != "size" or new.kind != here.playbook.entry or not new.team:
        return None
    own = here.of(new.kind, new.person)
    if len(own) != 1 or own[0].team:
        return None
    here.remove(own[0])
    if here.refusal(new) is not None:
        here.add(own[0])
        return None
    made = replace(own[0], team=new.team, amount_fen=new.amount_fen or own[0].amount_fen)
    session.update(campaign_entry, made.id, team=made.team, amount_fen=made.amount_fen)
    here.add(made)
    return made


def _kind(found: Campaign, kind: str, lines: Sequence[Line]) -> Kind:
    if kind and kind not in KINDS:
        raise BadInput("{text} is no kind of line", hint="there are: {known}", text=show(kind[:20]),
                       known=", ".join(found.playbook.kinds))  # fmt: skip
    if not kind and any(each.helper for each in lines):
        return "vote"
    return cast("Kind", kind) or found.playbook.entry


def _day(session: Session, clock: Clock, found: Campaign, day: date | None) -> date:
    """The day of a line: between the campaign's first and last one. What was handed out may be later."""
    if day is not None and not found.from_day <= day <= found.to_day:
        raise BadInput("{day} is no day of this campaign: {first} to {last}", day=day, first=found.from_day,
                       last=found.to_day)  # fmt: skip
    today = clock.today(groups.day_rule(session, found.group_id))
    return day or min(max(today, found.from_day), found.to_day)


def refuse_closed(found: Campaign) -> None:
    """Let through only what is open and has started. Raises Refused."""
    open_one(found)
    if found.started_at is None:
        raise Refused("{name} has not started: its sheet is closed", hint="start it: qunguan campaign start",
                      name=found.name)  # fmt: skip


def _wanted(session: Session, line: Line, kind: Kind, resolve: Callable[[str], int]) -> Wanted:
    if not 1 <= line.qty <= _PIECES or not 0 <= line.amount_fen <= _LARGEST:
        raise BadInput("{number} is out of range", number=line.qty if line.amount_fen <= _LARGEST else line.amount_fen)
    member_id, name = _who(session, line.name, resolve) if line.name else (None, "")
    if line.helper and member_id is None:
        raise BadInput("only members can be helped", hint="add {name} to the roster first", name=show(line.name))
    helper = ""
    if line.helper:
        helper_id, name = _who(session, line.helper, resolve)
        helper, name = person(helper_id, name), name or f"#{helper_id}"
    return Wanted(member_id, name, kind, clean(line.team, NAME_LIMIT), line.qty, line.amount_fen,
                  clean(line.code, NAME_LIMIT), clean(line.note, NOTE_LIMIT), helper)  # fmt: skip


def _who(session: Session, text: str, resolve: Callable[[str], int]) -> tuple[int | None, str]:
    """A member, or nobody of the roster under the name as written. Raises Ambiguous, BadInput."""
    if not text.strip().startswith("#") and not _known(session, text):
        return None, typed_name(text)
    try:
        return resolve(text), ""
    except NotFound:
        return None, typed_name(text)


def insert(session: Session, clock: Clock, found: Campaign, here: Sheet, key: str, new: Wanted, day: date) -> Entry:
    """Write one line of the sheet; `key` says which line it is, `day` is its business day."""
    values: dict[str, Any] = {
        "member_id": new.member_id, "name": new.name, "kind": new.kind, "key": key, "team": new.team, "qty": new.qty,
        "amount_fen": new.amount_fen, "code": new.code, "note": new.note, "biz_date": day, "occurred_at": clock.now(),
    }  # fmt: skip
    entry_id = session.insert(campaign_entry, campaign_id=found.id, **values)
    made = Entry(entry_id, found.id, **values, who=new.name)
    here.add(made)
    return made


def outcome(added: Sequence[Entry], refused: Sequence[NotAdded]) -> Added:
    """What was added and what was refused; a line that stood there already is counted, not told."""
    again = sum(each.again for each in refused)
    return Added(tuple(added), tuple(each for each in refused if not each.again), again)
