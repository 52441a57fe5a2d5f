"""What one cell of a foreign table means: texts with their guards off, days, whole numbers, money, phones, ticks.

Cells come as text (`sheets` makes typed ones plain). Each function raises `BadInput` about the cell alone; the
reader that knows the row adds where it stands.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from qunguan.domain.errors import BadInput
from qunguan.exchange.triggers import is_trigger
from qunguan.i18n import N_
from qunguan.late import pattern

ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
"""What a failed formula leaves in a cell."""

LARGEST_INT = 10**9
MONEY_LARGEST_FEN = 10**12
_FLOAT_NOISE = Decimal("0.0001")  # fen: what is left over when binary fractions were added, never an amount

_NOTHING = frozenset(
    ("", "-", "--", "—", "——", "/", "\\", "无", "没有", "暂无", "未知", "不详", "保密", "n/a", "na", "null", "none")
)
_WIDTHS = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " ", 0xA0: " ", 0xFFE5: "¥", 0x2212: "-"}
_EXCEL_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_WHOLE = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.0*)?\s*(?:分|积分|点)?", re.ASCII)
_MONEY = re.compile(r"([+-]?)[¥$]?([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*(?:元|块|块钱|圆|rmb|cny)?", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)\.(\d+)e\+?(\d{1,2})", re.ASCII | re.IGNORECASE)
_PHONE = re.compile(r"[\d*xX]{5,20}", re.ASCII)
_DAY = re.compile(
    r"(\d{4})(?P<sep>[-/.年])\s*(\d{1,2})(?:(?P=sep)|月)\s*(\d{1,2})\s*[日号]?(?P<rest>(?:\D.*)?)", re.ASCII | re.DOTALL
)
_OF_YEAR = pattern(r"(1[0-2]|0?[1-9])\s*(?:月\s*(\d{1,2})\s*[日号]?|[-/.]\s*(\d{1,2}))", re.ASCII)
_OF_MONTH = pattern(r"(\d{1,2})\s*[日号]", re.ASCII)
_YEARS_NEAR = range(-8, 9)  # from one 29 February to the next it is eight years at most
_MONTHS_NEAR = range(-2, 3)
Lean = Literal["near", "past", "next"]
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(
    r"[T,\s]*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?\s*"
    r"(?:(上午|下午|凌晨|早上|晚上|am|pm)?\s*(\d{1,2})[:时点](\d{1,2})?分?(?::?(\d{1,2})秒?(?:\.\d+)?)?\s*(am|pm)?)?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?", re.ASCII)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of Excel's calendar has no zone
_AFTERNOON = ("下午", "晚上", "pm")

_YES = frozenset(("√", "✓", "✔", "✅", "☑", "●", "1", "1.0", "是", "有", "对", "y", "yes", "t", "true", "ok"))
_NO_WORDS = ("", "0", "0.0", "否", "无", "没", "没有", "未", "n", "no", "f", "false")
_NO = frozenset((*_NO_WORDS, "×", "✗", "✘", "❌", "☐", "□", "·", "-", "—"))


def text_cell(value: str) -> str:
    """The text a cell stands for: our own `'` guard, `="0012"`, and the tab Excel users append taken off.

    Undoes `writers.tables` exactly: a text that was written comes back as it was.
    """
    if value.startswith("'") and is_trigger(value[1:]):
        return value[1:]
    formula = _EXCEL_TEXT.fullmatch(value.strip()) if '="' in value else None
    if formula:
        return formula.group(1).replace('""', '"')
    return value.rstrip("\t")


def code_cell(value: str) -> str:
    """An ID, number or date: as `text_cell`, then without the `'` that keeps Excel from calculating, and blanks."""
    return text_cell(value).strip().removeprefix("'").strip()


def is_nothing(value: str) -> bool:
    """Whether a cell says that there is no value: empty, `-`, `无`, `未知`, a failed formula."""
    text = code_cell(value)
    return text.casefold() in _NOTHING or text.upper() in ERRORS


def folded(value: str) -> str:
    """As `code_cell`, full-width digits, signs and blanks as plain ones. Not NFKC: that makes 52 of 5²."""
    return code_cell(value).translate(_WIDTHS).strip()


def date_cell(value: str, *, serials: bool = True) -> date:
    """The day in `2024/3/1`, `2024-3-1 9:05`, `2024年3月1日`, `2024.3.1`, `20240301` or Excel's 45366 (formats 13).

    `serials=False` takes no bare five-digit number for a day. Raises `BadInput` for anything else and for days that
    do not exist; two-digit years and month-first dates are refused, not guessed.
    """
    return datetime_cell(value, serials=serials)[0]


def day_to_come(value: str, today: date, where: str = "") -> date:
    """A day as an owner types it where it is to come (`day_typed`). Raises BadInput."""
    return day_typed(value, today, "next", where)


def day_typed(value: str, today: date, lean: Lean = "near", where: str = "") -> date:
    """A day as an owner types it: as `date_cell`, or without its year (12月1日, 12-1, 12.1, 12/1) or month (9日, 9号).

    Of the days that can be meant it is the nearest to `today`: "past" up to it, "next" from it on. Raises BadInput.
    """
    text = folded(value)
    found = _OF_YEAR().fullmatch(text)
    alone = None if found else _OF_MONTH().fullmatch(text)
    if found is None and alone is None:
        try:
            return date_cell(value, serials=False)
        except BadInput as error:
            error.where = where
            raise
    meant = (
        _days_of(int(found[2] or found[3]), [(today.year + n, int(found[1])) for n in _YEARS_NEAR])
        if found
        else _days_of(int(alone[1]), [divmod(today.year * 12 + today.month - 1 + n, 12) for n in _MONTHS_NEAR], 1)
        if alone
        else []
    )
    if lean != "near":
        meant = [day for day in meant if (day <= today if lean == "past" else day >= today)]
    if not meant:
        raise BadInput("“{value}” is not a date", where=where, hint=N_("Write it like 2024-03-01."), value=text)
    return min(meant, key=lambda day: abs(day - today))


def _days_of(day: int, months: list[tuple[int, int]], base: int = 0) -> list[date]:
    """That day of each month which has it; `base` is added to the numbers of the months."""
    return [date(year, month + base, day) for year, month in months if 1 <= day <= monthrange(year, month + base)[1]]


def datetime_cell(value: str, *, serials: bool = True) -> tuple[date, time | None]:
    """The day, and the wall clock time beside it where there is one. As `date_cell`."""
    text = folded(value)
    serial = _SERIAL.fullmatch(text) if serials else None
    if serial:
        moment = _EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return moment.date(), moment.time() if serial.group(2) else None
    compact = _COMPACT.fullmatch(text)
    found = _DAY.fullmatch(text)
    clock = _CLOCK.fullmatch(found["rest"]) if found else None
    if compact is None and clock is None:
        if _OF_YEAR().fullmatch(text):
            raise BadInput("“{value}” has no year", hint=N_("Write the year before it, like 2024-03-01."), value=text)
        raise BadInput("“{value}” is not a date", hint=N_("Write it like 2024-03-01."), value=text[:40])
    year, month, day = compact.groups() if compact else found.group(1, 3, 4)  # type: ignore[union-attr]
    try:
        return date(int(year), int(month), int(day)), _clock_time(clock) if clock else None
    except ValueError as error:
        raise BadInput(
            "there is no such day as {value}", hint="Look it up in the calendar.", value=text[:40]
        ) from error


def _clock_time(clock: re.Match[str]) -> time | None:
    part, hour, minute, second, meridiem = clock.groups()
    if hour is None:
        return None
    half = (part or meridiem or "").lower()
    hours = int(hour)
    if half in _AFTERNOON and hours < 12:
        hours += 12
    elif half in ("上午", "凌晨", "am") and hours == 12:
        hours = 0
    return time(hours, int(minute or 0), int(second or 0))


def int_cell(value: str, *, largest: int = LARGEST_INT) -> int:
    """The whole number in `+5`, `1,234`, `５分`, `5.0`. Raises `BadInput` for fractions and beyond ±`largest`."""
    text = folded(value)
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise BadInput("“{value}” is not a whole number", hint="Write it like 5 or -20.", value=text[:40])
    digits = found.group(2).replace(",", "").lstrip("0")
    if len(digits) > len(str(largest)) or int(digits or "0") > largest:
        raise BadInput(
            "{value} is too large a number", hint="The largest is {largest}.", value=text[:40], largest=largest
        )
    number = int(digits or "0")
    return -number if found.group(1) == "-" else number


def is_money(value: str) -> bool:
    """Whether a cell is written as a sum of money; one that cannot be is refused by `money_cell`."""
    return _MONEY.fullmatch(folded(value).casefold()) is not None


def money_cell(value: str) -> int:
    """Money in fen from `￥12.5`, `12元`, `1,234.50`, and `29.330000000000002`, which is 29.33 once a program added it.

    Raises `BadInput` for parts of a fen and beyond 10^12 fen.
    """
    text = folded(value).casefold()
    found = _MONEY.fullmatch(text)
    if found is None or (found.group(1) and found.group(2)):
        raise BadInput("“{value}” is not a sum of money", hint="Write it like 12.50.", value=text[:40])
    front, back, whole, fraction = found.groups()
    if len(whole) > 20 or len(fraction or "") > 40:
        raise BadInput("{value} is too large a sum", hint="Check the cell.", value=text[:40])
    exact = Decimal(f"{whole.replace(',', '')}.{fraction or 0}") * 100
    fen = int(exact.to_integral_value(ROUND_HALF_UP))
    if abs(exact - fen) > _FLOAT_NOISE:
        raise BadInput("“{value}” has parts of a fen", hint="Write it like 12.50.", value=text[:40])
    if fen > MONEY_LARGEST_FEN:
        raise BadInput("{value} is too large a sum", hint="Check the cell.", value=text[:40])
    return -fen if "-" in (front, back) else fen


def phone_cell(value: str) -> str:
    """A phone number as digits, `+86` and grouping taken off; a masked one keeps its stars.

    Raises `BadInput` for text that is no number, and for `1.38E+10`, where the spreadsheet has thrown digits away.
    """
    text = folded(value)
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        first, rest, exponent = scientific.groups()
        if len(rest) < int(exponent):
            hint = N_("Format the column as text in the spreadsheet and enter the number again.")
            raise BadInput("the spreadsheet has shortened the phone number to {value}", hint=hint, value=text[:40])
        return first + rest[: int(exponent)]
    digits = re.sub(r"[\s\-()._]+", "", text)
    digits = re.sub(r"^(?:\+|00)?86(?=1[\d*]{10}$)", "", digits)
    digits = re.sub(r"^(\d{11})\.?0$", r"\1", digits) if text.endswith(".0") else digits
    if not _PHONE.fullmatch(digits.removeprefix("+")) or not any("0" <= ch <= "9" for ch in digits):
        raise BadInput("“{value}” is not a phone number", hint="Write only its digits.", value=text[:40])
    return digits


def tick_cell(value: str) -> bool:
    """Whether a box is ticked: √ 1 ✅ 是 y ● are, an empty one, 0, 否, ×, ❌ are not.

    A letter x is refused: half of the tables mean "present" by it and half "absent".
    """
    text = folded(value).replace("\ufe0f", "").casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    hint = N_("Write √ for yes and leave the cell empty for no.")
    raise BadInput("“{value}” is neither yes nor no", hint=hint, value=text[:40])
