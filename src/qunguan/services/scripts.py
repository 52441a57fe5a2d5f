"""The script library: shipped texts and the owner's own; an own one stands in place of a shipped one of its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from qunguan.domain import scripts
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, NotFound, Refused
from qunguan.domain.scripts import Filled, Kind, Script, checked
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.store.scripts import script
from qunguan.store.session import Session

_ALL = select(script).order_by(script.c.id)
_CHOICES = 5


def library(session: Session, *, kind: Kind | None = None, search: str = "") -> tuple[Script, ...]:
    """The scripts, by kind, the owner's own first; of one kind, or those a search means (text, pinyin of the name)."""
    found = sorted(_known(session).values(), key=scripts.order)
    meant = scripts.searcher(search) if search.strip() else None
    return tuple(
        each for each in found if (kind is None or each.kind == kind) and (meant is None or meant(each))
    )  # fmt: skip


def find(session: Session, name: str) -> Script:
    """The script that is meant: by its name, else the only one whose name it finds. Raises NotFound, Ambiguous."""
    known = _known(session)
    if exact := known.get(match_key(name)):
        return exact
    meant = scripts.searcher(name, names_only=True)
    like = [each for each in sorted(known.values(), key=scripts.order) if name.strip() and meant(each)]
    if len(like) == 1:
        return like[0]
    if like:
        choices = tuple(show(each.name) for each in like[:_CHOICES])
        raise Ambiguous("{text} means several scripts", hint="say which one: {candidates}", candidates=choices,
                        text=show(name[:40]))  # fmt: skip
    raise NotFound("there is no script {text}", hint="see the list: qunguan script list", text=show(name[:40]))


def texts(session: Session, names: Iterable[str]) -> Mapping[str, str]:
    """The texts of scripts by these very names; those there are."""
    wanted = {name: match_key(name) for name in names}
    known = _known(session) if wanted else {}
    return {name: known[key].text for name, key in wanted.items() if key in known}


def fill(session: Session, text_or_name: str, values: Mapping[str, str]) -> Filled:
    """A text, or the script of exactly this name, with its places filled; what nobody filled stays in it."""
    found = _known(session).get(match_key(text_or_name))
    return scripts.fill(found.text if found else text_or_name, values)


def add(session: Session, clock: Clock, name: str, kind: str, text: str, title: str = "") -> Script:
    """Write a script of one's own. Raises BadInput, Refused where there is one of the name."""
    made = checked(name, kind, text, title)
    _refuse_twin(session, made.name)
    session.step(N_("Wrote the script {name}"), name=made.name)
    _insert(session, clock, made)
    return find(session, made.name)


def edit(
    session: Session,
    clock: Clock,
    name: str,
    *,
    text: str | None = None,
    kind: str | None = None,
    title: str | None = None,
    new_name: str | None = None,
) -> Script:
    """Change a script; what is None stays. Of a shipped one the change is the owner's own from then on, and `reset`
    brings the shipped one back. Raises NotFound, Ambiguous, BadInput, and Refused for a name that is taken or a shipped
    one that is to be renamed.
    """
    old = find(session, name)
    made = checked(
        old.name if new_name is None else new_name, old.kind if kind is None else kind,
        old.text if text is None else text, old.title if title is None else title,
    )  # fmt: skip
    if (made.name, made.kind, made.text, made.title) == (old.name, old.kind, old.text, old.title):
        return old
    if made.name != old.name:
        if old.shipped:
            raise Refused("{name} is shipped: it keeps its name", hint="write one of your own", name=old.name)
        if match_key(made.name) != match_key(old.name):
            _refuse_twin(session, made.name)
    session.step(N_("Changed the script {name}"), name=made.name)
    if old.own:
        session.update(script, _row(session, old).id, **_columns(made), changed_at=clock.now())
    else:
        _insert(session, clock, made)
    return find(session, made.name)


def reset(session: Session, clock: Clock, name: str) -> Script:
    """Take one's own changes off a shipped script; nothing changes where there are none. Raises NotFound, Ambiguous,
    Refused for one that is not shipped.
    """
    found = find(session, name)
    if not found.shipped:
        raise Refused("{name} is your own: there is nothing to go back to", hint="remove it, or change it",
                      name=found.name)  # fmt: skip
    if found.own:
        session.step(N_("The script {name} is as it was shipped"), name=found.name)
        session.delete(script, _row(session, found).id)
    return find(session, found.name)


def remove(session: Session, clock: Clock, name: str) -> Script:
    """Take off a script of one's own. Raises NotFound, Ambiguous, Refused for a shipped one."""
    found = find(session, name)
    if found.shipped:
        raise Refused("{name} is shipped: it stays", hint="change it; reset brings it back as it was", name=found.name)
    session.step(N_("Took off the script {name}"), name=found.name)
    session.delete(script, _row(session, found).id)
    return found


def _known(session: Session) -> dict[str, Script]:
    """Every script by the key of its name; an own one in the place of the shipped one."""
    known = dict(scripts.shipped())
    for row in session.rows(_ALL):
        key = match_key(row.name)
        old = known.get(key)
        known[key] = Script(
            row.name,
            row.kind,
            row.text,
            row.title,
            old.source if old else "",
            own=True,
            shipped=key in scripts.shipped(),
        )
    return known


def _row(session: Session, found: Script) -> Any:
    return next(row for row in session.rows(_ALL) if match_key(row.name) == match_key(found.name))


def _refuse_twin(session: Session, name: str) -> None:
    if match_key(name) in _known(session):
        raise Refused("there is a script {name} already", hint="change that one, or choose another name", name=name)


def _insert(session: Session, clock: Clock, made: Script) -> None:
    now = clock.now()
    session.insert(script, **_columns(made), created_at=now, changed_at=now)


def _columns(made: Script) -> dict[str, Any]:
    return {"name": made.name, "kind": made.kind, "title": made.title, "text": made.text}
