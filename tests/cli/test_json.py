"""The JSON documents: their keys are a contract with other people's scripts."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import FIXTURES, ROSTER, chain

CASES = json.loads((FIXTURES / "jielong" / "cases.json").read_text(encoding="utf-8"))


@pytest.fixture
def paste(tmp_path):
    """A 接龙 with somebody known, somebody new, somebody twice, and somebody who may be either of two."""
    path = tmp_path / "jielong.txt"
    path.write_text(chain("阿梨 早", "路人甲", "阿梨 再来", "小明 早"), encoding="utf-8")
    return path


@pytest.fixture
def settled(shell):
    """A community in which something has happened."""
    for name in ("小明", "小明"):
        assert shell("member", "add", name).code == 0
    assert shell("points", "grant", "阿梨", "12", "--reason", "帮忙", "--expires", "2026-04-01").code == 0
    return shell


def has(document, *keys):
    """The document holds these keys."""
    assert set(keys) <= document.keys(), document.keys()
    return document


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_parse(blank, case):
    said = blank("checkin", "parse", "-", "--json", stdin=case["text"].encode())
    document = has(json.loads(said.out), "is_jielong", "title", "example", "tail", "items", "notes")
    expected = {key: value for key, value in case["expect"].items() if key != "title" or value is not None}
    assert said.code == (0 if expected["is_jielong"] else 1)
    if "items" in expected:
        expected["items"] = [{"number": number, "text": text} for number, text in expected["items"]]
    assert {key: document[key] for key in expected} == expected
    assert not blank.db.exists()


def test_member_import(shell, tmp_path):
    keys = ("format", "encoding", "created", "updated", "unchanged", "rejected")
    document = has(shell("member", "import", ROSTER, "--json").json, *keys)
    assert (document["created"], document["updated"], document["unchanged"]) == (0, 0, 3)
    broken = tmp_path / "broken.csv"
    broken.write_text("昵称,入群日期\n小红,2026-02-30\n小绿,2026-02-03\n", encoding="utf-8")
    document = shell("member", "import", broken, "--json").json
    assert (document["created"], document["rejected"]) == (2, [])
    (warning,) = document["warnings"]
    assert (warning["row"], warning["column"], warning["value"]) == (2, "入群日期", "2026-02-30")
    assert "2026-02-30" in warning["reason"]
    assert "2026-02-30" in shell("member", "import", broken).out
    broken.write_text("昵称,入群日期\n,2026-02-03\n", encoding="utf-8")
    document = shell("member", "import", broken, "--json").json
    assert [has(each, "row", "reason")["row"] for each in document["rejected"]] == [2]


def test_member_list(shell):
    shell("member", "tag", "阿梨", "等级:VIP")
    found = shell("member", "list", "--search", "al", "--json").json["members"]
    keys = ("id", "name", "aliases", "joined_on", "left_on", "tags")
    assert {key: has(found[0], *keys)[key] for key in keys} == {
        "id": 1, "name": "阿梨", "aliases": ["wx_ali001"], "joined_on": "2024-03-01", "left_on": None,
        "tags": ["等级:VIP"],
    }  # fmt: skip


def test_member_list_of_a_past_day(shell):
    shell("member", "leave", "阿梨", "--day", "2026-03-10")

    def there(day):
        return {each["id"] for each in shell("member", "list", "--as-of", day, "--json").json["members"]}

    assert there("2024-03-07") == {1, 2}
    assert there("2026-03-09") == {1, 2, 3}
    assert there("2026-03-10") == {2, 3}


def test_record(settled, paste):
    line = ("checkin", "record", paste, "--challenge", "早起", "--json")
    keys = ("day", "recorded", "already", "new", "ambiguous", "duplicate", "missing")
    document = has(settled(*line).json, *keys)
    assert document["day"] == "2026-03-20"
    assert document["recorded"] == [{"member_id": 1, "name": "阿梨", "text": "阿梨 早"}]
    assert [each["text"] for each in document["new"]] == ["路人甲"]
    assert [each["name"] for each in document["duplicate"]] == ["阿梨"]
    doubt = document["ambiguous"][0]
    assert doubt["text"] == "小明 早"
    assert [each["member_id"] for each in doubt["candidates"]] == [4, 5]
    assert {"member_id": 2, "name": "团团妈,二宝"} in document["missing"]
    again = settled(*line).json
    assert again["recorded"] == []
    assert [each["member_id"] for each in again["already"]] == [1]


def test_record_settles_doubts(settled, paste):
    line = ("checkin", "record", paste, "--json", "--settle", "4=5", "--settle", "2=new")
    rehearsed = settled(*line, "--dry-run").json
    assert rehearsed["dry_run"]
    assert settled("checkin", "board", "--json").json["done"] == 0
    document = settled(*line).json
    assert [each["name"] for each in document["recorded"]] == ["阿梨", "路人甲", "小明"]
    assert document["ambiguous"] == []
    assert [each["name"] for each in document["new"]] == ["路人甲"]
    assert (document["new"][0]["member_id"], document["new"][0]["line"]) == (6, 2)


def test_record_from_a_pipe(settled, paste):
    document = settled("checkin", "record", "-", "--json", stdin=paste.read_bytes()).json
    assert [each["member_id"] for each in document["recorded"]] == [1]


def test_checkin_import(shell, tmp_path):
    told = tmp_path / "told.csv"
    told.write_text("昵称,日期,状态\n阿梨,2026-03-02,\n阿梨,2026-03-03,补卡\n无此人,2026-03-02,\n", encoding="utf-8")
    line = ("checkin", "import", told, "--challenge", "早起", "--json")
    document = has(shell(*line).json, "recorded", "already", "rejected")
    assert (document["recorded"], document["already"]) == (2, 0)
    assert [each["row"] for each in document["rejected"]] == [4]
    assert shell("points", "balance", "--json").json["balances"][0]["balance"] == 0
    assert (shell(*line).json["recorded"], shell(*line).json["already"]) == (0, 2)


def test_a_number_in_a_file_is_a_name_and_no_id(shell, tmp_path):
    told = tmp_path / "told.csv"
    told.write_text("昵称,日期,变动\n1,2026-03-02,5\n#2,2026-03-02,5\n", encoding="utf-8")
    document = shell("points", "import", told, "--json").json
    assert (document["booked"], [each["row"] for each in document["rejected"]]) == (1, [2])
    shell("member", "add", "1")
    assert shell("points", "import", told, "--json").json["booked"] == 1


def test_a_history_earns_when_told_to(shell, tmp_path):
    told = tmp_path / "told.csv"
    told.write_text("昵称,日期\n阿梨,2026-03-02\n", encoding="utf-8")
    shell("checkin", "import", told, "--points")
    assert shell("points", "balance", "--json").json["balances"][0] == {"member_id": 1, "name": "阿梨", "balance": 5}


def test_mark_and_board(shell):
    marked = shell("checkin", "mark", "阿梨", "--challenge", "早起", "--state", "done", "--json").json
    assert (marked["state"], marked["streak"]) == ("done", 1)
    shell("checkin", "mark", "2", "--day", "2026-03-20", "--to", "2026-03-22", "--state", "frozen", "--reason", "出差")
    document = has(shell("checkin", "board", "--json").json, "day", "due", "done", "rate", "rows")
    assert (document["due"], document["done"], document["rate"]) == (2, 1, {"value": 0.5, "n": 2})
    row = has(document["rows"][0], "member_id", "name", "state", "streak", "best", "total")
    assert [row[key] for key in ("member_id", "name", "state", "streak", "best", "total")] == [
        1,
        "阿梨",
        "done",
        1,
        1,
        1,
    ]
    assert {each["member_id"]: each["state"] for each in document["rows"]} == {1: "done", 2: "frozen", 3: "none"}
    missing = shell("checkin", "missing", "--json").json
    assert missing == {"day": "2026-03-20", "missing": [{"member_id": 3, "name": "Crystal🍀"}]}


def test_a_board_nobody_is_due_on_has_no_rate(shell):
    shell("challenge", "add", "空营", "--start", "2026-03-20")
    assert shell("checkin", "board", "--challenge", "空营", "--json").json["rate"] is None


def test_the_board_of_a_past_day(shell):
    shell("checkin", "mark", "阿梨", "--state", "done", "--day", "2026-03-10")
    for asked in (("--day", "2026-03-10"), ("--as-of", "2026-03-10")):
        document = shell("checkin", "board", *asked, "--json").json
        assert (document["day"], document["done"], document["rows"][0]["streak"]) == ("2026-03-10", 1, 1)
    assert shell("checkin", "board", "--json").json["rows"][0]["streak"] == 0


def test_points(settled):
    assert settled("points", "spend", "阿梨", "5", "--reason", "换书", "--json").json["balance"] == 7
    balances = settled("points", "balance", "--json").json["balances"]
    assert balances[0] == {"member_id": 1, "name": "阿梨", "balance": 7}
    assert settled("points", "balance", "--as-of", "2026-03-19", "--json").json["balances"][0]["balance"] == 0
    assert settled("points", "balance", "--as-of", "2026-04-02", "--json").json["balances"][0]["balance"] == 0
    document = has(settled("points", "statement", "阿梨", "--json").json, "member", "balance", "entries")
    keys = ("id", "biz_date", "kind", "amount", "balance_after", "expires_on", "reason", "source")
    entries = [has(each, *keys) for each in document["entries"]]
    assert [(each["kind"], each["amount"], each["balance_after"]) for each in entries] == [
        ("EARN", 12, 12), ("SPEND", -5, 7),
    ]  # fmt: skip
    assert (entries[0]["expires_on"], entries[0]["reason"]) == ("2026-04-01", "帮忙")
    soon = settled("points", "expiring", "--days", "30", "--json").json["expiring"]
    assert soon == [{"member_id": 1, "name": "阿梨", "amount": 7, "expires_on": "2026-04-01"}]
    reconciled = settled("points", "reconcile", "--json").json
    assert reconciled == {"ok": True, "members": 1, "entries": 2, "differences": []}


def test_an_amount_in_full_width_digits_and_a_key_used_twice(shell):
    line = ("points", "grant", "阿梨", "１２", "--reason", "帮忙", "--key", "A-1", "--json")
    assert shell(*line).json["amount"] == 12
    assert shell(*line).json["already"]
    assert shell("points", "balance", "--json").json["balances"][0]["balance"] == 12


def test_reverse(settled):
    document = settled("points", "reverse", "#1", "--amount", "2", "--reason", "多记了", "--json").json
    assert (document["amount"], document["balance"]) == (-2, 10)


def test_a_reversal_that_takes_nothing_says_what_was_waived_each_time(settled):
    assert settled("rule", "set", "points.reverse_policy", "waive").code == 0
    assert settled("points", "spend", "阿梨", "12", "--reason", "换书").code == 0
    for _asked in (1, 2):
        document = settled("points", "reverse", "#1", "--reason", "多记了", "--json").json
        assert (document["entry_ids"], document["amount"], document["waived"], document["balance"]) == ([], 0, 12, 0)
        said = settled("points", "reverse", "#1", "--reason", "多记了")
        assert said.out.strip() == (
            "Nothing could be taken back: 12 points are spent already and let go (waive); 阿梨 keeps 0"
        )
    assert settled("history", "--json").json["steps"][0]["what"].startswith("阿梨 spent 12")


def test_points_import(shell, tmp_path):
    told = tmp_path / "points.csv"
    rows = "阿梨,2026-03-01,+50,2026-12-31,开营,K1\n阿梨,2026-03-02,-80,,换书,\n无此人,2026-03-01,5,,,\n"
    told.write_text("昵称,日期,变动,有效期,原因,凭证号\n" + rows, encoding="utf-8")
    document = shell("points", "import", told, "--json").json
    assert (document["booked"], document["already"]) == (1, 0)
    assert [has(each, "row", "reason")["row"] for each in document["rejected"]] == [3, 4]
    assert shell("points", "import", told, "--json").json["already"] == 1


def test_history_and_doctor(settled):
    steps = settled("history", "--json").json["steps"]
    assert steps[0]["what"].startswith("Granted 12")
    assert settled("undo", "--dry-run", "--json").json["steps"] == steps[:1]
    assert settled("undo", "2", "--json").json["steps"] == steps[:2]
    assert settled("redo", "--dry-run", "--json").json["dry_run"]
    assert settled("redo", "2", "--json").json["steps"] == steps[1::-1]
    document = has(settled("doctor", "--json").json, "ok", "checks")
    assert document["ok"]
    assert all({"name", "ok", "detail"} == each.keys() for each in document["checks"])
    assert all(each["detail"] for each in document["checks"])


def test_doctor_names_its_checks_in_the_language_of_the_owner(settled):
    lines = settled("--lang", "zh", "doctor").out.splitlines()
    names = [each["name"] for each in settled("--lang", "zh", "doctor", "--json").json["checks"]]
    assert names == [
        "settings", "identity", "pages", "links", "schema", "ledger-guards", "sqlite", "ledger", "orders", "streaks",
        "search", "presence",
    ]  # fmt: skip
    told = [line.split()[1] for line in lines[-len(names) :]]
    assert told[-5:] == ["积分流水", "订单", "连续天数", "搜索索引", "活跃汇总"]
    assert not any(name in line.split() for line in lines for name in names)
    assert any("1 笔，1 人" in line for line in lines)


WRITES = [
    ["group", "add", "二群"],
    ["member", "add", "小红"],
    ["member", "edit", "阿梨", "--name", "阿梨花", "--nick", "梨"],
    ["member", "tag", "阿梨", "VIP"],
    ["member", "leave", "阿梨"],
    ["challenge", "add", "晚安", "--enrol", "all"],
    ["challenge", "close", "早起"],
    ["challenge", "unenrol", "早起", "阿梨"],
    ["challenge", "prompt", "早起", "1", "写下目标"],
    ["checkin", "mark", "阿梨", "--state", "done"],
    ["points", "grant", "阿梨", "5", "--reason", "x"],
    ["rule", "set", "checkin.points", "8"],
    ["undo"],
]


@pytest.mark.parametrize("line", WRITES, ids=" ".join)
def test_a_rehearsal_changes_nothing_and_the_real_thing_can_be_undone(shell, line):
    before = shell.digest()
    assert "nothing was saved" in shell(*line, "--dry-run").out
    assert shell(*line, "--dry-run", "--json").json["dry_run"]
    assert shell.digest() == before
    assert shell(*line).code == 0
    assert shell.digest() != before
    if line != ["undo"]:
        assert shell("undo").code == 0
        assert shell("doctor").code == 0


@pytest.mark.parametrize(
    "line", [["group", "list"], ["challenge", "list"], ["challenge", "show", "早起"], ["member", "show", "阿梨"],
             ["rule", "list"], ["keys"], ["backup", "list"], ["history"], ["points", "reconcile"]], ids=" ".join
)  # fmt: skip
def test_every_reading_command_has_a_document_and_a_table(settled, line):
    assert settled(*line, "--json").json
    assert settled(*line).out.strip()


def test_points_for_people_and_in_parts(shell):
    for name, amount in (("阿梨", 30), ("团团妈,二宝", 50)):
        shell(
            "points", "grant", name, str(amount), "--reason", "活动", "--expires", "2026-03-25", "--day", "2026-03-10"
        )
    shell("points", "spend", "阿梨", "10", "--reason", "换书", "--day", "2026-03-15")
    everybody = shell("points", "balance", "--json").json["balances"]
    nonzero = shell("points", "balance", "--nonzero", "--json").json["balances"]
    assert nonzero == [each for each in everybody if each["balance"]]
    top = shell("points", "balance", "--top", "1", "--json").json["balances"]
    assert [each["balance"] for each in top] == [max(each["balance"] for each in everybody)]
    before = shell("points", "expiring", "--as-of", "2026-03-12", "--days", "30", "--json").json["expiring"]
    assert {each["name"]: each["amount"] for each in before}["阿梨"] == 30
    said = shell("points", "spend", "阿梨", "500", "--reason", "换书").refused()
    assert "阿梨: the balance on" in said
    assert "spend at most 20, or give points first" in said
    shell("member", "leave", "阿梨", "--day", "2026-03-20")
    assert "left on 2026-03-20" in shell("points", "grant", "阿梨", "5", "--reason", "补").out


def test_an_import_of_check_ins_says_that_it_earned_nothing(shell, tmp_path):
    told = tmp_path / "history.csv"
    told.write_text("昵称,日期\n阿梨,2026-03-01\n", encoding="utf-8")
    shell("challenge", "add", "晨读", "--start", "2026-03-01", "--enrol", "all")
    line = ("checkin", "import", told, "--challenge", "晨读")
    assert "--points" in shell(*line, "--dry-run").out
    assert "--points" not in shell(*line, "--points").out


def test_rules_tell_everything_about_themselves(shell):
    shell("rule", "set", "checkin.makeup_days", "5")
    found = {rule["id"]: rule for rule in shell("rule", "list", "--json").json["rules"]}
    keys = {"id", "metric", "window", "comparator", "value", "unit", "source", "enabled", "changed_at"}
    assert all(keys <= set(rule) for rule in found.values())
    changed = found["checkin.makeup_days"]
    assert (changed["metric"], changed["comparator"], changed["unit"]) == ("days since the missed day", "<=", "days")
    assert changed["changed_at"].startswith("2026-03-20T12:00")
    assert found["checkin.makeup_quota"]["window"] == "month"
    assert found["checkin.makeup_quota"]["changed_at"] is None


def test_a_rule_that_was_set_is_said_as_people_read_it(shell):
    assert "5 days" in shell("rule", "set", "checkin.makeup_days", "5").out
    assert "5 days" in shell("rule", "off", "checkin.makeup_days").out
