"""The brokering book: two parties, a need, how far it is, the fee (S3-35).

Who needs something and who has it are members, or names of people outside. The fee is a share of what the deal is
worth, or fixed; it is due on the day the deal is done. Money is integer fen, shares are basis points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.fees import Account, Paid, account, checked_fen, checked_share, share_of
from qunguan.domain.money import short_yuan
from qunguan.domain.names import typed_name
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, clean_lines, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

TITLE_LIMIT: Final = 200

DealKind = Literal["match", "hiring", "pack"]
KINDS: Final[Mapping[DealKind, str]] = {
    "match": N_("match-making"), "hiring": N_("head-hunting"), "pack": N_("service pack"),
}  # fmt: skip
Stage = Literal["lead", "introduced", "talking", "agreed", "done", "lost"]
STAGES: Final[Mapping[Stage, str]] = {
    "lead": N_("lead"), "introduced": N_("introduced"), "talking": N_("talking"), "agreed": N_("agreed"),
    "done": N_("concluded"), "lost": N_("fell through"),
}  # fmt: skip
"""How far a deal is, in order; lost is no stage after done but beside it."""
_ROAD: Final[tuple[Stage, ...]] = ("lead", "introduced", "talking", "agreed", "done")
OVER: Final[frozenset[Stage]] = frozenset({"done", "lost"})


@frozen
class Party:
    """One side of a deal: a member, or a name of somebody outside; nobody yet where both are empty."""

    name: str = ""
    member_id: int | None = None

    @property
    def known(self) -> bool:
        """Whether there is somebody."""
        return bool(self.name) or self.member_id is not None


@frozen
class DealDraft:
    """A deal as the owner notes it. The fee is `fee_bp` of `worth_fen`, or `fee_fen` fixed; with neither a match takes
    the share of the rule deal.fee_pct."""

    title: str
    kind: DealKind = "match"
    need: str = ""
    seeker: Party = Party()
    giver: Party = Party()
    fee_bp: int | None = None
    fee_fen: int | None = None
    worth_fen: int | None = None


@frozen
class Move:
    """A stage a deal came to on a day."""

    id: int
    stage: Stage
    day: date
    note: str = ""


@frozen
class Deal:
    """A deal with all that was noted of it up to a day."""

    id: int
    group_id: int
    draft: DealDraft
    moves: tuple[Move, ...]
    payments: tuple[Paid, ...] = ()
    consent_on: date | None = None
    case_text: str = ""

    @property
    def title(self) -> str:
        """What it is about."""
        return self.draft.title

    @property
    def stage(self) -> Stage:
        """Where it stands: the newest move."""
        return self.moves[-1].stage

    @property
    def since(self) -> date:
        """The day it came there."""
        return self.moves[-1].day

    @property
    def fee_fen(self) -> int | None:
        """The whole fee; None while nobody knows what the deal is worth."""
        if self.draft.fee_fen is not None:
            return self.draft.fee_fen
        if self.draft.worth_fen is None:
            return None
        return share_of(self.draft.worth_fen, self.draft.fee_bp or 0)

    @property
    def account(self) -> Account:
        """What is due and received: the fee is due once the deal is done."""
        earned = [(self.since, self.fee_fen or 0)] if self.stage == "done" else []
        return account(earned, sum(each.fen for each in self.payments))


def following(stage: Stage) -> Stage | None:
    """The stage after one; None where it is over."""
    return None if stage in OVER else _ROAD[_ROAD.index(stage) + 1]


def stage_typed(text: str) -> Stage:
    """The stage that is meant, by its code or word. Raises BadInput."""
    wanted = match_key(text)
    for stage, words in STAGES.items():
        if wanted in (match_key(stage), match_key(words), match_key(_(words))):
            return stage
    raise BadInput("{text} is no stage of a deal", hint="say one of: {known}", text=show(text[:40]),
                   known=", ".join(STAGES))  # fmt: skip


def kind_typed(text: str) -> DealKind:
    """The kind that is meant, by its code or word. Raises BadInput."""
    wanted = match_key(text)
    for kind, words in KINDS.items():
        if wanted in (match_key(kind), match_key(words), match_key(_(words))):
            return kind
    raise BadInput("{text} is no kind of deal", hint="say one of: {known}", text=show(text[:40]),
                   known=", ".join(KINDS))  # fmt: skip


def checked_deal(draft: DealDraft, usual_bp: int) -> DealDraft:
    """A deal as it may be stored. `usual_bp` is what a match takes where no fee is told (S3-35). Raises BadInput."""
    if draft.fee_bp is not None and draft.fee_fen is not None:
        raise BadInput("the fee is a share or fixed, not both", hint="give one of --fee and --fixed")
    fee_bp = draft.fee_bp
    if fee_bp is None and draft.fee_fen is None:
        if draft.kind != "match":
            raise BadInput("the fee is missing", hint="say a share (--fee 20) or a sum (--fixed 3000)")
        fee_bp = usual_bp
    if fee_bp is not None:
        checked_share(fee_bp)
    for fen in (draft.fee_fen, draft.worth_fen):
        if fen is not None:
            checked_fen(fen)
    made = stored(draft)
    seeker, giver = made.seeker, made.giver
    if not seeker.known:
        raise BadInput("nobody needs anything yet", hint="name who needs it")
    if seeker == giver:
        raise BadInput("both parties are {name}", hint="name two", name=show(seeker.name or f"#{seeker.member_id}"))
    return replace(made, title=typed_name(made.title, limit=TITLE_LIMIT), need=clean_lines(made.need, NOTE_LIMIT),
                   fee_bp=fee_bp)  # fmt: skip


def stored(draft: DealDraft) -> DealDraft:
    """A draft with its parties as they are kept: a member has their name from the roster."""
    return replace(draft, seeker=_party(draft.seeker), giver=_party(draft.giver))


def _party(party: Party) -> Party:
    return replace(party, name="" if party.member_id is not None else clean(party.name, NAME_LIMIT))


def check_stage(draft: DealDraft, stage: Stage) -> None:
    """Whether a deal can be at a stage. Raises BadInput for one that lacks its second party, or its worth when done."""
    if stage not in ("lead", "lost") and draft.kind != "pack" and not draft.giver.known:
        raise BadInput("nobody is named who could help yet", hint="name who has it first: --giver NAME")
    if stage == "done" and draft.fee_fen is None and draft.worth_fen is None:
        raise BadInput("what the deal is worth is not known, so the fee is not either", hint="say it: --worth 100000")


def case_of(found: Deal, group: str) -> str:
    """The case as it may be shown: the owner's text, or one made of what is known, with names (S3-35).

    Raises Refused for a deal that is not done, or that not both parties let be shown.
    """
    if found.consent_on is None:
        raise Refused("{name} is not to be shown: not both parties agreed", name=show(found.title),
                      hint="ask both, then note it: qunguan deal case ID --consent yes")  # fmt: skip
    if found.stage != "done":
        raise Refused("{name} is no case yet: it is not done", name=show(found.title))
    return found.case_text or case_told(found, group)


def case_told(found: Deal, group: str) -> str:
    """A case made of what is known: names, the need, what it was worth. Whether it may be shown is not asked here."""
    draft = found.draft
    lines = [_("{title} — brought together in {group}", title=draft.title, group=group)]
    need = " ".join(draft.need.split())
    lines.append(_("{name} needed: {need}", name=draft.seeker.name, need=need or draft.title))
    if draft.giver.known:
        lines.append(_("{name} had it.", name=draft.giver.name))
    if draft.worth_fen:
        lines.append(_("Worth ¥{worth}.", worth=short_yuan(draft.worth_fen)))
    return "\n".join(lines)


def funnel(found: Sequence[Deal]) -> dict[Stage, int]:
    """How many deals stand at each stage."""
    counts = dict.fromkeys(STAGES, 0)
    for each in found:
        counts[each.stage] += 1
    return counts
