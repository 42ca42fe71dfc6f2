"""Pictures of a run for other programs: a strip, a contact sheet, an animation. Needs Pillow alone."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from engine.errors import BoxpaintError
from engine.files import output_error, read_bytes, write_atomic, write_bytes
from engine.picture_files import open_picture

_GAP = 6
_BACK, _TEXT, _FAINT = (32, 33, 36), (232, 234, 237), (154, 160, 166)
_HOLD = 3.0
"""The last picture of an animation stays this many times as long as the others."""

_PALETTE_FRAMES = 16
_LARGEST_FILE = 2**30


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of a sheet and its two lines of text."""

    picture: str
    title: str
    about: str = ""


def sheet(cells: Sequence[Cell], *, columns: int = 5, side: int = 240) -> Image.Image:
    """Pictures in rows with words under them, on a dark ground.

    Args:
        columns: Pictures in a row.
        side: Longer side of each picture in pixels.

    Raises:
        BoxpaintError: There is no picture, or one cannot be read.
    """
    if not any(cell.picture for cell in cells):
        raise BoxpaintError("there is no picture to put on the sheet.", "run")
    first = _open(next(cell.picture for cell in cells if cell.picture))
    scale = side / max(first.size)
    cell = (max(1, round(first.width * scale)), max(1, round(first.height * scale)))
    caption = 30 if any(entry.title or entry.about for entry in cells) else 0
    across = min(columns, len(cells))
    rows = math.ceil(len(cells) / columns)
    size = (_GAP + across * (cell[0] + _GAP), _GAP + rows * (cell[1] + caption + _GAP))
    result = Image.new("RGB", size, _BACK)
    draw, font = ImageDraw.Draw(result), ImageFont.load_default(12)
    for number, entry in enumerate(cells):
        left = _GAP + number % columns * (cell[0] + _GAP)
        top = _GAP + number // columns * (cell[1] + caption + _GAP)
        if entry.picture:
            result.paste(_open(entry.picture).resize(cell, Image.Resampling.LANCZOS), (left, top))
        draw.text((left, top + cell[1] + 1), _fitted(draw, font, entry.title, cell[0]), _TEXT, font)
        draw.text((left, top + cell[1] + 15), _fitted(draw, font, entry.about, cell[0]), _FAINT, font)
    return result


def strip(pictures: Sequence[str], *, side: int = 256) -> Image.Image:
    """Pictures beside each other, without words."""
    return sheet([Cell(path, "") for path in pictures], columns=max(len(pictures), 1), side=side)


def save_picture(picture: Image.Image, target: Path) -> None:
    """Write a picture in the format that its name says.

    Raises:
        BoxpaintError: There is no such format, or the file cannot be written.
    """
    kind = _kind(target, {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"})
    _save(picture, target, kind, quality=92)


def copy_picture(source: Path, target: Path) -> None:
    """Write a picture's file under another name: as it is where the format is the same, with all that it carries.

    Raises:
        BoxpaintError: It cannot be read; as of ``save_picture``.
    """
    if source.suffix.lower() == target.suffix.lower():
        write_bytes(target, read_bytes(source, limit=_LARGEST_FILE, kind="run"))
    else:
        save_picture(_open(str(source)), target)


def save_animation(pictures: Sequence[str], target: Path, *, seconds: float = 0.5) -> None:
    """Write the pictures as a film: GIF, WebP or MP4, as the file's name says; the last one stays longer.

    Args:
        seconds: How long each picture is shown.

    Raises:
        BoxpaintError: There is no picture, or one cannot be read; there is no such format; MP4 is asked for and PyAV
            is not installed; the file cannot be written.
    """
    if not pictures:
        raise BoxpaintError("there is no picture to animate.", "run")
    write = _ANIMATIONS[_kind(target, {suffix: suffix for suffix in _ANIMATIONS})]
    write([_open(path) for path in pictures], target, seconds)


def _gif(frames: list[Image.Image], target: Path, seconds: float) -> None:
    # One palette for all: colours of what stays do not flicker from frame to frame.
    palette = _together(frames).quantize(256, method=Image.Quantize.MEDIANCUT)
    small = [frame.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames]
    times = [round(seconds * 1000)] * (len(frames) - 1) + [round(seconds * 1000 * _HOLD)]
    _save(small[0], target, "GIF", save_all=True, append_images=small[1:], duration=times, loop=0)


def _together(frames: list[Image.Image]) -> Image.Image:
    """Some of the frames, small, on one picture: it has the colours of the whole film."""
    some = frames[:: max(1, len(frames) // _PALETTE_FRAMES)]
    small = [frame.resize((64, 64), Image.Resampling.NEAREST) for frame in some]
    result = Image.new("RGB", (64, 64 * len(small)))
    for place, frame in enumerate(small):
        result.paste(frame, (0, 64 * place))
    return result


def _webp(frames: list[Image.Image], target: Path, seconds: float) -> None:
    times = [round(seconds * 1000)] * (len(frames) - 1) + [round(seconds * 1000 * _HOLD)]
    _save(frames[0], target, "WEBP", save_all=True, append_images=frames[1:], duration=times, loop=0, lossless=True)


def _mp4(frames: list[Image.Image], target: Path, seconds: float) -> None:
    try:
        import av
    except ImportError as error:
        raise BoxpaintError(
            "writing MP4 needs the package PyAV, which is not installed.",
            "output",
            file=str(target),
            hint='Install it by `pip install "boxpaint[video]"`, or save as WebP or GIF.',
        ) from error

    # Both sides even, as the usual 4:2:0 colours need; the right column and the lowest row are repeated if not.
    width, height = frames[0].width + frames[0].width % 2, frames[0].height + frames[0].height % 2
    repeats = [1] * (len(frames) - 1) + [round(_HOLD)]

    def write(file: object) -> None:
        with av.open(file, "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=max(1, round(1 / seconds)))
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.options = {"crf": "16"}
            for frame, times in zip(frames, repeats, strict=True):
                even = frame if frame.size == (width, height) else _extended(frame, (width, height))
                for _ in range(times):
                    container.mux(stream.encode(av.VideoFrame.from_image(even)))
            container.mux(stream.encode())

    write_atomic(target, write)


_ANIMATIONS: Mapping[str, Callable[[list[Image.Image], Path, float], None]] = {
    ".gif": _gif,
    ".webp": _webp,
    ".mp4": _mp4,
}


def _extended(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    result = frame.resize(size, Image.Resampling.NEAREST)
    result.paste(frame, (0, 0))
    return result


def _save(picture: Image.Image, target: Path, kind: str, **options: Any) -> None:
    # In memory first: Pillow hides the operating system's reason when a file cannot be written.
    content = io.BytesIO()
    picture.save(content, kind, **options)
    write_bytes(target, content.getvalue())


def _open(path: str) -> Image.Image:
    with open_picture(path, kind="run") as picture:
        return picture.convert("RGB")


def _kind(target: Path, kinds: Mapping[str, str]) -> str:
    if target.is_dir():
        raise output_error(IsADirectoryError(21, "Is a directory"), target)
    kind = kinds.get(target.suffix.lower())
    if kind is None:
        raise BoxpaintError(
            f"the ending {target.suffix or 'of the name'} is none that is written.",
            "output",
            file=str(target),
            hint=f"Use one of: {', '.join(kinds)}.",
        )
    return kind


def _fitted(draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str, room: int) -> str:
    while len(text) > 4 and draw.textlength(text, font) > room:
        text = f"{text[:-2]}…"
    return text
