"""Split the arguments into common options, a noun and its verb; import that noun only, and print what it says.

Common options may stand before the noun or after it. stdout is the answer; errors are one line on stderr.
"""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan import __version__
from qunguan.cli.parser import Parser, common_options
from qunguan.domain.errors import UserError
from qunguan.i18n import LANGUAGES, N_, _, set_language

if TYPE_CHECKING:  # --version and --help need none of it
    from qunguan.domain.clock import Clock

VALUED = {"--db", "--lang", "--as-of"}
NOUNS: dict[str, tuple[str, str]] = {
    "init": ("groups", N_("start a database with its first group")),
    "demo": ("demo", N_("open a fresh copy of the sample community")),
    "group": ("groups", N_("groups: list, add, edit")),
    "member": ("members", N_("the roster: import, list, add, edit, tag, leave")),
    "challenge": ("challenges", N_("check-in challenges: add, list, enrol, close")),
    "checkin": ("checkins", N_("check-ins: 接龙 in, board, missing list, make-ups, history")),
    "points": ("points", N_("the points ledger: grant, spend, reverse, statement, reconcile")),
    "reward": ("rewards", N_("rewards: add, list, edit, take off the shelf")),
    "redeem": ("rewards", N_("give a member a reward for points")),
    "redemption": ("rewards", N_("redemptions: list, hand out, cancel")),
    "earn": ("earning", N_("good shares, campaigns and referrals, and their points")),
    "activity": ("activity", N_("chat exports: what a file tells of who spoke, joined and left, and when")),
    "clean": ("cleaning", N_("silent members: the queue, decisions, wake lists and what came of them")),
    "survey": ("surveys", N_("surveys: question sets, answers out of 问卷星, what they say, tags, who is serious")),
    "segment": ("segments", N_("segments: who is in which bucket of which scheme, why, and what to do for them")),
    "insight": ("insights", N_("health, goals, hours, retention, funnels and RFM")),
    "alert": ("alerts", N_("alerts: what fires, why, and what you say to it")),
    "task": ("tasks", N_("tasks: what is due on a day; done, skipped, moved; the workload by role")),
    "sop": ("sops", N_("SOPs: shipped ones and your own, steps, on and off, start and end")),
    "content": ("content", N_("the content calendar: posts, the mix, the timetable, what came of it")),
    "script": ("scripts", N_("ready texts: list, show, copy with their places filled, write your own")),
    "lint": ("lint", N_("look a text through before it goes out")),
    "feedback": ("feedback", N_("questions, complaints, suggestions, praise: who waits, what was done, how fast")),
    "question": ("questions", N_("questions that wait for an answer, and today's share of them")),
    "board": ("boards", N_("leaderboards: points, check-ins, streaks, referrals")),
    "badge": ("badges", N_("badges and titles: list, add, award, revoke, why")),
    "bonus": ("bonus", N_("days that multiply points: list, add, edit, switch, remove")),
    "campaign": ("campaigns", N_("campaigns: plan, start, sheet, draw, costs, review")),
    "ad": ("ads", N_("the ad book: bookings in the calendar, deals reported, what is due and paid")),
    "deal": ("deals", N_("the brokering book: who needs what, how far it is, fees and cases")),
    "order": ("orders", N_("orders: import, list, refund, who bought, the sums")),
    "plan": ("plans", N_("plans of paid membership: prices, early places, benefits")),
    "membership": ("memberships", N_("paid membership: sell, renew, pay back, use, who is due")),
    "product": ("products", N_("products: what is offered, what was sold of it, bundles, topics, claims")),
    "level": ("levels", N_("levels: who stands where, who moves, ladders, locks, benefits")),
    "rule": ("rules", N_("thresholds with their sources: list, set, reset")),
    "referral": ("referrals", N_("the fission book: who brought whom, who counts, what is owed")),
    "reach": ("reach", N_("who can be reached how if the group goes down; contacts, coverage, the list")),
    "relation": ("relations", N_("who can do what, who needs it, introductions, who brought whom, thanks owed")),
    "calendar": ("calendar", N_("tasks and campaigns for the calendar of a phone")),
    "experiment": ("experiments", N_("experiments: plan, split, count, and what may be said of it")),
    "incident": ("incidents", N_("the bad day: three clocks, statements, amends, the review; and its drill")),
    "growth": ("growth", N_("the owner's ninety days, what ticked each box, and cases taken apart")),
    "export": ("export", N_("members, check-ins, points or the board as a file")),
    "report": (
        "reports",
        N_("reports of a day, week or month; of a challenge, a campaign, a bad day, a member; money"),
    ),
    "handbook": ("handbook", N_("how a community is run: by subject, word or code")),
    "archive": ("archive", N_("everything as one file of open tables")),
    "unarchive": ("archive", N_("a new database of an archive")),
    "repair": ("repair", N_("broken text made whole: wrong encodings, pinyin behind traditional characters")),
    "undo": ("history", N_("take back the newest step, or the newest N")),
    "redo": ("history", N_("do what was undone again")),
    "history": ("history", N_("the steps that undo would take back")),
    "backup": ("backups", N_("backups: make, list, restore")),
    "doctor": ("doctor", N_("check the file, the ledger and every cache")),
    "keys": ("keys", N_("print the key sheet")),
}


