"""Ties of the sample community: who can do what and needs it, two introductions, a partner, thanks noted and said."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.relations import Kind
from qunguan.services import members, relation_thanks, relations
from qunguan.services.desk import Desk

_DAY = timedelta(days=1)
_NOTES: tuple[tuple[str, Kind, str, str], ...] = (
    ("姚懿熙", "skill", "亲子摄影", "周末有空，公园里拍"),
    ("梧桐", "skill", "公众号写作", "每周一篇书评"),
    ("石榴爱读书", "skill", "儿童绘本", "按年龄给书单"),
    ("奶茶妈妈", "skill", "烘焙", ""),
    ("朱博", "skill", "Excel 表格", "会做透视表"),
    ("赖嫣明", "skill", "收纳整理", ""),
    ("熊欣刚", "need", "儿童绘本书单", "孩子刚上小学"),
    ("奶茶妈妈", "need", "亲子摄影", "给小店拍一组"),
    ("石榴爱读书", "need", "Excel", "读书会的账"),
    ("赖嫣明", "need", "装修设计", ""),
)


def bring(desk: Desk, group_id: int, last: date) -> None:
    """What the owner noted over the last weeks, as it stands on the last day."""
    who = {name: desk.read(members.resolve, name) for name, *_rest in _NOTES}
    for name, kind, text, more in _NOTES:
        desk.write(relations.note, who[name], kind, text, more)
    helped = desk.write(relations.introduce, who["熊欣刚"], who["石榴爱读书"], "儿童绘本书单", last - 6 * _DAY)
    desk.write(relations.settle, helped.id, "worked", last - 2 * _DAY)
    desk.write(relations.introduce, who["石榴爱读书"], who["朱博"], "Excel", last - _DAY)
    desk.write(members.set_role, desk.read(members.resolve, "小鹿"), group_id, "owner")
    desk.write(members.set_role, who["梧桐"], group_id, "co_creator")
    desk.write(relation_thanks.thank, who["赖嫣明"], "私聊，寄了一枚书签", "线下读书会帮忙收场", group_id)
    desk.write(relation_thanks.owe, who["朱博"], "把两个月的打卡表理清了", group_id)
