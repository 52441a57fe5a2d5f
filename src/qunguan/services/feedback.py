"""What members ask, complain of, propose and praise. The one door; rooms are `feedback_*`."""

from __future__ import annotations

from qunguan.services.feedback_book import add, make_good, offer, reopen, reply, resolve, turned
from qunguan.services.feedback_import import import_rows
from qunguan.services.feedback_read import (
    among,
    answers,
    change,
    counts,
    feedback,
    get,
    limits,
    of_member,
    waiting,
)
from qunguan.services.feedback_upgrade import upgrade_scripts

__all__ = [
    "add",
    "among",
    "answers",
    "change",
    "counts",
    "feedback",
    "get",
    "import_rows",
    "limits",
    "make_good",
    "of_member",
    "offer",
    "reopen",
    "reply",
    "resolve",
    "turned",
    "upgrade_scripts",
    "waiting",
]
