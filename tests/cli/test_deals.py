"""`qunguan deal …` on the command line."""

from __future__ import annotations


def test_from_a_lead_to_a_case(shell, tmp_path):
    made = shell("deal", "add", "找印刷厂", "--seeker", "阿梨", "--need", "三千册绘本", "--day", "2026-03-01",
                 "--json").json["deal"]  # fmt: skip
    assert (made["stage"], made["fee_bp"], made["fee_fen"], made["giver"]) == ("lead", 200, None, None)
    assert made["seeker"]["member_id"]
    shell("deal", "move", "找印刷厂").refused(1)  # nobody has it yet
    found = shell("deal", "edit", "找印刷厂", "--giver", "老周印务", "--worth", "60000", "--json").json["deal"]
    assert found["giver"] == {"name": "老周印务", "member_id": None}
    assert shell("deal", "move", "找印刷厂", "--day", "2026-03-05", "--json").json["deal"]["stage"] == "introduced"
    assert (
        shell("deal", "move", "1", "done", "--worth", "80000", "--dry-run", "--json").json["deal"]["due_fen"] == 160_000
    )
    done = shell("deal", "move", "1", "done", "--note", "签了", "--json").json["deal"]
    assert (done["due_fen"], done["open_fen"], done["open_since"]) == (120_000, 120_000, "2026-03-20")
    assert shell("deal", "pay", "1", "1000", "--json").json["deal"]["open_fen"] == 20_000
    assert "not both parties" in shell("deal", "case", "1").refused(1)
    shell("deal", "case", "1", "--consent", "yes")
    case = shell("deal", "case", "1", "--json").json["text"]
    assert "阿梨" in case
    assert "老周印务" in case
    shell("deal", "case", "1", "--text", "自己写的")
    assert shell("deal", "case", "1").out == "自己写的\n"
    shell("deal", "case", "1", "--consent", "no")
    shell("deal", "case", "1").refused(1)
    told = shell("deal", "list", "--json").json
    assert told["stages"]["done"] == 1
    assert told["total"] == {"due_fen": 120_000, "paid_fen": 100_000, "open_fen": 20_000}
    assert shell("deal", "list", "--as-of", "2026-03-04", "--json").json["deals"][0]["stage"] == "lead"
    assert "找印刷厂" in shell("deal", "list", "--stage", "done").out
    assert "签了" in shell("deal", "show", "1").out
    out = tmp_path / "撮合.md"
    assert shell("deal", "list", "--to", out, "--json").json["rows"] == 1


def test_hiring_and_packs_have_a_fee_of_their_own(shell):
    shell("deal", "add", "找编辑", "--kind", "hiring", "--seeker", "出版社").refused(1)
    made = shell("deal", "add", "找编辑", "--kind", "hiring", "--seeker", "出版社", "--fixed", "8000", "--json").json
    assert made["deal"]["fixed_fen"] == 800_000
    pack = shell("deal", "add", "服务包", "--kind", "service pack", "--seeker", "阿梨", "--outside", "--fixed", "2999",
                 "--stage", "done", "--json").json["deal"]  # fmt: skip
    assert (pack["kind"], pack["due_fen"], pack["seeker"]["member_id"]) == ("pack", 299_900, None)
    shell("deal", "move", "服务包").refused(1)
    shell("deal", "move", "找编辑", "somewhere").refused(1)
    shell("deal", "pay", "找编辑", "0").refused(1)
