"""Invent the sample community's papers: rosters, 接龙 and spreadsheets as an owner would have them.

Run it only to change the community; the papers are kept beside it and `build.py` reads those. The same seed gives the
same papers. Nobody in them exists.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

SOURCES = Path(__file__).parent / "sources"
LAST = date(2026, 3, 19)
FIRST = LAST - timedelta(days=119)
CAMP_FIRST = LAST - timedelta(days=12)  # the 21-day camp is on its 13th day
CHAIN_FIRST = LAST - timedelta(days=29)  # before that the owner kept a spreadsheet
WEEK_FIRST = LAST - timedelta(days=55)
CHAT_FIRST = LAST - timedelta(days=83)  # twelve weeks of talk
SHOP_FIRST, SHOP_SECOND = LAST - timedelta(days=58), LAST - timedelta(days=26)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏宇欣怡梓涵子轩雨泽诗琪浩然思远佳慧晓彤若曦一"
    "诺可馨天佑语嫣文博嘉懿俊熙沐宸乐安知夏清欢予墨"
)
NICK_WORDS = (
    "阿梨 团团 豆豆 小满 清风 星河 大山 早睡 半夏 橘子 南瓜 木木 小鹿 北北 夏天 可乐 年糕 布丁 芝麻 汤圆 "
    "十七 阿月 小禾 安安 青柠 白鹭 知夏 晚风 山茶 麦子 栗子 小舟 南星 拾光 云朵 梧桐 暖暖 阿宁 一苇 石榴 "
    "小筑 木棉 浅夏 长安 苏打 奶茶 海盐 薄荷 小鱼 咕咕 "
)
NICKS = NICK_WORDS.split()
MARKS = ["🍀", "🌸", "☀️", "🌿", "🐑", "💪🏻", "📚", "🌙", "✨", "🍊"]
ENGLISH = [
    "Tom",
    "Crystal",
    "Bell",
    "Mona",
    "Karry",
    "Shell",
    "Echo",
    "Luna",
    "Leo",
    "Amy",
    "Ivy",
    "Jasper",
    "Coco",
    "Kiki",
    "Momo",
    "Vivian",
]
CHANNELS = ["小红书", "朋友介绍", "公众号", "线下读书会", "抖音", "扫描二维码"]
WOKE = [
    "起床，读书半小时",
    "早饭+晨读",
    "跑步三公里",
    "冥想十分钟",
    "背单词",
    "写晨间日记",
    "陪娃早读",
    "拉伸",
    "听书",
    "抄了一页字",
]
BOOKS = [
    "《被讨厌的勇气》",
    "《活着》",
    "《蛤蟆先生》",
    "《认知觉醒》",
    "《瓦尔登湖》",
    "《人间草木》",
    "《亲密关系》",
    "《苏东坡传》",
]

GOODS = (("手作书签", 1280), ("桂花乌龙", 5800), ("读书笔记本", 3990), ("共读营报名", 19900), ("精装好书", 8800),
         ("月度书单", 2990))  # fmt: skip
TAGS = (("宝妈", 0.3), ("学霸", 0.1), ("种子用户", 0.08), ("买过书", 0.2))


@dataclass
class Person:
    """One invented member: the number in the roster, the name people see, and how steady they are (0 to 1)."""

    number: int
    name: str
    joined: date
    steady: float
    phone: str = ""
    birthday: str = ""
    channel: str = ""
    left: date | None = None
    tags: list[str] = field(default_factory=list)

    def here(self, day: date) -> bool:
        """Whether they are in the group on a day."""
        return self.joined <= day and (self.left is None or day <= self.left)


def people(rnd: random.Random, count: int, start: int) -> list[Person]:
    """Members who joined over the months; a few have left, a handful share a name or write it oddly."""
    names: list[str] = []
    while len(names) < count:
        kind = rnd.random()
        if kind < 0.42:
            name = rnd.choice(SURNAMES) + "".join(rnd.sample(GIVEN, rnd.choice((1, 2, 2))))
        elif kind < 0.78:
            name = rnd.choice(NICKS) + rnd.choice(["", "", "妈妈", "爱读书", "早起", "同学", rnd.choice(MARKS), "²"])
        elif kind < 0.9:
            name = rnd.choice(ENGLISH) + rnd.choice(["", "", rnd.choice(MARKS), "酱", ".L"])
        else:
            called = rnd.choice(SURNAMES) + rnd.choice(["姐", "哥", "妈"])
            name = f"{rnd.randint(1, 12)}栋-{rnd.randint(101, 1802)} {called}"
        if name not in names:
            names.append(name)
    found = []
    for place, name in enumerate(names):
        early = place < count * 0.6
        joined = FIRST - timedelta(days=rnd.randint(5, 200)) if early else FIRST + timedelta(days=rnd.randint(0, 112))
        one = Person(start + place, name, joined, min(0.97, max(0.03, rnd.betavariate(1.6, 1.3))))
        if rnd.random() < 0.55:
            one.phone = f"13{rnd.randint(0, 9)}{rnd.randint(0, 99999999):08d}"
        if rnd.random() < 0.3:
            one.birthday = f"{rnd.randint(1970, 2002)}-{rnd.randint(1, 12):02d}-{rnd.randint(1, 28):02d}"
        elif rnd.random() < 0.08:
            one.birthday = rnd.choice(["农历八月十五", "农历三月初三", "农历腊月廿三", "农历正月初八"])
        one.channel = rnd.choice(CHANNELS)
        one.tags = [tag for tag, chance in TAGS if rnd.random() < chance]
        if rnd.random() < 0.06 and (LAST - joined).days > 40:
            one.left = joined + timedelta(days=rnd.randint(20, (LAST - joined).days - 5))
        found.append(one)
    return found


def came(rnd: random.Random, one: Person, day: date) -> bool:
    """Whether a member checks in: steadiness, a lazy weekend, and Spring Festival takes its toll."""
    festival = date(2026, 2, 15) <= day <= date(2026, 2, 21)
    chance = one.steady * (0.55 if festival else 0.86 if day.weekday() > 4 else 1.0)
    return one.here(day) and rnd.random() < chance


def write_rows(name: str, rows: Iterable[Sequence[object]], encoding: str) -> None:
    """One table as Excel on a Chinese Windows leaves it: CRLF, quotes only where needed."""
    with (SOURCES / name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def roster(name: str, found: list[Person], day: date) -> None:
    """The owner's own roster of a day: GBK, a title above the header, guards before long numbers, a total below."""
    found = [one for one in found if one.joined <= day]
    rows: list[Sequence[object]] = [["早起读书群 成员名单（小鹿整理）"], []]
    rows.append(["编号", "群昵称", "微信号", "手机号", "入群日期", "退群日期", "生日", "渠道", "标签", "备注"])
    for one in found:
        left = f"{one.left:%Y/%m/%d}" if one.left and one.left <= day else ""
        joined = (
            f"{one.joined.year}年{one.joined.month}月{one.joined.day}日" if one.number % 3 else f"{one.joined:%Y/%m/%d}"
        )
        phone = f"{one.phone}\t" if one.phone else ""
        row = [f'="{one.number:04d}"', one.name, f"wx_{one.number:04d}", phone, joined, left, one.birthday]
        rows.append([*row, one.channel, "、".join(one.tags), ""])
    rows.append(["合计", len(found)])
    write_rows(name, rows, "gb18030")


