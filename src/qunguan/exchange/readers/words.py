"""The words by which people head their columns. First come first: a file with 群昵称 and 姓名 is read by the former."""

from __future__ import annotations

import re
import unicodedata

Vocabulary = dict[str, tuple[str, ...]]

_DECORATION = re.compile(r"[\s*:：]+|[(（](必填|选填|可选|必填项|非必填|required|optional|元|单位[:：]?元)[)）]")

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
    "remark": (  # a second column of names is what the member is called besides
        "备注名", "微信备注", "好友备注", "remark", "姓名", "真实姓名", "实名", "微信昵称", "微信名", "微信名称",
    ),
    "inviter": ("邀请人", "推荐人", "介绍人", "引荐人", "拉新人", "invitedby", "invited_by", "inviter", "referrer"),
}  # fmt: skip

# Columns of our own exports that say nothing new when the file comes back; the first one gives such a file away.
OWN_SIGN = frozenset(("成员编号", "memberid"))
OWN = OWN_SIGN | {"现用群名片", "groupcardnow", "曾用名", "formernames"}
LEDGER_SIGN = frozenset(("冲正哪笔", "reverses"))  # with it, an export of our own ledger

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

# Who brought whom (semantics 3.11).
INVITES: Vocabulary = {
    "inviter": (
        "邀请人", "邀请者", "推荐人", "介绍人", "分享人", "上级", "来源人", "inviter", "referrer", "invitedby", "from",
    ),
    "invitee": (
        "被邀请人", "被邀请者", "受邀人", "被推荐人", "新成员", "新人", "新朋友", "下级", "好友", "invitee", "referred",
        "newmember", "to",
    ),
    "joined": ("进群时间", "入群时间", "进群日期", "入群日期", "加入时间", "邀请时间", "助力时间", "joinedat", *DATE),
}  # fmt: skip

# What members said: who, when, of which kind, in which words.
FEEDBACK: Vocabulary = {
    "text": (
        "反馈内容", "投诉内容", "问题描述", "评价内容", "诉求", "原话", "反馈", "描述", "详情", "内容", "text", "words",
        "feedback", "comment", "content", "whatwassaid",
    ),
    "name": (
        "反馈人", "投诉人", "客户", "客户昵称", "顾客", "买家", "群昵称", "昵称", "姓名", "成员", "谁", "who", "name",
        "member", "customer", "nick", "whosaidit",
    ),
    "date": ("反馈时间", "投诉时间", "提出时间", "评价时间", "反馈日期", "投诉日期", "时间", "when", "saidat", *DATE),
    "kind": ("反馈类型", "投诉类型", "种类", "类型", "类别", "kind", "type", "kindoffeedback"),
    "category": ("问题分类", "反馈分类", "投诉原因", "原因", "分类", "category", "reason"),
}  # fmt: skip

# What came of posts (semantics 3.9): a post by its number, or by its day and title.
RESULTS: Vocabulary = {
    "post": ("帖子编号", "内容编号", "帖子id", "编号", "postid", "post_id", "id"),
    "title": (
        "标题", "帖子", "内容", "内容标题", "帖子标题", "文章标题", "推送标题", "主题", "title", "post", "content",
    ),
    "date": ("发布日期", "发布时间", "推送时间", "推送日期", "发送日期", "发送时间", *DATE),
    "kind": ("类型", "内容类型", "分类", "kind", "type"),
    "audience": (
        "触达", "触达人数", "触达数", "群人数", "送达", "送达人数", "送达数", "覆盖人数", "发送人数", "曝光",
        "曝光人数", "audience", "reach", "delivered", "sent", "impressions",
    ),
    "reads": (
        "阅读", "阅读人数", "阅读数", "打开", "打开人数", "打开数", "浏览", "浏览人数", "已读", "已读人数",
        "reads", "opens", "read", "opened", "views",
    ),
    "clicks": ("点击", "点击人数", "点击数", "点击量", "clicks", "click", "clicked"),
    "replies": ("回复", "回复数", "回复人数", "互动", "互动数", "评论", "评论数", "replies", "comments", "reply"),
    "orders": ("订单", "订单数", "下单", "下单数", "成交", "成交数", "下单人数", "orders", "order", "sales"),
}  # fmt: skip

