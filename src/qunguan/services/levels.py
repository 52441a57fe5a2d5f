"""Levels, as everything above sees them. One door; the rooms are `level_*`."""

from __future__ import annotations

from qunguan.services.level_benefits import (
    add_benefit,
    all_benefits,
    benefit_named,
    benefits_of,
    close_benefit,
    edit_benefit,
    get_benefit,
    use_benefit,
)
from qunguan.services.level_ladders import (
    all_ladders,
    choose,
    create,
    current,
    draft,
    find,
    get,
    rename,
    save_version,
    use_preset,
)
from qunguan.services.level_locks import lock, unlock
from qunguan.services.level_moves import changes, overview, preview, soon, survey
from qunguan.services.level_standing import counts, lines, member, standings, why_member

__all__ = [
    "add_benefit",
    "all_benefits",
    "all_ladders",
    "benefit_named",
    "benefits_of",
    "changes",
    "choose",
    "close_benefit",
    "counts",
    "create",
    "current",
    "draft",
    "edit_benefit",
    "find",
    "get",
    "get_benefit",
    "lines",
    "lock",
    "member",
    "overview",
    "preview",
    "rename",
    "save_version",
    "soon",
    "standings",
    "survey",
    "unlock",
    "use_benefit",
    "use_preset",
    "why_member",
]
