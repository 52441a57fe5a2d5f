"""Schemes: those shipped and the owner's own, their terms by version, and what new terms would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import typed_name
from qunguan.domain.scheme_views import Mover, Moves
from qunguan.domain.schemes import OWN, Bucket, Scheme, Version, bucket_from, checked, presets, to_json
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services.groups import day_rule
from qunguan.store import segment_queries as queries
from qunguan.store.segments import scheme, scheme_lock, scheme_terms
from qunguan.store.session import Session


def today(session: Session, clock: Clock) -> date:
    """The business day schemes are judged by: that of the current group."""
    return clock.today(day_rule(session))


def all_schemes(session: Session) -> tuple[Scheme, ...]:
    """Every scheme: those shipped, in their order, then the owner's own; also those switched off."""
    rows = {row.code: row for row in queries.schemes(session)}
    versions: dict[int, list[Version]] = {}
    for row in queries.terms(session):
        buckets = tuple(bucket_from(each) for each in row.buckets)
        versions.setdefault(row.scheme_id, []).append(Version(row.from_day, buckets, row.reason))
    found = []
    for code, shipped in presets().items():
        own = rows.get(code)
        if own is None:
            found.append(shipped)
        else:
            terms = tuple(versions.get(own.id, ()))
            found.append(replace(shipped, name=own.name, enabled=own.enabled, versions=terms))
    found += [
        Scheme(row.code, row.name, "bucket", enabled=row.enabled, versions=tuple(versions.get(row.id, ())))
        for row in rows.values()
        if row.code not in presets()
    ]
    return tuple(found)


def by_code(session: Session) -> Mapping[str, Scheme]:
    """Code → scheme."""
    return {each.code: each for each in all_schemes(session)}


def find(session: Session, text: str) -> Scheme:
    """The scheme that is meant, by code or name. Raises NotFound with those there are."""
    known = all_schemes(session)
    wanted = match_key(text).replace(" ", "")
    for each in known:
        if wanted in (match_key(each.code), match_key(each.name).replace(" ", "")):
            return each
    names = ", ".join(f"{each.code} ({show(each.name)})" for each in known)
    raise NotFound("there is no scheme {text}", hint="there are: {known}", text=show(text[:40]), known=names)


def save_scheme(
    session: Session,
    clock: Clock,
    code: str,
    buckets: Sequence[Bucket],
    *,
    from_day: date | None = None,
    reason: str = "",
    name: str = "",
) -> Scheme:
    """Put new buckets in force from a day on (None: today); earlier days keep what they were. See `preview`.

    Raises Refused for a past day and for schemes that are calculated, BadInput for buckets that cannot be.
    """
    found = find(session, code)
    _refuse_calculated(found)
    now = today(session, clock)
    first = from_day or now
    if first < now:
        raise Refused("{day} is past", hint="labels of days gone by stay as they were", day=first)
    session.step(N_("Changed the scheme {scheme}"), scheme=found.name)
    scheme_id = _row(session, clock, found, name=typed_name(name) if name else found.name)
    _write(session, clock, scheme_id, first, to_json(checked(buckets)), reason)
    return find(session, found.code)


def create(session: Session, clock: Clock, name: str, buckets: Sequence[Bucket], *, reason: str = "") -> Scheme:
    """Make a scheme of one's own, in force from today on. Raises BadInput for a name that is taken."""
    shown = typed_name(name)
    known = all_schemes(session)
    if any(match_key(shown) in (match_key(each.name), match_key(each.code)) for each in known):
        raise BadInput("there is already a scheme {name}", hint="choose another name, or change that one",
                       name=show(shown))  # fmt: skip
    session.step(N_("Made the scheme {scheme}"), scheme=shown)
    numbers = [int(each.code.removeprefix(OWN)) for each in known if each.code.startswith(OWN)]
    code = f"{OWN}{max(numbers, default=0) + 1}"
    scheme_id = session.insert(scheme, code=code, name=shown, enabled=True, created_at=clock.now())
    _write(session, clock, scheme_id, today(session, clock), to_json(checked(buckets)), reason)
    return find(session, code)


