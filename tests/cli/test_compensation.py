"""`qunguan incident compensate` and `incident compensation` on the command line."""

from __future__ import annotations

import pytest
import xlsxwriter

LIST = (
    "昵称,类型,数值,说明,凭证号\n阿梨,积分,100,,\n#2,现金,12.35,微信转账,T1\nCrystal,优惠券,5,AB12,\n没有这人,积分,5,,\n"
    "阿梨,积分,100,,\n阿梨,抽奖,1,,\n合计,,,,\n"
)


@pytest.fixture
def crisis(shell, tmp_path):
    (tmp_path / "赔付.csv").write_text(LIST, encoding="gb18030")
    assert shell("incident", "start", "漏发").code == 0
    return shell


def test_a_list_is_rehearsed_paid_and_comes_again_to_nothing(crisis, tmp_path):
    file = tmp_path / "赔付.csv"
    before = crisis.digest()
    dry = crisis("incident", "compensate", 1, file, "--delivered", "--dry-run", "--json").json
    assert (dry["dry_run"], dry["promised"], dry["delivered"]) == (True, 3, 3)
    assert crisis.digest() == before
    done = crisis("incident", "compensate", 1, file, "--delivered", "--json").json
    assert (done["promised"], done["delivered"], done["already"], done["drill"]) == (3, 3, 0, False)
    assert done["compensation"] == {
        "promised_fen": 1735, "delivered_fen": 1735, "promised_points": 100, "delivered_points": 100,
        "promised": 3, "delivered": 3,
    }  # fmt: skip
    assert done["lines"] == dry["lines"]
    assert done["lines"][1] == {
        "row": 3, "member": {"id": 2, "name": "团团妈,二宝"}, "kind": "money", "points": None, "fen": 1235,
        "what": "微信转账", "key": "T1", "delivered": True, "left": False,
    }  # fmt: skip
    assert [each["row"] for each in done["unresolved"]] == [5]
    assert [each["row"] for each in done["rejected"]] == [6, 7]
    again = crisis("incident", "compensate", 1, file, "--json").json
    assert (again["promised"], again["delivered"], again["already"]) == (0, 0, 3)
    assert crisis("points", "statement", "阿梨", "--json").json["balance"] == 100
    assert crisis("points", "reconcile").code == 0
    assert crisis("incident", "show", 1, "--json").json["compensation"]["delivered_points"] == 100
    text = crisis("incident", "compensate", 1, file).out
    assert "known already 3" in text
    assert "Handed over 3 of 3: ¥17.35 of ¥17.35, 100 of 100 points" in text


def test_without_a_word_only_points_are_with_them(crisis, tmp_path):
    file = tmp_path / "赔付.csv"
    done = crisis("incident", "compensate", 1, file, "--json").json
    assert (done["promised"], done["delivered"]) == (3, 1)
    assert (done["compensation"]["delivered_fen"], done["compensation"]["delivered_points"]) == (0, 100)
    waits = crisis("incident", "compensation", "list", 1, "--waiting", "--json").json["compensations"]
    assert [each["kind"] for each in waits] == ["money", "coupon"]
    crisis("incident", "compensate", 1, file, "--delivered", "--promise").refused(2)