def wecom(found: list[Person]) -> None:
    """The customer list of the second group, as 企业微信 names its columns; some customers have two followers."""
    header = ["客户名称", "描述", "添加人", "添加人账号", "添加人所属部门", "添加时间", "来源", "手机", "企业"]
    rows: list[Sequence[object]] = [[*header, "邮箱", "地址", "职务", "电话", "标签组1(阶段)", "标签组2(来源)"]]
    for one in found:
        stage = ["备孕", "孕期", "0-6月", "6月+"][one.number % 4]
        at = f"{one.joined} 1{one.number % 10}:05:00"
        row = [one.name, "", "小鹿", "xiaolu", "运营", at, one.channel, one.phone, "微信", "", "", "", ""]
        rows.append([*row, stage, "、".join(one.tags)])
        if one.number % 9 == 0:
            rows.append([*row[:2], "助理小雨", "xiaoyu", "运营", f"{one.joined} 20:00:00", *row[6:], "", ""])
    write_rows("宝妈成长营_客户列表.csv", rows, "utf-8-sig")


def daily_sheet(rnd: random.Random, found: list[Person]) -> None:
    """Ninety days of 每日签到 in one wide sheet, one column a day."""
    days = [FIRST + timedelta(days=n) for n in range((CHAIN_FIRST - FIRST).days)]
    rows: list[Sequence[object]] = [["昵称", *(f"{day:%Y/%m/%d}" for day in days)]]
    for one in found:
        cells = ["√" if came(rnd, one, day) else "" for day in days]
        for place in range(1, len(cells) - 1):
            if not cells[place] and cells[place - 1] and cells[place + 1] and one.here(days[place]):
                cells[place] = rnd.choice(["", "补卡", "补卡", "请假"])
        if any(cells):
            rows.append([one.name, *cells])
    write_rows("每日签到_旧表.csv", rows, "gb18030")


