"""What is rendered so far: pictures and their records in LayoutBench's folders, written so that a kill loses nothing.

``<skill>/images/<name>.png`` is a picture, ``<skill>/truth/<name>.json`` its record. The record is written first and
holds the picture's hash, so that a finished picture, one that was never written, and a file of somebody else can be
told apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.clevr.blender.arrangement import decisive_facts
from engine.clevr.blender.look import RenderSettings, scene_facts
from engine.clevr.rules import Rules
from engine.errors import BoxpaintError
from engine.files import make_folder, read_bytes, write_bytes, write_json
from engine.layout import Layout
from engine.leftovers import clear_leftovers

_LARGEST_RECORD = 16 * 2**20
_LARGEST_PICTURE = 2**30


@dataclass(frozen=True)
class Shot:
    """A picture that is to be rendered.

    Attributes:
        name: File name without ending; see `engine.formats.dataset.is_safe_name`.
        skill: The folder of its split, a safe name too.
        layout: The scene; see `engine.clevr.blender.arrangement.arrange`.
        radians: Its rotations are radians, not degrees.
        rules: What must be seen of its objects, if the split is known.
        again: Gives the scene of try 1, 2, … in place of one in which too much is hidden; None keeps it as it is.
    """

    name: str
    skill: str
    layout: Layout
    radians: bool = False
    rules: Rules | None = None
    again: Callable[[int], Layout] | None = None

    def scene(self, attempt: int) -> Layout:
        """The scene of a try; 0 is the first."""
        return self.layout if attempt == 0 or self.again is None else self.again(attempt)


@dataclass(frozen=True)
class RenderFolder:
    """The folder that pictures are rendered into."""

    root: Path
    settings: RenderSettings

    def picture(self, shot: Shot) -> Path:
        """Where its picture is or will be."""
        return self.root / shot.skill / "images" / f"{shot.name}.png"

    def record(self, shot: Shot) -> Path:
        """Where its record is or will be."""
        return self.root / shot.skill / "truth" / f"{shot.name}.json"

    def pending(self, shots: Sequence[Shot]) -> list[Shot]:
        """The shots that are not finished; every shot is checked before the first one is rendered.

        Raises:
            BoxpaintError: A scene cannot be rendered, two would get the same file, the folder cannot be written to, or
                it holds pictures that were not made from these scenes with these settings.
        """
        taken: dict[Path, Shot] = {}
        for shot in shots:
            other = taken.setdefault(Path(str(self.picture(shot)).casefold()), shot)
            if other is not shot:
                message = f"two scenes would be written to {shot.skill}/images/{shot.name}.png."
                raise BoxpaintError(message, "layout", item=shot.name, field="image_filename", hint="Rename one.")
        make_folder(self.root)
        self._clear_leftovers(shots)
        return [shot for shot in shots if not self._is_finished(shot)]

    def keep(self, shot: Shot, picture: bytes, truth: Mapping[str, Any]) -> None:
        """Write a finished picture and what is known of it.

        Raises:
            BoxpaintError: It cannot be written; what was there is intact.
        """
        facts = {"picture": f"{shot.name}.png", "made_from": self._origin(shot), "sha256": _sha256(picture)}
        write_json(self.record(shot), {**facts, **truth})
        write_bytes(self.picture(shot), picture)

    def read(self, shot: Shot) -> dict[str, Any]:
        """The record of a finished shot."""
        path = self.record(shot)
        try:
            record = json.loads(read_bytes(path, limit=_LARGEST_RECORD))
        except ValueError as error:
            raise _foreign(path, "it is no record of a picture") from error
        if not isinstance(record, dict):
            raise _foreign(path, "it is no record of a picture")
        return record

    def _clear_leftovers(self, shots: Sequence[Shot]) -> None:
        """Take away the temporary files of `write_bytes` that a killed render left; they hold nothing whole."""
        for folder in {path.parent for shot in shots for path in (self.picture(shot), self.record(shot))}:
            clear_leftovers(folder)

    def _is_finished(self, shot: Shot) -> bool:
        origin = self._origin(shot)  # checks the scene, whatever is there
        picture, record = self.picture(shot), self.record(shot)
        if not record.exists():
            if picture.exists():
                raise _foreign(picture, "this picture was not made by Boxpaint")
            return False
        known = self.read(shot)
        if known.get("made_from") != origin:
            raise _foreign(record, "this picture was made from another scene or with other settings")
        if not picture.exists():
            return False
        if _sha256(read_bytes(picture, limit=_LARGEST_PICTURE)) != known.get("sha256"):
            raise _foreign(picture, "this picture was changed after it was rendered")
        return True

    def _origin(self, shot: Shot) -> str:
        """A hash of everything that decides what the picture looks like, but for Blender's version."""
        try:
            facts = decisive_facts(shot.layout, radians=shot.radians)
        except BoxpaintError as error:
            error.item = ", ".join(part for part in (shot.name, error.item) if part)
            raise
        rules = asdict(shot.rules) if shot.rules and shot.again else None
        content = [facts, asdict(self.settings), scene_facts(), self.settings.cycles(), rules]
        return _sha256(json.dumps(content, sort_keys=True).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _foreign(path: Path, message: str) -> BoxpaintError:
    return BoxpaintError(
        f"{message}.",
        "output",
        file=str(path),
        hint="Choose another folder, or take the file away to have it made anew.",
    )