def switch(session: Session, clock: Clock, code: str, *, enabled: bool) -> Scheme:
    """Switch a scheme on or off; off it labels nobody, and nothing of it is lost."""
    found = find(session, code)
    if found.enabled != enabled:
        session.step(N_("Switched the scheme {scheme}"), scheme=found.name)
        session.update(scheme, _row(session, clock, found), enabled=enabled)
    return find(session, found.code)


def reset(session: Session, clock: Clock, code: str) -> Scheme:
    """Go back to the buckets as shipped, from today on. Raises Refused for one of the owner's own."""
    found = find(session, code)
    if not found.shipped:
        raise Refused("{scheme} is not shipped: there is nothing to go back to", scheme=show(found.name))
    if found.changed:
        session.step(N_("Reset the scheme {scheme}"), scheme=found.name)
        _write(session, clock, _row(session, clock, found), today(session, clock), [], "")
    return find(session, found.code)


def remove(session: Session, clock: Clock, code: str) -> Scheme:
    """Remove one of the owner's own schemes with its terms and what was set by hand in it; returns what it was.

    Raises Refused for a shipped one, which can be switched off.
    """
    found = find(session, code)
    if not found.code.startswith(OWN):
        raise Refused("{scheme} is shipped: it cannot be removed", hint="switch it off", scheme=show(found.name))
    session.step(N_("Removed the scheme {scheme}"), scheme=found.name)
    own = _row(session, clock, found)
    for row in queries.terms(session):
        if row.scheme_id == own:
            session.delete(scheme_terms, row.id)
    for row in queries.locks_of(session, found.code):
        session.delete(scheme_lock, row.id)
    session.delete(scheme, own)
    return found


def preview(
    session: Session, clock: Clock, code: str, buckets: Sequence[Bucket], *, as_of: date | None = None
) -> Moves:
    """Who would be in another bucket if these were in force on a day (None: today). Nothing is saved.

    For a new scheme `code` is "": everybody who is in a bucket of it moves there.
    """
    from qunguan.services.segment_labels import placed

    day = as_of or today(session, clock)
    new = Scheme("", "", "bucket", shipped=checked(buckets))
    before = find(session, code) if code else new
    if code:
        _refuse_calculated(before)
    trial = replace(before, shipped=new.shipped, versions=())
    old = placed(session, clock, before, day) if code else None
    now = placed(session, clock, trial, day)
    people = {**(old.people if old else {}), **now.people}
    was = old.codes if old else {}
    ours = {each.code: each for each in before.buckets(day)} if code else {}
    theirs = {each.code: each for each in trial.shipped}
    movers = tuple(
        Mover(who, name, ours.get(was.get(who, "")), theirs.get(now.codes.get(who, "")))
        for who, name in people.items()
        if was.get(who, "") != now.codes.get(who, "")
    )
    counts = [sum(code == each.code for code in now.codes.values()) for each in trial.shipped]
    return Moves(before, day, tuple(zip(trial.shipped, counts, strict=True)), movers)


def _refuse_calculated(found: Scheme) -> None:
    if found.kind == "rfm" or found.of:
        raise Refused(
            "{scheme} is calculated from another: it has no conditions of its own",
            hint="change that one, or make a scheme of your own",
            scheme=show(found.name),
        )


def _row(session: Session, clock: Clock, found: Scheme, *, name: str = "") -> int:
    """The id of a scheme's own row, made when the owner first touches it."""
    row = next((each for each in queries.schemes(session) if each.code == found.code), None)
    if row is None:
        return session.insert(
            scheme, code=found.code, name=name or found.name, enabled=found.enabled, created_at=clock.now()
        )
    if name and name != row.name:
        session.update(scheme, row.id, name=name)
    return int(row.id)


def _write(
    session: Session, clock: Clock, scheme_id: int, first: date, buckets: list[dict[str, object]], reason: str
) -> None:
    why = clean(reason, NOTE_LIMIT)
    same = next((row for row in queries.terms(session) if (row.scheme_id, row.from_day) == (scheme_id, first)), None)
    if same is None:
        session.insert(scheme_terms, scheme_id=scheme_id, from_day=first, buckets=buckets, reason=why,
                       created_at=clock.now())  # fmt: skip
    else:
        session.update(scheme_terms, same.id, buckets=buckets, reason=why)
