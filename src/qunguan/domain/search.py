"""What the search index holds of a member, and what a typed text asks of it.

One token per Hanzi, emoji or other single sign, so that any part of a name is a phrase; one token per Latin word or
run of digits, found by its beginning; for each run of Hanzi its pinyin and its initials from every syllable on; and the
phone backwards, so that its tail is a beginning. Tokens are separated by blanks, which suits FTS5's `ascii` tokenizer:
it takes everything beyond ASCII as it comes and so does not depend on the Unicode version SQLite was built with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice, product
from unicodedata import category, normalize

from qunguan.domain import pinyin
from qunguan.domain.text import folded

TAIL_DIGITS = 3
"""Digits from which a number is also looked for at the end of phones."""
_PHONE = "·"  # marks a phone written backwards; as punctuation it can never be part of a name or a query
_SPAN = 12  # syllables of one pinyin token: nobody types more than that to find a member
_VARIANTS = 8  # ways to read one run of Hanzi that are indexed
_NAME_END = " \t "  # between the characters of a name and its pinyin

_WORD = re.compile("[a-z\u00df-\u02ff\u0370-\u052f\u1e00-\u1fff]+|[0-9]+")
_TOKEN = re.compile(f"{_WORD.pattern}|.", re.DOTALL)
_DIGITS = re.compile("[0-9]+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_TWO_LETTER = ("zh", "ch", "sh")
_UMLAUT = re.compile("([ln])(?:yu|u(?=e))")  # passports write lyu, input methods take lue; the index has lv, lve


def document(names: Iterable[str], phone: str | None = None, tags: Iterable[str] = ()) -> str:
    """The tokens to index for one member: `names` with the main name first, then aliases.

    Each name and tag is a line: its characters, then what its first syllable starts. The last line has the rest, so
    that `ranking` can tell a hit at the beginning of a name from one inside it.
    """
    lines: list[str] = []
    rest: dict[str, None] = {}
    for name in dict.fromkeys((*names, *tags)):
        tokens = _tokens(name)
        heads: dict[str, None] = {}
        for at, run in enumerate(_hanzi_runs(tokens)):
            for start, token in _pinyin(run):
                (heads if at == 0 and start == 0 else rest)[token] = None
        lines.append(" ".join(tokens) + _NAME_END + " ".join(heads))
    if phone and (numbers := _DIGITS.findall(folded(phone))) and len(numbers[-1]) >= TAIL_DIGITS:
        rest[_PHONE + numbers[-1][::-1]] = None
    return "\n".join((*lines, " ".join(rest)))


def query(text: str) -> str | None:
    """The FTS5 expression that finds what was typed, every part of it; None if nothing in it can be looked for.

    Whatever is typed, the expression is valid: it is made of known tokens only, each in quotes.
    """
    terms = _terms(text)
    return " AND ".join(map(_expression, terms)) if terms else None


def ranking(text: str) -> Callable[[str], tuple[int, int]]:
    """Where a document belongs among the hits of `text`, lowest first: main name, alias, inside; short before long."""
    term = next(iter(_terms(text)), ("",))

    def rank(document: str) -> tuple[int, int]:
        """0 where the name begins with the term, 1 where an alias does, 2 elsewhere; of equal ones the shorter name."""
        name, *others, _rest = document.split("\n")
        place = 0 if _begins(name, term) else 1 if any(_begins(other, term) for other in others) else 2
        return place, len(name.partition(_NAME_END)[0])

    return rank


def _terms(text: str) -> list[tuple[str, ...]]:
    """The parts of `text` that must all be found: Latin words, numbers, runs of single signs."""
    terms: dict[tuple[str, ...], None] = {}
    for word in folded(text).split():
        for is_word, run in groupby(_tokens(word), key=lambda token: _WORD.fullmatch(token) is not None):
            tokens = tuple(run)
            terms.update(dict.fromkeys(zip(tokens) if is_word else [tokens]))
    return list(terms)


def _expression(term: tuple[str, ...]) -> str:
    if not _WORD.fullmatch(term[0]):
        return '"' + " ".join(term) + '"'
    spellings = _spellings(term[0])
    beginnings = " OR ".join(f'"{spelling}" *' for spelling in spellings)
    return f"({beginnings})" if len(spellings) > 1 else beginnings


def _spellings(word: str) -> tuple[str, ...]:
    """The beginnings that answer to the Latin word or number `word`."""
    other = _PHONE + word[::-1] if word.isdigit() and len(word) >= TAIL_DIGITS else _UMLAUT.sub(r"\1v", word)
    return (word,) if other == word else (word, other)


def _begins(line: str, term: tuple[str, ...]) -> bool:
    """Whether the name in `line` begins with `term`, or one of its words does."""
    if not _WORD.fullmatch(term[0]):
        return f"{line} ".startswith(" ".join(term) + " ")
    return any(f" {spelling}" in f" {line}" for spelling in _spellings(term[0]))


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(_unaccented(folded(text))) if _is_token(token)]


def _unaccented(text: str) -> str:
    return _ACCENTED.sub(lambda letter: normalize("NFD", letter.group())[0], text)


def _is_token(token: str) -> bool:
    """Letters, numbers and signs are looked for; punctuation, blanks and marks are not."""
    return token.isalnum() or (not token.isascii() and category(token[0])[0] in "LNSC")


def _hanzi_runs(tokens: list[str]) -> Iterator[list[tuple[str, ...]]]:
    """The readings of each run of Hanzi in `tokens`."""
    run: list[tuple[str, ...]] = []
    signs = [token if len(token) == 1 else " " for token in tokens]
    for options in (*pinyin.syllables("".join(signs)), ()):
        if options:
            run.append(options)
        elif run:
            yield run
            run = []


def _pinyin(run: list[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """(first syllable, token) for what may be typed for `run`: zhangsan, zs, zhs for 张三, and san for its 三.

    Of a longer run also the first syllable with the initials of the others: zhangsf for 张三丰.
    """
    for start in range(len(run)):
        # Backwards, so that the first syllable, the surname's, has all its readings among the variants.
        for said in islice(product(*run[start : start + _SPAN][::-1]), _VARIANTS):
            first, *others = said[::-1]
            initials = "".join(syllable[0] for syllable in others)
            yield start, first + "".join(others)
            if others:  # the initial of a single syllable is the beginning of the syllable
                yield start, first[0] + initials
                yield start, "".join(s[:2] if s.startswith(_TWO_LETTER) else s[0] for s in (first, *others))
            if start == 0 and len(others) > 1:
                yield start, first + initials
