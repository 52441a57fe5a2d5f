"""`qunguan content` on the command line: planned, stopped, accepted, posted, counted, compared."""

from __future__ import annotations

import pytest

FILE = "日期,标题,群人数,阅读,点击,订单\n2026-03-20,三件事,200,94,12,3\n2026-03-20,没有的,1,1,1,1\n"


def test_a_post_from_plan_to_result(shell):
    made = shell("content", "add", "三件事", "--kind", "价值", "--at", "10:00", "--sub-kind", "干货知识",
                 "--tag", "书友", "--text", "一二三", "--json").json  # fmt: skip
    assert made["post"] | {"posted_at": None} == made["post"]
    assert (made["post"]["kind"], made["post"]["sub_kind"], made["post"]["at_minute"]) == ("value", "howto", 600)
    assert made["mix"]["n"] == 1
    assert "四件事" in shell("content", "edit", 1, "--title", "四件事").out
    assert "2026-03-21" in shell("content", "move", 1, "2026-03-21", "9:30").out
    shell("content", "move", 1, "2026-03-20")
    assert shell("content", "drop", 1, "--json").json["post"]["state"] == "dropped"
    shell("content", "post", 1).refused()
    assert shell("content", "drop", 1, "--bring-back").code == 0
    assert shell("content", "post", 1, "--json").json["post"]["state"] == "posted"
    assert shell("content", "post", 1, "--take-back", "--json").json["post"]["state"] == "planned"
    told = shell("content", "result", 1, "--audience", 200, "--reads", 94, "--json").json
    assert told["open_rate"] == {"value": 0.47, "n": 200}
    assert (told["ctr"], told["ctor"]) == (None, None)
    assert "47" in shell("content", "results").out
    found = shell("content", "results", "--by", "sub_kind", "--json").json["results"][0]
    assert (found["key"], found["bar"]["met"]) == ("howto", True)
    assert shell("content", "audience", 1, "--json").json["members"] == []
    shell("content", "result", 1).refused()
    shell("content", "post", 99).refused()
    shell("content", "add", "水", "--kind", "水贴").refused()
    shell("content", "add", "水", "--kind", "value", "--at", "25:00").refused()
    shell("content", "add", "水", "--kind", "value", "--segment", "没有冒号").refused()


def test_the_mix_as_the_document_says(shell):
    for number in range(6):
        shell("content", "add", f"干货 {number}", "--kind", "value", "--posted")
    for number in range(3):
        shell("content", "add", f"话题 {number}", "--kind", "interactive", "--day", "2026-03-21")
    for number in range(2):
        shell("content", "add", f"券 {number}", "--kind", "benefit", "--day", "2026-03-22")
    found = shell("content", "mix", "--json").json
    assert found["preset"] == "60/30/10"
    assert found["target"] == {"value": 0.6, "interactive": 0.3, "benefit": 0.1}
    assert found["actual"] == {"value": 1, "interactive": 0, "benefit": 0}
    assert found["forecast"] == pytest.approx({"value": 6 / 11, "interactive": 3 / 11, "benefit": 2 / 11})
    assert (found["n"], found["posted"], found["warnings"], found["suggestion"]) == (11, 6, [], "value")
    one_day = shell("content", "mix", "--from", "2026-03-21", "--to", "2026-03-21", "--json").json
    assert (one_day["n"], one_day["actual"]["value"]) == (3, None)
    assert shell("content", "mix", "--to", "2026-03-22", "--json").json["n"] == 11
    assert "know-how" in shell("rule", "set", "content.mix", "3:2:1").out + shell("content", "mix").out.casefold()
    assert shell("content", "mix", "--as-of", "2026-03-20", "--json").json["target"]["value"] == 0.5
    stopped = shell("content", "add", "券 3", "--kind", "benefit", "--day", "2026-03-22")
    assert stopped.code == 0
    again = shell("content", "add", "券 4", "--kind", "benefit", "--day", "2026-03-22").refused()
    assert "30.8" in again
    shell("content", "add", "券 4", "--kind", "benefit", "--accept", "--day", "2026-03-22").refused()
    digest = shell.digest()
    told = shell(
        "content", "add", "券 4", "--kind", "benefit", "--accept", "--reason", "周年庆", "--dry-run", "--json"
    ).json
    assert (len(told["accepted"]), told["dry_run"], shell.digest()) == (1, True, digest)


