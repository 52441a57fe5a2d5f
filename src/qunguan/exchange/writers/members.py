"""The roster as a table that our own import reads back."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.members import MemberCard, Stay
from qunguan.domain.rosters import Birthday, join_tags
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def roster_table(cards: Sequence[MemberCard], title: str) -> Table:
    """One row a member, the free extra fields behind the known ones. Dates are of the present or last stay."""
    extra = tuple(dict.fromkeys(header for card in cards for header in card.member.extra))
    columns = (
        Column("id", _("id"), "int"),
        Column("name", _("nickname")),
        Column("nick", _("remark")),
        Column("wechat_id", _("WeChat ID")),
        Column("wxid", _("wxid")),
        Column("phone", _("phone")),
        Column("joined_on", _("joined on"), "date"),
        Column("left_on", _("left on"), "date"),
        Column("channel", _("channel")),
        Column("birthday", _("birthday")),
        Column("tags", _("tags")),
        Column("inviter", _("invited by")),
        Column("note", _("note")),
        Column("aliases", _("also")),
        *(Column(f"extra.{header}", header) for header in extra),
    )
    return Table(title, columns, [_row(card, extra) for card in cards])


def birthday_cell(birthday: Birthday | None) -> str:
    """A birthday as our import reads it: 1990-03-05, 3月5日, 农历闰4月5日, 1990年农历3月5日."""
    if birthday is None:
        return ""
    if not birthday.lunar and birthday.year is not None:
        return f"{birthday.year}-{birthday.month:02}-{birthday.day:02}"
    year = f"{birthday.year}年" if birthday.year is not None else ""
    kind = "农历" if birthday.lunar else ""
    return f"{kind}{year}{'闰' if birthday.leap else ''}{birthday.month}月{birthday.day}日"


def _row(card: MemberCard, extra: Sequence[str]) -> list[Value]:
    person = card.member
    stay = _shown(card)
    now = {each.kind: each.text for each in card.aliases if each.valid_to is None}
    shown = {person.name, *(now.get(kind, "") for kind in ("nick", "wechat_id", "wxid"))}
    also = dict.fromkeys(each.text for each in card.aliases if each.text not in shown)
    return [
        person.id,
        person.name,
        now.get("nick", ""),
        now.get("wechat_id", ""),
        now.get("wxid", ""),
        person.phone,
        stay.joined_on if stay else None,
        stay.left_on if stay else None,
        person.channel,
        birthday_cell(person.birthday),
        join_tags(card.tags),
        stay.inviter if stay else "",
        person.note,
        " / ".join(also),
        *(person.extra.get(header, "") for header in extra),
    ]


def _shown(card: MemberCard) -> Stay | None:
    """The present stay, or else the last one."""
    return next((stay for stay in card.stays if stay.left_on is None), card.stays[-1] if card.stays else None)
