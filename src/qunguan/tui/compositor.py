"""Notices keep their letters: Textual cuts every line of the screen where any widget begins or ends, covered ones too.

A Chinese letter takes two cells, and one that lies across such a cut is drawn as two blanks. Widgets stand side by
side, so only what floats over them is hurt: the notices.
"""

from __future__ import annotations

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.widgets._toast import Toast


class WholeNotices(Compositor):
    """Cuts no line inside a notice, and paints a notice whole or not at all."""

    @property
    def cuts(self) -> list[list[int]]:
        """Where each line of the screen is cut, in cells."""
        if self._cuts is None:
            cuts = super().cuts
            for notice in self._notices():
                for y in notice.line_range:
                    cuts[y] = [cut for cut in cuts[y] if not notice.x < cut < notice.right]
        return super().cuts

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed under the edge of a notice would be painted over half of its line: then it is painted again."""
        for notice in self._notices():
            if any(notice.overlaps(changed) for changed in self._dirty_regions):
                self._dirty_regions.add(notice)
        return super().render_partial_update()

    def _notices(self) -> list[Region]:
        shown = (clip.intersection(region) for widget, (region, clip) in self.visible_widgets.items()
                 if isinstance(widget, Toast))  # fmt: skip
        return [region for region in shown if region]
