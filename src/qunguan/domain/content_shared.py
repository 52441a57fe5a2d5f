"""What members handed in that the owner may pick up as a post: theirs beside the owner's own (S3-12)."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from qunguan.domain.content import TITLE_LIMIT, Post, PostDraft
from qunguan.domain.content_mix import Kind
from qunguan.domain.text import clean, clean_lines
from qunguan.values import frozen

_TITLE: Final = 40
_BETWEEN: Final = " \t\n:：,，、-—·~～|"  # what stands between a name and what is said
Source = Literal["campaign", "checkin"]


@frozen
class Shared:
    """A piece a member handed in on a day. `place` is the campaign's or the challenge's name; `campaign_id` None for a
    check-in."""

    source: Source
    id: int
    member_id: int
    name: str
    day: date
    place: str
    text: str
    campaign_id: int | None = None

    @property
    def body(self) -> str:
        """The piece without the name in front of it, as a line of a 接龙 has it."""
        rest = self.text.removeprefix(self.name).lstrip(_BETWEEN) if self.name else self.text
        return rest or self.text

    @property
    def title(self) -> str:
        """Its first line, cut where it is long."""
        line = clean(next(iter(self.body.splitlines()), ""), TITLE_LIMIT)
        return line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"

    def draft(self, kind: Kind, day: date) -> PostDraft:
        """The post it becomes, the member its author."""
        return PostDraft(
            self.title, kind, day, author="member", author_id=self.member_id, text=clean_lines(self.body),
            campaign_id=self.campaign_id,
        )  # fmt: skip

    def is_in(self, post: Post) -> bool:
        """Whether a post, dropped or not, is this piece: its member's, with its title or its words."""
        if post.draft.author_id != self.member_id:
            return False
        return _plain(post.title) == _plain(self.title) or _plain(self.body) in _plain(post.draft.text)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
