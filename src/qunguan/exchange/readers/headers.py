"""Which row heads a foreign table, and which column is which."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import words
from qunguan.exchange.readers.cells import text_cell
from qunguan.exchange.readers.sheets import HEAD_ROWS, Row, Sheet
from qunguan.i18n import N_
from qunguan.values import frozen

_SAMPLE = 5
_TOTAL = re.compile(
    r"(合计|总计|小计|共计|总数|总人数|合计人数|人数|total|sum)[:：]?\s*[\d,]*\s*[人个名位]?|共\s*\d+\s*[人个名位]",
    re.IGNORECASE,
)

IGNORED = "-"
"""In a `Mapping`: this column is not kept."""


@frozen
class Mapping:
    """What the columns of one kind of file mean: for each cell of `header` a field, "" (free extra) or `IGNORED`.

    Two lists of texts, so it can be kept as JSON under `fingerprint(header)` and used for every later file alike.
    """

    header: tuple[str, ...]
    fields: tuple[str, ...]

    def column(self, field: str) -> int | None:
        """The column of `field`, counted from 0."""
        return self.fields.index(field) if field in self.fields else None

    def columns(self) -> dict[str, str]:
        """Header → field, of the columns understood."""
        return {self.header[i]: field for i, field in enumerate(self.fields) if field not in ("", IGNORED)}

    def told(self, column: int, field: str) -> Mapping:
        """With `column`, counted from 0, meaning `field`, "" or `IGNORED`; who held the field before is free then."""
        fields = ["" if known == field and field not in ("", IGNORED) else known for known in self.fields]
        fields[column] = field
        return Mapping(self.header, tuple(fields))

    def unmapped(self) -> tuple[str, ...]:
        """Headers of the columns without a field."""
        return tuple(self.header[i] for i, field in enumerate(self.fields) if not field)


class NeedsMapping(BadInput):
    """The header does not say which column is the name (or what else is `missing`); the owner is asked once.

    `guess` holds the columns that were understood, `sample` the first rows below, `key` the header's fingerprint.
    """

    code = "needs_mapping"

    def __init__(
        self, what: str, *, where: str, guess: Mapping, sample: tuple[tuple[str, ...], ...], hint: str
    ) -> None:
        super().__init__(what, where=where, hint=hint, header=" | ".join(guess.header))
        self.guess, self.sample = guess, sample

    @property
    def header(self) -> tuple[str, ...]:
        """The header's cells as the file has them."""
        return self.guess.header

    @property
    def key(self) -> str:
        """What a mapping for this header is remembered by."""
        return fingerprint(self.guess.header)


def fingerprint(header: Sequence[str]) -> str:
    """The same 16 hex digits for headers that differ only in width, case, blanks and （必填）."""
    text = "\x1f".join(words.plain(cell) for cell in header)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def recognise(cells: Sequence[str], vocabulary: words.Vocabulary) -> Mapping:
    """The mapping that `vocabulary` gives a header: each field its best column, each column one field.

    In a file of our own the columns that only tell people something are not kept again.
    """
    header = _unique(cells)
    plain = [words.plain(cell) for cell in cells]
    fields = [""] * len(header)
    for field, synonyms in vocabulary.items():
        column = next((plain.index(word) for word in synonyms if word in plain and not fields[plain.index(word)]), None)
        if column is not None:
            fields[column] = field
    if words.OWN_SIGN.intersection(plain):
        fields = [IGNORED if word in words.OWN else field for word, field in zip(plain, fields, strict=True)]
    return Mapping(header, tuple(fields))


def find(sheet: Sheet, vocabulary: words.Vocabulary, needed: tuple[str, ...] = ("name",)) -> tuple[int, Mapping]:
    """(index in `sheet.rows`, mapping) of the header: the row with most known words, below titles and blanks.

    Raises `NeedsMapping` when no row has all the `needed` fields; its guess is then the most header-like row.
    """
    best = max(
        range(min(len(sheet.rows), HEAD_ROWS)),
        key=lambda i: (_known(sheet.rows[i], vocabulary), _full(sheet.rows[i], sheet), -i),
    )
    mapping = recognise(sheet.rows[best].cells, vocabulary)
    if all(field in mapping.fields for field in needed):
        return best, mapping
    raise _needs(sheet, best, mapping)


