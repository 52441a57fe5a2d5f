"""Lines for a campaign's sheet as they are pasted: 接龙, names with amounts, teams, sides, helpers (S0-20, S3-22)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from qunguan.domain.campaign_terms import fen_typed, names_of
from qunguan.domain.campaigns import Playbook
from qunguan.domain.text import clean, match_key
from qunguan.values import frozen

MOST_LINES = 5_000
_LINE = 500
_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.,。、．)）]\s*(?=\S)")
_CHAIN = re.compile(r"#\s*(?:接龙|Group\s*Note)", re.IGNORECASE)
_COLON = re.compile(r"\s*[:：]\s*")
_COMMAS = re.compile(r"\s*[、，,；;]\s*")
_QTY = re.compile(r"(?:[x×*+]\s*(\d{1,6})|(\d{1,6})\s*(?:份|件|个|盒|套))")
_FEN = re.compile(r"[¥￥]\s*[\d.,]+|[\d.,]+\s*(?:元|块)|\d+\.\d{1,2}")
_TEAM = re.compile(r"第?\w{1,12}[团队组]|@\S+")
_CODE = re.compile(r"(?:码|code)\s*[:：=]?\s*(\S+)", re.IGNORECASE)


@frozen
class Line:
    """One person of a pasted text. `number` is the line it stood in, from 1; `helper` who helped them."""

    number: int
    name: str
    team: str = ""
    qty: int = 1
    amount_fen: int = 0
    code: str = ""
    note: str = ""
    helper: str = ""


def read(text: str, playbook: Playbook, terms: Mapping[str, str], knows: Callable[[str], bool]) -> Iterator[Line]:
    """The people of a text: "阿梨 99元 ×2 备注", "1团：阿梨、小王 39元、老陈", "阿梨：助力人、助力人" with helpers.

    In a 接龙 only numbered lines count. `knows` says whether a text is somebody's name, so that names with blanks in
    them stay whole. Raises BadInput for an amount that is none.
    """
    chain = _CHAIN.search(text) is not None
    for number, raw in enumerate(text.splitlines()[:MOST_LINES], 1):
        line = clean(raw, _LINE)
        found = _NUMBER.match(line)
        if not line or _CHAIN.match(line) or (chain and not found):
            continue
        bare = line[found.end() :] if found else line
        head, *tail = _COLON.split(bare, maxsplit=1)
        if tail and playbook.teams and head and not _is_code(head):
            yield from _group(number, head, tail[0], playbook, knows)
        elif bare:
            yield _person(number, bare, playbook, terms, knows)


def _is_code(head: str) -> bool:
    return match_key(head).endswith(("码", "code"))


def _group(number: int, head: str, tail: str, playbook: Playbook, knows: Callable[[str], bool]) -> Iterator[Line]:
    """The people of a team or a side, with what each paid where it is said; or who helped somebody."""
    parts = _COMMAS.split(tail) if _COMMAS.search(tail) else tail.split()
    found: list[Line] = []
    for part in filter(None, map(str.strip, parts)):
        if playbook.teams == "helpers":
            found.append(Line(number, head, helper=part))
            continue
        words = [part] if knows(part) else part.split()
        said = [word for word in words if _QTY.fullmatch(word) or _FEN.fullmatch(word)]
        name = " ".join(word for word in words if word not in said)
        one = Line(number, name, team=head) if name or not found else found.pop()
        for word in said:
            qty = _QTY.fullmatch(word)
            one = replace(one, qty=max(int(qty[1] or qty[2]), 1)) if qty else replace(
                one, amount_fen=fen_typed(word, where=f"#{number}"))  # fmt: skip
        found.append(one)
    yield from found


def _person(number: int, bare: str, playbook: Playbook, terms: Mapping[str, str], knows: Callable[[str], bool]) -> Line:
    if knows(bare):
        return Line(number, bare)
    code = _CODE.search(bare)
    words = (bare[: code.start()] + bare[code.end() :] if code else bare).replace("，", " ").replace(",", " ").split()
    sides = {match_key(each): each for each in names_of(terms, "sides")}
    team, qty, fen, rest = "", 1, 0, words[:1]
    for word in words[1:]:
        if match_key(word) in sides and not team:
            team = sides[match_key(word)]
        elif found := _QTY.fullmatch(word):
            qty = int(found[1] or found[2])
        elif _FEN.fullmatch(word):
            fen = fen_typed(word, where=f"#{number}")
        elif playbook.teams == "size" and not team and _TEAM.fullmatch(word):
            team = word.removeprefix("@")
        else:
            rest.append(word)
    cut = next((end for end in range(len(rest), 1, -1) if knows(" ".join(rest[:end]))), 1)
    return Line(number, " ".join(rest[:cut]), team, max(qty, 1), fen, code[1] if code else "", " ".join(rest[cut:]))
