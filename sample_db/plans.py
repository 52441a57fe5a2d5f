"""What the owner of the sample community planned: the timetable, SOPs, a group buy, a drive, an experiment."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from qunguan.domain.campaigns import Draft
from qunguan.domain.content import PostDraft
from qunguan.domain.experiment_book import ArmDraft
from qunguan.domain.experiment_book import Draft as Trial
from qunguan.domain.experiments import Sample
from qunguan.exchange.readers.content_results import read_results
from qunguan.exchange.readers.invites import lines_of
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.services import campaigns, content, experiments, referrals, sops
from qunguan.services.desk import Desk

SOPS = ("daily", "welcome", "birthday")
_ZONE = "Asia/Shanghai"


def furnish(desk: Desk, group_id: int) -> None:
    """The timetable and the routines, on the first day."""
    for preset in desk.read(content.column_presets_left, desk.clock, group_id)[:4]:
        desk.write(content.add_column_preset, group_id, preset)
    for preset in SOPS:
        desk.write(sops.use, preset, group_id)


def group_buy(desk: Desk, group_id: int, first: date, sources: Path) -> None:
    """Three people make a team; it starts today, and the sheet is what they signed."""
    terms = {"team_size": "3"}
    draft = Draft("三人共读绘本", "group_buy", first, 600, first + timedelta(days=2), 1320, goal="participants",
                  goal_value=12, offer="绘本套装三人成团价", budget_fen=20_000, terms=terms)  # fmt: skip
    made = desk.write(campaigns.add, group_id, draft)
    for asked in desk.read(campaigns.gate, made.id):
        desk.write(campaigns.answer, made.id, asked.question.code, asked.question.right)
    desk.write(campaigns.start, made.id)
    desk.write(campaigns.paste, made.id, (sources / "拼团登记.txt").read_text(encoding="utf-8"))
    desk.write(campaigns.add_cost, made.id, "快递补贴", 6_000)


def review(desk: Desk) -> None:
    """The group buy is over: what to keep for the next time."""
    found = desk.read(campaigns.find, "三人共读绘本")
    desk.write(
        campaigns.write_review,
        found.id,
        well="老成员愿意带新人，两天就成了三个团。",
        badly="第四个团差一个人，没人提醒。",
        next_time="截止前一天列出缺人的团，帮他们喊一声。",
    )


def drive(desk: Desk, group_id: int, first: date) -> None:
    """Friends bring friends: three who stay are a bookmark and thirty points."""
    terms = {"invite_tiers": "3", "tier_gifts": "手作书签", "tier_points": "30"}
    draft = Draft("春天共读邀请", "fission", first, 600, first + timedelta(days=7), 1320, goal="new_members",
                  goal_value=10, terms=terms)  # fmt: skip
    made = desk.write(campaigns.add, group_id, draft)
    for asked in desk.read(campaigns.gate, made.id):
        desk.write(campaigns.answer, made.id, asked.question.code, asked.question.right)
    desk.write(campaigns.start, made.id)


def invited(desk: Desk, sources: Path) -> None:
    """Who brought whom, as it was noted in the group; one of them named himself."""
    made = desk.read(campaigns.find, "春天共读邀请")
    told = lines_of((sources / "邀请登记.txt").read_text(encoding="utf-8"), _ZONE)
    assert told is not None
    desk.write(referrals.take, made.id, ["熊欣刚", "姚懿熙", "梧桐"], made.from_day)
    desk.write(referrals.import_invites, made.id, told.rows)


def trial(desk: Desk, group_id: int) -> None:
    """Two texts for the same evening, and what came of each."""
    arms = (ArmDraft("旧文案"), ArmDraft("新文案"))
    made = desk.write(experiments.add, group_id, Trial("共读营文案", "点进报名页", arms, 0.1, 0.1))
    desk.write(experiments.split, made.id)
    desk.write(experiments.count_all, made.id, [("旧文案", Sample(8, 78)), ("新文案", Sample(15, 81))])


def results(desk: Desk, group_id: int, sources: Path) -> None:
    """What came of four weeks of posts."""
    desk.write(content.take_in, group_id, read_results(read_sheet(sources / "内容数据.csv")), make=True)


def ahead(desk: Desk, group_id: int, day: date) -> None:
    """What is planned for the next days."""
    posts = (
        PostDraft("接龙：下周想读什么", "interactive", day, 20 * 60, text="下周想读什么？接龙写书名，一行一个。"),
        PostDraft("精读：一页纸笔记怎么写", "value", day + timedelta(days=1), 10 * 60),
        PostDraft("长文：把书读进生活里", "value", day + timedelta(days=2), 10 * 60),
    )
    for post in posts:
        desk.write(content.schedule, group_id, post)
