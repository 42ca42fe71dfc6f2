"""The user's settings: declared in one place, kept sparsely as JSON, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.errors import BoxpaintError
from engine.files import read_bytes, write_json
from engine.layout.matching import SCORE
from ui.texts import N_

FILE_NAME = "settings.json"
MOST = 1000
"""Most entries of a list: folders, files, prompts."""
_LIMIT = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting.

    Attributes:
        default: Its value unless the user chose another.
        about: What it is for.
        choices: The words it takes, if not every value will do, and how the preferences call them.
        title: Its line in the preferences; empty for what the program keeps by itself.
        kind: How the preferences edit it: ``choice``, ``switch``, ``number``, ``percent`` or ``folder``.
        span: The least and the greatest number it can be.
    """

    default: Any
    about: str
    choices: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    kind: str = ""
    span: tuple[int, int] = (0, 0)

    def value(self, kept: Any) -> Any:
        """What a file holds, as far as it can be this setting; of a list, what can be in it. Else the default."""
        if type(kept) is not type(self.default) or (self.choices and kept not in self.choices):
            return self.default
        if isinstance(kept, list):
            return [each for each in kept if _is_text(each)][:MOST]
        if isinstance(kept, str):
            return kept if _is_text(kept) else self.default
        if isinstance(kept, int) and not isinstance(kept, bool):
            return kept if self.span[0] <= kept <= self.span[1] else self.default
        return kept


def _is_text(value: Any) -> bool:
    """Whether it is a text that can be a path, and is shown without harm."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode("utf-8", "surrogateescape")  # on Linux a name may hold bytes that are no text
    except UnicodeEncodeError:
        return False
    return True


_THEMES = {
    "system": N_("Preferences", "As the system is"),
    "light": N_("Preferences", "Light"),
    "dark": N_("Preferences", "Dark"),
    "contrast": N_("Preferences", "High contrast"),
}
_TEXT_SIZES = {str(percent): f"{percent} %" for percent in (100, 125, 150, 175, 200)}
_LANGUAGES = {"system": N_("Preferences", "As the system is"), "en": "English", "de": "Deutsch"}
"""Languages are called by their own names, so that everybody finds theirs."""

SETTINGS: Mapping[str, Setting] = {
    "theme": Setting(
        "system", N_("Preferences", "Colours of the window"), _THEMES, N_("Preferences", "Appearance"), "choice"
    ),
    "language": Setting(
        "system",
        N_("Preferences", "Takes effect at the next start"),
        _LANGUAGES,
        N_("Preferences", "Language"),
        "choice",
    ),
    "text_size": Setting(
        "100",
        N_("Preferences", "Takes effect at the next start"),
        _TEXT_SIZES,
        N_("Preferences", "Size of texts"),
        "choice",
    ),
    "dashed": Setting(
        False,
        N_("Preferences", "Give boxes of each colour dashes of their own"),
        title=N_("Preferences", "Colours"),
        kind="switch",
    ),
    "reduce_motion": Setting(
        False,
        N_("Preferences", "Nothing slides or blinks by itself"),
        title=N_("Preferences", "Less motion"),
        kind="switch",
    ),
    "runs_folder": Setting(
        "", N_("Preferences", "The usual place"), title=N_("Preferences", "Keep runs in"), kind="folder"
    ),
    "snap": Setting(
        True,
        N_("Preferences", "Draw boxes to the lines of others"),
        title=N_("Preferences", "Snapping"),
        kind="switch",
    ),
    "grid": Setting(
        0,
        N_("Preferences", "Spacing of a grid to snap to"),
        title=N_("Preferences", "Grid"),
        kind="number",
        span=(0, 512),
    ),
    "start_page": Setting(
        True,
        N_("Preferences", "Show the start page when no file is opened"),
        title=N_("Preferences", "At the start"),
        kind="switch",
    ),
    "warm_up": Setting(
        True,
        N_("Preferences", "Load the model while a layout is being drawn"),
        title=N_("Preferences", "Speed"),
        kind="switch",
    ),
    "detect_score": Setting(
        round(100 * SCORE),
        N_("Preferences", "How sure the detector must be to make a box"),
        title=N_("Preferences", "Least score of a detection"),
        kind="percent",
        span=(1, 99),
    ),
    "rulers": Setting(True, "Rulers along the canvas"),
    "minimap": Setting(True, "The whole picture in a corner while only a part of it is seen"),
    "pixel_grid": Setting(True, "Lines between the pixels when they are large"),
    "run_options": Setting({}, "What the generation panel was set to last"),
    "shortcuts": Setting({}, "Keys of the commands that have others than the usual ones"),
    "offer_tour": Setting(True, "Whether the start page offers the tour"),
    "window_geometry": Setting("", "Size and place of the window"),
    "window_state": Setting("", "Where the panels are"),
    "model_folders": Setting([], "Folders of models that were chosen"),
    "painting_export": Setting("", "Folder of the export that was being painted last and is not finished"),
    "recent_files": Setting([], "Layouts that were opened last"),
    "last_folder": Setting("", "Where the file dialog opens"),
    "vocabularies": Setting({}, "The user's own lists of labels, by name"),
    "used_prompts": Setting([], "Prompts offered first"),
}


class Settings:
    """Values by name. Only what differs from its default is kept in the file; names it does not know are kept too."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._values: dict[str, Any] = {}
        self._problem: tuple[str, ...] = ()
        self._load()

    @property
    def file(self) -> Path:
        return self._file

    @property
    def problem(self) -> str:
        """What was wrong with the file, as a sentence for the user; empty when it was read."""
        # Put together when it is asked for: the language is one of the settings.
        text, *values = self._problem or ("",)
        return QCoreApplication.translate("Settings", text).format(*values)

    def get(self, name: str) -> Any:
        """The value of a declared setting; its default when the file holds something that it cannot be."""
        declared = SETTINGS[name]
        return declared.value(self._values.get(name, declared.default))

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
            json.dumps(values, allow_nan=False)  # else it could be read, and never be written again
            self._values = values
        except (ValueError, RecursionError, BoxpaintError) as error:
            self._problem = self._set_aside(error)

    def _set_aside(self, error: Exception) -> tuple[str, ...]:
        aside = self._file.with_name(f"settings-broken-{datetime.now(UTC):%Y%m%d-%H%M%S}.json")
        try:
            self._file.replace(aside)
        except OSError:
            return N_("Settings", "The settings cannot be read ({}); the usual ones are used."), str(error)
        text = N_(
            "Settings", "The settings could not be read ({0}). They were set aside as {1}; the usual ones are used."
        )
        return text, str(error), aside.name
