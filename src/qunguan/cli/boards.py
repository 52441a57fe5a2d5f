"""`qunguan board`: leaderboards by points, check-ins, streaks and referrals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qunguan.cli.command import Context, columns
from qunguan.cli.parser import whole
from qunguan.cli.table_file import write_out
from qunguan.domain.boards import BY, PERIODS, VALUES, BoardLine
from qunguan.domain.errors import BadInput
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """What the board goes by, over which days, and where it goes."""
    parser.add_argument("--by", choices=tuple(BY), default="points", help=_("what it goes by; points without it"))
    parser.add_argument("--period", choices=tuple(PERIODS), default="week", help=_("which days; the week without it"))
    parser.add_argument("--group", metavar="GROUP", help=_("only this group"))
    parser.add_argument("--challenge", metavar="C", help=_("only this challenge, by id or name"))
    parser.add_argument("--text", action="store_true", help=_("as text to paste into the group; quiet mode holds"))
    parser.add_argument("--top", type=whole, metavar="N", help=_("only the first N ranks"))
    parser.add_argument("--member", metavar="MEMBER", help=_("a private text with this member's own place"))
    parser.add_argument("--to", type=Path, metavar="FILE", help=_("write it to a file that ends in .md, .xlsx, .csv "
                        "or .json"))  # fmt: skip
    parser.set_defaults(command=board, honours_as_of=True)


def board(context: Context) -> None:
    """Print a leaderboard, or write it to a file."""
    from qunguan.exchange.writers import leaderboards as writers
    from qunguan.services import boards, checkins, groups, members, rules

    options = context.options
    if options.top is not None and options.top < 1:
        raise BadInput("{n} ranks are nothing to show", hint="use 1 or more", n=options.top)
    with context.desk() as desk:
        one = options.challenge is not None or options.period == "challenge"
        found = desk.read(checkins.find, context.clock, options.challenge) if one else None
        group = desk.read(groups.find, options.group) if options.group else None
        made = desk.read(
            boards.leaderboard, context.clock, options.by, options.period, group_id=group.id if group else None,
            as_of=context.as_of, challenge_id=found.id if found else None,
            top=None if options.member else options.top,
        )  # fmt: skip
        limit = int(desk.read(rules.value, "board.text_limit"))
        who = desk.read(members.resolve, options.member) if options.member else None
        name = desk.read(members.get, who).name if who is not None else ""
    lines = [line for line in made.lines if options.top is None or line.rank <= options.top]
    document: dict[str, Any] = {
        "by": made.by, "period": made.period, "first": made.first, "last": made.last, "scope": made.scope,
        "unit": made.unit, "counted": writers.counted_text(made), "quiet_top": made.quiet_top,
        "rows": [_line(line) for line in lines],
    }  # fmt: skip
    text = None
    if who is not None:
        text = writers.own_rank_text(made, who, name)
        own = made.of(who)
        document["own"] = _line(own) if own else None
    elif options.text:
        text = writers.leaderboard_text(made, limit, options.top)
    if text is not None:
        document["text"] = text
    if options.to is not None:
        write_out(context, writers.leaderboard_table(made), document)
        return
    rows = [(line.rank, line.member_id, line.name, line.value, line.behind or "") for line in lines]
    header = (_("rank"), _("id"), _("name"), _(VALUES[made.by]), _("to the next rank"))
    table = [writers.board_title(made), writers.counted_text(made), *columns(header, rows, right=(0, 1, 3, 4))]
    context.answer(document, table if text is None else text.split("\n"))


def _line(line: BoardLine) -> dict[str, Any]:
    return {"rank": line.rank, "member_id": line.member_id, "name": line.name, "value": line.value,
            "tied": line.tied, "behind": line.behind}  # fmt: skip
