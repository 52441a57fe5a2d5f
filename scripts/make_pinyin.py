"""Write src/qunguan/presets/pinyin.txt from pypinyin: which Hanzi are read how, without tones.

Loading pypinyin costs a quarter of a second and 54 MiB, this file a few milliseconds. A reading is kept when it is the
character's first, when words use it often enough, or when it is how the character is read in a name, which
pypinyin gets wrong (曾 is zeng, not ceng).

Lines: `zhang 张章…` first readings; `+zhang 长…` further readings, in order of weight; `=万俟 mo qi` whole surnames.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

TARGET = Path(__file__).parents[1] / "src" / "qunguan" / "presets" / "pinyin.txt"
SHARE = 0.08  # of a character's occurrences in the word list, before a further reading is worth indexing
READINGS = 3

NAMES = """
曾 zeng 单 shan 單 shan 解 xie 仇 qiu 区 ou 區 ou 查 zha 盖 ge 蓋 ge 乐 yue 樂 yue 覃 qin 翟 zhai 缪 miao 繆 miao
种 chong 秘 bi 繁 po 朴 piao 洗 xian 祭 zhai 召 shao 员 yun 員 yun 黑 he 折 she 郇 xun 能 nai 牟 mu 么 yao 佴 nai
乜 nie 宓 fu 句 gou 谌 shen 炅 gui 蔚 yu 莘 xin 柏 bo 藏 zang 卜 bu 适 kuo 郗 chi 郄 xi 阚 kan 隗 wei 茜 xi
晟 sheng 伽 jia 𠮷 ji
"""  # surnames first, then given names: what the character is called in a name, where a dictionary says otherwise

WHOLE = """
万俟 mo qi|尉迟 yu chi|尉遲 yu chi|长孙 zhang sun|長孫 zhang sun|单于 chan yu|單于 chan yu|澹台 tan tai|澹臺 tan tai
令狐 ling hu|拓跋 tuo ba|吐谷 tu yu|可频 ke pin|叱干 chi gan|宿六 su lu|鲜于 xian yu|乐正 yue zheng|樂正 yue zheng
亓官 qi guan|宰父 zai fu|夹谷 jia gu|公冶 gong ye|呼延 hu yan|百里 bai li|南宫 nan gong|东方 dong fang|欧阳 ou yang
"""


def plain(reading: str) -> str:
    """`reading` without its tone, ü as v as input methods want it, ASCII letters only."""
    return to_normal(reading).replace("ü", "v").replace("ê", "e")


def usage() -> dict[str, Counter[str]]:
    """How often the word list reads each character each way."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in PHRASES_DICT.items():
        for char, options in zip(phrase, readings, strict=False):
            seen[char][plain(options[0])] += 1
    return seen


def table() -> dict[str, list[str]]:
    """Readings of every Hanzi, the one to expect in a name first, at most `READINGS`."""
    pairs = NAMES.split()
    names: dict[str, list[str]] = defaultdict(list)
    for char, reading in zip(pairs[::2], pairs[1::2], strict=True):
        names[char].append(reading)
    seen = usage()
    result: dict[str, list[str]] = {}
    for code in PINYIN_DICT.keys() | set(map(ord, names)):
        char = chr(code)
        known = list(map(plain, PINYIN_DICT[code].split(","))) if code in PINYIN_DICT else names[char]
        total = seen[char].total()
        used = [r for r, n in seen[char].most_common() if r in known and n >= SHARE * total]
        result[char] = list(dict.fromkeys([*names.get(char, ()), known[0], *used]))[:READINGS]
    return result


def lines() -> list[str]:
    """The file, one line each; deterministic."""
    first: dict[str, list[str]] = defaultdict(list)
    further: dict[tuple[int, str], list[str]] = defaultdict(list)
    for char, readings in sorted(table().items()):
        first[readings[0]].append(char)
        for rank, reading in enumerate(readings[1:]):
            further[rank, reading].append(char)
    whole = [entry for row in WHOLE.split("\n") for entry in row.split("|") if entry]
    return [
        *(f"{reading} {''.join(chars)}" for reading, chars in sorted(first.items())),
        *(f"+{reading} {''.join(chars)}" for (_, reading), chars in sorted(further.items())),
        *(f"={entry}" for entry in whole),
    ]


if __name__ == "__main__":
    written = lines()
    TARGET.write_text("\n".join(written) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(written)} lines, {TARGET.stat().st_size:,} bytes")
