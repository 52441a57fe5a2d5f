"""The owner of the sample community learns: the day their ninety days began, and a case they took apart."""

from __future__ import annotations

from datetime import date

from qunguan.domain.growth import CaseDraft
from qunguan.services import growth
from qunguan.services.desk import Desk

_CASE = CaseDraft(
    "隔壁书店的周五夜读",
    "和书店老板喝茶时听的",
    "每周五晚七点到九点，店里关了音响，十来个人各读各的，散场前每人说一句。头一个月只有三个人，第三个月要先登记。\n"
    "不卖票，走的时候自己拿一张下周的书单；书单上的书，店里留着。",
    "他没有劝人买书，先给了一段安静的时间。三个人也照开，日子定了就不改，人就记住了。\n"
    "登记的有四十多位，每晚来十来个，差不多四分之一：问到的数要连着“一共多少人”一起记。",
    "群里先试“周五一刻钟”：晚八点一起读十五分钟，读完一句话接龙。连开四周，哪怕只有五个人。",
)


def bring(desk: Desk, begins_on: date) -> None:
    """The day they chose, and what another owner told them."""
    desk.write(growth.start, begins_on)
    desk.write(growth.add_case, _CASE)