def chains(rnd: random.Random, found: list[Person], title: str, first: date, folder: str, share: float) -> None:
    """One 接龙 a day, growing out of the same people, each with a few words."""
    (SOURCES / folder).mkdir(exist_ok=True)
    joiners = [one for one in found if rnd.random() < share]
    for number in range((LAST - first).days + 1):
        day = first + timedelta(days=number)
        order = [one for one in joiners if came(rnd, one, day)]
        rnd.shuffle(order)
        lines = ["#接龙", f"{title} 第{number + 1}天", "例 昵称 几点起 做了什么", ""]
        for place, one in enumerate(order, 1):
            said = f"{rnd.randint(5, 7)}:{rnd.randint(0, 59):02d} {rnd.choice(WOKE)}"
            said += rnd.choice(["", "", rnd.choice(BOOKS), f"\n{rnd.choice(WOKE)}"])
            lines.append(f"{place}. {one.name} {said}")
        (SOURCES / folder / f"{day}.txt").write_text("\n".join(lines), encoding="utf-8")


def weekly(rnd: random.Random, found: list[Person]) -> None:
    """Reading notes twice a week in the second group, as a long sheet with made-up and excused weeks."""
    rows: list[Sequence[object]] = [["昵称", "打卡时间", "状态", "备注"]]
    for one in found:
        for week in range(8):
            monday = WEEK_FIRST - timedelta(days=WEEK_FIRST.weekday()) + timedelta(days=7 * (week + 1))
            picked = rnd.sample(range(6), 2) if rnd.random() < one.steady + 0.15 else []
            for offset in sorted(picked):
                day = monday + timedelta(days=offset)
                if one.here(day) and day <= LAST:
                    state = rnd.choice(["", "", "", "", "补卡"])
                    rows.append([one.name, f"{day:%Y-%m-%d} 21:{rnd.randint(10, 59)}", state, rnd.choice(BOOKS)])
            if not picked and one.here(monday) and rnd.random() < 0.15:
                rows.append([one.name, f"{monday:%Y-%m-%d} 08:00", "请假", "带娃回老家"])
    write_rows("每周读书笔记.csv", rows, "utf-8")


def points(rnd: random.Random, found: list[Person]) -> None:
    """The old points sheet: opening balances that expire, good shares, and what was exchanged."""
    rows: list[Sequence[object]] = [["昵称", "日期", "变动", "有效期", "原因", "凭证号"]]
    for one in found:
        if one.joined > FIRST + timedelta(days=30) or one.left or rnd.random() > 0.7:
            continue
        day = max(one.joined, FIRST) + timedelta(days=rnd.randint(0, 20))
        opening = rnd.choice([50, 80, 100, 120, 200])
        ends = rnd.choice([date(2026, 3, 31), date(2026, 4, 15), date(2026, 6, 30), date(2026, 12, 31)])
        rows.append(
            [one.name, f"{day:%Y/%m/%d}", f"+{opening}", f"{ends:%Y/%m/%d}", "老积分转入", f"K{one.number:04d}A"]
        )
        if rnd.random() < 0.4:
            share = day + timedelta(days=rnd.randint(10, 60))
            rows.append([one.name, f"{share:%Y/%m/%d}", "+20", "", "优质分享", f"K{one.number:04d}B"])
        if rnd.random() < 0.35:
            spent = day + timedelta(days=rnd.randint(15, 70))
            rows.append(
                [one.name, f"{spent:%Y/%m/%d}", f"-{rnd.choice([30, 50])}", "", "兑换书签", f"K{one.number:04d}C"]
            )
    write_rows("积分台账.csv", rows, "utf-8-sig")


