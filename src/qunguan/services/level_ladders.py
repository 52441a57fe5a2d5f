"""Ladders: take a preset, save terms with their reason, choose the one the screens show, find the one that is meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Row, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.level_files import preset, read_draft
from qunguan.domain.level_terms import terms_from, to_json
from qunguan.domain.level_views import Benefit, Draft, Ladder, LadderVersion
from qunguan.domain.levels import Terms
from qunguan.domain.names import meant, typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.groups import day_rule
from qunguan.services.level_ranks import follow_levels
from qunguan.store import level_queries as queries
from qunguan.store.levels import ladder, ladder_version, level_benefit
from qunguan.store.session import Session

MOST_AHEAD = timedelta(days=366)
"""How far ahead new terms can be laid: further is a slip of the keyboard."""


def today(session: Session, clock: Clock) -> date:
    """The business day levels are judged by: that of the current group."""
    return clock.today(day_rule(session))


def all_ladders(session: Session) -> tuple[Ladder, ...]:
    """Every ladder, the current one first."""
    return tuple(_ladder(session, row) for row in queries.ladders(session))


def current(session: Session) -> Ladder | None:
    """The ladder the screens show, None before one was chosen."""
    return next((each for each in all_ladders(session) if each.current), None)


def get(session: Session, ladder_id: int) -> Ladder:
    """One ladder by id. Raises NotFound."""
    row = session.get(ladder, ladder_id)
    if row is None:
        raise NotFound("there is no ladder {text}", hint="see the levels", text=f"#{ladder_id}")
    return _ladder(session, row)


def find(session: Session, text: str | None = None) -> Ladder:
    """The ladder that is meant, by id ("#2") or name; None is the current one. Raises NotFound."""
    known = all_ladders(session)
    if text is None:
        current = next((each for each in known if each.current), None)
        if current is None:
            raise NotFound("there are no levels yet", hint="take a preset: qunguan level preset card")
        return current
    found = meant(known, text)
    if not found:
        names = " / ".join(show(each.name) for each in known)
        hint = N_("there are: {known}") if names else N_("take a preset: qunguan level preset card")
        raise NotFound("there is no ladder {text}", hint=hint, text=show(text[:40]), known=names)
    return found[0]


def use_preset(
    session: Session, clock: Clock, text: str, *, name: str = "", from_day: date | None = None, reason: str = ""
) -> Ladder:
    """Take a shipped ladder by id or name (`card`, `medal`), with its benefits, and show it (C16).

    It is in force from `from_day` (None: today; a past day replays what happened since). Raises NotFound for an unknown
    preset, BadInput for a name that is taken.
    """
    preset_id, draft = preset(text)
    return create(
        session, clock, name or draft.name, draft.terms, benefits=draft.benefits, preset_id=preset_id,
        from_day=from_day, reason=reason or draft.source,
    )  # fmt: skip


def create(
    session: Session,
    clock: Clock,
    name: str,
    terms: Terms,
    *,
    benefits: Iterable[Benefit] = (),
    preset_id: str = "",
    from_day: date | None = None,
    reason: str = "",
) -> Ladder:
    """Make a ladder of one's own, in force from `from_day` (None: today), and show it. Raises BadInput."""
    shown = typed_name(name)
    if any(match_key(each.name) == match_key(shown) for each in queries.ladders(session)):
        raise BadInput("there is already a ladder {name}", hint="choose another name, or change that one",
                       name=show(shown))  # fmt: skip
    now = today(session, clock)
    first = _ahead(from_day or now, now)
    session.step(N_("Laid the ladder {ladder}"), ladder=shown)
    ladder_id = session.insert(ladder, name=shown, preset=preset_id, current=False, created_at=clock.now())
    _write_version(session, clock, ladder_id, terms, first, reason)
    session.insert_many(level_benefit, [_benefit_row(ladder_id, each) for each in benefits])
    return choose(session, clock, ladder_id)


