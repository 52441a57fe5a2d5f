"""The words by which people head their columns. First come first: a file with 群昵称 and 姓名 is read by the former."""

from __future__ import annotations

import re
import unicodedata

Vocabulary = dict[str, tuple[str, ...]]

_DECORATION = re.compile(r"[\s*:：]+|[(（](必填|选填|可选|必填项|非必填|required|optional)[)）]")

NAME = (
    "群昵称", "群名片", "群内昵称", "昵称", "微信昵称", "微信名", "微信名称", "qq昵称", "成员昵称", "成员", "成员名称",
    "会员昵称", "学员昵称", "用户昵称", "姓名", "名字", "名称", "成员姓名", "学员姓名", "会员姓名", "学员", "会员",
    "nickname", "name", "displayname", "member", "membername",
)  # fmt: skip
DATE = (
    "日期", "打卡日期", "打卡时间", "签到日期", "签到时间", "业务日期", "发生日期", "时间", "提交时间", "创建时间",
    "date", "day", "bizdate", "biz_date", "checkedinon", "time",
)  # fmt: skip

ROSTER: Vocabulary = {
    "name": NAME,
    "wechat_id": ("微信号", "微信id", "微信", "wechatid", "wechat_id", "wechat", "weixin"),
    "wxid": ("wxid", "微信原始id", "原始id"),
    "phone": (
        "手机号", "手机", "手机号码", "电话", "联系电话", "电话号码", "联系方式", "移动电话",
        "phone", "mobile", "phonenumber", "tel", "telephone",
    ),
    "joined_on": (
        "入群日期", "入群时间", "加入日期", "加入时间", "进群日期", "进群时间", "入会日期", "入会时间", "加群时间",
        "加群日期", "添加时间", "joinedon", "joined_on", "joindate", "joined",
    ),
    "left_on": (
        "退群日期", "退群时间", "离群日期", "离群时间", "退出日期", "退出时间",
        "lefton", "left_on", "leavedate", "left",
    ),
    "channel": ("渠道", "来源", "来源渠道", "渠道来源", "入群渠道", "进群渠道", "加入渠道", "channel", "source"),
    "birthday": ("生日", "出生日期", "出生年月日", "birthday", "birthdate", "dateofbirth"),
    "note": ("备注", "说明", "描述", "note", "notes", "comment"),
    "tags": ("标签", "成员标签", "客户标签", "用户标签", "tags", "tag", "label"),
    "remark": ("备注名", "微信备注", "好友备注", "remark"),
    "inviter": ("邀请人", "推荐人", "介绍人", "引荐人", "拉新人", "invitedby", "invited_by", "inviter", "referrer"),
}  # fmt: skip

# Columns of our own exports that say nothing new when the file comes back; the first one gives such a file away.
OWN_SIGN = frozenset(("成员编号", "memberid"))
OWN = OWN_SIGN | {"现用群名片", "groupcardnow", "曾用名", "formernames"}

WECOM: Vocabulary = {
    "name": ("客户名称",),
    "note": ("描述",),
    "joined_on": ("添加时间",),
    "channel": ("来源",),
    "phone": ("手机",),
}
WECOM_SIGNS = ("客户名称", "添加人")
WECOM_FOLLOWER = ("添加人", "添加人账号", "添加人所属部门")
WECOM_TAG_GROUP = re.compile(r"标签组\d*[(（](.+)[)）]")

WECHATMSG: Vocabulary = {
    "wxid": ("username",),
    "wechat_id": ("alias",),
    "remark": ("remark",),
    "name": ("nickname",),
    "tags": ("label",),
    "phone": ("telephone",),
}
WECHATMSG_SIGNS = ("username", "alias", "nickname", "remark")

CHECKINS: Vocabulary = {
    "name": NAME,
    "date": DATE,
    "state": ("状态", "打卡状态", "签到状态", "state", "status"),
    "note": ("内容", "打卡内容", "备注", "说明", "打卡备注", "note", "text", "content"),
}

POINTS: Vocabulary = {
    "name": NAME,
    "date": DATE,
    "change": (
        "变动", "积分变动", "变动积分", "变动数量", "增减", "积分", "分值", "分数", "积分值",
        "change", "amount", "points", "delta",
    ),
    "expires_on": (
        "有效期", "有效期至", "到期日", "到期日期", "过期日期", "失效日期", "expireson", "expires_on", "expires",
    ),
    "reason": ("原因", "事由", "说明", "备注", "变动原因", "摘要", "reason", "note"),
    "key": ("凭证号", "单号", "流水号", "凭证", "编号", "key", "voucher"),
}  # fmt: skip

KNOWN: frozenset[str] = frozenset(
    word
    for vocabulary in (ROSTER, WECOM, WECHATMSG, CHECKINS, POINTS)
    for synonyms in vocabulary.values()
    for word in synonyms
) | frozenset(("订单号", "跟团号", "收货人", "下单人", "商品", "添加人", "序号"))
"""Every header word known here; `decode` and the delimiter are settled by them."""


def plain(header: str) -> str:
    """A header cell as it is compared: NFKC, lower case, without blanks, colons, asterisks and （必填）."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", header).casefold())
