"""Badges in words: what they ask for, congratulations for the group, and the lists as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qunguan.domain.badges import METRICS, Badge, Holding
from qunguan.domain.sources import Brief
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import N_, _

HOW = {"rule": N_("by rule"), "hand": N_("by hand")}
"""How somebody came by a badge, with the message ID of its name."""


def kind_text(badge: Badge) -> str:
    """Badge or title."""
    return _("title of honour") if badge.title else _("badge")


def asks_text(badge: Badge, challenge: str = "") -> str:
    """What a badge asks for, in the challenge of that name ("": in any): 最长连续 ≥ 7."""
    text = _(METRICS[badge.metric])
    if badge.at_least is not None:
        text = f"{text} ≥ {badge.said(badge.at_least)}"
    return f"{text} · {show(challenge)}" if challenge else text


def congratulation_text(held: Sequence[Holding], limit: int) -> str:
    """Congratulations on these badges for the group, in at most `limit` characters, a paragraph for each badge."""
    by_badge: dict[int, list[Holding]] = {}
    for each in held:
        by_badge.setdefault(each.badge.id, []).append(each)
    return fit_text([_congratulation(own, limit) for own in by_badge.values()], limit, separator="\n\n")


def _congratulation(held: Sequence[Holding], limit: int) -> str:
    badge = held[0].badge
    values = {"badge": show(badge.name)}
    head = _("🎉 Congratulations on the title “{badge}”:", **values) if badge.title else _(
        "🎉 Congratulations on the badge “{badge}”:", **values)  # fmt: skip
    told = held[0].reason if len(held) == 1 and held[0].by == "hand" and held[0].reason else badge.note
    foot = [show(told)] if told else []
    return fit_text([show(each.name) for each in held], limit, head=[head], foot=foot, separator="、")


def badges_table(badges: Sequence[Badge], holders: Mapping[int, int], challenges: Mapping[int, str]) -> Table:
    """The badges with how many hold each; `holders` by badge id, `challenges` names by id."""
    columns = (
        Column("id", _("id"), "int"), Column("name", _("name")), Column("kind", _("kind")),
        Column("asks", _("asks for")), Column("holders", _("holders"), "int"), Column("on", _("on/off")),
        Column("note", _("note")), Column("source", _("source")),
    )  # fmt: skip
    cells = [
        (each.id, each.name, kind_text(each), asks_text(each, challenges.get(each.challenge_id or 0, "")),
         holders.get(each.id, 0), _("on") if each.enabled else _("off"), each.note, str(Brief(each.source)))
        for each in badges
    ]  # fmt: skip
    return Table(_("Badges"), columns, cells)


def holdings_table(held: Sequence[Holding]) -> Table:
    """Who holds what since when."""
    columns = (
        Column("badge", _("badge")), Column("kind", _("kind")), Column("member_id", _("member id"), "int"),
        Column("name", _("member")), Column("since", _("since"), "date"), Column("by", _("how")),
        Column("reason", _("reason")), Column("until", _("to"), "date"),
    )  # fmt: skip
    cells = [
        (each.badge.name, kind_text(each.badge), each.member_id, each.name, each.since, _(HOW[each.by]), each.reason,
         each.until)
        for each in held
    ]  # fmt: skip
    return Table(_("Badges"), columns, cells)
