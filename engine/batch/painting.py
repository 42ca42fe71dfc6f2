"""Painting one picture of an export, in memory: what is written to the disk is decided here, written elsewhere."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from PIL import Image, ImageDraw, ImageFont

from engine.batch.items import Item
from engine.errors import BoxpaintError
from engine.evaluation.pictures import is_blank
from engine.evaluation.step_files import STEPS
from engine.formats.boxpaint_png import png_info
from engine.formats.dataset import safe_name
from engine.inpainting.iterinpaint import Progress, StepPictures
from engine.inpainting.methods import make_painter, make_plan
from engine.models.loading import LoadedModel
from engine.runs.store import step_to_dict

SMALLEST_CROP = 5
"""Crops whose sides are not longer than this many pixels are left out, as published."""

_COLORS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")


@dataclass(frozen=True, slots=True)
class Extras:
    """What is written beside the pictures, in folders named like the run's with these endings.

    Attributes:
        boxes: Crops of the boxes, ``_boxes``.
        bbox_viz: The pictures with their boxes drawn on them, ``_bbox_viz``.
        iter: Context, mask and result of every step, ``_iter``.
    """

    boxes: bool = False
    bbox_viz: bool = False
    iter: bool = False


@dataclass(slots=True)
class Painted:
    """A painted item: paths within the export and the content of each file; the picture is not among the others.

    Attributes:
        picture: Path of the picture.
        content: Its file.
        others: The files beside it.
        seconds: Time that painting took.
        note: What is to be known of how it was painted, such as that memory ran out meanwhile.
    """

    picture: str
    content: bytes
    seconds: float
    others: dict[str, bytes] = field(default_factory=dict)
    note: str = ""


def paint_item(
    item: Item, model: LoadedModel, extras: Extras, on_progress: Callable[[Progress], None] = lambda progress: None
) -> Painted:
    """Paint a picture and make its files.

    Raises:
        BoxpaintError: It cannot be painted, or nothing is on it.
        Cancelled: Raised by ``on_progress``.
    """
    started = time.perf_counter()
    plan = make_plan(item.layout, item.settings, model.card)
    painter = make_painter(plan, item.settings, model, on_step=lambda *_: None, on_progress=on_progress)
    steps: list[StepPictures] = []
    news: list[str] = []
    with model.placing.told(lambda stepped_down: news.append(stepped_down.text)):
        for pictures in painter.paint():
            # Without the steps' folder only the last one is needed: a layout of many objects would fill the memory.
            steps = [*steps, pictures] if extras.iter else [pictures]
    painted = files_of(item, steps, extras, time.perf_counter() - started)
    painted.note = " ".join(news)
    return painted


def files_of(item: Item, steps: Sequence[StepPictures], extras: Extras, seconds: float) -> Painted:
    """The files of a painted item: its last step's picture, and what is wanted beside it.

    Raises:
        BoxpaintError: Nothing is on the picture.
    """
    picture = steps[-1].composite
    if is_blank(picture):
        raise BoxpaintError(
            "the picture is black, or of one colour throughout.",
            "picture",
            item="/".join((item.split, item.run, item.name)),
            hint="Half precision may have overflowed, or a safety checker blanked it.",
        )
    path = f"{item.folder}/{item.file_name}"
    painted = Painted(path, _encoded(picture, item), seconds)
    if extras.boxes:
        painted.others |= _crops(picture, item)
    if extras.bbox_viz:
        painted.others[f"{item.folder}_bbox_viz/{item.file_name}"] = _plain(_with_boxes(picture, item), item.file_name)
    if extras.iter:
        painted.others |= _steps(steps, item)
    return painted


def _encoded(picture: Image.Image, item: Item) -> bytes:
    """The picture's file: a PNG carries its layout and settings; other endings are written as what they say."""
    if not item.file_name.lower().endswith(".png"):
        return _plain(picture, item.file_name)
    buffer = io.BytesIO()
    info = png_info(item.layout, item.settings.to_dict())
    picture.save(buffer, "PNG", pnginfo=info, compress_level=3)
    return buffer.getvalue()


def _plain(picture: Image.Image, file_name: str) -> bytes:
    buffer = io.BytesIO()
    kind = Image.registered_extensions()[PurePosixPath(file_name).suffix.lower()]
    # Detectors see what is written: JPEG is kept as good as it gets.
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _png(picture: Image.Image) -> bytes:
    return _plain(picture, "picture.png")


def _crops(picture: Image.Image, item: Item) -> dict[str, bytes]:
    stem = PurePosixPath(item.file_name).stem
    crops = {}
    for number, thing in enumerate(item.layout.objects):
        box = thing.box.to_pixels(*picture.size)
        if not thing.hidden and min(box.width, box.height) > SMALLEST_CROP:
            name = safe_name(f"{stem}_{number}_{thing.prompt}.png")
            crops[f"{item.folder}_boxes/{name}.png"] = _png(picture.crop(box))
    return crops


def _with_boxes(picture: Image.Image, item: Item) -> Image.Image:
    drawn = picture.copy()
    draw = ImageDraw.Draw(drawn)
    font = ImageFont.load_default(max(10, picture.width // 36))
    for number, thing in enumerate(item.layout.objects):
        if thing.hidden:
            continue
        color = _COLORS[number % len(_COLORS)]
        box = thing.box.to_pixels(*picture.size)
        draw.rectangle((box.x0, box.y0, box.x1 - 1, box.y1 - 1), outline=color, width=max(1, picture.width // 256))
        left, top, right, bottom = draw.textbbox((box.x0 + 2, box.y0 + 1), thing.prompt, font)
        draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=color)
        draw.text((box.x0 + 2, box.y0 + 1), thing.prompt, "white", font)
    return drawn


def _steps(steps: Sequence[StepPictures], item: Item) -> dict[str, bytes]:
    folder = f"{item.folder}_iter/{PurePosixPath(item.file_name).stem}"
    files = {}
    for number, step in enumerate(steps):
        for kind, picture in (("context", step.context), ("mask", step.mask), ("generated", step.raw)):
            files[f"{folder}/{number}_{kind}.png"] = _png(picture)
    prompts = "".join(f"{step.step.prompt}\n" for step in steps)
    # The published folders do not say which object a step paints; scoring the steps has to know.
    record = [{**step_to_dict(step.step), "seconds": round(step.seconds, 4)} for step in steps]
    return {
        **files,
        f"{folder}/prompts.txt": prompts.encode(),
        f"{folder}/{STEPS}": json.dumps(record, ensure_ascii=False, indent=1).encode(),
    }
