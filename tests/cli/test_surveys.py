"""`qunguan survey …` on the command line."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell
from tests.conftest import FIXTURES

SURVEYS = FIXTURES / "surveys"
SETS = ["positioning", "newcomer", "wake_up"]


@pytest.fixture
def asked(shell: Shell) -> Shell:
    """The sample group with a newcomer survey, and 小满 and 老陈 in the roster."""
    for name in ("小满", "老陈"):
        assert shell("member", "add", name).code == 0
    assert shell("survey", "preset", "newcomer").code == 0
    return shell


def test_a_survey_of_a_set_and_its_text(shell):
    assert [each["id"] for each in shell("survey", "preset", "--json").json["presets"]] == SETS
    assert "S3-37" in shell("survey", "preset").out
    assert shell("survey", "preset", "newcomer", "--dry-run", "--json").json["questions"] == 6
    assert "no survey yet" in shell("survey", "list").out
    made = shell("survey", "preset", "newcomer", "--name", "三月新人", "--json").json
    assert made == {"id": 1, "name": "三月新人", "questions": 6}
    text = shell("survey", "text", "三月新人").out
    assert "1. 你是怎么找到我们的？\n   A 朋友推荐" in text
    assert "[多选题]" in shell("survey", "text", "三月新人", "--form").out
    shell("survey", "preset", "newcomer", "--name", "三月新人").refused(1)
    shell("survey", "preset", "飞行").refused(1)
    shell("survey", "show", "没有").refused(1)


def test_answers_come_in_once(asked):
    file = SURVEYS / "wjx_text.xlsx"
    rehearsed = asked("survey", "import", file, "--dry-run", "--json").json
    assert (rehearsed["added"], rehearsed["made"]) == (5, False)
    done = asked("survey", "import", file, "--json").json
    assert done["survey"] == {"id": 1, "name": "新人入群问卷"}
    assert (done["added"], done["questions"]) == (5, [])
    assert done["whose"] == {"alias": 3, "doubtful": 1, "unknown": 1}
    assert [each["name"] for each in done["waiting"]] == ["阿黎", "谁也不认识"]
    assert done["waiting"][0]["candidates"] == [{"id": 1, "name": "阿梨"}]
    again = asked("survey", "import", file, "--json").json
    assert (again["added"], again["replaced"], again["same"]) == (0, 0, 5)
    assert "5 known already" in asked("survey", "import", file).out

    told = asked("survey", "show", "新人入群问卷", "--people", "--json").json
    first = told["questions"][0]
    assert (first["n"], [bar["n"] for bar in first["answers"]]) == (5, [1, 1, 1, 0, 1, 1])
    assert first["answers"][0]["share"] == 0.2
    goals = {bar["text"]: bar["n"] for bar in told["questions"][1]["answers"]}
    assert (goals["学会一件事"], goals["其他"]) == (2, 1)
    people = {each["name"]: (each["intent"], each["level"]) for each in told["people"]}
    assert people["阿梨"] == (3 + 2 + 2 + 3 + 3, "high")
    assert people["小满"] == (0, "low")
    assert told["intent"] == {"high": 2, "mid": 1, "low": 2, "unknown": 0}
    assert asked("survey", "show", "新人入群问卷", "--as-of", "2026-03-18", "--json").json["replies"] == 3
    out = asked("survey", "show", "新人入群问卷").out
    assert "▓▓░░░░░░░░" in out
    assert "How serious: high intent 2" in out


def test_whose_they_are_tags_and_who_was_spoken_with(asked):
    asked("survey", "import", SURVEYS / "wjx_text.xlsx")
    name = "新人入群问卷"
    assert "阿梨 (#1)" in asked("survey", "match", name).out
    done = asked("survey", "match", name, 4, "Crystal", "--json").json
    assert (done["member"], done["replies"]) == (3, 1)
    asked("survey", "match", name, 5, "nobody")
    assert "Nobody is waited for" in asked("survey", "match", name).out
    asked("survey", "match", name, 99, "阿梨").refused(1)

    plan = asked("survey", "apply", name, "--dry-run", "--json").json
    assert asked("survey", "apply", name, "--json").json["given"] == plan["given"] > 0
    by_tag = {each["tag"]: [one["name"] for one in each["new"]] for each in plan["tags"]}
    assert by_tag["来源:朋友推荐"] == ["阿梨"]
    assert by_tag["时段:傍晚"] == ["Crystal🍀"]
    assert by_tag["来源:门店"] == [], "nobody's reply tags nobody"
    again = asked("survey", "apply", name, "--json").json
    assert again["given"] == 0
    assert [one["name"] for one in again["tags"][0]["already"]] == ["阿梨"]
    assert "朋友推荐" in asked("member", "show", "阿梨").out
    asked("undo")
    assert asked("survey", "apply", name, "--dry-run", "--json").json["given"] == plan["given"], "one step"

    assert asked("survey", "settle", name, 1, 2, "--json").json["changed"] == 2
    assert asked("survey", "settle", name, 1, "--not", "--json").json["changed"] == 1
    people = asked("survey", "show", name, "--people", "--json").json["people"]
    assert [each["number"] for each in people if each["settled_on"]] == ["2"]


def test_numbers_for_options_and_a_table_of_ones_own(asked):
    done = asked("survey", "import", SURVEYS / "wjx_codes.gb18030.csv", "--json").json
    assert done["survey"]["id"] == 1, "it asks what the set asks"
    assert done["questions"] == [{"text": "打几分？", "kind": "number"}]
    told = asked("survey", "show", "新人入群问卷", "--json").json["questions"]
    assert [bar["n"] for bar in told[0]["answers"]] == [1, 1, 0, 0, 1, 1], "1 is 朋友推荐"
    assert [bar["n"] for bar in told[1]["answers"]] == [2, 1, 1, 0, 1]
    assert [bar["n"] for bar in told[2]["answers"]] == [1, 1, 0, 1]
    assert round(told[-1]["mean"], 2) == 7.67

    own = asked("survey", "import", SURVEYS / "any_sheet.csv", "--name", "周末去哪", "--json").json
    assert (own["made"], own["survey"]["name"], own["added"]) == (True, "周末去哪", 4)
    assert [each["kind"] for each in own["questions"]] == ["many", "one", "text"]
    asked("survey", "import", SURVEYS / "any_sheet.csv", "--of", "周末去哪")
    assert asked("survey", "list", "--json").json["surveys"][0]["replies"] == 4
    assert "谢" in asked("--lang", "zh", "survey", "text", "周末去哪", "--result").out


def test_one_by_hand(shell):
    shell("survey", "add", "小调查", "--for", "positioning")
    shell("survey", "add", "另一个", "--for", "飞行").refused(1)
    shell("survey", "question", "小调查", "你最想学什么？", "--kind", "many")
    shell("survey", "question", "小调查", "你最想学什么").refused(1)
    shell("survey", "option", "小调查", 1, "做饭", "--tag", "想学：做饭", "--intent", 3)
    made = shell("survey", "option", "小调查", 1, "跑步", "--json").json
    assert [(each["text"], each["tag"], each["intent"]) for each in made["options"]] == [
        ("做饭", "想学:做饭", 3),
        ("跑步", "", 0),
    ]
    shell("survey", "option", "小调查", 1, "做饭", "--intent", 999).refused(1)
    assert shell("survey", "option", "小调查", 1, "跑步", "--remove", "--json").json["options"][0]["text"] == "做饭"
    shell("survey", "option", "小调查", 1, "跑步", "--remove").refused(1)
    shell("survey", "question", "小调查", "--no", 1, "--kind", "text")
    shell("survey", "option", "小调查", 1, "游泳").refused(1)
    assert shell("survey", "question", "小调查", "--no", 1, "--remove", "--json").json["questions"] == []
    shell("survey", "question", "小调查", "--no", 1, "--remove").refused(1)
    assert "gone with 0 replies" in shell("survey", "remove", "小调查").out


def test_nobody_named_and_broken_files(shell, tmp_path):
    file = tmp_path / "匿名.csv"
    file.write_text(
        "序号,提交答卷时间,1、好吗\n1,2026/3/1 8:00,好\n2,2026/3/1 9:00,不好\n3,2027/1/1 9:00,好\n", "utf-8"
    )
    done = shell("survey", "import", file, "--json").json
    assert (done["whose"], done["waiting"]) == ({"anonymous": 2}, [])
    assert [each["row"] for each in done["rejected"]] == [4]
    assert "No column says who answered" in shell("survey", "import", file).out
    named = tmp_path / "怪列.csv"
    named.write_text("花名,2、好吗\n阿梨,好\n", "utf-8")
    told = shell("survey", "import", named, "--map", "name=花名", "--name", "花名问卷", "--json").json
    assert told["whose"] == {"alias": 1}
    assert shell("survey", "import", named, "--of", "花名问卷", "--json").json["same"] == 1, "it is remembered"
    for bad in (b"PK\x03\x04broken", b"\xff\xfe\x00", b"", "序号\n1\n".encode()):
        (tmp_path / "坏.xlsx").write_bytes(bad)
        shell("survey", "import", tmp_path / "坏.xlsx").refused(1)
