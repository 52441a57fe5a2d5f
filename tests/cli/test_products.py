"""`qunguan product …` and `qunguan insight ladder` on the command line."""

from __future__ import annotations


def test_from_the_orders_to_the_ladder(shell):
    for who, yuan, item, day in (
        ("阿梨", 9.9, "体验课", "2026-03-01"), ("2", 9.9, "体验课", "2026-03-02"),
        ("阿梨", 399, "系统课", "2026-03-06"), ("2", 12, "书签", "2026-03-06"),
    ):  # fmt: skip
        assert shell("order", "add", who, yuan, "--item", item, "--day", day).code == 0
    loose = shell("product", "unmapped", "--json").json["unmapped"]
    assert [(each["item"], each["net_fen"]) for each in loose] == [("系统课", 39900), ("体验课", 1980), ("书签", 1200)]
    assert "3 articles of the orders are no product yet (430.80 yuan)" in shell("product", "list").out
    made = shell("product", "add", "七天体验", "--price", "9.9", "--rung", "体验", "--kind", "camp",
                 "--article", "体验课", "--json").json["product"]  # fmt: skip
    assert (made["price_fen"], made["rung"], made["kind"]) == (990, "trial", "camp")
    assert shell("product", "add", "系统课", "--price", "399", "--rung", "course", "--category", "课").code == 0
    told = shell("product", "list", "--json").json
    assert [(row["name"], row["pieces"], row["net_fen"], row["buyers"]) for row in told["products"]] == [
        ("七天体验", 2, 1980, 2), ("系统课", 1, 39900, 1)
    ]  # fmt: skip
    assert [each["item"] for each in told["unmapped"]] == ["书签"]
    past = shell("product", "list", "--as-of", "2026-03-05", "--json").json
    assert past["products"][1]["pieces"] == 0
    rows = shell("insight", "ladder", "--json").json["rows"]
    assert rows[0] == {
        "rung": "free", "label": "free", "products": [], "buyers": None, "everybody": None, "step_rate": None,
        "cumulative_rate": None, "median_days": None, "n": None,
    }  # fmt: skip
    assert rows[1:3] == [
        {"rung": "trial", "label": "trial", "products": ["七天体验"], "buyers": 2, "everybody": 2,
         "step_rate": None, "cumulative_rate": 1.0, "median_days": None, "n": 2},
        {"rung": "course", "label": "course", "products": ["系统课"], "buyers": 1, "everybody": 1,
         "step_rate": 0.5, "cumulative_rate": 0.5, "median_days": 5, "n": 2},
    ]  # fmt: skip
    text = shell("insight", "ladder").out
    assert "50.0% (n=2)" in text
    assert "nothing tells" in text
    assert shell("insight", "ladder", "--window", "4", "--json").json["rows"][2]["buyers"] == 0
    assert shell("insight", "ladder", "--as-of", "2026-03-05", "--json").json["rows"][2]["buyers"] == 0
    shell("insight", "ladder", "--window", "0").refused(1)
    shell("insight", "ladder", "--from", "2026-03-02", "--to", "2026-03-01").refused(1)


def test_the_catalogue_by_hand(shell):
    assert shell("product", "list").out.startswith("all groups\nNo product yet")
    for name, price in (("月度书单", "29.9"), ("书签", "12.8")):
        shell("product", "add", name, "--price", price)
    pack = shell("product", "add", "共读礼包", "--price", "39", "--part", "月度书单", "--part", "书签*2", "--json").json
    assert pack["product"]["kind"] == "bundle"
    shown = shell("product", "show", "共读礼包", "--json").json
    assert [(each["name"], each["quantity"]) for each in shown["parts"]] == [("月度书单", 1), ("书签", 2)]
    assert shown["apart_fen"] == 2990 + 2560
    assert shell("product", "parts", "共读礼包", "书签", "--json").json["parts"][0]["quantity"] == 1
    assert "is empty now" in shell("product", "parts", "共读礼包").out
    shell("undo", "2")
    shell("product", "add", "坏包", "--kind", "goods", "--part", "书签").refused(1)
    shell("product", "parts", "书签", "月度书单").refused(1)
    assert shell("product", "article", "月度书单", "书单", "本月书单", "--json").json["added"] == ["书单", "本月书单"]
    moved = shell("product", "article", "书签", "书单", "--json").json
    assert moved["moved"] == [{"item": "书单", "from": "月度书单"}]
    back = shell("product", "article", "月度书单", "书单").out
    assert all(f"“{each}”" in back for each in ("书单", "月度书单", "书签"))
    assert len(back.splitlines()) == 1
    shell("product", "article", "书签", "书单")
    assert shell("product", "article", "书签", "书单", "--remove", "--json").json["removed"] == ["书单"]
    shell("product", "article", "书签", "书单", "--remove").refused(1)
    assert "After 读书 笔记: 共读礼包" in shell("product", "topic", "共读礼包", "读书 笔记").out
    offered = shell("product", "suggest", "怎么写读书 笔记", "--json").json["suggested"]
    assert offered[0]["product"]["name"] == "共读礼包"
    assert offered[0]["text"].splitlines()[0] == "【共读礼包】 ¥39"
    assert "One by one they are ¥55.50" in shell("product", "suggest", "怎么写读书 笔记").out
    planned = shell("content", "add", "一页纸读书 笔记", "--kind", "value", "--day", "2026-03-21", "--json").json
    assert planned["products"] == ["共读礼包"]
    assert "Afterwards you can offer: 共读礼包" in shell("content", "add", "读书 笔记", "--kind", "value").out
    shell("product", "topic", "共读礼包", "读书 笔记", "--remove")
    assert "No product belongs to this" in shell("product", "suggest", "怎么写读书 笔记").out
    assert (
        shell("product", "edit", "书签", "--name", "手作书签", "--group", "1", "--json").json["product"]["group_id"]
        == 1
    )
    assert shell("product", "edit", "手作书签", "--every-group", "--json").json["product"]["group_id"] is None
    assert shell("product", "retire", "手作书签", "--json").json["product"]["retired_on"] == "2026-03-20"
    assert len(shell("product", "list", "--json").json["products"]) == 2
    assert "retired" in shell("product", "list", "--all").out
    assert shell("product", "reopen", "手作书签", "--dry-run", "--json").json["dry_run"]
    assert "offered again" in shell("product", "reopen", "手作书签").out
    for wrong in (("show", "没有"), ("add", " "), ("add", "书", "--rung", "free", "--price", "1"), ("unclaim", "9")):
        shell("product", *wrong).refused(1)
    shell("product", "add", "书", "--rung", "天").refused(1)


def test_a_claim_is_looked_at_twice(shell):
    shell("product", "add", "职场课", "--price", "399", "--rung", "course")
    told = shell("product", "claim", "职场课", "200000", "--members", "1000", "--said", "首周", "--json").json["claim"]
    assert (told["buyers"], told["share"], told["verdict"]) == (501, 0.501, "implausible")
    assert "501 buyers; of 1000 members that is 50 %" in told["why"][0]
    assert "implausible" in shell("product", "show", "职场课").out
    assert "plausible" in shell("product", "claim", "职场课", "8000", "--members", "1000", "--day", "2026-03-01").out
    shell("product", "claim", "职场课", "0", "--members", "1000").refused(1)
    assert shell("product", "unclaim", told["id"], "--json").json["claim_id"] == told["id"]
    assert len(shell("product", "show", "职场课", "--json").json["claims"]) == 1
