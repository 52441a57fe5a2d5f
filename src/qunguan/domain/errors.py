"""The one family of errors a user can cause.

Each says what is wrong, where, and what to do about it; a face prints `str(error)` as one line and never a traceback.
"""

from __future__ import annotations

from typing import Any

from qunguan.i18n import _


class UserError(Exception):
    """Something about the data or the request is wrong, and the user can put it right (exit 1).

    `what` and `hint` are message IDs; `values` fills their places when the error is shown, so an error raised on
    the database thread is still printed in the language of the face. `where` is literal: a file, line, field.
    What joins the three is a message too: Chinese has a colon and a dash of its own.
    """

    code = "error"

    def __init__(self, what: str, *, where: str = "", hint: str = "", **values: Any) -> None:
        self.what, self.where, self.hint, self.values = what, where, hint, values
        super().__init__(what)

    def __str__(self) -> str:
        line = _(self.what, **self.values)
        if self.where:
            line = _("{where}: {what}", where=self.where, what=line)
        return _("{what} — {hint}", what=line, hint=_(self.hint, **self.values)) if self.hint else line


class BadInput(UserError):
    """A file, a paste or an argument that cannot be read as what it should be."""

    code = "bad_input"


class NotFound(UserError):
    """A member, challenge, entry or file that is not there."""

    code = "not_found"


class Ambiguous(UserError):
    """A name that means more than one member or challenge; `candidates` are shown to choose from."""

    code = "ambiguous"

    def __init__(self, what: str, *, candidates: tuple[str, ...], **kwargs: Any) -> None:
        self.candidates = candidates
        super().__init__(what, candidates=" / ".join(candidates), **kwargs)


class Refused(UserError):
    """A request the rules do not allow now: a spend above the balance, a make-up past its window."""

    code = "refused"


class StoreError(UserError):
    """The database file cannot be used as it is. `code` tells which of the gate's findings it was."""

    code = "store"
