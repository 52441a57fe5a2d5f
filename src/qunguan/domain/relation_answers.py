"""Who answers whom: who holds the group together, who is heard, whom nobody answers (S2-25, S4-42, S2-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from qunguan.domain.orders import Rate
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

DAYS: Final = "relations.answer_days"
NAMED: Final = "relations.connectors"
SPOKE: Final = "relations.unheard_messages"

Role = Literal["connector", "heard", "unheard"]
ROLES: Final[dict[Role, str]] = {
    "connector": N_("connects"), "heard": N_("is heard"), "unheard": N_("nobody answers"),
}  # fmt: skip
"""What somebody is among those who talk: they answer the most different members, they are answered the most, or they
spoke and nobody ever answered."""


class Pair(NamedTuple):
    """One member answered another so many times in the period, last on a day."""

    who: int
    whom: int
    times: int
    last: date


@frozen
class Tie:
    """Somebody at the other end: how often they were answered, or answered, and on which day last."""

    member_id: int
    name: str
    times: int
    last: date


@frozen
class Talker:
    """A member by the answers of the period: `given` to whom and `got` from whom, the most first.

    `messages` are theirs in the exports that tell who answers whom.
    """

    member_id: int
    name: str
    here: bool
    owner: bool
    messages: int
    given: tuple[Tie, ...]
    got: tuple[Tie, ...]
    roles: tuple[Role, ...] = ()

    @property
    def answers(self) -> int:
        """How often they answered members."""
        return sum(tie.times for tie in self.given)

    @property
    def answered(self) -> int:
        """How often members answered them."""
        return sum(tie.times for tie in self.got)

    @property
    def mutual(self) -> tuple[str, ...]:
        """The names of those with whom it goes both ways."""
        back = {tie.member_id for tie in self.got}
        return tuple(tie.name for tie in self.given if tie.member_id in back)

    @property
    def why(self) -> str:
        """What their roles rest on, or that there is nothing to say."""
        told = {
            "connector": _("answers {people} different members, {n} times", people=len(self.given), n=self.answers),
            "heard": _("answered {n} times, by {people} members", n=self.answered, people=len(self.got)),
            "unheard": ngettext(
                "{n} message, never an answer", "{n} messages, never an answer", self.messages
            ),
        }  # fmt: skip
        return _("; ").join(told[role] for role in self.roles)


@frozen
class Answers:
    """Who answered whom from `first` to `last`. `messages` is None where no export of the group tells whom a message
    answers. `outside` are answers of, or to, somebody who is not in the roster.

    `heard` is the share of members who spoke at least `least` messages and were answered; `own` that of the answers
    which are the owner's.
    """

    first: date
    last: date
    messages: int | None
    outside: int
    least: int
    people: tuple[Talker, ...]
    heard: Rate | None
    own: Rate | None

    @property
    def answers(self) -> int:
        """Answers from member to member."""
        return sum(one.answers for one in self.people)

    @property
    def pairs(self) -> tuple[tuple[Talker, Tie, int], ...]:
        """(who, whom, how often the other answered them), the most answers first."""
        back = {(tie.member_id, one.member_id): tie.times for one in self.people for tie in one.given}
        found = [(one, tie, back.get((one.member_id, tie.member_id), 0)) for one in self.people for tie in one.given]
        return tuple(sorted(found, key=lambda each: (-each[1].times, each[0].member_id, each[1].member_id)))

    def of(self, role: Role) -> tuple[Talker, ...]:
        """Those with a role, in their order: who connects, or is heard, most; who said most unheard."""
        found = [one for one in self.people if role in one.roles]
        if role == "connector":  # as they stand
            return tuple(found)
        return tuple(sorted(found, key=lambda one: one.answered if role == "heard" else one.messages, reverse=True))


def talkers(
    pairs: Iterable[Pair], messages: Mapping[int, int], names: Mapping[int, str], here: Collection[int],
    owners: Collection[int], *, named: int, least: int,
) -> tuple[Talker, ...]:  # fmt: skip
    """Everybody who answered, was answered, or spoke at least `least` messages: those who answer most people first.

    `named` at most connect, of those who are no owner and answer two members or more, and so many are heard, of those
    who were answered twice or more.
    """
    given: defaultdict[int, list[Tie]] = defaultdict(list)
    got: defaultdict[int, list[Tie]] = defaultdict(list)
    for one in sorted(pairs, key=lambda pair: (-pair.times, -pair.last.toordinal(), pair.who, pair.whom)):
        given[one.who].append(Tie(one.whom, names[one.whom], one.times, one.last))
        got[one.whom].append(Tie(one.who, names[one.who], one.times, one.last))
    spoke = {who for who, n in messages.items() if n >= least}
    times = {who: sum(tie.times for tie in ties) for who, ties in got.items()}
    connect = sorted((who for who in given if len(given[who]) > 1 and who not in owners),
                     key=lambda who: (-len(given[who]), -sum(tie.times for tie in given[who]), who))  # fmt: skip
    heard = sorted((who for who in times if times[who] > 1), key=lambda who: (-times[who], -len(got[who]), who))
    roles: dict[Role, set[int]] = {
        "connector": set(connect[:named]), "heard": set(heard[:named]), "unheard": spoke - got.keys(),
    }  # fmt: skip
    everybody = [
        Talker(
            who, names[who], who in here, who in owners, messages.get(who, 0), tuple(given.get(who, ())),
            tuple(got.get(who, ())), tuple(role for role in ROLES if who in roles[role]),
        )
        for who in spoke | given.keys() | got.keys()
    ]  # fmt: skip
    return tuple(
        sorted(everybody, key=lambda one: (-len(one.given), -one.answers, -one.answered, -one.messages, one.member_id))
    )
