"""What holds for the calendar now: the mix in force and its band, quotas, distances — each a rule (C01, C27)."""

from __future__ import annotations

from qunguan.domain.content import mix_presets
from qunguan.domain.content_mix import MixPreset, Terms, own_weights
from qunguan.domain.rules import preset as rule_preset
from qunguan.services import rules
from qunguan.store.session import Session

_OWN = ("content.own_value", "content.own_interactive", "content.own_benefit")


def mix_in_force(session: Session) -> MixPreset:
    """The mix the owner goes by. Raises BadInput where their own weights are all 0."""
    chosen = str(rules.value(session, "content.mix"))
    shipped = mix_presets().get(chosen)
    if shipped is not None:
        return shipped
    weights = own_weights(int(rules.value(session, rule_id)) for rule_id in _OWN)
    return MixPreset(chosen, weights, "plain", ":".join(map(str, weights)), "own choice")


def mix_terms(session: Session) -> Terms:
    """When a mix is warned about; a band that is switched off warns of nothing."""
    band = rules.limit(session, "content.mix_band")
    days = max(int(rules.value(session, "content.mix_days")), 1)
    return Terms(100 if band is None else band, max(int(rules.value(session, "content.mix_posts")), 1), days)


def source(rule_id: str) -> str:
    """Where a rule comes from."""
    return rule_preset(rule_id).source
