"""Foreign files on the command line: the text of a 接龙, tables with any header, and the rows that were refused."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from qunguan.cli.command import Context, columns, interactive
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import FIELDS, CellWarning, RowNote
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import Mapping as Columns
    from qunguan.exchange.readers.headers import NeedsMapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk

T = TypeVar("T")

# Every field a column can be mapped to, as --map names it and as a person is asked for it.
FIELD_NAMES = {
    **FIELDS,
    "date": N_("day"),
    "state": N_("state"),
    "change": N_("change"),
    "expires_on": N_("last day"),
    "reason": N_("reason"),
    "key": N_("voucher"),
    "order_no": N_("order number"),
    "buyer": N_("buyer"),
    "receiver": N_("who receives it"),
    "member_ref": N_("the buyer's ID"),
    "paid_at": N_("paid at"),
    "ordered_at": N_("ordered at"),
    "amount": N_("amount paid"),
    "refund": N_("money gone back"),
    "status": N_("order status"),
    "items": N_("articles"),
    "sku": N_("variant"),
    "quantity": N_("quantity"),
    "item_amount": N_("price of the article"),
    "goods": N_("price of all articles"),
    "discount": N_("discount"),
    "freight": N_("freight"),
    "series": N_("name of the list"),
    "post": N_("number of the post"),
    "title": N_("title"),
    "kind": N_("kind"),
    "audience": N_("people reached"),
    "reads": N_("people who read it"),
    "clicks": N_("people who clicked"),
    "replies": N_("answers"),
    "orders": N_("orders"),
    "member": N_("the member's number"),
    "value": N_("number or account"),
    "wechat": N_("WeChat"),
    "wecom": N_("WeCom"),
    "qq": N_("QQ"),
    "email": N_("email"),
    "app": N_("app account"),
    "mp": N_("official account"),
    "agreed": N_("consent"),
    "text": N_("what was said"),
    "category": N_("category"),
    "skill": N_("can do"),
    "need": N_("needs"),
    "number": N_("number of the reply"),
}
# What --map says of a column that is no field: kept as a free field, or not kept.
_NO_FIELD = {"extra": "", "ignore": "-"}
_JIELONG_WORDS = ("接龙", "群接龙", "打卡", "例")


@frozen
class Kind:
    """One kind of table: the name its mappings are remembered under, its vocabulary, the columns it must have."""

    name: str
    vocabulary: dict[str, tuple[str, ...]]
    needed: tuple[str, ...]


def file_argument(parser: argparse.ArgumentParser) -> None:
    """FILE, `-` for standard input."""
    parser.add_argument("file", metavar="FILE", help=_("a file; - is standard input"))


def map_argument(parser: argparse.ArgumentParser) -> None:
    """--map for tables whose header is not recognised, or not as it is meant."""
    parser.add_argument("--map", type=told_columns, action="extend", metavar="FIELD=COLUMN,…", dest="mapping",
                        help=_("which column is which (extra=COLUMN keeps it as a free field, ignore=COLUMN leaves it "
                               "out); remembered for files with the same header"))  # fmt: skip


def told_columns(text: str) -> list[tuple[str, str]]:
    """`name=列名,phone=列名,extra=列名,ignore=列名` as (field, column). Raises BadInput."""
    found = []
    for part in text.replace("，", ",").split(","):
        field, sign, column = part.replace("＝", "=").partition("=")
        known = (*FIELD_NAMES, *_NO_FIELD)
        if not sign or field.strip() not in known or not column.strip():
            hint = N_("write it like name=COLUMN,phone=COLUMN with the fields: {known}")
            raise BadInput("{text} does not say which column is which", hint=hint, text=part[:40],
                           known=", ".join(known))  # fmt: skip
        found.append((field.strip(), column.strip()))
    return found


def read_text(path: str) -> str:
    """The text in a file or on standard input, whatever it is encoded in. Raises BadInput and NotFound."""
    from qunguan.exchange.readers.decode import decode, read_bytes

    return decode(read_bytes(path), _JIELONG_WORDS, path).text


def read_table(context: Context, desk: Desk, sheet: Sheet, kind: Kind, read: Callable[[Sheet, Columns | None], T]) -> T:
    """What `read` makes of a sheet, its columns as --map says, as was said before, as recognised, or as asked now.

    What was said is remembered for every file with the same header. Where nobody can be asked: BadInput that names
    the header and --map.
    """
    from qunguan.exchange.readers import headers
    from qunguan.services import members

    guess = headers.find(sheet, kind.vocabulary, needed=())[1]
    key = headers.fingerprint(guess.header)
    told: Columns | None = None
    if context.options.mapping:
        told = _merged(guess, context.options.mapping, sheet)
    try:
        found = read(sheet, told or desk.read(members.recall_mapping, kind.name, key))
    except headers.NeedsMapping as refusal:
        told = _merged(refusal.guess, _asked(context, refusal, kind), sheet)
        found, key = read(sheet, told), refusal.key
    if told is not None and not context.dry_run:
        desk.write(members.remember_mapping, kind.name, key, told)
    return found


def rejected(notes: Iterable[RowNote]) -> list[dict[str, Any]]:
    """Refused rows as JSON has them."""
    return [{"row": note.row, "reason": str(note.reason)} for note in notes]


def rejected_lines(notes: Iterable[RowNote]) -> list[str]:
    """Refused rows as people read them, nothing when there is none."""
    rows = [(note.row, note.reason) for note in notes]
    return ["", *columns((_("row"), _("not taken because")), rows, right=(0,))] if rows else []


def cell_warnings(found: Iterable[CellWarning]) -> list[dict[str, Any]]:
    """Cells that were not taken as JSON has them."""
    return [
        {"row": each.row, "name": each.name, "column": each.column, "value": each.value, "reason": str(each.reason)}
        for each in found
    ]


def cell_warning_lines(found: Iterable[CellWarning]) -> list[str]:
    """Cells that were not taken as people read them, nothing when there is none."""
    rows = [(each.row, each.name, each.column, each.value, each.reason) for each in found]
    header = (_("row"), _("name"), _("column"), _("value"), _("left as it was because"))
    return ["", *columns(header, rows, right=(0,))] if rows else []


def _merged(guess: Columns, told: Iterable[tuple[str, str]], sheet: Sheet) -> Columns:
    """The guess with what was told put over it. Raises BadInput for a column the file does not have."""
    heads = [match_key(head) for head in guess.header]
    for field, column in told:
        if match_key(column) not in heads:
            raise BadInput("there is no column {column}", where=sheet.name, hint=N_("the columns are: {header}"),
                           column=column[:40], header=" | ".join(guess.header))  # fmt: skip
        guess = guess.told(heads.index(match_key(column)), _NO_FIELD.get(field, field))
    return guess


def _asked(context: Context, refusal: NeedsMapping, kind: Kind) -> list[tuple[str, str]]:
    """The columns of the fields nobody could recognise, asked one by one on the terminal."""
    missing = [field for field in kind.needed if field not in refusal.guess.fields]
    if not interactive() or context.options.file == "-":
        example = ",".join(f"{field}={_('COLUMN')}" for field in missing)
        raise BadInput("the columns are not recognised: {header}", where=refusal.where,
                       hint=N_("say which column is which: --map {example}"),
                       header=" | ".join(refusal.header), example=example)  # fmt: skip
    for number, head in enumerate(refusal.header, 1):
        sample = " / ".join(row[number - 1] for row in refusal.sample if len(row) >= number and row[number - 1].strip())
        context.note(f"{number:>3}  {show(head)}  {show(sample)[:60]}")
    found = []
    for field in missing:
        answer = context.ask(_("Which column holds the {field}? (number or name)", field=_(FIELD_NAMES[field])))
        place = int(answer) if answer.isdecimal() and len(answer) < 4 else 0
        found.append((field, refusal.header[place - 1] if 1 <= place <= len(refusal.header) else answer))
    return found
