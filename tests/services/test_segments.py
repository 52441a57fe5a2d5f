"""Segments: who is in which bucket and why, terms by version, locks, crosses, tags by rule; against a slow count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qunguan.domain.condition_reader import condition_typed
from qunguan.domain.conditions import evaluate, facts_of
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.schemes import changed_bucket, own_buckets, presets
from qunguan.domain.sources import spoken
from qunguan.services import history, members, orders, rfm, segments
from qunguan.services.desk import Desk
from tests.services.segment_kit import TODAY, People, community, known

SLOW = ("s0.value", "s1.amount", "s1.frequency", "s1.activity", "s3.messages", "s3.grid")


def _slow_label(people: People, code: str, who: int, ago: int) -> str:
    day = TODAY - timedelta(days=ago)
    for bucket in presets()[code].shipped:
        if bucket.when is None:
            return bucket.name
        if evaluate(bucket.when, {fact: known(people, who, fact, day) for fact in facts_of(bucket.when)}):
            return bucket.name
    return ""


@pytest.mark.parametrize("chat_days", [200, None])
def test_everybody_is_where_a_slow_count_puts_them(desk: Desk, chat_days: int | None) -> None:
    people = community(desk, seed=11, many=150, chat_days=chat_days)
    for ago in (0, 40):
        day = TODAY - timedelta(days=ago)
        labels = desk.read(segments.labels, desk.clock, day)
        for code in SLOW:
            shown = desk.read(segments.show, desk.clock, code, day)
            placed = {who: each.bucket.name for each in shown.buckets for who, _name in each.members}
            placed |= {who: "" for who, _name in shown.unknown}
            assert placed == {who: _slow_label(people, code, who, ago) for who in placed}
            for who, name in placed.items():
                mine = {each.scheme.code: str(each) for each in labels.get(who, ())}
                assert mine.get(code, "") == (f"{name}·{shown.scheme.name}" if name else "")


def test_the_four_stages_are_the_seven_merged(desk: Desk) -> None:
    """C14: 老 = 有效/活跃/核心, 流失 = 休眠 + 流失."""
    community(desk, seed=12, many=150)
    table = desk.read(segments.cross, desk.clock, "life.7", "life.4")
    used = {pair for pair, many in table.cells.items() if many}
    merges = {code: each.code for each in presets()["life.4"].shipped for code in each.merges} | {"": ""}
    assert used
    assert all(merges[seven] == four for seven, four in used)
    assert [each.name for each in table.rows] == ["潜在", "新生", "有效", "活跃", "核心", "休眠", "流失"]
    assert {each.code for each in table.rows} == merges.keys() - {""}


def test_rfm_is_a_scheme_like_the_others(desk: Desk) -> None:
    people = community(desk, seed=13, many=60)
    shown = desk.read(segments.show, desk.clock, "rfm.segments")
    placed = {who: each.bucket.name for each in shown.buckets for who, _name in each.members}
    assert placed == desk.read(rfm.labels, desk.clock, TODAY, list(placed))
    assert desk.read(segments.why, desk.clock, "RFM", people.ids[0])


def test_edges_of_money_and_of_nothing(desk: Desk) -> None:
    """C04, C05: 1000.00 is high, 999.99 is not, a fen bought is low, nothing bought is 未消费."""
    who = {}
    for name, fen in (("a", 100_000), ("b", 99_999), ("c", 50_000), ("d", 49_999), ("e", 1), ("f", None)):
        who[name] = desk.write(members.add, name, group_id=1).id
        if fen is not None:
            desk.write(orders.add_order, who[name], fen)
    shown = desk.read(segments.show, desk.clock, "S1 金额")
    assert [(each.bucket.name, [name for _who, name in each.members]) for each in shown.buckets] == [
        ("高消费", ["a"]), ("中消费", ["b", "c"]), ("低消费", ["d", "e"]), ("未消费", ["f"]),
    ]  # fmt: skip


def test_a_life_with_a_date_advances_by_itself(desk: Desk) -> None:
    birth = TODAY + timedelta(days=10)
    who = desk.write(members.add, "阿梨", group_id=1, extra={"预产期": birth.isoformat()}).id

    def stage(days: int) -> str:
        told = desk.read(segments.labels, desk.clock, TODAY + timedelta(days=days), [who]).get(who, ())
        return next((each.bucket.name for each in told if each.scheme.code == "stage.baby"), "")

    assert [stage(days) for days in (0, 9, 10)] == ["孕期", "孕期", "待补宝宝生日"]
    desk.write(members.edit, replace(desk.read(members.get, who), extra={"预产期": "", "宝宝生日": birth.isoformat()}))
    assert [stage(days) for days in (9, 10, 193, 194)] == ["", "0-6月", "0-6月", "6月+"]


def test_new_terms_leave_days_gone_by_as_they_were(desk: Desk) -> None:
    people = community(desk, seed=14, many=80)
    yesterday = desk.read(segments.show, desk.clock, "s1.amount", TODAY - timedelta(days=1))
    before = desk.read(segments.show, desk.clock, "s1.amount")
    scheme = desk.read(segments.find, "s1.amount")
    mine = changed_bucket(scheme.shipped, "high", when=condition_typed("消费≥3000/365天"))
    moves = desk.read(segments.preview, desk.clock, "s1.amount", mine)
    saved = desk.write(segments.save_scheme, "s1.amount", mine, reason="我们客单高")
    assert saved.changed
    after = desk.read(segments.show, desk.clock, "s1.amount")
    was, now = (
        {who: each.bucket.code for each in shown.buckets for who, _name in each.members} for shown in (before, after)
    )
    assert {each.member_id for each in moves.movers} == {who for who in now if was[who] != now[who]}
    assert [many for _bucket, many in moves.counts] == [len(each.members) for each in after.buckets]
    assert desk.read(segments.show, desk.clock, "s1.amount", TODAY - timedelta(days=1)).buckets == yesterday.buckets
    mover = moves.movers[0]
    changes = desk.read(segments.history, desk.clock, "s1.amount", mover.member_id, 3)
    assert (changes[-1].day, changes[-1].was, changes[-1].now) == (TODAY, mover.was, mover.now)
    desk.write(segments.reset, "s1.amount")
    assert desk.read(segments.show, desk.clock, "s1.amount").buckets == before.buckets
    assert len(people.ids) == 80
    with pytest.raises(Refused):
        desk.write(segments.save_scheme, "s1.amount", mine, from_day=TODAY - timedelta(days=1))
    with pytest.raises(Refused):
        desk.write(segments.save_scheme, "life.4", mine)


def test_a_lock_holds_both_ways_and_comes_off(desk: Desk) -> None:
    community(desk, seed=15, many=30)
    shown = desk.read(segments.show, desk.clock, "life.7")
    who, _name = shown.buckets[-1].members[0]
    desk.write(segments.lock, "life.7", who, "核心", reason="老朋友")
    told = desk.read(segments.labels, desk.clock, TODAY, [who])[who]
    life = {each.scheme.code: each for each in told}
    assert str(life["life.7"]) == "核心·生命周期七段"
    assert life["life.7"].locked
    assert life["life.4"].bucket.name == "老"
    assert any("老朋友" in str(line) for line in desk.read(segments.why, desk.clock, "life.7", who))
    desk.write(segments.lock, "life.7", who, "潜在", reason="又改了", until=TODAY)
    later = desk.read(segments.labels, desk.clock, TODAY + timedelta(days=1), [who]).get(who, ())
    assert all(not each.locked for each in later)
    assert desk.write(segments.unlock, "life.7", who) == shown.buckets[-1].bucket
    desk.write(history.undo)
    assert {each.scheme.code: str(each) for each in desk.read(segments.labels, desk.clock, TODAY, [who])[who]}[
        "life.7"
    ] == "潜在·生命周期七段"
    with pytest.raises(BadInput):
        desk.write(segments.lock, "life.7", who, "核心", reason=" ")
    with pytest.raises(Refused):
        desk.write(segments.lock, "rfm.segments", who, "冠军", reason="x")


def test_why_names_the_number_that_decided_and_what_is_not_known(desk: Desk) -> None:
    people = community(desk, seed=16, many=20, chat_days=None)
    quiet = next(
        who for who in people.ids if known(people, who, next(iter(facts_of(condition_typed("打卡≥1")))), TODAY) == 0
    )
    lines = [str(line) for line in desk.read(segments.why, desk.clock, "s3.messages", quiet)]
    assert any("发言≥5/7天" in line for line in lines)
    assert desk.read(segments.show, desk.clock, "s3.messages").unknown


def test_a_scheme_of_ones_own(desk: Desk) -> None:
    community(desk, seed=17, many=40)
    lines = ("铁粉 = 打卡≥2/30天 且 消费≥500", "路人")
    moves = desk.read(segments.preview, desk.clock, "", own_buckets(lines))
    made = desk.write(segments.create, "我的分层", own_buckets(lines))
    assert made.code == "own.1"
    shown = desk.read(segments.show, desk.clock, "我的分层")
    assert [len(each.members) for each in shown.buckets] == [many for _bucket, many in moves.counts]
    desk.write(segments.switch, "own.1", enabled=False)
    told = desk.read(segments.labels, desk.clock, TODAY)
    assert all(each.scheme.code != "own.1" for mine in told.values() for each in mine)
    with pytest.raises(BadInput):
        desk.write(segments.create, "我的分层", own_buckets(lines))
    with pytest.raises(BadInput):
        own_buckets(["其他", "铁粉 = 打卡≥2/30天"])
    with pytest.raises(NotFound):
        desk.read(segments.find, "没有这个")
    who = shown.buckets[1].members[0][0]
    desk.write(segments.lock, "own.1", who, "铁粉", reason="老朋友")
    desk.write(segments.remove, "own.1")
    with pytest.raises(NotFound):
        desk.read(segments.find, "own.1")
    with pytest.raises(Refused):
        desk.write(segments.remove, "s1.amount")
    desk.write(history.undo)
    desk.write(segments.switch, "own.1", enabled=True)
    assert {str(each) for each in desk.read(segments.labels, desk.clock, TODAY, [who])[who]} >= {"铁粉·我的分层"}
    for _step in range(4):
        desk.write(history.undo)
    with pytest.raises(NotFound):
        desk.read(segments.find, "own.1")


def test_tags_by_rule_are_had_while_the_rule_holds(desk: Desk) -> None:
    people = community(desk, seed=18, many=60)
    desk.write(segments.add_tag_rule, "常打卡", "打卡≥2/30天", category="习惯")
    held = desk.read(segments.rule_tags, desk.clock, TODAY)
    fact = next(iter(facts_of(condition_typed("打卡≥2/30天"))))
    assert set(held) == {who for who in people.ids if known(people, who, fact, TODAY) >= 2}  # type: ignore[operator]
    rule, who = desk.read(segments.carriers, desk.clock, TODAY)[0]
    assert (rule.label, [each for each, _name in who]) == ("习惯:常打卡", sorted(held))
    desk.write(segments.edit_tag_rule, "习惯:常打卡", when="打卡≥99/30天")
    assert not desk.read(segments.rule_tags, desk.clock, TODAY)
    desk.write(segments.remove_tag_rule, "常打卡")
    assert not desk.read(segments.tag_rules)
    with pytest.raises(BadInput):
        desk.write(segments.add_tag_rule, "坏的", "打卡好多")


def test_everything_shipped_can_be_read() -> None:
    for scheme in presets().values():
        assert scheme.kind == "rfm" or scheme.shipped
        assert len({each.code for each in scheme.shipped}) == len(scheme.shipped)
        assert all(each.service for each in scheme.shipped)
        assert spoken(scheme.source)
