"""The user's settings: declared in one place, kept sparsely as JSON, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import read_bytes, write_json

FILE_NAME = "settings.json"
_LIMIT = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting.

    Attributes:
        default: Its value unless the user chose another.
        about: What it is for.
        choices: The words it takes, if not every value will do.
        title: Its line in the preferences; empty for what the program keeps by itself.
        kind: How the preferences edit it: ``choice``, ``switch``, ``number`` or ``folder``.
    """

    default: Any
    about: str
    choices: tuple[str, ...] = ()
    title: str = ""
    kind: str = ""


SETTINGS: Mapping[str, Setting] = {
    "theme": Setting("system", "Light, dark, or as the system is", ("system", "light", "dark"), "Appearance", "choice"),
    "runs_folder": Setting("", "The usual place", (), "Keep runs in", "folder"),
    "snap": Setting(True, "Draw boxes to the lines of others", (), "Snapping", "switch"),
    "grid": Setting(0, "Spacing of a grid to snap to", (), "Grid", "number"),
    "rulers": Setting(True, "Rulers along the canvas"),
    "minimap": Setting(True, "The whole picture in a corner while only a part of it is seen"),
    "pixel_grid": Setting(True, "Lines between the pixels when they are large"),
    "run_options": Setting({}, "What the generation panel was set to last"),
    "start_page": Setting(True, "Show the start page when no file is opened", (), "At the start", "switch"),
    "warm_up": Setting(True, "Load the model while a layout is being drawn", (), "Speed", "switch"),
    "shortcuts": Setting({}, "Keys of the commands that have others than the usual ones"),
    "offer_tour": Setting(True, "Whether the start page offers the tour"),
    "window_geometry": Setting("", "Size and place of the window"),
    "window_state": Setting("", "Where the panels are"),
    "model_folders": Setting([], "Folders of models that were chosen"),
    "recent_files": Setting([], "Layouts that were opened last"),
    "last_folder": Setting("", "Where the file dialog opens"),
    "used_prompts": Setting([], "Prompts offered first"),
}


class Settings:
    """Values by name. Only what differs from its default is kept in the file; names it does not know are kept too."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._values: dict[str, Any] = {}
        self.problem = ""
        """What was wrong with the file, as a sentence for the user; empty when it was read."""
        self._load()

    @property
    def file(self) -> Path:
        return self._file

    def get(self, name: str) -> Any:
        """The value of a declared setting; its default when the file holds something of another type."""
        declared = SETTINGS[name]
        value = self._values.get(name, declared.default)
        if type(value) is not type(declared.default) or (declared.choices and value not in declared.choices):
            return declared.default
        return value

    def set(self, name: str, value: Any) -> None:
        """Change a value and write the file.

        Raises:
            BoxpaintError: The file cannot be written; the value holds until the program ends.
        """
        self.update({name: value})

    def update(self, values: Mapping[str, Any]) -> None:
        """Change several values and write the file once."""
        before = dict(self._values)
        for name, value in values.items():
            if value == SETTINGS[name].default:
                self._values.pop(name, None)
            else:
                self._values[name] = value
        if self._values != before:
            write_json(self._file, self._values)

    def _load(self) -> None:
        if not self._file.exists():
            return
        try:
            values = json.loads(read_bytes(self._file, limit=_LIMIT, kind="settings"))
            if not isinstance(values, dict):
                raise ValueError("it is not a JSON object")
            self._values = values
        except (ValueError, BoxpaintError) as error:
            self.problem = self._set_aside(error)

    def _set_aside(self, error: Exception) -> str:
        aside = self._file.with_name(f"settings-broken-{datetime.now(UTC):%Y%m%d-%H%M%S}.json")
        try:
            self._file.replace(aside)
        except OSError:
            return f"The settings cannot be read ({error}); the usual ones are used."
        return (
            f"The settings could not be read ({error}). They were set aside as {aside.name}; the usual ones are used."
        )
