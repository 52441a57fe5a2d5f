"""Reads conditions as `condition_words` writes them, and as owners type them: `condition_typed`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from qunguan.domain.condition_words import (
    BARE,
    DAYS_OF,
    EQUALS,
    KNOWN_FIELDS,
    NUMBERS,
    YES,
    Tongues,
    kind_said,
    known_words,
)
from qunguan.domain.conditions import (
    AGES,
    DATED,
    MOST_DAYS,
    SPOKEN,
    WINDOWED,
    Both,
    Condition,
    Either,
    Fact,
    Growth,
    Holds,
    Kind,
    Measure,
    Named,
    Not,
    Op,
    Unit,
    same_word,
)
from qunguan.domain.errors import BadInput
from qunguan.domain.text import clean, show
from qunguan.i18n import N_, _

LIMIT: Final = 2000
"""Characters a condition may have."""
_DEEP = 20
_MOST = 100_000_000_000  # fen, the largest sum of money
_MYRIAD = 10_000

_BLANK = re.compile(r"\s*")
_OR = re.compile(r"或者|或|\|+|or\b", re.IGNORECASE)
_AND = re.compile(r"并且|而且|且|&+|and\b", re.IGNORECASE)
_NOT = re.compile(r"非|[!！]|not\b", re.IGNORECASE)
_OPEN, _CLOSE, _COLON = re.compile(r"[(（]"), re.compile(r"[)）]"), re.compile(r"[:：]")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"|“([^”]*)”|「([^」]*)」')
_OPS: Final[tuple[tuple[re.Pattern[str], Op], ...]] = (
    (re.compile(r"[>＞][=＝]|[≥≧]|满|达到|不少于|至少|at least\b", re.IGNORECASE), ">="),
    (re.compile(r"[<＜][=＝]|[≤≦]|不超过|至多|at most\b", re.IGNORECASE), "<="),
    (re.compile(r"[>＞]|超过|多于|more than\b", re.IGNORECASE), ">"),
    (re.compile(r"[<＜]|不到|不满|少于|低于|(?:less than|under)\b", re.IGNORECASE), "<"),
    (re.compile(r"[=＝]{1,2}|是"), "="),
)
_AFTER: Final[tuple[tuple[re.Pattern[str], Op], ...]] = ((re.compile("以上"), ">="), (re.compile("以下|以内"), "<"))
_EQUAL = re.compile(r"[=＝]{1,2}|是|[:：]")
_NUMBER = re.compile(r"([\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?)\s*(万?)")
_MONTHS = re.compile(r"个?月|months?\b|m\b", re.IGNORECASE)
_DAYS = re.compile(r"天|日|days?\b|d\b", re.IGNORECASE)
_COUNTED = re.compile(r"元|块钱?|单|次|条|分|点|个|人|天|日|yuan\b|(?:orders?|points?|times|days?|d)\b", re.IGNORECASE)
_TIMES = re.compile(r"倍|x\b|times\b", re.IGNORECASE)
_WINDOW = re.compile(r"[/／]\s*([\d０-９]+)\s*(?:天|日|days?\b|d\b)?", re.IGNORECASE)
_LAST = re.compile(r"(?:最近|近)\s*([\d０-９]+)\s*[天日]的?|last\s+(\d+)\s*d(?:ays?)?\b", re.IGNORECASE)
_PRIOR = re.compile(r"(?:此前|之前|前)\s*([\d０-９]+)\s*[天日]的?|prior\s+(\d+)\s*d(?:ays?)?\b", re.IGNORECASE)


def _words(tables: Iterable[dict[Kind, Tongues]]) -> tuple[re.Pattern[str], dict[str, Kind]]:
    kinds = {
        same_word(word): kind
        for table in tables
        for kind, tongues in table.items()
        for words in tongues.values()
        for word in words
    }
    longest = sorted(kinds, key=len, reverse=True)
    # a word in letters ends where the letters end
    known = "|".join(re.escape(word) + (r"(?![a-z])" if word.isascii() else "") for word in longest)
    return re.compile(known, re.IGNORECASE), kinds


_NUMBER_WORDS, _NUMBER_KINDS = _words([NUMBERS])
_EQUAL_WORDS, _EQUAL_KINDS = _words([EQUALS])
_YES_WORDS, _YES_KINDS = _words([YES])
_DATE_WORDS, _DATE_KINDS = _words([DAYS_OF])
_KNOWN = {
    same_word(word): name for name, tongues in KNOWN_FIELDS.items() for words in tongues.values() for word in words
}


def condition_typed(text: str, *, where: str = "") -> Condition:
    """A condition from what the owner typed. Raises BadInput with the place and what is possible there."""
    typed = clean(text, LIMIT + 1).replace("\n", " ")
    if len(typed) > LIMIT:
        raise BadInput("the condition is longer than {most} characters", where=where, most=LIMIT)
    reader = _Reader(typed, where)
    found = reader.either()
    reader.end()
    return found


class _Reader:
    """The text and how far it is read."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.at = self.depth = 0

    # -- joints

    def either(self) -> Condition:
        """What 或 joins, the weakest joint."""
        parts = [self.both()]
        while self.take(_OR):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Condition:
        """What 且 joins."""
        parts = [self.one()]
        while self.take(_AND):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def one(self) -> Condition:
        """A condition turned round by 非, one in brackets, or one that asks something. Raises BadInput past 20 deep."""
        self.depth += 1
        if self.depth > _DEEP:
            raise self.wrong(N_("brackets and 非 are more than {most} deep"), N_("make it simpler"), most=_DEEP)
        if self.take(_NOT):
            found: Condition = Not(self.one())
        elif opened := self.take(_OPEN):
            found = self.either()
            if not self.take(_CLOSE):
                raise self.wrong(
                    N_("a bracket is not closed"), N_("it opens at character {place}"), place=opened.start() + 1
                )
        else:
            found = self.leaf()
        self.depth -= 1
        return found

    def end(self) -> None:
        """Raises BadInput where something is left."""
        self.blank()
        if self.at < len(self.text):
            raise self.wrong(N_("{text} is not understood here"), N_("join conditions with 且, 或, 非 and brackets"))

    # -- leaves

    def leaf(self) -> Condition:
        """What asks something: the longest word that is known here says what."""
        if last := self.take(_LAST):
            return self.lately(self.days(last))
        kind, reading = self.longest()
        if kind is None or reading is None:
            raise self.wrong(
                N_("{text} is nothing a condition can look at"),
                N_("there are: {known}"),
                known="、".join(known_words()),
            )
        self.take(reading)
        if reading is _EQUAL_WORDS:
            return self.equal(kind)
        if reading is _YES_WORDS:
            return self.yes(kind)
        if reading is _DATE_WORDS:
            return self.dated(kind)
        return self.number(kind)

    def longest(self) -> tuple[Kind | None, re.Pattern[str] | None]:
        """What is looked at here: of all that fit the longest word."""
        self.blank()
        best: tuple[Kind | None, re.Pattern[str] | None] = (None, None)
        most = 0
        for words, kinds in (
            (_NUMBER_WORDS, _NUMBER_KINDS), (_EQUAL_WORDS, _EQUAL_KINDS), (_YES_WORDS, _YES_KINDS),
            (_DATE_WORDS, _DATE_KINDS),
        ):  # fmt: skip
            found = words.match(self.text, self.at)
            if found and len(found[0]) > most:
                best, most = (kinds[same_word(found[0])], words), len(found[0])
        return best

    def lately(self, days: int) -> Condition:
        """What follows 近90天: a growth, or a number of that window."""
        found = self.peek(_NUMBER_WORDS)
        kind = _NUMBER_KINDS[same_word(found[0])] if found else None
        if kind is None or kind not in WINDOWED:
            countable = "、".join(kind_said(each) for each in NUMBERS if each in WINDOWED)
            raise self.wrong(N_("{text} is not counted over days"), N_("there are: {known}"), known=countable)
        self.take(_NUMBER_WORDS)
        start = self.at
        op, many = self.op(), self.take(_NUMBER)
        if op and many and self.take(_TIMES):
            pct = self.amount(many) * 100
            prior = self.take(_PRIOR)
            if prior is None:
                raise self.wrong(N_("say what it is compared with"), N_("write it like 近90天消费≥1.5倍 前90天"))
            return Growth(kind, days, op, self.whole(pct, 1_000_000), self.days(prior))
        self.at = start
        return self.number(kind, days)

    def number(self, kind: Kind, days: int | None = None) -> Condition:
        """What follows the name of a number."""
        op = self.op()
        if kind == "level" and op == "=" and not self.peek(_NUMBER):
            return Named(Fact("level"), self.word())
        many = self.take(_NUMBER)
        if many is None:
            raise self.unmeasured(kind)
        self.take(_DAYS if kind in AGES else _COUNTED)
        op = op or next((sign for after, sign in _AFTER if self.take(after)), None)
        if op is None:
            raise self.unmeasured(kind)
        if self.peek(_WINDOW) and kind not in WINDOWED:
            raise self.wrong(N_("{fact} is not counted over days"), N_("leave out what stands after the /"),
                        fact=kind_said(kind))  # fmt: skip
        days = self.window() if days is None else days
        bar = self.whole(self.amount(many) * (100 if kind == "spent" else 1), _MOST)
        if kind in AGES & SPOKEN:
            days = age_window(op, bar)
        return Measure(Fact(kind, days), op, bar)

    def equal(self, kind: Kind) -> Condition:
        """What follows the name of something that is a word."""
        if kind == "field":
            self.take(_COLON)
        field = self.word() if kind == "field" else ""
        if not self.take(_EQUAL):
            raise self.wrong(N_("{fact} needs = and a word"), N_("write it like {example}"), fact=kind_said(kind),
                        example=_example(kind))  # fmt: skip
        if kind != "tag":
            return Named(Fact(kind, name=field), self.word())
        first = self.word(empty=True)
        name = f"{first}:{self.word()}" if self.take(_COLON) else first
        return Holds(Fact("tag", name=name)) if name else Holds(Fact("tag", name=self.word()))

    def yes(self, kind: Kind) -> Condition:
        """What follows a yes or no: its window, its name."""
        if kind == "orders":
            return Measure(Fact("orders", self.window()), "=", 0)
        if kind == "known":
            quoted = self.peek(_QUOTED)
            name = self.word()
            return Holds(Fact("known", name=name if quoted else _KNOWN.get(same_word(name), name)))
        if kind == "bought":
            self.take(_EQUAL)
            name = self.word()
            return Holds(Fact("bought", self.window(), name=name))
        return Holds(Fact(kind))

    def dated(self, kind: Kind) -> Condition:
        """What follows 距 or 自: the field, a sign, so many days or months."""
        field = self.word()
        op, many = self.op(), self.take(_NUMBER)
        if op is None or many is None:
            raise self.unmeasured(kind)
        unit: Unit = "m" if self.take(_MONTHS) else "d"
        self.take(_DAYS)
        return Measure(Fact(kind, name=field, unit=unit), op, self.whole(self.amount(many), _MOST))

    def unmeasured(self, kind: Kind) -> BadInput:
        """A number without its bar."""
        what, hint = N_("{fact} needs a sign and a number"), N_("write it like {example}")
        return self.wrong(what, hint, fact=kind_said(kind), example=_example(kind))

    # -- pieces

    def op(self) -> Op | None:
        """A sign, or the words for it; None where none stands here."""
        return next((sign for pattern, sign in _OPS if self.take(pattern)), None)

    def word(self, *, empty: bool = False) -> str:
        """A name, in quotes or bare. Raises BadInput where none stands, or (unless `empty` may be) an empty one."""
        if found := self.take(_QUOTED):
            name = next(each for each in found.groups() if each is not None).replace('""', '"')
            if name.strip() or empty:
                return name
        elif found := self.take(BARE):
            return found[0]
        raise self.wrong(N_("a word is missing"), N_('put one with blanks or signs in it into quotes: 标签="老 带新"'))

    def amount(self, found: re.Match[str]) -> Decimal:
        """The number that was read, 万 counted in."""
        digits = normalize("NFKC", found[1]).replace(",", "")
        return Decimal(digits) * (_MYRIAD if found[2] else 1)

    def whole(self, amount: Decimal, most: int) -> int:
        """A number without places, no larger than `most`. Raises BadInput."""
        if amount != int(amount):
            raise self.wrong(N_("this number has too many places"), N_("yuan have two places, the rest is whole"))
        if amount > most:
            raise self.wrong(N_("this number is too large"), N_("the largest is {most}"), most=most)
        return int(amount)

    def window(self) -> int | None:
        """The days of `/90天`; None where no window is given."""
        found = self.take(_WINDOW)
        return self.days(found) if found else None

    def days(self, found: re.Match[str]) -> int:
        """The days of a window that was read. Raises BadInput."""
        many = next(each for each in found.groups() if each is not None)
        days = int(many) if len(many) <= 6 else MOST_DAYS + 1
        if not 1 <= days <= MOST_DAYS:
            raise self.wrong(N_("a window has 1 to {most} days"), "", most=MOST_DAYS)
        return days

    def blank(self) -> None:
        """Go past blanks."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, past blanks, if the pattern fits it."""
        self.blank()
        return pattern.match(self.text, self.at)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The same, and go past it."""
        found = self.peek(pattern)
        if found:
            self.at = found.end()
        return found

    def wrong(self, what: str, hint: str, /, **values: object) -> BadInput:
        """What is wrong at this place."""
        rest = self.text[self.at :].strip()
        place = _("character {n}", n=min(self.at, len(self.text)) + 1)
        where = f"{self.where}: {place}" if self.where else place
        return BadInput(what, hint=hint, where=where, **{"text": show(rest[:20]) or "—", **values})


def age_window(op: Op, bar: int) -> int:
    """How many days a chat has to be known to hold an age against a bar: for `≥90` the last 90 days, for `>90` 91."""
    return max(1, min(bar + (op in (">", "<=", "=")), MOST_DAYS))


def _example(kind: Kind) -> str:
    if kind == "spent":
        return f"{kind_said(kind)}≥1000/365天"
    if kind in AGES:
        return f"{kind_said(kind)}≥90天"
    if kind in DATED:
        return f"{kind_said(kind)} 预产期>0天"
    if kind in EQUALS:
        return f"{kind_said(kind)}=VIP" if kind != "field" else f"{kind_said(kind)} 城市=上海"
    return f"{kind_said(kind)}≥5/7天" if kind in WINDOWED else f"{kind_said(kind)}≥5"
