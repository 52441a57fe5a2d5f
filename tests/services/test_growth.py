"""The ninety days: which row ticks a box and on what day, what is ticked by hand, and the notebook of cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain import growth as terms
from qunguan.domain.campaigns import Draft as CampaignDraft
from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.content_results import Counted
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.experiment_book import ArmDraft, Draft
from qunguan.domain.growth import BoxState, CaseDraft
from qunguan.domain.incidents import Review
from qunguan.domain.reach import channel_typed
from qunguan.services import (
    campaign_costs,
    campaigns,
    content,
    content_columns,
    content_results,
    experiments,
    goals,
    growth,
    history,
    incidents,
    members,
    positioning,
    questions,
    reach,
    referrals,
    segments,
    sops,
    task_marks,
    tasks,
    trade_told,
)
from qunguan.services.desk import Desk
from qunguan.store.activity import chat_import
from qunguan.store.alerts import alert_note
from qunguan.store.base import metadata
from qunguan.store.cleaning import wake
from qunguan.store.products import product
from qunguan.store.relations import introduction
from qunguan.store.session import Session
from tests.conftest import NOW
from tests.services.campaign_kit import running

DAY = NOW.date()


def state(desk: Desk, code: str, as_of: date | None = None) -> BoxState:
    found = desk.read(growth.plan, Clock(NOW), as_of)
    return next(each for each in found.boxes if each.box.code == code)


def at(desk: Desk, days: int) -> None:
    desk.clock = Clock(NOW + timedelta(days=days))


def test_it_begins_with_the_first_group_until_the_owner_says_otherwise(desk, clock):
    found = desk.read(growth.plan, clock)
    assert (found.begins_on, found.chosen, found.day, found.left, found.stage) == (DAY, False, 1, 89, 30)
    assert [each.by for each in found.boxes] == [""] * len(found.boxes)
    found = desk.write(growth.start, DAY - timedelta(days=30))
    assert (found.chosen, found.day, found.left, found.stage) == (True, 31, 59, 60)
    assert {each.box.stage for each in found.late} == {30}
    assert len(found.late) == sum(box.stage == 30 for box in terms.boxes())
    assert found.next.box.code == "roster"
    before = desk.read(history.recent, 1)
    desk.write(growth.start, DAY - timedelta(days=30))
    assert desk.read(history.recent, 1) == before
    later = desk.write(growth.start, DAY + timedelta(days=5))
    assert (later.day, later.left, later.late) == (-4, 90, ())
    assert desk.write(growth.start, DAY - timedelta(days=200)).left == 0
    with pytest.raises(BadInput):
        desk.write(growth.start, DAY + timedelta(days=91))
    desk.write(history.undo)
    assert desk.read(growth.plan, clock).begins_on == DAY + timedelta(days=5)


def test_a_file_without_a_group_has_a_plan(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        assert desk.read(growth.plan, clock).begins_on == DAY


def test_ten_people_tick_the_roster_on_the_day_the_tenth_came(desk):
    desk.write(members.add_many, [f"人{n}" for n in range(9)], group_id=1)
    assert state(desk, "roster").by == ""
    at(desk, 3)
    tenth = desk.write(members.add, "阿梨", group_id=1)
    found = desk.read(growth.plan, desk.clock)
    told = next(each for each in found.boxes if each.box.code == "roster")
    assert (told.done_on, told.by, told.late) == (DAY + timedelta(days=3), "data", False)
    assert (told.evidence.table, told.evidence.row_id, told.evidence.name) == ("member", tenth.id, "阿梨")
    assert state(desk, "roster", DAY + timedelta(days=2)).by == ""
    desk.write(history.undo)
    assert state(desk, "roster", DAY + timedelta(days=9)).by == ""


def test_a_run_is_whole_when_its_last_step_is_ticked(desk):
    taken = desk.write(sops.use, "daily", 1)
    on = state(desk, "routine")
    assert on.evidence is not None
    assert (on.done_on, on.evidence.table, on.evidence.name, on.evidence.group) == (
        DAY, "sop_span", taken.name, "早起读书群"
    )  # fmt: skip
    steps = [task for task in desk.read(tasks.on_day, desk.clock, DAY, 1) if task.kind == "sop"]
    assert len(steps) > 2
    for each in steps[:-1]:
        desk.write(task_marks.mark_done, each.key)
        assert state(desk, "run").by == ""
    desk.write(task_marks.mark_done, steps[-1].key)
    whole = state(desk, "run")
    assert whole.evidence is not None
    assert (whole.done_on, whole.evidence.table, whole.evidence.name) == (DAY, "task_mark", taken.name)
    assert "勾到了尾" in str(whole.evidence)
    desk.write(history.undo)
    assert state(desk, "run").by == ""


def test_a_box_of_the_hand_wants_a_word_and_can_be_taken_back(desk):
    with pytest.raises(BadInput):
        desk.write(growth.tick, "three", " \u200b")
    done = desk.write(growth.tick, "three", "讲给小鹿听：\n活跃 41%", DAY - timedelta(days=2))
    assert (done.done_on, done.by, done.note) == (DAY - timedelta(days=2), "hand", "讲给小鹿听： 活跃 41%")
    assert state(desk, "three", DAY - timedelta(days=3)).by == ""
    again = desk.write(growth.tick, "用自己的话讲三个健康指标", "又讲了一遍")
    assert (again.done_on, again.note) == (DAY, "又讲了一遍")
    assert "用自己的话讲三个健康指标" in str(desk.read(history.recent, 1)[0])
    assert desk.write(growth.untick, "three").by == ""
    before = desk.read(history.recent, 1)
    desk.write(growth.untick, "three")
    assert desk.read(history.recent, 1) == before
    desk.write(history.undo)
    assert state(desk, "three").note == "又讲了一遍"
    with pytest.raises(NotFound):
        desk.write(growth.tick, "没有这格", "做了")
    with pytest.raises(BadInput):
        desk.write(growth.tick, "three", "做了", DAY + timedelta(days=1))


def test_what_the_data_ticks_the_hand_does_not(desk):
    desk.write(growth.tick, "goal", "写在本子上了")
    assert state(desk, "goal").by == "hand"
    desk.write(goals.add_preset, "steady_active", group_id=1)
    assert (state(desk, "goal").by, state(desk, "goal").note) == ("data", "写在本子上了")
    with pytest.raises(Refused):
        desk.write(growth.tick, "goal", "再记一句")
    desk.write(growth.untick, "goal")
    with pytest.raises(Refused):
        desk.write(growth.untick, "goal")


def raw(table: object, **values: object):
    """A row as the noun it belongs to would write it."""

    def write(session: Session, _clock: Clock) -> int:
        session.step("test")
        return session.insert(table, **values)  # type: ignore[arg-type]

    return write


def chats(desk: Desk) -> None:
    counts = dict.fromkeys(("messages", "system", "recalled", "joins", "leaves", "duplicates"), 0)
    values = {"group_id": 1, "format": "chatlab", "name": "群聊.csv", "imported_at": desk.clock.now(), **counts}
    desk.write(raw(chat_import, **values))


def experiment(desk: Desk, *, decision: str = "用新的", bucket: str = "") -> None:
    scheme = "s3.messages" if bucket else ""
    arms = (ArmDraft("旧文案"), ArmDraft("新文案"))
    made = desk.write(experiments.add, 1, Draft("文案", "下单", arms, scheme=scheme, bucket=bucket))
    desk.write(experiments.close, made.id, decision)


def campaign(desk: Desk, *, review: bool = False, cost: bool = False) -> None:
    made = running(desk, "debate", "辩一辩")
    if review:
        desk.write(campaigns.write_review, made.id, well="热闹")
    if cost:
        desk.write(campaign_costs.add_cost, made.id, "奖品", 5000)


def posts(desk: Desk, *, counted: bool = True) -> None:
    made = [desk.write(content.schedule, 1, PostDraft(f"第{n}条", "value", DAY, 600)).post for n in range(12)]
    for each in made:
        desk.write(content.mark_posted, each.id)
    if counted:
        desk.write(content_results.record, made[0].id, Counted(audience=100, reads=40))


def drive(desk: Desk) -> None:
    made = running(desk, "fission", "带个朋友")
    for n in range(3):
        desk.write(members.add, f"新人{n}", group_id=1)
        desk.write(referrals.add, made.id, "阿梨", f"新人{n}")


def drill(desk: Desk) -> None:
    made = desk.write(incidents.start, "演练一次", drill=True)
    desk.write(incidents.close, made.id, Review("仓库漏单", "26 单", "说得早", "没备话术"))


def ways(desk: Desk) -> None:
    for n in range(10):
        who = desk.write(members.add, f"老友{n}", group_id=1)
        desk.write(reach.add, who.id, channel_typed("email"), f"a{n}@example.com")
        desk.write(reach.add, who.id, channel_typed("qq"), f"10000{n}")


def answers(desk: Desk) -> None:
    for n in range(10):
        asked = desk.write(questions.add, 1, f"第 {n} 个问题怎么做？")
        desk.write(questions.answer, asked.id, "这样做")


def looked(desk: Desk, weeks: int) -> None:
    desk.write(sops.use, "review", 1)
    for n in range(weeks):
        at(desk, 7 * n + 2)  # the Sunday after
        day = desk.clock.now().date()
        found = desk.read(tasks.on_day, desk.clock, day, 1)
        steps = [task for task in found if task.kind == "sop" and task.hat == "analyst" and task.day == day]
        for each in steps:
            desk.write(task_marks.mark_done, each.key)


TICKS = {
    "house": lambda desk: [desk.write(positioning.add_rule, 1, text) for text in ("不刷广告", "有话好说", "夜里安静")],
    "export": chats,
    "goal": lambda desk: desk.write(goals.add_preset, "steady_active", group_id=1),
    "week": lambda desk: looked(desk, 1),
    "habit": lambda desk: looked(desk, 8),
    "alert": lambda desk: desk.write(raw(alert_note, rule="quiet", group_id=1, fired_on=DAY, state="known", inputs={},
                                         at=NOW, biz_date=DAY)),
    "segment": lambda desk: desk.write(segments.add_tag_rule, "老客", "orders >= 2"),
    "timetable": lambda desk: desk.write(content_columns.add_column_preset, 1, "morning"),
    "used": lambda desk: experiment(desk, bucket="core"),
    "wake": lambda desk: desk.write(raw(wake, group_id=1, name="三月唤醒", sent_on=DAY, created_at=NOW)),
    "asked": answers,
    "content": posts,
    "campaign": campaign,
    "review": lambda desk: campaign(desk, review=True),
    "cases": lambda desk: [desk.write(growth.add_case, CaseDraft(f"案例{n}")) for n in range(3)],
    "ways": ways,
    "brought": drive,
    "costs": lambda desk: desk.write(trade_told.add_cost, "小红书", 20000),
    "paid": lambda desk: campaign(desk, cost=True),
    "stairs": lambda desk: [desk.write(raw(product, name=f"课{n}", key=f"课{n}", kind="service", rung="course",
                                           created_at=NOW)) for n in range(3)],
    "decided": experiment,
    "together": lambda desk: desk.write(raw(introduction, seeker_id=1, giver_id=2, about="修图", biz_date=DAY,
                                            occurred_at=NOW)),
    "drill": drill,
}  # fmt: skip
"""What ticks each box that looks at the data, besides the roster and the SOPs above."""


@pytest.mark.parametrize("code", TICKS)
def test_what_was_really_done_ticks_its_box(desk, code):
    for name in ("阿梨", "小王"):
        desk.write(members.add, name, group_id=1)
    assert state(desk, code).by == ""
    TICKS[code](desk)
    found = next(each for each in desk.read(growth.plan, desk.clock).boxes if each.box.code == code)
    assert found.by == "data"
    assert found.done_on == desk.clock.now().date()
    assert found.evidence.name
    assert found.evidence.name in str(found.evidence)
    table = metadata.tables[found.evidence.table]
    assert desk.read(lambda session: session.get(table, found.evidence.row_id)) is not None


def test_each_box_that_looks_at_the_data_is_tried():
    looking = {box.code for box in terms.boxes() if box.check}
    assert looking == TICKS.keys() | {"roster", "routine", "run"}
    assert {box.check for box in terms.boxes() if box.check} == terms.SAID.keys()


@pytest.mark.parametrize(
    ("code", "half"),
    [
        ("decided", lambda desk: experiment(desk, decision="")),
        ("content", lambda desk: posts(desk, counted=False)),
        ("used", experiment),
        ("habit", lambda desk: looked(desk, 7)),
        ("campaign", lambda desk: desk.write(campaigns.add, 1, CampaignDraft("还没办", "debate", DAY, 540, DAY, 600))),
        ("cases", lambda desk: desk.write(growth.add_case, CaseDraft("案例"))),
    ],
)
def test_half_of_it_does_not(desk, code, half):
    half(desk)
    found = next(each for each in desk.read(growth.plan, desk.clock).boxes if each.box.code == code)
    assert found.by == ""


# -- the notebook


def test_the_notebook(desk):
    hostile = "[/][red]\u202e怪\x1b]0;x\x07"
    first = desk.write(growth.add_case, CaseDraft("职场博主卖课", "朋友说的", "一周二十万", "先算账", "先做免费的"))
    desk.write(growth.add_case, CaseDraft(f"食谱\n唤醒 {hostile}", happened="# 四成\n- 三天"))
    assert [each.draft.title[:2] for each in desk.read(growth.cases)] == ["食谱", "职场"]
    assert "\x1b" not in desk.read(growth.cases)[0].draft.title
    assert [each.id for each in desk.read(growth.cases, "先做 博主")] == [first.id]
    assert desk.read(growth.cases, "没有") == ()
    assert desk.read(growth.cases, "", DAY - timedelta(days=1)) == ()
    assert desk.read(growth.case, "#1").id == desk.read(growth.case, "职场博主卖课").id == first.id
    changed = desk.write(growth.edit_case, first.id, CaseDraft("职场博主卖课", "朋友说的", "一周二十万", "别信", "算"))
    assert (changed.draft.learned, changed.day) == ("别信", DAY)
    before = desk.read(history.recent, 1)
    desk.write(growth.edit_case, first.id, changed.draft)
    assert desk.read(history.recent, 1) == before
    told = desk.read(growth.notebook, "博主")
    assert [type(block).__name__ for block in told.blocks] == ["Heading", *["Paragraph"] * 7]
    desk.write(growth.remove_case, first.id)
    with pytest.raises(NotFound):
        desk.read(growth.case, "1")
    desk.write(history.undo)
    assert desk.read(growth.case, "1").draft.learned == "别信"
    for title in ("", "\u200b\n"):
        with pytest.raises(BadInput):
            desk.write(growth.add_case, CaseDraft(title))
    with pytest.raises(BadInput):
        desk.write(growth.add_case, CaseDraft("长", happened="长" * 20_001))