def test_the_everyday_list_says_who_gets_what_before_it_is_paid(crisis, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("昵称,金额(元),备注\n阿梨,12.50,\n#2,1234.56,转账\nCrystal,-5,\n", encoding="utf-8")
    told = crisis("--lang", "zh", "incident", "compensate", 1, file, "--dry-run").out
    assert told.index("¥1234.56") < told.index("阿梨")
    assert "合计 ¥1247.06" in told
    assert "给不了 ¥-5.00" in told


def test_promised_first_and_handed_over_later(crisis, tmp_path):
    file = tmp_path / "赔付.csv"
    done = crisis("incident", "compensate", 1, file, "--promise", "--json").json
    assert (done["promised"], done["delivered"]) == (3, 0)
    told = crisis("incident", "compensation", "list", 1, "--waiting", "--json").json["compensations"]
    assert [each["kind"] for each in told] == ["points", "money", "coupon"]
    assert told[1] | {"promised_at": ""} == {
        "id": 2, "member": {"id": 2, "name": "团团妈,二宝"}, "kind": "money", "points": None, "fen": 1235,
        "what": "微信转账", "key": "T1", "promised_at": "", "delivered_at": None,
    }  # fmt: skip
    assert crisis("incident", "compensation", "deliver", 1, 1, "--json").json["points"] == 100
    assert "2 promises were handed over now" in crisis("incident", "compensation", "deliver", 1).out
    back = crisis("incident", "compensation", "back", 1, 1, "--json").json
    assert (back["points"], back["compensation"]["delivered_points"]) == (-100, 0)
    assert "12.35" in crisis("incident", "compensation", "list", 1).out
    crisis("incident", "compensation", "withdraw", 1, 2).refused(1)
    assert crisis("incident", "compensation", "withdraw", 1, 1, "--json").json == {"withdrawn": 1}
    assert crisis("undo").code == 0
    assert crisis("undo").code == 0
    assert crisis("points", "statement", "阿梨", "--json").json["balance"] == 100


def test_one_by_hand_and_what_cannot_be(crisis):
    made = crisis("incident", "compensation", "add", 1, "阿梨", "money", "8.8", "--what", "红包", "--json").json
    assert (made["fen"], made["what"], made["delivered_at"]) == (880, "红包", None)
    assert "Promised" in crisis("incident", "compensation", "add", 1, "阿梨", "goods", "--what", "一箱橙子").out
    assert "¥8.80" in crisis("incident", "compensation", "add", 1, "阿梨", "money", "9", "--what", "红包").refused(1)
    made = crisis("incident", "compensation", "add", 1, "阿梨", "coupon", "满50减10", "--what", "D1", "--json").json
    assert (made["fen"], made["what"]) == (None, "满50减10 D1")
    for bad in (("points",), ("points", "0"), ("money",), ("coupon",), ("money", "1.234"), ("money", "满50减10")):
        crisis("incident", "compensation", "add", 1, "阿梨", *bad).refused(1)
    crisis("incident", "compensation", "add", 1, "没有这人", "points", "1").refused(1)
    crisis("incident", "compensation", "deliver", 1, 99).refused(1)
    crisis("incident", "compensate", 9, "-", stdin=LIST.encode()).refused(1)
    assert crisis("incident", "compensate", 1, "-", stdin="甲,乙\n阿梨,5\n".encode()).refused(1)


def test_columns_nobody_knows_are_told_and_remembered(crisis, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("甲,乙,丙\n阿梨,积分,5\n", encoding="utf-8")
    done = crisis("incident", "compensate", 1, file, "--map", "name=甲,kind=乙,amount=丙", "--json").json
    assert done["delivered"] == 1
    assert crisis("incident", "compensate", 1, file, "--json").json["already"] == 1


def test_a_drill_pays_nobody(shell, tmp_path):
    (tmp_path / "a.csv").write_text(LIST, encoding="utf-8")
    assert shell("incident", "start", "演练一次", "--drill").code == 0
    done = shell("incident", "compensate", 1, tmp_path / "a.csv", "--json").json
    assert (done["drill"], done["compensation"]["delivered_points"]) == (True, 100)
    assert shell("points", "statement", "阿梨", "--json").json["balance"] == 0
    assert "a drill" in shell("incident", "compensate", 1, tmp_path / "a.csv").out


def test_a_workbook_keeps_its_fen(crisis, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("赔付")
    for number, row in enumerate((("赔付名单",), ("成员", "类型", "金额", "说明"), ("阿梨", "现金", 0.1 + 0.2, "转账"),
                                  ("Crystal", "积分", 30, ""), ("阿梨", "积分", 0.5, ""))):  # fmt: skip
        sheet.write_row(number, 0, row)
    book.close()
    done = crisis("incident", "compensate", 1, tmp_path / "a.xlsx", "--delivered", "--json").json
    assert (done["compensation"]["delivered_fen"], done["compensation"]["delivered_points"]) == (30, 30)
    assert [each["row"] for each in done["rejected"]] == [5]
