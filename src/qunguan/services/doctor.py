"""The doctor: is the file sound, does the ledger add up, does every cache equal its rows?"""

from __future__ import annotations

from itertools import islice

from sqlalchemy.exc import DatabaseError

from qunguan.domain.errors import StoreError
from qunguan.i18n import N_, _
from qunguan.services import buyers, checkins, members, orders, points, presence
from qunguan.store.integrity import check_file
from qunguan.store.seal_check import broken_rows, told, unknown_seals
from qunguan.store.session import Session
from qunguan.values import frozen

_TITLES = {
    "settings": N_("how the file is written"),
    "identity": N_("what file it is"),
    "pages": N_("the pages"),
    "links": N_("the links between rows"),
    "schema": N_("the tables"),
    "ledger-guards": N_("the guard of the ledger"),
    "rows": N_("the rows, one by one"),
    "ledger": N_("the points ledger"),
    "orders": N_("the orders"),
    "streaks": N_("the streaks"),
    "search": N_("the search"),
    "presence": N_("the sums of activity"),
    "sqlite": N_("the database engine"),
}
_NAMED = 5  # broken rows, named one by one
_AGREES = N_("All counted again, no difference")


@frozen
class Check:
    """One thing looked at: `name` is for programs and never changes, `detail` says what was found."""

    name: str
    ok: bool
    detail: str

    @property
    def title(self) -> str:
        """What was looked at, for people."""
        return _(_TITLES[self.name])


def check(session: Session, *, deep: bool = False) -> tuple[Check, ...]:
    """Every check, file first. `deep` reads each page of the file and compares each row with its seal (seconds on a
    large one); where a page, a table or a row is not what was written, nothing is counted from it.
    """
    file = tuple(Check(found.name, found.ok, found.detail) for found in check_file(session.conn, deep=deep))
    if deep:
        file = (*file, _rows(session))
        if not all(found.ok for found in file if found.name in ("pages", "schema", "rows")):
            return file
    return (*file, _ledger(session), _orders(session), _streaks(session), _search(session), _presence(session))


def _rows(session: Session) -> Check:
    try:
        broken = [told(session.conn, row) for row in islice(broken_rows(session.conn), _NAMED + 1)]
        broken = broken[:_NAMED] + (["…"] if len(broken) > _NAMED else []) or unknown_seals(session.conn)
    except (DatabaseError, StoreError, UnicodeDecodeError) as error:
        broken = [str(error)]
    if not broken:
        return Check("rows", True, _("Every row is as it was written"))
    return Check("rows", False, _("Not as it was written: {rows}. A backup may have it whole", rows="; ".join(broken)))


def _ledger(session: Session) -> Check:
    found = points.reconcile(session)
    sound = _("entries: {entries}, members: {members}", entries=found.entries, members=found.members)
    detail = sound if found.ok else str(found.differences[0])
    return Check("ledger", found.ok, detail)


def _orders(session: Session) -> Check:
    differences = [*orders.differences(session), *buyers.differences(session)]
    return Check("orders", not differences, str(differences[:5]) if differences else _(_AGREES))


def _streaks(session: Session) -> Check:
    differences = checkins.cache_differences(session)
    return Check("streaks", not differences, str(differences[0]) if differences else _(_AGREES))


def _presence(session: Session) -> Check:
    differences = presence.differences(session)
    return Check("presence", not differences, "; ".join(differences) if differences else _(_AGREES))


def _search(session: Session) -> Check:
    differences = members.index_differences(session)
    return Check("search", not differences, str(differences[:5]) if differences else _(_AGREES))
