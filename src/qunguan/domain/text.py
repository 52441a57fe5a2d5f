"""Foreign text made safe: what may be stored, what may be drawn, and when two names are the same name.

Members choose their nicknames, so a name can hold anything: an escape sequence that writes the clipboard, a mark
that turns the line around, sixty accents on one letter, nothing visible at all. Every function here is pure and total
over all code points; what `clean` or `screen` gave, they give again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import lru_cache, partial
from unicodedata import category, combining, normalize

from qunguan.i18n import N_
from qunguan.late import pattern

_Step = Callable[[str], str]

NAME_LIMIT = 64
"""Code points a name may have (quality 2.2.6)."""
NOTE_LIMIT = 2000
"""Code points a note may have."""
MARK_LIMIT = 4
"""Combining marks one letter may carry (quality 2.2.6)."""

CONTROLS_REMOVED = N_("control characters removed")
INVISIBLE_REMOVED = N_("invisible characters removed")
RECOMPOSED = N_("letters with accents written as one character")
MARKS_REMOVED = N_("stacked accents thinned out")
BLANKS_FOLDED = N_("extra blanks removed")
CUT = N_("cut to {limit} characters")

UNSHOWN = "□"
"""Stands on the screen for a character whose width terminals do not agree on."""

_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0020-\U000e007f"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SKIN = "\U0001f3fb-\U0001f3ff"
_LETTER_A, _LETTER_Z = 0x1F1E6, 0x1F1FF  # regional indicators: two of them make a flag
_EMOJI = "\u2300-\u23ff\u25fb-\u25fe\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_SYMBOL = _EMOJI + "\u2190-\u21ff\u25a0-\u25ff\u2900-\u297f"
_JOINING_SCRIPTS = "\u0600-\u109f\u1780-\u18af"  # Persian and Indic spelling needs the joiners
_FILLERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters by category, blank on every screen

# The everyday name: nothing in it needs a second look, so it costs one scan.
_PLAIN = re.compile(  # runs with one blank between them
    r"(?:[!-~\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]++ ?)++(?<! )"
)
_SIMPLE_KEY = pattern("[!-~\u3400-\u4dbf\u4e00-\u9fff]+")

_BLANKS = re.compile(r"\s+")
_LINE_END = pattern("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TAG_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f"
_STRAY = pattern(  # joiners and flag tags stay only where they shape something
    f"({_TAG_FLAG}|(?<=[{_SYMBOL}\ufe0f])\u200d(?=[{_SYMBOL}])"
    f"|(?<=[{_JOINING_SCRIPTS}])[{_JOINERS}](?=[{_JOINING_SCRIPTS}]))|[{_JOINERS}{_TAGS}]"
)
_SEQUENCE = pattern(  # one emoji and everything that changes its look
    f"([{_SYMBOL}])(?:[{_SELECTORS}{_SKIN}{_TAGS}\u20e3]|\u200d[{_SYMBOL}])+"
)
_CONTINUES = pattern(f"[{_JOINERS}{_TAGS}{_SKIN}]")
_TAIL = pattern(rf"[\s{_EMOJI}]+\Z")
_STACK = pattern(rf"m{{{MARK_LIMIT + 1},}}")

# Lone skin tones, and where emoji came or will come after Unicode 14: wide in one terminal, narrow in the next.
_UNSETTLED = pattern(
    f"[{_SKIN}\U0001f6d8-\U0001f6dc\U0001f6ed-\U0001f6ef\U0001f7f1-\U0001f7ff\U0001fa54-\U0001fa5f"
    "\U0001fa75-\U0001fa77\U0001fa7d-\U0001fa7f\U0001fa87-\U0001fa8f\U0001faad-\U0001faaf\U0001fabb-\U0001fabf"
    "\U0001fac6-\U0001facf\U0001fada-\U0001fadf\U0001fae8-\U0001faef\U0001faf7-\U0001faff]"
)
_DRESS = pattern(f"[{_SELECTORS}{_JOINERS}{_TAGS}\u20e3]")


class _Table(dict[int, "str | None"]):
    """A table for `str.translate` that asks its rule once per character and remembers, up to a bound."""

    REMEMBERED = 30_000  # more different characters than any community uses

    def __init__(self, rule: Callable[[str], str | None]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str | None:
        if len(self) >= self.REMEMBERED:
            self.clear()
        answer = self[code] = self._rule(chr(code))
        return answer


def _is_control(ch: str) -> bool:
    """C0, DEL, C1, surrogates and noncharacters: never text."""
    code = ord(ch)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or category(ch) in ("Cc", "Cs")


def _is_invisible(ch: str) -> bool:
    """Zero-width and direction marks, which only deceive; emoji joiners and flag tags are not among them."""
    kind = category(ch)
    if kind == "Cf":
        return not (ch in _JOINERS or "\U000e0020" <= ch <= "\U000e007f")
    if kind == "Cn":  # reserved by Unicode for more invisible marks
        return ch == "\u2065" or "\ufff0" <= ch <= "\ufff8" or "\U000e0000" <= ch <= "\U000e0fff"
    return kind in ("Zl", "Zp") or ch == "\u034f"


def _is_mark(ch: str) -> bool:
    return category(ch) in ("Mn", "Me") or combining(ch) > 0


def _picture(ch: str) -> str:
    code = ord(ch)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "\ufffd" if _is_control(ch) or _is_invisible(ch) else ch


def _cell(ch: str) -> str | None:
    """The character as every terminal gives it the same width; None where it adds nothing."""
    code = ord(ch)
    if _LETTER_A <= code <= _LETTER_Z:
        return chr(code - _LETTER_A + ord("A"))
    if ch in _FILLERS:
        return " "
    if _is_invisible(ch) or _DRESS().fullmatch(ch):
        return None
    if _is_control(ch):
        return _picture(ch)
    unassigned = category(ch) == "Cn" and not 0x20000 <= code < 0x3FFFE  # beyond: all ideographs, all wide
    return UNSHOWN if unassigned or _UNSETTLED().fullmatch(ch) else ch


_NO_CONTROLS = _Table(lambda ch: None if _is_control(ch) else ch)
_NO_INVISIBLES = _Table(lambda ch: None if _is_invisible(ch) else ch)
_MARKS = _Table(lambda ch: "m" if _is_mark(ch) else "-")
_SHOWN = _Table(_picture)
_CELLS = _Table(_cell)


def clean(s: str, limit: int = NAME_LIMIT) -> str:
    """What may be stored of `s`, at most `limit` code points (quality 2.2.6, D4)."""
    return s if len(s) <= limit and _PLAIN.fullmatch(s) else cleaned(s, limit)[0]


def cleaned(s: str, limit: int = NAME_LIMIT) -> tuple[str, tuple[str, ...]]:
    """What may be stored of `s`, and what was changed: message IDs to be shown with `_(reason, limit=limit)`."""
    if len(s) <= limit and _PLAIN.fullmatch(s):
        return s, ()
    reasons: dict[str, None] = {}
    steps: tuple[tuple[str, _Step], ...] = (*_STEPS, (CUT, partial(_cut, limit=limit)))
    while True:  # dropping one thing may bring others together; almost always once through is enough
        before = s
        for reason, step in steps:
            after = step(s)
            if after != s:
                reasons[reason] = None
                s = after
        if s == before:
            return s, tuple(reasons)


def clean_lines(s: str, limit: int = NOTE_LIMIT) -> str:
    """What may be stored of a note: each line clean, at most one empty line in a row, at most `limit` code points."""
    lines = [clean(line, sys.maxsize) for line in _LINE_END().split(s)]
    text = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    if len(text) <= limit:
        return text
    return clean_lines(_cut(text, limit), limit)


def show(s: str) -> str:
    """What may be drawn of `s`: every control is a visible picture (␛), nothing is executed. One to one."""
    return s.translate(_SHOWN)


def screen(s: str) -> str:
    """What may be drawn of `s` in a form every terminal gives the same width (speed 5).

    A family is its first person, a flag its two letters, a heart its plain form; new emoji are `UNSHOWN`.
    """
    if _PLAIN.fullmatch(s):
        return s
    return normalize("NFC", _SEQUENCE().sub(r"\1", normalize("NFC", s)).translate(_CELLS))


def is_blank(s: str) -> bool:
    """Whether nothing of `s` can be seen: blanks, zero-width marks, Hangul fillers, empty braille."""
    return not any(_is_seen(ch) for ch in s)


def _is_seen(ch: str) -> bool:
    hidden = ch.isspace() or ch in _FILLERS or _DRESS().fullmatch(ch) or _is_invisible(ch) or _is_control(ch)
    return not hidden


def match_key(s: str) -> str:
    """The form in which names are compared (semantics 3.18); never stored as the name, never drawn.

    Width, case, selectors, skin tones, joiners, invisible marks and trailing emoji do not tell members apart; a name
    that is all emoji keeps them.
    """
    key = folded(s)
    return _TAIL().sub("", key) or key


def folded(s: str) -> str:
    """The key of `s` with its trailing emoji: what the search indexes."""
    return s.lower() if _SIMPLE_KEY().fullmatch(s) else match_positions(s)[0].rstrip()


def match_positions(s: str) -> tuple[str, tuple[int, ...]]:
    """The key before trailing emoji and blanks go, and for each of its characters the index in `s` it came from."""
    key: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER().finditer(s):
        for ch in _folded(cluster.group()):
            if ch.isspace():
                if not key or key[-1] == " ":
                    continue
                ch = " "
            key.append(ch)
            places.append(cluster.start())
    return "".join(key), tuple(places)


# A letter with what may melt into it: accents, vowels and finals of Hangul, the voicing of half-width kana.
_CLUSTER = pattern(
    r"(?s:.)[\u0300-\u036f\u1161-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f]*"
)
_IGNORED = _Table(lambda ch: ch if ch.isspace() or (_is_seen(ch) and not 0x1F3FB <= ord(ch) <= 0x1F3FF) else None)


@lru_cache(maxsize=2048)
def _folded(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower().translate(_IGNORED)
    return normalize("NFKC", normalize("NFKC", cluster.translate(_IGNORED)).casefold()).translate(_IGNORED)


def _thin(s: str) -> str:
    """At most `MARK_LIMIT` marks in a row."""
    for stack in reversed(list(_STACK().finditer(s.translate(_MARKS)))):
        s = s[: stack.start() + MARK_LIMIT] + s[stack.end() :]
    return s


def _cut(s: str, limit: int) -> str:
    """At most `limit` code points, cut between two characters as a reader sees them where that is possible."""
    if len(s) <= limit:
        return s
    end = limit
    while end > 0 and (s[end - 1] == "\u200d" or _CONTINUES().match(s[end]) or _is_mark(s[end])):
        end -= 1
    flag = len(s[:end]) - len(s[:end].rstrip("".join(map(chr, range(_LETTER_A, _LETTER_Z + 1)))))
    if flag % 2 and _LETTER_A <= ord(s[end]) <= _LETTER_Z:
        end -= 1
    return s[: end or limit]


_STEPS: tuple[tuple[str, _Step], ...] = (
    (BLANKS_FOLDED, lambda s: _BLANKS.sub(" ", s).strip()),
    (CONTROLS_REMOVED, lambda s: s.translate(_NO_CONTROLS)),
    (INVISIBLE_REMOVED, lambda s: _STRAY().sub(r"\1", s.translate(_NO_INVISIBLES))),
    (RECOMPOSED, partial(normalize, "NFC")),
    (MARKS_REMOVED, _thin),
)
