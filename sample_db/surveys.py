"""What the newcomers of the sample community answered when they came in, and whom the owner has spoken with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qunguan.domain.surveys import preset_typed
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.exchange.readers.surveys import read_survey
from qunguan.services import surveys
from qunguan.services.desk import Desk

_ZONE = "Asia/Shanghai"
_PAPER = "265104417_按文本_新人入群问卷_20_20.csv"


def bring(desk: Desk, group_id: int, sources: Path, spoken_until: date) -> None:
    """The questions at the door with twenty answers; with those who came up to a day the owner has spoken."""
    made = desk.write(surveys.add_preset, preset_typed("newcomer"), group_id=group_id)
    desk.write(surveys.take_in, read_survey(read_sheet(sources / _PAPER), _ZONE), made)
    early = [one for one in desk.read(surveys.voices, desk.clock, made) if one.day <= spoken_until]
    desk.write(surveys.settle, [one.reply_id for one in early])
    desk.write(surveys.apply, made)
