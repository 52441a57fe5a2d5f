"""The doctor: is the file sound, does the ledger add up, does every cache equal its rows?"""

from __future__ import annotations

from dataclasses import dataclass

from qunguan.services import checkins, members, points
from qunguan.store.integrity import check_file
from qunguan.store.session import Session


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `detail` says what was found; empty when there is nothing to say."""

    name: str
    ok: bool
    detail: str = ""


def check(session: Session, *, deep: bool = False) -> tuple[Check, ...]:
    """Every check, file first. `deep` reads each page of the file (seconds on a large one)."""
    file = tuple(Check(found.name, found.ok, found.detail) for found in check_file(session.conn, deep=deep))
    return (*file, _ledger(session), _streaks(session), _search(session))


def _ledger(session: Session) -> Check:
    found = points.reconcile(session)
    detail = f"{found.entries} / {found.members}" if found.ok else str(found.differences[0])
    return Check("ledger", found.ok, detail)


def _streaks(session: Session) -> Check:
    differences = checkins.cache_differences(session)
    return Check("streaks", not differences, str(differences[0]) if differences else "")


def _search(session: Session) -> Check:
    differences = members.index_differences(session)
    return Check("search", not differences, str(differences[:5]) if differences else "")
