"""The calendar: planning with what speaks against it, stops that can be passed and those that cannot, weeks, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from qunguan.domain.content import PostDraft
from qunguan.domain.content_plan import Stopped
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.services import content, groups, history, rules

TODAY = date(2026, 3, 20)  # a Friday
MONDAY = date(2026, 3, 16)
DAY = timedelta(days=1)


def draft(title: str = "三件事", kind: str = "value", day: date = TODAY, **told: object) -> PostDraft:
    return PostDraft(title, kind, day, **told)  # type: ignore[arg-type]


def plan(desk, kind: str, n: int, *, first: date = TODAY, group_id: int = 1, posted: bool = False, **told):
    """So many posts, one a day back from a day."""
    made = []
    for step in range(n):
        told_day = first - step * DAY
        post = desk.write(content.schedule, group_id, draft(f"{kind} {step} {first}", kind, told_day, **told)).post
        made.append(desk.write(content.mark_posted, post.id) if posted else post)
    return made


def test_a_post_is_planned_changed_and_taken_back(desk):
    told = draft("  三件\u200b事 ", at_minute=600, text="一\n二", tags=("早起", "早起"))
    made = desk.write(content.schedule, 1, told).post
    assert (made.title, made.draft.text, made.draft.tags, made.draft.need) == (
        "三件事",
        "一\n二",
        ("早起",),
        "information",
    )
    desk.write(content.edit, replace(made, draft=replace(made.draft, title="四件事", tags=("读书",))))
    found = desk.read(content.get, made.id)
    assert (found.title, found.draft.tags) == ("四件事", ("读书",))
    desk.write(history.undo)
    assert desk.read(content.get, made.id) == made
    desk.write(history.undo)
    with pytest.raises(NotFound):
        desk.read(content.get, made.id)


def test_the_same_change_again_is_no_step(desk):
    made = desk.write(content.schedule, 1, draft()).post
    steps = desk.read(history.recent)
    desk.write(content.edit, made)
    desk.write(content.mark_posted, made.id)
    desk.write(content.mark_posted, made.id)
    assert len(desk.read(history.recent)) == len(steps) + 1


def test_an_ad_needs_the_words_that_say_so(desk):
    with pytest.raises(BadInput, match=r"sponsor|赞助|广告"):
        desk.write(content.schedule, 1, draft(sponsor="某书店"), accept=True, reason="无妨")
    made = desk.write(content.schedule, 1, draft(sponsor="某书店", disclosure="【广告】某书店赞助")).post
    assert made.draft.is_ad


def test_the_third_ad_of_a_month_is_stopped_and_may_be_accepted(desk):
    ad: dict[str, Any] = {"sponsor": "某书店", "disclosure": "【广告】某书店赞助"}
    plan(desk, "value", 2, first=TODAY + DAY, **ad)
    with pytest.raises(Stopped) as stopped:
        desk.write(content.schedule, 1, draft("又一条", **ad))
    assert [each.code for each in stopped.value.findings] == ["ads"]
    desk.write(content.schedule, 1, draft("下个月", day=date(2026, 4, 1), **ad))
    with pytest.raises(BadInput):
        desk.write(content.schedule, 1, draft("又一条", **ad), accept=True, reason=" ")
    done = desk.write(content.schedule, 1, draft("又一条", **ad), accept=True, reason="签了合同")
    assert len(done.accepted) == 1
    assert "签了合同" in str(desk.read(history.recent)[0].params)
    desk.write(content.edit, replace(done.post, draft=replace(done.post.draft, title="改个题目")))  # none is added


def test_a_benefit_over_the_target_is_told_while_it_is_within_the_band(desk):
    plan(desk, "value", 10)
    plan(desk, "interactive", 3)
    first = desk.write(content.schedule, 1, draft("福利一", "benefit"))  # 1 of 14: 7 %
    second = desk.write(content.schedule, 1, draft("福利二", "benefit", TODAY + DAY))  # 2 of 15: 13.3 %
    assert not any("超过" in str(each) for each in first.warnings)
    assert any("28 天里的 15 条，利益会占 13.3 %，超过" in str(each) for each in second.warnings)


def test_a_benefit_that_the_mix_asks_for_is_not_warned_about(desk):
    plan(desk, "value", 9)
    plan(desk, "interactive", 4)
    desk.write(content.schedule, 1, draft("福利一", "benefit"))
    draft_two = draft("福利二", "benefit", TODAY + DAY)
    assert desk.read(content.outlook, desk.clock, 1, draft_two).before.suggestion == "benefit"
    assert not any("超过" in str(each) for each in desk.write(content.schedule, 1, draft_two).warnings)


@pytest.mark.parametrize(
    ("title", "kind", "said"),
    [
        ("春日拼团", "value", "拼团"),
        ("全场8折", "interactive", "8折"),
        ("领券", "benefit", ""),
        ("折纸和证券", "value", ""),
    ],
)
def test_a_title_that_says_a_benefit_is_told(desk, title, kind, said):
    found = desk.read(content.outlook, desk.clock, 1, draft(title, kind)).findings
    assert [str(each.why) for each in found if each.code == "kind"] == (
        [f"看起来像利益类：标题里有「{said}」"] if said else []
    )


def test_tags_nobody_carries_are_named(desk):
    assert desk.read(content.idle_tags, desk.clock, 1, ["没人", "也没人"]) == ("没人", "也没人")


def test_the_fourth_promotion_is_stopped(desk):
    plan(desk, "value", 9)
    plan(desk, "interactive", 4)
    for number in range(3):  # 3 of 16 are 18.75 %
        desk.write(content.schedule, 1, draft(f"券 {number}", "benefit", TODAY + (number % 2) * DAY))
    with pytest.raises(Stopped) as stopped:  # 4 of 17 are 23.5 %: more than 20
        desk.write(content.schedule, 1, draft("券 4", "benefit"))
    assert "23.5" in str(stopped.value)
    assert "20" not in str(stopped.value).split("23.5")[0]
    desk.write(content.schedule, 1, draft("券 4", "benefit"), accept=True, reason="周年庆")


def test_history_is_not_stopped(desk):
    plan(desk, "benefit", 12, first=TODAY - DAY, posted=True)
    found = desk.read(content.mix, desk.clock, 1, TODAY)
    assert found.posted == 12
    assert found.off == ("value", "interactive", "benefit")


def test_near_posts_hours_of_talk_and_duplicates_are_told(desk):
    second = desk.write(groups.create, "读书二群").id
    desk.write(content.add_column_preset, 1, "talk")
    desk.write(content.schedule, second, draft("旧文", day=TODAY - 3 * DAY, text="同 一段话"))
    desk.write(content.schedule, 1, draft("早报", at_minute=600))
    told = desk.write(content.schedule, 1, draft("差半小时", at_minute=630)).warnings
    assert len(told) == 1
    assert "早报" in str(told[0])
    assert desk.write(content.schedule, 1, draft("差得远", at_minute=661)).warnings == ()
    assert "话题时间" in str(desk.write(content.schedule, 1, draft("插话", at_minute=20 * 60)).warnings[0])
    assert "读书二群" in str(desk.write(content.schedule, 1, draft("新题", text="同一段话 ")).warnings[0])


def test_ten_posts_a_day_are_too_many(desk):
    for number in range(9):
        assert desk.write(content.schedule, 1, draft(f"第 {number}")).warnings == ()
    desk.write(rules.switch, "content.mix_band", enabled=False)
    assert "10" in str(desk.write(content.schedule, 1, draft("第 10")).warnings[0])


def test_a_lock_holds_whatever_is_accepted(desk, monkeypatch):
    from qunguan.domain.alerts import PromoLock
    from qunguan.domain.rosters import Reason
    from qunguan.services import alerts

    locked = PromoLock(True, TODAY, (Reason.of("too many leave"),))
    monkeypatch.setattr(alerts, "promo_locked", lambda *_told: locked)
    for told in (draft(kind="benefit"), draft(sponsor="某书店", disclosure="广告")):
        with pytest.raises(Refused, match=r"多人退群|too many leave"):
            desk.write(content.schedule, 1, told, accept=True, reason="就要")
    desk.write(content.schedule, 1, draft())
    assert desk.read(content.mix, desk.clock, 1).suggestion != "benefit"


def test_posted_posts_stay_and_dropped_ones_come_back(desk):
    made = desk.write(content.schedule, 1, draft()).post
    moved = desk.write(content.move, made.id, TODAY + DAY, 600).post
    assert (moved.day, moved.at_minute) == (TODAY + DAY, 600)
    desk.write(content.drop, made.id)
    with pytest.raises(Refused):
        desk.write(content.mark_posted, made.id)
    desk.write(content.drop, made.id, bring_back=True)
    desk.write(content.mark_posted, made.id)
    for refused in (lambda: desk.write(content.move, made.id, TODAY), lambda: desk.write(content.drop, made.id)):
        with pytest.raises(Refused):
            refused()
    assert desk.write(content.unpost, made.id).posted_at is None


def test_a_week_shows_its_empty_places(desk):
    for name in ("morning", "monday", "talk"):
        desk.write(content.add_column_preset, 1, name)
    found = desk.read(content.week, desk.clock, 1, TODAY)
    assert found.monday == MONDAY
    assert [len(each.slots) for each in found.days] == [0, 0, 0, 0, 2, 2, 2]  # from today on
    column = desk.read(content.find_column, desk.clock, 1, "早间资讯")
    desk.write(content.schedule, 1, draft(at_minute=600, column_id=column.id))
    found = desk.read(content.week, desk.clock, 1, TODAY)
    assert [each.column.name for each in found.days[4].slots] == ["话题时间"]
    assert found.quiet == ()
    desk.write(content.end_column, 1, desk.read(content.find_column, desk.clock, 1, "话题时间").id)
    assert desk.read(content.week, desk.clock, 1, TODAY).quiet == (TODAY, TODAY + DAY, TODAY + 2 * DAY)


def test_a_changed_column_leaves_the_past_alone(desk):
    made = desk.write(content.add_column, replace(_column(desk), from_day=TODAY - 30 * DAY))
    past = desk.write(content.schedule, 1, draft("过去", day=TODAY - DAY, column_id=made.id)).post
    coming = desk.write(content.schedule, 1, draft("将来", day=TODAY + DAY, column_id=made.id)).post
    changed = desk.write(content.edit_column, replace(made, at_minute=660))
    assert changed.id != made.id
    assert desk.read(content.get, past.id).draft.column_id == made.id
    assert desk.read(content.get, coming.id).draft.column_id == changed.id
    assert [each.at_minute for each in desk.read(content.columns, 1)] == [600, 660]


def _column(desk):
    desk.write(content.add_column_preset, 1, "morning")
    found = desk.read(content.find_column, desk.clock, 1, "早间资讯")
    desk.write(history.undo)
    return found


def test_a_week_is_copied_without_ads_and_what_is_there(desk):
    plan(desk, "value", 3, at_minute=600)
    desk.write(content.schedule, 1, draft("广告", sponsor="某书店", disclosure="广告"))
    done = desk.write(content.copy_week, 1, TODAY, TODAY + 7 * DAY)
    assert [each.post.day for each in done] == [TODAY + n * DAY for n in (5, 6, 7)]
    assert desk.write(content.copy_week, 1, TODAY, TODAY + 7 * DAY) == ()
    with pytest.raises(BadInput):
        desk.write(content.copy_week, 1, TODAY, MONDAY)


def test_the_mix_of_a_stretch_and_of_a_week(desk):
    plan(desk, "value", 6, posted=True)
    plan(desk, "interactive", 3, posted=True)
    desk.write(content.schedule, 1, draft("券", "benefit", TODAY + 2 * DAY))
    found = desk.read(content.mix, desk.clock, 1)
    assert (found.posted, found.n, found.until) == (9, 10, date(2026, 3, 22))
    assert found.forecast == pytest.approx({"value": 0.6, "interactive": 0.3, "benefit": 0.1})
    assert desk.read(content.mix_between, desk.clock, 1, TODAY, TODAY).n == 2
    desk.write(rules.change, "content.mix", "3:2:1")
    assert desk.read(content.mix, desk.clock, 1).preset.id == "3:2:1"
    with pytest.raises(BadInput):
        desk.read(content.mix_between, desk.clock, 1, TODAY, TODAY - DAY)


def test_the_statements_do_not_grow_with_the_posts(desk):
    def count(service, *args) -> int:
        statements: list[str] = []

        def ask(session) -> None:
            event.listen(session.conn, "before_cursor_execute", lambda *args: statements.append(args[2]))
            service(session, desk.clock, 1, *args)

        desk.read(ask)
        return len(statements)

    asked = ((content.week, TODAY), (content.mix, TODAY), (content.month, TODAY), (content.compare,),
             (content.outlook, draft()))  # fmt: skip
    plan(desk, "value", 2, posted=True)
    few = [count(*each) for each in asked]
    plan(desk, "interactive", 25, posted=True, tags=("书友",))
    plan(desk, "benefit", 25, first=TODAY - 2 * DAY, posted=True)
    assert [count(*each) for each in asked] == few


def test_a_week_is_planned_until_the_meter_is_green(desk):
    """Whoever adds what the meter suggests comes to the mix, whatever was posted before."""
    for kind, n in (("value", 2), ("interactive", 11), ("benefit", 0)):
        plan(desk, kind, n, first=TODAY - DAY, posted=True)
    for step in range(60):
        found = desk.read(content.mix, desk.clock, 1, TODAY)
        if not found.off:
            break
        desk.write(content.schedule, 1, draft(f"补 {step}", found.suggestion, TODAY + (step % 3) * DAY))
    assert found.off == ()
    assert found.n > 13