def _needs(sheet: Sheet, index: int, mapping: Mapping) -> NeedsMapping:
    return NeedsMapping(
        "the columns are not recognised: {header}",
        where=sheet.at(sheet.rows[index].number),
        guess=mapping,
        sample=tuple(row.cells for row in sheet.rows[index + 1 : index + 1 + _SAMPLE]),
        hint="Say which column holds the nickname; it is remembered for this kind of file.",
    )


def find_mapped(sheet: Sheet, mapping: Mapping, needed: tuple[str, ...] = ("name",)) -> int:
    """The index in `sheet.rows` of the header a remembered mapping was made for.

    Raises `BadInput` where there is none, `NeedsMapping` where no column is left for a `needed` field.
    """
    wanted = fingerprint(mapping.header)
    for index, row in enumerate(sheet.rows[:HEAD_ROWS]):
        if fingerprint(_unique(row.cells)) == wanted:
            if any(field not in mapping.fields for field in needed):
                raise _needs(sheet, index, mapping)
            return index
    hint = N_("Import it without the mapping and say again which column is which.")
    raise BadInput("the file does not have the columns this mapping was made for", where=sheet.name, hint=hint)


def find_people(
    sheet: Sheet,
    mapping: Mapping | None,
    tries: Iterable[words.Vocabulary],
    known: words.Vocabulary,
    needed: Callable[[Mapping], tuple[str, ...]],
) -> tuple[int, Mapping]:
    """(index in `sheet.rows`, mapping) of the header of a list that says of people what `needed` asks for; a member's
    number may stand in the place of the name. The header is looked for by each of `tries` in turn, its columns are
    told by all that is `known`.

    Raises as `find_mapped`, and the first refusal where none of them finds it.
    """
    if mapping is not None:
        return find_mapped(sheet, mapping, needed(mapping)), mapping
    refusal: NeedsMapping | None = None
    for vocabulary in tries:
        top = find(sheet, vocabulary, needed=())[0]
        found = recognise(sheet.rows[top].cells, known)
        for column, head in enumerate(sheet.rows[top].cells):
            if words.plain(head) in words.OWN_SIGN:  # a list of ours: this column is who is meant
                found = found.told(column, "member")
        try:
            find_mapped(sheet, found, needed(found))
        except NeedsMapping as error:
            refusal = refusal or error
        else:
            return top, found
    assert refusal is not None
    raise refusal


def not_data(row: Row, header: Row) -> Reason | None:
    """Why a row below the header is nobody's: a total, or the header repeated on a new page. None for a row of data."""
    if row.cells == header.cells:
        return Reason(N_("the header once more"))
    first = next(cell.strip() for cell in row.cells if cell.strip())
    return Reason(N_("a total, not a person")) if _TOTAL.fullmatch(first) else None


def check_width(row: Row, mapping: Mapping) -> None:
    """Raises `BadInput` where something stands in a cell that no column heads: which cell is whose is not sure."""
    if any(cell.strip() for cell in row.cells[len(mapping.header) :]):
        hint = N_("Head that column; in a CSV a name with a comma stands in quotation marks.")
        raise BadInput("the row has more cells than the header", hint=hint)


def _known(row: Row, vocabulary: words.Vocabulary) -> int:
    return sum(1 for field in recognise(row.cells, vocabulary).fields if field)


def _full(row: Row, sheet: Sheet) -> bool:
    """Whether the row is as wide as the table: a title is not."""
    filled = sum(1 for cell in row.cells if cell.strip())
    return 2 * filled > max(len(other.cells) for other in sheet.rows[:HEAD_ROWS])


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Header texts, the nameless called by their column letter and repeated ones numbered."""
    seen: dict[str, int] = {}
    header = []
    for index, cell in enumerate(cells):
        text = " ".join(text_cell(cell).split()) or _letter(index)
        seen[text] = seen.get(text, 0) + 1
        header.append(text if seen[text] == 1 else f"{text} {seen[text]}")
    return tuple(header)


def _letter(index: int) -> str:
    """The column's letter as Excel shows it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