# Who gets what for an incident (S4-20).
AMENDS: Vocabulary = {
    "name": NAME,
    "member": ("成员编号", "会员编号", "编号", "会员号", "memberid", "member_id"),
    "kind": ("类型", "赔付类型", "补偿类型", "赔付方式", "补偿方式", "方式", "种类", "kind", "type"),
    "amount": (
        "数值", "金额", "赔付金额", "补偿金额", "数额", "面值", "赔付", "补偿", "数量", "amount", "value", "sum",
        "元", "金额元", "现金", "红包", "退款", "退款金额", "红包金额", "转账金额", "yuan", "money", "refund",
    ),
    "reason": ("说明", "内容", "赔付内容", "补偿内容", "券码", "物品", "备注", "what", "note", "code", "description"),
    "key": ("凭证号", "凭证", "单号", "流水号", "转账单号", "voucher", "key", "reference"),
    "state": ("状态", "发放状态", "兑现状态", "state", "status"),
}  # fmt: skip

# What of these heads a column of yuan, where no column tells kinds.
AMENDS_MONEY = frozenset((
    "金额", "赔付金额", "补偿金额", "元", "金额元", "现金", "红包", "退款", "退款金额", "红包金额", "转账金额", "yuan",
    "money", "refund",
))  # fmt: skip

# 积分 heads a column of points as well as it stands in one of kinds: looked for where no kind is told.
AMENDS_POINTS: Vocabulary = {**AMENDS, "change": ("积分", "赔付积分", "补偿积分", "积分值", "points")}

# The ways to a member besides the group (S4-31); the channels' own names are in presets/channels.toml.
REACH: Vocabulary = {
    "name": NAME,
    "member": ("成员编号", "会员编号", "编号", "会员号", "memberid", "member_id"),
    "channel": ("渠道", "触达渠道", "联系渠道", "联系方式类型", "途径", "channel"),
    "value": ("联系方式", "账号", "号码", "地址", "联系账号", "value", "contact", "account", "address"),
    "agreed": ("同意", "同意联系", "是否同意", "授权", "可联系", "agreed", "consent", "optin"),
}  # fmt: skip

# Replies to a survey: who and when; every other column is a question. What else the form notes is known and not kept.
SURVEY: Vocabulary = {
    "number": ("序号", "答卷编号", "答卷序号", "答题序号", "编号", "no.", "no", "number"),
    "date": (
        "提交答卷时间", "提交时间", "答卷提交时间", "结束答题时间", "答题时间", "填写时间", "填表时间", "完成时间",
        "时间戳记", "时间戳", "timestamp", "submittedat", *DATE,
    ),
    "name": (*NAME, "填写人", "填写者", "填表人", "提交人", "答题人", "网名", "称呼", "怎么称呼", "微信昵称"),
    "phone": ROSTER["phone"],
    "wechat_id": ROSTER["wechat_id"],
    "duration": ("所用时间", "答题时长", "填写时长", "用时"),
    "source": ("来源", "答卷来源", "来源渠道"),
    "source_detail": ("来源详情", "来源详细"),
    "ip": ("来自ip", "ip", "ip地址", "答题ip"),
    "score": ("总分", "总得分"),
    "started": ("开始答题时间", "开始时间"),
}  # fmt: skip

RELATIONS: Vocabulary = {
    "name": NAME,
    "member": ("成员编号", "会员编号", "编号", "会员号", "memberid", "member_id"),
    "skill": (
        "技能", "擅长", "特长", "会什么", "我会什么", "能提供", "可提供", "我能提供", "能帮什么", "资源", "专长",
        "skill", "skills", "offers", "offer",
    ),
    "need": (
        "需求", "需要", "需要什么", "我需要", "想找", "在找", "求助", "想要", "想学", "need", "needs", "wants",
    ),
}  # fmt: skip