def save_version(
    session: Session, clock: Clock, ladder_id: int, terms: Terms, *, from_day: date | None = None, reason: str
) -> Ladder:
    """Put new terms in force from a day on (None: today); what was before stays as it was judged.

    Everybody is judged anew on that day (see `preview`), unless names alone change. Terms that are in force already
    change nothing. Raises BadInput without a reason, Refused for a day that is past.
    """
    found = get(session, ladder_id)
    now = today(session, clock)
    first = _ahead(from_day or now, now)
    if first < now:
        raise Refused("{day} is past", hint="levels of days gone by stay as they were judged", day=first)
    if first < found.first_day:
        raise Refused("{ladder} begins on {start}, after {day}", ladder=show(found.name), start=found.first_day,
                      day=first)  # fmt: skip
    why = clean(reason, NOTE_LIMIT)
    if not why:
        raise BadInput("the reason is empty", hint="say in a few words why the levels change")
    if found.terms(first) != terms:
        session.step(N_("Changed the terms of {ladder}"), ladder=found.name)
        follow_levels(session, ladder_id, found.terms(first), terms, first)
        _write_version(session, clock, ladder_id, terms, first, why)
    return get(session, ladder_id)


def rename(session: Session, clock: Clock, ladder_id: int, name: str) -> Ladder:
    """Call a ladder something else. Raises BadInput for a name that is taken."""
    found = get(session, ladder_id)
    shown = typed_name(name)
    others = [each for each in queries.ladders(session) if each.id != ladder_id]
    if any(match_key(each.name) == match_key(shown) for each in others):
        raise BadInput("there is already a ladder {name}", hint="choose another name, or change that one",
                       name=show(shown))  # fmt: skip
    session.step(N_("Renamed the ladder {ladder}"), ladder=found.name)
    session.update(ladder, ladder_id, name=shown)
    return get(session, ladder_id)


def choose(session: Session, clock: Clock, ladder_id: int) -> Ladder:
    """Make this the ladder the screens show."""
    found = get(session, ladder_id)
    session.step(N_("Shows the ladder {ladder}"), ladder=found.name)
    for row in session.rows(select(ladder.c.id).where(ladder.c.current, ladder.c.id != ladder_id)):
        session.update(ladder, row.id, current=False)
    session.update(ladder, ladder_id, current=True)
    return get(session, ladder_id)


def draft(session: Session, text: str, *, toml: bool) -> Draft:
    """A ladder from the text of a file; what it leaves out are the rules level.hold_days and level.low_water_pct."""
    held, low = rules.value(session, "level.hold_days"), rules.value(session, "level.low_water_pct")
    return read_draft(text, toml=toml, hold_days=held, low_water_pct=low)


def _write_version(session: Session, clock: Clock, ladder_id: int, terms: Terms, first: date, reason: str) -> None:
    session.insert(
        ladder_version,
        ladder_id=ladder_id,
        from_day=first,
        terms=to_json(terms),
        reason=clean(reason, NOTE_LIMIT),
        created_at=clock.now(),
    )
    session.unsettle(ladder)


def _benefit_row(ladder_id: int, benefit: Benefit) -> dict[str, object]:
    return {
        "ladder_id": ladder_id,
        "rank": benefit.rank,
        "name": benefit.name,
        "quota": benefit.quota,
        "period": benefit.period,
        "note": benefit.note,
        "closed_on": None,
    }


def _ahead(day: date, now: date) -> date:
    if day > now + MOST_AHEAD or day.year < 1990:
        raise BadInput("levels cannot begin on {day}", hint="check the year", day=day)
    return day


def _ladder(session: Session, row: Row[tuple[object, ...]]) -> Ladder:
    def load() -> Ladder:
        """The ladder with its versions, oldest first."""
        versions = queries.versions(session, row.id)
        told = tuple(LadderVersion(each.from_day, terms_from(each.terms), each.reason) for each in versions)
        return Ladder(row.id, row.name, row.preset, row.current, told)

    return session.settled(ladder, row.id, load)
