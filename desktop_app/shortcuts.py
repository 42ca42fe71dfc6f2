"""Which keys give which command: the defaults of the table, and what the user chose instead. Plain values.

Keys are portable texts of ``QKeySequence`` ("Ctrl+D", also on macOS), so that a settings file fits every system.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from desktop_app.menu_table import commands
from ui.texts import N_

Keys = tuple[str, ...]

_RESERVED = {
    N_("Shortcuts", "moves boxes and the timeline"): ("Left", "Right", "Up", "Down", "Home", "End"),
    N_("Shortcuts", "labels the selected boxes"): tuple("123456789"),
    N_("Shortcuts", "moves the view while it is held"): ("Space",),
    N_("Shortcuts", "ends what is under way"): ("Esc",),
    N_("Shortcuts", "starts typing a prompt"): ("Return", "Enter"),
    N_("Shortcuts", "goes to the next control"): ("Tab", "Shift+Tab", "Backtab"),
}
"""What the canvas and the controls use keys for that belong to no command."""


def portable(key: QKeySequence | QKeySequence.StandardKey | str) -> str:
    """A key as it is kept."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def native(keys: Iterable[str]) -> str:
    """Keys as people read them on this system."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def default_keys() -> dict[str, Keys]:
    """The keys of every command as they are shipped."""
    return {command.id: tuple(filter(None, map(portable, command.keys))) for command in commands()}


def reserved_for(key: str) -> str:
    """What the canvas uses this key for, as the end of a sentence; empty when it is free."""
    for use, keys in _RESERVED.items():
        if key in keys:
            return QCoreApplication.translate("Shortcuts", use)
    return ""


class Shortcuts:
    """The keys of every command while they are being changed.

    Args:
        kept: What the settings hold: keys of the commands that differ from the defaults. What is not a list of
            texts is left aside; commands that this version does not know are kept.
    """

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._defaults = default_keys()
        self._chosen: dict[str, Keys] = {
            name: tuple(keys)
            for name, keys in kept.items()
            if isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        }

    def __getitem__(self, command: str) -> Keys:
        """The keys of a command; the first is shown in menus."""
        return self._chosen.get(command, self._defaults[command])

    def is_changed(self, command: str) -> bool:
        """Whether the command has other keys than it was shipped with."""
        return self[command] != self._defaults[command]

    @property
    def any_changed(self) -> bool:
        """Whether any command has other keys than it was shipped with."""
        return any(map(self.is_changed, self._defaults))

    def owners(self, key: str, *, besides: str = "") -> list[str]:
        """The commands that this key gives, without ``besides``."""
        return [name for name in self._defaults if name != besides and key in self[name]]

    def set(self, command: str, keys: Sequence[str]) -> None:
        """Give a command these keys and take them from every other one."""
        for key in keys:
            for other in self.owners(key, besides=command):
                self._chosen[other] = tuple(kept for kept in self[other] if kept != key)
        self._chosen[command] = tuple(dict.fromkeys(keys))

    def reset(self, command: str) -> list[str]:
        """Give a command the keys it was shipped with; the commands that have them now lose them and are returned."""
        keys = self._defaults[command]
        losers = [name for key in keys for name in self.owners(key, besides=command)]
        self.set(command, keys)
        return list(dict.fromkeys(losers))

    def reset_all(self) -> None:
        """Give every command the keys it was shipped with."""
        self._chosen = {name: keys for name, keys in self._chosen.items() if name not in self._defaults}

    def sparse(self) -> dict[str, list[str]]:
        """What the settings should keep: only what differs from the defaults."""
        return {name: list(keys) for name, keys in self._chosen.items() if keys != self._defaults.get(name)}