# One vocabulary for all shops (formats 11): no word of theirs means two things but where a shop's own words say so.
ORDERS: Vocabulary = {
    "order_no": (
        "跟团号", "跟团号/下单序号", "下单序号", "接龙号", "订单号", "订单编号", "商城订单号", "订单号(勿删)",
        "主订单号", "交易单号", "单号", "order_no", "orderno", "orderid", "ordernumber", "order",
    ),
    "buyer": (
        "下单人", "买家昵称", "微信昵称", "下单人昵称", "用户昵称", "客户昵称", "会员昵称", "群昵称", "团员昵称",
        "团员", "昵称", "买家", "客户", "顾客", "购买人", "下单用户", "用户", "会员", "客户名称", "客户姓名", "姓名",
        "成员", "buyer", "customer", "nickname", "name", "member",
    ),
    "receiver": ("收货人", "收件人", "收件人姓名", "收货人姓名", "买家姓名", "提货人", "receiver", "recipient"),
    "phone": (
        "联系电话", "买家手机号", "手机号", "手机", "手机号码", "电话", "收货人手机", "收货人电话", "收件人电话",
        "收件人手机", "收货电话", "联系方式", "phone", "mobile", "tel",
    ),
    "member_ref": (
        "会员编号", "会员号", "买家id", "用户id", "客户id", "wxid", "微信号", "userid", "customerid",
    ),
    "paid_at": (
        "支付时间", "买家付款时间", "付款时间", "支付日期", "付款日期", "交易时间", "成交时间", "paid_at", "paidat",
        "paidon", "paymenttime",
    ),
    "ordered_at": (
        "下单时间", "订单创建时间", "创建时间", "接龙时间", "下单日期", "订单日期", "订单时间", "日期", "时间",
        "createdat", "created_at", "orderdate", "date", "time",
    ),
    "amount": (
        "订单实付金额", "实付金额", "实际支付金额", "实付款", "实付", "实收金额", "实收", "订单总金额", "订单总额",
        "订单金额", "支付金额", "付款金额", "应付金额", "总金额", "总价", "合计金额", "金额", "amount", "total",
        "paid", "orderamount",
    ),
    "refund": ("退款金额", "订单退款金额", "订单退款", "已退款金额", "退款总额", "退款", "refund", "refunded"),
    "status": ("订单状态", "支付状态", "付款状态", "交易状态", "状态", "status", "orderstatus"),
    "items": (
        "全部商品名称", "商品合计", "商品名称", "商品", "商品信息", "商品明细", "购买商品", "货品", "货品名称", "品名",
        "接龙内容", "内容", "items", "item", "product", "goods",
    ),
    "sku": ("规格", "sku规格", "规格名称", "商品规格", "款式", "sku", "spec", "variant"),
    "quantity": ("数量", "商品数量", "购买数量", "件数", "份数", "quantity", "qty"),
    "item_amount": (
        "商品实际成交金额", "商品实付金额", "商品金额", "商品小计", "小计", "小计金额", "itemamount",
        "item_amount", "subtotal",
    ),
    "goods": ("商品金额合计", "商品总额", "商品总金额", "商品总价"),
    "discount": ("店铺优惠合计", "优惠合计", "优惠金额", "优惠", "discount"),
    "freight": ("运费", "邮费", "快递费", "配送费", "freight", "shipping", "postage"),
    "kinds": ("商品种类数",),
    "series": (
        "团名称", "团标题", "团购名称", "团购标题", "接龙名称", "接龙标题", "活动名称", "批次", "series", "group",
    ),
    "note": ("团员备注", "买家备注", "订单备注", "备注", "留言", "买家留言", "note", "remark", "comment"),
    "shop": ("下单店铺", "ordershop"),  # only in lists of our own
}  # fmt: skip

# Numbers that start again at 1 with every list: alone they tell no order from another (formats 11).
LIST_NUMBERS = frozenset(("跟团号", "跟团号/下单序号", "下单序号", "接龙号", "序号", "no.", "no"))
SHOP_SIGNS = {
    "ktt": (frozenset(("跟团号",)),),
    "qunjielong": (frozenset(("接龙号",)), frozenset(("下单序号",))),
    "youzan": (
        frozenset(("订单号", "买家付款时间")), frozenset(("订单号", "全部商品名称")),
        frozenset(("订单号", "店铺优惠合计")),
    ),
}  # fmt: skip
SHOP_NAMES = {
    "ktt": ("ktt", "快团团", "kuaituantuan"),
    "qunjielong": ("qunjielong", "群接龙"),
    "youzan": ("youzan", "有赞"),
    "generic": ("generic", "表格", "sheet"),
    "hand": ("hand", "手动", "手工", "byhand"),
}

KNOWN: frozenset[str] = frozenset(
    word
    for vocabulary in (ROSTER, WECOM, WECHATMSG, CHECKINS, POINTS, INVITES, RESULTS, AMENDS, REACH, RELATIONS, ORDERS)
    for synonyms in vocabulary.values()
    for word in synonyms
) | frozenset(("添加人", "序号"))
"""Every header word known here; `decode` and the delimiter are settled by them."""


def plain(header: str) -> str:
    """A header cell as it is compared: NFKC, lower case, without blanks, colons, asterisks, （必填） and （元）."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", header).casefold())
