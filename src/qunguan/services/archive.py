"""Everything out, everything in: one archive of open formats that makes an equal database of an empty file."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection

from qunguan import __version__
from qunguan.domain.archive import Contents, Digest, digest_of
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.exchange.readers.archive import Archive, open_archive
from qunguan.exchange.writers.archive import write_archive
from qunguan.i18n import N_
from qunguan.services import buyers, doctor, members, presence
from qunguan.store import archive as store
from qunguan.store.dialect import next_ids, set_next_ids
from qunguan.store.migrations import SCHEMA_VERSION
from qunguan.store.seal_check import seal_all
from qunguan.store.session import Session


def write(session: Session, path: Path) -> Contents:
    """Write every row of every table, the history of undo with them, to the ZIP at `path`; says what is in it.

    What is counted from other rows is not in it. Raises UserError where the file cannot be written.
    """
    conn = session.conn
    rows = ((shape, store.stored(conn, shape)) for shape in store.shapes())
    return write_archive(
        path, rows, version=SCHEMA_VERSION, program=__version__, made_at=session.clock.now(), next_ids=next_ids(conn)
    )


def digest(session: Session) -> str:
    """The digest an archive of this database would have: two with the same one hold the same rows."""
    sheets = []
    for shape in store.shapes():
        found = Digest()
        for row in store.stored(session.conn, shape):
            found.add(row)
        if found.rows:
            sheets.append((shape.name, found.text()))
    return digest_of(sheets)


def restore(source: Path, target: Path, clock: Clock) -> Contents:
    """Make a new database at `target` of an archive; says what was in it.

    The rows are compared with the digests of the archive, everything that is counted is counted anew, and the file
    takes its name when the doctor finds nothing. Raises Refused when there is a file, BadInput for an archive that is
    damaged, newer, or of another program.
    """
    taken = Refused("there is a file already", where=str(target), hint="name another place with --to")
    if target.exists():
        raise taken
    with open_archive(source) as archive:
        _check_room(archive, target)
        if not store.make_file(target, lambda conn: _fill(conn, clock, archive, source)):
            raise taken
        return archive.contents


def _check_room(archive: Archive, target: Path) -> None:
    """A small archive may unpack to more than the disk holds."""
    folder = next(parent for parent in target.absolute().parents if parent.exists())
    if archive.bytes > shutil.disk_usage(folder).free:
        raise BadInput("the disk is full", where=str(folder), hint="Free some space or name another place.")


def _fill(conn: Connection, clock: Clock, archive: Archive, source: Path) -> None:
    contents = archive.contents
    if contents.version > SCHEMA_VERSION:
        hint = N_("Install the newer qunguan.")
        raise BadInput("the archive was written by a newer qunguan ({program})", where=str(source), hint=hint,
                       program=contents.program)  # fmt: skip
    ordered = {shape.name: place for place, shape in enumerate(store.shapes())}
    for sheet in sorted(contents.sheets, key=lambda sheet: ordered.get(sheet.shape.name, 0)):
        if not store.takes(sheet.shape):
            raise BadInput("this qunguan has no such table: {name}", where=str(source), name=sheet.shape.name,
                           hint="Take the archive from a file that the present qunguan has opened.")  # fmt: skip
        store.fill(conn, sheet.shape, archive.rows(sheet))
    set_next_ids(conn, {name: last for name, last in contents.next_ids.items() if name in ordered})
    session = Session(conn, clock)
    members.reindex_all(session)
    buyers.rebuild(session)
    presence.rebuild(session)
    seal_all(conn)
    found = (check for check in doctor.check(session) if check.name != "settings")  # nobody's yet, so written faster
    if wrong := next((check for check in found if not check.ok), None):
        raise BadInput("{check}: {problem}", where=str(source), check=wrong.title, problem=wrong.detail)