def run(arguments: Sequence[str], screens: Callable[[Path | None, Clock], int]) -> int:
    """Carry out one command line, or open the `screens` when it names no noun. Returns the exit status."""
    set_language(_language(arguments))
    _speak_utf8()
    try:
        status = _run(arguments, screens)
        sys.stdout.flush()
        return status
    except UserError as error:
        _complain(_("{where}: {what}", where="qunguan", what=error))
        return 1
    except SystemExit as stop:  # argparse has said what it had to say
        return stop.code if isinstance(stop.code, int) else 1
    except OSError as error:
        _let_go_of_stdout()
        if not isinstance(error, BrokenPipeError):  # the reader of a pipe that went away wants no explanation
            _complain(_("qunguan: the answer could not be written: {problem}", problem=error))
        return 1
    except KeyboardInterrupt:
        print(_("qunguan: stopped; what was not finished was not saved"), file=sys.stderr)
        return 130


def _run(arguments: Sequence[str], screens: Callable[[Path | None, Clock], int]) -> int:
    before, noun, after = split(arguments)
    common = common_options().parse_args(before)
    if getattr(common, "version", False):
        print(f"qunguan {__version__}")
        return 0
    if getattr(common, "help", False):
        print(overview())
        return 0
    if noun is None:
        from qunguan.domain.clock import Clock

        return screens(getattr(common, "db", None), Clock.from_environment())
    return _command(noun, common, after, screens)


def _complain(line: str) -> None:
    from qunguan.domain.text import show

    print(show(line), file=sys.stderr)


def _language(arguments: Sequence[str]) -> str | None:
    """The language asked for anywhere on the line, so that even a mistake before it is told in it."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in LANGUAGES and value != argument:
            return value
    return None


def _speak_utf8() -> None:
    """What is piped is UTF-8 everywhere; what a terminal cannot show must not stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _let_go_of_stdout() -> None:
    """Nobody can take what is still in the buffer: let its last flush go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def split(arguments: Sequence[str]) -> tuple[list[str], str | None, list[str]]:
    """The common options before the noun, the noun (None if there is none), and everything after it."""
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        place += 2 if arguments[place] in VALUED else 1
    if place >= len(arguments):
        return list(arguments), None, []
    return list(arguments[:place]), arguments[place], list(arguments[place + 1 :])


def overview() -> str:
    """What `qunguan --help` prints."""
    width = max(map(len, NOUNS))
    nouns = [f"  {name.ljust(width)}  {_(text)}" for name, (_module, text) in NOUNS.items()]
    head = _("qunguan opens the screens; qunguan NOUN VERB … works from the command line.")
    tail = _("Options: --db PATH, --lang zh|en, --as-of DATE, --json. qunguan NOUN --help tells more.")
    return "\n".join([f"群管 qunguan {__version__}", head, "", *nouns, "", tail])


def _command(noun: str, common: Namespace, after: list[str], screens: Callable[[Path | None, Clock], int]) -> int:
    if noun not in NOUNS:
        _complain(_("qunguan: there is no command {noun} — qunguan --help lists them", noun=noun))
        return 2
    from qunguan.cli.command import Context

    module = import_module(f"qunguan.cli.{NOUNS[noun][0]}")
    parser = Parser(
        prog=f"qunguan {noun}", description=_(NOUNS[noun][1]), parents=[common_options(inner=True, as_of=False)]
    )
    module.register(parser, noun)
    options = parser.parse_args(after, namespace=common)
    if getattr(options, "as_of", None) and not getattr(options, "honours_as_of", False):
        parser.error(_("--as-of has no meaning here"))
    status: int | None = options.command(Context(options, screens))
    return status or 0