def shop(found: list[Person]) -> None:
    """Two exports of the group's 快团团 shop, the second one longer: it repeats the first and brings refunds.

    Drawn from a stream of its own, so that the other papers stay as they are.
    """
    rnd = random.Random(20260320)
    buyers = [one for one in found if not one.left and rnd.random() < 0.3]
    rows: list[list[object]] = []
    for number in range(148):
        one = rnd.choice(buyers) if number % 3 else rnd.choice(buyers[:14])  # some come back often
        day = SHOP_FIRST + timedelta(days=number * ((LAST - SHOP_FIRST).days + 1) // 148)
        item, price = rnd.choice(GOODS)
        count = rnd.choice((1, 1, 1, 2, 3))
        called = f"{one.name}的朋友" if number % 37 == 5 else one.name
        phone = f"{one.phone[:3]}****{one.phone[-4:]}" if one.phone else ""
        paid = f"{day} {rnd.randint(8, 22):02d}:{rnd.randint(0, 59):02d}:{rnd.randint(0, 59):02d}"
        state = "待支付" if number % 41 == 7 else "已支付"
        sums = [f"{price * count / 100:.2f}", "0.00", state]
        there = ["桂花里自提点", called, phone, "桂花里小区"]
        when = paid if state == "已支付" else ""
        rows.append([number + 1, called, "", when, "", f"{item}*{count}", *sums, *there])
    header = [
        "跟团号",
        "下单人",
        "团员备注",
        "支付时间",
        "团长备注",
        "商品",
        "订单金额",
        "退款金额",
        "订单状态",
        "自提点",
    ]
    header += ["收货人", "联系电话", "详细地址"]
    early = [row for row in rows if str(row[3])[:10] <= str(SHOP_SECOND)]
    write_rows("快团团_前半.csv", [header, *early], "gb18030")
    for place, share in ((10, 1.0), (33, 0.5), (61, 1.0), (90, 0.3)):
        rows[place][7] = f"{float(str(rows[place][6])) * share:.2f}"
        rows[place][8] = "已退款" if share == 1.0 else "已支付"
    write_rows("快团团_全部.csv", [header, *rows], "utf-8-sig")


SAID = [
    "早",
    "早安～",
    "打卡了",
    "今天读到第三章",
    "这本书真好",
    "求书单",
    "有人一起共读吗？",
    "哈哈哈",
    "收到",
    "谢谢分享",
    "起晚了😂",
    "周末的线下有人去吗？",
    "怎么坚持早起的？",
    "我五点半就醒了",
    "慢慢来比较快",
    "书到了，包装很好",
    "明天继续",
    "给你点赞",
    "今天带娃，晚点补",
    "[图片]",
    "[动画表情]",
    "这个方法我试过，有用",
    "求链接",
    "+1",
    "刚跑完步",
    "这段摘得真好",
]
OWNER_SAID = [
    "大家早，今天的接龙在上面",
    "今日一问：最近哪本书改变了你？",
    "分享一篇：三步读懂一本书",
    "记得打卡哦",
    "今晚八点共读第四章",
    "本周书单：《活着》《人间草木》",
    "欢迎新朋友，先看群公告",
]


def chat(found: list[Person]) -> None:
    """Twelve weeks of the group's talk as chatlog exports it: in two files that overlap by a week.

    A third of the group talks, a few of them most; Spring Festival is quiet, the camp lively, the last days are not.
    Somebody has changed their name meanwhile, and one name is nobody's in the roster. Drawn from a stream of its own.
    """
    rnd = random.Random(20260321)
    talkers = [(one, min(7.0, rnd.paretovariate(1.1))) for one in found if rnd.random() < 0.36]
    renamed = talkers[5][0].number
    header = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"]
    rows: list[list[object]] = []
    for number in range((LAST - CHAT_FIRST).days + 1):
        day = CHAT_FIRST + timedelta(days=number)
        here = [(one, share) for one, share in talkers if one.here(day)]
        lively = 74 if day >= CAMP_FIRST else 16 if date(2026, 2, 15) <= day <= date(2026, 2, 21) else 58
        lively = 41 if (LAST - day).days < 3 else lively
        for one in found:
            if one.joined == day:
                line = f'"小鹿"邀请"{one.name}"加入了群聊'
                rows.append([_at(rnd, day), "", "系统消息", "早起读书群", "38214500@chatroom", line])
        for _each in range(rnd.randint(lively - 14, lively + 14)):
            if rnd.random() < 0.16:
                rows.append([_at(rnd, day), "小鹿", "wxid_xiaolu", "早起读书群", "38214500@chatroom",
                             rnd.choice(OWNER_SAID)])  # fmt: skip
                continue
            who = rnd.choices([one for one, _ in here], [share for _, share in here])[0]
            name = who.name
            if who.number == renamed and day > CHAT_FIRST + timedelta(days=60):
                name = f"{name}（已搬家）"
            rows.append([_at(rnd, day), name, f"wxid_q{who.number:04d}", "早起读书群", "38214500@chatroom",
                         rnd.choice(SAID)])  # fmt: skip
        if number % 9 == 4:
            rows.append([_at(rnd, day), "豆豆妈🌸", "wxid_q9001", "早起读书群", "38214500@chatroom", rnd.choice(SAID)])
    rows.sort(key=lambda row: str(row[0]))
    answer(rows)
    early, late = CHAT_FIRST + timedelta(days=55), CHAT_FIRST + timedelta(days=48)
    write_rows("群聊_前八周.csv", [header, *(row for row in rows if str(row[0])[:10] <= str(early))], "utf-8")
    write_rows("群聊_后五周.csv", [header, *(row for row in rows if str(row[0])[:10] >= str(late))], "utf-8")


def answer(rows: list[list[object]]) -> None:
    """Let some messages answer one of the last few of the day, as chatlog writes what is quoted; the owner answers more
    often. Drawn from a stream of its own, so that nothing else of the chat is another.
    """
    rnd = random.Random(20260322)
    for place, row in enumerate(rows):
        if row[2] == "系统消息" or rnd.random() >= (0.24 if row[2] == "wxid_xiaolu" else 0.13):
            continue
        near = [one for one in rows[max(0, place - 8) : place] if one[2] not in ("系统消息", row[2])]
        near = [one for one in near if str(one[0])[:10] == str(row[0])[:10]]
        if near:
            at, name, who, *_chat, said = rnd.choice(near)
            quoted = str(said).rsplit("\n", 1)[-1]
            row[5] = f"> {name}({who}) {str(at)[5:]}\n> {quoted}\n{row[5]}"


def _at(rnd: random.Random, day: date) -> str:
    """A moment of a day: mornings and evenings most."""
    hour = rnd.choices(range(24), [1, 0, 0, 0, 1, 6, 14, 16, 10, 6, 5, 5, 7, 5, 4, 4, 4, 5, 6, 9, 15, 13, 7, 3])[0]
    return f"{day} {hour:02d}:{rnd.randint(0, 59):02d}:{rnd.randint(0, 59):02d}"


def main() -> None:
    """Write every paper anew."""
    rnd = random.Random(20260319)
    SOURCES.mkdir(exist_ok=True)
    readers = people(rnd, 186, 1)
    mothers = people(rnd, 74, 401)
    mothers = [one for one in mothers if one.name not in {other.name for other in readers}]
    roster("早起读书群_2月名单.csv", readers, CHAIN_FIRST - timedelta(days=1))
    roster("早起读书群_3月名单.csv", readers, LAST)
    wecom(mothers)
    daily_sheet(rnd, readers)
    chains(rnd, readers, "每日签到", CHAIN_FIRST, "每日签到", 0.75)
    chains(rnd, readers, "21天早起", CAMP_FIRST, "21天早起", 0.62)
    weekly(rnd, mothers)
    points(rnd, readers)
    shop(readers)
    chat(readers)


if __name__ == "__main__":
    main()
