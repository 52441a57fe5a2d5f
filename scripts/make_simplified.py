"""Write src/qunguan/presets/simplified.txt from OpenCC's tables: how traditional characters are simplified.

A conversion library at run time would be a megabyte and a half for one rare command; what is needed of it is a table.
Characters outside the basic plane are left out: the simplified forms of those are in hardly any font.

Lines: `发 發髮` a simplified character and its traditional ones; `=乾坤 乾坤` words not converted by character.
"""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "qunguan" / "presets" / "simplified.txt"
HEAD = "# Made by scripts/make_simplified.py from the tables of OpenCC (Apache License 2.0)"
WRITINGS = "編著 專著 卓著 昭著 著述 著者 拙著"  # 著 in words the tables lack; elsewhere it is 着


def pairs(name: str) -> dict[str, str]:
    """Each entry of a table of OpenCC and its first conversion."""
    text = (files("opencc_purepy") / "dicts" / name).read_text(encoding="utf-8")
    entries = (line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith("#"))
    found = {entry: choices.split()[0] for entry, choices in entries}
    return {entry: chosen for entry, chosen in found.items() if max(map(ord, entry + chosen)) <= 0x9FFF}


def lines() -> list[str]:
    """The file, one line each; deterministic."""
    chars = {entry: chosen for entry, chosen in pairs("TSCharacters.txt").items() if entry != chosen}
    single = str.maketrans(chars)
    words = pairs("TSPhrases.txt")
    words |= {word: word.translate(single | {ord("著"): "著"}) for word in WRITINGS.split()}
    words |= {chosen: chosen for chosen in words.values()}  # simplifying what is simplified changes nothing
    by_simplified: dict[str, list[str]] = defaultdict(list)
    for entry, chosen in sorted(chars.items()):
        by_simplified[chosen].append(entry)
    return [
        HEAD,
        *(f"{chosen} {''.join(entries)}" for chosen, entries in sorted(by_simplified.items())),
        *(f"={word} {chosen}" for word, chosen in sorted(words.items()) if word.translate(single) != chosen),
    ]


if __name__ == "__main__":
    written = lines()
    TARGET.write_text("\n".join(written) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(written)} lines, {TARGET.stat().st_size:,} bytes")
