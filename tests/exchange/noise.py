"""Chat exports as careless as life: writers of random ones, with what is unusual in them now and then."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

START = datetime.fromisoformat("2024-02-28 23:50:00")
TEXTS = (
    "早", "早", "早上好，今天也来打卡！", "", " ", "[图片]",
    '[语音] 3"', "[旺柴]哈哈", "![图片](a.png)", "@小美 你在吗？",
    "@小美\u2005看这里@阿强", "#接龙\n早起\n\n1. 小美\n2. 阿强", "两行\n\n2024-03-01 08:00:00 不是头", "=====",
    'a,b;"c"', "> 引用别人\n同意", '"小美"撤回了一条消息', "http://a.b/?c=d", "ＡＢＣ１２３", "😀" * 3,
)  # fmt: skip
PEOPLE = (
    ("wxid_1", "小美"), ("wxid_1", "小美 换名"), ("wxid_2", "阿强(12345)"), ("abc_def", ""), ("", "没有号"),
    ("系统消息", ""), ("我", "我"),
)  # fmt: skip


def said(dice: random.Random, count: int) -> Iterator[tuple[int, datetime, str, str, str]]:
    """When, who and what; moments stand still, and now and then go back."""
    at = START
    for number in range(count):
        at += timedelta(seconds=dice.choice((0, 0, 1, 30, 4000, -60)))
        yield number, at, *dice.choices(PEOPLE, (9, 2, 9, 3, 3, 1, 2))[0], dice.choice(TEXTS)


def stamp(dice: random.Random, at: datetime) -> str:
    return dice.choices((str(at), at.isoformat(), str(at.date()), "2024-02-30 08:00:00", "昨天"), (60, 5, 1, 1, 1))[0]


def chatlog(path: Path, dice: random.Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        header = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")
        rows.writerow(header)
        for number, at, who, name, text in said(dice, 900):
            chat = ("大群", "1@chatroom") if number % 200 < 150 else ("小群", f"{number % 2}@chatroom")
            rows.writerow((stamp(dice, at), name, who, *chat, text))
            if number in (333, 334):
                rows.writerow(header)
            if number == 400:
                rows.writerow(("short",))


def wechatmsg(path: Path, dice: random.Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent",
                       "StrTime", "Remark", "NickName", "Sender"))  # fmt: skip
        for number, at, who, name, text in said(dice, 900):
            kind, sub = dice.choices(((1, 0), (3, 0), (49, 57), (10000, 0), ("", "x")), (20, 3, 2, 1, 1))[0]
            unix = dice.choices((int(at.timestamp()), "", "3"), (40, 1, 1))[0]
            rows.writerow((dice.choice((number, number, "")), "9", kind, sub, 0, unix, "", text, stamp(dice, at), "",
                           name, "" if who in ("我", "系统消息") else who))  # fmt: skip


def wechatmsg_all(path: Path, dice: random.Random) -> None:
    wechatmsg(path, dice)
    path.write_text(path.read_text(encoding="utf-8").replace("wxid_2", "我"), encoding="utf-8")


def sheet(path: Path, dice: random.Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("who", "when", "kind", "count", "text", "群"))
        for number, at, who, name, text in said(dice, 900):
            when = dice.choices((stamp(dice, at), str(int(at.timestamp()))), (50, number > 600))[0]
            kind = dice.choices(("", "message", "join", "leave", "recall", "图片", "胡说"), (20, 9, 1, 1, 1, 2, 1))[0]
            count = dice.choices(("", "1", "-", "3", "0", "-2", "x"), (20, 9, 1, 2, 1, 1, 1))[0]
            rows.writerow((name or who, when, kind, count, text, "群" if number < 700 else ""))


def qq(path: Path, dice: random.Random) -> None:
    rule = "=" * 64
    with path.open("w", encoding="utf-8") as file:
        file.write(f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{rule}\n消息对象:大群\n{rule}\n\n")
        for number, at, who, name, text in said(dice, 1200):
            clear = number < 600  # below, what is no head looks like one
            known = {"系统消息": "(10000)", "": "<a@b.cn>", "我": "(80000000)"}.get(who, f"({20000 + len(who)})")
            forms = (
                str(at),
                f"{at:%Y-%m-%d} {at.hour}:{at:%M:%S}",
                f"{at:%Y/%m/%d %I:%M:%S %p}",
                f"{at:%Y-%m-32 %H:%M:%S}",
            )
            form = dice.choices(forms, (60, 20, 1, 1))[0]
            known = "" if dice.random() < 0.02 and not clear else known
            text = "还在" if clear and "\n\n" in text else text
            file.write(
                f"{form} {name}{known}\n{text}\n" + dice.choices(("\n", "", " \n"), (60, not clear, not clear))[0]
            )
            if number in (500, 1000):
                file.write(f"\n{rule}\n消息对象:小群\n{rule}\n\n")
