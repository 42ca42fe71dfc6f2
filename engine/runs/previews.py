"""Denoising previews of finished steps, kept in the run's folder: one small PNG per step, within a limit in bytes.

The pictures lie below one another, exactly as they were shown while the step was painted. They are something to look at
and nothing depends on them: a run without them is whole. Light to import: the window reads them too.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BoxpaintError
from engine.events import KeptPreviews
from engine.files import write_bytes
from engine.layout import PixelBox

if TYPE_CHECKING:
    import numpy as np

LIMIT = 512 * 1024
"""Most bytes that one step's previews take on the disk; of more, evenly spaced ones are kept."""

_MOST = 500
"""Most pictures in one file: more denoising steps than that no setting allows."""

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class _Shot:
    iteration: int
    window: PixelBox
    picture: np.ndarray


class Reel:
    """The previews of one step while it is painted."""

    def __init__(self, iterations: int) -> None:
        self._of = iterations
        self._shots: list[_Shot] = []

    def add(self, iteration: int, window: PixelBox, picture: np.ndarray) -> None:
        """One more: 8-bit RGB of shape (height, width, 3) of the part ``window`` of the picture."""
        if self._shots and (self._shots[0].window != window or self._shots[0].picture.shape != picture.shape):
            self._shots.clear()  # pictures of one file are of one place and size: the newer ones count
        self._shots.append(_Shot(iteration, window, picture))

    def write(self, folder: Path, index: int, *, limit: int = LIMIT) -> dict[str, Any] | None:
        """Write the step's previews into its run's folder; what the record says of them, None when there are none.

        Raises:
            BoxpaintError: The file cannot be written.
        """
        shots, content = self._within(limit)
        if not shots:
            return None
        name = f"step_{index:03d}_previews.png"
        write_bytes(folder / name, content)
        window = shots[0].window
        return {
            "file": name,
            "iterations": [shot.iteration for shot in shots],
            "of": self._of,
            "window": [window.x0, window.y0, window.x1, window.y1],
        }

    def _within(self, limit: int) -> tuple[list[_Shot], bytes]:
        shots = self._shots
        while shots:
            content = _encoded([shot.picture for shot in shots])
            if len(content) <= limit:
                return shots, content
            shots = shots[::-2][::-1] if len(shots) > 1 else []  # every second one, the last among them
        return [], b""


def _encoded(pictures: Sequence[np.ndarray]) -> bytes:
    import numpy as np
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.concatenate(pictures)).save(file, "PNG", compress_level=6)
    return file.getvalue()


def carry_over(entry: Mapping[str, Any], base: Path, folder: Path) -> dict[str, Any] | None:
    """Copy the previews of a step that is taken over from another run; None when it has none that can be read.

    Raises:
        BoxpaintError: The copy cannot be written.
    """
    kept, _ = read_previews(base, entry)
    if kept is None:
        return None
    source = Path(kept.file)
    try:
        content = source.read_bytes()
    except OSError:
        return None  # the step is whole without them; the run that it comes from tells what is wrong with them
    write_bytes(folder / source.name, content)
    return dict(entry["previews"])


def read_previews(folder: Path, entry: Mapping[str, Any]) -> tuple[KeptPreviews | None, str]:
    """What a step's record says of its previews, checked against the file; and why they cannot be shown, if so.

    The pixels are not decoded. A record without previews gives ``(None, "")``.
    """
    data = entry.get("previews")
    if data is None:
        return None, ""
    kept = _told(folder, data)
    if kept is None:
        return None, "the record of its previews cannot be read"
    path, count = Path(kept.file), len(kept.iterations)
    try:
        width, height = png_size(path)
    except BoxpaintError as error:
        return None, f"{path.name} {error.message}"
    if width < 1 or height < 1 or height % count:
        return None, f"{path.name} does not hold {count} pictures"
    return kept, ""


def _told(folder: Path, data: Any) -> KeptPreviews | None:
    """What the record says of a step's previews; None when it makes no sense."""
    try:
        path = folder / Path(str(data["file"])).name
        iterations = tuple(int(number) for number in data["iterations"])
        window = PixelBox(*(int(edge) for edge in data["window"]))
        kept = KeptPreviews(str(path), iterations, int(data["of"]), window)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    ascending = list(iterations) == sorted(set(iterations))
    counted = 0 < len(iterations) <= _MOST and ascending and iterations[0] >= 1
    return kept if counted and window.width > 0 and window.height > 0 else None


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG whose end is there, too; its pixels are not decoded.

    Raises:
        BoxpaintError: It is missing, cut off or no PNG; the message goes on from the file's name.
    """
    try:
        with path.open("rb") as file:
            head = file.read(24)
            file.seek(0, 2)
            length = file.tell()
            file.seek(max(0, length - 12))
            tail = file.read(12)
    except FileNotFoundError as error:
        raise BoxpaintError("is missing", "run", file=str(path)) from error
    except OSError as error:
        raise BoxpaintError(f"cannot be read ({error.strerror or error})", "run", file=str(path)) from error
    if head[:8] != _PNG or len(head) < 24:
        raise BoxpaintError("is empty" if not head else "is not a PNG picture", "run", file=str(path))
    if tail[4:8] != b"IEND":
        raise BoxpaintError("is cut off", "run", file=str(path))
    width, height = struct.unpack(">II", head[16:24])
    return width, height