def test_ads_need_their_words(shell):
    assert "sponsored by 某书店" in shell("content", "add", "推书", "--kind", "value", "--sponsor", "某书店").refused()
    made = shell(
        "content", "add", "推书", "--kind", "value", "--sponsor", "某书店", "--disclosure", "【广告】", "--json"
    ).json
    assert made["post"]["ready_text"] == "【广告】\n推书"


def test_the_timetable_and_its_empty_places(shell):
    assert "morning" in shell("content", "column", "list").out
    shell("content", "column", "add", "morning")
    made = shell("content", "column", "add", "夜聊", "--on", "周一三五", "--at", "21:00", "--until", "22:30",
                 "--kind", "互动", "--json").json["column"]  # fmt: skip
    assert (made["weekdays"], made["until_minute"]) == ("135", 1350)
    found = shell("content", "list", "--json").json
    assert [(each["day"], each["name"]) for each in found["slots"]][:2] == [
        ("2026-03-20", "早间资讯"),
        ("2026-03-20", "夜聊"),
    ]
    assert "empty" in shell("content", "list").out
    filled = shell("content", "add", "今天的", "--kind", "value", "--column", "早间资讯", "--json").json
    assert filled["post"]["at_minute"] == 600
    assert len(shell("content", "list", "--json").json["slots"]) == len(found["slots"]) - 1
    changed = shell("content", "column", "edit", "夜聊", "--at", "20:30", "--json").json["column"]
    assert (changed["at_minute"], changed["until_minute"]) == (1230, 1350)
    assert "2026-03-20" in shell("content", "column", "end", "夜聊").out
    shell("content", "column", "add", "早间资讯", "--at", "9:00", "--kind", "value").refused()
    shell("content", "column", "add", "无").refused()
    assert (
        shell("content", "copy", "2026-03-20", "2026-03-27", "--json").json["posts"][0]["post"]["day"] == "2026-03-27"
    )
    shell("content", "list", "--from", "2026-03-20", "--to", "2026-03-01").refused()


def test_a_file_of_results(shell):
    shell("content", "add", "三件事", "--kind", "value", "--posted")
    digest = shell.digest()
    rehearsed = shell("content", "import", "-", "--dry-run", "--json", stdin=FILE.encode()).json
    assert (rehearsed["added"], [each["row"] for each in rehearsed["rejected"]], shell.digest()) == (1, [3], digest)
    assert shell("content", "import", "-", stdin=FILE.encode("gb18030")).code == 0
    again = shell("content", "import", "-", "--json", stdin=FILE.encode()).json
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 1)
    assert "没有的" in shell("content", "import", "-", stdin=FILE.encode()).out
    shell("content", "import", "-", stdin="甲,乙\n1,2\n".encode()).refused()
    named = shell(
        "content", "import", "-", "--map", "title=甲,reads=乙", "--json", stdin="甲,乙\n三件事,20\n".encode()
    ).json
    assert named["changed"] == 1


def test_a_tag_nobody_carries_is_said(shell):
    assert "Nobody carries the tag 没人" in shell("content", "add", "三件事", "--kind", "value", "--tag", "没人").out


def test_a_post_too_many_names_the_options_that_let_it_pass(shell):
    for number in range(2):
        ad = ("--kind", "value", "--sponsor", "某书店", "--disclosure", "【广告】某书店赞助")
        assert shell("content", "add", f"赞助 {number}", *ad).code == 0
    assert "--accept --reason TEXT" in shell("content", "add", "赞助", *ad).refused()
    assert "--accept --reason TEXT" in shell("content", "add", "赞助", *ad, "--accept").refused()


def test_what_members_handed_in_is_listed_until_it_is_a_post(shell):
    assert shell("content", "pick-up", "--json").json == {"shared": []}
    assert shell("content", "pick-up").code == 0
    chain = "#接龙\n早起打卡\n\n1. 阿梨 今天把第三章又读了一遍，每一句都想抄下来给大家看。\n"
    assert shell("checkin", "record", "-", stdin=chain.encode()).code == 0
    (found,) = shell("content", "pick-up", "--json").json["shared"]
    assert (found["source"], found["place"]) == ("checkin", "早起")
    assert found["title"] in shell("content", "pick-up").out
    shell("content", "add", found["title"], "--kind", "value", "--author", f"#{found['member_id']}")
    assert shell("content", "pick-up", "--json").json == {"shared": []}
