"""Rosters as real people have them: nobody lost, nobody doubled, every refusal with its row."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday
from qunguan.domain.rosters import Reason, Roster, RowNote
from qunguan.domain.tags import join_tags, split_tags
from qunguan.exchange.readers.headers import IGNORED, Mapping, NeedsMapping, fingerprint
from qunguan.exchange.readers.rosters import mapping_of, read_roster
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text

MEMBERS = Path(__file__).parent.parent / "fixtures" / "members"


def roster(text: str) -> Roster:
    return read_roster(sheet_from_text(text, "群.csv"))


def told(notes: Iterable[RowNote]) -> list[tuple[int, str]]:
    return [(note.row, note.reason.what) for note in notes]


def problems(rejected: Iterable[RowNote]) -> list[tuple[int, str]]:
    """(row, message ID) of each refused row."""
    return [(note.row, getattr(values(note.reason).get("problem"), "what", note.reason.what)) for note in rejected]


def values(reason: Reason) -> dict[str, Any]:
    return dict(reason.values)


@pytest.mark.parametrize(
    ("file", "encoding"), [("members_gb18030.csv", "gb18030"), ("members_utf8_bom.csv", "utf-8-sig")]
)
def test_the_same_members_from_either_encoding(file, encoding):
    found = read_roster(read_sheet(MEMBERS / file))
    assert (found.format, found.encoding, found.rejected) == ("generic", encoding, ())
    assert [(e.name, e.wechat_id, e.phone, e.joined_on) for e in found.entries] == [
        ("阿梨", "wx_ali001", "13800000001", "2024-03-01"),
        ("团团妈,二宝", "wx_tuan", "13800000002", "2024-03-05"),
        ("Crystal🍀", "wx_crys", "", "2024-03-10"),
    ]
    assert found.columns == {"昵称": "name", "微信号": "wechat_id", "手机号": "phone", "入群日期": "joined_on"}


def test_a_wecom_customer_with_two_followers_is_one_person():
    found = read_roster(read_sheet(MEMBERS / "wecom_customers.xlsx"))
    assert (found.format, found.rejected) == ("wecom_customers", ())
    ali, tom = found.entries
    assert (ali.name, ali.rows, ali.joined_on, ali.channel) == ("阿梨", (2, 3), "2024-03-01", "扫描二维码")
    assert ali.tags == (("学员等级", "VIP"), ("来源", "老带新"), ("来源", "团购"))
    assert ali.extra["添加人"] == "群主小王、助理小李"
    assert (tom.name, tom.phone, tom.note, tom.extra["企业"]) == ("Tom@示例公司", "13800000009", "备注一行", "示例公司")


def test_two_wecom_customers_of_one_name_are_not_made_one():
    head = "客户名称,描述,添加人,添加人账号,添加时间,来源,手机,企业\n"
    row = "小明,,群主,wang,2024-03-01 10:00:00,扫码,{},微信\n"
    found = roster(head + row.format("13800000001") + row.format("13800000002") + row.format("13800000001"))
    assert [e.rows for e in found.entries] == [(2, 4)]
    assert [note.row for note in found.rejected] == [3]


def test_wechatmsg_contacts_without_rooms_and_public_accounts():
    found = roster(
        "UserName,Alias,Type,Remark,NickName,PYInitial,RemarkPYInitial,smallHeadImgUrl,bigHeadImgUrl,label,gender,"
        "telephone,signature,country/region,province,city\n"
        'wxid_ali,ali001,3,阿梨（早起）,阿梨🍀,AL,,,,"老学员,团购",女,13800000001,天天向上,CN,浙江,杭州\n'
        "wxid_tuan,,3,团团妈,,,,,,,,,,,,\n"
        "gh_123,news,3,,早报,,,,,,,,,,,\n"
        "123@chatroom,,2,,早起群,,,,,,,,,,,\n"
        "filehelper,,3,,文件传输助手,,,,,,,,,,,\n"
        "wxid_none,,3,,,,,,,,,,,,,\n"
    )
    assert found.format == "wechatmsg_contacts"
    ali, tuan = found.entries
    assert (ali.name, ali.wxid, ali.wechat_id, ali.remark) == ("阿梨🍀", "wxid_ali", "ali001", "阿梨（早起）")
    assert (ali.phone, ali.tags, ali.extra["province"]) == ("13800000001", (("", "老学员"), ("", "团购")), "浙江")
    assert (tuan.name, tuan.remark) == ("团团妈", "团团妈")
    assert [note.row for note in found.skipped] == [4, 5, 6]
    assert problems(found.rejected) == [(7, "there is no name")]


def test_titles_blank_rows_totals_and_guards_around_the_members():
    found = roster(
        "2024年春季营成员名单,,,,\n,,,,\n序号,* 群昵称（必填）,手机号：,入群时间,学号\n"
        '1,阿梨,\'13800000001,45352,="0012"\n\n'
        "2,团团妈\t,138 0000 0002\t,2024年3月9日,0013\t\n"
        "序号,* 群昵称（必填）,手机号：,入群时间,学号\n"
        "3,小明,1.38E+10,２０２４／３／９,\n合计,3人,,,\n"
    )
    assert [(e.name, e.phone, e.joined_on, e.extra.get("学号")) for e in found.entries] == [
        ("阿梨", "13800000001", "2024-03-01", "0012"),
        ("团团妈", "13800000002", "2024-03-09", "0013"),
        ("小明", "", "2024-03-09", None),
    ]
    assert told(found.skipped) == [(7, "the header once more"), (9, "a total, not a person")]
    assert found.unmapped == ("序号", "学号")
    assert "shortened" in values(found.entries[2].warnings[0].reason)["problem"].what


def test_every_field_is_read():
    found = roster(
        "昵称,微信号,wxid,手机,入群日期,退群日期,渠道,生日,备注,标签,邀请人,备注名,城市\n"
        '阿梨,ali,wxid_1,13800000001,2024-03-01,2024-05-01,小红书,农历三月初五,"一行\n两行",老带新、等级:VIP,张三,梨,杭州\n'
    )
    (ali,) = found.entries
    assert ali.left_on == "2024-05-01"
    assert ali.birthday == Birthday(3, 5, lunar=True)
    assert (ali.channel, ali.note, ali.inviter, ali.remark) == ("小红书", "一行\n两行", "张三", "梨")
    assert ali.tags == (("", "老带新"), ("等级", "VIP"))
    assert ali.extra == {"城市": "杭州"}


def test_the_better_name_column_wins_and_the_other_is_kept():
    (entry,) = roster("姓名,群昵称\n张三,阿三\n").entries
    assert (entry.name, entry.remark, entry.extra) == ("阿三", "张三", {})
    (entry,) = roster("姓名,备注名,群昵称,微信昵称\n张三,老张,阿三,三\n").entries
    assert (entry.name, entry.remark, entry.extra) == ("阿三", "老张", {"姓名": "张三", "微信昵称": "三"})


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",13800000001,,", "there is no name"),
        ("\u200b\u200d\u2060,1,,", "the name has nothing to be seen in it"),
        ("\u3164,1,,", "the name has nothing to be seen in it"),
        ("#N/A,1,,", "{name} is a failed formula, not a name"),
        ("长" * 65 + ",1,,", "the name is longer than {limit} characters"),
        ("团团妈,二宝,1,2024-03-01,", "the row has more cells than the header"),
    ],
)
def test_rows_that_cannot_be_a_member_are_refused_with_the_reason(row, what):
    row = row + ",x" if what.startswith("the row") else row
    found = roster(f"昵称,手机号,入群日期,退群日期\n阿梨,13800000001,,\n{row}\n")
    assert len(found.entries) == 1
    assert problems(found.rejected) == [(3, what)]


@pytest.mark.parametrize(
    ("row", "column", "value", "what"),
    [
        ("小明,13800000002,2023-02-29,,", "入群日期", "2023-02-29", "there is no such day as {value}"),
        ("小明,13800000002,昨天,,", "入群日期", "昨天", "“{value}” is not a date"),
        ("小明,13800000002,3月9日,,", "入群日期", "3月9日", "“{value}” has no year"),
        ("小明,13800000002,,12.1,", "退群日期", "12.1", "“{value}” has no year"),
        ("小明,13800000002,,去年,", "退群日期", "去年", "“{value}” is not a date"),
        ("小明,13800000002,,,2月30日", "生日", "2月30日", "there is no such day as {value}"),
        (
            "小明,13800000002,2024-03-01,2024-02-01,", "退群日期", "2024-02-01",
            "left on {left}, before joining on {joined}; neither day is taken",
        ),
    ],
)  # fmt: skip
def test_a_bad_cell_is_left_out_with_a_warning_and_the_row_is_taken(row, column, value, what):
    found = roster(f"昵称,手机号,入群日期,退群日期,生日\n阿梨,13800000001,,,\n{row}\n")
    entry = found.entries[1]
    assert (entry.name, entry.phone, entry.joined_on, entry.left_on) == ("小明", "13800000002", None, None)
    (warning,) = entry.warnings
    assert (warning.row, warning.column, warning.value) == (3, column, value)
    assert getattr(values(warning.reason).get("problem"), "what", warning.reason.what) == what
    assert (found.rejected, entry.birthday) == ((), None)


def test_a_phone_that_is_none_is_warned_of_and_what_a_folded_twin_had_is_not_forgotten():
    found = roster("昵称,手机号\n小明,13800000002转1\n小明,12\n")
    (entry,) = found.entries
    assert (entry.rows, entry.phone) == ((2, 3), "")
    assert [(each.row, each.column) for each in entry.warnings] == [(2, "手机号"), (3, "手机号")]


@pytest.mark.parametrize("name", ["=1+1", "[bold]小明[/]", "<b>x</b>", "'; DROP TABLE member;--", "小明 | 夜猫", "10%"])
def test_names_that_mean_something_elsewhere_are_just_names(name):
    assert roster(f'昵称,手机号\n"{name}",138\n').entries[0].name == name


def test_what_is_cleaned_off_a_name_is_said():
    (entry,) = roster("昵称\n\x1b[31m小\u202e明\n").entries
    assert entry.name == "[31m小明"
    assert {values(note)["change"].what for note in entry.notes} == {
        "control characters removed",
        "invisible characters removed",
    }


def test_words_for_nothing_are_nothing():
    (entry,) = roster("昵称,手机号,入群日期,生日,渠道\n阿梨,无,-,保密,未知\n").entries
    assert (entry.phone, entry.joined_on, entry.birthday, entry.channel) == ("", None, None, "")


def test_a_failed_formula_beside_a_name_is_left_out_and_said():
    (entry,) = roster("昵称,渠道\n阿梨,#N/A\n").entries
    assert (entry.channel, [each.value for each in entry.warnings]) == ("", ["#N/A"])


def test_identical_rows_fold_and_contradicting_ones_are_refused():
    found = roster("昵称,微信号\n阿梨,ali\n阿梨,ali\n阿梨二号,ali\n小明,\n小明,\n")
    assert [(e.name, e.rows) for e in found.entries] == [("阿梨", (2, 3)), ("小明", (5, 6))]
    assert problems(found.rejected) == [(4, "the same person as in row {row}: {name}")]


def test_people_of_one_name_are_told_apart_by_what_both_give():
    found = roster("昵称,微信号,手机号\n小明,a,\n小明,b,\n小明,,13800000001\n小红,,13800000001\n小红,,13800000002\n")
    assert [(e.name, e.row) for e in found.entries] == [("小明", 2), ("小明", 3), ("小红", 5), ("小红", 6)]
    assert problems(found.rejected) == [(4, "the same person as in row {row}: {name}")]


def test_an_unknown_header_is_asked_about_once_and_then_remembered():
    sheet = sheet_from_text("代号,暗语,日子\n阿梨,138,2024-03-01\n", "群.csv")
    with pytest.raises(NeedsMapping) as question:
        read_roster(sheet)
    asked = question.value
    assert (asked.header, asked.sample) == (("代号", "暗语", "日子"), (("阿梨", "138", "2024-03-01"),))
    answer = Mapping(asked.header, ("name", IGNORED, "joined_on"))
    found = read_roster(sheet, answer)
    assert [(e.name, e.joined_on, e.extra) for e in found.entries] == [("阿梨", "2024-03-01", {})]
    assert asked.key == fingerprint(("代号 ", "＊暗语", "日子（必填）")) != fingerprint(("代号", "日子"))
    with pytest.raises(BadInput):
        read_roster(sheet_from_text("别的,暗语\n甲,1\n"), answer)


def test_a_nameless_column_and_a_repeated_header_keep_their_texts():
    (entry,) = roster("昵称,,备注,备注\n阿梨,x,一,二\n").entries
    assert (entry.note, entry.extra) == ("一", {"B": "x", "备注 2": "二"})


def test_tags_come_back_as_they_were_joined():
    tags = (("学员等级", "VIP"), ("", "团购"))
    assert split_tags(join_tags(tags)) == tags


def test_a_mapping_leaves_a_known_kind_of_file_what_it_is():
    text = "客户名称,描述,添加人,添加人账号,添加时间,来源,手机,标签组1(学员等级)\n"
    text += "阿梨,微信说的,群主,wang,2024-03-01,扫码,,VIP\n"
    sheet = sheet_from_text(text, "客户.csv")
    known = mapping_of(read_roster(sheet))
    assert (known.column("name"), known.column("note")) == (0, 1)
    found = read_roster(sheet, known.told(1, "remark").told(5, IGNORED))
    assert found.format == "wecom_customers"
    (ali,) = found.entries
    assert (ali.remark, ali.note, ali.channel, ali.tags) == ("微信说的", "", "", (("学员等级", "VIP"),))
    assert known.told(1, "name").fields[:2] == ("", "name")
    with pytest.raises(NeedsMapping):
        read_roster(sheet, known.told(0, ""))
