"""The script library: shipped texts, the owner's own in their place, found and filled."""

from __future__ import annotations

import pytest

from qunguan.domain import lint
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.scripts import KINDS, PLACES, everyday, fill, pieces, shipped
from qunguan.services import history, scripts

SEED = "沉默的朋友，{nick}，来坐坐"


def test_what_is_shipped_is_whole():
    known = shipped().values()
    assert len(known) >= 25
    assert {each.kind for each in known} == set(KINDS) - {"other"}
    for each in known:
        assert set(each.places) <= set(PLACES), each.name
        assert lint.worst(lint.findings(each.text)) in (None, "note"), each.name
        assert each.title
        assert each.source


def test_found_by_name_by_pinyin_and_by_words(desk):
    assert desk.read(scripts.find, "入群欢迎").kind == "welcome"
    assert desk.read(scripts.find, "rqhy").name == "入群欢迎"
    assert desk.read(scripts.find, "ruqunh").name == "入群欢迎"
    assert desk.read(scripts.find, "收银").name == "收银话术"
    with pytest.raises(Ambiguous, match="活动预热"):
        desk.read(scripts.find, "活动")
    with pytest.raises(NotFound):
        desk.read(scripts.find, "没有这一条")
    with pytest.raises(NotFound):
        desk.read(scripts.find, "  ")
    assert {each.kind for each in desk.read(scripts.library, kind="campaign")} == {"campaign"}
    assert desk.read(scripts.library, search="[/]") == ()


def test_filled_by_name_in_either_language_and_what_is_missing(desk):
    told = desk.read(scripts.fill, "{nick}在{group}，到 {deadline}，{nick}", {"nick": "小满", "group": "早起"})
    assert (told.text, told.missing) == ("小满在早起，到 {deadline}，小满", ("deadline",))
    assert fill("{nickname}和{nick}", {"nickname": "小满"}).text == "小满和小满"
    assert fill("{nick}", {"nick": ""}).missing == ("nick",)
    assert desk.read(scripts.fill, "入群欢迎", {"nick": "{benefit}"}).text.startswith("欢迎 {benefit} 来到")
    assert list(pieces("a{nick}b{x}")) == [("a", False), ("{nick}", True), ("b", False), ("{x}", True)]


def test_everyday_values(clock):
    from qunguan.domain.clock import DayRule

    told = everyday("早起读书群", clock.today(DayRule()))
    assert told["group"] == "早起读书群"
    assert told.keys() == {"group", "today", "weekday"}


def test_an_own_script_in_the_place_of_a_shipped_one_and_back(desk, clock):
    old = desk.read(scripts.find, "群规")
    made = desk.write(scripts.edit, "群规", text=SEED)
    assert (made.own, made.shipped, made.text, made.kind, made.source) == (True, True, SEED, "rules", old.source)
    assert len(desk.read(scripts.library)) == len(shipped())
    assert desk.write(scripts.edit, "群规", text=SEED) == made
    desk.write(scripts.edit, "群规", kind="other")
    assert desk.read(scripts.find, "群规").text == SEED
    with pytest.raises(Refused, match="自带"):
        desk.write(scripts.remove, "群规")
    with pytest.raises(Refused, match="名字不能换"):
        desk.write(scripts.edit, "群规", new_name="新群规")
    assert desk.write(scripts.reset, "群规") == old
    assert desk.write(scripts.reset, "群规") == old
    desk.write(history.undo)
    assert desk.read(scripts.find, "群规").kind == "other"


def test_written_changed_renamed_and_taken_off(desk):
    made = desk.write(scripts.add, "开业", "shop", SEED, "开业那天")
    assert (made.own, made.shipped, made.kind, made.title) == (True, False, "shop", "开业那天")
    for taken in ("开业", "群规"):
        with pytest.raises(Refused, match="已经有"):
            desk.write(scripts.add, taken, "shop", SEED)
    assert desk.write(scripts.edit, "开业", new_name="开业大吉").name == "开业大吉"
    with pytest.raises(Refused, match="已经有"):
        desk.write(scripts.edit, "开业大吉", new_name="群规")
    with pytest.raises(Refused, match="自己写的"):
        desk.write(scripts.reset, "开业大吉")
    assert desk.write(scripts.remove, "开业大吉").text == SEED
    desk.write(history.undo)
    assert desk.read(scripts.find, "开业大吉").own


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [("", "shop", "a"), ("甲", "nothing", "a"), ("甲", "shop", " \n"), ("甲", "shop", "长" * 20_001)],
)
def test_what_is_no_script(desk, name: str, kind: str, text: str):
    with pytest.raises(BadInput):
        desk.write(scripts.add, name, kind, text)


def test_hostile_text_is_kept_harmless(desk):
    made = desk.write(scripts.add, "[/][red]=1+1", "other", "\x1b]52;c;x\x07{nick}\u200b[/]")
    assert "\x1b" not in made.text
    assert made.places == ("nick",)


def test_the_texts_of_some_names(desk):
    assert set(desk.read(scripts.texts, ["群规", "没有"])) == {"群规"}
    assert desk.read(scripts.texts, []) == {}
