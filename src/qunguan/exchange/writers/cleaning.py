"""The queue, the wake lists and the decisions as tables; a wake letter as text to send."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.cleaning import DECISIONS, Candidate, Case, Count, Wake, Woken, number
from qunguan.domain.conditions import AtLeast
from qunguan.domain.scripts import PLACES, Filled, fill
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def letter_text(wake: Wake, to: Sequence[Woken], group: str) -> Filled:
    """What is sent, with the group's name filled in. A letter that says {nick} is written to each by name, one below
    the other; any other stands there once, and whom it goes to below. `missing` are the places only the owner can fill.
    """
    letter = fill(wake.text, {"group": show(group)})
    text, others = letter.text, tuple(each for each in letter.missing if each not in _nicks())
    if len(others) == len(letter.missing):
        names = "、".join(show(one.name) for one in to)
        below = ["", _("To {n} people: {names}", n=len(to), names=names)] if len(to) > 1 else []
        return Filled("\n".join([show_lines(text), *below]), others)
    each = [show_lines(fill(text, {"nick": one.name}).text) for one in to]
    if len(each) > 1:
        each = [_("[to {name}]", name=show(one.name)) + "\n" + said for one, said in zip(to, each, strict=True)]
    return Filled("\n\n".join(each), others)


def _nicks() -> tuple[str, ...]:
    return "nick", _(PLACES["nick"]), PLACES["nick"]


def show_lines(text: str) -> str:
    """A text of several lines with every control made visible."""
    return "\n".join(show(line) for line in text.splitlines())


def queue_table(found: Sequence[Candidate]) -> Table:
    """Who is due, with the answers to the three questions."""
    columns = (
        Column("member_id", _("member id"), "int"), Column("name", _("name")), Column("joined", _("joined"), "date"),
        Column("silent", _("silent days"), "int"), Column("silent_told", _("silence is known")),
        Column("orders", _("orders"), "int"), Column("net_fen", _("spent"), "money"),
        Column("messages", _("messages"), "int"), Column("messages_told", _("messages are known")),
        Column("checkins", _("check-ins"), "int"), Column("deeds", _("deeds"), "int"),
        Column("suggestion", _("suggested")),
    )  # fmt: skip
    rows = [
        (each.member_id, each.name, each.joined_on, number(each.silent), _told(each.silent), each.answers.orders,
         each.answers.net_fen, number(each.answers.messages), _told(each.answers.messages), each.answers.checkins,
         each.answers.deeds, _(DECISIONS[each.suggestion]))
        for each in found
    ]  # fmt: skip
    return Table(_("Silent members"), columns, rows)


def _told(count: Count) -> str:
    """How a number beside it is to be read."""
    return _("at least so many") if isinstance(count, AtLeast) else _("no") if count is None else _("exactly")


def wake_table(wake: Wake) -> Table:
    """Who is on a wake list and what came of it."""
    columns = (
        Column("member_id", _("member id"), "int"), Column("name", _("name")),
        Column("contacted", _("written to"), "date"), Column("back", _("back"), "date"),
        Column("bought", _("bought"), "date"),
    )  # fmt: skip
    rows = [(each.member_id, each.name, each.contacted_on, each.back_on, each.bought_on) for each in wake.members]
    return Table(wake.name, columns, rows)


def cases_table(found: Sequence[Case]) -> Table:
    """What was decided, and what came of it."""
    columns = (
        Column("day", _("day"), "date"), Column("member_id", _("member id"), "int"), Column("name", _("name")),
        Column("decision", _("decided")), Column("reason", _("reason")), Column("wake", _("wake list")),
        Column("back", _("back"), "date"), Column("bought", _("bought"), "date"), Column("left", _("left"), "date"),
    )  # fmt: skip
    rows = [
        (each.decided_on, each.member_id, each.name, _(DECISIONS[each.decision]), each.reason, each.wake, each.back_on,
         each.bought_on, each.left_on)
        for each in found
    ]  # fmt: skip
    return Table(_("Decisions about silent members"), columns, rows)
