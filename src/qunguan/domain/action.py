"""What an action of the screens is."""

from __future__ import annotations

from qunguan.values import frozen

NAMED = {"space", "enter", "escape", "delete", "insert", "f1", "f2", "f3", "f4", "f5", "ctrl+r", "ctrl+p",
         "tab", "shift+tab", "left", "right"}  # fmt: skip


@frozen
class Action:
    """One thing a key does.

    `id` is "<screen or app>.<verb>"; the screen (or app) has a method `do_<verb>`. `keys` are single characters or
    names out of NAMED. `label` is for the footer, `help` one line for the help screen; both are message IDs.
    A destructive action asks before it acts, with another key. `footer` False keeps it out of the footer alone.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    destructive: bool = False
    footer: bool = True

    @property
    def screen(self) -> str:
        """The noun of the screen it belongs to, or "app"."""
        return self.id.partition(".")[0]

    @property
    def verb(self) -> str:
        """What comes after the screen."""
        return self.id.partition(".")[2]
